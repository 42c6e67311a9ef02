"""What the report shows of the stress test: where uncertainty comes from, what may be overrun, the worst futures."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.patches import Patch

from workforce.report.canvas import (
    BLACK,
    Picture,
    by_text_period,
    needs,
    open_picture,
    set_numbers,
    set_periods,
    style_axes,
    text_periods,
)
from workforce.report.page import Table, Text
from workforce.report.page_reasons import write_sentences
from workforce.report.risk_words import RISKS
from workforce.report.words import label, write_money, write_period, write_share

_COLOURS = {"chance": "#5B9BC8", "rates": "#8FD0BD", "demand": "#F6D9A0"}


@needs("uncertainty")
def draw_uncertainty(run: Any, language: str = "en") -> Picture:
    """Headcount and shortage of the company with the plan: the range of nine futures in ten as sources are switched on."""
    table = by_text_period(run.tables["uncertainty"])
    table = table[(table["reading"] == "plan") & (table["role"] == "") & (table["unit"] == "")]
    periods = text_periods(table)
    title = label("picture.uncertainty", language)
    figure, axes = open_picture(9.5, 3.9, title, 1, 2)
    with style_axes():
        for axis, measure in zip(axes.flat, ("headcount", "shortage"), strict=True):
            rows = table[table["measure"] == measure]
            handles = []
            sources = [source for source in dict.fromkeys(rows["source"]) if (rows["source"] == source).any()]
            for source in reversed(sources):
                lines = rows[rows["source"] == source].set_index("period").reindex(periods)
                share = lines["share"].iloc[-1]
                if source != "chance" and lines["added"].abs().max() <= 0:
                    continue
                axis.fill_between(
                    np.arange(len(periods)), lines["p05"], lines["p95"], color=_COLOURS[source], linewidth=0
                )
                name = label(f"source.{source}", language)
                name = name if source == "chance" else label("picture.plus", language).format(source=name)
                handles.append(Patch(color=_COLOURS[source], label=f"{name}: {write_share(share, language, 0)}"))
            first = rows[rows["source"] == "chance"].set_index("period").reindex(periods)
            axis.plot(np.arange(len(periods)), first["mean"], color=BLACK, linewidth=1.4)
            set_periods(axis, periods, language)
            set_numbers(axis.yaxis, label("axis.heads" if measure == "headcount" else "axis.fte", language))
            axis.grid(axis="y")
            axis.set_title(label(f"uncertainty.{measure}", language))
            axis.legend(handles=handles[::-1], loc="upper left", fontsize=8.5)
            low, high = axis.get_ylim()
            axis.set_ylim(min(low, 0.0) if measure == "shortage" else low, high + 0.28 * (high - low))
    return figure


def show_overruns(run: Any, language: str = "en") -> Table | None:
    """Every budget beside what the plan and the futures spend, and how often they overrun it."""
    overruns = run.tables.get("overruns")
    if overruns is None or not (overruns["kind"] == "budget").any():
        return None
    currency = run.summary["currency"]
    rows = tuple(
        (
            label("horizon", language) if row.period == "all" else write_period(row.period, language),
            label(f"budget.{row.category}", language),
            *(write_money(value, currency, language) for value in (row.amount, row.planned, row.mean, row.p95)),
            write_share(row.probability, language),
        )
        for row in overruns[overruns["kind"] == "budget"].itertuples()
    )
    names = ("period", "budget", "allowed", "planned", "mean", "p95", "probability")
    return Table(tuple(label(f"column.{name}", language) for name in names), rows, frozenset(range(2, 7)))


def show_risks(kind: str, run: Any, language: str = "en") -> Text | None:
    """The reasons of a section (uncertainty, overrun, worst) as sentences."""
    reasons = run.tables["reasons"].sort_values("order", kind="stable")
    told = reasons[reasons["key"].isin([key for key in RISKS if key.startswith(kind)])]
    return Text(points=write_sentences(told, run.summary["currency"], language)) if len(told) else None


__all__ = ["draw_uncertainty", "show_overruns", "show_risks"]
