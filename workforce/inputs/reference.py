"""The reference of the tables: what a user may write, column by column, read from the contracts that the check uses."""

from __future__ import annotations

import pandas as pd

from workforce.errors import Fault, InputError
from workforce.inputs.cells import suggest_name
from workforce.inputs.columns import Column
from workforce.inputs.contracts import CONTRACTS


def list_tables() -> pd.DataFrame:
    """table, row (what a row is), key (columns that name a row once): one row a table.

    >>> list_tables().set_index("table").loc["moves", "key"]
    'from_role, to_role'
    """
    rows = [(name, contract.meaning, ", ".join(contract.key)) for name, contract in CONTRACTS.items()]
    return pd.DataFrame(rows, columns=["table", "row", "key"])


def describe_table(name: str) -> pd.DataFrame:
    """column, needed (yes, or what a blank stands for), kind, allowed, unit, meaning: one row a column, in the order of the
    contract. InputError where there is no such table.

    >>> describe_table("moves").set_index("column").loc["arrive", ["needed", "allowed"]].tolist()
    ['blank = 1', '0 to 1']
    """
    if name not in CONTRACTS:
        mend = suggest_name(name, list(CONTRACTS), "workforce tables lists them")
        raise InputError([Fault("tables", None, "table", name, "is no table", mend)])
    rows = [
        (column.name, _say_needed(column), column.kind, _say_allowed(column), column.unit, column.meaning)
        for column in CONTRACTS[name].columns
    ]
    return pd.DataFrame(rows, columns=["column", "needed", "kind", "allowed", "unit", "meaning"])


def _say_needed(column: Column) -> str:
    if column.required:
        return "yes"
    if column.default is None or column.default == "":
        return ""
    default = str(column.default).lower() if column.kind == "flag" else column.default
    return f"blank = {default:g}" if isinstance(default, float) else f"blank = {default}"


def _say_allowed(column: Column) -> str:
    if column.choices:
        return ", ".join(column.choices)
    if column.refers_to:
        return f"of {column.refers_to}" + "".join(f", or {word}" for word in column.also)
    low, high = column.minimum, column.maximum
    if column.above is not None:
        return f"above {column.above:g}" + ("" if high is None else f", at most {high:g}")
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    return f"at least {low:g}" if low is not None else "" if high is None else f"at most {high:g}"
