"""Why the plan is as it is, as reasons that `report/words.py` turns into sentences."""

import json

import numpy as np
import pandas as pd

from workforce.inputs.case import Case
from workforce.optimise.binding import MONEY, choose_dearest, prove_prices, size_step
from workforce.optimise.plan import Plan
from workforce.optimise.prices import discount
from workforce.optimise.taken import SMALLEST

SPENT = 1e-9
"""A budget of which less than this share is left is used up."""


def explain_plan(case: Case, plan: Plan, prices: pd.DataFrame | None = None) -> pd.DataFrame:
    """Reasons: key, values (JSON text), in the order in which they are told. prices: as `prove_prices` gives them, which is
    asked where they are not given."""
    if prices is None:
        prices = prove_prices(plan.programme, plan.solution, plan.goal, plan.prices)
    currency = case.assumptions.company.currency
    reasons: list[tuple[str, dict]] = []
    heads = plan.actions.groupby("action")["arriving"].sum()
    started = plan.actions.groupby("action")["heads"].sum()
    spent = float(plan.costs["amount"].sum())
    rate = case.assumptions.plan.discount_rate
    reasons.append(("plan_cost", {"cost": spent, "total": plan.cost, "rate": rate, "currency": currency}))
    for action, key in (
        ("hire", "hires_total"),
        ("develop", "develop_total"),
        ("move", "moves_total"),
        ("release", "releases_total"),
    ):
        mine = plan.actions[plan.actions["action"] == action]
        values = {"heads": float(started.get(action, 0.0)), "arriving": float(heads.get(action, 0.0))}
        reasons.append((key, values | {"cost": float(mine["cost"].sum()), "currency": currency}))
    reasons += _explain_budgets(plan, prices, currency)
    reasons += _explain_limits(prices, currency)
    reasons += _explain_unused(case, plan, currency)
    return pd.DataFrame(
        [(key, json.dumps(values, ensure_ascii=False, sort_keys=True)) for key, values in reasons],
        columns=["key", "values"],
    )


def _explain_budgets(plan: Plan, prices: pd.DataFrame, currency: str) -> list[tuple[str, dict]]:
    """For each budget: what one more unit of money saves, the dearest proved by solving again, or how much is left."""
    told: list[tuple[str, dict]] = []
    binding = prices[(prices["rule"] == "budget") & (prices["price"] > SMALLEST)]
    limits = dict(zip(plan.programme.rows["budget"].tolist(), plan.programme.limits.to_dict("records"), strict=False))
    for row, price in binding.sort_values("price", ascending=False, kind="stable").iterrows():
        named = {name: limits[row][name] for name in ("year", "category")} | {"currency": currency}
        told.append(
            ("budget_price", named | {"amount": limits[row]["amount"], "price": price["price"]} | _proof(price))
        )
        if ends := _range(price):
            told.append(("budget_range", named | ends))
    for row, limit in limits.items():
        if row not in binding.index:
            values = {name: limit[name] for name in ("year", "category", "amount")} | {"currency": currency}
            left = float(limit["amount"] - plan.solution.activity[row])
            if left > SPENT * max(limit["amount"], 1.0):
                told.append(("budget_slack", values | {"left": left}))
            else:  # used up to the last, and more of it would save nothing, or the goal has no price of money
                told.append(("budget_used", values))
    return told


def _explain_limits(prices: pd.DataFrame, currency: str) -> list[tuple[str, dict]]:
    """What one more unit would save of the other rules that bind, each where it is dearest: the dearest few."""
    told: list[tuple[str, dict]] = []
    for row in choose_dearest(prices):
        price = prices.loc[row]
        if price["rule"] == "quarters":
            named = {"year": price["period"], "category": price["name"], "currency": currency}
            told.append(("band_price", named | {"amount": float(price["limit"]), "price": float(price["price"])}))
        elif price["rule"] not in MONEY:
            alike = np.sign(prices["price"]) == np.sign(price["price"])
            same = (prices["rule"] == price["rule"]) & (prices["name"] == price["name"]) & alike
            values = {name: price[name] for name in ("rule", "name", "period", "price")} | {"periods": int(same.sum())}
            limit = {} if np.isnan(price["limit"]) else {"limit": float(price["limit"])}
            key = "limit_price" if price["price"] > 0 else "floor_price"
            told.append((key, values | limit | {"currency": currency} | _proof(price) | _range(price)))
    return told


def _proof(price: pd.Series) -> dict[str, float]:
    return {} if np.isnan(price["saved"]) else {name: float(price[name]) for name in ("more", "saved", "then")}


def _range(price: pd.Series) -> dict[str, float | None]:
    """Limits between which a price is sure to hold, where they leave room for a step either way."""
    low, high = float(price["low"]), float(price["high"])
    if price["rule"] != "limits":  # a rule of one's own alone may allow less than nothing
        low = max(low, 0.0)
    if not max(high - price["limit"], price["limit"] - low) >= abs(size_step(price)):
        return {}
    return {"low": low if np.isfinite(low) else None, "high": high if np.isfinite(high) else None}


def _explain_unused(case: Case, plan: Plan, currency: str) -> list[tuple[str, dict]]:
    """Channels and programmes that the plan leaves alone, and by how much a unit would have to be cheaper to be used.

    A unit's price weighs more than itself where budgets bind, for every unit of money also uses them up: the reduced
    cost is divided by 1 + the prices of the budgets it draws on. Where the cap on hires stops the channels, no price
    of theirs would help, and that is said instead. Decisions in whole people are fixed where prices are found, so theirs
    tell nothing: those of later periods do, or nothing is said of how much.
    """
    reasons: list[tuple[str, dict]] = []
    names = [*_out_of_reach(case.tables.channels["channel"], plan.options.hires, plan.options.channel_limit)]
    names += _out_of_reach(case.tables.programmes["programme"], plan.options.develops, plan.options.seat_limit)
    if names:
        reasons.append(("out_of_reach", {"names": ", ".join(dict.fromkeys(names))}))
    if np.isnan(plan.goal.money):  # where money has no weight, no price tells how near a way was
        return reasons
    capped = "hires" in set(plan.prices["rule"])
    weight, whole = _budget_weight(plan), np.concatenate(plan.programme.model.whole)
    counts = discount(case)
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
                "cheaper": np.where(
                    whole[column],
                    np.nan,
                    plan.solution.reduced[column]
                    / plan.goal.money
                    / (weight[column] * counts[frame["start"].clip(lower=0)]),
                ),
                "cost": frame["cost"].to_numpy(),
            }
        )
        for option, group in table.groupby("name", sort=False):
            if group["used"].sum() <= SMALLEST and option not in names:
                values: dict[str, object] = {"name": option, "currency": currency}
                if group["cheaper"].notna().any():
                    nearest = group.loc[group["cheaper"].idxmin()]
                    values |= {"cheaper": float(nearest["cheaper"]), "cost": float(nearest["cost"])}
                reasons.append((key, values))
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
    for kind in MONEY:
        price[plan.programme.rows[kind]] = -plan.solution.prices[plan.programme.rows[kind]]
    drawn = np.bincount(columns, weights=price[rows] * values, minlength=len(model.names))
    cost = np.concatenate(model.cost)
    return 1.0 + np.divide(drawn, cost, out=np.zeros_like(drawn), where=cost > 0)
