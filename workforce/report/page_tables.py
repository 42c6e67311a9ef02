"""The tables of a scenario's page: headline, changes, flows, actions, indicators, alerts."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from workforce.inputs.assumptions import MONTHS_PER_PERIOD
from workforce.report.page import Table, Text
from workforce.report.totals import round_to_total
from workforce.report.vocabulary import LABELS
from workforce.report.words import (
    LANGUAGES,
    is_missing,
    label,
    label_knob,
    say,
    write_amount,
    write_money,
    write_number,
    write_period,
    write_share,
    write_slack,
)

CHIP_COLOURS = {"red": "#C44601", "amber": "#E69F00", "green": "#009E73"}


def show_headline(run: Any, language: str = "en") -> Table:
    """The figures of the summary by which scenarios are compared, each with its unit."""
    rows = [
        (
            name_figure(row.figure, run, language)
            + (f"{'，' if language == 'zh' else ', '}{write_period(row.period, language)}" if row.period else ""),
            write_figure(row.value, row.unit, run.summary["currency"], language),
        )
        for row in list_figures(run.summary).itertuples()
    ]
    return Table((label("column.figure", language), label("column.value", language)), tuple(rows), frozenset({1}))


def name_figure(figure: str, run: Any, language: str = "en") -> str:
    """What a figure of the summary is called; some name the run's own share."""
    return label(f"figure.{figure}", language).replace("{slack}", write_slack(run, language))


def list_figures(summary: dict[str, Any]) -> pd.DataFrame:
    """The summary as a long table: figure, period (year or ""), unit (heads, fte, fte_years, money, share, alerts), value."""
    rows: list[tuple[str, str, str, Any]] = []
    for figure, unit in (
        ("headcount_start", "heads"),
        ("headcount_end", "heads"),
        ("demand_end", "fte"),
        ("gap_end", "fte"),
        ("shortage_end", "fte"),
    ):
        rows.append((figure, "", unit, summary.get(figure)))
    for reading, value in (summary.get("shortage_fte_years") or {}).items():
        rows.append((f"shortage_fte_years.{reading}", "", "fte_years", value))
    for figure in ("hires", "trained", "moves", "releases"):  # of those who arrive; releases: who go
        rows.append((figure, "", "heads", summary.get(figure)))
    if "cost_with_shortage" in summary:
        rows.append(("cost_with_shortage", "", "money", summary["cost_with_shortage"]))
    for figure, key, unit in (
        ("cost", "cost_by_year", "money"),
        ("budget", "budget_by_year", "money"),
        ("budget_left", "budget_left_by_year", "money"),
        ("turnover", "turnover_by_year", "share"),
    ):
        for year, value in sorted((summary.get(key) or {}).items()):
            rows.append((figure, str(year), unit, value))
    for figure in ("probability_met", "probability_covered", "probability_over_budget"):
        if summary.get(figure) is not None:
            rows.append((figure, "", "share", summary[figure]))
    for colour in ("red", "amber"):
        rows.append((f"alerts.{colour}", "", "alerts", (summary.get("alerts") or {}).get(colour, 0)))
    table = pd.DataFrame(rows, columns=["figure", "period", "unit", "value"])
    return table.assign(value=pd.to_numeric(table["value"], errors="coerce").astype(float))


def write_figure(value: float, unit: str, currency: str, language: str = "en") -> str:
    """A value with its unit, written out."""
    if is_missing(value):
        return label("withheld", language)
    if unit.startswith("money"):
        return write_money(value, currency, language)
    if unit.startswith("share"):
        return write_share(value, language)
    if unit == "alerts":
        return write_number(value)
    return f"{write_amount(value, language)} {label(f'measure.{unit}', language)}"


def show_changes(run: Any, language: str = "en") -> Table | None:
    """The assumptions that differ from base: what they mean, base's value, this scenario's, and the file that says so."""
    changes = run.tables["changes"]
    if not len(changes):
        return None
    rows = tuple(
        (
            f"{row.knob} ({label_knob(row.knob, language)})",
            write_setting(row.base, language),
            write_setting(row.value, language),
            row.file,
        )
        for row in changes.itertuples()
    )
    return Table(tuple(label(f"column.{name}", language) for name in ("knob", "base", "here", "file")), rows)


def show_flows(run: Any, language: str = "en", reading: str = "plan") -> Table:
    """Opening, flows and closing of each unit over the horizon, and of the company; as printed, every row closes and every
    column adds up: all but leavers are rounded to their total, and leavers are what is left."""
    stocks = run.tables["stocks"]
    stocks = stocks[stocks["reading"] == reading]
    periods = stocks["period"].astype(str)
    names = ["opening", "joiners", "moves_in", "moves_out", "leavers", "closing"]
    flows = stocks.groupby("unit", sort=False)[names[1:5]].sum()
    flows.insert(0, "opening", stocks[periods == periods.min()].groupby("unit", sort=False)["opening"].sum())
    flows["closing"] = stocks[periods == periods.max()].groupby("unit", sort=False)["closing"].sum()
    flows = flows.apply(round_to_total, digits=1)
    flows["leavers"] = flows["opening"] + flows["joiners"] + flows["moves_in"] - flows["moves_out"] - flows["closing"]
    flows.loc[label("company", language)] = flows.sum()
    rows = tuple((str(unit), *[write_number(row[name], 1) for name in names]) for unit, row in flows.iterrows())
    columns = (label("column.unit", language), *[label(f"column.{name}", language) for name in names])
    return Table(columns, rows, frozenset(range(1, 7)), emphasised=frozenset({len(rows) - 1}))


def show_actions(run: Any, language: str = "en", most: int = 12) -> Table | None:
    """The largest actions of the plan over the horizon: what, through what, from and to which role, how many start, how many
    of them arrive, and cost. What lasts (contractors, overtime, short time, offers to stay) is in years, not in heads."""
    actions = run.tables["actions"]
    if not len(actions):
        return None
    actions = actions.assign(arriving=count_arriving(actions))
    lasts, year = actions["action"].isin(LASTING), MONTHS_PER_PERIOD[run.summary["period"]] / 12.0
    actions["heads"] = actions["heads"].where(~lasts, actions["heads"] * year)
    actions["arriving"] = actions["arriving"].where(~lasts | (actions["action"] == "keep"), np.nan)
    keys = ["action", "via", "from_role", "to_role"]
    sums = actions.groupby(keys, sort=False)[["heads", "arriving", "cost"]].sum().reset_index()
    sums = sums.sort_values("heads", ascending=False, kind="stable").head(most)
    years = label("measure.fte_years", language)
    rows = tuple(
        (
            label(f"action.{row.action}", language),
            row.via or "–",
            row.from_role or "–",
            row.to_role or "–",
            write_number(row.heads, 1) + (f" {years}" if row.action in LASTING else ""),
            write_number(row.arriving, 1) if row.action == "keep" or row.action not in LASTING else "–",
            write_money(row.cost, run.summary["currency"], language),
        )
        for row in sums.itertuples()
    )
    names = (*keys, "offers", "arriving", "cost")
    return Table(tuple(label(f"column.{name}", language) for name in names), rows, frozenset({4, 5, 6}))


LASTING = ("keep", "contract", "overtime", "short_time", "stand_in")
"""Actions that are a level in each period: they are never summed over time as heads."""


def count_arriving(actions: pd.DataFrame) -> pd.Series:
    """Heads of each action that arrive; of a release, those who go."""
    arriving = actions["arriving"] if "arriving" in actions else actions["heads"]
    return arriving.where(actions["action"] != "release", actions["heads"])


def show_kpis(run: Any, language: str = "en") -> Table | None:
    """The company's indicators with interval, people, and how they are counted."""
    kpis = run.tables["kpis"]
    rows = [row for row in kpis.itertuples() if row.scope == "company"]
    if not rows:
        return None
    with_interval = bool(kpis.loc[kpis["scope"] == "company", "low"].notna().any())
    currency = run.summary["currency"]
    cells = tuple(
        (
            label(f"kpi.{row.kpi}", language),
            write_period(row.period, language),
            write_figure(row.value, row.unit, currency, language),
            _write_interval(row, currency, language),
            "–" if is_missing(row.people) else write_amount(row.people, language),
            _translate(row.variant, language),
        )
        for row in rows
    )
    names = ("figure", "period", "value", "interval", "people", "variant")
    heads = tuple(label(f"column.{name}", language) for name in names)
    if with_interval:
        return Table(heads, cells, frozenset({2, 3, 4}))
    return Table(heads[:3] + heads[4:], tuple(row[:3] + row[4:] for row in cells), frozenset({2, 3}))


def show_kpis_by_unit(run: Any, language: str = "en") -> Table | None:
    """The indicators of each unit in the last year that has any, side by side."""
    kpis = run.tables["kpis"]
    units = kpis[kpis["scope"] != "company"]
    if not len(units):
        return None
    year = str(units["period"].max())
    units = units[units["period"] == year]
    names, scopes = list(dict.fromkeys(units["kpi"])), list(dict.fromkeys(units["scope"]))
    found = {(row.kpi, row.scope): row for row in units.itertuples()}
    currency = run.summary["currency"]
    rows = tuple(
        (
            scope,
            *[
                write_figure(found[name, scope].value, found[name, scope].unit, currency, language)
                if (name, scope) in found
                else "–"
                for name in names
            ],
        )
        for scope in scopes
    )
    head = (
        f"{label('column.unit', language)} ({write_period(year, language)})",
        *[label(f"kpi.{name}", language) for name in names],
    )
    return Table(head, rows, frozenset(range(1, len(head))))


def show_alerts(run: Any, language: str = "en") -> Table | Text:
    """Red and amber alerts, red first; the colour is written as well as shown."""
    alerts = run.tables["alerts"]
    warm = alerts[alerts["colour"].isin(["red", "amber"])]
    if not len(warm):
        return Text(paragraph=say("alerts.none", language))
    warm = warm.assign(rank=(warm["colour"] != "red").astype(int)).sort_values("rank", kind="stable")
    currency = run.summary["currency"]
    rows = tuple(
        (
            label(f"colour.{row.colour}", language),
            label(f"alert.{row.alert}", language),
            label("company", language) if row.scope == "company" else row.scope,
            write_period(row.period, language),
            write_figure(row.value, row.unit, currency, language),
            write_figure(row.threshold, row.unit, currency, language),
        )
        for row in warm.itertuples()
    )
    chips = {0: {label(f"colour.{name}", language): colour for name, colour in CHIP_COLOURS.items()}}
    names = ("colour", "alert", "scope", "period", "value", "threshold")
    return Table(tuple(label(f"column.{name}", language) for name in names), rows, frozenset({4, 5}), chips)


def _translate(text: str, language: str) -> str:
    """A text of the results that has a pair in the vocabulary, else the text as it is."""
    return LABELS[text][LANGUAGES.index(language)] if text in LABELS else text


def write_setting(value: str, language: str = "en") -> str:
    """A knob's value (JSON text) as a reader writes it."""
    found = json.loads(value) if value else None
    if found is None or found in ([], {}):
        return label("none", language)
    if isinstance(found, bool):
        return label("yes" if found else "no", language)
    if isinstance(found, float | int):
        return f"{found:,}" if abs(found) >= 1 or found == 0 else f"{found:g}"
    if isinstance(found, dict):
        return "; ".join(f"{name}: {part}" for name, part in found.items())
    return ", ".join(str(part) for part in found) if isinstance(found, list) else str(found)


def _write_interval(row: Any, currency: str, language: str) -> str:
    if is_missing(row.low) or is_missing(row.high) or is_missing(row.value):
        return "–"
    low = write_figure(row.low, row.unit, currency, language)
    return f"{low} – {write_figure(row.high, row.unit, currency, language)}"
