"""What must hold between critical posts, the people who hold them, and the people named for them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from workforce.errors import Fault
from workforce.inputs.cells import faults_at
from workforce.inputs.reach import SOURCES, find_reach


def check_posts(frames: Mapping[str, pd.DataFrame], labels: Mapping[str, str], broken: set[str]) -> list[Fault]:
    """Faults of posts and successors that each cell alone does not show. `frames` are indexed by row in the file.

    An incumbent holds the post's own role and no second post; a successor is not the incumbent and can reach the post's
    role (`find_reach`). Reach is not judged where a table that tells of ways could not be read, nor for a role that no
    way leads into.
    """
    posts = frames["posts"]
    held = frames["people"].drop_duplicates("person").set_index("person")["role"] if "people" in frames else None
    faults = _check_holders(posts, held, labels["posts"])
    if "successors" not in frames:
        return faults
    successors, label = frames["successors"], labels["successors"]
    first = posts.drop_duplicates("post").set_index("post")
    same = (successors["post"].map(first["incumbent"]) == successors["person"]) & (successors["person"] != "")
    faults += _refuse(
        successors[same], "person", label, "holds the post already", "name another person, or remove the row"
    )
    if held is not None and "roles" in frames and not broken & {*SOURCES, "roles", "people"}:
        known = held[held.isin(frames["roles"]["role"])]
        faults += _check_reach(successors, first["role"], known, find_reach(frames), label)
    return faults


def _check_holders(posts: pd.DataFrame, held: pd.Series | None, label: str) -> list[Fault]:
    filled = posts[posts["incumbent"] != ""]
    again = filled[filled["incumbent"].duplicated()]
    first = filled.drop_duplicates("incumbent").set_index("incumbent")["post"]
    faults = faults_at(
        label,
        "incumbent",
        again.index.to_numpy(),
        list(again["incumbent"]),
        "holds another post already: one person holds one post",
        lambda k: f"leave the incumbent of one of them blank; the other is {first[again['incumbent'].iloc[k]]}",
    )
    if held is None:
        return faults
    own = filled["incumbent"].map(held)
    other = filled[own.notna() & (own != "") & (filled["role"] != "") & (own != filled["role"])]
    return faults + faults_at(
        label,
        "incumbent",
        other.index.to_numpy(),
        list(other["incumbent"]),
        "is not in the post's role",
        lambda k: (
            f"the post's role is {other['role'].iloc[k]}, people says {own[other.index[k]]}: mend one of them, or leave"
            " the incumbent blank"
        ),
    )


def _check_reach(
    successors: pd.DataFrame, wanted: pd.Series, held: pd.Series, reach: dict[str, set[str]], label: str
) -> list[Fault]:
    target, source = successors["post"].map(wanted), successors["person"].map(held)
    known = target.isin(list(reach)) & source.notna()
    lost = [
        row for row in successors.index[known] if source[row] != target[row] and source[row] not in reach[target[row]]
    ]
    return faults_at(
        label,
        "person",
        lost,
        [str(successors["person"][row]) for row in lost],
        "is named for a post whose role cannot be reached from their own",
        lambda k: (
            f"no way leads from {source[lost[k]]} to {target[lost[k]]} in {', '.join(SOURCES)} or up a ladder: name"
            " another person, or add the way to moves or transitions"
        ),
    )


def _refuse(rows: pd.DataFrame, column: str, label: str, rule: str, mend: str) -> list[Fault]:
    return faults_at(label, column, rows.index.to_numpy(), list(rows[column]), rule, lambda k: mend)
