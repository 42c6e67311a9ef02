"""What must hold within the table price_index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from workforce.errors import Fault
from workforce.inputs.cells import faults_at, suggest_name
from workforce.inputs.limits import NOBODY, find_nobody

WAYS: Mapping[str, tuple[str, str]] = {
    "recruiting": ("channels", "channel"),
    "development": ("programmes", "programme"),
    "retention": ("retention", "offer"),
}
"""Where the names in `via` stand, by category; other categories have none."""


def check_price_index(frames: Mapping[str, pd.DataFrame], label: str, broken: set[str]) -> list[Fault]:
    """Faults of the table price_index: a way that is not in its table, or that a category does not have, a row that means no
    role, a shortage that costs nothing. `broken`: tables that could not be read."""
    index = frames["price_index"]
    category, via = index["category"], index["via"]
    faults: list[Fault] = []

    def refuse(mask: pd.Series, rule: str, mend: Callable[[str], str], column: str = "via") -> None:
        rows = index.index[mask.to_numpy(dtype=bool)].to_numpy()
        words = [f"{index.at[row, column]:g}" if column == "times" else str(index.at[row, column]) for row in rows]
        faults.extend(faults_at(label, column, rows, words, rule, lambda k: mend(words[k])))

    for name, (table, column) in WAYS.items():
        if table in broken:
            continue
        known = sorted(set(frames[table][column])) if table in frames else []
        otherwise = f"name a {column} of {table}, or leave it empty" if known else f"add the table {table}"
        mend = partial(suggest_name, known=known, otherwise=otherwise)
        refuse((category == name) & (via != "") & ~via.isin(known), f"is no {column} of {table}", mend)
    none = (via != "") & ~category.isin([*WAYS, ""])
    refuse(none, f"is only for {', '.join(WAYS)}", lambda word: "leave it empty; role and family say whose money it is")
    if "roles" in frames and "roles" not in broken:
        refuse(find_nobody(index, frames["roles"]), NOBODY[0], lambda word: NOBODY[1], "role")
    free = (index["times"] == 0) & category.isin(["shortage", "all"])
    refuse(
        free, "would make being short cost nothing", lambda word: "give it above 0; a small one if it is cheap", "times"
    )
    return faults
