"""Hand a linear model to a solver through PuLP and read it back. The only file that touches PuLP."""

import gc
from dataclasses import dataclass

import numpy as np
import pulp

from workforce.errors import RunError
from workforce.optimise.linear import AT_LEAST, AT_MOST, EQUAL, LinearModel

_SENSES = {EQUAL: pulp.LpConstraintEQ, AT_MOST: pulp.LpConstraintLE, AT_LEAST: pulp.LpConstraintGE}
_STATUS = {1: "optimal", 0: "not solved", -1: "infeasible", -2: "unbounded", -3: "undefined"}


@dataclass(frozen=True)
class Solution:
    """status (optimal, infeasible, ...), objective; amounts and reduced costs by column, prices (duals) and activity by
    row."""

    status: str
    objective: float
    amounts: np.ndarray
    reduced: np.ndarray
    prices: np.ndarray
    activity: np.ndarray


def to_pulp(model: LinearModel) -> tuple[pulp.LpProblem, list, list]:
    """The problem, its variables and its constraints in the model's order. The same programme as PuLP objects:
    variables made in bulk, one dictionary a row (no operators, no lpSum)."""
    problem = pulp.LpProblem("plan", pulp.LpMinimize)
    lower, upper, cost = (np.concatenate(part) for part in (model.lower, model.upper, model.cost))
    # PuLP rewrites some characters of names, so only the number in front keeps them apart.
    variables = [
        problem.add_variable(
            f"c{number}_{name}", None if np.isinf(low) else float(low), None if np.isinf(top) else float(top)
        )
        for number, (name, low, top) in enumerate(zip(model.names, lower, upper, strict=True))
    ]
    problem.setObjective(pulp.LpAffineExpression({variables[i]: float(cost[i]) for i in range(len(variables))}))
    rows, columns, values = model.triples()
    bounds = np.searchsorted(rows, np.arange(len(model.row_names) + 1))
    sides = np.concatenate(model.sides)
    columns_list, values_list = columns.tolist(), values.tolist()
    constraints = []
    for row, name in enumerate(model.row_names):
        inside = range(bounds[row], bounds[row + 1])
        expression = pulp.LpAffineExpression({variables[columns_list[k]]: values_list[k] for k in inside})
        constraint = pulp.LpConstraint(expression, _SENSES[model.senses[row]], f"r{row}_{name}", float(sides[row]))
        problem.addConstraint(constraint)
        constraints.append(constraint)
    return problem, variables, constraints


def solve_model(model: LinearModel, solver: str = "highs") -> Solution:
    """Solve to optimality. HiGHS by interior point with crossover (see performance notes: the method decides), or CBC.

    Raises RunError where the solver cannot be had or stops without an answer; infeasibility is a status, not an error.
    """
    collecting = gc.isenabled()
    gc.disable()  # a hundred thousand small objects, none of them garbage
    try:
        problem, variables, constraints = to_pulp(model)
    finally:
        if collecting:
            gc.enable()
    found = (
        pulp.PULP_CBC_CMD(msg=False, threads=1) if solver == "cbc" else pulp.HiGHS(msg=False, threads=1, solver="ipm")
    )
    if not found.available():
        raise RunError("optimise", f"the solver {solver} is not installed; set plan.solver to another one")
    result = problem.solve(found)
    status = _STATUS.get(getattr(result, "status", result), "undefined")
    if status == "optimal" and problem.sol_status != pulp.LpSolutionOptimal:
        status = "stopped early"
    if status not in ("optimal", "infeasible"):
        raise RunError("optimise", f"the solver {solver} ended with the status: {status}")
    values, reduced = np.zeros(len(model.names)), np.zeros(len(model.names))
    prices, activity = np.zeros(len(model.row_names)), np.zeros(len(model.row_names))
    if status == "infeasible":
        return Solution(status, np.inf, values, reduced, prices, activity)
    for index, variable in enumerate(variables):
        values[index] = variable.varValue or 0.0
        reduced[index] = variable.dj or 0.0
    for index, constraint in enumerate(constraints):
        prices[index] = constraint.pi or 0.0
    rows, columns, entries = model.triples()
    np.add.at(activity, rows, entries * values[columns])
    cost = np.concatenate(model.cost)
    return Solution(status, float(cost @ values), values, reduced, prices, activity)
