"""Reasons and notes of a run as sentences for the page and the workbook."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from workforce.optimise.conflict import Rule
from workforce.optimise.conflict_words import name_rule
from workforce.report.page import Text
from workforce.report.risk_words import RISKS, SOURCES
from workforce.report.sentences import NOTES, POINTS, choose_sentence
from workforce.report.words import label, say, write_amount, write_money, write_period, write_share


def show_points(run: Any, language: str = "en") -> Text:
    """The few reasons that open the report, as sentences."""
    return Text(points=write_sentences(_open_with(run.tables["reasons"]), run.summary["currency"], language))


def _open_with(reasons: pd.DataFrame) -> pd.DataFrame:
    """The reasons that open the report: the first of each of the keys in `POINTS`."""
    first = reasons.sort_values("order", kind="stable").drop_duplicates("key")
    return first[first["key"].isin(POINTS)].sort_values("key", key=lambda keys: keys.map(POINTS.index), kind="stable")


def show_reasons(run: Any, language: str = "en") -> Text:
    """The reasons as sentences, in their order, without those that open the report, those that close it and those that have
    a section of their own.

    A reason that has no sentence yet is shown with its plain values.
    """
    reasons = run.tables["reasons"].sort_values("order", kind="stable").drop(_open_with(run.tables["reasons"]).index)
    apart = (*NOTES, *RISKS)
    return Text(points=write_sentences(reasons[~reasons["key"].isin(apart)], run.summary["currency"], language))


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


def _name_parts(values: dict[str, Any], language: str) -> dict[str, Any]:
    """The names that a sentence makes of codes: which budget, which part was switched off, which source of uncertainty."""
    names: dict[str, Any] = {}
    if "sources" in values:
        names["sources"] = [label(f"source.{source}", language) for source in values["sources"]]
        told = ["refill.yes" if values["backfill"] else "refill.no"] + ["refill.late"] * bool(values["delays"])
        names["refill"] = ("" if language == "zh" else " ").join(label(key, language) for key in told)
    if "shares" in values:
        names["shares"] = [
            label("uncertainty.share", language).format(
                share=write_share(share, language, 0), source=label(f"source.{source}", language)
            )
            for source, share in sorted(values["shares"].items(), key=lambda item: list(SOURCES).index(item[0]))
        ]
    if "category" in values and "year" in values:
        budget = label(f"budget.{values['category']}", language)
        whole = values["year"] == "all"
        when = label("horizon", language) if whole else write_period(values["year"], language)
        names["budget"] = f"{when}{budget}" if language == "zh" else f"{budget} of {'the ' if whole else ''}{when}"
    if "table" in values:
        names["part"] = label(f"part.{values['table']}", language)
    if "priority" in values:
        names["priority"] = label(f"priority.{values['priority']}", language)
    if "stage" in values:
        names["stage"] = label(f"stage.{values['stage']}", language)
    if "rule" in values and "period" in values:
        names |= _name_limit(values, language) | {"price": abs(values["price"])}
    for key in {"roles", "names", "drivers", "years"} & set(values):
        if isinstance(values[key], str):
            listed = values[key].removesuffix("...").rstrip(", ")
            names[key] = listed.replace(", ", "、") if language == "zh" else listed
    return names


def _name_limit(values: dict[str, Any], language: str) -> dict[str, str]:
    """A limit that is used up: what it is called, its unit, the proof by solving again, the limits between which its price
    holds, and in how many periods it binds."""
    when = values["period"] if values["period"] == "all" else write_period(values["period"], language)
    bound = name_rule(Rule(values["rule"], when, values["name"]), language)
    if language == "en":
        bound = bound[0].upper() + bound[1:]
    if "limit" in values:
        limit = write_amount(values["limit"], language)
        bound += f"（{limit}）" if language == "zh" else f" ({limit})"
    written = {
        name: write_amount(abs(values[name]) if name == "more" else values[name], language)
        for name in ("low", "high", "more")
        if values.get(name) is not None
    }
    written |= {"periods": str(values["periods"])}
    if "saved" in values:
        written |= {name: write_money(abs(values[name]), values["currency"], language) for name in ("saved", "then")}
    ends = [name for name in ("low", "high") if name in written]
    span = {"low high": "span", "low": "span.up", "high": "span.down"}.get(" ".join(ends), "")
    proof = "proof" if values["price"] > 0 else "proof.down"
    parts = {"proof": "saved" in values, "span": bool(span), "often": values["periods"] > 1}
    said = {
        part: label(f"limit.{ {'span': span, 'proof': proof}.get(part, part) }", language).format(**written)
        if told
        else ""
        for part, told in parts.items()
    }
    return said | {"bound": bound, "one": label(f"one.{values['rule']}", language)}


def write_sentences(table: pd.DataFrame, currency: str, language: str) -> tuple[str, ...]:
    """Reasons or notes (key, values as JSON text) as sentences, each once, in their order."""
    reasons: list[tuple[str, str]] = []
    listed: dict[str, list[str]] = {}
    for key, values in zip(table["key"], table["values"], strict=True):
        found = json.loads(values) if values else {}
        chosen = choose_sentence(key, found)
        if chosen == "budget_slack" and (table["key"] == key).sum() > 1:
            chosen, name = "budget_slack.many", write_reason("budget_slack.one", values, currency, language)
        elif chosen.endswith((".tie", ".far", ".whole")):
            name = str(found["name"])
        else:
            reasons.append((key, values))
            continue
        # Options left aside, and budgets left over, for one and the same reason make one sentence.
        if chosen not in listed:
            reasons.append((key, chosen))
        listed.setdefault(chosen, []).append(name)
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
