"""The balance of people as rows: who stays, comes and goes in every role and period, and that nobody goes twice."""

import numpy as np

from workforce.forecast.dynamics import Dynamics
from workforce.optimise.actions import Actions
from workforce.optimise.contents import Columns
from workforce.optimise.joiners import Joiners
from workforce.optimise.linear import AT_MOST, EQUAL, LinearModel
from workforce.optimise.reactions import Established
from workforce.optimise.vacancies import add_vacancies, fill_vacancies


def keep_people(model: LinearModel, columns: Columns, joiners: Joiners, names: list[str]) -> np.ndarray:
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


def balance_people(
    model: LinearModel,
    dynamics: Dynamics,
    established: Established,
    actions: Actions,
    columns: Columns,
    joiners: Joiners,
    labels: list[str],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows: E(t) - stayers and organic arrivals from E(t-1), whose contract has not ended, - arrivals by action + departures
    by action = opening, at t = 0. Returns these rows, [period, role], and the columns and rows of vacancies, as
    `add_vacancies` does."""
    n_periods, n_roles = columns.stock.shape
    names = [f"balance_{label}_{role}" for label in labels for role in dynamics.roles]
    side = np.zeros((n_periods, n_roles))
    stay = 1.0 - established.leave
    source, target = dynamics.arc_from, dynamics.arc_to
    leaving = move_shares(dynamics, established)
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
    for period, role, column, value in joiners.ending:
        model.add_entries(rows[period, role], column, kept[period, role] * value)
        for arc in range(len(source)):
            at = role == source[arc]
            model.add_entries(rows[period[at], target[arc]], column[at], carried[period[at], arc] * value[at])
    moves = actions.moves
    effect = moves["effect"].to_numpy()
    model.add_entries(rows[effect, moves["source"].to_numpy()], columns.moves, 1.0)
    model.add_entries(rows[effect, moves["target"].to_numpy()], columns.moves, -moves["arrive"].to_numpy())
    grown, failed = graduates(actions, established)
    ending = (actions.develops["effect"] < n_periods).to_numpy()
    courses, column = actions.develops[ending], columns.develops[ending]
    effect = courses["effect"].to_numpy()
    model.add_entries(rows[effect, courses["source"].to_numpy()], column, (grown + failed)[ending])
    model.add_entries(rows[effect, courses["target"].to_numpy()], column, -grown[ending])
    releases, keeps = actions.releases, actions.keeps
    model.add_entries(rows[releases["start"].to_numpy(), releases["role"].to_numpy()], columns.releases, 1.0)
    when, who = keeps["start"].to_numpy(), keeps["role"].to_numpy()
    staying = established.keeping(when, who, keeps["effect_share"].to_numpy())
    model.add_entries(rows[when, who], columns.keeps, -staying * (1.0 - leaving[when, who]))
    for arc in range(len(source)):
        at = who == source[arc]
        entries = -staying[at] * established.move[when[at], arc]
        model.add_entries(rows[when[at], target[arc]], columns.keeps[at], entries)
    vacant, opened = add_vacancies(model, dynamics, established, actions, columns, joiners, kept, labels)
    fill_vacancies(model, dynamics, established, vacant, rows)
    return rows, vacant, opened


def move_shares(dynamics: Dynamics, established: Established) -> np.ndarray:
    """[period, role] share of those who have not left that is pushed on."""
    shares = np.zeros_like(established.leave)
    for arc, source in enumerate(dynamics.arc_from):
        shares[:, source] += established.move[:, arc]
    return shares


def graduates(actions: Actions, established: Established) -> tuple[np.ndarray, np.ndarray]:
    """[develops] shares of those who start a programme, or are under way in it at the start, that move on at its end (the
    pass rate of those who have not left meanwhile), and that leave then because they failed."""
    source, start, effect = (actions.develops[name].to_numpy() for name in ("source", "start", "effect"))
    there = established.surviving(source, start, np.minimum(effect, len(established.leave) - 1))
    passing = actions.develops["passing"].to_numpy()
    return passing * there, (1.0 - passing) * actions.develops["fail_leave"].to_numpy() * there


def limit_kept(
    model: LinearModel,
    dynamics: Dynamics,
    established: Established,
    actions: Actions,
    columns: Columns,
    joiners: Joiners,
    labels: list[str],
) -> np.ndarray:
    """Rows, where offers to stay may be made: they keep at most as many as would leave. An offer keeps a share of those it
    reaches by the rates of the established stock, which joiners with other rates need not have."""
    keeps, n_roles = actions.keeps, len(dynamics.roles)
    if keeps.empty:
        return np.array([], dtype=int)
    when, who = keeps["start"].to_numpy(), keeps["role"].to_numpy()
    place, number = np.unique(when * n_roles + who, return_inverse=True)
    period, role = np.divmod(place, n_roles)
    side = np.where(period == 0, established.leave[period, role] * established.opening[role], 0.0)
    names = [f"kept_{labels[t]}_{dynamics.roles[r]}" for t, r in zip(period, role, strict=True)]
    rows = model.add_rows(names, AT_MOST, side)
    table = np.full((len(labels) + 1, n_roles), -1)
    table[period, role] = rows
    model.add_entries(rows[number], columns.keeps, established.keeping(when, who, keeps["effect_share"].to_numpy()))
    later = period > 0
    stock = columns.stock[period[later] - 1, role[later]]
    model.add_entries(rows[later], stock, -established.leave[period[later], role[later]])

    def add(entries: list[tuple], shift: int, sign: float, arcs: bool = False) -> None:
        for t, place, column, value in entries:
            row = table[t + shift, dynamics.arc_from[place] if arcs else place]
            model.add_entries(row[row >= 0], column[row >= 0], sign * np.broadcast_to(value, row.shape)[row >= 0])

    # Of earlier joiners those leave who are no longer there, have not moved and were not handed over.
    add(joiners.new, 1, -1.0)
    add(joiners.present, 1, -1.0)
    add(joiners.present, 0, 1.0)
    add(joiners.handed, 0, 1.0)
    add(joiners.moved, 0, 1.0, arcs=True)
    return rows
