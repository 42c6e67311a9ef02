"""What stands between the pictures: headings, paragraphs and tables that show themselves in a notebook, in either language.

Everything that comes from data or a scenario is escaped; nothing here carries a script or asks for a network.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workforce.report.passages import PASSAGES
from workforce.report.sentences import NOTES
from workforce.report.totals import is_carried
from workforce.report.words import (
    check_language,
    label,
    read_slack,
    say,
)

SECTIONS = (
    "headline",
    "changes",
    "supply_demand",
    "gap",
    "attrition",
    "flows",
    "mix",
    "calendar",
    "channels",
    "retention",
    "cost",
    "reasons",
    "stress",
    "uncertainty",
    "overruns",
    "worst",
    "succession",
    "pools",
    "kpis",
    "alerts",
    "notes",
)
COMPARISON_SECTIONS = (
    "comparison.figures",
    "comparison.trade",
    "comparison.headcount",
    "comparison.cost",
    "comparison.actions",
    "comparison.units",
)
_FROM_TABLE = {
    "attrition": "attrition",
    "mix": "actions",
    "calendar": "calendar",
    "channels": "channel_budget",
    "channels.table": "channel_budget",
    "funnel": "funnel",
    "retention": "retention",
    "cost": "costs",
    "reasons": "reasons",
    "stress": "stress",
    "uncertainty": "uncertainty",
    "overruns": "overruns",
    "worst": "worst",
    "succession": "succession",
    "pools": "talent_pool",
    "kpis": "kpis",
    "budget": "budget",
    "fan": "supply",
    "changes": "changes",
    "mix.table": "actions",
}
_OF_BUDGETS = ("budget", "overruns")
_INSTEAD = {
    "mix": "mix.nothing",
    "mix.table": "",
    "calendar": "calendar.none",
    "channels": "channels.none",
    "channels.table": "",
    "funnel": "",
    "retention": "retention.none",
    "budget": "budget.none",
    "changes": "changes.none",
}


def _measure(text: str) -> int:
    """Places a text takes on a terminal: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


@dataclass(frozen=True)
class Text:
    """A heading (optional) and a paragraph or a list; level 1 is the title of the page."""

    heading: str = ""
    paragraph: str = ""
    points: tuple[str, ...] = ()
    anchor: str = ""
    level: int = 2
    lead: str = ""

    def _repr_html_(self) -> str:
        parts = []
        if self.heading:
            anchor = f' id="{html.escape(self.anchor)}"' if self.anchor else ""
            parts.append(f"<h{self.level}{anchor}>{html.escape(self.heading)}</h{self.level}>")
        if self.lead:
            parts.append(f'<p class="wf-lead">{html.escape(self.lead)}</p>')
        if self.paragraph:
            parts.append(f'<p class="wf-text">{html.escape(self.paragraph)}</p>')
        if self.points:
            parts.append("<ul>" + "".join(f"<li>{html.escape(point)}</li>" for point in self.points) + "</ul>")
        return "\n".join(parts)

    def __str__(self) -> str:
        return "\n".join(
            part for part in (self.heading, self.lead, self.paragraph, *[f"- {point}" for point in self.points]) if part
        )


@dataclass(frozen=True)
class Links:
    """The table of contents: anchors and headings."""

    title: str
    entries: tuple[tuple[str, str], ...]

    def _repr_html_(self) -> str:
        links = " · ".join(
            f'<a href="#{html.escape(anchor)}">{html.escape(heading)}</a>' for anchor, heading in self.entries
        )
        return f'<nav class="wf-contents" aria-label="{html.escape(self.title)}">{links}</nav>'


@dataclass(frozen=True)
class Table:
    """A table as it is read: texts (what follows a line break is set small), with
    the columns named in `numbers` set right and those in `chips` coloured."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[int] = frozenset()
    chips: dict[int, dict[str, str]] = field(default_factory=dict)
    emphasised: frozenset[int] = frozenset()

    def _repr_html_(self) -> str:
        head = "".join(self._cell("th", position, name) for position, name in enumerate(self.columns))
        lines = []
        for number, row in enumerate(self.rows):
            cells = "".join(self._cell("td", position, text) for position, text in enumerate(row))
            lines.append(f'<tr class="wf-total">{cells}</tr>' if number in self.emphasised else f"<tr>{cells}</tr>")
        return f'<table class="wf-table"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table>'

    def __str__(self) -> str:
        """For a terminal: columns side by side, what is set small in brackets."""
        lines = [
            [text.replace("\n", " (") + ")" * ("\n" in text) for text in row] for row in (self.columns, *self.rows)
        ]
        widths = [max(map(_measure, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(
                " " * (width - _measure(text)) + text
                if place in self.numbers
                else text + " " * (width - _measure(text))
                for place, (text, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        )

    def _cell(self, tag: str, position: int, text: str) -> str:
        first, _, second = text.partition("\n")
        shown = html.escape(first) + (f'<br><span class="wf-small">{html.escape(second)}</span>' if second else "")
        colour = self.chips.get(position, {}).get(text)
        if colour and tag == "td":
            shown = f'<span class="wf-chip" style="background:{colour}">{shown}</span>'
        kind = ' class="wf-number"' if position in self.numbers else ""
        return f"<{tag}{kind}>{shown}</{tag}>"


def show_title(run: Any, language: str = "en") -> Text:
    """The scenario's title, why it is looked at, and what the figures of the page mean."""
    values = _values(run, language)
    why = str(run.knobs.get("why") or "")
    heading = say("report.heading", language, **values)
    return Text(heading, say("report.text", language, **values), anchor="top", level=1, lead=why)


def show_contents(language: str = "en", sections: Sequence[str] = SECTIONS) -> Links:
    """Links to the sections of the page."""
    entries = tuple((key, say(f"{key}.heading", language)) for key in sections)
    return Links(label("contents", language), entries)


def show_text(key: str, run: Any, language: str = "en") -> Text:
    """The heading and the paragraph of a section; a part of a section ("supply_demand.units") has no heading.

    Where the run has nothing to show for it, the paragraph says so.

    Raises:
        KeyError: no such section.
    """
    check_language(language)
    values = _values(run, language)
    paragraph = _absent(key, run, language)
    if paragraph is None:
        paragraph = say(key if key in PASSAGES else f"{key}.text", language, **values)
        if key in _OF_BUDGETS and is_carried(run.tables["budget"]):
            paragraph += ("" if language == "zh" else " ") + say("budget.carried", language)
    if f"{key}.heading" not in PASSAGES:
        return Text(paragraph=paragraph)
    return Text(say(f"{key}.heading", language, **values), paragraph, anchor=key)


def _values(run: Any, language: str) -> dict[str, Any]:
    summary, knobs = run.summary, run.knobs
    one = summary["horizon"] == 1 and language == "en"
    return {
        "title": summary.get("title") or summary["scenario"],
        "start": summary["start"],
        "periods": summary["horizon"],
        "length": label(summary["period"], language),
        "lengths": label(f"{summary['period']}{'' if one else '.many'}", language),
        "currency": summary["currency"],
        "minimum": knobs.get("privacy.minimum_group", 5),
        "confidence": knobs.get("attrition.confidence", 0.9),
        "requisition": knobs.get("supply.requisition_days", 15),
        "paths": knobs.get("simulation.paths", 0),
        "slack": read_slack(run),
    }


def _absent(key: str, run: Any, language: str) -> str | None:
    """What stands in place of a section's paragraph where the run has no rows for it; None where it has."""
    if key == "notes":
        there = len(run.tables["notes"]) or run.tables["reasons"]["key"].isin(NOTES).any()
        return None if there else say("notes.none", language)
    table = _FROM_TABLE.get(key.removesuffix(".text"))
    if table is None or (table in run.tables and len(run.tables[table])):
        return None
    instead = _INSTEAD.get(key, "nothing")
    return say(instead, language) if instead else ""
