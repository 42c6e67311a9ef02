"""The table of the roles that stay short, against gaps written by hand."""

from types import SimpleNamespace

import pandas as pd
import pytest

from workforce.report.page import show_text
from workforce.report.shortage_page import show_shortages

COLUMNS = ["reading", "unit", "role", "period", "required", "effective_fte"]


def run_with(rows: list[tuple]) -> SimpleNamespace:
    gap = pd.DataFrame(rows, columns=COLUMNS)
    gap["shortage"] = (gap["required"] - gap["effective_fte"]).clip(lower=0.0)
    gap["period"] = pd.PeriodIndex(gap["period"], freq="M")
    summary = {"scenario": "base", "start": "2026-01", "horizon": 2, "period": "month", "currency": "CNY"}
    return SimpleNamespace(summary=summary, knobs={}, tables={"gap": gap})


def two_months(role: str, required: tuple, expected: tuple, plan: tuple) -> list[tuple]:
    return [
        (reading, "plant", role, period, required[place], there[place])
        for reading, there in (("expected", expected), ("plan", plan))
        for place, period in enumerate(("2026-01", "2026-02"))
    ]


def test_a_role_stands_in_its_worst_month_with_what_is_needed_there_and_short() -> None:
    run = run_with(
        two_months("welder", (10.0, 12.0), (9.0, 5.0), (9.0, 11.5))
        + two_months("engineer", (40.0, 40.0), (10.0, 8.0), (30.0, 37.66))
        + two_months("clerk", (5.0, 5.0), (4.0, 3.0), (5.0, 4.96))
    )
    table = show_shortages(run)
    assert table.columns[3:5] == ("Required FTE", "Effective FTE")
    assert table.rows == (
        ("plant", "engineer", "Jan 2026", "40.0", "30.0", "10.0", "30.0", "2.3"),
        ("plant", "welder", "Jan 2026", "10.0", "9.0", "1.0", "1.0", "0.5"),
    )  # the clerk's 0.04 FTE would be written as none
    assert show_shortages(run, "zh").rows[0][2] == "2026年1月"


def test_roles_beyond_the_table_are_summed_and_none_is_lost() -> None:
    roles = [
        row
        for number in range(1, 6)
        for row in two_months(f"r{number}", (20.0, 20.0), (10.0, 10.0), (20.0, 20.0 - number))
    ]
    table = show_shortages(run_with(roles), most=2)
    assert [row[1] for row in table.rows] == ["r5", "r4", "–"]
    assert table.rows[2] == ("3 others, summed", "–", "–", "60.0", "54.0", "6.0", "30.0", "6.0")
    assert table.emphasised == {2}


def test_what_is_printed_closes_in_every_row() -> None:
    run = run_with(two_months("welder", (10.26, 0.0), (0.0, 0.0), (9.92, 0.0)))
    assert show_shortages(run).rows[0][3:6] == ("10.3", "10.0", "0.3")  # 9.92 alone would be 9.9: 10.3 - 9.9 is not 0.3


@pytest.mark.parametrize(("language", "words"), [("en", "no role is short"), ("zh", "没有岗位短缺")])
def test_where_no_role_is_short_a_sentence_says_so(language: str, words: str) -> None:
    run = run_with(two_months("welder", (10.0, 10.0), (0.0, 0.0), (10.0, 11.0)))
    assert words in str(show_shortages(run, language))
    assert str(show_text("gap.table", run, language))
