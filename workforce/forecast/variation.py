"""How much groups differ, and how much one year differs from another beyond chance; counts predicted with both.

Leavers of a unit scatter more from year to year than a binomial count: a reorganisation, a new manager, a wage round
moves a whole unit at once. An interval that knows only chance is too short, so the scatter is estimated from the past.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom, norm
from scipy.stats import t as student

NODES = np.arange(-70, 71) * 0.05
"""Logarithms of a group's factor on its expected count, over which densities are summed."""

LASTING = np.linspace(0.05, 1.25, 17)
"""Grid of the standard deviation between groups that lasts, each as likely as the next beforehand (Gelman 2006)."""

YEARLY = np.linspace(0.02, 0.8, 27)
"""Grid of the standard deviation of a group from one of its years to another."""

YEARLY_SCALE = 0.25
"""Scale of the half-normal prior on it (Gelman 2006, section 7: a weak prior where there are few years). One year of
history cannot tell lasting differences from those of that year; this keeps the share of the year within reason."""

TAILS = (np.inf, 4.0)
"""Degrees of freedom of a year's departure, weighed by their likelihood: normal, or with the tails that a
reorganisation makes (Lange, Little & Taylor 1989, Journal of the American Statistical Association 84)."""


@dataclass(frozen=True)
class Variation:
    """The posterior of groups and years.

    chance: [group, node] predictive density of the logarithm of a group's factor in a year to come, on NODES, shifted
    so that the factor's mean is 1 where it is used. lasting, yearly: posterior means of the two standard deviations.
    """

    chance: np.ndarray
    lasting: float
    yearly: float

    @property
    def factors(self) -> np.ndarray:
        """[group, node] the factors, mean 1 in each group."""
        raw = np.exp(NODES)
        return raw / (self.chance @ raw)[:, None]

    @property
    def variance(self) -> np.ndarray:
        """[group] variance of the factor."""
        return (self.chance * (self.factors - 1.0) ** 2).sum(axis=1)


def measure_variation(events: np.ndarray, expected: np.ndarray) -> Variation:
    """Lasting and yearly variation of groups from their counts in past years.

    events ~ Poisson(expected x exp(group + year of the group)); group ~ Normal(0, lasting^2), the year's part normal or
    Student t of scale `yearly`; both scales and the tails averaged over their posterior (random-effects Poisson model;
    Breslow 1984, Applied Statistics 33; Gelman 2006, Bayesian Analysis 1). Sums over NODES stand for the integrals.

    events, expected: [group, year] counts; expected may be on any scale, 0 where nothing was observed.

    >>> still = measure_variation(np.full((6, 4), 50.0), np.full((6, 4), 50.0))
    >>> wild = measure_variation(np.tile([20.0, 90.0, 30.0, 60.0], (6, 1)), np.full((6, 4), 50.0))
    >>> still.yearly < 0.1 < wild.yearly
    True
    """
    events, expected = np.asarray(events, dtype=float), np.asarray(expected, dtype=float)
    level = events.sum() / max(expected.sum(), 1e-12)
    mean = np.maximum(expected * level, 1e-9)[:, :, None] * np.exp(NODES)
    counts = events[:, :, None]
    likelihood = np.exp(counts * np.log(mean) - mean - (counts * np.log(np.maximum(counts, 1e-9)) - counts))
    prior = np.exp(-((NODES / LASTING[:, None]) ** 2) / 2.0)
    prior /= prior.sum(axis=1, keepdims=True)
    kernels = [_departures(scale, freedom) for freedom in TAILS for scale in YEARLY]
    scales = np.tile(YEARLY, len(TAILS))
    by_group = [np.maximum((likelihood @ kernel.T).prod(axis=1), 1e-280) for kernel in kernels]
    marginal = [np.maximum(prior @ group.T, 1e-300) for group in by_group]  # [lasting, group]
    fit = np.array([np.log(one).sum(axis=1) for one in marginal]) - ((scales / YEARLY_SCALE) ** 2 / 2.0)[:, None]
    weight = np.exp(fit - fit.max())
    weight /= weight.sum()
    chance = np.zeros((len(events), len(NODES)))
    for number, kernel in enumerate(kernels):
        posterior = by_group[number] * ((weight[number][:, None] / marginal[number]).T @ prior)
        chance += posterior @ kernel
    chance /= chance.sum(axis=1, keepdims=True)
    return Variation(chance, float(weight.sum(axis=0) @ LASTING), float(weight.sum(axis=1) @ scales))


def _departures(scale: float, freedom: float) -> np.ndarray:
    """[node, node] chance of a year at the second node for a group at the first."""
    away = (NODES[None, :] - NODES[:, None]) / scale
    chance = norm.pdf(away) if np.isinf(freedom) else student.pdf(away, freedom)
    return chance / chance.sum(axis=1, keepdims=True)


def spread_counts(mean: np.ndarray, people: np.ndarray, variation: Variation) -> np.ndarray:
    """[group] variance of the count of leavers: chance (binomial) and the variation of the mean."""
    share = np.minimum(_share(mean, people)[:, None] * variation.factors, 1.0)
    average = (variation.chance * share).sum(axis=1)
    chance = (variation.chance * share * (1.0 - share)).sum(axis=1) * people
    return chance + people**2 * ((variation.chance * share**2).sum(axis=1) - average**2)


def place_counts(counts: np.ndarray, mean: np.ndarray, people: np.ndarray, variation: Variation) -> np.ndarray:
    """[group] where a count stands in its predictive distribution, 0..1: the chance of fewer, and half that of as many
    (mid-P; Lancaster 1961), so that over many groups the places are spread evenly even where counts are small."""
    counts, people = np.asarray(counts, dtype=float)[:, None], np.asarray(people, dtype=float)[:, None]
    share = np.minimum(_share(mean, people[:, 0])[:, None] * variation.factors, 1.0)
    fewer_or_as_many = binom.cdf(counts, people, share) - binom.pmf(counts, people, share) / 2.0
    return (variation.chance * fewer_or_as_many).sum(axis=1)


def predict_counts(
    mean: np.ndarray, people: np.ndarray, variation: Variation, confidence: float
) -> tuple[np.ndarray, np.ndarray]:
    """Low and high [group] of the count of leavers among `people`: the counts whose mid-P place lies within the middle
    `confidence` (Berry & Armitage 1995: cover as often as they say on average, where the usual discrete ones cover
    more). Found by halving, as the place grows with the count."""
    people = np.asarray(people, dtype=float)
    tail = (1.0 - confidence) / 2.0

    def first_at_least(wanted: float) -> np.ndarray:
        low, high = np.full(len(people), -1.0), people.copy()
        while (high - low > 1).any():
            middle = np.floor((low + high) / 2)
            reached = place_counts(middle, mean, people, variation) >= wanted
            low, high = np.where(reached, low, middle), np.where(reached, middle, high)
        return high

    low = first_at_least(tail)
    high = first_at_least(1.0 - tail)
    high = np.where(place_counts(high, mean, people, variation) > 1.0 - tail, high - 1.0, high)
    return low, np.clip(high, low, people)


def _share(mean: np.ndarray, people: np.ndarray) -> np.ndarray:
    mean, people = np.asarray(mean, dtype=float), np.asarray(people, dtype=float)
    return np.clip(np.divide(mean, people, out=np.zeros(len(people)), where=people > 0), 0.0, 1.0)
