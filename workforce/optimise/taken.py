"""What was decided, read back from the solution: the actions, what becomes of the stocks, what is spent."""

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.forecast.stocks import stock_table
from workforce.inputs.case import Case
from workforce.optimise.actions import Actions
from workforce.optimise.balance import graduates
from workforce.optimise.budgets import MONEY
from workforce.optimise.model import PlanModel
from workforce.optimise.prices import discount
from workforce.optimise.reactions import Established
from workforce.optimise.recruiting import step_money
from workforce.optimise.solve import Solution

SMALLEST = 1e-6
"""Actions below this many heads are rounding of the solver and are not listed."""


def list_taken(
    dynamics: Dynamics, options: Actions, established: Established, programme: PlanModel, solution: Solution
) -> pd.DataFrame:
    """The plan's actions as `Plan.actions` says; who is under way at the start was not decided and is not listed."""
    names, columns = np.asarray(dynamics.roles, dtype=object), programme.columns
    grown, whole = graduates(options, established)[0], np.concatenate(programme.model.whole)
    keeps = options.keeps
    kept = established.keeping(keeps["start"].to_numpy(), keeps["role"].to_numpy(), keeps["effect_share"].to_numpy())
    blocks = (
        ("hire", options.hires, columns.hires, "channel", None, "role", options.hires["arrive"]),
        ("develop", options.develops, columns.develops, "programme", "source", "target", grown),
        ("move", options.moves, columns.moves, None, "source", "target", options.moves["arrive"]),
        ("keep", keeps, columns.keeps, "offer", "role", "role", kept),
        ("release", options.releases, columns.releases, None, "role", None, 0.0),
        ("contract", options.contracts, columns.contracts, None, None, "role", 1.0),
        ("overtime", options.overtimes, columns.overtimes, None, "role", "role", 1.0),
        ("short_time", options.short_times, columns.short_times, None, "role", None, 1.0),
        ("stand_in", options.stand_ins, columns.stand_ins, None, "role", "target", options.stand_ins["worth"]),
    )
    dearer = step_money(programme.steps, solution.amounts, len(options.hires))
    frames = []
    for action, frame, column, via, source, target, share in blocks:
        heads = np.where(whole[column], np.round(solution.amounts[column]), solution.amounts[column])
        taken = (heads > SMALLEST) & (frame["start"].to_numpy() >= 0)
        part = frame[taken]
        if part.empty:
            continue
        effect = part["effect"] if "effect" in part else part["start"]
        frames.append(
            pd.DataFrame(
                {
                    "period": dynamics.periods[part["start"]],
                    "action": action,
                    "via": part[via].to_numpy() if via else "",
                    "from_role": names[part[source]] if source else "",
                    "to_role": names[part[target]] if target else "",
                    "heads": heads[taken],
                    "arriving": heads[taken] * np.broadcast_to(share, len(frame))[taken],
                    "arrives": dynamics.periods[0] + effect.to_numpy(),
                    "cost": heads[taken] * part["cost"].to_numpy() + (dearer[taken] if action == "hire" else 0.0),
                }
            )
        )
    if frames:
        return pd.concat(frames, ignore_index=True)
    text, number = (
        dict.fromkeys(["action", "via", "from_role", "to_role"], "str"),
        dict.fromkeys(["heads", "cost"], float),
    )
    period = dynamics.periods.dtype
    kinds = {"period": period, **text, **number, "arriving": float, "arrives": period}
    columns_of = ["period", "action", "via", "from_role", "to_role", "heads", "arriving", "arrives", "cost"]
    return pd.DataFrame(columns=columns_of).astype(kinds)


def plan_stocks(
    dynamics: Dynamics, options: Actions, established: Established, programme: PlanModel, solution: Solution
) -> pd.DataFrame:
    """Stocks and flows of the plan, reading `plan`, each flow from its own definition, so that the balance is a check
    and not a remainder."""
    columns, values = programme.columns, solution.amounts
    stock = values[columns.stock]
    n_periods, n_roles = stock.shape
    before = np.vstack([established.opening, stock[:-1]])
    staying = kept_people(options, established, programme, solution, stock.shape)
    left = before * established.leave - staying
    source, target = dynamics.arc_from, dynamics.arc_to
    ending = _total(programme.ending, values, stock.shape) * (1.0 - established.leave)
    left += ending
    moved = (before - left)[:, source] * established.move
    joiners, cohort, lost, more = follow_joiners(dynamics, options, programme, solution)
    left, moved = left + lost, moved + more
    fed = dynamics.feed > 0
    moved[:, fed] += established.feed[:, fed] * values[programme.vacant[:, target[fed]]]
    moves_in, moves_out = np.zeros((n_periods, n_roles)), np.zeros((n_periods, n_roles))
    for arc in range(len(source)):
        moves_out[:, source[arc]] += moved[:, arc]
        moves_in[:, target[arc]] += moved[:, arc]
    moves, releases = options.moves, options.releases
    taken = values[columns.moves]
    lost = taken * (1.0 - moves["arrive"].to_numpy())
    at = (moves["effect"].to_numpy(), moves["source"].to_numpy())
    np.add.at(moves_out, at, taken - lost)
    np.add.at(left, at, lost)
    np.add.at(moves_in, (at[0], moves["target"].to_numpy()), taken - lost)
    grown, failed = graduates(options, established)
    ending = (options.develops["effect"] < n_periods).to_numpy()
    courses, amount = options.develops[ending], values[columns.develops][ending]
    effect, origin = courses["effect"].to_numpy(), courses["source"].to_numpy()
    np.add.at(moves_out, (effect, origin), amount * grown[ending])
    np.add.at(moves_in, (effect, courses["target"].to_numpy()), amount * grown[ending])
    np.add.at(left, (effect, origin), amount * failed[ending])
    released = np.zeros((n_periods, n_roles))
    np.add.at(released, (releases["start"].to_numpy(), releases["role"].to_numpy()), values[columns.releases])
    closing = stock + cohort
    opening = np.vstack([established.opening, closing[:-1]])
    effective = _total(programme.effective, values, stock.shape)
    return stock_table(
        dynamics, "plan", opening, joiners, moves_in, moves_out, left + released, released, closing, effective
    )


def kept_people(
    options: Actions, established: Established, programme: PlanModel, solution: Solution, shape: tuple[int, int]
) -> np.ndarray:
    """[period, role] persons who stay because of an offer that the plan makes."""
    keeps, staying = options.keeps, np.zeros(shape)
    when, who = keeps["start"].to_numpy(), keeps["role"].to_numpy()
    share = established.keeping(when, who, keeps["effect_share"].to_numpy())
    np.add.at(staying, (when, who), share * solution.amounts[programme.columns.keeps])
    return staying


def follow_joiners(
    dynamics: Dynamics, options: Actions, programme: PlanModel, solution: Solution
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of the plan's joiners while they are followed: [period, role] those who join, are there, leave; [period, arc] those
    who move on by themselves."""
    hires, shape = options.hires, programme.columns.stock.shape
    joiners, cohort, left = (np.zeros(shape) for _ in range(3))
    moved = np.zeros((shape[0], len(dynamics.arc_from)))
    arriving = solution.amounts[programme.columns.hires] * hires["arrive"].to_numpy()
    np.add.at(joiners, (hires["effect"].to_numpy(), hires["role"].to_numpy()), arriving)
    for kind, parts in enumerate(programme.cohorts):
        mine = (hires["kind"] == kind).to_numpy()
        joined, part = np.zeros(shape), hires[mine]
        np.add.at(joined, (part["effect"].to_numpy(), part["role"].to_numpy()), arriving[mine])
        left += np.einsum("sr,str->tr", joined, parts.left)
        cohort += np.einsum("sr,str->tr", joined, parts.present)
        if len(dynamics.arc_from):
            moved += np.einsum("sa,sta->ta", joined[:, dynamics.arc_from], parts.moved)
    return joiners, cohort, left, moved


def _total(entries: list[tuple], values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    total = np.zeros(shape)
    for period, role, column, value in entries:
        np.add.at(total, (period, role), values[column] * value)
    return total


def list_spent(case: Case, dynamics: Dynamics, programme: PlanModel, solution: Solution) -> pd.DataFrame:
    """Money by period, role and category: period, role, unit, category, amount, discounted (by plan.discount_rate)."""
    shape = programme.columns.stock.shape
    counts = discount(case).repeat(shape[1])
    frames = []
    for category in MONEY:
        total = _total(programme.spending[category], solution.amounts, shape)
        frame = pd.DataFrame(
            {
                "period": dynamics.periods.repeat(shape[1]),
                "role": np.tile(np.asarray(dynamics.roles, dtype=object), shape[0]),
                "unit": np.tile(np.asarray(dynamics.units, dtype=object), shape[0]),
                "category": category,
                "amount": total.ravel(),
                "discounted": total.ravel() * counts,
            }
        )
        frames.append(frame[frame["amount"].abs() > SMALLEST] if category != "people" else frame)
    return pd.concat(frames, ignore_index=True)
