"""How sure the estimated leaving rates are: the errors of their logarithms, and how these hang together."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Doubt:
    """Errors of the logarithms of estimated rates, as `effects.fit_effects` leaves them (Breslow & Clayton 1993, section 2):
    the posterior is normal around the fit, with the effects of company, band, unit, family and role in common.

    roles; effects: names of the common parts. shared: [role, band, effect] and own: [role, band] loadings on independent
    standard normals. Cells of one unit err together as far as the unit's effect is unsure; drawn cell by cell, the errors
    would average out over a unit or the company, which they do not.
    bands: first months of service of the bands. estimated: [role, tenure month] share of the leaving rate that is
    estimated, the rest being stated and sure; None = all of it.
    """

    roles: tuple[str, ...]
    effects: tuple[str, ...]
    shared: np.ndarray
    own: np.ndarray
    bands: tuple[int, ...]
    estimated: np.ndarray | None = None

    @property
    def spread(self) -> np.ndarray:
        """[role, band] variance of the logarithm."""
        return (self.shared**2).sum(axis=2) + self.own**2

    def average(self, weight: np.ndarray) -> float:
        """Standard deviation of the logarithm of a rate averaged over cells, `weight` [role, band] being the leavers that
        each is expected to have (first order: relative errors add up by their share).

        >>> one = Doubt(("a", "b"), ("company",), np.full((2, 1, 1), 0.1), np.zeros((2, 1)), (0,))
        >>> round(one.average(np.ones((2, 1))), 3)
        0.1
        """
        share = weight / max(float(weight.sum()), 1e-300)
        together = (share[:, :, None] * self.shared).sum(axis=(0, 1))
        return float(np.sqrt((together**2).sum() + ((share * self.own) ** 2).sum()))


def leave_stated_sure(doubt: Doubt, estimated: np.ndarray, hazard: np.ndarray) -> Doubt:
    """The same with what was stated taken as sure. estimated, hazard: [role, cause, tenure] before and after stated rates
    overruled them."""
    total = hazard.sum(axis=1)
    kept = np.where(estimated == hazard, hazard, 0.0).sum(axis=1)
    return replace(doubt, estimated=np.divide(kept, total, out=np.zeros_like(total), where=total > 0))
