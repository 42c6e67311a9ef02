"""How FTE has followed its driver: log FTE on log driver, and whether that is worth more than last year's ratio."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

YEARS_NEEDED = 3
"""Years of months at least: two to learn from and one to be judged on."""

HALVINGS = 60
"""Halvings of an interval: more than a double has digits."""

SNAPSHOTS_NEEDED = 4
"""Observations at least where the past is known once a year: three to learn from and one to be judged on."""


CORRELATIONS = np.sin((np.arange(200) + 0.5) / 200 * np.pi - np.pi / 2)
"""Correlations of neighbouring residuals that are weighed against each other: the middles of 200 equally likely parts of
the arcsine law on (-1, 1)."""


@dataclass(frozen=True)
class Elasticity:
    """log FTE = intercept + slope x log driver, with residuals that follow each other.

    slope, intercept: means over the correlations. correlation: mean correlation of a residual with the one before it.
    freedom: degrees of freedom of each of the t laws that the intervals mix. mean: of the log driver. weights:
    [correlation] how likely each is. lines: [correlation, 2] level at the mean, and slope. spreads: [correlation, 3]
    variance of the level, covariance, variance of the slope.
    """

    slope: float
    intercept: float
    correlation: float
    freedom: int
    mean: float
    weights: np.ndarray
    lines: np.ndarray
    spreads: np.ndarray

    def slope_interval(self, confidence: float) -> tuple[float, float]:
        """Interval of the elasticity."""
        low, high = self._bound(np.array([0.0, 1.0]), confidence)
        return float(low), float(high)

    def expect(self, driver: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """FTE at each driver value (> 0): low end, middle and high end of the interval of the line, which is what is
        needed; a single month lies about it."""
        distance = np.log(driver) - self.mean
        low, high = self._bound(np.stack([np.ones_like(distance), distance], axis=-1), confidence)
        return np.exp(low), np.exp(self.intercept + self.slope * np.log(driver)), np.exp(high)

    def _bound(self, point: np.ndarray, confidence: float) -> tuple[np.ndarray, np.ndarray]:
        """Both ends for level and slope in the proportions of `point` [..., 2]: quantiles of the mixture, by bisection
        between the least and the largest of its parts'."""
        centre = point @ self.lines.T
        square = np.stack([point[..., 0] ** 2, 2 * point[..., 0] * point[..., 1], point[..., 1] ** 2], axis=-1)
        width = np.sqrt(np.maximum(square @ self.spreads.T, 0.0))
        reach = float(stdtrit(self.freedom, 0.5 + confidence / 2.0)) * width
        ends = []
        for sign in (-1.0, 1.0):
            low, high = (centre + sign * reach).min(axis=-1), (centre + sign * reach).max(axis=-1)
            wanted = 0.5 + sign * confidence / 2.0
            for _ in range(HALVINGS):
                middle = (low + high) / 2.0
                distance = middle[..., None] - centre
                part = stdtr(self.freedom, np.divide(distance, width, out=np.zeros_like(width), where=width > 0))
                below = part @ self.weights < wanted
                low, high = np.where(below, middle, low), np.where(below, high, middle)
            ends.append((low + high) / 2.0)
        return ends[0], ends[1]


def fit_elasticity(fte: np.ndarray, driver: np.ndarray) -> Elasticity:
    """Fit log FTE on log driver over observations in order of time (all > 0, at least three, the driver not constant).

    Headcount follows slowly, so that neighbouring months err alike, and how much is itself hardly known from a few dozen
    of them: the correlation of the residuals comes out too small (Marriott & Pope 1954, Biometrika 41), and an interval
    that takes it at its word is too short. Here the line is fitted by generalised least squares at every correlation of
    a first-order autoregression, and the fits are mixed by how likely each correlation is, with the line and the
    variance integrated out (Zellner & Tiao 1964, J. Am. Stat. Assoc. 59); before the data the
    correlation has the reference law of a stationary autoregression, 1 / sqrt(1 - r^2) (Berger & Yang 1994, Econometric
    Theory 10). Given r each interval is the t interval with n - 2 degrees of freedom.

    >>> fit = fit_elasticity(3 * np.array([10.0, 20.0, 40.0, 80.0]) ** 0.5, np.array([10.0, 20.0, 40.0, 80.0]))
    >>> round(fit.slope, 6), round(float(np.exp(fit.intercept)), 6)
    (0.5, 3.0)
    """
    x, y = np.log(driver), np.log(fte)
    count, mean = len(x), float(x.mean())
    distance = x - mean
    plain = np.array([y.mean(), distance @ y / (distance @ distance)])
    left = y - plain[0] - plain[1] * distance
    # The inverse of the correlation matrix is tridiagonal, so each product with it is a polynomial of the correlation;
    # residuals of the plain line in place of y keep the digits.
    table = np.column_stack([np.ones(count), distance, left])
    whole, inner, near = table.T @ table, table[1:-1].T @ table[1:-1], table[1:].T @ table[:-1]
    r = CORRELATIONS[:, None, None]
    product = whole + r**2 * inner - r * (near + near.T)
    inverse = np.linalg.inv(product[:, :2, :2])
    shift = np.einsum("kij,kj->ki", inverse, product[:, :2, 2])
    squares = product[:, 2, 2] - np.einsum("ki,ki->k", shift, product[:, :2, 2])
    freedom = count - 2
    # Below rounding the residuals are no news of anything.
    if not left @ left > 1e-18 * count:
        weights, shift, squares = np.full(len(r), 1.0 / len(r)), np.zeros_like(shift), np.zeros_like(squares)
    else:
        squares = np.maximum(squares, np.finfo(float).tiny)
        likely = 0.5 * np.log1p(-(CORRELATIONS**2)) - 0.5 * np.linalg.slogdet(product[:, :2, :2])[1]
        likely -= 0.5 * freedom * np.log(squares)
        weights = np.exp(likely - likely.max())
        weights /= weights.sum()
    lines = plain + shift
    scale = (squares / freedom)[:, None]
    spreads = scale * np.stack([inverse[:, 0, 0], inverse[:, 0, 1], inverse[:, 1, 1]], axis=1)
    level, slope = weights @ lines
    return Elasticity(
        float(slope),
        float(level - slope * mean),
        float(weights @ CORRELATIONS),
        freedom,
        mean,
        weights,
        lines,
        spreads,
    )


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
