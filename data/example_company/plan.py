"""The business plan and what demand asks: roles with their terms, drivers, demand, projects, pay rules and budget.

Productivity is set so that the first month's demand lies a little above or below what the people of each role can do:
the starting gap of a role is drawn, between -2% and +5.5%.
"""

import math

from example_company.careers import Careers
from example_company.company import (
    DRIVERS,
    NAMES,
    NUMBER,
    PLAN_START,
    REPORTS,
    ROLES,
    Role,
    draw_stream,
    driver_trend,
    find_driver,
)
from example_company.people import Rows, Staff

Table = tuple[tuple[str, ...], Rows]

# family: months until fully effective, share effective on arrival, severance in months of pay, share released a year.
_TERMS = {
    "operators": (2, 0.60, 4.0, 0.04),
    "technicians": (4, 0.50, 5.0, 0.02),
    "supervision": (3, 0.60, 6.0, None),
    "engineers": (6, 0.40, 5.0, 0.02),
    "quality": (4, 0.50, 5.0, 0.02),
    "supply": (3, 0.50, 5.0, 0.03),
    "sales": (6, 0.40, 5.0, 0.03),
    "service": (3, 0.50, 5.0, 0.03),
    "software": (5, 0.45, 4.5, 0.02),
    "administration": (2, 0.60, 5.0, 0.04),
    "management": (4, 0.60, 7.0, None),
    "direction": (6, 0.60, 9.0, None),
}
# Example figures of the kind that city bureaux publish each July; not legal advice, and for the user to replace.
PAY_RULES = (
    ("Suzhou", "2025-07-01", 2490, 0.315, 4952, 24762),
    ("Suzhou", "2026-07-01", 2660, 0.315, 5100, 25500),
    ("Suzhou", "2027-07-01", 2740, 0.315, 5250, 26260),
    ("Chengdu", "2025-07-01", 2330, 0.300, 4588, 22938),
    ("Chengdu", "2026-07-01", 2330, 0.300, 4730, 23630),
    ("Chengdu", "2027-07-01", 2480, 0.300, 4870, 24340),
    ("Shanghai", "2025-07-01", 2740, 0.330, 7460, 37302),
    ("Shanghai", "2026-07-01", 2860, 0.330, 7680, 38420),
    ("Shanghai", "2027-07-01", 2860, 0.330, 7910, 39570),
)
PROJECT = ("smart_gateway", "2026-10-01", "", "Smart gateway product line in Chengdu")
_PROFILES = {
    "assembly_operator_chengdu": "-2:16; 0:36; 3:48; 9:60",
    "maintenance_technician": "-3:3; 0:5",
    "quality_inspector": "-1:5; 3:8",
    "process_engineer": "-6:4; -3:6; 0:4; 6:2",
    "test_engineer": "-5:3; 0:4; 6:2",
    "quality_engineer": "-4:2; 6:1",
    "buyer": "-4:2",
    "software_developer": "-6:8; 0:10; 6:6",
    "software_tester": "-4:3; 6:2",
    "senior_software_developer": "-6:3; 6:2",
    "service_technician": "0:4; 6:8",
    "account_manager": "-2:2; 6:4",
}
# month of the plan: how far low and high reach, as a share of the doubt at the plan's end.
_OPENING_DOUBT = 0.25


def effective_supply(staff: Staff, role: Role) -> float:
    """FTE at the plan's start: mean working time of those present x share effective by completed months of service."""
    length, arrival = _TERMS[role.family][:2]
    people = staff.by_role[role.role]
    present = sum(staff.fte[p] for p in people if staff.status[p] == "active") / len(people)
    months = [PLAN_START - int(staff.careers.hired[p]) - 1 for p in people]
    return present * sum(min(1.0, arrival + (1 - arrival) * m / length) for m in months)


def find_on_cost(role: Role) -> float:
    """Employer's contribution as a share of salary by the first rule: on the base between its floor and ceiling."""
    rate, floor, ceiling = next(rule[3:] for rule in PAY_RULES if rule[0] == role.location)
    return rate * min(max(role.salary / 12, floor), ceiling) * 12 / role.salary


class Plan:
    """The plan of the example company, calibrated to its staff."""

    def __init__(self, staff: Staff) -> None:
        draws = draw_stream("gap")
        self.staff = staff
        self.productivity, self.first_demand, self.span = {}, {}, {}
        for role in ROLES:
            supply = effective_supply(staff, role)
            driver = find_driver(role)
            gap = -0.02 + 0.06 * draws.random() + (0.015 if role.unit == "software" else 0.0)
            if driver:
                served = driver.level / (supply * (1 + gap))
                self.productivity[role.role] = float(f"{served:.4g}")
                self.first_demand[role.role] = driver.level / self.productivity[role.role]
            elif role.driver == "fixed":
                self.first_demand[role.role] = float(role.heads)
        for leader, reports in REPORTS.items():
            if ROLES[NUMBER[leader]].driver == "span":
                led = sum(self.first_demand[name] for name in reports)
                wanted = max(1, round(1.02 * effective_supply(staff, ROLES[NUMBER[leader]])))
                # A little above led / wanted, so that the first month's rounding up does not ask for one more.
                self.span[leader] = math.ceil(10 * led / wanted + 0.5) / 10
                self.first_demand[leader] = math.ceil(led / self.span[leader])

    def list_roles(self) -> Table:
        """The table roles."""
        header = (
            "role",
            "unit",
            "family",
            "grade",
            "location",
            "salary",
            "on_cost",
            "productivity",
            "ramp_months",
            "ramp_start",
            "establishment",
            "priority",
            "critical",
            "replaces_by",
            "ladder",
            "shortage_price",
            "surplus_max",
            "surplus_cost",
            "severance",
            "release_max",
            "overtime_max",
            "overtime_premium",
            "contract_max",
            "contract_cost",
            "short_time_max",
            "short_time_cost",
            "span",
        )
        rows: Rows = []
        for role in ROLES:
            ramp, arrival, months, released = _TERMS[role.family]
            manual = role.family == "operators"
            room = 1.06 if role.unit == "software" else 1.02 if role.driver != "fixed" else 1.0
            rows.append(
                (
                    role.role,
                    role.unit,
                    role.family,
                    role.grade,
                    role.location,
                    role.salary,
                    "",
                    self.productivity.get(role.role, ""),
                    ramp,
                    arrival,
                    round(role.heads * room),
                    role.priority,
                    "yes" if role.critical else "no",
                    "pull" if role.pull else "push",
                    role.grade[0],
                    "",
                    "",
                    "",
                    round(role.salary / 12 * months / 100) * 100,
                    math.ceil(role.heads * released) if released else "",
                    0.06 if manual else "",
                    0.5 if manual else "",
                    0.08 if manual else "",
                    round(1.35 * role.salary / 100) * 100 if manual else "",
                    0.10 if manual else "",
                    0.7 if manual else "",
                    self.span.get(role.role, ""),
                )
            )
        return header, rows

    def list_demand(self) -> Table:
        """The table demand: one row a role, and the staffing profile of the project."""
        header = ("role", "method", "driver", "ratio", "growth", "lead_months", "fte", "span", "reports", "profile")
        rows: Rows = []
        for role in ROLES:
            if role.driver == "span":
                rows.append(
                    (role.role, "span", "", "", "", "", "", self.span[role.role], "; ".join(REPORTS[role.role]), "")
                )
            elif role.driver == "fixed":
                rows.append((role.role, "fixed", "", "", "", "", role.heads, "", "", ""))
            else:
                lead = {"buyer": 1, "demand_planner": 2}.get(role.role, 0)
                rows.append((role.role, "ratio", role.driver, "", role.productivity_growth, lead, "", "", "", ""))
        rows += [
            (role, "project", PROJECT[0], "", "", "", "", "", "", _PROFILES[role])
            for role in NAMES
            if role in _PROFILES
        ]
        return header, rows


def list_drivers() -> Table:
    """Two years of monthly volumes: base follows trend and season; low and high open up towards the plan's end."""
    rows: Rows = []
    for driver in DRIVERS:
        for step in range(24):
            base = driver_trend(driver, PLAN_START + step) * driver.season[step % 12]
            doubt = driver.doubt * (_OPENING_DOUBT + (1 - _OPENING_DOUBT) * step / 23)
            values = (round(value, driver.decimals) for value in (base * (1 - doubt), base, base * (1 + doubt)))
            low, middle, high = (int(value) if driver.decimals <= 0 else value for value in values)
            rows.append((driver.unit, driver.driver, f"{2026 + step // 12}-{step % 12 + 1:02d}", low, middle, high))
    return ("unit", "driver", "period", "low", "base", "high"), rows


def list_past_drivers() -> Table:
    """What the volumes were in 2021..2025, as the true targets of the history used them (trend, without season)."""
    rows: Rows = []
    for driver in DRIVERS:
        for month in range(PLAN_START - 60, PLAN_START):
            value = round(driver_trend(driver, month), driver.decimals)
            rows.append(
                (
                    driver.unit,
                    driver.driver,
                    f"{month // 12}-{month % 12 + 1:02d}",
                    int(value) if driver.decimals <= 0 else value,
                )
            )
    return ("unit", "driver", "period", "value"), rows


def list_projects() -> Table:
    return ("project", "launch", "end", "title"), [PROJECT]


def list_pay_rules() -> Table:
    return ("location", "from_date", "minimum_wage", "contribution", "base_floor", "base_ceiling"), list(PAY_RULES)


def list_budget() -> Table:
    """Money a year. The total leaves little beyond pay, so that not every vacancy is worth filling; recruiting and
    development have caps of their own."""
    amounts = {
        2026: (494_500_000, 6_700_000, 520_000, 5_500_000, 1_000_000),
        2027: (519_500_000, 5_400_000, 560_000, 5_500_000, 1_000_000),
    }
    categories = ("total", "recruiting", "development", "retention", "separation")
    return ("period", "category", "amount"), [
        (year, category, amount)
        for year, parts in amounts.items()
        for category, amount in zip(categories, parts, strict=True)
    ]


def list_truth(careers: Careers) -> dict[str, Table]:
    """What the history was drawn from, for whoever wants to know how near an estimate comes."""
    from example_company.company import (
        BANDS,
        CALENDAR,
        CAUSE_SHARES,
        CAUSES,
        CURVE,
        PULL,
        PUSH,
        RETIREMENT_AGE,
        RISE_EVERY,
    )

    ends = (*BANDS[1:], "")
    hazards: Rows = [
        (role.role, start, end, cause, round(role.level * curve * share, 8))
        for role in ROLES
        for start, end, curve, shares in zip(BANDS, ends, CURVE, CAUSE_SHARES, strict=True)
        for cause, share in zip(CAUSES, shares, strict=True)
    ]
    moves: Rows = [(start, end, "push", rate, "") for (start, end), rate in PUSH.items()]
    for end, (outside, below) in PULL.items():
        moves.append(("", end, "pull", "", outside))
        moves += [(start, end, "pull", "", round((1 - outside) * share, 4)) for start, share in below.items()]
    elasticities: Rows = [
        (role.role, role.driver, 1.0, role.productivity_growth) for role in ROLES if find_driver(role)
    ]
    return {
        "hazards": (("role", "tenure_from", "tenure_to", "cause", "monthly_probability"), hazards),
        "calendar": (("month", "factor"), list(enumerate(CALENDAR, start=1))),
        "moves": (("from_role", "to_role", "kind", "yearly_rate", "share_of_vacancies"), moves),
        "productivity": (("role", "driver", "elasticity", "productivity_growth"), elasticities),
        "retirement": (
            ("group", "age_years", "rises_one_month_every"),
            [(group, months // 12, RISE_EVERY[group]) for group, months in RETIREMENT_AGE.items()],
        ),
        "past_drivers": list_past_drivers(),
    }
