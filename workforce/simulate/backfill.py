"""Backfill: posts that fall empty beyond the plan are searched for again, through the channels that the role has."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from workforce.forecast.dynamics import Dynamics
from workforce.forecast.leaving import applies_to
from workforce.inputs.case import Case
from workforce.simulate.lottery import NEVER
from workforce.simulate.seats import SHORTEST, Joining
from workforce.simulate.streams import draw, key_people, mix

WORKING_DAYS = 261 / 12
"""Working days in a month (Monday to Friday), in which supply.requisition_days are counted."""

_RANK = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True)
class Backfill:
    """What backfilling did on each path, [path, period, role]: offers made, persons who joined at the period's close,
    waiting (offers that are out at the close), money spent on offers. used: [path, channel, period] offers."""

    offers: np.ndarray
    joined: np.ndarray
    waiting: np.ndarray
    money: np.ndarray
    used: np.ndarray

    def __add__(self, other: "Backfill") -> "Backfill":
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Backfill(*(one + more for one, more in pairs))


def no_backfill(paths: int, periods: int, roles: int, channels: int) -> Backfill:
    """Nothing searched for."""
    whole = [np.zeros((paths, periods, roles), dtype=np.int64) for _ in range(3)]
    return Backfill(*whole, np.zeros((paths, periods, roles)), np.zeros((paths, channels, periods), dtype=np.int64))


def fill_again(
    case: Case,
    dynamics: Dynamics,
    closing: np.ndarray,
    posts: np.ndarray,
    planned: np.ndarray,
    hired: np.ndarray,
    keys: np.ndarray,
    before: Backfill,
    turn: int,
) -> Backfill:
    """Searches for posts that stand empty on the paths as they went, on top of those `before`.

    At each close a requisition is opened for every whole person by which a role has fewer people, there or on offer, than
    it has posts; roles of high priority first. It goes to the channel of the role with the shortest time to fill (then the
    cheapest) whose capacity the plan and other requisitions have left; none left = it waits for the next close. The offer
    costs what the channel costs and arrives with its `arrive`, after supply.requisition_days and a time to fill drawn log-
    normally through lead_months (median) and lead_p90, counted from the middle of the period, in which leavers leave on
    average. An offer that comes to nothing leaves the post open again. supply.channels and external_hires_max hold.

    closing: [path, period, role] persons. posts: [period, role] persons. planned: [channel, period] offers of the plan;
    hired: [period] arrivals it expects. keys: of the paths. turn: number of the pass, for its luck.
    """
    made = no_backfill(*closing.shape, len(planned))
    channels, order = case.tables.channels, order_channels(case)
    reached = {row: _reach(case, channels.iloc[row]) for row in order}
    names = np.asarray(dynamics.roles, dtype=object)
    base = {row: key_people([f"backfill {row} {turn} {role}" for role in names[reached[row]]]) for row in order}
    limit = np.floor(channels["capacity"].to_numpy(dtype=float) * dynamics.months + 1e-9)
    allowed = _hires_left(case, dynamics, hired)
    years = np.asarray(dynamics.periods.year)
    ends = np.zeros_like(made.offers)  # offers whose waiting ends in a period
    for period in range(closing.shape[1]):
        if period:
            made.waiting[:, period] += made.waiting[:, period - 1] - ends[:, period]
        there = closing[:, period] + before.waiting[:, period] + made.waiting[:, period]
        there = there + made.joined[:, : period + 1].sum(axis=1)
        vacant = np.maximum(np.floor(posts[period] - there + 1e-9), 0).astype(np.int64)
        this_year = years == years[period]
        spent = (before.offers + made.offers)[:, this_year].sum(axis=(1, 2))
        free = np.maximum(allowed[period] - spent, 0.0)
        vacant = _share_out(vacant, free, _by_priority(case, np.arange(len(names))))
        for row in order:
            roles = reached[row]
            left = limit[row] - planned[row, period] - before.used[:, row, period]
            left = np.where(np.isnan(left), np.inf, np.maximum(left, 0.0))
            taken = _share_out(vacant[:, roles], left, _by_priority(case, roles))
            if taken.any():
                vacant[:, roles] -= taken
                _offer(case, dynamics, made, ends, channels.iloc[row], row, roles, taken, base[row], keys, period)
    return made


def _offer(
    case: Case,
    dynamics: Dynamics,
    made: Backfill,
    ends: np.ndarray,
    channel: pd.Series,
    row: int,
    roles: np.ndarray,
    taken: np.ndarray,
    names: np.ndarray,
    keys: np.ndarray,
    period: int,
) -> None:
    """Make offers [path, reached role] and write down what becomes of them; the arrays of `made` are its caller's own."""
    last = ends.shape[1]
    median = max(float(channel["lead_months"]), SHORTEST)
    slow = channel["lead_months"] if np.isnan(channel["lead_p90"]) else channel["lead_p90"]
    spread = np.log(max(float(slow) / median, 1.0)) / ndtri(0.9)
    before = case.assumptions.supply.requisition_days / WORKING_DAYS
    made.used[:, row, period] += taken.sum(axis=1)
    made.offers[:, period, roles] += taken
    made.money[:, period, roles] += taken * float(channel["cost"])
    for number in range(int(taken.max())):
        own = mix(names + np.uint64(number))
        path, place = np.nonzero(taken > number)
        late = ndtri(draw(keys, own, period, "late")[path, place] + 2.0**-54)
        months = before + median * np.exp(spread * late)
        due = period + np.floor(months / dynamics.months + 0.5).astype(np.int64)
        arrives = (draw(keys, own, period, "arrive")[path, place] < channel["arrive"]) & (due < last)
        later = due > period
        np.add.at(made.waiting, (path[later], period, roles[place[later]]), 1)
        np.add.at(made.joined, (path[arrives], due[arrives], roles[place[arrives]]), 1)
        ended = later & (due < last)
        np.add.at(ends, (path[ended], due[ended], roles[place[ended]]), 1)


def order_channels(case: Case) -> list[int]:
    """Rows of channels that the scenario allows and from which somebody comes, the fastest first, then the cheapest per
    person who starts."""
    channels, allowed = case.tables.channels, case.assumptions.supply.channels
    usable = channels["arrive"] > 0
    if allowed is not None:
        usable &= channels["channel"].isin(allowed)
    price = channels["cost"].fillna(0.0) / channels["arrive"].where(usable, 1.0)
    ranked = pd.DataFrame({"lead": channels["lead_months"], "price": price})[usable.to_numpy()]
    return [int(row) for row in ranked.sort_values(["lead", "price"], kind="stable").index]


def _reach(case: Case, channel: pd.Series) -> np.ndarray:
    return np.flatnonzero(applies_to(channel, case.tables.roles))


def _by_priority(case: Case, roles: np.ndarray) -> np.ndarray:
    rank = case.tables.roles["priority"].map(_RANK).fillna(len(_RANK)).to_numpy()[roles]
    return np.argsort(rank, kind="stable")


def _share_out(wanted: np.ndarray, most: np.ndarray, order: np.ndarray) -> np.ndarray:
    """[path, role] of what is wanted, within `most` [path] over all roles, served in `order`."""
    summed = np.minimum(np.cumsum(wanted[:, order], axis=1), np.floor(most)[:, None])
    served = np.zeros_like(wanted)
    served[:, order] = np.diff(summed, axis=1, prepend=0.0).astype(np.int64)
    return served


def _hires_left(case: Case, dynamics: Dynamics, hired: np.ndarray) -> np.ndarray:
    """[period] hires that the year of each period still allows beside the plan's own; inf where there is no cap."""
    cap, years = case.assumptions.supply.external_hires_max, np.asarray(dynamics.periods.year)
    if cap is None:
        return np.full(len(years), np.inf)
    covered = np.array([(years == year).sum() for year in years]) * dynamics.months / 12.0
    return cap * covered - np.array([hired[years == year].sum() for year in years])


def join_again(case: Case, joining: Joining, backfill: Backfill) -> Joining:
    """The planned joiners, and a seat for everybody whom backfilling brings on some path, in the first year of service
    as stable as those of the first channel of the role."""
    stable = np.ones(len(case.tables.roles))
    for row in order_channels(case)[::-1]:
        stable[_reach(case, case.tables.channels.iloc[row])] = case.tables.channels["quality"].iloc[row]
    seats: list[np.ndarray] = []
    roles: list[int] = []
    names: list[str] = []
    n_periods = backfill.joined.shape[1]
    for role in np.flatnonzero(backfill.joined.any(axis=(0, 1))):
        so_far = backfill.joined[:, :, role].cumsum(axis=1)
        for seat in range(int(so_far[:, -1].max())):
            period = (so_far <= seat).sum(axis=1)
            seats.append(np.where(period < n_periods, period, NEVER))
            roles.append(int(role))
            names.append(f"backfill {role} {seat}")
    if not seats:
        return joining
    planned, more = joining, len(seats)
    lead = [None if part is None else np.append(part, np.zeros(more)) for part in (planned.lead, planned.lead_p90)]
    return Joining(
        [*planned.name, *names],
        np.append(planned.role, roles).astype(np.int64),
        np.append(planned.period, np.zeros(more)).astype(np.int64),
        np.append(planned.chance, np.ones(more)),
        np.append(planned.quality, stable[roles]),
        *lead,
        np.stack(seats, axis=1).astype(np.int32),
    )
