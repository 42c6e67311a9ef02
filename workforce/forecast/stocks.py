"""Expected stocks: the Markov projection of the one dynamics, with no action taken."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import TENURES, Dynamics
from workforce.forecast.stepping import step_state


@dataclass(frozen=True)
class Projection:
    """The projection in full. frame: the long table of `forecast_stocks`. states: [period + 1, role, tenure] expected
    persons, the first is the opening. stayed: [period, role] expected persons who have not left when people move. moved:
    [period, arc] expected organic moves; drawn: [period, arc] share of those who could be pulled along it that was."""

    frame: pd.DataFrame
    states: np.ndarray
    stayed: np.ndarray
    moved: np.ndarray
    drawn: np.ndarray

    def runs_dry(self, dynamics: Dynamics) -> list[str]:
        """Roles that could not fill the vacancies above them: everybody who could be pulled was. Paths then fill fewer than
        expected here, for the lesser of two chances is on average less than the lesser of their means."""
        empty = (self.drawn >= 1.0 - 1e-9).any(axis=0) & (dynamics.feed > 0)
        return list(dict.fromkeys(dynamics.roles[role] for role in dynamics.arc_from[empty]))


def project_stocks(dynamics: Dynamics) -> Projection:
    """n(t) = n(t-1) P(t) by role, tenure, time in the role and rating (Bartholomew, Forbes & McClean 1991, ch. 3).

    Who is followed under a rule of retirement has a lane of their own: their tenure is known, so the expectation is a
    vector over roles, of which 1 - (1 - leave)(1 - retiring) leaves each period.
    """
    n_periods, n_roles = len(dynamics.periods), len(dynamics.roles)
    states = np.empty((n_periods + 1, n_roles, TENURES))
    moved, drawn = np.empty((2, n_periods, len(dynamics.arc_from)))
    stayed = np.empty((n_periods, n_roles))
    state = dynamics.state
    states[0] = dynamics.opening
    for period in range(n_periods):
        step = step_state(dynamics, state, period)
        stayed[period], moved[period], drawn[period], state = step.stayed, step.moved, step.drawn, step.after
        states[period + 1] = dynamics.spread(state, period + 1)
    heads = states.sum(axis=2)
    effective = (states * dynamics.ramp).sum(axis=2) * dynamics.fte
    moves_in, moves_out = np.zeros((n_periods, n_roles)), np.zeros((n_periods, n_roles))
    for arc, (source, target) in enumerate(zip(dynamics.arc_from, dynamics.arc_to, strict=True)):
        moves_out[:, source] += moved[:, arc]
        moves_in[:, target] += moved[:, arc]
    leavers = heads[:-1] - stayed
    nothing = np.zeros_like(leavers)
    frame = stock_table(
        dynamics, "expected", heads[:-1], nothing, moves_in, moves_out, leavers, nothing, heads[1:], effective[1:]
    )
    return Projection(frame, states, stayed, moved, drawn)


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
