"""What must hold within the table price_index, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd

from workforce.errors import Fault
from workforce.inputs.cells import faults_at, suggest_name

WAYS: Mapping[str, tuple[str, str]] = {
    "recruiting": ("channels", "channel"),
    "development": ("programmes", "programme"),
    "retention": ("retention", "offer"),
}
"""Where the names in `via` stand, by category; other categories have none."""


def check_price_index(frames: Mapping[str, pd.DataFrame], label: str, broken: set[str]) -> list[Fault]:
    """Faults of the table price_index: a way that is not in its table, or that a category does not have. `broken`: tables
    that could not be read."""
    index = frames["price_index"]
    category, via = index["category"], index["via"]
    faults: list[Fault] = []

    def refuse(mask: pd.Series, rule: str, mend: Callable[[str], str]) -> None:
        rows = index.index[mask.to_numpy(dtype=bool)].to_numpy()
        words = [str(via[row]) for row in rows]
        faults.extend(faults_at(label, "via", rows, words, rule, lambda k: mend(words[k])))

    for name, (table, column) in WAYS.items():
        if table in broken:
            continue
        known = sorted(set(frames[table][column])) if table in frames else []
        otherwise = f"name a {column} of {table}, or leave it empty" if known else f"add the table {table}"
        mend = partial(suggest_name, known=known, otherwise=otherwise)
        refuse((category == name) & (via != "") & ~via.isin(known), f"is no {column} of {table}", mend)
    none = (via != "") & ~category.isin([*WAYS, ""])
    refuse(none, f"is only for {', '.join(WAYS)}", lambda word: "leave it empty; role and family say whose money it is")
    return faults


def index_of(
    index: pd.DataFrame,
    roles: pd.DataFrame,
    category: str,
    inside: Mapping[str, np.ndarray],
    role: np.ndarray,
    period: np.ndarray,
    via: np.ndarray | str = "",
) -> np.ndarray:
    """How many times what the tables say money of a category costs, for roles and periods (numbers, arrays that broadcast;
    before the plan: once) and the ways by which it is spent: the product of the rows that fit. inside: stated period ->
    [period] whether a period of the plan is in it."""
    times = np.ones(np.broadcast_shapes(np.shape(role), np.shape(period)))
    for row in index[index["category"].isin([category, "all"])].itertuples():
        meant = np.ones(len(roles), dtype=bool)
        for name in ("role", "family"):
            if getattr(row, name):
                meant &= (roles[name] == getattr(row, name)).to_numpy()
        fits = meant[role] & (np.asarray(period) >= 0) & inside[row.period][period]
        if row.via:
            fits = fits & (np.asarray(via) == row.via)
        times = np.where(fits, times * row.times, times)
    return times
