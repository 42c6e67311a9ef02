"""What the dynamics lead to in the long run: time in a role, the chance of ever reaching one, and the steady state."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix, csc_matrix, csr_matrix, identity, kron
from scipy.sparse.linalg import splu

from workforce.forecast.dynamics import TENURES, Dynamics


@dataclass(frozen=True)
class Chain:
    """Careers that start as a new joiner of each role, with the rates of an average calendar year.

    years: [start role, role] expected years spent in a role, whole periods counted at their openings.
    reached: [start role, role] chance of ever being in a role. Both are DataFrames with role names on both axes.
    """

    years: pd.DataFrame
    reached: pd.DataFrame


def describe_chain(dynamics: Dynamics) -> Chain:
    """Fundamental matrix N = (I - Q)^-1 of the absorbing chain over role, service, time in the role and rating; leaving
    absorbs.

    Expected visits come from N itself, the chance of ever reaching a role from N with that role made absorbing
    (Kemeny & Snell 1960, ch. 3; Bartholomew, Forbes & McClean 1991, ch. 3). Service only grows, so both are found
    backwards, from the last tenure that is told apart to a joiner's first day. The rates of the first year's periods are
    averaged, so that no start month is favoured. Moves into roles that replace by pull are not part of it, nor is
    retirement where it goes by a rule: a joiner has no age.
    """
    one = np.eye(len(dynamics.roles))
    names = pd.Index(dynamics.roles, name="role")
    years = _look_back(dynamics, one, absorb=False) * dynamics.months / 12.0
    reached = _look_back(dynamics, one, absorb=True)
    return Chain(pd.DataFrame(years, names, names), pd.DataFrame(reached, names, names))


def find_steady_state(dynamics: Dynamics, joiners: dict[str, float]) -> pd.DataFrame:
    """Headcount that a constant yearly intake leads to: role, joiners (persons a year), headcount (persons at closes).

    n = R N for intake R each period, spread evenly over the year (Bartholomew, Forbes & McClean 1991, ch. 4).

    Raises KeyError for an unknown role.
    """
    number = {role: index for index, role in enumerate(dynamics.roles)}
    intake = np.zeros(len(dynamics.roles))
    for role, heads in joiners.items():
        intake[number[role]] = heads / dynamics.per_year
    heads = intake @ _look_back(dynamics, np.eye(len(intake)), absorb=False)
    intakes = [joiners.get(role, 0.0) for role in dynamics.roles]
    return pd.DataFrame({"role": dynamics.roles, "joiners": intakes, "headcount": heads})


def _look_back(dynamics: Dynamics, target: np.ndarray, absorb: bool) -> np.ndarray:
    """[start role, target] expected visits of a joiner to each target (a column over roles), or with `absorb` the
    chance of ever being there."""
    n_roles, clocks, streaks = len(dynamics.roles), dynamics.clocks, dynamics.streaks
    leave = dynamics.leave[: dynamics.per_year].mean(axis=0)
    matrix = _stay_matrix(dynamics)
    states = np.arange(n_roles * clocks * streaks) // (clocks * streaks)
    reward, stay = target[states], (1.0 - leave)[states]
    stop = reward > 0 if absorb else np.zeros_like(reward, dtype=bool)
    last = csc_matrix(matrix.multiply(stay[:, -1:]))
    value = np.empty_like(reward)
    if absorb:
        for column in range(reward.shape[1]):
            outside = np.flatnonzero(~stop[:, column])
            arriving = np.asarray(last[outside][:, stop[:, column]].sum(axis=1)).ravel()
            value[:, column] = 1.0
            if len(outside):
                value[outside, column] = splu(csc_matrix(identity(len(outside)) - last[outside][:, outside])).solve(
                    arriving
                )
    else:
        value = splu(csc_matrix(identity(len(states)) - last)).solve(reward)
    steps = -(-(TENURES - 1) // dynamics.months)
    for step in reversed(range(steps)):
        onward = stay[:, [step * dynamics.months]] * (matrix @ value)
        value = np.where(stop, 1.0, onward) if absorb else reward + onward
    return value[np.arange(n_roles) * clocks * streaks]


def _stay_matrix(dynamics: Dynamics) -> csr_matrix:
    """Where somebody who does not leave is at the next opening: states are role x clock x streak, the last running
    fastest."""
    clocks, streaks = dynamics.clocks, dynamics.streaks
    clock, streak = (part.ravel() for part in np.meshgrid(np.arange(clocks), np.arange(streaks), indexing="ij"))
    later = np.minimum(clock + dynamics.months, clocks - 1)
    size, top = clocks * streaks, streaks - 1
    rows, columns, values = [], [], []
    left_role = np.zeros((len(dynamics.roles), size))
    pushed = np.flatnonzero(dynamics.move.any(axis=1))
    for arc in pushed:
        source, target = dynamics.arc_from[arc], dynamics.arc_to[arc]
        chance = np.where((streak == top) | ~dynamics.rated[arc], dynamics.move[arc][clock], 0.0)
        left_role[source] += chance
        rows.append(source * size + np.arange(size))
        columns.append(target * size + streak)
        values.append(chance)
    for role in range(len(dynamics.roles)):
        rows.append(role * size + np.arange(size))
        columns.append(role * size + later * streaks + streak)
        values.append(1.0 - left_role[role])
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    whole = len(dynamics.roles) * size
    moves = coo_matrix(entries, shape=(whole, whole)).tocsr()
    return csr_matrix(moves @ kron(identity(len(dynamics.roles) * clocks), _rating_matrix(dynamics)))


def _rating_matrix(dynamics: Dynamics) -> np.ndarray:
    """[streak, streak] over a period, the mean of the first year's."""
    once = np.zeros((dynamics.streaks, dynamics.streaks))
    for streak, passing in enumerate(dynamics.passing):
        once[streak, min(streak + 1, dynamics.streaks - 1)] += passing
        once[streak, 0] += 1.0 - passing
    if dynamics.streaks == 1:
        return np.ones((1, 1))
    rounds = dynamics.rounds[: dynamics.per_year]
    return np.mean([np.linalg.matrix_power(once, int(number)) for number in rounds], axis=0)
