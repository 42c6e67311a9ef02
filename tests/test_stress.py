"""A plan put to the test. Witnesses: a crew whose every replacement can be followed by hand, two months of one person's
pay, and a shortage laid into one path of twenty."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from planning import make_case
from test_dynamics import describe

from workforce.forecast.demand import forecast_demand
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case
from workforce.measure.overruns import COLUMNS, explain_overruns, measure_overruns
from workforce.optimise.decisions import hand_over
from workforce.optimise.plan import optimise_plan
from workforce.report.page_reasons import show_points, write_reason
from workforce.report.risk_page import show_risks
from workforce.simulate.careers import Careers
from workforce.simulate.seats import NOBODY
from workforce.simulate.stress import Decisions, Stress, stress_plan
from workforce.simulate.worst import explain_worst, find_worst

ROLES = "role,unit,family,salary,on_cost,ramp_months,priority,establishment\nhand,shop,hands,12000,0,0,high,{heads}"
PLAIN = "simulation: {paths: 40, seed: 7, rate_uncertainty: false, demand_uncertainty: false}\n"
SERVED = "supply: {requisition_days: 0, external_hires_max: %s}\n"


def crew(folder: Path, months: int = 6, knobs: str = "", heads: int = 30, **tables: str) -> Case:
    """A crew of long service; who joins does not leave within a year, so that each is replaced once."""
    wanted = "".join(f"\nhand,2026-{month:02d},{heads}" for month in range(1, months + 1))
    given = {
        "roles": ROLES.format(heads=heads),
        "stock": f"role,headcount\nhand,{heads}",
        "rates": "role,cause,tenure_from,yearly_rate\nhand,all,0,0\nhand,all,12,0.9",
        "required": "role,period,fte" + wanted,
        "channels": "channel,role,cost,lead_months,capacity,arrive\nboard,hand,500,2,,1",
    }
    time = f'time: {{period: month, start: "2026-01", horizon: {months}}}\n'
    return make_case(folder, given | tables, time + (knobs or PLAIN + SERVED % "null"))


def hold(case: Case, heads: float = 30.0, offers: float = 0.0) -> tuple[Stress, Decisions]:
    """The stress of doing nothing where the plan expects everybody to stay, and makes offers that nobody takes."""
    dynamics = describe(case)
    shape = (len(case.periods), 1)
    channels = len(case.tables.channels)
    made = np.full((channels, shape[0]), offers)
    decisions = Decisions(NOBODY, (), np.zeros(shape), None, np.full(shape, heads), made)
    return stress_plan(case, dynamics, decisions, forecast_demand(case)), decisions


def test_every_leaver_is_replaced_after_the_time_to_fill(tmp_path: Path) -> None:
    stress, _ = hold(crew(tmp_path))
    left = stress.careers.leavers[:, :, 0]
    # The search is opened at the close and takes two months from the middle of the month: there at the second close after.
    missing = left + np.pad(left, ((0, 0), (1, 0)))[:, :-1]
    assert left.sum() > 500
    np.testing.assert_array_equal(stress.careers.closing[:, :, 0], 30 - missing)
    assert stress.backfill is not None
    np.testing.assert_array_equal(stress.backfill.offers[:, :, 0], left)
    np.testing.assert_array_equal(stress.backfill.money[:, :, 0], 500.0 * left)


def test_a_channel_s_capacity_holds_back_what_is_filled_again(tmp_path: Path) -> None:
    channels = "channel,role,cost,lead_months,capacity,arrive\nboard,hand,500,2,1,1"
    stress, _ = hold(crew(tmp_path, channels=channels))
    assert stress.backfill is not None
    assert stress.backfill.offers.max() == 1 and stress.backfill.offers.sum() > 40


@pytest.mark.parametrize(
    ("limits", "row"),
    [("capacity,per,pool", "6,year,"), ("capacity,per,pool", ",month,3"), ("capacity,per,pool", "1,month,2")],
)
def test_a_year_s_capacity_and_a_pool_hold_it_back_over_all_periods(tmp_path: Path, limits: str, row: str) -> None:
    # Half of the year is planned, so half of its six; a pool is not filled up again. Far more than that leave on every path.
    channels = f"channel,role,cost,lead_months,arrive,{limits}\nboard,hand,500,0,1,{row}"
    stress, _ = hold(crew(tmp_path, channels=channels))
    assert stress.backfill is not None and stress.careers.leavers.sum(axis=(1, 2)).min() > 3
    most = 2 if row.endswith("2") else 3
    np.testing.assert_array_equal(stress.backfill.offers.sum(axis=(1, 2)), np.full(40, most))


def test_who_is_searched_for_again_costs_the_price_of_the_period(tmp_path: Path) -> None:
    index = "category,period,times\nrecruiting,2026-02,3\nall,2026-04,2"
    stress, _ = hold(crew(tmp_path, price_index=index))
    assert stress.backfill is not None
    price = 500.0 * np.array([1, 3, 1, 2, 1, 1])
    np.testing.assert_array_equal(stress.backfill.money[:, :, 0], stress.backfill.offers[:, :, 0] * price)
    assert (stress.backfill.offers.sum(axis=(0, 2)) > 0).all()


@pytest.mark.parametrize(("per", "steps"), [("month", (2, 4)), ("year", (50, 60))])
def test_who_is_searched_for_beyond_a_step_costs_what_the_next_offer_costs(
    tmp_path: Path, per: str, steps: tuple[int, int]
) -> None:
    channels = f"channel,role,cost,lead_months,arrive,per\nboard,hand,500,2,1,{per}"
    tiers = f"channel,role,above,cost\nboard,hand,{steps[0]},800\nboard,hand,{steps[1]},1000"
    index = "category,period,times\nrecruiting,2026,3"
    stress, _ = hold(crew(tmp_path, channels=channels, channel_tiers=tiers, price_index=index), offers=1.5)
    assert stress.backfill is not None
    made, money = (part[:, :, 0] for part in (stress.backfill.offers, stress.backfill.money))
    # Half of the year is planned, so half of its steps; what a number of offers costs is read off a line drawn by hand.
    first, then = (step * (1.0 if per == "month" else 0.5) for step in steps)
    bought = [0.0, first, then, then + 1000.0]
    costs = np.cumsum([0.0, 500 * first, 800 * (then - first), 1000 * 1000.0])
    counted, planned = (made, 1.5) if per == "month" else (made.sum(axis=1), 9.0)
    paid = 3 * (np.interp(planned + counted, bought, costs) - np.interp(planned, bought, costs))
    np.testing.assert_allclose(money if per == "month" else money.sum(axis=1), paid)
    assert (counted + planned < first).any() and (counted + planned > then).any()


def test_offers_that_nobody_takes_are_made_again(tmp_path: Path) -> None:
    channels = "channel,role,cost,lead_months,capacity,arrive\nboard,hand,500,0,,0.5"
    stress, _ = hold(crew(tmp_path, channels=channels))
    assert stress.backfill is not None
    made, joined = stress.backfill.offers.sum(), stress.backfill.joined.sum()
    assert joined / made == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / made) + 0.05)


@pytest.mark.parametrize("knobs", [PLAIN + SERVED % "0", PLAIN.replace("}", ", backfill: false}")])
def test_a_freeze_and_the_switch_stop_backfilling(tmp_path: Path, knobs: str) -> None:
    stress, _ = hold(crew(tmp_path, knobs=knobs))
    np.testing.assert_array_equal(stress.careers.closing[:, :, 0], 30 - stress.careers.leavers[:, :, 0].cumsum(axis=1))


def test_nothing_is_searched_for_in_the_last_periods_that_are_only_provided_for(tmp_path: Path) -> None:
    free, _ = hold(crew(tmp_path / "free"))
    held, _ = hold(crew(tmp_path / "held", knobs=PLAIN + SERVED % "null" + "plan: {end_periods: 2}\n"))
    assert free.backfill is not None and held.backfill is not None and (free.backfill.offers.sum(axis=(0, 2)) > 0).all()
    # What was begun before goes on: who comes in the last months was searched for two months before.
    np.testing.assert_array_equal(held.backfill.offers[:, :4], free.backfill.offers[:, :4])
    np.testing.assert_array_equal(held.backfill.joined, free.backfill.joined)
    assert not held.backfill.offers[:, 4:].any()
    left = held.careers.leavers[:, :, 0]
    missing = left.cumsum(axis=1) - np.pad(left, ((0, 0), (2, 0)))[:, :-2].cumsum(axis=1)
    np.testing.assert_array_equal(held.careers.closing[:, :, 0], 30 - missing)
    waiting = left[:, :4].sum(axis=1) - held.backfill.joined.sum(axis=(1, 2))
    np.testing.assert_array_equal(held.backfill.waiting[:, -1, 0], waiting)


def test_nobody_is_searched_for_where_a_role_has_more_than_it_needs(tmp_path: Path) -> None:
    wanted = "role,period,fte" + "".join(f"\nhand,2026-{month:02d},5" for month in range(1, 7))
    stress, _ = hold(crew(tmp_path, required=wanted))
    assert stress.backfill is not None and stress.careers.closing.min() >= 5 and not stress.backfill.offers.any()


def planned(case: Case) -> pd.DataFrame:
    dynamics, demand = describe(case), forecast_demand(case)
    plan = optimise_plan(case, dynamics, project_stocks(dynamics), demand)
    stress = stress_plan(case, dynamics, hand_over(plan, dynamics, case.tables.channels), demand, paths=20_000)
    return measure_overruns(case, dynamics, stress, plan.stocks, plan.costs, plan.budget)


def test_the_probability_of_an_overrun_is_that_of_staying(tmp_path: Path) -> None:
    # One person at 1,000 a month who leaves with 0.2 a month, and 1,500 for two months: too little only if they stay both.
    rates = f"role,cause,tenure_from,yearly_rate\nhand,all,0,{1 - 0.8**12}"
    budget = "period,category,amount\n2026,total,9000"
    case = crew(tmp_path, 2, PLAIN, 1, rates=rates, budget=budget, channels="channel,role,cost,lead_months")
    overruns = planned(case)
    row = overruns[overruns["kind"] == "budget"].iloc[0]
    error = np.sqrt(0.64 * 0.36 / 20_000)
    assert row["amount"] == 1500.0 and row["planned"] == pytest.approx(1000 * (0.8 + 0.64))
    assert row["probability"] == pytest.approx(0.64, abs=4 * error)
    assert row["mean"] == pytest.approx(row["planned"], abs=4 * 1000 / np.sqrt(20_000))
    told = dict(explain_overruns(overruns))
    assert "is overrun in 6" in write_reason("overrun_budget", json.dumps(told["overrun_budget"]), "CNY")


def test_the_report_opens_with_the_total_budget_that_is_likeliest_to_be_overrun() -> None:
    rows = [("2026", "recruiting", 1.0), ("2026", "total", 0.2), ("2027", "total", 0.9), ("2026Q1", "total", 0.95)]
    overruns = pd.DataFrame(
        [("budget", "", year, category, 100.0, 90.0, 95.0, 110.0, sure) for year, category, sure in rows],
        columns=COLUMNS,
    )
    told = [(key, json.dumps(values)) for key, values in explain_overruns(overruns)]
    assert [(json.loads(values)["year"], json.loads(values)["category"]) for _, values in told] == [
        ("2027", "total"), ("2026", "total"), ("2026Q1", "total"), ("2026", "recruiting")]  # fmt: skip
    reasons = pd.DataFrame(told, columns=["key", "values"]).assign(order=range(len(told)))
    run = SimpleNamespace(tables={"reasons": reasons}, summary={"currency": "CNY"})
    (point,) = show_points(run).points
    assert point.startswith("The budget of 2027 of CNY 100 is overrun in 90% of the futures")
    assert "2027年预算" in show_points(run, "zh").points[0]
    assert len(show_risks("overrun", run).points) == 4


def test_the_probability_of_too_many_heads_is_that_of_all_staying(tmp_path: Path) -> None:
    rates = f"role,cause,tenure_from,yearly_rate\nhand,all,0,{1 - 0.8**12}"
    roles, none = ROLES.format(heads=1), "channel,role,cost,lead_months"
    overruns = planned(crew(tmp_path, 2, PLAIN, 2, rates=rates, roles=roles, channels=none))
    posts = overruns[overruns["kind"] == "establishment"].set_index("period")
    assert posts.loc["2026-01", "probability"] == pytest.approx(0.64, abs=0.015)
    assert posts.loc["2026-02", "probability"] == pytest.approx(0.64**2, abs=0.015)
    assert (posts["amount"] == 1.0).all()


def test_the_worst_paths_name_who_where_and_when(tmp_path: Path) -> None:
    two = "role,unit,family,salary,ramp_months,priority\nhand,shop,hands,12000,0,high\nboss,office,heads,9000,0,low"
    stock = "role,headcount\nhand,30\nboss,2"
    wanted = "role,period,fte" + "".join(f"\n{role},2026-{m:02d},2" for role in ("hand", "boss") for m in range(1, 7))
    case = crew(
        tmp_path,
        roles=two,
        stock=stock,
        required=wanted,
        rates="role,cause,tenure_from,yearly_rate\nhand,all,0,0\nboss,all,0,0",
    )
    stress, _ = two_roles(case)
    required, effective = np.full((1, 6, 2), 2.0), np.full((20, 6, 2), 2.0)
    effective[3, 3:, 1] = 0.5  # the boss's post, 1.5 FTE short from April on one path of twenty
    effective[:, 0, 0] = 1.8  # and a little of the crew's on all
    leavers = stress.careers.leavers.copy()
    leavers[3, 2, 1] = 1
    careers: Careers = replace(stress.careers, leavers=leavers)
    worst = find_worst(describe(case), replace(stress, careers=careers, required=required, effective=effective))
    assert len(worst) == 1
    row = worst.iloc[0]
    assert (row["role"], row["unit"], row["quarter"], row["paths"]) == ("boss", "office", "2026Q2", 1)
    assert row["shortage"] == pytest.approx(1.5) and row["mean_shortage"] == pytest.approx(1.5 / 20)
    assert row["total"] == pytest.approx((4.5 + 0.2) / 12) and row["mean_total"] == pytest.approx((4.5 / 20 + 0.2) / 12)
    assert (row["left"], row["mean_left"]) == (1.0, pytest.approx(1 / 20))
    told = explain_worst(worst)
    assert [key for key, _ in told] == ["worst_paths", "worst_unit", "worst_role"]
    assert told[1][1] == {"unit": "office", "share": pytest.approx(1.0)}


def two_roles(case: Case) -> tuple[Stress, Decisions]:
    shape = (len(case.periods), 2)
    decisions = Decisions(NOBODY, (), np.zeros(shape))
    return stress_plan(case, describe(case), decisions, forecast_demand(case), paths=20), decisions
