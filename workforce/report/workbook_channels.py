"""Sheets of plan.xlsx on recruiting and retention: the budget of each channel, the funnel, offers to stay by value."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workforce.report.sheets import Sheet
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
        sheet.write_rows(budget, heads, _KINDS, [11, 18, 26, *[12] * 8], {"offers": 1, "starts": 1, "money": 0})
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
        Sheet(book, formats, "sheet.funnel", note).write_rows(told, heads, _KINDS, [18, 11, 30, 12, 12, 12])
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
        Sheet(book, formats, "sheet.retention", note).write_rows(told, heads, _KINDS, [26, 30, 30, *[13] * 9])
