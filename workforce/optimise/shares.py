"""Rows that hold decisions against a share of the people of a role: the people at a close as columns, and caps by them."""

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.optimise.linear import AT_MOST, EQUAL, LinearModel


class Stocks:
    """What there is of a role at a close (its people, established and joiners alike, or their FTE) as a column, made when a
    row first asks for it. name: of the columns; entries: (period, role, column, value); opening: [role]."""

    def __init__(
        self, model: LinearModel, dynamics: Dynamics, name: str, entries: list[tuple], opening: np.ndarray
    ) -> None:
        self._model, self._dynamics, self._name, self.opening = model, dynamics, name, opening
        period, role, column, value = (np.concatenate([entry[part] for entry in entries]) for part in range(4))
        place = period * len(dynamics.roles) + role
        order = np.argsort(place, kind="stable")
        self._place, self._column, self._value = place[order], column[order], value[order]
        self._columns = np.full((len(dynamics.periods), len(dynamics.roles)), -1)

    def at(self, period: np.ndarray, role: np.ndarray) -> np.ndarray:
        """Numbers of the columns of these closes and roles."""
        wanted = np.unique(period * len(self._dynamics.roles) + role)
        fresh = wanted[self._columns.ravel()[wanted] < 0]
        if len(fresh):
            when, who = np.divmod(fresh, len(self._dynamics.roles))
            names = [
                f"{self._name}_{self._dynamics.periods[t]}_{self._dynamics.roles[r]}"
                for t, r in zip(when, who, strict=True)
            ]
            columns = self._model.add_columns(names, lower=-np.inf)
            rows = self._model.add_rows(names, EQUAL, 0.0)
            self._columns[when, who] = columns
            self._model.add_entries(rows, columns, -1.0)
            first, last = np.searchsorted(self._place, fresh), np.searchsorted(self._place, fresh + 1)
            inside = np.concatenate([np.arange(low, high) for low, high in zip(first, last, strict=True)])
            self._model.add_entries(np.repeat(rows, last - first), self._column[inside], self._value[inside])
        return self._columns[period, role]

    def cap(
        self,
        names: list[str],
        group: np.ndarray,
        column: np.ndarray,
        value: np.ndarray | float,
        period: np.ndarray,
        role: np.ndarray,
        share: np.ndarray,
    ) -> np.ndarray:
        """One row for each name: the columns of its group (numbers of `names`) times their values, at most `share` of the
        people of `role` at the close of `period`, where -1 is the opening of the plan. period, role, share: by name."""
        before = period < 0
        rows = self._model.add_rows(names, AT_MOST, np.where(before, share * self.opening[role], 0.0))
        self._model.add_entries(rows[group], column, value)
        self._model.add_entries(rows[~before], self.at(period[~before], role[~before]), -share[~before])
        return rows


def cover_years(periods: pd.PeriodIndex, months: int, years: np.ndarray) -> np.ndarray:
    """Share of each calendar year that the periods, of so many months each, cover."""
    planned, count = np.unique(np.asarray(periods.year), return_counts=True)
    return count[np.searchsorted(planned, years)] * months / 12.0
