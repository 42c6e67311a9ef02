"""HRIS extracts to the tables of a planning folder: read, map, make whole, check against the contracts, write.

The tables are written whole or not at all. Every row that was read is either used or left out for a stated reason,
and every row that was mended is counted.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from workforce.errors import Fault, InputError
from workforce.inputs.contracts import CONTRACTS
from workforce.inputs.extracts import read_extract
from workforce.inputs.import_report import STEPS, ImportReport
from workforce.inputs.map_check import check_map
from workforce.inputs.mapping import Extract, ImportMap, read_map
from workforce.inputs.roster import join_small, make_plan, make_roles, mend_roster
from workforce.inputs.snapshots import HISTORY, read_snapshots
from workforce.inputs.translate import Line, translate
from workforce.inputs.write_tables import write_tables

__all__ = ["ImportReport", "import_extracts"]


@dataclass
class _Import:
    """What gathers while the files are read."""

    lines: list[Line] = field(default_factory=list)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    origins: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    intervals: pd.DataFrame = field(default_factory=pd.DataFrame)


def import_extracts(
    extracts: Iterable[str | Path], map: str | Path, out: str | Path, *, replace: bool = False
) -> ImportReport:
    """Bring extracts into the tables of the folder `out`.

    Parameters
    ----------
    extracts : files as `read_extract` reads them; each must fit one of the map's `files` patterns (a workbook or database
        may fit several, one for each sheet or query).
    map : the mapping file, see `workforce.inputs.mapping`.
    out : folder for the tables, made if it is not there. A map with `scenario:` also writes scenarios/base.yaml beside it,
        unless there is one.
    replace : replace tables that are there already; else they are refused.

    Raises
    ------
    InputError : every fault that was found, at the row of the extract; nothing is written.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "roster.csv").write_text("工号,姓别,入职\\n007,女,2020-02-01\\n", encoding="utf-8")
    >>> _ = (folder / "map.yaml").write_text('''
    ... title: Example
    ... extracts:
    ...   - files: roster.csv
    ...     table: people
    ...     columns: {person: 工号, gender: 姓别, hire_date: 入职}
    ...     constants: {role: clerk}
    ...     values: {gender: {女: female, 男: male}}
    ... ''', encoding="utf-8")
    >>> report = import_extracts([folder / "roster.csv"], folder / "map.yaml", folder / "data")
    >>> (folder / "data" / "people.csv").read_text().splitlines()
    ['person,role,hire_date,gender', '007,clerk,2020-02-01,female']
    """
    rules, map_name, out = read_map(map), Path(map).name, Path(out)
    faults = check_map(rules, map_name)
    pairs, unmatched = _assign([str(path) for path in extracts], rules, map_name)
    if faults or unmatched:
        raise InputError(faults + unmatched)
    work = _Import()
    rosters = []
    for path, extract in pairs:
        name = _label(path, extract, pairs)
        try:
            done = translate(read_extract(path, extract.sheet, extract.query), extract, name)
        except InputError as error:
            faults += error.faults
            continue
        work.lines += [Line("read", name, "rows of the extract", extract.table, done.read), *done.lines]
        both = pd.concat([done.rows.assign(left=False), done.leavers.assign(left=True)]).assign(file=name)
        both["line"] = both.index
        if extract.table == "roster":
            rosters.append((extract, both))
        else:
            _gather(work, extract.table, both)
    if faults:
        raise InputError(faults)
    if rosters:
        _read_rosters(work, rosters, rules, map_name)
    for name, rows in rules.tables.items():
        _gather(
            work, name, pd.DataFrame([dict(row) for row in rows]).fillna("").assign(file=map_name, line=0), used=False
        )
    fresh = write_tables(work.tables, work.origins, out, rules.scenario, replace)
    lines = [*work.lines, *(Line("written", "", f"{name}.csv", "", len(rows)) for name, rows in work.tables.items())]
    if rules.scenario is not None:
        why = "every knob" if fresh else "kept as it was, since it was there already"
        lines.append(Line("written", "", "scenarios/base.yaml", why, int(fresh)))
    table = pd.DataFrame([vars(line) for line in sorted(lines, key=lambda line: STEPS.index(line.step))])
    return ImportReport(rules.title, out, table, work.intervals, rules.assumptions)


def _label(path: str, extract: Extract, pairs: list[tuple[str, Extract]]) -> str:
    """What the report calls an extract: the file's name, with more where that does not tell it from another."""
    others = [other for other, _ in pairs if Path(other).name == Path(path).name]
    name = Path(path).name if len(set(others)) == 1 else path
    part = extract.sheet or ("query" if extract.query else "")
    alike = [other for file, other in pairs if file == path and other.sheet == extract.sheet]
    if len(alike) > 1:
        part = f"{part}, {extract.table}" if part else extract.table
    return f"{name} [{part}]" if part else name


def _assign(paths: list[str], rules: ImportMap, map_name: str) -> tuple[list[tuple[str, Extract]], list[Fault]]:
    pairs, faults = [], []
    for path in paths:
        name = Path(path).name
        fits = [extract for extract in rules.extracts if fnmatch.fnmatch(name.lower(), extract.files.lower())]
        if not fits:
            known = ", ".join(extract.files for extract in rules.extracts)
            faults.append(Fault(name, None, "", "", f"fits no `files` of {map_name}", f"the map reads {known}"))
        pairs += [(path, extract) for extract in fits]
    for extract in rules.extracts:
        if not any(other is extract for _, other in pairs):
            faults.append(
                Fault(map_name, None, "files", extract.files, "fits none of the extracts", "give the file too")
            )
    return pairs, faults


def _gather(work: _Import, table: str, rows: pd.DataFrame, used: bool = True) -> None:
    """Add rows to a table, remembering where each came from."""
    if used:
        work.lines += [
            Line("used", str(file), "rows that stand in the tables", table, int(count))
            for file, count in rows["file"].value_counts(sort=False).items()
        ]
    kept = [name for name in CONTRACTS[table].names if name in rows]
    before = work.tables.get(table)
    work.tables[table] = rows[kept] if before is None else pd.concat([before, rows[kept]]).fillna("")
    work.origins.setdefault(table, []).extend(zip(rows["file"].astype(str), rows["line"].astype(int), strict=True))


def _read_rosters(work: _Import, rosters: list[tuple[Extract, pd.DataFrame]], rules: ImportMap, map_name: str) -> None:
    roster = pd.concat([rows for _, rows in rosters], ignore_index=True)
    faults = []
    for name in ("person", "role", "hire_date"):
        if name not in roster:
            faults.append(
                Fault(map_name, None, "columns", name, "a roster needs it", f"say which column is {name}, or derive it")
            )
    if rules.roles or rules.small_cells:
        faults += [
            Fault(map_name, None, "columns", name, "roles need it", f"say which column is {name}, or derive it")
            for name in ("unit", "family")
            if name not in roster
        ]
    if faults:
        raise InputError(faults)
    text = [name for name in roster.columns if name not in ("snapshot", "left", "line")]
    roster[text] = roster[text].fillna("")
    faults += _refuse_rows(
        roster, roster["person"] == "", "person", "is empty", "give the id, or leave such rows out in the map"
    )
    faults += _refuse_rows(
        roster, roster["role"] == "", "role", "is empty", "give the role, or leave such rows out in the map"
    )
    twice = roster.duplicated(["person", "snapshot"], keep="first") & (roster["person"] != "")
    faults += _refuse_rows(
        roster,
        twice,
        "person",
        "stands more than once in the snapshot",
        "state `duplicates:` in the map, or mend the extract",
    )
    if roster["left"].any() and roster["snapshot"].min() < roster["snapshot"].max():
        faults.append(
            Fault(
                map_name,
                None,
                "leavers",
                "",
                "stands beside several snapshots",
                "a missing id says who left: remove leavers",
            )
        )
    if faults:
        raise InputError(faults)
    for name in ("hire_date", "birth_date", "role_since"):
        if name in roster:
            roster[name] = pd.to_datetime(roster[name].where(roster[name] != ""), format="%Y-%m-%d")
    for name in ("salary", "fte"):
        if name in roster:
            roster[name] = pd.to_numeric(roster[name].where(roster[name] != ""))
    roster, lines, links = mend_roster(roster, rules.roster)
    work.lines += lines
    work.lines += [
        Line("used", str(file), "rows that stand in the snapshots", "roster", int(count))
        for file, count in roster["file"].value_counts(sort=False).items()
    ]
    if rules.small_cells:
        roster, lines = join_small(roster, rules.small_cells)
        work.lines += lines
    _write_down(work, roster, links, rosters, rules, map_name)


def _write_down(
    work: _Import,
    roster: pd.DataFrame,
    links: pd.DataFrame,
    rosters: list[tuple[Extract, pd.DataFrame]],
    rules: ImportMap,
    map_name: str,
) -> None:
    """People, history, roles and plan from a roster that is whole."""
    spells = read_snapshots(roster[~roster["left"]])
    intervals = spells.intervals
    linked = links.groupby("date").size() if len(links) else pd.Series(dtype=int)
    intervals["id_changed"] = intervals["date"].map(linked).fillna(0).astype(int)
    work.intervals = intervals
    history = [spells.history]
    for extract, _ in rosters:
        if extract.leavers:
            left = roster[roster["left"]]
            after = left["snapshot"] - pd.DateOffset(months=extract.leavers.window_months)
            history.append(
                left.assign(
                    date=left["snapshot"],
                    event="leave",
                    from_role=left["role"],
                    to_role="",
                    cause=extract.leavers.cause,
                    after=after,
                )[HISTORY]
            )
            work.lines.append(
                Line(
                    "derived",
                    "",
                    f"leave events within {extract.leavers.window_months} months before the snapshot",
                    "the extract says who left and not when",
                    len(left),
                )
            )
            break
    events = pd.concat([part for part in history if len(part)] or history, ignore_index=True)
    last = roster["snapshot"].max()
    people = spells.people
    if rules.roles:
        work.tables["roles"] = make_roles(roster, rules.roles, map_name)
        work.origins["roles"] = _trace_roles(roster, work.tables["roles"])
        work.lines.append(
            Line(
                "derived",
                "",
                "roles, salary = median at the last snapshot",
                last.date().isoformat(),
                len(work.tables["roles"]),
            )
        )
    if rules.plan:
        staffed = people.assign(fte=people["fte"].fillna(1.0) if "fte" in people else 1.0)
        work.tables["drivers"], work.tables["demand"] = make_plan(
            staffed, work.tables["roles"], rules.plan, last, map_name
        )
        for driver in rules.plan.drivers:
            work.lines.append(
                Line(
                    "derived",
                    "",
                    f"driver {driver.driver} of {driver.unit}, {driver.growth:+.1%} a year",
                    driver.why,
                    rules.plan.months,
                )
            )
        work.lines.append(
            Line(
                "derived",
                "",
                "demand at the service ratio of the last snapshot: driver over FTE",
                last.date().isoformat(),
                len(work.tables["demand"]),
            )
        )
    names = [name for name in CONTRACTS["people"].names if name in people and people[name].notna().any()]
    work.tables["people"] = people[names]
    work.origins["people"] = list(zip(people["file"].astype(str), people["line"].astype(int), strict=True))
    if len(events):
        work.tables["history"] = events
    came, back = int(intervals["hired"].sum()), int(intervals["reappeared"].sum())
    left = events["event"] == "leave"
    if intervals.empty and not left.any():
        why = "one roster shows nobody leave: add a second one, or state leaving rates in the table rates"
        work.lines.append(Line("derived", "", "leave events, so attrition cannot be estimated", why, 0))
    for rule, count in (
        ("leave events", int(left.sum())),
        ("join events that are hires", came),
        ("join events of people hired earlier (no hires)", back),
        ("move events", int(intervals["moves"].sum())),
    ):
        work.lines.append(Line("derived", "", rule, "history", count))


def _trace_roles(roster: pd.DataFrame, roles: pd.DataFrame) -> list[tuple[str, int]]:
    """Of each role, the row of an extract that a user would mend: the first that leaves its unit or family blank, else its
    first."""
    blank = (roster["unit"] == "") | (roster["family"] == "")
    rows = roster.assign(whole=~blank).sort_values("whole", kind="stable").drop_duplicates("role").set_index("role")
    return [(str(rows.at[role, "file"]), int(rows.at[role, "line"])) for role in roles["role"]]


def _refuse_rows(roster: pd.DataFrame, rows: pd.Series, column: str, rule: str, mend: str) -> list[Fault]:
    bad = roster[rows]
    faults = [
        Fault(entry.file, int(entry.line), column, getattr(entry, column), rule, mend)
        for entry in bad.head(20).itertuples()
    ]
    return faults + (
        [Fault(bad["file"].iloc[0], None, column, "", rule, f"and {len(bad) - 20:,} more rows like these")]
        if len(bad) > 20
        else []
    )
