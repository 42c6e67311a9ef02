"""One extract through its part of the map: headers, values, numbers, dates, derived columns, rows left out."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from workforce.errors import Fault, InputError
from workforce.inputs.contracts import CONTRACTS, Column
from workforce.inputs.mapping import Derive, Extract, LeaveOut, SnapshotDate, nearest

__all__ = ["Line", "Translated", "columns_of", "translate"]

SHOWN = 20  # faults of one kind told row by row; the rest is counted


@dataclass(frozen=True)
class Line:
    """One line of the import report: step (read, left_out, mended, derived, matched), file, rule, why, rows."""

    step: str
    file: str
    rule: str
    why: str
    rows: int


@dataclass(frozen=True)
class Translated:
    """rows : text, one column per mapped or derived column, index = row of the file; a roster also has `snapshot`
    (datetime64). leavers : the roster's rows of people who have left, else empty. read, lines : for the report."""

    rows: pd.DataFrame
    leavers: pd.DataFrame
    read: int
    lines: list[Line] = field(default_factory=list)


def columns_of(table: str) -> dict[str, Column]:
    """The columns a table of the map may have. A roster has those of people, and of roles what describes a role."""
    if table != "roster":
        return {column.name: column for column in CONTRACTS[table].columns} if table in CONTRACTS else {}
    described = [CONTRACTS["roles"].column(name) for name in ("unit", "family", "grade", "location")]
    return {column.name: column for column in (*CONTRACTS["people"].columns, *described)}


def translate(frame: pd.DataFrame, extract: Extract, file: str) -> Translated:
    """Apply the map to one file as read by `read_extract`. Raises InputError with every fault of the file."""
    faults: list[Fault] = []
    rows = _pick(frame, extract, file, faults)
    if faults:
        raise InputError(faults)
    found = _Faults(file)
    for name, word in extract.constants.items():
        rows[name] = word
    for name, meaning in extract.meanings.items():
        rows[name] = _look_up(rows[name], meaning, meaning.get("*"), name, found)
    kinds = {name: column.kind for name, column in columns_of(extract.table).items()}
    for name in list(rows.columns):
        rows[name] = _convert(rows[name], name, kinds.get(name, "text"), extract, found)
    day = _snapshot(frame, extract.snapshot, file, found) if extract.snapshot else None
    for rule in extract.derive:
        rows[rule.column] = _derive(rows, rule, day, extract, found)
        if rule.years_before_snapshot is False:
            rows[rule.column] = _convert(rows[rule.column], rule.column, kinds.get(rule.column, "text"), extract, found)

    lines = []
    out = pd.Series(False, index=rows.index)
    for leave in extract.leave_out:
        fits = _test(rows, leave, found) & ~out
        out |= fits
        lines.append(Line("left_out", file, f"{leave.column} {_words(leave)}", leave.why, int(fits.sum())))
    found.forget(rows.index[out])
    rows = rows[~out]
    if day is not None:
        rows = rows.assign(snapshot=day[~out])
    left = pd.Series(False, index=rows.index)
    if extract.leavers:
        left = rows[extract.leavers.column].isin(extract.leavers.equals)
    if extract.duplicates and "person" in rows:
        kept = _once(rows, extract, found)
        lines.append(
            Line(
                "left_out",
                file,
                "person stands more than once in the snapshot",
                extract.duplicates.why,
                int((~kept).sum()),
            )
        )
        rows, left = rows[kept], left[kept]
    found.close()
    return Translated(rows[~left], rows[left], len(frame), [line for line in lines if line.rows])


class _Faults:
    """Faults of cells, gathered by rule, so that a wrong column is told once and not ten thousand times."""

    def __init__(self, file: str):
        self.file = file
        self.found: list[tuple[pd.Series, str, str, Callable[[str], str]]] = []

    def add(self, cells: pd.Series, column: str, rule: str, mend: Callable[[str], str]) -> None:
        if len(cells):
            self.found.append((cells, column, rule, mend))

    def forget(self, rows: pd.Index) -> None:
        """A row that is left out need not be right."""
        self.found = [(cells[~cells.index.isin(rows)], *rest) for cells, *rest in self.found]

    def close(self) -> None:
        faults = []
        for cells, column, rule, mend in self.found:
            for row, value in cells.head(SHOWN).items():
                faults.append(Fault(self.file, int(str(row)), column, str(value), rule, mend(str(value))))
            if len(cells) > SHOWN:
                faults.append(
                    Fault(self.file, None, column, "", rule, f"and {len(cells) - SHOWN:,} more rows like these")
                )
        if faults:
            raise InputError(faults)


def _pick(frame: pd.DataFrame, extract: Extract, file: str, faults: list[Fault]) -> pd.DataFrame:
    picked = {}
    for target, headers in extract.columns.items():
        header = next((name for name in headers if name in frame.columns), None)
        if header is not None:
            picked[target] = frame[header]
        elif target in extract.optional:
            picked[target] = pd.Series("", index=frame.index, dtype=str)
        else:
            close = nearest(headers[0], frame.columns)
            mend = (
                f"did you mean {close}?"
                if close
                else f"the file's headers are {', '.join(map(str, frame.columns[:30]))}"
            )
            faults.append(Fault(file, 1, target, " or ".join(headers), "is not a header of the file", mend))
    column = extract.snapshot.column if extract.snapshot else None
    if column is not None and column not in frame.columns:
        faults.append(
            Fault(
                file,
                1,
                "snapshot",
                column,
                "is not a header of the file",
                f"did you mean {nearest(column, frame.columns)}?",
            )
        )
    return pd.DataFrame(picked, index=frame.index)


def _look_up(
    cells: pd.Series, meaning: dict[str, str], otherwise: str | None, column: str, found: _Faults
) -> pd.Series:
    known = cells.isin(list(meaning)) & (cells != "*")
    result = cells.map(meaning).where(known, otherwise if otherwise is not None else cells)
    if otherwise is None:
        # A value that already is what the table wants, and an empty cell, need no entry.
        strange = cells[~known & ~cells.isin(list(meaning.values())) & (cells != "")]
        found.add(strange, column, "is not listed under values", lambda value: _suggest(value, meaning))
    return result.astype(str)


def _suggest(value: str, known: Iterable[str]) -> str:
    close = nearest(value, known)
    return f"did you mean {close}? else add it to the map" if close else "add it to the map under values"


def _convert(cells: pd.Series, name: str, kind: str, extract: Extract, found: _Faults) -> pd.Series:
    if kind in ("number", "whole", "share"):
        return _plain_numbers(cells, name, extract.thousands, found)
    if kind == "date":
        return _iso_dates(cells, name, extract.dates, found)
    return cells


def _plain_numbers(cells: pd.Series, name: str, thousands: str, found: _Faults) -> pd.Series:
    plain = cells
    if thousands:
        sign = re.escape(thousands)
        grouped = cells.str.fullmatch(rf"[-+]?\d{{1,3}}({sign}\d{{3}})+(\.\d+)?")
        plain = cells.where(~grouped, cells.str.replace(thousands, "", regex=False))
    numbers = pd.to_numeric(plain.where(plain != ""), errors="coerce")
    bad = cells[(plain != "") & (numbers.isna() | np.isinf(numbers))]
    found.add(
        bad,
        name,
        "is not a number",
        lambda value: (
            'state `thousands: ","` for this extract in the map'
            if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", value)
            else "write digits, as 1200 or 0.5"
        ),
    )
    return plain.astype(str)


def _iso_dates(cells: pd.Series, name: str, formats: Iterable[str], found: _Faults) -> pd.Series:
    distinct = pd.Series(cells.unique(), dtype=str)
    # Excel and databases write a day as the midnight that begins it.
    days = distinct.str.replace(r"[ T]00:00:00(\.0+)?$", "", regex=True)
    parsed = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce")
    for form in formats:
        if form == "excel":
            numbers = pd.to_numeric(days, errors="coerce").where(lambda value: (value > 59) & (value < 80000))
            more = pd.to_datetime("1899-12-30") + pd.to_timedelta(numbers, unit="D")
        else:
            more = pd.to_datetime(days, format=form, errors="coerce")
        parsed = parsed.fillna(more)
    known = dict(zip(distinct, parsed.dt.strftime("%Y-%m-%d").fillna(""), strict=True))
    result = cells.map(known)
    wanted = ", ".join(["YYYY-MM-DD", *formats])
    found.add(
        cells[(cells != "") & (result == "")],
        name,
        "is not a date",
        lambda value: f"write it as {wanted}, or add its format to `dates` in the map",
    )
    return result.astype(str)


def _snapshot(frame: pd.DataFrame, rule: SnapshotDate, file: str, found: _Faults) -> pd.Series:
    if rule.column is None:
        date = rule.date or rule.files.get(file.split(" [")[0])
        if date is None:
            raise InputError(
                [Fault(file, None, "snapshot", file, "is not listed under snapshot.files", _suggest(file, rule.files))]
            )
        return pd.Series(pd.Timestamp(date), index=frame.index)
    cells = frame[rule.column]
    listed = {word: pd.Timestamp(date) for word, date in rule.meanings.items()}
    days = pd.to_datetime(cells.map(listed))
    if not listed:
        days = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce")
    found.add(
        cells[days.isna()],
        "snapshot",
        "is no date and not listed under snapshot.values",
        lambda value: "list it in the map: word -> date",
    )
    return days


def _derive(rows: pd.DataFrame, rule: Derive, day: pd.Series | None, extract: Extract, found: _Faults) -> pd.Series:
    cells = rows[rule.source[0]]
    if rule.first is not None:
        return cells.str[: rule.first]
    if rule.meanings is not None:
        return _look_up(cells, rule.meanings, rule.otherwise, rule.source[0], found)
    if rule.join is not None:
        whole = cells
        for name in rule.source[1:]:
            whole = whole + rule.join + rows[name]
        return whole
    if rule.patterns is not None:
        distinct = pd.Series(cells.unique(), dtype=str)
        result = pd.Series(rule.otherwise or "", index=distinct.index, dtype=str)
        undecided = pd.Series(True, index=distinct.index)
        for pattern in rule.patterns:
            fits = undecided & _finds(distinct, pattern.matches)
            result[fits] = pattern.gives
            undecided &= ~fits
        named = cells.map(dict(zip(distinct, result, strict=True))).astype(str)
        if rule.otherwise is None:
            found.add(
                cells[named == ""], rule.source[0], "fits no pattern", lambda value: "add a pattern, or `otherwise:`"
            )
        return named
    plain = _plain_numbers(cells, rule.source[0], extract.thousands, found)
    numbers = pd.to_numeric(plain.where(plain != ""), errors="coerce")
    if rule.times is not None:
        return (numbers * rule.times).map(lambda value: "" if pd.isna(value) else f"{value:.10g}").astype(str)
    if day is None:
        raise InputError(
            [
                Fault(
                    found.file,
                    None,
                    rule.column,
                    "",
                    "years_before_snapshot needs a snapshot",
                    "use it in a roster with snapshot:",
                )
            ]
        )
    return _years_back(day, numbers, rule.plus_months)


def _years_back(day: pd.Series, years: pd.Series, plus_months: int) -> pd.Series:
    months = (years * 12 + plus_months).round()
    text = [
        _months_back(when, int(count)) if count == count and when == when else ""
        for when, count in zip(day, months, strict=True)
    ]
    return pd.Series(text, index=day.index, dtype=str)


def _months_back(when: pd.Timestamp, months: int) -> str:
    total = when.year * 12 + when.month - 1 - months
    year, month = divmod(total, 12)
    last = (datetime.date(year + month // 11, (month + 1) % 12 + 1, 1) - datetime.timedelta(days=1)).day
    return f"{year:04d}-{month + 1:02d}-{min(when.day, last):02d}"


def _test(rows: pd.DataFrame, rule: LeaveOut, found: _Faults) -> pd.Series:
    cells = rows[rule.column]
    if rule.equals is not None:
        return cells.isin(rule.equals)
    if rule.starts_with is not None:
        return cells.str.startswith(rule.starts_with)
    if rule.matches is not None:
        return _finds(cells, rule.matches)
    if rule.below is not None:
        return pd.to_numeric(cells.where(cells != ""), errors="coerce") < rule.below
    return cells == ""


def _words(rule: LeaveOut) -> str:
    if rule.equals is not None:
        return f"is {' or '.join(rule.equals)}"
    if rule.starts_with is not None:
        return f"starts with {' or '.join(rule.starts_with)}"
    if rule.matches is not None:
        return f"matches {rule.matches}"
    return "is empty" if rule.empty else f"is below {rule.below:g}"


def _once(rows: pd.DataFrame, extract: Extract, found: _Faults) -> pd.Series:
    rule = extract.duplicates
    assert rule is not None
    keys = ["person"] + (["snapshot"] if "snapshot" in rows else [])
    if rule.column is None:
        return ~rows.duplicated(keys, keep="last" if rule.keep == "last" else "first")
    numbers = pd.to_numeric(rows[rule.column].where(rows[rule.column] != ""), errors="coerce")
    order = rows.assign(compared=numbers).sort_values(
        "compared", ascending=rule.keep == "lowest", kind="stable", na_position="last"
    )
    return ~order.duplicated(keys, keep="first").reindex(rows.index)


def _finds(cells: pd.Series, expression: str) -> pd.Series:
    search = re.compile(expression, re.IGNORECASE).search
    return cells.map(lambda cell: search(cell) is not None).astype(bool)
