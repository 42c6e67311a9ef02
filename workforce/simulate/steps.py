"""The plain kernel: what `kernel.step_paths` does, with numpy, where there is no compiler. Equal to the last bit."""

import numpy as np

from workforce.forecast.dynamics import FIRST_YEAR, TENURES
from workforce.simulate.lottery import FLOWS, LESS, Counts, Orders, Rules, Seats
from workforce.simulate.streams import TO_UNIT, mix, salt_people

_TOP, _11 = np.uint64(2**53 - 1), np.uint64(11)
_CLOSING, _JOINERS, _LEAVERS, _IN, _OUT = range(len(FLOWS))


def step_paths(rules: Rules, seats: Seats, orders: Orders, keys: np.ndarray, counts: Counts, stop: np.ndarray) -> int:
    """Step the paths of a block and fill `counts`, until stop[0] is set; returns how many paths are done.

    keys: [path].
    """
    for place, key in enumerate(keys):
        if stop[0]:
            return place
        path = _Path(rules, seats, orders, key, place)
        for period in range(len(rules.rounds)):
            path.flow = counts.flow[place, period]
            path.leave_and_push(period)
            for feed in rules.pulls:
                path.pull(feed, period)
            for one in range(orders.first[period], orders.first[period + 1]):
                counts.short[place] += path.transfer(one, period)
            path.rate(period)
            path.join(period)
            counts.effective[place, period] = path.close(period)
            counts.followed[place, period] = path.role[seats.followed]
    return len(keys)


def _share(number: np.ndarray) -> np.ndarray:
    return (number >> _11).astype(np.float64) * TO_UNIT


class _Path:
    """One path: role (-1 where nobody is), begin and entered (month in which tenure and clock were 0), streak, all [seat];
    flow: [kind, role] of the period; vacant: [feed] vacancies to fill."""

    def __init__(self, rules: Rules, seats: Seats, orders: Orders, key: np.uint64, place: int) -> None:
        self.rules, self.seats, self.orders, self.key, self.place = rules, seats, orders, key, place
        people = seats.people
        self.role, self.begin, self.entered = (people[name].astype(np.int64) for name in ("role", "begin", "entered"))
        self.streak = seats.streak.astype(np.int64)
        self.role[seats.opening :] = -1
        self.role[seats.unsure[orders.absent[place]]] = -1
        self.flow = np.zeros((len(FLOWS), len(rules.roles) - 1), dtype=np.int32)
        self.vacant = np.zeros(len(rules.feeds), dtype=np.int64)

    def draw(self, seat: np.ndarray, period: int, purpose: str, twist: np.uint64 | None = None) -> np.ndarray:
        """[seat] numbers of 64 bits; `twist` belongs to a transfer or to a role's vacancies."""
        keys = self.seats.people["key"][seat]
        return mix(self.key ^ salt_people(keys if twist is None else keys ^ twist, period, purpose))

    def count(self, kind: int, roles: np.ndarray) -> None:
        self.flow[kind] += np.bincount(roles, minlength=self.flow.shape[1]).astype(np.int32)

    def leave_and_push(self, period: int) -> None:
        rules, people, month = self.rules, self.seats.people, period * self.rules.months
        seat = np.flatnonzero(self.role >= 0)
        number, role, quality = self.draw(seat, period, "leave"), self.role[seat], people["quality"][seat]
        tenure = np.minimum(month - self.begin[seat], TENURES - 1)
        leave = rules.leave[rules.tables[period], role, tenure]
        first_year = (tenure < FIRST_YEAR) & (quality != 1.0)
        leave = np.where(first_year, np.minimum(leave * quality, 1.0), leave)
        if len(self.orders.factor):
            factor = self.orders.factor[self.place, role, self.orders.band[tenure]]
            leave = 1.0 - (1.0 - leave) ** (1.0 + self.orders.estimated[role, tenure] * (factor - 1.0))
        member = people["member"][seat]
        for followed, unknown in ((self.known(member), False), (self.known(member, True), True)):
            own, served = role[followed], tenure[followed]
            if not len(followed):
                continue
            if unknown:
                retiring = rules.retire[rules.tables[period], own, served]
            else:
                retiring = rules.retiring[period, member[followed], rules.roles["post"][own]]
            leave[followed] = 1.0 - (1.0 - leave[followed]) * (1.0 - retiring)
        leave = np.where(people["until"][seat] <= period, 1.0, leave)
        leaves = _share(number) < leave
        rest, target = (_TOP - (number >> _11)).astype(np.float64) * TO_UNIT, np.full(len(seat), -1)
        clock = np.minimum(month - self.entered[seat], rules.clocks - 1)
        reached, width = np.zeros(len(seat)), np.diff(rules.roles["push"])[role]
        for choice in range(int(width.max(initial=0))):
            at = np.flatnonzero(width > choice)
            arc = rules.roles["push"][role[at]] + choice
            barred = rules.pushes["rated"][arc] & (self.streak[seat[at]] < rules.streaks - 1)
            reached[at] += np.where(barred, 0.0, rules.chances[arc, clock[at]])
            hit = ~barred & (target[at] < 0) & ~leaves[at] & (rest[at] < (1.0 - leave[at]) * reached[at])
            target[at[hit]] = rules.pushes["target"][arc[hit]]
        self.turn(seat[leaves | (target >= 0)], period)
        self.drop(seat[leaves])
        self.move(seat[target >= 0], target[target >= 0], period)

    def known(self, member: np.ndarray, unknown: bool = False) -> np.ndarray:
        """Places of members whose age is known, or is not."""
        followed = np.flatnonzero(member >= 0)
        return followed[self.rules.unknown[member[followed]] == unknown]

    def turn(self, seat: np.ndarray, period: int) -> None:
        """The vacancies that these people leave turn each to one of the sources of its role, or to none."""
        first, last = self.rules.roles["feed"][self.role[seat]], self.rules.roles["feed"][self.role[seat] + 1]
        sums, luck = self.rules.feeds["sum"], _share(self.draw(seat, period, "vacancy"))
        for begin, end, share in zip(first, last, luck, strict=True):
            chosen = begin + int(np.searchsorted(sums[begin:end], share, side="right"))
            if chosen < end:
                self.vacant[chosen] += 1

    def drop(self, seat: np.ndarray) -> None:
        self.count(_LEAVERS, self.role[seat])
        self.role[seat] = -1

    def move(self, seat: np.ndarray, target: np.ndarray | int, period: int) -> None:
        self.count(_OUT, self.role[seat])
        self.role[seat] = target
        self.count(_IN, self.role[seat])
        self.entered[seat] = (period + 1) * self.rules.months

    def choose(self, seat: np.ndarray, wanted: int, period: int, twist: np.uint64) -> np.ndarray:
        """Those of the smallest numbers; `seat` ascends, and equal numbers go by it."""
        return seat[np.argsort(self.draw(seat, period, "order", twist), kind="stable")[:wanted]]

    def pull(self, feed: int, period: int) -> None:
        """Fill the vacancies that turned to a feed; upper roles come first, and who rises leaves the next vacancy (White
        1970, Chains of Opportunity)."""
        rules, one = self.rules, self.rules.feeds[feed]
        wanted, self.vacant[feed] = int(self.vacant[feed]), 0
        if not wanted:
            return
        seat = np.flatnonzero(self.role == one["source"])
        clock = period * rules.months - self.entered[seat]
        fit = (clock >= 0) & (np.minimum(clock, rules.clocks - 1) >= rules.gate)
        if one["rated"]:
            fit &= self.streak[seat] == rules.streaks - 1
        chosen = self.choose(seat[fit], wanted, period, rules.roles["key"][one["target"]])
        self.turn(chosen, period)
        self.move(chosen, int(one["target"]), period)

    def transfer(self, one: int, period: int) -> int:
        """Carry out a planned transfer; returns how many people it did not find."""
        orders, wanted = self.orders, int(self.orders.wanted[self.place, one])
        chosen = self.choose(np.flatnonzero(self.role == orders.source[one]), wanted, period, orders.key[one])
        luck = _share(self.draw(chosen, period, "arrive", orders.key[one]))
        arrives = (luck < orders.arrive[one]) & (orders.target[one] >= 0)
        self.drop(chosen[~arrives])
        self.move(chosen[arrives], int(orders.target[one]), period)
        return wanted - len(chosen)

    def join(self, period: int) -> None:
        seat = self.seats.opening + np.flatnonzero(self.orders.arrives[self.place] == period)
        self.role[seat] = self.seats.people["role"][seat]
        self.count(_JOINERS, self.role[seat])
        self.begin[seat] = self.entered[seat] = (period + 1) * self.rules.months

    def rate(self, period: int) -> None:
        """A round passed lengthens a person's streak, a round failed ends it."""
        rules, seat = self.rules, np.flatnonzero(self.role >= 0)
        for number in range(rules.rounds[period] if rules.streaks > 1 else 0):
            passed = _share(self.draw(seat, period, f"rating_{number + 1}")) < rules.passing[self.streak[seat]]
            self.streak[seat] = np.where(passed, np.minimum(self.streak[seat] + 1, rules.streaks - 1), 0)

    def close(self, period: int) -> np.ndarray:
        """Count the closing; returns effective FTE [role]."""
        rules, seat = self.rules, np.flatnonzero(self.role >= 0)
        role, joined = self.role[seat], (seat >= self.seats.opening).astype(np.int64)
        tenure = np.minimum((period + 1) * rules.months - self.begin[seat], TENURES - 1)
        heads, lacking = np.zeros((2, self.flow.shape[1]), np.int64), np.zeros((2, self.flow.shape[1]), np.int64)
        np.add.at(heads, (joined, role), 1)
        np.add.at(lacking, (joined, role), rules.lack[role, tenure])
        self.flow[_CLOSING] = heads.sum(axis=0)
        held, new = heads.astype(np.float64) - lacking.astype(np.float64) * LESS
        return held * rules.roles["fte"][:-1] + new
