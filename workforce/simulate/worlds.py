"""What a path does not know besides chance: its own leaving rates, and its own demand. Each is drawn once a path."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from workforce.forecast.attrition import TENURE_CAP
from workforce.forecast.doubt import Doubt
from workforce.simulate.streams import draw, key_people

_LEAST = 2.0**-54

_TOGETHER = 64
"""Paths multiplied at a time, always as many: the last bit of a product may depend on its shape, a path's rates may not
depend on how many paths there are."""


@dataclass(frozen=True)
class Rates:
    """Leaving rates of each path against the fitted ones. factor: [path, role, band], mean 1. band: [tenure] number of the
    band of every month of service. estimated: [role, tenure] share of the rate that the factor is of. Staying, 1 - q in the
    dynamics, becomes (1 - q)^(1 + estimated (factor - 1)): the rate m of q = 1 - exp(-m) is multiplied."""

    factor: np.ndarray
    band: np.ndarray
    estimated: np.ndarray


def draw_rates(doubt: Doubt, paths: np.ndarray) -> Rates:
    """Rates of each path: the fitted ones times a log-normal factor from their errors, those of one company, band, unit,
    family or role drawn together (`Doubt`).

    The factor's mean is 1: at the maximum of the posterior of a log rate stands the mean of the rate (a gamma posterior of
    shape a and scale s has the mean a s, and its logarithm the mode log(a s)), so the fitted rate is the expected one. Draws
    belong to a path and to a name (the unit, the role, the cell), so scenarios share them.

    paths: keys of `streams.key_paths`.
    """
    cells = [f"{role} band {band}" for role in doubt.roles for band in range(len(doubt.bands))]
    error = doubt.own * draw_normal(paths, cells).reshape(len(paths), *doubt.own.shape)
    if doubt.effects:
        loading, common = doubt.shared.reshape(-1, len(doubt.effects)), draw_normal(paths, list(doubt.effects))
        for first in range(0, len(paths), _TOGETHER):
            part = np.zeros((_TOGETHER, common.shape[1]))
            part[: len(common[first : first + _TOGETHER])] = common[first : first + _TOGETHER]
            found = (part @ loading.T)[: len(common) - first]
            error[first : first + _TOGETHER] += found.reshape(-1, *doubt.own.shape)
    months = np.arange(TENURE_CAP + 1)
    band = np.searchsorted(doubt.bands, months, side="right") - 1
    estimated = np.ones((len(doubt.roles), len(months))) if doubt.estimated is None else doubt.estimated
    return Rates(np.exp(error - doubt.spread / 2.0), band, np.ascontiguousarray(estimated))


def draw_normal(paths: np.ndarray, names: list[str]) -> np.ndarray:
    """[path, name] standard normal numbers, each of a path and a name."""
    return ndtri(np.maximum(draw(paths, key_people([f"rates {name}" for name in names]), 0, "whole"), _LEAST))


def draw_demand(low: np.ndarray, base: np.ndarray, high: np.ndarray, paths: np.ndarray) -> np.ndarray:
    """[path, period, role] required FTE: on each path one place between the plan's low and high, the same for all roles
    and periods, for what makes one role's demand high (a good year, a won customer) mostly makes the others' high too.

    The place is drawn evenly and read off the triangular distribution of low, base (the likeliest) and high of each role
    and period (Johnson 1997, The Statistician 46: the triangular distribution as a proxy for the beta in risk analysis).
    Where base lies outside low and high it stands for the nearer of the two.

    low, base, high: [period, role] FTE. paths: keys.
    """
    place = draw(paths, key_people(["demand of the company"]), 0, "whole")[:, 0]
    return read_demand(low, base, high, place)


def read_demand(low: np.ndarray, base: np.ndarray, high: np.ndarray, place: np.ndarray) -> np.ndarray:
    """[place, ...] quantiles, at each place 0..1, of triangular distributions from low to high with their mode at base.

    >>> read_demand(np.array([0.0]), np.array([1.0]), np.array([2.0]), np.array([0.0, 0.5, 1.0])).ravel().tolist()
    [0.0, 1.0, 2.0]
    """
    low, high = np.minimum(low, high), np.maximum(low, high)
    mode, width = np.clip(base, low, high), high - low
    wide = np.where(width > 0, width, 1.0)
    place = place.reshape(-1, *[1] * low.ndim)
    left = low + np.sqrt(place * wide * (mode - low))
    right = high - np.sqrt((1.0 - place) * wide * (high - mode))
    return np.where(width > 0, np.where(place * wide < mode - low, left, right), base)
