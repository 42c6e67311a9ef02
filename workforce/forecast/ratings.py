"""Ratings by quarter: who has been rated well enough for long enough to be promoted, and how ratings go on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.inputs.case import Case

QUARTER = 3
"""Months of a quarter."""


@dataclass(frozen=True)
class Ratings:
    """The rating gate of moves: as many running quarters with a rating that counts as `streaks - 1`.

    streaks: streaks that are told apart, 0 .. the number of quarters asked for. passing: [streak] chance that the next
    quarter's rating counts. runs: person, first, stop: months [first, stop) in which somebody passes the gate.
    latest: [person] running quarters that counted, at the plan's opening.
    """

    streaks: int
    passing: np.ndarray
    runs: pd.DataFrame
    latest: pd.Series


def read_ratings(case: Case) -> Ratings | None:
    """The gate of mobility.counting_ratings over mobility.rating_quarters quarters; None where no ratings are named.

    A streak grows by a quarter whose rating counts and ends with one whose rating does not, or that has none; it holds
    from the month after the quarter until the next one closes. `passing` is the share of quarters that counted after a
    streak of that length, (passed + 1/2) / (rated + 1) (Jeffreys' prior for a share; Brown, Cai & DasGupta 2001).
    """
    settings = case.assumptions.mobility
    if not settings.counting_ratings:
        return None
    asked = settings.rating_quarters
    quarter = pd.PeriodIndex(case.tables.ratings["quarter"], freq="Q")
    table = pd.DataFrame(
        {
            "person": case.tables.ratings["person"],
            "quarter": quarter.year * 4 + quarter.quarter - 1,
            "counts": case.tables.ratings["rating"].isin(settings.counting_ratings),
        }
    ).sort_values(["person", "quarter"], kind="stable")
    table = table[table["quarter"] * QUARTER + QUARTER <= case.start.year * 12 + case.start.month - 1]
    same = table["person"].eq(table["person"].shift()) & table["quarter"].diff().eq(1)
    broken = ~same | ~table["counts"] | ~table["counts"].shift(fill_value=False)
    run = broken.cumsum()
    streak = table["counts"].groupby(run).cumsum().clip(upper=asked).where(table["counts"], 0).astype(np.int64)
    before = streak.shift(fill_value=0)
    rated = np.bincount(before[same], minlength=asked + 1)
    passed = np.bincount(before[same & table["counts"]], minlength=asked + 1)
    there = table[streak >= asked]
    runs = pd.DataFrame({"person": there["person"], "first": (there["quarter"] + 1) * QUARTER})
    now = (case.start.year * 12 + case.start.month - 1) // QUARTER - 1
    latest = streak[table["quarter"] == now].set_axis(table.loc[table["quarter"] == now, "person"])
    return Ratings(asked + 1, (passed + 0.5) / (rated + 1.0), runs.assign(stop=runs["first"] + QUARTER), latest)
