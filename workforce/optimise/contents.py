"""What each decision adds at each close: persons, paid FTE, effective FTE and money, as entries of the programme."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.optimise.actions import Actions
from workforce.optimise.joiners import Joiners
from workforce.optimise.prices import loaded_cost, paid_years, retention_cost
from workforce.optimise.reactions import Established, each_period


@dataclass(frozen=True)
class Columns:
    """Numbers of the model's columns. hires ... stand_ins: in the order of the action tables; stock (established),
    shortage, surplus: [period, role]."""

    hires: np.ndarray
    develops: np.ndarray
    moves: np.ndarray
    releases: np.ndarray
    keeps: np.ndarray
    contracts: np.ndarray
    overtimes: np.ndarray
    short_times: np.ndarray
    stand_ins: np.ndarray
    stock: np.ndarray
    shortage: np.ndarray
    surplus: np.ndarray


Entries = list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Contents:
    """Entries (period, role, column, value), each part an array: heads in persons, effective and own in FTE, spending in
    money by category. own: effective before anybody does the work of another role."""

    heads: Entries
    own: Entries
    effective: Entries
    spending: dict[str, Entries]


def describe_contents(
    case: Case,
    dynamics: Dynamics,
    established: Established,
    actions: Actions,
    columns: Columns,
    joiners: Joiners,
    there: np.ndarray,
) -> Contents:
    """What is there, what it does and what it costs. there: [period, role] columns of heads without the period's own
    joiners. Joiners are full-time; everybody else counts as the people of their
    role do on average. People are charged on heads at each close, a hire, a seat or a move when it is started, severance
    when it is paid; contractors, overtime, short-time working and what standing in costs belong to the category people."""
    n_periods, n_roles = columns.stock.shape
    period, role = np.divmod(np.arange(n_periods * n_roles), n_roles)
    stock = columns.stock.ravel()
    heads: Entries = [(period, role, there.ravel(), np.ones(len(period))), *joiners.new]
    paid: Entries = [*heads, (period, role, stock, dynamics.fte[role] - 1.0)]
    own: Entries = [*heads, (period, role, stock, established.effective.ravel() - 1.0)]
    for when, where, column, share, tenure in joiners.ramping:
        lost = 1.0 - dynamics.ramp[where, np.minimum(tenure, dynamics.ramp.shape[1] - 1)]
        own.append((when, where, column, -share * lost))
    own += _ramping_movers(case, dynamics, established, actions, columns)
    own += _in_training(dynamics, established, actions, columns)
    for frame, column, sign in (
        (actions.contracts, columns.contracts, 1.0),
        (actions.overtimes, columns.overtimes, 1.0),
        (actions.short_times, columns.short_times, -1.0),
    ):
        value = frame["cut"].to_numpy() if "cut" in frame else np.ones(len(frame))
        own.append((frame["start"].to_numpy(), frame["role"].to_numpy(), column, sign * value))
    stand, column = actions.stand_ins, columns.stand_ins
    start, role, target = (stand[name].to_numpy() for name in ("start", "role", "target"))
    worth = stand["worth"].to_numpy()
    effective: Entries = [*own, (start, role, column, -np.ones(len(stand))), (start, target, column, worth)]
    heads, paid, own, effective = ([entry for entry in part if len(entry[2])] for part in (heads, paid, own, effective))
    return Contents(heads, own, effective, _spending(case, dynamics, actions, columns, heads, paid))


def _ramping_movers(
    case: Case, dynamics: Dynamics, established: Established, actions: Actions, columns: Columns
) -> Entries:
    moves = actions.moves
    effect, target, ramp = (moves[name].to_numpy() for name in ("effect", "target", "ramp_months"))
    lasts = np.ceil(ramp / dynamics.months).astype(int)
    row, now = each_period(effect, np.minimum(effect + lasts, len(dynamics.periods)))
    done = (now - effect[row]) * dynamics.months / np.maximum(ramp[row], 1e-9)
    role, start = target[row], case.tables.roles["ramp_start"].to_numpy(dtype=float)
    there = moves["arrive"].to_numpy()[row] * established.surviving(role, effect[row], now) * dynamics.fte[role]
    return [(now, role, columns.moves[row], -(1.0 - start[role]) * (1.0 - done) * there)]


def _in_training(dynamics: Dynamics, established: Established, actions: Actions, columns: Columns) -> Entries:
    """Time that trainees are away and that their mentors give, until the programme ends."""
    courses = actions.develops
    start, effect, source, mentor_role = (
        courses[name].to_numpy() for name in ("start", "effect", "source", "mentor_role")
    )
    away, mentor = courses["away"].to_numpy(dtype=float), courses["mentor"].to_numpy(dtype=float)
    row, now = each_period(np.maximum(start, 0), np.minimum(effect, len(dynamics.periods)))
    share = established.surviving(source[row], start[row], now)
    entries = []
    for role, value in (
        (source[row], away[row] * share * dynamics.fte[source[row]]),
        (mentor_role[row], mentor[row] * share),
    ):
        some = value != 0
        entries.append((now[some], role[some], columns.develops[row[some]], -value[some]))
    return entries


def _spending(
    case: Case, dynamics: Dynamics, actions: Actions, columns: Columns, heads: Entries, paid: Entries
) -> dict[str, Entries]:
    loaded, _ = loaded_cost(case)
    pay, offered = loaded * paid_years(case, "people"), retention_cost(case)

    def started(frame: pd.DataFrame, column: np.ndarray, role: str) -> Entries:
        kept = frame["start"].to_numpy() >= 0  # what was begun before the plan is paid for
        part = frame[kept]
        return [(part["start"].to_numpy(), part[role].to_numpy(), column[kept], part["cost"].to_numpy())]

    people = [(t, r, column, value * pay[t, r]) for t, r, column, value in paid]
    for name in ("contracts", "overtimes", "short_times", "stand_ins"):
        people += started(getattr(actions, name), getattr(columns, name), "role")
    spending = {
        "people": people,
        "recruiting": started(actions.hires, columns.hires, "role"),
        "development": started(actions.develops, columns.develops, "target")
        + started(actions.moves, columns.moves, "target"),
        "retention": [(t, r, column, value * offered[t, r]) for t, r, column, value in heads]
        + started(actions.keeps, columns.keeps, "role"),
        "separation": started(actions.releases, columns.releases, "role"),
    }
    return {name: [entry for entry in entries if len(entry[2])] for name, entries in spending.items()}
