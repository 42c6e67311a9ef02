"""What is sought: goals in order, weights, whole people, budgets of quarters."""

from pathlib import Path

import numpy as np
import pytest
from planning import make_case
from test_optimise import RATES, ROLES, YEARLY, needs, plan_for

from workforce.errors import RunError
from workforce.inputs.case import read_case
from workforce.pipeline import run

ONE_YEAR = 'time: {period: year, start: "2026", horizon: 1}\n'
CHEAP_SHORTAGE = {
    "roles": f"{ROLES}\na,u,f,100,0,50,,,,",
    "stock": "role,headcount\na,10",
    "rates": RATES,
    "required": needs("a", 14),
    "channels": "channel,cost,lead_months\nboard,10,0",
}


def test_least_shortage_first_closes_what_least_cost_leaves_open(tmp_path: Path) -> None:
    # A head costs 110, being short 50: at least cost four are left open, with the shortage first none.
    cheap = plan_for(make_case(tmp_path / "cost", CHEAP_SHORTAGE, ONE_YEAR))
    assert cheap.cost == pytest.approx(1000 + 200) and cheap.goal.name == "least_cost"
    knobs = ONE_YEAR + "plan: {objective: least_shortage}\n"
    closed = plan_for(make_case(tmp_path / "shortage", CHEAP_SHORTAGE, knobs))
    assert closed.goal.value == pytest.approx(0) and closed.cost == pytest.approx(1400 + 40, abs=1e-5)


def test_least_shortage_stays_within_the_budget(tmp_path: Path) -> None:
    tables = CHEAP_SHORTAGE | {"budget": "period,category,amount\n2026,recruiting,20"}
    plan = plan_for(make_case(tmp_path, tables, ONE_YEAR + "plan: {objective: least_shortage}\n"))
    assert plan.goal.value == pytest.approx(2) and plan.actions["cost"].sum() == pytest.approx(20)


def test_fewest_releases_first(tmp_path: Path) -> None:
    # 2 too many at 100 a year for 3 years: least cost releases them for 50 each; with the fewest releases they stay.
    tables = {
        "roles": f"{ROLES}\na,u,f,100,0,1000,50,9,,",
        "stock": "role,headcount\na,10",
        "rates": RATES,
        "required": needs("a", 8, 8, 8),
    }
    assert plan_for(make_case(tmp_path / "a", tables, YEARLY)).cost == pytest.approx(2400 + 100)
    plan = plan_for(make_case(tmp_path / "b", tables, YEARLY + "plan: {objective: fewest_releases}\n"))
    assert plan.goal.value == pytest.approx(0) and plan.cost == pytest.approx(3000, abs=1e-4)


@pytest.mark.parametrize(("weight", "hired"), [(55.0, 0), (65.0, 4)])
def test_weights_tip_where_a_shortage_weighs_as_much_as_its_cure(tmp_path: Path, weight: float, hired: float) -> None:
    # A head costs 110 and saves 50: worth it from a weight of 60 an FTE-year on.
    knobs = f"{ONE_YEAR}plan: {{objective: weighted, weights: {{shortage: {weight}}}}}\n"
    plan = plan_for(make_case(tmp_path, CHEAP_SHORTAGE, knobs))
    assert plan.actions["heads"].sum() == pytest.approx(hired)
    assert plan.goal.value == pytest.approx(plan.cost + weight * (4 - hired))


def test_a_forbidden_shortage_says_where_it_cannot_be_kept(tmp_path: Path) -> None:
    tables = CHEAP_SHORTAGE | {"channels": "channel,cost,lead_months,capacity,per\nboard,10,0,3,year"}
    with pytest.raises(RunError, match=r"the capacity of board in 2026; the shortage of a in 2026"):
        plan_for(make_case(tmp_path, tables, ONE_YEAR + "plan: {shortage: forbidden}\n"))


def test_whole_people_first_and_fractions_later(tmp_path: Path) -> None:
    # 90% of the offers are taken up: 1.11 offers for each head wanted, and 2 or 1 are made where they must be whole.
    tables = CHEAP_SHORTAGE | {
        "roles": f"{ROLES}\na,u,f,100,0,1000,,,,",
        "required": needs("a", 11.2, 12.5, 14.7),
        "channels": "channel,cost,lead_months,arrive\nboard,10,0,0.9",
    }
    part = plan_for(make_case(tmp_path / "part", tables, YEARLY))
    whole = plan_for(make_case(tmp_path / "whole", tables, YEARLY + "plan: {whole_periods: 2, gap: 0.0}\n"))
    heads = whole.actions["heads"].to_numpy()
    assert heads[:2].tolist() == np.round(heads[:2]).tolist() and heads[2] % 1 > 0.01
    assert whole.cost > part.cost + 1 and whole.solution.gap <= 1e-6
    # By hand: every integer pair for 2026 and 2027, and what 2028 then needs.
    best = min(
        1000 * 3 + 90 * (3 * one + 2 * two + last) + 10 * (one + two + last)
        + 1000 * sum(max(need - there, 0) for need, there in
                     ((11.2, 10 + 0.9 * one), (12.5, 10 + 0.9 * (one + two)), (14.7, 10 + 0.9 * (one + two + last))))
        for one in range(5) for two in range(6) for last in [max((4.7 - 0.9 * (one + two)) / 0.9, 0)]
    )  # fmt: skip
    assert whole.cost == pytest.approx(best)


def test_fractions_are_told_only_where_they_are_left(tmp_path: Path) -> None:
    tables = CHEAP_SHORTAGE | {"roles": f"{ROLES}\na,u,f,100,0,1000,,,,", "required": needs("a", 11.2)}
    for whole, told in ((0, True), (1, False)):
        knobs = f"{ONE_YEAR}plan: {{whole_periods: {whole}}}\nsimulation: {{paths: 2}}\n"
        keys = set(run(make_case(tmp_path / str(whole), tables, knobs)).tables["reasons"]["key"])
        assert ("fractions" in keys) is told and ("whole_people" in keys) is not told


def quarterly(folder: Path, rows: str, knobs: str = "") -> object:
    """40 are needed from January at 10 each; being short costs 12 a head-year, 1 a month."""
    return plan_for(
        make_case(
            folder,
            {
                "roles": "role,unit,family,salary,on_cost,shortage_price\na,u,f,0,0,12",
                "stock": "role,headcount\na,0",
                "rates": RATES,
                "required": "role,period,fte\na,2026,40",
                "channels": "channel,cost,lead_months\nboard,10,0",
                "budget": f"period,category,amount\n{rows}",
            },
            f'time: {{period: month, start: "2026-01", horizon: 12}}\nplan: {{quarter_price: {knobs or 0.5}}}\n',
        )
    )


QUARTERS = "2026Q1,recruiting,100\n2026Q2,recruiting,100\n2026Q3,recruiting,100\n2026Q4,recruiting,50"


def test_a_quarter_is_overrun_where_waiting_costs_more_than_its_price(tmp_path: Path) -> None:
    # A head put off by a quarter costs 3; buying it at once overruns by 10 for a quarter: 0.5 at a price of 0.05, 5 at 0.5.
    # Somebody hired late in the year saves less than the 10 they cost.
    early = quarterly(tmp_path / "cheap", QUARTERS, "0.05")
    assert early.actions.groupby("period")["heads"].sum().to_dict() == pytest.approx({early.costs["period"].min(): 35})
    bands = early.budget.query("category == 'recruiting' and year.str.contains('Q')").set_index("year")
    assert bands["amount"].tolist() == pytest.approx([100, -150, -50, 0]) and bands.loc[
        "2026Q1", "left"
    ] == pytest.approx(-250)
    year = early.budget.set_index(["year", "category"]).loc["2026", "recruiting"]
    assert year["amount"] == 350 and year["left"] == pytest.approx(0)
    dear = quarterly(tmp_path / "dear", QUARTERS, "0.5")
    assert str(dear.actions["period"].max()) == "2026-01" and dear.actions["heads"].sum() == pytest.approx(10)


def test_what_a_quarter_leaves_is_carried_to_the_next_of_its_year(tmp_path: Path) -> None:
    # Nobody is needed until April; the first quarter's money is then still there.
    tables = {
        "roles": "role,unit,family,salary,on_cost,shortage_price\na,u,f,12,0,1200",
        "stock": "role,headcount\na,0",
        "rates": RATES,
        "required": "role,period,fte\n" + "\n".join(f"a,2026-{m:02d},{40 if m > 3 else 0}" for m in range(1, 13)),
        "channels": "channel,cost,lead_months\nboard,10,0",
        "budget": f"period,category,amount\n{QUARTERS}",
    }
    time = 'time: {period: month, start: "2026-01", horizon: 12}\n'
    plan = plan_for(make_case(tmp_path, tables, time + "plan: {quarter_price: 1000.0}\n"))
    spent = plan.budget.query("category == 'recruiting' and year.str.contains('Q')")["spent"].tolist()
    assert spent == pytest.approx([0, 200, 100, 50])


def test_the_year_is_never_overrun(tmp_path: Path) -> None:
    plan = quarterly(tmp_path, "2026,recruiting,80\n" + QUARTERS, "0.0")
    assert plan.actions["cost"].sum() == pytest.approx(80)


def test_the_weighted_cost_of_the_tiny_company_is_told_in_money(tiny_case: Path) -> None:
    case = read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data")
    plan = plan_for(case)
    priced = plan.programme.money @ plan.solution.amounts
    assert plan.cost == pytest.approx(priced) and plan.cost == pytest.approx(plan.solution.objective)
