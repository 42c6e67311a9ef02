"""A company small enough to check by hand: two units, four roles, 32 people, two years of history, one year of plan.

Nothing here is drawn at random, so the counts below can be read off the code: 12 clerks, 2 leads, 12 pickers, 6 drivers
at 2026-01-01; in 2024 and 2025 together 10 leavers (6 clerks, 3 pickers, 1 driver), 8 joiners and 1 move.
"""

from pathlib import Path

FILES = {
    "roles": "role,unit,family,grade,location,salary,on_cost,productivity,ramp_months,establishment,priority,critical,"
    """severance,release_max,span
clerk,service,office,P1,Suzhou,90000,0.3,100,2,16,high,no,20000,4,
lead,service,leaders,M1,Suzhou,160000,0.3,,0,3,medium,yes,,,8
picker,warehouse,floor,P1,Chengdu,70000,0.3,200,1,14,medium,no,15000,4,
driver,warehouse,transport,P2,Chengdu,85000,,400,1,8,low,no,,,
""",
    "demand": """role,method,driver,ratio,growth,lead_months,fte,span,reports
clerk,ratio,calls,,0,1,,,
lead,span,,,,,,8,clerk
picker,ratio,parcels,,0.02,0,,,
driver,fixed,,,,,6,,
""",
    "channels": """channel,role,family,cost,lead_months,capacity,arrive
agency,,,8000,1,4,0.8
job_board,,floor,2000,2,2,0.9
""",
    "programmes": """programme,from_role,to_role,months,seats,cost,pass_rate,away,mentor,eligible
lead_school,clerk,lead,3,1,12000,0.8,0.1,0.1,0.25
""",
    "moves": """from_role,to_role,delay,cost,arrive,ramp_months,max_per_month
picker,driver,1,3000,0.9,2,1
""",
    "retention": """offer,role,family,cost,effect,reach
stay_bonus,clerk,,5000,0.3,0.5
""",
    "budget": """period,category,amount
2026,total,5000000
2026,recruiting,100000
""",
    "pay_rules": """location,from_date,minimum_wage,contribution,base_floor,base_ceiling
Chengdu,2025-01-01,2100,0.28,4500,22000
""",
    "posts": """post,role,incumbent
service_head,lead,lead-01
night_lead,lead,
""",
    "successors": """post,person,readiness
service_head,clerk-01,ready_now
night_lead,clerk-01,1-2_years
night_lead,clerk-02,3-5_years
""",
    "skills": """person,skill,level
clerk-01,calls,4
clerk-02,calls,2
""",
    "skill_needs": """role,skill,level,weight
clerk,calls,3,1
""",
}

BASE = """title: Base
why: The plan as it stands.
time: {period: month, start: "2026-01", horizon: 12}
company: {currency: CNY}
demand: {level: base, multiplier: 1.0, multiplier_by_unit: {}, productivity_growth: 0.0, projects: []}
attrition:
  observed_from: null
  multiplier: 1.0
  multiplier_by_unit: {}
  multiplier_by_role: {}
  confidence: 0.90
  pooled: true
  seasonality: false
mobility: {multiplier: 1.0, minimum_months: 12}
supply: {external_hires_max: null, channels: null, programmes: true, moves: true, releases: true, retention_offers: []}
plan:
  budget: null
  budget_multiplier: 1.0
  shortage_multiple: {high: 3.0, medium: 2.0, low: 1.2}
  establishment: priced
  establishment_price: 50000
  solver: highs
simulation: {paths: 20, seed: 20260101}
privacy: {minimum_group: 5}
alerts: {coverage_amber: 0.97, coverage_red: 0.90, turnover_amber: 0.15, turnover_red: 0.20}
report: {languages: [en, zh]}
tables: {}
"""

HEADS = {"clerk": 12, "lead": 2, "picker": 12, "driver": 6}
JOINED = {"clerk-11": "2024-05-01", "clerk-12": "2025-03-03", "picker-10": "2024-09-02", "picker-11": "2025-02-10",
          "picker-12": "2025-06-02", "driver-06": "2025-10-13"}  # fmt: skip
LEFT = [  # person, role, hired, left, cause; the last two were hired within the two years
    ("gone-01", "clerk", "2019-04-01", "2024-02-29", "resign"),
    ("gone-02", "clerk", "2022-07-04", "2024-06-28", "resign"),
    ("gone-03", "clerk", "2021-01-11", "2024-11-15", "resign"),
    ("gone-04", "clerk", "2020-03-02", "2025-03-31", "other"),
    ("gone-05", "clerk", "2018-09-03", "2025-08-29", "resign"),
    ("gone-06", "picker", "2015-05-04", "2024-08-30", "retire"),
    ("gone-07", "picker", "2023-02-01", "2025-02-14", "dismissed"),
    ("gone-08", "driver", "2017-06-01", "2025-09-30", "resign"),
    ("gone-09", "clerk", "2024-03-04", "2025-03-14", "resign"),
    ("gone-10", "picker", "2024-10-08", "2025-01-10", "resign"),
]


def write_people() -> str:
    lines = ["person,role,hire_date,role_since,fte,salary,birth_date,gender,rating,manager,contract,status"]
    for role, heads in HEADS.items():
        for number in range(1, heads + 1):
            person = f"{role}-{number:02d}"
            hired = JOINED.get(person, f"{2012 + number % 11}-{1 + number % 12:02d}-15")
            since = "2025-04-01" if person == "lead-02" else ""
            born = f"{1970 + 2 * number}-06-15"
            manager = "lead-01" if role == "clerk" else ""
            gender = "female" if number % 2 else "male"
            fte = "0.5" if person == "clerk-03" else "1"
            lines.append(f"{person},{role},{hired},{since},{fte},,{born},{gender},B,{manager},permanent,active")
    return "\n".join(lines) + "\n"


def write_history() -> str:
    lines = ["person,date,event,from_role,to_role,cause,hire_date"]
    for person, day in JOINED.items():
        lines.append(f"{person},{day},join,,{person[:-3]},,")
    for person, role, hired, left, cause in LEFT:
        if hired >= "2024":
            lines.append(f"{person},{hired},join,,{role},,")
            hired = ""
        lines.append(f"{person},{left},leave,{role},,{cause},{hired}")
    lines.append("lead-02,2025-04-01,move,clerk,lead,,")
    return "\n".join(lines) + "\n"


def write_drivers() -> str:
    """calls of service grow from 1200 by 10 a month; parcels of the company stay at 2600; 14 months, for the lead."""
    lines = ["unit,driver,period,low,base,high"]
    for month in range(14):
        period = f"{2026 + month // 12}-{month % 12 + 1:02d}"
        calls = 1200 + 10 * month
        lines.append(f"service,calls,{period},{calls - 100},{calls},{calls + 100}")
        lines.append(f"company,parcels,{period},,2600,")
    return "\n".join(lines) + "\n"


def write_tiny_case(folder: Path) -> Path:
    """Write data/ and scenarios/base.yaml into the folder, without fault; the folder comes back."""
    data, scenarios = folder / "data", folder / "scenarios"
    data.mkdir(parents=True)
    scenarios.mkdir()
    texts = {**FILES, "people": write_people(), "history": write_history(), "drivers": write_drivers()}
    for table, text in texts.items():
        (data / f"{table}.csv").write_text(text, encoding="utf-8")
    (scenarios / "base.yaml").write_text(BASE, encoding="utf-8")
    return folder
