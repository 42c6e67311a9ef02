"""Rates of cells whose groups cross: a role belongs to a unit and to a family, and each of its cells to a tenure band.

The groups are fitted together, not one after another: what a unit's many operators show of the unit is then not put on
its few managers, whose family says something else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

PRIOR_SPREAD = 0.5
"""Standard deviation of groups' log rates that is believed beforehand, worth one group of each kind (Chung et al. 2013,
Psychometrika 78: a weak prior keeps the estimate off 0, which a few groups would often give and which feigns
certainty)."""

PRIOR_GROUPS = 1.0
CELL_START = 0.1
ROUNDS = 200


@dataclass(frozen=True)
class Effects:
    """rate, weight, spread: one entry a cell; weight is the share of its own data in it (leverage, 0..1), spread the
    variance of its logarithm. variations: standard deviation of each grouping's effects, the cells' own last.
    shared: [cell, effect], own: [cell] loadings of the logarithms' error on independent standard normals, one for each
    effect (the level first, then every grouping's) and one for each cell: spread = row sums of shared^2 + own^2."""

    rate: np.ndarray
    weight: np.ndarray
    spread: np.ndarray
    variations: tuple[float, ...]
    shared: np.ndarray
    own: np.ndarray


def fit_effects(events: np.ndarray, at_risk: np.ndarray, groups: Sequence[np.ndarray]) -> Effects:
    """Poisson rates with crossed random effects, one for every grouping and one for the cell.

    events ~ Poisson(at_risk x exp(level + sum of the effects of its groups + own effect)); effects normal, each
    grouping with its own variance. Penalised quasi-likelihood (Breslow & Clayton 1993, Journal of the American
    Statistical Association 88, section 2): Newton steps for the effects with the cells' own integrated out, variances by
    MacKay's fixed point (1992, Neural Computation 4), until both stand still.

    events, at_risk: [cell]; groups: numbers 0.. of the group of each cell, one array for every grouping.

    >>> found = fit_effects(np.array([0.0, 40.0]), np.array([10.0, 1000.0]), [np.array([0, 1])])
    >>> bool(0.0 < found.rate[0] < 0.05), round(float(found.rate[1]), 3)
    (True, 0.04)
    """
    events, at_risk = np.asarray(events, dtype=float), np.asarray(at_risk, dtype=float)
    blocks = [np.zeros(len(events), dtype=int), *groups]
    sizes = [int(block.max()) + 1 for block in blocks]
    design = np.concatenate([np.eye(size)[block] for size, block in zip(sizes, blocks, strict=True)], axis=1)
    ends = np.cumsum(sizes)
    parts = [slice(end - size, end) for end, size in zip(ends, sizes, strict=True)][1:]
    variances, own = np.full(len(parts), PRIOR_SPREAD**2), CELL_START**2
    seen = at_risk > 0
    log_rate = np.full(len(events), np.log(max(events.sum(), 0.5) / max(at_risk.sum(), 1e-9)))
    for _ in range(ROUNDS):
        mean = np.maximum(at_risk * np.exp(log_rate), 1e-10)
        drawn = 1.0 / (1.0 + own * mean)  # how much a cell is drawn to what its groups say
        response = log_rate + np.clip(events / mean - 1.0, -5.0, 5.0)
        penalty = np.concatenate([[1e-9], np.repeat(1.0 / variances, sizes[1:])])
        inverse = np.linalg.inv((design.T * (mean * drawn)) @ design + np.diag(penalty))
        effects = inverse @ (design.T @ (mean * drawn * response))
        told = design @ effects
        doubt = ((design @ inverse) * design).sum(axis=1)
        step = np.clip(told + (1.0 - drawn) * (response - told) - log_rate, -1.0, 1.0)
        log_rate = log_rate + step
        before = np.append(variances, own)
        variances = np.array(
            [
                _estimate(effects[part], np.diag(inverse)[part], variance)
                for part, variance in zip(parts, variances, strict=True)
            ]
        )
        cell = ((1.0 - drawn) * (response - told))[seen]
        own = _estimate(cell, (own * drawn + (1.0 - drawn) ** 2 * doubt)[seen], own, 0.0)
        if np.abs(step).max() < 1e-8 and np.abs(np.append(variances, own) / before - 1.0).max() < 1e-4:
            break
    spread = drawn**2 * doubt + before[-1] * drawn
    weight = np.clip(mean * spread, 0.0, 1.0)
    shared = drawn[:, None] * (design @ np.linalg.cholesky(inverse))
    variations = (*np.sqrt(variances).tolist(), float(np.sqrt(own)))
    return Effects(np.exp(log_rate), weight, spread, variations, shared, np.sqrt(before[-1] * drawn))


def _estimate(effects: np.ndarray, doubt: np.ndarray, variance: float, prior: float = PRIOR_SPREAD) -> float:
    """The variance of effects: their squares over the number of them that the data determine."""
    determined = np.clip(len(effects) - doubt.sum() / variance, 0.0, len(effects))
    found = ((effects**2).sum() + PRIOR_GROUPS * prior**2) / (determined + PRIOR_GROUPS)
    return float(np.clip(found, 1e-6, 9.0))
