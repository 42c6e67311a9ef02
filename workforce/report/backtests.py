"""The folder of a back-test: result tables, scores as CSV, a page in each language; written, and read again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from workforce.errors import RunError
from workforce.report.pages import write_pages
from workforce.report.records import list_inputs, read_versions, write_json, write_tables
from workforce.report.runs import find_notebook
from workforce.report.words import label, say

BACKTEST_NOTEBOOK = "3_backtest.ipynb"
NAME = "backtest"


@dataclass(frozen=True)
class PastTest:
    """A back-test as read from its folder. summary: scenario, title, origins, confidence, minimum_group, versions,
    inputs. tables: backtest, scores, variation, as `forecast.backtest.Backtest` describes them."""

    folder: Path
    summary: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]


def write_backtest(
    result: Any,
    case: Any,
    folder: str | Path,
    languages: Sequence[str] | None = None,
    notebook: Path | None = None,
    tell: Callable[[str], None] | None = None,
) -> PastTest:
    """Write a back-test: results/*.parquet, scores.csv, summary.json, report.html (report.zh.html) and report.ipynb.

    Args:
        result: ``table`` (as it may be shown), ``scores`` and ``variation``. case: what it was made from.
        folder: its files are replaced one by one. languages: of the pages; None = the scenario's own; () = none.
        notebook: None = the back-test notebook of this planning folder.

    Raises:
        NotebookError: a page could not be made; tables and scores stay.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    assumptions = case.assumptions
    write_tables({"backtest": result.table, "scores": result.scores, "variation": result.variation}, folder / "results")
    temporary = folder / ".scores.csv.tmp"
    result.scores.to_csv(temporary, index=False, float_format="%.6g", lineterminator="\n")
    temporary.replace(folder / "scores.csv")
    summary = {
        "scenario": case.name,
        "title": assumptions.title or case.name,
        "origins": list(dict.fromkeys(result.table["origin"])),
        "confidence": assumptions.attrition.confidence,
        "minimum_group": assumptions.privacy.minimum_group,
        "versions": read_versions(),
        "inputs": list_inputs(case),
    }
    (folder / "summary.json").write_text(write_json(summary, indent=1) + "\n", encoding="utf-8", newline="\n")
    languages = list(assumptions.report.languages if languages is None else languages)
    if languages:
        titles = {language: say("backtest.heading", language, title=summary["title"]) for language in languages}
        write_pages(folder, titles, languages, notebook or find_notebook(BACKTEST_NOTEBOOK), tell)
    return read_backtest(folder)


def read_backtest(folder: str | Path) -> PastTest:
    """Read a back-test's folder.

    Raises:
        RunError: there is none.

    Example:
        read_backtest("runs/backtest").tables["scores"]
    """
    folder = Path(folder)
    if not (folder / "summary.json").is_file() or not (folder / "results" / "scores.parquet").is_file():
        raise RunError("read", f"{folder.as_posix()} holds no back-test; make one with: workforce backtest")
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    names = ("backtest", "scores", "variation")
    tables = {name: pd.read_parquet(folder / "results" / f"{name}.parquet", engine="pyarrow") for name in names}
    return PastTest(folder, summary, tables)


def write_verdicts(scores: pd.DataFrame, language: str = "en") -> list[str]:
    """The scores as sentences: who came closest, and whether the intervals held, for all origins together (for the one,
    where there is one); then every single year in which the method did not win by unit or by role, which a good average
    would hide."""
    together = (scores["origin"] == "all").any()
    first = scores[scores["origin"] == ("all" if together else scores["origin"].iloc[0])]
    sentences = [_say_score(row, language) for row in first.to_dict("records")]
    lost = scores[(scores["origin"] != "all") & (scores["level"] != "company") & (scores["key"] != "backtest_won")]
    for row in lost.to_dict("records") if together else ():
        words = _say_score(row, language)
        sentences.append(say("backtest_year", language, origin=row["origin"], words=words))
    return sentences


def _say_score(row: Mapping[str, Any], language: str) -> str:
    values = {name: value for name, value in row.items() if name != "key"}
    values["what"] = name_score(row, language)
    gap = "" if language == "zh" else " "
    return say(row["key"], language, **values) + gap + say(row["coverage_key"], language, **values)


def name_score(row: Mapping[str, Any], language: str = "en") -> str:
    """What a row of scores is about.

    >>> name_score({"variant": "present", "measure": "leavers", "level": "unit"})
    'Leavers of those present, by unit'
    """
    measure, variant, level = (label(f"backtest.{row[name]}", language) for name in ("measure", "variant", "level"))
    if language == "zh":
        return f"{level}{measure}（{variant}）"
    words = f"{measure} {variant}" if row["variant"] == "present" else f"{measure}, {variant}"
    return f"{words}, {level}".capitalize()
