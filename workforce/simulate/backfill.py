"""Backfill: posts that fall empty beyond the plan are searched for again, through the channels that the role has."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.inputs.pricing import price_times
from workforce.inputs.targets import applies_to
from workforce.simulate.lottery import NEVER
from workforce.simulate.offer_rules import OfferRules
from workforce.simulate.seats import SHORTEST, Joining, expect_joiners
from workforce.simulate.streams import draw, key_people, mix

WORKING_DAYS = 261 / 12
"""Working days in a month (Monday to Friday), in which supply.requisition_days are counted."""

_RANK = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True)
class Backfill:
    """What backfilling did on each path, [path, period, role]: offers made, persons who joined at the period's close,
    waiting (offers that are out at the close), money spent on offers. used: [path, channel, period] offers; counted: [path,
    rule, period] what they count for in the rules on offers."""

    offers: np.ndarray
    joined: np.ndarray
    waiting: np.ndarray
    money: np.ndarray
    used: np.ndarray
    counted: np.ndarray

    def __add__(self, other: "Backfill") -> "Backfill":
        return Backfill(
            self.offers + other.offers,
            self.joined + other.joined,
            self.waiting + other.waiting,
            self.money + other.money,
            self.used + other.used,
            self.counted + other.counted,
        )


@dataclass(frozen=True)
class _Way:
    """A channel as searches use it. roles: numbers of those it reaches, in the order in which they are served; key: [role]
    of their luck; most: [period] offers that the plan leaves it in what its limit counts (a period, or a calendar year);
    window: [period] number of that; pool: offers that the plan leaves it over the horizon; cost: [period, role it reaches]
    money per offer; planned: [period] offers of the plan in the window; above: [step, period] offers in the window beyond
    which one costs more, more: [step, period, role it reaches] by how much; before: months until the search begins; median
    and spread (standard deviation of the logarithm) of the months it takes."""

    row: int
    roles: np.ndarray
    key: np.ndarray
    most: np.ndarray
    window: np.ndarray
    pool: float
    cost: np.ndarray
    planned: np.ndarray
    above: np.ndarray
    more: np.ndarray
    arrive: float
    before: float
    median: float
    spread: float
    quality: float


def no_backfill(paths: int, periods: int, roles: int, channels: int, rules: int) -> Backfill:
    """Nothing searched for."""
    none = np.zeros((paths, periods, roles), dtype=np.int64)
    used = np.zeros((paths, channels, periods), dtype=np.int64)
    counted = np.zeros((paths, rules, periods))
    return Backfill(none, none.copy(), none.copy(), np.zeros(none.shape), used, counted)


def fill_again(
    case: Case,
    dynamics: Dynamics,
    closing: np.ndarray,
    posts: np.ndarray,
    planned: np.ndarray,
    joining: Joining,
    rules: OfferRules,
    keys: np.ndarray,
    before: Backfill,
    turn: int,
) -> Backfill:
    """Searches for posts that stand empty on the paths as they went, on top of those `before`.

    At each close a requisition is opened for every whole person by which a role has fewer people, there, late or on offer,
    than it has posts; roles of high priority first. It goes to the channel of the role with the shortest time to fill
    (then the cheapest) whose capacity and pool the plan and other requisitions have left; none left = it waits for the next
    close. The offer costs what the channel's next offer costs and arrives with its `arrive`, after supply.requisition_days
    and a time to fill drawn log-normally through lead_months (median) and lead_p90, counted from the middle of the period,
    in which leavers leave on average. An offer that comes to nothing leaves the post open again. supply.channels,
    external_hires_max and `rules` hold, and nothing is begun in the last plan.end_periods.

    closing: [path, period, role] persons. posts: [period, role] persons. planned: [channel, period] offers of the plan;
    joining: its joiners; rules: on offers, with what it leaves of them. keys: of the paths. turn: number of the pass, for
    its luck.
    """
    made = no_backfill(closing.shape[0], closing.shape[1], closing.shape[2], len(planned), len(rules.left))
    ways = _list_ways(case, dynamics, planned, turn)
    every = np.argsort(_rank_roles(case), kind="stable")
    there = closing + before.waiting + _count_late(case, dynamics, joining, keys)
    allowed, years = _hires_left(case, dynamics, joining), np.asarray(dynamics.periods.year)
    ends = np.zeros_like(made.offers)  # offers whose waiting ends in a period
    come = np.zeros_like(made.offers[:, 0])
    last = closing.shape[1] - case.assumptions.plan.end_periods
    for period in range(closing.shape[1]):
        if period:
            made.waiting[:, period] += made.waiting[:, period - 1] - ends[:, period]
        come += made.joined[:, period]
        if period >= last:
            continue
        vacant = posts[period] - (there[:, period] + made.waiting[:, period] + come)
        vacant = np.maximum(np.floor(vacant + 1e-9), 0.0).astype(np.int64)
        if np.isfinite(allowed[period]):
            this_year = years == years[period]
            spent = before.offers[:, this_year].sum(axis=(1, 2)) + made.offers[:, this_year].sum(axis=(1, 2))
            vacant = _share_out(vacant, np.maximum(allowed[period] - spent, 0.0), every)
        room = rules.find_room(before.counted + made.counted, period)
        for way in ways:
            wanted = vacant[:, way.roles]
            if wanted.any():
                spent = before.used[:, way.row] + made.used[:, way.row]
                within = spent[:, way.window == way.window[period]].sum(axis=1)
                left = np.maximum(np.minimum(way.most[period] - within, way.pool - spent.sum(axis=1)), 0.0)
                if rules.bind(way.row):
                    taken, counted = rules.admit(wanted, left, room, way.row, way.roles)
                    made.counted[:, :, period] += counted
                    room = room - counted
                else:
                    taken = _share_out(wanted, left, np.arange(len(way.roles)))
                if taken.any():
                    vacant[:, way.roles] -= taken
                    made.money[:, period, way.roles] += _price(way, taken, within, period)
                    come[:, way.roles] += _offer(dynamics.months, way, made, ends, taken, keys, period)
    return made


def _price(way: _Way, taken: np.ndarray, within: np.ndarray, period: int) -> np.ndarray:
    """[path, reached role] money for offers `taken`, in the order of the roles, after those of the plan in the window and
    `within` [path] earlier ones: beyond each step what is beyond it costs the step's more (the convex cost of the plan)."""
    last = (way.planned[period] + within)[:, None] + taken.cumsum(axis=1)
    money = taken * way.cost[period]
    for above, more in zip(way.above[:, period], way.more[:, period], strict=True):
        money += np.clip(last - above, 0.0, taken) * more
    return money


def _offer(
    months: int, way: _Way, made: Backfill, ends: np.ndarray, taken: np.ndarray, keys: np.ndarray, period: int
) -> np.ndarray:
    """Make offers [path, reached role] and write down what becomes of them (the arrays of `made` are its caller's own);
    returns how many join at this same close."""
    made.used[:, way.row, period] += taken.sum(axis=1)
    made.offers[:, period, way.roles] += taken
    now = np.zeros_like(taken)
    for number in range(int(taken.max())):
        own = mix(way.key + np.uint64(number))
        path, place = np.nonzero(taken > number)
        late = ndtri(draw(keys, own, period, "late")[path, place] + 2.0**-54)
        due = way.before + way.median * np.exp(way.spread * late)
        due = period + np.floor(np.minimum(due / months + 0.5, 1e6)).astype(np.int64)
        arrives = draw(keys, own, period, "arrive")[path, place] < way.arrive
        role, later, within = way.roles[place], due > period, due < ends.shape[1]
        np.add.at(now, (path[arrives & ~later], place[arrives & ~later]), 1)
        np.add.at(made.waiting, (path[later], period, role[later]), 1)
        for kept, count in ((arrives & within, made.joined), (later & within, ends)):
            np.add.at(count, (path[kept], due[kept], role[kept]), 1)
    return now


def _list_ways(case: Case, dynamics: Dynamics, planned: np.ndarray, turn: int) -> list[_Way]:
    """The channels that the scenario allows and from which somebody comes, the fastest first, then the cheapest per person
    who starts."""
    roles, allowed = case.tables.roles, case.assumptions.supply.channels
    rank, person = _rank_roles(case), key_people([f"backfill {turn} {role}" for role in dynamics.roles])
    ways = []
    for place, row in enumerate(case.tables.channels.itertuples()):
        reached = np.flatnonzero(applies_to(row, roles))
        if not row.arrive > 0 or not len(reached) or (allowed is not None and row.channel not in allowed):
            continue
        reached = reached[np.argsort(rank[reached], kind="stable")]
        key = person[reached] ^ key_people([f"{row.channel} {row.role} {row.family}"])
        yearly = row.per == "year"
        window = np.asarray(dynamics.periods.year) if yearly else np.arange(len(dynamics.periods))
        same = window[:, None] == window
        months = dynamics.months * (same.sum(axis=1) / 12.0 if yearly else np.ones(len(window)))
        limit = np.inf if np.isnan(row.capacity) else np.floor(row.capacity * months + 1e-9)
        pool = np.inf if np.isnan(row.pool) else row.pool - planned[place].sum()
        median = max(float(row.lead_months), SHORTEST)
        slow = row.lead_months if np.isnan(row.lead_p90) else row.lead_p90
        spread = float(np.log(max(float(slow) / median, 1.0)) / ndtri(0.9))
        begin = case.assumptions.supply.requisition_days / WORKING_DAYS
        offers = same @ planned[place]
        every = np.arange(len(dynamics.periods))[:, None]
        times = price_times(case, "recruiting", reached, every, row.channel)
        above, dearer = _list_steps(case, row)
        steps = (offers, above[:, None] * months, dearer[:, None, None] * times)
        rest = (float(row.arrive), begin, median, spread, float(row.quality))
        most = np.floor(limit - offers + 1e-9)
        ways.append(_Way(place, reached, key, most, window, pool, row.cost * times, *steps, *rest))
    return sorted(ways, key=lambda way: (way.median, way.cost.mean() / way.arrive))


def _list_steps(case: Case, row) -> tuple[np.ndarray, np.ndarray]:
    """[step] offers (a month, or a year) beyond which a row of channels grows dearer, and by how much an offer."""
    tiers = case.tables.channel_tiers
    own = tiers[(tiers[["channel", "role", "family"]] == [row.channel, row.role, row.family]).all(axis=1)]
    own = own.sort_values("above")
    return own["above"].to_numpy(dtype=float), np.diff(own["cost"].to_numpy(dtype=float), prepend=row.cost)


def _rank_roles(case: Case) -> np.ndarray:
    return np.array([_RANK.get(priority, len(_RANK)) for priority in case.tables.roles["priority"]])


def _share_out(wanted: np.ndarray, most: np.ndarray, order: np.ndarray) -> np.ndarray:
    """[path, role] of what is wanted, within `most` [path] over all roles, served in `order`."""
    summed = np.minimum(np.cumsum(wanted[:, order], axis=1), np.floor(most)[:, None])
    served = np.zeros_like(wanted)
    served[:, order] = np.diff(summed, axis=1, prepend=0.0).astype(np.int64)
    return served


def _count_late(case: Case, dynamics: Dynamics, joining: Joining, keys: np.ndarray) -> np.ndarray:
    """[path, period, role] planned joiners who are on their way but late at each close."""
    late = np.zeros((len(keys), len(dynamics.periods), len(dynamics.roles)), dtype=np.int64)
    planned = joining.period.astype(np.int64)
    comes, due = expect_joiners(dynamics, joining, keys, case.assumptions.simulation.delays)
    for period in range(late.shape[1]):
        path, seat = np.nonzero(comes & (planned <= period) & (due > period))
        np.add.at(late[:, period], (path, joining.role[seat].astype(np.int64)), 1)
    return late


def _hires_left(case: Case, dynamics: Dynamics, joining: Joining) -> np.ndarray:
    """[period] hires that the year of each period still allows beside those that the plan expects; inf without a cap."""
    cap, years = case.assumptions.supply.external_hires_max, np.asarray(dynamics.periods.year)
    if cap is None:
        return np.full(len(years), np.inf)
    hired = np.bincount(joining.period.astype(np.int64), weights=joining.chance, minlength=len(years))
    covered = np.array([(years == year).sum() for year in years]) * dynamics.months / 12.0
    return cap * covered - np.array([hired[: len(years)][years == year].sum() for year in years])


def join_again(case: Case, dynamics: Dynamics, joining: Joining, backfill: Backfill) -> Joining:
    """The planned joiners, and a seat for everybody whom backfilling brings on some path, in the first year of service
    as stable as those of the first channel of the role."""
    stable = np.ones(len(dynamics.roles))
    for way in _list_ways(case, dynamics, np.zeros((len(case.tables.channels), len(dynamics.periods))), 0)[::-1]:
        stable[way.roles] = way.quality
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
            names.append(f"backfill {dynamics.roles[role]} {seat}")
    if not seats:
        return joining
    more = np.zeros(len(seats))
    until = None if joining.until is None else np.append(joining.until, more - 1.0).astype(np.int64)
    lead, lead_p90 = (None if part is None else np.append(part, more) for part in (joining.lead, joining.lead_p90))
    return Joining(
        [*joining.name, *names],
        np.append(joining.role, roles).astype(np.int64),
        np.append(joining.period, more).astype(np.int64),
        np.append(joining.chance, more + 1.0),
        np.append(joining.quality, stable[roles]),
        until,
        lead,
        lead_p90,
        np.stack(seats, axis=1).astype(np.int32),
    )


__all__ = ["Backfill", "fill_again", "join_again", "no_backfill"]
