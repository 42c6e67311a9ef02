"""Crossed effects against the mode found by a general optimiser, and what they promise where the truth is known."""

import doctest
import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from workforce.forecast import effects
from workforce.forecast.attrition import bound_rates, pool_cells
from workforce.forecast.effects import fit_effects

ROOT = Path(__file__).parents[1]
UNIT, FAMILY = np.array([0, 0, 0, 1, 1, 1, 2, 2]), np.array([0, 1, 2, 0, 1, 2, 0, 1])
EVENTS = np.array([30.0, 3.0, 0.0, 12.0, 8.0, 1.0, 40.0, 2.0])
AT_RISK = np.array([900.0, 300.0, 150.0, 800.0, 500.0, 90.0, 700.0, 20.0])


def test_rates_are_the_mode_given_the_variances() -> None:
    found = fit_effects(EVENTS, AT_RISK, [UNIT, FAMILY])
    units, families, cells = found.variations
    scale = np.r_[np.full(3, units), np.full(3, families), np.full(8, cells)]

    def loss(point: np.ndarray) -> float:
        log_rate = point[0] + point[1:4][UNIT] + point[4:7][FAMILY] + point[7:]
        return float((AT_RISK * np.exp(log_rate) - EVENTS * log_rate).sum() + ((point[1:] / scale) ** 2).sum() / 2)

    best = minimize(loss, np.r_[-4.0, np.zeros(14)], method="BFGS", options={"gtol": 1e-9}).x
    log_rate = best[0] + best[1:4][UNIT] + best[4:7][FAMILY] + best[7:]
    np.testing.assert_allclose(found.rate, np.exp(log_rate), rtol=1e-4)
    assert (found.rate * AT_RISK).sum() == pytest.approx(EVENTS.sum(), rel=1e-6)


def test_much_data_speaks_for_itself_and_none_for_its_groups() -> None:
    events, at_risk = EVENTS * 10_000, AT_RISK * 10_000
    events[2] = at_risk[2] = 0.0
    found = fit_effects(events, at_risk, [UNIT, FAMILY])
    seen = at_risk > 0
    np.testing.assert_allclose(found.rate[seen], (events[seen] / at_risk[seen]), rtol=1e-2)
    assert found.weight[seen].min() > 0.9 and found.weight[2] < 1e-6
    assert found.spread[2] > 10 * found.spread[seen].max()


def test_a_unit_of_operators_does_not_lend_its_rate_to_its_managers() -> None:
    names = ["works operators", "works managers", "office clerks", "office managers", "shop sellers", "shop managers"]
    units, families = zip(*(name.split() for name in names), strict=True)
    roles = pd.DataFrame({"role": names, "unit": units, "family": families})
    at_risk = np.array([[20_000.0], [200.0], [8_000.0], [2_000.0], [8_000.0], [2_000.0]])
    events = np.array([[800.0], [1.0], [80.0], [10.0], [80.0], [10.0]])
    rate, weight, spread = pool_cells(events, at_risk, roles)
    low, high = bound_rates(rate, spread, 0.9)
    assert rate[0, 0] == pytest.approx(0.04, rel=0.05) and rate[1, 0] < 0.015
    assert low[1, 0] < 0.005 < high[1, 0]
    assert weight[0, 0] > 0.9 > 0.6 > weight[1, 0]


def coverage_of(histories: int) -> pd.DataFrame:
    """By path, as a package named coverage may be installed."""
    spec = importlib.util.spec_from_file_location("hazard_coverage", ROOT / "benchmarks" / "coverage.py")
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    return benchmark.measure_coverage(histories)


@pytest.mark.parametrize("histories", [6, pytest.param(200, marks=pytest.mark.long)])
def test_intervals_cover_the_truth_of_the_example_company(histories: int) -> None:
    found = coverage_of(histories)
    assert 0.85 <= found["coverage"].mean() <= 0.95
    assert found["error_pooled"].mean() < 0.5 * found[["error_raw", "error_company"]].mean().min()


def test_examples_run() -> None:
    result = doctest.testmod(effects)
    assert result.attempted and not result.failed
