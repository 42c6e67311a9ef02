"""Attrition: monthly leaving hazards by role and tenure band from censored history, with pooling and intervals."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import gamma, norm

from workforce.forecast.doubt import Doubt, leave_stated_sure
from workforce.forecast.effects import Effects, fit_effects
from workforce.forecast.pooling import shrink
from workforce.forecast.spells import BAND_STARTS, CAUSES, Exposure, Spells, count_exposure, measure_spells
from workforce.inputs.case import Case

TENURE_CAP = 120
"""Completed months from which tenure no longer matters; the grid of tenure is 0 .. TENURE_CAP."""


@dataclass(frozen=True)
class Attrition:
    """Fitted and stated leaving hazards.

    table: role, unit, tenure_from, tenure_to (months, NaN = open), cause, rate, low, high (probability of leaving
    within a year, at that hazard), weight (share of the cell's own data, 0..1), leavers, exposure_years, people,
    source (estimated, stated).
    hazard: [role, cause, tenure month 0..120] monthly probability of leaving by cause, before scenario multipliers.
    season: [12] factor by calendar month (January first), mean 1 over what was observed.
    exposure: the counts behind it, None where nothing was observed.
    doubt: how sure the estimated hazards are, and how their errors hang together; None where nothing was observed.
    """

    roles: tuple[str, ...]
    table: pd.DataFrame
    hazard: np.ndarray
    season: np.ndarray
    exposure: Exposure | None
    spells: Spells | None
    doubt: Doubt | None = None


def monthly_from_yearly(probability: np.ndarray | float) -> np.ndarray | float:
    """Monthly probability whose twelve-fold survival gives the yearly one: q = 1 - (1 - Q)^(1/12)."""
    return 1.0 - (1.0 - probability) ** (1.0 / 12.0)


def yearly_from_monthly(probability: np.ndarray | float) -> np.ndarray | float:
    """Yearly probability of a constant monthly one: Q = 1 - (1 - q)^12."""
    return 1.0 - (1.0 - probability) ** 12


def fit_attrition(case: Case) -> Attrition:
    """Hazards of every role from the case's history, overruled cell by cell by stated `rates`.

    Estimate: h = d / n over person-months, a cell drawn to its role, family, unit and the company's band curve by
    Poisson random effects (`fit_effects`; Breslow & Clayton 1993). Interval: normal on the logarithm; without pooling,
    gamma with the cell's own leavers as shape.
    """
    roles_table = case.tables.roles
    roles = list(roles_table["role"])
    settings = case.assumptions.attrition
    spells = measure_spells(case)
    hazard = np.zeros((len(roles), len(CAUSES), TENURE_CAP + 1))
    season = np.ones(12)
    rows = _empty_table()
    exposure, doubt = None, None
    if spells is not None:
        exposure = count_exposure(spells, roles, BAND_STARTS)
        if settings.seasonality and spells.exact > 0.5:
            season = fit_season(exposure)
        rows, banded, doubt = fit_cells(exposure, roles_table, settings.confidence, settings.pooled)
        band_of_month = np.searchsorted(BAND_STARTS, np.arange(TENURE_CAP + 1), side="right") - 1
        hazard = banded[:, :, band_of_month]
    estimated = hazard
    rows, hazard = _state_rates(rows, hazard, case.tables.rates, roles_table)
    doubt = None if doubt is None else leave_stated_sure(doubt, estimated, hazard)
    return Attrition(tuple(roles), rows, hazard, season, exposure, spells, doubt)


def fit_season(exposure: Exposure) -> np.ndarray:
    """Factor of each calendar month: leavers against those expected from tenure alone, shrunk towards 1, mean 1."""
    at_risk = exposure.exposure.sum(axis=0)
    left = exposure.leavers.sum(axis=(0, 3))
    rate = left.sum(axis=1, keepdims=True) / np.maximum(at_risk.sum(axis=1, keepdims=True), 1.0)
    expected = (at_risk * rate).sum(axis=0)
    calendar = exposure.months % 12
    by_month = np.bincount(calendar, weights=left.sum(axis=0), minlength=12)
    expected_by_month = np.bincount(calendar, weights=expected, minlength=12)
    factor = shrink(by_month, expected_by_month).factor
    return factor / factor.mean()


def pool_cells(
    events: np.ndarray, at_risk: np.ndarray, roles: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pooled monthly hazard, weight of the cell's own data, and spread (variance of the logarithm), each [role, band]:
    the company's curve over the bands times the effects of unit, family, role and cell, fitted together.

    events, at_risk: [role, band] counts and person-months; roles: role, unit, family in the same order.
    """
    found, shape = _pool(events, at_risk, roles)[0], events.shape
    return np.minimum(found.rate, 1.0).reshape(shape), found.weight.reshape(shape), found.spread.reshape(shape)


def _pool(events: np.ndarray, at_risk: np.ndarray, roles: pd.DataFrame) -> tuple[Effects, list[str]]:
    """The fit over cells [role x band], and the name of each of its effects."""
    n_roles, n_bands = events.shape
    groups, names = [np.tile(np.arange(n_bands), n_roles)], ["company", *(f"band {band}" for band in range(n_bands))]
    for level in ("unit", "family", "role"):
        groups.append(np.repeat(roles.groupby(level, sort=False).ngroup().to_numpy(), n_bands))
        names += [f"{level} {name}" for name in roles[level].drop_duplicates()]
    return fit_effects(events.ravel(), at_risk.ravel(), groups), names


def bound_rates(rate: np.ndarray, spread: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    """Low and high of pooled rates: normal on the logarithm, with `spread` as its variance."""
    reach = norm.ppf((1.0 + confidence) / 2.0) * np.sqrt(spread)
    with np.errstate(over="ignore"):  # next to no data: an end beyond all numbers, which a probability cuts at 1
        return rate * np.exp(-reach), rate * np.exp(reach)


def _bound_raw(rate: np.ndarray, spread: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
    tail = (1.0 - confidence) / 2.0
    centre = np.maximum(rate, 1e-12)
    low, high = (gamma.ppf(part, 1.0 / spread, scale=centre * spread) for part in (tail, 1.0 - tail))
    return low, high


def fit_cells(
    exposure: Exposure, roles: pd.DataFrame, confidence: float = 0.90, pooled: bool = True
) -> tuple[pd.DataFrame, np.ndarray, Doubt]:
    """The rows of `Attrition.table`, the monthly hazard [role, cause, band], and the errors of its logarithm, from counts.

    roles: role, unit, family in the order of the counts. pooled: drawn towards family, unit and company by
    `pool_cells`; otherwise d / n where anybody was at risk.
    """
    at_risk = exposure.exposure.sum(axis=2)
    by_cause = exposure.leavers.sum(axis=2)
    events = by_cause.sum(axis=2)
    found, names = _pool(events, at_risk, roles)
    pooled_rate, weight, spread = (
        part.reshape(events.shape) for part in (np.minimum(found.rate, 1.0), found.weight, found.spread)
    )
    rate = pooled_rate
    shared, own = found.shared.reshape(*events.shape, -1), found.own.reshape(events.shape)
    if not pooled:
        rate = np.where(at_risk > 0, events / np.maximum(at_risk, 1e-12), pooled_rate)
        weight = np.where(at_risk > 0, 1.0, 0.0)
        spread = 1.0 / np.maximum(events, 0.5)
        shared, own, names = np.zeros((*events.shape, 0)), np.sqrt(spread), []
    share = _pool_causes(by_cause, at_risk)
    low, high = (bound_rates if pooled else _bound_raw)(rate, spread, confidence)
    n_roles, n_bands = rate.shape
    index = pd.MultiIndex.from_product([range(n_roles), range(n_bands)], names=["r", "b"]).to_frame(index=False)
    r, b = index["r"].to_numpy(), index["b"].to_numpy()
    ends = np.append(np.asarray(exposure.bands[1:], dtype=float), np.nan)
    table = pd.DataFrame(
        {
            "role": roles["role"].to_numpy()[r],
            "unit": roles["unit"].to_numpy()[r],
            "tenure_from": np.asarray(exposure.bands)[b].astype(float),
            "tenure_to": ends[b],
            "cause": "all",
            "rate": yearly_from_monthly(rate[r, b]),
            "low": yearly_from_monthly(low[r, b]),
            "high": yearly_from_monthly(np.minimum(high, 1.0)[r, b]),
            "weight": weight[r, b],
            "leavers": events[r, b],
            "exposure_years": at_risk[r, b] / 12.0,
            "people": exposure.people[r],
            "source": "estimated",
        }
    )
    doubt = Doubt(tuple(roles["role"]), tuple(names), shared, own, tuple(exposure.bands))
    return table, rate[:, None, :] * share.transpose(0, 2, 1), doubt


def _pool_causes(by_cause: np.ndarray, at_risk: np.ndarray) -> np.ndarray:
    """Share of each cause in a cell's hazard [role, band, cause]: the company's share by band, times each role's own
    pooled factor."""
    band_cause = by_cause.sum(axis=0)
    company = band_cause.sum(axis=0) / max(band_cause.sum(), 1.0)
    share = (band_cause + company) / (band_cause.sum(axis=1, keepdims=True) + 1.0)
    events = by_cause.sum(axis=2)
    factors = np.ones((by_cause.shape[0], by_cause.shape[2]))
    for cause in range(by_cause.shape[2]):
        factors[:, cause] = shrink(by_cause[:, :, cause].sum(axis=1), (events * share[:, cause]).sum(axis=1)).factor
    cells = share[None] * factors[:, None, :]
    return cells / np.maximum(cells.sum(axis=2, keepdims=True), 1e-300)


def _state_rates(
    rows: pd.DataFrame, hazard: np.ndarray, rates: pd.DataFrame, roles: pd.DataFrame
) -> tuple[pd.DataFrame, np.ndarray]:
    """Stated rates overrule: a cause's own hazard, or with cause `all` the total (causes keep their shares)."""
    if rates.empty:
        return rows, hazard
    number = {role: index for index, role in enumerate(roles["role"])}
    unit = dict(zip(roles["role"], roles["unit"], strict=True))
    stated = []
    yearly = np.full(hazard.shape, np.nan)
    total = np.full((hazard.shape[0], hazard.shape[2]), np.nan)
    for (role, cause), group in rates.sort_values("tenure_from").groupby(["role", "cause"], sort=False):
        starts = group["tenure_from"].to_numpy(dtype=float)
        ends = np.append(starts[1:], np.nan)
        for start, end, value in zip(starts, ends, group["yearly_rate"], strict=True):
            months = slice(int(start), TENURE_CAP + 1 if np.isnan(end) else min(int(end), TENURE_CAP + 1))
            target = total[number[role]] if cause == "all" else yearly[number[role], CAUSES.index(str(cause))]
            target[months] = value
            stated.append((role, unit[role], start, end, cause, float(value)))
    hazard = _overrule(hazard, yearly, total)
    added = pd.DataFrame(stated, columns=["role", "unit", "tenure_from", "tenure_to", "cause", "rate"])
    added = added.assign(low=added["rate"], high=added["rate"], weight=0.0, source="stated")
    added = added.assign(leavers=np.nan, exposure_years=np.nan, people=np.nan)
    if rows.empty:
        return added[list(rows.columns)], hazard
    return pd.concat([_overruled(rows, added), added[list(rows.columns)]], ignore_index=True), hazard


def _overrule(hazard: np.ndarray, yearly: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Hazards with stated causes in place of estimated ones, and stated totals spread over the causes in their known
    shares.

    Causes that are stated together compete: their yearly probabilities add up, and the monthly total is split in
    proportion.
    """
    said = np.nan_to_num(yearly)
    together = said.sum(axis=1, keepdims=True)
    monthly = said / np.where(together > 0, together, 1.0) * monthly_from_yearly(np.minimum(together, 1.0))
    hazard = np.where(np.isnan(yearly), hazard, monthly)
    known = hazard.sum(axis=1, keepdims=True)
    other = np.eye(hazard.shape[1])[-1][None, :, None]
    share = np.where(known > 0, hazard / np.where(known > 0, known, 1.0), other)
    stated = total[:, None, :]
    return np.where(np.isnan(stated), hazard, share * monthly_from_yearly(np.nan_to_num(stated)))


def _overruled(rows: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Estimated rows without the cells that a stated `all` row covers whole."""
    whole = stated[stated["cause"] == "all"]
    covered = pd.Series(False, index=rows.index)
    for row in whole.itertuples():
        end = np.inf if np.isnan(row.tenure_to) else row.tenure_to
        inside = (rows["tenure_from"] >= row.tenure_from) & (rows["tenure_to"].fillna(np.inf) <= end)
        covered |= (rows["role"] == row.role) & inside
    return rows[~covered]


def _empty_table() -> pd.DataFrame:
    text = ["role", "unit", "cause", "source"]
    names = ["role", "unit", "tenure_from", "tenure_to", "cause", "rate", "low", "high", "weight", "leavers"]
    names += ["exposure_years", "people", "source"]
    return pd.DataFrame({name: pd.Series(dtype="str" if name in text else float) for name in names})
