"""Talent pools: who enters, rises and is lost, by grade and pool, over the years ahead."""

from dataclasses import replace

import numpy as np
import pandas as pd

from workforce.forecast.attrition import Attrition
from workforce.forecast.dynamics import Dynamics, describe_dynamics
from workforce.forecast.mobility import Mobility
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case

FLOWS = ("entrants", "promotions_in", "promotions_out", "losses")


def forecast_pools(case: Case, attrition: Attrition, mobility: Mobility) -> pd.DataFrame:
    """The expected flows of each pool and grade over succession.pool_years, by the one dynamics (a graded system,
    Bartholomew, Forbes & McClean 1991, ch. 3 and 4).

    A pool is a ladder (roles.ladder) over all units, or the job family of a role that has none. Columns: reading, pool,
    grade, year (calendar year), opening, entrants, promotions_in, promotions_out (moves from and to other pools and
    grades; moves within one are no promotion), losses, closing (persons); opening + entrants + promotions_in -
    promotions_out - losses = closing in every row, and one year's closing is the next one's opening.

    reading "expected": nobody enters, so it shows what becomes of today's people. reading "held": at each close every role
    that has fallen below today's headcount is filled up to it by newcomers (a system of fixed size, ch. 4), so entrants
    are what it takes to hold the pools as they are; a role that grows by promotion is not cut.
    """
    longer = lengthen_case(case, case.assumptions.succession.pool_years)
    dynamics = describe_dynamics(longer, attrition, mobility)
    projection = project_stocks(dynamics)
    heads = projection.states.reshape(len(dynamics.periods) + 1, len(dynamics.roles), -1).sum(axis=2)
    nobody = np.zeros_like(heads[1:])
    alone = _tabulate(case, dynamics, "expected", heads, nobody, projection.moved)
    entrants, more_heads, more_moved = _hold(dynamics, heads)
    held = _tabulate(case, dynamics, "held", heads + more_heads, entrants, projection.moved + more_moved)
    return pd.concat([alone, held], ignore_index=True)


def lengthen_case(case: Case, years: int) -> Case:
    """The same case over so many years."""
    time = case.assumptions.time.model_copy(update={"horizon": years * 12 // case.months_per_period})
    assumptions = case.assumptions.model_copy(update={"time": time})
    return replace(case, scenario=replace(case.scenario, assumptions=assumptions))


def _hold(dynamics: Dynamics, heads: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Newcomers who fill every role up to its opening: entrants [period, role], how many of them are there [period + 1,
    role] and who of them moves [period, arc]. heads: [period + 1, role] without them."""
    mass = np.zeros_like(dynamics.opening)
    entrants, there = np.zeros_like(heads[1:]), np.zeros_like(heads)
    moved = np.zeros((len(entrants), len(dynamics.arc_from)))
    for period in range(len(entrants)):
        left = dynamics.survive(mass, period)
        flows = dynamics.moving(left)
        moved[period] = flows.sum(axis=1)
        mass = dynamics.age(dynamics.moved(left, flows))
        entrants[period] = np.maximum(heads[0] - heads[period + 1] - mass.sum(axis=1), 0.0)
        mass[:, 0] += entrants[period]
        there[period + 1] = mass.sum(axis=1)
    return entrants, there, moved


def _tabulate(
    case: Case, dynamics: Dynamics, reading: str, heads: np.ndarray, entrants: np.ndarray, moved: np.ndarray
) -> pd.DataFrame:
    roles = case.tables.roles
    pool = roles["ladder"].where(roles["ladder"] != "", roles["family"])
    names = list(zip(pool, roles["grade"], strict=True))
    cells = sorted(set(names))
    cell = np.array([cells.index(name) for name in names])
    between = cell[dynamics.arc_from] != cell[dynamics.arc_to]
    steps = {"moves_in": np.zeros_like(entrants), "moves_out": np.zeros_like(entrants)}
    inner = {"in": np.zeros_like(entrants), "out": np.zeros_like(entrants)}
    for arc, (source, target) in enumerate(zip(dynamics.arc_from, dynamics.arc_to, strict=True)):
        steps["moves_out"][:, source] += moved[:, arc]
        steps["moves_in"][:, target] += moved[:, arc]
        if between[arc]:
            inner["out"][:, source] += moved[:, arc]
            inner["in"][:, target] += moved[:, arc]
    losses = heads[:-1] + entrants + steps["moves_in"] - steps["moves_out"] - heads[1:]
    flows = dict(zip(FLOWS, (entrants, inner["in"], inner["out"], losses), strict=True))
    years = np.asarray(dynamics.periods.year)
    rows = []
    for number, (name, grade) in enumerate(cells):
        inside = cell == number
        for year in np.unique(years):
            when = np.flatnonzero(years == year)
            sums = {flow: values[when][:, inside].sum() for flow, values in flows.items()}
            opening, closing = heads[when[0], inside].sum(), heads[when[-1] + 1, inside].sum()
            rows.append(
                {"reading": reading, "pool": name, "grade": grade, "year": str(year), "opening": opening}
                | sums
                | {"closing": closing}
            )
    return pd.DataFrame(rows)
