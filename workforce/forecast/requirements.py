"""One requirement by each method of model.md, section 2: stated, ratio, elasticity, trend, project, fixed.

Every function returns a `Part`, whose FTE is driver_value / ratio where there is a driver. Whatever was refused, held or
replaced is told in `Part.told`, never silently.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workforce.errors import Fault, InputError
from workforce.forecast.elasticity import (
    SNAPSHOTS_NEEDED,
    YEARS_NEEDED,
    Elasticity,
    compare_with_ratio,
    fit_elasticity,
)
from workforce.forecast.staffing import Staffing
from workforce.forecast.trend import OBSERVATIONS_NEEDED, extrapolate
from workforce.inputs.business_plan import COMPANY, LEVELS, driver_values, planned_months
from workforce.inputs.case import Case
from workforce.inputs.rules import parse_gains, parse_profile, parse_season

Told = tuple[tuple[str, dict[str, Any]], ...]


@dataclass(frozen=True)
class Part:
    """One requirement: driver_value, ratio (driver units per FTE) and fte are [period, level]."""

    role: str
    method: str
    driver: str
    driver_value: np.ndarray
    ratio: np.ndarray
    fte: np.ndarray
    told: Told = ()


def make_part(
    case: Case, role: str, method: str, driver: str, value: Any, ratio: Any, fte: Any, told: Told = ()
) -> Part:
    """A part with every figure spread over periods and levels."""
    shape = (len(case.periods), len(LEVELS))
    value, ratio, fte = (np.broadcast_to(figure, shape) for figure in (value, ratio, fte))
    return Part(role, method, driver, value, ratio, fte, told)


def _multiplier(case: Case, unit: str) -> float:
    settings = case.assumptions.demand
    return settings.multiplier * settings.multiplier_by_unit.get(unit, 1.0)


def require_stated(case: Case, role: str, unit: str, monthly: pd.DataFrame) -> Part:
    """FTE as the table `required` states them, times the scenario's multipliers."""
    filled = pd.DataFrame(
        {
            "low": monthly["low"].fillna(monthly["fte"]),
            "base": monthly["fte"],
            "high": monthly["high"].fillna(monthly["fte"]),
        }
    )
    values, _ = driver_values(case, filled, 0, f"required, {role}")
    return make_part(case, role, "stated", "", np.nan, np.nan, values.mean(axis=1) * _multiplier(case, unit))


def require_ratio(case: Case, row: Any, unit: str, series: dict) -> Part:
    """driver(t + lead) x season / productivity(t); productivity grows by `growth` a year from the plan's first period,
    and by each of `gains` from its project's launch."""
    role = case.tables.roles.set_index("role").loc[row.role]
    productivity = row.ratio if not np.isnan(row.ratio) else role["productivity"]
    if not productivity > 0:
        rule = f"role {row.role} needs driver units per FTE above 0"
        mend = "fill ratio here or productivity in roles"
        raise InputError([Fault(_file(case), None, "ratio", str(productivity), rule, mend)])
    values, told = _driver(case, row, unit, series)
    return _by_ratio(case, row, unit, values, float(productivity), told)


def _by_ratio(case: Case, row: Any, unit: str, values: np.ndarray, productivity: float, told: Told) -> Part:
    served = productivity * _productivity_index(case, row)[:, :, None]
    values = values * _multiplier(case, unit)
    fte = (values * _season(case, row)[:, :, None] / served).mean(axis=1)
    value = values.mean(axis=1)
    ratio = np.divide(value, fte, out=served.mean(axis=1) * np.ones_like(value), where=fte > 0)
    return make_part(case, row.role, "ratio", row.driver, value, ratio, fte, told)


def require_elasticity(case: Case, row: Any, unit: str, series: dict, past: Staffing) -> Part:
    """FTE by the line of log FTE on log driver, fitted on the past (forecast/elasticity.py).

    Past FTE is first freed of the season and of the stated productivity growth, by which the requirement falls in the
    plan too. Low is the lower end of the fit's interval at the plan's low driver, high the upper end at its high driver.
    Where the past is too short, the driver did not move, or the line did no better out of sample than last year's ratio,
    the requirement is the driver by last year's ratio; where no past month has both, by the stated productivity.

    Raises InputError for a driver that is 0 or absent, and where there is neither past nor productivity.
    """
    values, told = _driver(case, row, unit, series)
    driver, fte = _observe(case, row, unit, series, past)
    if (values <= 0).any() or (driver <= 0).any():
        rule = f"role {row.role}: the logarithm of an elasticity needs a driver above 0"
        mend = "mend the driver in drivers, or use the method ratio"
        raise InputError([Fault(_file(case), None, "driver", row.driver, rule, mend)])
    about: dict[str, Any] = {"role": row.role, "driver": row.driver, "observations": len(fte)}
    if not len(fte):
        return _without_past(case, row, unit, values, told, about)
    a_year = max(1, round(12 / past.step))
    last_year = slice(-a_year, None)
    productivity = float(driver[last_year].sum() / fte[last_year].sum())
    about["productivity"] = productivity
    trial = compare_with_ratio(fte, driver, a_year)
    needed = YEARS_NEEDED * a_year if a_year > 1 else SNAPSHOTS_NEEDED
    if len(fte) < needed:
        why = {"why": "short", "needed": needed, **about}
    elif trial is None or np.ptp(np.log(driver)) < 1e-9:
        why = {"why": "flat", **about}
    elif trial.elasticity >= trial.ratio:
        why = {"why": "worse", "error": trial.elasticity, "ratio_error": trial.ratio, **about}
    else:
        fit, confidence = fit_elasticity(fte, driver), case.assumptions.demand.confidence
        low, high = fit.slope_interval(confidence)
        used = {"elasticity": fit.slope, "low": low, "high": high, "confidence": confidence, **about}
        used |= {"error": trial.elasticity, "ratio_error": trial.ratio}
        return _by_line(case, row, unit, values, fit, (*told, ("elasticity_used", used)))
    return _by_ratio(case, row, unit, values, productivity, (*told, ("elasticity_refused", why)))


def _without_past(case: Case, row: Any, unit: str, values: np.ndarray, told: Told, about: dict[str, Any]) -> Part:
    stated = row.ratio if not np.isnan(row.ratio) else case.tables.roles.set_index("role").loc[row.role, "productivity"]
    if not stated > 0:
        rule = f"role {row.role}: no past month has both a driver value and people, and no productivity is stated"
        mend = "add past rows of the driver to drivers and a history, or fill ratio"
        raise InputError([Fault(_file(case), None, "driver", row.driver, rule, mend)])
    why = {"why": "stated", "productivity": float(stated), **about}
    return _by_ratio(case, row, unit, values, float(stated), (*told, ("elasticity_refused", why)))


def _by_line(case: Case, row: Any, unit: str, values: np.ndarray, fit: Elasticity, told: Told) -> Part:
    settings = case.assumptions.demand
    values = values * settings.multiplier
    ends = fit.expect(values, settings.confidence)
    # low at the low driver, middle at the base one, high at the high one
    fte = np.stack([ends[level][:, :, level] for level in range(len(LEVELS))], axis=2)
    factor = _season(case, row) / _productivity_index(case, row) * settings.multiplier_by_unit.get(unit, 1.0)
    fte = (fte * factor[:, :, None]).mean(axis=1)
    value = values.mean(axis=1)
    return make_part(case, row.role, "elasticity", row.driver, value, value / fte, fte, told)


def _observe(case: Case, row: Any, unit: str, series: dict, past: Staffing) -> tuple[np.ndarray, np.ndarray]:
    """Over past months with people and a driver value: the driver (`lead_months` later, but before the plan) and the FTE,
    freed of season and stated productivity growth (1 at the plan's start)."""
    monthly = _find_series(row, unit, series)["base"]
    start = case.start.year * 12 + case.start.month - 1
    months = past.fte.index.to_numpy(dtype=np.int64)
    later = months + int(row.lead_months)
    driver = monthly.reindex(later).to_numpy(dtype=float)
    fte = past.fte[row.role].to_numpy(dtype=float)
    growth = 0.0 if np.isnan(row.growth) else row.growth
    freed = fte * (1.0 + growth) ** ((months - start) / 12.0) / parse_season(row.season)[months % 12]
    seen = ~np.isnan(driver) & (later < start) & (fte > 0)
    return driver[seen], freed[seen]


def require_trend(case: Case, row: Any, unit: str, past: Staffing) -> Part:
    """The role's own FTE carried on by exponential smoothing (forecast/trend.py), times season and multipliers, by the
    scenario's added productivity growth and by gains. Too short or constant a past, or one with gaps, is held at its last
    value instead."""
    fte = past.fte[row.role].to_numpy(dtype=float)
    months = past.fte.index.to_numpy(dtype=np.int64)
    season = parse_season(row.season)
    freed = fte / season[months % 12]
    needed = OBSERVATIONS_NEEDED.get(past.step, OBSERVATIONS_NEEDED[12])
    planned = planned_months(case)
    gaps = np.diff(months)
    about = {"role": row.role, "observations": len(fte), "fte": float(fte[-1])}
    if len(fte) < needed:
        why: dict[str, Any] | None = {"why": "short", "needed": needed, **about}
    elif (gaps != gaps[0]).any():
        why = {"why": "gaps", **about}
    else:
        why = {"why": "flat", **about} if np.ptp(freed) < 1e-9 else None
    if why:
        ahead, method, told = np.full((*planned.shape, len(LEVELS)), freed[-1]), "held", (("trend_held", why),)
    else:
        steps = -(-int(planned.max() - months[-1]) // past.step)
        confidence = case.assumptions.demand.confidence
        path = np.vstack([np.full(len(LEVELS), freed[-1]), extrapolate(freed, steps, confidence)])
        known = months[-1] + past.step * np.arange(steps + 1)
        ahead = np.stack([np.interp(planned, known, path[:, level]) for level in range(len(LEVELS))], axis=2)
        method, told = "trend", (("trend_used", {**about, "confidence": confidence}),)
    factor = season[planned % 12] * _multiplier(case, unit) / _productivity_index(case, row, own_growth=False)
    return make_part(case, row.role, method, "", np.nan, np.nan, (ahead * factor[:, :, None]).mean(axis=1), told)


def require_project(case: Case, row: Any) -> Part:
    """A staffing profile laid on a dated project: FTE held from each pair's month (counted from the launch) to the
    next pair's."""
    project = case.tables.projects.set_index("project").loc[row.driver]
    pairs = parse_profile(row.profile)
    months = planned_months(case)[:, -1]
    starts = np.array([_month(project["launch"]) + month for month, _ in pairs])
    levels = np.array([0.0] + [fte for _, fte in pairs])
    fte = levels[np.searchsorted(starts, months, side="right")]
    if not pd.isna(project["end"]):
        fte = np.where(months > _month(project["end"]), 0.0, fte)
    return make_part(case, row.role, "project", row.driver, np.nan, np.nan, fte[:, None])


def require_fixed(case: Case, row: Any) -> Part:
    """Posts that exist whatever the volume."""
    return make_part(case, row.role, "fixed", "", np.nan, np.nan, row.fte)


def _driver(case: Case, row: Any, unit: str, series: dict) -> tuple[np.ndarray, Told]:
    """[period, month, level] of the driver, and a word where its last month had to be held."""
    name = f"{unit}/{row.driver}"
    values, held = driver_values(case, _find_series(row, unit, series), int(row.lead_months), name)
    return values, (("driver_held", {"drivers": name}),) * held


def _find_series(row: Any, unit: str, series: dict) -> pd.DataFrame:
    own = series.get((unit, row.driver))
    return series[COMPANY, row.driver] if own is None else own


def _season(case: Case, row: Any) -> np.ndarray:
    """[period, month] factor of the need."""
    return parse_season(row.season)[planned_months(case) % 12]


def _productivity_index(case: Case, row: Any, own_growth: bool = True) -> np.ndarray:
    """[period, month] productivity over that of the plan's first period: yearly growth, then the gains of projects that go
    ahead, from the month of their launch to that of their end."""
    settings, months = case.assumptions.demand, planned_months(case)
    growth = settings.productivity_growth + (row.growth if own_growth and not np.isnan(row.growth) else 0.0)
    years = np.arange(len(case.periods))[:, None] * case.months_per_period / 12.0
    index = (1.0 + growth) ** years * np.ones(months.shape)
    projects = case.tables.projects.set_index("project")
    for name, gain in parse_gains(row.gains):
        if name in settings.projects:
            launch, end = projects.loc[name, "launch"], projects.loc[name, "end"]
            running = (months >= _month(launch)) & ((months <= _month(end)) if not pd.isna(end) else True)
            index = np.where(running, index * (1.0 + gain), index)
    return index


def _month(day: pd.Timestamp) -> int:
    return int(day.year * 12 + day.month - 1)


def _file(case: Case) -> str:
    return case.tables.files.get("demand", "demand")
