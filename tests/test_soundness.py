"""Bad input to the plan: a sentence that says which and what to do."""

import json
from pathlib import Path

import pytest
from planning import make_case
from test_decisions import PAID
from test_dynamics import describe
from test_optimise import RATES, YEARLY, needs, plan_for

from workforce.errors import InputError
from workforce.optimise.telling import tell_decisions
from workforce.report.page_reasons import write_reason

SOUND = {
    "roles": f"{PAID},establishment\na,u,f,100,0,1000,20\nb,u,f,100,0,1000,",
    "stock": "role,headcount\na,10\nb,2",
    "rates": RATES + "\nb,0,all,0",
    "required": needs("a", 10, 10, 10) + "\n" + needs("b", 3, 3, 3).split("\n", 1)[1],
    "channels": "channel,role,cost,lead_months,capacity\nboard,a,1,12,1",
    "programmes": "programme,from_role,to_role,months,cost,eligible\nschool,a,b,12,1,0.1",
}


@pytest.mark.parametrize(
    ("tables", "knobs", "said"),
    [
        ({"roles": f"{PAID}\na,u,f,,0,1000\nb,u,f,100,0,1000"}, "", "salary"),
        ({"programmes": "programme,from_role,to_role,months,cost\nschool,a,c,12,1"}, "", "is not in roles"),
        ({"roles": f"{PAID},contract_max\na,u,f,100,0,1000,0.1\nb,u,f,100,0,1000,"}, "", "states its contract_cost"),
        ({"roles": f"{PAID},overtime_max\na,u,f,100,0,1000,0.1\nb,u,f,100,0,1000,"}, "", "overtime_premium"),
        ({"roles": f"{PAID},short_time_heads\na,u,f,100,0,1000,3\nb,u,f,100,0,1000,"}, "", "short_time_cost"),
        ({"budget": "period,category,amount\n2026,total,0"}, "", "a budget of 0 cannot pay the people who are there"),
        ({}, "plan: {objective: weighted, weights: {cost: 0}}", "nothing is sought where every weight is 0"),
        ({}, "plan: {budget: 0.0}", "a budget of 0 cannot pay the people who are there"),
        (
            {"channels": SOUND["channels"].replace(",12,", ",36,"), "programmes": SOUND["programmes"].replace(",12,", ",48,")},
            "",
            "the plan covers 36 months, and no channel, programme or move takes effect within them: the fastest takes 36",
        ),
        ({"under_way": "via,role,period,heads\nboard,a,2026,13"}, "", "capacity of board is 12 .* below the 13 under way"),
        ({"under_way": "via,role,period,heads\nschool,b,2026,2"}, "", "school may hold 1 of a .* below the 2 under way"),
        ({"under_way": "via,role,period,heads\nfair,a,2026,1"}, "", "is no channel of channels and no programme"),
        ({"under_way": "via,role,period,heads\nboard,b,2026,1"}, "", "board does not lead into this role"),
        ({"under_way": "via,role,period,heads\nboard,a,2031,1"}, "", "is not a period of the plan"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_missing_is_said_with_its_mend(tmp_path: Path, tables: dict, knobs: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        plan_for(make_case(tmp_path, SOUND | tables, YEARLY + knobs + "\n"))


def test_the_sound_tables_are_planned(tmp_path: Path) -> None:
    assert plan_for(make_case(tmp_path, SOUND, YEARLY)).cost > 0


LATE = {
    "channels": SOUND["channels"].replace(",12,", ",36,"),
    "programmes": SOUND["programmes"].replace(",12,", ",48,"),
    "required": needs("a", 9, 9, 9) + "\n" + needs("b", 3, 3, 3).split("\n", 1)[1],
}


@pytest.mark.parametrize(
    ("columns", "tables", "knob", "action", "heads"),
    [
        ("contract_max,contract_cost\n{a},,\n{b},0.5,150", {}, "contractors", "contract", 1),
        ("overtime_max,overtime_cost\n{a},,\n{b},0.25,150", {}, "overtime", "overtime", 0.5),
        ("release_max,severance\n{a},1,10\n{b},,", {}, "releases", "release", 1),
        ("short_time_max,short_time_cost\n{a},0.1,0\n{b},,", {}, "short_time", "short_time", 1),
        ("span\n{a},\n{b},", {"stand_ins": "from_role,to_role\na,b"}, "stand_ins", "stand_in", 1),
    ],
    ids=["contract", "overtime", "release", "short_time", "stand_in"],
)
def test_where_all_ways_come_too_late_what_works_at_once_is_planned_and_told(
    tmp_path: Path, columns: str, tables: dict, knob: str, action: str, heads: float
) -> None:
    # 10 for the 9 that a needs, 2 for the 3 that b needs, at 100 of pay and 1000 for being short; 36 months, the fastest way 36.
    roles = columns.format(a="a,u,f,100,0,1000", b="b,u,f,100,0,1000")
    case = make_case(tmp_path / "can", SOUND | LATE | tables | {"roles": f"{PAID},{roles}"}, YEARLY)
    plan = plan_for(case)
    assert plan.actions["action"].unique().tolist() == [action]
    assert plan.actions["heads"].iloc[0] == pytest.approx(heads)
    told = dict(tell_decisions(case, describe(case), plan))["nothing_in_time"]
    assert told == {"months": 36, "fastest": 36.0}
    for language, said in (("en", "36 months, and no channel, programme or move"), ("zh", "规划期只有 36 个月")):
        assert said in write_reason("nothing_in_time", json.dumps(told), "CNY", language)
    with pytest.raises(InputError, match="no channel, programme or move takes effect"):
        off = f"supply: {{{knob}: false}}\n"
        plan_for(make_case(tmp_path / "off", SOUND | LATE | tables | {"roles": f"{PAID},{roles}"}, YEARLY + off))
