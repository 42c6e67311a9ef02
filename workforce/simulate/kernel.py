"""The compiled kernel: every person of a block of paths through all periods, a nanosecond or two a person-month.

One number is hashed for everybody in every period; only people whose number lies under their own bound are looked at
(thinning: Lewis & Shedler 1979, Naval Research Logistics Quarterly 26), and tenure is kept as a start month, so nobody
else is written. `steps.step_paths` does the same with numpy and gives the same bits. All that is compiled stands in this
file, for it is kept under this file's date.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from workforce.forecast.dynamics import FIRST_YEAR, TENURES
from workforce.simulate.lottery import LESS, NEVER
from workforce.simulate.streams import GOLDEN, MIX_1, MIX_2, PURPOSES, SHIFTS, SLOTS, TO_UNIT

_OLDEST = TENURES - 1
_ARRIVE, _ORDER = PURPOSES.index("arrive"), PURPOSES.index("order")
_VACANCY, _RATING = PURPOSES.index("vacancy"), PURPOSES.index("rating_1")
_ALWAYS, _WHOLE = np.uint32(2**32 - 1), 2.0**32
_TOP, _NONE, _11, _32 = np.uint64(2**53 - 1), np.uint64(0), np.uint64(11), np.uint64(32)


class _Work(NamedTuple):
    """One path's people, and room to work in. role: -1 where nobody is. begin, entered: month in which tenure and clock
    were 0. shift, width: who is looked at. head, after, before: who holds each role, as linked lists. ramping: who may
    not be fully effective. heads: [0 role] all, [1 role] joiners. flow: joiners, leavers, moves_in, moves_out [role].
    vacant: [feed] vacancies to fill. heap, heap_number: the chosen so far. luck, flag: the period's numbers."""

    role: np.ndarray
    begin: np.ndarray
    entered: np.ndarray
    streak: np.ndarray
    shift: np.ndarray
    width: np.ndarray
    head: np.ndarray
    after: np.ndarray
    before: np.ndarray
    ramping: np.ndarray
    heads: np.ndarray
    flow: np.ndarray
    vacant: np.ndarray
    lacking: np.ndarray
    heap: np.ndarray
    heap_number: np.ndarray
    luck: np.ndarray
    flag: np.ndarray
    first_due: np.ndarray
    next_due: np.ndarray


_JOINERS, _LEAVERS, _MOVES_IN, _MOVES_OUT = range(4)


@njit(inline="always")
def _mix(value):
    value = (value ^ (value >> SHIFTS[0])) * MIX_1
    value = (value ^ (value >> SHIFTS[1])) * MIX_2
    return value ^ (value >> SHIFTS[2])


@njit(inline="always")
def _hash(path, key, period, purpose):
    return _mix(path ^ _mix(key + np.uint64(period * SLOTS + purpose + 1) * GOLDEN))


@njit(inline="always")
def _unit(number):
    return np.float64(number >> _11) * TO_UNIT


@njit(cache=True, nogil=True)
def step_paths(rules, seats, orders, salt, keys, counts, stop):
    """Step the paths of a block and fill `counts`, until stop[0] is set; returns how many paths are done.

    salt: [period, seat] of the purpose "go". keys: [path].
    """
    work = _make_work(rules, seats)
    shift, width = work.shift.copy(), work.width.copy()
    for place in range(len(keys)):
        if stop[0]:
            return place
        _open(rules, seats, orders, work, shift, width, place)
        for period in range(len(rules.rounds)):
            work.flow[:] = 0
            _leave_and_push(rules, seats, work, salt[period], keys[place], period)
            if len(rules.pull_order):
                _pull(rules, seats, work, keys[place], period)
            for one in range(orders.first[period], orders.first[period + 1]):
                counts.short[place] += _transfer(rules, seats, orders, work, keys[place], period, one, place)
            _join(rules, seats, work, period)
            if rules.streaks > 1:
                _rate(rules, seats, work, keys[place], period)
            _close(rules, seats, work, counts, place, period)
    return len(keys)


@njit
def _make_work(rules, seats):
    """Empty room; shift and width hold those of the opening, which all paths share."""
    seat, role, room = len(seats.key), len(rules.fte), len(seats.key) // 8 * 8 + 8
    work = _Work(
        np.empty(seat, np.int32),
        np.empty(seat, np.int32),
        np.empty(seat, np.int32),
        np.empty(seat, np.int8),
        np.zeros(seat, np.uint32),
        np.zeros(seat, np.uint32),
        np.empty(role, np.int32),
        np.empty(seat, np.int32),
        np.empty(seat, np.int32),
        np.empty(seat + 1, np.int32),
        np.empty((2, role), np.int64),
        np.empty((4, role), np.int64),
        np.zeros(len(rules.feed_from), np.int64),
        np.empty((2, role), np.int64),
        np.empty(seat, np.int64),
        np.empty(seat, np.uint64),
        np.empty(seat, np.uint64),
        np.zeros(room, np.uint8),
        np.empty(len(rules.rounds), np.int32),
        np.empty(seat - seats.opening, np.int32),
    )
    for one in range(seats.opening):
        _look_at(rules, seats, work, one, seats.role[one], min(-seats.begin[one], _OLDEST), 0)
    return work


@njit
def _open(rules, seats, orders, work, shift, width, place):
    """The opening of a path: everybody there, but for those whose chance says no."""
    opening = seats.opening
    work.role[:opening] = seats.role[:opening]
    work.role[opening:] = -1
    work.begin[:] = seats.begin
    work.entered[:] = seats.entered
    work.streak[:] = seats.streak
    work.shift[:] = shift
    work.width[:] = width
    for one in range(len(seats.unsure)):
        if orders.absent[place, one]:
            seat = seats.unsure[one]
            work.role[seat], work.shift[seat], work.width[seat] = -1, 0, 0
    work.head[:] = -1
    work.heads[:] = 0
    work.ramping[-1] = 0
    for seat in range(opening):
        role = work.role[seat]
        if role >= 0:
            work.heads[0, role] += 1
            _link(work, seat, role)
            if -work.begin[seat] < rules.ramping:
                _ramp_up(work, seat)
    work.first_due[:] = -1
    for one in range(len(work.next_due)):
        due = orders.arrives[place, one]
        if due != NEVER:
            work.next_due[one] = work.first_due[due]
            work.first_due[due] = one


@njit(inline="always")
def _link(work, seat, role):
    first = work.head[role]
    work.after[seat], work.before[seat] = first, -1
    if first >= 0:
        work.before[first] = seat
    work.head[role] = seat


@njit(inline="always")
def _unlink(work, seat, role):
    after, before = work.after[seat], work.before[seat]
    if before >= 0:
        work.after[before] = after
    else:
        work.head[role] = after
    if after >= 0:
        work.before[after] = before


@njit(inline="always")
def _ramp_up(work, seat):
    work.ramping[work.ramping[-1]] = seat
    work.ramping[-1] += 1


@njit
def _look_at(rules, seats, work, seat, role, tenure, period):
    """Set whose numbers make this person worth a look: those below the highest chance of leaving from here on, and at
    the other end those below the highest of being pushed. Both ends are one stretch of the circle of 2^32."""
    member, pushed = seats.member[seat], rules.ceiling_push[role]
    leave = rules.ceiling[role, tenure]
    if member >= 0 and rules.unknown[member]:
        leave = rules.ceiling_unknown[role, tenure]
    if tenure < FIRST_YEAR:
        leave *= max(seats.quality[seat], 1.0)
    if leave + pushed >= 0.999 or seats.wake[seat] <= period:
        work.shift[seat], work.width[seat] = 0, _ALWAYS
    else:
        high = np.int64(pushed * _WHOLE) + 1
        work.shift[seat], work.width[seat] = high, high + np.int64(leave * _WHOLE) + 1


@njit
def _leave_and_push(rules, seats, work, salt, path, period):
    luck, flag, shift, width = work.luck, work.flag, work.shift, work.width
    for one in range(seats.wake_first[period], seats.wake_first[period + 1]):
        seat = seats.waking[one]
        if work.role[seat] >= 0:
            shift[seat], width[seat] = 0, _ALWAYS
    for seat in range(len(luck)):
        number = _mix(path ^ salt[seat])
        luck[seat] = number
        flag[seat] = np.uint8(np.uint32(np.uint32(number >> _32) + shift[seat]) <= width[seat])
    eights = flag.view(np.uint64)
    for eight in range(len(eights)):
        if eights[eight] != _NONE:
            for seat in range(8 * eight, 8 * eight + 8):
                if flag[seat] and work.role[seat] >= 0:
                    _decide(rules, seats, work, luck[seat], path, seat, period)


@njit
def _decide(rules, seats, work, number, path, seat, period):
    """Whether somebody leaves, is pushed, or stays: exactly, from their number."""
    role, month = work.role[seat], period * rules.months
    tenure = min(month - work.begin[seat], _OLDEST)
    leave = rules.leave[period, role, tenure]
    if tenure < FIRST_YEAR and seats.quality[seat] != 1.0:
        leave = min(leave * seats.quality[seat], 1.0)
    member = seats.member[seat]
    if member >= 0:
        if rules.unknown[member]:
            retiring = rules.retire[period, role, tenure]
        else:
            retiring = rules.chance[period, member, rules.post[role]]
        leave = 1.0 - (1.0 - leave) * (1.0 - retiring)
    if _unit(number) < leave:
        work.flow[_LEAVERS, role] += 1
        _vacate(seats, work, seat, role)
        _open_vacancy(rules, seats, work, path, seat, role, period)
        return
    luck = np.float64(_TOP - (number >> _11)) * TO_UNIT
    clock = min(month - work.entered[seat], rules.clocks - 1)
    reached = 0.0
    for arc in range(rules.push_first[role], rules.push_first[role + 1]):
        if rules.push_rated[arc] and work.streak[seat] < rules.streaks - 1:
            continue
        reached += rules.push_chance[arc, clock]
        if luck < (1.0 - leave) * reached:
            work.flow[_MOVES_OUT, role] += 1
            _vacate(seats, work, seat, role)
            _open_vacancy(rules, seats, work, path, seat, role, period)
            _enter(rules, seats, work, seat, rules.push_to[arc], period)
            return
    _look_at(rules, seats, work, seat, role, tenure, period)


@njit
def _vacate(seats, work, seat, role):
    _unlink(work, seat, role)
    work.role[seat], work.shift[seat], work.width[seat] = -1, 0, 0
    work.heads[0, role] -= 1
    if seat >= seats.opening:
        work.heads[1, role] -= 1


@njit
def _open_vacancy(rules, seats, work, path, seat, role, period):
    """Where a role replaces by pull, the vacancy that somebody leaves turns to one of its sources, or to none."""
    if rules.feed_first[role] == rules.feed_first[role + 1]:
        return
    luck = _unit(_hash(path, seats.key[seat], period, _VACANCY))
    for feed in range(rules.feed_first[role], rules.feed_first[role + 1]):
        if luck < rules.feed_sum[feed]:
            work.vacant[feed] += 1
            return


@njit
def _enter(rules, seats, work, seat, role, period):
    """Somebody moves into a role; their clock is 0 when the next period opens."""
    _link(work, seat, role)
    work.role[seat], work.entered[seat] = role, (period + 1) * rules.months
    work.heads[0, role] += 1
    if seat >= seats.opening:
        work.heads[1, role] += 1
    work.flow[_MOVES_IN, role] += 1
    tenure = min(max(period * rules.months - work.begin[seat], 0), _OLDEST)
    _look_at(rules, seats, work, seat, role, tenure, period)


@njit
def _pull(rules, seats, work, path, period):
    """Fill vacancies from the top down: who is pulled up leaves the next vacancy (White 1970, Chains of Opportunity)."""
    month = period * rules.months
    for role in rules.pull_order:
        for feed in range(rules.feed_first[role], rules.feed_first[role + 1]):
            wanted, work.vacant[feed] = work.vacant[feed], 0
            if wanted == 0:
                continue
            source, found = rules.feed_from[feed], 0
            seat = work.head[source]
            while seat >= 0:
                passes = not rules.feed_rated[feed] or work.streak[seat] == rules.streaks - 1
                clock = month - work.entered[seat]
                if passes and clock >= 0 and min(clock, rules.clocks - 1) >= rules.gate:
                    number = _hash(path, seats.key[seat] ^ rules.role_key[role], period, _ORDER)
                    found = _keep_least(work, found, wanted, number, seat)
                seat = work.after[seat]
            for one in range(found):
                work.flow[_MOVES_OUT, source] += 1
                _vacate(seats, work, work.heap[one], source)
                _open_vacancy(rules, seats, work, path, work.heap[one], source, period)
                _enter(rules, seats, work, work.heap[one], role, period)


@njit
def _keep_least(work, found, wanted, number, seat):
    """Keep the `wanted` people of the smallest numbers in a heap whose root is the largest; returns how many there are.
    Equal numbers go by seat."""
    heap, numbers = work.heap, work.heap_number
    if found < wanted:
        place = found
        while place > 0:
            parent = (place - 1) // 2
            if numbers[parent] > number or (numbers[parent] == number and heap[parent] > seat):
                break
            numbers[place], heap[place] = numbers[parent], heap[parent]
            place = parent
        numbers[place], heap[place] = number, seat
        return found + 1
    if number > numbers[0] or (number == numbers[0] and seat > heap[0]):
        return found
    place = 0
    while 2 * place + 1 < found:
        child = 2 * place + 1
        if child + 1 < found and (
            numbers[child + 1] > numbers[child]
            or (numbers[child + 1] == numbers[child] and heap[child + 1] > heap[child])
        ):
            child += 1
        if number > numbers[child] or (number == numbers[child] and seat > heap[child]):
            break
        numbers[place], heap[place] = numbers[child], heap[child]
        place = child
    numbers[place], heap[place] = number, seat
    return found


@njit
def _transfer(rules, seats, orders, work, path, period, one, place):
    """Carry out one planned transfer; returns by how many people it fell short."""
    source, target, wanted, found = orders.source[one], orders.target[one], orders.wanted[place, one], 0
    if wanted == 0:
        return 0
    seat = work.head[source]
    while seat >= 0:
        number = _hash(path, seats.key[seat] ^ orders.key[one], period, _ORDER)
        found = _keep_least(work, found, wanted, number, seat)
        seat = work.after[seat]
    for rank in range(found):
        seat = work.heap[rank]
        luck = _unit(_hash(path, seats.key[seat] ^ orders.key[one], period, _ARRIVE))
        arrives = target >= 0 and luck < orders.arrive[one]
        work.flow[_MOVES_OUT if arrives else _LEAVERS, source] += 1
        _vacate(seats, work, seat, source)
        if arrives:
            _enter(rules, seats, work, seat, target, period)
    return wanted - found


@njit
def _join(rules, seats, work, period):
    one = work.first_due[period]
    while one >= 0:
        seat = seats.opening + one
        role = seats.role[seat]
        work.begin[seat] = (period + 1) * rules.months
        _enter(rules, seats, work, seat, role, period)
        work.flow[_MOVES_IN, role] -= 1
        work.flow[_JOINERS, role] += 1
        if rules.ramping:
            _ramp_up(work, seat)
        one = work.next_due[one]


@njit
def _rate(rules, seats, work, path, period):
    """Performance ratings at the close: a round passed lengthens a person's streak, a round failed ends it."""
    for round_ in range(rules.rounds[period]):
        for seat in range(len(work.role)):
            if work.role[seat] >= 0:
                streak = work.streak[seat]
                luck = _unit(_hash(path, seats.key[seat], period, _RATING + round_))
                work.streak[seat] = min(streak + 1, rules.streaks - 1) if luck < rules.passing[streak] else 0


@njit
def _close(rules, seats, work, counts, place, period):
    """Write the closing of a period down."""
    month, lacking, kept = (period + 1) * rules.months, work.lacking, 0
    lacking[:] = 0
    for one in range(work.ramping[-1]):
        seat = work.ramping[one]
        role, tenure = work.role[seat], month - work.begin[seat]
        if role >= 0 and tenure < rules.ramping:
            lacking[1 if seat >= seats.opening else 0, role] += rules.lack[role, tenure]
            work.ramping[kept] = seat
            kept += 1
    work.ramping[-1] = kept
    for role in range(len(rules.fte)):
        counts.joiners[place, period, role] = work.flow[_JOINERS, role]
        counts.leavers[place, period, role] = work.flow[_LEAVERS, role]
        counts.moves_in[place, period, role] = work.flow[_MOVES_IN, role]
        counts.moves_out[place, period, role] = work.flow[_MOVES_OUT, role]
        counts.closing[place, period, role] = work.heads[0, role]
        new = work.heads[1, role]
        old = work.heads[0, role] - new
        held = (np.float64(old) - np.float64(lacking[0, role]) * LESS) * rules.fte[role]
        counts.effective[place, period, role] = held + (np.float64(new) - np.float64(lacking[1, role]) * LESS)
    for one in range(len(seats.followed)):
        counts.followed[place, period, one] = work.role[seats.followed[one]]
