"""Partial pooling of rates: a thin group is drawn towards its parent, never dropped and never taken at face value."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

WEAKEST, STRONGEST = 1e-2, 1e6


@dataclass(frozen=True)
class Shrinkage:
    """Factors of groups relative to what their parent lets expect.

    factor: posterior mean of each group's multiplier; weight: share of it that is the group's own data (0..1);
    spread: variance of its logarithm; strength: the prior's shape, in expected events (large = groups alike).
    """

    factor: np.ndarray
    weight: np.ndarray
    spread: np.ndarray
    strength: float


def shrink(events: np.ndarray, expected: np.ndarray) -> Shrinkage:
    """Gamma-Poisson shrinkage: events ~ Poisson(theta x expected), theta ~ Gamma(a, a) over the groups.

    `a` maximises the marginal likelihood (negative binomial); the posterior mean of theta is (a + events) / (a + expected) and its own
    data weigh expected / (a + expected). Source: Efron & Morris 1975; Clayton & Kaldor 1987, Biometrics 43, section 2.

    events, expected: same shape, counts. Groups without expected events get factor 1 and weight 0.

    >>> round(float(shrink(np.array([0.0, 10.0]), np.array([5.0, 5.0])).factor[1]), 2) > 1
    True
    """
    events, expected = np.asarray(events, dtype=float), np.asarray(expected, dtype=float)
    use = expected > 0
    if use.sum() < 2:
        strength = STRONGEST
    else:
        d, e = events[use], expected[use]

        def loss(log_strength: float) -> float:
            a = np.exp(log_strength)
            return -float(np.sum(gammaln(a + d) - gammaln(a) + a * np.log(a / (a + e)) - d * np.log(a + e)))

        found = minimize_scalar(loss, bounds=(np.log(WEAKEST), np.log(STRONGEST)), method="bounded")
        strength = float(np.exp(found.x))
    factor = np.where(use, (strength + events) / (strength + expected), 1.0)
    weight = np.where(use, expected / (strength + expected), 0.0)
    return Shrinkage(factor, weight, 1.0 / (strength + np.where(use, events, 0.0)), strength)
