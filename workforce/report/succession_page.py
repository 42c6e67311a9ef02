"""Succession and talent pools on the page: which posts may stand empty, how deep their bench is, what becomes of each grade."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from workforce.report.canvas import (
    BLACK,
    BLUE,
    GREY,
    ORANGE,
    RED,
    SKY,
    Picture,
    needs,
    open_picture,
    set_numbers,
    shorten,
    style_axes,
)
from workforce.report.page import Table, Text
from workforce.report.page_tables import CHIP_COLOURS
from workforce.report.words import is_missing, label, say, write_amount, write_number, write_share

_MOST_ROWS = 25
_COLOURS = {"nobody": RED, "shared": ORANGE, "one": SKY, "several": BLUE}
FIRST_WORTH = 3
"""Posts that are named as those for which one more successor is worth most."""


def _pick(run: Any, most: int = _MOST_ROWS) -> pd.DataFrame:
    posts = run.tables["succession"].sort_values("risk_rank", kind="stable").head(most)
    return posts.assign(single_point=posts["single_point"].replace("", "several"))


@needs("succession")
def draw_succession(run: Any, language: str = "en") -> Picture:
    """How often each critical post stands empty for more than 90 days, and its ready successors now and at the end; the
    posts at greatest risk first, at most 25. The colour says who is ready now."""
    posts = _pick(run)
    rows, chance = np.arange(len(posts)), posts["probability_empty_90"].to_numpy(dtype=float)
    title = label("picture.empty_90", language)
    figure, axes = open_picture(9.5, 1.7 + 0.27 * len(posts), title, columns=2, sharey=True, width_ratios=(1.7, 1.0))
    left, right = axes[0]
    with style_axes():
        left.barh(rows, chance, color=[_COLOURS[name] for name in posts["single_point"]], height=0.65)
        for row, value in enumerate(chance):
            left.annotate(
                _write_chance(value, language),
                (value, row),
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
            )
        left.set_yticks(rows, [shorten(str(post), 36) for post in posts["post"]])
        left.set_ylim(len(posts) - 0.4, -0.6)
        left.set_xlim(0, max(0.1, float(np.nanmax(chance))) * 1.15)
        set_numbers(left.xaxis, label("axis.share_of_futures", language), percent=True)
        left.grid(axis="x")
        left.set_title(title)
        begin, end = (posts[f"depth_{name}"].to_numpy(dtype=float) for name in ("start", "end"))
        right.hlines(rows, np.minimum(begin, end), np.maximum(begin, end), color=GREY, linewidth=1.5)
        right.plot(begin, rows, "o", markersize=7, markerfacecolor="white", markeredgecolor=BLACK)
        right.plot(end, rows, "o", markersize=4.5, color=BLACK)
        set_numbers(right.xaxis, label("axis.heads", language))
        right.set_xlim(-0.2, max(2.0, float(np.nanmax([begin, end]))) + 0.3)
        right.grid(axis="x")
        right.set_title(label("picture.depth", language))
        figure.legend(handles=_handles(posts, language), loc="outside lower center", ncols=3)
    return figure


def _write_chance(value: float, language: str) -> str:
    """A share of the futures: whole per cents from 10% on, where a decimal would be chance alone."""
    return write_share(value, language, 0 if abs(value) >= 0.095 or value == 0 else 1)


def _handles(posts: pd.DataFrame, language: str) -> list[Any]:
    shown, colon = set(posts["single_point"]), "：" if language == "zh" else ": "
    handles: list[Any] = [
        Patch(color=colour, label=f"{label('column.single_point', language)}{colon}{label(f'single.{name}', language)}")
        for name, colour in _COLOURS.items()
        if name in shown
    ]
    marks = (("start", {"markerfacecolor": "white", "markersize": 7}), ("end", {"color": BLACK, "markersize": 4.5}))
    for name, options in marks:
        line = {"marker": "o", "linestyle": "", "markeredgecolor": BLACK, **options}
        handles.append(Line2D([], [], label=label(f"line.depth_{name}", language), **line))
    return handles


@needs("succession")
def show_succession(run: Any, language: str = "en") -> Any:
    """The same posts as a table: who is ready, what a vacancy meets, how long it lasts, and what one more would change."""
    posts = _pick(run)
    rows = tuple(
        (
            row.post,
            label(f"single.{row.single_point}", language),
            f"{row.ready_now} / {row.successors}",
            "–" if is_missing(row.probability_found) else write_share(row.probability_found, language, 0),
            write_number(row.days_empty),
            _write_chance(row.probability_empty_90, language),
            "–" if is_missing(row.chain_length) else write_number(row.chain_length, 1),
            write_number(row.worth_days),
            _write_chance(row.worth_probability, language),
        )
        for row in posts.itertuples()
    )
    names = (
        "post", "single_point", "named", "probability_found", "days_empty", "probability_empty_90", "chain_length",
        "worth_days", "worth_probability",
    )  # fmt: skip
    chips = {1: {label("single.nobody", language): CHIP_COLOURS["red"], label("single.shared", language): ORANGE}}
    heads = tuple(label(f"column.{name}", language) for name in names)
    return Table(heads, rows, frozenset(range(2, len(names))), chips)


@needs("succession")
def show_bench(run: Any, language: str = "en") -> Any:
    """What a reader should take away: the bench gross and net, the post at greatest risk, posts that lean on one person,
    and where one more successor is worth most."""
    posts, kpis = run.tables["succession"], run.tables["kpis"]
    worst = posts.sort_values("risk_rank", kind="stable").iloc[0]
    figures = kpis[kpis["scope"] == "company"].drop_duplicates("kpi").set_index("kpi")["value"]
    told: list[tuple[str, dict[str, Any]]] = []
    if {"bench_strength", "succession_cover"} <= set(figures.index):
        told.append(
            (
                "succession_bench",
                {"posts": len(posts), "now": figures["bench_strength"], "net": figures["succession_cover"]},
            )
        )
    if not is_missing(figures.get("vacancy_found")):
        told.append(("succession_found", {"found": figures["vacancy_found"], "days": figures["days_empty"]}))
    if worst["probability_empty_90"] > 0:
        told.append(
            (
                "succession_risk",
                {"post": worst["post"], "chance": worst["probability_empty_90"], "days": worst["days_empty"]},
            )
        )
    shared = list(posts.loc[posts["single_point"] == "shared", "post"])
    if shared:
        told.append(("succession_shared", {"posts": shared}))
    if posts["most_posts"].max() > 1:
        told.append(("succession_twice", {"most": posts["most_posts"].max()}))
    worth = (
        posts[posts["worth_days"] >= 0.5].sort_values("worth_days", ascending=False, kind="stable").head(FIRST_WORTH)
    )
    if len(worth):
        days = [write_amount(value, language, 0) for value in worth["worth_days"]]
        told.append(("succession_worth", {"posts": list(worth["post"]), "days": days}))
    return Text(points=tuple(say(key, language, **values) for key, values in told))


@needs("talent_pool")
def show_pools(run: Any, language: str = "en") -> Any:
    """Each pool and grade held at today's headcount: heads today, yearly means of promotions and losses, and who must
    enter year by year."""
    pools = run.tables["talent_pool"]
    years = list(dict.fromkeys(pools["year"]))
    names = ("promotions_in", "promotions_out", "losses")
    rows = tuple(
        (
            f"{shorten(str(pool), 24)} · {grade or label('pool.nothing', language)}",
            write_amount(flows["opening"].iloc[0], language),
            *[write_amount(flows[name].mean(), language) for name in names],
            *[write_amount(value, language) for value in flows["entrants"]],
        )
        for (pool, grade), flows in pools.groupby(["pool", "grade"], sort=False)
    )
    heads = (
        *[label(f"column.{name}", language) for name in ("pool", "today", *names)],
        *[label("column.entrants", language).replace("{year}", year) for year in years],
    )
    return Table(heads, rows, frozenset(range(1, len(heads))))
