"""Offers to stay by the value they save for the money they take, role by role, by the prices of the plan."""

from typing import Any

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics, applies_to
from workforce.inputs.case import Case
from workforce.optimise.balance import move_shares
from workforce.optimise.plan import Plan

COLUMNS = [
    "offer", "role", "state", "years", "kept", "cost", "worth", "saved", "ratio", "best", "chosen",
]  # fmt: skip
TOLD = 3


def measure_retention(case: Case, dynamics: Dynamics, plan: Plan) -> pd.DataFrame:
    """Every offer of the table retention and role it reaches, best ratio first: offer, role, state (chosen: made by the
    plan; left: not made; gated: left out by the return gate; made: by the scenario, whose rates have it already; off:
    supply.retention is false), years (person-years it reaches where it is made to all who take it, of the people that
    the plan has), kept (heads who stay in a period because of it, over the horizon), cost (money), worth (money that
    these people save), saved (worth - cost), ratio (worth / cost), best (ratio in its best period), chosen (share of
    `years` that the plan makes the offer to).

    Worth is what the plan's total would fall by with one more person in that role at the close of that period, by the
    dual price of the balance of people: the pay of that person is taken off, hiring and ramp-up saved or shortage avoided
    are in it, to the end of the horizon (Dantzig 1963, chapter 12, on prices). Prices hold for small changes: the worth
    of an offer that is left, made to everybody, is at most what is shown; two offers for one role share its worth.
    """
    table, roles = case.tables.retention, case.tables.roles
    if table.empty:
        return pd.DataFrame(columns=COLUMNS)
    established, year = plan.established, dynamics.months / 12.0
    rows = plan.programme.rows["balance"]
    person = -plan.solution.prices[rows]
    there = plan.stocks["opening"].to_numpy().reshape(person.shape)
    leaving = move_shares(dynamics, established)
    # One who stays is in the role at the close, or has moved on by the arcs that people take by themselves.
    worth = person * (1.0 - leaving)
    for arc, (source, target) in enumerate(zip(dynamics.arc_from, dynamics.arc_to, strict=True)):
        worth[:, source] += established.move[:, arc] * person[:, target]
    taken = _reached(plan, person.shape)
    gated = set(plan.gated.loc[plan.gated["action"] == "keep", "name"])
    supply, found = case.assumptions.supply, []
    for position, offer in enumerate(table.itertuples()):
        made = offer.offer in supply.retention_offers
        state = "made" if made else "off" if not supply.retention else "gated" if offer.offer in gated else ""
        for role in np.flatnonzero(applies_to(offer, roles)):
            every, who = np.arange(len(person)), np.full(len(person), role)
            if made:
                share = _kept_before(established, every, role, offer.effect * offer.reach)
            else:
                share = offer.reach * established.keeping(every, who, np.full(len(every), offer.effect))
            kept = there[:, role] * share
            years = there[:, role] * offer.reach * year
            cost, value = years * offer.cost, kept * worth[:, role]
            chosen = float(years.sum()) if made else float(taken.get((position, role), 0.0)) * year
            ratios = np.divide(value, cost, out=np.full(len(cost), np.nan), where=cost > 0)
            total, money = float(value.sum()), float(cost.sum())
            found.append(
                (
                    offer.offer,
                    dynamics.roles[role],
                    state or ("chosen" if chosen > 1e-6 else "left"),
                    float(years.sum()),
                    float(kept.sum()),
                    money,
                    total,
                    total - money,
                    total / money if money > 0 else np.nan,
                    float(np.nanmax(ratios)) if np.isfinite(ratios).any() else np.nan,
                    chosen / float(years.sum()) if years.sum() > 1e-9 else 0.0,
                )
            )
    frame = pd.DataFrame(found, columns=COLUMNS)
    return frame.sort_values(["ratio", "saved"], ascending=False, kind="stable", ignore_index=True)


def _reached(plan: Plan, shape: tuple[int, int]) -> dict[tuple[int, int], float]:
    """(row of retention, role) -> person-periods that the plan reaches."""
    keeps = plan.options.keeps
    amounts = pd.Series(plan.solution.amounts[plan.programme.columns.keeps])
    return amounts.groupby([keeps["row"].to_numpy(), keeps["role"].to_numpy()]).sum().to_dict()


def _kept_before(established: Any, every: np.ndarray, role: int, effect: float) -> np.ndarray:
    """[period] share of a role's people that stays because of an offer whose effect is in the rates already."""
    months, resign = established.months, established.resign[every, role]
    monthly = 1.0 - (1.0 - resign) ** (1.0 / months)
    before = 1.0 - (1.0 - np.minimum(monthly / max(1.0 - effect, 1e-9), 1.0)) ** months
    stays = np.divide(1.0 - established.leave[every, role], 1.0 - resign, out=np.ones(len(every)), where=resign < 1.0)
    return (before - resign) * stays


def explain_retention(case: Case, retention: pd.DataFrame) -> list[tuple[str, dict[str, Any]]]:
    """What the report says of it: retention_value (the best of those the plan or the scenario makes: offer, role, kept,
    cost, saved, ratio) and retention_left (names: those left that would cost more than they save, the nearest first)."""
    currency, told = case.assumptions.company.currency, []
    for row in retention[retention["state"].isin(["chosen", "made"])].head(TOLD).itertuples():
        values = {"name": row.offer, "role": row.role, "ratio": row.ratio, "kept": row.kept * row.chosen}
        values |= {"cost": row.cost * row.chosen, "currency": currency}
        told.append(("retention_value", values))
    left = retention[(retention["state"] == "left") & (retention["best"] < 1.0)]
    if len(left):
        best = left.iloc[0]
        values = {"count": len(left), "name": best["offer"], "role": best["role"], "ratio": float(best["ratio"])}
        told.append(("retention_left", values))
    return told
