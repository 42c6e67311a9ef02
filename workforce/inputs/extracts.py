"""Any extract (CSV, Excel, Parquet, a query) to one frame of text.

Everything is read as text and turned into numbers and dates later, by the rule of the column: a reader that
guesses turns the identity number 000123 into 123 and leaves 12,000 as a word.
"""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workforce.errors import Fault, InputError

__all__ = ["list_sheets", "read_extract"]

EXCEL = {".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"}
PARQUET = {".parquet", ".pq"}
SQLITE = {".db", ".sqlite", ".sqlite3"}
TEXT = {".csv", ".txt", ".tsv"}
BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace() and not 0x1C <= code <= 0x1F) + "\ufeff"
"""What is cut off around a cell: blanks, tabs, line ends, non-breaking and full-width spaces, a byte order mark. Not the
control characters that Python counts as blanks: those are faults, and have to be seen."""


def read_extract(path: str | Path, sheet: str | None = None, query: str | None = None) -> pd.DataFrame:
    """Read one extract as text.

    Parameters
    ----------
    path : CSV (.csv, .tsv, .txt: UTF-8, UTF-16 with a byte order mark, else GB18030; comma, semicolon or tab),
        Excel (.xlsx, .xls, .xlsm, .xlsb, .ods), Parquet, an SQLite file (.db, .sqlite) or an SQLAlchemy address
        such as ``sqlite:///hr.db``, the last two with a query.
    sheet : sheet of a workbook; the first one when not given.
    query : SQL to run, for a database.

    Returns
    -------
    DataFrame of text, one column per header in the file's order, "" where a cell is empty. The index, named "row",
    is the row of the file as a spreadsheet shows it (the header is row 1). Blank rows are dropped. Cells lose the
    blanks around them, non-breaking and full-width spaces too. Dates of Excel, Parquet and databases become ISO
    text, whole numbers have no ".0".

    Raises
    ------
    InputError : every fault of the file's structure: not found, unreadable, a header that is empty or repeated,
        rows longer than the header.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "roster.csv").write_bytes("工号,薪资\\n007,12000\\n".encode("gb18030"))
    >>> read_extract(folder / "roster.csv").to_dict("records")
    [{'工号': '007', '薪资': '12000'}]
    """
    name = str(path)
    suffix = Path(name).suffix.lower()
    if "://" in name or name.startswith("sqlite:"):
        return _tidy(_read_query(name, query), name)
    if not Path(name).is_file():
        raise _refuse(name, "is not there", "check the name and the folder")
    if suffix in SQLITE:
        return _tidy(_read_query(f"sqlite:///{name}", query), name)
    if suffix in EXCEL:
        return _tidy(_read_sheet(Path(name), sheet), name)
    if suffix in PARQUET:
        return _tidy(_read_parquet(Path(name)), name)
    if suffix in TEXT:
        return _tidy(_read_csv(Path(name)), name)
    known = ", ".join(sorted(TEXT | EXCEL | PARQUET | SQLITE))
    raise _refuse(name, "is not a kind of file that can be read", f"save it as one of {known}", value=suffix)


def list_sheets(path: str | Path) -> list[str]:
    """Names of the sheets of a workbook, in its order. Raises InputError when it cannot be opened."""
    return list(_open_workbook(Path(path)).sheet_names)


def _refuse(name: str, rule: str, mend: str, row: int | None = None, column: str = "", value: str = "") -> InputError:
    return InputError([Fault(Path(name).name, row, column, value, rule, mend)])


def _decode(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content[:200].count(b"\0") > len(content[:200]) // 4:
        raise _refuse(name, "looks like UTF-16 without a byte order mark", "save it as CSV UTF-8")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refuse(name, "is not text in UTF-8, UTF-16 or GB18030", "save it as CSV UTF-8")


def _read_csv(path: Path) -> pd.DataFrame:
    text = _decode(path.read_bytes(), path.name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts = {separator: first.count(separator) for separator in (",", ";", "\t")}
    separator = max(counts, key=lambda sign: counts[sign])
    if not first:
        return pd.DataFrame()
    try:
        # Without header=None a row longer than the header would silently become an index or lose its end.
        frame = pd.read_csv(
            io.StringIO(text),
            header=None,
            dtype=str,
            sep=separator,
            na_filter=False,
            skip_blank_lines=False,
            engine="c",
        )
    except pd.errors.ParserError as error:
        raise _long_rows(path, text, separator, str(error)) from error
    frame = frame.fillna("")
    frame.index = frame.index + 1
    return frame


def _long_rows(path: Path, text: str, separator: str, message: str) -> InputError:
    faults = []
    width = 0
    for row, cells in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
        width = width or len(cells)
        if len(cells) > width:
            faults.append(
                Fault(
                    path.name,
                    row,
                    "",
                    separator.join(cells)[:80],
                    f"has {len(cells)} cells, the header {width}",
                    f"put quotes around a text that holds '{separator}'",
                )
            )
    if not faults:
        faults.append(Fault(path.name, None, "", "", "is not a readable CSV file", f"mend the quotes: {message}"))
    return InputError(faults)


def _open_workbook(path: Path) -> Any:
    from python_calamine import CalamineWorkbook

    try:
        return CalamineWorkbook.from_path(str(path))
    except Exception as error:
        raise _refuse(path.name, f"does not open ({error})", "save it again in Excel") from error


def _read_sheet(path: Path, sheet: str | None) -> pd.DataFrame:
    workbook = _open_workbook(path)
    if sheet is not None and sheet not in workbook.sheet_names:
        raise _refuse(
            path.name,
            "is not a sheet of the workbook",
            f"its sheets are {', '.join(workbook.sheet_names)}",
            value=sheet,
        )
    opened = workbook.get_sheet_by_name(sheet) if sheet is not None else workbook.get_sheet_by_index(0)
    rows = opened.to_python(skip_empty_area=False)
    frame = pd.DataFrame([[_cell(value) for value in row] for row in rows], dtype=str).fillna("")
    frame.index = frame.index + 1
    return frame


def _read_parquet(path: Path) -> pd.DataFrame:
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(path)
    except Exception as error:
        raise _refuse(path.name, f"does not open ({error})", "write it again") from error
    columns = [_column(column.to_pandas(integer_object_nulls=True)) for column in table.columns]
    return _with_header(table.column_names, columns)


def _read_query(address: str, query: str | None) -> pd.DataFrame:
    if not query:
        raise _refuse(address, "a database needs a query", "state `query: SELECT ...` for this extract in the map")
    if address.startswith("sqlite:"):
        # sqlite:///name is relative and sqlite:////name absolute; a path object has lost the repeated slashes.
        rest = address.removeprefix("sqlite:").lstrip("/")
        file = next((place for place in (Path(rest), Path("/" + rest)) if place.is_file()), Path(rest))
        if not file.is_file():
            raise _refuse(address, "is not there", "check the name and the folder")
        try:
            connection = sqlite3.connect(f"file:{file.resolve().as_posix()}?mode=ro", uri=True)
            try:
                cursor = connection.execute(query)
                names = [entry[0] for entry in cursor.description or []]
                rows = cursor.fetchall()
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise _refuse(address, f"does not run: {error}", "mend the query", value=query[:80]) from error
    else:
        names, rows = _ask_sqlalchemy(address, query)
    if not names:
        raise _refuse(address, "returns no table", "begin it with SELECT", value=query[:80])
    return _with_header(names, [_column(pd.Series([row[k] for row in rows], dtype=object)) for k in range(len(names))])


def _ask_sqlalchemy(address: str, query: str) -> tuple[list[str], list[Any]]:
    shown = address.split("@")[-1]  # an address may hold a password
    try:
        import sqlalchemy
    except ImportError as error:
        raise _refuse(shown, "cannot be reached", "install sqlalchemy and the database's driver") from error
    try:
        with sqlalchemy.create_engine(address).connect() as connection:
            result = connection.execute(sqlalchemy.text(query))
            return list(result.keys()), list(result.fetchall())
    except Exception as error:
        raise _refuse(
            shown, f"does not run: {type(error).__name__}", "mend the query or the address", value=query[:80]
        ) from error


def _with_header(names: Iterable[str], columns: list[pd.Series]) -> pd.DataFrame:
    body = pd.DataFrame({place: column.reset_index(drop=True) for place, column in enumerate(columns)})
    frame = pd.concat([pd.DataFrame([list(names)], dtype=str), body], ignore_index=True)
    frame.index = frame.index + 1
    return frame


def _column(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values) and (values.dropna() == values.dropna().dt.normalize()).all():
        return values.dt.strftime("%Y-%m-%d").astype(object).where(values.notna(), "")
    if pd.api.types.is_integer_dtype(values):
        return values.astype(str)
    return values.astype(object).map(_cell)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip(BLANKS)
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, (float, np.floating)):
        if np.isnan(value):
            return ""
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    if isinstance(value, datetime):
        if value is pd.NaT:
            return ""
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, (date, time, timedelta)):
        return value.isoformat() if not isinstance(value, timedelta) else str(value)
    return str(value).strip(BLANKS)


def _tidy(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    if frame.empty:
        raise _refuse(name, "is empty", "give it a header and rows")
    trimmed = frame.apply(lambda column: column.astype(str).str.strip(BLANKS))
    filled = (trimmed != "").any(axis=1)
    trimmed = trimmed[filled]
    header, body = [str(cell) for cell in trimmed.iloc[0]], trimmed.iloc[1:]
    kept = [place for place, cell in enumerate(header) if cell or (body.iloc[:, place] != "").any()]
    faults = []
    seen: set[str] = set()
    for place in kept:
        title = header[place]
        if not title:
            faults.append(
                Fault(
                    Path(name).name,
                    int(trimmed.index[0]),
                    f"column {place + 1}",
                    "",
                    "a column has cells and no header",
                    "name the column or empty it",
                )
            )
        elif title in seen:
            faults.append(
                Fault(
                    Path(name).name,
                    int(trimmed.index[0]),
                    title,
                    title,
                    "stands more than once in the header",
                    "rename one of the columns",
                )
            )
        seen.add(title)
    if faults:
        raise InputError(faults)
    result = body.iloc[:, kept].copy()
    result.columns = pd.Index([header[place] for place in kept])
    result.index.name = "row"
    return result
