"""Moving within a period: pushed by time in the role, or pulled by vacancies above."""

import numpy as np
from scipy.optimize import brentq

from workforce.errors import Fault, InputError
from workforce.forecast.mobility import Mobility
from workforce.inputs.case import Case


def move_in_period(case: Case, mobility: Mobility, hazard: np.ndarray, months: int) -> tuple[np.ndarray, np.ndarray]:
    """[from, to, clock] probability of being pushed along an arc within a period by somebody who has not left, by
    completed months in the role at its opening; [from, to] whether an arc is estimated.

    Estimated arcs: monthly and unconditional, so divided by the stayers' share. Stated arcs: the yearly probability P
    of having moved, so the probability m per period solves P = sum over the year's periods of s^k (1 - L) m with s =
    (1 - L)(1 - m); with yearly periods this is m = P / (1 - L), the Markov chain n(t) = n(t-1) P + R itself.

    Raises InputError where leaving and moving together exceed 1.
    """
    mature = hazard[:, -1]
    estimated = _estimated(mobility, mature, months)
    stated = np.zeros(mobility.yearly.shape)
    per_year = 12 // months
    names, faults = list(case.tables.roles["role"]), []
    for role in np.flatnonzero(mobility.yearly.sum(axis=1) > 0):
        wanted = float(mobility.yearly[role].sum())
        share = solve_share(wanted, 1.0 - (1.0 - mature[role]) ** months, per_year)
        if share is None:
            faults.append(names[role])
        else:
            stated[role] = mobility.yearly[role] / wanted * share
    move = (estimated + stated[:, :, None]) * case.assumptions.mobility.multiplier
    faults += [names[role] for role in np.flatnonzero((move.sum(axis=1) > 1.0 + 1e-9).any(axis=1))]
    if faults:
        rule = "leaving and moving out of a role add up to at most 1 in a year"
        mend = "lower yearly_rate in transitions or in rates for this role, or mobility.multiplier"
        raise InputError(
            [Fault("transitions", None, "yearly_rate", name, rule, mend) for name in dict.fromkeys(faults)]
        )
    return move, np.asarray(estimated.any(axis=2))


def _estimated(mobility: Mobility, mature: np.ndarray, months: int) -> np.ndarray:
    """[from, to, clock] from monthly rates by band; a period's months follow each other, the first move ends it."""
    if not mobility.monthly.any():
        return np.zeros((*mobility.yearly.shape, 1))
    clock = np.arange(mobility.bands[-1] + 1)
    band = np.searchsorted(mobility.bands, clock, side="right") - 1
    rate = np.where(band >= 0, mobility.monthly[:, :, np.maximum(band, 0)], 0.0)
    rate = rate / np.maximum(1.0 - mature, 1e-9)[:, None, None]
    found, there = np.zeros_like(rate), np.ones((rate.shape[0], len(clock)))
    for month in range(months):
        now = rate[:, :, np.minimum(clock + month, clock[-1])]
        total = now.sum(axis=1)
        now = now / np.maximum(total, 1.0)[:, None, :]
        found += there[:, None, :] * now
        there = there * (1.0 - np.minimum(total, 1.0))
    return found


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


def order_pull(case: Case, feed: np.ndarray) -> tuple[int, ...]:
    """Roles whose vacancies are filled from below, the upper before the lower.

    Raises InputError where they fill each other in a circle.
    """
    waiting, ordered = set(np.flatnonzero(feed.any(axis=0)).tolist()), []
    while waiting:
        free = [role for role in sorted(waiting) if not any(feed[role, above] for above in waiting)]
        if not free:
            names = case.tables.roles["role"]
            circle = ", ".join(str(names[role]) for role in sorted(waiting))
            rule = "roles that replace by pull are not filled from each other in a circle"
            mend = "let one of them replace by push, or state the way up in transitions"
            raise InputError([Fault("roles", None, "replaces_by", circle, rule, mend)])
        ordered += free
        waiting -= set(free)
    return tuple(ordered)
