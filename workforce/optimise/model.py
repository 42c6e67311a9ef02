"""The mix as a linear programme: least total cost, priced shortage included, of closing the gap under budget and
limits.

Balance of model.md, section 1, for the established stock E of role r:
E(t) = stayers + organic moves in + actions in - actions out + cohorts handed over; joiners ramp as cohorts whose
survivors are known shares, so everything stays linear (model.md, section 5; Bartholomew, Forbes & McClean 1991, ch. 7).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.optimise.actions import Actions, loaded_cost, retention_cost, shortage_price
from workforce.optimise.joiners import Joiners, add_joiners
from workforce.optimise.limits import Columns, limit_actions, limit_heads, limit_spending
from workforce.optimise.linear import EQUAL, LinearModel
from workforce.optimise.reactions import Cohorts, Established, follow_cohorts


@dataclass(frozen=True)
class PlanModel:
    """The programme and what is needed to read its solution. heads, effective: (row = period x role, column, value)
    entries of persons and effective FTE; spending: category -> (period, role, column, money) entries; rows: kind ->
    row numbers; names of rows in `model`."""

    model: LinearModel
    columns: Columns
    cohorts: dict[float, Cohorts]
    heads: list[tuple]
    effective: list[tuple]
    spending: dict[str, list[tuple]]
    rows: dict[str, np.ndarray]
    limits: pd.DataFrame


def build_model(
    case: Case,
    dynamics: Dynamics,
    established: Established,
    actions: Actions,
    required: np.ndarray,
    relax: bool = False,
) -> PlanModel:
    """required: [period, role] FTE. With relax=True every budget, hard establishment and surplus cap may be broken at
    a price of 1 a unit and
    nothing else costs anything: the cheapest relaxation of rules that contradict each other."""
    n_periods, n_roles = required.shape
    model, labels = LinearModel(), [str(period) for period in dynamics.periods]
    roles, grid = dynamics.roles, [(t, r) for t in range(n_periods) for r in range(n_roles)]
    loaded, _ = loaded_cost(case)
    year_share = dynamics.months / 12.0
    table = case.tables.roles

    def named(prefix: str, frame: pd.DataFrame, *keys: str) -> list[str]:
        words = [
            [roles[v] for v in frame[key]] if key in ("role", "source", "target") else frame[key].astype(str)
            for key in keys
        ]
        starts = [labels[start] for start in frame["start"]]
        return [
            f"{prefix}_{'_'.join(parts)}" for parts in zip(map(str, range(len(frame))), *words, starts, strict=True)
        ]

    shortage_cost = np.tile(shortage_price(case, loaded) * year_share, n_periods)
    surplus_cost = np.tile(np.nan_to_num(table["surplus_cost"].to_numpy(dtype=float)) * year_share, n_periods)
    surplus_max = np.tile(table["surplus_max"].fillna(np.inf).to_numpy(dtype=float), n_periods)
    shape = (n_periods, n_roles)
    per_grid = [f"{labels[t]}_{roles[r]}" for t, r in grid]
    columns = Columns(
        model.add_columns(named("hire", actions.hires, "channel", "role"), actions.hires["cost"].to_numpy()),
        model.add_columns(named("develop", actions.develops, "programme"), actions.develops["cost"].to_numpy()),
        model.add_columns(named("move", actions.moves, "source", "target"), actions.moves["cost"].to_numpy()),
        model.add_columns(named("release", actions.releases, "role"), actions.releases["cost"].to_numpy()),
        model.add_columns([f"stock_{name}" for name in per_grid], lower=-np.inf).reshape(shape),
        model.add_columns([f"shortage_{name}" for name in per_grid], shortage_cost).reshape(shape),
        model.add_columns([f"surplus_{name}" for name in per_grid], surplus_cost, surplus_max).reshape(shape),
    )
    qualities, kind = np.unique(actions.hires["quality"].to_numpy(dtype=float), return_inverse=True)
    cohorts = {float(quality): follow_cohorts(dynamics, float(quality)) for quality in qualities}
    effect, role, arrive = (actions.hires[name].to_numpy() for name in ("effect", "role", "arrive"))
    joiners = add_joiners(model, dynamics, kind, effect, role, arrive, columns.hires, list(cohorts.values()))
    there = _keep_people(model, columns, joiners, per_grid)
    heads, paid, effective = _contents(dynamics, established, actions, columns, joiners, there, table)
    _balance(model, dynamics, established, actions, columns, joiners, labels)
    coverage = model.add_rows([f"coverage_{name}" for name in per_grid], EQUAL, required.ravel())
    for period, role, column, value in effective:
        model.add_entries(coverage[period * n_roles + role], column, value)
    model.add_entries(coverage.reshape(shape), columns.shortage, 1.0)
    model.add_entries(coverage.reshape(shape), columns.surplus, -1.0)
    spending = _spending(case, dynamics, actions, columns, heads, paid, loaded)
    people = [entry for name in ("people", "retention") for entry in spending[name]]
    extra = np.bincount(
        np.concatenate([column.ravel() for _, _, column, _ in people]),
        weights=np.concatenate([value.ravel() for *_, value in people]),
        minlength=len(model.names),
    )
    model.cost = [np.concatenate(model.cost) + extra]
    rows = {"coverage": coverage}
    rows |= limit_actions(case, model, dynamics, established, actions, columns, labels)
    rows |= limit_heads(case, model, dynamics, heads, labels)
    limits, rows["budget"] = limit_spending(case, model, dynamics, spending)
    if relax:
        _relax(model, rows, columns, float(loaded.mean()))
    return PlanModel(model, columns, cohorts, heads, effective, spending, rows, limits)


def _contents(
    dynamics: Dynamics,
    established: Established,
    actions: Actions,
    columns: Columns,
    joiners: Joiners,
    there: np.ndarray,
    table: pd.DataFrame,
) -> tuple[list[tuple], list[tuple], list[tuple]]:
    """Entries (period, role, column, value) of persons, of paid and of effective FTE at each close. Joiners are
    full-time; everybody else counts as the people of their role do on average."""
    n_periods, n_roles = columns.stock.shape
    period, role = np.divmod(np.arange(n_periods * n_roles), n_roles)
    there, stock = there.ravel(), columns.stock.ravel()
    heads: list[tuple] = [(period, role, there, np.ones(len(period))), *joiners.new]
    part_time = dynamics.fte[role] - 1.0
    paid: list[tuple] = [*heads, (period, role, stock, part_time)]
    effective: list[tuple] = [*heads, (period, role, stock, established.effective.ravel() - 1.0)]
    for when, where, column, share, tenure in joiners.ramping:
        lost = 1.0 - dynamics.ramp[where, np.minimum(tenure, dynamics.ramp.shape[1] - 1)]
        effective.append((when, where, column, -share * lost))
    ramp_start = table["ramp_start"].to_numpy(dtype=float)
    for move, column in zip(actions.moves.itertuples(), columns.moves, strict=True):
        for now in range(move.effect, n_periods):
            done = (now - move.effect) * dynamics.months
            if done >= move.ramp_months:
                break
            lost = (1.0 - ramp_start[move.target]) * (1.0 - done / move.ramp_months)
            share = move.arrive * established.surviving(move.target, move.effect, now) * dynamics.fte[move.target]
            effective.append(_single(now, move.target, column, -lost * share))
    for course, column in zip(actions.develops.itertuples(), columns.develops, strict=True):
        for now in range(course.start, course.effect):
            share = established.surviving(course.source, course.start, now)
            effective.append(_single(now, course.source, column, -course.away * share * dynamics.fte[course.source]))
            effective.append(_single(now, course.target, column, -course.mentor * share))
    heads, paid, effective = ([entry for entry in part if len(entry[2])] for part in (heads, paid, effective))
    return heads, paid, effective


def _keep_people(model: LinearModel, columns: Columns, joiners: Joiners, names: list[str]) -> np.ndarray:
    """[period, role] columns of heads at the close without those who joined in the period, and rows that say what they
    are; at least 0, so nobody is sent away who is not there. Moves and releases are taken from the established stock's
    account, which may fall below zero as long as earlier joiners make up for it, for they may be moved and released too;
    with hazards that do not depend on tenure this is exact, else the account follows the established rates."""
    shape = columns.stock.shape
    there = model.add_columns([f"there_{name}" for name in names]).reshape(shape)
    rows = model.add_rows([f"people_{name}" for name in names], EQUAL, 0.0).reshape(shape)
    model.add_entries(rows, there, -1.0)
    model.add_entries(rows, columns.stock, 1.0)
    for period, role, column, value in joiners.present:
        model.add_entries(rows[period, role], column, value)
    return there


def _single(period: int, role: int, column: int, value: float) -> tuple:
    return np.array([period]), np.array([role]), np.array([column]), np.array([value])


def _balance(
    model: LinearModel,
    dynamics: Dynamics,
    established: Established,
    actions: Actions,
    columns: Columns,
    joiners: Joiners,
    labels: list[str],
) -> None:
    """Rows: E(t) - stayers and organic arrivals from E(t-1) - arrivals by action + departures by action = opening, at
    t = 0."""
    n_periods, n_roles = columns.stock.shape
    names = [f"balance_{label}_{role}" for label in labels for role in dynamics.roles]
    side = np.zeros((n_periods, n_roles))
    stay = 1.0 - established.leave
    source, target = dynamics.arc_from, dynamics.arc_to
    leaving = np.zeros((n_periods, n_roles))
    for arc in range(len(source)):
        leaving[:, source[arc]] += established.move[:, arc]
    kept = stay * (1.0 - leaving)
    carried = stay[:, source] * established.move
    side[0] = kept[0] * established.opening
    np.add.at(side[0], target, carried[0] * established.opening[source])
    rows = model.add_rows(names, EQUAL, side.ravel()).reshape(n_periods, n_roles)
    model.add_entries(rows, columns.stock, 1.0)
    model.add_entries(rows[1:], columns.stock[:-1], -kept[1:])
    model.add_entries(rows[1:][:, target], columns.stock[:-1][:, source], -carried[1:])
    for period, role, column, value in joiners.handed:
        model.add_entries(rows[period, role], column, -value)
    for period, arc, column, value in joiners.moved:
        model.add_entries(rows[period, target[arc]], column, -value)
    moves = actions.moves
    effect = moves["effect"].to_numpy()
    model.add_entries(rows[effect, moves["source"].to_numpy()], columns.moves, 1.0)
    model.add_entries(rows[effect, moves["target"].to_numpy()], columns.moves, -moves["arrive"].to_numpy())
    grown = graduates(actions, established)
    effect = actions.develops["effect"].to_numpy()
    model.add_entries(rows[effect, actions.develops["source"].to_numpy()], columns.develops, grown)
    model.add_entries(rows[effect, actions.develops["target"].to_numpy()], columns.develops, -grown)
    releases = actions.releases
    model.add_entries(rows[releases["start"].to_numpy(), releases["role"].to_numpy()], columns.releases, 1.0)


def graduates(actions: Actions, established: Established) -> np.ndarray:
    """[develops] share of those who start a programme that moves on at its end: the pass rate of those who have not
    left meanwhile."""
    return np.array(
        [
            row.passing * established.surviving(row.source, row.start, row.effect)
            for row in actions.develops.itertuples()
        ]
    )


def _spending(
    case: Case,
    dynamics: Dynamics,
    actions: Actions,
    columns: Columns,
    heads: list[tuple],
    paid: list[tuple],
    loaded: np.ndarray,
) -> dict[str, list[tuple]]:
    """Money by category as entries (period, role, column, money). People and retention are charged on the heads at
    each close; a hire, a seat or a move when it is started; severance when it is paid."""
    year_share = dynamics.months / 12.0
    full_time = loaded * year_share
    kept = retention_cost(case, len(loaded)) * year_share

    def started(frame: pd.DataFrame, column: np.ndarray, role: str) -> list[tuple]:
        return [(frame["start"].to_numpy(), frame[role].to_numpy(), column, frame["cost"].to_numpy())]

    return {
        "people": [(t, r, column, value * full_time[r]) for t, r, column, value in paid],
        "recruiting": started(actions.hires, columns.hires, "role"),
        "development": started(actions.develops, columns.develops, "target")
        + started(actions.moves, columns.moves, "target"),
        "retention": [(t, r, column, value * kept[r]) for t, r, column, value in heads],
        "separation": started(actions.releases, columns.releases, "role"),
    }


def _relax(model: LinearModel, rows: dict[str, np.ndarray], columns: Columns, head: float) -> None:
    """Let budgets break at a price of 1 per unit of money and heads at the money a head costs; nothing else costs
    anything."""
    upper = np.concatenate(model.upper)
    upper[columns.surplus] = np.inf
    model.cost, model.upper = [np.zeros(len(model.names))], [upper]
    for kind, price in (("budget", 1.0), ("establishment", head)):
        names = [f"relaxed_{model.row_names[row]}" for row in rows[kind]]
        model.add_entries(rows[kind], model.add_columns(names, price), -1.0)
