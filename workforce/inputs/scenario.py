"""A scenario file to assumptions, each value knowing the file that set it.

One mechanism, `extends`: a parent, or a list of siblings that may not set the same key, so that order never matters.
Mappings merge by key; scalars and lists are replaced whole; the child wins.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from workforce.errors import Fault
from workforce.inputs.assumptions import SECTIONS, Assumptions
from workforce.inputs.cells import suggest_name
from workforce.inputs.knobs import is_mapping, list_knobs
from workforce.inputs.scenario_file import DOTTED, NO_KNOB, SUFFIX, Setting, Sheet, read_sheet, shorten

DEFAULT = "default"


@dataclass(frozen=True)
class Scenario:
    """One scenario, resolved.

    name: the file's stem. sources: knob -> name of the file that set it, or "default"; keys of mappings have their own
    entry. files: the scenario file and all it extends, itself first, the root ancestor last. root: the values as the
    root ancestor alone states them, for comparison. settings: knob -> Setting, only of what files state.
    """

    name: str
    title: str
    why: str
    assumptions: Assumptions
    sources: Mapping[str, str]
    files: tuple[Path, ...]
    root: Assumptions
    settings: Mapping[str, Setting]


def read_scenario(path: str | Path, known: dict[Path, Any] | None = None) -> tuple[Scenario | None, list[Fault]]:
    """Resolve one scenario file with all it extends. Never raises for what a user wrote.

    Parameters
    ----------
    path : the scenario's YAML file; what it extends lies in the same folder.
    known : files as read, filled and reused between scenarios.

    Returns
    -------
    The Scenario, or None where no assumptions can be made of it; and every fault of its files.
    """
    path = Path(path)
    known = {} if known is None else known
    faults: list[Fault] = []
    settings, lineage = _resolve(path, (), known, faults)
    for file in lineage:
        faults += known[file].faults
    faults = list(dict.fromkeys(faults))
    assumptions, found = build_assumptions(settings)
    faults += [fault for fault in found if fault not in faults]
    if assumptions is None:
        return None, faults
    stated = {knob: setting for knob, setting in known[lineage[-1]].settings.items() if knob not in ("title", "why")}
    root, _ = build_assumptions(stated)
    own = known[path].settings
    title, why = (str(own[key].value or "") if key in own else "" for key in ("title", "why"))
    assumptions = assumptions.model_copy(update={"title": title, "why": why})
    sources = {
        knob: Path(settings[knob].file).name if knob in settings else DEFAULT
        for knob in ("title", "why", *flatten(assumptions))
    }
    scenario = Scenario(path.stem, title, why, assumptions, sources, lineage, root or Assumptions(), settings)
    return scenario, faults


def _value(assumptions: Assumptions, knob: str) -> Any:
    value: Any = assumptions
    for part in knob.split("."):
        value = getattr(value, part)
    return value


def flatten(assumptions: Assumptions) -> dict[str, Any]:
    """Every knob with its value; mappings by key, an empty mapping as one entry. title and why are left out.

    >>> flatten(Assumptions())["plan.shortage_multiple.high"]
    3.0
    """
    flat: dict[str, Any] = {}
    for knob in list_knobs():
        if knob in ("title", "why"):
            continue
        value = _value(assumptions, knob)
        if is_mapping(knob) and value:
            flat.update({f"{knob}.{key}": entry for key, entry in value.items()})
        else:
            flat[knob] = value
    return flat


def _resolve(
    path: Path, above: tuple[Path, ...], known: dict[Path, Sheet], faults: list[Fault]
) -> tuple[dict[str, Setting], tuple[Path, ...]]:
    if path not in known:
        known[path] = read_sheet(path)
    sheet = known[path]
    merged: dict[str, Setting] = {}
    lineages: list[tuple[Path, ...]] = []
    for stem, row in sheet.parents:
        parent = path.parent / (stem + SUFFIX)
        if parent in (*above, path):
            faults.append(_circle(parent, (*above, path), known))
            continue
        if not parent.is_file():
            stems = [file.stem for file in path.parent.glob("*" + SUFFIX) if file != path]
            faults.append(
                Fault(
                    path.as_posix(),
                    row,
                    "extends",
                    stem,
                    "no scenario of this name in the folder",
                    suggest_name(stem, stems, f"name one of: {', '.join(sorted(stems)) or 'none is there'}"),
                )
            )
            continue
        settings, lineage = _resolve(parent, (*above, path), known, faults)
        for knob, setting in settings.items():
            merged[knob] = _join_siblings(knob, merged.get(knob), setting, lineages, lineage, path, row, faults)
        lineages.append(lineage)
    merged |= sheet.settings
    order = [path, *(file for lineage in lineages for file in lineage)]
    # A shared ancestor stands after all who extend it, so that the root comes last.
    return merged, tuple(dict.fromkeys(reversed(list(dict.fromkeys(reversed(order))))))


def _join_siblings(
    knob: str,
    first: Setting | None,
    second: Setting,
    before: list[tuple[Path, ...]],
    lineage: tuple[Path, ...],
    path: Path,
    row: int | None,
    faults: list[Fault],
) -> Setting:
    if first is None or first.file == second.file:
        return second
    if first.file in {file.as_posix() for file in lineage}:
        return second  # the second sibling changes what both have from a common ancestor
    if second.file in {file.as_posix() for siblings in before for file in siblings}:
        return first
    if knob not in ("title", "why"):
        names = f"{Path(first.file).name} and {Path(second.file).name}"
        faults.append(
            Fault(
                path.as_posix(),
                row,
                knob,
                names,
                "is set by two of the scenarios extended here",
                f"let one of them set {knob}, or make one extend the other",
            )
        )
    return first


def _circle(start: Path, chain: tuple[Path, ...], known: dict[Path, Sheet]) -> Fault:
    ring = list(chain[chain.index(start) :])
    first = ring.index(min(ring))
    ring = ring[first:] + ring[:first]  # the same circle is the same fault, wherever the reading began
    following = ring[1 % len(ring)]
    row = next((row for stem, row in known[ring[0]].parents if stem == following.stem), None)
    shown = " -> ".join(file.stem for file in [*ring, ring[0]])
    return Fault(
        ring[0].as_posix(),
        row,
        "extends",
        following.stem,
        f"scenarios extend each other in a circle: {shown}",
        "take one extends out; only base stands alone",
    )


def build_assumptions(settings: Mapping[str, Setting]) -> tuple[Assumptions | None, list[Fault]]:
    """Settings by knob to Assumptions, with a fault for each value that is refused.

    A refused value leaves its knob at the default, so that the rest can still be checked; None if even that fails.
    """
    nested: dict[str, Any] = {}
    for knob, setting in settings.items():
        _place(nested, knob, setting.value)
    try:
        return Assumptions.model_validate(nested), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    faults = list(dict.fromkeys(_to_fault(detail, settings) for detail in details))
    refused = {fault.column for fault in faults}
    kept = {knob: setting for knob, setting in settings.items() if knob not in refused}
    return (build_assumptions(kept)[0] if len(kept) < len(settings) else None), faults


def doubts_time(scenario: Scenario, faults: list[Fault]) -> bool:
    """Whether the plan's start and length may be others than the assumptions say, because a knob that would set them
    is at fault or has a name that nobody knows. What is checked against them would then be faults that are not there."""
    unknown = [fault for fault in faults if fault.rule in (NO_KNOB, DOTTED)]
    stated = {"time.period", "time.start", "time.horizon"} <= set(scenario.settings)
    return (
        any(fault.column.startswith("time") for fault in faults)
        or any(re.search(r"\btime\b", fault.mend) for fault in unknown)
        or (bool(unknown) and not stated)
    )


def _place(nested: dict[str, Any], knob: str, value: Any) -> None:
    parts = knob.split(".")
    depth = 1 if parts[0] not in SECTIONS else 2
    path = [*parts[:depth], *([".".join(parts[depth:])] if len(parts) > depth else [])]
    for part in path[:-1]:
        nested = nested.setdefault(part, {})
    if isinstance(value, dict):
        nested.setdefault(path[-1], {}).update(value)
    else:
        nested[path[-1]] = value


def _to_fault(detail: Any, settings: Mapping[str, Setting]) -> Fault:
    place = [str(part) for part in detail["loc"] if part != "[key]"]
    knob = ".".join(place)
    while knob not in settings and "." in knob:
        knob = knob.rpartition(".")[0]
    setting = settings.get(knob, Setting(detail.get("input"), DEFAULT, None))
    rule = detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ").strip()
    rule = rule if rule.startswith("must") else f"must be {rule}"
    rule = "must be text" if detail["type"] == "string_type" else rule
    typed = setting.text or shorten(detail.get("input"))
    shown = shorten(typed) if detail["type"] == "string_type" else shorten(detail.get("input"))
    return Fault(setting.file, setting.row, knob, shown, rule, _mend_value(knob, detail, typed))


def _mend_value(knob: str, detail: Any, typed: str) -> str:
    value = detail.get("input")
    kind = detail["type"]
    if knob == "time.start" and isinstance(value, datetime.date):
        return f"write {value:%Y-%m}"
    if kind == "string_type":
        if isinstance(value, (list, dict)):
            return "write one text, in one line"
        return f'put it in quotes: "{typed}"' if typed else "write a text, or take the line out"
    if kind == "greater_than" and knob.startswith("plan.shortage_multiple"):
        return "write a number above 0, as 1.2: at 0, being short is free where roles.shortage_price is blank"
    if kind == "literal_error":
        choices = [word.strip("' ") for word in detail["ctx"]["expected"].replace(" or ", ", ").split(",")]
        return suggest_name(str(value), choices, f"write one of: {', '.join(choices)}")
    if isinstance(value, str) and kind.startswith(("float", "int", "bool")):
        return (
            "write digits without quotes or signs, as 1200000" if not kind.startswith("bool") else "write true or false"
        )
    if kind.startswith("tuple"):
        return "write a list, as [first, second]"
    if kind.startswith("date"):
        return "write a day, as 2024-01-01, or null"
    return "see the knob's limits in base.yaml or in `describe_knobs`"
