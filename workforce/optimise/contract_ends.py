"""Who joined under a contract, moved on by themselves, and leaves the role they are in when the contract ends."""

from dataclasses import replace

import numpy as np
from scipy import sparse

from workforce.forecast.dynamics import Dynamics
from workforce.optimise.balance import move_shares
from workforce.optimise.reactions import Cohorts, Established


def end_contracts(dynamics: Dynamics, established: Established, cohort: Cohorts, length: int | None) -> Cohorts:
    """The same cohorts with `ending`: whoever is pushed on before their contract of so many periods ends (None = it does
    not) belongs to the established stock of their new role, leaves and is pushed on as it does, and is gone when the
    contract ends. Known shares, so the programme stays linear; those pulled up into vacancies are not told apart from the
    established people beside them, nor are those whom the plan moves or releases."""
    if length is None or not cohort.moved.any():
        return cohort
    n_periods, n_roles = established.leave.shape
    source, target = dynamics.arc_from, dynamics.arc_to
    every, stay = np.arange(n_roles), 1.0 - established.leave
    kept = stay * (1.0 - move_shares(dynamics, established))
    carried = stay[:, source] * established.move
    place, shape = (np.concatenate([every, source]), np.concatenate([every, target])), (n_roles, n_roles)
    steps = [sparse.csr_array((np.concatenate(part), place), shape=shape) for part in zip(kept, carried, strict=True)]
    found = []
    for joined in range(n_periods - length):
        there = sparse.csr_array(shape)
        for period in range(joined + 1, joined + length):
            moved = sparse.csr_array((cohort.moved[joined, period], (source, target)), shape=shape)
            there = there @ steps[period] + moved
        row, column = there.nonzero()
        begun, ends = np.full(len(row), joined), np.full(len(row), joined + length)
        found.append((begun, row, ends, column, there[row, column]))
    return replace(cohort, ending=tuple(np.concatenate(part) for part in zip(*found, strict=True)) if found else ())
