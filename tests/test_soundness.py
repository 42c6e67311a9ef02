"""Bad input to the plan: a sentence that says which and what to do."""

from pathlib import Path

import pytest
from planning import make_case
from test_decisions import PAID
from test_optimise import RATES, YEARLY, needs, plan_for

from workforce.errors import InputError

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
