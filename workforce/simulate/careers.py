"""Careers: every person's leaving, moving and joining on many paths, by the one dynamics."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import FIRST_YEAR, TENURES, Dynamics
from workforce.forecast.opening import opening_clock, opening_streak, opening_tenure
from workforce.inputs.case import Case
from workforce.simulate.streams import draw, key_paths, key_people, mix

BLOCK = 50
"""Paths that are stepped together; results do not depend on it."""


@dataclass(frozen=True)
class Joining:
    """Planned joiners: one row for each seat. name (stable, for its stream), role, period (number of the period it
    joins in), chance (of being filled), quality (first-year hazard multiplier), until (period in which the contract has
    ended and who is still there leaves, -1 = open-ended; None = all are)."""

    name: list[str]
    role: np.ndarray
    period: np.ndarray
    chance: np.ndarray
    quality: np.ndarray
    until: np.ndarray | None = None


@dataclass(frozen=True)
class Transfer:
    """A planned change of a number of people: from a role in a period to another, or out of the company (target -1).
    heads may be fractional: the fraction is drawn. arrive: share that gets there, the rest leaves the company. start:
    period in which those chosen had to be there."""

    name: str
    source: int
    target: int
    period: int
    heads: float
    arrive: float


@dataclass(frozen=True)
class Careers:
    """Simulated stocks and flows [path, period, role] in persons: closing, joiners, leavers, moves_in, moves_out;
    effective FTE at the close. opening: [role] persons. short: planned transfers [path] for which too few people were
    there. tracked: [path, period, person] number of the role held at the close, -1 = gone (int16), for those asked for."""

    opening: np.ndarray
    closing: np.ndarray
    joiners: np.ndarray
    leavers: np.ndarray
    moves_in: np.ndarray
    moves_out: np.ndarray
    effective: np.ndarray
    short: np.ndarray
    tracked: np.ndarray


def simulate_careers(
    case: Case,
    dynamics: Dynamics,
    joining: Joining | None = None,
    transfers: tuple[Transfer, ...] = (),
    paths: int | None = None,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    track: Sequence[str] = (),
) -> Careers:
    """Step every person on every path: leave, move, planned transfers, join (model.md, sections 1 and 4).

    paths, seed: as the scenario says unless given. progress(done, all) is called after each block of paths. track: ids of
    people of the roster whose role is kept.
    """
    paths = case.assumptions.simulation.paths if paths is None else paths
    seed = case.assumptions.simulation.seed if seed is None else seed
    seats = _seat_people(case, dynamics, joining)
    shape = (paths, len(dynamics.periods), len(dynamics.roles))
    counts = {
        name: np.zeros(shape, dtype=np.int32) for name in ("closing", "joiners", "leavers", "moves_in", "moves_out")
    }
    effective, short = np.zeros(shape), np.zeros(paths, dtype=np.int64)
    keys = key_paths(seed, paths)
    by_period = [[one for one in transfers if one.period == period] for period in range(len(dynamics.periods))]
    place = {person: index for index, person in enumerate(case.tables.people["person"])}
    followed = np.array([place[person] for person in track], dtype=np.int64)
    tracked = np.empty((*shape[:2], len(followed)), dtype=np.int16)
    for first in range(0, paths, BLOCK):
        block = slice(first, min(first + BLOCK, paths))
        _step_block(dynamics, seats, by_period, keys[block], block, counts, effective, short, followed, tracked)
        if progress:
            progress(block.stop, paths)
    opening = np.bincount(seats.role[seats.joins < 0], minlength=len(dynamics.roles))
    return Careers(opening, **counts, effective=effective, short=short, tracked=tracked)


@dataclass(frozen=True)
class _Seats:
    key: np.ndarray
    role: np.ndarray
    tenure: np.ndarray
    joins: np.ndarray
    chance: np.ndarray
    quality: np.ndarray
    member: np.ndarray
    until: np.ndarray
    clock: np.ndarray
    streak: np.ndarray


def _seat_people(case: Case, dynamics: Dynamics, joining: Joining | None) -> _Seats:
    """People of the roster (or counted heads of the stock, numbered), then planned joiners; joins = -1 for those who
    are there; member = who it is of `dynamics.retirement`, else -1."""
    number = {role: index for index, role in enumerate(dynamics.roles)}
    people, stock = case.tables.people, case.tables.stock
    names, roles, tenure = list(people["person"]), list(people["role"].map(number)), list(opening_tenure(case))
    there = [1.0] * len(names)
    clock, streak = list(opening_clock(case, dynamics.clocks - 1)), list(opening_streak(case, dynamics.ratings))
    retirement = dynamics.retirement
    member = [-1] * len(people) if retirement is None else list(retirement.people)
    for place, row in enumerate(stock.itertuples()):
        heads = int(np.ceil(row.headcount - 1e-9))
        member += [-1 if retirement is None else retirement.stock[place]] * heads
        names += [f"{row.role}#{seat}" for seat in range(heads)]
        roles += [number[row.role]] * heads
        tenure += [TENURES - 1] * heads
        clock += [dynamics.clocks - 1] * heads
        streak += [0] * heads
        there += [1.0] * (heads - 1) + [row.headcount - heads + 1] * (heads > 0)
    present = len(names)
    extra = Joining([], *(np.array([]) for _ in range(4))) if joining is None else joining
    until = np.full(len(extra.name), -1) if extra.until is None else extra.until
    return _Seats(
        key_people(names + list(extra.name)),
        np.concatenate([roles, extra.role]).astype(np.int64),
        np.concatenate([tenure, np.zeros(len(extra.name))]).astype(np.int64),
        np.concatenate([np.full(present, -1), extra.period]).astype(np.int64),
        np.concatenate([there, extra.chance]),
        np.concatenate([np.ones(present), extra.quality]),
        np.concatenate([member, np.full(len(extra.name), -1)]).astype(np.int64),
        np.concatenate([np.full(present, -1), until]).astype(np.int64),
        np.concatenate([clock, np.zeros(len(extra.name))]).astype(np.int16),
        np.concatenate([streak, np.zeros(len(extra.name))]).astype(np.int8),
    )


def _step_block(
    dynamics: Dynamics,
    seats: _Seats,
    by_period: list[list[Transfer]],
    keys: np.ndarray,
    block: slice,
    counts: dict[str, np.ndarray],
    effective: np.ndarray,
    short: np.ndarray,
    track: np.ndarray,
    tracked: np.ndarray,
) -> None:
    """Step some paths through all periods. role = -1 where nobody is (not joined yet, or gone)."""
    n_paths, n_roles = len(keys), len(dynamics.roles)
    there = seats.joins < 0
    role = np.where(there, seats.role, -1)[None, :].repeat(n_paths, axis=0)
    unsure = np.flatnonzero(there & (seats.chance < 1.0))
    absent = draw(keys, seats.key[unsure], 0, "whole") >= seats.chance[unsure]
    role[:, unsure] = np.where(absent, -1, role[:, unsure])
    tenure = seats.tenure.copy()
    clock, streak = (start[None, :].repeat(n_paths, axis=0) for start in (seats.clock, seats.streak))
    limits, targets = _move_table(dynamics)
    followed = np.flatnonzero(seats.member >= 0)

    def count(kind: str, period: int, path: np.ndarray, roles: np.ndarray) -> None:
        flat = np.bincount(path * n_roles + roles, minlength=n_paths * n_roles)
        counts[kind][block, period] += flat.reshape(n_paths, n_roles).astype(np.int32)

    for period in range(len(dynamics.periods)):
        hazard = dynamics.leave[period][role, tenure[None, :]]
        first_year = (tenure < FIRST_YEAR) & (seats.quality != 1.0)
        hazard[:, first_year] = np.minimum(hazard[:, first_year] * seats.quality[first_year], 1.0)
        if len(followed):
            own = role[:, followed], tenure[None, followed]
            retiring = dynamics.retiring(period, seats.member[None, followed], *own)
            hazard[:, followed] = 1.0 - (1.0 - hazard[:, followed]) * (1.0 - retiring)
        hazard[:, seats.until == period] = 1.0
        opened = role.copy()
        path, seat = np.nonzero((draw(keys, seats.key, period, "leave") < hazard) & (role >= 0))
        count("leavers", period, path, role[path, seat])
        role[path, seat] = -1
        if len(dynamics.arc_from):
            _move(dynamics, seats, keys, role, clock, streak, period, limits, targets, count)
            _pull(dynamics, seats, keys, opened, role, clock, streak, period, count)
        for transfer in by_period[period]:
            short[block] += _transfer(seats, keys, role, transfer, period, count)
        joining = np.flatnonzero(seats.joins == period)
        path, which = np.nonzero(draw(keys, seats.key[joining], period, "arrive") < seats.chance[joining])
        seat = joining[which]
        count("joiners", period, path, seats.role[seat])
        role[path, seat] = seats.role[seat]
        there[joining] = True
        older = there & (seats.joins != period)
        tenure = np.where(older, np.minimum(tenure + dynamics.months, TENURES - 1), tenure)
        clock[:, older] = np.minimum(clock[:, older] + dynamics.months, dynamics.clocks - 1)
        clock[(role != opened) & (opened >= 0)] = 0
        _rate(dynamics, seats, keys, streak, older, period)
        path, seat = np.nonzero(role >= 0)
        now = role[path, seat]
        count("closing", period, path, now)
        tracked[block, period] = role[:, track]
        full_time = np.where(seats.joins[seat] >= 0, 1.0, dynamics.fte[now])
        weight = dynamics.ramp[now, tenure[seat]] * full_time
        total = np.bincount(path * n_roles + now, weights=weight, minlength=n_paths * n_roles)
        effective[block, period] = total.reshape(n_paths, n_roles)


def _move_table(dynamics: Dynamics) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative probabilities of being pushed [passes the rating gate, role, clock, choice] and the target of each
    choice."""
    n_roles = len(dynamics.roles)
    width = int(np.bincount(dynamics.arc_from, minlength=n_roles).max()) if len(dynamics.arc_from) else 0
    limits, targets = np.zeros((2, n_roles, dynamics.clocks, width)), np.full((n_roles, width), -1)
    for role in range(n_roles):
        arcs = np.flatnonzero(dynamics.arc_from == role)
        for passes in (0, 1):
            rate = dynamics.move[arcs] * (passes | ~dynamics.rated[arcs, None])
            limits[passes, role, :, : len(arcs)] = np.cumsum(rate, axis=0).T
            limits[passes, role, :, len(arcs) :] = rate.sum(axis=0)[:, None]
        targets[role, : len(arcs)] = dynamics.arc_to[arcs]
    return limits, targets


def _move(
    dynamics: Dynamics,
    seats: _Seats,
    keys: np.ndarray,
    role: np.ndarray,
    clock: np.ndarray,
    streak: np.ndarray,
    period: int,
    limits: np.ndarray,
    targets: np.ndarray,
    count: Callable,
) -> None:
    """Pushed moves of those who stayed; `role` is changed in place (it belongs to the block)."""
    luck = draw(keys, seats.key, period, "move")
    passes = (streak == dynamics.streaks - 1).astype(np.int64)
    path, seat = np.nonzero((role >= 0) & (luck < limits[passes, role, clock, -1]))
    source = role[path, seat]
    own = limits[passes[path, seat], source, clock[path, seat]]
    choice = (luck[path, seat][:, None] >= own).sum(axis=1)
    count("moves_out", period, path, source)
    role[path, seat] = targets[source, choice]
    count("moves_in", period, path, role[path, seat])


def _pull(
    dynamics: Dynamics,
    seats: _Seats,
    keys: np.ndarray,
    opened: np.ndarray,
    role: np.ndarray,
    clock: np.ndarray,
    streak: np.ndarray,
    period: int,
    count: Callable,
) -> None:
    """Vacancies filled from below, from the top down; `role` is changed in place. opened: [path, seat] roles at the
    opening."""
    for target in dynamics.pull_order:
        vacant = ((opened == target) & (role != target)).sum(axis=1)
        arcs = np.flatnonzero((dynamics.arc_to == target) & (dynamics.feed > 0))
        names = key_people([f"{dynamics.roles[target]}|{place}" for place in range(vacant.max(initial=0))])
        luck = draw(keys, names, period, "vacancy")
        choice = (luck[:, :, None] >= np.cumsum(dynamics.feed[arcs])).sum(axis=2)
        choice[np.arange(len(names))[None, :] >= vacant[:, None]] = len(arcs)
        for place, arc in enumerate(arcs):
            can = (role == dynamics.arc_from[arc]) & (role == opened) & (clock >= dynamics.gate)
            if dynamics.rated[arc]:
                can &= streak == dynamics.streaks - 1
            seat = np.flatnonzero(can.any(axis=0))
            order = np.where(can[:, seat], draw(keys, seats.key[seat], period, "pull"), 2.0)
            taken = np.minimum((choice == place).sum(axis=1), can.sum(axis=1))
            rank = order.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
            path, which = np.nonzero(rank < taken[:, None])
            count("moves_out", period, path, role[path, seat[which]])
            role[path, seat[which]] = target
            count("moves_in", period, path, role[path, seat[which]])


def _rate(
    dynamics: Dynamics, seats: _Seats, keys: np.ndarray, streak: np.ndarray, present: np.ndarray, period: int
) -> None:
    """Ratings given at a period's close to those who were there at its opening; `streak` is changed in place."""
    for turn in range(dynamics.rounds[period] if dynamics.streaks > 1 else 0):
        luck = draw(keys, mix(seats.key + np.uint64(turn)), period, "rating")
        grown = np.where(luck < dynamics.passing[streak], np.minimum(streak + 1, dynamics.streaks - 1), 0)
        streak[:, present] = grown[:, present]


def _transfer(
    seats: _Seats, keys: np.ndarray, role: np.ndarray, transfer: Transfer, period: int, count: Callable
) -> np.ndarray:
    """Carry out one planned transfer on every path; returns by how many people it fell short. `role` is changed in
    place."""
    name = key_people([transfer.name])
    whole = np.floor(transfer.heads)
    fraction = draw(keys, name, period, "whole")[:, 0] < transfer.heads - whole
    wanted = (whole + fraction).astype(np.int64)
    seat = np.flatnonzero((role == transfer.source).any(axis=0))
    inside = role[:, seat] == transfer.source
    order = np.where(inside, draw(keys, seats.key[seat] ^ name, period, "order"), 2.0)
    taken = np.minimum(wanted, inside.sum(axis=1))
    if taken.max(initial=0) == 0:
        return wanted
    rank = order.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    path, which = np.nonzero(rank < taken[:, None])
    chosen = seat[which]
    luck = draw(keys, seats.key[seat] ^ name, period, "arrive")[path, which]
    arrives = (luck < transfer.arrive) & (transfer.target >= 0)
    source = np.full(len(path), transfer.source)
    count("leavers", period, path[~arrives], source[~arrives])
    count("moves_out", period, path[arrives], source[arrives])
    count("moves_in", period, path[arrives], np.full(int(arrives.sum()), transfer.target))
    role[path, chosen] = np.where(arrives, transfer.target, -1)
    return wanted - taken


def summarise_paths(careers: Careers, dynamics: Dynamics, reading: str) -> pd.DataFrame:
    """Quantiles of the closing headcount over the paths: reading, role, unit, period, mean, p05, p25, p50, p75, p95
    (persons); rows with role "" are the unit, with unit "" too the company."""
    units = list(dict.fromkeys(dynamics.units))
    blocks = [
        (role, unit, careers.closing[:, :, [index]])
        for index, (role, unit) in enumerate(zip(dynamics.roles, dynamics.units, strict=True))
    ]
    blocks += [("", unit, careers.closing[:, :, np.array(dynamics.units) == unit]) for unit in units]
    blocks += [("", "", careers.closing)]
    frames = []
    for role, unit, closing in blocks:
        total = closing.sum(axis=2)
        low, lower, middle, upper, high = np.quantile(total, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
        frames.append(
            pd.DataFrame(
                {
                    "reading": reading, "role": role, "unit": unit, "period": dynamics.periods, "mean":
                    total.mean(axis=0), "p05": low, "p25": lower, "p50": middle, "p75": upper, "p95": high,
                }
            )
        )  # fmt: skip
    return pd.concat(frames, ignore_index=True)
