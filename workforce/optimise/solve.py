"""Hand a linear model to a solver through PuLP and read it back. The only file that touches PuLP.

HiGHS runs in process and takes the arrays as one matrix (highs.py); every other solver reads the PuLP objects.
"""

import gc
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pulp
from scipy import sparse

from workforce.errors import RunError
from workforce.optimise.highs import Solution, keep_model
from workforce.optimise.linear import AT_LEAST, AT_MOST, EQUAL, LinearModel
from workforce.optimise.parts import solve_parts

_SENSES = {EQUAL: pulp.LpConstraintEQ, AT_MOST: pulp.LpConstraintLE, AT_LEAST: pulp.LpConstraintGE}
_STATUS = {1: "optimal", 0: "not solved", -1: "infeasible", -2: "unbounded", -3: "undefined"}
_SHORT = {"highs": "HiGHS", "cbc": "PULP_CBC_CMD"}
_PLAIN = str.maketrans(dict.fromkeys(" -+[]<>/*:=^(){}\\\"'\t\n,;|&#%!?@~`$", "_"))

IN_PARTS = 200_000
"""Rows from which a programme that falls into parts is solved part by part: in one piece it takes more than four times
as long (benchmarks/plans.py)."""


class _Column(pulp.LpVariable):
    """A variable whose hash is its identity, as PuLP's own is, but found without a call into Python."""

    __hash__ = object.__hash__


def to_pulp(model: LinearModel) -> tuple[pulp.LpProblem, list, list]:
    """The problem, its variables and its constraints in the model's order: real PuLP objects, filled in bulk.

    Names are the model's own with what LP files do not take turned into _; where two would be alike, numbered.
    """
    with _without_collector():
        return _to_pulp(model, model.matrix())


def _to_pulp(model: LinearModel, matrix: sparse.csr_array) -> tuple[pulp.LpProblem, list, list]:
    problem = pulp.LpProblem("plan", pulp.LpMinimize)
    lower, upper, cost, whole = (
        np.concatenate([*part, np.zeros(0)]) for part in (model.lower, model.upper, model.cost, model.whole)
    )
    variables = []
    make, inner = _Column.__new__, "_LpElement__name"
    bounds = ([None if math.isinf(one) else one for one in part.tolist()] for part in (lower, upper))
    for name, low, top, is_whole in zip(_name_apart(model.names), *bounds, whole.tolist(), strict=True):
        variable = make(_Column)
        kind = pulp.LpInteger if is_whole else pulp.LpContinuous
        variable.__dict__ = {
            inner: name, "hash": id(variable), "modified": True, "lowBound": low, "upBound": top, "cat": kind,
            "_lowbound_original": low, "_upbound_original": top, "varValue": None, "dj": None,
        }  # fmt: skip
        variables.append(variable)
    problem._variables = list(variables)
    problem._variable_ids = {variable.hash: variable for variable in variables}
    priced = np.flatnonzero(cost)
    problem.setObjective(
        pulp.LpAffineExpression(
            zip([variables[column] for column in priced.tolist()], cost[priced].tolist(), strict=True)
        )
    )
    inside = np.array(variables, dtype=object)[matrix.indices].tolist()
    values, first = matrix.data.tolist(), matrix.indptr.tolist()
    sides = np.concatenate([*model.sides, np.zeros(0)]).tolist()
    make, inner = pulp.LpAffineExpression.__new__, "_LpAffineExpression__name"
    build, constraints = pulp.LpConstraint.__new__, []
    for row, name in enumerate(_name_apart(model.row_names)):
        expression = make(pulp.LpAffineExpression)
        expression.__dict__ = {inner: None, "constant": 0.0}
        start, end = first[row], first[row + 1]
        expression.update(zip(inside[start:end], values[start:end], strict=True))
        constraint = build(pulp.LpConstraint)
        constraint.__dict__ = {
            "expr": expression, "_LpConstraint__name": name, "constant": -sides[row], "sense": _SENSES[model.senses[row]],
            "pi": None, "slack": None, "modified": True,
        }  # fmt: skip
        constraints.append(constraint)
    problem._constraints = {constraint.name: constraint for constraint in constraints}
    return problem, variables, constraints


def _name_apart(names: list[str]) -> list[str]:
    # In one text: ten times as quick as one by one.
    plain = "\0".join(names).translate(_PLAIN).split("\0") if names else []
    if len(set(plain)) == len(plain):
        return plain
    return [f"{name}_{number}" for number, name in enumerate(plain)]


@contextmanager
def _without_collector() -> Iterator[None]:
    collecting = gc.isenabled()
    gc.disable()  # hundreds of thousands of small objects, none of them garbage
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def write_lp(model: LinearModel, path: Path) -> None:
    """The programme as an LP file that an expert can read."""
    to_pulp(model)[0].writeLP(str(path))


def solve_model(
    model: LinearModel,
    solver: str = "highs",
    gap: float = 1e-4,
    seconds: float | None = None,
    linking: np.ndarray | None = None,
    steps: float = np.inf,
) -> Solution:
    """Solve to optimality, or, with whole columns, to the relative gap, or for the seconds or (HiGHS) steps given. linking:
    rows without which a programme of more than IN_PARTS rows may fall into parts; it is then solved part by part to the gap.

    solver: highs (in process), cbc, or any name of `pulp.listSolvers()`. Raises RunError where the solver cannot be had
    or stops without an answer; infeasibility is a status, not an error.
    """
    name = find_solver(solver)
    if name == "HiGHS" and linking is not None and len(model.row_names) >= IN_PARTS:
        found = solve_parts(model, linking, gap)
        if found is not None:
            return found
    with _without_collector():
        matrix = model.matrix()
        problem, variables, constraints = _to_pulp(model, matrix)
        if name == "HiGHS":
            solution = keep_model(model, matrix=matrix).solve(gap, seconds, steps=steps)
            give_back(solution, problem, variables, constraints)
            return solution
    whole = np.flatnonzero(np.concatenate([*model.whole, np.zeros(0, dtype=bool)]))
    limits = {"gapRel": gap} if len(whole) else {}
    options = {"msg": False, **limits, **({} if seconds is None else {"timeLimit": seconds})}
    status = _ask(problem, name, solver, options)
    if status == "infeasible":
        blank_rows, blank = np.zeros(len(constraints)), np.zeros(len(variables))
        return Solution(status, np.inf, blank, blank, blank_rows, blank_rows, np.inf)
    cost = np.concatenate(model.cost)
    bound = float(cost @ _amounts(variables))
    if len(whole):
        # PuLP tells no bound: what ended as optimal is within the gap that was asked for, and that is all that is known.
        bound = bound - gap * abs(bound) if status == "optimal" else -np.inf
        for column in whole:
            variable = variables[column]
            variable.cat = pulp.LpContinuous
            variable.lowBound = variable.upBound = float(round(variable.varValue or 0.0))
        if _ask(problem, name, solver, {"msg": False}) != "optimal":
            raise RunError("optimise", f"the whole numbers found by {solver} leave no plan when rounded")
    amounts = _amounts(variables)
    reduced = np.array([variable.dj or 0.0 for variable in variables])
    prices = np.array([constraint.pi or 0.0 for constraint in constraints])
    objective = float(cost @ amounts)
    return Solution(status, objective, amounts, reduced, prices, model.matrix() @ amounts, min(bound, objective))


def give_back(solution: Solution, problem: pulp.LpProblem, variables: list, constraints: list) -> None:
    """What was found on the arrays, into the PuLP objects, as if they had been solved."""
    if solution.status == "infeasible":
        problem.assignStatus(pulp.LpStatusInfeasible, pulp.LpSolutionInfeasible)
        return
    found = pulp.LpSolutionOptimal if solution.status == "optimal" else pulp.LpSolutionIntegerFeasible
    problem.assignStatus(pulp.LpStatusOptimal, found)
    for variable, value, dj in zip(variables, solution.amounts.tolist(), solution.reduced.tolist(), strict=True):
        variable.varValue, variable.dj = value, dj
    for constraint, price in zip(constraints, solution.prices.tolist(), strict=True):
        constraint.pi = price


def _amounts(variables: list) -> np.ndarray:
    return np.array([variable.varValue or 0.0 for variable in variables])


def _ask(problem: pulp.LpProblem, name: str, solver: str, options: dict) -> str:
    """The status, in a word, of a solver that PuLP runs. What PuLP calls optimal after a time limit is only feasible."""
    found = pulp.getSolver(name, **options, **({"threads": 1} if name == "PULP_CBC_CMD" else {}))
    try:
        problem.solve(found)
    except pulp.PulpSolverError as error:
        raise RunError("optimise", f"the solver {solver} failed: {error}") from error
    status = _STATUS.get(problem.status, "undefined")
    if status == "optimal" and problem.sol_status != pulp.LpSolutionOptimal:
        status = "stopped"
    if status not in ("optimal", "stopped", "infeasible") or (status == "stopped" and not problem.isMIP()):
        raise RunError("optimise", f"the solver {solver} ended with the status: {status}")
    return status


def find_solver(solver: str) -> str:
    """PuLP's own name of a solver given as highs, cbc or PuLP's name, in any case. RunError where there is none of that
    name, or it is not installed."""
    known = dict.fromkeys(pulp.listSolvers())
    name = next((one for one in known if one.lower() == _SHORT.get(solver.lower(), solver).lower()), None)
    if name is None:
        raise RunError(
            "optimise", f"no solver is called {solver}; plan.solver takes highs, cbc or one of {', '.join(known)}"
        )
    if not pulp.getSolver(name, msg=False).available():
        ready = ", ".join(pulp.listSolvers(onlyAvailable=True))
        raise RunError("optimise", f"the solver {solver} is not installed here; plan.solver may be one of {ready}")
    return name
