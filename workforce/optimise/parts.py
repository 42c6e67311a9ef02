"""A large programme in parts: what hangs together only by a few rows (budgets, a cap on all hires) is solved part by part.

Dantzig-Wolfe decomposition (Dantzig & Wolfe 1960), one convexity row a part: a price on each linking row turns the
programme into parts of their own; their answers are mixed by a small programme that keeps the linking rows and sets
the prices. Every round proves a bound (Lagrange): no solution costs less than the parts at those prices. Prices are
drawn to those of the best bound so far (Wentges 1997), for the mixing programme's own jump about at first.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from workforce.optimise.highs import KeptModel, Solution
from workforce.optimise.linear import LinearModel

SMALLEST_PART = 1_000
"""Rows; smaller parts are solved together."""

SAMPLE, REHEARSED = 12, 1e-3
"""So many parts are solved first, to this gap, for prices to begin with."""

ROUNDS = 200
DRAWN = 0.3
"""Share of the best bound's prices in the prices tried next."""


@dataclass
class _Part:
    kept: KeptModel
    rows: np.ndarray
    columns: np.ndarray
    cost: np.ndarray
    linked: sparse.csr_array  # [linking row, column of the part]


def solve_parts(
    model: LinearModel,
    linking: np.ndarray,
    gap: float = 1e-3,
    tell: Callable[[str], None] | None = None,
) -> Solution | None:
    """Solve to a proved relative gap; None where the linking rows do not part the programme, it has whole columns, or no
    solution keeps the linking rows: to be solved in one piece, then. tell: hears how far it has come.

    Amounts keep every row. Prices of the linking rows are those of the mixing programme; other prices and reduced
    costs those of the parts at the prices of the best bound, right within the gap and not to the last digit.
    """
    if any(part.any() for part in model.whole):
        return None
    matrix = model.matrix()
    cost, lower, upper = (np.concatenate(part) for part in (model.cost, model.lower, model.upper))
    row_lower, row_upper = model.row_bounds()
    linking = np.asarray(linking)
    inner = np.setdiff1d(np.arange(matrix.shape[0]), linking)
    group = _find_parts(matrix[inner])
    if group is None:
        return None
    row_group, column_group = group
    linked = matrix[linking]
    parts = []
    for number in range(int(row_group.max()) + 1):
        rows, columns = inner[row_group == number], np.flatnonzero(column_group == number)
        piece = matrix[rows][:, columns]
        kept = KeptModel(piece, cost[columns], lower[columns], upper[columns], row_lower[rows], row_upper[rows])
        parts.append(_Part(kept, rows, columns, cost[columns], linked[:, columns]))
    free = np.flatnonzero(column_group < 0)  # in linking rows alone
    bounds = (row_lower[linking], row_upper[linking])
    mix = _Mix(parts, linked[:, free], cost[free], lower[free], upper[free], *bounds)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        start = _rehearse(parts, bounds, pool, tell)
        found = _alternate(mix, parts, pool, gap, start, tell)
    if found is None:
        return None
    objective, bound, weights, free_amounts, prices, answers = found
    amounts, reduced, row_prices = np.zeros(len(cost)), np.zeros(len(cost)), np.zeros(len(row_lower))
    row_prices[linking] = prices
    amounts[free] = free_amounts
    reduced[free] = cost[free] - linked[:, free].T @ prices
    for part, share, tried, answer in zip(parts, weights, mix.answers, answers, strict=True):
        amounts[part.columns] = sum(one * answer_ for one, answer_ in zip(share, tried, strict=True) if one > 0)
        reduced[part.columns], row_prices[part.rows] = answer.reduced, answer.prices
    return Solution("optimal", objective, amounts, reduced, row_prices, matrix @ amounts, bound)


def _find_parts(inner: sparse.csr_array) -> tuple[np.ndarray, np.ndarray] | None:
    """[row], [column] the part each belongs to, -1 for columns without a row; None where there is but one part."""
    rows = inner.shape[0]
    graph = sparse.bmat([[None, inner], [inner.T, None]], format="csr")
    _, label = connected_components(graph, directed=False)
    size = np.bincount(label[:rows], minlength=label.max() + 1)
    part = np.full(len(size), -1)
    number, gathered = 0, 0
    for one in np.flatnonzero(size):
        part[one] = number
        gathered += size[one]
        if gathered >= SMALLEST_PART:
            number, gathered = number + 1, 0
    if number < 2:
        return None
    part[part == number] = number if gathered >= SMALLEST_PART else number - 1
    return part[label[:rows]], part[label[rows:]]


class _Mix:
    """The programme that mixes the parts' answers: linking rows, one row a part that its shares add up to 1, and columns
    that break a linking row at a price while no mix keeps it."""

    def __init__(
        self,
        parts: list[_Part],
        free: sparse.csr_array,
        cost: np.ndarray,
        lower: np.ndarray,
        upper: np.ndarray,
        row_lower: np.ndarray,
        row_upper: np.ndarray,
    ) -> None:
        self.rows, self.row_lower, self.row_upper = len(row_lower), row_lower, row_upper
        self.answers: list[list[np.ndarray]] = [[] for _ in parts]
        self.first, self.free = 2 * self.rows, len(cost)
        breaks = sparse.hstack([-sparse.eye(self.rows), sparse.eye(self.rows)])
        matrix = sparse.vstack(
            [sparse.hstack([breaks, free]), sparse.csr_array((len(parts), 2 * self.rows + len(cost)))]
        ).tocsr()
        self.owner: list[int] = []
        none, one = np.zeros(2 * self.rows), np.ones(len(parts))
        self.kept = KeptModel(
            sparse.csr_array(matrix),
            np.concatenate([none, cost]),
            np.concatenate([none, lower]),
            np.concatenate([np.full(2 * self.rows, np.inf), upper]),
            np.concatenate([row_lower, one]),
            np.concatenate([row_upper, one]),
        )

    def add(self, number: int, part: _Part, amounts: np.ndarray) -> None:
        used = part.linked @ amounts
        rows = np.flatnonzero(used)
        self.kept.add_column(
            float(part.cost @ amounts), np.append(rows, self.rows + number), np.append(used[rows], 1.0)
        )
        self.owner.append(number)
        self.answers[number].append(amounts)

    def price_breaking(self, price: float) -> None:
        every = np.arange(2 * self.rows)
        self.kept.change_costs(every, np.full(len(every), price))

    def weights(self, solution: Solution) -> list[np.ndarray]:
        share = solution.amounts[self.first + self.free :]
        owner = np.asarray(self.owner)
        return [share[owner == number] for number in range(len(self.answers))]

    def broken(self, solution: Solution) -> float:
        return float(solution.amounts[: self.first].sum())

    def side(self, prices: np.ndarray) -> float:
        """The prices times the sides they stand for: the upper where a price is below 0, the lower where it is above."""
        side = np.where(prices < 0, self.row_upper, self.row_lower)
        return float(prices @ np.where(prices == 0, 0.0, side))


def _rehearse(
    parts: list[_Part],
    bounds: tuple[np.ndarray, np.ndarray],
    pool: ThreadPoolExecutor,
    tell: Callable[[str], None] | None,
) -> np.ndarray:
    """Prices to begin with: those of some of the parts, with their share of each linking row's side. A poor guess costs
    rounds and nothing else."""
    some = parts[:: max(1, len(parts) // SAMPLE)]
    none = sparse.csr_array((len(bounds[0]), 0))
    blank = np.zeros(0)
    share = sum(len(part.cost) for part in some) / sum(len(part.cost) for part in parts)
    mix = _Mix(some, none, blank, blank, blank, bounds[0] * share, bounds[1] * share)
    found = _alternate(mix, some, pool, REHEARSED, np.zeros(mix.rows), tell)
    return np.zeros(mix.rows) if found is None else found[4]


def _alternate(
    mix: _Mix,
    parts: list[_Part],
    pool: ThreadPoolExecutor,
    gap: float,
    start: np.ndarray,
    tell: Callable[[str], None] | None,
) -> tuple | None:
    def ask(prices: np.ndarray) -> list[Solution]:
        def one(part: _Part) -> Solution:
            part.kept.change_cost(part.cost - part.linked.T @ prices)
            return part.kept.solve(method="primal" if part.kept.warm else "simplex")

        return list(pool.map(one, parts))

    prices, best, bound, breaking = start, start, -np.inf, 10.0
    mixed, kept_answers = None, None
    for turn in range(1, ROUNDS + 1):
        answers = ask(prices)
        if any(answer.status == "infeasible" for answer in answers):
            return None
        proved = sum(answer.objective for answer in answers) + mix.side(prices)
        if proved > bound:
            bound, best, kept_answers = proved, prices, answers
        for number, (part, answer) in enumerate(zip(parts, answers, strict=True)):
            mix.add(number, part, answer.amounts)
        mix.price_breaking(breaking)
        mixed = mix.kept.solve(method="primal")
        whole = mix.broken(mixed) <= 1e-6
        short = (mixed.objective - bound) / abs(mixed.objective)
        if tell:
            tell(
                f"round {turn}: cost {mixed.objective:,.0f}, proved {bound:,.0f}" + ("" if whole else ", not yet kept")
            )
        if short <= gap:
            if whole:
                return (
                    mixed.objective,
                    bound,
                    mix.weights(mixed),
                    mixed.amounts[mix.first : mix.first + mix.free],
                    mixed.prices[: mix.rows],
                    kept_answers,
                )
            breaking *= 10.0  # proved at this price of breaking a rule, and still broken: the rule may be worth more
            if breaking > 1e9:
                return None
        prices = DRAWN * best + (1.0 - DRAWN) * mixed.prices[: mix.rows]
    return None
