"""HiGHS in process: one programme kept with its basis, so that it can be changed a little and solved again.

The only file that touches highspy. A change of right-hand sides, of bounds or of the objective keeps the basis, and
the dual (or primal) simplex goes on from there; a change of entries is better solved anew (performance notes,
section 1).
"""

import itertools
import threading
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from workforce.errors import RunError
from workforce.optimise.linear import LinearModel

LARGE = 15_000
"""Rows from which the interior point with crossover is begun with instead of the dual simplex; below it the simplex is as
quick or quicker on programmes of this house (measured at 1,000 to 80,000 rows, benchmarks/plans.py)."""

LASTING = 5_000
"""Rows from which solving a linear programme may last, so that Ctrl-C is listened for meanwhile."""

_STATUS = highspy.HighsModelStatus
_ENDED = {_STATUS.kOptimal: "optimal", _STATUS.kInfeasible: "infeasible", _STATUS.kUnbounded: "unbounded"}
_STOPPED = (_STATUS.kTimeLimit, _STATUS.kIterationLimit, _STATUS.kInterrupt, _STATUS.kSolutionLimit)
_DUAL, _PRIMAL = 1, 4  # HiGHS's codes of the simplex's strategies
_FEASIBLE = 2  # HiGHS's code for a primal solution that is feasible


@dataclass(frozen=True)
class Solution:
    """What a solver found.

    status: optimal; stopped (feasible, not proved within the gap asked for); infeasible. objective; bound: what no
    solution can be below, proved. amounts and reduced costs by column; prices (duals) and activity by row. Prices and
    reduced costs of a programme with whole columns are those of the linear programme that is left when these are fixed.
    basis: HiGHS's own, for `keep_model`; None where another solver found the solution.
    """

    status: str
    objective: float
    amounts: np.ndarray
    reduced: np.ndarray
    prices: np.ndarray
    activity: np.ndarray
    bound: float
    basis: Any = field(default=None, repr=False, compare=False)

    @property
    def gap(self) -> float:
        """(objective - bound) / |objective|: how much cheaper, at most, a better solution could be."""
        return max(self.objective - self.bound, 0.0) / max(abs(self.objective), 1e-12)


class KeptModel:
    """A programme inside HiGHS. Its methods change it in place and keep the basis; `solve` goes on from there."""

    def __init__(
        self,
        matrix: sparse.csr_array,
        cost: np.ndarray,
        lower: np.ndarray,
        upper: np.ndarray,
        row_lower: np.ndarray,
        row_upper: np.ndarray,
        whole: np.ndarray | None = None,
    ) -> None:
        self.shape = matrix.shape
        self.cost, self.lower, self.upper = cost, lower, upper
        self.row_lower, self.row_upper = row_lower, row_upper
        self.whole = np.array([], dtype=np.int32) if whole is None else np.flatnonzero(whole)
        self._fresh = True
        self._highs = highs = highspy.Highs()
        for option, value in (("output_flag", False), ("threads", 1)):
            highs.setOptionValue(option, value)
        kinds = np.zeros(self.shape[1], dtype=np.int32)
        kinds[self.whole] = 1
        rows, columns = self.shape
        passed = highs.passModel(
            columns, rows, matrix.nnz, int(highspy.MatrixFormat.kRowwise), int(highspy.ObjSense.kMinimize), 0.0,
            self.cost, self.lower, self.upper, self.row_lower, self.row_upper,
            matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32), matrix.data, kinds,
        )  # fmt: skip
        if passed == highspy.HighsStatus.kError:
            raise RunError("optimise", "HiGHS does not take the programme: a number in it is not finite")

    def change_sides(self, rows: np.ndarray, side: np.ndarray | float) -> None:
        """New right-hand sides of rows, each in place of the bounds that the row came with."""
        rows = np.atleast_1d(np.asarray(rows))
        side = np.broadcast_to(np.asarray(side, dtype=float), rows.shape)
        lower = np.where(np.isfinite(self.row_lower[rows]), side, -np.inf)
        upper = np.where(np.isfinite(self.row_upper[rows]), side, np.inf)
        self._bound_rows(rows, lower, upper)

    def lift_rows(self, rows: np.ndarray) -> None:
        """Take rows out; `restore_rows` puts them back."""
        rows = np.atleast_1d(np.asarray(rows))
        self._bound_rows(rows, np.full(len(rows), -np.inf), np.full(len(rows), np.inf))

    def restore_rows(self, rows: np.ndarray) -> None:
        """The right-hand sides that the programme came with."""
        rows = np.atleast_1d(np.asarray(rows))
        self._bound_rows(rows, self.row_lower[rows], self.row_upper[rows])

    def _bound_rows(self, rows: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        for row, low, top in zip(rows.tolist(), lower.tolist(), upper.tolist(), strict=True):
            self._highs.changeRowBounds(row, low, top)

    def change_bounds(self, columns: np.ndarray, lower: np.ndarray | float, upper: np.ndarray | float) -> None:
        """New bounds of columns; the same value for both fixes them."""
        columns = np.atleast_1d(np.asarray(columns)).astype(np.int32)
        low, top = (
            np.ascontiguousarray(np.broadcast_to(np.asarray(part, float), columns.shape)) for part in (lower, upper)
        )
        self._highs.changeColsBounds(len(columns), columns, low, top)

    def restore_bounds(self, columns: np.ndarray) -> None:
        """The bounds that the programme came with."""
        columns = np.atleast_1d(np.asarray(columns))
        self.change_bounds(columns, self.lower[columns], self.upper[columns])

    def change_cost(self, cost: np.ndarray) -> None:
        """Another objective: [column] what is minimised from now on."""
        self.cost = np.array(cost, dtype=float)
        every = np.arange(self.shape[1], dtype=np.int32)
        self._highs.changeColsCost(len(every), every, self.cost)

    def change_costs(self, columns: np.ndarray, cost: np.ndarray) -> None:
        """Another price of some columns."""
        self.cost = self.cost.copy()
        self.cost[columns] = cost
        self._highs.changeColsCost(len(columns), np.asarray(columns, dtype=np.int32), np.asarray(cost, dtype=float))

    def add_column(self, cost: float, rows: np.ndarray, values: np.ndarray) -> None:
        """Append a column, at least 0, with entries in rows."""
        self._highs.addCol(cost, 0.0, np.inf, len(rows), np.asarray(rows, dtype=np.int32), np.asarray(values, float))
        self.cost, self.lower = np.append(self.cost, cost), np.append(self.lower, 0.0)
        self.upper, self.shape = np.append(self.upper, np.inf), (self.shape[0], self.shape[1] + 1)

    def add_row(self, columns: np.ndarray, values: np.ndarray, lower: float = -np.inf, upper: float = np.inf) -> int:
        """Append a row `lower <= values x columns <= upper`; its number. Its price comes last in `Solution.prices`."""
        kept = np.asarray(values) != 0
        picked, entries = np.asarray(columns)[kept].astype(np.int32), np.asarray(values, dtype=float)[kept]
        self._highs.addRow(lower, upper, len(picked), picked, entries)
        self.row_lower, self.row_upper = np.append(self.row_lower, lower), np.append(self.row_upper, upper)
        self.shape = (self.shape[0] + 1, self.shape[1])
        return self.shape[0] - 1

    def solve(
        self,
        gap: float = 1e-4,
        seconds: float | None = None,
        method: str | None = None,
        start: Solution | None = None,
        steps: float = np.inf,
    ) -> Solution:
        """Solve, from the last basis where there is one. Ctrl-C is heard meanwhile.

        gap: relative, at which a programme with whole columns stops; seconds: after which it stops; steps of the search for
        whole numbers after which it stops once it has a solution, the same on every machine. method: ipm or
        simplex for a start without a basis, None: by size; primal: the primal simplex, the quicker one after a change
        of the objective alone. start: a solution that keeps every row; with whole columns, what is found is no dearer.

        Raises RunError where HiGHS ends without an answer; infeasibility is a status, not an error.
        """
        self._highs.setOptionValue("time_limit", np.inf if seconds is None else self._highs.getRunTime() + seconds)
        if len(self.whole):
            return self._solve_whole(gap, start, steps)
        status = self._run(method)
        if status == "infeasible":
            return _nothing(status, self.shape)
        if status != "optimal":
            raise RunError("optimise", f"the solver highs ended with the status: {status}")
        objective = self._highs.getInfo().objective_function_value
        return self._read(status, objective, objective)

    def begin_from(self, basis: Any) -> None:
        """Start from the basis of an earlier solution of the same programme."""
        self._fresh = self._highs.setBasis(basis) == highspy.HighsStatus.kError

    def forget(self) -> None:
        """Start from nothing the next time: after a change of many bounds that is quicker, for presolve can use them."""
        self._highs.clearSolver()
        self._fresh = True

    @property
    def warm(self) -> bool:
        """Whether there is a basis to go on from."""
        return not self._fresh

    def _run(self, method: str | None) -> str:
        highs = self._highs
        highs.setOptionValue("simplex_strategy", _PRIMAL if method == "primal" and not self._fresh else _DUAL)
        ipm = (method or ("ipm" if self.shape[0] >= LARGE else "simplex")) == "ipm"
        highs.setOptionValue("solver", "ipm" if ipm and self._fresh else "simplex")
        self._go()
        status = highs.getModelStatus()
        for presolve in ("choose", "off"):
            if status in _ENDED or status in _STOPPED:
                break
            # An interior point, or a simplex from a basis that no longer fits, may end without a verdict, and presolve
            # may leave open whether there is no solution or no end. The simplex from nothing tells.
            highs.clearSolver()
            highs.setOptionValue("solver", "simplex")
            highs.setOptionValue("simplex_strategy", _DUAL)
            highs.setOptionValue("presolve", presolve)
            self._go()
            status = highs.getModelStatus()
        highs.setOptionValue("presolve", "choose")
        self._fresh = status != _STATUS.kOptimal
        return _ENDED.get(status, highs.modelStatusToString(status).lower())

    def _go(self) -> None:
        """Run HiGHS. Python hears Ctrl-C only in its main thread, and not while that is inside HiGHS, so it waits there."""
        brief = not len(self.whole) and self.shape[0] < LASTING
        if brief or threading.current_thread() is not threading.main_thread():
            self._highs.run()
            return
        ended = threading.Event()  # a thread's own join, once interrupted, takes it for ended

        def work() -> None:
            try:
                self._highs.run()
            finally:
                ended.set()

        threading.Thread(target=work, daemon=True).start()
        try:
            while not ended.wait(0.5):
                pass
        except BaseException:
            # HiGHS asks now and then whether to go on; it must have ended before its memory goes.
            questions = (self._highs.cbSimplexInterrupt, self._highs.cbIpmInterrupt, self._highs.cbMipInterrupt)
            for question in questions:
                question.subscribe(_stop)
            ended.wait()
            for question in questions:
                question.unsubscribe(_stop)
            raise

    def _solve_whole(self, gap: float, start: Solution | None, steps: float) -> Solution:
        highs = self._highs

        asked = itertools.count(1)

        def judge(event: Any) -> None:
            """HiGHS asks at set points of its search whether to go on."""
            if next(asked) > steps and np.isfinite(event.data_out.mip_primal_bound):
                event.interrupt()

        if start is not None:  # the whole numbers alone; HiGHS finds the best of the rest to them
            highs.setSolution(len(self.whole), self.whole.astype(np.int32), np.round(start.amounts[self.whole]))
        highs.setOptionValue("mip_rel_gap", gap)
        highs.setOptionValue("solver", "choose")
        highs.cbMipInterrupt.subscribe(judge)
        try:
            self._go()
        finally:
            highs.cbMipInterrupt.unsubscribe(judge)
        found, info = highs.getModelStatus(), highs.getInfo()
        if found in (_STATUS.kInfeasible, _STATUS.kUnboundedOrInfeasible):
            return _nothing("infeasible", self.shape)
        if info.primal_solution_status != _FEASIBLE or (found != _STATUS.kOptimal and found not in _STOPPED):
            raise RunError(
                "optimise", f"the solver highs ended with the status: {highs.modelStatusToString(found).lower()}"
            )
        status, bound = "optimal" if found == _STATUS.kOptimal else "stopped", info.mip_dual_bound
        amounts = np.round(np.asarray(highs.getSolution().col_value)[self.whole])
        columns = self.whole.astype(np.int32)
        highs.setOptionValue("time_limit", np.inf)
        highs.changeColsIntegrality(len(columns), columns, np.zeros(len(columns), dtype=np.uint8))
        lower, upper = (np.asarray(part)[columns] for part in (highs.getLp().col_lower_, highs.getLp().col_upper_))
        highs.changeColsBounds(len(columns), columns, amounts, amounts)
        # What is left of the search is no basis to go on from, and keeps presolve from helping.
        highs.clearSolver()
        self._fresh = True
        ended = self._run(None)
        if ended != "optimal":  # whole numbers are found to a wider tolerance than that of a linear programme
            highs.setOptionValue("primal_feasibility_tolerance", 1e-6)
            ended = self._run(None)
            highs.setOptionValue("primal_feasibility_tolerance", 1e-7)
        if ended != "optimal":
            raise RunError("optimise", f"the whole numbers found by highs leave no plan when rounded: {ended}")
        objective = highs.getInfo().objective_function_value
        solution = self._read(status, objective, min(bound, objective))
        highs.changeColsBounds(len(columns), columns, lower, upper)
        highs.changeColsIntegrality(len(columns), columns, np.ones(len(columns), dtype=np.uint8))
        self._fresh = True
        return solution

    def _read(self, status: str, objective: float, bound: float) -> Solution:
        found = self._highs.getSolution()
        amounts, reduced, prices, activity = (
            np.asarray(part, dtype=float) for part in (found.col_value, found.col_dual, found.row_dual, found.row_value)
        )
        basis = self._highs.getBasis()
        return Solution(status, objective, amounts, reduced, prices, activity, bound, basis if basis.valid else None)

    def range_sides(self, rows: np.ndarray) -> np.ndarray:
        """[row, (low, high)] right-hand sides between which the prices of the last solution are sure to hold, all else
        as it is: the basis stays optimal. Where the solution is degenerate they may hold further."""
        _, ranging = self._highs.getRanging()
        rows = np.atleast_1d(np.asarray(rows))
        low, high = (np.asarray(part.value_)[rows] for part in (ranging.row_bound_dn, ranging.row_bound_up))
        return np.stack([low, high], axis=-1)


def _stop(event: Any) -> None:
    event.interrupt()


def keep_model(
    model: LinearModel, solution: Solution | None = None, matrix: sparse.csr_array | None = None
) -> KeptModel:
    """The model inside HiGHS. matrix: its own, where it is there already.

    With a solution of it: its basis too, and whole columns fixed at what they were found to
    be, so that prices and ranges are those of the solution."""
    cost, lower, upper, whole = (
        np.concatenate([*part, np.zeros(0)]) for part in (model.cost, model.lower, model.upper, model.whole)
    )
    if solution is not None:
        fixed = np.where(whole, np.round(solution.amounts), np.nan)
        lower, upper = np.where(np.isnan(fixed), lower, fixed), np.where(np.isnan(fixed), upper, fixed)
        whole = np.zeros(len(whole), dtype=bool)
    kept = KeptModel(model.matrix() if matrix is None else matrix, cost, lower, upper, *model.row_bounds(), whole)
    if solution is not None and solution.basis is not None:
        kept.begin_from(solution.basis)
    return kept


def _nothing(status: str, shape: tuple[int, int]) -> Solution:
    rows, columns = shape
    return Solution(status, np.inf, np.zeros(columns), np.zeros(columns), np.zeros(rows), np.zeros(rows), np.inf)
