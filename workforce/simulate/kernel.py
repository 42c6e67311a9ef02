"""The compiled kernel: every person of a block of paths through all periods, a nanosecond or two a person-month.

One number is hashed for everybody in every period; only people whose number lies under their own bound are looked at
(thinning: Lewis & Shedler 1979, Naval Research Logistics Quarterly 26), and tenure is kept as a start month, so nobody
else is written. `steps.step_paths` does the same with numpy and gives the same bits. All that is compiled stands in this
file, for it is kept under this file's date; it is one function, for handing arrays to another counts their holders, one
atomic addition each, which would cost more than the work itself.
"""

import numpy as np
from numba import njit
from numba.core.errors import NumbaError

from workforce.forecast.dynamics import FIRST_YEAR, TENURES
from workforce.simulate.lottery import LESS, NEVER, PERSON, STRETCH
from workforce.simulate.streams import GOLDEN, MIX_1, MIX_2, PURPOSES, SLOTS, TO_UNIT

__all__ = ["NumbaError", "step_paths"]

_OLDEST = TENURES - 1
_ARRIVE, _ORDER = PURPOSES.index("arrive"), PURPOSES.index("order")
_VACANCY, _RATING = PURPOSES.index("vacancy"), PURPOSES.index("rating_1")
_ALWAYS, _WHOLE = np.uint32(2**32 - 1), 2.0**32
_TOP, _NONE, _11, _32 = np.uint64(2**53 - 1), np.uint64(0), np.uint64(11), np.uint64(32)
_27, _30, _31 = np.uint64(27), np.uint64(30), np.uint64(31)
_CLOSING, _JOINERS, _LEAVERS, _IN, _OUT = range(5)


@njit(inline="always")
def _mix(value):
    value = (value ^ (value >> _30)) * MIX_1
    value = (value ^ (value >> _27)) * MIX_2
    return value ^ (value >> _31)


@njit(inline="always")
def _hash(path, key, period, purpose):
    return _mix(path ^ _mix(key + np.uint64(period * SLOTS + purpose + 1) * GOLDEN))


@njit
def _unit(number):
    return np.float64(number >> _11) * TO_UNIT


@njit
def _bound(leave, pushed, quality, tenure, awake):
    """(shift, width): whose numbers make a person worth a look, those below the highest chance of leaving from here on,
    and at the other end those below the highest of being pushed. Both ends are one stretch of the circle of 2^32."""
    if tenure < FIRST_YEAR:
        leave *= max(quality, 1.0)
    if awake or leave + pushed >= 0.999:
        return np.uint32(0), _ALWAYS
    high = np.int64(pushed * _WHOLE) + 1
    return np.uint32(high), np.uint32(high + np.int64(leave * _WHOLE) + 1)


@njit(inline="always")
def _put(person, stretch, held, held_key, spare, spare_key, seat, key, role):
    """Somebody holds a role from now on: the last of its stretch."""
    if stretch[role].size == stretch[role].room:
        _make_room(person, stretch, held, held_key, spare, spare_key)
    place = stretch[role].first + stretch[role].size
    held[place], held_key[place] = seat, key
    stretch[role].size += 1
    person[seat].role, person[seat].place = role, place


@njit(inline="always")
def _take(person, stretch, held, held_key, seat):
    """Somebody holds their role no longer: the last of its stretch takes their place. Returns the role."""
    role, place = person[seat].role, person[seat].place
    stretch[role].size -= 1
    last = stretch[role].first + stretch[role].size
    held[place], held_key[place] = held[last], held_key[last]
    person[held[place]].place = place
    person[seat].role = -1
    return role


@njit
def _make_room(person, stretch, held, held_key, spare, spare_key):
    """Lay the stretches of all roles out anew, each with a quarter to spare."""
    spare[:] = held
    spare_key[:] = held_key
    place = 0
    for role in range(len(stretch)):
        begin, stretch[role].first = stretch[role].first, place
        for one in range(stretch[role].size):
            held[place + one], held_key[place + one] = spare[begin + one], spare_key[begin + one]
            person[held[place + one]].place = place + one
        stretch[role].room = stretch[role].size + stretch[role].size // 4 + 8
        place += stretch[role].room


@njit(inline="always")
def _keep_least(heap, numbers, found, wanted, number, seat):
    """Keep the `wanted` people of the smallest numbers in a heap whose root is the largest; returns how many there are.
    Equal numbers go by seat."""
    place = found
    if found < wanted:
        found += 1
        while place > 0:
            parent = (place - 1) // 2
            if numbers[parent] > number or (numbers[parent] == number and heap[parent] > seat):
                break
            numbers[place], heap[place] = numbers[parent], heap[parent]
            place = parent
        numbers[place], heap[place] = number, seat
    elif number < numbers[0] or (number == numbers[0] and seat < heap[0]):
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


@njit(inline="always")
def _turn(feeds, first, last, luck, vacant):
    """A vacancy turns to one of the sources of its role, or to none."""
    for feed in range(first, last):
        if luck < feeds[feed].sum:
            vacant[feed] += 1
            break


def _keep(function):
    """Compile, and keep what is compiled: beside the package, or in the user's cache where that may not be written to, or
    where NUMBA_CACHE_DIR says; where none of them may be, for this process only."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return njit(nogil=True)(function)


@_keep
def step_paths(rules, seats, orders, salt, keys, counts, stop):
    """Step the paths of a block and fill `counts`, until stop[0] is set; returns how many paths are done.

    salt: [period, seat] of the purpose "leave". keys: [path].
    """
    months, clocks, streaks, gate, longest = rules.months, rules.clocks, rules.streaks, rules.gate, rules.ramping
    roles, leave, pushes, chances, feeds = rules.roles, rules.leave, rules.pushes, rules.chances, rules.feeds
    ceiling, ceiling_unknown, lack = rules.ceiling.copy(), rules.ceiling_unknown.copy(), rules.lack
    shaken, power = len(orders.factor) > 0, np.ones((len(rules.roles) - 1, TENURES))
    retire, retiring, unknown, passing = rules.retire, rules.retiring, rules.unknown, rules.passing
    tables, pulls, rounds = rules.tables, rules.pulls, rules.rounds
    seat_of, opening, waking, followed = seats.people, seats.opening, seats.waking, seats.followed
    first_order, arrivals, wants, absent = orders.first, orders.arrives, orders.wanted, orders.absent
    sources, targets, twists, shares = orders.source, orders.target, orders.key, orders.arrive
    wake_first, unsure, streak_0 = seats.wake_first, seats.unsure, seats.streak
    flows, effective, found_at, short = counts.flow, counts.effective, counts.followed, counts.short
    n_seats, n_roles, n_periods = len(seat_of), len(rules.roles) - 1, len(rules.rounds)
    person = np.zeros(n_seats, PERSON)
    shift, width = np.zeros(n_seats, np.uint32), np.zeros(n_seats, np.uint32)
    shift_0, width_0 = np.zeros(n_seats, np.uint32), np.zeros(n_seats, np.uint32)
    flag = np.zeros(n_seats // 8 * 8 + 8, np.uint8)
    eights = flag.view(np.uint64)
    heads, lacking = np.zeros((2, n_roles), np.int64), np.zeros((2, n_roles), np.int64)
    stretch, held = np.zeros(n_roles, STRETCH), np.zeros(n_seats + n_seats // 4 + 9 * n_roles, np.int32)
    held_key, spare, spare_key = np.zeros(len(held), np.uint64), held.copy(), np.zeros(len(held), np.uint64)
    vacant, heap, numbers = np.zeros(len(feeds), np.int64), np.zeros(n_seats, np.int32), np.zeros(n_seats, np.uint64)
    streak, candidate = np.zeros(n_seats, np.int64), np.zeros(n_seats, np.uint64)
    ramping, due, then = np.zeros(n_seats, np.int32), np.zeros(n_periods, np.int32), np.zeros(n_seats, np.int32)
    key = np.zeros(n_seats, np.uint64)
    for seat in range(n_seats):
        one = seat_of[seat]
        key[seat] = one.key
        person[seat].role, person[seat].begin, person[seat].entered = -1, one.begin, one.entered
        if seat < opening:
            _put(person, stretch, held, held_key, spare, spare_key, seat, one.key, one.role)
    person_0, stretch_0, held_0, held_key_0 = person.copy(), stretch.copy(), held.copy(), held_key.copy()
    for place in range(len(keys)):
        if stop[0]:
            return place
        path = keys[place]
        # --- the path's own leaving rates, and bounds that hold under them: 1 - (1 - q)^f <= f q where f >= 1
        for role in range(n_roles if shaken else 0):
            highest = 1.0
            for tenure in range(TENURES):
                factor = orders.factor[place, role, orders.band[tenure]]
                power[role, tenure] = 1.0 + orders.estimated[role, tenure] * (factor - 1.0)
                highest = max(highest, power[role, tenure])
            for tenure in range(TENURES):
                ceiling[role, tenure] = rules.ceiling[role, tenure] * highest
                ceiling_unknown[role, tenure] = rules.ceiling_unknown[role, tenure] * highest
        for seat in range(opening if shaken or place == 0 else 0):
            one = seat_of[seat]
            tenure = min(-one.begin, _OLDEST)
            most = ceiling[one.role, tenure]
            if one.member >= 0 and unknown[one.member]:
                most = ceiling_unknown[one.role, tenure]
            shift_0[seat], width_0[seat] = _bound(most, roles[one.role].pushed, one.quality, tenure, one.wake <= 0)
        # --- the opening: everybody there, but for those whose chance says no
        shift[:] = shift_0
        width[:] = width_0
        person[:] = person_0
        stretch[:] = stretch_0
        held[:] = held_0
        held_key[:] = held_key_0
        streak[:] = streak_0
        heads[0] = stretch_0["size"]
        heads[1] = 0
        n_ramping, known = 0, opening
        for seat in range(opening):
            if -person[seat].begin < longest:
                ramping[n_ramping] = seat
                n_ramping += 1
        for number in range(len(unsure)):
            if absent[place, number]:
                seat = unsure[number]
                heads[0, _take(person, stretch, held, held_key, seat)] -= 1
                shift[seat], width[seat] = 0, 0
        due[:] = -1
        for seat in range(opening, n_seats):
            period = arrivals[place, seat - opening]
            if period != NEVER:
                then[seat], due[period] = due[period], seat
        for period in range(n_periods):
            month, table = period * months, tables[period]
            flow = flows[place, period]
            # --- leave and be pushed
            for number in range(wake_first[period], wake_first[period + 1]):
                if person[waking[number]].role >= 0:
                    shift[waking[number]], width[waking[number]] = 0, _ALWAYS
            salts = salt[period]
            for seat in range(known):
                drawn = _mix(path ^ salts[seat])
                flag[seat] = np.uint8(np.uint32(np.uint32(drawn >> _32) + shift[seat]) <= width[seat])
            for eight in range((known + 7) // 8):
                if eights[eight] == _NONE:
                    continue
                for seat in range(8 * eight, 8 * eight + 8):
                    if not flag[seat] or person[seat].role < 0:
                        continue
                    role, one, drawn = person[seat].role, seat_of[seat], _mix(path ^ salts[seat])
                    tenure = min(month - person[seat].begin, _OLDEST)
                    chance = leave[table, role, tenure]
                    if tenure < FIRST_YEAR and one.quality != 1.0:
                        chance = min(chance * one.quality, 1.0)
                    if shaken:
                        chance = 1.0 - (1.0 - chance) ** power[role, tenure]
                    most = ceiling[role, tenure]
                    if one.member >= 0:
                        if unknown[one.member]:
                            most = ceiling_unknown[role, tenure]
                            chance = 1.0 - (1.0 - chance) * (1.0 - retire[table, role, tenure])
                        else:
                            by_rule = retiring[period, one.member, roles[role].post]
                            chance = 1.0 - (1.0 - chance) * (1.0 - by_rule)
                    if one.until <= period:
                        chance = 1.0
                    target = -1
                    leaves = _unit(drawn) < chance
                    if not leaves:
                        reached, rest = 0.0, np.float64(_TOP - (drawn >> _11)) * TO_UNIT
                        clock = min(month - person[seat].entered, clocks - 1)
                        for arc in range(roles[role].push, roles[role + 1].push):
                            if pushes[arc].rated and streak[seat] < streaks - 1:
                                continue
                            reached += chances[arc, clock]
                            if rest < (1.0 - chance) * reached:
                                target = pushes[arc].target
                                break
                    if leaves or target >= 0:
                        _take(person, stretch, held, held_key, seat)
                        flow[_LEAVERS if leaves else _OUT, role] += 1
                        joined = np.int64(seat >= opening)
                        heads[joined, role] -= 1
                        shift[seat], width[seat] = 0, 0
                        if roles[role].feed < roles[role + 1].feed:
                            draw = _unit(_hash(path, one.key, period, _VACANCY))
                            _turn(feeds, roles[role].feed, roles[role + 1].feed, draw, vacant)
                        if target < 0:
                            continue
                        _put(person, stretch, held, held_key, spare, spare_key, seat, one.key, target)
                        person[seat].entered = month + months
                        flow[_IN, target] += 1
                        heads[joined, target] += 1
                        role = target
                        most = ceiling[role, tenure]
                        if one.member >= 0 and unknown[one.member]:
                            most = ceiling_unknown[role, tenure]
                    awake = one.wake <= period
                    shift[seat], width[seat] = _bound(most, roles[role].pushed, one.quality, tenure, awake)
            # --- be pulled, from the top down: who rises leaves the next vacancy (White 1970, Chains of Opportunity);
            # --- then what the plan decided. Both choose people of a role by the least of their own numbers.
            n_feeds = len(pulls)
            for step in range(n_feeds + first_order[period + 1] - first_order[period]):
                pulled = step < n_feeds
                order = pulls[step] if pulled else first_order[period] + step - n_feeds
                if pulled:
                    wanted, source, target = vacant[order], feeds[order].source, feeds[order].target
                    rated, twist, share = feeds[order].rated, roles[target].key, 1.0
                    vacant[order] = 0
                else:
                    wanted, source = wants[place, order], sources[order]
                    target, twist, share = targets[order], twists[order], shares[order]
                if wanted == 0:
                    continue
                found = 0
                first, last = stretch[source].first, stretch[source].first + stretch[source].size
                there, there_key = (
                    held[first:last],
                    held_key[first:last],
                )  # counted from 0, so that the loop is vectorised
                for number in range(len(there)):
                    candidate[number] = _hash(path, there_key[number] ^ twist, period, _ORDER)
                for number in range(len(there)):
                    if found == wanted and candidate[number] > numbers[0]:
                        continue
                    seat = there[number]
                    clock = month - person[seat].entered
                    fit = not pulled or (
                        clock >= 0 and gate <= min(clock, clocks - 1) and (not rated or streak[seat] == streaks - 1)
                    )
                    if fit:
                        found = _keep_least(heap, numbers, found, wanted, candidate[number], seat)
                if not pulled:
                    short[place] += wanted - found
                for rank in range(found):
                    seat = heap[rank]
                    one = seat_of[seat]
                    arrives = pulled or (target >= 0 and _unit(_hash(path, one.key ^ twist, period, _ARRIVE)) < share)
                    _take(person, stretch, held, held_key, seat)
                    joined = np.int64(seat >= opening)
                    heads[joined, source] -= 1
                    flow[_OUT if arrives else _LEAVERS, source] += 1
                    shift[seat], width[seat] = 0, 0
                    if pulled and roles[source].feed < roles[source + 1].feed:
                        draw = _unit(_hash(path, one.key, period, _VACANCY))
                        _turn(feeds, roles[source].feed, roles[source + 1].feed, draw, vacant)
                    if arrives:
                        _put(person, stretch, held, held_key, spare, spare_key, seat, one.key, target)
                        person[seat].entered = month + months
                        heads[joined, target] += 1
                        flow[_IN, target] += 1
                        tenure = max(min(month - person[seat].begin, _OLDEST), 0)
                        most = ceiling[target, tenure]
                        if one.member >= 0 and unknown[one.member]:
                            most = ceiling_unknown[target, tenure]
                        pushed, awake = roles[target].pushed, one.wake <= period
                        shift[seat], width[seat] = _bound(most, pushed, one.quality, tenure, awake)
            # --- be rated, who was there at the opening: a round passed lengthens a person's streak, a round failed ends it
            for number in range(rounds[period] if streaks > 1 else 0):
                for seat in range(known):
                    candidate[seat] = _hash(path, key[seat], period, _RATING + number)
                for seat in range(known):
                    passed = _unit(candidate[seat]) < passing[streak[seat]]
                    streak[seat] = min(streak[seat] + 1, streaks - 1) if passed else 0
            # --- join
            seat = due[period]
            while seat >= 0:
                one = seat_of[seat]
                _put(person, stretch, held, held_key, spare, spare_key, seat, one.key, one.role)
                person[seat].begin = person[seat].entered = month + months
                streak[seat] = 0
                heads[1, one.role] += 1
                flow[_JOINERS, one.role] += 1
                pushed = roles[one.role].pushed
                shift[seat], width[seat] = _bound(ceiling[one.role, 0], pushed, one.quality, 0, one.wake <= period)
                ramping[n_ramping] = seat
                n_ramping += 1
                known = max(known, seat + 1)
                seat = then[seat]
            # --- close
            lacking[:] = 0
            kept = 0
            for number in range(n_ramping):
                seat = ramping[number]
                role, tenure = person[seat].role, month + months - person[seat].begin
                if role >= 0 and tenure < longest:
                    lacking[np.int64(seat >= opening), role] += lack[role, tenure]
                    ramping[kept] = seat
                    kept += 1
            n_ramping = kept
            for role in range(n_roles):
                flow[_CLOSING, role] = heads[0, role] + heads[1, role]
                old = (np.float64(heads[0, role]) - np.float64(lacking[0, role]) * LESS) * roles[role].fte
                effective[place, period, role] = old + (
                    np.float64(heads[1, role]) - np.float64(lacking[1, role]) * LESS
                )
            for number in range(len(followed)):
                found_at[place, period, number] = person[followed[number]].role
    return len(keys)
