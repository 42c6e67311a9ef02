"""Why the plan is as it is, as reasons that `report/words.py` turns into sentences."""

import json

import numpy as np
import pandas as pd

from workforce.inputs.case import Case
from workforce.optimise.highs import keep_model
from workforce.optimise.plan import SMALLEST, Plan

CHECK_SHARE = 0.001
"""A shadow price is checked by solving again with this share of the budget more."""


RANGE_SHARE = 1e-4
"""A range narrower than this share of the budget says nothing to a reader and is left out."""

LISTED = 3
"""So many full channels and programmes are told, the dearest first."""


def explain_plan(case: Case, plan: Plan) -> pd.DataFrame:
    """Reasons: key, values (JSON text), in the order in which they are told."""
    currency = case.assumptions.company.currency
    reasons: list[tuple[str, dict]] = []
    heads = plan.actions.groupby("action")["arriving"].sum()
    started = plan.actions.groupby("action")["heads"].sum()
    spent = float(plan.costs["amount"].sum())
    reasons.append(("plan_cost", {"cost": spent, "total": plan.cost, "currency": currency}))
    for action, key in (
        ("hire", "hires_total"),
        ("develop", "develop_total"),
        ("move", "moves_total"),
        ("release", "releases_total"),
    ):
        mine = plan.actions[plan.actions["action"] == action]
        values = {"heads": float(started.get(action, 0.0)), "arriving": float(heads.get(action, 0.0))}
        reasons.append((key, values | {"cost": float(mine["cost"].sum()), "currency": currency}))
    reasons += _explain_budgets(case, plan, currency)
    reasons += _explain_limits(plan, currency)
    reasons += _explain_unused(case, plan, currency)
    return pd.DataFrame(
        [(key, json.dumps(values, ensure_ascii=False, sort_keys=True)) for key, values in reasons],
        columns=["key", "values"],
    )


def _explain_budgets(case: Case, plan: Plan, currency: str) -> list[tuple[str, dict]]:
    """For each budget: what one more unit of money saves, checked by a second solve, or how much of it is left over."""
    reasons = []
    limits = plan.programme.limits
    binding: list[tuple[float, int]] = []
    for position, row in enumerate(plan.programme.rows["budget"]):
        limit = limits.iloc[position]
        values = {
            "year": limit["year"],
            "category": limit["category"],
            "amount": float(limit["amount"]),
            "currency": currency,
        }
        price = float(-plan.solution.prices[row])
        if price > SMALLEST:
            binding.append((price, position))
        else:
            left = float(limit["amount"] - plan.solution.activity[row])
            reasons.append(("budget_slack", values | {"left": left}))
    told: list[tuple[str, dict]] = []
    rows = plan.programme.rows["budget"]
    kept = keep_model(plan.programme.model, plan.solution) if binding else None
    for price, position in sorted(binding, reverse=True):
        assert kept is not None
        limit = limits.iloc[position]
        values = {
            "year": limit["year"],
            "category": limit["category"],
            "amount": float(limit["amount"]),
            "currency": currency,
        }
        values["price"] = price
        if not told:
            before = kept.solve().objective
            ranges = kept.range_sides(rows)
        more = CHECK_SHARE * values["amount"]
        if not told and more > 0:
            kept.change_sides(rows[[position]], values["amount"] + more)
            values |= {"more": more, "saved": before - kept.solve().objective}
            kept.restore_rows(rows[[position]])
        told.append(("budget_price", values))
        low, high = ranges[position]
        if high - low > RANGE_SHARE * values["amount"]:
            named = {name: values[name] for name in ("year", "category", "currency")}
            ends = {"low": float(max(low, 0.0)), "high": float(high) if np.isfinite(high) else None}
            told.append(("budget_range", named | ends))
    return told + reasons


def _explain_limits(plan: Plan, currency: str) -> list[tuple[str, dict]]:
    """What one more would save where the cap on hires, a channel's capacity or a programme's seats bind: the three dearest."""
    prices = plan.prices
    reasons: list[tuple[str, dict]] = []
    for row in prices[prices["rule"] == "hires"].itertuples():
        values = {"year": row.period, "limit": plan.options.hire_limit, "price": row.price, "currency": currency}
        reasons.append(("hires_cap", values))
    full = prices[prices["rule"].isin(["capacity", "stages", "seats"])]
    dearest = full.loc[full.groupby("name")["price"].idxmax()].sort_values("price", ascending=False)
    for row in dearest.head(LISTED).itertuples():
        periods = int((full["name"] == row.name).sum())
        values = {"name": row.name, "periods": periods, "period": row.period, "price": row.price, "currency": currency}
        reasons.append(("capacity_full", values))
    return reasons


def _explain_unused(case: Case, plan: Plan, currency: str) -> list[tuple[str, dict]]:
    """Channels and programmes that the plan leaves alone, and by how much a unit would have to be cheaper to be used.

    A unit's price weighs more than itself where budgets bind, for every unit of money also uses them up: the reduced
    cost is divided by 1 + the prices of the budgets it draws on. Where the cap on hires stops the channels, no price
    of theirs would help, and that is said instead.
    """
    reasons: list[tuple[str, dict]] = []
    names = [*_out_of_reach(case.tables.channels["channel"], plan.options.hires, plan.options.channel_limit)]
    names += _out_of_reach(case.tables.programmes["programme"], plan.options.develops, plan.options.seat_limit)
    if names:
        reasons.append(("out_of_reach", {"names": ", ".join(dict.fromkeys(names))}))
    capped = bool((plan.prices["rule"] == "hires").any())
    weight = _budget_weight(plan)
    for key, frame, column, name in (
        ("unused_channel", plan.options.hires, plan.programme.columns.hires, "channel"),
        ("unused_programme", plan.options.develops, plan.programme.columns.develops, "programme"),
    ):
        if key == "unused_channel" and capped:
            reasons.append((key, {"capped": True}))
            continue
        table = pd.DataFrame(
            {
                "name": frame[name].to_numpy(),
                "used": plan.solution.amounts[column],
                "cheaper": plan.solution.reduced[column] / weight[column],
                "cost": frame["cost"].to_numpy(),
            }
        )
        for option, group in table.groupby("name", sort=False):
            if group["used"].sum() <= SMALLEST and option not in names:
                nearest = group.loc[group["cheaper"].idxmin()]
                values = {"name": option, "cheaper": float(nearest["cheaper"]), "cost": float(nearest["cost"])}
                reasons.append((key, values | {"currency": currency}))
    return reasons


def _out_of_reach(names: pd.Series, options: pd.DataFrame, limit: np.ndarray) -> list[str]:
    """Channels or programmes that cannot be used at all: no capacity, or nothing of them arrives within the horizon."""
    offered = set(options["row"])
    return [str(name) for row, name in enumerate(names) if row not in offered or limit[row] == 0]


def _budget_weight(plan: Plan) -> np.ndarray:
    """[column] what one unit of money spent by it weighs: 1 + the shadow prices of the budgets it draws on."""
    model = plan.programme.model
    rows, columns, values = model.triples()
    price = np.zeros(len(model.row_names))
    price[plan.programme.rows["budget"]] = -plan.solution.prices[plan.programme.rows["budget"]]
    drawn = np.bincount(columns, weights=price[rows] * values, minlength=len(model.names))
    cost = np.concatenate(model.cost)
    return 1.0 + np.divide(drawn, cost, out=np.zeros_like(drawn), where=cost > 0)
