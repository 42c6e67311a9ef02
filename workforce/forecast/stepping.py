"""One period of the one dynamics as an expectation: who leaves, who moves, and the state they leave behind."""

from dataclasses import dataclass

import numpy as np

from workforce.forecast.dynamics import TENURES, Dynamics


@dataclass(frozen=True)
class Step:
    """stayed: [role] persons who have not left when people move. moved: [arc] persons who moved. drawn: [arc] share of
    those who could be pulled along it that was. after: [role, lane, clock, streak] persons at the close."""

    stayed: np.ndarray
    moved: np.ndarray
    drawn: np.ndarray
    after: np.ndarray


def step_state(dynamics: Dynamics, state: np.ndarray, period: int, drawn: np.ndarray | None = None) -> Step:
    """Leave, move, age. state: [role, lane, clock, streak] persons at the period's opening.

    drawn: shares to pull along feeding arcs in place of what vacancies ask for, so that a part of the company can be
    followed as it fares in the whole.
    """
    there = np.flatnonzero(state.any(axis=(1, 2, 3)))  # a part of the company may be followed: most roles are empty
    left = state[there] * dynamics.staying(period)[there][:, :, None, None]
    heads, stayed = (np.zeros(len(state)) for _ in range(2))
    heads[there], stayed[there] = state[there].sum(axis=(1, 2, 3)), left.sum(axis=(1, 2, 3))
    moved, arrived = np.zeros(len(dynamics.arc_from)), np.zeros((*state.shape[:2], state.shape[3]))
    people = dict(zip(there.tolist(), left, strict=True))
    _push(dynamics, people, moved, arrived)
    vacant = heads - stayed
    np.add.at(vacant, dynamics.arc_from, moved)
    taken = _pull(dynamics, people, vacant, moved, arrived, drawn)
    after = np.zeros_like(state)
    after[there] = _age(dynamics, left)
    after[:, :, 0] += _older(dynamics, arrived)
    return Step(stayed, moved, taken, rate_streaks(dynamics, after, period))


def _push(dynamics: Dynamics, people: dict[int, np.ndarray], moved: np.ndarray, arrived: np.ndarray) -> None:
    """Pushed moves out of `people` [lane, clock, streak] of each role, who lose them; `moved` [arc] and `arrived` [role,
    lane, streak] gain them."""
    top = dynamics.streaks - 1
    pushed = dynamics.move.any(axis=1)
    for role, present in people.items():
        arcs = np.flatnonzero((dynamics.arc_from == role) & pushed)
        if not len(arcs):
            continue
        rated = dynamics.rated[arcs]
        everybody, well_rated = arcs[~rated], arcs[rated]
        flows = np.zeros((len(arcs), present.shape[0], present.shape[2]))
        flows[~rated] = np.einsum("lcs,ac->als", present, dynamics.move[everybody], optimize=True)
        flows[rated, :, top] = np.einsum("lc,ac->al", present[:, :, top], dynamics.move[well_rated], optimize=True)
        np.add.at(arrived, dynamics.arc_to[arcs], flows)
        moved[arcs] = flows.sum(axis=(1, 2))
        going = np.repeat(dynamics.move[everybody].sum(axis=0)[:, None], present.shape[2], axis=1)
        going[:, top] += dynamics.move[well_rated].sum(axis=0)
        present *= 1.0 - going


def _pull(
    dynamics: Dynamics,
    people: dict[int, np.ndarray],
    vacant: np.ndarray,
    moved: np.ndarray,
    arrived: np.ndarray,
    drawn: np.ndarray | None,
) -> np.ndarray:
    """Chains of vacancies, from the top down; returns the shares drawn. `vacant` [role] grows as they go down."""
    shares = np.zeros(len(moved))
    top = dynamics.streaks - 1
    for role in dynamics.pull_order:
        for arc in np.flatnonzero((dynamics.arc_to == role) & (dynamics.feed > 0)):
            source = int(dynamics.arc_from[arc])
            if source not in people:
                continue
            can = people[source][:, dynamics.gate :, top if dynamics.rated[arc] else 0 :]
            there = can.sum()
            if drawn is not None:
                shares[arc] = drawn[arc]
            elif there > 0:
                shares[arc] = min(dynamics.feed[arc] * vacant[role] / there, 1.0)
            flow = can.sum(axis=1) * shares[arc]
            arrived[role, :, arrived.shape[2] - flow.shape[1] :] += flow
            moved[arc] += flow.sum()
            vacant[source] += flow.sum()
            can *= 1.0 - shares[arc]
    return shares


def _age(dynamics: Dynamics, state: np.ndarray) -> np.ndarray:
    """The same persons one period older, in service and in their role; the last of each collects."""
    older = _older(dynamics, state)
    if dynamics.clocks == 1:
        return older
    longer = np.zeros_like(older)
    months = min(dynamics.months, dynamics.clocks - 1)
    longer[:, :, months:] = older[:, :, : dynamics.clocks - months]
    longer[:, :, -1] += older[:, :, dynamics.clocks - months :].sum(axis=2)
    return longer


def _older(dynamics: Dynamics, state: np.ndarray) -> np.ndarray:
    """Persons [role, lane, ...] with a period more of service; a member keeps their lane."""
    older = state.copy()
    for first in range(0, TENURES * (1 if dynamics.retirement is None else 2), TENURES):
        last, months = first + TENURES, dynamics.months
        older[:, first : first + months] = 0.0
        older[:, first + months : last] = state[:, first : last - months]
        older[:, last - 1] += state[:, last - months : last].sum(axis=1)
    return older


def push_cohort(dynamics: Dynamics, share: np.ndarray, clock: int) -> tuple[np.ndarray, np.ndarray]:
    """People [role, streak] of one time in their roles, without those who are pushed on; and [arc] who is."""
    rate = dynamics.move[:, min(clock, dynamics.clocks - 1)]
    flows = share[dynamics.arc_from] * rate[:, None]
    flows[dynamics.rated, : dynamics.streaks - 1] = 0.0
    staying = share.copy()
    np.subtract.at(staying, dynamics.arc_from, flows)
    return staying, flows.sum(axis=1)


def rate_streaks(dynamics: Dynamics, state: np.ndarray, period: int) -> np.ndarray:
    """The same persons [..., streak] after the ratings given at a period's close."""
    top = dynamics.streaks - 1
    for _ in range(dynamics.rounds[period] if top else 0):
        rated = np.zeros_like(state)
        for streak, passing in enumerate(dynamics.passing):
            rated[..., min(streak + 1, top)] += passing * state[..., streak]
            rated[..., 0] += (1.0 - passing) * state[..., streak]
        state = rated
    return state
