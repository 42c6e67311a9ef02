"""How FTE has followed its driver: log FTE on log driver, and whether that is worth more than last year's ratio."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

YEARS_NEEDED = 3
"""Years of months at least: two to learn from and one to be judged on."""

SNAPSHOTS_NEEDED = 4
"""Observations at least where the past is known once a year: three to learn from and one to be judged on."""


@dataclass(frozen=True)
class Elasticity:
    """log FTE = intercept + slope x log driver, by ordinary least squares.

    error: standard error of a single month about the line (in logs). count, mean, spread: observations, mean of the log
    driver and its sum of squares about it. correlation: of each residual with the one before it (0 where negative).
    freedom: degrees of freedom of the intervals.
    """

    slope: float
    intercept: float
    error: float
    count: int
    mean: float
    spread: float
    correlation: float

    @property
    def inflation(self) -> float:
        """By how much more the variance is than if months were independent: (1 + r) / (1 - r)."""
        return (1.0 + self.correlation) / (1.0 - self.correlation)

    @property
    def freedom(self) -> float:
        return max(self.count / self.inflation - 2.0, 1.0)

    def slope_interval(self, confidence: float) -> tuple[float, float]:
        """Interval of the elasticity: slope -+ t x standard error."""
        reach = self._t(confidence) * self.error * np.sqrt(self.inflation / self.spread)
        return self.slope - reach, self.slope + reach

    def expect(self, driver: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """FTE at each driver value (> 0): low end, middle and high end of the interval of the line."""
        distance = np.log(driver) - self.mean
        middle = self.intercept + self.slope * np.log(driver)
        variance = self.inflation * (1.0 / self.count + distance**2 / self.spread)
        reach = self._t(confidence) * self.error * np.sqrt(variance)
        return np.exp(middle - reach), np.exp(middle), np.exp(middle + reach)

    def _t(self, confidence: float) -> float:
        return float(student.ppf(0.5 + confidence / 2.0, self.freedom))


def fit_elasticity(fte: np.ndarray, driver: np.ndarray) -> Elasticity:
    """Fit log FTE on log driver over observations in order of time (all > 0, at least three, the driver not constant).

    Headcount follows slowly, so that neighbouring months err alike. The intervals allow for it: the driver being a slow
    series too, n months of residuals with correlation r tell as much as n (1 - r) / (1 + r) independent ones (Bayley &
    Hammersley 1946, J. R. Stat. Soc. Suppl. 8; Zieba 2010), both in the standard error and in the degrees of freedom.

    >>> fit = fit_elasticity(3 * np.array([10.0, 20.0, 40.0, 80.0]) ** 0.5, np.array([10.0, 20.0, 40.0, 80.0]))
    >>> round(fit.slope, 6), round(float(np.exp(fit.intercept)), 6)
    (0.5, 3.0)
    """
    x, y = np.log(driver), np.log(fte)
    distance = x - x.mean()
    spread = float(distance @ distance)
    slope = float(distance @ y) / spread
    intercept = float(y.mean() - slope * x.mean())
    left = y - intercept - slope * x
    squares = float(left @ left)
    error = np.sqrt(squares / max(len(x) - 2, 1))
    # Below rounding the residuals are no news of anything.
    told = squares > 1e-18 * len(x)
    correlation = float(left[1:] @ left[:-1]) / squares if told else 0.0
    return Elasticity(slope, intercept, float(error), len(x), float(x.mean()), spread, min(max(correlation, 0.0), 0.99))


@dataclass(frozen=True)
class Trial:
    """How both would have done out of sample: absolute error over actual FTE (share), by the elasticity and by last
    year's ratio; tests: observations predicted."""

    elasticity: float
    ratio: float
    tests: int


def compare_with_ratio(fte: np.ndarray, driver: np.ndarray, a_year: int) -> Trial | None:
    """Rolling origin by whole years, backwards from the last observation: fit on all before, predict the year that
    follows from its actual driver, and add up the absolute errors (Tashman 2000, Int. J. Forecasting 16).

    Last year's ratio: driver x (FTE / driver of the year before the origin). `a_year`: observations in a year. None where
    the past is too short (YEARS_NEEDED years of months, SNAPSHOTS_NEEDED yearly observations).

    >>> x = np.array([100.0, 110, 121, 133, 146])
    >>> compare_with_ratio(x**0.5, x, 1).elasticity < 1e-9
    True
    """
    least = YEARS_NEEDED * a_year if a_year > 1 else SNAPSHOTS_NEEDED
    learn = least - a_year
    if len(fte) < least:
        return None
    wrong = np.zeros(2)
    tests, actual = 0, 0.0
    for origin in range(len(fte) - a_year, learn - 1, -a_year):
        past, ahead = slice(0, origin), slice(origin, origin + a_year)
        if np.ptp(np.log(driver[past])) < 1e-9:
            continue
        fit = fit_elasticity(fte[past], driver[past])
        by_line = np.exp(fit.intercept + fit.slope * np.log(driver[ahead]))
        year = slice(origin - a_year, origin)
        by_ratio = driver[ahead] * fte[year].sum() / driver[year].sum()
        wrong += [np.abs(by_line - fte[ahead]).sum(), np.abs(by_ratio - fte[ahead]).sum()]
        tests, actual = tests + a_year, actual + float(fte[ahead].sum())
    return Trial(float(wrong[0] / actual), float(wrong[1] / actual), tests) if tests else None
