"""Succession: who follows on critical posts, how long they stand empty, and what one more ready successor is worth."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.simulate.bench import measure_bench, measure_cover
from workforce.simulate.readiness import DAYS_A_MONTH
from workforce.simulate.streams import key_paths
from workforce.simulate.tenancy import Bench, list_followed, read_bench, seat_board
from workforce.simulate.vacancies import fill_posts

__all__ = ["Succession", "list_followed", "simulate_succession"]

BLOCK = 400_000
"""Posts times paths that are stepped together; results do not depend on it."""
WORTH_LIMIT = 200_000
"""Posts times paths that are stepped at most to find what one more successor is worth; beyond it, on fewer paths."""
SUMS = ("vacancies", "found", "months_empty", "long", "opened", "chain", "depth_start", "depth_mean", "depth_end")


@dataclass(frozen=True)
class Succession:
    """posts: the table of `simulate_succession`. company: figures of the whole company by name (`measure_bench`; and
    vacancy_found, the share of all vacancies that a ready successor takes at once; days_empty, days a year that a
    critical post stands empty). Both are empty where there are no critical posts."""

    posts: pd.DataFrame
    company: dict[str, float]


def simulate_succession(case: Case, dynamics: Dynamics, tracked: np.ndarray) -> Succession:
    """Succession of every critical post on simulated paths (model.md, section 4).

    tracked: [path, period, person] role held at each close, -1 = gone, of the people of `list_followed`, as
    `simulate_careers` returns it: the same people and the same fates as in every other result. Who takes a post lives on
    by the hazards of its role with the luck they have anyway; who comes from outside, with the tenure of a newcomer.
    Nominees are lost to a post when they leave, rise to a role from which it cannot be reached, or take another post.

    Returns one row a post, of greatest risk first; nobody is named and no figure is a person's own:
    the columns of `measure_cover`; outside_months (to fill it from outside, half of the searches; infinite: never);
    probability_found (share of its vacancies taken at once by a ready successor; NaN: it never fell vacant); days_empty
    (expected within the horizon); probability_empty_90 (of ever standing empty for more than 90 days); depth_start,
    depth_mean, depth_end (expected ready successors who are there at the start, over the closes, at the last close;
    rounded to half a person, so that nobody's chance of staying can be read off); chain_length (expected seats that fall
    vacant in turn when this one does, itself included); worth_days (days that critical posts of the company would stand
    empty less with one more successor for it who is ready now), worth_probability (by how much probability_empty_90
    would fall); risk_rank.

    An empty post of the start counts as vacant from the first day. One more successor: somebody of the post's role with
    its usual tenure who is on no list, tried on the same luck (common random numbers).
    """
    cover = measure_cover(case)
    if cover.empty:
        return Succession(_order(cover.assign(**_columns_without(cover))), {})
    bench = read_bench(case, dynamics)
    paths = tracked.shape[0]
    keys = key_paths(case.assumptions.simulation.seed, paths)
    trial = bench.with_one_more()
    posts = len(cover)
    tried = min(paths, max(20, WORTH_LIMIT // len(trial.post)))
    base = _run(bench, dynamics, tracked, keys)
    first = base if tried == paths else _run(bench, dynamics, tracked[:tried], keys[:tried])
    more = _run(trial, dynamics, tracked[:tried], keys[:tried])
    found = _tabulate(cover, bench, base, paths)
    saved = first["months_empty"].sum() - np.zeros(posts)
    for number in range(posts):
        inside = trial.variant == number
        own = np.isin(np.arange(posts), trial.post[inside])
        saved[number] = first["months_empty"][own].sum() - more["months_empty"][inside].sum()
    itself = np.array([np.flatnonzero((trial.variant == p) & (trial.post == p))[0] for p in range(posts)])
    found["worth_days"] = saved / tried * DAYS_A_MONTH
    found["worth_probability"] = (first["long"] - more["long"][itself]) / tried
    years = tracked.shape[1] * dynamics.months / 12.0
    company = measure_bench(case, cover) | {
        "vacancy_found": _share(base["found"].sum(), base["vacancies"].sum()),
        "days_empty": float(found["days_empty"].mean() / years),
    }
    return Succession(_order(found), company)


def _run(bench: Bench, dynamics: Dynamics, tracked: np.ndarray, keys: np.ndarray) -> dict[str, np.ndarray]:
    """Sums over the paths by post, block by block."""
    size = max(1, BLOCK // max(1, len(bench.post)))
    found: dict[str, list[np.ndarray]] = {name: [] for name in SUMS}
    for begin in range(0, len(keys), size):
        block = slice(begin, begin + size)
        fates = fill_posts(seat_board(bench, dynamics, tracked[block], keys[block]))
        for name in SUMS:
            found[name].append(getattr(fates, name))
    # Summed at the end, so that not even the last digit depends on the blocks.
    return {name: np.concatenate(parts).sum(axis=0) for name, parts in found.items()}


def _tabulate(cover: pd.DataFrame, bench: Bench, sums: dict[str, np.ndarray], paths: int) -> pd.DataFrame:
    depths = {name: np.round(2.0 * sums[name] / paths) / 2.0 for name in ("depth_start", "depth_mean", "depth_end")}
    return cover.assign(
        outside_months=bench.leads[:, 0],
        probability_found=np.divide(
            sums["found"], sums["vacancies"], out=np.full(len(cover), np.nan), where=sums["vacancies"] > 0
        ),
        days_empty=sums["months_empty"] / paths * DAYS_A_MONTH,
        probability_empty_90=sums["long"] / paths,
        **depths,
        chain_length=np.divide(
            sums["chain"], sums["opened"], out=np.full(len(cover), np.nan), where=sums["opened"] > 0
        ),
    )


def _columns_without(cover: pd.DataFrame) -> dict[str, pd.Series]:
    names = (
        "outside_months", "probability_found", "days_empty", "probability_empty_90", "depth_start", "depth_mean",
        "depth_end", "chain_length", "worth_days", "worth_probability",
    )  # fmt: skip
    return {name: pd.Series(dtype=float) for name in names}


def _order(posts: pd.DataFrame) -> pd.DataFrame:
    """Rows and risk_rank: most likely empty for more than 90 days first, then longest empty, then the thinnest bench."""
    by = ["probability_empty_90", "days_empty", "depth_end", "ready_now", "successors"]
    ordered = posts.sort_values(by, ascending=[False, False, True, True, True], kind="stable", ignore_index=True)
    return ordered.assign(risk_rank=np.arange(1, len(ordered) + 1))


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else np.nan
