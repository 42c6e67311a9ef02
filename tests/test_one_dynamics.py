"""The house stands on this: expectation, simulation and optimisation read one dynamics and agree."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from planning import make_case
from test_dynamics import MONTHLY, RATES, REQUIRED, ROLES, STOCK, TRANSITIONS, YEARLY, chain, describe

from workforce.forecast.dynamics import Dynamics
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case, read_case
from workforce.optimise.decisions import hand_over
from workforce.optimise.plan import Plan, optimise_plan
from workforce.pipeline import run
from workforce.simulate.careers import Careers, Joining, Transfer, simulate_careers

from workforce.forecast.demand import forecast_demand  # isort: skip

QUARTERLY = 'time: {period: quarter, start: "2026Q1", horizon: 12}\n'


def company(folder: Path) -> Case:
    """The tiny company with promotions stated, so that organic moves are not empty."""
    text = "from_role,to_role,yearly_rate\nclerk,lead,0.1\npicker,driver,0.05\n"
    (folder / "data" / "transitions.csv").write_text(text, encoding="utf-8")
    return read_case(folder / "scenarios" / "base.yaml", folder / "data")


RETIREMENT = "retirement: {rule: china_2025, early_share: 0.2, late_share: 0.3, worker_families: [hands]}\n"


def ageing(folder: Path, knobs: str, moves: bool) -> Case:
    """240 people of 48 to 61, some without a date of birth or a gender, with and without organic moves."""
    draw = np.random.default_rng(5)
    rows = []
    for place in range(240):
        role = ("junior", "middle", "senior")[place % 3]
        born = f"{1965 + draw.integers(0, 13)}-{draw.integers(1, 13):02d}-15" if place % 8 else ""
        gender = ("male", "female", "female", "")[draw.integers(0, 4)]
        rows.append(f"p{place},{role},{draw.integers(2005, 2026)}-03-01,{born},{gender}")
    transitions = TRANSITIONS if moves else "from_role,to_role,yearly_rate\njunior,middle,0"
    roles = ROLES.replace("junior,shop,staff", "junior,shop,hands")
    people = "person,role,hire_date,birth_date,gender\n" + "\n".join(rows)
    tables = {"roles": roles, "rates": RATES, "transitions": transitions, "required": REQUIRED, "people": people}
    return make_case(folder, tables, knobs + RETIREMENT)


@pytest.mark.parametrize("moves", [False, True], ids=["alone", "with moves"])
@pytest.mark.parametrize("knobs", [YEARLY, QUARTERLY, MONTHLY], ids=["year", "quarter", "month"])
def test_with_retirement_the_three_readings_agree(tmp_path: Path, knobs: str, moves: bool) -> None:
    case = ageing(tmp_path, knobs, moves)
    dynamics = describe(case)
    projection = project_stocks(dynamics)
    assert dynamics.retirement is not None and 50 < dynamics.retirement.notes["members"] < 240
    plan = optimise_plan(case, dynamics, projection, forecast_demand(case))
    assert len(plan.actions) == 0 and balance(projection.frame) < 1e-9
    np.testing.assert_allclose(plan.stocks["closing"], projection.frame["closing"], atol=1e-6)
    np.testing.assert_allclose(plan.stocks["effective_fte"], projection.frame["effective_fte"], atol=1e-6)
    careers = simulate_careers(case, dynamics, paths=400, seed=3)
    expected = projection.frame["closing"].to_numpy().reshape(len(dynamics.periods), -1)
    error = careers.closing.std(axis=0, ddof=1) / np.sqrt(400)
    score = (careers.closing.mean(axis=0) - expected) / np.maximum(error, 1e-12)
    assert np.abs(score).max() < 4.0


def balance(stocks) -> float:
    change = stocks["opening"] + stocks["joiners"] + stocks["moves_in"] - stocks["moves_out"] - stocks["leavers"]
    return float((change - stocks["closing"]).abs().max())


@pytest.mark.parametrize("knobs", [YEARLY, QUARTERLY, MONTHLY], ids=["year", "quarter", "month"])
def test_without_actions_the_programme_holds_the_expected_stocks(tmp_path: Path, knobs: str) -> None:
    case = chain(tmp_path, knobs)
    dynamics = describe(case)
    projection = project_stocks(dynamics)
    plan = optimise_plan(case, dynamics, projection, forecast_demand(case))
    assert len(plan.actions) == 0
    np.testing.assert_allclose(plan.stocks["closing"], projection.frame["closing"], atol=1e-6)
    np.testing.assert_allclose(plan.stocks["effective_fte"], projection.frame["effective_fte"], atol=1e-6)


def test_the_tiny_company_without_actions(tiny_case: Path) -> None:
    case = company(tiny_case)
    dynamics = describe(case)
    projection = project_stocks(dynamics)
    for table in ("channels", "programmes", "moves", "retention"):
        case = replace(case, tables=replace(case.tables, **{table: getattr(case.tables, table).iloc[:0]}))
    roles = case.tables.roles.assign(release_max=0.0)
    case = replace(case, tables=replace(case.tables, roles=roles))
    plan = optimise_plan(case, dynamics, projection, forecast_demand(case))
    np.testing.assert_allclose(plan.stocks["closing"], projection.frame["closing"], atol=1e-6)


@pytest.mark.parametrize("knobs", [YEARLY, MONTHLY], ids=["year", "month"])
def test_the_mean_of_the_paths_meets_the_expected_stocks(tmp_path: Path, knobs: str) -> None:
    case = chain(tmp_path, knobs)
    dynamics = describe(case)
    expected = project_stocks(dynamics).frame["closing"].to_numpy().reshape(len(dynamics.periods), -1)
    careers = simulate_careers(case, dynamics, paths=400, seed=3)
    error = careers.closing.std(axis=0, ddof=1) / np.sqrt(400)
    score = (careers.closing.mean(axis=0) - expected) / np.maximum(error, 1e-12)
    # Neighbouring periods are correlated; over so few independent cells 4 standard errors never happen by chance.
    assert np.abs(score).max() < 4.0


def test_the_variance_of_a_stock_that_only_loses_people_is_binomial(tmp_path: Path) -> None:
    case = chain(tmp_path, YEARLY, transitions="from_role,to_role,yearly_rate\njunior,middle,0")
    careers = simulate_careers(case, describe(case), paths=2000, seed=11)
    stay = 0.75**2
    variance = careers.closing[:, 1, 0].var(ddof=1)
    # The sampling error of a variance over 2000 paths is about 3%; 5 of them.
    assert variance == pytest.approx(400 * stay * (1 - stay), rel=0.16)


def test_paths_do_not_depend_on_the_block_or_on_other_peoples_fate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = chain(tmp_path, MONTHLY)
    dynamics = describe(case)
    whole = simulate_careers(case, dynamics, paths=30, seed=5)
    monkeypatch.setattr("workforce.simulate.blocks.PERSON_PERIODS", 7 * 700 * 36)
    blocks = simulate_careers(case, dynamics, paths=30, seed=5)
    np.testing.assert_array_equal(whole.closing, blocks.closing)
    extra = Joining(["x|0"], np.array([2]), np.array([4]), np.array([1.0]), np.array([1.0]))
    more = simulate_careers(case, dynamics, extra, paths=30, seed=5)
    np.testing.assert_array_equal(whole.closing[:, :, :2], more.closing[:, :, :2])
    assert set(np.unique(more.closing[:, :, 2] - whole.closing[:, :, 2])) <= {0, 1}


def test_people_are_conserved_on_every_path(tiny_case: Path) -> None:
    case = company(tiny_case)
    dynamics = describe(case)
    joining = Joining(["a|0", "a|1"], np.array([0, 2]), np.array([1, 3]), np.array([0.8, 1.0]), np.array([1.5, 1.0]))
    transfers = (
        Transfer("m", 2, 3, 2, 2.5, 0.9),
        Transfer("r", 0, -1, 5, 3.0, 0.0),
        Transfer("big", 1, 0, 6, 50.0, 1.0),
    )
    careers = simulate_careers(case, dynamics, joining, transfers, paths=60, seed=2)
    before = np.concatenate([np.broadcast_to(careers.opening, (60, 1, 4)), careers.closing[:, :-1]], axis=1)
    after = before + careers.joiners + careers.moves_in - careers.moves_out - careers.leavers
    np.testing.assert_array_equal(after, careers.closing)
    assert (careers.closing >= 0).all() and (careers.short > 40).all()


def test_every_written_table_of_stocks_balances(tiny_case: Path) -> None:
    results = run(company(tiny_case))
    assert balance(results.tables["stocks"]) < 1e-8
    assert results.summary["hires"] > 0


def test_a_plan_means_the_same_to_the_programme_and_to_the_simulation(tiny_case: Path) -> None:
    case = company(tiny_case)
    dynamics = describe(case)
    projection = project_stocks(dynamics)
    demand = forecast_demand(case)
    plan = optimise_plan(case, dynamics, projection, demand)
    decisions = hand_over(plan, dynamics, case.tables.channels)
    careers = simulate_careers(case, dynamics, decisions.joining, decisions.transfers, paths=1500, seed=8, delays=False)
    planned = plan.stocks["closing"].to_numpy().reshape(len(dynamics.periods), -1)
    error = careers.closing.std(axis=0, ddof=1) / np.sqrt(1500)
    # Chosen movers and releases are drawn from the role's real tenures, the programme from its mean: under 0.1 heads here.
    assert np.abs(careers.closing.mean(axis=0) - planned).max() < 0.1 + 4 * error.max()


def test_joiners_leave_on_their_own_tenure_curve(tmp_path: Path) -> None:
    # 100 joiners of one month, a first-year hazard four times that of long service, multiplied by their channel's quality.
    rates = RATES.replace("junior,0,all,0.25", "junior,0,all,0.40\njunior,12,all,0.10")
    tables = {"roles": ROLES, "rates": rates, "stock": STOCK, "transitions": TRANSITIONS, "required": REQUIRED}
    dynamics: Dynamics = describe(make_case(tmp_path, tables, MONTHLY))
    from workforce.optimise.reactions import follow_cohorts

    monthly = 1 - 0.6 ** (1 / 12)
    present = follow_cohorts(dynamics, 1.5).left
    assert present[0, 1, 0] == pytest.approx(1.5 * monthly)
    assert present[0, 13, 0] < 0.02


def test_joiners_follow_their_own_tenure_far_beyond_two_years(tmp_path: Path) -> None:
    # Long service leaves with 1% a year, joiners with 30%: the plan must not lend joiners the old hands' loyalty.
    tables = {
        "roles": "role,unit,family,salary,on_cost,ramp_months,ramp_start\na,u,f,100,0,48,0.5",
        "stock": "role,headcount\na,50",
        "rates": "role,tenure_from,cause,yearly_rate\na,0,all,0.3\na,120,all,0.01",
        "required": "role,period,fte\n" + "\n".join(f"a,{year},150" for year in range(2026, 2032)),
        "channels": "channel,cost,lead_months\nboard,10,0",
    }
    case = make_case(tmp_path, tables, 'time: {period: year, start: "2026", horizon: 6}\n')
    dynamics = describe(case)
    plan = optimise_plan(case, dynamics, project_stocks(dynamics), forecast_demand(case))
    decisions = hand_over(plan, dynamics, case.tables.channels)
    careers = simulate_careers(case, dynamics, decisions.joining, decisions.transfers, paths=400, seed=8, delays=False)
    for simulated, planned in ((careers.closing, "closing"), (careers.effective, "effective_fte")):
        error = simulated[:, :, 0].std(axis=0, ddof=1) / np.sqrt(400)
        assert (np.abs(simulated[:, :, 0].mean(axis=0) - plan.stocks[planned].to_numpy()) < 4 * error + 1e-9).all()


def test_a_fraction_of_a_head_is_there_with_that_chance(tmp_path: Path) -> None:
    case = chain(tmp_path, YEARLY, stock="role,headcount\njunior,2.5\nmiddle,0.4\nsenior,3")
    dynamics = describe(case)
    careers = simulate_careers(case, dynamics, paths=4000, seed=3)
    expected = project_stocks(dynamics).frame["closing"].to_numpy().reshape(3, 3)
    error = careers.closing.std(axis=0, ddof=1) / np.sqrt(4000)
    assert (np.abs(careers.closing.mean(axis=0) - expected) < 4 * error).all()


@pytest.mark.parametrize("length", [6, 30])
def test_who_moves_on_under_a_contract_leaves_when_it_ends(tmp_path: Path, length: int) -> None:
    # 100 sign for so many months in the first and 40 in the third; half of them a year are pushed on to b, nobody leaves before.
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost,shortage_price\na,u,f,10,0,1000\nb,u,f,10,0,500",
            "stock": "role,headcount\na,0\nb,0",
            "rates": "role,tenure_from,cause,yearly_rate\na,0,all,0\nb,0,all,0",
            "transitions": "from_role,to_role,yearly_rate\na,b,0.5",
            "required": "role,period,fte\n"
            + "\n".join(f"{role},{year},0" for role in "ab" for year in (2026, 2027, 2028)),
            "channels": f"channel,role,cost,lead_months,contract_months\nagency,a,1,0,{length}",
            "limits": "limit,action,period,least,most\nfirst,hire,2026-01,100,100\nthird,hire,2026-03,40,40",
        },
        f'time: {{period: month, start: "2026-01", horizon: {length + 4}}}\nmobility: {{minimum_months: 0}}\n',
    )
    plan, careers = plan_and_simulate(case, paths=400)
    closing = plan.stocks["closing"].to_numpy().reshape(-1, 2)
    stays, t = 0.5 ** (1 / 12), np.arange(length + 4)
    in_a = 100 * stays**t * (t < length) + 40 * stays ** np.maximum(t - 2, 0) * ((t >= 2) & (t < length + 2))
    there = 100 * (t < length) + 40 * ((t >= 2) & (t < length + 2))
    np.testing.assert_allclose(closing, np.column_stack([in_a, there - in_a]), atol=1e-9)
    meet(plan, careers)


@pytest.mark.parametrize("way", ["push", "pull"])
def test_contracts_end_alike_in_a_chain_of_roles(tmp_path: Path, way: str) -> None:
    # Who comes under contract may rise twice, others leave and rise beside them; d is pushed to, or fills its vacancies from a.
    roles = ["a,u,f,10,0,5000,", "b,u,f,12,0,5000,", "c,u,f,14,0,5000,", f"d,u,f,10,0,1,{way}"]
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost,shortage_price,replaces_by\n" + "\n".join(roles),
            "stock": "role,headcount\na,200\nb,60\nc,30\nd,40",
            "rates": "role,tenure_from,cause,yearly_rate\n"
            + "\n".join(f"{role},0,all,{rate}" for role, rate in zip("abcd", (0.3, 0.2, 0.1, 0.2), strict=True)),
            "transitions": "from_role,to_role,yearly_rate\na,b,0.4\nb,c,0.4\na,d,0.25",
            "required": "role,period,fte\n"
            + "\n".join(f"{role},2026,{fte}" for role, fte in zip("abc", (250, 90, 60), strict=True)),
            "channels": "channel,role,cost,lead_months,contract_months\nagency,a,1,0,4\nboard,a,50,0,\nlong,b,9,0,7",
        },
        'time: {period: month, start: "2026-01", horizon: 12}\nmobility: {minimum_months: 0}\n',
    )
    plan, careers = plan_and_simulate(case, paths=1000)
    hired = plan.actions[plan.actions["action"] == "hire"]
    assert hired.groupby("via")["heads"].sum()["agency"] > 100
    assert balance(plan.stocks) < 1e-8
    meet(plan, careers)


def plan_and_simulate(case: Case, paths: int) -> tuple[Plan, Careers]:
    dynamics = describe(case)
    plan = optimise_plan(case, dynamics, project_stocks(dynamics), forecast_demand(case))
    decisions = hand_over(plan, dynamics, case.tables.channels)
    careers = simulate_careers(
        case, dynamics, decisions.joining, decisions.transfers, paths=paths, seed=9, delays=False
    )
    return plan, careers


def meet(plan: Plan, careers: Careers) -> None:
    """The mean of the paths is the plan, within its standard error, in every role and period."""
    planned = plan.stocks["closing"].to_numpy().reshape(careers.closing.shape[1:])
    error = careers.closing.std(axis=0, ddof=1) / np.sqrt(len(careers.closing))
    assert (np.abs(careers.closing.mean(axis=0) - planned) < 4 * error + 1e-9).all()
