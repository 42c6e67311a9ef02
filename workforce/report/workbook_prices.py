"""The sheet of plan.xlsx on limits that bind: what one more unit of each is worth, and how far."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workforce.report.sheets import Sheet
from workforce.report.words import label

_HEADS = {"more": "raised_by", "saved": "saved_then", "then": "price_then", "unit": "unit_of"}
_KINDS = dict.fromkeys(("price", "limit", "low", "high", "more", "then"), "number") | {"saved": "money"}


def write_prices(book: Any, formats: dict[str, Any], prices: pd.DataFrame, currency: str) -> None:
    """A row for each limit that binds, the dearest first."""
    note = (
        f"What one more unit of each limit saves, in {currency}; it is sure to hold between the limits low and high. "
        "Solved again with the limit raised: what that saves, and what the next unit saves then. "
        "每放宽一单位上限可减少的总代价；在下限与上限之间一定有效。后三列为放宽后重新求解的结果。"
    )
    told = prices.sort_values("price", ascending=False, kind="stable")
    told = told.assign(rule=[f"{label(f'rule.{one}', 'en')} / {label(f'rule.{one}', 'zh')}" for one in told["rule"]])
    told[["low", "high"]] = told[["low", "high"]].where(np.isfinite(told[["low", "high"]]))
    Sheet(book, formats, "sheet.prices", note).write_rows(told, _HEADS, _KINDS, [38, 34, 11, 14, 18, *[14] * 6])
