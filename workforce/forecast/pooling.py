"""Partial pooling of rates: a thin group is drawn towards its parent, never dropped and never taken at face value."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, logsumexp, polygamma

VARIATION = np.linspace(0.01, 1.5, 60)
"""Grid of how much groups may vary (standard deviation of their factors), each as likely as the next beforehand
(Gelman 2006)."""


@dataclass(frozen=True)
class Shrinkage:
    """Factors of groups relative to what their parent lets expect.

    factor: posterior mean of each group's multiplier; weight: share of it that is the group's own data (0..1);
    spread: variance of its logarithm; variation: posterior mean of the groups' standard deviation.
    """

    factor: np.ndarray
    weight: np.ndarray
    spread: np.ndarray
    variation: float


def shrink(events: np.ndarray, expected: np.ndarray) -> Shrinkage:
    """Gamma-Poisson shrinkage: events ~ Poisson(theta x expected), theta ~ Gamma(a, a) over the groups, 1 / sqrt(a)
    their variation.

    Given a, the posterior mean is (a + events) / (a + expected) and own data weigh expected / (a + expected) (Efron &
    Morris 1975; Clayton & Kaldor 1987, Biometrics 43, section 2). The variation is averaged over its posterior
    (uniform prior on the grid, Gelman 2006, Bayesian Analysis 1, section 5) instead of being set to its most likely
    value, which is often 0 for thin groups and would feign certainty.

    events, expected: same shape, counts. A group without expected events gets factor 1, weight 0 and the full spread
    of the groups.

    >>> round(float(shrink(np.array([0.0, 10.0]), np.array([5.0, 5.0])).factor[1]), 2) > 1
    True
    """
    events, expected = np.asarray(events, dtype=float), np.asarray(expected, dtype=float)
    use = expected > 0
    d, e = np.where(use, events, 0.0)[..., None], np.where(use, expected, 0.0)[..., None]
    a = VARIATION**-2.0
    if use.sum() < 2:
        return Shrinkage(np.ones(events.shape), np.zeros(events.shape), np.zeros(events.shape), 0.0)
    # Negative binomial marginal likelihood, without the terms that do not depend on a.
    fit = gammaln(a + d) - gammaln(a) + a * np.log(a / (a + e)) - d * np.log(a + e)
    total = fit.reshape(-1, len(a)).sum(axis=0)
    chance = np.exp(total - total.max())
    chance /= chance.sum()
    means = (a + d) / (a + e)
    factor = means @ chance
    within = polygamma(1, a + d) @ chance
    between = (np.log(means) ** 2) @ chance - (np.log(means) @ chance) ** 2
    return Shrinkage(factor, (e / (a + e)) @ chance, within + between, float(VARIATION @ chance))


DEPTH = np.linspace(-6.0, 6.0, 97)
"""Nodes of a standard normal variable, for sums over a log-normal distribution of rates."""


def shrink_rates(events: np.ndarray, at_risk: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rates whose sizes differ by orders of magnitude (moves along arcs), drawn to each other on the logarithmic scale.

    events ~ Poisson(rate x at_risk), log rate ~ Normal(mu, tau^2) with mu and tau at their most likely values; the
    posterior mean of each rate by summing over nodes (log-normal Poisson model; Breslow 1984, Applied Statistics 33,
    section 2). A busy arc keeps its own rate.
    Returns rate and weight of the arc's own data, tau^2 / (tau^2 + 1 / events).
    """
    events, at_risk = np.asarray(events, dtype=float), np.asarray(at_risk, dtype=float)
    centre = np.log(max(events.sum(), 0.5) / at_risk.sum())

    def log_joint(mu: float, tau: float) -> np.ndarray:
        log_rate = mu + tau * DEPTH
        return events[:, None] * log_rate - at_risk[:, None] * np.exp(log_rate) - DEPTH**2 / 2.0

    def loss(point: np.ndarray) -> float:
        return -float(logsumexp(log_joint(point[0], np.exp(point[1])), axis=1).sum())

    found = minimize(
        loss, [centre, np.log(0.5)], method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9, "maxiter": 2000}
    )
    mu, tau = found.x[0], float(np.exp(found.x[1]))
    joint = log_joint(mu, tau)
    posterior = np.exp(joint - logsumexp(joint, axis=1, keepdims=True))
    weight = tau**2 / (tau**2 + 1.0 / np.maximum(events, 1e-9))
    return posterior @ np.exp(mu + tau * DEPTH), weight
