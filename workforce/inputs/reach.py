"""Reach: from which role which other role can be reached, by what the tables say of careers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

import pandas as pd

SOURCES = ("history", "transitions", "moves", "programmes")


def find_reach(frames: Mapping[str, pd.DataFrame]) -> dict[str, set[str]]:
    """For each role that any way leads into: the roles from which it can be reached, in one step or several.

    A way is a move in history, a row of transitions, moves or programmes, or a step up a ladder: from a role to those of
    the next higher grade on the same ladder (roles.ladder) of the same unit. A role that is missing from the answer is
    one of whose filling the tables say nothing.

    >>> moves = pd.DataFrame({"from_role": ["clerk", "lead"], "to_role": ["lead", "head"]})
    >>> sorted(find_reach({"moves": moves})["head"])
    ['clerk', 'lead']
    """
    below: dict[str, set[str]] = {}
    for source, target in _list_ways(frames):
        if source and target and source != target:
            below.setdefault(target, set()).add(source)
    return {target: _climb(target, below) for target in below}


def _climb(target: str, below: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [target]
    while waiting:
        for role in below.get(waiting.pop(), set()) - found:
            found.add(role)
            waiting.append(role)
    return found


def _list_ways(frames: Mapping[str, pd.DataFrame]) -> list[tuple[str, str]]:
    ways: list[tuple[str, str]] = []
    for name in SOURCES:
        if name in frames:
            frame = frames[name]
            rows = frame[frame["event"] == "move"] if name == "history" else frame
            ways += list(rows[["from_role", "to_role"]].drop_duplicates().itertuples(index=False, name=None))
    return ways + _list_steps(frames["roles"]) if "roles" in frames else ways


def _list_steps(roles: pd.DataFrame) -> list[tuple[str, str]]:
    """Steps up the ladders. A ladder with grades that end in no number is left out: it has no order."""
    steps: list[tuple[str, str]] = []
    placed = roles[(roles["ladder"] != "") & (roles["grade"] != "")]
    for _, rungs in placed.groupby(["unit", "ladder"]):
        height = rungs["grade"].map(_read_height)
        if height.isna().any():
            continue
        levels = sorted(height.unique())
        for lower, upper in itertools.pairwise(levels):
            steps += [(low, up) for low in rungs["role"][height == lower] for up in rungs["role"][height == upper]]
    return steps


def _read_height(grade: str) -> float:
    found = re.search(r"(\d+)$", grade.strip())
    return float(found.group(1)) if found else float("nan")
