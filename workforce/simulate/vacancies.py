"""Vacancies: critical posts fall vacant and are filled from the list or from outside, path by path, period by period."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

EMPTY, OUTSIDER = -1, -2
LONG = 90 * 12 / 365.25
"""Months an empty post may take to be called empty for long: 90 days."""


@dataclass(frozen=True)
class Board:
    """Posts, the people they depend on, and who is named for what; people, posts and roles as numbers.

    Posts, people and nominations may be copies: several of one original share its fate on a path, and what one copy does
    leaves the others alone.
    months: of a period. present: [path, period, original person] role held at the close if nobody were appointed, -1 =
    gone. start: [original person] their role at the start. role, incumbent: [post] its role, its holder at the start (-1
    = empty). person: [person] its original. named_post, named_person, nominee, rank: [nomination] post, person, original,
    and who of one post goes first (the lower). ready: [path, original nomination] months after the plan's start at which
    the nominee is ready; who, target: [original nomination] original person and role of the post. group: [post] posts of
    different groups share nobody. reach: [role, role] whether a post of the second role lies ahead of somebody in the
    first. critical: [role]. deep: whether depths are counted (else they are 0).
    search(period, path, post): months until somebody from outside starts, counted from a vacancy of that period.
    leaves(period, path, post, person, appointed): whether each holder who was appointed in an earlier period (person -2 =
    from outside) leaves the post in this one.
    """

    months: int
    present: np.ndarray
    start: np.ndarray
    role: np.ndarray
    incumbent: np.ndarray
    person: np.ndarray
    named_post: np.ndarray
    named_person: np.ndarray
    nominee: np.ndarray
    rank: np.ndarray
    ready: np.ndarray
    who: np.ndarray
    target: np.ndarray
    group: np.ndarray
    reach: np.ndarray
    critical: np.ndarray
    deep: bool
    search: Callable[[int, np.ndarray, np.ndarray], np.ndarray]
    leaves: Callable[[int, np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Fates:
    """What came of each post on each path, [path, post]: vacancies; found (of them, met by a ready successor at once);
    inside, outside (filled by); months_empty (within the horizon); long (whether it was ever empty for more than 90
    days); opened (vacancies that did not follow from another post's) and chain (seats that fell vacant with them, they
    themselves included); depth_start, depth_mean, depth_end (ready successors who are there: before the first period, at
    the closes, at the last close)."""

    vacancies: np.ndarray
    found: np.ndarray
    inside: np.ndarray
    outside: np.ndarray
    months_empty: np.ndarray
    long: np.ndarray
    opened: np.ndarray
    chain: np.ndarray
    depth_start: np.ndarray
    depth_mean: np.ndarray
    depth_end: np.ndarray


def fill_posts(board: Board) -> Fates:
    """Step the posts through the periods of `board.present`.

    Within a period holders leave or rise first, in its middle; a post that fell vacant is taken by somebody on its list
    who is there, ready and has not taken a post before, at once or in the moment they are ready, unless somebody from
    outside starts earlier. One person covers one post: among all vacancies of a path that could be filled a largest
    matching is found (Kuhn 1955), of these the one that prefers the earlier, then the lower rank. Whoever leaves a
    critical post for another opens the next vacancy (White 1970, Chains of Opportunity, ch. 1), filled in turn. A chain
    ends with somebody from outside or from a role that is not critical; a critical role without a post of its own counts
    as one seat more. An empty post of the start is a vacancy of the plan's first moment.
    """
    play = _Play(board)
    for period in range(board.present.shape[1]):
        play.step(period)
    return play.close()


class _Play:
    """The state of all paths between two periods."""

    def __init__(self, board: Board) -> None:
        self.board = board
        paths, posts = board.present.shape[0], len(board.role)
        shape = paths, posts
        self.holder = np.broadcast_to(board.incumbent.astype(np.int32), shape).copy()
        self.appointed = np.full(shape, -1, dtype=np.int16)
        self.since, self.arrives = np.zeros(shape), np.full(shape, np.inf)
        self.root = np.broadcast_to(np.arange(posts, dtype=np.int32), shape).copy()
        self.taken = np.zeros((paths, len(board.person)), dtype=bool)
        names = ("vacancies", "found", "inside", "outside", "opened", "chain")
        self.count = {name: np.zeros(shape, dtype=np.int32) for name in names}
        self.empty, self.long = np.zeros(shape), np.zeros(shape, dtype=bool)
        # Where nobody is (-1) the last row answers, and nothing lies ahead of nobody.
        self.ahead = np.vstack([board.reach, np.zeros(board.reach.shape[1], dtype=bool)])
        self.first_post = np.full(len(board.person), EMPTY)
        held = np.flatnonzero(board.incumbent >= 0)
        self.first_post[board.incumbent[held]] = held
        self.vacates = self._find_vacated(board)
        # Nominations of each post stand side by side, so that those of a few vacancies are found without looking at all.
        self.listed = np.argsort(board.named_post, kind="stable")
        self.length = np.bincount(board.named_post, minlength=posts)
        self.begins = np.cumsum(self.length) - self.length
        if board.deep:
            self.belongs = (board.named_post[:, None] == np.arange(posts)).astype(np.float32)
        self.depth = np.zeros(shape)
        self.depth_start = self._count_ready(board.ready <= 0.0)

    @staticmethod
    def _find_vacated(board: Board) -> np.ndarray:
        """[path, post] the period in which the holder of the start leaves the company or the role; beyond the horizon for
        those who stay and for empty posts."""
        periods = board.present.shape[1]
        gone = board.present != board.start
        first = np.where(gone.any(axis=1), gone.argmax(axis=1), periods)
        holder = board.person[np.maximum(board.incumbent, 0)] if len(board.person) else np.zeros(len(board.role), int)
        return np.where(board.incumbent >= 0, first[:, holder], periods).astype(np.int16)

    def step(self, period: int) -> None:
        board = self.board
        begin, end = period * board.months, (period + 1) * board.months
        middle = 0.5 * (begin + end)
        if period == 0:
            path, post = np.nonzero(self.holder == EMPTY)
            self._open(0, path, post, np.zeros(len(path)), post)
        path, post = np.nonzero((self.vacates == period) & (self.appointed < 0) & (self.holder >= 0))
        self._open(period, path, post, np.full(len(path), middle), post)
        path, post = np.nonzero((self.appointed >= 0) & (self.holder != EMPTY))
        before = self.appointed[path, post].astype(np.int64)
        if len(path):
            gone = board.leaves(period, path, post, self.holder[path, post], before)
            path, post = path[gone], post[gone]
            self._open(period, path, post, np.full(len(path), middle), post)
        now = board.present[:, period][:, board.who]
        fit = (now == board.start[board.who]) | self.ahead[now, board.target]
        while self._fill_inside(period, end, fit):
            pass
        path, post = np.nonzero(self.arrives < end)
        self._fill(path, post, self.arrives[path, post])
        self.holder[path, post], self.appointed[path, post] = OUTSIDER, period
        self.count["outside"][path, post] += 1
        self.last = self._count_ready((board.ready <= end) & fit)
        self.depth = self.depth + self.last

    def close(self) -> Fates:
        horizon = self.board.present.shape[1] * self.board.months
        path, post = np.nonzero(self.holder == EMPTY)
        self._fill(path, post, np.full(len(path), float(horizon)))
        return Fates(
            **self.count,
            months_empty=self.empty,
            long=self.long,
            depth_start=self.depth_start,
            depth_mean=self.depth / self.board.present.shape[1],
            depth_end=self.last,
        )

    def _open(self, period: int, path: np.ndarray, post: np.ndarray, since: np.ndarray, root: np.ndarray) -> None:
        """Posts fall vacant; the chain that they belong to began at the post `root`."""
        if not len(path):
            return
        self.holder[path, post], self.since[path, post], self.root[path, post] = EMPTY, since, root
        self.arrives[path, post] = since + self.board.search(period, path, post)
        self.count["vacancies"][path, post] += 1
        np.add.at(self.count["chain"], (path, root), 1)
        self.count["opened"][path, post] += root == post

    def _fill(self, path: np.ndarray, post: np.ndarray, moment: np.ndarray) -> None:
        """Posts are filled: book the time for which they were empty; nobody from outside is waited for any more."""
        lasted = moment - self.since[path, post]
        self.empty[path, post] += lasted
        self.long[path, post] |= lasted > LONG
        self.arrives[path, post] = np.inf

    def _fill_inside(self, period: int, end: float, fit: np.ndarray) -> bool:
        """Appoint from the lists; whether anybody was, so that others may have fallen vacant. fit: [path, original
        nomination] whether the nominee is there and the post still ahead of them."""
        board = self.board
        path, post = np.nonzero(self.holder == EMPTY)
        times = self.length[post]
        offset = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        row = self.listed[np.repeat(self.begins[post], times) + offset]
        path = np.repeat(path, times)
        can = fit[path, board.nominee[row]] & ~self.taken[path, board.named_person[row]]
        path, row = path[can], row[can]
        post = board.named_post[row]
        moment = np.maximum(self.since[path, post], board.ready[path, board.nominee[row]])
        can = (moment < end) & (moment <= self.arrives[path, post])
        path, row, moment = path[can], row[can], moment[can]
        if not len(path):
            return False
        chosen = _choose(board, path, row, moment)
        path, row, moment = path[chosen], row[chosen], moment[chosen]
        post, person = board.named_post[row], board.named_person[row]
        root = self.root[path, post]
        self.count["found"][path, post] += moment <= self.since[path, post]
        self.count["inside"][path, post] += 1
        self._fill(path, post, moment)
        own = self.first_post[person]
        still = (own >= 0) & (self.holder[path, own] == person) & (self.appointed[path, own] < 0)
        self.holder[path, post], self.appointed[path, post], self.taken[path, person] = person, period, True
        self._open(period, path[still], own[still], moment[still], root[still])
        seat = ~still & board.critical[board.present[path, period, board.person[person]]]
        np.add.at(self.count["chain"], (path[seat], root[seat]), 1)
        return True

    def _count_ready(self, ready: np.ndarray) -> np.ndarray:
        """[path, post] nominees of each post who have taken none, of the [path, original nomination] that hold."""
        if not self.board.deep:
            return self.depth
        free = ready[:, self.board.nominee] & ~self.taken[:, self.board.named_person]
        return free.astype(np.float32) @ self.belongs


def _choose(board: Board, path: np.ndarray, row: np.ndarray, moment: np.ndarray) -> np.ndarray:
    """Which of the possible appointments (a path and a nomination each) are made: one a post and one a person."""
    post, person = board.named_post[row], board.named_person[row]
    order = np.lexsort((row, board.rank[row], moment, post, path))
    wanted = path * len(board.start) + person
    _, place, times = np.unique(wanted, return_inverse=True, return_counts=True)
    cluster = path * (int(board.group.max()) + 1) + board.group[post]
    contested = np.isin(cluster, cluster[times[place] > 1])
    vacancy = (path * len(board.role) + post)[order]
    first = order[np.flatnonzero(np.r_[True, vacancy[1:] != vacancy[:-1]])]
    chosen = [first[~contested[first]]]
    disputed = order[contested[order]]
    disputed = disputed[np.argsort(cluster[disputed], kind="stable")]
    for part in np.split(disputed, np.flatnonzero(np.diff(cluster[disputed])) + 1):
        if len(part):
            chosen.append(part[match_people(post[part], person[part])])
    return np.concatenate(chosen)


def match_people(post: np.ndarray, person: np.ndarray) -> np.ndarray:
    """Places of a largest one-to-one choice among pairs (post, person) in order of preference; of the largest, one with
    the least sum of places within each post's own order (the assignment problem, Kuhn 1955).

    >>> match_people(np.array([0, 0, 1]), np.array([7, 8, 7])).tolist()
    [1, 2]
    """
    posts, row = np.unique(post, return_inverse=True)
    people, column = np.unique(person, return_inverse=True)
    never = float(len(post) * len(post) + 1)
    cost, pair = np.full((len(posts), len(people)), never), np.full((len(posts), len(people)), -1)
    place = np.zeros(len(posts), dtype=np.int64)
    for number, (at, who) in enumerate(zip(row, column, strict=True)):
        cost[at, who], pair[at, who] = place[at], number
        place[at] += 1
    at, who = linear_sum_assignment(cost)
    found = pair[at, who]
    return np.sort(found[found >= 0])
