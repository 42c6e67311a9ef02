"""Who is there at the plan's opening: role, service, time in the role, ratings, and what a head is worth in FTE."""

import numpy as np
import pandas as pd

from workforce.forecast.attrition import TENURE_CAP
from workforce.forecast.ratings import Ratings
from workforce.forecast.retirement import Retirement
from workforce.forecast.spells import enter_roles
from workforce.inputs.case import Case


def opening_tenure(case: Case) -> np.ndarray:
    """Completed months of every row of `people` at the plan's opening, capped; a hire of the month before has 0."""
    hired = case.tables.people["hire_date"]
    months = (case.start.year - hired.dt.year) * 12 + case.start.month - hired.dt.month - 1
    return months.clip(0, TENURE_CAP).to_numpy(dtype=np.int64)


def opening_clock(case: Case, most: int) -> np.ndarray:
    """Completed months of every row of `people` in their role, at most `most`."""
    since = enter_roles(case.tables.people, case.tables.history)
    months = case.start.year * 12 + case.start.month - 1 - since - 1
    return months.clip(0, most).to_numpy(dtype=np.int64)


def opening_streak(case: Case, ratings: Ratings | None) -> np.ndarray:
    """Running quarters with a rating that counts of every row of `people`; 0 without a gate."""
    person = case.tables.people["person"]
    streak = 0 * person.index if ratings is None else person.map(ratings.latest).fillna(0)
    return np.asarray(streak, dtype=np.int64)


def open_stock(
    case: Case, clocks: int, ratings: Ratings | None, retirement: Retirement | None, tenures: int
) -> tuple[np.ndarray, np.ndarray]:
    """Persons at the start [role, lane, clock, streak] (lanes as in `Dynamics`), and FTE per person who is present
    [role] (people on leave count as heads, not as FTE). Where only counts are known (`stock`), everybody has long
    service, long time in the role and no ratings, and is full-time."""
    roles = list(case.tables.roles["role"])
    number = {role: index for index, role in enumerate(roles)}
    people, stock = case.tables.people, case.tables.stock
    lane, lanes = opening_tenure(case), tenures
    if retirement is not None:
        known = int((~retirement.unknown).sum())
        lanes = 2 * tenures + known
        lane = np.where(retirement.people < 0, lane, 2 * tenures + retirement.people)
        lane = np.where(retirement.people >= known, opening_tenure(case) + tenures, lane)
    streaks = 1 if ratings is None else ratings.streaks
    state, fte = np.zeros((len(roles), lanes, clocks, streaks)), np.ones(len(roles))
    if not people.empty:
        role = people["role"].map(number).to_numpy()
        np.add.at(state, (role, lane, opening_clock(case, clocks - 1), opening_streak(case, ratings)), 1.0)
        present = people["fte"].to_numpy() * people["status"].ne("leave").to_numpy()
        heads = np.bincount(role, minlength=len(roles))
        total = np.bincount(role, weights=present, minlength=len(roles))
        fte = np.divide(total, heads, out=np.ones(len(roles)), where=heads > 0)
    if not stock.empty:
        aged = retirement is not None and (retirement.stock >= 0).any()
        last = 2 * tenures - 1 if aged else tenures - 1
        state[stock["role"].map(number), last, -1, 0] = stock["headcount"].to_numpy()
    return state, fte


def ramp_up(roles: pd.DataFrame, tenures: int) -> np.ndarray:
    """[role, tenure] share effective by completed months: linear from ramp_start to 1 over ramp_months."""
    length = roles["ramp_months"].to_numpy(dtype=float)[:, None]
    start = roles["ramp_start"].to_numpy(dtype=float)[:, None]
    months = np.arange(tenures, dtype=float)[None, :]
    return np.where(months >= length, 1.0, start + (1.0 - start) * months / np.maximum(length, 1.0))
