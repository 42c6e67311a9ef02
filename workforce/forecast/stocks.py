"""Expected stocks: the Markov projection of the one dynamics, with no action taken."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import TENURES, Dynamics


@dataclass(frozen=True)
class Projection:
    """The projection in full. frame: the long table of `forecast_stocks`. states: [period + 1, role, tenure] expected
    persons, the first is the opening. stayed: [period, role] expected persons who have not left when people move. moved:
    [period, arc] expected organic moves."""

    frame: pd.DataFrame
    states: np.ndarray
    stayed: np.ndarray
    moved: np.ndarray


def project_stocks(dynamics: Dynamics) -> Projection:
    """n(t) = n(t-1) P(t) by role and tenure (Bartholomew, Forbes & McClean 1991, ch. 3).

    Who is followed under a rule of retirement is carried one by one: their tenure is known, so the expectation is a
    vector over roles, of which 1 - (1 - leave)(1 - retiring) leaves each period.
    """
    n_periods, n_roles = len(dynamics.periods), len(dynamics.roles)
    states = np.empty((n_periods + 1, *dynamics.opening.shape))
    moved = np.empty((n_periods, len(dynamics.arc_from)))
    stayed = np.empty((n_periods, n_roles))
    followed = _Followed(dynamics)
    mass = dynamics.opening - followed.spread()
    states[0] = dynamics.opening
    for period in range(n_periods):
        left = dynamics.survive(mass, period)
        flows = dynamics.moving(left)
        alone, own_flows = followed.step(period)
        stayed[period] = left.sum(axis=1) + alone
        moved[period] = flows.sum(axis=1) + own_flows
        mass = dynamics.age(dynamics.moved(left, flows))
        states[period + 1] = mass + followed.spread()
    heads = states.sum(axis=2)
    effective = (states * dynamics.ramp).sum(axis=2) * dynamics.fte
    moves_in, moves_out = np.zeros((n_periods, n_roles)), np.zeros((n_periods, n_roles))
    for arc, (source, target) in enumerate(zip(dynamics.arc_from, dynamics.arc_to, strict=True)):
        moves_out[:, source] += moved[:, arc]
        moves_in[:, target] += moved[:, arc]
    leavers = heads[:-1] - heads[1:] + moves_in - moves_out
    nothing = np.zeros_like(leavers)
    frame = stock_table(
        dynamics, "expected", heads[:-1], nothing, moves_in, moves_out, leavers, nothing, heads[1:], effective[1:]
    )
    return Projection(frame, states, stayed, moved)


class _Followed:
    """The expectation of the members of `dynamics.retirement`: persons [role, member], one tenure a member."""

    def __init__(self, dynamics: Dynamics) -> None:
        self.dynamics, members = dynamics, dynamics.retirement
        count = 0 if members is None else len(members.role)
        self.state = np.zeros((len(dynamics.roles), count))
        self.tenure = np.zeros(0, dtype=np.int64)
        if members is not None:
            self.state[members.role, np.arange(count)] = members.heads
            self.tenure = members.tenure

    def step(self, period: int) -> tuple[np.ndarray, np.ndarray]:
        """Leave, move and age; returns persons [role] who had not left and [arc] who moved."""
        dynamics, count = self.dynamics, self.state.shape[1]
        if not count:
            return np.zeros(len(dynamics.roles)), np.zeros(len(dynamics.arc_from))
        role = np.arange(len(dynamics.roles))[:, None]
        retiring = dynamics.retiring(period, np.arange(count)[None, :], role, self.tenure[None, :])
        stayed = self.state * (1.0 - dynamics.leave[period][:, self.tenure]) * (1.0 - retiring)
        served = (self.tenure >= dynamics.gate)[None, :]
        flows = stayed[dynamics.arc_from] * np.where(served, dynamics.move[:, None], dynamics.move_new[:, None])
        self.state = dynamics.moved(stayed, flows)
        self.tenure = np.minimum(self.tenure + dynamics.months, TENURES - 1)
        return stayed.sum(axis=1), flows.sum(axis=1)

    def spread(self) -> np.ndarray:
        """Persons [role, tenure]."""
        cells = np.zeros((TENURES, len(self.state)))
        np.add.at(cells, self.tenure, self.state.T)
        return cells.T


def forecast_stocks(dynamics: Dynamics) -> pd.DataFrame:
    """Expected headcount with no action: reading, role, unit, period, opening, joiners, moves_in, moves_out, leavers,
    released, closing (persons), effective_fte (at the close). opening + joiners + moves_in - moves_out - leavers =
    closing in every row."""
    return project_stocks(dynamics).frame


def stock_table(
    dynamics: Dynamics,
    reading: str,
    opening: np.ndarray,
    joiners: np.ndarray,
    moves_in: np.ndarray,
    moves_out: np.ndarray,
    leavers: np.ndarray,
    released: np.ndarray,
    closing: np.ndarray,
    effective: np.ndarray,
) -> pd.DataFrame:
    """The long table of stocks and flows from arrays [period, role]; `released` is the part of `leavers` that the plan
    releases."""
    n_periods, n_roles = closing.shape
    columns = {
        "opening": opening,
        "joiners": joiners,
        "moves_in": moves_in,
        "moves_out": moves_out,
        "leavers": leavers,
        "released": released,
        "closing": closing,
        "effective_fte": effective,
    }
    frame = pd.DataFrame(
        {
            "reading": reading,
            "role": np.tile(np.asarray(dynamics.roles, dtype=object), n_periods),
            "unit": np.tile(np.asarray(dynamics.units, dtype=object), n_periods),
            "period": dynamics.periods.repeat(n_roles),
        }
    )
    return frame.assign(**{name: values.ravel() for name, values in columns.items()})
