"""What the plan decided besides hiring, developing, moving and releasing, and under which goal: reasons for the report."""

from typing import Any

import numpy as np

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.optimise.late import find_late
from workforce.optimise.plan import Plan
from workforce.optimise.taken import SMALLEST

Told = tuple[str, dict[str, Any]]

KEYS = {
    "contract": "contract_total",
    "overtime": "overtime_total",
    "short_time": "short_time_total",
    "stand_in": "stand_in_total",
}


def tell_decisions(case: Case, dynamics: Dynamics, plan: Plan) -> list[Told]:
    """Reasons as (key, values): the goal, whole people and fractions, periods
    that are only provided for, ways that all come too late, offers to stay, contractors, overtime and short time
    (person-years or FTE-years, for they last), people under way, ways that the return gate left out, budgets of zero."""
    currency, year = case.assumptions.company.currency, dynamics.months / 12.0
    told: list[Told] = []
    if plan.goal.name != "least_cost":
        told.append((f"goal_{plan.goal.name}", {"value": plan.goal.value, "cost": plan.cost, "currency": currency}))
    told += _tell_whole(case, plan)
    if case.assumptions.plan.end_periods:
        told.append(("end_periods", {"periods": case.assumptions.plan.end_periods}))
    if late := find_late(case):
        told.append(("nothing_in_time", {"months": late.months, "fastest": late.fastest}))
    for action, key in KEYS.items():
        mine = plan.actions[plan.actions["action"] == action]
        if len(mine):
            values = {"years": float(mine["heads"].sum() * year), "cost": float(mine["cost"].sum())}
            told.append((key, values | {"currency": currency}))
    kept = plan.actions[plan.actions["action"] == "keep"]
    if len(kept):
        years = float(kept["heads"].sum() * year)
        values = {"years": years, "kept": float(kept["arriving"].sum()), "cost": float(kept["cost"].sum())}
        told.append(("keep_chosen", values | {"currency": currency}))
    given = sum(float(frame["given"].sum()) for frame in (plan.options.hires, plan.options.develops))
    if given > 0:
        told.append(("under_way", {"heads": given}))
    names = plan.gated["name"].where(plan.gated["action"] != "move", _name_arcs(dynamics, plan))
    for name, ratio in zip(names, plan.gated["ratio"], strict=True):
        told.append(("gated", {"name": str(name), "ratio": ratio, "least": case.assumptions.plan.return_ratio}))
    limits = plan.programme.limits
    for row in limits[limits["amount"] == 0].itertuples():
        told.append(("budget_zero", {"year": row.year, "category": row.category}))
    return told


def _name_arcs(dynamics: Dynamics, plan: Plan) -> list[str]:
    ends = [[int(end) for end in name.split(">")] if ">" in name else [] for name in plan.gated["name"]]
    return [" > ".join(dynamics.roles[end] for end in pair) for pair in ends]


def _tell_whole(case: Case, plan: Plan) -> list[Told]:
    """How many of the first periods are in whole people and to what gap; fractions only where some are left."""
    told: list[Told] = []
    whole = min(case.assumptions.plan.whole_periods, len(case.periods))
    if whole:
        told.append(("whole_people", {"periods": whole, "gap": plan.solution.gap}))
    people = plan.actions[plan.actions["action"].isin(["hire", "develop", "move", "release"])]
    if (np.abs(people["heads"] - people["heads"].round()) > SMALLEST).any():
        told.append(("fractions", {}))
    return told
