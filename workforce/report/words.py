"""What the report says, in English and Chinese: sentences, labels, and numbers, money and periods written out.

Sentences and labels stand as pairs (English, Chinese) in ``sentences.py``, ``passages.py`` and ``vocabulary.py``; this file
turns a key and values into text. A placeholder names the way its value is written::

    "{role}: short by {fte:fte} in {period:period}"

Ways: heads, fte, number, signed, whole, price (two decimals), share (0..1 as per cent), money, money_exact, currency,
period, list.
A missing number is a withheld one, and is written so.
"""

from __future__ import annotations

import math
import re
import string
from collections.abc import Iterable, Mapping
from typing import Any

from workforce.report.passages import PASSAGES
from workforce.report.sentences import SENTENCES
from workforce.report.vocabulary import LABELS

LANGUAGES = ("en", "zh")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_QUARTERS = ("一", "二", "三", "四")
_AFTER_UNIT = re.compile(r"(\d [万亿]?[元人]) (?=[\u4e00-\u9fff])")
_PERIOD = re.compile(r"^(\d{4})(?:-(\d{2})|Q(\d))?$")


def check_language(language: str) -> str:
    """`language` itself, or a ValueError that says which ones there are."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r} is not available; choose from {', '.join(LANGUAGES)}")
    return language


def say(key: str, language: str = "en", **values: Any) -> str:
    """The sentence `key` with its values written out.

    Args:
        key: name of a sentence (``sentences.py``) or passage (``passages.py``).
        language: "en" or "zh".
        values: what the placeholders of the sentence name; ``currency`` is used by every amount of money.

    Raises:
        KeyError: no such sentence, or a placeholder without a value.

    Example:
        >>> say("hires_total", "en", heads=12, cost=480000, currency="CNY")
        'The plan hires 12 people for CNY 480,000.'
    """
    position = LANGUAGES.index(check_language(language))
    pair = SENTENCES.get(key) or PASSAGES.get(key)
    if pair is None:
        raise KeyError(f"no sentence {key!r} in words")
    written = _Writer(language, str(values.get("currency", ""))).vformat(pair[position], (), values)
    # A unit is followed by the next word without a space, as anywhere in Chinese.
    return _AFTER_UNIT.sub(r"\1", written) if language == "zh" else written


def label(key: str, language: str = "en") -> str:
    """The short word for `key` ("category.people", "column.role"); a name of the data comes back readable as it is.

    Example:
        >>> label("category.people", "zh")
        '人员薪酬'
        >>> label("kpi.own_measure", "en")
        'own measure'
    """
    pair = LABELS.get(key)
    if pair is None:
        return key.rpartition(".")[2].replace("_", " ")
    return pair[LANGUAGES.index(check_language(language))]


def label_knob(knob: str, language: str = "en") -> str:
    """What an assumption means in a few words; an entry of a mapping is named after it.

    Example:
        >>> label_knob("demand.multiplier_by_unit.Sales")
        'times the demand of a unit: Sales'
    """
    if f"knob.{knob}" in LABELS:
        return label(f"knob.{knob}", language)
    parent, _, entry = knob.rpartition(".")
    if f"knob.{parent}" not in LABELS:
        return knob
    return f"{label(f'knob.{parent}', language)}{'：' if language == 'zh' else ': '}{entry}"


def read_slack(run: Any) -> float:
    """The share of demand that may be short while it still counts as met, from a run's assumptions.

    Example:
        >>> from types import SimpleNamespace
        >>> read_slack(SimpleNamespace(knobs={"alerts.coverage_amber": 0.97}))
        0.03
    """
    return round(1.0 - float(getattr(run, "knobs", {}).get("alerts.coverage_amber", 0.97)), 6)


def write_slack(run: Any, language: str = "en") -> str:
    """What `read_slack` gives, written out ("3%")."""
    share = read_slack(run)
    return write_share(share, language, digits=0 if abs(100 * share - round(100 * share)) < 1e-9 else 1)


def is_missing(value: Any) -> bool:
    """Whether a value is absent (None, NaN, NaT, empty text)."""
    if value is None or value == "":
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        return False


def write_number(value: float, digits: int = 0, signed: bool = False) -> str:
    """A number with thousands separators; minus zero is zero. Infinite or missing numbers are the caller's matter.

    Example:
        >>> write_number(-0.04, 1), write_number(12345.6), write_number(3, signed=True)
        ('0.0', '12,346', '+3')
    """
    rounded = round(float(value), digits) + 0.0
    return f"{rounded:{'+' if signed and rounded != 0 else ''},.{digits}f}"


def write_amount(value: float, language: str = "en", digits: int = 1, signed: bool = False) -> str:
    """People or FTE: whole numbers plain, others with `digits` decimals, missing as withheld."""
    if is_missing(value):
        return label("withheld", language)
    whole = abs(value - round(value)) < 0.5 * 10**-digits or abs(value) >= 1000
    return write_number(value, 0 if whole else digits, signed)


def write_share(value: float, language: str = "en", digits: int = 1) -> str:
    """A share 0..1 as per cent, missing as withheld."""
    return label("withheld", language) if is_missing(value) else f"{write_number(100 * value, digits)}%"


def money_scale(largest: float, currency: str, language: str = "en") -> tuple[float, str]:
    """The divisor and the unit in which amounts up to `largest` read well.

    English counts in thousand and million, Chinese in 万 and 亿.

    Example:
        >>> money_scale(3.4e8, "CNY", "zh"), money_scale(3.4e8, "CNY", "en")
        ((100000000.0, '亿元'), (1000000.0, 'CNY million'))
    """
    largest = abs(largest)
    if language == "zh":
        name = "元" if currency in ("CNY", "RMB") else currency and f" {currency}"
        if largest >= 1e8:
            return 1e8, f"亿{name}"
        return (1e4, f"万{name}") if largest >= 1e4 else (1.0, name.strip() or "元")
    if largest >= 1e6:
        return 1e6, f"{currency} million".strip()
    return (1e3, f"{currency} thousand".strip()) if largest >= 1e4 else (1.0, currency)


def money_digits(largest: float, scale: float) -> int:
    """Decimals of amounts up to `largest` in `scale`: four figures of 亿, two decimals of a few million, else one.

    Example:
        >>> money_digits(4.945e8, 1e8), money_digits(1.014e9, 1e8), money_digits(2.5e6, 1e6), money_digits(4.9e8, 1e6)
        (3, 2, 2, 1)
    """
    shown = abs(round(float(largest), 2) / scale)
    if scale == 1e8:
        return max(0, 4 - len(f"{shown:.0f}"))
    return 2 if shown < 10 else 1


def write_money(value: float, currency: str, language: str = "en", exact: bool = False) -> str:
    """An amount of money: rounded to its scale, or to the unit with `exact`.

    Example:
        >>> write_money(12_345_678, "CNY", "en"), write_money(12_345_678, "CNY", "zh")
        ('CNY 12.3 million', '1,234.6 万元')
    """
    if is_missing(value):
        return label("withheld", language)
    value = round(float(value), 2)  # what a solver leaves below a cent would tip the last digit
    scale, unit = (1.0, "") if exact or abs(value) < 1e6 else money_scale(value, currency, language)
    if exact or scale == 1.0:
        number = write_number(value)
        if language == "zh":
            return f"{number} 元" if currency in ("CNY", "RMB") else f"{number} {currency}".strip()
        return f"{currency} {number}".strip()
    number = write_number(value / scale, money_digits(value, scale))
    if language == "zh":
        return f"{number} {unit}"
    return f"{currency} {number} {unit.removeprefix(currency).strip()}".strip()


def write_period(period: object, language: str = "en") -> str:
    """A period ("2026-01", "2026Q1", "2026" or a pandas.Period) in words.

    Example:
        >>> write_period("2026-01"), write_period("2026Q2", "zh"), write_period("2026", "zh")
        ('Jan 2026', '2026年二季度', '2026年')
    """
    found = _PERIOD.match(str(period))
    if not found:
        return str(period)
    year, month, quarter = found.groups()
    if month:
        return f"{year}年{int(month)}月" if language == "zh" else f"{_MONTHS[int(month) - 1]} {year}"
    if quarter:
        return f"{year}年{_QUARTERS[int(quarter) - 1]}季度" if language == "zh" else f"Q{quarter} {year}"
    return f"{year}年" if language == "zh" else year


def write_day(day: Any, language: str = "en") -> str:
    """A day in words, missing as a dash.

    Example:
        >>> import datetime
        >>> write_day(datetime.date(2026, 3, 9)), write_day(datetime.date(2026, 3, 9), "zh")
        ('9 Mar 2026', '2026年3月9日')
    """
    if is_missing(day):
        return "–"
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def write_list(items: object, language: str = "en") -> str:
    """Several names as one phrase."""
    if isinstance(items, str) or not isinstance(items, Iterable):
        return str(items)
    words = [str(item) for item in items]
    if language == "zh":
        return "、".join(words)
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


class _Writer(string.Formatter):
    """Formats placeholders by the ways listed at the head of this file."""

    def __init__(self, language: str, currency: str):
        self.language = language
        self.currency = currency

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:
        if key not in kwargs:
            raise KeyError(f"the sentence needs a value for {key!r}")
        return kwargs[str(key)]

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value in the way asked for."""
        language = self.language
        if format_spec in ("period", "list"):
            return write_period(value, language) if format_spec == "period" else write_list(value, language)
        if format_spec and is_missing(value):
            return label("withheld", language)
        if format_spec in ("money", "money_exact"):
            return write_money(float(value), self.currency, language, exact=format_spec == "money_exact")
        if format_spec == "heads":
            number = write_amount(float(value), language)
            return f"{number} 人" if language == "zh" else f"{number} {'person' if number == '1' else 'people'}"
        if format_spec == "fte":
            return f"{write_amount(float(value), language)} FTE"
        if format_spec == "share":
            share = float(value)
            return write_share(share, language, digits=0 if abs(100 * share - round(100 * share)) < 1e-9 else 1)
        if format_spec in ("number", "signed"):
            return write_amount(float(value), language, signed=format_spec == "signed")
        if format_spec == "currency":
            return "元" if language == "zh" and value in ("CNY", "RMB") else str(value)
        if format_spec == "price":
            return write_number(float(value), 2)
        if format_spec == "whole":
            return write_number(float(value)) if math.isfinite(float(value)) else "∞"
        if not format_spec and isinstance(value, list | tuple):
            return write_list(value, language)
        return super().format_field(value, format_spec)
