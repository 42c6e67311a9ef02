"""Talent pools: who enters, rises and is lost, by grade and pool, over the years ahead."""

from dataclasses import replace

import numpy as np
import pandas as pd

from workforce.forecast.attrition import Attrition
from workforce.forecast.dynamics import Dynamics, describe_dynamics
from workforce.forecast.mobility import Mobility
from workforce.forecast.stepping import step_state
from workforce.inputs.case import Case

FLOWS = ("entrants", "promotions_in", "promotions_out", "losses")


def forecast_pools(case: Case, attrition: Attrition, mobility: Mobility) -> pd.DataFrame:
    """The expected flows of each pool and grade over succession.pool_years where every role is held at today's headcount:
    at each close a role that has fallen below it is filled up by newcomers, whatever the plan does (a graded system of
    fixed size, Bartholomew, Forbes & McClean 1991, ch. 4). A role that grows by promotion is not cut.

    A pool is a ladder (roles.ladder) over all units, or the job family of a role that has none. Columns: pool, grade, year
    (calendar year), opening, entrants (from outside), promotions_in, promotions_out (moves from and to other pools and
    grades; moves within one are no promotion), losses, closing (persons); opening + entrants + promotions_in -
    promotions_out - losses = closing in every row, and one year's closing is the next one's opening.
    """
    dynamics = describe_dynamics(lengthen_case(case, case.assumptions.succession.pool_years), attrition, mobility)
    heads, entrants, left, moved = _hold(dynamics)
    roles = case.tables.roles
    names = list(zip(roles["ladder"].where(roles["ladder"] != "", roles["family"]), roles["grade"], strict=True))
    cells = sorted(set(names))
    cell = np.array([cells.index(name) for name in names])
    inside = np.eye(len(cells))[cell]
    source, target = cell[dynamics.arc_from], cell[dynamics.arc_to]
    between = (source != target)[:, None]
    flows = (entrants @ inside, moved @ (inside[dynamics.arc_to] * between), moved @ (inside[dynamics.arc_from] * between),
             left @ inside)  # fmt: skip
    years = np.asarray(dynamics.periods.year)
    rows = []
    for number, (pool, grade) in enumerate(cells):
        stock = heads @ inside[:, number]
        for year in np.unique(years):
            when = np.flatnonzero(years == year)
            sums = [flow[when, number].sum() for flow in flows]
            rows.append((pool, grade, str(year), stock[when[0]], *sums, stock[when[-1] + 1]))
    return pd.DataFrame(rows, columns=["pool", "grade", "year", "opening", *FLOWS, "closing"])


def lengthen_case(case: Case, years: int) -> Case:
    """The same case over so many years."""
    time = case.assumptions.time.model_copy(update={"horizon": years * 12 // case.months_per_period})
    assumptions = case.assumptions.model_copy(update={"time": time})
    return replace(case, scenario=replace(case.scenario, assumptions=assumptions))


def _hold(dynamics: Dynamics) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Persons [period + 1, role], entrants and leavers [period, role] and moves [period, arc]."""
    state, periods = dynamics.state, len(dynamics.periods)
    heads = np.empty((periods + 1, len(dynamics.roles)))
    heads[0] = state.sum(axis=(1, 2, 3))
    entrants, left = np.empty_like(heads[1:]), np.empty_like(heads[1:])
    moved = np.empty((periods, len(dynamics.arc_from)))
    for period in range(periods):
        step = step_state(dynamics, state, period)
        moved[period], state, left[period] = step.moved, step.after, heads[period] - step.stayed
        there = state.sum(axis=(1, 2, 3))
        entrants[period] = np.maximum(heads[0] - there, 0.0)
        state[:, 0, 0, 0] += entrants[period]  # nobody's service, nobody's time in the role, no rating
        heads[period + 1] = there + entrants[period]
    return heads, entrants, left, moved
