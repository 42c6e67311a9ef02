"""Leaving within a period: monthly hazards, the season, the scenario's multipliers and its retention offers."""

import numpy as np

from workforce.forecast.attrition import TENURE_CAP
from workforce.inputs.case import Case
from workforce.inputs.targets import applies_to


def leave_in_period(case: Case, hazard: np.ndarray, season: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """[period, role, tenure] probability of leaving from monthly hazards [role, tenure], the season and the scenario's
    multipliers, 0 in a first period without leaving; and the roles whose monthly probability would exceed 1."""
    multiplier, months = hazard_multipliers(case), case.months_per_period
    tenure = np.arange(hazard.shape[1])
    leave = np.empty((len(case.periods), *hazard.shape))
    faults: list[int] = []
    for index, period in enumerate(case.periods):
        first = period.start_time.month - 1
        stay = np.ones_like(hazard)
        for month in range(months):
            later = np.minimum(tenure + month, TENURE_CAP)
            monthly = hazard[:, later] * season[(first + month) % 12] * multiplier[:, None]
            faults += [int(role) for role in np.flatnonzero((monthly > 1).any(axis=1)) if role not in faults]
            stay *= 1.0 - np.minimum(monthly, 1.0)
        leave[index] = 1.0 - stay
    if not case.assumptions.attrition.first_period:
        leave[0] = 0.0
    return leave, faults


def hazard_multipliers(case: Case) -> np.ndarray:
    """[role] product of the scenario's multipliers and of the retention offers it makes (1 - effect x reach each)."""
    roles, settings = case.tables.roles, case.assumptions.attrition
    factor = np.full(len(roles), settings.multiplier, dtype=float)
    factor *= roles["unit"].map(settings.multiplier_by_unit).astype(float).fillna(1.0).to_numpy()
    factor *= roles["role"].map(settings.multiplier_by_role).astype(float).fillna(1.0).to_numpy()
    for offer, reached in offers_made(case):
        factor[reached] *= 1.0 - offer.effect * offer.reach
    return factor


def offers_made(case: Case) -> list[tuple]:
    """Retention offers that the scenario makes, each with the roles [bool] it reaches."""
    retention, made = case.tables.retention, case.assumptions.supply.retention_offers
    return [(row, applies_to(row, case.tables.roles)) for row in retention[retention["offer"].isin(made)].itertuples()]
