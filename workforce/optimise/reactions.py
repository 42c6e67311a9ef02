"""How the one dynamics answers to actions: what becomes of joiners, and which rates the established stock follows."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from workforce.forecast.attrition import TENURE_CAP
from workforce.forecast.dynamics import FIRST_YEAR, Dynamics
from workforce.forecast.stepping import push_cohort, rate_streaks
from workforce.forecast.stocks import Projection

COHORT_MONTHS = TENURE_CAP
"""Joiners are followed as cohorts of known tenure until tenure no longer matters; then they join their role's
established stock."""


@dataclass(frozen=True)
class Established:
    """Rates of the stock that was there at the start, as the expectation has them, by period and role, so that with no
    action the programme's stocks equal the expected stocks. opening: [role] persons. leave: [period, role]. move:
    [period, arc] of those who have not left, pushed. feed: [period, arc] of the vacancies of arc_to.
    effective: [period, role] effective FTE per person at the close. expected: [period, role] persons at the close with
    no action. resign: [period, role] leave without retirement by rule, which no offer to stay changes. months: per
    period."""

    opening: np.ndarray
    leave: np.ndarray
    resign: np.ndarray
    move: np.ndarray
    feed: np.ndarray
    effective: np.ndarray
    expected: np.ndarray
    months: int

    def keeping(self, period: np.ndarray, role: np.ndarray, effect: np.ndarray) -> np.ndarray:
        """Share of those whom an offer reaches in a period that stays because of it: the offer takes the share `effect`
        off the monthly hazard of leaving, as `forecast.dynamics.hazard_multipliers` does; who would retire, retires."""
        leave, resign = self.leave[period, role], self.resign[period, role]
        monthly = 1.0 - (1.0 - resign) ** (1.0 / self.months)
        changed = 1.0 - (1.0 - monthly * (1.0 - effect)) ** self.months
        stays = np.divide(1.0 - leave, 1.0 - resign, out=np.ones_like(leave), where=resign < 1.0)
        return (resign - changed) * stays

    @cached_property
    def _stayed(self) -> tuple[np.ndarray, np.ndarray]:
        """[period + 1, role] product of the shares that stayed before each period, periods that nobody survives left out,
        and the number of those."""
        stay = np.vstack([np.ones((1, self.leave.shape[1])), 1.0 - self.leave])
        return np.cumprod(np.where(stay > 0, stay, 1.0), axis=0), np.cumsum(stay <= 0, axis=0)

    def surviving(self, role: np.ndarray | int, first: ArrayLike, last: ArrayLike) -> np.ndarray:
        """Share of people in a role at the close of period `first` who have not left by the close of `last`; numbers or
        arrays that broadcast, -1 = before the plan."""
        kept, emptied = self._stayed
        begin = np.maximum(first, -1) + 1
        end = np.maximum(np.add(last, 1), begin)
        return np.where(emptied[end, role] > emptied[begin, role], 0.0, kept[end, role] / kept[begin, role])


def each_period(first: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For rows that last from period `first` up to `stop`: the row's number, and the period, once for each.

    >>> [part.tolist() for part in each_period(np.array([0, 4]), np.array([2, 5]))]
    [[0, 0, 1], [0, 1, 4]]
    """
    length = np.maximum(stop - first, 0)
    row = np.repeat(np.arange(len(length)), length)
    return row, first[row] + np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)


def describe_established(dynamics: Dynamics, projection: Projection) -> Established:
    """Mean rates of each role's expected stock; where it is empty, those of long service."""
    n_periods = len(dynamics.periods)
    leave, resign = (np.empty((n_periods, len(dynamics.roles))) for _ in range(2))
    move = np.empty((n_periods, len(dynamics.arc_from)))
    for period in range(n_periods):
        heads, staying = projection.states[period].sum(axis=1), projection.stayed[period]
        mature = dynamics.leave[period][:, -1]
        going = (projection.states[period] * dynamics.leave[period]).sum(axis=1)
        resign[period] = np.where(heads > 1e-9, going / np.maximum(heads, 1e-9), mature)
        leave[period] = np.where(heads > 1e-9, 1.0 - staying / np.maximum(heads, 1e-9), mature)
        source = staying[dynamics.arc_from]
        mean = projection.moved[period] / np.maximum(source, 1e-9)
        move[period] = np.where(source > 1e-9, mean, dynamics.move[:, -1])
    vacant = projection.states[:-1].sum(axis=2) - projection.stayed
    for arc, role in enumerate(dynamics.arc_from):
        vacant[:, role] += projection.moved[:, arc]
    vacant = vacant[:, dynamics.arc_to]
    feed = np.divide(projection.moved, vacant, out=np.tile(dynamics.feed, (n_periods, 1)), where=vacant > 1e-12)
    pulled = dynamics.feed > 0
    move, feed = np.where(pulled, 0.0, move), np.where(pulled, feed, 0.0)
    closing = projection.states[1:]
    heads = closing.sum(axis=2)
    effective = (closing * dynamics.ramp).sum(axis=2)
    share = np.where(heads > 1e-9, effective / np.maximum(heads, 1e-9), 1.0)
    opening = dynamics.opening.sum(axis=1)
    return Established(opening, leave, resign, move, feed, share * dynamics.fte, heads, dynamics.months)


@dataclass(frozen=True)
class Cohorts:
    """One person who joins each role at the close of each period, followed for COHORT_MONTHS.

    present: [joined, period, role] share still in the role at the close (0 once handed over). left: [joined, period,
    role] share leaving.
    moved: [joined, period, arc] share moving. handed: [joined, period, role] share handed over to the established
    stock at the close. ending: arrays joined, role joined, period in which the contract has ended, role, share: of those who
    moved on, who was in a role at the close before and leaves because the contract has ended (`end_contracts`).
    """

    present: np.ndarray
    left: np.ndarray
    moved: np.ndarray
    handed: np.ndarray
    ending: tuple[np.ndarray, ...] = ()


def follow_cohorts(dynamics: Dynamics, quality: float, length: int | None = None) -> Cohorts:
    """Follow joiners in the role they join, their first-year hazard multiplied by their channel's quality; where their
    contract has a length in periods, who is still in the role leaves when it ends.
    Vacancies draw on the established stock alone."""
    n_periods, n_roles = len(dynamics.periods), len(dynamics.roles)
    window = COHORT_MONTHS // dynamics.months if length is None else length
    shape = (n_periods, n_periods, n_roles)
    present, left, handed = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    moved = np.zeros((n_periods, n_periods, len(dynamics.arc_from)))
    for joined in range(n_periods):
        share = np.zeros((n_roles, dynamics.streaks))
        share[:, 0] = 1.0
        present[joined, joined] = 1.0
        for period in range(joined + 1, min(joined + window, n_periods - 1) + 1):
            tenure = min((period - joined - 1) * dynamics.months, dynamics.leave.shape[2] - 1)
            hazard = dynamics.leave[period][:, tenure]
            if tenure < FIRST_YEAR:
                hazard = np.minimum(hazard * quality, 1.0)
            left[joined, period] = share.sum(axis=1) * hazard
            share, moved[joined, period] = push_cohort(dynamics, share * (1.0 - hazard)[:, None], tenure)
            share = rate_streaks(dynamics, share, period)
            present[joined, period] = share.sum(axis=1)
        ends = joined + window
        if ends < n_periods and length is not None:
            left[joined, ends], moved[joined, ends] = present[joined, ends - 1], 0.0
            present[joined, ends] = 0.0
        elif ends < n_periods:
            handed[joined, joined + window] = share.sum(axis=1)
            present[joined, joined + window] = 0.0
    return Cohorts(present, left, moved, handed)
