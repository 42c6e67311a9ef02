"""One future of the two-stage programme: the ordinary programme of that future, with the decisions it shares with others.

Shared (first stage): what is begun in the first plan.commit_periods, before anybody knows which future comes: offers to
candidates, programme starts, moves, releases, offers to stay. Everything else is recourse, decided in each future for
itself; contractors, overtime and short time always are. A future's recourse knows the whole of that future, as in every
two-stage programme (Birge & Louveaux 2011, section 2.4).

Every future has an answer to every commitment: where too few people are there to carry one out, the rest is broken off at
a price (a year's pay of the dearest role a head), and what a future alone may break (a budget that its people's pay
exceeds, a share of people who have left) is overrun at a price (plan.overrun_price a unit of money; that year's pay a
head). So no future makes the programme infeasible.
"""

from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case
from workforce.optimise.actions import Actions
from workforce.optimise.highs import KeptModel, Solution, keep_model
from workforce.optimise.linear import AT_MOST, EQUAL, LinearModel
from workforce.optimise.model import PlanModel, build_model
from workforce.optimise.prices import loaded_cost
from workforce.optimise.reactions import describe_established
from workforce.simulate.futures import Future

SHARED = ("hires", "develops", "moves", "releases", "keeps")
ELASTIC = (
    "budget",
    "establishment",
    "surplus",
    "coverage",
    "end",
    "span",
    "inside",
    "eligible",
    "mentors",
    "target_share",
    "limits",
)
"""Rules that may be overrun at a price in a future; of the rest, doing nothing keeps every one."""

SEARCHES = 40
TIGHT = 1e-6
"""A search for the best threshold tries so many at the most, and ends within this share of the best value."""


@dataclass(frozen=True)
class Risk:
    """Weight of the risk in the objective, and the level of the conditional value at risk: 0.8 = the worst fifth."""

    weight: float
    level: float


@dataclass(frozen=True)
class Block:
    """A future's programme. shared: columns of the first stage, in one order for all futures; threshold: the column of the
    shortage cost from which a future counts as bad, -1 without risk. money: [column] cost with every price but the
    risk's; shortage: columns of shortage. level: of the risk."""

    model: LinearModel
    programme: PlanModel
    shared: np.ndarray
    threshold: int
    money: np.ndarray
    shortage: np.ndarray
    level: float

    def cost(self, amounts: np.ndarray) -> float:
        return float(self.money @ amounts)

    def short(self, amounts: np.ndarray) -> float:
        """Money: the price of this future's shortage."""
        return float(self.money[self.shortage] @ amounts[self.shortage])


def list_shared(options: Actions, commit: int) -> dict[str, np.ndarray]:
    """By kind of decision, which rows of its table are of the first stage."""
    starts = {name: getattr(options, name)["start"].to_numpy() for name in SHARED}
    return {name: np.flatnonzero((start >= 0) & (start < commit)) for name, start in starts.items()}


def build_block(case: Case, options: Actions, future: Future, commit: int, risk: Risk) -> Block:
    """The programme of one future: least cost + weight x (threshold + what the shortage cost exceeds it by / (1 - level)),
    whose mean over futures, at the best threshold, is the expected cost + weight x CVaR (Rockafellar & Uryasev 2000,
    equation 9)."""
    established = describe_established(future.dynamics, project_stocks(future.dynamics))
    programme = build_model(case, future.dynamics, established, options, future.required)
    model, head = programme.model, max(float(loaded_cost(case)[0].max()), 1.0)
    _soften(case, model, programme, head)
    shared: list[np.ndarray] = []
    for name, places in list_shared(options, commit).items():
        columns = getattr(programme.columns, name)[places]
        if name == "hires":
            shared.append(columns)
            continue
        names = [model.names[column] for column in columns]
        committed = model.add_columns([f"committed_{one}" for one in names])
        broken = model.add_columns([f"broken_{one}" for one in names], head)
        rows = model.add_rows([f"committed_{one}" for one in names], EQUAL, 0.0)
        for part, sign in ((committed, -1.0), (columns, 1.0), (broken, 1.0)):
            model.add_entries(rows, part, sign)
        shared.append(committed)
    money, threshold = np.concatenate(model.cost), -1
    shortage = programme.columns.shortage.ravel()
    if risk.weight > 0:
        threshold = int(model.add_columns(["threshold"], risk.weight)[0])
        beyond = model.add_columns(["beyond"], risk.weight / (1.0 - risk.level))
        row = model.add_rows(["beyond"], AT_MOST, 0.0)
        model.add_entries(row, shortage, money[shortage])
        model.add_entries(row, np.array([threshold, beyond[0]]), -1.0)
        shared.append(np.array([threshold]))
        money = np.append(money, [0.0, 0.0])
    model.whole = [np.zeros(len(model.names), dtype=bool)]
    return Block(model, programme, np.concatenate(shared), threshold, money, shortage, risk.level)


def _soften(case: Case, model: LinearModel, programme: PlanModel, head: float) -> None:
    plan = case.assumptions.plan
    for kind in ELASTIC:
        rows = programme.rows.get(kind, np.array([], dtype=int))
        priced = (kind == "coverage" and plan.shortage == "priced") or (
            kind == "establishment" and plan.establishment != "hard"
        )
        if priced or not len(rows):
            continue
        sign = np.array([-1.0 if model.senses[row] == AT_MOST else 1.0 for row in rows])
        names = [f"beyond_{model.row_names[row]}" for row in rows]
        model.add_entries(rows, model.add_columns(names, plan.overrun_price if kind == "budget" else head), sign)


def join_blocks(blocks: list[Block]) -> tuple[KeptModel, list[np.ndarray]]:
    """All futures, alike likely, in one programme with one set of shared columns (the deterministic equivalent); and for
    each future the numbers of its columns there. `find_beginning` finds the same sooner; this is what it is held to."""
    matrices = [block.model.matrix() for block in blocks]
    own = [np.setdiff1d(np.arange(len(block.model.names)), block.shared) for block in blocks]
    n_shared = len(blocks[0].shared)
    places, first = [], n_shared
    for block, mine in zip(blocks, own, strict=True):
        place = np.empty(len(block.model.names), dtype=np.int64)
        place[block.shared], place[mine] = np.arange(n_shared), first + np.arange(len(mine))
        first += len(mine)
        places.append(place)
    rows, columns, values, begin = [], [], [], 0
    for matrix, place in zip(matrices, places, strict=True):
        rows.append(np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)) + begin)
        columns.append(place[matrix.indices])
        values.append(matrix.data)
        begin += matrix.shape[0]
    cost, lower, upper = np.zeros(first), np.full(first, -np.inf), np.full(first, np.inf)
    for block, place in zip(blocks, places, strict=True):
        cost[place] += np.concatenate(block.model.cost) / len(blocks)
        lower[place] = np.maximum(lower[place], np.concatenate(block.model.lower))
        upper[place] = np.minimum(upper[place], np.concatenate(block.model.upper))
    sides = [block.model.row_bounds() for block in blocks]
    row, column = (np.concatenate(part).astype(np.int32) for part in (rows, columns))
    matrix = sparse.coo_array((np.concatenate(values), (row, column)), shape=(begin, first)).tocsr()
    bounds = (np.concatenate([part[side] for part in sides]) for side in (0, 1))
    return KeptModel(matrix, cost, lower, upper, *bounds), places


class Futures:
    """Blocks kept in the solver one by one, to be asked what each costs under given shared decisions, or under its own."""

    def __init__(self, blocks: list[Block], pool: Executor) -> None:
        self.blocks, self._pool = blocks, pool
        self._kept = list(pool.map(lambda block: keep_model(block.model), blocks))
        self._alone: list[Solution] = []
        self._free = True

    def alone(self) -> list[Solution]:
        """Each future at its own best."""
        self._alone = self._alone or self.ask(None, None)
        return self._alone

    def ask(self, decided: np.ndarray | None, threshold: float | None) -> list[Solution]:
        """The best of each future. decided: amounts of the shared decisions (the threshold among them is not read), None =
        each future decides for itself; so with the threshold."""

        turned, self._free = self._free != (decided is None), decided is None

        def one(block: Block, kept: KeptModel) -> Solution:
            free = block.shared[block.shared != block.threshold]
            if turned:
                kept.forget()
            if decided is None:
                kept.restore_bounds(free)
            else:
                kept.change_bounds(free, decided[: len(free)], decided[: len(free)])
            if block.threshold >= 0:
                column = np.array([block.threshold])
                if threshold is None:
                    kept.restore_bounds(column)
                else:
                    kept.change_bounds(column, threshold, threshold)
            return kept.solve()

        return list(self._pool.map(one, self.blocks, self._kept))

    def weigh(self, decided: np.ndarray | None) -> tuple[float, float, list[Solution]]:
        """The mean over futures at the best threshold, that threshold, and the futures' answers. The mean is convex in the
        threshold and its slope is known (the reduced cost), so two tangents bracket the best one (Kelley 1960)."""
        place = self.blocks[0].threshold
        found = self.alone() if decided is None else self.ask(decided, None)
        if place < 0:
            return float(np.mean([one.objective for one in found])), 0.0, found
        # Each at its own threshold, which is its shortage cost: the best common one is near their quantile.
        shorts = [block.short(one.amounts) for block, one in zip(self.blocks, found, strict=True)]
        guess = float(np.quantile(shorts, self.blocks[0].level, method="higher"))

        def look(at: float) -> tuple[float, float, float, list[Solution]]:
            found = self.ask(decided, at)
            value, slope = (
                np.mean([part(one) for one in found]) for part in (_objective, lambda one: one.reduced[place])
            )
            return at, float(value), float(slope), found

        low = high = best = look(guess)
        step = max(0.1 * guess, 1.0)
        while low[2] > 0 and low[0] > 0:
            low, high, step = look(max(low[0] - step, 0.0)), low, 4.0 * step
        while high[2] < 0:
            low, high, step = high, look(high[0] + step), 4.0 * step
        best = min(low, high, best, key=_value)
        if low[2] >= 0 or high[2] <= 0:
            return best[1], best[0], best[3]
        for _ in range(SEARCHES):
            at = (high[1] - low[1] + low[2] * low[0] - high[2] * high[0]) / (low[2] - high[2])
            if best[1] - (low[1] + low[2] * (at - low[0])) <= TIGHT * max(abs(best[1]), 1.0):
                break
            middle = look(at)
            low, high = (middle, high) if middle[2] < 0 else (low, middle)
            best = min(best, middle, key=_value)
        return best[1], best[0], best[3]


def _objective(solution: Solution) -> float:
    return solution.objective


def _value(looked: tuple[float, float, float, list[Solution]]) -> float:
    return looked[1]
