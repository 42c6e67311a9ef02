"""Tables into a folder, whole or not at all: checked as they will be read, then moved into place."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from workforce.errors import Fault, InputError
from workforce.inputs.assumptions import Assumptions
from workforce.inputs.tables import WORKBOOK, read_tables

__all__ = ["write_tables"]

Origins = Mapping[str, Sequence[tuple[str, int]]]


def write_tables(
    tables: Mapping[str, pd.DataFrame], origins: Origins, out: Path, scenario: Assumptions | None, replace: bool
) -> bool:
    """Write tables as CSV (UTF-8, ISO dates) into `out`, and scenarios/base.yaml beside it.

    Parameters
    ----------
    tables : table -> frame with columns of its contract.
    origins : table -> (file, row) of each of its rows, so that a fault names the row the user can mend; row 0 = none.
    out : the folder, made if it is not there. Tables that are there and are not written stay, and are read for the check.
    scenario : knobs spelled out in base.yaml; an existing base.yaml is kept as it is, since people edit it.
    replace : whether a table that is there may be replaced.

    Returns whether base.yaml was written. Raises InputError with every fault of the tables; nothing is written then.
    """
    faults = _refuse_existing(tables, out, replace)
    if faults:
        raise InputError(faults)
    base = out.parent / "scenarios" / "base.yaml"
    home = next(folder for folder in (out, *out.absolute().parents) if folder.is_dir())
    with tempfile.TemporaryDirectory(prefix=".import-", dir=home) as name:
        folder = Path(name)
        stage = folder / "tables"
        stage.mkdir()
        for path in sorted(out.glob("*")) if out.is_dir() else []:
            if path.is_file() and path.stem not in tables:
                shutil.copy(path, stage)
        for table, frame in tables.items():
            frame.to_csv(
                stage / f"{table}.csv", index=False, encoding="utf-8", lineterminator="\n", date_format="%Y-%m-%d"
            )
        faults = _check(stage, tables, origins, out)
        if faults:
            raise InputError(faults)
        moves = {stage / f"{table}.csv": out / f"{table}.csv" for table in tables}
        fresh = scenario is not None and not base.exists()
        if scenario is not None and fresh:
            (folder / "base.yaml").write_text(_spell_out(scenario), encoding="utf-8", newline="\n")
            moves[folder / "base.yaml"] = base
        _move(moves, folder)
    return fresh


def _refuse_existing(tables: Mapping[str, pd.DataFrame], out: Path, replace: bool) -> list[Fault]:
    faults = []
    for table in tables:
        for kind in (".csv", ".parquet", ".xlsx"):
            place = out / f"{table}{kind}"
            if place.exists() and kind == ".csv" and not replace:
                mend = "name another folder, or replace it with --replace"
                faults.append(Fault(place.as_posix(), None, "", "", "is there already", mend))
            elif place.exists() and kind != ".csv":
                mend = "move it away: an import writes CSV, and a table stands once"
                faults.append(Fault(place.as_posix(), None, "", "", "is there already", mend))
    if (out / WORKBOOK).exists():
        mend = "name another folder: an import writes CSV, and a table stands once"
        faults.append(Fault((out / WORKBOOK).as_posix(), None, "", "", "is there already", mend))
    return faults


def _check(stage: Path, tables: Mapping[str, pd.DataFrame], origins: Origins, out: Path) -> list[Fault]:
    found = []
    for fault in read_tables(stage)[1]:
        table = Path(fault.file).stem
        # An import may bring a part of the tables: what is missing, or was wrong before, is the business of `check`.
        if table not in tables:
            continue
        rows = origins.get(table, ())
        file, row, mend = (out / f"{table}.csv").as_posix(), fault.row, fault.mend
        if row is not None and 2 <= row < len(rows) + 2 and rows[row - 2][1]:
            file, row = rows[row - 2]
            mend = re.sub(r"\brow (\d+)\b", partial(_name_row, rows), mend)
        elif row == 1 or (row is not None and not rows):
            # A header or a row that was derived, of a file that is not written: there is no line to open.
            row, mend = None, f"{mend} (the table is derived from the extracts and the map)"
        found.append(Fault(file, row, fault.column, fault.value, fault.rule, mend))
    return found


def _name_row(rows: Sequence[tuple[str, int]], match: re.Match[str]) -> str:
    place = int(match[1]) - 2
    return f"row {rows[place][1]} of {rows[place][0]}" if 0 <= place < len(rows) else match[0]


def _move(moves: Mapping[Path, Path], folder: Path) -> None:
    """Put the files in place, or put everything back."""
    kept: dict[Path, Path] = {}
    placed: list[Path] = []
    try:
        for number, (source, target) in enumerate(moves.items()):
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                kept[target] = target.replace(folder / f"kept-{number}")
            placed.append(source.replace(target))
    except BaseException:
        for target in placed:
            target.unlink(missing_ok=True)
        for target, copy in kept.items():
            copy.replace(target)
        raise


def _spell_out(scenario: Assumptions) -> str:
    lines = ["# Every knob of a scenario. Another scenario says only what differs, through `extends: base`."]
    for name, info in type(scenario).model_fields.items():
        value = getattr(scenario, name)
        if not hasattr(type(value), "model_fields"):
            lines += [*([""] if isinstance(value, dict) else []), _knob(name, value, info, "")]
            continue
        lines += ["", f"{name}:"]
        lines += [_knob(key, getattr(value, key), entry, "  ") for key, entry in type(value).model_fields.items()]
    return "\n".join(lines) + "\n"


def _knob(name: str, value: Any, info: Any, indent: str) -> str:
    plain = list(value) if isinstance(value, tuple) else value
    # JSON is YAML 1.2; a date stands bare.
    shown = plain.isoformat() if hasattr(plain, "isoformat") else json.dumps(plain, ensure_ascii=False)
    unit = (info.json_schema_extra or {}).get("unit", "")
    return f"{indent}{name}: {shown}".ljust(40) + f"  # {unit + '; ' if unit else ''}{info.description}"
