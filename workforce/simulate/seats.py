"""Who may be there: the people of the opening and the planned joiners, as stepping reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from workforce.forecast.dynamics import TENURES, Dynamics
from workforce.forecast.opening import opening_clock, opening_streak, opening_tenure
from workforce.inputs.case import Case
from workforce.simulate.lottery import NEVER, SEAT, Orders, Seats
from workforce.simulate.streams import draw, key_people, salt_people, share_paths
from workforce.simulate.worlds import Rates

SHORTEST = 0.5
"""Months that a median time to fill of 0 whole months stands for."""


@dataclass(frozen=True)
class Joining:
    """Planned joiners: one row for each seat. name (stable, for its stream), role, period (number of the period it
    joins in), chance (of being filled), quality (first-year hazard multiplier), until (period in which the contract has
    ended and who is still there leaves, -1 = open-ended; None = all are); lead, lead_p90: median and ninth decile of the
    months that filling it takes, None = as planned. known: [path, seat] period in which each of the last seats joins
    on each path whatever the columns before say, NEVER = it does not; None = there are no such seats. offers: those behind
    the seats: row (of channels), role (number), start (period, before the plan negative), heads; None = not known."""

    name: list[str]
    role: np.ndarray
    period: np.ndarray
    chance: np.ndarray
    quality: np.ndarray
    until: np.ndarray | None = None
    lead: np.ndarray | None = None
    lead_p90: np.ndarray | None = None
    known: np.ndarray | None = None
    offers: pd.DataFrame | None = None


@dataclass(frozen=True)
class Transfer:
    """A planned change of a number of people: from a role in a period to another, or out of the company (target -1).
    heads may be fractional: the fraction is drawn. arrive: share that gets there, the rest leaves the company. Who is
    taken is drawn evenly from all who hold the role then."""

    name: str
    source: int
    target: int
    period: int
    heads: float
    arrive: float


_SURE = (np.zeros((0, 1, 1)), np.zeros(TENURES, dtype=np.int64), np.zeros((1, TENURES)))

NOBODY = Joining([], *(np.zeros(0) for _ in range(4)))


def seat_people(
    case: Case, dynamics: Dynamics, joining: Joining, track: Sequence[str] = ()
) -> tuple[Seats, np.ndarray]:
    """People of the roster (or counted heads of the stock, numbered), then planned joiners; and the chance [seat] that
    each is there at all.

    track: persons whose role is to be reported, in this order. Raises KeyError for one who is not in `people`.
    """
    number = {role: index for index, role in enumerate(dynamics.roles)}
    people, stock, retirement = case.tables.people, case.tables.stock, dynamics.retirement
    heads = np.ceil(stock["headcount"].to_numpy(dtype=float) - 1e-9).astype(np.int64)
    counted = np.repeat(np.arange(len(stock)), heads)
    place = np.arange(len(counted)) - np.repeat(np.cumsum(heads) - heads, heads)
    names = [f"{stock['role'].iloc[row]}#{seat}" for row, seat in zip(counted, place, strict=True)]
    opening = len(people) + len(counted)
    seats = np.zeros(opening + len(joining.name), SEAT)
    seats["key"] = key_people([*people["person"], *names, *joining.name])
    by_stock = stock["role"].map(number).to_numpy(dtype=np.int64)[counted]
    seats["role"] = np.concatenate([people["role"].map(number), by_stock, joining.role])
    seats["quality"] = np.concatenate([np.ones(opening), joining.quality])
    seats["begin"][: len(people)] = -opening_tenure(case)
    seats["begin"][len(people) : opening] = 1 - TENURES
    seats["entered"][: len(people)] = -opening_clock(case, dynamics.clocks - 1)
    seats["entered"][len(people) : opening] = 1 - dynamics.clocks
    seats["member"], seats["wake"], seats["until"] = -1, NEVER, NEVER
    if joining.until is not None:
        seats["until"][opening:] = np.where(joining.until < 0, NEVER, joining.until)
    streak = np.zeros(len(seats), dtype=np.int64)
    streak[: len(people)] = opening_streak(case, dynamics.ratings)
    if retirement is not None:
        seats["member"][: len(people)] = retirement.people
        seats["member"][len(people) : opening] = retirement.stock[counted]
        may = retirement.chance.any(axis=2)
        wake = np.where(may.any(axis=0), may.argmax(axis=0), NEVER)
        followed = seats["member"] >= 0
        seats["wake"][followed] = wake[seats["member"][followed]]
    seats["wake"] = np.minimum(seats["wake"], seats["until"])
    chance = np.ones(len(seats))
    chance[len(people) : opening] = np.minimum(stock["headcount"].to_numpy(dtype=float)[counted] - place, 1.0)
    chance[opening:] = joining.chance
    waking = np.argsort(seats["wake"], kind="stable")
    seat_of = {person: seat for seat, person in enumerate(people["person"])}
    return Seats(
        seats,
        streak,
        opening,
        np.searchsorted(seats["wake"][waking], np.arange(len(dynamics.periods) + 1)),
        waking,
        np.flatnonzero(chance[:opening] < 1.0),
        np.array([seat_of[person] for person in track], dtype=np.int64),
    ), chance


def give_orders(
    dynamics: Dynamics,
    seats: Seats,
    chance: np.ndarray,
    joining: Joining,
    transfers: tuple[Transfer, ...],
    keys: np.ndarray,
    delays: bool,
    rates: Rates | None = None,
) -> Orders:
    """What is settled before some paths are stepped: who is there, who joins when, and how many are transferred.

    delays: joiners arrive by their own time to fill, never before their period: log-normal through its median and ninth
    decile, in whole periods (rounded down, as the plan rounds lead times). rates: of these paths; None = the fitted.
    """
    ordered = sorted(transfers, key=lambda one: one.period)
    heads, period = (np.array([getattr(one, name) for one in ordered], dtype=float) for name in ("heads", "period"))
    names = key_people([one.name for one in ordered])
    salts = [salt_people(names[place : place + 1], one.period, "whole") for place, one in enumerate(ordered)]
    drawn = share_paths(keys, np.concatenate([np.zeros(0, dtype=np.uint64), *salts]))
    whole = np.floor(heads)
    wanted = (whole + (drawn < heads - whole)).astype(np.int64)
    key = seats.people["key"]
    absent = draw(keys, key[seats.unsure], 0, "whole") >= chance[seats.unsure]
    return Orders(
        np.searchsorted(period, np.arange(len(dynamics.periods) + 1)),
        np.array([one.source for one in ordered], dtype=np.int64),
        np.array([one.target for one in ordered], dtype=np.int64),
        names,
        np.array([one.arrive for one in ordered], dtype=float),
        absent,
        wanted,
        _arrive(dynamics, key[seats.opening :], chance[seats.opening :], joining, keys, delays),
        *((rates.factor, rates.band, rates.estimated) if rates else _SURE),
    )


def _arrive(
    dynamics: Dynamics, key: np.ndarray, chance: np.ndarray, joining: Joining, keys: np.ndarray, delays: bool
) -> np.ndarray:
    """[path, joiner] period in which each joins; NEVER where the seat stays empty, or is filled after the horizon."""
    comes, due = _draw_arrivals(dynamics, key, chance, joining, keys, delays)
    outside = (due < 0) | (due >= len(dynamics.periods))
    found = np.where(outside | ~comes, NEVER, due).astype(np.int32)
    if joining.known is not None:
        found[:, found.shape[1] - joining.known.shape[1] :] = joining.known
    return found


def expect_joiners(
    dynamics: Dynamics, joining: Joining, keys: np.ndarray, delays: bool
) -> tuple[np.ndarray, np.ndarray]:
    """[path, joiner] whether a planned joiner comes at all, and in which period, be it after the horizon."""
    return _draw_arrivals(dynamics, key_people(joining.name), joining.chance, joining, keys, delays)


def _draw_arrivals(
    dynamics: Dynamics, key: np.ndarray, chance: np.ndarray, joining: Joining, keys: np.ndarray, delays: bool
) -> tuple[np.ndarray, np.ndarray]:
    period = joining.period.astype(np.int64)
    due = np.repeat(period[None, :], len(keys), axis=0)
    if delays and joining.lead is not None and joining.lead_p90 is not None:
        middle = np.maximum(joining.lead, SHORTEST)
        spread = np.log(np.maximum(joining.lead_p90 / middle, 1.0)) / ndtri(0.9)
        slow = np.flatnonzero(spread > 0)
        # The middle of a step of 2^-53, for 0 itself would be a search that ended before it began.
        drawn = ndtri(draw(keys, key[slow], 0, "late") + 2.0**-54)
        taken = middle[slow] * np.exp(spread[slow] * drawn)
        planned = joining.lead[slow] // dynamics.months
        due[:, slow] += np.maximum(taken // dynamics.months - planned, 0).astype(np.int64)
    return draw(keys, key, 0, "arrive") < chance, due
