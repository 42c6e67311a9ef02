"""What the sensitivity notebook shows: sentences, the tornado, the table of all assumptions."""

from __future__ import annotations

from typing import Any

import numpy as np

from workforce.report.canvas import (
    BLACK,
    BLUE,
    ORANGE,
    Picture,
    open_picture,
    set_money,
    set_numbers,
    style_axes,
)
from workforce.report.page import Table, Text
from workforce.report.sensitivities import write_movers, write_value
from workforce.report.words import is_missing, label, say, write_amount, write_money, write_share

_ANSWERS = ("shortage", "cost", "covered")


def show_sensitivity_title(found: Any, language: str = "en") -> Text:
    """The title of the page, and how the runs were made."""
    values = {"title": found.summary["title"], "paths": found.summary["paths"]}
    return Text(say("sensitivity.heading", language, **values), say("sensitivity.text", language, **values), level=1)


def show_sensitivity_text(key: str, language: str = "en") -> Text:
    """The heading and the paragraph of a section."""
    return Text(say(f"{key}.heading", language), say(f"{key}.text", language), anchor=key)


def show_movers(found: Any, language: str = "en") -> Text:
    """What moves the answer most, as sentences."""
    return Text(points=tuple(write_movers(found.tables["reasons"], found.summary["currency"], language)))


def show_assumptions(found: Any, language: str = "en") -> Table:
    """Every assumption with its range, where it comes from, and the answers at both ends."""
    currency = found.summary["currency"]
    rows = []
    for row in found.tables["sensitivity"].to_dict("records"):
        ends = " – ".join(write_value(row[end], row["unit"], language) for end in ("low", "high"))
        cells = [label(f"lever.{row['assumption']}", language), ends, label(f"range.{row['source']}", language)]
        for answer in _ANSWERS:
            cells.append(
                " – ".join(_write(row[f"{answer}_{end}"], answer, currency, language) for end in ("low", "high"))
            )
        rows.append(tuple(cells))
    names = ("assumption", "range", "range_source", *(f"{answer}_range" for answer in _ANSWERS))
    return Table(tuple(label(f"column.{name}", language) for name in names), tuple(rows), frozenset({1, 3, 4, 5}))


def _write(value: float, answer: str, currency: str, language: str) -> str:
    if is_missing(value):
        return "–"
    if answer == "cost":
        return write_money(value, currency, language)
    return write_share(value, language) if answer == "covered" else write_amount(value, language)


def draw_tornado(found: Any, language: str = "en") -> Picture:
    """The answers at the low and the high of every assumption, from the answer as the scenario stands."""
    table, base = found.tables["sensitivity"], found.summary["base"]
    names = [
        f"{label(f'lever.{row.assumption}', language)}\n"
        f"{write_value(row.low, row.unit, language)} – {write_value(row.high, row.unit, language)}"
        for row in table.itertuples()
    ]
    title = label("picture.tornado", language)
    figure, axes = open_picture(9.5, 1.4 + 0.44 * len(names), title, 1, len(_ANSWERS), sharey=True)
    rows = np.arange(len(names))
    with style_axes():
        for axis, answer in zip(axes.flat, _ANSWERS, strict=True):
            for end, colour, aside in (("low", BLUE, -0.15), ("high", ORANGE, 0.15)):
                away = table[f"{answer}_{end}"].to_numpy(dtype=float) - base[answer]
                name = label(f"end.{end}", language)
                axis.barh(rows + aside, np.nan_to_num(away), left=base[answer], height=0.3, color=colour, label=name)
            axis.axvline(base[answer], color=BLACK, linewidth=1.0)
            axis.set_title(label(f"answer.{answer}", language))
            if answer == "cost":
                set_money(axis.xaxis, float(np.nanmax([base["cost"], 1.0])), found.summary["currency"], language)
            else:
                set_numbers(axis.xaxis, "", percent=answer == "covered")
            axis.xaxis.get_major_locator().set_params(nbins=4)
            axis.grid(axis="x")
            axis.margins(x=0.08)
        axes.flat[0].set_yticks(rows, names)
        axes.flat[0].set_ylim(len(names) - 0.4, -0.6)
        handles, labels = axes.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper right", ncols=2)
    return figure
