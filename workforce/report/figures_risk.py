"""The pictures of what may happen: how sure the plan is, and how wide headcount spreads."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.patches import Patch

from workforce.report.canvas import (
    BLACK,
    BLUE,
    CERTAINTY,
    GREY,
    ORANGE,
    Picture,
    add_scale,
    by_text_period,
    draw_cells,
    label_line_ends,
    needs,
    open_picture,
    set_numbers,
    set_periods,
    shorten,
    style_axes,
    text_periods,
    write_cell,
)
from workforce.report.words import label, write_number, write_slack

_MOST_ROWS = 15


@needs("stress")
def draw_stress(run: Any, language: str = "en") -> Picture:
    """Probability that demand is met, all but half an FTE or a small share of it, by unit and period, the lowest first.

    By role where the run has no rows of units.
    """
    stress = by_text_period(run.tables["stress"])
    periods = text_periods(stress)
    rows = stress[(stress["role"] == "") & (stress["unit"] != "")]
    key = "unit" if len(rows) else "role"
    rows = rows if len(rows) else stress[stress["role"] != ""]
    cells = rows.pivot_table("probability_covered", key, "period").reindex(columns=periods)
    order = cells.mean(axis=1).sort_values(kind="stable").index[:_MOST_ROWS]
    company = (
        stress[(stress["role"] == "") & (stress["unit"] == "")]
        .set_index("period")["probability_covered"]
        .reindex(periods)
    )
    values = cells.loc[order].to_numpy(dtype=float)
    names = [shorten(name) for name in order]
    if company.notna().any():
        values, names = np.vstack([values, company.to_numpy(dtype=float)]), [*names, label("company", language)]
    title = label("picture.stress", language).format(slack=write_slack(run, language))
    figure, axes = open_picture(9.5, 1.2 + 0.28 * len(names), title)
    with style_axes():
        image = draw_cells(axes[0, 0], values, names, periods, language, CERTAINTY, 0.0, 1.0)
        for row, average in enumerate(np.nanmean(values, axis=1)):
            text = f"{write_number(100 * average)}%"
            write_cell(axes[0, 0], len(periods) - 0.1, row, text, ha="left", fontsize=8.5)
        write_cell(
            axes[0, 0],
            len(periods) - 0.1,
            -0.9,
            label("picture.average", language),
            ha="left",
            fontsize=7.5,
            color=GREY,
        )
        if company.notna().any():
            axes[0, 0].axhline(len(names) - 1.5, color=BLACK, linewidth=0.8)
        axes[0, 0].set_title(title)
        bar = add_scale(figure, axes[0, 0], image, "%")
        bar.set_ticks([0, 0.25, 0.5, 0.75, 1.0], labels=["0", "25", "50", "75", "100"])
    return figure


@needs("supply")
def draw_fan(run: Any, language: str = "en", paths: int = 0) -> Picture:
    """Simulated headcount of the whole company, without action and with the plan: middle, half and nine in ten of the paths."""
    supply = by_text_period(run.tables["supply"])
    company = supply[(supply["role"] == "") & (supply["unit"] == "")]
    periods = text_periods(supply)
    title = label("picture.fan", language).format(paths=write_number(paths) if paths else "")
    figure, axes = open_picture(9.5, 3.8, title)
    axis, positions, ends = axes[0, 0], np.arange(len(periods)), []
    with style_axes():
        for reading, colour in (("expected", ORANGE), ("plan", BLUE)):
            lines = company[company["reading"] == reading].set_index("period").reindex(periods)
            if lines["p50"].isna().all():
                continue
            axis.fill_between(positions, lines["p05"], lines["p95"], color=colour, alpha=0.18, linewidth=0)
            axis.fill_between(positions, lines["p25"], lines["p75"], color=colour, alpha=0.35, linewidth=0)
            axis.plot(positions, lines["p50"], color=colour)
            ends.append((len(periods) - 1, float(lines["p50"].iloc[-1]), label(f"reading.{reading}", language), colour))
        set_periods(axis, periods, language)
        set_numbers(axis.yaxis, label("axis.heads", language))
        axis.grid(axis="y")
        label_line_ends(axis, ends)
        axis.set_title(title.replace("  ", " "))
        axis.legend(
            handles=[
                Patch(color=GREY, alpha=0.5, label=label("line.half", language)),
                Patch(color=GREY, alpha=0.22, label=label("line.nine_tenths", language)),
            ],
            loc="best",
            ncols=2,
        )
    return figure
