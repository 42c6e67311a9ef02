"""The compiled kernel: every person of a block of paths through all periods, a nanosecond or two a person-month.

One number is hashed for everybody in every period; only people whose number lies under their own bound are looked at
(thinning: Lewis & Shedler 1979, Naval Research Logistics Quarterly 26), and tenure is kept as a start month, so nobody
else is written. `steps.step_paths` does the same with numpy and gives the same bits. All that is compiled stands in this
file, for it is kept under this file's date; it is one function, for handing arrays to another counts their holders, one
atomic addition each, which would cost more than the work itself.
"""

import numpy as np
from numba import config, njit
from numba.core.errors import NumbaError

from workforce.forecast.dynamics import FIRST_YEAR, TENURES
from workforce.simulate.lottery import LESS, NEVER, PERSON, STRETCH
from workforce.simulate.streams import GOLDEN, MIX_1, MIX_2, PURPOSES, SLOTS, TO_UNIT

__all__ = ["DISABLED", "NumbaError", "step_paths"]

DISABLED = bool(getattr(config, "DISABLE_JIT", 0))
"""Whether this process was told not to compile; the loops below need records, which only the compiler knows."""

_OLDEST = TENURES - 1
_LEAVE, _ARRIVE, _ORDER = (PURPOSES.index(name) for name in ("leave", "arrive", "order"))
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


def _keep(function):
    """Compile, and keep what is compiled: beside the package, or in the user's cache where that may not be written to, or
    where NUMBA_CACHE_DIR says; where none of them may be, for this process only."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:
        return njit(nogil=True)(function)


@_keep
def step_paths(rules, seats, orders, keys, counts, stop):
    """Step the paths of a block and fill `counts`, until stop[0] is set; returns how many paths are done.

    keys: [path].
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
    n_seats, n_roles, n_periods, n_feeds = len(seat_of), len(roles) - 1, len(rounds), len(pulls)
    person = np.zeros(n_seats, PERSON)
    shift, width = np.zeros(n_seats, np.uint32), np.zeros(n_seats, np.uint32)
    shift_0, width_0 = np.zeros(n_seats, np.uint32), np.zeros(n_seats, np.uint32)
    flag = np.zeros(n_seats // 8 * 8 + 8, np.uint8)
    eights = flag.view(np.uint64)
    heads, lacking = np.zeros((2, n_roles), np.int64), np.zeros((2, n_roles), np.int64)
    stretch, held = np.zeros(n_roles, STRETCH), np.zeros(n_seats + n_seats // 4 + 9 * n_roles, np.int32)
    held_key, spare, spare_key = np.zeros(len(held), np.uint64), held.copy(), np.zeros(len(held), np.uint64)
    vacant, numbers = np.zeros(len(feeds), np.int64), np.zeros(n_seats, np.uint64)
    chosen, goal = np.zeros(n_seats, np.int32), np.zeros(n_seats, np.int32)
    streak, candidate = np.zeros(n_seats, np.int64), np.zeros(n_seats, np.uint64)
    ramping, due, then = np.zeros(n_seats, np.int32), np.zeros(n_periods, np.int32), np.zeros(n_seats, np.int32)
    key = np.zeros(n_seats, np.uint64)
    for seat in range(n_seats):
        one = seat_of[seat]
        key[seat] = one.key
        person[seat].role, person[seat].begin, person[seat].entered = -1, one.begin, one.entered
        if seat < opening:
            person[seat].role = one.role
            stretch[one.role].size += 1
    _make_room(person, stretch, held, held_key, spare, spare_key)
    for role in range(n_roles):
        stretch[role].size = 0
    for seat in range(opening):
        role = person[seat].role
        person[seat].place = stretch[role].first + stretch[role].size
        held[person[seat].place], held_key[person[seat].place] = seat, key[seat]
        stretch[role].size += 1
    person_0, stretch_0, held_0, held_key_0 = person.copy(), stretch.copy(), held.copy(), held_key.copy()
    for place in range(len(keys)):
        if stop[0]:
            return place
        path = keys[place]
        # The path's own leaving rates, and bounds that hold under them: 1 - (1 - q)^f <= f q where f >= 1.
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
        due[:] = -1
        for seat in range(opening, n_seats):
            period = arrivals[place, seat - opening]
            if period != NEVER:
                then[seat], due[period] = due[period], seat
        for period in range(n_periods):
            month, table = period * months, tables[period]
            flow = flows[place, period]
            # In turn: who is not there after all; leaving and being pushed; being pulled, from the top down, for who rises
            # leaves the next vacancy (White 1970, Chains of Opportunity); what the plan decided; ratings and joining. Each
            # names people and their goals, -1 = gone, and then they go there.
            n_orders = first_order[period + 1] - first_order[period]
            for step in range(-1 if period == 0 else 0, n_feeds + n_orders + 2):
                found = 0
                if step < 0:
                    for number in range(len(unsure)):
                        if absent[place, number]:
                            chosen[found], goal[found] = unsure[number], -1
                            found += 1
                elif step == 0:
                    for number in range(wake_first[period], wake_first[period + 1]):
                        if person[waking[number]].role >= 0:
                            shift[waking[number]], width[waking[number]] = 0, _ALWAYS
                    for seat in range(known):
                        drawn = _hash(path, key[seat], period, _LEAVE)
                        flag[seat] = np.uint8(np.uint32(np.uint32(drawn >> _32) + shift[seat]) <= width[seat])
                    for eight in range((known + 7) // 8):
                        if eights[eight] == _NONE:
                            continue
                        for seat in range(8 * eight, 8 * eight + 8):
                            if not flag[seat] or person[seat].role < 0:
                                continue
                            role, one, drawn = person[seat].role, seat_of[seat], _hash(path, key[seat], period, _LEAVE)
                            tenure = min(month - person[seat].begin, _OLDEST)
                            chance, most = leave[table, role, tenure], ceiling[role, tenure]
                            if tenure < FIRST_YEAR and one.quality != 1.0:
                                chance = min(chance * one.quality, 1.0)
                            if shaken:
                                chance = 1.0 - (1.0 - chance) ** power[role, tenure]
                            if one.member >= 0:
                                if unknown[one.member]:
                                    most = ceiling_unknown[role, tenure]
                                    chance = 1.0 - (1.0 - chance) * (1.0 - retire[table, role, tenure])
                                else:
                                    by_rule = retiring[period, one.member, roles[role].post]
                                    chance = 1.0 - (1.0 - chance) * (1.0 - by_rule)
                            if one.until <= period:
                                chance = 1.0
                            goes, target = _unit(drawn) < chance, -1
                            if not goes:
                                reached, rest = 0.0, np.float64(_TOP - (drawn >> _11)) * TO_UNIT
                                clock = min(month - person[seat].entered, clocks - 1)
                                for arc in range(roles[role].push, roles[role + 1].push):
                                    if pushes[arc].rated and streak[seat] < streaks - 1:
                                        continue
                                    reached += chances[arc, clock]
                                    if rest < (1.0 - chance) * reached:
                                        goes, target = True, pushes[arc].target
                                        break
                            if goes:
                                chosen[found], goal[found] = seat, target
                                found += 1
                            else:
                                pushed, awake = roles[role].pushed, one.wake <= period
                                shift[seat], width[seat] = _bound(most, pushed, one.quality, tenure, awake)
                elif step <= n_feeds + n_orders:
                    pulled = step <= n_feeds
                    if pulled:
                        order = pulls[step - 1]
                        wanted, source, target = vacant[order], feeds[order].source, feeds[order].target
                        rated, twist, share = feeds[order].rated, roles[target].key, 1.0
                        vacant[order] = 0
                    else:
                        order = first_order[period] + step - n_feeds - 1
                        wanted, source, target = wants[place, order], sources[order], targets[order]
                        rated, twist, share = False, twists[order], shares[order]
                    if wanted == 0:
                        continue
                    first, size = stretch[source].first, stretch[source].size
                    there = held_key[first : first + size]  # counted from 0, so that the loop is vectorised
                    for number in range(size):
                        candidate[number] = _hash(path, there[number] ^ twist, period, _ORDER)
                    for number in range(size):
                        drawn = candidate[number]
                        if found == wanted and drawn > numbers[0]:
                            continue
                        seat = held[first + number]
                        if pulled:
                            clock = month - person[seat].entered
                            if clock < 0 or min(clock, clocks - 1) < gate or (rated and streak[seat] < streaks - 1):
                                continue
                        # The `wanted` least are kept in a heap whose root is the largest; equal numbers go by seat.
                        if found < wanted:
                            rank = found
                            found += 1
                            while rank > 0:
                                other = (rank - 1) // 2
                                if numbers[other] > drawn or (numbers[other] == drawn and chosen[other] > seat):
                                    break
                                numbers[rank], chosen[rank] = numbers[other], chosen[other]
                                rank = other
                            numbers[rank], chosen[rank] = drawn, seat
                        elif drawn < numbers[0] or seat < chosen[0]:
                            rank = 0
                            while 2 * rank + 1 < found:
                                other = 2 * rank + 1
                                if other + 1 < found and (
                                    numbers[other + 1] > numbers[other]
                                    or (numbers[other + 1] == numbers[other] and chosen[other + 1] > chosen[other])
                                ):
                                    other += 1
                                if drawn > numbers[other] or (drawn == numbers[other] and seat > chosen[other]):
                                    break
                                numbers[rank], chosen[rank] = numbers[other], chosen[other]
                                rank = other
                            numbers[rank], chosen[rank] = drawn, seat
                    for rank in range(found):
                        goal[rank] = target
                        if share < 1.0:
                            luck = _unit(_hash(path, key[chosen[rank]] ^ twist, period, _ARRIVE))
                            goal[rank] = target if luck < share else -1
                    if not pulled:
                        short[place] += wanted - found
                else:
                    # A round passed lengthens a person's streak, a round failed ends it.
                    for number in range(rounds[period] if streaks > 1 else 0):
                        for seat in range(known):
                            candidate[seat] = _hash(path, key[seat], period, _RATING + number)
                        for seat in range(known):
                            passed = _unit(candidate[seat]) < passing[streak[seat]]
                            streak[seat] = min(streak[seat] + 1, streaks - 1) if passed else 0
                    seat = due[period]
                    while seat >= 0:
                        chosen[found], goal[found] = seat, seat_of[seat].role
                        found += 1
                        seat = then[seat]
                for rank in range(found):
                    seat, target = chosen[rank], goal[rank]
                    one, role, joined = seat_of[seat], person[seat].role, np.int64(seat >= opening)
                    shift[seat], width[seat] = 0, 0
                    if role >= 0:
                        hole = person[seat].place
                        stretch[role].size -= 1
                        last = stretch[role].first + stretch[role].size
                        held[hole], held_key[hole] = held[last], held_key[last]
                        person[held[hole]].place = hole
                        person[seat].role = -1
                        heads[joined, role] -= 1
                        if step >= 0:
                            flow[_LEAVERS if target < 0 else _OUT, role] += 1
                        if 0 <= step <= n_feeds and roles[role].feed < roles[role + 1].feed:
                            luck = _unit(_hash(path, one.key, period, _VACANCY))
                            for feed in range(roles[role].feed, roles[role + 1].feed):
                                if luck < feeds[feed].sum:
                                    vacant[feed] += 1
                                    break
                    if target < 0:
                        continue
                    if stretch[target].size == stretch[target].room:
                        _make_room(person, stretch, held, held_key, spare, spare_key)
                    last = stretch[target].first + stretch[target].size
                    held[last], held_key[last] = seat, one.key
                    stretch[target].size += 1
                    heads[joined, target] += 1
                    flow[_JOINERS if role < 0 else _IN, target] += 1
                    if role < 0:
                        person[seat].begin, streak[seat] = month + months, 0
                        ramping[n_ramping] = seat
                        n_ramping += 1
                        known = max(known, seat + 1)
                    person[seat].role, person[seat].place, person[seat].entered = target, last, month + months
                    tenure = max(min(month - person[seat].begin, _OLDEST), 0)
                    most, pushed = ceiling[target, tenure], roles[target].pushed
                    if one.member >= 0 and unknown[one.member]:
                        most = ceiling_unknown[target, tenure]
                    shift[seat], width[seat] = _bound(most, pushed, one.quality, tenure, one.wake <= period)
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
