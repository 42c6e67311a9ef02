"""The one dynamics as a lottery: the arrays that stepping reads and writes, the same for the compiled and the plain one."""

from typing import NamedTuple

import numpy as np

from workforce.forecast.dynamics import Dynamics
from workforce.simulate.streams import key_people

UNIT = 2.0**40
LESS = 1.0 / UNIT
"""Shares that ramping people lack are added up as whole numbers of 2^-40, so that their order does not matter."""

NEVER = np.iinfo(np.int32).max


PERSON = np.dtype([(name, np.int32) for name in ("role", "begin", "entered", "place")])
STRETCH = np.dtype([(name, np.int64) for name in ("first", "size", "room")])
SEAT = np.dtype(
    [("key", np.uint64), ("quality", np.float64)]
    + [(name, np.int32) for name in ("role", "begin", "entered", "member", "wake", "until")]
)
ROLE = np.dtype(
    [("key", np.uint64), ("fte", np.float64), ("pushed", np.float64)]
    + [(name, np.int64) for name in ("post", "push", "feed")]
)
PUSH = np.dtype([("target", np.int64), ("rated", np.bool_)])
FEED = np.dtype([("source", np.int64), ("target", np.int64), ("sum", np.float64), ("rated", np.bool_)])


class Rules(NamedTuple):
    """The dynamics as stepping reads them.

    ramping: months after which nobody lacks any effectiveness. leave, retire: [table, role, tenure] of dynamics, each
    period's in tables [period], for many are alike and a small table is read faster. roles: [role + 1] key (of its
    vacancies), fte, pushed (highest chance of being pushed), post, push and feed (where its arcs begin in `pushes` and
    `feeds`). pushes: arcs by source, with chances [arc, clock]. feeds: arcs by target; sum adds up the shares of its
    vacancies. pulls: feeds in the order in which they fill, upper roles first. rounds: [period] rating rounds; passing:
    [streak]. retiring, unknown: as in `dynamics.retiring`. ceiling, ceiling_unknown: [role, tenure] bound of leaving
    at this tenure or any later one, in any period, without and with the estimated retirement. lack: [role, tenure] share of
    an FTE that ramping people lack, in units of 2^-40.
    """

    months: int
    clocks: int
    streaks: int
    gate: int
    ramping: int
    tables: np.ndarray
    leave: np.ndarray
    roles: np.ndarray
    pushes: np.ndarray
    chances: np.ndarray
    feeds: np.ndarray
    pulls: np.ndarray
    rounds: np.ndarray
    passing: np.ndarray
    retire: np.ndarray
    retiring: np.ndarray
    unknown: np.ndarray
    ceiling: np.ndarray
    ceiling_unknown: np.ndarray
    lack: np.ndarray


class Seats(NamedTuple):
    """Everybody who may be there: `opening` people, then planned joiners.

    people: [seat] key, quality (first-year multiplier), role (held or joined), begin and entered (month of the plan in
    which tenure and clock were 0, for people of the opening), member (of `dynamics.retirement`, or -1), until (period by
    which they have left for certain), wake (first period in which they may retire by rule or have left). streak: [seat]
    at the opening. wake_first: [period + 1] where those of a period begin in waking. unsure: people of the opening who
    may not be there at all. followed: those whose role is reported.
    """

    people: np.ndarray
    streak: np.ndarray
    opening: int
    wake_first: np.ndarray
    waking: np.ndarray
    unsure: np.ndarray
    followed: np.ndarray


class Orders(NamedTuple):
    """What is settled before stepping. first: [period + 1] where the transfers of a period begin in source, target, key,
    arrive. On each path of the block: absent [path, unsure], wanted [path, transfer] heads, arrives [path, joiner] period
    (NEVER = does not). factor, band, estimated: as in `worlds.Rates`, the paths' own leaving rates; no path in factor =
    those of the dynamics."""

    first: np.ndarray
    source: np.ndarray
    target: np.ndarray
    key: np.ndarray
    arrive: np.ndarray
    absent: np.ndarray
    wanted: np.ndarray
    arrives: np.ndarray
    factor: np.ndarray
    band: np.ndarray
    estimated: np.ndarray


class Counts(NamedTuple):
    """What is kept of each path, zero before stepping. flow: [path, period, kind, role] persons: closing, joiners, leavers,
    moves_in, moves_out. effective: [path, period, role] FTE. followed: [path, period, followed] role, or -1. short: [path]
    people that transfers did not find."""

    flow: np.ndarray
    effective: np.ndarray
    followed: np.ndarray
    short: np.ndarray


FLOWS = ("closing", "joiners", "leavers", "moves_in", "moves_out")


def describe_rules(dynamics: Dynamics) -> Rules:
    """The arrays of `Rules` from the dynamics."""
    n_roles, source, target = len(dynamics.roles), dynamics.arc_from, dynamics.arc_to
    push = np.flatnonzero(dynamics.move.any(axis=1))
    push = push[np.argsort(source[push], kind="stable")]
    feed = np.flatnonzero(dynamics.feed > 0)
    feed = feed[np.argsort(target[feed], kind="stable")]
    pushes, feeds, roles = np.zeros(len(push), PUSH), np.zeros(len(feed), FEED), np.zeros(n_roles + 1, ROLE)
    pushes["target"], pushes["rated"] = target[push], dynamics.rated[push]
    feeds["source"], feeds["target"], feeds["rated"] = source[feed], target[feed], dynamics.rated[feed]
    roles["push"] = np.searchsorted(source[push], np.arange(n_roles + 1))
    roles["feed"] = np.searchsorted(target[feed], np.arange(n_roles + 1))
    roles["key"][:-1], roles["fte"][:-1] = key_people([f"vacancy|{role}" for role in dynamics.roles]), dynamics.fte
    for role in range(n_roles):
        own, fed = slice(*roles["push"][role : role + 2]), slice(*roles["feed"][role : role + 2])
        roles["pushed"][role] = dynamics.move[push[own]].sum(axis=0).max(initial=0.0)
        feeds["sum"][fed] = np.cumsum(dynamics.feed[feed[fed]])
    pulls = [np.arange(*roles["feed"][role : role + 2]) for role in dynamics.pull_order]
    retirement, retire = (
        dynamics.retirement,
        np.zeros_like(dynamics.leave) if dynamics.retire is None else dynamics.retire,
    )
    seen: dict[bytes, int] = {}
    tables = [seen.setdefault(pair.tobytes(), len(seen)) for pair in np.stack([dynamics.leave, retire], axis=1)]
    first = [tables.index(table) for table in range(len(seen))]
    retiring, unknown = np.zeros((1, 0, 1)), np.zeros(0, dtype=np.bool_)
    if retirement is not None:
        retiring, unknown, roles["post"][:-1] = retirement.chance, retirement.unknown, retirement.post
    return Rules(
        dynamics.months,
        dynamics.clocks,
        dynamics.streaks,
        dynamics.gate,
        int(np.flatnonzero((dynamics.ramp < 1.0).any(axis=0)).max(initial=-1)) + 1,
        np.array(tables, dtype=np.int64),
        np.ascontiguousarray(dynamics.leave[first]),
        roles,
        pushes,
        np.ascontiguousarray(dynamics.move[push], dtype=np.float64),
        feeds,
        np.concatenate([np.zeros(0, dtype=np.int64), *pulls]),
        np.asarray(dynamics.rounds, dtype=np.int64),
        np.asarray(dynamics.passing, dtype=np.float64),
        np.ascontiguousarray(retire[first]),
        np.ascontiguousarray(retiring),
        unknown,
        _from_here_on(dynamics.leave),
        _from_here_on(1.0 - (1.0 - dynamics.leave) * (1.0 - retire)),
        np.rint((1.0 - dynamics.ramp) * UNIT).astype(np.int64),
    )


def _from_here_on(leave: np.ndarray) -> np.ndarray:
    """[role, tenure] the highest chance in any period, at this tenure or any later one."""
    return np.ascontiguousarray(np.maximum.accumulate(leave.max(axis=0)[:, ::-1], axis=1)[:, ::-1])
