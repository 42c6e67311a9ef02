"""The pictures of money: what the plan costs by period, and how much of each budget it spends."""

from __future__ import annotations

from typing import Any

import numpy as np

from workforce.report.canvas import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PURPLE,
    RED,
    SKY,
    Picture,
    by_text_period,
    needs,
    open_picture,
    set_money,
    set_numbers,
    set_periods,
    style_axes,
    text_periods,
)
from workforce.report.words import label, write_money

COLOURS = {"people": GREY, "recruiting": BLUE, "development": GREEN, "retention": PURPLE, "separation": ORANGE}


@needs("gap", "costs")
def draw_cost(run: Any, language: str = "en") -> Picture:
    """Cost by period: pay in one panel, the other categories stacked in another, each with its own scale of money."""
    costs = by_text_period(run.tables["costs"])
    periods, currency = text_periods(run.tables["gap"]), run.summary["currency"]
    length = label(run.summary["period"], language)
    amounts = costs.pivot_table("amount", "period", "category", "sum").reindex(periods).fillna(0.0)
    others = [
        category
        for category in COLOURS
        if category in amounts and category != "people" and amounts[category].abs().sum() > 0
    ]
    panels = [(key, names) for key, names in (("people", ["people"]), ("actions", others)) if set(names) & set(amounts)]
    figure, axes = open_picture(
        9.5, 0.4 + 2.3 * max(len(panels), 1), label("column.cost", language), max(len(panels), 1), 1, sharex=True
    )
    with style_axes():
        for axis, (key, categories) in zip(axes[:, 0], panels, strict=False):
            base = np.zeros(len(periods))
            for category in categories:
                axis.bar(
                    range(len(periods)),
                    amounts[category],
                    bottom=base,
                    width=0.75,
                    color=COLOURS[category],
                    label=label(f"category.{category}", language),
                )
                base = base + amounts[category].to_numpy()
            set_periods(axis, periods, language)
            set_money(axis.yaxis, float(base.max()), currency, language, length)
            axis.set_title(label(f"picture.cost_{key}", language))
            axis.grid(axis="y")
            if key == "actions":
                axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


@needs("budget")
def draw_budget(run: Any, language: str = "en") -> Picture | None:
    """The share of each budget (year and category) that is spent, with both amounts written beside the bar.

    None where no budget was given (an amount that is NaN is no budget).
    """
    budget = run.tables["budget"]
    budget = budget[(budget["amount"] > 0) | ((budget["amount"] == 0) & (budget["spent"] > 0))]
    if not len(budget):
        return None
    order = budget["category"].map({"total": -1, **{name: place for place, name in enumerate(COLOURS)}})
    budget = budget.assign(order=order).sort_values(["year", "order"], kind="stable")
    currency = run.summary["currency"]
    amounts = budget["amount"].to_numpy(dtype=float)
    spent = budget["spent"].to_numpy(dtype=float)
    used = np.divide(spent, amounts, out=np.zeros(len(budget)), where=amounts > 0)
    rows = np.arange(len(budget))
    title = label("picture.budget", language)
    figure, axes = open_picture(9.5, 1.1 + 0.34 * max(len(budget), 1), title)
    axis = axes[0, 0]
    with style_axes():
        axis.barh(rows, np.ones(len(rows)), color=PALE, height=0.6)
        axis.barh(
            rows, np.minimum(used, 1.0), color=[COLOURS.get(name, SKY) for name in budget["category"]], height=0.6
        )
        axis.barh(rows, np.clip(used - 1.0, 0.0, 0.25), left=1.0, color=RED, height=0.6)
        axis.axvline(1.0, color=BLACK, linewidth=1.2)
        for row in rows:
            text = f"{write_money(spent[row], currency, language)} / {write_money(amounts[row], currency, language)}"
            axis.annotate(
                text,
                (max(1.0, min(used[row], 1.25)), row),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
            )
        names = [
            f"{label('horizon', language) if year == 'all' else year} {label(f'category.{category}', language)}"
            for year, category in zip(budget["year"].astype(str), budget["category"], strict=True)
        ]
        axis.set_yticks(rows, names)
        axis.set_ylim(len(rows) - 0.4, -0.6)
        set_numbers(axis.xaxis, label("axis.budget_used", language), percent=True)
        axis.set_xticks([0, 0.25, 0.5, 0.75, 1.0])
        axis.set_xlim(0, 1.62)
        axis.spines["bottom"].set_visible(False)
        axis.set_title(title)
    return figure
