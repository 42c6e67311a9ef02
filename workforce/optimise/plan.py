"""The plan: the chosen actions by role and period, what becomes of the stocks, what it costs, and what binds."""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from workforce.errors import RunError
from workforce.forecast.dynamics import Dynamics
from workforce.forecast.stocks import Projection
from workforce.inputs.case import Case
from workforce.optimise.actions import Actions, list_actions
from workforce.optimise.binding import list_prices
from workforce.optimise.budgets import compare_spending
from workforce.optimise.conflict import find_conflict
from workforce.optimise.conflict_words import LANGUAGES, say_conflict
from workforce.optimise.gate import pass_gate
from workforce.optimise.model import PlanModel, build_model
from workforce.optimise.objectives import Goal, seek
from workforce.optimise.prices import loaded_cost
from workforce.optimise.reactions import Established, describe_established
from workforce.optimise.recruiting import spread_steps
from workforce.optimise.solve import Solution, write_lp
from workforce.optimise.soundness import require_prices
from workforce.optimise.taken import list_spent, list_taken, plan_stocks


@dataclass(frozen=True)
class Plan:
    """actions: period, action (hire, develop, move, keep, release, contract, overtime, short_time, stand_in), via,
    from_role, to_role, heads (started; reached by an offer to stay; FTE of contractors, overtime and standing in), arriving
    (heads expected to arrive, or to stay; FTE of the work that is done), arrives (period), cost. stocks: as
    `forecast_stocks`, reading plan. costs: period, role, unit, category, amount, discounted (what counts of it in `cost`).
    budget: year, category, stated, amount, spent, left. prices: of rules that bind, as `list_prices` gives them. gated:
    action, name, ratio of the ways left out by the return gate. cost: money in total, discounted, with the prices of
    shortage, surplus, overflow and overrun; goal: what was sought first, and how much of it was reached. programme,
    solution, options, established: for who asks why."""

    actions: pd.DataFrame
    stocks: pd.DataFrame
    costs: pd.DataFrame
    budget: pd.DataFrame
    prices: pd.DataFrame
    gated: pd.DataFrame
    cost: float
    goal: Goal
    programme: PlanModel
    solution: Solution
    options: Actions
    established: Established

    def write_lp(self, path: str | Path) -> None:
        """Write the programme as an LP file (CPLEX format) that an expert, or another solver, can read. Columns are named
        action_number_way_role_period, rows kind_period_role.

        >>> plan.write_lp("plan.lp")  # doctest: +SKIP
        """
        write_lp(self.programme.model, Path(path))


def optimise_plan(case: Case, dynamics: Dynamics, projection: Projection, demand: pd.DataFrame) -> Plan:
    """The mix that serves the scenario's goal (plan.objective): least total cost of meeting `demand` (role, period,
    required), priced shortage included, unless it says otherwise (model.md, section 5).

    Raises InputError where an action that may be taken has no price, RunError with the conflict and the cheapest
    relaxation where rules contradict each other.
    """
    required = demand["required"].to_numpy().reshape(len(dynamics.periods), len(dynamics.roles))
    require_prices(case, required)
    established = describe_established(dynamics, projection)
    options, gated = pass_gate(case, dynamics, established, list_actions(case, dynamics))
    programme = build_model(case, dynamics, established, options, required)
    solution, goal = seek(case, programme)
    if solution.status == "infeasible":
        conflict = find_conflict(programme, float(loaded_cost(case)[0].mean()))
        said = {language: say_conflict(conflict, case.assumptions.company.currency, language) for language in LANGUAGES}
        raise RunError("optimise", said["en"], said)
    amounts = spread_steps(programme.steps, programme.columns.hires, solution.amounts)
    solution = replace(solution, amounts=amounts)
    spent = list_spent(case, dynamics, programme, solution)
    return Plan(
        list_taken(dynamics, options, established, programme, solution),
        plan_stocks(dynamics, options, established, programme, solution),
        spent,
        compare_spending(case, programme.limits, spent),
        list_prices(programme, solution, goal),
        gated,
        float(programme.money @ solution.amounts),
        goal,
        programme,
        solution,
        options,
        established,
    )
