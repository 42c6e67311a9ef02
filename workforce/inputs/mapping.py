"""The map of an import: which header is which column, what each value means, which rows stay out and why.

A map is a YAML file that a person can read aloud. Every rule that changes or drops a row stands in it, and the
import counts the rows each rule touched. The keys are documented on the classes below; `data/maps/` holds examples.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from workforce.errors import Fault, InputError
from workforce.inputs.assumptions import Assumptions
from workforce.inputs.contracts import CONTRACTS

__all__ = ["Derive", "Duplicates", "Extract", "ImportMap", "LeaveOut", "SnapshotDate", "nearest", "read_map"]


def _text(value: Any) -> Any:
    # YAML reads an unquoted 007 or 2015 as a number and `yes` stays text: the map compares with cells, which are text.
    return value if isinstance(value, str) or value is None else str(value)


def _texts(value: Any) -> Any:
    return tuple(_text(entry) for entry in value) if isinstance(value, (list, tuple)) else (_text(value),)


Word = Annotated[str, BeforeValidator(_text)]
Words = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Values = dict[Word, Word]


class _Block(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class LeaveOut(_Block):
    """Rows that are no part of the workforce. Exactly one test; each rule's rows are counted in the report."""

    column: str = Field(description="column tested, after mapping and deriving")
    why: str = Field(description="the reason, as it stands in the report")
    equals: Words | None = Field(None, description="one value or a list of values")
    starts_with: Words | None = Field(None, description="one beginning or a list of beginnings")
    matches: str | None = Field(None, description="regular expression found in the cell, case ignored")
    empty: bool = Field(False, description="true: the cell is empty")
    below: float | None = Field(None, description="the cell is a number below this")

    @model_validator(mode="after")
    def _one_test(self) -> LeaveOut:
        tests = [
            self.equals is not None,
            self.starts_with is not None,
            self.matches is not None,
            self.empty,
            self.below is not None,
        ]
        if sum(tests) != 1:
            raise ValueError("exactly one of equals, starts_with, matches, empty, below")
        return self


class Pattern(_Block):
    """One line of an ordered list: the first expression found in the cell decides."""

    matches: str = Field(description="regular expression, case ignored")
    gives: Word = Field(description="the value for the rows where it is found")

    @model_validator(mode="after")
    def _compiles(self) -> Pattern:
        try:
            re.compile(self.matches)
        except re.error as error:
            raise ValueError(f"matches is not a regular expression: {error}") from error
        return self


class Derive(_Block):
    """A column worked out from others. Exactly one way; rules run in their order, so one may build on another."""

    column: str = Field(description="the column that is made")
    source: Words = Field((), alias="from", description="the column, or for join the columns, it is made from")
    first: int | None = Field(None, gt=0, description="the first so many characters")
    meanings: Values | None = Field(
        None, alias="values", description="value -> value; the rest gets `otherwise` or is a fault"
    )
    patterns: tuple[Pattern, ...] | None = Field(
        None, description="ordered expressions, the first that is found decides"
    )
    otherwise: Word | None = Field(None, description="for values and patterns: what all the rest gets")
    join: Word | None = Field(None, description="the columns of `from`, put together with this between them")
    times: float | None = Field(None, description="number times this, e.g. 12 for a monthly salary")
    years_before_snapshot: bool = Field(False, description="whole years counted back from the snapshot: a date")
    plus_months: int = Field(
        0, ge=0, le=11, description="with years_before_snapshot: months more, 6 = the middle of the year"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Derive:
        ways = [
            self.first is not None,
            self.meanings is not None,
            self.patterns is not None,
            self.join is not None,
            self.times is not None,
            self.years_before_snapshot,
        ]
        if sum(ways) != 1:
            raise ValueError("exactly one of first, values, patterns, join, times, years_before_snapshot")
        if not self.source or (len(self.source) > 1 and self.join is None):
            raise ValueError("`from` names one column, or for join several")
        return self


class SnapshotDate(_Block):
    """On which day the roster was true. Exactly one way."""

    date: datetime.date | None = Field(None, description="one date for all rows")
    column: str | None = Field(None, description="source header that holds the date, or a word listed under `values`")
    meanings: dict[Word, datetime.date] = Field(
        {}, alias="values", description="with column: word -> date, e.g. fiscal year -> its last day"
    )
    files: dict[Word, datetime.date] = Field({}, description="file name -> date")

    @model_validator(mode="after")
    def _one_way(self) -> SnapshotDate:
        if sum([self.date is not None, self.column is not None, bool(self.files)]) != 1:
            raise ValueError("exactly one of date, column, files")
        return self


class Duplicates(_Block):
    """Which row stays where one person stands twice in a snapshot (two jobs)."""

    keep: Literal["highest", "lowest", "first", "last"] = Field(
        "first", description="by `column`, or by place in the file"
    )
    column: str | None = Field(None, description="for highest and lowest: the column compared, a number")
    why: str = Field("the same person stands twice", description="the reason, as it stands in the report")


class Leavers(_Block):
    """Rows of people who have left, in a roster without dates of leaving."""

    column: str = Field(description="the column that says so")
    equals: Words = Field(description="the values that mean: has left")
    window_months: int = Field(
        gt=0, description="they left within so many months before the snapshot: an assumption, printed"
    )
    cause: Literal["resign", "dismissed", "retire", "other"] = Field(
        "other", description="cause written for all of them"
    )


class Extract(_Block):
    """How one kind of file becomes one table."""

    files: str = Field(description="name of the file, or a pattern such as payroll_*.csv")
    table: str = Field(
        description="`roster` (snapshots of who is there), or a table of data/ such as people or history"
    )
    sheet: str | None = Field(None, description="sheet of a workbook; the first when not given")
    query: str | None = Field(None, description="SQL, for a database")
    columns: dict[str, Words] = Field(
        {}, description="column -> header in the file, or several of which the first present counts"
    )
    optional: tuple[str, ...] = Field((), description="columns whose header may be missing from a file")
    constants: dict[str, Word] = Field({}, description="column -> the same value in all rows")
    meanings: dict[str, Values] = Field(
        {}, alias="values", description="column -> value in the file -> value in the table; `*` = all the rest"
    )
    thousands: Literal["", ",", ".", " ", "'"] = Field(
        "", description="sign between thousands; 12,000 is a fault unless stated"
    )
    dates: tuple[str, ...] = Field(
        (), description="formats besides ISO, e.g. %d/%m/%Y or %Y年%m月%d日; `excel` = day numbers"
    )
    snapshot: SnapshotDate | None = Field(None, description="roster: the day it was true")
    derive: tuple[Derive, ...] = Field((), description="columns worked out, in this order")
    leave_out: tuple[LeaveOut, ...] = Field(
        (), description="rows left out, the first rule that fits is the one counted"
    )
    duplicates: Duplicates | None = Field(
        None, description="roster: which row stays; without it a repeated person is a fault"
    )
    leavers: Leavers | None = Field(None, description="roster: rows of people who have left")

    @field_validator("table")
    @classmethod
    def _table_is_known(cls, table: str) -> str:
        known = ["roster", *CONTRACTS]
        if table not in known:
            close = nearest(table, known)
            raise ValueError(f"did you mean {close}?" if close else f"the tables are {', '.join(known)}")
        return table

    @model_validator(mode="after")
    def _roster_has_a_day(self) -> Extract:
        if (self.table == "roster") != (self.snapshot is not None):
            raise ValueError("a roster states its snapshot, and only a roster does")
        return self


class SamePerson(_Block):
    """When an exit and an entry of one interval are one person under two ids (a change of name, a new number).

    Asked only of entrants hired before the previous snapshot who were never seen before, and only where exactly one exit
    and one entry agree in all columns.
    """

    columns: tuple[str, ...] = Field(description="columns that must agree, e.g. hire_date and unit")
    salary_within: float | None = Field(None, ge=0, description="and the salary differs by no more than this share")
    why: str = Field("one person under two ids", description="the reason, as it stands in the report")


class Roster(_Block):
    """How snapshots become people and history."""

    unknown_hire_date: Literal["leave_out", "middle"] = Field(
        "leave_out",
        description="no hire date in any snapshot of the id: leave the rows out, or, where the person was first seen "
        "after the first snapshot, take the middle between the two snapshots (the rest is left out)",
    )
    unknown_why: str = Field("no hire date is known", description="the reason, as it stands in the report")
    same_person: SamePerson | None = Field(None, description="when to join two ids; not given = never")


class SmallCells(_Block):
    """Roles and units too small to plan for, put together. Counted at the last snapshot."""

    roles_below: int = Field(0, ge=0, description="a role with fewer people joins its unit's rest")
    rest: str = Field("{unit} / other", description="name of a unit's rest")
    rest_family: str = Field("other", description="family of the rest")
    units_below: int = Field(0, ge=0, description="a unit whose rest has fewer people gives it to the common rest")
    common_unit: str = Field("Other units", description="unit of the common rest")


class Roles(_Block):
    """The table of roles, made from the roster: unit, family, grade, location as mapped, salary = median at the last snapshot."""

    establishment: float | None = Field(
        None, gt=0, description="establishment = the largest headcount of any snapshot times this"
    )
    constants: dict[str, Word] = Field({}, description="column of roles -> value for every role")
    families: dict[str, dict[str, Word]] = Field({}, description="family -> column -> value, wins over constants")
    named: dict[str, dict[str, Word]] = Field({}, description="role -> column -> value, wins over families")


class Driver(_Block):
    """A driver of the business plan that grows evenly from its value on the day of the last snapshot."""

    unit: str = Field(description="unit, or `company`")
    driver: str = Field(description="its name")
    value: float = Field(gt=0, description="value at the last snapshot")
    growth: float = Field(description="share a year")
    low: float | None = Field(None, description="growth in the low case; growth when not given")
    high: float | None = Field(None, description="growth in the high case; growth when not given")
    why: str = Field(description="where value and growth come from")


class Plan(_Block):
    """A business plan from the roster: drivers, and demand at the service ratio of the last snapshot."""

    months: int = Field(gt=0, le=240, description="months of the driver series, from the month after the last snapshot")
    drivers: tuple[Driver, ...] = Field(description="the drivers; a role follows its unit's driver, else the company's")
    fixed_families: tuple[str, ...] = Field(
        (), description="families whose posts do not follow a driver: fixed at today's FTE"
    )


class ImportMap(_Block):
    """The whole map."""

    title: str = Field(description="what is imported")
    source: str = Field("", description="where the extracts come from")
    assumptions: tuple[str, ...] = Field(
        (), description="what is assumed, one sentence each; printed with every import"
    )
    extracts: tuple[Extract, ...] = Field(min_length=1, description="the files")
    roster: Roster = Field(Roster.model_validate({}), description="snapshots to people and history")
    small_cells: SmallCells | None = Field(None, description="small roles put together")
    roles: Roles | None = Field(None, description="make the table of roles")
    plan: Plan | None = Field(None, description="make drivers and demand")
    tables: dict[str, tuple[dict[str, Word | None], ...]] = Field(
        {}, description="small tables written out: table -> rows"
    )
    scenario: Assumptions | None = Field(
        None, description="knobs of scenarios/base.yaml, written beside the data folder"
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name closest to `name`, or "" when none is close.

    >>> nearest("hire_dat", ["hire_date", "role"])
    'hire_date'
    """
    found = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return found[0] if found else ""


def read_map(path: str | Path) -> ImportMap:
    """Read and check a map. Raises InputError with every fault: the line, the key, the rule and the nearest real name."""
    path = Path(path)
    if not path.is_file():
        raise InputError([Fault(path.name, None, "", "", "is not there", "check the name and the folder")])
    try:
        text = path.read_text(encoding="utf-8-sig")
        reader = YAML(typ="safe", pure=True)
        tree = reader.compose(text)
        content = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise InputError(
            [Fault(path.name, line, "", "", f"is no YAML: {error.problem or error.context}", "mend the line")]
        ) from error
    except UnicodeDecodeError as error:
        raise InputError([Fault(path.name, None, "", "", "is not text in UTF-8", "save it as UTF-8")]) from error
    if not isinstance(content, dict):
        raise InputError([Fault(path.name, 1, "", "", "holds no keys", "begin with `title:` and `extracts:`")])
    try:
        return ImportMap.model_validate(content)
    except ValidationError as error:
        found = error.errors()
        # A list whose entries are at fault is also said to be too short; only the entries help.
        told = [entry for entry in found if entry["type"] != "too_short" or entry["input"] in ([], ())]
        raise InputError([_fault(path.name, tree, entry) for entry in told]) from error


def _fault(name: str, tree: Node, entry: Any) -> Fault:
    place = tuple(entry["loc"])
    key = ".".join(str(part) for part in place)
    value = "" if isinstance(entry["input"], (dict, list)) else str(entry["input"])
    if entry["type"] == "extra_forbidden":
        known = _keys(place[:-1])
        close = nearest(str(place[-1]), known)
        return Fault(
            name,
            _line(tree, place),
            key,
            str(place[-1]),
            "is no key of the map",
            f"did you mean {close}?" if close else f"the keys here are {', '.join(known)}",
        )
    if entry["type"] == "missing":
        return Fault(name, _line(tree, place[:-1]), key, "", "is required", f"add `{place[-1]}:`")
    return Fault(
        name, _line(tree, place), key, value, "does not fit the key", entry["msg"].removeprefix("Value error, ")
    )


def _keys(place: tuple[Any, ...]) -> list[str]:
    model: type[BaseModel] = ImportMap
    for part in place:
        if isinstance(part, int):
            continue
        field = next((entry for name, entry in model.model_fields.items() if part in (name, entry.alias)), None)
        inner = _model_of(field.annotation) if field else None
        if inner is None:
            return []
        model = inner
    return [entry.alias or name for name, entry in model.model_fields.items()]


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for found in map(_model_of, getattr(annotation, "__args__", ())) if found), None)


def _line(tree: Node, place: tuple[Any, ...]) -> int:
    line, node = tree.start_mark.line + 1, tree
    for part in place:
        if isinstance(node, MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line
