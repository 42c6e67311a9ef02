"""The frontier as a folder that people read: a picture, a table, sentences, a page in each language."""

from __future__ import annotations

import base64
import itertools
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workforce.report.canvas import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    Picture,
    open_picture,
    say_axis,
    set_money,
    set_numbers,
    style_axes,
)
from workforce.report.folders import hold_folder, make_sibling, put_in_place
from workforce.report.page import Table, Text
from workforce.report.records import list_inputs, read_versions, write_json, write_tables
from workforce.report.words import (
    check_language,
    is_missing,
    label,
    money_scale,
    say,
    write_amount,
    write_money,
    write_number,
)

_COLOURS = {"chosen": BLACK, "hire_only": BLUE, "develop_only": GREEN, "nothing": GREY}
_MARKS = {"chosen": "o", "hire_only": "^", "develop_only": "s", "nothing": "x"}
_PEOPLE = {"hires": BLUE, "developed": GREEN, "moved": PURPLE, "released": ORANGE}
_FLAT = 0.005
"""Money saved for one unit of money below which a budget buys nothing."""


def write_frontier(frame: pd.DataFrame, case: Any, folder: str | Path, languages: Sequence[str] | None = None) -> Path:
    """Write results/frontier.parquet, frontier.csv, frontier.png, summary.json and report.html (report.zh.html).

    Args:
        frame: as `optimise.frontier.trace_frontier` describes it. case: what it was made from. folder: appears whole, in
        place of an older one. languages: of the pages; None = the scenario's own; () = no page.
    """
    folder = Path(folder)
    with hold_folder(folder):
        fresh = make_sibling(folder, "new")
        try:
            _fill_folder(frame, case, fresh, languages)
            put_in_place(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _fill_folder(frame: pd.DataFrame, case: Any, folder: Path, languages: Sequence[str] | None) -> None:
    assumptions, currency = case.assumptions, case.assumptions.company.currency
    write_tables({"frontier": frame}, folder / "results")
    frame.to_csv(folder / "frontier.csv", index=False, float_format="%.8g", lineterminator="\n")
    title = assumptions.title or case.name
    summary = {
        "scenario": case.name,
        "title": title,
        "currency": currency,
        "budgets": list(dict.fromkeys(frame["budget"])),
        "versions": read_versions(),
        "inputs": list_inputs(case),
    }
    (folder / "summary.json").write_text(write_json(summary, indent=1) + "\n", encoding="utf-8", newline="\n")
    languages = list(assumptions.report.languages if languages is None else languages)
    first = "en" if "en" in languages or not languages else languages[0]
    (folder / "frontier.png").write_bytes(draw_frontier(frame, currency, first)._repr_png_()[0])
    for language in languages:
        page = folder / ("report.html" if language == first else f"report.{language}.html")
        _write_page(frame, title, currency, page, language)


def _write_page(frame: pd.DataFrame, title: str, currency: str, page: Path, language: str) -> None:
    import nbformat.v4 as notebook

    from workforce.report.notebooks import export_html

    shown: list[Any] = [
        Text(say("frontier.heading", language, title=title), say("frontier.text", language), level=1, anchor="top"),
        Text(points=tuple(write_findings(frame, currency, language))),
        Text(say("frontier.look.heading", language), say("frontier.look.text", language), anchor="look"),
        draw_frontier(frame, currency, language),
        Text(say("frontier.table.heading", language), say("frontier.table.text", language), anchor="table"),
        show_frontier(frame, currency, language),
    ]
    cells = []
    for number, part in enumerate(shown):
        about: dict[str, Any] = {}
        if isinstance(part, Picture):
            image, about = part._repr_png_()
            data, about = {"image/png": base64.b64encode(image).decode()}, {"image/png": about}
        else:
            data = {"text/html": part._repr_html_()}
        output = notebook.new_output("display_data", data=data, metadata=about)
        cells.append(notebook.new_code_cell("", outputs=[output], execution_count=number + 1))
    source = page.with_name(f".{page.stem}.ipynb")
    source.write_text(json.dumps(notebook.new_notebook(cells=cells)), encoding="utf-8")
    try:
        export_html(source, page, say("frontier.heading", language, title=title), language)
    finally:
        source.unlink()


def write_findings(frame: pd.DataFrame, currency: str, language: str = "en") -> list[str]:
    """The frontier as sentences: what each step of money buys, where it stops buying, and the rejected mixes at the
    scenario's own budget (100%), or else at the smallest with a plan."""
    chosen = frame[frame["mix"] == "chosen"].sort_values("amount", kind="stable")
    found = [
        say("frontier_infeasible", language, budget=row.budget)
        for row in chosen.itertuples()
        if row.status != "optimal"
    ]
    solved = chosen[chosen["status"] == "optimal"].to_dict("records")
    for less, more in itertools.pairwise(solved):
        extra, saved = more["amount"] - less["amount"], less["cost"] - more["cost"]
        if extra <= 0:
            continue
        if less["price"] < _FLAT and saved / extra < _FLAT:
            found.append(say("frontier_flat", language, less=less["budget"]))
            break
        values = {
            "less": less["budget"],
            "more": more["budget"],
            "extra": extra,
            "saved": saved,
            "price": saved / extra,
        }
        found.append(say("frontier_step", language, currency=currency, **values))
    if solved:
        last = solved[-1]
        if last["price"] > _FLAT:
            values = {"budget": last["budget"], "price": last["price"]}
            found.append(say("frontier_price", language, currency=currency, **values))
    own = [row for row in solved if row["budget"] == "100%"] or solved
    for row in own[:1]:
        others = frame[(frame["budget"] == row["budget"]) & (frame["mix"] != "chosen")]
        words = [_say_other(other, row["cost"], currency, language) for other in others.to_dict("records")]
        if words:
            joined = ("；" if language == "zh" else "; ").join(words)
            values = {"budget": row["budget"], "cost": row["cost"], "others": joined}
            found.append(say("frontier_mix", language, currency=currency, **values))
    return found


def _say_other(row: dict[str, Any], cost: float, currency: str, language: str) -> str:
    mix = label(f"frontier.{row['mix']}", language)
    if row["status"] == "infeasible":
        return say("frontier_none", language, mix=mix)
    more = row["cost"] - cost
    if more < 0.5:
        return say("frontier_same", language, mix=mix)
    return say("frontier_more", language, mix=mix, more=more, currency=currency)


def show_frontier(frame: pd.DataFrame, currency: str, language: str = "en") -> Table:
    """Every budget and mix."""
    rows = []
    for row in frame.to_dict("records"):
        money = [write_money(row[name], currency, language) for name in ("cost", "spent")]
        people = [
            write_amount(row[name], language) for name in ("shortage_years", "hires", "developed", "moved", "released")
        ]
        none = label("frontier.infeasible", language)
        figures = [money[0], *people, money[1], "" if is_missing(row["price"]) else write_number(row["price"], 2)]
        budget = f"{row['budget']}\n{write_money(row['amount'], currency, language)}"
        rows.append(
            (
                budget,
                label(f"frontier.{row['mix']}", language),
                *(figures if row["status"] != "infeasible" else [none, *[""] * 7]),
            )
        )
    names = ("budget", "mix", "total_cost", "shortage_years", "hired", "developed", "moved", "let_go", "spent", "saves")
    chosen = frozenset(np.flatnonzero(frame["mix"] == "chosen").tolist())
    return Table(
        tuple(label(f"column.{name}", language) for name in names),
        tuple(rows),
        frozenset(range(2, 10)),
        emphasised=chosen,
    )


def draw_frontier(frame: pd.DataFrame, currency: str, language: str = "en") -> Picture:
    """Total cost and shortage by budget, a line a mix; and what the chosen mix does, a bar a budget."""
    check_language(language)
    title = label("picture.frontier", language)
    figure, axes = open_picture(9.5, 6.6, title, 2, 2)
    scale, unit = money_scale(float(frame["amount"].max()), currency, language)
    below = say_axis("axis.frontier_budget", language, unit=unit)
    cost, shortage, people, spare = axes.flat
    with style_axes():
        for mix, colour in _COLOURS.items():
            rows = frame[frame["mix"] == mix].sort_values("amount", kind="stable")
            style = {
                "color": colour,
                "marker": _MARKS[mix],
                "markersize": 5,
                "linewidth": 2.4 if mix == "chosen" else 1.6,
            }
            style["zorder"] = 3 if mix == "chosen" else 2
            cost.plot(rows["amount"], rows["cost"], label=label(f"frontier.{mix}", language), **style)
            shortage.plot(rows["amount"], rows["shortage_years"], **style)
        set_money(cost.yaxis, float(np.nanmax([1.0, *frame["cost"]])), currency, language)
        set_numbers(shortage.yaxis, label("axis.fte_years", language))
        for axis, key in ((cost, "cost"), (shortage, "shortage")):
            set_numbers(axis.xaxis, below, scale)
            axis.set_title(label(f"picture.frontier_{key}", language))
            axis.grid(axis="y")
        shortage.set_ylim(bottom=0)
        chosen = frame[frame["mix"] == "chosen"].sort_values("amount", kind="stable").drop_duplicates("budget")
        places, base = np.arange(len(chosen)), np.zeros(len(chosen))
        for name, colour in _PEOPLE.items():
            heads = chosen[name].fillna(0.0).to_numpy()
            if heads.sum() > 0.05:
                people.bar(
                    places, heads, bottom=base, width=0.7, color=colour, label=label(f"frontier.{name}", language)
                )
                base = base + heads
        step = 1 + len(chosen) // 9
        people.set_xticks(places[::step], chosen["budget"].tolist()[::step])
        set_numbers(people.yaxis, label("column.heads", language))
        people.set_title(label("picture.frontier_people", language))
        people.grid(axis="y")
        spare.set_axis_off()
        for axis, place in ((cost, "upper left"), (people, "lower left")):
            handles, names = axis.get_legend_handles_labels()
            if handles:
                spare.add_artist(spare.legend(handles, names, loc=place))
    return figure
