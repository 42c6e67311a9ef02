"""Whether the parts of a map fit together: tables made once, columns made before they are used and used for something."""

from __future__ import annotations

from collections.abc import Iterable

from workforce.errors import Fault
from workforce.inputs.contracts import CONTRACTS
from workforce.inputs.mapping import Extract, ImportMap, nearest
from workforce.inputs.translate import columns_of

__all__ = ["check_map"]


def check_map(rules: ImportMap, map_name: str) -> list[Fault]:
    """Every fault between the blocks of a map that each are sound by themselves."""
    faults = [fault for extract in rules.extracts for fault in _check_columns(extract, rules, map_name)]
    return faults + _check_tables(rules, map_name)


def _check_tables(rules: ImportMap, map_name: str) -> list[Fault]:
    read = [extract.table for extract in rules.extracts]
    given = [*read, *rules.tables]
    faults = [
        Fault(map_name, None, "table", name, "is no table", f"did you mean {nearest(name, ['roster', *CONTRACTS])}?")
        for name in dict.fromkeys(given)
        if name not in CONTRACTS and (name != "roster" or name in rules.tables)
    ]
    made = {"people": "roster", "history": "roster"} if "roster" in read else {}
    made |= {"roles": "roles"} if rules.roles else {}
    made |= {"drivers": "plan", "demand": "plan"} if rules.plan else {}
    faults += [
        Fault(map_name, None, "table", name, f"is made by `{made[name]}:` too", "let one of the two make it")
        for name in dict.fromkeys(given)
        if name in made
    ]
    if "roster" not in read:
        asked = {"small_cells": rules.small_cells, "roles": rules.roles, "plan": rules.plan}
        faults += [
            Fault(map_name, None, key, "", "needs a roster", "remove the block, or read a roster")
            for key, block in asked.items()
            if block is not None
        ]
    if rules.plan and not rules.roles:
        faults.append(Fault(map_name, None, "plan", "", "needs roles", "add `roles: {}` to the map"))
    return faults


def _check_columns(extract: Extract, rules: ImportMap, map_name: str) -> list[Fault]:
    """A column the map makes is a column of the table or used by a rule; a rule names a column that the map makes."""
    known = columns_of(extract.table)
    if not known:
        return []
    made = [*extract.columns, *extract.constants]
    used = {name for rule in extract.derive for name in rule.source} | {rule.column for rule in extract.leave_out}
    used |= {block.column for block in (extract.duplicates, extract.leavers) if block is not None and block.column}
    if rules.roster.same_person and extract.table == "roster":
        used |= set(rules.roster.same_person.columns)
    faults = []
    for number, rule in enumerate(extract.derive):
        before = made + [other.column for other in extract.derive[:number]]
        faults += [_unmade(name, before, map_name, "derive.from") for name in rule.source if name not in before]
    made += [rule.column for rule in extract.derive]
    faults += [
        _unmade(name, made, map_name, "values")
        for name in extract.meanings
        if name not in [*extract.columns, *extract.constants]
    ]
    asked = {rule.column for rule in extract.leave_out}
    asked |= {block.column for block in (extract.duplicates, extract.leavers) if block is not None and block.column}
    faults += [_unmade(name, made, map_name, "column") for name in sorted(asked) if name not in made]
    for name in dict.fromkeys(made):
        if name not in known and name not in used:
            close = nearest(name, known)
            faults.append(
                Fault(
                    map_name,
                    None,
                    "columns",
                    name,
                    f"is no column of {extract.table} and no rule uses it",
                    f"did you mean {close}?" if close else f"the columns are {', '.join(known)}",
                )
            )
    return faults


def _unmade(name: str, made: Iterable[str], map_name: str, key: str) -> Fault:
    close = nearest(name, made)
    return Fault(
        map_name,
        None,
        key,
        name,
        "is not made by the map before it is used",
        f"did you mean {close}?" if close else "add it to columns",
    )
