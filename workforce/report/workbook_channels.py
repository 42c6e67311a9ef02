"""Sheets of plan.xlsx on recruiting and retention: the budget of each channel, the funnel, offers to stay by value."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workforce.report.sheets import FIRST, Sheet, both, cells
from workforce.report.totals import round_to_total
from workforce.report.words import label

_KINDS = {
    "offers": "heads",
    "starts": "heads",
    "entered": "heads",
    "passed": "heads",
    "years": "heads",
    "kept": "heads",
}
_KINDS |= dict.fromkeys(("money", "cost_per_hire", "marginal", "cost", "worth", "saved"), "money")
_KINDS |= {
    "share": "share",
    "chosen": "share",
    "ratio": "number",
    "hurdle": "number",
    "periods": "whole",
    "at_step": "whole",
    "full": "whole",
}


def write_channels(book: Any, formats: dict[str, Any], tables: dict[str, pd.DataFrame], currency: str) -> None:
    """A sheet each for channel_budget, funnel and retention, where a run has rows of them."""
    budget, funnel, retention = (tables.get(name, pd.DataFrame()) for name in ("channel_budget", "funnel", "retention"))
    if len(budget):
        note = (
            f"By quarter (year): recruiting money in {currency}; next start: blank where the channel is full. "
            "各季度（年）渠道预算；渠道已满时“下一名入职成本”为空。"
        )
        heads = {"year": "period", "offers": "offers_made", "starts": "channel_starts", "share": "money_share"}
        sheet = Sheet(book, formats, "sheet.channels", note)
        _write_rows(sheet, budget, heads, {"offers": 1, "starts": 1, "money": 0}, [11, 18, 26, *[12] * 8])
    if len(funnel):
        note = (
            "People of one cohort, stage by stage, in the period in which the search begins; starts come after the lead time. "
            "同一批人员逐阶段人数，按开始招聘的期间；入职在提前期之后。"
        )
        words = {
            stage: f"{label(f'stage.{stage}', 'en')} / {label(f'stage.{stage}', 'zh')}"
            for stage in set(funnel["stage"])
        }
        told = funnel.assign(stage=funnel["stage"].map(words))
        heads = {"passed": "passed_stage", "share": "passing"}
        _write_rows(Sheet(book, formats, "sheet.funnel", note), told, heads, {}, [18, 11, 30, 12, 12, 12])
    if len(retention):
        note = (
            f"What is made, else the best period of an offer; worth by the plan's prices, in {currency}, for small changes. "
            "已实施的部分；未实施的取其最佳期间。价值按方案影子价格计算。"
        )
        words = {
            state: f"{label(f'state.{state}', 'en')} / {label(f'state.{state}', 'zh')}"
            for state in set(retention["state"])
        }
        told = retention.assign(state=retention["state"].map(words))
        heads = {"years": "reached_years", "periods": "counted"}
        _write_rows(Sheet(book, formats, "sheet.retention", note), told, heads, {}, [26, 30, 30, *[13] * 9])


def _write_rows(
    sheet: Sheet, table: pd.DataFrame, heads: dict[str, str], sums: dict[str, int], widths: list[float]
) -> None:
    """The rows, and under the columns of `sums` (with the decimals shown) a total that follows the filter."""
    table = table.assign(**{name: round_to_total(table[name], digits) for name, digits in sums.items()})
    names = list(table.columns)
    sheet.write_header([both(f"column.{heads.get(name, name)}") for name in names], freeze=2)
    last = FIRST
    for last, row in enumerate(table.itertuples(index=False), start=FIRST + 1):
        for column, (name, value) in enumerate(zip(names, row, strict=True)):
            if isinstance(value, float) and pd.isna(value):
                sheet.write(last, column, "")
            else:
                sheet.write(last, column, value, _KINDS.get(name, "text"))
    sheet.page.autofilter(FIRST, 0, last, len(names) - 1)
    for column, name in enumerate(names) if sums else ():
        if name in sums:
            formula = f"=SUBTOTAL(109,{cells(FIRST + 1, column, last, column)})"
            sheet.write_formula(last + 1, column, formula, table[name].sum(), f"{_KINDS[name]}_total")
        else:
            total = "Total / 合计" if column == 0 else ""
            sheet.page.write_string(last + 1, column, total, sheet.formats["text_total"])
    sheet.set_widths(widths)
