"""Shrinkage against numerical integration, and the promise of intervals and weights."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import gamma, poisson

from workforce.forecast.attrition import pool_cells
from workforce.forecast.pooling import shrink


def test_the_posterior_mean_equals_the_integral() -> None:
    events, expected = np.array([0.0, 3.0, 12.0, 1.0, 7.0]), np.array([4.0, 2.0, 5.0, 6.0, 6.0])
    fit = shrink(events, expected)
    a = fit.strength
    for index in range(len(events)):
        def joint(theta: float, i: int = index) -> float:
            return gamma.pdf(theta, a, scale=1 / a) * poisson.pmf(events[i], theta * expected[i])

        mean = quad(lambda t: t * joint(t), 0, 30)[0] / quad(joint, 0, 30)[0]
        assert fit.factor[index] == pytest.approx(mean, rel=1e-6)


def test_the_strength_maximises_the_marginal_likelihood() -> None:
    events, expected = np.array([0.0, 3.0, 12.0, 1.0, 7.0]), np.array([4.0, 2.0, 5.0, 6.0, 6.0])

    def likelihood(a: float) -> float:
        pairs = zip(events, expected, strict=True)
        return sum(np.log(quad(lambda t: gamma.pdf(t, a, scale=1 / a) * poisson.pmf(d, t * e), 0, 40)[0]) for d, e in pairs)

    best = shrink(events, expected).strength
    assert likelihood(best) > likelihood(best * 1.3) and likelihood(best) > likelihood(best / 1.3)


def test_groups_that_are_alike_keep_little_of_their_own() -> None:
    fit = shrink(np.full(20, 5.0), np.full(20, 5.0))
    assert fit.weight.max() < 0.05 and np.allclose(fit.factor, 1.0)


def test_a_thin_cell_lies_between_its_own_rate_and_its_parents() -> None:
    import pandas as pd

    roles = pd.DataFrame({"role": list("abcdef"), "unit": list("uuuvvv"), "family": list("uuuvvv")})
    generator = np.random.default_rng(5)
    at_risk = np.tile([200.0, 400.0, 6000.0], (6, 1))
    at_risk[0] = 20.0
    truth = np.array([0.03, 0.02, 0.01]) * np.array([1.0, 3.0, 1.5, 0.5, 0.4, 0.8])[:, None]
    events = generator.poisson(at_risk * truth).astype(float)
    events[0, 0] = 0.0
    rate, weight, _ = pool_cells(events, at_risk, roles)
    assert 0.0 < rate[0, 0] < 0.1
    assert weight[0, 2] < weight[1, 2]
    raw = events / at_risk
    company = events.sum() / at_risk.sum()
    error = ((rate - truth) ** 2).sum()
    assert error < ((raw - truth) ** 2).sum() and error < ((company - truth) ** 2).sum()
