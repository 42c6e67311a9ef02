"""What is sought: least cost, or least shortage or fewest releases first and then least cost, or a weighted sum."""

from dataclasses import dataclass

import numpy as np

from workforce.inputs.case import Case
from workforce.optimise.linear import AT_MOST
from workforce.optimise.model import PlanModel
from workforce.optimise.solve import Solution, solve_model

SLACK = 1e-9
"""Relative room that the second goal leaves to the first, for rounding."""

LINKING = ("budget", "quarters", "hires", "surplus", "inside", "limits")
"""Rules about the whole company: without them a large one falls into parts that can be solved side by side."""


@dataclass(frozen=True)
class Goal:
    """name: plan.objective. value: what was reached of it first (FTE-years short, releases in persons, the weighted sum,
    or the cost in money). money: what a unit of money is in the goal that the prices are of: 1, or its weight (NaN where it
    has none)."""

    name: str
    value: float
    money: float = 1.0


def weigh_money(case: Case) -> float:
    """What a unit of money is in the scenario's goal: 1, or its weight (NaN where it has none)."""
    plan = case.assumptions.plan
    return (plan.weights["cost"] or np.nan) if plan.objective == "weighted" else 1.0


def measure_goal(programme: PlanModel, name: str, months: int) -> np.ndarray:
    """[column] what a unit adds to a goal: least_cost in money, least_shortage in FTE-years short, fewest_releases in
    persons."""
    value, columns = np.zeros(len(programme.money)), programme.columns
    if name == "least_shortage":
        value[columns.shortage] = months / 12.0
    elif name == "fewest_releases":
        value[columns.releases] = 1.0
    else:
        value[:] = programme.money
    return value


def seek(case: Case, programme: PlanModel) -> tuple[Solution, Goal]:
    """Solve the programme for the scenario's goal. Lexicographic goals are solved one after the other: what the first
    reaches becomes a row (kind `first`) for the second (Williams 2013, section 3.2.3, on goals in order), which stays in
    the programme, so that whoever solves it again keeps it. Prices of the solution are those of the last goal.

    The solution of an infeasible programme comes back with that status.
    """
    plan, model, months = case.assumptions.plan, programme.model, case.months_per_period
    linking = np.concatenate([programme.rows[kind] for kind in LINKING if kind in programme.rows])
    if plan.objective == "weighted":
        shortage, releases = (measure_goal(programme, name, months) for name in ("least_shortage", "fewest_releases"))
        weights = plan.weights
        model.cost = [
            weights["cost"] * programme.money + weights["shortage"] * shortage + weights["releases"] * releases
        ]
        solution = solve_model(model, plan.solver, plan.gap, linking=linking, steps=plan.search_steps)
        return solution, Goal(plan.objective, solution.objective, weigh_money(case))
    if plan.objective != "least_cost":
        first = measure_goal(programme, plan.objective, months)
        model.cost = [first]
        solution = solve_model(model, plan.solver, plan.gap, linking=linking, steps=plan.search_steps)
        if solution.status == "infeasible":
            return solution, Goal(plan.objective, np.inf)
        most = solution.objective + SLACK * max(1.0, abs(solution.objective))
        row = model.add_rows([f"first_{plan.objective}"], AT_MOST, most)
        used = np.flatnonzero(first)
        model.add_entries(row, used, first[used])
        programme.rows["first"] = row
        linking = np.append(linking, row)
        model.cost = [programme.money]
        return solve_model(model, plan.solver, plan.gap, linking=linking, steps=plan.search_steps), Goal(
            plan.objective, float(solution.objective)
        )
    solution = solve_model(model, plan.solver, plan.gap, linking=linking, steps=plan.search_steps)
    return solution, Goal(plan.objective, solution.objective)
