"""Rules made by hand to contradict each other: which ones, and the cheapest way out."""

from pathlib import Path

import pytest
from planning import make_case
from test_optimise import RATES, ROLES, needs, plan_for

from workforce.errors import RunError

ONE_YEAR = 'time: {period: year, start: "2026", horizon: 1}\n'


def say(folder: Path, knobs: str = "", **tables: str) -> str:
    """What is said where 10 are present at 100 a year, 10 are needed, and nothing may be done but what tables add."""
    given = {
        "roles": f"{ROLES}\na,u,f,100,0,1000,,,,",
        "stock": "role,headcount\na,10",
        "rates": RATES,
        "required": needs("a", 10),
    } | tables
    with pytest.raises(RunError) as told:
        plan_for(make_case(folder, given, ONE_YEAR + knobs))
    return str(told.value)


def test_a_budget_below_what_must_be_paid(tmp_path: Path) -> None:
    budget = "period,category,amount\n2026,total,900\n2026,recruiting,5\n2026,people,5000"
    text = say(tmp_path, budget=budget)
    assert (
        "cannot be kept: the total budget of 2026. The cheapest way out is to raise the total budget of 2026 by 100 CNY"
        in text
    )
    assert "recruiting" not in text and "people budget" not in text


def test_of_two_budgets_each_too_small_one_is_the_conflict_and_both_are_to_be_raised(tmp_path: Path) -> None:
    text = say(tmp_path, budget="period,category,amount\n2026,total,900\n2026,people,950")
    conflict, way_out = text.split("The cheapest way out")
    assert conflict.count("budget") == 1
    assert "total budget of 2026 by 100 CNY" in way_out and "people budget of 2026 by 50 CNY" in way_out


def test_a_hard_establishment_and_nobody_to_be_released(tmp_path: Path) -> None:
    roles = f"{ROLES}\na,u,f,100,0,1000,,,,8"
    text = say(tmp_path, "plan: {establishment: hard}\n", roles=roles)
    assert (
        "cannot be kept: the establishment of u in 2026. " in text and "establishment of u in 2026 by 2.0 heads" in text
    )


def test_of_changes_that_are_as_small_the_one_with_the_cheapest_plan(tmp_path: Path) -> None:
    # At least 20 and at most 10 are asked for, and 15 needed: whoever gives way, ten heads in all; five each costs least.
    head = "limit,action,role,least,most"
    text = say(
        tmp_path,
        required=needs("a", 15),
        channels="channel,cost,lead_months\nboard,10,0",
        limits=f"{head}\nfloor,heads,a,20,\ncap,heads,a,,10",
    )
    assert (
        "the limit cap (table limits) of 2026 by 5.0" in text
        and "lower the limit floor (table limits) of 2026 by 5.0" in text
    )
    assert "; and " in text


def test_a_role_called_all_is_a_role(tmp_path: Path) -> None:
    # 10 are there, 3 are needed and 2 more may be too many; nobody may go.
    text = say(
        tmp_path,
        roles="role,unit,family,salary,on_cost,shortage_price,surplus_max\nall,u,f,100,0,1000,2",
        stock="role,headcount\nall,10",
        rates="role,tenure_from,cause,yearly_rate\nall,0,all,0",
        required=needs("all", 3),
    )
    assert "raise the largest surplus of all (surplus_max) in 2026 by 5.0 FTE" in text


def test_no_shortage_allowed_and_too_few_hires_allowed(tmp_path: Path) -> None:
    # 15 are needed and 10 there; 3 may be hired. The shortage or the cap gives way by 2.
    text = say(
        tmp_path,
        "plan: {shortage: forbidden}\nsupply: {external_hires_max: 3}\n",
        required=needs("a", 15),
        channels="channel,cost,lead_months\nboard,10,0",
    )
    conflict, way_out = text.split("The cheapest way out")
    assert "the cap on hires of 2026" in conflict and "the shortage of a in 2026" in conflict
    assert "by 2.0" in way_out
