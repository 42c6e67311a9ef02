"""The best beginning for many futures, by decomposition, with a proved gap.

Each future, asked what it costs under a beginning, answers with a tangent from below (multi-cut L-shaped method: Birge &
Louveaux 2011, section 5.1). A guide, which is one future in full, the dearest, and the tangents of the others, says where
to look next and how cheap a beginning can be at the most (partial decomposition: Crainic, Hewitt, Maggioni & Rei 2021):
the future in full tells it what a beginning is good for, without which many times as many rounds are needed. Looked at is
a point on the way from the best so far to where the guide points (in-out: Ben-Ameur & Neto 2007), for the guide's own
points jump about.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from workforce.optimise.highs import Solution, keep_model
from workforce.optimise.recourse import Block, Futures

ROUNDS = 500
"""After so many the best beginning so far is given, with the gap that is proved by then."""

STEP = 0.3
"""Share of the way from the best beginning so far to the guide's."""

LEAST = 1e-8
"""A smaller gap is not asked for: it is what the solver leaves open in each future."""

TOLD = 5
"""Rounds between two lines of progress."""


@dataclass(frozen=True)
class Beginning:
    """decided: amounts of the shared decisions, the threshold among them; value: mean over futures of what they cost under
    it; answers: by future. bound: no beginning costs less; parts: [future] of the bound, which is their mean."""

    decided: np.ndarray
    value: float
    answers: list[Solution]
    bound: float
    parts: np.ndarray

    @property
    def gap(self) -> float:
        """How much cheaper, at most, the best beginning could be, as a share."""
        return max(self.value - self.bound, 0.0) / max(abs(self.value), 1e-12)


def find_beginning(
    futures: Futures, start: np.ndarray, gap: float, tell: Callable[[str], None] | None = None
) -> Beginning:
    """The beginning with the least mean cost over the futures, proved to the relative gap. start: [shared decision] a
    beginning that the futures can carry out; what comes back never costs more. tell: hears how far it has come."""
    alone, answers = futures.alone(), futures.ask(start, float(start[-1]))
    parts = np.array([one.objective for one in alone])
    best = Beginning(start, _mean(answers), answers, _mean(alone), parts)
    if len(alone) == 1:
        decided = np.maximum(alone[0].amounts[futures.blocks[0].shared], 0.0)
        return replace(best, decided=decided, value=best.bound, answers=alone)
    guide = _Guide(futures.blocks, int(np.argmax([one.objective for one in answers])))
    guide.learn(None, alone)
    guide.learn(start, answers)
    step = STEP
    for turn in range(1, ROUNDS + 1):
        aim, parts = guide.point()
        if parts.mean() > best.bound:
            best = replace(best, bound=float(parts.mean()), parts=parts)
        if tell and turn % TOLD == 0:
            tell(f"round {turn}: cost {best.value:,.0f}, none below {best.bound:,.0f} ({best.gap:.2%})")
        if best.gap <= max(gap, LEAST):
            break
        tried = best.decided + step * (aim - best.decided)
        answers = futures.ask(tried, float(tried[-1]))
        guide.learn(tried, answers)
        # A future that cannot carry out a beginning teaches nothing: look nearer to one that it can.
        step = STEP if np.isfinite(_mean(answers)) else 0.5 * step
        if _mean(answers) < best.value:
            best = replace(best, decided=tried, value=_mean(answers), answers=answers)
    return best


class _Guide:
    """One future in full and the tangents of the others: the sum of all, from below."""

    def __init__(self, blocks: list[Block], whole: int) -> None:
        self._blocks, self._whole = blocks, whole
        self._others = np.delete(np.arange(len(blocks)), whole)
        self._shared, self._cost = blocks[whole].shared, np.concatenate(blocks[whole].model.cost)
        self._kept, none = keep_model(blocks[whole].model), np.array([], dtype=int)
        for _ in self._others:
            self._kept.add_column(1.0, none, none)
        self._kept.change_bounds(len(self._cost) + np.arange(len(self._others)), -np.inf, np.inf)

    def learn(self, decided: np.ndarray | None, answers: list[Solution]) -> None:
        """What the futures cost under a beginning and how that changes with it; None: each under its own best, below which
        it never costs."""
        for place, number in enumerate(self._others):
            side, slope = answers[number].objective, np.zeros(len(self._shared))
            if decided is not None:
                slope = answers[number].reduced[self._blocks[number].shared]
                side -= float(slope @ decided)
            if np.isfinite(side):
                columns = np.append(self._shared, len(self._cost) + place)
                self._kept.add_row(columns, np.append(-slope, 1.0), lower=side)

    def point(self) -> tuple[np.ndarray, np.ndarray]:
        """The beginning that looks best from here, and [future] what each costs under it at the least."""
        found, parts = self._kept.solve().amounts, np.empty(len(self._blocks))
        parts[self._whole] = self._cost @ found[: len(self._cost)]
        parts[self._others] = found[len(self._cost) :]
        return np.maximum(found[self._shared], 0.0), parts


def _mean(answers: list[Solution]) -> float:
    return float(np.mean([one.objective for one in answers]))
