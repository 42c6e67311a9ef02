"""Reasons and notes of a run as sentences for the page and the workbook."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from workforce.report.page import Text
from workforce.report.sentences import NOTES, POINTS, choose_sentence
from workforce.report.words import label, say, write_period


def show_points(run: Any, language: str = "en") -> Text:
    """The few reasons that open the report, as sentences."""
    reasons = (
        run.tables["reasons"].sort_values("order", kind="stable").drop_duplicates("key").set_index("key", drop=False)
    )
    chosen = reasons.loc[[key for key in POINTS if key in reasons.index]]
    return Text(points=write_sentences(chosen, run.summary["currency"], language))


def show_reasons(run: Any, language: str = "en") -> Text:
    """The reasons as sentences, in their order. A reason that has no sentence yet is shown with its plain values."""
    reasons = run.tables["reasons"].sort_values("order", kind="stable")
    return Text(points=write_sentences(reasons[~reasons["key"].isin(NOTES)], run.summary["currency"], language))


def write_reason(key: str, values: str, currency: str, language: str = "en") -> str:
    """One reason or note as a sentence; `values` is JSON text of an object. Without a sentence, its plain values."""
    found = json.loads(values) if values else {}
    try:
        return say(
            choose_sentence(key, found), language, **{"currency": currency, **found, **_name_parts(found, language)}
        )
    except (KeyError, ValueError, TypeError):
        details = ", ".join(f"{name} = {value}" for name, value in found.items())
        return f"{key.replace('_', ' ')}{': ' + details if details else ''}"


def _name_parts(values: dict[str, Any], language: str) -> dict[str, str]:
    """The names that a sentence makes of codes: which budget, which part was switched off."""
    names = {}
    if "category" in values and "year" in values:
        budget = label(f"budget.{values['category']}", language)
        whole = values["year"] == "all"
        when = label("horizon", language) if whole else write_period(values["year"], language)
        names["budget"] = f"{when}{budget}" if language == "zh" else f"{budget} of {'the ' if whole else ''}{when}"
    if "table" in values:
        names["part"] = label(f"part.{values['table']}", language)
    return names


def write_sentences(table: pd.DataFrame, currency: str, language: str) -> tuple[str, ...]:
    """Reasons or notes (key, values as JSON text) as sentences, each once, in their order."""
    reasons: list[tuple[str, str]] = []
    listed: dict[str, list[str]] = {}
    for key, values in zip(table["key"], table["values"], strict=True):
        found = json.loads(values) if values else {}
        chosen = choose_sentence(key, found)
        if not chosen.endswith((".tie", ".far")):
            reasons.append((key, values))
            continue
        # Options left aside for one and the same reason make one sentence.
        if chosen not in listed:
            reasons.append((key, chosen))
        listed.setdefault(chosen, []).append(str(found["name"]))
    sentences = [
        say(values, language, name=listed[values])
        if values in listed
        else write_reason(key, values, currency, language)
        for key, values in reasons
    ]
    return tuple(dict.fromkeys(sentences))


def show_notes(run: Any, language: str = "en") -> Text | None:
    """What was switched off or assumed, as sentences, each once."""
    told = run.tables["reasons"]
    notes = pd.concat([told.loc[told["key"].isin(NOTES), ["key", "values"]], run.tables["notes"]])
    if not len(notes):
        return None
    return Text(points=write_sentences(notes, run.summary["currency"], language))
