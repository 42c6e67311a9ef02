"""What the dynamics lead to in the long run: time in a role, the chance of ever reaching one, and the steady state."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix, csc_matrix, identity
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
    """Fundamental matrix N = (I - Q)^-1 of the absorbing chain over role and tenure; leaving absorbs.

    Expected visits come from N itself, the chance of ever reaching a role from N with that role made absorbing
    (Kemeny & Snell 1960, ch. 3; Bartholomew, Forbes & McClean 1991, ch. 3). The rates of the first year's periods are
    averaged, so that no start month is favoured. Moves into roles that replace by pull are not part of the dynamics, nor is
    retirement where it goes by a rule: a joiner has no age.
    """
    n_roles = len(dynamics.roles)
    matrix = _transient_matrix(dynamics)
    starts = np.arange(n_roles) * TENURES
    size = n_roles * TENURES
    visits = np.empty((n_roles, n_roles))
    solver = splu(csc_matrix((identity(size) - matrix).T))
    for role, start in enumerate(starts):
        unit = np.zeros(size)
        unit[start] = 1.0
        visits[role] = solver.solve(unit).reshape(n_roles, TENURES).sum(axis=1)
    reached = np.empty((n_roles, n_roles))
    states = np.arange(size) // TENURES
    for role in range(n_roles):
        inside = states == role
        outside = np.flatnonzero(~inside)
        arriving = np.asarray(matrix[outside][:, inside].sum(axis=1)).ravel()
        chance = np.ones(size)
        chance[outside] = splu(csc_matrix(identity(len(outside)) - matrix[outside][:, outside])).solve(arriving)
        reached[:, role] = chance[starts]
    names = pd.Index(dynamics.roles, name="role")
    years = visits * dynamics.months / 12.0
    return Chain(pd.DataFrame(years, names, names), pd.DataFrame(reached, names, names))


def find_steady_state(dynamics: Dynamics, joiners: dict[str, float]) -> pd.DataFrame:
    """Headcount that a constant yearly intake leads to: role, joiners (persons a year), headcount (persons at closes).

    n = R N for intake R each period, spread evenly over the year (Bartholomew, Forbes & McClean 1991, ch. 4).

    Raises KeyError for an unknown role.
    """
    number = {role: index for index, role in enumerate(dynamics.roles)}
    intake = np.zeros(len(dynamics.roles) * TENURES)
    for role, heads in joiners.items():
        intake[number[role] * TENURES] = heads / dynamics.per_year
    matrix = _transient_matrix(dynamics)
    stock = splu(csc_matrix((identity(len(intake)) - matrix).T)).solve(intake)
    heads = stock.reshape(len(dynamics.roles), TENURES).sum(axis=1)
    intakes = [joiners.get(role, 0.0) for role in dynamics.roles]
    return pd.DataFrame({"role": dynamics.roles, "joiners": intakes, "headcount": heads})


def _transient_matrix(dynamics: Dynamics) -> csc_matrix:
    """Q over role x tenure: the chance that a person in a state at one opening is in another at the next."""
    leave = dynamics.leave[: dynamics.per_year].mean(axis=0)
    stayed = 1.0 - leave
    tenure = np.arange(TENURES)
    older = np.minimum(tenure + dynamics.months, TENURES - 1)
    left_role = np.zeros_like(stayed)
    rows, columns, values = [], [], []
    for source, target, rate, rate_new in zip(
        dynamics.arc_from, dynamics.arc_to, dynamics.move, dynamics.move_new, strict=True
    ):
        chance = stayed[source] * np.where(tenure >= dynamics.gate, rate, rate_new)
        left_role[source] += chance
        rows.append(source * TENURES + tenure)
        columns.append(target * TENURES + older)
        values.append(chance)
    for role in range(len(dynamics.roles)):
        rows.append(role * TENURES + tenure)
        columns.append(role * TENURES + older)
        values.append(stayed[role] - left_role[role])
    size = len(dynamics.roles) * TENURES
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return coo_matrix(entries, shape=(size, size)).tocsc()
