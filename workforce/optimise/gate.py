"""The return gate: what a way of closing the gap brings for the money it takes, and which ways bring too little."""

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.inputs.pricing import price_grid
from workforce.optimise.actions import Actions
from workforce.optimise.balance import graduates
from workforce.optimise.prices import discount, loaded_cost, paid_years, shortage_price
from workforce.optimise.reactions import Established, follow_cohorts


def pass_gate(
    case: Case, dynamics: Dynamics, established: Established, actions: Actions
) -> tuple[Actions, pd.DataFrame]:
    """The actions without the ways whose output : input stays below plan.return_ratio wherever and whenever they begin,
    and those ways: action, name, ratio (its best). No gate where plan.return_ratio is null.

    One unit begun is followed to the end of the horizon. Output: the effective FTE it adds in the role it serves, at the
    price of being short there. Input: what it costs itself, the pay of the people it adds (for a trainee also the pay of
    the time that trainee and mentor give). A move keeps a person who is paid anyhow, so pay is no part of its input. Both in
    the money that the plan minimises: at the prices of each period (table price_index), discounted, without pay in the
    last plan.end_periods.
    """
    least = case.assumptions.plan.return_ratio
    columns = ["action", "name", "ratio"]
    if least is None:
        return actions, pd.DataFrame(columns=columns).astype({"action": "str", "name": "str", "ratio": float})
    rated = pd.DataFrame(_rate(case, dynamics, established, actions), columns=columns)
    best = rated.groupby(["action", "name"], sort=False)["ratio"].max().reset_index()
    out = best[best["ratio"] < least].reset_index(drop=True)
    return actions.without(set(zip(out["action"], out["name"], strict=True))), out


def _rate(case: Case, dynamics: Dynamics, established: Established, actions: Actions) -> list[tuple[str, str, float]]:
    loaded, _ = loaded_cost(case)
    year, counts, n_periods = dynamics.months / 12.0, discount(case), len(dynamics.periods)
    worth = year * counts[:, None] * price_grid(case, "shortage") * shortage_price(case, loaded)
    pay = counts[:, None] * paid_years(case, "people") * loaded

    def years(money: np.ndarray, role: int, first: int) -> float:
        """Money [period, role] of one who is in the role at the close of `first`, to the end of the horizon."""
        return float(established.surviving(role, first, np.arange(first, n_periods)) @ money[first:, role])

    rated = []
    cohorts = [follow_cohorts(dynamics, quality, length) for quality, length in actions.kinds]
    for row in actions.hires.itertuples():
        there = cohorts[row.kind].present[row.effect, :, row.role] * row.arrive
        tenure = np.clip((np.arange(n_periods) - row.effect) * dynamics.months, 0, dynamics.ramp.shape[1] - 1)
        output = float(there * dynamics.ramp[row.role, tenure] @ worth[:, row.role])
        cost = row.cost * counts[max(row.start, 0)] + float(there @ pay[:, row.role])
        rated.append(("hire", row.channel, _divide(output, cost)))
    grown = graduates(actions, established)[0]
    for row, passed in zip(actions.develops.itertuples(), grown, strict=True):
        if row.effect >= n_periods:
            continue
        begun = max(row.start, 0)
        training = established.surviving(row.source, row.start, np.arange(begun, row.effect))
        given = (pay[:, row.source] * row.away + pay[:, row.mentor_role] * row.mentor)[begun : row.effect]
        cost = row.cost * counts[begun] + passed * years(pay, row.target, row.effect) + float(training @ given)
        rated.append(("develop", row.programme, _divide(passed * years(worth, row.target, row.effect), cost)))
    for row in actions.moves.itertuples():
        output = row.arrive * years(worth, row.target, row.effect)
        rated.append(("move", f"{row.source}>{row.target}", _divide(output, row.cost * counts[row.start])))
    when, who = actions.keeps["start"].to_numpy(), actions.keeps["role"].to_numpy()
    staying = established.keeping(when, who, actions.keeps["effect_share"].to_numpy())
    for row, kept in zip(actions.keeps.itertuples(), staying, strict=True):
        cost = row.cost * counts[row.start] + kept * years(pay, row.role, row.start)
        rated.append(("keep", row.offer, _divide(kept * years(worth, row.role, row.start), cost)))
    return rated


def _divide(output: float, put_in: float) -> float:
    return output / put_in if put_in > 0 else np.inf
