"""Joiners as cohorts in few entries: what is left of everybody who joins, by tenure, without a column for each month of
each cohort.

A cohort's survivors are a known share of it (model.md, section 5), so one column for those who join a role in a period
would do; but its shares fill every later period's rows. Cohorts of one kind between two changes of rate shrink by the
same factor, so they are added up: N(t) = g(t) (N(t-1) + those who come of that age - those who grow out of it). Exact,
and linear; the number of entries grows with the periods and no longer with their square.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from workforce.forecast.dynamics import FIRST_YEAR, Dynamics
from workforce.optimise.linear import EQUAL, LinearModel
from workforce.optimise.reactions import Cohorts

WORTH = 24
"""Tenures, in periods, from which a column for their sum takes fewer entries than the cohorts themselves."""


@dataclass
class Joiners:
    """Entries (period, role, column, value), each a set of arrays. new: heads who join in the period; present: heads of
    earlier joiners at the close; handed: heads handed over to the established stock; ramping: as `new` and `present`,
    for those not yet ramped up, with the tenure in months last. moved: (period, arc, column, value) heads. ending: heads of
    the established stock at the close before who moved there under a contract that has ended in the period."""

    new: list[tuple] = field(default_factory=list)
    present: list[tuple] = field(default_factory=list)
    ramping: list[tuple] = field(default_factory=list)
    moved: list[tuple] = field(default_factory=list)
    handed: list[tuple] = field(default_factory=list)
    ending: list[tuple] = field(default_factory=list)


def add_joiners(
    model: LinearModel,
    dynamics: Dynamics,
    kind: np.ndarray,
    effect: np.ndarray,
    role: np.ndarray,
    arrive: np.ndarray,
    columns: np.ndarray,
    cohorts: Sequence[Cohorts],
) -> Joiners:
    """Columns and rows that follow who joins. kind (number of `cohorts`), effect (period), role, arrive and columns: of
    each decision to hire."""
    n_periods, n_roles = len(dynamics.periods), len(dynamics.roles)
    labels = [str(period) for period in dynamics.periods]
    found = Joiners()
    place = (kind * n_periods + effect) * n_roles + role
    used, number = np.unique(place, return_inverse=True)
    period, at = np.divmod(used % (n_periods * n_roles), n_roles)
    names = [
        f"{labels[t]}_{dynamics.roles[r]}_{k}"
        for k, t, r in zip(used // (n_periods * n_roles), period, at, strict=True)
    ]
    joined = model.add_columns([f"joined_{name}" for name in names])
    rows = model.add_rows([f"joined_{name}" for name in names], EQUAL, 0.0)
    model.add_entries(rows, joined, 1.0)
    model.add_entries(rows[number], columns, -arrive)
    found.new.append((period, at, joined, np.ones(len(used))))
    table = np.full((len(cohorts), n_periods, n_roles), -1)
    table.ravel()[used] = joined
    sums: dict[tuple[int, int], list] = {}
    for which, cohort in enumerate(cohorts):
        follow = _Follow(cohort, table[which], dynamics)
        _add_direct(found, follow, 0)
        _add_ending(found, follow)
        for first, last in follow.runs():
            if last - first + 1 < WORTH:
                for tenure in range(first, last + 1):
                    _add_direct(found, follow, tenure)
                continue
            alike = sums.setdefault((first, last), [])
            group = next((one for one in alike if one[0].like(follow, first)), None)
            if group is None:
                alike.append([follow])
            else:
                group.append(follow)
    for (first, last), alike in sums.items():
        for group in alike:
            _add_sum(model, found, group, first, last, labels)
    return found


class _Follow:
    """One kind of joiner, by tenure: shares present, and the factors by which cohorts of a tenure shrink and move."""

    def __init__(self, cohort: Cohorts, joined: np.ndarray, dynamics: Dynamics) -> None:
        self.cohort, self.joined, self.dynamics = cohort, joined, dynamics
        self.there = (joined >= 0).any(axis=0)
        self.periods = joined.shape[0]
        self.first_year = FIRST_YEAR // dynamics.months

    def factors(self, tenure: int, first: int) -> tuple[np.ndarray, np.ndarray]:
        """[period, role] share of those of tenure - 1 a period ago who are there now; [period, arc] those who moved in
        the period, per head who is there now."""
        now = np.arange(max(first, tenure), self.periods)
        before, after = self.cohort.present[now - tenure, now - 1], self.cohort.present[now - tenure, now]
        kept = np.divide(after, before, out=np.zeros_like(after), where=before > 0)
        source = after[:, self.dynamics.arc_from]
        moved = self.cohort.moved[now - tenure, now]
        return kept, np.divide(moved, source, out=np.full_like(moved, np.nan), where=source > 0)

    def runs(self) -> list[tuple[int, int]]:
        """First and last tenure of each run over which the factors are the same."""
        found: list[list[int]] = []
        for tenure in range(1, self.periods):
            now = np.arange(tenure, self.periods)
            parts = (self.cohort.present, self.cohort.moved, self.cohort.handed)
            if not any(part[now - tenure, now].any() for part in parts):
                continue
            new_year = tenure == self.first_year + 1  # a channel's quality ends, so later runs of all kinds are alike
            if found and found[-1][1] == tenure - 1 and not new_year and self._alike(tenure):
                found[-1][1] = tenure
            else:
                found.append([tenure, tenure])
        return [(first, last) for first, last in found]

    def _alike(self, tenure: int) -> bool:
        pairs = zip(self.factors(tenure - 1, tenure), self.factors(tenure, tenure), strict=True)
        return all(np.allclose(one, other, rtol=1e-12, atol=1e-15, equal_nan=True) for one, other in pairs)

    def like(self, other: "_Follow", tenure: int) -> bool:
        pairs = zip(self.factors(tenure, 0), other.factors(tenure, 0), strict=True)
        return all(np.allclose(one, two, rtol=1e-12, atol=1e-15, equal_nan=True) for one, two in pairs)


def _add_direct(found: Joiners, follow: _Follow, tenure: int) -> None:
    """Entries of the cohorts of one tenure themselves."""
    now = np.arange(tenure, follow.periods)
    begun, cohort = now - tenure, follow.cohort
    t, r = np.nonzero(follow.joined[begun] >= 0)
    column, when = follow.joined[begun[t], r], now[t]
    if tenure > 0:
        found.present.append((when, r, column, cohort.present[begun[t], when, r]))
        _add_moved(found, follow, tenure)
        _add_handed(found, follow, tenure)
    _add_ramping(found, follow, tenure)


def _add_handed(found: Joiners, follow: _Follow, tenure: int) -> None:
    now = np.arange(tenure, follow.periods)
    begun = now - tenure
    t, r = np.nonzero((follow.joined[begun] >= 0) & (follow.cohort.handed[begun, now] > 0))
    found.handed.append((now[t], r, follow.joined[begun[t], r], follow.cohort.handed[begun[t], now[t], r]))


def _add_ramping(found: Joiners, follow: _Follow, tenure: int) -> None:
    ramp, months = follow.dynamics.ramp, tenure * follow.dynamics.months
    young = ramp[:, min(months, ramp.shape[1] - 1)] < 1.0
    now = np.arange(tenure, follow.periods)
    begun = now - tenure
    t, r = np.nonzero((follow.joined[begun] >= 0) & young)
    share = follow.cohort.present[begun[t], now[t], r]
    found.ramping.append((now[t], r, follow.joined[begun[t], r], share, np.full(len(t), months)))


def _add_moved(found: Joiners, follow: _Follow, tenure: int) -> None:
    now, source = np.arange(tenure, follow.periods), follow.dynamics.arc_from
    begun = now - tenure
    share = follow.cohort.moved[begun, now]
    t, arc = np.nonzero((follow.joined[begun][:, source] >= 0) & (share > 0))
    found.moved.append((now[t], arc, follow.joined[begun[t], source[arc]], share[t, arc]))


def _add_ending(found: Joiners, follow: _Follow) -> None:
    if not follow.cohort.ending:
        return
    joined, origin, period, role, share = follow.cohort.ending
    column = follow.joined[joined, origin]
    there = column >= 0
    found.ending.append((period[there], role[there], column[there], share[there]))


def _add_sum(
    model: LinearModel, found: Joiners, group: list[_Follow], first: int, last: int, labels: list[str]
) -> None:
    """A column for the heads of a run of tenures, by period and role, of all kinds that shrink alike."""
    follow = group[0]
    dynamics, n_periods = follow.dynamics, follow.periods
    roles = np.flatnonzero(np.any([one.there for one in group], axis=0))
    when = np.arange(first, n_periods)
    names = [f"joiners_{labels[t]}_{dynamics.roles[r]}_from_{first}" for t in when for r in roles]
    shape = (len(when), len(roles))
    heads = model.add_columns(names).reshape(shape)
    rows = model.add_rows(names, EQUAL, 0.0).reshape(shape)
    kept, moving = follow.factors(first, 0)
    kept = kept[:, roles]
    model.add_entries(rows, heads, 1.0)
    model.add_entries(rows[1:], heads[:-1], -kept[1:])
    for one in group:
        for tenure, sign in ((first, -1.0), (last + 1, 1.0)):  # who comes of that age, who has grown out of it
            now = np.arange(tenure, n_periods)
            joined = one.joined[now - tenure][:, roles]
            t, r = np.nonzero(joined >= 0)
            step = kept[now[t] - first, r] * one.cohort.present[now[t] - tenure, now[t] - 1, roles[r]]
            model.add_entries(rows[now[t] - first, r], joined[t, r], sign * step)
        for tenure in range(first, last + 1):
            _add_ramping(found, one, tenure)
            _add_handed(found, one, tenure)
    period, role = np.repeat(when, len(roles)), np.tile(roles, len(when))
    found.present.append((period, role, heads.ravel(), np.ones(heads.size)))
    place = np.full(len(dynamics.roles), -1)
    place[roles] = np.arange(len(roles))
    arcs = np.flatnonzero(place[dynamics.arc_from] >= 0)
    share = np.nan_to_num(moving[:, arcs])
    period, arc = np.repeat(when, len(arcs)), np.tile(arcs, len(when))
    found.moved.append((period, arc, heads[:, place[dynamics.arc_from[arcs]]].ravel(), share.ravel()))
