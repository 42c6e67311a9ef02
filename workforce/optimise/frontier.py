"""What each budget buys: the plan solved again for budget after budget, and the mixes it rejects priced beside it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workforce.errors import Fault, InputError
from workforce.forecast.dynamics import Dynamics
from workforce.forecast.stocks import Projection
from workforce.inputs.case import Case
from workforce.optimise.actions import Actions, list_actions
from workforce.optimise.balance import graduates
from workforce.optimise.gate import pass_gate
from workforce.optimise.highs import KeptModel, Solution, keep_model
from workforce.optimise.model import PlanModel, build_model
from workforce.optimise.objectives import SLACK, measure_goal, weigh_money
from workforce.optimise.reactions import describe_established
from workforce.optimise.soundness import require_prices

MIXES = ("chosen", "hire_only", "develop_only", "nothing")
_FORBIDS = {
    "chosen": (),
    "hire_only": ("develops", "moves", "keeps"),
    "develop_only": ("hires", "contracts"),
    "nothing": (
        "hires",
        "develops",
        "moves",
        "releases",
        "keeps",
        "contracts",
        "overtimes",
        "short_times",
        "stand_ins",
    ),
}
"""What each mix leaves alone. Hiring only and developing only may still release people and change working time, as the
chosen mix may. What was begun before the plan goes on in each."""

_WITHIN = {
    "chosen": ("hire_only", "develop_only", "nothing"),
    "hire_only": ("nothing",),
    "develop_only": ("nothing",),
    "nothing": (),
}
"""Mixes that every mix contains."""

MEASURES = ("shortage_years", "hires", "developed", "moved", "released", "spent")


@dataclass(frozen=True)
class Budget:
    """One budget asked for: as typed, a share of every budget there is, or an amount over the horizon."""

    typed: str
    share: float | None
    amount: float | None


def read_budgets(typed: str) -> list[Budget]:
    """Budgets from text: "80%,90%,110%" are shares of every budget of the scenario, "5000000" is money over the horizon
    in place of the totals.

    >>> [(one.share, one.amount) for one in read_budgets("80%, 5e6")]
    [(0.8, None), (None, 5000000.0)]
    """
    found, faults = [], []
    for text in [part.strip() for part in typed.split(",")] if typed.strip() else []:
        number = re.fullmatch(r"(\d+(?:\.\d*)?(?:[eE]\d+)?)\s*(%?)", text)
        if number is None or not 0.0 < float(number[1]) < np.inf:
            rule = "a budget is a share of the scenario's, as 90%, or money over the horizon, as 5000000, above 0"
            faults.append(Fault("--budgets", None, "budget", text, rule, "write it so; part several by commas"))
        elif number[2]:
            found.append(Budget(text, round(float(number[1]) / 100.0, 12), None))
        else:
            found.append(Budget(text, None, float(number[1])))
    if not found and not faults:
        faults.append(Fault("--budgets", None, "budget", typed, "names at least one budget", "as 80%,90%,100%,110%"))
    if faults:
        raise InputError(faults)
    return found


def trace_frontier(
    case: Case,
    dynamics: Dynamics,
    projection: Projection,
    demand: pd.DataFrame,
    budgets: Sequence[Budget],
    tell: Callable[[str], None] | None = None,
    mixes: Sequence[str] = MIXES,
) -> pd.DataFrame:
    """The plan for each budget and mix, one row each, in the order of budgets.

    budget (as typed), amount (money: what all total budgets come to; where there are none, all budgets), mix (chosen,
    hire_only, develop_only, nothing), status (optimal, infeasible: no plan keeps the budget and the other rules),
    cost (money, prices of shortage, surplus and overflow included), shortage_years (FTE-years), hires, developed and
    moved (heads arriving), released (heads), spent (money, all categories), price (money that one more unit of amount
    saves: shares = all budgets growing in proportion; NaN where the goal gives money no weight). The figures of an
    infeasible row are NaN.

    The programme is built once, kept in HiGHS and solved again from its last basis: a budget changes right-hand sides,
    a mix fixes columns. Raises InputError where shares are asked of a scenario without budgets.
    """
    require_prices(case, demand["required"].to_numpy().reshape(len(dynamics.periods), -1))
    frames = []
    for kind in (True, False):
        mine = [one for one in budgets if (one.share is not None) is kind]
        if mine:
            frames.append(_trace(case, dynamics, projection, demand, mine, tell, mixes))
    frame = pd.concat(frames, ignore_index=True)
    order = {one.typed: place for place, one in enumerate(budgets)}
    return frame.sort_values("budget", key=lambda names: names.map(order), kind="stable").reset_index(drop=True)


def _trace(
    case: Case,
    dynamics: Dynamics,
    projection: Projection,
    demand: pd.DataFrame,
    budgets: Sequence[Budget],
    tell: Callable[[str], None] | None,
    mixes: Sequence[str],
) -> pd.DataFrame:
    """Budgets of one kind: all shares, or all amounts."""
    if budgets[0].amount is not None:
        plan = case.assumptions.plan.model_copy(update={"budget": budgets[0].amount, "budget_multiplier": 1.0})
        assumptions = case.assumptions.model_copy(update={"plan": plan})
        case = replace(case, scenario=replace(case.scenario, assumptions=assumptions))
    established = describe_established(dynamics, projection)
    options, _ = pass_gate(case, dynamics, established, list_actions(case, dynamics))
    required = demand["required"].to_numpy().reshape(len(dynamics.periods), -1)
    programme = build_model(case, dynamics, established, options, required)
    rows, limits = np.concatenate([programme.rows["budget"], programme.rows["quarters"]]), programme.limits
    if not len(rows):
        rule = "shares need a budget to be taken of, and this scenario has none"
        mend = "give money over the horizon (--budgets 5000000), or fill budget.csv or plan.budget"
        raise InputError([Fault(case.name, None, "plan.budget", ",".join(one.typed for one in budgets), rule, mend)])
    kept = keep_model(programme.model)
    total, hard = (limits["category"] == "total").to_numpy(), ~limits["soft"].to_numpy()
    counted = total & hard if (total & hard).any() else hard
    whole, shares = (limits["year"] == "all").to_numpy() & total, budgets[0].share is not None
    money = weigh_money(case)
    weigh = _weights(dynamics, options, programme, graduates(options, established)[0])
    goal = _Goal(case, programme, kept)
    # Whole people go from the smallest budget and the narrowest mix up: what was found keeps the next one's rules too, so the
    # search starts from it and more room is never dearer. Fractions go down: each next one cuts a little off the last basis.
    asked = sorted(budgets, key=lambda one: one.share or one.amount or 0.0, reverse=not len(kept.whole))
    found: dict[tuple[str, str], tuple] = {}
    for mix in [one for one in reversed(MIXES) if one in mixes]:
        before: Solution | None = None
        shut = np.concatenate([np.array([], dtype=int), *(getattr(programme.columns, name) for name in _FORBIDS[mix])])
        kept.change_bounds(shut, kept.lower[shut], kept.lower[shut])
        for budget in asked:
            side = kept.row_upper[rows].copy()
            if budget.share is not None:
                side *= budget.share
            else:
                side[whole] = budget.amount
            kept.change_sides(rows, side)
            known = [before, *(found[budget.typed, one][1] for one in _WITHIN[mix] if (budget.typed, one) in found)]
            before = goal.seek(_cheapest(known))
            found[budget.typed, mix] = (float(side[counted].sum()), before, side)
            if tell:
                tell(f"{mix} {budget.typed} ({len(found)} of {len(asked) * len(mixes)})")
        kept.restore_bounds(shut)
    names = ["budget", "amount", "mix", "status", "cost", *MEASURES, "price"]
    lines = []
    for typed in dict.fromkeys(one.typed for one in budgets):
        for mix in mixes:
            amount, solution, side = found[typed, mix]
            growing = side / amount if shares and amount > 0 else whole.astype(float)
            lines.append((typed, amount, mix, *_measure(solution, rows, growing, money, weigh)))
    return pd.DataFrame(lines, columns=names)


class _Goal:
    """The scenario's goal on a kept programme, as `objectives.seek` serves it on a fresh one."""

    def __init__(self, case: Case, programme: PlanModel, kept: KeptModel) -> None:
        plan, months = case.assumptions.plan, case.months_per_period
        self.kept, self.money, self.gap, self.steps, self.first = (
            kept,
            programme.money,
            plan.gap,
            plan.search_steps,
            None,
        )
        if plan.objective == "weighted":
            goals = {"cost": "least_cost", "shortage": "least_shortage", "releases": "fewest_releases"}
            weights: dict = dict(plan.weights)
            parts = [weights[name] * measure_goal(programme, goal, months) for name, goal in goals.items()]
            kept.change_cost(np.sum(parts, axis=0))
        elif plan.objective != "least_cost":
            self.first = measure_goal(programme, plan.objective, months)
            used = np.flatnonzero(self.first)
            self.row = np.array([kept.add_row(used, self.first[used], upper=0.0)])

    def seek(self, start: Solution | None) -> Solution:
        """start: a solution that keeps the rules as they are now."""
        if self.first is None:
            return self.kept.solve(self.gap, start=start, steps=self.steps)
        self.kept.lift_rows(self.row)
        self.kept.change_cost(self.first)
        first = self.kept.solve(self.gap, start=start, steps=self.steps)
        if first.status == "infeasible":
            return first
        self.kept.change_sides(self.row, first.objective + SLACK * max(1.0, abs(first.objective)))
        self.kept.change_cost(self.money)
        return self.kept.solve(self.gap, start=first, steps=self.steps)


def _cheapest(known: list[Solution | None]) -> Solution | None:
    solved = [one for one in known if one is not None and one.status != "infeasible"]
    return min(solved, key=lambda one: one.objective) if solved else None


def _measure(
    solution: Solution, rows: np.ndarray, growing: np.ndarray, money: float, weigh: dict[str, np.ndarray]
) -> tuple:
    """rows: whose sides grow with the budget asked for; growing: [row] by how much, where the amount grows by one; money:
    what a unit of money is in the goal."""
    if solution.status == "infeasible":
        return (solution.status, *[np.nan] * (len(MEASURES) + 2))
    price = float(-solution.prices[rows] @ growing) / money
    measured = [float(weigh[name] @ solution.amounts) for name in MEASURES]
    return (solution.status, float(weigh["cost"] @ solution.amounts), *measured, price + 0.0)


def _weights(dynamics: Dynamics, options: Actions, programme: PlanModel, grown: np.ndarray) -> dict[str, np.ndarray]:
    """[column] what one unit of each column adds to each measure, and to the cost."""
    size, columns = len(programme.model.names), programme.columns
    weigh = {name: np.zeros(size) for name in MEASURES} | {"cost": programme.money}
    weigh["shortage_years"][columns.shortage] = dynamics.months / 12.0
    weigh["hires"][columns.hires] = options.hires["arrive"].to_numpy()
    weigh["developed"][columns.develops] = grown
    weigh["moved"][columns.moves] = options.moves["arrive"].to_numpy()
    weigh["released"][columns.releases] = 1.0
    for entries in programme.spending.values():
        for _, _, column, money in entries:
            np.add.at(weigh["spent"], column, money)
    return weigh
