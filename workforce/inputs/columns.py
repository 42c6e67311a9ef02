"""What a contract of a table is made of: columns with kind, unit, limits and meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

KINDS = ("text", "number", "whole", "share", "date", "period", "flag")


@dataclass(frozen=True)
class Column:
    """One column.

    In memory: text, period -> text ("" absent); number, whole, share -> float64; date -> datetime64; flag -> bool.
    A `required` column must be in the file and filled in every row. `above` is a limit not reached itself.
    `refers_to` is "table.column"; `also` are words allowed beside it. A period's `choices` are its lengths.
    """

    name: str
    kind: str = "text"
    required: bool = False
    default: Any = None
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    also: tuple[str, ...] = ()
    unit: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Contract:
    """One table: `key` columns name a row once; `part` is what is switched off without it."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    meaning: str
    part: str = ""

    def column(self, name: str) -> Column:
        """The column of this name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name!r}")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


CAUSES = ("resign", "dismissed", "retire", "other")
CATEGORIES = ("people", "recruiting", "development", "retention", "separation")


def role_column(name: str = "role", required: bool = True, meaning: str = "") -> Column:
    """A reference to roles."""
    return Column(name, required=required, refers_to="roles.role", meaning=meaning or "a role of roles")


def share_column(name: str, meaning: str, default: float | None = None, **more: Any) -> Column:
    """A share between 0 and 1, unless another maximum is given."""
    return Column(name, "share", default=default, minimum=0, maximum=more.pop("maximum", 1), meaning=meaning, **more)


def amount_column(name: str, unit: str, meaning: str, default: float | None = None, **more: Any) -> Column:
    """A number that is not negative."""
    return Column(name, more.pop("kind", "number"), default=default, minimum=0, unit=unit, meaning=meaning, **more)
