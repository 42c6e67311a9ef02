"""Attrition at size: what the house's estimates cost beside the bare counts they rest on. Prints times and ratios.

    python benchmarks/hazards.py [SPELLS]

Goals: pooled hazards under 3 times the bare numpy aggregation of the same counts, from spells and from person-months;
Kaplan-Meier at least 40 times faster than a loop over lifelines; the grouped logistic hazard at least 25 times faster
than the row-wise one. Everything is made up; best of three, in one process.
"""

import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from workforce.forecast.attrition import fit_cells
from workforce.forecast.logistic import fit_logistic
from workforce.forecast.spells import BAND_STARTS, CAUSES, Spells, count_exposure
from workforce.forecast.survival import fit_survival

ROLES = [f"role_{number:02d}" for number in range(60)]
TABLE = pd.DataFrame(
    {
        "role": ROLES,
        "unit": [f"unit_{number % 6}" for number in range(60)],
        "family": [f"family_{number % 12}" for number in range(60)],
    }
)
FIRST, LAST = 2021 * 12, 2026 * 12
EDGES = np.array(BAND_STARTS)


def best(work: Callable[[], object], times: int = 3) -> float:
    """Seconds of the fastest of some runs, after one to warm up."""
    work()
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def make_spells(size: int) -> Spells:
    """Spells of known causes in a window of five years, hired up to fifteen years before it."""
    draw = np.random.default_rng(1)
    hired = draw.integers(2006 * 12, LAST - 1, size)
    start = np.maximum(hired + 1, FIRST)
    length = draw.geometric(0.02, size)
    stop = np.minimum(start + length, LAST)
    ended = np.where(start + length > LAST, "stay", np.where(draw.random(size) < 0.8, "leave", "move"))
    role, target = draw.integers(0, len(ROLES), (2, size))
    cause = np.where(ended == "leave", np.array(CAUSES)[draw.integers(0, len(CAUSES), size)], "")
    frame = pd.DataFrame(
        {
            "person": pd.Categorical([f"E{number:07d}" for number in draw.integers(0, size, size)]),
            "role": np.array(ROLES)[role],
            "hired": hired.astype(float),
            "start": start.astype(float),
            "earliest": stop - 1.0,
            "stop": stop.astype(float),
            "ended": ended,
            "cause": cause,
            "to_role": np.where(ended == "move", np.array(ROLES)[target], ""),
        }
    )
    return Spells(frame, FIRST, LAST, 1.0, {})


def place_words(words: pd.Series, known: list[str]) -> np.ndarray:
    codes, names = pd.factorize(words)
    place = {word: number for number, word in enumerate(known)}
    return np.array([place.get(name, -1) for name in names])[codes]


def count_bare(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The same counts with nothing around them: person-months [role, band, month], leavers [role, band, month, cause],
    by differences and running sums, one band after another."""
    role, ended = place_words(frame["role"], ROLES), place_words(frame["ended"], ["leave"])
    hired, start, stop = (frame[name].to_numpy().astype(np.int64) for name in ("hired", "start", "stop"))
    width = LAST - FIRST + 1
    exposure = np.zeros((len(ROLES), len(EDGES), width))
    for band, edge in enumerate(EDGES):
        low = np.maximum(start, hired + 1 + edge)
        high = np.minimum(stop, hired + 1 + EDGES[band + 1]) if band + 1 < len(EDGES) else stop
        row = np.flatnonzero(high > low)
        size = len(ROLES) * width
        come = np.bincount(role[row] * width + low[row] - FIRST, minlength=size)
        gone = np.bincount(role[row] * width + high[row] - FIRST, minlength=size)
        exposure[:, band] = (come - gone).reshape(len(ROLES), width)
    exposure = exposure.cumsum(axis=2)[:, :, :-1]
    row = np.flatnonzero(ended == 0)
    cause = place_words(frame["cause"], list(CAUSES))[row]
    band = np.searchsorted(EDGES, stop[row] - 2 - hired[row], side="right") - 1
    flat = ((role[row] * len(EDGES) + band) * (width - 1) + stop[row] - 1 - FIRST) * len(CAUSES) + cause
    shape = (len(ROLES), len(EDGES), width - 1, len(CAUSES))
    return exposure, np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)


def make_months(spells: Spells, size: int) -> pd.DataFrame:
    """The first person-months of these spells, one row each: role, month, tenure, cause ("" where they stayed)."""
    frame = spells.frame
    length = (frame["stop"] - frame["start"]).astype(int)
    frame = frame[length.cumsum() <= size]
    length = length[: len(frame)]
    rows = frame.loc[frame.index.repeat(length)]
    month = rows["start"].astype(int) + rows.groupby(level=0).cumcount()
    last = month == rows["stop"] - 1
    tenure = month - rows["hired"].astype(int) - 1
    cause = rows["cause"].where(last & (rows["ended"] == "leave"), "")
    return pd.DataFrame({"role": rows["role"], "month": month, "tenure": tenure, "cause": cause}), len(frame)


def count_months(months: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The same counts from person-months: two tallies."""
    role, cause = place_words(months["role"], ROLES), place_words(months["cause"], list(CAUSES))
    band = np.searchsorted(EDGES, months["tenure"].to_numpy(), side="right") - 1
    width = LAST - FIRST
    flat = (role * len(EDGES) + band) * width + months["month"].to_numpy() - FIRST
    shape = (len(ROLES), len(EDGES), width)
    left = cause >= 0
    leavers = np.bincount(flat[left] * len(CAUSES) + cause[left], minlength=int(np.prod(shape)) * len(CAUSES))
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape), leavers.reshape(*shape, len(CAUSES))


def loop_lifelines(durations: pd.DataFrame) -> None:
    from lifelines import KaplanMeierFitter

    for _, part in durations.groupby("role"):
        KaplanMeierFitter().fit(part["duration"], part["event"])


def show(what: str, seconds: float, bare: float, goal: str) -> None:
    """One line: what, its seconds, those of what it is measured against, the ratio, the goal."""
    ratio = seconds / bare if seconds > bare else bare / seconds
    word = "times slower" if seconds > bare else "times faster"
    print(f"{what:<58}{seconds:9.4f} s  against {bare:9.4f} s  {ratio:7.1f} {word}  (goal: {goal})")


def main(size: int) -> None:
    spells = make_spells(size)
    exposure = count_exposure(spells, ROLES)
    bare_exposure, bare_leavers = count_bare(spells.frame)
    assert np.array_equal(exposure.exposure, bare_exposure) and np.array_equal(exposure.leavers, bare_leavers)
    bare = best(lambda: count_bare(spells.frame))
    ours = best(lambda: fit_cells(count_exposure(spells, ROLES), TABLE))
    show(f"pooled hazards of {size:,} spells, numpy counts", ours, bare, "< 3 times")

    months, whole = make_months(spells, size)
    few = Spells(spells.frame.iloc[:whole], FIRST, LAST, 1.0, {})
    part = count_exposure(few, ROLES)
    assert all(map(np.array_equal, count_months(months), (part.exposure, part.leavers)))
    bare = best(lambda: count_months(months))
    ours = best(lambda: fit_cells(count_exposure(few, ROLES), TABLE))
    show(f"pooled hazards of {len(months):,} person-months ({whole:,} spells)", ours, bare, "< 3 times")

    frame = spells.frame
    times = pd.DataFrame(
        {
            "role": frame["role"].astype("category"),
            "duration": (frame["stop"] - frame["start"]).astype(int),
            "event": frame["ended"].eq("leave").astype(int),
        }
    )
    ours = best(lambda: fit_survival(times, by=["role"]))
    show(f"Kaplan-Meier, {len(ROLES)} curves of {size:,} spells, lifelines", ours, best(lambda: loop_lifelines(times), 1),
         ">= 40 times")  # fmt: skip

    import statsmodels.api as sm

    rows = months.assign(left=months["cause"].ne(""))
    cells = TABLE.set_index("role").loc[rows["role"]]
    single = pd.DataFrame(
        {
            "duration": rows["tenure"].to_numpy() + 1,
            "entry": rows["tenure"].to_numpy(),
            "event": rows["left"].to_numpy(),
        }
    ).assign(unit=cells["unit"].to_numpy(), family=cells["family"].to_numpy())
    single["unit"], single["family"] = single["unit"].astype("category"), single["family"].astype("category")
    single = single.assign(event=single["event"].astype(int))
    fit = fit_logistic(single, ["family"], BAND_STARTS)
    ours = best(lambda: fit_logistic(single, ["family"], BAND_STARTS))
    band = np.searchsorted(EDGES, single["entry"], side="right") - 1
    design = np.column_stack(
        [band == index for index in range(len(EDGES))]
        + [single["family"].eq(level) for level in sorted(single["family"].unique())[1:]]
    ).astype(float)
    left = single["event"].to_numpy(dtype=float)
    began = time.perf_counter()
    logit = sm.Logit(left, design).fit(disp=0, method="newton")
    bare = time.perf_counter() - began
    print(f"largest difference of the coefficients: {np.abs(logit.params - fit.coefficients['coefficient']).max():.1e}")
    show(f"logistic hazard of {len(single):,} person-months, row by row", ours, bare, ">= 25 times")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
