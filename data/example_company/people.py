"""Who is here at the plan's start: people with pay, rating, manager; critical posts, successors, skills; history."""

from collections.abc import Iterator

import numpy as np

from example_company.careers import Careers
from example_company.company import HISTORY_START, NAMES, NUMBER, PLAN_START, REPORTS, ROLES, draw_stream

Rows = list[tuple[object, ...]]

# post: role. Several posts of one role are told apart by what they lead.
_POSTS = {
    "chief_executive": "executive",
    "chief_financial_officer": "executive",
    "chief_operating_officer": "executive",
    "chief_technology_officer": "executive",
    "plant_director_suzhou": "plant_director",
    "plant_director_chengdu": "plant_director",
    "production_manager_assembly": "production_manager",
    "engineering_director_drives": "engineering_director",
    "engineering_director_controls": "engineering_director",
    "engineering_director_test": "engineering_director",
    "quality_manager": "quality_and_supply_manager",
    "supply_manager": "quality_and_supply_manager",
    "sales_director_east": "sales_director",
    "sales_director_west": "sales_director",
    "service_director": "sales_director",
    "software_director_platform": "software_director",
    "software_director_products": "software_director",
    "software_director_data": "software_director",
    "lead_architect": "software_architect",
    "principal_engineer_motion": "principal_engineer",
    "key_account_manager_automotive": "account_manager",
}
# post: how many are named. Posts that are missing have nobody.
_NAMED = {
    "chief_executive": 2,
    "chief_financial_officer": 1,
    "chief_operating_officer": 2,
    "plant_director_suzhou": 2,
    "plant_director_chengdu": 2,
    "production_manager_assembly": 3,
    "engineering_director_drives": 2,
    "engineering_director_controls": 1,
    "quality_manager": 2,
    "supply_manager": 2,
    "sales_director_east": 2,
    "sales_director_west": 2,
    "software_director_platform": 2,
    "software_director_products": 2,
    "lead_architect": 2,
    "principal_engineer_motion": 2,
    "key_account_manager_automotive": 1,
}
# post: the post whose first ready-now successor is its only one.
_SHARED = {"service_director": "sales_director_east"}
_VACANT = ("principal_engineer_motion",)
_SOURCES = {
    "executive": ("plant_director", "engineering_director", "sales_director", "corporate_manager"),
    "plant_director": ("production_manager",),
    "production_manager": ("shift_supervisor",),
    "engineering_director": ("engineering_lead",),
    "quality_and_supply_manager": ("supply_team_lead",),
    "sales_director": ("sales_team_lead",),
    "software_director": ("software_lead",),
    "software_architect": ("senior_software_developer",),
    "principal_engineer": ("senior_design_engineer",),
    "account_manager": ("sales_representative",),
}
# role: skill and level needed; the first one weighs twice.
_SKILL_NEEDS = {
    "machine_setter": {"cnc_setup": 4, "metrology": 3},
    "maintenance_technician": {"mechatronics": 4, "plc_programming": 3},
    "line_leader_suzhou": {"people_leadership": 3, "lean_methods": 3},
    "line_leader_chengdu": {"people_leadership": 3, "lean_methods": 3},
    "design_engineer": {"mechanical_design": 3, "electronics_design": 2},
    "senior_design_engineer": {"mechanical_design": 4, "electronics_design": 3, "systems_engineering": 3},
    "principal_engineer": {"systems_engineering": 5, "electronics_design": 4},
    "test_engineer": {"test_automation": 3, "electronics_design": 3},
    "process_engineer": {"lean_methods": 4, "robotics": 3},
    "engineering_lead": {"people_leadership": 4, "systems_engineering": 3},
    "quality_engineer": {"statistical_process_control": 4, "auditing": 3},
    "service_technician": {"field_diagnostics": 3, "plc_programming": 2},
    "service_engineer": {"field_diagnostics": 4, "plc_programming": 3},
    "junior_developer": {"embedded_c": 2, "python": 2},
    "software_developer": {"embedded_c": 3, "python": 3, "cloud_services": 3},
    "senior_software_developer": {"embedded_c": 4, "cloud_services": 4, "systems_engineering": 3},
    "software_tester": {"test_automation": 3, "python": 3},
    "software_architect": {"systems_engineering": 5, "cloud_services": 5},
    "software_lead": {"people_leadership": 4, "systems_engineering": 3},
}


def write_date(month: int, day: int) -> str:
    """A day of a month counted from January of year 0, as ISO text."""
    year, number = divmod(int(month), 12)
    return f"{year:04d}-{number + 1:02d}-{int(day):02d}"


def name_people(careers: Careers) -> list[str]:
    """An id for everybody, drawn without order, so that it says nothing about when a person came."""
    numbers = np.argsort(draw_stream("ids").random(90_000), kind="stable")[: len(careers.role)]
    return [f"E{number + 10_000}" for number in numbers]


def list_history(careers: Careers, ids: list[str]) -> tuple[tuple[str, ...], Rows]:
    """Events from 2021 on; hire_date only where the join is not among them."""
    header = ("person", "date", "event", "from_role", "to_role", "cause", "hire_date")
    rows: Rows = []
    for event in careers.events:
        if event.month < HISTORY_START:
            continue
        before = event.hired[0] < HISTORY_START
        rows.append(
            (
                ids[event.person],
                write_date(event.month, event.day),
                event.event,
                event.from_role,
                event.to_role,
                event.cause,
                write_date(*event.hired) if before else "",
            )
        )
    return header, sorted(rows, key=lambda row: (row[1], row[0]))


class Staff:
    """People at the plan's start with what the simulation does not decide. All is fixed once, by its own stream."""

    def __init__(self, careers: Careers, ids: list[str]) -> None:
        self.careers, self.ids = careers, ids
        self.people = sorted(np.flatnonzero(careers.present).tolist(), key=lambda person: ids[person])
        self.by_role = {
            name: [p for p in self.people if careers.role[p] == number] for number, name in enumerate(NAMES)
        }
        self._draw_terms()
        self.manager = self._find_managers()

    def _draw_terms(self) -> None:
        draws = draw_stream("terms").random((len(self.careers.role), 6))
        self.fte, self.status, self.rating, self.contract, self.salary = {}, {}, {}, {}, {}
        for person in self.people:
            role, own = ROLES[self.careers.role[person]], draws[person]
            months = PLAN_START - int(self.careers.hired[person]) - 1
            years_in_role = (PLAN_START - int(self.careers.since[person])) / 12
            part_time = 0.06 if role.family in ("administration", "service", "software") else 0.004
            self.fte[person] = 1.0 if own[0] > part_time else 0.8 if own[0] > 0.4 * part_time else 0.5
            self.status[person] = "leave" if own[1] < (0.004 if self.careers.man[person] else 0.014) else "active"
            marks = ("A", "B", "C", "D")
            self.rating[person] = marks[int(np.searchsorted((0.15, 0.60, 0.93), own[2]))] if months >= 6 else ""
            settled = months >= 72 or role.family in ("management", "direction")
            self.contract[person] = "permanent" if settled or own[3] < 0.10 else "fixed"
            factor = 0.95 + 0.009 * min(years_in_role, 10) + 0.06 * (own[4] + own[5] - 1)
            self.salary[person] = int(round(role.salary * factor * self.fte[person] / 100) * 100)

    def _find_managers(self) -> dict[int, int]:
        """Leaders share the people of the roles that report to them evenly, in the order of ids; executives report
        to the one who has been an executive longest, who reports to nobody."""
        manager = {}
        chiefs = sorted(self.by_role["executive"], key=lambda p: (self.careers.since[p], self.careers.since_day[p]))
        for leader, reports in REPORTS.items():
            leaders = chiefs[1:] if leader == "executive" else self.by_role[leader]
            led = [person for name in reports for person in self.by_role[name]]
            for place, person in enumerate(led):
                manager[person] = leaders[place * len(leaders) // len(led)]
        manager.update(dict.fromkeys(chiefs[1:], chiefs[0]))
        return manager

    def list_people(self) -> tuple[tuple[str, ...], Rows]:
        """The table people, by id."""
        c = self.careers
        header = (
            "person",
            "role",
            "hire_date",
            "role_since",
            "fte",
            "salary",
            "birth_date",
            "gender",
            "rating",
            "manager",
            "contract",
            "status",
        )
        return header, [
            (
                self.ids[p],
                NAMES[c.role[p]],
                write_date(c.hired[p], c.hired_day[p]),
                write_date(c.since[p], c.since_day[p]),
                self.fte[p],
                self.salary[p],
                write_date(c.born[p], c.born_day[p]),
                "male" if c.man[p] else "female",
                self.rating[p],
                self.ids[self.manager[p]] if p in self.manager else "",
                self.contract[p],
                self.status[p],
            )
            for p in self.people
        ]

    def list_posts(self) -> tuple[tuple[str, ...], Rows]:
        """Critical posts; those of a role beyond the people in it stand empty, as does one just vacated."""
        return ("post", "role", "incumbent"), [
            (post, role, self.ids[holder] if holder is not None else "") for post, role, holder in self._posts()
        ]

    def _posts(self) -> Iterator[tuple[str, str, int | None]]:
        left = {
            role: sorted(self.by_role[role], key=lambda p: (self.careers.since[p], self.careers.since_day[p]))
            for role in set(_POSTS.values())
        }
        for post, role in _POSTS.items():
            yield post, role, left[role].pop(0) if left[role] and post not in _VACANT else None

    def list_successors(self) -> tuple[tuple[str, ...], Rows]:
        """Nominations from the roles below, well rated and long served first. Now and then somebody is named
        again: two posts then lean on one person."""
        draws = draw_stream("successors")
        named: dict[int, int] = {}
        rows: Rows = []
        for post, role, holder in self._posts():
            pool = [p for source in _SOURCES[role] for p in self.by_role[source] if p != holder and named.get(p, 0) < 2]
            pool.sort(
                key=lambda p: (named.get(p, 0) > 0, "ABCD".find(self.rating[p]) % 5, self.careers.since[p], self.ids[p])
            )
            if len(rows) % 4 == 3:
                pool.sort(key=lambda p: named.get(p, 0) != 1)
            for person in pool[: _NAMED.get(post, 0)]:
                named[person] = named.get(person, 0) + 1
                served = (PLAN_START - int(self.careers.since[person])) / 12
                ripe = draws.random() + 0.04 * min(served, 8)
                rows.append(
                    (post, self.ids[person], "ready_now" if ripe > 0.9 else "1-2_years" if ripe > 0.5 else "3-5_years")
                )
        for post, other in _SHARED.items():
            ready = [person for named_for, person, readiness in rows if named_for == other and readiness == "ready_now"]
            if ready:  # in another history of the company nobody may be
                rows.append((post, ready[0], "ready_now"))
        return ("post", "person", "readiness"), rows

    def list_skills(self) -> tuple[tuple[str, ...], Rows]:
        """Assessed levels around what the role needs, higher with time in it; about one in eight was never assessed."""
        draws = draw_stream("skills").random((len(self.careers.role), 3, 2))
        rows: Rows = []
        for person in self.people:
            needs = _SKILL_NEEDS.get(NAMES[self.careers.role[person]], {})
            years = (PLAN_START - int(self.careers.since[person])) / 12
            for place, (skill, level) in enumerate(needs.items()):
                assessed, luck = draws[person, place]
                if assessed >= 0.125:
                    found = level - 1.2 + 0.25 * min(years, 6) + 1.6 * (luck - 0.5)
                    rows.append((self.ids[person], skill, int(min(5, max(0, round(found))))))
        return ("person", "skill", "level"), rows


def list_skill_needs() -> tuple[tuple[str, ...], Rows]:
    """What roles need: level, and the first skill weighs twice."""
    return ("role", "skill", "level", "weight"), [
        (role, skill, level, 2 if place == 0 else 1)
        for role in sorted(_SKILL_NEEDS, key=NUMBER.__getitem__)
        for place, (skill, level) in enumerate(_SKILL_NEEDS[role].items())
    ]
