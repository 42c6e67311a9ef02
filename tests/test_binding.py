"""What one more unit of a limit is worth, solved by hand: the price, how far it holds, and the proof by solving again."""

import dataclasses
import json
from pathlib import Path

import pytest
from planning import make_case
from test_optimise import RATES, ROLES, needs, plan_for
from test_plan_properties import draw_case

from workforce.errors import RunError
from workforce.optimise import conflict_words
from workforce.optimise.binding import NO_RULES, prove_prices
from workforce.optimise.explain import explain_plan
from workforce.report.page_reasons import write_reason
from workforce.report.vocabulary import LABELS

ONE_YEAR = 'time: {period: year, start: "2026", horizon: 1}\n'


def tables(**more: str) -> dict[str, str]:
    """10 are present at 100 a year, 15 are needed, one short costs 1000: a joiner saves 900 less what the channel costs."""
    return {
        "roles": f"{ROLES}\na,u,f,100,0,1000,,,,",
        "stock": "role,headcount\na,10",
        "rates": RATES,
        "required": needs("a", 15),
    } | more


def prove(folder: Path, given: dict[str, str], knobs: str = ONE_YEAR):
    plan = plan_for(make_case(folder, given, knobs))
    return plan, prove_prices(plan.programme, plan.solution, plan.goal, plan.prices)


def test_a_capacity_is_worth_what_the_dearer_way_costs_more_until_nobody_is_short(tmp_path: Path) -> None:
    # Two offers at 10, the other three at 410: one more of the first saves 400, up to all five.
    channels = "channel,role,cost,lead_months,capacity,per\nboard,a,10,0,2,year\nagency,a,410,0,,year"
    _, prices = prove(tmp_path, tables(channels=channels))
    row = prices.iloc[0]
    assert (row["rule"], row["name"], row["period"], row["unit"]) == ("capacity", "board_a", "2026", "money per offer")
    assert row[["price", "limit", "low", "high", "more", "saved", "then"]].tolist() == pytest.approx(
        [400, 2, 0, 5, 1, 400, 400]
    )
    assert len(prices) == 1


def test_a_price_that_ends_within_the_next_unit_is_told_by_what_solving_again_saves(tmp_path: Path) -> None:
    # 14.4 are needed: of one more than the four that board finds, only 0.4 have work, worth 890 each.
    channels = "channel,role,cost,lead_months,capacity,per\nboard,a,10,0,4,year"
    plan, prices = prove(tmp_path, tables(channels=channels, required=needs("a", 14.4)))
    row = prices.iloc[0]
    assert row[["price", "high", "saved", "then"]].tolist() == pytest.approx([890, 4.4, 0.4 * 890, 0.0])
    case = make_case(tmp_path, tables(channels=channels, required=needs("a", 14.4)), ONE_YEAR)
    values = explain_plan(case, plan, prices).set_index("key")["values"]["limit_price"]
    said = write_reason("limit_price", values, "CNY")
    assert said == (
        "The capacity of board_a in 2026 (4) is used up: one more offer would save CNY 890. "
        "Solved again with 1 more: CNY 356 saved, and the next after that would save CNY 0. "
        "The price holds at least for limits from 0 to 4.4."
    )
    assert "2026年 board_a 的渠道产能（4）已用尽" in write_reason("limit_price", values, "CNY", "zh")


def test_the_band_of_a_quarter_is_named_by_its_quarter(tmp_path: Path) -> None:
    given = tables(
        channels="channel,cost,lead_months\nboard,10,0",
        required="role,period,fte\na,2026,15",
        budget="period,category,amount\n2026Q1,recruiting,20\n2026Q2,recruiting,20",
    )
    _, prices = prove(tmp_path, given, 'time: {period: quarter, start: "2026Q1", horizon: 2}\n')
    bands = prices[prices["rule"] == "quarters"]
    assert set(bands["name"]) == {"recruiting"} and set(bands["period"]) <= {"2026Q1", "2026Q2"}
    # Soft: a unit beyond the band costs 0.5 more, and only the first quarter is ever short of money for the five.
    assert bands["price"].max() == pytest.approx(0.5)
    case = make_case(tmp_path, given, 'time: {period: quarter, start: "2026Q1", horizon: 2}\n')
    values = explain_plan(case, plan_for(case)).set_index("key")["values"]["band_price"]
    assert "one more CNY would save 0.50 CNY in all" in write_reason("band_price", values, "CNY")


def test_prices_of_a_weighted_goal_are_in_money(tmp_path: Path) -> None:
    channels = "channel,role,cost,lead_months,capacity,per\nboard,a,10,0,2,year\nagency,a,410,0,,year"
    knobs = ONE_YEAR + "plan: {objective: weighted, weights: {cost: 5, shortage: 0, releases: 0}}\n"
    _, prices = prove(tmp_path, tables(channels=channels), knobs)
    assert prices.iloc[0][["price", "saved", "then"]].tolist() == pytest.approx([400, 400, 400])


def test_where_money_has_no_weight_nothing_is_told_in_money(tmp_path: Path) -> None:
    knobs = ONE_YEAR + "plan: {objective: weighted, weights: {cost: 0, shortage: 1}}\n"
    channels = "channel,cost,lead_months\nboard,10,0\nagency,25,0"
    case = make_case(tmp_path, tables(channels=channels, budget="period,category,amount\n2026,recruiting,40"), knobs)
    told = explain_plan(case, plan_for(case))
    assert {"budget_used"} <= set(told["key"]) and not {"budget_price", "budget_slack", "unused_channel"} & set(
        told["key"]
    )
    assert not told["values"].str.contains("NaN").any()


def test_what_was_solved_in_parts_is_not_solved_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    channels = "channel,role,cost,lead_months,capacity,per\nboard,a,10,0,2,year"
    plan = plan_for(make_case(tmp_path, tables(channels=channels), ONE_YEAR))
    monkeypatch.setattr("workforce.optimise.binding.IN_PARTS", 1)
    without = dataclasses.replace(plan.solution, basis=None)
    prices = prove_prices(plan.programme, without, plan.goal, plan.prices)
    assert prices["price"].tolist() == pytest.approx([890]) and prices["saved"].isna().all()
    assert prices["limit"].tolist() == [2] and prices[["low", "high"]].isna().all().all()


def test_a_channel_left_aside_is_used_once_it_is_as_much_cheaper_as_said(tmp_path: Path) -> None:
    # The board finds the five for 10 each where a recruiting budget of 40 pays four: money is worth 1 + 890 / 10 = 90.
    base = "channel,role,cost,lead_months\nboard,a,10,0\nagency,a,"
    budget = "period,category,amount\n2026,recruiting,40"
    case = make_case(tmp_path / "dear", tables(channels=f"{base}25,0", budget=budget), ONE_YEAR)
    plan = plan_for(case)
    told = explain_plan(case, plan).set_index("key")["values"].map(json.loads)["unused_channel"]
    assert told["name"] == "agency" and told["cheaper"] == pytest.approx(15)
    for cost, used in ((25 - told["cheaper"] + 0.5, False), (25 - told["cheaper"] - 0.5, True)):
        cheaper = plan_for(make_case(tmp_path / str(cost), tables(channels=f"{base}{cost},0", budget=budget), ONE_YEAR))
        assert (cheaper.actions["via"] == "agency").any() == used


def test_in_whole_people_no_price_says_how_much_cheaper(tmp_path: Path) -> None:
    channels = "channel,role,cost,lead_months\nboard,a,10,0\nagency,a,25,0"
    case = make_case(tmp_path, tables(channels=channels), ONE_YEAR + "plan: {whole_periods: 1}\n")
    told = explain_plan(case, plan_for(case)).set_index("key")["values"].map(json.loads)["unused_channel"]
    assert told == {"name": "agency", "currency": "CNY"}


def test_a_conflict_is_said_in_both_languages(tmp_path: Path) -> None:
    given = tables(required=needs("a", 10), budget="period,category,amount\n2026,total,900")
    with pytest.raises(RunError) as told:
        plan_for(make_case(tmp_path, given, ONE_YEAR))
    assert "raise the total budget of 2026 by 100 CNY" in str(told.value)
    assert told.value.told_in("zh").message == (
        "没有方案能满足全部限制；以下规则不能同时满足：2026年总预算。代价最小的办法：将2026年总预算提高 100 CNY"
    )
    assert told.value.told_in("fr").message == told.value.message


def test_every_rule_of_a_plan_has_a_name_in_both_languages() -> None:
    rules = set(conflict_words._NAMED) - set(NO_RULES) - {"shortage", "surplus_max"}  # bounds, not rows
    assert {f"rule.{rule}" for rule in rules} <= set(LABELS)
    assert {f"one.{rule}" for rule in rules - {"budget", "quarters", "inside"}} <= set(LABELS)


def test_savings_are_concave_in_every_limit_of_random_companies(tmp_path: Path) -> None:
    counted = 0
    for seed in range(6):
        plan = plan_for(draw_case(tmp_path / str(seed), seed))
        prices = prove_prices(plan.programme, plan.solution, plan.goal, plan.prices)
        assert (prices["price"] > 0).all()  # there is no floor among the rules of these companies
        proved, held = prices.dropna(subset=["saved"]), prices.dropna(subset=["limit"])
        assert (proved["saved"] <= proved["price"] * proved["more"] * (1 + 1e-6)).all()
        assert (proved["saved"] >= proved["then"] * proved["more"] * (1 - 1e-6) - 1e-6).all()
        assert (held["low"] <= held["limit"] + 1e-6).all() and (held["limit"] <= held["high"] + 1e-6).all()
        counted += len(proved)
    assert counted > 10
