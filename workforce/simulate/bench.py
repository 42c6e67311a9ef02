"""The bench as it is named today: who covers which post, and which posts lean on one person."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from workforce.inputs.case import Case

NOW = "ready_now"
COLUMNS = ["post", "role", "successors", NOW, "covered", "single_point", "shared", "most_posts"]


def measure_cover(case: Case) -> pd.DataFrame:
    """Per critical post, nobody named: post, role, successors (named), ready_now (named and ready), covered (flag: a
    ready-now successor is left for it when one person may cover one post only: maximum bipartite matching);
    single_point, shared (successors named for another post as well), most_posts (that one of its successors is named
    for).

    single_point: "nobody" is ready now; "shared": each who is ready now is the only one for another post too; "one":
    a single person is ready now, who is no other post's only one; "" otherwise.
    """
    posts, successors = case.tables.posts, case.tables.successors
    if posts.empty:
        return pd.DataFrame(columns=COLUMNS)
    ready = successors[successors["readiness"] == NOW]
    people = list(dict.fromkeys(ready["person"]))
    row = ready["post"].map({post: index for index, post in enumerate(posts["post"])}).to_numpy()
    column = ready["person"].map({person: index for index, person in enumerate(people)}).to_numpy()
    covered = np.zeros(len(posts), dtype=bool)
    if len(ready):
        graph = csr_matrix((np.ones(len(ready)), (row, column)), shape=(len(posts), len(people)))
        covered = maximum_bipartite_matching(graph, perm_type="column") >= 0
    times = successors["person"].map(successors["person"].value_counts())
    alone = ready[~ready["post"].duplicated(keep=False)]
    only_one_of = alone["person"].value_counts()
    by_post = ready.groupby("post")["person"]
    return pd.DataFrame(
        {
            "post": posts["post"],
            "role": posts["role"],
            "successors": posts["post"].map(successors.groupby("post").size()).fillna(0).astype(int),
            NOW: posts["post"].map(by_post.size()).fillna(0).astype(int),
            "covered": covered,
            "single_point": [
                _judge(set(by_post.get_group(post)) if post in by_post.groups else set(), only_one_of)
                for post in posts["post"]
            ],
            "shared": posts["post"].map((times > 1).groupby(successors["post"]).sum()).fillna(0).astype(int),
            "most_posts": posts["post"].map(times.groupby(successors["post"]).max()).fillna(0).astype(int),
        }
    )


def _judge(ready: set[str], only_one_of: pd.Series) -> str:
    """ready: who is ready now for a post; only_one_of: by person, for how many posts they are the only one ready."""
    if not ready:
        return "nobody"
    # The post itself counts where its list has one name.
    others = [only_one_of.get(person, 0) - (len(ready) == 1) for person in ready]
    if all(count > 0 for count in others):
        return "shared"
    return "one" if len(ready) == 1 else ""


def measure_bench(case: Case, cover: pd.DataFrame) -> dict[str, float]:
    """Shares of the company: bench_strength (posts with a ready-now successor), succession_cover (the same when one
    person counts for one post), successor_coverage (nominations / posts) and successor_coverage_net (people named / posts;
    ISO/TS 30433: either may exceed 1), readiness_share (nominations that are ready now). NaN where nobody is named."""
    successors, posts = case.tables.successors, len(cover)
    named = len(successors)
    return {
        "bench_strength": float((cover[NOW] > 0).mean()),
        "succession_cover": float(cover["covered"].mean()),
        "successor_coverage": named / posts,
        "successor_coverage_net": successors["person"].nunique() / posts,
        "readiness_share": float((successors["readiness"] == NOW).mean()) if named else np.nan,
    }
