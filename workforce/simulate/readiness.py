"""Readiness: when nominees become ready for their post, and how long it takes to fill a post from outside."""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from workforce.inputs.case import Case
from workforce.inputs.targets import applies_to
from workforce.simulate.streams import draw, key_people

READINESS = {"ready_now": (0.0, 0.0), "1-2_years": (12.0, 24.0), "3-5_years": (36.0, 60.0)}
"""Months after the plan's start between which a nominee of this readiness becomes ready."""

NINTH_DECILE = float(ndtri(0.9))
CALENDAR_PER_WORKING_DAY = 7.0 / 5.0
DAYS_A_MONTH = 365.25 / 12


def draw_ready(keys: np.ndarray, people: list[str], readiness: list[str]) -> np.ndarray:
    """[path, nomination] months until each nominee is ready.

    Uniform within the stated band, the distribution that assumes nothing beyond its two ends (greatest entropy, Jaynes
    1957). A person has one luck a path, so who is early for one post is early for every other.
    """
    luck = draw(keys, key_people([f"ready|{person}" for person in people]), 0, "order")
    low, high = (np.array([READINESS[name][end] for name in readiness]) for end in (0, 1))
    return low + luck * (high - low)


def read_searches(case: Case, roles: list[str]) -> np.ndarray:
    """[role, 2] months until somebody from outside starts, in half and in nine of ten searches.

    From the fastest channel that the scenario allows for the role (least lead_p90, then lead_months), opening the
    requisition included; without one, succession.outside_months and outside_p90. Infinite where the scenario hires
    nobody from outside.
    """
    if case.assumptions.supply.external_hires_max == 0:
        return np.full((len(roles), 2), np.inf)
    allowed, channels, table = case.assumptions.supply.channels, case.tables.channels, case.tables.roles
    usable = channels[channels["arrive"] > 0]
    if allowed is not None:
        usable = usable[usable["channel"].isin(allowed)]
    opening = case.assumptions.supply.requisition_days * CALENDAR_PER_WORKING_DAY / DAYS_A_MONTH
    ways: dict[str, list[tuple[float, float]]] = {}
    for row in usable.itertuples():
        slow = row.lead_months if pd.isna(row.lead_p90) else max(row.lead_p90, row.lead_months)
        for role in table["role"].to_numpy()[applies_to(row, table)]:
            ways.setdefault(role, []).append((float(slow), float(row.lead_months)))
    knobs = case.assumptions.succession
    found = []
    for role in roles:
        if role in ways:
            slow, half = min(ways[role])
            found.append((half + opening, slow + opening))
        else:
            found.append((knobs.outside_months, max(knobs.outside_p90, knobs.outside_months)))
    return np.array(found, dtype=float).reshape(len(roles), 2)


def stretch_search(luck: np.ndarray, leads: np.ndarray) -> np.ndarray:
    """[vacancy] months to fill from uniform luck [vacancy]: log-normal with the stated median and ninth decile.

    leads: [vacancy, 2]. Times to fill are skewed to the right and bounded below by zero; two quantiles fix the two
    parameters: sigma = ln(p90 / p50) / z(0.9).

    >>> stretch_search(np.array([0.5, 0.9]), np.array([[4.0, 8.0], [4.0, 8.0]])).round(6).tolist()
    [4.0, 8.0]
    """
    half, slow = leads[:, 0], leads[:, 1]
    known = np.isfinite(half) & (half > 0)
    ratio = np.divide(slow, half, out=np.ones_like(half), where=known)
    return half * np.exp(ndtri(luck) * np.log(ratio) / NINTH_DECILE)
