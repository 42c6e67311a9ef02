"""Faults of critical posts and successors, planted in a folder that is right without them, and the reach of roles."""

from pathlib import Path

import pandas as pd
import pytest

from workforce.errors import Fault
from workforce.inputs.case import check_cases
from workforce.inputs.reach import find_reach


def write(folder: Path, table: str, rows: str) -> None:
    (folder / "data" / f"{table}.csv").write_text(rows, encoding="utf-8")


def check(folder: Path) -> list[Fault]:
    return check_cases([folder / "scenarios" / "base.yaml"], folder / "data")


def test_all_faults_of_succession_in_one_report(tiny_case: Path) -> None:
    """clerks become leads (history, a programme), pickers become drivers (moves): no way leads from pickers to leads."""
    posts = "post,role,incumbent\nservice_head,lead,lead-01\nnight_lead,lead,lead-01\nday_lead,lead,clerk-03\n"
    named = (
        "post,person,readiness\nservice_head,lead-01,ready_now\nservice_head,nobody-1,ready_now\n"
        "night_lead,picker-01,1-2_years\nnight_lead,clerk-02,3-5_years\nday_lead,lead-02,ready_now\n"
    )
    write(tiny_case, "posts", posts)
    write(tiny_case, "successors", named)
    found = {(fault.file.rpartition("/")[2], fault.row, fault.column, fault.value): fault for fault in check(tiny_case)}
    assert set(found) == {
        ("posts.csv", 3, "incumbent", "lead-01"),
        ("posts.csv", 4, "incumbent", "clerk-03"),
        ("successors.csv", 2, "person", "lead-01"),
        ("successors.csv", 3, "person", "nobody-1"),
        ("successors.csv", 4, "person", "picker-01"),
    }
    assert all(fault.rule and fault.mend for fault in found.values())
    assert "picker" in found["successors.csv", 4, "person", "picker-01"].mend
    assert "service_head" in found["posts.csv", 3, "incumbent", "lead-01"].mend


def test_one_more_way_mends_reach(tiny_case: Path) -> None:
    write(tiny_case, "successors", "post,person,readiness\nservice_head,picker-01,ready_now\n")
    assert [fault.value for fault in check(tiny_case)] == ["picker-01"]
    write(tiny_case, "transitions", "from_role,to_role,yearly_rate\npicker,clerk,0.01\n")
    assert check(tiny_case) == []


def test_where_no_way_leads_into_a_role_reach_is_not_judged(tiny_case: Path) -> None:
    write(tiny_case, "posts", "post,role,incumbent\nyard_head,picker,picker-02\n")
    write(tiny_case, "successors", "post,person,readiness\nyard_head,clerk-01,ready_now\n")
    assert check(tiny_case) == []


def test_reach_is_not_judged_where_a_table_of_ways_cannot_be_read(tiny_case: Path) -> None:
    write(tiny_case, "successors", "post,person,readiness\nservice_head,picker-01,ready_now\n")
    (tiny_case / "data" / "moves.csv").write_bytes(b"\x00\x01\x02\xff\xfe junk")
    assert not [fault for fault in check(tiny_case) if "successors" in fault.file]


@pytest.mark.parametrize(
    ("grades", "reached"),
    [(("M1", "M2", "M4"), {"low", "middle"}), (("M2", "M1", "M4"), {"low", "middle"}), (("one", "two", "M4"), None)],
)
def test_a_ladder_is_climbed_grade_by_grade_within_a_unit(grades: tuple[str, ...], reached: set[str] | None) -> None:
    roles = pd.DataFrame(
        {
            "role": ["low", "middle", "high", "elsewhere"],
            "unit": ["shop", "shop", "shop", "office"],
            "ladder": "M",
            "grade": [*grades, "M1"],
        }
    )
    assert find_reach({"roles": roles}).get("high") == reached


def test_ways_in_a_circle_end() -> None:
    moves = pd.DataFrame({"from_role": ["a", "b", "c"], "to_role": ["b", "c", "a"]})
    assert find_reach({"moves": moves}) == {role: {"a", "b", "c"} for role in "abc"}
