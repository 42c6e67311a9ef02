"""The roles that stay short, as a table: how many are needed, there and missing when each is most short."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workforce.report.canvas import by_text_period
from workforce.report.page import Table, Text
from workforce.report.words import label, say, write_number, write_period

_MOST_ROWS = 15
_SHOWN = 0.05
"""FTE that are written as 0.1 or more."""


def pick_shortages(gap: pd.DataFrame) -> pd.DataFrame:
    """The roles that are short with the plan, a row each, those that are most short first.

    gap: as in a run's results, its periods as text. Returns unit, role, period (the first in which the role is most short
    with the plan), required, effective_fte, shortage (FTE then, with the plan), unplanned (FTE short then if nothing is
    done), at_end (FTE short in the last period, with the plan).
    """
    plan = gap[(gap["reading"] == "plan") & (gap["shortage"] >= _SHOWN)].sort_values("period", kind="stable")
    worst = plan.sort_values("shortage", ascending=False, kind="stable").drop_duplicates("role")
    short = gap.set_index(["reading", "role", "period"])["shortage"]
    last = gap["period"].max()
    then = pd.MultiIndex.from_arrays([["expected"] * len(worst), worst["role"], worst["period"]])
    end = pd.MultiIndex.from_arrays([["plan"] * len(worst), worst["role"], [last] * len(worst)])
    worst = worst.assign(unplanned=short.reindex(then).to_numpy(), at_end=short.reindex(end).to_numpy())
    names = ["unit", "role", "period", "required", "effective_fte", "shortage", "unplanned", "at_end"]
    return worst[names].reset_index(drop=True)


def show_shortages(run: Any, language: str = "en", most: int = _MOST_ROWS) -> Table | Text:
    """The roles of `pick_shortages`; those beyond `most` are summed in one row, and in every row what is required less what
    is there is what is short, as printed. A sentence where no role is short."""
    worst = pick_shortages(by_text_period(run.tables["gap"]))
    if not len(worst):
        return Text(paragraph=say("gap.none", language))
    rows = [
        (row["unit"], row["role"], write_period(row["period"], language), *_write(row)) for _, row in worst.iterrows()
    ]
    rest = worst.iloc[most:]
    if len(rest):
        name = label("others.summed", language).format(count=len(rest))
        rows[most:] = [(name, "–", "–", *_write(rest.sum(numeric_only=True)))]
    names = ("unit", "role", "most_short", "required", "effective_fte", "short_plan", "short_expected", "short_end")
    emphasised = frozenset({most}) if len(rest) else frozenset()
    return Table(
        tuple(label(f"column.{name}", language) for name in names), tuple(rows), frozenset(range(3, 8)), {}, emphasised
    )


def _write(row: pd.Series) -> list[str]:
    """The five figures of a row: the one that is there is what the printed others leave."""
    there = round(row["required"], 1) - round(row["shortage"], 1)
    return [write_number(value, 1) for value in (row["required"], there, *row[["shortage", "unplanned", "at_end"]])]
