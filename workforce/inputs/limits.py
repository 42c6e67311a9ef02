"""What must hold within the table limits, whose rows of one name add up to one rule, and between it and the ways it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import numpy as np
import pandas as pd

from workforce.errors import Fault
from workforce.inputs.cells import faults_at, suggest_name

WAYS: Mapping[str, tuple[str, str]] = {
    "hire": ("channels", "channel"),
    "develop": ("programmes", "programme"),
    "training": ("programmes", "programme"),
    "keep": ("retention", "offer"),
}
"""Where the names in `via` stand, by action; other actions have none."""

WAY_IN = ("develop", "training", "move", "stand_in")
"""Actions that lead from one role to another."""

THERE = ("heads", "training")
"""Who is there at a close: never summed over time."""


def check_limits(
    frames: Mapping[str, pd.DataFrame], label: str, broken: set[str], unread: Iterable[int] = ()
) -> list[Fault]:
    """Faults of the table limits: a way that is not in its table, a column that an action does not have, a row that means no
    role, a rule that limits nothing, contradicts itself, or sums people over time. `broken`: tables that could not be read;
    `unread`: rows whose least or most has a fault already."""
    limits = frames["limits"]
    faults: list[Fault] = []

    def refuse(mask: pd.Series, column: str, rule: str, mend: str | Callable[[str], str]) -> None:
        cells = limits.loc[mask.to_numpy(dtype=bool), column]
        values = ["" if pd.isna(cell) else f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in cells]
        say = (lambda k: mend) if isinstance(mend, str) else lambda k: mend(values[k])
        faults.extend(faults_at(label, column, cells.index.to_numpy(), values, rule, say))

    action, via = limits["action"], limits["via"]
    for name, (table, column) in WAYS.items():
        if table in broken:
            continue
        known = sorted(set(frames[table][column])) if table in frames else []
        otherwise = f"name a {column} of {table}, or leave it empty" if known else f"add the table {table}"
        strange = (action == name) & (via != "") & ~via.isin(known)
        refuse(strange, "via", f"is no {column} of {table}", partial(suggest_name, known=known, otherwise=otherwise))
    none = (via != "") & ~action.isin([*WAYS, ""])
    refuse(none, "via", f"is only for {', '.join(WAYS)}", "leave it empty; role, family and unit say whom it is about")
    refuse(
        (limits["from_role"] != "") & ~action.isin([*WAY_IN, ""]),
        "from_role",
        f"is only for {', '.join(WAY_IN)}",
        "write the role in the column role",
    )
    refuse(
        (limits["period"] != "") & (limits["per"] != "period"),
        "per",
        "is for rules without a period",
        "leave per empty: a sum is over the period that is named",
    )
    if "roles" in frames and "roles" not in broken:
        refuse(find_nobody(limits, frames["roles"]), "role", *NOBODY)
    _check_sums(limits, unread, refuse)
    return faults


NOBODY = (
    "is of another family or unit than the row names, so the row means nobody",
    "leave the family or the unit empty, or mend the role",
)


def find_nobody(table: pd.DataFrame, roles: pd.DataFrame) -> pd.Series:
    """[row] whether a row names a role, and a family or a unit that the role is not of."""
    named = roles.drop_duplicates("role").set_index("role")
    known = table["role"].isin(named.index)
    found = pd.Series(False, index=table.index)
    for column in ("family", "unit"):
        if column in table:
            own = table["role"].map(named[column])
            found |= known & (table[column] != "") & (own != table[column])
    return found


def _check_sums(limits: pd.DataFrame, unread: Iterable[int], refuse: Callable) -> None:
    sums = limits.groupby(["limit", "period"], sort=False)
    first = ~limits.duplicated(["limit", "period"]) & (limits["limit"] != "")
    told = limits[["least", "most"]].notna().any(axis=1) | limits.index.isin(list(unread))
    bounds = told.groupby([limits["limit"], limits["period"]])
    refuse(
        first & ~bounds.transform("any"),
        "limit",
        "limits nothing: none of its rows has least or most",
        "fill least or most in one of the rows of this name and period",
    )
    for column in ("least", "most"):
        stated = sums[column].transform("first")
        refuse(
            (limits[column] - stated).abs() > 0,
            column,
            "contradicts another row of the same rule",
            "rows of one name and period add up to one sum: state its least and its most once",
        )
    refuse(
        (limits["per"] != sums["per"].transform("first")) & (limits["limit"] != ""),
        "per",
        "contradicts another row of the same rule",
        "write the same in all rows of this name",
    )
    least, most = sums["least"].transform("first"), sums["most"].transform("first")
    refuse(first & (least > most), "limit", "has a least above its most", "mend one of the two")
    standing = limits["action"].isin(THERE).groupby([limits["limit"], limits["period"]]).transform("any")
    refuse(
        first & standing & (limits["per"] != "period"),
        "per",
        f"people who are there ({', '.join(THERE)}) are never summed over time",
        "leave per empty: the rule holds at each close",
    )


def list_rules(limits: pd.DataFrame) -> list[tuple[str, str, str, float, float, pd.DataFrame]]:
    """The rules that the rows add up to: name, period ("" = all of the plan), per, least, most (NaN = none) and the rows of
    each, in the order of the table."""
    rules = []
    for (name, period), rows in limits.groupby(["limit", "period"], sort=False):
        least, most = (rows[column].dropna() for column in ("least", "most"))
        bounds = (float(part.iloc[0]) if len(part) else np.nan for part in (least, most))
        rules.append((str(name), str(period), str(rows["per"].iloc[0]), *bounds, rows))
    return rules
