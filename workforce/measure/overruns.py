"""Overruns: how likely the plan, once lived through, costs more than its budgets or holds more heads than authorised."""

from typing import Any

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.inputs.pricing import spending_periods
from workforce.optimise.budgets import MONEY
from workforce.optimise.prices import loaded_cost, paid_years, retention_cost
from workforce.simulate.stress import Stress

COLUMNS = ["kind", "unit", "period", "category", "amount", "planned", "mean", "p95", "probability"]


def measure_overruns(
    case: Case, dynamics: Dynamics, stress: Stress, stocks: pd.DataFrame, costs: pd.DataFrame, budget: pd.DataFrame
) -> pd.DataFrame:
    """Budgets and establishments against the simulated paths of the plan.

    stocks, costs, budget: as the plan's (`Plan`). Returns kind (budget, establishment), unit ("" = company), period (as
    text: a year, a quarter, "all", or a period of the plan), category (of the budget; "" for heads), amount (money, or
    authorised heads), planned, mean, p95 (money or heads), probability (share of the paths above the amount).

    A path costs what the plan costs, and for every head more or fewer at a close what a head of the role costs then (loaded
    cost and retention offers); offers beyond the plan cost what their channel charges. Everything else the plan decided
    costs what it decided. Heads count over the roles that state an establishment.
    """
    rows = _weigh_budgets(case, dynamics, stress, stocks, costs, budget) + _weigh_posts(case, dynamics, stress, stocks)
    return pd.DataFrame(rows, columns=COLUMNS).astype({"probability": float, "amount": float})


def price_paths(
    case: Case, dynamics: Dynamics, stress: Stress, stocks: pd.DataFrame, costs: pd.DataFrame
) -> dict[str, np.ndarray]:
    """Money of each path by category of MONEY, [path, period]."""
    shape = (len(dynamics.periods), len(dynamics.roles))
    closing = stocks.loc[stocks["reading"] == "plan", "closing"].to_numpy(dtype=float).reshape(shape)
    place = dynamics.periods.get_indexer(pd.PeriodIndex(costs["period"]))
    planned = {
        name: np.bincount(place[inside], weights=costs.loc[inside, "amount"], minlength=shape[0])
        for name in MONEY
        for inside in [(costs["category"] == name).to_numpy()]
    }
    more = stress.careers.closing - closing
    extra: dict[str, Any] = {
        "people": (more * paid_years(case, "people")) @ (loaded_cost(case)[0] * dynamics.fte),
        "retention": (more * retention_cost(case)).sum(axis=2),
    }
    if stress.backfill is not None:
        extra["recruiting"] = stress.backfill.money.sum(axis=2)
    paths = len(more)
    return {name: np.broadcast_to(planned[name], (paths, shape[0])) + extra.get(name, 0.0) for name in MONEY}


def _weigh_budgets(
    case: Case, dynamics: Dynamics, stress: Stress, stocks: pd.DataFrame, costs: pd.DataFrame, budget: pd.DataFrame
) -> list[tuple]:
    money = price_paths(case, dynamics, stress, stocks, costs)
    rows = []
    for row in budget[budget["amount"].notna()].itertuples():
        inside = spending_periods(case, row.year)
        names = MONEY if row.category == "total" else (row.category,)
        spent = sum((money[name][:, inside].sum(axis=1) for name in names), np.zeros(len(stress.careers.closing)))
        rows.append(("budget", "", str(row.year), row.category, row.amount, row.spent, *_compare(spent, row.amount)))
    return rows


def _weigh_posts(case: Case, dynamics: Dynamics, stress: Stress, stocks: pd.DataFrame) -> list[tuple]:
    table = case.tables.roles
    stated = table["establishment"].notna().to_numpy()
    if case.assumptions.plan.establishment == "ignored" or not stated.any():
        return []
    shape = (len(dynamics.periods), len(dynamics.roles))
    closing = stocks.loc[stocks["reading"] == "plan", "closing"].to_numpy(dtype=float).reshape(shape)
    rows = []
    for unit in dict.fromkeys(table.loc[stated, "unit"]):
        inside = stated & table["unit"].eq(unit).to_numpy()
        amount = float(table.loc[inside, "establishment"].sum())
        heads = stress.careers.closing[:, :, inside].sum(axis=2)
        for place, period in enumerate(dynamics.periods):
            planned = float(closing[place, inside].sum())
            rows.append(("establishment", unit, str(period), "", amount, planned, *_compare(heads[:, place], amount)))
    return rows


def _compare(values: np.ndarray, amount: float) -> tuple[float, float, float]:
    """Mean, 95% quantile, and the share above an amount (by more than rounding)."""
    return (
        float(values.mean()),
        float(np.quantile(values, 0.95)),
        float((values > amount + 1e-9 * abs(amount)).mean()),
    )


def explain_overruns(overruns: pd.DataFrame) -> list[tuple[str, dict[str, Any]]]:
    """The budgets and units as reasons: every total budget, the likeliest to be overrun first and quarters behind years,
    because the first of them opens the report; then the categories that are likelier than not to be overrun, and the unit
    that is likeliest to hold more heads than authorised."""
    told: list[tuple[str, dict[str, Any]]] = []
    budgets = overruns[overruns["kind"] == "budget"]
    ranks = pd.DataFrame(
        {
            "part": budgets["category"] != "total",
            "quarter": budgets["period"].str.contains("Q"),
            "sure": -budgets["probability"].where(budgets["category"] == "total", 0.0),
        }
    )
    budgets = budgets.loc[ranks.sort_values(["part", "quarter", "sure"], kind="stable").index]
    for row in budgets.to_dict("records"):
        if row["category"] == "total" or row["probability"] > 0.5:
            names = ("category", "amount", "planned", "mean", "p95", "probability")
            told.append(("overrun_budget", {"year": row["period"], **{name: row[name] for name in names}}))
    posts = overruns[overruns["kind"] == "establishment"]
    if len(posts):
        worst = posts.loc[posts["probability"].idxmax()]
        shown = ("unit", "period", "amount", "p95", "probability")
        told.append(("overrun_posts", {name: worst[name] for name in shown}))
    return told
