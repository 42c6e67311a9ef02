"""The one dynamics: how headcount moves, written down once and read as expectation, as lottery and as constraints.

Within a period: 1. people leave, 2. those who remain move, 3. people join (model.md, section 1; Bartholomew, Forbes &
McClean 1991, ch. 2-4). A joiner has 0 completed months at the opening of the next period and is first at risk there.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from workforce.errors import Fault, InputError
from workforce.forecast.attrition import TENURE_CAP, Attrition
from workforce.forecast.mobility import Mobility
from workforce.forecast.retirement import Retirement, describe_retirement
from workforce.forecast.spells import CAUSES
from workforce.inputs.case import Case

FIRST_YEAR = 12
"""Months of service in which a channel's quality multiplies the hazard of its joiners."""

TENURES = TENURE_CAP + 1


@dataclass(frozen=True)
class Dynamics:
    """Probabilities by role and tenure (completed months at a period's opening, 0 .. 120, the last open-ended).

    leave: [period, role, tenure] probability of leaving within the period, retirement aside where it goes by rule.
    causes: [role, cause, tenure] shares of it.
    arc_from, arc_to: [arc] role numbers of the organic moves; move, move_new: [arc] probability that somebody who has
    not left moves, with and without the minimum service.
    gate: that minimum in completed months. opening: [role, tenure] persons at the start. fte: [role] FTE per person
    present.
    ramp: [role, tenure] share effective. months: per period.
    retirement: who is followed under a rule of retirement; None without one. retire: [period, role, tenure] estimated
    probability of retiring within the period of those who do not leave otherwise, for people of unknown age under a rule.
    """

    roles: tuple[str, ...]
    units: tuple[str, ...]
    periods: pd.PeriodIndex
    months: int
    leave: np.ndarray
    causes: np.ndarray
    arc_from: np.ndarray
    arc_to: np.ndarray
    move: np.ndarray
    move_new: np.ndarray
    gate: int
    opening: np.ndarray
    fte: np.ndarray
    ramp: np.ndarray
    retirement: Retirement | None = None
    retire: np.ndarray | None = None

    def retiring(self, period: int, member: np.ndarray, role: np.ndarray, tenure: np.ndarray) -> np.ndarray:
        """Probability of retiring in this period for followed members who hold a role with a tenure (arrays that
        broadcast). It competes with leaving: 1 - (1 - leave)(1 - retiring) have gone."""
        if self.retirement is None or self.retire is None:
            return np.zeros(np.broadcast_shapes(member.shape, role.shape, tenure.shape))
        by_rule = self.retirement.chance[period][member, self.retirement.post[role]]
        if not self.retirement.unknown.any():
            return by_rule
        return np.where(self.retirement.unknown[member], self.retire[period][role, tenure], by_rule)

    def survive(self, state: np.ndarray, period: int) -> np.ndarray:
        """Expected persons [role, tenure] after those who leave in this period have left."""
        return state * (1.0 - self.leave[period])

    def moving(self, state: np.ndarray) -> np.ndarray:
        """Expected persons [arc, tenure] who move, out of those [role, tenure] who have not left."""
        source = state[self.arc_from]
        flows = source * self.move[:, None]
        flows[:, : self.gate] = source[:, : self.gate] * self.move_new[:, None]
        return flows

    def moved(self, state: np.ndarray, flows: np.ndarray) -> np.ndarray:
        """The state [role, tenure] after those moves."""
        after = state.copy()
        np.subtract.at(after, self.arc_from, flows)
        np.add.at(after, self.arc_to, flows)
        return after

    def age(self, state: np.ndarray) -> np.ndarray:
        """The same persons one period older; the last tenure collects."""
        older = np.zeros_like(state)
        older[..., self.months :] = state[..., : TENURES - self.months]
        older[..., -1] += state[..., TENURES - self.months :].sum(axis=-1)
        return older

    @property
    def per_year(self) -> int:
        return 12 // self.months


def describe_dynamics(case: Case, attrition: Attrition, mobility: Mobility) -> Dynamics:
    """Put estimated and stated rates, the scenario's multipliers and the opening stock into one description.

    Raises InputError where a hazard exceeds 1 after its multiplier, or leaving and moving together exceed 1.
    """
    roles_table = case.tables.roles
    retirement = describe_retirement(case, opening_tenure(case), TENURE_CAP)
    by_cause = attrition.hazard
    if retirement is not None:
        by_cause = by_cause.copy()
        by_cause[:, CAUSES.index("retire")] = 0.0
    hazard = by_cause.sum(axis=1)
    shares = np.divide(by_cause, hazard[:, None, :], out=np.zeros_like(by_cause), where=hazard[:, None, :] > 0)
    months = case.months_per_period
    leave, faults = _period_leaving(case, hazard, attrition.season)
    retire = None
    if retirement is not None:
        everything, faults = _period_leaving(case, attrition.hazard.sum(axis=1), attrition.season)
        retire = 1.0 - np.divide(1.0 - everything, 1.0 - leave, out=np.ones_like(leave), where=leave < 1.0)
    if faults:
        names = ", ".join(roles_table["role"].iloc[faults])
        rule = "a monthly leaving probability stays at or below 1 after its multiplier"
        raise InputError(
            [Fault(case.name, None, "attrition.multiplier", names, rule, "lower the multiplier of these roles")]
        )
    move, move_new = _period_moves(case, mobility, hazard, months)
    source, target = np.nonzero(move)
    opening, fte = _opening(case)
    return Dynamics(
        tuple(roles_table["role"]),
        tuple(roles_table["unit"]),
        case.periods,
        months,
        leave,
        shares,
        source,
        target,
        move[source, target],
        move_new[source, target],
        case.assumptions.mobility.minimum_months,
        opening,
        fte,
        _ramp(roles_table),
        retirement,
        retire,
    )


def _period_leaving(case: Case, hazard: np.ndarray, season: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """[period, role, tenure] probability of leaving from monthly hazards [role, tenure], the season and the scenario's
    multipliers; and the roles whose monthly probability would exceed 1."""
    multiplier, months = hazard_multipliers(case), case.months_per_period
    tenure = np.arange(TENURES)
    leave = np.empty((len(case.periods), len(hazard), TENURES))
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


def applies_to(row, roles: pd.DataFrame) -> np.ndarray:
    """[role] whether a row of channels or retention means this role: by role, by family, or all where both are
    blank."""
    if row.role:
        return roles["role"].eq(row.role).to_numpy()
    if row.family:
        return roles["family"].eq(row.family).to_numpy()
    return np.ones(len(roles), dtype=bool)


def _period_moves(case: Case, mobility: Mobility, hazard: np.ndarray, months: int) -> tuple[np.ndarray, np.ndarray]:
    """Move probabilities per period, given that a person has not left.

    Estimated arcs: monthly and unconditional, so divided by the stayers' share. Stated arcs: the yearly probability P
    of having moved, so the probability m per period solves P = sum over the year's periods of s^k (1 - L) m with s =
    (1 - L)(1 - m); with yearly periods this is m = P / (1 - L), the Markov chain n(t) = n(t-1) P + R itself.
    """
    mature = hazard[:, -1]
    monthly = mobility.monthly / np.maximum(1.0 - mature, 1e-9)[:, None]
    total = monthly.sum(axis=1)
    grown = 1.0 - (1.0 - np.minimum(total, 1.0)) ** months
    estimated = monthly * np.divide(grown, total, out=np.zeros_like(total), where=total > 0)[:, None]
    stated = np.zeros_like(estimated)
    per_year = 12 // months
    names, faults = list(case.tables.roles["role"]), []
    for role in np.flatnonzero(mobility.yearly.sum(axis=1) > 0):
        wanted = float(mobility.yearly[role].sum())
        share = solve_share(wanted, 1.0 - (1.0 - mature[role]) ** months, per_year)
        if share is None:
            faults.append(names[role])
        else:
            stated[role] = mobility.yearly[role] / wanted * share
    multiplier = case.assumptions.mobility.multiplier
    move, move_new = (estimated + stated) * multiplier, stated * multiplier
    faults += [names[role] for role in np.flatnonzero(move.sum(axis=1) > 1.0 + 1e-9)]
    if faults:
        rule = "leaving and moving out of a role add up to at most 1 in a year"
        mend = "lower yearly_rate in transitions or in rates for this role, or mobility.multiplier"
        raise InputError([Fault("transitions", None, "yearly_rate", name, rule, mend) for name in faults])
    return move, move_new


def solve_share(wanted: float, leave: float, per_year: int) -> float | None:
    """The probability of moving within a period, given that one has not left, whose yearly sum is `wanted`; None where
    even moving at once would not reach it.

    >>> round(solve_share(0.2, 0.25, 1), 6)
    0.266667
    """

    def moved(share: float) -> float:
        stay = (1.0 - leave) * (1.0 - share)
        return (1.0 - leave) * share * sum(stay**period for period in range(per_year))

    if wanted > moved(1.0) + 1e-12:
        return None
    return 1.0 if wanted >= moved(1.0) else float(brentq(lambda share: moved(share) - wanted, 0.0, 1.0, xtol=1e-15))


def _opening(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Persons at the start by role and tenure, and FTE per person who is present (people on leave count as heads, not
    as FTE). Where only counts are known (`stock`), everybody has long service and is full-time."""
    roles = list(case.tables.roles["role"])
    number = {role: index for index, role in enumerate(roles)}
    opening, fte = np.zeros((len(roles), TENURES)), np.ones(len(roles))
    people, stock = case.tables.people, case.tables.stock
    if not people.empty:
        role = people["role"].map(number).to_numpy()
        np.add.at(opening, (role, opening_tenure(case)), 1.0)
        present = people["fte"].to_numpy() * people["status"].ne("leave").to_numpy()
        heads = opening.sum(axis=1)
        total = np.bincount(role, weights=present, minlength=len(roles))
        fte = np.divide(total, heads, out=np.ones(len(roles)), where=heads > 0)
    if not stock.empty:
        opening[stock["role"].map(number), TENURE_CAP] = stock["headcount"].to_numpy()
    return opening, fte


def opening_tenure(case: Case) -> np.ndarray:
    """Completed months of every row of `people` at the plan's opening, capped; a hire of the month before has 0."""
    hired = case.tables.people["hire_date"]
    months = (case.start.year - hired.dt.year) * 12 + case.start.month - hired.dt.month - 1
    return months.clip(0, TENURE_CAP).to_numpy(dtype=np.int64)


def _ramp(roles: pd.DataFrame) -> np.ndarray:
    """Share effective by completed months: linear from ramp_start to 1 over ramp_months."""
    length = roles["ramp_months"].to_numpy(dtype=float)[:, None]
    start = roles["ramp_start"].to_numpy(dtype=float)[:, None]
    months = np.arange(TENURES, dtype=float)[None, :]
    return np.where(months >= length, 1.0, start + (1.0 - start) * months / np.maximum(length, 1.0))
