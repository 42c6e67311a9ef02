"""The sheet of what is begun under uncertainty, beside the ordinary plan."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workforce.report.sheets import FIRST, Sheet, both
from workforce.report.words import label


def write_uncertain(book: Any, formats: dict[str, Any], commitments: pd.DataFrame, currency: str) -> None:
    """A row for each decision of the first periods that either plan takes: heads under both, cost of the two-stage plan."""
    note = (
        f"What is begun in the first periods, the same in all futures, beside the ordinary plan; cost in {currency}, "
        "fractions of people are meant. 各情景共同的前期决策与常规方案对照；人数可为小数。"
    )
    sheet = Sheet(book, formats, "sheet.uncertain_plan", note)
    words = ["period", "action", "via", "from_role", "to_role", "two_stage", "ordinary", "cost"]
    sheet.write_header([both(f"column.{name}") for name in words], freeze=2)
    for row, one in enumerate(commitments.itertuples(), start=FIRST + 1):
        action = f"{label(f'action.{one.action}', 'en')} / {label(f'action.{one.action}', 'zh')}"
        for column, text in enumerate((one.period, action, one.via, one.from_role, one.to_role)):
            sheet.write(row, column, text, "text")
        for column, (value, kind) in enumerate(((one.heads, "heads"), (one.ordinary, "heads"), (one.cost, "money")), 5):
            sheet.write(row, column, value, kind)
    sheet.page.autofilter(FIRST, 0, FIRST + len(commitments), len(words) - 1)
    sheet.set_widths([11, 16, 22, 30, 30, 13, 13, 14])
