"""How the people of the example company came, rose and went: one month after another, person by person.

The order within a month is leave, move, join. Leaving and moving are decided by tenure at the month's opening: a
joiner of month J is first at risk in J + 1 with 0 completed months. The simulation starts with the company's founding,
so that by 2021 tenure, age and grade have grown out of the same rules; only what happens from 2021 is written.
"""

from dataclasses import dataclass

import numpy as np

from example_company.company import (
    BANDS,
    CALENDAR,
    CAUSE_SHARES,
    CAUSES,
    FOUNDED,
    NAMES,
    NUMBER,
    PLAN_START,
    PULL,
    PUSH,
    RETIREMENT_AGE,
    RISE_EVERY,
    RISE_FROM,
    ROLES,
    WORKER_FAMILIES,
    draw_stream,
    find_hazards,
    reach_targets,
)

# family: share of men; age at hire from, mode, to (a triangle); leaders hired from outside are older.
_NEWCOMERS = {
    "operators": (0.56, 18, 22, 38),
    "technicians": (0.86, 20, 26, 40),
    "supervision": (0.68, 27, 33, 44),
    "engineers": (0.76, 22, 25, 38),
    "quality": (0.55, 22, 26, 38),
    "supply": (0.48, 22, 26, 40),
    "sales": (0.60, 22, 28, 42),
    "service": (0.70, 20, 25, 38),
    "software": (0.74, 22, 24, 36),
    "administration": (0.30, 22, 26, 40),
    "management": (0.68, 30, 36, 46),
    "direction": (0.74, 38, 43, 50),
}
# Days on which nobody starts: new year, labour day and national day; spring festival by year.
_SPRING_FESTIVAL = {2021: (2, 11, 17), 2022: (2, 1, 6), 2023: (1, 21, 27), 2024: (2, 10, 17), 2025: (1, 28, 31)}
_HIRING_SEASON = (0.80, 0.65, 1.20, 1.10, 1.00, 1.00, 1.25, 1.05, 1.05, 0.95, 1.00, 0.85)


@dataclass(frozen=True)
class Event:
    """One event: person number, month, day, what happened, roles ("" where none), cause, month and day of hire."""

    person: int
    month: int
    day: int
    event: str
    from_role: str
    to_role: str
    cause: str
    hired: tuple[int, int]


@dataclass(frozen=True)
class Careers:
    """Everybody who ever worked here, one entry a person: role (number), hired and since (month), their days, born
    (month of birth), born_day, man (bool), present at the plan's start (bool); and the events since the founding."""

    role: np.ndarray
    hired: np.ndarray
    hired_day: np.ndarray
    since: np.ndarray
    since_day: np.ndarray
    born: np.ndarray
    born_day: np.ndarray
    man: np.ndarray
    present: np.ndarray
    events: tuple[Event, ...]


def retirement_month(born: int, man: bool, worker: bool) -> int:
    """The month in which a person retires: at the age of their group, later by one month for every so many months after
    January 2025 in which that age is reached."""
    group = "men" if man else "women_worker" if worker else "women_cadre"
    month = born + RETIREMENT_AGE[group]
    return month if month < RISE_FROM else month + (month - RISE_FROM) // RISE_EVERY[group] + 1


def choose_day(month: int, uniform: float) -> int:
    """A working day from the 2nd on (weekends move to Monday, or back at the month's end; holidays move on)."""
    year, number = divmod(month, 12)
    day = 2 + int(uniform * 27)
    holidays = {0: (1, 3), 4: (1, 5), 9: (1, 7)}
    first, last = holidays.get(number, (0, 0))
    if first <= day <= last:
        day = last + 1 + int(uniform * 27) % 4
    festival = _SPRING_FESTIVAL.get(year)
    if festival and festival[0] == number + 1 and festival[1] <= day <= festival[2]:
        day = festival[2] + 1 + day % 5 if festival[2] < 24 else festival[1] - 1 - day % 5
    weekday = (np.datetime64(f"{year:04d}-{number + 1:02d}-{day:02d}").astype(int) + 3) % 7
    if weekday >= 5:
        day += 7 - weekday if day <= 25 else 4 - weekday
    return int(day)


def live() -> Careers:
    """Simulate all months from the founding to the plan's start."""
    company = _Company()
    for month in range(FOUNDED, PLAN_START):
        company.pass_month(month)
    return company.careers()


class _Company:
    """The state of the company while its months pass: parallel lists, one entry a person."""

    def __init__(self) -> None:
        self.draws = draw_stream("careers")
        self.targets = reach_targets(PLAN_START - FOUNDED)
        self.hazards = find_hazards()
        self.size = 0
        self.columns = {
            name: np.zeros(20_000, dtype=np.int64)
            for name in (
                "role",
                "hired",
                "hired_day",
                "since",
                "since_day",
                "born",
                "born_day",
                "man",
                "present",
                "retires",
            )
        }
        self.events: list[Event] = []
        self.arcs = [
            [(NUMBER[end], 1 - (1 - rate) ** (1 / 12)) for (start, end), rate in PUSH.items() if start == name]
            for name in NAMES
        ]
        for role in range(len(ROLES)):
            for _ in range(self.targets[role, 0]):
                self._join(role, FOUNDED - 1 - int(self.draws.random() * 36), record=False)

    def pass_month(self, month: int) -> None:
        """Leave, move, join."""
        present = np.flatnonzero(self.columns["present"][: self.size])
        opening = np.bincount(self.columns["role"][present], minlength=len(ROLES))
        staying = self._let_leave(present, month)
        moved = self._promote(staying, month)
        self._fill_from_below(np.setdiff1d(staying, moved), opening, month)
        self._hire(opening, month)

    def _let_leave(self, present: np.ndarray, month: int) -> np.ndarray:
        role, hired = self.columns["role"][present], self.columns["hired"][present]
        band = np.searchsorted(BANDS, month - hired - 1, side="right") - 1
        retires = self.columns["retires"][present] <= month
        leaves = (self.draws.random(len(present)) < self.hazards[role, band] * CALENDAR[month % 12]) & ~retires
        which = self.draws.random(len(present))
        for person, at in zip(present[leaves], np.flatnonzero(leaves), strict=True):
            cause = CAUSES[int(np.searchsorted(np.cumsum(CAUSE_SHARES[band[at]])[:-1], which[at], side="right"))]
            self._leave(int(person), month, cause)
        for person in present[retires]:
            self._leave(int(person), month, "retire")
        return present[~leaves & ~retires]

    def _leave(self, person: int, month: int, cause: str) -> None:
        day = choose_day(month, self.draws.random())
        self._record(person, month, day, "leave", NAMES[self.columns["role"][person]], "", cause)
        self.columns["present"][person] = 0

    def _promote(self, staying: np.ndarray, month: int) -> np.ndarray:
        eligible = staying[month - self.columns["hired"][staying] - 1 >= 12]
        moved = []
        for person, uniform in zip(eligible, self.draws.random(len(eligible)), strict=True):
            reached = 0.0
            for end, chance in self.arcs[self.columns["role"][person]]:
                reached += chance
                if uniform < reached:
                    self._move(int(person), end, month)
                    moved.append(person)
                    break
        return np.array(moved, dtype=np.int64)

    def _move(self, person: int, end: int, month: int) -> None:
        day = choose_day(month, self.draws.random())
        self._record(person, month, day, "move", NAMES[self.columns["role"][person]], NAMES[end], "")
        for name, value in (("role", end), ("since", month), ("since_day", day)):
            self.columns[name][person] = value
        self._set_retirement(person)

    def _fill_from_below(self, free: np.ndarray, opening: np.ndarray, month: int) -> None:
        """Posts that stood open at the opening are filled from the roles below; a post opened so waits a month."""
        free = free[month - self.columns["hired"][free] - 1 >= 12]
        self.wanted_outside = np.zeros(len(ROLES), dtype=np.int64)
        for name, (outside, below) in reversed(PULL.items()):
            role = NUMBER[name]
            for _ in range(max(0, self.targets[role, month - FOUNDED] - opening[role])):
                if self.draws.random() >= ROLES[role].fill:
                    continue
                source = list(below)[
                    int(np.searchsorted(np.cumsum(list(below.values()))[:-1], self.draws.random(), side="right"))
                ]
                candidates = free[self.columns["role"][free] == NUMBER[source]]
                if self.draws.random() < outside or not len(candidates):
                    self.wanted_outside[role] += 1
                    continue
                person = candidates[int(self.draws.random() * len(candidates))]
                free = free[free != person]
                self._move(int(person), role, month)

    def _hire(self, opening: np.ndarray, month: int) -> None:
        present = np.flatnonzero(self.columns["present"][: self.size])
        stock = np.bincount(self.columns["role"][present], minlength=len(ROLES))
        for number, role in enumerate(ROLES):
            if role.pull:
                count = self.wanted_outside[number]
            else:
                open_posts = max(0, self.targets[number, month - FOUNDED] - stock[number])
                count = int((self.draws.random(open_posts) < role.fill * _HIRING_SEASON[month % 12]).sum())
            for _ in range(count):
                self._join(number, month, record=True)

    def _join(self, role: int, month: int, record: bool) -> None:
        person, self.size = self.size, self.size + 1
        men, youngest, mode, oldest = _NEWCOMERS[ROLES[role].family]
        uniform, cut = self.draws.random(), (mode - youngest) / (oldest - youngest)
        if uniform < cut:
            age = youngest + (uniform * (oldest - youngest) * (mode - youngest)) ** 0.5
        else:
            age = oldest - ((1 - uniform) * (oldest - youngest) * (oldest - mode)) ** 0.5
        day = choose_day(month, self.draws.random())
        values = {
            "role": role,
            "hired": month,
            "since": month,
            "hired_day": day,
            "since_day": day,
            "born": month - 1 - int(age * 12),
            "born_day": 1 + int(self.draws.random() * 28),
            "man": int(self.draws.random() < men),
            "present": 1,
        }
        for name, value in values.items():
            self.columns[name][person] = value
        self._set_retirement(person)
        if record:
            self._record(person, month, day, "join", "", NAMES[role], "")

    def _set_retirement(self, person: int) -> None:
        worker = ROLES[self.columns["role"][person]].family in WORKER_FAMILIES
        born, man = int(self.columns["born"][person]), bool(self.columns["man"][person])
        self.columns["retires"][person] = retirement_month(born, man, worker)

    def _record(self, person: int, month: int, day: int, event: str, start: str, end: str, cause: str) -> None:
        hired = (int(self.columns["hired"][person]), int(self.columns["hired_day"][person]))
        self.events.append(Event(person, month, day, event, start, end, cause, hired))

    def careers(self) -> Careers:
        whole = {name: column[: self.size].copy() for name, column in self.columns.items() if name != "retires"}
        whole["man"], whole["present"] = whole["man"] == 1, whole["present"] == 1
        order = sorted(self.events, key=lambda event: (event.month, event.day, event.person))
        return Careers(events=tuple(order), **whole)
