"""Levers: the assumptions that a sensitivity run turns one at a time, each with its low and high and where these come from."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from workforce.forecast.attrition import Attrition
from workforce.forecast.mobility import Mobility
from workforce.inputs.case import Case

INTERVAL, PLAN, TABLE, STATED = "interval", "plan", "table", "stated"
"""Where a range comes from: the estimate's own interval, the plan's low and high, a table's own spread, or a plain plus and
minus that nobody has estimated."""

SHARE = 0.10
RAMP = 0.25
GROWTH = 0.01
MONEY = 0.05
PAY = 0.03
RETIRING = 0.2


@dataclass(frozen=True)
class Lever:
    """One assumption. base, low, high: its values, in `unit` (times, share, share a year, months, level). source: where low
    and high come from. change: from a case and "low" or "high" to the case with that value."""

    name: str
    unit: str
    base: float
    low: float
    high: float
    source: str
    change: Callable[[Case, str], Case]


def list_levers(case: Case, attrition: Attrition, mobility: Mobility, demand: pd.DataFrame) -> list[Lever]:
    """The assumptions of a case that can be turned: those that have no part in it (no channel, no budget, no rule of
    retirement) are left out. demand: as `Demand.frame`.

    Ranges: leaving and moving by the interval of the company's total rate at attrition.confidence; demand by the plan's low
    and high, over all roles and periods together; lead times from lead_p90 down to as far below the median on a log scale;
    the others by SHARE, RAMP, GROWTH, MONEY, PAY and RETIRING, which are nobody's estimate and are said to be so.
    """
    found = [_leaving(case, attrition), _moving(case, mobility), *_demand(case, demand), *_lead_times(case)]
    channels, roles = case.tables.channels, case.tables.roles
    if len(channels):
        found += [
            _scale("channel_arrive", "channels", "arrive", SHARE, most=1.0),
            _scale("channel_capacity", "channels", "capacity", SHARE),
        ]
    if (roles["ramp_months"] > 0).any():
        found.append(_scale("ramp_months", "roles", "ramp_months", RAMP))
    if roles["salary"].notna().any():
        found.append(_scale("pay", "roles", "salary", PAY))
    if len(case.tables.budget) or case.assumptions.plan.budget is not None:
        found.append(_times("budget", case, "plan", "budget_multiplier", MONEY, STATED))
    settings = case.assumptions.retirement
    if settings.rule != "none" and settings.spread_months:
        for name in ("early_share", "late_share"):
            base = getattr(settings, name)
            other = settings.late_share if name == "early_share" else settings.early_share
            high = min(base + RETIRING, 1.0 - other)
            found.append(_knob(f"retire_{name}", "share", case, "retirement", name, max(base - RETIRING, 0.0), high))
    return [lever for lever in found if lever is not None and lever.high > lever.low]


def _leaving(case: Case, attrition: Attrition) -> Lever:
    confidence = case.assumptions.attrition.confidence
    if attrition.doubt is None or attrition.exposure is None:
        return _times("leaving", case, "attrition", "multiplier", SHARE, STATED)
    at_risk = attrition.exposure.exposure.sum(axis=2)
    share = attrition.doubt.estimated
    band = np.searchsorted(attrition.doubt.bands, np.arange(attrition.hazard.shape[2]), side="right") - 1
    hazard = attrition.hazard.sum(axis=1) * (1.0 if share is None else share)
    first = [int(np.flatnonzero(band == number)[0]) for number in range(len(attrition.doubt.bands))]
    error = attrition.doubt.average(at_risk * hazard[:, first])
    reach = float(np.exp(norm.ppf((1.0 + confidence) / 2.0) * error))
    return _times("leaving", case, "attrition", "multiplier", reach - 1.0, INTERVAL, log=True)


def _moving(case: Case, mobility: Mobility) -> Lever | None:
    """The interval of a Poisson total: 1 / sqrt(moves) is the error of its logarithm."""
    table = mobility.table
    if table.empty or not table["yearly_rate"].notna().any():
        return None
    moves = float(table["moves"].sum())
    if not moves > 0:
        return _times("moving", case, "mobility", "multiplier", SHARE, STATED)
    reach = norm.ppf((1.0 + case.assumptions.attrition.confidence) / 2.0) / np.sqrt(moves)
    return _times("moving", case, "mobility", "multiplier", float(np.exp(reach)) - 1.0, INTERVAL, log=True)


def _demand(case: Case, demand: pd.DataFrame) -> list[Lever | None]:
    growth = case.assumptions.demand.productivity_growth
    levers: list[Lever | None] = []
    totals = {level: float(demand[level].sum()) for level in ("low", "base", "high")}
    if totals["high"] > totals["low"] and totals["base"] > 0:
        base = case.assumptions.demand.multiplier
        low, high = (base * totals[level] / totals["base"] for level in ("low", "high"))
        levers.append(replace(_knob("demand", "times", case, "demand", "multiplier", low, high), source=PLAN))
    else:
        levers.append(_times("demand", case, "demand", "multiplier", MONEY, STATED))
    if case.tables.demand["method"].isin(["ratio", "elasticity", "trend"]).any():
        ends_of = (growth - GROWTH, growth + GROWTH)
        levers.append(_knob("productivity", "share a year", case, "demand", "productivity_growth", *ends_of))
    return levers


def _lead_times(case: Case) -> list[Lever | None]:
    channels = case.tables.channels
    if channels.empty:
        return []
    median = channels["lead_months"].to_numpy(dtype=float)
    slow = channels["lead_p90"].to_numpy(dtype=float)
    known = slow > median
    source = TABLE if known.any() else STATED
    high = np.where(known, slow, median) if known.any() else median + 1.0
    low = (
        np.where(known, median**2 / np.where(known, slow, 1.0), median)
        if known.any()
        else np.maximum(median - 1.0, 0.0)
    )
    ends = {"low": np.rint(low), "high": np.rint(np.ceil(high))}

    def take(case: Case, end: str) -> Case:
        table = case.tables.channels
        later = np.maximum(table["lead_p90"].to_numpy(dtype=float), ends[end])
        return _replace(case, "channels", table.assign(lead_months=ends[end], lead_p90=later))

    means = {end: float(values.mean()) for end, values in ends.items()}
    return [Lever("channel_lead", "months", float(median.mean()), **means, source=source, change=take)]


def _times(name: str, case: Case, section: str, knob: str, reach: float, source: str, log: bool = False) -> Lever:
    """A multiplier, by 1 + reach up and as much down (on a log scale where it is an interval of a logarithm)."""
    base = float(getattr(getattr(case.assumptions, section), knob))
    low = base / (1.0 + reach) if log else base * (1.0 - reach)
    return replace(_knob(name, "times", case, section, knob, low, base * (1.0 + reach)), source=source)


def _knob(name: str, unit: str, case: Case, section: str, knob: str, low: float, high: float) -> Lever:
    ends = {"low": low, "high": high}

    def turn(case: Case, end: str) -> Case:
        return _set(case, section, knob, ends[end])

    return Lever(name, unit, float(getattr(getattr(case.assumptions, section), knob)), low, high, STATED, turn)


def _scale(name: str, table: str, column: str, reach: float, most: float = np.inf) -> Lever:
    """A column of a table times 1 - reach and 1 + reach, at most `most`."""
    ends = {"low": 1.0 - reach, "high": 1.0 + reach}

    def turn(case: Case, end: str) -> Case:
        frame = getattr(case.tables, table)
        return _replace(
            case, table, frame.assign(**{column: (frame[column].astype(float) * ends[end]).clip(upper=most)})
        )

    return Lever(name, "times", 1.0, ends["low"], ends["high"], STATED, turn)


def _set(case: Case, section: str, knob: str, value: Any) -> Case:
    """The case with one knob at another value."""
    assumptions = case.assumptions
    part = getattr(assumptions, section).model_copy(update={knob: value})
    scenario = replace(case.scenario, assumptions=assumptions.model_copy(update={section: part}))
    return replace(case, scenario=scenario)


def _replace(case: Case, table: str, frame: pd.DataFrame) -> Case:
    parts: dict[str, Any] = {table: frame}
    return replace(case, tables=replace(case.tables, **parts))


__all__ = ["INTERVAL", "PLAN", "STATED", "TABLE", "Lever", "list_levers"]
