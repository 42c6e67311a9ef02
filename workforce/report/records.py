"""How a run's tables and hashes stand in its folder: periods as text, values as JSON, and nothing about a person."""

from __future__ import annotations

import datetime
import hashlib
import importlib.metadata
import json
import math
import platform
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workforce.errors import RunError

PERSONAL_COLUMNS = frozenset({"person", "manager", "incumbent", "birth_date", "hire_date", "gender", "rating"})
_PERIOD_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "demand": ("period",),
    "demand_parts": ("period",),
    "stocks": ("period",),
    "gap": ("period",),
    "supply": ("period",),
    "actions": ("period", "arrives"),
    "calendar": ("period",),
    "costs": ("period",),
    "funnel": ("period",),
    "stress": ("period",),
    "uncertainty": ("period",),
}
_FREQUENCIES: Mapping[str, str] = {"month": "M", "quarter": "Q", "year": "Y"}
_PACKAGES = (
    "pandas",
    "numpy",
    "scipy",
    "pulp",
    "highspy",
    "matplotlib",
    "papermill",
    "nbconvert",
    "xlsxwriter",
    "pyarrow",
)


def write_plain(value: Any) -> Any:
    """A value as JSON knows it: numbers of numpy, periods, dates and tuples made plain; NaN and infinity become null."""
    if isinstance(value, Mapping):
        return {str(key): write_plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [write_plain(part) for part in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, datetime.date | pd.Period | Path):
        return value.as_posix() if isinstance(value, Path) else str(value)
    return value


def write_json(value: Any, indent: int | None = None) -> str:
    """JSON text with sorted keys, readable in any language."""
    return json.dumps(write_plain(value), sort_keys=True, ensure_ascii=False, indent=indent, allow_nan=False)


def describe_case(case: Any) -> dict[str, pd.DataFrame]:
    """What a reader needs of the case beside the results, as tables.

    knobs: knob, value (JSON), file, unit, meaning. changes: knob, base, value (JSON), file. notes: key, values (JSON).
    """
    # Read here, not above: a notebook that only reads a run has no use for the whole of the inputs.
    from workforce.inputs.knobs import describe_knobs
    from workforce.inputs.scenario import flatten

    reference = describe_knobs().set_index("knob")
    rows = [("title", case.assumptions.title, ""), ("why", case.assumptions.why, "")]
    rows += [(knob, value, case.scenario.sources.get(knob, "")) for knob, value in flatten(case.assumptions).items()]
    knobs = []
    for knob, value, file in rows:
        name = knob if knob in reference.index else knob.rpartition(".")[0]
        known = name in reference.index
        knobs.append(
            {
                "knob": knob,
                "value": write_json(value),
                "file": str(file),
                "unit": str(reference.at[name, "unit"]) if known else "",
                "meaning": str(reference.at[name, "meaning"]) if known else "",
            }
        )
    changes = [
        {"knob": row.knob, "base": write_json(row.base), "value": write_json(row.value), "file": str(row.file)}
        for row in case.changes.itertuples()
    ]
    notes = [{"key": key, "values": write_json(values)} for key, values in case.notes]
    return {
        "knobs": pd.DataFrame(knobs),
        "changes": pd.DataFrame(changes, columns=["knob", "base", "value", "file"], dtype=object),
        "notes": pd.DataFrame(notes, columns=["key", "values"], dtype=object),
    }


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Each table as ``folder/<name>.parquet``, the same bytes for the same contents.

    Raises:
        RunError: a table has a column about a single person.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in sorted(tables.items()):
        personal = sorted(PERSONAL_COLUMNS & set(table.columns))
        if personal:
            raise RunError(
                "write",
                f"table {name} has the column {personal[0]!r}, and nothing about a person may be written to a run",
            )
        _as_written(table).to_parquet(folder / f"{name}.parquet", index=False, engine="pyarrow", compression="zstd")


def _as_written(table: pd.DataFrame) -> pd.DataFrame:
    columns = {}
    for name in table.columns:
        column = table[name]
        if isinstance(column.dtype, pd.PeriodDtype):
            column = column.astype(str).where(column.notna(), "")
        elif not (
            pd.api.types.is_numeric_dtype(column)
            or pd.api.types.is_bool_dtype(column)
            or pd.api.types.is_datetime64_any_dtype(column)
        ):
            column = pd.Series(
                ["" if value is None or value is pd.NaT or value != value else str(value) for value in column],
                index=column.index,
                dtype=object,
            )
        columns[str(name)] = column
    return pd.DataFrame(columns, columns=[str(name) for name in table.columns]).reset_index(drop=True)


def read_tables(folder: Path, period: str) -> dict[str, pd.DataFrame]:
    """The tables of a run; periods of the plan as pandas.Period, those of other tables as text."""
    frequency = _FREQUENCIES[period]
    tables = {}
    for file in sorted(folder.glob("*.parquet")):
        table = pd.read_parquet(file, engine="pyarrow")
        for column in _PERIOD_COLUMNS.get(file.stem, ()):
            if column in table:
                # A period is written in thousands of rows: each is read once.
                place, texts = pd.factorize(table[column])
                table[column] = pd.PeriodIndex([text or None for text in texts], freq=frequency).take(place)
        tables[file.stem] = table
    return tables


def spread_periods(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """One column a period and one row a role, each the sum of `value`; a sum of missing numbers only is missing."""
    sums = table.groupby(["role", "period"])[value].sum(min_count=1)
    # Not every pandas from 2.2 on lets pivot_table pass min_count on, and it leaves out a role without numbers.
    return sums.unstack("period")  # noqa: PD010


def hash_file(file: Path) -> str:
    """sha256 of a file's bytes."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def list_inputs(case: Any, notebooks: tuple[Path, ...] = ()) -> dict[str, str]:
    """sha256 of every file a run reads, by folder and file name ("data/roles.csv")."""
    files = [_find(Path(file), case.data) for file in case.tables.files.values()]
    files += [Path(file) for file in case.scenario.files]
    files += list(notebooks)
    unique = {file.resolve() for file in files}
    return {f"{file.parent.name}/{file.name}": hash_file(file) for file in sorted(unique)}


def _find(file: Path, data: Path) -> Path:
    """The file of a table; a sheet of a workbook is named "tables.xlsx [roles]"."""
    file = file if file.exists() else Path(re.sub(r" \[[^\]]*\]$", "", str(file)))
    return file if file.exists() else data / file


def read_versions() -> dict[str, str]:
    """Versions of what computes a run, and a hash of this package's own code."""
    package = Path(__file__).parents[1]
    code = hashlib.sha256()
    for file in sorted(package.rglob("*.py")):
        code.update(file.relative_to(package).as_posix().encode() + file.read_bytes())
    versions = {"python": platform.python_version(), "workforce_code": code.hexdigest()[:16]}
    for name in ("workforce-planning-workbench", *_PACKAGES):
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions
