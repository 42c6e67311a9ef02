"""Offers to stay by the value they save for the money they take, role by role, by the prices of the plan."""

from typing import Any

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.inputs.pricing import price_times, spending_periods
from workforce.inputs.targets import applies_to
from workforce.optimise.balance import move_shares
from workforce.optimise.budgets import earlier_quarters
from workforce.optimise.plan import Plan
from workforce.optimise.prices import discount
from workforce.optimise.taken import SMALLEST

COLUMNS = ["offer", "role", "state", "periods", "years", "kept", "cost", "worth", "saved", "ratio", "hurdle", "chosen"]
TOLD = 3


def measure_retention(case: Case, dynamics: Dynamics, plan: Plan) -> pd.DataFrame:
    """Every offer of the table retention and role it reaches, best ratio first: offer, role, state (chosen: made by the
    plan; left: not made; gated: left out by the return gate; made: by the scenario, whose rates have it already; off:
    supply.retention is false), periods (that are counted), years (person-years reached in them), kept (heads who stay in
    them because of it), cost (money), worth (money that these people save), saved (worth - cost), ratio (worth / cost),
    hurdle (the ratio it takes to be made: 1, and more where budgets bind, for a unit of money then is worth more than itself),
    chosen (share of all the person-years it could reach, over the horizon, that are reached).

    Counted is what is done: of an offer that the plan makes, where and to how many it makes it; of one that the scenario
    makes, every period. Of any other, its best period, made to all who take it.

    Worth is what the plan's total would fall by with one more person in that role at the close of that period, by the
    dual price of the balance of people: the pay of that person is taken off, hiring and ramp-up saved or shortage avoided
    are in it, to the end of the horizon (Dantzig 1963, chapter 12, on prices). Prices hold for small changes; two offers
    for one role share its worth.
    """
    table, roles = case.tables.retention, case.tables.roles
    if table.empty:
        return pd.DataFrame(columns=COLUMNS)
    established, year, supply = plan.established, dynamics.months / 12.0, case.assumptions.supply
    worth = _value_people(case, dynamics, plan) / discount(case)[:, None]
    there = plan.stocks["opening"].to_numpy().reshape(worth.shape)
    reached = _reached(plan, worth.shape[0])
    gated = set(plan.gated.loc[plan.gated["action"] == "keep", "name"])
    weight = _weigh_money(case, plan)
    every, found = np.arange(len(worth)), []
    for position, offer in enumerate(table.itertuples()):
        made = offer.offer in supply.retention_offers
        state = "made" if made else "off" if not supply.retention else "gated" if offer.offer in gated else "left"
        for role in np.flatnonzero(applies_to(offer, roles)).tolist():
            who = np.full(len(every), role)
            if made:
                staying = _kept_before(established, every, role, offer.effect * offer.reach) / max(offer.reach, 1e-12)
            else:
                staying = established.keeping(every, who, np.full(len(every), offer.effect))
            everybody = there[:, role] * offer.reach
            taken = everybody if made else reached.get((position, role), np.zeros(len(every)))
            price = offer.cost * year * price_times(case, "retention", who, every, offer.offer)
            counted = taken
            if taken.sum() <= SMALLEST:
                counted = np.zeros(len(every))
                best = int(np.argmax(np.where(everybody > SMALLEST, staying * worth[:, role], -np.inf)))
                counted[best] = everybody[best]
            chosen = state == "left" and taken.sum() > SMALLEST
            kept, cost = counted * staying, float(counted @ price)
            value = float(kept @ worth[:, role])
            found.append(
                (
                    offer.offer,
                    dynamics.roles[role],
                    "chosen" if chosen else state,
                    int((counted > SMALLEST).sum()),
                    float(counted.sum()) * year,
                    float(kept.sum()),
                    cost,
                    value,
                    value - cost,
                    value / cost if cost > 0 else np.nan,
                    float(counted @ weight / counted.sum()) if counted.sum() > 0 else 1.0,
                    float(taken.sum() / everybody.sum()) if everybody.sum() > SMALLEST else 0.0,
                )
            )
    frame = pd.DataFrame(found, columns=COLUMNS)
    return frame.sort_values(["ratio", "saved"], ascending=False, kind="stable", ignore_index=True)


def _value_people(case: Case, dynamics: Dynamics, plan: Plan) -> np.ndarray:
    """[period, role] money saved by one more person who has not left the role in the period: there at the close, or moved
    on by the arcs that people take by themselves; and with one vacancy less where the role is filled from below."""
    prices, programme, moved = plan.solution.prices / plan.goal.money, plan.programme, plan.established.move
    person = -prices[programme.balance]
    there = person + np.where(programme.opened >= 0, prices[programme.opened], 0.0)
    worth = there * (1.0 - move_shares(dynamics, plan.established))
    for arc, (source, target) in enumerate(zip(dynamics.arc_from, dynamics.arc_to, strict=True)):
        worth[:, source] += moved[:, arc] * person[:, target]
    return worth


def _weigh_money(case: Case, plan: Plan) -> np.ndarray:
    """[period] what a unit of money for retention weighs: 1 + the shadow prices of the budgets it draws on."""
    weight, limits, prices = np.ones(len(case.periods)), plan.programme.limits, plan.solution.prices
    for kind, mine in (("budget", limits[~limits["soft"]]), ("quarters", limits[limits["soft"]])):
        for row, limit in zip(plan.programme.rows[kind], mine.itertuples(), strict=True):
            if limit.category in ("total", "retention"):
                labels = earlier_quarters(limits, limit.year, limit.category)["year"] if limit.soft else [limit.year]
                drawn = np.any([spending_periods(case, label) for label in labels], axis=0)
                weight[drawn] -= prices[row] / plan.goal.money / discount(case)[drawn]
    return weight


def _reached(plan: Plan, periods: int) -> dict[tuple[int, int], np.ndarray]:
    """(row of retention, role) -> [period] persons whom the plan reaches."""
    found: dict[tuple[int, int], np.ndarray] = {}
    keeps = plan.options.keeps
    amounts = plan.solution.amounts[plan.programme.columns.keeps]
    for row, role, start, heads in zip(keeps["row"], keeps["role"], keeps["start"], amounts, strict=True):
        found.setdefault((row, role), np.zeros(periods))[start] += heads
    return found


def _kept_before(established: Any, every: np.ndarray, role: int, effect: float) -> np.ndarray:
    """[period] share of a role's people that stays because of an offer whose effect is in the rates already."""
    months, resign = established.months, established.resign[every, role]
    monthly = 1.0 - (1.0 - resign) ** (1.0 / months)
    before = 1.0 - (1.0 - np.minimum(monthly / max(1.0 - effect, 1e-9), 1.0)) ** months
    stays = np.divide(1.0 - established.leave[every, role], 1.0 - resign, out=np.ones(len(every)), where=resign < 1.0)
    return (before - resign) * stays


def explain_retention(case: Case, retention: pd.DataFrame) -> list[tuple[str, dict[str, Any]]]:
    """What the report says of it: retention_value (the best of those the plan or the scenario makes: offer, role, kept,
    cost, saved, ratio) and retention_left (count: of those left that cost more than they save even in their best period; name,
    role, ratio of the nearest)."""
    currency, told = case.assumptions.company.currency, []
    valued = retention.dropna(subset=["ratio"])
    for row in valued[valued["state"].isin(["chosen", "made"])].head(TOLD).itertuples():
        values = {"name": row.offer, "role": row.role, "ratio": row.ratio, "kept": row.kept, "cost": row.cost}
        values |= {"currency": currency}
        told.append(("retention_value", values))
    left = retention[(retention["state"] == "left") & (retention["ratio"] < 1.0)]
    if len(left):
        best = left.iloc[0]
        values = {"count": len(left), "name": best["offer"], "role": best["role"], "ratio": float(best["ratio"])}
        told.append(("retention_left", values))
    return told
