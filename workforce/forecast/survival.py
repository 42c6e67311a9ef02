"""Survival: how long people stay, from spells that may start late and may not have ended (Kaplan-Meier, log-rank, Cox,
discrete-time logistic hazard), behind one door."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.stats import chi2, norm

from workforce.errors import Fault, InputError
from workforce.forecast.logistic import fit_logistic
from workforce.forecast.spells import measure_spells
from workforce.inputs.case import Case

Method = Literal["kaplan-meier", "cox", "logistic"]


@dataclass(frozen=True)
class Survival:
    """What `fit_survival` found; a part that the method does not have is an empty frame.

    curve: the columns of `by` (kaplan-meier), time, survival, and
        kaplan-meier: at_risk, events, censored (persons), hazard (events / at_risk), variance (Greenwood), low, high;
        cox: none further (the reference: every covariate at its mean);
        logistic: time is the end of the period; at_risk (person-units), events, hazard (the reference: first levels).
    coefficients: term, coefficient (logarithm of the hazard ratio, of the odds ratio), ratio, error, z, p, low, high.
    spells, events: rows fitted and those that ended. log_likelihood: NaN for kaplan-meier.
    """

    method: Method
    curve: pd.DataFrame
    coefficients: pd.DataFrame
    spells: int
    events: int
    log_likelihood: float


def tabulate_spells(case: Case) -> pd.DataFrame:
    """The case's own spells on the clock of tenure, for `fit_survival`.

    Columns: person, role, unit, family, grade, location, entry (completed months when first seen at risk), duration
    (months completed or begun when it ended or was last seen), event (1 left, 0 moved on or still there), cause. One
    row for each stay in a role; entry makes the stays of one person add up. An exit between two snapshots is put at
    the middle of its interval. Spells whose hire date is not known have no tenure and are left out; how many is in
    attrs["unknown_hire_date"].

    Raises InputError where history holds no exit.
    """
    spells = measure_spells(case)
    if spells is None:
        rule, mend = "has no exit to learn from", "add leave events, or snapshots of the roster, or state rates"
        raise InputError([Fault(case.tables.files.get("history", "history"), None, "event", "", rule, mend)])
    known = spells.frame[spells.frame["hired"].notna()]
    left = known["ended"].eq("leave")
    stop = known["stop"].where(~left, np.floor((known["earliest"] + known["stop"] - 1) / 2) + 1)
    served_from = known["hired"] + 1
    frame = pd.DataFrame(
        {
            "person": known["person"],
            "role": known["role"],
            "entry": np.maximum(known["start"] - served_from, 0).astype("int64"),
            "duration": (stop - served_from).astype("int64"),
            "event": left.astype("int64"),
            "cause": known["cause"],
        }
    )
    frame = frame[frame["duration"] > frame["entry"]]
    roles = case.tables.roles[["role", "unit", "family", "grade", "location"]]
    frame = frame.merge(roles, on="role", how="inner")[
        ["person", "role", "unit", "family", "grade", "location", "entry", "duration", "event", "cause"]
    ]
    frame.attrs["unknown_hire_date"] = len(spells.frame) - len(known)
    return frame


def fit_survival(
    spells: pd.DataFrame,
    method: Method = "kaplan-meier",
    *,
    by: Sequence[str] = (),
    covariates: Sequence[str] = (),
    bands: Sequence[int] | None = None,
    confidence: float = 0.90,
) -> Survival:
    """Fit how long spells last.

    spells: duration (> 0), event (0 or 1), optional entry (0 <= entry < duration: seen only from then on), and the
    columns of `by` (kaplan-meier: one curve each) or `covariates` (cox, logistic). Somebody is at risk at time t where
    entry < t <= duration. A covariate that is not a number is a category, its first level in order the reference.
    bands: for logistic, see `fit_logistic`. confidence: coverage of low and high.

    kaplan-meier: S(t) = product of 1 - d / n (Kaplan & Meier 1958), variance by Greenwood (1926), interval on
    log(-log S) (Kalbfleisch & Prentice 2002, section 1.4). cox: partial likelihood with ties by Efron (1977), by
    lifelines. logistic: Singer & Willett 1993.

    Raises InputError with every fault of the frame at once.

    >>> spells = pd.DataFrame({"duration": [1, 2, 2, 3], "event": [1, 1, 0, 1]})
    >>> fit_survival(spells).curve["survival"].round(9).tolist()
    [0.75, 0.5, 0.0]
    """
    _check(spells, [*by, *covariates])
    none, events = pd.DataFrame(), int(spells["event"].sum())
    if method == "kaplan-meier":
        return Survival(method, _kaplan_meier(spells, by, confidence), none, len(spells), events, float("nan"))
    if method == "logistic":
        fit = fit_logistic(spells, covariates, bands, confidence)
        ends = np.append(fit.hazard["from"].to_numpy()[1:], max(spells["duration"].max(), fit.hazard["from"].iloc[-1]))
        curve = fit.hazard.assign(time=ends)[["time", "survival", "at_risk", "events", "hazard"]]
        return Survival(method, curve, fit.coefficients, len(spells), events, fit.log_likelihood)
    if method == "cox":
        return _cox(spells, covariates, confidence, events)
    rule = "is no method of survival"
    raise InputError([Fault("spells", None, "method", str(method), rule, "kaplan-meier, cox or logistic")])


def compare_survival(spells: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Log-rank test that all groups leave at the same rate (Mantel 1966; Peto & Peto 1972), late entry allowed.

    Returns one row a group: the columns of `by`, spells, events, expected (events, were the rates equal), and the same
    in every row: statistic (chi-squared), degrees, p.
    """
    _check(spells, by)
    group, names = _group(spells, by)
    _, at_risk, events, _ = _count(spells, group, len(names))
    d, n = events.sum(axis=0), at_risk.sum(axis=0)
    share = np.divide(at_risk, n, out=np.zeros_like(at_risk), where=n > 0)
    expected = (share * d).sum(axis=1)
    # The hypergeometric variance of the events of each group at each time, ties included.
    spread = np.divide(d * (n - d), n - 1.0, out=np.zeros_like(n), where=n > 1)
    variance = np.diag((share * spread).sum(axis=1)) - (share * spread) @ share.T
    difference = events.sum(axis=1) - expected
    use = np.flatnonzero(np.diag(variance) > 0)[1:]
    statistic = float("nan")
    if len(use):
        statistic = float(difference[use] @ np.linalg.solve(variance[np.ix_(use, use)], difference[use]))
    table = names.assign(spells=np.bincount(group, minlength=len(names)), events=events.sum(axis=1), expected=expected)
    return table.assign(statistic=statistic, degrees=len(use), p=chi2.sf(statistic, len(use)))


def _check(spells: pd.DataFrame, columns: Sequence[str]) -> None:
    faults = [
        Fault("spells", None, name, "", "is missing", f"add the column; there are {', '.join(spells.columns)}")
        for name in dict.fromkeys(["duration", "event", *columns])
        if name not in spells
    ]
    if not faults:
        duration, event = spells["duration"].to_numpy(), spells["event"].to_numpy()
        rules = [
            ("duration", ~(duration > 0), "is above 0", "take the row out, or count the period it ended in"),
            ("event", ~((event == 0) | (event == 1)), "is 0 or 1", "1 where it ended, 0 where it goes on"),
            *(
                (name, spells[name].isna().to_numpy(), "is known", "take the row out, or name the unknown")
                for name in dict.fromkeys(columns)
            ),
        ]
        if "entry" in spells:
            entry = spells["entry"].to_numpy()
            broken = ~((entry >= 0) & ((entry < duration) | ~(duration > 0)))
            rules.append(("entry", broken, "is from 0 to below duration", "mend it, or take the row out"))
        for name, broken, rule, mend in rules:
            if broken.any():
                row = int(np.flatnonzero(broken)[0])
                many = f"{rule} ({int(broken.sum())} rows break this)"
                faults.append(Fault("spells", row, name, str(spells[name].iloc[row]), many, mend))
        if not len(spells):
            faults.append(Fault("spells", None, "", "", "has no row", "give at least one spell"))
    if faults:
        raise InputError(faults)


def _group(spells: pd.DataFrame, by: Sequence[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """Each row's group, and the groups in order."""
    if not len(by):
        return np.zeros(len(spells), dtype=np.int64), pd.DataFrame(index=[0])
    if len(by) == 1:
        words = spells[by[0]]
        if isinstance(words.dtype, pd.CategoricalDtype):
            code = words.cat.codes.to_numpy().astype(np.int64)
            there = np.bincount(code, minlength=len(words.cat.categories)) > 0
            if not there.all():
                code = (there.cumsum() - 1)[code]
            return code, pd.DataFrame({by[0]: np.asarray(words.cat.categories[there])})
        code, values = pd.factorize(words, sort=True)
        return code, pd.DataFrame({by[0]: np.asarray(values)})
    grouped = spells.groupby(list(by), sort=True, observed=True)
    names = grouped.size().index.to_frame(index=False)
    return grouped.ngroup().to_numpy(), names


def _count(
    spells: pd.DataFrame, group: np.ndarray, groups: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Times at which spells ended or were last seen, and at risk (entry < t <= duration), events and censored [group,
    time]."""
    values = spells["duration"].to_numpy()
    whole = values.astype(np.int64, copy=False)
    if values.max() < 100_000 and (whole is values or (whole == values).all()):  # whole numbers are counted, not sorted
        time, place = np.arange(whole.max() + 1), whole
    else:
        time, place = np.unique(values, return_inverse=True)
    size = len(time)
    flat = group * (2 * size)
    flat += place
    flat += place
    flat += spells["event"].to_numpy(dtype=np.int64)
    last = np.bincount(flat, minlength=groups * size * 2).reshape(groups, size, 2).astype(float)
    gone = last.sum(axis=2)
    if "entry" in spells:
        first = np.searchsorted(time, spells["entry"].to_numpy(), side="right")  # the first time after entry
        come = np.bincount(group * size + first, minlength=groups * size).reshape(groups, size).cumsum(axis=1)
    else:
        come = np.bincount(group, minlength=groups)[:, None]
    at_risk = come - (gone.cumsum(axis=1) - gone)
    use = gone.any(axis=0)
    return time[use], at_risk[:, use], last[:, use, 1], last[:, use, 0]


def _kaplan_meier(spells: pd.DataFrame, by: Sequence[str], confidence: float) -> pd.DataFrame:
    group, names = _group(spells, by)
    time, at_risk, events, censored = _count(spells, group, len(names))
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = np.where(at_risk > 0, events / at_risk, 0.0)
        survival = np.cumprod(1.0 - hazard, axis=1)
        spread = np.where(events > 0, events / (at_risk * (at_risk - events)), 0.0).cumsum(axis=1)
        variance = np.where(survival > 0, survival**2 * spread, 0.0)
        logarithm = np.log(survival)
        margin = norm.ppf(0.5 + confidence / 2.0) * np.sqrt(spread) / logarithm
        low, high = survival ** np.exp(-margin), survival ** np.exp(margin)
    certain = survival >= 1.0
    low, high = np.where(certain, 1.0, low), np.where(certain, 1.0, high)
    gone = survival <= 0.0
    low, high = np.where(gone, 0.0, low), np.where(gone, 0.0, high)
    row, column = np.nonzero(events + censored)
    table = names.iloc[row].reset_index(drop=True).assign(time=time[column])
    parts = {
        "survival": survival,
        "at_risk": at_risk,
        "events": events,
        "censored": censored,
        "hazard": hazard,
        "variance": variance,
        "low": low,
        "high": high,
    }
    return table.assign(**{name: part[row, column] for name, part in parts.items()})


def _cox(spells: pd.DataFrame, covariates: Sequence[str], confidence: float, events: int) -> Survival:
    from lifelines import CoxPHFitter  # only for who asks: it takes a second to load
    from lifelines.exceptions import ConvergenceError

    if not len(covariates):
        rule, mend = "names at least one column", "name what may change the hazard, or fit kaplan-meier"
        raise InputError([Fault("spells", None, "covariates", "", rule, mend)])
    frame = spells[["duration", "event"]].astype(float)
    late = "entry" in spells and bool((spells["entry"] > 0).any())
    if late:
        frame["entry"] = spells["entry"].astype(float)
    for name in covariates:
        if pd.api.types.is_numeric_dtype(spells[name]):
            frame[name] = spells[name].astype(float)
            continue
        for level in sorted(spells[name].unique())[1:]:
            frame[f"{name} {level}"] = spells[name].eq(level).astype(float)
    fitter = CoxPHFitter(alpha=1.0 - confidence)
    try:
        fitter.fit(frame, "duration", "event", entry_col="entry" if late else None)
    except ConvergenceError as error:
        rule = "do not have one best set of coefficients: some say the same, or decide who leaves"
        mend = "leave one out, or join thin categories"
        raise InputError([Fault("spells", None, "covariates", ", ".join(covariates), rule, mend)]) from error
    found = fitter.summary
    bounds = [name for name in found.columns if name.startswith("coef ")]
    coefficients = pd.DataFrame(
        {
            "term": list(found.index),
            "coefficient": found["coef"].to_numpy(),
            "ratio": found["exp(coef)"].to_numpy(),
            "error": found["se(coef)"].to_numpy(),
            "z": found["z"].to_numpy(),
            "p": found["p"].to_numpy(),
            "low": found[bounds[0]].to_numpy(),
            "high": found[bounds[1]].to_numpy(),
        }
    )
    baseline = fitter.baseline_survival_
    curve = pd.DataFrame({"time": baseline.index.to_numpy(), "survival": baseline.iloc[:, 0].to_numpy()})
    return Survival("cox", curve, coefficients, len(spells), events, float(fitter.log_likelihood_))
