"""Succession cover of critical posts: one person covers one post."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from workforce.inputs.case import Case


def measure_cover(case: Case) -> pd.DataFrame:
    """Per critical post: post, role, successors (named), ready_now (named and ready), covered (flag: a ready-now
    successor is left
    for it when one person may cover one post only: maximum bipartite matching). No person is named in it."""
    posts, successors = case.tables.posts, case.tables.successors
    if posts.empty:
        return pd.DataFrame(columns=["post", "role", "successors", "ready_now", "covered"])
    ready = successors[successors["readiness"] == "ready_now"]
    people = list(dict.fromkeys(ready["person"]))
    row = ready["post"].map({post: index for index, post in enumerate(posts["post"])}).to_numpy()
    column = ready["person"].map({person: index for index, person in enumerate(people)}).to_numpy()
    covered = np.zeros(len(posts), dtype=bool)
    if len(ready):
        graph = csr_matrix((np.ones(len(ready)), (row, column)), shape=(len(posts), len(people)))
        covered = maximum_bipartite_matching(graph, perm_type="column") >= 0
    return pd.DataFrame(
        {
            "post": posts["post"],
            "role": posts["role"],
            "successors": posts["post"].map(successors.groupby("post").size()).fillna(0).astype(int),
            "ready_now": posts["post"].map(ready.groupby("post").size()).fillna(0).astype(int),
            "covered": covered,
        }
    )
