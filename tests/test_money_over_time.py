"""Money over time: discounting, periods at the end that are only provided for, and a first period without leaving."""

from pathlib import Path

import numpy as np
import pytest
from planning import make_case, write_case
from scipy.optimize import linprog
from test_optimise import plan_for

import workforce as wf
from workforce.errors import InputError

ROLES = "role,unit,family,salary,on_cost,shortage_price,surplus_cost\n"
STAY = "role,tenure_from,cause,yearly_rate\na,0,all,0"
YEARS = 'time: {period: year, start: "2026", horizon: 3}\n'


def need(*fte: float) -> str:
    return "role,period,fte\n" + "\n".join(f"a,{2026 + year},{value}" for year, value in enumerate(fte))


@pytest.mark.parametrize(
    ("time", "rate", "wanted"),
    [
        (YEARS, 0.25, 1000 * (1 + 1 / 1.25 + 1 / 1.25**2)),
        (YEARS, 0.0, 3000.0),
        # A yearly rate of 1.1^4 - 1 is a tenth a quarter; a quarter's pay is 250.
        ('time: {period: quarter, start: "2026Q1", horizon: 3}\n', 1.1**4 - 1, 250 * (1 + 1 / 1.1 + 1 / 1.1**2)),
        (
            'time: {period: month, start: "2026-01", horizon: 25}\n',
            0.21,
            1000 / 12 * sum(1.1 ** (-k / 6) for k in range(25)),
        ),
    ],
)
def test_the_cost_is_the_present_value_of_what_is_paid(tmp_path: Path, time: str, rate: float, wanted: float) -> None:
    tables = {
        "roles": f"{ROLES}a,u,f,100,0,1,0",
        "stock": "role,headcount\na,10",
        "rates": STAY,
        "required": need(10, 10, 10),
    }
    case = make_case(tmp_path, tables, time + f"plan: {{discount_rate: {rate}}}\n")
    plan = plan_for(case)
    assert plan.cost == pytest.approx(wanted, rel=1e-12)
    assert plan.costs["discounted"].sum() == pytest.approx(wanted, rel=1e-12)
    per_period = 100 * 10 * case.months_per_period / 12
    assert plan.costs["amount"].to_numpy() == pytest.approx(np.full(len(case.periods), per_period))


def test_every_kind_of_money_counts_by_the_period_it_falls_in(tmp_path: Path) -> None:
    # Year by year by hand: 1 surplus at 8 and pay of 11 heads; then 3 short at 50; then 4 hired at 7, of whom 1 short is left.
    tables = {
        "roles": f"{ROLES}a,u,f,10,0,50,8",
        "stock": "role,headcount\na,11",
        "rates": STAY,
        "required": need(10, 14, 16),
        "channels": "channel,role,cost,lead_months,capacity,per\nboard,a,7,0,4,year",
        "limits": "limit,action,period,most\nlate,hire,2026,0\nlater,hire,2027,0",
        "budget": "period,category,amount\n2028,recruiting,28",
    }
    plan = plan_for(make_case(tmp_path, tables, YEARS + "plan: {discount_rate: 0.25}\n"))
    years = [110 + 8 * 1, 110 + 50 * 3, 150 + 7 * 4 + 50 * 1]
    assert plan.cost == pytest.approx(years[0] + years[1] / 1.25 + years[2] / 1.25**2)
    # A budget is money of its year: 28 are enough for four offers.
    row = plan.budget[(plan.budget["year"] == "2028") & (plan.budget["category"] == "recruiting")].iloc[0]
    assert row["spent"] == pytest.approx(28) and row["left"] == pytest.approx(0)


@pytest.mark.parametrize(("rate", "chosen"), [(0.0, "early"), (0.25, "late")])
def test_later_money_counts_less_in_the_choice(tmp_path: Path, rate: float, chosen: str) -> None:
    # An offer at 10 a year before, or at 12 in the year of need: 12 / 1.25 = 9.6 of today's money.
    tables = {
        "roles": f"{ROLES}a,u,f,0,0,1000,0",
        "stock": "role,headcount\na,0",
        "rates": STAY,
        "required": need(0, 1, 1),
        "channels": "channel,role,cost,lead_months\nearly,a,10,12\nlate,a,12,0",
    }
    plan = plan_for(make_case(tmp_path, tables, YEARS + f"plan: {{discount_rate: {rate}}}\n"))
    assert plan.actions["via"].tolist() == [chosen]


def test_periods_that_are_only_provided_for_cost_nothing_and_begin_nothing(tmp_path: Path) -> None:
    # Two are needed in the last year: they must be hired before it, in 2027 for 5 and a year's pay of 10 each.
    tables = {
        "roles": f"{ROLES}a,u,f,10,0,1000,0",
        "stock": "role,headcount\na,0",
        "rates": STAY,
        "required": need(0, 0, 2),
        "channels": "channel,role,cost,lead_months\nboard,a,5,0",
    }
    plan = plan_for(make_case(tmp_path, tables, YEARS + "plan: {end_periods: 1}\n"))
    assert plan.actions["period"].astype(str).tolist() == ["2027"]
    assert plan.cost == pytest.approx(2 * (5 + 10))
    with pytest.raises(InputError, match="leaves no period of the plan"):
        plan_for(make_case(tmp_path, tables, YEARS + "plan: {end_periods: 3}\n"))


@pytest.mark.parametrize(("first", "heads"), [("true", [90, 81, 72.9]), ("false", [100, 90, 81])])
def test_the_people_at_the_start_may_be_counted_after_the_first_leaving(
    tmp_path: Path, first: str, heads: list
) -> None:
    tables = {
        "roles": f"{ROLES}a,u,f,10,0,1,0",
        "stock": "role,headcount\na,100",
        "rates": "role,tenure_from,cause,yearly_rate\na,0,all,0.1",
        "required": need(0, 0, 0),
    }
    case = make_case(tmp_path, tables, YEARS + f"attrition: {{first_period: {first}}}\nsimulation: {{paths: 5}}\n")
    results = wf.run(case)
    for reading in ("expected", "plan"):
        stocks = results.tables["stocks"]
        assert stocks.loc[stocks["reading"] == reading, "closing"].tolist() == pytest.approx(heads)
    assert results.summary["discount_rate"] == 0.0


def test_leaders_need_not_be_whole(tmp_path: Path) -> None:
    tables = {
        "roles": "role,unit,family,salary,on_cost\na,u,f,10,0\nboss,u,g,20,0",
        "stock": "role,headcount\na,10\nboss,1",
        "rates": f"{STAY}\nboss,0,all,0",
        "required": need(10),
    }
    time = 'time: {period: year, start: "2026", horizon: 1}\n'
    for rounding, wanted in (("up", 2.0), ("none", 1.25)):
        tables["demand"] = f"role,method,span,reports,rounding\nboss,span,8,a,{rounding}"
        demand = wf.forecast_demand(make_case(tmp_path, tables, time))
        assert demand.loc[demand["role"] == "boss", "required"].tolist() == [wanted]


def test_enlistments_of_several_lengths_at_the_index_of_each_year(tmp_path: Path) -> None:
    # Terms of one to three years; every price times the year's index, pay too; the programme of the textbook beside it.
    need_each, index = [20, 26, 18, 30], [1.0, 1.1, 0.95, 1.25]
    term, pay = {1: 40.0, 2: 70.0, 3: 95.0}, 10.0
    enlist = [(year, length) for year in range(4) for length in term]
    cost = [
        term[length] * index[year] + sum(pay * index[later] for later in range(year, min(year + length, 4)))
        for year, length in enlist
    ]
    there = np.array([[float(year <= t < year + length) for year, length in enlist] for t in range(4)])
    book = linprog(cost, A_ub=-there, b_ub=-np.array(need_each, dtype=float))
    tables = {
        "roles": f"{ROLES}a,u,f,{pay},0,1,0",
        "stock": "role,headcount\na,0",
        "rates": STAY,
        "required": need(*need_each),
        "channels": "channel,role,cost,lead_months,contract_months\n"
        + "\n".join(f"years_{length},a,{price},0,{12 * length}" for length, price in term.items()),
        "price_index": "category,period,times\n"
        + "\n".join(f"all,{2026 + t},{times}" for t, times in enumerate(index)),
    }
    time = 'time: {period: year, start: "2026", horizon: 4}\nplan: {shortage: forbidden}\n'
    plan = plan_for(make_case(tmp_path, tables, time))
    assert plan.cost == pytest.approx(book.fun, rel=1e-9)
    assert plan.costs["amount"].sum() == pytest.approx(book.fun, rel=1e-9)
    assert plan.actions["cost"].sum() == pytest.approx(
        plan.costs.loc[plan.costs["category"] == "recruiting", "amount"].sum(), rel=1e-9
    )


def test_each_category_has_its_own_prices(tmp_path: Path) -> None:
    # By hand, one year: 10 stay of 12, for 2 are released at 3 x 2 each; pay 10 x 1.5; 1 FTE of overtime at pay and half
    # as much again, x 1.5; 4 short of 15 at 50 x 0.5; nobody is hired, an offer being 50 x 8 through the only channel.
    tables = {
        "roles": f"{ROLES.strip()},severance,release_max,overtime_max,overtime_premium\n"
        "a,u,f,10,0,50,0,,,0.1,0.5\nb,u,g,10,0,50,100,3,2,,",
        "stock": "role,headcount\na,10\nb,2",
        "rates": f"{STAY}\nb,0,all,0",
        "required": need(15) + "\nb,2026,0",
        "channels": "channel,role,cost,lead_months\nboard,a,8,0",
        "price_index": "category,via,role,family,period,times\npeople,,,,2026,1.5\nseparation,,b,,2026,2\n"
        "shortage,,,f,2026,0.5\nrecruiting,board,,,2026,50\nall,,,,2027,9",
    }
    plan = plan_for(make_case(tmp_path, tables, 'time: {period: year, start: "2026", horizon: 1}\n'))
    assert plan.cost == pytest.approx(10 * 15 + 1 * 15 * 1.5 + 4 * 25 + 2 * 3 * 2)
    assert plan.actions.set_index("action")["cost"].to_dict() == pytest.approx({"overtime": 22.5, "release": 12.0})


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ("recruiting,bord,,,2026,1", "via", "is no channel of channels"),
        ("people,board,,,2026,1", "via", "is only for"),
        ("salaries,,,,2026,1", "category", "must be one of"),
        ("all,,,,2026Q1,1", "period", "is shorter than the plan's periods"),
        ("all,,,,2026,-1", "times", "must be at least 0"),
        ("all,,,,2026,1e308", "times", "must be at most 1000"),
        ("shortage,,,,2026,0", "times", "would make being short cost nothing"),
        ("people,,a,g,2026,2", "role", "so the row means nobody"),
    ],
)
def test_bad_prices_are_one_clear_fault(tmp_path: Path, row: str, column: str, rule: str) -> None:
    tables = {
        "roles": f"{ROLES}a,u,f,10,0,1,0\nb,u,g,10,0,1,0",
        "stock": "role,headcount\na,10",
        "rates": STAY,
        "required": need(10, 10, 10),
        "channels": "channel,role,cost,lead_months\nboard,a,8,0",
        "price_index": f"category,via,role,family,period,times\n{row}",
    }
    path = write_case(tmp_path, tables, YEARS)
    with pytest.raises(InputError) as caught:
        wf.read_case(path, tmp_path / "data")
    assert [(fault.column, rule in fault.rule) for fault in caught.value.faults] == [(column, True)], caught.value


def test_the_gate_weighs_the_money_that_the_plan_minimises(tmp_path: Path) -> None:
    # A year of a's work is worth 270, 180 and 90, its pay 100, 150 and nothing, all of it counted less by a fifth each year.
    tables = {
        "roles": f"{ROLES}a,u,f,100,0,90,0\nb,u,f,60,0,90,0",
        "stock": "role,headcount\na,5\nb,10",
        "rates": f"{STAY}\nb,0,all,0",
        "required": need(10, 10, 10),
        "channels": "channel,role,cost,lead_months\nboard,a,5,0",
        "programmes": "programme,from_role,to_role,months,cost,away,mentor\nschool,b,a,12,20,0.5,0.1",
        "moves": "from_role,to_role,cost\nb,a,30",
        "price_index": "category,period,times\nshortage,2026,3\nshortage,2027,2\npeople,2027,1.5\nrecruiting,2026,2",
    }
    knobs = "plan: {return_ratio: 20, discount_rate: 0.25, end_periods: 1}\n"
    gated = plan_for(make_case(tmp_path, tables, YEARS + knobs)).gated
    whole, later = 270 + 180 / 1.25 + 90 / 1.25**2, 180 / 1.25 + 90 / 1.25**2
    best = [
        whole / (5 * 2 + 100 + 150 / 1.25),
        later / (20 + 0.5 * 60 + 0.1 * 100 + 150 / 1.25),
        whole / 30,
    ]
    assert gated["name"].tolist() == ["board", "school", "1>0"]
    assert gated["ratio"].to_numpy() == pytest.approx(best, rel=1e-12)
