"""What the back-test notebook shows: verdicts in words, the picture of every unit, calibration, the table of scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workforce.report.backtests import write_verdicts
from workforce.report.canvas import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    PALE,
    RED,
    Picture,
    open_picture,
    set_numbers,
    shorten,
    style_axes,
)
from workforce.report.page import Table, Text
from workforce.report.words import label, say, write_number, write_period, write_share

MOST_ROWS = 30
_PROMISES = np.linspace(0.05, 0.95, 19)


def show_backtest_title(past: Any, language: str = "en") -> Text:
    """The title of the page, and what was forecast from when."""
    values = _values(past, language)
    return Text(say("backtest.heading", language, **values), say("backtest.text", language, **values), level=1)


def show_backtest_text(key: str, past: Any, language: str = "en") -> Text:
    """The heading and the paragraph of a section."""
    values = _values(past, language)
    heading, text = say(f"{key}.heading", language, **values), say(f"{key}.text", language, **values)
    return Text(heading, text, anchor=key)


def show_verdicts(past: Any, language: str = "en") -> Text:
    """Who came closest, and whether the intervals held, as sentences."""
    return Text(points=tuple(write_verdicts(past.tables["scores"], language)))


def show_scores(past: Any, language: str = "en") -> Table:
    """Every row of the scores."""
    rows = [
        (
            label("backtest.all", language) if row["origin"] == "all" else write_period(row["origin"], language),
            label(f"backtest.{row['level']}", language),
            "\n".join(label(f"backtest.{row[name]}", language) for name in ("measure", "variant")),
            *(write_share(row[name], language) for name in ("wape", "wape_last_year", "wape_company_average")),
            write_share(row["coverage"], language),
            write_number(row["groups"]),
        )
        for row in past.tables["scores"].to_dict("records")
    ]
    names = ("origin", "level", "measure", "wape", "wape_last_year", "wape_company_average", "coverage", "groups")
    return Table(tuple(label(f"column.{name}", language) for name in names), tuple(rows), frozenset(range(3, 8)))


def draw_backtest(past: Any, language: str = "en") -> Picture:
    """Leavers of those present by unit: forecast, interval and outcome, one panel for each of the last two origins."""
    table = past.tables["backtest"]
    table = table[(table["variant"] == "present") & (table["measure"] == "leavers") & (table["level"] == "unit")]
    table = table.dropna(subset=["actual"])
    origins = sorted(table["origin"].unique())[-2:]
    largest = table[table["origin"].isin(origins)].groupby("name", sort=False)["actual"].max()
    names = list(largest.sort_values(ascending=False, kind="stable").index[:MOST_ROWS])
    title = label("picture.backtest", language)
    height = 1.6 + 0.26 * len(names)
    figure, axes = open_picture(9.5, height, title, 1, max(1, len(origins)), sharey=True, sharex=True)
    with style_axes():
        for axis, origin in zip(axes.flat, origins, strict=False):
            rows = table[table["origin"] == origin].set_index("name").reindex(names)
            _draw_groups(axis, rows, language)
            axis.set_title(write_period(origin, language))
            axis.set_xscale("symlog", linthresh=10, linscale=0.6)
            axis.set_xlim(left=0)
            set_numbers(axis.xaxis, label("backtest.leavers", language))
            ticks = [tick for tick in (0, 5, 10, 30, 100, 300, 1000, 3000) if tick <= 1.2 * rows["high"].max()]
            axis.set_xticks(ticks)
            axis.grid(axis="x")
        axes.flat[0].set_yticks(range(len(names)), [shorten(name) for name in names])
        axes.flat[0].set_ylim(len(names) - 0.4, -0.6)
        handles, labels = axes.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper right", ncols=4)
    return figure


def _draw_groups(axis: Any, rows: pd.DataFrame, language: str) -> None:
    places = np.arange(len(rows))
    outside = ((rows["actual"] < rows["low"]) | (rows["actual"] > rows["high"])).to_numpy()
    words = {key: label(f"backtest.{key}", language) for key in ("interval", "forecast", "actual", "outside")}
    axis.hlines(places, rows["low"], rows["high"], color="#C9C9C9", linewidth=6, label=words["interval"])
    axis.plot(rows["forecast"], places, "o", color=BLUE, markersize=5, label=words["forecast"])
    for chosen, colour, key in ((~outside, BLACK, "actual"), (outside, RED, "outside")):
        drawn = rows["actual"].where(chosen)
        axis.plot(drawn, places, "x", color=colour, markersize=6, markeredgewidth=1.8, label=words[key])


def draw_calibration(past: Any, language: str = "en") -> Picture:
    """Share of outcomes within the middle of the predictive distribution, against the share that was promised: leavers
    of those present, all origins together, by unit and by role."""
    from scipy.stats import binom

    table = past.tables["backtest"]
    table = table[(table["variant"] == "present") & (table["measure"] == "leavers")].dropna(subset=["place"])
    title = label("picture.calibration", language)
    figure, axes = open_picture(6.2, 4.6, title)
    axis = axes[0, 0]
    with style_axes():
        count = int((table["level"] == "role").sum())
        if count:
            band = [binom.ppf(tail, count, _PROMISES) / count for tail in (0.05, 0.95)]
            axis.fill_between(_PROMISES, *band, color=PALE, label=label("backtest.chance", language))
        axis.plot([0, 1], [0, 1], color=GREY, linewidth=1.0)
        for level, colour in (("unit", GREEN), ("role", BLUE)):
            away = (table.loc[table["level"] == level, "place"] - 0.5).abs().to_numpy()
            if len(away):
                found = [(away <= promise / 2 + 1e-12).mean() for promise in _PROMISES]
                axis.plot(_PROMISES, found, color=colour, label=label(f"backtest.{level}", language))
        axis.set_xlim(0, 1)
        axis.set_ylim(0, 1)
        set_numbers(axis.xaxis, label("axis.promised", language), percent=True)
        set_numbers(axis.yaxis, label("axis.found", language), percent=True)
        axis.set_title(title)
        axis.legend(loc="upper left")
    return figure


def _values(past: Any, language: str) -> dict[str, Any]:
    summary = past.summary
    return {
        "title": summary["title"],
        "origins": [write_period(origin, language) for origin in summary["origins"]],
        "minimum": summary["minimum_group"],
        "confidence": summary["confidence"],
    }
