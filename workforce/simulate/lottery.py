"""The one dynamics as a lottery: the arrays that stepping reads and writes, the same for the compiled and the plain one."""

from typing import NamedTuple

import numpy as np

from workforce.forecast.dynamics import Dynamics
from workforce.simulate.streams import key_people

UNIT = 2.0**40
LESS = 1.0 / UNIT
"""Shares that ramping people lack are added up as whole numbers of 2^-40, so that their order does not matter."""

NEVER = np.iinfo(np.int32).max


class Rules(NamedTuple):
    """The dynamics, read by [period, role, tenure] and by arc.

    push_first: [role + 1] where the push arcs of a role begin in push_to, push_chance [arc, clock], push_rated.
    pull_order: roles that replace by pull, upper first; feed_first: [role + 1] where the feeds of a role begin in
    feed_from, feed_sum (cumulative shares of its vacancies), feed_rated. role_key: [role] key of a role's vacancies.
    retire, chance, post, unknown: retirement (dynamics.retiring). ceiling, ceiling_unknown: [role, tenure] upper bound of
    leaving from this tenure on in any period, without and with the estimated retiring; ceiling_push: [role].
    lack: [role, tenure] share of an FTE that ramping people lack, in units of 2^-40; ramping: months after which nobody
    lacks any.
    """

    months: int
    clocks: int
    streaks: int
    gate: int
    ramping: int
    leave: np.ndarray
    push_first: np.ndarray
    push_to: np.ndarray
    push_chance: np.ndarray
    push_rated: np.ndarray
    pull_order: np.ndarray
    feed_first: np.ndarray
    feed_from: np.ndarray
    feed_sum: np.ndarray
    feed_rated: np.ndarray
    role_key: np.ndarray
    rounds: np.ndarray
    passing: np.ndarray
    retire: np.ndarray
    chance: np.ndarray
    post: np.ndarray
    unknown: np.ndarray
    ceiling: np.ndarray
    ceiling_unknown: np.ndarray
    ceiling_push: np.ndarray
    lack: np.ndarray
    fte: np.ndarray


class Seats(NamedTuple):
    """Everybody who may be there: people of the opening, then planned joiners.

    key; role (at the opening, or joined); begin, entered: month of the plan in which tenure and clock were 0, for people
    of the opening; streak; quality (first-year multiplier); member of `dynamics.retirement` or -1; wake: first period in
    which they may retire by rule; wake_first: [period + 1] where those of a period begin in waking; opening: how many are people
    of the opening; unsure: those who may not be there at all; followed: those whose role is reported.
    """

    key: np.ndarray
    role: np.ndarray
    begin: np.ndarray
    entered: np.ndarray
    streak: np.ndarray
    quality: np.ndarray
    member: np.ndarray
    wake: np.ndarray
    wake_first: np.ndarray
    waking: np.ndarray
    opening: int
    unsure: np.ndarray
    followed: np.ndarray


class Orders(NamedTuple):
    """What is settled before stepping. first: [period + 1] where the transfers of a period begin in source, target, key,
    arrive. On each path of the block: absent [path, unsure], wanted [path, transfer] heads, arrives [path, joiner] period
    (NEVER = does not)."""

    first: np.ndarray
    source: np.ndarray
    target: np.ndarray
    key: np.ndarray
    arrive: np.ndarray
    absent: np.ndarray
    wanted: np.ndarray
    arrives: np.ndarray


class Counts(NamedTuple):
    """What is kept of each path: [path, period, role] closing, joiners, leavers, moves_in, moves_out (persons), effective
    (FTE); [path, period, followed] role or -1; [path] transfers short."""

    closing: np.ndarray
    joiners: np.ndarray
    leavers: np.ndarray
    moves_in: np.ndarray
    moves_out: np.ndarray
    effective: np.ndarray
    followed: np.ndarray
    short: np.ndarray


def describe_rules(dynamics: Dynamics) -> Rules:
    """The arrays of `Rules` from the dynamics."""
    n_periods, n_roles = len(dynamics.periods), len(dynamics.roles)
    push = np.flatnonzero(dynamics.move.any(axis=1))
    push = push[np.argsort(dynamics.arc_from[push], kind="stable")]
    feeds = np.flatnonzero(dynamics.feed > 0)
    feeds = feeds[np.argsort(dynamics.arc_to[feeds], kind="stable")]
    feed_first = np.searchsorted(dynamics.arc_to[feeds], np.arange(n_roles + 1))
    summed = dynamics.feed[feeds].astype(float)
    for begin, end in zip(feed_first[:-1], feed_first[1:], strict=True):
        summed[begin:end] = np.cumsum(summed[begin:end])
    most = dynamics.leave.max(axis=0)
    retirement = dynamics.retirement
    none = np.zeros((n_periods, 0, 1))
    chance = none if retirement is None else np.ascontiguousarray(retirement.chance)
    retire = np.zeros((1, 1, 1)) if dynamics.retire is None else np.ascontiguousarray(dynamics.retire)
    both = most if dynamics.retire is None else (1.0 - (1.0 - dynamics.leave) * (1.0 - dynamics.retire)).max(axis=0)
    by_source = [dynamics.move[push[dynamics.arc_from[push] == role]] for role in range(n_roles)]
    return Rules(
        dynamics.months,
        dynamics.clocks,
        dynamics.streaks,
        dynamics.gate,
        int(np.flatnonzero((dynamics.ramp < 1.0).any(axis=0)).max(initial=-1)) + 1,
        np.ascontiguousarray(dynamics.leave),
        np.searchsorted(dynamics.arc_from[push], np.arange(n_roles + 1)),
        dynamics.arc_to[push].astype(np.int64),
        np.ascontiguousarray(dynamics.move[push], dtype=float),
        np.ascontiguousarray(dynamics.rated[push], dtype=bool),
        np.asarray(dynamics.pull_order, dtype=np.int64),
        feed_first,
        dynamics.arc_from[feeds].astype(np.int64),
        summed,
        np.ascontiguousarray(dynamics.rated[feeds], dtype=bool),
        key_people([f"vacancy|{role}" for role in dynamics.roles]),
        np.asarray(dynamics.rounds, dtype=np.int64),
        np.asarray(dynamics.passing, dtype=float),
        retire,
        chance,
        np.zeros(n_roles, dtype=np.int64) if retirement is None else retirement.post.astype(np.int64),
        np.zeros(0, dtype=bool) if retirement is None else retirement.unknown,
        _from_here_on(most),
        _from_here_on(both),
        np.array([chances.sum(axis=0).max(initial=0.0) for chances in by_source]),
        np.rint((1.0 - dynamics.ramp) * UNIT).astype(np.int64),
        np.asarray(dynamics.fte, dtype=float),
    )


def _from_here_on(most: np.ndarray) -> np.ndarray:
    """[role, tenure] the highest chance at this tenure or any later one."""
    return np.ascontiguousarray(np.maximum.accumulate(most[:, ::-1], axis=1)[:, ::-1])


