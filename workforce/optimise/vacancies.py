"""Vacancies in roles that replace by pull, as columns: who leaves opens one, and part of them is filled from below."""

import numpy as np

from workforce.forecast.dynamics import Dynamics
from workforce.optimise.actions import Actions
from workforce.optimise.contents import Columns
from workforce.optimise.joiners import Joiners
from workforce.optimise.linear import EQUAL, LinearModel
from workforce.optimise.reactions import Established


def add_vacancies(
    model: LinearModel,
    dynamics: Dynamics,
    established: Established,
    actions: Actions,
    columns: Columns,
    joiners: Joiners,
    kept: np.ndarray,
    labels: list[str],
) -> tuple[np.ndarray, np.ndarray]:
    """[period, role] columns of vacancies that open in a period, -1 where a role is not filled from below, and the rows
    that say what they are, likewise: established people and earlier joiners who left the company (as where a contract
    ended) or were pushed on, and people pulled up into other roles (White 1970, ch. 2). Posts that the plan empties
    itself are the plan's to fill.

    kept: [period, role] share of the established stock that neither leaves nor is pushed on.
    """
    n_periods, n_roles = columns.stock.shape
    pulled = np.array(sorted(dynamics.pull_order), dtype=int)
    table = np.full((n_periods, n_roles), -1)
    if not len(pulled):
        return table, table
    names = [f"vacant_{label}_{dynamics.roles[role]}" for label in labels for role in pulled]
    table[:, pulled] = model.add_columns(names, lower=-np.inf).reshape(n_periods, -1)
    side = np.zeros((n_periods, len(pulled)))
    side[0] = (1.0 - kept[0, pulled]) * established.opening[pulled]
    rows = np.full((n_periods + 1, n_roles), -1)
    rows[:n_periods, pulled] = model.add_rows(names, EQUAL, side.ravel()).reshape(n_periods, -1)
    model.add_entries(rows[:n_periods, pulled], table[:, pulled], 1.0)
    model.add_entries(rows[1:n_periods, pulled], columns.stock[:-1][:, pulled], kept[1:, pulled] - 1.0)

    def add(entries: list[tuple], shift: int, sign: float) -> None:
        for period, role, column, value in entries:
            row = rows[period + shift, role]
            model.add_entries(row[row >= 0], column[row >= 0], sign * np.broadcast_to(value, row.shape)[row >= 0])

    # Of earlier joiners, those who are neither there any more nor handed over.
    add(joiners.new, 1, -1.0)
    add(joiners.present, 1, -1.0)
    add(joiners.present, 0, 1.0)
    add(joiners.handed, 0, 1.0)
    add([(t, r, column, kept[t, r] * value) for t, r, column, value in joiners.ending], 0, -1.0)
    keeps = actions.keeps
    when, who = keeps["start"].to_numpy(dtype=int), keeps["role"].to_numpy(dtype=int)
    stays = established.keeping(when, who, keeps["effect_share"].to_numpy())
    stays = stays * np.divide(
        kept[when, who], 1.0 - established.leave[when, who], where=kept[when, who] > 0, out=0.0 * stays
    )
    add([(when, who, columns.keeps, stays)], 0, 1.0)
    for arc in np.flatnonzero(dynamics.feed > 0):
        source, target = dynamics.arc_from[arc], dynamics.arc_to[arc]
        if source in pulled:
            model.add_entries(rows[:n_periods, source], table[:, target], -established.feed[:, arc])
    return table, rows[:n_periods]


def fill_vacancies(
    model: LinearModel, dynamics: Dynamics, established: Established, vacant: np.ndarray, balance: np.ndarray
) -> None:
    """Entries of those who fill them, in the rows [period, role] of the balance."""
    for arc in np.flatnonzero(dynamics.feed > 0):
        source, target = dynamics.arc_from[arc], dynamics.arc_to[arc]
        model.add_entries(balance[:, target], vacant[:, target], -established.feed[:, arc])
        model.add_entries(balance[:, source], vacant[:, target], established.feed[:, arc])
