"""Channels on the page: their budget as a picture and a table, the funnel behind the starts, offers to stay by value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from workforce.inputs.contracts_actions import STAGES
from workforce.report.canvas import (
    BLUE,
    GREEN,
    Picture,
    needs,
    open_picture,
    set_money,
    set_numbers,
    shorten,
    style_axes,
)
from workforce.report.page import Table
from workforce.report.words import (
    label,
    write_amount,
    write_money,
    write_number,
    write_share,
)

_MOST_ROWS = 14


def sum_channels(budget: pd.DataFrame) -> pd.DataFrame:
    """The budget over the horizon by channel and target, most money first: channel, target, offers, starts, money, share,
    cost_per_hire, marginal (the cheapest next start of its quarters; NaN where it is full in all)."""
    keys = ["channel", "target"]
    sums = budget.groupby(keys, sort=False)[["offers", "starts", "money"]].sum()
    sums["marginal"] = budget.groupby(keys, sort=False)["marginal"].min()
    total = float(sums["money"].sum())
    sums["share"] = sums["money"] / total if total > 0 else 0.0
    sums["cost_per_hire"] = (sums["money"] / sums["starts"]).where(sums["starts"] > 0)
    return sums.sort_values(["money", "starts"], ascending=False, kind="stable").reset_index()


@needs("channel_budget")
def draw_channels(run: Any, language: str = "en") -> Picture:
    """Money (left) and starts (right, with the cost of each) by channel, over all roles, most money first."""
    budget, currency = run.tables["channel_budget"], run.summary["currency"]
    sums = budget.groupby("channel")[["money", "starts"]].sum()
    sums = sums.sort_values(["money", "starts"], ascending=False, kind="stable")
    if len(sums) > _MOST_ROWS:
        rest = (
            sums.iloc[_MOST_ROWS - 1 :]
            .sum()
            .rename(label("channel.others", language).format(count=len(sums) - _MOST_ROWS + 1))
        )
        sums = pd.concat([sums.head(_MOST_ROWS - 1), rest.to_frame().T])
    places = np.arange(len(sums))
    title = label("picture.channels", language)
    figure, axes = open_picture(9.5, 1.3 + 0.36 * len(sums), title, 1, 2, sharey=True)
    with style_axes():
        for axis, name, colour in ((axes[0, 0], "money", BLUE), (axes[0, 1], "starts", GREEN)):
            axis.barh(places, sums[name], color=colour, height=0.6)
            axis.set_title(label(f"picture.channels_{name}", language))
            axis.grid(axis="x")
            axis.set_yticks(places, [shorten(str(channel).replace("_", " ")) for channel in sums.index])
            axis.set_ylim(len(sums) - 0.4, -0.6)
        set_money(axes[0, 0].xaxis, float(sums["money"].max()), currency, language)
        set_numbers(axes[0, 1].xaxis, label("axis.starts", language))
        axes[0, 1].set_xlim(0, max(float(sums["starts"].max()), 1.0) * 1.45)
        for place, (money, starts) in enumerate(zip(sums["money"], sums["starts"], strict=True)):
            if starts > 0:
                each = label("channel.each", language).format(money=write_money(money / starts, currency, language))
                text = f"{write_amount(starts, language)} · {each}"
                axes[0, 1].annotate(
                    text, (starts, place), xytext=(5, 0), textcoords="offset points", va="center", fontsize=8.5
                )
    return figure


@needs("channel_budget")
def show_channels(run: Any, language: str = "en", most: int = _MOST_ROWS) -> Any:
    """The budget by channel and target over the horizon, most money first; the rest in one row, and the total."""
    sums, currency = sum_channels(run.tables["channel_budget"]), run.summary["currency"]
    shown, rest = sums.head(most), sums.iloc[most:]
    rows = [
        (
            row.channel,
            row.target or label("channel.everybody", language),
            write_number(row.offers, 1),
            write_number(row.starts, 1),
            write_money(row.money, currency, language),
            write_share(row.share, language),
            "–" if pd.isna(row.cost_per_hire) else write_money(row.cost_per_hire, currency, language),
            label("channel.full", language) if pd.isna(row.marginal) else write_money(row.marginal, currency, language),
        )
        for row in shown.itertuples()
    ]
    for name, part in (
        (label("channel.others", language).format(count=len(rest)), rest),
        (label("total", language), sums),
    ):
        if len(part):
            money, starts = float(part["money"].sum()), float(part["starts"].sum())
            each = write_money(money / starts, currency, language) if starts > 0 else "–"
            sizes = (
                write_number(part["offers"].sum(), 1),
                write_number(starts, 1),
                write_money(money, currency, language),
            )
            rows.append((name, "", *sizes, write_share(part["share"].sum(), language), each, ""))
    names = ("channel", "target", "offers_made", "channel_starts", "money", "money_share", "cost_per_hire", "marginal")
    heads = tuple(label(f"column.{name}", language) for name in names)
    return Table(heads, tuple(rows), frozenset(range(2, 8)), emphasised=frozenset({len(rows) - 1}))


@needs("funnel")
def show_funnel(run: Any, language: str = "en") -> Any:
    """For each channel, over the horizon: who enters each stage, who starts, and how many of each stage a start takes."""
    funnel = run.tables["funnel"]
    entered = funnel.pivot_table("entered", "channel", "stage", "sum").reindex(columns=list(STAGES))
    starts = funnel[funnel["stage"] == "joined"].groupby("channel")["passed"].sum()
    rows = []
    for channel in starts.sort_values(ascending=False, kind="stable").index:
        stages = [
            "–"
            if pd.isna(people)
            else write_number(people, 1)
            + (f"\n{write_number(people / starts[channel], 1)}" if starts[channel] > 0 else "")
            for people in entered.loc[channel]
        ]
        rows.append((str(channel), *stages, write_number(starts[channel], 1)))
    head = (label("column.channel", language), *[_head(stage, language) for stage in STAGES])
    return Table((*head, label("stage.start", language)), tuple(rows), frozenset(range(1, 7)))


def _head(stage: str, language: str) -> str:
    return f"{label(f'stage.{stage}', language)}\n{label('column.per_start', language)}"


@needs("retention")
def show_retention(run: Any, language: str = "en", most: int = _MOST_ROWS) -> Any:
    """Offers to stay by role, most value for each unit of money first."""
    currency = run.summary["currency"]
    rows = tuple(
        (
            row.offer,
            row.role,
            label(f"state.{row.state}", language),
            write_number(row.years, 1),
            write_number(row.kept, 2),
            write_money(row.cost, currency, language),
            write_money(row.worth, currency, language),
            "–" if pd.isna(row.ratio) else write_number(row.ratio, 2),
            write_number(row.hurdle, 2),
        )
        for row in run.tables["retention"].head(most).itertuples()
    )
    names = ("offer", "role", "state", "reached_years", "kept", "cost", "worth", "ratio", "hurdle")
    return Table(tuple(label(f"column.{name}", language) for name in names), rows, frozenset(range(3, 9)))
