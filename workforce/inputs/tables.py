"""The tables of a planning folder: found, read, turned into values, checked. Every fault is found, none is raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from workforce.errors import Fault, InputError
from workforce.inputs.cells import empty_column, faults_at, nearest_name, parse_column, show_unreadable
from workforce.inputs.contracts import CONTRACTS, Column, Contract
from workforce.inputs.events import check_events
from workforce.inputs.extracts import list_sheets, read_extract
from workforce.inputs.references import check_references
from workforce.inputs.rules import check_rules, fill_table

__all__ = ["CONTRACTS", "Column", "Contract", "Tables", "empty_table", "read_tables"]

KINDS_OF_FILE = (".csv", ".parquet", ".xlsx")
WORKBOOK = "tables.xlsx"


@dataclass(frozen=True)
class Tables:
    """All tables of a company, one DataFrame each; an absent table is empty with typed columns (CONTRACTS).

    present: names of the tables that were given. files: table -> the file it came from. rows: table -> the row of
    each line in its file, because the frames themselves count from 0.
    """

    roles: pd.DataFrame
    stock: pd.DataFrame
    rates: pd.DataFrame
    transitions: pd.DataFrame
    required: pd.DataFrame
    people: pd.DataFrame
    history: pd.DataFrame
    ratings: pd.DataFrame
    drivers: pd.DataFrame
    demand: pd.DataFrame
    channels: pd.DataFrame
    channel_tiers: pd.DataFrame
    stage_capacity: pd.DataFrame
    programmes: pd.DataFrame
    moves: pd.DataFrame
    stand_ins: pd.DataFrame
    retention: pd.DataFrame
    under_way: pd.DataFrame
    limits: pd.DataFrame
    posts: pd.DataFrame
    successors: pd.DataFrame
    skills: pd.DataFrame
    skill_needs: pd.DataFrame
    budget: pd.DataFrame
    price_index: pd.DataFrame
    pay_rules: pd.DataFrame
    projects: pd.DataFrame
    seats: pd.DataFrame
    actuals: pd.DataFrame
    scores: pd.DataFrame
    present: frozenset[str] = frozenset()
    files: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, np.ndarray] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Reading:
    """One table as read: frame indexed by row in the file (None when the file could not be read), and its faults."""

    frame: pd.DataFrame | None
    faults: tuple[Fault, ...]


def empty_table(name: str) -> pd.DataFrame:
    """The table without rows, its columns in their kinds.

    >>> empty_table("stock").dtypes["headcount"]
    dtype('float64')
    """
    index = pd.RangeIndex(0)
    return pd.DataFrame({column.name: empty_column(column, index) for column in CONTRACTS[name].columns})


def read_tables(
    data: str | Path, overrides: Mapping[str, str] | None = None, known: dict[tuple[str, str], Reading] | None = None
) -> tuple[Tables, list[Fault]]:
    """Read and check every table of the folder `data`.

    Parameters
    ----------
    data : folder with <table>.csv, .parquet or .xlsx, or one tables.xlsx with a sheet per table.
    overrides : table -> another file inside the folder (`tables:` of a scenario).
    known : readings by (table, file), filled and reused, so that several scenarios read a file once.

    Returns
    -------
    Tables, and the list of all faults: of the files, of each cell, of rows among themselves and between tables. Cells
    at fault are empty in the tables. Never raises for what a user gave.

    Examples
    --------
    >>> tables, faults = read_tables("no such folder")
    >>> faults[0].rule
    'is not a folder'
    """
    data = Path(data)
    known = {} if known is None else known
    if not data.is_dir():
        fault = Fault(
            str(data), None, "", "", "is not a folder", "name the folder of the tables with --data, or: workforce init"
        )
        return _tables({}, {}), [fault]
    files, faults = _find_files(data, dict(overrides or {}))
    frames: dict[str, pd.DataFrame] = {}
    broken: set[str] = set()
    for name in CONTRACTS:
        if name not in files:
            continue
        path, sheet = files[name]
        label = _label(path, sheet)
        if (name, label) not in known:
            known[name, label] = _read_table(CONTRACTS[name], path, sheet, label)
        reading = known[name, label]
        faults += reading.faults
        if reading.frame is None:
            broken.add(name)
        else:
            frames[name] = reading.frame
    labels = {name: _label(*place) for name, place in files.items()}
    faults += _check_required(data, set(files), labels)
    faults += check_references(frames, labels, broken, faults)
    if "history" in frames:
        faults += check_events(frames["history"], frames.get("people"), labels["history"])
    return _tables(frames, labels), faults


def _label(path: Path, sheet: str | None) -> str:
    return f"{path.as_posix()} [{sheet}]" if sheet else path.as_posix()


def _tables(frames: dict[str, pd.DataFrame], labels: dict[str, str]) -> Tables:
    complete = {
        name: frames[name].reset_index(drop=True) if name in frames else empty_table(name) for name in CONTRACTS
    }
    rows = {name: frame.index.to_numpy() for name, frame in frames.items()}
    return Tables(**complete, present=frozenset(frames), files=labels, rows=rows)


def _find_files(data: Path, overrides: dict[str, str]) -> tuple[dict[str, tuple[Path, str | None]], list[Fault]]:
    found: dict[str, list[tuple[Path, str | None]]] = {name: [] for name in CONTRACTS}
    faults: list[Fault] = []
    strangers: list[tuple[str, str]] = []
    for path in sorted(data.iterdir()):
        if path.name.startswith(("~$", ".")) or path.suffix.lower() not in KINDS_OF_FILE:
            continue
        if path.name == WORKBOOK:
            try:
                sheets = list_sheets(path)
            except InputError as error:
                faults += [_replace_file(fault, path.as_posix()) for fault in error.faults]
                continue
            for sheet in sheets:
                if sheet in found:
                    found[sheet].append((path, sheet))
                else:
                    strangers.append((sheet, _label(path, sheet)))
        elif path.stem in found:
            found[path.stem].append((path, None))
        else:
            strangers.append((path.stem, path.as_posix()))
    chosen: dict[str, tuple[Path, str | None]] = {}
    for name, places in found.items():
        if name in overrides:
            path = data / overrides[name]
            if path.is_file() and data.resolve() in path.resolve().parents:
                chosen[name] = (path, None)
            continue
        if len(places) > 1:
            listed = " and ".join(_label(*place) for place in places)
            faults.append(
                Fault(_label(*places[0]), None, "", "", f"is there more than once: {listed}", "keep one of them")
            )
        if places:
            chosen[name] = places[0]
    for stem, label in strangers:
        near = nearest_name(stem, CONTRACTS, cutoff=0.8)
        # price_index_up.csv waits for a scenario that names it under tables:; a sheet cannot be named there.
        waits = near and stem.startswith((f"{near}_", f"{near}-")) and Path(label).stem == stem
        if near and not waits and near not in chosen and Path(label).name not in overrides.values():
            faults.append(Fault(label, None, "", stem, "is not the name of a table", f"did you mean '{near}'?"))
    return chosen, faults


def _replace_file(fault: Fault, label: str) -> Fault:
    return Fault(label, fault.row, fault.column, fault.value, fault.rule, fault.mend)


def _read_table(contract: Contract, path: Path, sheet: str | None, label: str) -> Reading:
    try:
        raw = read_extract(path, sheet=sheet)
    except InputError as error:
        return Reading(None, tuple(_replace_file(fault, label) for fault in error.faults))
    except (
        Exception
    ) as error:  # whatever a reader of foreign files trips over is a fault of the file, not of the program
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        return Reading(None, (Fault(label, None, "", "", f"cannot be read ({reason})", "save it again as CSV UTF-8"),))
    columns, faults, lost = _match_header(contract, [str(name) for name in raw.columns], label)
    workbook = path.suffix.lower() in (".xlsx", ".parquet")
    parsed: dict[str, pd.Series] = {}
    for column in contract.columns:
        if column.name in columns:
            parsed[column.name], found = parse_column(raw[columns[column.name]], column, label, workbook)
            faults += found
        else:
            parsed[column.name] = empty_column(column, raw.index)
    frame = fill_table(contract.name, pd.DataFrame(parsed, index=raw.index))
    if not lost & set(contract.key):
        faults += _check_key(contract, frame, label)
    faults += check_rules(contract.name, frame, label, lost)
    if frame.empty and contract.name in ("roles", "people", "stock"):
        faults.append(Fault(label, None, "", "", "has no rows", f"add a row: {contract.meaning}"))
    if lost & {"role", "unit", "post", "person"} & set(contract.key):
        return Reading(None, tuple(faults))
    return Reading(frame, tuple(faults))


def _match_header(contract: Contract, header: list[str], label: str) -> tuple[dict[str, str], list[Fault], set[str]]:
    """Column -> header, the faults, and the required columns that are not there."""
    columns = {name: name for name in header if name in contract.names}
    missing = [column.name for column in contract.columns if column.required and column.name not in columns]
    foreign = [name for name in header if name not in columns and not (show_unreadable(name) or name).isascii()]
    faults: list[Fault] = []
    for name in header:
        if name in columns or name in foreign:
            continue
        shown = show_unreadable(name)
        near = nearest_name(name, [known for known in contract.names if known not in columns])
        lacking = f", and the required column {near} is missing" if near in missing else ""
        listed = "remove the column; known are " + ", ".join(contract.names)
        faults.append(
            Fault(
                label,
                1,
                shown or name,
                shown or name,
                "holds an unreadable character" if shown else f"is not a column of {contract.name}{lacking}",
                f"did you mean '{near}'?" if near else listed,
            )
        )
        if near:
            columns[near] = name  # its cells are checked all the same, so that the header does not hide them
            missing = [other for other in missing if other != near]
    foreign = [show_unreadable(name) or name for name in foreign]
    if foreign:
        needed = f"; {contract.name} needs {', '.join(missing)}" if missing else ""
        faults.append(
            Fault(
                label,
                1,
                foreign[0],
                ", ".join(foreign),
                "header in words the workbench does not know",
                f"state in a map which column is which and run: workforce import{needed}",
            )
        )
        return columns, faults, set(missing)
    faults += [
        Fault(label, 1, name, "", "required column is missing", f"add it: {contract.column(name).meaning}")
        for name in missing
    ]
    return columns, faults, set(missing)


def _check_key(contract: Contract, frame: pd.DataFrame, label: str) -> list[Fault]:
    keys = frame[list(contract.key)]
    required = [column.name for column in contract.columns if column.required and column.name in contract.key]
    filled = np.ones(len(frame), dtype=bool)
    for name in required:
        filled &= (frame[name].notna() & (frame[name].astype(object) != "")).to_numpy()
    keys = keys[filled]
    repeated = keys[keys.duplicated(keep="first")]
    if repeated.empty:
        return []
    # Blank cells of a key (role and family of a channel) are values here, so no grouping may drop them.
    first: dict[tuple[object, ...], int] = {}
    for row, key in zip(keys.index, keys.itertuples(index=False, name=None), strict=True):
        first.setdefault(key, int(row))
    repeated_keys = list(repeated.itertuples(index=False, name=None))
    shown = [" / ".join(_show(part) for part in key if _show(part)) for key in repeated_keys]
    rule = f"stands more than once ({', '.join(contract.key)} name a row of {contract.name} once)"
    return faults_at(
        label,
        contract.key[0],
        repeated.index.to_numpy(),
        shown,
        rule,
        lambda k: f"keep one of the rows; the first is row {first[repeated_keys[k]]}",
    )


def _show(part: object) -> str:
    if isinstance(part, pd.Timestamp):
        return part.date().isoformat()
    return f"{part:g}" if isinstance(part, float) else str(part)


def _check_required(data: Path, found: set[str], labels: dict[str, str]) -> list[Fault]:
    folder = data.as_posix()
    faults: list[Fault] = []

    def lacks(table: str, rule: str, mend: str) -> None:
        faults.append(Fault(f"{folder}/{table}.csv", None, "", "", rule, mend))

    if "roles" not in found:
        lacks(
            "roles", "required table is missing", "add roles.csv: a row per planning cell (role, unit, family, salary)"
        )
    if not found & {"people", "stock"}:
        lacks("people", "required table is missing", "add people.csv, or stock.csv where only counts are known")
    if {"people", "stock"} <= found:
        faults.append(
            Fault(
                labels["stock"],
                None,
                "",
                "",
                "stands beside people, and both state the headcount at the start",
                "keep one of the two tables",
            )
        )
    if not found & {"demand", "required"}:
        lacks("demand", "no way to demand", "add drivers.csv with demand.csv, or required.csv")
    return faults
