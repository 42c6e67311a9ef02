"""What the comparison notebook shows: texts, tables and pictures of several runs side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workforce.report.canvas import (
    BLACK,
    BLUE,
    DEPTH,
    GREEN,
    ORANGE,
    PURPLE,
    RED,
    SERIES,
    Picture,
    add_scale,
    draw_cells,
    label_line_ends,
    open_picture,
    set_money,
    set_numbers,
    set_periods,
    shorten,
    style_axes,
    write_cell,
)
from workforce.report.page import COMPARISON_SECTIONS, Links, Table, Text, show_contents
from workforce.report.page_tables import count_arriving, name_figure, write_setting
from workforce.report.words import is_missing, label, money_digits, money_scale, say, write_number, write_period

_ACTIONS = {"hire": BLUE, "develop": GREEN, "move": PURPLE, "release": ORANGE}


def show_comparison_title(comparison: Any, language: str = "en") -> Text:
    """The title of the page, and against what is compared."""
    seeds = {run.manifest.get("seed") for run in comparison.runs.values()}
    key = "comparison.text" if len(seeds) == 1 else "comparison.seeds"
    others = len(comparison.runs) - 1
    counted = f"{others} 个情景" if language == "zh" else f"{others} scenario{'' if others == 1 else 's'}"
    return Text(
        say("comparison.heading", language),
        say(key, language, scenarios=counted, base=comparison.base),
        anchor="top",
        level=1,
    )


def show_comparison_contents(language: str = "en") -> Links:
    """Links to the sections of the page."""
    return show_contents(language, COMPARISON_SECTIONS)


def show_comparison_text(key: str, comparison: Any, language: str = "en") -> Text:
    """The heading and the paragraph of a section."""
    return Text(say(f"{key}.heading", language), say(f"{key}.text", language, base=comparison.base), anchor=key)


def show_runs(comparison: Any, language: str = "en") -> Table:
    """The scenarios: name, title, why it is looked at, and which assumptions differ from its base, with both values."""
    rows = tuple(
        (
            name,
            str(run.summary.get("title", "")),
            str(run.knobs.get("why") or "–"),
            "；".join(_list_changes(run, language)) if language == "zh" else "; ".join(_list_changes(run, language)),
        )
        for name, run in comparison.runs.items()
    )
    names = (
        label("column.scenario", language),
        label("column.name", language),
        label("column.note", language),
        label("column.changes", language),
    )
    return Table(names, rows, emphasised=frozenset({0}))


def _list_changes(run: Any, language: str) -> list[str]:
    changes = run.tables["changes"]
    return [
        f"{row.knob} {write_setting(row.base, language)} → {write_setting(row.value, language)}"
        for row in changes[~changes["knob"].isin(["title", "why"])].itertuples()
    ] or ["–"]


def show_figures(comparison: Any, language: str = "en") -> Table:
    """The company's figures with their unit, a column a scenario; the difference from base stands small under each value."""
    return _lay_figures(comparison, comparison.table[comparison.table["scope"] == "company"], language)


def show_unit_figures(comparison: Any, language: str = "en") -> Table:
    """The figures of each unit, laid out like those of the company."""
    return _lay_figures(comparison, comparison.table[comparison.table["scope"] != "company"], language)


def _lay_figures(comparison: Any, table: pd.DataFrame, language: str) -> Table:
    names, base = list(comparison.runs), comparison.runs[comparison.base]
    comma, rows = "，" if language == "zh" else ", ", []
    for (figure, scope, period, unit), group in table.groupby(["figure", "scope", "period", "unit"], sort=False):
        found = group.set_index("scenario").reindex(names)
        scale, digits, written = _choose_scale(found["value"], unit, base.summary["currency"], language)
        words = name_figure(figure, base, language) + (comma + write_period(period, language) if period else "")
        words += comma + scope if scope != "company" else ""
        words += (f"（{written}）" if language == "zh" else f" ({written})") if written else ""
        cells = [
            _write_with_difference(row.value / scale, row.difference / scale, digits, language)
            for row in found.itertuples()
        ]
        rows.append((words, *cells))
    return Table((label("column.figure", language), *names), tuple(rows), frozenset(range(1, len(names) + 1)))


def _choose_scale(values: pd.Series, unit: str, currency: str, language: str) -> tuple[float, int, str]:
    """The divisor of a row's values, decimals that all of them have, and their unit ("" where the figure's name says it)."""
    largest = float(values.abs().max())
    if unit == "money":
        scale, written = money_scale(0.0 if is_missing(largest) else largest, currency, language)
        return scale, 0 if is_missing(largest) or scale == 1.0 else money_digits(largest, scale), written
    if unit == "share":
        return 0.01, 1, "%"
    whole = bool((values.dropna() - values.dropna().round()).abs().max() < 0.05) or largest >= 1000
    return 1.0, 0 if whole or unit == "alerts" else 1, "" if unit == "alerts" else label(f"measure.{unit}", language)


def _write_with_difference(value: float, difference: float, digits: int, language: str) -> str:
    if is_missing(value):
        return label("withheld", language)
    text = write_number(value, digits)
    if is_missing(difference) or abs(difference) < 0.5 * 10**-digits:
        return text.replace("-", "−")
    return f"{text}\n{write_number(difference, digits, signed=True)}".replace("-", "−")


def draw_trade(comparison: Any, language: str = "en") -> Picture:
    """Cost against shortage over the horizon: one point a scenario."""
    points = [
        (name, sum((run.summary.get("cost_by_year") or {}).values()), run.summary["shortage_fte_years"]["plan"])
        for name, run in comparison.runs.items()
    ]
    currency = next(iter(comparison.runs.values())).summary["currency"]
    title = label("picture.compare_shortage", language)
    figure, axes = open_picture(9.5, 4.2, title)
    axis = axes[0, 0]
    with style_axes():
        costs, shortages = [cost for _, cost, _ in points], [shortage for _, _, shortage in points]
        reach, height = (
            max(costs) - min(costs) or 0.1 * max(costs) or 1.0,
            max(shortages) - min(shortages) or max(shortages) or 1.0,
        )
        axis.set_xlim(min(costs) - 0.12 * reach, max(costs) + 0.12 * reach)
        axis.set_ylim(min(shortages) - 0.2 * height, max(shortages) + 0.2 * height)
        for number, (name, cost, shortage) in enumerate(points):
            colour = BLACK if name == comparison.base else SERIES[number % len(SERIES)]
            axis.plot(cost, shortage, "o", color=colour, markersize=9, label=name)
        # Scenarios may lie close together, where names beside the points would cover them.
        axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
        set_money(axis.xaxis, max(costs), currency, language)
        axis.set_xlabel(f"{label('column.cost', language)} ({axis.get_xlabel()})")
        set_numbers(axis.yaxis, label("measure.fte_years", language))
        axis.grid()
        axis.set_title(title)
    return figure


def draw_headcounts(comparison: Any, language: str = "en") -> Picture:
    """Headcount at each period's end with each scenario's plan, whole company."""
    closing = {}
    for name, run in comparison.runs.items():
        stocks = run.tables["stocks"]
        plan = stocks[stocks["reading"] == "plan"]
        closing[name] = plan.assign(period=plan["period"].astype(str)).groupby("period")["closing"].sum()
    table = pd.DataFrame(closing)
    title = label("picture.compare_headcount", language)
    figure, axes = open_picture(9.5, 4.0, title)
    axis, ends = axes[0, 0], []
    with style_axes():
        for number, name in enumerate(table.columns):
            colour = BLACK if name == comparison.base else SERIES[number % len(SERIES)]
            line = table[name].dropna()
            axis.plot(range(len(line)), line, color=colour, zorder=3 if name == comparison.base else 2)
            ends.append((len(line) - 1, float(line.iloc[-1]), name, colour))
        set_periods(axis, list(table.index), language)
        set_numbers(axis.yaxis, label("axis.heads", language))
        axis.grid(axis="y")
        label_line_ends(axis, ends)
        axis.set_title(title)
    return figure


def draw_costs(comparison: Any, language: str = "en") -> Picture:
    """Cost by year, a bar a scenario; the budget of a year is a short line across the bar where one was given."""
    runs = comparison.runs
    years = sorted({year for run in runs.values() for year in (run.summary.get("cost_by_year") or {})})
    currency = next(iter(runs.values())).summary["currency"]
    width = 0.8 / len(runs)
    title = label("picture.compare_cost", language)
    figure, axes = open_picture(9.5, 3.8, title)
    axis, largest, budgeted = axes[0, 0], 0.0, False
    with style_axes():
        for number, (name, run) in enumerate(runs.items()):
            places = np.arange(len(years)) + (number - (len(runs) - 1) / 2) * width
            costs = [run.summary["cost_by_year"].get(year, 0.0) for year in years]
            largest = max(largest, *costs)
            colour = BLACK if name == comparison.base else SERIES[number % len(SERIES)]
            axis.bar(places, costs, width=0.92 * width, color=colour, label=name)
            for place, year in zip(places, years, strict=True):
                budget = (run.summary.get("budget_by_year") or {}).get(year)
                if budget and 0.5 * largest <= budget <= 1.5 * largest:
                    axis.hlines(budget, place - 0.5 * width, place + 0.5 * width, color=RED, linewidth=1.8)
                    budgeted = True
        if budgeted:
            axis.plot([], [], color=RED, linewidth=1.8, label=label("line.budget", language))
        axis.set_xticks(range(len(years)), [write_period(year, language) for year in years])
        set_money(axis.yaxis, largest, currency, language)
        axis.grid(axis="y")
        axis.set_title(title)
        axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


def draw_actions(comparison: Any, language: str = "en") -> Picture:
    """People who arrive by hiring, development and moves, and who are released, over the horizon, a bar a scenario."""
    names = list(comparison.runs)
    heads = pd.DataFrame(
        {
            name: count_arriving(run.tables["actions"]).groupby(run.tables["actions"]["action"]).sum()
            for name, run in comparison.runs.items()
        }
    )
    heads = heads.reindex([action for action in _ACTIONS if action in heads.index]).fillna(0.0)
    title = label("picture.compare_actions", language)
    figure, axes = open_picture(9.5, 1.3 + 0.42 * len(names), title)
    axis, rows = axes[0, 0], np.arange(len(names))
    with style_axes():
        base = np.zeros(len(names))
        for action in heads.index:
            values = heads.loc[action, names].to_numpy(dtype=float)
            axis.barh(
                rows, values, left=base, color=_ACTIONS[action], height=0.62, label=label(f"action.{action}", language)
            )
            for row in rows:
                if values[row] > 0.07 * max(1.0, float(heads.sum().max())):
                    axis.text(
                        base[row] + values[row] / 2,
                        row,
                        write_number(values[row]),
                        ha="center",
                        va="center",
                        color="white",
                        fontsize=8.5,
                    )
            base = base + values
        axis.set_yticks(rows, [shorten(name) for name in names])
        axis.set_ylim(len(names) - 0.4, -0.6)
        set_numbers(axis.xaxis, label("axis.heads", language))
        axis.set_title(title)
        axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


def draw_shortages(comparison: Any, language: str = "en") -> Picture:
    """Shortage over the horizon by unit and scenario in FTE-years, as a heat map with its figures."""
    table = comparison.table[comparison.table["figure"] == "shortage"]
    cells = table.pivot_table("value", "scope", "scenario", sort=False, dropna=False)[list(comparison.runs)]
    cells = cells.loc[cells.max(axis=1).sort_values(ascending=False, kind="stable").index[:15]]
    values = cells.to_numpy(dtype=float)
    largest = max(1.0, float(np.nanmax(values))) if values.size else 1.0
    title = label("picture.compare_units", language)
    figure, axes = open_picture(9.5, 1.5 + 0.34 * len(cells), title)
    with style_axes():
        image = draw_cells(
            axes[0, 0], values, [shorten(unit) for unit in cells.index], [], language, DEPTH, 0.0, largest
        )
        axes[0, 0].set_xticks(range(cells.shape[1]), [shorten(name, 22) for name in cells.columns])
        axes[0, 0].set_xlim(-0.5, cells.shape[1] - 0.5)
        for row, column in zip(*np.nonzero(np.isfinite(values)), strict=True):
            colour = "white" if values[row, column] > 0.7 * largest else BLACK
            write_cell(
                axes[0, 0], column, row, write_number(values[row, column], 1), ha="center", color=colour, fontsize=9
            )
        axes[0, 0].set_title(title)
        add_scale(figure, axes[0, 0], image, "")
    return figure
