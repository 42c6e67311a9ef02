"""Budgets of channels, the recruiting funnel and offers to stay, against cases solved by hand."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import openpyxl
import pytest
import xlsxwriter
from planning import make_case
from test_optimise import RATES, ROLES, needs

from workforce.errors import InputError
from workforce.forecast.attrition import fit_attrition
from workforce.forecast.demand import forecast_demand
from workforce.forecast.dynamics import Dynamics, describe_dynamics
from workforce.forecast.mobility import fit_mobility
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case
from workforce.measure.channel_budget import explain_channels, measure_channels
from workforce.measure.funnel import explain_funnel, measure_funnel
from workforce.measure.retention import explain_retention, measure_retention
from workforce.optimise.decisions import hand_over
from workforce.optimise.plan import Plan, optimise_plan
from workforce.optimise.solve import solve_model
from workforce.report.channel_page import draw_channels, show_channels, show_funnel, show_retention
from workforce.report.page_reasons import write_reason
from workforce.report.sheets import make_formats
from workforce.report.words_channels import CHANNEL_SENTENCES
from workforce.report.workbook_channels import write_channels

ONE_YEAR = 'time: {period: year, start: "2026", horizon: 1}\n'


def plan_with(case: Case) -> tuple[Dynamics, Plan]:
    attrition = fit_attrition(case)
    dynamics = describe_dynamics(case, attrition, fit_mobility(case, attrition))
    return dynamics, optimise_plan(case, dynamics, project_stocks(dynamics), forecast_demand(case))


def two_channels(folder: Path, need: int, knobs: str = ONE_YEAR, extra: dict[str, str] | None = None) -> Case:
    """Board: 10 an offer up to 12 a year, 30 up to 24, then 60. Agency: 20 up to 6, then 40. Nobody there, no pay."""
    tables = {
        "roles": f"{ROLES}\na,u,f,1,0,100000,,,,",
        "stock": "role,headcount\na,0",
        "rates": RATES,
        "required": needs("a", need),
        "channels": "channel,cost,lead_months,per\nboard,10,0,year\nagency,20,0,year",
        "channel_tiers": "channel,above,cost\nboard,12,30\nboard,24,60\nagency,6,40",
    }
    return make_case(folder, tables | (extra or {}), knobs)


def test_the_next_start_costs_the_same_through_every_channel_that_is_not_at_a_step(tmp_path: Path) -> None:
    # By hand, cheapest offers first: 12 x 10, 6 x 20, then 7 of the board's 12 at 30. Board 19, agency 6 (at its step).
    case = two_channels(tmp_path, 25)
    _, plan = plan_with(case)
    taken = plan.actions.set_index("via")
    assert taken["heads"].to_dict() == pytest.approx({"board": 19.0, "agency": 6.0})
    assert taken["cost"].to_dict() == pytest.approx({"board": 12 * 10 + 7 * 30, "agency": 6 * 20})
    assert plan.cost == pytest.approx(25 + 120 + 120 + 210)
    assert solve_model(plan.programme.model, "cbc").objective == pytest.approx(plan.cost, rel=1e-9)
    budget = measure_channels(case, plan).set_index("channel")
    assert budget["money"].to_dict() == pytest.approx({"board": 330.0, "agency": 120.0})
    assert budget["marginal"].to_dict() == {"board": 30.0, "agency": 40.0}
    assert budget["at_step"].to_dict() == {"board": 0, "agency": 1}
    assert budget["share"].sum() == pytest.approx(1.0)
    assert plan.costs.query("category == 'recruiting'")["amount"].sum() == pytest.approx(450.0)


@pytest.mark.parametrize("need", [5, 12, 17, 30, 31, 45])
def test_the_budget_of_each_channel_is_that_of_taking_the_cheapest_offer_each_time(tmp_path: Path, need: int) -> None:
    offers = sorted([10] * 12 + [30] * 12 + [60] * 40 + [20] * 6 + [40] * 40)
    _, plan = plan_with(two_channels(tmp_path, need))
    assert plan.cost == pytest.approx(need + sum(offers[:need]))


def test_a_start_through_a_leaking_channel_costs_its_offer_over_the_share_that_starts(tmp_path: Path) -> None:
    # 10 starts: the board's offers cost 10 and half start, so 20 a start up to 4 offers, then 15 / 0.5 = 30 a start;
    # the agency's 25 a start comes between: 2 starts from the board, 8 from the agency.
    tables = {
        "channels": "channel,cost,lead_months,per,joined\nboard,10,0,year,0.5\nagency,25,0,year,",
        "channel_tiers": "channel,above,cost\nboard,4,15",
    }
    case = two_channels(tmp_path, 10, extra=tables)
    budget = measure_channels(case, plan_with(case)[1]).set_index("channel")
    assert budget["offers"].to_dict() == pytest.approx({"board": 4.0, "agency": 8.0})
    assert budget["starts"].to_dict() == pytest.approx({"board": 2.0, "agency": 8.0})
    assert budget["marginal"].to_dict() == {"board": 30.0, "agency": 25.0}
    assert budget["cost_per_hire"].to_dict() == pytest.approx({"board": 20.0, "agency": 25.0})


def test_a_step_by_the_month_starts_anew_each_month_and_its_roles_share_it(tmp_path: Path) -> None:
    # 6 of a and 3 of b in January: 5 offers at 10, 4 at 50 whoever gets them; shared evenly, a pays 2/3 of the steps.
    case = make_case(
        tmp_path,
        {
            "roles": f"{ROLES}\na,u,f,12,0,120000,,,,\nb,u,f,12,0,120000,,,,",
            "stock": "role,headcount\na,0\nb,0",
            "rates": RATES + "\nb,0,all,0",
            "required": "role,period,fte\na,2026-01,6\na,2026-02,6\nb,2026-01,3\nb,2026-02,7",
            "channels": "channel,cost,lead_months,capacity\nboard,10,0,9",
            "channel_tiers": "channel,above,cost\nboard,5,50",
        },
        'time: {period: month, start: "2026-01", horizon: 2}\n',
    )
    dynamics, plan = plan_with(case)
    cost = plan.actions.set_index(["period", "to_role"])["cost"]
    assert cost["2026-01"].to_dict() == pytest.approx({"a": 60 + 4 * 40 * 6 / 9, "b": 30 + 4 * 40 * 3 / 9})
    assert cost["2026-02"].to_dict() == pytest.approx({"b": 40.0})
    seats = hand_over(plan, dynamics, case.tables.channels).joining
    assert len(seats.chance) == len(set(seats.name)) == 13
    row = measure_channels(case, plan).iloc[0]
    assert (row["year"], row["money"], row["full"]) == ("2026Q1", pytest.approx(290.0), 1)
    assert row["marginal"] == 10.0  # February has room below the step


def test_a_year_of_steps_is_paid_when_its_offers_are_made(tmp_path: Path) -> None:
    # 4 needed from January, 4 more from July; 5 a year at 10, the rest at 100: the first half may not pay for the second.
    case = make_case(
        tmp_path,
        {
            "roles": f"{ROLES}\na,u,f,12,0,120000,,,,",
            "stock": "role,headcount\na,0",
            "rates": RATES,
            "required": "role,period,fte\n" + "\n".join(f"a,2026-{m:02d},{4 if m < 7 else 8}" for m in range(1, 13)),
            "channels": "channel,cost,lead_months,per\nboard,10,0,year",
            "channel_tiers": "channel,above,cost\nboard,5,100",
            "budget": "period,category,amount\n2026Q1,recruiting,40\n2026Q3,recruiting,310",
        },
        'time: {period: month, start: "2026-01", horizon: 12}\nplan: {quarters: hard}\n',
    )
    _, plan = plan_with(case)
    assert plan.actions.groupby(plan.actions["period"].astype(str))["cost"].sum().to_dict() == pytest.approx(
        {"2026-01": 40.0, "2026-07": 310.0}
    )
    assert (plan.programme.columns.hires.size, len(plan.programme.steps)) == (12, 12)


def test_whole_offers_pay_for_the_part_of_a_head_beyond_a_step(tmp_path: Path) -> None:
    # 2.5 offers at 10 and 2.5 at 30: the steps may cut an offer in two, the offers stay whole.
    tables = {
        "channels": "channel,cost,lead_months,per\nboard,10,0,year",
        "channel_tiers": "channel,above,cost\nboard,2.5,30",
    }
    case = two_channels(tmp_path, 5, ONE_YEAR + "plan: {whole_periods: 1}\n", tables)
    actions = plan_with(case)[1].actions
    assert actions[["heads", "cost"]].to_numpy().tolist() == [[5.0, pytest.approx(2.5 * 10 + 2.5 * 30)]]


def test_every_reason_told_has_a_sentence_in_both_languages(tmp_path: Path) -> None:
    tables = {"channels": FUNNEL, "retention": "offer,cost,effect,reach\nx,1,0.5,1"}
    case = two_channels(tmp_path, 4, extra=tables | {"channel_tiers": f"channel,above,cost\nboard,{8 / 12!r},11"})
    run = as_run(case)
    told = explain_channels(case, run.tables["channel_budget"]) + explain_funnel(case, run.tables["funnel"])
    retention = run.tables["retention"]
    told += explain_retention(case, retention.assign(state="left", ratio=0.5))
    told += explain_retention(case, retention.assign(state="chosen", ratio=2.0))
    told += [
        ("channel_spent_full", told[0][1]),
        ("channel_full", {"channels": ["a"]}),
        ("stage_blank", {"channels": ["a"]}),
    ]
    keys = {key for key, _ in told}
    assert keys == {key for key in CHANNEL_SENTENCES if not key.startswith("unused_channel")}
    for key, values in told:
        for language in ("en", "zh"):
            assert key.replace("_", " ") not in write_reason(key, json.dumps(values), "CNY", language)


def test_a_cost_that_falls_with_volume_is_refused_and_says_why(tmp_path: Path) -> None:
    with pytest.raises(InputError) as found:
        two_channels(
            tmp_path, 1, extra={"channel_tiers": "channel,above,cost\nboard,12,8\nagency,6,40\nagency,9,40\nx,1,2"}
        )
    told = [(fault.row, fault.column, fault.value) for fault in found.value.faults]
    assert sorted(told) == [(2, "cost", "8"), (4, "cost", "40"), (5, "channel", "x")]
    assert "planned in fractions" in str(found.value)


FUNNEL = "channel,cost,lead_months,applied,screened,interviewed,offered,joined\nboard,10,0,,0.5,0.4,0.8,0.5\nfriend,90,0,,,,,"


def test_the_funnel_follows_the_same_people_from_stage_to_stage(tmp_path: Path) -> None:
    # 4 starts: 8 offers, 8 / 0.8 = 10 put up, 10 / 0.4 = 25 interviewed, 25 / 0.5 = 50 screened; yield 4 / 50.
    tables = {"channels": FUNNEL, "channel_tiers": "channel,above,cost"}
    case = two_channels(tmp_path, 4, extra=tables)
    funnel = measure_funnel(case, plan_with(case)[1])
    assert funnel["stage"].tolist() == ["screened", "interviewed", "offered", "joined"]
    assert funnel["entered"].tolist() == pytest.approx([50.0, 25.0, 10.0, 8.0])
    assert funnel["passed"].tolist() == pytest.approx([25.0, 10.0, 8.0, 4.0])
    assert funnel["share"].prod() == pytest.approx(4 / 50)
    assert explain_funnel(case, funnel)[0][1]["ratio"] == pytest.approx(12.5)


def test_interviewers_bound_the_starts_of_a_channel_with_a_poor_funnel(tmp_path: Path) -> None:
    # 25 interviews for 4 starts; 12.5 interviews a year (1.0416667 a month) leave 2, and the friends' channel, which has
    # no interviews, brings the others at 90.
    tables = {"channels": FUNNEL, "channel_tiers": "channel,above,cost"}
    tables["stage_capacity"] = f"stage,capacity\ninterviewed,{12.5 / 12!r}"
    case = two_channels(tmp_path, 4, extra=tables)
    _, plan = plan_with(case)
    assert plan.actions.set_index("via")["arriving"].to_dict() == pytest.approx({"board": 2.0, "friend": 2.0})
    # One more interview: 4 / 25 starts through the board at 20 each instead of 90.
    price = plan.prices.query("rule == 'stages'")
    assert price["price"].tolist() == pytest.approx([4 / 25 * 70]) and price["name"].tolist() == ["interviewed"]


def test_joined_and_arrive_are_one_share_and_may_not_contradict(tmp_path: Path) -> None:
    channels = "channel,cost,lead_months,arrive,joined\nw,1,0,1,0.8\nx,1,0,,0.8\ny,1,0,0.7,\nz,1,0,,"
    with pytest.raises(InputError, match="contradicts arrive") as found:
        two_channels(tmp_path / "bad", 1, extra={"channels": channels, "channel_tiers": "channel,above,cost"})
    assert [fault.row for fault in found.value.faults] == [2]
    good = channels.replace("w,1,0,1,0.8\n", "")
    case = two_channels(tmp_path / "good", 1, extra={"channels": good, "channel_tiers": "channel,above,cost"})
    assert case.tables.channels["arrive"].tolist() == [0.8, 0.7, 1.0]


def test_a_limit_on_a_stage_that_no_channel_has_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nobody would be counted"):
        two_channels(tmp_path, 1, extra={"stage_capacity": "stage,capacity\nscreened,5"})


def keep_case(folder: Path, knobs: str = "", tables: dict[str, str] | None = None) -> Case:
    """Half of 10 leave in the year; pay 100, short 1000 a head. Bonus: 40 a head, half the hazard, everybody takes it."""
    return make_case(
        folder,
        {
            "roles": f"{ROLES}\na,u,f,100,0,1000,,,,",
            "stock": "role,headcount\na,10",
            "rates": RATES.replace("all,0", "all,0.5"),
            "required": needs("a", 10),
            "retention": "offer,cost,effect,reach\nbonus,40,0.5,1\ngift,200,0.1,0.5",
        }
        | (tables or {}),
        ONE_YEAR + knobs,
    )


def test_an_offer_to_stay_is_worth_the_shortage_it_avoids_less_pay(tmp_path: Path) -> None:
    # A month's hazard is 1 - 0.5 ** (1 / 12); at half of it (1 - h / 2) ** 12 stay. Each one kept saves 1000 - 100.
    case = keep_case(tmp_path)
    dynamics, plan = plan_with(case)
    table = measure_retention(case, dynamics, plan).set_index("offer")
    kept = 10 * ((1 - (1 - 0.5 ** (1 / 12)) / 2) ** 12 - 0.5)
    bonus = table.loc["bonus"]
    assert (bonus["state"], bonus["chosen"], bonus["cost"]) == ("chosen", pytest.approx(1.0), pytest.approx(400.0))
    assert bonus["kept"] == pytest.approx(kept) and bonus["worth"] == pytest.approx(900 * kept)
    assert bonus["saved"] == pytest.approx(900 * kept - 400) and bonus["ratio"] == pytest.approx(900 * kept / 400)
    gift = 10 * 0.5 * ((1 - 0.9 * (1 - 0.5 ** (1 / 12))) ** 12 - 0.5)
    assert table.loc["gift", "state"] == "left"
    assert table.loc["gift", "ratio"] == pytest.approx(900 * gift / (10 * 0.5 * 200))
    idle = plan_with(make_idle(tmp_path / "idle"))[1]
    assert idle.cost - plan.cost == pytest.approx(bonus["saved"])  # solved again without offers


def make_idle(folder: Path) -> Case:
    return keep_case(folder, "supply: {retention: false}\n")


def test_an_offer_below_the_return_gate_is_listed_and_left_out(tmp_path: Path) -> None:
    # Output : input of the bonus 1000 x kept / (400 + 100 x kept) with 2.06 heads kept: 3.4; the gift's is below 1.
    case = keep_case(tmp_path, "plan: {return_ratio: 2.0}\n")
    dynamics, plan = plan_with(case)
    assert plan.gated["name"].tolist() == ["gift"]
    assert measure_retention(case, dynamics, plan).set_index("offer")["state"].to_dict() == {
        "bonus": "chosen",
        "gift": "gated",
    }


def test_an_offer_that_the_scenario_makes_is_valued_by_the_leavers_it_has_kept(tmp_path: Path) -> None:
    case = keep_case(tmp_path, "supply: {retention_offers: [bonus]}\n")
    dynamics, plan = plan_with(case)
    bonus = measure_retention(case, dynamics, plan).set_index("offer").loc["bonus"]
    kept = 10 * ((1 - (1 - 0.5 ** (1 / 12)) / 2) ** 12 - 0.5)
    assert (bonus["state"], bonus["kept"], bonus["chosen"]) == ("made", pytest.approx(kept), 1.0)


def test_where_a_budget_binds_an_offer_needs_more_than_its_cost(tmp_path: Path) -> None:
    # A retention budget of 100 buys a quarter of the bonus; one more unit of it saves what a unit of the bonus saves.
    tables = {"budget": "period,category,amount\n2026,retention,100"}
    case = keep_case(tmp_path, tables=tables)
    dynamics, plan = plan_with(case)
    table = measure_retention(case, dynamics, plan).set_index("offer")
    bonus, gift = table.loc["bonus"], table.loc["gift"]
    assert (bonus["cost"], bonus["chosen"]) == (pytest.approx(100.0), pytest.approx(0.25))
    assert bonus["hurdle"] == gift["hurdle"] == pytest.approx(bonus["ratio"])  # the price is what the bonus brings
    assert plan.prices.query("rule == 'budget'")["price"].tolist() == pytest.approx([bonus["ratio"] - 1.0])


def test_the_worth_of_a_person_kept_is_what_the_plan_saves_with_one_more(tmp_path: Path) -> None:
    # Where hiring closes every gap, one kept saves a hire: 30 for the offer taken up by 60%, so 50.
    tables = {
        "roles": f"{ROLES}\na,u,f,100,0,1000,,,,",
        "stock": "role,headcount\na,10",
        "rates": RATES.replace("all,0", "all,0.5"),
        "required": needs("a", 10),
        "channels": "channel,cost,lead_months,arrive\nboard,30,0,0.6",
        "retention": "offer,cost,effect,reach\nbonus,40,0.5,1",
    }
    case = make_case(tmp_path, tables, ONE_YEAR)
    dynamics, plan = plan_with(case)
    table = measure_retention(case, dynamics, plan)
    assert table["worth"].iloc[0] == pytest.approx(50 * table["kept"].iloc[0])
    assert table["state"].iloc[0] == "left"


def test_a_person_kept_saves_the_vacancy_that_would_be_filled_from_below(tmp_path: Path) -> None:
    # Bosses are replaced from the ranks: one boss more there is one vacancy less, and one fewer pulled up. The entries of
    # the offers in the programme, times the prices of its rows that are no limits, are the witness.
    roles = "role,unit,family,salary,on_cost,shortage_price,replaces_by"
    quarters = [f"2026Q{number}" for number in (1, 2, 3, 4)]
    case = make_case(
        tmp_path,
        {
            "roles": f"{roles}\na,u,f,100,0,300,push\nboss,u,f,200,0,1000,pull",
            "stock": "role,headcount\na,40\nboss,10",
            "rates": RATES.replace("all,0", "all,0.3") + "\nboss,0,all,0.4",
            "transitions": "from_role,to_role,yearly_rate\na,boss,0.2",
            "required": "role,period,fte\n" + "\n".join(f"a,{one},42\nboss,{one},12" for one in quarters),
            "channels": "channel,role,cost,lead_months,capacity\nboard,a,30,0,2\nhunter,boss,90,0,1",
            "retention": "offer,role,cost,effect,reach\nraise,a,2,0.4,0.5\nbonus,boss,2,0.4,0.5",
        },
        'time: {period: quarter, start: "2026Q1", horizon: 4}\n',
    )
    dynamics, plan = plan_with(case)
    assert (plan.programme.opened >= 0).any() and dynamics.pull_order
    model, keeps = plan.programme.model, plan.options.keeps
    rows, columns, values = model.triples()
    people = np.array([name.startswith(("balance_", "vacant_")) for name in model.row_names])
    worth = np.bincount(columns, np.where(people, plan.solution.prices, 0.0)[rows] * values, len(model.names))
    reached = plan.solution.amounts[plan.programme.columns.keeps]
    table = measure_retention(case, dynamics, plan)
    assert set(table["state"]) == {"chosen"}
    for line in table[table["state"] == "chosen"].itertuples():
        mine = (keeps["offer"] == line.offer).to_numpy()
        assert line.worth == pytest.approx(float((worth[plan.programme.columns.keeps] * reached)[mine].sum()))


def test_what_is_told_of_channels_says_what_more_money_buys(tmp_path: Path) -> None:
    case = two_channels(tmp_path, 25)
    told = explain_channels(case, measure_channels(case, plan_with(case)[1]))
    board, agency, step = (values for _, values in told)
    assert (board["name"], board["more"], board["bought"]) == ("board", 100.0, pytest.approx(100 / 30))
    assert (agency["name"], agency["share"]) == ("agency", pytest.approx(120 / 450))
    assert (step["name"], step["periods"], step["marginal"]) == ("agency", 1, 40.0)


def test_a_step_is_told_only_where_the_next_start_is_dearer_than_the_mean_one(tmp_path: Path) -> None:
    # January: 9 needed, 5 at 10 and 4 at 50, where offers rise to 60; February: 1 more at 10, with room for four.
    tables = {
        "roles": f"{ROLES}\na,u,f,12,0,120000,,,,",
        "required": "role,period,fte\na,2026-01,9\na,2026-02,10",
        "channels": "channel,cost,lead_months\nboard,10,0",
        "channel_tiers": "channel,above,cost\nboard,5,50\nboard,9,60",
    }
    months = 'time: {period: month, start: "2026-01", horizon: 2}\n'
    case = make_case(tmp_path, {"stock": "role,headcount\na,0", "rates": RATES} | tables, months)
    budget = measure_channels(case, plan_with(case)[1])
    assert budget[["money", "starts", "marginal", "at_step"]].to_numpy().tolist() == [pytest.approx([260, 10, 10, 1])]
    assert [key for key, _ in explain_channels(case, budget)] == ["channel_spent"]  # 26 each, the next one costs 10


def test_the_price_of_a_step_is_what_one_more_offer_before_it_saves(tmp_path: Path) -> None:
    # One more of the board's at 10, or of the agency's at 20, instead of the board's at 30; solved again it is the same.
    _, plan = plan_with(two_channels(tmp_path, 25))
    model, found = plan.programme.model, {}
    for row in [row for row, name in enumerate(model.row_names) if name.startswith("step_")]:
        price = plan.solution.prices[row]
        if abs(price) > 1e-9:
            side = np.concatenate(model.sides)
            side[row] += 1e-3
            again = solve_model(replace(model, sides=[side])).objective
            assert (again - plan.cost) / 1e-3 == pytest.approx(price, abs=1e-6)
            found[model.row_names[row]] = round(price, 6)
    assert sorted(found.values()) == [-20.0, -10.0]


def as_run(case: Case) -> SimpleNamespace:
    dynamics, plan = plan_with(case)
    retention = measure_retention(case, dynamics, plan)
    tables = {
        "channel_budget": measure_channels(case, plan),
        "funnel": measure_funnel(case, plan),
        "retention": retention,
    }
    return SimpleNamespace(tables=tables, summary={"currency": "CNY", "period": "year"})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_shows_the_budget_the_funnel_and_the_offers_to_stay(tmp_path: Path, language: str) -> None:
    tables = {
        "channels": FUNNEL,
        "channel_tiers": "channel,above,cost",
        "retention": "offer,cost,effect,reach\nx,1,0.5,1",
    }
    run = as_run(two_channels(tmp_path, 4, extra=tables))
    row, total = show_channels(run, language).rows
    assert row[:4] == ("board", {"en": "all roles", "zh": "全部岗位"}[language], "8.0", "4.0")
    assert total[2:4] == ("8.0", "4.0") and row[6] == {"en": "CNY 20", "zh": "20 元"}[language]
    assert show_funnel(run, language).rows == (
        ("board", "–", "50.0\n12.5", "25.0\n6.2", "10.0\n2.5", "8.0\n2.0", "4.0"),
    )
    assert show_retention(run, language).rows[0][:2] == ("x", "a")
    assert draw_channels(run, language) is not None


def test_the_workbook_sums_the_channels_money_live(tmp_path: Path) -> None:
    run = as_run(two_channels(tmp_path, 25))
    book = xlsxwriter.Workbook(str(tmp_path / "plan.xlsx"))
    write_channels(book, make_formats(book, "CNY"), run.tables, "CNY")
    book.close()
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["Channel budget"]
    live, seen = sheet, openpyxl.load_workbook(tmp_path / "plan.xlsx", data_only=True)["Channel budget"]
    money = [cell.column for cell in live[4]][[str(cell.value).startswith("Money") for cell in live[4]].index(True)]
    assert live.cell(live.max_row, money).value.startswith("=SUBTOTAL(109,")
    assert seen.cell(seen.max_row, money).value == 450


def test_without_hires_there_is_nothing_to_budget(tmp_path: Path) -> None:
    run = as_run(two_channels(tmp_path, 0))
    assert run.tables["channel_budget"].empty and run.tables["funnel"].empty and run.tables["retention"].empty
    assert draw_channels(run) is None and show_funnel(run) is None and show_retention(run) is None
