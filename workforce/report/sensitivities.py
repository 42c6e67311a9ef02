"""The folder of a sensitivity run: its table, a page in each language; written whole, and read again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from workforce.errors import RunError
from workforce.measure.sensitivity import Sensitivity, explain_sensitivity
from workforce.report.folders import hold_folder, make_sibling, put_in_place
from workforce.report.pages import write_pages
from workforce.report.records import list_inputs, read_versions, write_json, write_tables
from workforce.report.runs import find_notebook
from workforce.report.words import label, say, write_amount, write_number, write_share

NOTEBOOK = "4_sensitivity.ipynb"


@dataclass(frozen=True)
class Tornado:
    """A sensitivity run as read from its folder. summary: scenario, title, currency, paths, seed, base (the answer with
    nothing turned), versions, inputs. tables: sensitivity (`measure.sensitivity.Sensitivity`), reasons (key, values)."""

    folder: Path
    summary: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]


def name_folder(case: Any) -> str:
    """The folder's name: sensitivity-<scenario>."""
    return f"sensitivity-{case.name}"


def tell_sensitivity(found: Sensitivity) -> pd.DataFrame:
    """`explain_sensitivity` as a table: key, values as JSON text."""
    return pd.DataFrame(
        [(key, write_json(values)) for key, values in explain_sensitivity(found)], columns=["key", "values"]
    )


def write_sensitivity(
    found: Sensitivity,
    case: Any,
    folder: str | Path,
    languages: Sequence[str] | None = None,
    notebook: Path | None = None,
    tell: Callable[[str], None] | None = None,
) -> Tornado:
    """Write results/*.parquet, sensitivity.csv, summary.json, report.html (report.zh.html) and report.ipynb.

    All is written beside the folder and put in its place at the end, so that a failure leaves what was there.

    Args:
        languages: of the pages; None = the scenario's own; () = none. notebook: None = that of this planning folder.

    Raises:
        NotebookError: a page could not be made. FolderInUse: another run is writing there.
    """
    folder, assumptions = Path(folder), case.assumptions
    languages = list(assumptions.report.languages if languages is None else languages)
    reasons = tell_sensitivity(found)
    summary = {
        "scenario": case.name,
        "title": assumptions.title or case.name,
        "currency": assumptions.company.currency,
        "paths": assumptions.simulation.paths,
        "seed": assumptions.simulation.seed,
        "slack": 1.0 - assumptions.alerts.coverage_amber,
        "base": asdict(found.base),
        "versions": read_versions(),
        "inputs": list_inputs(case),
    }
    with hold_folder(folder):
        fresh = make_sibling(folder, "new")
        try:
            tables = {"sensitivity": found.table, "reasons": reasons}
            write_tables(tables, fresh / "results")
            found.table.to_csv(fresh / "sensitivity.csv", index=False, float_format="%.6g", lineterminator="\n")
            text = write_json(summary, indent=1) + "\n"
            (fresh / "summary.json").write_text(text, encoding="utf-8", newline="\n")
            if languages:
                titles = {one: say("sensitivity.heading", one, title=summary["title"]) for one in languages}
                write_pages(fresh, titles, languages, notebook or find_notebook(NOTEBOOK), tell)
            put_in_place(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return read_sensitivity(folder)


def read_sensitivity(folder: str | Path) -> Tornado:
    """Read the folder of a sensitivity run.

    Raises:
        RunError: there is none.

    Example:
        read_sensitivity("runs/sensitivity-base").tables["sensitivity"]
    """
    folder = Path(folder)
    if not (folder / "summary.json").is_file() or not (folder / "results" / "sensitivity.parquet").is_file():
        raise RunError("read", f"{folder.as_posix()} holds no sensitivity run; make one with: workforce sensitivity")
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    tables = {
        name: pd.read_parquet(folder / "results" / f"{name}.parquet", engine="pyarrow")
        for name in ("sensitivity", "reasons")
    }
    return Tornado(folder, summary, tables)


def write_movers(reasons: pd.DataFrame, currency: str, language: str = "en") -> list[str]:
    """The reasons of a sensitivity run (key, values as JSON text) as sentences."""
    sentences = []
    for key, text in zip(reasons["key"], reasons["values"], strict=True):
        values = json.loads(text)
        if "assumptions" in values:
            values["assumptions"] = [label(f"lever.{name}", language) for name in values["assumptions"]]
        if "source" in values:
            values |= {
                "low_value": write_value(values["low"], values["unit"], language),
                "high_value": write_value(values["high"], values["unit"], language),
                "range": label(f"range.{values['source']}", language),
            }
        if "assumption" in values:
            values["assumption"] = label(f"lever.{values['assumption']}", language)
        if "end" in values:
            values["end"] = label(f"end.{values['end']}", language)
        sentences.append(say(key, language, currency=currency, **values))
    return sentences


def write_value(value: float, unit: str, language: str = "en") -> str:
    """A value of an assumption with its unit.

    >>> write_value(0.01, "share a year"), write_value(1.05, "times"), write_value(2.5, "months")
    ('1.0%', '× 1.05', '2.5')
    """
    if unit.startswith("share"):
        return write_share(value, language)
    return f"× {write_number(value, 2)}" if unit == "times" else write_amount(value, language)
