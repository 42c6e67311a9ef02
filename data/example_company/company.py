"""What is true of the example company. Everything here is invented: no row describes a real person or a real employer.

A manufacturer of controls in Suzhou and Chengdu, with sales and head office in Shanghai and a growing software unit.
Rates of leaving are probabilities a month, as people are present at the opening of the month; rates of moving are
probabilities a year. Money is CNY. Months are counted from January of year 0 (12 x year + month - 1).
"""

from dataclasses import dataclass

import numpy as np

SEED = 20_260_101
PLAN_START = 2026 * 12
HISTORY_START = 2021 * 12
FOUNDED = 2006 * 12


@dataclass(frozen=True)
class Role:
    """One planning cell: `heads` is the target at the plan's start, `level` the monthly chance of leaving where the
    tenure curve and the calendar factor are 1, `productivity_growth` a share a year, `fill` the chance that an open
    post is filled within a month."""

    role: str
    unit: str
    family: str
    grade: str
    location: str
    salary: int
    heads: int
    level: float
    driver: str
    productivity_growth: float
    fill: float
    priority: str = "medium"
    critical: bool = False
    pull: bool = False


def _role(unit: str, text: str) -> Role:
    name, family, grade, location, salary, heads, level, driver, growth, fill, *flags = text.split()
    priority = next((flag for flag in flags if flag in ("high", "low")), "medium")
    return Role(
        name,
        unit,
        family,
        grade,
        location,
        int(salary),
        int(heads),
        float(level),
        driver,
        float(growth),
        float(fill),
        priority,
        "critical" in flags,
        "pull" in flags,
    )


# role family grade location salary heads level driver productivity_growth fill flags
_TABLE = {
    "production": """
assembly_operator_suzhou operators P1 Suzhou 84000 425 0.0181 units_suzhou 0.020 0.66 high
assembly_operator_chengdu operators P1 Chengdu 74000 262 0.0166 units_chengdu 0.020 0.66 high
machining_operator operators P1 Suzhou 92000 172 0.0145 units_suzhou 0.025 0.62 high
machine_setter technicians P2 Suzhou 114000 76 0.0090 units_suzhou 0.020 0.48
maintenance_technician technicians P3 Suzhou 122000 66 0.0084 units_suzhou 0.010 0.45 high critical
line_leader_suzhou supervision M1 Suzhou 134000 48 0.0062 span 0 0.40 high pull
line_leader_chengdu supervision M1 Chengdu 118000 18 0.0062 span 0 0.40 high pull
shift_supervisor supervision M2 Suzhou 182000 14 0.0055 span 0 0.38 pull
production_manager management M3 Suzhou 330000 4 0.0045 span 0 0.35 critical pull
plant_director direction M4 Suzhou 720000 2 0.0050 fixed 0 0.35 critical pull
""",
    "engineering": """
design_engineer engineers P3 Suzhou 192000 86 0.0120 engineering_projects 0.010 0.42
test_engineer engineers P3 Suzhou 168000 45 0.0118 engineering_projects 0.015 0.42
process_engineer engineers P4 Suzhou 186000 58 0.0106 engineering_projects 0.010 0.42 high
senior_design_engineer engineers P5 Suzhou 292000 46 0.0086 engineering_projects 0.010 0.36 high critical
principal_engineer engineers P6 Suzhou 470000 14 0.0066 engineering_projects 0.010 0.33 critical
engineering_lead management M2 Suzhou 380000 25 0.0058 span 0 0.38 pull
engineering_director direction M4 Suzhou 840000 3 0.0050 span 0 0.35 critical pull
""",
    "quality_and_supply": """
quality_inspector operators P2 Suzhou 88000 92 0.0137 lots_inspected 0.020 0.60
quality_engineer quality P3 Suzhou 166000 40 0.0094 lots_inspected 0.010 0.42 high
warehouse_operator operators P1 Suzhou 80000 88 0.0153 orders_shipped 0.020 0.62 low
buyer supply P3 Suzhou 152000 30 0.0097 orders_shipped 0.015 0.44
demand_planner supply P3 Suzhou 164000 20 0.0097 orders_shipped 0.015 0.42
logistics_coordinator supply P2 Suzhou 112000 35 0.0112 orders_shipped 0.015 0.48
supply_team_lead supervision M1 Suzhou 168000 21 0.0058 span 0 0.40 pull
quality_and_supply_manager management M3 Suzhou 345000 4 0.0045 span 0 0.35 critical pull
""",
    "sales_and_service": """
account_manager sales P4 Shanghai 248000 58 0.0110 orders_booked 0.010 0.42 high critical
sales_representative sales P3 Shanghai 152000 69 0.0143 orders_booked 0.010 0.50
service_technician service P2 Shanghai 118000 79 0.0111 service_tickets 0.020 0.48 high
service_engineer service P4 Shanghai 188000 36 0.0089 service_tickets 0.015 0.42
customer_support_agent service P2 Chengdu 86000 46 0.0147 service_tickets 0.030 0.56
sales_team_lead management M2 Shanghai 330000 24 0.0062 span 0 0.38 pull
sales_director direction M4 Shanghai 820000 3 0.0055 span 0 0.35 critical pull
""",
    "software": """
junior_developer software P3 Chengdu 168000 62 0.0154 features_delivered 0.020 0.50
software_developer software P4 Chengdu 262000 114 0.0137 features_delivered 0.020 0.42 high critical
senior_software_developer software P5 Chengdu 392000 56 0.0105 features_delivered 0.015 0.38 high critical
software_tester software P3 Chengdu 186000 37 0.0132 features_delivered 0.030 0.44
software_architect software P7 Chengdu 690000 8 0.0076 connected_devices 0.060 0.32 high critical
software_lead management M2 Chengdu 460000 27 0.0064 span 0 0.38 high critical pull
software_director direction M4 Chengdu 900000 3 0.0058 span 0 0.55 critical pull
""",
    "corporate": """
hr_specialist administration P3 Shanghai 150000 24 0.0082 revenue 0.030 0.42 low
accountant administration P3 Shanghai 156000 26 0.0078 revenue 0.030 0.42
it_support administration P2 Suzhou 120000 20 0.0100 revenue 0.030 0.46 low
administrator administration P2 Suzhou 98000 24 0.0092 revenue 0.040 0.48 low
corporate_manager management M3 Shanghai 380000 12 0.0050 fixed 0 0.35 critical pull
executive direction M5 Shanghai 1450000 4 0.0035 fixed 0 0.30 critical pull
""",
}
ROLES = tuple(_role(unit, line) for unit, text in _TABLE.items() for line in text.strip().splitlines())
NAMES = tuple(role.role for role in ROLES)
NUMBER = {name: index for index, name in enumerate(NAMES)}
UNITS = tuple(_TABLE)

BANDS = (0, 3, 6, 12, 24, 60, 120)
CURVE = (2.3, 2.0, 1.6, 1.25, 0.90, 0.62, 0.50)
CALENDAR = (0.80, 1.25, 1.55, 1.25, 0.95, 0.90, 1.00, 1.00, 0.95, 0.85, 0.80, 0.70)
# Share of each cause among those who leave before retirement, by tenure band: dismissals gather in probation.
CAUSES = ("resign", "dismissed", "other")
CAUSE_SHARES = (
    (0.72, 0.24, 0.04),
    (0.78, 0.17, 0.05),
    (0.84, 0.11, 0.05),
    (0.86, 0.09, 0.05),
    (0.86, 0.08, 0.06),
    (0.84, 0.08, 0.08),
    (0.80, 0.08, 0.12),
)

# Months of age at which people retire, before the gradual rise from 2025 (model.md, section 1).
RETIREMENT_AGE = {"men": 60 * 12, "women_cadre": 55 * 12, "women_worker": 50 * 12}
RISE_EVERY = {"men": 4, "women_cadre": 4, "women_worker": 2}
RISE_FROM = 2025 * 12
WORKER_FAMILIES = ("operators", "technicians")

# from_role, to_role: probability a year for those with at least twelve completed months of service.
PUSH = {
    ("assembly_operator_suzhou", "machining_operator"): 0.020,
    ("assembly_operator_suzhou", "maintenance_technician"): 0.007,
    ("assembly_operator_suzhou", "quality_inspector"): 0.008,
    ("assembly_operator_suzhou", "warehouse_operator"): 0.006,
    ("assembly_operator_chengdu", "assembly_operator_suzhou"): 0.006,
    ("machining_operator", "machine_setter"): 0.030,
    ("machine_setter", "maintenance_technician"): 0.020,
    ("maintenance_technician", "service_technician"): 0.015,
    ("design_engineer", "senior_design_engineer"): 0.055,
    ("design_engineer", "process_engineer"): 0.010,
    ("test_engineer", "software_tester"): 0.020,
    ("test_engineer", "design_engineer"): 0.020,
    ("process_engineer", "quality_engineer"): 0.010,
    ("senior_design_engineer", "principal_engineer"): 0.020,
    ("quality_inspector", "quality_engineer"): 0.012,
    ("warehouse_operator", "logistics_coordinator"): 0.025,
    ("logistics_coordinator", "buyer"): 0.020,
    ("buyer", "demand_planner"): 0.020,
    ("sales_representative", "account_manager"): 0.060,
    ("service_technician", "service_engineer"): 0.035,
    ("customer_support_agent", "sales_representative"): 0.030,
    ("junior_developer", "software_developer"): 0.200,
    ("software_developer", "senior_software_developer"): 0.085,
    ("software_tester", "junior_developer"): 0.030,
    ("senior_software_developer", "software_architect"): 0.018,
    ("it_support", "junior_developer"): 0.030,
    ("administrator", "hr_specialist"): 0.025,
}
# to_role: share of vacancies filled from outside, and the shares of the roles below among those filled from inside.
PULL = {
    "line_leader_suzhou": (
        0.10,
        {"assembly_operator_suzhou": 0.50, "machining_operator": 0.25, "machine_setter": 0.25},
    ),
    "line_leader_chengdu": (0.15, {"assembly_operator_chengdu": 1.0}),
    "shift_supervisor": (0.20, {"line_leader_suzhou": 0.75, "line_leader_chengdu": 0.25}),
    "production_manager": (0.30, {"shift_supervisor": 1.0}),
    "plant_director": (0.40, {"production_manager": 1.0}),
    "engineering_lead": (0.25, {"senior_design_engineer": 0.60, "process_engineer": 0.25, "test_engineer": 0.15}),
    "engineering_director": (0.35, {"engineering_lead": 1.0}),
    "supply_team_lead": (
        0.20,
        {
            "logistics_coordinator": 0.25,
            "warehouse_operator": 0.20,
            "quality_inspector": 0.20,
            "quality_engineer": 0.20,
            "buyer": 0.15,
        },
    ),
    "quality_and_supply_manager": (0.30, {"supply_team_lead": 1.0}),
    "sales_team_lead": (0.25, {"account_manager": 0.60, "service_engineer": 0.25, "sales_representative": 0.15}),
    "sales_director": (0.40, {"sales_team_lead": 1.0}),
    "software_lead": (0.30, {"senior_software_developer": 0.85, "software_tester": 0.15}),
    "software_director": (0.45, {"software_lead": 1.0}),
    "corporate_manager": (0.30, {"accountant": 0.40, "hr_specialist": 0.35, "it_support": 0.10, "administrator": 0.15}),
    "executive": (0.50, {"plant_director": 0.30, "engineering_director": 0.40, "sales_director": 0.30}),
}

# leader: the roles that report to it. Span is found from the heads at the plan's start.
REPORTS = {
    "line_leader_suzhou": (
        "assembly_operator_suzhou",
        "machining_operator",
        "machine_setter",
        "maintenance_technician",
    ),
    "line_leader_chengdu": ("assembly_operator_chengdu",),
    "shift_supervisor": ("line_leader_suzhou", "line_leader_chengdu"),
    "production_manager": ("shift_supervisor",),
    "plant_director": ("production_manager",),
    "engineering_lead": (
        "design_engineer",
        "test_engineer",
        "process_engineer",
        "senior_design_engineer",
        "principal_engineer",
    ),
    "engineering_director": ("engineering_lead",),
    "supply_team_lead": (
        "quality_inspector",
        "quality_engineer",
        "warehouse_operator",
        "buyer",
        "demand_planner",
        "logistics_coordinator",
    ),
    "quality_and_supply_manager": ("supply_team_lead",),
    "sales_team_lead": (
        "account_manager",
        "sales_representative",
        "service_technician",
        "service_engineer",
        "customer_support_agent",
    ),
    "sales_director": ("sales_team_lead",),
    "software_lead": (
        "junior_developer",
        "software_developer",
        "senior_software_developer",
        "software_tester",
        "software_architect",
    ),
    "software_director": ("software_lead",),
    "corporate_manager": ("hr_specialist", "accountant", "it_support", "administrator"),
    "executive": (
        "plant_director",
        "engineering_director",
        "quality_and_supply_manager",
        "sales_director",
        "software_director",
        "corporate_manager",
    ),
}


@dataclass(frozen=True)
class Driver:
    """A volume a month: `level` at the plan's start; growth a year before 2021, in 2021..2025, and in the plan;
    `doubt` is how far low and high lie from base at the plan's end; `season` the calendar factors, January = 1."""

    driver: str
    unit: str
    level: float
    before: float
    past: tuple[float, ...]
    plan: float
    doubt: float
    season: tuple[float, ...]
    decimals: int = 0


_PLANT = (1.0, 0.97, 1.0, 1.005, 1.005, 1.0, 0.995, 1.0, 1.01, 1.01, 1.02, 1.01)
_ORDERS = (1.0, 0.96, 1.01, 1.01, 1.01, 1.015, 1.0, 1.0, 1.015, 1.01, 1.02, 1.02)
_EVEN = (1.0,) * 12
DRIVERS = (
    Driver("units_suzhou", "production", 412_000, 0.060, (0.045, 0.015, 0.050, 0.060, 0.045), 0.044, 0.06, _PLANT, -2),
    Driver("units_chengdu", "production", 196_000, 0.080, (0.050, 0.020, 0.055, 0.065, 0.055), 0.052, 0.07, _PLANT, -2),
    Driver(
        "engineering_projects", "engineering", 64, 0.070, (0.050, 0.045, 0.050, 0.055, 0.050), 0.050, 0.06, _EVEN, 1
    ),
    Driver(
        "lots_inspected", "quality_and_supply", 9_200, 0.060, (0.045, 0.020, 0.045, 0.055, 0.045), 0.042, 0.06, _PLANT
    ),
    Driver(
        "orders_shipped",
        "quality_and_supply",
        21_500,
        0.065,
        (0.045, 0.020, 0.050, 0.055, 0.045),
        0.044,
        0.06,
        _ORDERS,
        -1,
    ),
    Driver(
        "orders_booked", "sales_and_service", 1_850, 0.060, (0.050, 0.020, 0.045, 0.055, 0.045), 0.045, 0.08, _ORDERS
    ),
    Driver(
        "service_tickets",
        "sales_and_service",
        7_400,
        0.070,
        (0.050, 0.050, 0.050, 0.055, 0.050),
        0.052,
        0.07,
        _EVEN,
        -1,
    ),
    Driver("features_delivered", "software", 212, 0.230, (0.210, 0.190, 0.180, 0.190, 0.180), 0.172, 0.12, _EVEN, 1),
    Driver("connected_devices", "software", 96_000, 0.280, (0.260, 0.240, 0.230, 0.220, 0.220), 0.220, 0.14, _EVEN, -2),
    Driver("revenue", "company", 265, 0.070, (0.055, 0.025, 0.060, 0.065, 0.055), 0.055, 0.07, _ORDERS, 1),
)


def draw_stream(topic: str) -> np.random.Generator:
    """Uniform numbers of one topic, so that a change in one table leaves the others as they are. Only `random()` is
    drawn from it: those bytes do not change between releases of numpy."""
    return np.random.Generator(np.random.PCG64([SEED, *topic.encode()]))


def driver_trend(driver: Driver, month: int) -> float:
    """The driver's trend (without season) in a month: growth compounds month by month within each calendar year."""
    value, at = driver.level, PLAN_START
    while at < month:
        value, at = value * (1 + driver.plan) ** (1 / 12), at + 1
    while at > month:
        at -= 1
        year = at // 12
        growth = driver.past[year - 2021] if 2021 <= year <= 2025 else driver.before
        value /= (1 + growth) ** (1 / 12)
    return value


def find_driver(role: Role) -> Driver | None:
    """The driver of a ratio role; None for span and fixed."""
    return next((driver for driver in DRIVERS if driver.driver == role.driver), None)


def reach_targets(months: int) -> np.ndarray:
    """Posts by role (rows) and month from FOUNDED (columns): heads x driver / productivity, both relative to the plan's
    start; leaders follow their reports; fixed roles are constant. Rounded, at least one."""
    grid = np.zeros((len(ROLES), months))
    trend = {}
    for driver in DRIVERS:
        trend[driver.driver] = np.array([driver_trend(driver, FOUNDED + step) for step in range(months)]) / driver.level
    years = (FOUNDED + np.arange(months) - PLAN_START) / 12
    for row, role in enumerate(ROLES):
        if role.driver in trend:
            grid[row] = role.heads * trend[role.driver] / (1 + role.productivity_growth) ** years
        elif role.driver == "fixed":
            grid[row] = role.heads
    for leader, reports in REPORTS.items():
        row = NUMBER[leader]
        if ROLES[row].driver == "span":
            led = sum(grid[NUMBER[name]] for name in reports)
            grid[row] = ROLES[row].heads * led / sum(ROLES[NUMBER[name]].heads for name in reports)
    return np.maximum(1, np.round(grid)).astype(int)


def find_hazards() -> np.ndarray:
    """[role, tenure band] chance of leaving in a month of calendar factor 1, all causes but retirement together."""
    return np.outer([role.level for role in ROLES], CURVE)
