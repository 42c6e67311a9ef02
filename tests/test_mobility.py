"""Moves by time in the role, by rating and by vacancy: counted from history, and carried in all readings alike."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from planning import make_case
from test_dynamics import MONTHLY, ROLES, YEARLY, chain, describe
from test_one_dynamics import QUARTERLY, RETIREMENT, balance

from workforce.errors import InputError
from workforce.forecast.attrition import fit_attrition
from workforce.forecast.chain import describe_chain, find_steady_state
from workforce.forecast.demand import forecast_demand
from workforce.forecast.dynamics import TENURES, Dynamics
from workforce.forecast.mobility import count_moves, fit_mobility
from workforce.forecast.opening import open_stock
from workforce.forecast.ratings import read_ratings
from workforce.forecast.spells import Spells, measure_spells
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case
from workforce.optimise.decisions import hand_over
from workforce.optimise.plan import optimise_plan
from workforce.simulate.careers import simulate_careers

PEOPLE = """person,role,hire_date
long,a,2010-01-15
x,b,2023-01-10
y,b,2023-01-10"""
HISTORY = """person,date,event,from_role,to_role,cause
x,2023-01-10,join,,a,
y,2023-01-10,join,,a,
z,2023-01-10,join,,a,
x,2023-07-05,move,a,b,
y,2024-04-05,move,a,b,
z,2024-12-20,leave,a,,resign"""
ROLES_AB = "role,unit,family,salary\na,u,f,1\nb,u,f,2"


def history_case(folder: Path, knobs: str = "", **more: str) -> Case:
    start = 'time: {period: month, start: "2025-01", horizon: 12}\nattrition: {observed_from: 2023-01-01}\n'
    required = "role,period,fte\na,2025,1"
    tables = {"roles": ROLES_AB, "people": PEOPLE, "history": HISTORY, "required": required}
    return make_case(folder, tables | more, start + knobs)


def test_moves_and_months_at_risk_by_time_in_the_role_are_those_of_the_hand_count(tmp_path: Path) -> None:
    # In a from January 2023, at risk from February on: x 6 months (moves with 5 completed), y 15 (moves with 14), z 23;
    # long is there in all 24 months of the window, with more than 12 years. In b: x 17 months, y 8.
    spells = measure_spells(history_case(tmp_path))
    assert spells is not None
    counts = count_moves(spells, ["a", "b"], (0, 12), None)
    assert counts.at_risk[0].tolist() == [6 + 12 + 12, 3 + 11 + 24]
    assert counts.at_risk[1].tolist() == [12 + 8, 5]
    assert counts.moves[0, 1].tolist() == [1.0, 1.0]


def test_the_gate_leaves_out_moves_that_it_would_not_have_allowed_and_says_how_many(tmp_path: Path) -> None:
    case = history_case(tmp_path, "mobility: {minimum_months: 12}\n")
    mobility = fit_mobility(case, fit_attrition(case))
    assert mobility.early == 1
    own = mobility.table[(mobility.table["from_role"] == "a") & (mobility.table["months_from"] == 12)]
    assert own["moves"].sum() == 1.0 and mobility.bands == (12, 24, 36, 60)


RATED = """person,quarter,rating
x,2023Q2,A
y,2023Q4,A
y,2024Q1,A
z,2023Q4,B
z,2024Q1,A
z,2024Q2,A
z,2024Q3,C
long,2024Q3,A
long,2024Q4,B"""
GATED = "mobility: {minimum_months: 0, counting_ratings: [A, B], rating_quarters: 2}\n"


def test_the_rating_gate_counts_running_quarters(tmp_path: Path) -> None:
    # y passes in April-June 2024 and moves in April; z from April to September 2024; long after 2024Q4, at the opening.
    ratings = read_ratings(history_case(tmp_path, GATED, ratings=RATED))
    assert ratings is not None
    runs = ratings.runs.assign(year=ratings.runs["first"] // 12, month=ratings.runs["first"] % 12 + 1)
    found = set(runs[["person", "year", "month"]].itertuples(index=False, name=None))
    assert found == {("y", 2024, 4), ("z", 2024, 4), ("z", 2024, 7), ("long", 2025, 1)}
    assert ratings.latest.to_dict() == {"long": 2}
    # After one good quarter: y, z and long again good. After two: z once good, once not. After none: nothing seen.
    np.testing.assert_allclose(ratings.passing, [0.5, 3.5 / 4.0, 1.5 / 3.0])


def test_only_months_that_pass_the_rating_gate_count(tmp_path: Path) -> None:
    case = history_case(tmp_path, GATED, ratings=RATED)
    spells, ratings = measure_spells(case), read_ratings(case)
    assert spells is not None
    counts = count_moves(spells, ["a", "b"], (0,), ratings)
    assert counts.moves[0, 1, 0] == 1.0  # y in April 2024; x had no two ratings
    assert counts.at_risk[0, 0] == 1 + 6  # y's April, z from April to September
    assert counts.at_risk[1, 0] == 2  # y in May and June 2024


def test_a_gate_without_ratings_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="needs the table ratings"):
        history_case(tmp_path, GATED)


def described(folder: Path, knobs: str, **change) -> tuple[Case, Dynamics]:
    case = chain(folder, knobs, transitions="from_role,to_role,yearly_rate\njunior,middle,0.2\nmiddle,senior,0.1")
    return case, replace(describe(case), **change)


def test_nobody_moves_before_the_gate_and_everybody_at_the_rate_after(tmp_path: Path) -> None:
    people = "person,role,hire_date,role_since\np,junior,2020-01-01,2025-06-01"
    rates = "role,tenure_from,cause,yearly_rate\njunior,0,all,0"
    case = chain(
        tmp_path, MONTHLY, people=people, rates=rates, transitions="from_role,to_role,yearly_rate\njunior,middle,0.2"
    )
    dynamics = describe(case)
    move = np.where(np.arange(13) >= 12, 0.1, 0.0)[None, :]
    state = np.zeros((3, 121, 13, 1))
    state[0, 71, 6, 0] = 1.0  # since June 2025: six completed months at the start of 2026
    moved = project_stocks(replace(dynamics, move=move, state=state)).moved[:, 0]
    np.testing.assert_allclose(moved[:6], 0.0)
    np.testing.assert_allclose(moved[6:9], [0.1, 0.09, 0.081], rtol=1e-12)


STAFF = "person,role,hire_date,role_since,birth_date,gender\n" + "\n".join(
    f"p{place},{('junior', 'junior', 'junior', 'middle', 'senior')[place % 5]},{2010 + place % 11}-0{1 + place % 9}-15,"
    f"{f'{2021 + place % 5}-0{1 + place % 9}-15' if place % 11 > 5 else ''},{1964 + place % 30}-06-15,"
    f"{('male', 'female')[place % 2]}"
    for place in range(300)
)
PULLED = ROLES.replace("on_cost", "on_cost,replaces_by").replace("100,0", "100,0,push")
PULLED = PULLED.replace("150,0", "150,0,pull").replace("200,0", "200,0,pull")


@pytest.mark.parametrize("knobs", [YEARLY, QUARTERLY, MONTHLY], ids=["year", "quarter", "month"])
@pytest.mark.parametrize("way", ["push", "pull"])
@pytest.mark.parametrize("retire", [False, True], ids=["", "retirement"])
def test_clocks_ratings_and_vacancies_agree_in_all_readings(tmp_path: Path, knobs: str, way: str, retire: bool) -> None:
    # Enough juniors to fill every vacancy: where a role runs dry, paths fill fewer than the expectation lets expect.
    roles = PULLED if way == "pull" else ROLES
    knobs = knobs + (RETIREMENT.replace("worker_families: [hands]", "") if retire else "")
    case = chain(tmp_path, knobs, roles=roles, people=STAFF)
    plain = describe(case)
    rate = 0.05 * plain.months * (way == "push")
    clocks = np.arange(37)
    move = np.where(clocks >= 12, rate * (1 + clocks / 36), 0.0)[None, :] * np.array([[0.7], [0.4]])
    feed = np.array([0.8, 0.6]) * (way == "pull")
    state = spread_clocks(case, plain, 37, 3)
    dynamics = replace(plain, move=move, rated=np.array([True, False]), feed=feed, gate=12, state=state,
                       passing=np.array([0.6, 0.7, 0.8]), pull_order=(2, 1) if way == "pull" else ())  # fmt: skip
    projection = project_stocks(dynamics)
    assert projection.moved.sum() > 5 and balance(projection.frame) < 1e-9
    plan = optimise_plan(case, dynamics, projection, forecast_demand(case))
    np.testing.assert_allclose(plan.stocks["closing"], projection.frame["closing"], atol=1e-6)
    careers = simulate_careers(case, dynamics, paths=1000, seed=4)
    for found, name in ((careers.closing, "closing"), (careers.moves_in, "moves_in")):
        expected = projection.frame[name].to_numpy().reshape(len(dynamics.periods), -1)
        error = found.std(axis=0, ddof=1) / np.sqrt(1000)
        assert np.abs((found.mean(axis=0) - expected) / np.maximum(error, 1e-9)).max() < 4.5


def spread_clocks(case: Case, dynamics: Dynamics, clocks: int, streaks: int) -> np.ndarray:
    """The opening state with the clock of every person told apart; everybody begins without a rating."""
    state = open_stock(case, clocks, None, dynamics.retirement, TENURES)[0]
    return np.concatenate([state] + [np.zeros_like(state)] * (streaks - 1), axis=3)


def test_vacancies_are_filled_from_below_by_hand(tmp_path: Path) -> None:
    # Yearly: 15 of 100 seniors leave and are all replaced by middles, who also lose 20 of 200 and take 35 juniors.
    stock = project_stocks(describe(chain(tmp_path, YEARLY, roles=PULLED))).frame.set_index("role")
    first = stock[stock["period"].astype(str) == "2026"]
    assert first["closing"].tolist() == pytest.approx([400 - 100 - 35, 200, 100])
    assert first["moves_in"].tolist() == pytest.approx([0, 35, 15])


def test_a_vacancy_stays_open_when_nobody_below_may_fill_it(tmp_path: Path) -> None:
    stock = "role,headcount\njunior,3\nmiddle,200\nsenior,0"
    case = chain(tmp_path, YEARLY, roles=PULLED, stock=stock)
    frame = project_stocks(describe(case)).frame
    first = frame[frame["period"].astype(str) == "2026"].set_index("role")
    assert first.loc["junior", "closing"] == pytest.approx(0.0) and first.loc["middle", "closing"] == pytest.approx(
        182.25
    )
    careers = simulate_careers(case, describe(case), paths=200, seed=1)
    assert (careers.closing[:, 0, 0] == 0).all() and (careers.closing >= 0).all()


def test_a_plan_that_hires_into_roles_filled_from_below_means_the_same_to_the_simulation(tmp_path: Path) -> None:
    # The seniors who are hired leave too; their posts are filled by middles, and those by juniors.
    channels = "channel,role,cost,lead_months,capacity,arrive\nagency,senior,100,1,3,0.9\nagency,middle,100,2,2,1"
    required = "role,period,fte\n" + "\n".join(
        f"{role},{year},{fte}"
        for year in (2026, 2027, 2028)
        for role, fte in (("junior", 1), ("middle", 220), ("senior", 130))
    )
    case = chain(tmp_path, MONTHLY, roles=PULLED, channels=channels, required=required)
    dynamics = describe(case)
    projection = project_stocks(dynamics)
    plan = optimise_plan(case, dynamics, projection, forecast_demand(case))
    assert plan.actions["heads"].sum() > 50 and balance(plan.stocks) < 1e-6
    decisions = hand_over(plan, dynamics, case.tables.channels)
    careers = simulate_careers(case, dynamics, decisions.joining, decisions.transfers, paths=1000, seed=6)
    planned = plan.stocks["closing"].to_numpy().reshape(len(dynamics.periods), -1)
    error = careers.closing.std(axis=0, ddof=1) / np.sqrt(1000)
    assert np.abs((careers.closing.mean(axis=0) - planned) / np.maximum(error, 1e-9)).max() < 4.5


def test_shares_of_vacancies_come_from_who_came_before(tmp_path: Path) -> None:
    # Into b came two from a; into a three from outside. b replaces by pull: all its vacancies are filled from a.
    roles = ROLES_AB.replace("salary", "salary,replaces_by").replace("f,1", "f,1,").replace("f,2", "f,2,pull")
    history = HISTORY + "\nw,2024-02-01,join,,b,\nw,2024-11-01,leave,b,,resign"
    case = history_case(tmp_path, roles=roles, history=history)
    mobility = fit_mobility(case, fit_attrition(case))
    assert mobility.feed[0, 1] == pytest.approx(2 / 3) and not mobility.monthly.any()
    assert mobility.table["vacancy_share"].tolist() == pytest.approx([2 / 3])


def test_roles_that_fill_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    transitions = "from_role,to_role,yearly_rate\nmiddle,senior,0.1\nsenior,middle,0.1"
    with pytest.raises(InputError, match="circle"):
        describe(chain(tmp_path, YEARLY, roles=PULLED, transitions=transitions))


def test_time_in_grade_counts_in_the_long_run_too(tmp_path: Path) -> None:
    # Yearly, juniors leave with 0.25, and are moved for certain after two completed years: three openings as a junior.
    _, dynamics = described(tmp_path, YEARLY)
    move = np.zeros((2, 37))
    move[0, 24:] = 1.0
    state = np.zeros((3, 121, 37, 1))
    dynamics = replace(dynamics, move=move, state=state)
    years = describe_chain(dynamics).years
    assert years.loc["junior", "junior"] == pytest.approx(1 + 0.75 + 0.75**2)
    assert describe_chain(dynamics).reached.loc["junior", "middle"] == pytest.approx(0.75**3)
    steady = find_steady_state(dynamics, {"junior": 100.0}).set_index("role")["headcount"]
    assert steady["junior"] == pytest.approx(100 * (1 + 0.75 + 0.75**2))


def test_rates_by_time_in_the_role_are_found_again(tmp_path: Path) -> None:
    # 4,000 people, 1% a month in the second year in the role, 4% after; nobody in the first.
    draw = np.random.default_rng(8)
    hired = draw.integers(0, 48, 4000)
    months = np.arange(72)
    chance = np.where(months < 12, 0.0, np.where(months < 24, 0.01, 0.04))
    moved = (draw.random((4000, 72)) < chance).argmax(axis=1)
    ever = moved > 0
    when = hired + 1 + moved
    frame = pd.DataFrame({
        "person": pd.Series([f"p{one}" for one in range(4000)], dtype="category"), "role": "a", "hired": hired * 1.0,
        "since": hired * 1.0, "start": hired + 1.0, "earliest": 0.0, "stop": np.where(ever & (when < 60), when + 1.0, 60.0),
        "ended": np.where(ever & (when < 60), "move", "stay"), "cause": "", "to_role": "b",
    })  # fmt: skip
    counts = count_moves(Spells(frame, 0, 60, 1.0, {}), ["a", "b"], (12, 24, 36), None)
    rate = counts.moves[0, 1] / counts.at_risk[0]
    error = np.sqrt(np.array([0.01, 0.04, 0.04]) / counts.at_risk[0])
    assert (np.abs(rate - [0.01, 0.04, 0.04]) < 4 * error).all() and counts.moves[0, 1].sum() == counts.ways[0, 1]
