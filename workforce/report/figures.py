"""The pictures of a scenario's report: one function a picture, from a run (or results) to a figure.

Every function takes anything with ``tables`` and ``summary`` (a ``Run`` that was read, or the ``Results`` of the pipeline)
and a language, changes nothing, and returns a matplotlib figure that shows itself in a notebook. FTE and heads stand on axes
of their own; stocks are never summed over time, and shortages are summed role by role.

Example:
    run = read_run("runs/base")
    draw_supply_and_demand(run, "zh").savefig("supply.png")
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from workforce.report.canvas import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PURPLE,
    RED,
    SERIES,
    SHORT_SPARE,
    SKY,
    Picture,
    add_scale,
    by_text_period,
    draw_cells,
    label_line_ends,
    largest_of,
    needs,
    open_picture,
    set_numbers,
    set_periods,
    shorten,
    style_axes,
    text_periods,
)
from workforce.report.page_tables import LASTING
from workforce.report.records import spread_periods
from workforce.report.words import label, write_number

_MOST_ROWS = 15
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@needs("gap", "demand")
def draw_supply_and_demand(run: Any, language: str = "en") -> Picture:
    """Required and effective FTE of the whole company by period, without action and with the plan."""
    gap, demand = by_text_period(run.tables["gap"]), by_text_period(run.tables["demand"])
    periods = text_periods(gap)
    title = label("picture.supply_demand", language)
    figure, axes = open_picture(9.5, 4.0, title)
    with style_axes():
        _draw_panel(axes[0, 0], gap, demand, periods, language)
        ends = []
        for key, colour, values in _supply_lines(gap, periods):
            ends.append((len(periods) - 1, values[-1], label(f"line.{key}", language), colour))
        label_line_ends(axes[0, 0], ends)
        axes[0, 0].set_title(title)
        axes[0, 0].set_ylabel(label("axis.fte", language))
        band = Patch(color=PALE, label=f"{label('line.required', language)} ({label('line.band', language)})")
        axes[0, 0].legend(handles=[band], loc="upper left")
    return figure


@needs("gap", "demand")
def draw_units(run: Any, language: str = "en") -> Picture:
    """Required and effective FTE of each unit by period: one small panel a unit, each with its own scale."""
    gap, demand = by_text_period(run.tables["gap"]), by_text_period(run.tables["demand"])
    periods, units = text_periods(gap), list(dict.fromkeys(gap["unit"]))
    shown = largest_of(gap[gap["reading"] == "expected"].groupby("unit", sort=False)["shortage"].sum(), 12)
    units = [unit for unit in units if unit in shown]
    columns = min(3, len(units))
    rows = -(-len(units) // columns)
    title = label("picture.by_unit", language)
    figure, axes = open_picture(9.5, 0.7 + 2.1 * rows, title, rows, columns, sharex=True)
    with style_axes():
        for position, axis in enumerate(axes.flat):
            if position >= len(units):
                axis.set_visible(False)
                continue
            unit = units[position]
            _draw_panel(axis, gap[gap["unit"] == unit], demand[demand["unit"] == unit], periods, language)
            axis.set_title(shorten(unit, 34))
            axis.tick_params(labelbottom=position + columns >= len(units))
            axis.set_ylabel(label("axis.fte", language) if position % columns == 0 else "")
        handles = [
            Line2D([], [], color=colour, label=label(f"line.{key}", language))
            for key, colour in (("required", BLACK), ("expected", ORANGE), ("plan", BLUE))
        ]
        figure.legend(handles=handles, loc="outside upper right", ncols=3)
    return figure


@needs("gap")
def draw_gap(run: Any, language: str = "en", reading: str = "expected") -> Picture:
    """The gap (required less effective FTE) by role and period as a heat map.

    The 15 roles with the largest shortage without action have a row each, in that order; the last row holds the average
    shortage of the others. The figure at the right of a row is its shortage over the horizon in FTE-years.
    """
    gap = by_text_period(run.tables["gap"])
    periods = text_periods(gap)
    order = gap[gap["reading"] == "expected"].groupby("role", sort=False)["shortage"].sum()
    shown = largest_of(order, _MOST_ROWS)
    here = gap[gap["reading"] == reading]
    cells = spread_periods(here, "gap").reindex(index=shown, columns=periods)
    years = here.groupby("role", sort=False)["shortage"].sum() * _years(run)
    names = [shorten(role) for role in shown]
    sums = [float(years.get(role, 0.0)) for role in shown]
    rest = here[~here["role"].isin(shown)]
    if len(rest):
        cells.loc[""] = (rest.groupby("period")["shortage"].sum() / rest["role"].nunique()).reindex(periods)
        names.append(label("others", language).format(count=rest["role"].nunique()))
        sums.append(float(rest["shortage"].sum()) * _years(run))
    largest = max(1.0, float(np.nanquantile(gap["gap"].abs(), 0.995))) if gap["gap"].notna().any() else 1.0
    title = label(f"picture.gap_{reading}", language)
    figure, axes = open_picture(9.5, 1.3 + 0.25 * len(names), title)
    axis = axes[0, 0]
    with style_axes():
        image = draw_cells(axis, cells.to_numpy(dtype=float), names, periods, language, SHORT_SPARE, -largest, largest)
        if len(rest):
            axis.axhline(len(shown) - 0.5, color=BLACK, linewidth=0.8)
        for row, total in enumerate(sums):
            axis.text(len(periods) - 0.1, row, write_number(total, 1), va="center", ha="left", fontsize=8.5)
        axis.text(
            len(periods) - 0.1,
            -0.75,
            label("picture.shortage_sum", language),
            va="bottom",
            ha="left",
            fontsize=7.5,
            color=GREY,
        )
        axis.set_title(title)
        add_scale(figure, axis, image, "FTE")
    return figure


@needs("attrition")
def draw_attrition(run: Any, language: str = "en", confidence: float = 0.90) -> Picture:
    """Observed leaving rates by unit and by length of service with exact Poisson intervals.

    A rate is leavers over person-years of the cells that are shown; its interval is the exact one for a Poisson count
    (Garwood 1936). A stated rate has no person-years behind it and is drawn hollow, without an interval.
    """
    attrition = run.tables["attrition"]
    tenure = [
        _name_band(low, high, language)
        for low, high in zip(attrition["tenure_from"], attrition["tenure_to"], strict=True)
    ]
    by_unit = measure_leaving(attrition.assign(group=attrition["unit"]), confidence)
    by_tenure = measure_leaving(attrition.assign(group=tenure).sort_values("tenure_from", kind="stable"), confidence)
    by_unit = by_unit.sort_values("rate", ascending=False).head(_MOST_ROWS)
    figure, axes = open_picture(
        9.5, 1.2 + 0.3 * max(len(by_unit), len(by_tenure), 3), label("axis.rate", language), 1, 2, sharex=True
    )
    with style_axes():
        for axis, table, key in ((axes[0, 0], by_unit, "unit"), (axes[0, 1], by_tenure, "tenure")):
            rows = np.arange(len(table))
            known = table["low"].notna().to_numpy()
            axis.hlines(rows[known], 100 * table["low"][known], 100 * table["high"][known], color=SKY, linewidth=3)
            axis.plot(100 * table["rate"], rows, "o", color=BLUE, markersize=6, markerfacecolor="white")
            axis.plot(100 * table["rate"][known], rows[known], "o", color=BLUE, markersize=6)
            axis.set_yticks(rows, [shorten(name, 26) for name in table.index])
            axis.set_ylim(len(table) - 0.5, -0.5)
            axis.grid(axis="x")
            axis.set_title(label(f"picture.attrition_{key}", language))
            set_numbers(axis.xaxis, label("axis.rate", language))
            if not known.all():
                axis.plot(
                    [], [], "o", color=BLUE, markerfacecolor="white", label=label("picture.attrition_stated", language)
                )
                axis.legend(loc="lower right")
        axes[0, 0].set_xlim(left=0)
    return figure


def measure_leaving(attrition: pd.DataFrame, confidence: float = 0.90) -> pd.DataFrame:
    """Leaving rates of the groups in column ``group``: rate, low, high (per person-year), leavers, exposure_years.

    Person-years are counted once per cell (role, tenure), leavers over all causes; withheld cells are left out of both.
    Where a group has stated rates only, its rate is the plain mean of the cells' rates over all causes, and low and high are NaN.

    Example:
        >>> cells = pd.DataFrame({"group": ["a"], "role": ["r"], "tenure_from": [0], "cause": ["all"], "rate": [0.1],
        ...     "leavers": [10.0], "exposure_years": [100.0]})
        >>> measure_leaving(cells).round(3).loc["a", ["rate", "low", "high"]].tolist()
        [0.1, 0.054, 0.17]
    """
    from scipy.special import gammaincinv

    hidden = attrition["leavers"].isna() | attrition["exposure_years"].isna()
    cells = (
        attrition.assign(hidden=hidden)
        .groupby(["group", "role", "tenure_from"], sort=False)
        .agg(
            rate=("rate", "sum"),
            leavers=("leavers", "sum"),
            exposure=("exposure_years", "max"),
            hidden=("hidden", "any"),
        )
    )
    cells = cells.reset_index()
    stated = cells.groupby("group", sort=False)["rate"].mean()
    seen = cells[~cells["hidden"]].groupby("group", sort=False)[["leavers", "exposure"]].sum()
    seen = seen.reindex(stated.index)
    tail = (1 - confidence) / 2
    known = seen["exposure"] > 0
    table = pd.DataFrame(
        {"rate": stated, "low": np.nan, "high": np.nan, "leavers": seen["leavers"], "exposure_years": seen["exposure"]}
    )
    leavers, exposure = seen["leavers"][known], seen["exposure"][known]
    table.loc[known, "rate"] = leavers / exposure
    table.loc[known, "low"] = np.where(leavers > 0, gammaincinv(leavers.clip(lower=1e-9), tail), 0.0) / exposure
    table.loc[known, "high"] = gammaincinv(leavers + 1, 1 - tail) / exposure
    return table


@needs("stocks")
def draw_bridge(run: Any, language: str = "en") -> Picture:
    """Headcount from the first opening to the last closing as floating bars, without action and with the plan."""
    stocks = by_text_period(run.tables["stocks"])
    title = label("picture.bridge", language)
    figure, axes = open_picture(9.5, 3.9, title, 1, 2, sharey=True)
    lowest, highest = [], []
    with style_axes():
        for axis, reading in zip(axes[0], ("expected", "plan"), strict=True):
            steps = measure_bridge(stocks[stocks["reading"] == reading])
            level = steps["amount"].cumsum()
            for position, (key, amount) in enumerate(steps["amount"].items()):
                ends = key in ("opening", "closing")
                top = amount if ends else level.iloc[position]
                base = 0.0 if ends else top - amount
                colour = GREY if ends else GREEN if amount > 0 else ORANGE
                axis.bar(position, abs(top - base), bottom=min(base, top), color=colour, width=0.65)
                text = write_number(amount, 0, signed=not ends).replace("-", "\u2212")
                axis.annotate(
                    text,
                    (position, max(base, top)),
                    xytext=(0, 3),
                    textcoords="offset points",
                    ha="center",
                    fontsize=8.5,
                )
                lowest.append(top if ends else min(base, top))
                highest.append(max(base, top))
            names = [
                label("column.released" if key == "released" else f"column.{key}", language) for key in steps.index
            ]
            names = [
                label("action.release", language) if key == "released" else name
                for key, name in zip(steps.index, names, strict=True)
            ]
            axis.set_xticks(range(len(steps)), names)
            axis.set_title(label(f"reading.{reading}", language))
        reach = max(highest) - min(lowest)
        set_numbers(axes[0, 0].yaxis, label("axis.heads", language))
        axes[0, 0].set_ylim(max(0.0, min(lowest) - 0.35 * reach), max(highest) + 0.12 * reach)
    return figure


def measure_bridge(stocks: pd.DataFrame) -> pd.DataFrame:
    """The steps from opening to closing of one reading, in heads; the steps before closing sum to it.

    Moves that cancel within the selection (every move out is another role's move in) are left out when both are equal.
    """
    periods = stocks["period"].astype(str)
    flows = stocks[["joiners", "moves_in", "moves_out", "leavers", "released"]].sum()
    steps = {"opening": stocks.loc[periods == periods.min(), "opening"].sum(), "joiners": flows["joiners"]}
    if abs(flows["moves_in"] - flows["moves_out"]) > 1e-6:
        steps |= {"moves_in": flows["moves_in"], "moves_out": -flows["moves_out"]}
    steps["leavers"] = -(flows["leavers"] - flows["released"])
    if flows["released"] > 1e-6:
        steps["released"] = -flows["released"]
    steps["closing"] = stocks.loc[periods == periods.max(), "closing"].sum()
    return pd.DataFrame({"amount": pd.Series(steps, dtype=float)})


@needs("gap", "actions")
def draw_mix(run: Any, language: str = "en") -> Picture:
    """Offers (by channel) and starts of programmes, moves and releases, by the period in which they are made."""
    actions = by_text_period(run.tables["actions"])
    periods = text_periods(run.tables["gap"])
    hires = actions[actions["action"] == "hire"]
    inside = actions[actions["action"].isin(["develop", "move", "release"])]
    lasting = actions[actions["action"].isin(LASTING)]
    lasting = lasting.assign(kind=[label(f"action.{action}", language) for action in lasting["action"]])
    colon = "：" if language == "zh" else ": "
    inside = inside.assign(
        kind=[
            f"{label(f'action.{action}', language)}{colon + via if via and action == 'develop' else ''}"
            for action, via in zip(inside["action"], inside["via"], strict=True)
        ]
    )
    panels = [
        ("mix_hires", hires.assign(kind=hires["via"]), SERIES),
        ("mix_inside", inside, (GREEN, PURPLE, RED, SKY, ORANGE, BLUE)),
        ("mix_time", lasting, (SKY, ORANGE, PURPLE, GREEN, BLUE)),
    ]
    panels = [panel for panel in panels if len(panel[1])] or panels[:1]
    figure, axes = open_picture(
        9.5, 0.4 + 2.5 * len(panels), label("picture.mix", language), len(panels), 1, sharex=True
    )
    length = label(run.summary["period"], language)
    with style_axes():
        for axis, (key, table, colours) in zip(axes[:, 0], panels, strict=True):
            heads = table.pivot_table("heads", "period", "kind", "sum").reindex(periods).fillna(0.0)
            kinds = largest_of(heads.sum(), 6)
            if heads.shape[1] > len(kinds):
                others = label("cause.other", language)
                heads = heads.assign(**{others: heads.drop(columns=kinds).sum(axis=1)})
                kinds = [*kinds, others]
            base = np.zeros(len(periods))
            for kind, colour in zip(kinds, (*colours[:6], GREY), strict=False):
                axis.bar(
                    range(len(periods)),
                    heads[kind],
                    bottom=base,
                    width=0.75,
                    color=colour,
                    label=shorten(str(kind), 36),
                )
                base = base + heads[kind].to_numpy()
            set_periods(axis, periods, language)
            unit = {"mix_hires": "axis.offers_period", "mix_time": "axis.level"}.get(key, "axis.starts_period")
            set_numbers(axis.yaxis, label(unit, language).format(period=length))
            axis.grid(axis="y")
            axis.set_title(label(f"picture.{key}", language))
            if kinds:
                axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure


def _years(run: Any) -> float:
    return _MONTHS[run.summary["period"]] / 12


def _name_band(low: float, high: float, language: str) -> str:
    if not np.isfinite(high):
        key, unit = ("tenure.open", 12) if low % 12 == 0 and low else ("tenure.open_months", 1)
        return label(key, language).format(low=write_number(low / unit))
    key, unit = ("tenure.years", 12) if low >= 12 and low % 12 == 0 and high % 12 == 0 else ("tenure.months", 1)
    return label(key, language).format(low=write_number(low / unit), high=write_number(high / unit))


def _supply_lines(gap: pd.DataFrame, periods: list[str]) -> list[tuple[str, str, np.ndarray]]:
    sums = gap.groupby(["reading", "period"])[["required", "effective_fte"]].sum(min_count=1)
    readings = [reading for reading in ("expected", "plan") if reading in sums.index.get_level_values(0)]
    if not readings:
        return []
    required = sums.loc[readings[0], "required"].reindex(periods).to_numpy()
    lines = [("required", BLACK, required)]
    for reading in readings:
        colour = ORANGE if reading == "expected" else BLUE
        lines.append((reading, colour, sums.loc[reading, "effective_fte"].reindex(periods).to_numpy()))
    return lines


def _draw_panel(axis: Any, gap: pd.DataFrame, demand: pd.DataFrame, periods: list[str], language: str) -> None:
    positions = np.arange(len(periods))
    band = demand.groupby("period")[["low", "high"]].sum().reindex(periods)
    if len(band) and (band["high"] - band["low"]).abs().max() > 1e-9:
        axis.fill_between(positions, band["low"], band["high"], color=PALE, linewidth=0)
    for _, colour, values in _supply_lines(gap, periods):
        axis.plot(positions, values, color=colour)
    set_periods(axis, periods, language)
    set_numbers(axis.yaxis, "")
    axis.grid(axis="y")
