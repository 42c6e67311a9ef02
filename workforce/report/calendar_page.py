"""The calendar of requisitions on the page: what must be opened when, as a picture and as a table."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D

from workforce.report.canvas import (
    BLACK,
    BLUE,
    GREY,
    RED,
    Picture,
    needs,
    open_picture,
    set_periods,
    shorten,
    style_axes,
)
from workforce.report.page import Table
from workforce.report.page_tables import CHIP_COLOURS
from workforce.report.words import label, write_amount, write_day

_MOST_ROWS = 24
PLAN = "plan"


def pick_openings(calendar: pd.DataFrame, most: int = _MOST_ROWS) -> pd.DataFrame:
    """The needed starts a reader looks at first, one row each: every start of the projects where there are any, else each
    role's next start in the plan (of half a person or more) that can still be opened in time, or, where there is none, its
    first. Those that must be opened first stand first; a start that no channel reaches, last.

    fastest, fastest_open_by: the fastest channel of a project's start, "" and NaT elsewhere.
    """
    projects = calendar[calendar["source"] != PLAN]
    if len(projects):
        keys = ["source", "role", "period"]
        fastest = projects[projects["choice"] == "fastest"].set_index(keys)
        rows = projects[projects["choice"] != "fastest"]
        ways = fastest.reindex(pd.MultiIndex.from_frame(rows[keys]))
        rows = rows.assign(fastest=ways["channel"].fillna("").to_numpy(), fastest_open_by=ways["open_by"].to_numpy())
    else:
        whole = calendar[calendar["starts"] >= 0.5] if (calendar["starts"] >= 0.5).any() else calendar
        rows = whole.sort_values("passed", kind="stable").drop_duplicates("role")
        rows = rows.assign(fastest="", fastest_open_by=pd.NaT)
    return rows.sort_values(["open_by", "needed"], kind="stable", na_position="last").head(most).reset_index(drop=True)


@needs("calendar")
def draw_calendar(run: Any, language: str = "en") -> Picture:
    """A bar from the latest opening day to the day of need for each start that `pick_openings` picks."""
    rows = pick_openings(run.tables["calendar"])
    of_projects = list(dict.fromkeys(rows.loc[rows["source"] != PLAN, "source"]))
    title = label("picture.calendar_project" if of_projects else "picture.calendar_plan", language)
    title = title.format(names=", ".join(of_projects))
    figure, axes = open_picture(9.5, 1.5 + 0.27 * len(rows), title)
    axis = axes[0, 0]
    plan_start = pd.Period(run.summary["start"]).start_time
    days = pd.concat([rows[name] for name in ("open_by", "fastest_open_by", "needed")]).dropna()
    months = pd.period_range(min(days.min(), plan_start), max(days.max(), plan_start), freq="M")
    with style_axes():
        for place, row in enumerate(rows.itertuples()):
            needed = _position(row.needed, months)
            axis.plot(needed, place, marker="|", color=BLACK, markersize=9)
            if pd.isna(row.open_by):
                words = label("choice.none", language)
                axis.annotate(
                    words,
                    (needed, place),
                    xytext=(-6, 0),
                    textcoords="offset points",
                    ha="right",
                    va="center",
                    color=GREY,
                    fontsize=8.5,
                )
                continue
            colour = RED if row.passed else BLUE
            opened = _position(row.open_by, months)
            axis.barh(place, needed - opened, left=opened, height=0.5, color=colour, alpha=0.75)
            axis.plot(_position(row.open_by_p50, months), place, marker="|", color="white", markersize=8)
            if not pd.isna(row.fastest_open_by):
                fast = _position(row.fastest_open_by, months)
                axis.plot(fast, place, marker="D", color="white", markeredgecolor=BLACK, markersize=5)
        axis.axvline(_position(plan_start, months), color=GREY, linewidth=1.0, linestyle="--")
        names = [f"{shorten(row.role, 32)} · {write_amount(row.starts, language)}" for row in rows.itertuples()]
        axis.set_yticks(range(len(rows)), names)
        axis.set_ylim(len(rows) - 0.4, -0.6)
        set_periods(axis, [str(month) for month in months], language)
        axis.grid(axis="x")
        axis.set_title(title)
        figure.legend(handles=_handles(rows, language), loc="outside lower center", ncols=3)
    return figure


def _handles(rows: pd.DataFrame, language: str) -> list[Line2D]:
    def line(key: str, **options: Any) -> Line2D:
        return Line2D([], [], label=label(f"line.calendar_{key}", language), **options)

    handles = [line("wait", color=BLUE, linewidth=6, alpha=0.75)]
    if rows["passed"].any():
        handles.append(line("late", color=RED, linewidth=6, alpha=0.75))
    handles.append(line("half", color=GREY, marker="|", linestyle="", markersize=9))
    if rows["fastest_open_by"].notna().any():
        handles.append(line("fastest", color="white", marker="D", markeredgecolor=BLACK, linestyle="", markersize=5))
    handles.append(line("start", color=GREY, linewidth=1.0, linestyle="--"))
    return handles


def _position(day: pd.Timestamp, months: pd.PeriodIndex) -> float:
    """Months from the first of `months`, the day as a part of its month."""
    first = months[0]
    whole = (day.year - first.year) * 12 + day.month - first.month
    return float(whole + (day.day - 1) / day.days_in_month)


@needs("calendar")
def show_calendar(run: Any, language: str = "en") -> Any:
    """The same starts as a table: whom, when, through which channel, and the latest day to open the requisition."""
    rows = pick_openings(run.tables["calendar"])
    colon = "：" if language == "zh" else ": "
    passed = {True: label("calendar.late", language), False: label("calendar.open", language)}
    cells = tuple(
        (
            row.role,
            label("calendar.plan", language) if row.source == PLAN else row.source,
            write_day(row.needed, language),
            write_amount(row.starts, language),
            row.channel or label("choice.none", language),
            write_day(row.open_by_p50, language),
            write_day(row.open_by, language),
            f"{row.fastest}{colon}{write_day(row.fastest_open_by, language)}" if row.fastest else "–",
            passed[bool(row.passed)] if not pd.isna(row.open_by) else "–",
        )
        for row in rows.itertuples()
    )
    names = ("role", "source", "needed", "starts", "channel", "open_by_p50", "open_by", "fastest", "passed")
    chips = {8: {passed[True]: CHIP_COLOURS["red"]}} if np.any(rows["passed"]) else {}
    return Table(tuple(label(f"column.{name}", language) for name in names), cells, frozenset({3}), chips)
