"""The discrete-time logistic hazard: how covariates change the chance of leaving in each period of service."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm

from workforce.errors import Fault, InputError

ROUNDS = 50
"""Most Newton steps; a likelihood with a finite maximum needs fewer than ten."""


@dataclass(frozen=True)
class LogisticHazard:
    """coefficients: term, coefficient (log odds), ratio (odds), error, z, p, low, high. hazard: period, from (completed
    units at its start), at_risk, events, hazard and survival of the reference (every covariate at its first level or
    0). log_likelihood: of the single person-periods."""

    coefficients: pd.DataFrame
    hazard: pd.DataFrame
    log_likelihood: float


def fit_logistic(
    spells: pd.DataFrame,
    covariates: Sequence[str] = (),
    bands: Sequence[int] | None = None,
    confidence: float = 0.90,
) -> LogisticHazard:
    """logit h(period, x) = baseline of the period + b x, by maximum likelihood (Singer & Willett 1993, Journal of
    Educational Statistics 18, sections 3-4).

    spells: whole-number `duration` (units completed or begun), `event` (0, 1), optional `entry` (units completed when
    first seen), covariates. A covariate that is not a number is a category, its first level the reference. bands: first
    units of the periods that share a baseline, as (0, 3, 6), units before the first left out; None gives every unit
    its own.

    People with equal covariates are counted together by period before anything is fitted: the binomial likelihood of
    the counts is that of the single person-periods up to a constant, so the fit is the same and as small as the cells.
    A period or category that nobody left has no finite coefficient: -inf, hazard 0, no error.

    Raises InputError where the covariates cannot be told apart or decide the outcome.

    >>> spells = pd.DataFrame({"duration": [1, 2, 2, 2], "event": [1, 1, 1, 0]})
    >>> fit_logistic(spells).hazard["hazard"].round(12).tolist()
    [0.25, 0.666666666667]
    """
    entry, duration, event = _whole_times(spells)
    edges = np.arange(duration.max()) if bands is None else np.asarray(bands, dtype=np.int64)
    pattern, rows = _distinct(spells, covariates)
    at_risk, events = count_person_periods(entry, duration, event, pattern, len(rows), edges)
    period, which = np.nonzero(at_risk)
    columns, names = [], []
    for index in range(len(edges)):
        columns.append((period == index).astype(float))
        names.append(f"period {edges[index]}")
    for name, values in _design(rows, covariates):
        columns.append(values[which])
        names.append(name)
    design = np.column_stack(columns)
    found = _maximise(design, events[period, which], at_risk[period, which], names)
    z = norm.ppf(0.5 + confidence / 2.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = found.value / found.error
    coefficients = pd.DataFrame(
        {
            "term": names,
            "coefficient": found.value,
            "ratio": np.exp(found.value),
            "error": found.error,
            "z": score,
            "p": 2.0 * norm.sf(np.abs(score)),
            "low": found.value - z * found.error,
            "high": found.value + z * found.error,
        }
    )
    hazard = expit(found.value[: len(edges)])
    length = np.diff(np.append(edges, max(duration.max(), edges[-1] + 1)))
    table = pd.DataFrame(
        {
            "from": edges,
            "at_risk": at_risk.sum(axis=1),
            "events": events.sum(axis=1),
            "hazard": hazard,
            "survival": np.cumprod((1.0 - hazard) ** length),
        }
    )
    return LogisticHazard(coefficients, table, found.log_likelihood)


def count_person_periods(
    entry: np.ndarray, duration: np.ndarray, event: np.ndarray, group: np.ndarray, groups: int, edges: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Person-units at risk and events [period, group]; unit k (from k to k + 1) is at risk where entry <= k < duration.

    Counted from differences at both ends, so no person-period is ever written out.
    """
    width = int(duration.max()) + 1
    change = np.bincount(group * width + entry, minlength=groups * width)
    change = change - np.bincount(group * width + duration, minlength=groups * width)
    present = change.reshape(groups, width).cumsum(axis=1)[:, :-1]
    left = np.bincount((group * width + duration - 1)[event], minlength=groups * width).reshape(groups, width)[:, :-1]
    inside = edges[edges < width - 1]
    at_risk, events = np.zeros((len(edges), groups)), np.zeros((len(edges), groups))
    at_risk[: len(inside)] = np.add.reduceat(present, inside, axis=1).T
    events[: len(inside)] = np.add.reduceat(left, inside, axis=1).T
    return at_risk, events


def _whole_times(spells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    duration = spells["duration"].to_numpy(dtype=float)
    entry = spells["entry"].to_numpy(dtype=float) if "entry" in spells else np.zeros(len(duration))
    broken = (duration != np.floor(duration)) | (entry != np.floor(entry))
    if broken.any():
        value = str(duration[broken][0])
        rule = "is whole: a discrete-time hazard counts periods"
        mend = "round up to the period in which it ended, or fit kaplan-meier or cox"
        raise InputError([Fault("spells", None, "duration", value, rule, mend)])
    return entry.astype(np.int64), duration.astype(np.int64), spells["event"].to_numpy().astype(bool)


def _distinct(spells: pd.DataFrame, covariates: Sequence[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """Each row's covariate pattern, and the patterns."""
    if not covariates:
        return np.zeros(len(spells), dtype=np.int64), pd.DataFrame(index=[0])
    code = np.zeros(len(spells), dtype=np.int64)
    for name in covariates:
        part, values = pd.factorize(spells[name])
        code = pd.factorize(code * len(values) + part)[0]
    first = np.flatnonzero(~pd.Series(code).duplicated().to_numpy())
    return code, spells[list(covariates)].iloc[first].reset_index(drop=True)


def _design(rows: pd.DataFrame, covariates: Sequence[str]) -> list[tuple[str, np.ndarray]]:
    """Named columns: numbers as they are, categories as indicators without the first level."""
    columns = []
    for name in covariates:
        if pd.api.types.is_numeric_dtype(rows[name]):
            columns.append((name, rows[name].to_numpy(dtype=float)))
            continue
        for level in sorted(rows[name].unique())[1:]:
            columns.append((f"{name} {level}", rows[name].eq(level).to_numpy(dtype=float)))
    return columns


@dataclass(frozen=True)
class _Maximum:
    value: np.ndarray
    error: np.ndarray
    log_likelihood: float


def _maximise(design: np.ndarray, events: np.ndarray, at_risk: np.ndarray, names: Sequence[str]) -> _Maximum:
    """Newton-Raphson on the binomial likelihood with the logit link (McCullagh & Nelder 1989, section 4.4)."""
    value, error = np.full(design.shape[1], -np.inf), np.full(design.shape[1], np.nan)
    cells, kept = np.ones(len(events), dtype=bool), np.ones(design.shape[1], dtype=bool)
    while True:  # an indicator that nobody left takes its cells along, which may empty another
        marked = (design[cells] != 0).T @ events[cells]
        binary = ((design == 0) | (design == 1)).all(axis=0)
        empty = kept & binary & (marked == 0)
        if not empty.any():
            break
        kept &= ~empty
        cells &= ~(design[:, empty] != 0).any(axis=1)
    if not cells.any():
        return _Maximum(value, error, 0.0)
    x, d, n = design[np.ix_(cells, kept)], events[cells], at_risk[cells]
    at, best = np.zeros(x.shape[1]), -np.inf
    step = np.zeros(x.shape[1])
    for _ in range(ROUNDS):
        linear = x @ (at + step)
        likelihood = float(d @ linear - n @ np.logaddexp(0.0, linear))
        if likelihood < best - 1e-9 * abs(best):
            step = step / 2.0
            continue
        at = at + step
        chance = expit(linear)
        information = x.T @ (x * (n * chance * (1.0 - chance))[:, None])
        gradient = x.T @ (d - n * chance)
        if best == -np.inf and np.linalg.matrix_rank(information) < len(at):
            raise InputError([_undecided(names)])
        try:
            step = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError as singular:
            raise InputError([_undecided(names)]) from singular
        if abs(likelihood - best) <= 1e-12 * max(abs(likelihood), 1.0) and np.abs(step).max() < 1e-8:
            break
        best = likelihood
    else:
        raise InputError([_undecided(names)])
    value[kept] = at
    error[kept] = np.sqrt(np.diag(np.linalg.inv(information)))
    return _Maximum(value, error, likelihood)


def _undecided(names: Sequence[str]) -> Fault:
    shown = ", ".join(name for name in names if not name.startswith("period ")) or "the periods"
    rule = "do not have one best set of coefficients: some say the same, or decide who leaves"
    return Fault("spells", None, "covariates", shown, rule, "leave one out, or join thin categories and periods")
