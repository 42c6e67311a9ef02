"""The text of a column to values, by the rule of its contract. Nothing is guessed: what does not fit is a fault."""

from __future__ import annotations

import datetime
import difflib
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from workforce.errors import Fault
from workforce.inputs.contracts import Column

LISTED_SINGLY = 20
Problem = tuple[str, str]

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}([, '][0-9]{3})+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]00:00(:00(\.0+)?)?)?")
_PERIOD = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])|Q[1-4])?")
_SPREADSHEET_ERROR = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|#+)")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_FLAGS = {
    "yes": True,
    "no": False,
    "true": True,
    "false": False,
    "y": True,
    "n": False,
    "1": True,
    "0": False,
    "是": True,
    "否": False,
}
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff]")
_EARLIEST, _LATEST = datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)


def show_unreadable(text: str) -> str:
    """The text with control and invisible characters escaped; "" where there are none.

    >>> show_unreadable("a\\x00b"), show_unreadable("a b")
    ('a\\\\x00b', '')
    """
    shown = _UNREADABLE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
    return shown if shown != text else ""


def nearest_name(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known name most like this one, case aside; "" when none is near.

    >>> nearest_name("Hire Date", ["role", "hire_date"])
    'hire_date'
    """
    lowered = {str(word).lower(): str(word) for word in known}
    plain = re.sub(r"[\s\-]+", "_", name.strip().lower())
    found = difflib.get_close_matches(plain, list(lowered), n=1, cutoff=cutoff)
    return lowered[found[0]] if found else ""


def suggest_name(name: str, known: Sequence[str], otherwise: str) -> str:
    """The mend for an unknown name: the nearest real one, else `otherwise`."""
    near = nearest_name(name, known) if len(known) <= 5000 else ""
    return f"did you mean '{near}'?" if near else otherwise


def faults_at(
    file: str,
    column: str,
    rows: Sequence[int] | np.ndarray,
    values: Sequence[str],
    rule: str,
    mend: Callable[[int], str],
) -> list[Fault]:
    """One fault a row; beyond twenty of the same kind one fault for all, with the first rows, examples and the count.

    `mend(k)` words the mend of the k-th entry; it is called only for what is shown.
    """
    if len(rows) <= LISTED_SINGLY:
        return [Fault(file, int(row), column, values[k], rule, mend(k)) for k, row in enumerate(rows)]
    order = sorted(range(len(rows)), key=lambda k: int(rows[k]))
    examples = list(dict.fromkeys(values[k] for k in order if values[k]))
    shown = "; ".join(examples[:3]) + ("; ..." if len(examples) > 3 else "")
    first = ", ".join(str(int(rows[k])) for k in order[:5])
    return [Fault(file, int(rows[order[0]]), column, shown, f"{rule} ({len(rows)} rows: {first}, ...)", mend(order[0]))]


def parse_column(texts: pd.Series, column: Column, file: str, workbook: bool = False) -> tuple[pd.Series, list[Fault]]:
    """One column of stripped text (index = row in the file) to its kind, with the faults of its cells.

    A cell at fault comes back as an empty one. `workbook`: the first day of a month counts as that month in a period
    column, because a spreadsheet turns 2026-01 into a date by itself.
    """

    def pick(mends: dict[int, str], found: list[int]) -> Callable[[int], str]:
        return lambda k: mends[found[k]]

    codes, words = pd.factorize(texts.to_numpy(dtype=object))
    rows = texts.index.to_numpy()
    parsed: list[Any] = []
    problems: dict[str, dict[int, str]] = {}
    for number, word in enumerate(words):
        value, problem = _parse(word, column, workbook)
        parsed.append(value)
        words[number] = show_unreadable(word) or word
        if problem:
            problems.setdefault(problem[0], {})[number] = problem[1]
    faults: list[Fault] = []
    for rule, mends in problems.items():
        places = np.flatnonzero(np.isin(codes, list(mends)))
        found = [int(codes[place]) for place in places]
        faults += faults_at(file, column.name, rows[places], [words[code] for code in found], rule, pick(mends, found))
    return pd.Series(_gather(parsed, codes, column.kind), index=texts.index, name=column.name), faults


def _gather(parsed: list[Any], codes: np.ndarray, kind: str) -> Any:
    if kind in ("number", "whole", "share"):
        return np.array(parsed, dtype="float64")[codes] if parsed else np.array([], dtype="float64")
    if kind == "date":
        days = np.array(parsed, dtype="datetime64[D]").astype("datetime64[ns]")
        return days[codes] if parsed else np.array([], dtype="datetime64[ns]")
    if kind == "flag":
        return np.array(parsed, dtype=bool)[codes] if parsed else np.array([], dtype=bool)
    return pd.Series([parsed[code] for code in codes], dtype=str).array


def _empty(column: Column) -> Any:
    if column.kind in ("number", "whole", "share"):
        return math.nan if column.default is None else float(column.default)
    if column.kind == "date":
        return None
    return bool(column.default) if column.kind == "flag" else column.default or ""


def empty_column(column: Column, index: pd.Index) -> pd.Series:
    """A column that the file does not have: its default in every row, in its kind."""
    codes = np.zeros(len(index), dtype=int)
    return pd.Series(_gather([_empty(column)], codes, column.kind), index=index, name=column.name)


def _parse(word: str, column: Column, workbook: bool) -> tuple[Any, Problem | None]:
    empty = _empty(column)
    if not word:
        problem = ("must not be empty", f"fill it in: {column.meaning}") if column.required else None
        return empty, problem
    if show_unreadable(word):
        # Text keeps what can be read of it, so that what refers to it is not blamed too.
        kept = _UNREADABLE.sub("", word).strip() if column.kind == "text" and not column.choices else ""
        mend = f"type the cell again, as {kept}" if kept else "type the cell again"
        return kept or empty, ("holds an unreadable character", mend)
    if _SPREADSHEET_ERROR.fullmatch(word):
        return empty, ("is a spreadsheet's error, not a value", "mend the formula or fill the value in")
    value: Any
    if column.kind in ("number", "whole", "share"):
        value, problem = _parse_number(word, column)
    elif column.kind == "date":
        value, problem = _parse_date(word)
    elif column.kind == "period":
        value, problem = _parse_period(word, column, workbook)
    elif column.kind == "flag":
        value = _FLAGS.get(word.lower())
        problem = ("must be yes or no", "write yes or no") if value is None else None
    else:
        value, problem = word, None
        if column.choices and word not in column.choices:
            listed = ", ".join(column.choices)
            problem = (f"must be one of: {listed}", suggest_name(word, column.choices, f"write one of: {listed}"))
    return (empty, problem) if problem else (value, None)


def _plain(value: float) -> str:
    return f"{value:.12g}" if abs(value) < 1e12 else repr(value)


def _mend_number(word: str, column: Column) -> str:
    text = unicodedata.normalize("NFKC", word).strip()
    body = re.sub(r"^[¥$€£]|[¥$€£元]$|^(CNY|RMB|USD|EUR)\s*|\s*(CNY|RMB|USD|EUR)$", "", text).strip()
    scale = 1.0
    for sign, times in (("%", 0.01), ("‰", 0.001), ("万", 1e4), ("亿", 1e8), ("k", 1e3), ("K", 1e3)):
        if body.endswith(sign):
            body, scale = body[: -len(sign)].strip(), times
            break
    if _THOUSANDS.fullmatch(body):
        body = re.sub(r"[, ']", "", body)
    elif _DECIMAL_COMMA.fullmatch(body):
        body = body.replace(",", ".")
    if _NUMBER.fullmatch(body) and math.isfinite(float(body)):
        return f"write {_plain(round(float(body) * scale, 12))}"
    if column.kind == "share":
        return "write a share between 0 and 1 in digits, as 0.15"
    return "write it in digits, as 1200000"


def _parse_number(word: str, column: Column) -> tuple[float, Problem | None]:
    if not _NUMBER.fullmatch(word):
        return math.nan, (f"must be a {'share' if column.kind == 'share' else 'number'}", _mend_number(word, column))
    value = float(word)
    if not math.isfinite(value):
        return value, ("must be a finite number", "write a number of ordinary size")
    if column.kind == "whole" and not value.is_integer():
        return value, ("must be a whole number", f"write {math.floor(value)} or {math.ceil(value)}")
    if column.minimum is not None and value < column.minimum:
        return value, (f"must be at least {_plain(column.minimum)}", _limits(column))
    if column.above is not None and value <= column.above:
        return value, (f"must be above {_plain(column.above)}", _limits(column))
    if column.maximum is not None and value > column.maximum:
        percent = column.kind == "share" and 1 < value <= 100
        return value, (
            f"must be at most {_plain(column.maximum)}",
            f"write {_plain(value / 100)} if {_plain(value)} per cent is meant" if percent else _limits(column),
        )
    return value, None


def _limits(column: Column) -> str:
    parts = [f"at least {_plain(column.minimum)}"] if column.minimum is not None else []
    parts += [f"above {_plain(column.above)}"] if column.above is not None else []
    parts += [f"at most {_plain(column.maximum)}"] if column.maximum is not None else []
    unit = f" ({column.unit})" if column.unit else ""
    return f"write a number {' and '.join(parts)}{unit}"


def _parse_date(word: str) -> tuple[datetime.date | None, Problem | None]:
    if not _ISO_DATE.fullmatch(word):
        return None, ("must be a date as YYYY-MM-DD", _mend_date(word))
    try:
        day = datetime.date.fromisoformat(word[:10])
    except ValueError:
        return None, ("is no day of the calendar", "write a day that exists, as 2026-02-28")
    if not _EARLIEST <= day <= _LATEST:
        return None, ("must be between 1900 and 2199", "write the true year, or leave an unknown end empty")
    return day, None


def _mend_date(word: str) -> str:
    text = unicodedata.normalize("NFKC", word).split(" ")[0].split("T")[0]
    day: datetime.date | None = None
    numbers = [int(part) for part in re.findall(r"[0-9]{1,8}", text)]
    try:
        if re.fullmatch(r"[0-9]{4}[/.年-][0-9]{1,2}[/.月-][0-9]{1,2}日?", text):
            day = datetime.date(*numbers)
        elif re.fullmatch(r"(19|20)[0-9]{6}", text):
            day = datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
        elif re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}", text) and max(numbers[:2]) > 12:
            first, second, year = numbers
            day = datetime.date(year, second, first) if first > 12 else datetime.date(year, first, second)
        elif re.fullmatch(r"[0-9]{5}(\.0)?", text):
            day = datetime.date(1899, 12, 30) + datetime.timedelta(days=numbers[0])
    except ValueError:
        day = None
    if day is None:
        return "write year-month-day, as 2026-01-31"
    return f"write {day.isoformat()}" + (" if this is Excel's number of a day" if len(str(numbers[0])) == 5 else "")


def _parse_period(word: str, column: Column, workbook: bool) -> tuple[str, Problem | None]:
    if workbook and re.fullmatch(r"[0-9]{4}-[0-9]{2}-01", word):
        word = word[:7]
    if not _PERIOD.fullmatch(word) or not _EARLIEST.year <= int(word[:4]) <= _LATEST.year:
        return "", ("must be a month 2026-01, a quarter 2026Q1 or a year 2026", _mend_period(word))
    length = {4: "year", 6: "quarter", 7: "month"}[len(word)]
    if column.choices and length not in column.choices:
        wanted = " or ".join(column.choices)
        return "", (
            f"must be a {wanted}",
            f"add up to a {wanted}, as {word[:4]}" + ("" if "quarter" not in column.choices else f" or {word[:4]}Q1"),
        )
    return word, None


def _mend_period(word: str) -> str:
    text = unicodedata.normalize("NFKC", word).strip()
    quarter = re.search(r"[Qq]([1-4])|([1-4])季|第([一二三四])季", text)
    year = re.search(r"(19|20)[0-9]{2}", text)
    if quarter and year:
        number = quarter[1] or quarter[2] or str("一二三四".index(quarter[3]) + 1)
        return f"write {year[0]}Q{number}"
    month = re.fullmatch(r"((?:19|20)[0-9]{2})[-/.年]?([0-9]{1,2})(?:月|[-/.月][0-9]{1,2}日?)?", text)
    named = re.fullmatch(r"([A-Za-z]{3})[a-z]*[- ]((?:19|20)?[0-9]{2})", text)
    if month and 1 <= int(month[2]) <= 12:
        return f"write {month[1]}-{int(month[2]):02d}"
    if named and named[1].lower() in _MONTHS:
        return f"write {named[2] if len(named[2]) == 4 else '20' + named[2]}-{_MONTHS[named[1].lower()]:02d}"
    if re.fullmatch(r"(19|20)[0-9]{2}年?(\.0)?", text):
        return f"write {text[:4]}"
    return "write a month as 2026-01, a quarter as 2026Q1 or a year as 2026"
