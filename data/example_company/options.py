"""What may be done: channels, programmes, moves and retention offers, with what they cost and how long they take."""

from example_company.company import NUMBER, PULL, ROLES
from example_company.people import Rows
from example_company.plan import Table

# family (or role) channel cost_of_an_offer lead_months heads_a_month arrive quality screened interviewed offered
_CHANNELS = """
operators agency 2600 1 16 0.86 1.25 0.70 0.75 0.80
operators job_board 1100 1 12 0.80 1.08 0.45 0.60 0.70
operators referral 1900 1 8 0.92 0.82 0.80 0.80 0.85
operators campus 1500 5 8 0.88 0.92 0.75 0.80 0.80
operators express_lane 5200 0 6 0.88 1.10 0.60 0.80 0.85
technicians job_board 3800 3 1 0.82 1.05 0.35 0.50 0.60
technicians referral 3600 2 1 0.92 0.82 0.65 0.70 0.75
technicians agency 24000 3 1 0.88 1.05 0.50 0.65 0.70
machine_setter campus 3200 6 1 0.88 0.95 0.60 0.65 0.75
maintenance_technician express_lane 32000 1 1 0.88 1.05 0.55 0.70 0.75
supervision job_board 6500 3 1 0.80 1.00 0.30 0.45 0.50
supervision agency 26000 3 1 0.88 1.00 0.45 0.60 0.60
design_engineer campus 6800 7 2 0.85 0.95 0.30 0.45 0.60
test_engineer campus 6800 7 1 0.85 0.95 0.30 0.45 0.60
design_engineer job_board 8500 3 1 0.78 1.05 0.20 0.40 0.45
test_engineer job_board 8200 3 1 0.78 1.05 0.20 0.40 0.45
process_engineer job_board 8500 3 1 0.78 1.05 0.20 0.40 0.45
engineers referral 9500 2 1 0.90 0.80 0.55 0.60 0.60
process_engineer agency 40000 3 1 0.86 1.00 0.45 0.55 0.55
senior_design_engineer agency 68000 4 1 0.86 1.00 0.40 0.50 0.50
principal_engineer agency 118000 5 1 0.86 0.95 0.40 0.50 0.45
engineers express_lane 58000 1 1 0.86 1.05 0.45 0.60 0.60
quality job_board 6500 3 1 0.80 1.05 0.25 0.45 0.50
quality agency 32000 3 1 0.86 1.00 0.45 0.55 0.60
supply job_board 5200 2 2 0.82 1.05 0.30 0.50 0.55
supply referral 5000 2 1 0.92 0.82 0.60 0.65 0.65
supply agency 26000 2 1 0.88 1.00 0.50 0.60 0.60
sales job_board 7000 2 2 0.80 1.12 0.30 0.45 0.50
sales referral 8000 2 1 0.90 0.84 0.60 0.60 0.60
sales agency 40000 3 1 0.86 1.05 0.50 0.55 0.55
service job_board 3600 2 3 0.82 1.05 0.35 0.50 0.60
customer_support_agent job_board 2400 1 2 0.82 1.08 0.45 0.60 0.65
service campus 3400 6 1 0.86 0.95 0.55 0.60 0.70
service referral 3900 2 1 0.92 0.82 0.65 0.70 0.70
service_engineer agency 30000 3 1 0.88 1.05 0.50 0.60 0.65
junior_developer campus 9800 7 4 0.82 0.95 0.25 0.40 0.55
junior_developer job_board 9000 2 2 0.78 1.06 0.20 0.40 0.45
software_developer job_board 14000 3 2 0.76 1.08 0.15 0.35 0.40
software_tester job_board 9500 3 1 0.78 1.05 0.20 0.40 0.45
software referral 14000 2 2 0.88 0.80 0.50 0.55 0.55
software_developer agency 54000 3 2 0.84 1.02 0.40 0.50 0.50
senior_software_developer agency 92000 4 1 0.84 1.00 0.40 0.50 0.45
software_tester agency 38000 3 1 0.84 1.02 0.40 0.50 0.50
software_architect agency 168000 5 1 0.84 0.95 0.35 0.45 0.40
software_developer express_lane 82000 1 1 0.84 1.08 0.40 0.55 0.55
administration job_board 4200 2 2 0.84 1.02 0.25 0.45 0.55
administration referral 4000 2 1 0.92 0.84 0.60 0.65 0.65
administration agency 24000 2 1 0.88 1.00 0.45 0.55 0.60
management agency 95000 4 2 0.88 1.00 0.40 0.50 0.45
direction executive_search 260000 6 1 0.90 0.95 0.35 0.45 0.45
"""

# family (or role) channel offers_a_month cost of each offer beyond: the best applicants of a channel come first.
_TIERS = """
operators agency 8 3400
operators job_board 6 1900
operators job_board 9 3000
operators referral 4 2900
operators express_lane 3 6800
design_engineer campus 1 9500
software_developer job_board 1 19000
software referral 1 21000
junior_developer campus 2 14500
service job_board 2 5200
"""

# stage family people_a_month: interviewers for the families that hire most.
_STAGES = """
interviewed operators 50
interviewed software 60
interviewed engineers 30
"""

# programme from_role to_role months seats cost pass_rate away mentor eligible
_PROGRAMMES = """
setter_training machining_operator machine_setter 4 1 5200 0.92 0.15 0.06 0.15
technician_apprenticeship assembly_operator_suzhou maintenance_technician 9 2 9800 0.85 0.25 0.08 0.08
inspector_training assembly_operator_suzhou quality_inspector 2 2 1800 0.95 0.15 0.04 0.15
machining_training assembly_operator_suzhou machining_operator 3 3 3600 0.92 0.20 0.05 0.20
line_leader_school_suzhou assembly_operator_suzhou line_leader_suzhou 4 2 7200 0.88 0.10 0.02 0.06
line_leader_school_chengdu assembly_operator_chengdu line_leader_chengdu 4 1 7200 0.88 0.10 0.02 0.06
engineer_to_lead senior_design_engineer engineering_lead 6 1 32000 0.90 0.10 0.04 0.20
design_academy design_engineer senior_design_engineer 6 1 18000 0.88 0.10 0.05 0.20
software_academy junior_developer software_developer 5 2 14000 0.90 0.15 0.06 0.30
senior_developer_track software_developer senior_software_developer 6 2 22000 0.86 0.10 0.05 0.20
tester_conversion test_engineer software_tester 4 1 12000 0.90 0.20 0.08 0.10
software_lead_programme senior_software_developer software_lead 6 1 36000 0.90 0.10 0.04 0.20
service_engineer_academy service_technician service_engineer 5 1 9000 0.90 0.15 0.06 0.20
sales_lead_programme account_manager sales_team_lead 6 1 28000 0.90 0.10 0.04 0.15
leadership_programme engineering_lead engineering_director 12 1 90000 0.80 0.08 0.02 0.25
"""

# from_role to_role delay cost arrive ramp_months max_per_month; redeployment between neighbouring jobs.
_REDEPLOYMENT = """
assembly_operator_suzhou machining_operator 1 2200 0.92 2 3
assembly_operator_suzhou warehouse_operator 0 900 0.97 1 4
warehouse_operator assembly_operator_suzhou 0 1800 0.94 1 1
assembly_operator_suzhou quality_inspector 1 1600 0.92 2 2
quality_inspector assembly_operator_suzhou 0 1800 0.95 1 1
assembly_operator_suzhou assembly_operator_chengdu 1 9000 0.80 1 4
assembly_operator_chengdu assembly_operator_suzhou 1 9000 0.80 1 4
design_engineer process_engineer 1 6000 0.95 3 1
test_engineer design_engineer 1 6000 0.95 3 1
process_engineer quality_engineer 1 6000 0.95 3 1
logistics_coordinator buyer 1 3000 0.95 2 1
buyer demand_planner 1 3000 0.95 2 1
service_engineer account_manager 1 9000 0.90 4 1
administrator hr_specialist 1 3500 0.95 3 1
"""

# offer family cost effect reach
_RETENTION = """
operator_stay_bonus operators 2400 0.28 0.45
technician_skill_allowance technicians 4800 0.30 0.50
engineer_project_bonus engineers 12000 0.28 0.40
software_equity software 20000 0.32 0.40
sales_deferred_bonus sales 11000 0.25 0.40
leader_allowance management 18000 0.30 0.50
"""

# What nine hires in ten keep within: lead_months x this + half a month, to the half month. Campus rounds keep their dates.
_SLOWEST = {
    "agency": 1.5,
    "job_board": 1.7,
    "referral": 1.4,
    "campus": 1.1,
    "express_lane": 1.3,
    "executive_search": 1.6,
}


def _split(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


def list_channels() -> Table:
    """Stage shares: of those who apply, who pass the screen, the interview, get an offer, and start (= arrive)."""
    header = (
        "channel",
        "role",
        "family",
        "cost",
        "lead_months",
        "lead_p90",
        "capacity",
        "arrive",
        "quality",
        "applied",
        "screened",
        "interviewed",
        "offered",
        "joined",
    )
    rows: Rows = []
    for target, *terms, arrive, quality, screened, interviewed, offered in _split(_CHANNELS):
        role, family = (target, "") if target in NUMBER else ("", target)
        channel, cost, lead, capacity = terms
        slow = round(2 * (int(lead) * _SLOWEST[channel] + 0.5)) / 2
        rows.append(
            (
                channel,
                role,
                family,
                cost,
                lead,
                slow,
                capacity,
                arrive,
                quality,
                "1.00",
                screened,
                interviewed,
                offered,
                arrive,
            )
        )
    return header, rows


def list_channel_tiers() -> Table:
    """Steps of a channel's cost; those of a row that names a role stand under the role."""
    rows: Rows = []
    for target, channel, above, cost in _split(_TIERS):
        role, family = (target, "") if target in NUMBER else ("", target)
        rows.append((channel, role, family, above, cost))
    return ("channel", "role", "family", "above", "cost"), rows


def list_stage_capacity() -> Table:
    """Most people a month whom a stage of recruiting can take, through all channels."""
    return ("stage", "family", "capacity"), [tuple(row) for row in _split(_STAGES)]


def list_programmes() -> Table:
    """Ways to develop."""
    header = ("programme", "from_role", "to_role", "months", "seats", "cost", "pass_rate", "away", "mentor", "eligible")
    return header, [tuple(row) for row in _split(_PROGRAMMES)]


def list_moves() -> Table:
    """Redeployment, and the promotions into roles that are filled by vacancy."""
    rows: Rows = [tuple(row) for row in _split(_REDEPLOYMENT)]
    for leader, (_, below) in PULL.items():
        salary = ROLES[NUMBER[leader]].salary
        for source in below:
            rows.append((source, leader, 1, round(salary * 0.02 / 100) * 100, "1.00", 3 if salary < 200_000 else 4, 1))
    return ("from_role", "to_role", "delay", "cost", "arrive", "ramp_months", "max_per_month"), rows


def list_retention() -> Table:
    """Offers to stay: cost a year per person reached, share of the hazard removed, share of staff that takes it."""
    rows: Rows = [(offer, "", *rest[:1], *rest[1:]) for offer, *rest in _split(_RETENTION)]
    return ("offer", "role", "family", "cost", "effect", "reach"), rows
