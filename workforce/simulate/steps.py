"""The plain kernel: what `kernel.step_paths` does, with numpy, where the compiler is missing. Equal to the last bit."""

import numpy as np

from workforce.forecast.dynamics import FIRST_YEAR, TENURES
from workforce.simulate.lottery import LESS, Counts, Orders, Rules, Seats
from workforce.simulate.streams import TO_UNIT, mix, salt_people

_TOP, _11 = np.uint64(2**53 - 1), np.uint64(11)


class _Path:
    """One path: role (-1 where nobody is), begin and entered (month in which tenure and clock were 0), streak, all [seat];
    flow [joiners, leavers, moves_in, moves_out; role] of the period; vacant [feed]."""

    def __init__(self, rules: Rules, seats: Seats, orders: Orders, key: np.uint64, place: int) -> None:
        self.rules, self.seats, self.orders, self.key, self.place = rules, seats, orders, key, place
        self.role = seats.role.astype(np.int64)
        self.role[seats.opening :] = -1
        self.role[seats.unsure[orders.absent[place]]] = -1
        self.begin, self.entered = seats.begin.copy(), seats.entered.copy()
        self.streak = seats.streak.astype(np.int64)
        self.flow = np.zeros((4, len(rules.fte)), dtype=np.int64)
        self.vacant = np.zeros(len(rules.feed_from), dtype=np.int64)

    def draw(self, seat: np.ndarray, period: int, purpose: str, twist: np.uint64 | None = None) -> np.ndarray:
        """[seat] numbers of 64 bits; `twist` belongs to a transfer or a role."""
        keys = self.seats.key[seat] if twist is None else self.seats.key[seat] ^ twist
        return mix(self.key ^ salt_people(keys, period, purpose))

    def leave_and_push(self, salt: np.ndarray, period: int) -> None:
        rules, seats = self.rules, self.seats
        seat = np.flatnonzero(self.role >= 0)
        number = mix(self.key ^ salt[seat]) >> _11
        role, month = self.role[seat], period * rules.months
        tenure = np.minimum(month - self.begin[seat], TENURES - 1)
        leave = rules.leave[period, role, tenure]
        first_year = (tenure < FIRST_YEAR) & (seats.quality[seat] != 1.0)
        leave = np.where(first_year, np.minimum(leave * seats.quality[seat], 1.0), leave)
        followed = np.flatnonzero(seats.member[seat] >= 0)
        if len(followed):
            member, own, served = seats.member[seat][followed], role[followed], tenure[followed]
            unknown = rules.unknown[member]
            retiring = rules.chance[period, member, rules.post[own]]
            if unknown.any():
                retiring = np.where(unknown, rules.retire[period, own, served], retiring)
            leave[followed] = 1.0 - (1.0 - leave[followed]) * (1.0 - retiring)
        leaves = number.astype(float) * TO_UNIT < leave
        luck, target = (_TOP - number).astype(float) * TO_UNIT, np.full(len(seat), -1)
        clock = np.minimum(month - self.entered[seat], rules.clocks - 1)
        reached, width = np.zeros(len(seat)), np.diff(rules.push_first)[role]
        for choice in range(int(width.max(initial=0))):
            open_ = np.flatnonzero(width > choice)
            arc = rules.push_first[role[open_]] + choice
            barred = rules.push_rated[arc] & (self.streak[seat[open_]] < rules.streaks - 1)
            reached[open_] += np.where(barred, 0.0, rules.push_chance[arc, clock[open_]])
            hit = ~barred & (target[open_] < 0) & ~leaves[open_] & (luck[open_] < (1.0 - leave[open_]) * reached[open_])
            target[open_[hit]] = rules.push_to[arc[hit]]
        gone = leaves | (target >= 0)
        self.count(1, role[leaves])
        self.vacate(seat[gone], period)
        self.role[seat[leaves]] = -1
        self.move(seat[target >= 0], target[target >= 0], period)

    def count(self, kind: int, roles: np.ndarray) -> None:
        self.flow[kind] += np.bincount(roles, minlength=len(self.rules.fte))

    def vacate(self, seat: np.ndarray, period: int) -> None:
        """The vacancies that these people leave turn to the sources of their roles, or to none."""
        rules = self.rules
        begin, end = rules.feed_first[self.role[seat]], rules.feed_first[self.role[seat] + 1]
        luck = self.draw(seat, period, "vacancy") >> _11
        for first, last, own in zip(begin, end, luck.astype(float) * TO_UNIT, strict=True):
            feed = first + int(np.searchsorted(rules.feed_sum[first:last], own, side="right"))
            if feed < last:
                self.vacant[feed] += 1

    def move(self, seat: np.ndarray, target: np.ndarray | int, period: int) -> None:
        self.count(3, self.role[seat])
        self.role[seat] = target
        self.count(2, self.role[seat])
        self.entered[seat] = (period + 1) * self.rules.months

    def pull(self, period: int) -> None:
        rules, month = self.rules, period * self.rules.months
        for role in rules.pull_order:
            for feed in range(rules.feed_first[role], rules.feed_first[role + 1]):
                wanted, self.vacant[feed] = self.vacant[feed], 0
                if not wanted:
                    continue
                seat = np.flatnonzero(self.role == rules.feed_from[feed])
                clock = month - self.entered[seat]
                fit = (clock >= 0) & (np.minimum(clock, rules.clocks - 1) >= rules.gate)
                if rules.feed_rated[feed]:
                    fit &= self.streak[seat] == rules.streaks - 1
                chosen = self.choose(seat[fit], wanted, period, rules.role_key[role])
                self.vacate(chosen, period)
                self.move(chosen, role, period)

    def choose(self, seat: np.ndarray, wanted: int, period: int, twist: np.uint64) -> np.ndarray:
        """Those of the smallest numbers; `seat` ascends, and equal numbers go by it."""
        return seat[np.argsort(self.draw(seat, period, "order", twist), kind="stable")[:wanted]]

    def transfer(self, one: int, period: int) -> int:
        orders, wanted = self.orders, int(self.orders.wanted[self.place, one])
        chosen = self.choose(np.flatnonzero(self.role == orders.source[one]), wanted, period, orders.key[one])
        luck = (self.draw(chosen, period, "arrive", orders.key[one]) >> _11).astype(float) * TO_UNIT
        arrives = (luck < orders.arrive[one]) & (orders.target[one] >= 0)
        self.count(1, self.role[chosen[~arrives]])
        self.role[chosen[~arrives]] = -1
        self.move(chosen[arrives], orders.target[one], period)
        return wanted - len(chosen)

    def join(self, period: int) -> None:
        seat = self.seats.opening + np.flatnonzero(self.orders.arrives[self.place] == period)
        self.role[seat] = self.seats.role[seat]
        self.count(0, self.role[seat])
        self.begin[seat] = self.entered[seat] = (period + 1) * self.rules.months

    def rate(self, period: int) -> None:
        rules, seat = self.rules, np.flatnonzero(self.role >= 0)
        for number in range(rules.rounds[period]):
            luck = (self.draw(seat, period, f"rating_{number + 1}") >> _11).astype(float) * TO_UNIT
            streak = self.streak[seat]
            self.streak[seat] = np.where(luck < rules.passing[streak], np.minimum(streak + 1, rules.streaks - 1), 0)

    def close(self, counts: Counts, period: int) -> None:
        rules, n_roles = self.rules, len(self.rules.fte)
        seat = np.flatnonzero(self.role >= 0)
        role, new = self.role[seat], seat >= self.seats.opening
        tenure = np.minimum((period + 1) * rules.months - self.begin[seat], TENURES - 1)
        heads, lacking = np.zeros((2, n_roles), np.int64), np.zeros((2, n_roles), np.int64)
        np.add.at(heads, (new.astype(int), role), 1)
        np.add.at(lacking, (new.astype(int), role), rules.lack[role, tenure])
        counts.joiners[self.place, period], counts.leavers[self.place, period] = self.flow[0], self.flow[1]
        counts.moves_in[self.place, period], counts.moves_out[self.place, period] = self.flow[2], self.flow[3]
        counts.closing[self.place, period] = heads.sum(axis=0)
        held, joined = (heads.astype(float) - lacking.astype(float) * LESS)[:]
        counts.effective[self.place, period] = held * rules.fte + joined
        counts.followed[self.place, period] = self.role[self.seats.followed]
        self.flow[:] = 0


def step_paths(
    rules: Rules, seats: Seats, orders: Orders, salt: np.ndarray, keys: np.ndarray, counts: Counts, stop: np.ndarray
) -> int:
    """Step the paths of a block and fill `counts`, until stop[0] is set; returns how many paths are done.

    salt: [period, seat] of the purpose "go". keys: [path].
    """
    for place, key in enumerate(keys):
        if stop[0]:
            return place
        path = _Path(rules, seats, orders, key, place)
        for period in range(len(rules.rounds)):
            path.leave_and_push(salt[period], period)
            if len(rules.pull_order):
                path.pull(period)
            for one in range(orders.first[period], orders.first[period + 1]):
                counts.short[place] += path.transfer(one, period)
            path.join(period)
            if rules.streaks > 1:
                path.rate(period)
            path.close(counts, period)
    return len(keys)


