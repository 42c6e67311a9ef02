"""Money over time: discounting, periods at the end that are only provided for, and a first period without leaving."""

from pathlib import Path

import numpy as np
import pytest
from planning import make_case
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
