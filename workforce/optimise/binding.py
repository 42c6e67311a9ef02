"""Rules that bind: what one more unit of each is worth, between which limits that holds, and the proof by solving again."""

import numpy as np
import pandas as pd

from workforce.optimise.highs import KeptModel, Solution, keep_model
from workforce.optimise.model import PlanModel, read_rule
from workforce.optimise.objectives import Goal
from workforce.optimise.solve import IN_PARTS

MONEY = ("budget", "quarters")
SHARES = (
    "eligible",
    "mentors",
    "reach",
    "target_share",
    "release_share",
    "contract",
    "overtime",
    "short_time",
    "stand_in",
    "inside",
)
"""Rules by a share of the people there: their limit moves with the plan, so it is no number to be told."""

UNITS = {
    **dict.fromkeys(MONEY, "money per money"),
    **dict.fromkeys(("capacity", "pool"), "money per offer"),
    **dict.fromkeys(("seats", "eligible"), "money per seat"),
    **dict.fromkeys(("mentors", "contract", "overtime", "stand_in", "surplus", "shortage"), "money per FTE"),
    "surplus_max": "money per FTE",
    "stages": "money per person",
    "limits": "money per unit",
}
"""Unit of the price of a rule; money per head for every rule that is not here."""

NO_RULES = ("coverage", "first", "kept", "span")
"""Rows without a limit that somebody has set."""

SMALLEST = 1e-6

CHECK_SHARE = 0.001
"""A budget's price is proved with this share of it more, every other rule's with one unit more."""

PROVED = 3
"""So many rules of each sort are proved and told, the dearest first, each where it is dearest."""


def list_prices(programme: PlanModel, solution: Solution, goal: Goal) -> pd.DataFrame:
    """Shadow prices of the rules that bind.

    rule, name (unit, role, channel, programme or category), period (as text: period, year, quarter or "all"), price (money
    saved in the total by one more unit of the rule's limit; below 0 for a floor, which costs), unit. The index is the
    row of the programme. Where the first periods are in whole people, prices leave these as they are.
    """
    prices = -solution.prices / goal.money
    found = [
        (
            row,
            kind,
            *reversed(read_rule(kind, programme.model.row_names[row])),
            prices[row],
            UNITS.get(kind, "money per head"),
        )
        for kind, rows in programme.rows.items()
        if kind not in NO_RULES
        for row in rows.tolist()
        if abs(prices[row]) > SMALLEST
    ]
    frame = pd.DataFrame(found, columns=["row", "rule", "name", "period", "price", "unit"]).set_index("row")
    return frame.astype({"rule": "str", "name": "str", "period": "str", "price": float, "unit": "str"})


def prove_prices(programme: PlanModel, solution: Solution, goal: Goal, prices: pd.DataFrame) -> pd.DataFrame:
    """The prices, as `list_prices` gives them, with limit (what the rule allows, in its unit), low and high (limits between
    which the price is sure to hold, all else as it is, from ranging: the basis stays optimal), more (units by which the
    limit was raised; a floor is lowered, which is told below 0), saved (money: what that saved when solved again) and then
    (the price at the raised limit: every unit between saves no less than this and no more than the price, for savings are
    concave in a limit).

    limit, low and high are NaN where the rule is a share of people; more, saved and then where it was not solved again.
    Nothing is proved of a programme that was solved in parts: its prices are right within the gap.
    """
    rows, blank = prices.index.to_numpy(dtype=int), dict.fromkeys(("low", "high", "more", "saved", "then"), np.nan)
    limit = np.concatenate(programme.model.sides)[rows]
    frame = prices.assign(limit=np.where(prices["rule"].isin(SHARES), np.nan, limit), **blank)
    if frame.empty or (solution.basis is None and len(programme.model.row_names) >= IN_PARTS):
        return frame
    kept = keep_model(programme.model, solution)
    before = kept.solve().objective
    frame[["low", "high"]] = kept.range_sides(rows)
    frame.loc[frame["rule"].isin(SHARES), ["low", "high"]] = np.nan
    for row in choose_dearest(frame):
        more = size_step(frame.loc[row])
        if more:
            raised = _raise(kept, row, more)
            saved, then = before - raised.objective, -raised.prices[row]
            frame.loc[row, ["more", "saved", "then"]] = more, saved / goal.money, then / goal.money
    return frame


def size_step(price: pd.Series) -> float:
    """The step by which a cap is raised, or a floor lowered (below 0), to prove its price, in its unit. price: a row of
    `prove_prices`."""
    return CHECK_SHARE * price["limit"] if price["rule"] in MONEY else float(np.sign(price["price"]))


def _raise(kept: KeptModel, row: int, more: float) -> Solution:
    """The answer with a rule's limit raised, which is put back afterwards."""
    side = kept.row_upper[row] if np.isfinite(kept.row_upper[row]) else kept.row_lower[row]
    kept.change_sides(np.array([row]), side + more)
    found = kept.solve()
    kept.restore_rows(np.array([row]))
    return found


def choose_dearest(prices: pd.DataFrame) -> list[int]:
    """Rows of the rules that are told first: the dearest PROVED of the budgets, of the bands of quarters (each category where
    it is dearest), of the rules of one's own (each name, floors too) and of the other rules (each rule and name). prices: as
    `list_prices` gives them."""
    dear = prices.sort_values("price", key=np.abs, ascending=False, kind="stable").reset_index()
    caps, own = dear["price"] > SMALLEST, dear["rule"] == "limits"
    parts = (
        dear[caps & (dear["rule"] == "budget")],
        dear[caps & (dear["rule"] == "quarters")].drop_duplicates("name"),
        dear[own].drop_duplicates("name"),
        dear[caps & ~own & ~dear["rule"].isin(MONEY)].drop_duplicates(["rule", "name"]),
    )
    return [int(row) for part in parts for row in part["row"][:PROVED]]
