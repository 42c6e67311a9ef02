"""Rules of one's own: rows of the table limits, each rule a sum of decisions and people that stays within its bounds."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.agreement import months_of
from workforce.inputs.business_plan import planned_months
from workforce.inputs.case import Case
from workforce.inputs.limits import THERE, list_rules
from workforce.inputs.targets import fits_all
from workforce.optimise.actions import Actions
from workforce.optimise.contents import Columns
from workforce.optimise.linear import AT_LEAST, AT_MOST, LinearModel
from workforce.optimise.reactions import Established
from workforce.optimise.shares import Stocks

_FRAMES = {
    "hire": ("hires", "channel", "role", ""),
    "develop": ("develops", "programme", "target", "source"),
    "move": ("moves", "", "target", "source"),
    "release": ("releases", "", "role", ""),
    "keep": ("keeps", "offer", "role", ""),
    "contract": ("contracts", "", "role", ""),
    "overtime": ("overtimes", "", "role", ""),
    "short_time": ("short_times", "", "role", ""),
    "stand_in": ("stand_ins", "", "target", "role"),
    "training": ("develops", "programme", "target", "source"),
}
"""Table of actions, and its columns of the way, the role and the role they come from."""

Window = tuple[str, np.ndarray, float]
"""Name, numbers of the periods, share of the stated amount that they stand for."""


def limit_stated(
    case: Case,
    model: LinearModel,
    dynamics: Dynamics,
    established: Established,
    actions: Actions,
    columns: Columns,
    stocks: Stocks,
) -> np.ndarray:
    """Rows, one for each rule, window and bound: the sum over the rule's rows of `times` x what is counted. Decisions count
    where they are begun; who was under way before the plan counts as training, not as a decision. A calendar year, or a
    stated period, that the plan covers in part has that share of the amounts, as budgets have."""
    kinds: list[np.ndarray] = [np.array([], dtype=int)]
    count = _Count(case, dynamics, established, actions, columns, stocks)
    for name, period, per, least, most, parts in list_rules(case.tables.limits):
        standing = parts["action"].isin(THERE).any()
        for when, inside, share in _windows(case, dynamics, period, per, standing):
            entries = [
                (column, part.times * value)
                for part in parts.itertuples()
                for column, value in count.amounts(part, inside)
            ]
            for side, sense in ((least, AT_LEAST), (most, AT_MOST)):
                if not np.isnan(side):
                    row = model.add_rows([f"limits_{when}_{name}"], sense, side * share)
                    for column, value in entries:
                        model.add_entries(row, column, value)
                    kinds.append(row)
    return np.concatenate(kinds)


def _windows(case: Case, dynamics: Dynamics, period: str, per: str, standing: bool) -> Iterator[Window]:
    """What a rule is summed over. standing: people at a close, each of which is a window of its own."""
    planned = planned_months(case)
    labels, years = [str(one) for one in dynamics.periods], np.asarray(dynamics.periods.year)
    every = np.arange(len(labels))
    if period:
        months = months_of(period)
        inside = every[(planned[:, 0] >= months.start) & (planned[:, 0] < months.stop)]
        covered = float(((planned >= months.start) & (planned < months.stop)).sum()) / len(months)
        if standing:
            yield from ((labels[one], np.array([one]), 1.0) for one in inside)
        elif len(inside):
            yield period, inside, covered
    elif per == "year":
        for year in np.unique(years):
            inside = every[years == year]
            yield str(year), inside, len(inside) * dynamics.months / 12.0
    elif per == "plan":
        yield "all", every, 1.0
    else:
        yield from ((labels[one], np.array([one]), 1.0) for one in every)


class _Count:
    """What one row of a rule counts in a window: columns of the programme and what a unit of each counts for."""

    def __init__(
        self,
        case: Case,
        dynamics: Dynamics,
        established: Established,
        actions: Actions,
        columns: Columns,
        stocks: Stocks,
    ) -> None:
        self.roles, self.names = case.tables.roles, list(dynamics.roles)
        self.established, self.actions, self.columns, self.stocks = established, actions, columns, stocks

    def amounts(self, part, inside: np.ndarray) -> list[tuple[np.ndarray, np.ndarray | float]]:
        meant = np.flatnonzero(fits_all(part, self.roles))
        if part.action == "heads":
            return [(self.stocks.at(np.full(len(meant), now), meant), 1.0) for now in inside]
        if part.action in ("shortage", "surplus"):
            return [(getattr(self.columns, part.action)[np.ix_(inside, meant)].ravel(), 1.0)]
        table, via, role, source = _FRAMES[part.action]
        frame, column = getattr(self.actions, table), getattr(self.columns, table)
        fits = np.isin(frame[role].to_numpy(), meant)
        if part.via:
            fits &= (frame[via] == part.via).to_numpy()
        if part.from_role:
            fits &= (frame[source] == self.names.index(part.from_role)).to_numpy()
        if part.action != "training":
            fits &= np.isin(frame["start"].to_numpy(), inside)
            return [(column[fits], 1.0)]
        return [self._in_training(frame, column, fits, int(now)) for now in inside]

    def _in_training(
        self, frame: pd.DataFrame, column: np.ndarray, fits: np.ndarray, now: int
    ) -> tuple[np.ndarray, np.ndarray]:
        start, effect, origin = (frame[name].to_numpy() for name in ("start", "effect", "source"))
        mine = fits & (start <= now) & (effect > now)
        return column[mine], self.established.surviving(origin[mine], start[mine], now)
