"""The one dynamics: how headcount moves, written down once and read as expectation, as lottery and as constraints.

Within a period: 1. people leave, 2. those who remain move, 3. people join (model.md, section 1; Bartholomew, Forbes &
McClean 1991, ch. 2-4). A joiner has 0 completed months at the opening of the next period and is first at risk there.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.errors import Fault, InputError
from workforce.forecast.attrition import TENURE_CAP, Attrition
from workforce.forecast.leaving import leave_in_period
from workforce.forecast.mobility import Mobility
from workforce.forecast.moving import move_in_period, order_pull
from workforce.forecast.opening import open_stock, opening_tenure, ramp_up
from workforce.forecast.ratings import QUARTER, Ratings
from workforce.forecast.retirement import Retirement, describe_retirement
from workforce.forecast.spells import CAUSES
from workforce.inputs.case import Case

FIRST_YEAR = 12
"""Months of service in which a channel's quality multiplies the hazard of its joiners."""

TENURES = TENURE_CAP + 1


@dataclass(frozen=True)
class Dynamics:
    """Probabilities by role, tenure (completed months of service at a period's opening, 0 .. 120, the last open-ended),
    clock (completed months in the role, the last open-ended) and streak (running quarters with a rating that counts).

    leave: [period, role, tenure] probability of leaving within the period, retirement aside where it goes by rule.
    arc_from, arc_to: [arc] role numbers of the organic moves. move: [arc, clock] probability that somebody who has not
    left is pushed along the arc. rated: [arc] whether only people of the last streak are moved. feed: [arc] share of
    the vacancies of arc_to that somebody of arc_from fills at once (0 = push); fillers are taken alike from those who
    have served `gate` months in their role and have not moved in the period. pull_order: roles that are filled so, the
    upper before the lower: who leaves one, or moves out of it, opens a vacancy (White 1970, ch. 2).
    ratings: the rating gate; rounds: [period] ratings given at its close to who was there at its opening; passing: [streak]
    chance that one counts: the streak grows by one, or starts again from 0, where joiners begin.
    state: [role, lane, clock, streak] persons at the start; a lane is a tenure (the first TENURES), a tenure of people
    of unknown age under a rule of retirement (the next TENURES), or one member of `retirement` (the others).
    fte: [role] FTE per person present. ramp: [role, tenure] share effective. months: per period.
    retirement: who is followed under a rule of retirement or leaves on a known day; None where nobody is. retire: [period,
    role, tenure] estimated probability of retiring within the period of those who do not leave otherwise, for people of
    unknown age under a rule.
    """

    roles: tuple[str, ...]
    units: tuple[str, ...]
    periods: pd.PeriodIndex
    months: int
    leave: np.ndarray
    arc_from: np.ndarray
    arc_to: np.ndarray
    move: np.ndarray
    rated: np.ndarray
    feed: np.ndarray
    pull_order: tuple[int, ...]
    gate: int
    rounds: np.ndarray
    passing: np.ndarray
    state: np.ndarray
    fte: np.ndarray
    ramp: np.ndarray
    retirement: Retirement | None = None
    retire: np.ndarray | None = None
    ratings: Ratings | None = None

    @property
    def per_year(self) -> int:
        return 12 // self.months

    @property
    def clocks(self) -> int:
        return self.move.shape[1]

    @property
    def streaks(self) -> int:
        return len(self.passing)

    @property
    def opening(self) -> np.ndarray:
        """Persons at the start [role, tenure]."""
        return self.spread(self.state, 0)

    def retiring(self, period: int, member: np.ndarray, role: np.ndarray, tenure: np.ndarray) -> np.ndarray:
        """Probability of retiring in this period for followed members who hold a role with a tenure (arrays that
        broadcast). It competes with leaving: 1 - (1 - leave)(1 - retiring) have gone."""
        if self.retirement is None or self.retire is None:
            return np.zeros(np.broadcast_shapes(member.shape, role.shape, tenure.shape))
        by_rule = self.retirement.chance[period][member, self.retirement.post[role]]
        if not self.retirement.unknown.any():
            return by_rule
        return np.where(self.retirement.unknown[member], self.retire[period][role, tenure], by_rule)

    def tenures(self, period: int) -> np.ndarray:
        """[lane] completed months of service at the opening of a period."""
        blocks = np.tile(np.arange(TENURES), 1 if self.retirement is None else 2)
        if self.retirement is None:
            return blocks
        own = self.retirement.tenure[~self.retirement.unknown] + period * self.months
        return np.concatenate([blocks, np.minimum(own, TENURES - 1)])

    def staying(self, period: int) -> np.ndarray:
        """[role, lane] probability of not leaving in this period."""
        stay = 1.0 - self.leave[period]
        if self.retirement is None or self.retire is None:
            return stay
        role, member = np.arange(len(self.roles))[:, None], np.flatnonzero(~self.retirement.unknown)[None, :]
        tenure = self.tenures(period)[None, 2 * TENURES :]
        own = stay[role, tenure] * (1.0 - self.retiring(period, member, role, tenure))
        return np.concatenate([stay, stay * (1.0 - self.retire[period]), own], axis=1)

    def spread(self, state: np.ndarray, period: int) -> np.ndarray:
        """Persons [role, tenure] of a state at the opening of a period."""
        lanes = state.sum(axis=(2, 3))
        cells = np.zeros((TENURES, len(state)))
        np.add.at(cells, self.tenures(period), lanes.T)
        return cells.T


def describe_dynamics(case: Case, attrition: Attrition, mobility: Mobility) -> Dynamics:
    """Put estimated and stated rates, the scenario's multipliers and the opening stock into one description.

    Raises InputError where a hazard exceeds 1 after its multiplier, leaving and moving together exceed 1, or roles that
    replace by pull are filled from each other in a circle.
    """
    roles = case.tables.roles
    retirement = describe_retirement(case, opening_tenure(case), TENURE_CAP)
    by_cause, by_rule = attrition.hazard, case.assumptions.retirement.rule != "none"
    if by_rule:
        by_cause = by_cause.copy()
        by_cause[:, CAUSES.index("retire")] = 0.0
    hazard = by_cause.sum(axis=1)
    months = case.months_per_period
    leave, faults = leave_in_period(case, hazard, attrition.season)
    retire = None if retirement is None else np.zeros_like(leave)
    if by_rule:
        everything, faults = leave_in_period(case, attrition.hazard.sum(axis=1), attrition.season)
        retire = 1.0 - np.divide(1.0 - everything, 1.0 - leave, out=np.ones_like(leave), where=leave < 1.0)
    if faults:
        names = ", ".join(roles["role"].iloc[faults])
        rule = "a monthly leaving probability stays at or below 1 after its multiplier"
        raise InputError(
            [Fault(case.name, None, "attrition.multiplier", names, rule, "lower the multiplier of these roles")]
        )
    move, estimated = move_in_period(case, mobility, hazard, months)
    feed, gate = mobility.feed, case.assumptions.mobility.minimum_months
    source, target = np.nonzero(move.any(axis=2) | (feed > 0))
    along = move[source, target]
    if feed.any() and along.shape[1] <= gate:
        along = np.repeat(along[:, -1:], gate + 1, axis=1)
    ratings = mobility.ratings
    rated = (estimated | (feed > 0))[source, target] & (ratings is not None)
    state, fte = open_stock(case, along.shape[1] if len(source) else 1, ratings, retirement, TENURES)
    return Dynamics(
        tuple(roles["role"]),
        tuple(roles["unit"]),
        case.periods,
        months,
        leave,
        source,
        target,
        along if len(source) else np.zeros((0, 1)),
        rated,
        feed[source, target],
        order_pull(case, feed),
        gate,
        _rating_rounds(case),
        np.ones(1) if ratings is None else ratings.passing,
        state,
        fte,
        ramp_up(roles, TENURES),
        retirement,
        retire,
        ratings,
    )


def _rating_rounds(case: Case) -> np.ndarray:
    """[period] quarters that end with it or within it."""
    last = np.array([period.end_time.year * 12 + period.end_time.month for period in case.periods])
    return last // QUARTER - (last - case.months_per_period) // QUARTER
