"""What differs between runs: one long table, with a page, a workbook and a Parquet file beside the runs."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workforce.errors import RunError
from workforce.report.page_tables import list_figures, name_figure
from workforce.report.runs import Run, find_notebook, read_manifest, read_run
from workforce.report.words import LANGUAGES, label, say

COMPARISON_NOTEBOOK = "2_comparison.ipynb"
COLUMNS = ["figure", "scope", "period", "unit", "scenario", "value", "base", "difference", "relative"]
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Comparison:
    """A comparison as read from its folder: the long table, the runs by name (base first), and the name of base."""

    folder: Path
    table: pd.DataFrame
    runs: Mapping[str, Run]
    base: str


def compare_runs(
    folders: Sequence[str | Path],
    base: str | None = None,
    out: str | Path | None = None,
    languages: Sequence[str] | None = None,
    notebook: Path | None = None,
) -> pd.DataFrame:
    """Compare finished runs with one of them, and write comparison.parquet, .xlsx and .html (.zh.html in Chinese).

    Args:
        folders: runs' folders; those that are not done are left out.
        base: name of the run others are compared with; None = "base" where it is among them, else the first.
        out: where the files go; None = the folder that holds the first run.
        languages: of the page; None = those of the runs' reports; () = no page.
        notebook: None = the comparison notebook of this planning folder.

    Returns:
        One row per figure, scope, period and scenario: figure, scope ("company" or a unit), period (year text or ""), unit
        (heads, fte, fte_years, money, share, alerts), scenario, value, base, difference = value - base, relative =
        difference / base (NaN where base is 0 or withheld).

    Raises:
        RunError: no run is done, `base` is not among those done, two have one name, or currencies differ.

    Example:
        compare_runs(["runs/base", "runs/growth"], base="base")
    """
    folders = list(folders)
    runs = _read_done(folders)
    first = base or ("base" if "base" in runs else next(iter(runs)))
    if first not in runs:
        raise RunError("compare", f"there is no finished run {first!r}; finished are {', '.join(runs)}")
    currencies = {str(run.summary["currency"]) for run in runs.values()}
    if len(currencies) > 1:
        raise RunError(
            "compare", f"the runs are in several currencies ({', '.join(sorted(currencies))}) and cannot be compared"
        )
    table = make_comparison(runs, first)
    out = Path(out) if out is not None else Path(folders[0]).resolve().parent
    written = {language for run in runs.values() for language in run.manifest.get("languages", [])}
    languages = [language for language in LANGUAGES if language in written] if languages is None else list(languages)
    _write_parquet(table, runs, first, out)
    _write_workbook(table, runs, first, out)
    if languages:
        _write_pages(out, languages, notebook or find_notebook(COMPARISON_NOTEBOOK))
    return table


def make_comparison(runs: Mapping[str, Any], base: str) -> pd.DataFrame:
    """The long table of `compare_runs` for runs (or anything with ``summary`` and ``tables``) by name."""
    parts = [
        pd.concat([list_figures(dict(run.summary)).assign(scope="company"), _by_unit(run)]).assign(scenario=name)
        for name, run in runs.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    keys = ["figure", "scope", "period", "unit"]
    reference = table[table["scenario"] == base].drop(columns="scenario").rename(columns={"value": "base"})
    table = table.merge(reference, on=keys, how="left")
    table["difference"] = table["value"] - table["base"]
    known = table["base"].notna() & (table["base"] != 0)
    table["relative"] = np.where(known, table["difference"] / table["base"].where(known, 1.0), np.nan)
    return table[COLUMNS]


def read_comparison(folder: str | Path) -> Comparison:
    """Read comparison.parquet and the runs beside it.

    Raises:
        RunError: there is none.
    """
    folder = Path(folder)
    file = folder / "comparison.parquet"
    if not file.is_file():
        raise RunError("read", f"{folder.as_posix()} holds no comparison.parquet; make one with: workforce compare")
    table = pd.read_parquet(file, engine="pyarrow")
    names, folders = list(dict.fromkeys(table["scenario"])), table.groupby("scenario")["folder"].first()
    base = str(table["base_scenario"].iloc[0])
    runs = {name: read_run(folder / folders[name]) for name in [base, *[name for name in names if name != base]]}
    return Comparison(folder, table[COLUMNS], runs, base)


def lay_out_comparison(folder: str | Path) -> str:
    """The comparison in `folder` for a terminal: figures of the company, then of its units, a column a scenario."""
    from workforce.report.comparison_page import show_figures, show_unit_figures

    comparison = read_comparison(folder)
    head = f"Figures by scenario; in brackets the difference from {comparison.base}."
    return f"{head}\n\n{show_figures(comparison)}\n\n{show_unit_figures(comparison)}"


def _read_done(folders: Sequence[str | Path]) -> dict[str, Run]:
    runs: dict[str, Run] = {}
    for folder in folders:
        manifest = read_manifest(Path(folder))
        if manifest is None or manifest["status"] != "done":
            continue
        run = read_run(folder)
        if run.name in runs:
            raise RunError("compare", f"two runs are named {run.name!r}: {runs[run.name].folder} and {run.folder}")
        runs[run.name] = run
    if not runs:
        raise RunError("compare", "no finished run to compare; make one with: workforce run")
    return runs


def _by_unit(run: Any) -> pd.DataFrame:
    stocks, gap = run.tables["stocks"], run.tables["gap"]
    plan = stocks[stocks["reading"] == "plan"]
    last = plan["period"].astype(str).max()
    closing = plan[plan["period"].astype(str) == last].groupby("unit", sort=False)["closing"].sum(min_count=1)
    years = _MONTHS[run.summary["period"]] / 12
    shortage = gap[gap["reading"] == "plan"].groupby("unit", sort=False)["shortage"].sum(min_count=1) * years
    parts = [
        pd.DataFrame(
            {"figure": figure, "scope": values.index, "period": "", "unit": unit, "value": values.to_numpy(dtype=float)}
        )
        for figure, unit, values in (("closing", "heads", closing), ("shortage", "fte_years", shortage))
    ]
    return pd.concat(parts, ignore_index=True)


def _write_parquet(table: pd.DataFrame, runs: Mapping[str, Run], base: str, out: Path) -> None:
    places = {
        name: Path(os.path.relpath(Path(run.folder).resolve(), out.resolve())).as_posix() for name, run in runs.items()
    }
    file = out / "comparison.parquet"
    temporary = out / ".comparison.parquet.tmp"
    table.assign(folder=table["scenario"].map(places), base_scenario=base).to_parquet(
        temporary, index=False, engine="pyarrow"
    )
    temporary.replace(file)


def _write_workbook(table: pd.DataFrame, runs: Mapping[str, Run], base: str, out: Path) -> None:
    import xlsxwriter

    from workforce.report.sheets import FIRST, Sheet, both, cell, make_formats

    temporary = out / ".comparison.xlsx.tmp"
    book = xlsxwriter.Workbook(str(temporary), {"strings_to_formulas": False, "strings_to_urls": False})
    currency = str(runs[base].summary["currency"])
    formats = make_formats(book, currency)
    names = [base, *[name for name in runs if name != base]]
    kinds = {"money": "money", "share": "share", "alerts": "whole"}
    for key, part in (
        ("sheet.summary", table[table["scope"] == "company"]),
        ("sheet.units", table[table["scope"] != "company"]),
    ):
        sheet = Sheet(
            book, formats, key, f"Differences are live formulas against {base}. 差异为公式，以 {base} 为基准。"
        )
        sheet.write_header(
            [
                "Figure",
                "指标",
                both("column.unit"),
                "Year / 年份",
                both("column.unit_of"),
                *names,
                *[f"{name} − {base}" for name in names[1:]],
            ],
            freeze=5,
        )
        keys = ["figure", "scope", "period", "unit"]
        for row, (place, group) in enumerate(part.groupby(keys, sort=False), start=FIRST + 1):
            figure, scope, period, unit = place
            values = group.set_index("scenario")["value"].reindex(names)
            words = [
                name_figure(figure, runs[base], "en"),
                name_figure(figure, runs[base], "zh"),
                "" if scope == "company" else scope,
                period,
                currency if unit == "money" else label(f"measure.{unit}", "en"),
            ]
            for column, text in enumerate(words):
                sheet.write(row, column, text)
            for column, name in enumerate(names, start=5):
                sheet.write(row, column, values[name], kinds.get(unit, "heads"))
            for position, name in enumerate(names[1:], start=1):
                if values[[name, base]].notna().all():
                    sheet.write_formula(
                        row,
                        4 + len(names) + position,
                        f"={cell(row, 5 + position)}-{cell(row, 5)}",
                        values[name] - values[base],
                        kinds.get(unit, "heads"),
                    )
        sheet.set_widths([44, 30, 18, 12, 12, *[16] * (2 * len(names) - 1)])
    book.close()
    temporary.replace(out / "comparison.xlsx")


def _write_pages(out: Path, languages: Sequence[str], notebook: Path) -> None:
    from workforce.report.notebooks import execute, export_html, share_kernel

    first = "en" if "en" in languages else languages[0]
    with share_kernel() as kernel:
        for language in languages:
            parameters = {"folder": ".", "language": language}
            executed = execute(notebook, out / f".comparison.{language}.ipynb", parameters, out, kernel=kernel)
            page = out / ("comparison.html" if language == first else f"comparison.{language}.html")
            export_html(executed, page, say("comparison.heading", language), language)
            executed.unlink()
