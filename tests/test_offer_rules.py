"""What searching again keeps of the rules on offers. Witness: a crew in which every leaver is searched for once, so that the
offers of each month can be followed by hand from who has left and what the rule leaves."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from test_dynamics import describe
from test_stress import PLAIN, SERVED, crew, hold

from workforce.forecast.demand import forecast_demand
from workforce.forecast.stocks import project_stocks
from workforce.optimise.decisions import hand_over
from workforce.optimise.plan import optimise_plan
from workforce.report.page_reasons import write_reason
from workforce.report.risk_words import RISKS
from workforce.simulate.backfill import Backfill
from workforce.simulate.offer_rules import explain_refilling
from workforce.simulate.seats import NOBODY
from workforce.simulate.stress import Decisions, stress_plan

ALL, EACH = [(0, 6)], [(month, month + 1) for month in range(6)]


def searched(left: np.ndarray, windows: list[tuple[int, int]], most: int) -> np.ndarray:
    """[path, month] offers where everybody who has left is searched for as soon as the windows allow."""
    offers = np.zeros_like(left)
    for month in range(left.shape[1]):
        wanted = left[:, : month + 1].sum(axis=1) - offers.sum(axis=1)
        room = [most - offers[:, begin:end].sum(axis=1) for begin, end in windows if begin <= month < end]
        offers[:, month] = np.minimum(wanted, *room) if room else wanted
    return offers


@pytest.mark.parametrize(
    ("columns", "row", "windows", "most"),
    [
        ("most", "2", EACH, 2),
        ("most,times,via", "5,2,board", EACH, 2),  # each counts twice, and a half of one is none
        ("most,period", "0,2026-02", [(1, 2)], 0),
        ("most,period", "3,2026Q2", [(3, 6)], 3),
        ("most,per", "12,year", ALL, 6),  # half of the year is planned
        ("most,per,family", "7,plan,hands", ALL, 7),
        ("least,per,times", "-7,plan,-1", ALL, 7),
    ],
)
def test_rules_of_hires_alone_are_kept(
    tmp_path: Path, columns: str, row: str, windows: list[tuple[int, int]], most: int
) -> None:
    stress, _ = hold(crew(tmp_path, limits=f"limit,action,{columns}\ncap,hire,{row}"))
    assert stress.backfill is not None
    left, offers = stress.careers.leavers[:, :, 0], stress.backfill.offers[:, :, 0]
    np.testing.assert_array_equal(offers, searched(left, windows, most))
    assert (offers < searched(left, [], 0)).any()  # the rule holds something back


@pytest.mark.parametrize(("limit", "most"), [("interviewed,,5", 2), ("applied,board,5", 1), ("joined,,1", 1)])
def test_a_stage_handles_so_many_a_month_for_whoever_is_searched_for(tmp_path: Path, limit: str, most: int) -> None:
    # 5 apply for every 2.5 who are interviewed and 1.25 who are offered the post: one offer.
    channels = "channel,role,cost,lead_months,arrive,applied,interviewed,offered\nboard,hand,500,2,1,0.5,0.5,0.8"
    stress, _ = hold(crew(tmp_path, channels=channels, stage_capacity=f"stage,channel,capacity\n{limit}"))
    assert stress.backfill is not None
    np.testing.assert_array_equal(
        stress.backfill.offers[:, :, 0], searched(stress.careers.leavers[:, :, 0], EACH, most)
    )


def test_offers_of_one_channel_may_make_room_for_those_of_another(tmp_path: Path) -> None:
    channels = "channel,role,cost,lead_months,capacity,arrive\nagency,hand,900,0,,1\nboard,hand,500,2,1,1"
    limits = "limit,action,via,times,per,most\nfew,hire,agency,1,plan,0\nfew,hire,board,-1,plan,"
    stress, _ = hold(crew(tmp_path, channels=channels, limits=limits))
    assert stress.backfill is not None
    # Far more than twelve leave on every path, whom the agency would all find: it gets one for each that the board has.
    assert (stress.careers.leavers.sum(axis=(1, 2)) > 12).all()
    np.testing.assert_array_equal(stress.backfill.used[:, 1], np.ones((40, 6)))
    np.testing.assert_array_equal(stress.backfill.used[:, 0].sum(axis=1), np.full(40, 6))


def test_what_the_plan_offers_the_roles_that_a_rule_means_counts_first(tmp_path: Path) -> None:
    roles = "role,unit,family,salary,ramp_months,priority\nhand,shop,hands,9000,0,low\nboss,office,heads,9000,0,high"
    wanted = "role,period,fte" + "".join(f"\n{role},2026-{m:02d},30" for role in ("hand", "boss") for m in range(1, 7))
    case = crew(
        tmp_path,
        roles=roles,
        stock="role,headcount\nhand,30\nboss,30",
        required=wanted,
        rates="role,cause,tenure_from,yearly_rate\n"
        + "\n".join(f"{role},all,0,0\n{role},all,12,0.9" for role in ("hand", "boss")),
        channels="channel,cost,lead_months,capacity,arrive\nboard,500,2,100,1",
        limits="limit,action,unit,per,most\ncap,hire,office,plan,5.5",
    )
    planned = pd.DataFrame({"row": [0, 0, 0], "role": [1, 0, 1], "start": [4, 0, -1], "heads": [2.0, 9.0, 7.0]})
    shape = (6, 2)
    decisions = Decisions(
        replace(NOBODY, offers=planned), (), np.zeros(shape), None, np.full(shape, 30.0), np.zeros((1, 6))
    )
    stress = stress_plan(case, describe(case), decisions, forecast_demand(case))
    assert stress.backfill is not None
    # Two of the five and a half are the plan's for the office; who was under way before the plan is no offer of it.
    np.testing.assert_array_equal(
        stress.backfill.offers[:, :, 1], searched(stress.careers.leavers[:, :, 1], [(0, 6)], 3)
    )
    np.testing.assert_array_equal(stress.backfill.offers[:, :, 0], stress.careers.leavers[:, :, 0])


def test_a_plan_that_uses_a_rule_up_leaves_the_searches_nothing(tmp_path: Path) -> None:
    case = crew(tmp_path, limits="limit,action,per,most\ncap,hire,plan,9")
    dynamics, demand = describe(case), forecast_demand(case)
    decisions = hand_over(
        optimise_plan(case, dynamics, project_stocks(dynamics), demand), dynamics, case.tables.channels
    )
    assert decisions.offers is not None and decisions.offers.sum() == pytest.approx(9.0)
    stress = stress_plan(case, dynamics, decisions, demand)
    assert isinstance(stress.backfill, Backfill) and not stress.backfill.offers.any()
    loose = stress_plan(crew(tmp_path / "loose"), dynamics, decisions, demand)
    assert isinstance(loose.backfill, Backfill) and loose.backfill.offers.any()


def test_rules_that_searching_cannot_keep_are_named(tmp_path: Path) -> None:
    limits = """limit,action,times,least,most
        both,hire,1,,5
        both,release,1,,
        own,hire,-1,0,
        own,keep,2,,
        freeze,hire,1,,0
        floor,hire,1,1,
        floor,release,1,,
        apart,release,1,,3"""
    told = explain_refilling(crew(tmp_path / "on", limits=limits))
    assert told == [("uncertainty_rules", {"names": "both, own"})] and told[0][0] in RISKS
    values = json.dumps(told[0][1])
    assert write_reason("uncertainty_rules", values, "CNY").endswith("other things: both, own.")
    assert write_reason("uncertainty_rules", values, "CNY", "zh").endswith("：both、own。")
    still = PLAIN.replace("}", ", backfill: false}") + SERVED % "null"
    assert explain_refilling(crew(tmp_path / "off", limits=limits, knobs=still)) == []
