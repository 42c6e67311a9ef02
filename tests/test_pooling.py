"""Shrinkage against numerical integration, and what it promises."""

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad, trapezoid
from scipy.stats import gamma, norm, poisson

from workforce.forecast.attrition import pool_cells
from workforce.forecast.pooling import shrink, shrink_rates

EVENTS, EXPECTED = np.array([0.0, 3.0, 12.0]), np.array([4.0, 2.0, 5.0])


def test_the_posterior_mean_equals_the_double_integral() -> None:
    # On the logarithmic scale: neither the pole of wide priors at 0 nor the spike of narrow ones at 1 is missed.
    log_theta = np.linspace(-30.0, 3.0, 100_001)
    theta = np.exp(log_theta)

    def joint(index: int, variation: float) -> np.ndarray:
        shape = variation**-2
        return gamma.pdf(theta, shape, scale=1 / shape) * poisson.pmf(EVENTS[index], theta * EXPECTED[index]) * theta

    grid = np.linspace(0.01, 1.5, 60)
    whole = np.array([[trapezoid(joint(index, variation), log_theta) for index in range(3)] for variation in grid])
    fit = shrink(EVENTS, EXPECTED)
    for index in range(3):
        first = np.array([trapezoid(theta * joint(index, variation), log_theta) for variation in grid])
        others = np.delete(whole, index, axis=1).prod(axis=1)
        mean = (first * others).sum() / (whole[:, index] * others).sum()
        assert fit.factor[index] == pytest.approx(mean, rel=1e-3)


def test_groups_that_are_alike_keep_little_of_their_own() -> None:
    fit = shrink(np.full(40, 50.0), np.full(40, 50.0))
    assert fit.weight.max() < 0.2 and np.allclose(fit.factor, 1.0)


def test_a_group_without_expected_events_stays_at_its_parent() -> None:
    fit = shrink(np.array([0.0, 9.0, 2.0]), np.array([0.0, 5.0, 5.0]))
    assert fit.factor[0] == pytest.approx(1.0) and fit.weight[0] == 0.0


def test_the_posterior_mean_of_an_arc_equals_its_integral_and_a_busy_arc_keeps_its_rate() -> None:
    events, at_risk = np.array([1.0, 2.0, 60.0, 5.0, 1.0]), np.array([900.0, 400.0, 300.0, 1200.0, 2000.0])
    rate, weight = shrink_rates(events, at_risk)
    assert rate[2] == pytest.approx(0.2, rel=0.03) and weight[2] > 0.9

    # mu and tau from an independent search over a grid, each likelihood integrated by quadrature.
    def likelihood(mu: float, tau: float) -> float:
        return sum(
            np.log(
                quad(
                    lambda x, d=d, n=n: norm.pdf(x, mu, tau) * poisson.pmf(d, n * np.exp(x)),
                    mu - 6 * tau,
                    mu + 6 * tau,
                    limit=200,
                )[0]
            )
            for d, n in zip(events, at_risk, strict=True)
        )

    best = max(
        ((mu, tau) for mu in np.linspace(-6.5, -4.0, 11) for tau in np.linspace(0.5, 3.0, 11)),
        key=lambda p: likelihood(*p),
    )
    for index in (0, 3):
        d, n = events[index], at_risk[index]

        def density(x: float, d: float = d, n: float = n) -> float:
            return norm.pdf(x, *best) * poisson.pmf(d, n * np.exp(x))

        mean = quad(lambda x: np.exp(x) * density(x), -14, 1, limit=300)[0] / quad(density, -14, 1, limit=300)[0]
        assert rate[index] == pytest.approx(mean, rel=0.1)


def test_pooling_beats_raw_and_company_rates_where_the_truth_is_known() -> None:
    roles = pd.DataFrame({"role": list("abcdef"), "unit": list("uuuvvv"), "family": list("uuuvvv")})
    generator = np.random.default_rng(5)
    at_risk = np.tile([200.0, 400.0, 6000.0], (6, 1))
    at_risk[0] = 20.0
    truth = np.array([0.03, 0.02, 0.01]) * np.array([1.0, 3.0, 1.5, 0.5, 0.4, 0.8])[:, None]
    pooled = raw = company = 0.0
    for _ in range(20):
        events = generator.poisson(at_risk * truth).astype(float)
        rate, weight, _ = pool_cells(events, at_risk, roles)
        pooled += ((rate - truth) ** 2).sum()
        raw += ((events / at_risk - truth) ** 2).sum()
        company += ((events.sum() / at_risk.sum() - truth) ** 2).sum()
    assert pooled < raw and pooled < company
    assert weight[0, 2] < weight[1, 2]
