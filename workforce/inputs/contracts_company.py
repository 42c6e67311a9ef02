"""Contracts of the tables that say who is there, what is known of them, and what the business needs."""

from workforce.inputs.columns import CAUSES, Column, Contract, amount_column, role_column, share_column

COMPANY_CONTRACTS = (
    Contract(
        "roles",
        ("role",),
        (
            Column("role", required=True, meaning="name of the planning cell"),
            Column("unit", required=True, meaning="organisational unit"),
            Column("family", required=True, meaning="job family"),
            Column("grade", meaning="grade"),
            Column("location", meaning="place of work; names the pay rule"),
            amount_column("salary", "money a year", "pay of one full-time person", required=True),
            share_column(
                "on_cost",
                "employer's cost on top of salary; blank = from pay_rules by location, else 0",
                maximum=2,
                unit="share of salary",
            ),
            Column(
                "productivity",
                "number",
                above=0,
                unit="driver units",
                meaning="driver units one FTE serves per driver period",
            ),
            amount_column("ramp_months", "months", "time from arrival until fully effective", 0.0),
            share_column("ramp_start", "share effective on arrival", 0.5),
            amount_column("establishment", "heads", "authorised headcount"),
            Column(
                "priority", default="medium", choices=("high", "medium", "low"), meaning="how much a shortage hurts"
            ),
            Column("critical", "flag", default=False, meaning="a critical role"),
            Column(
                "replaces_by",
                default="push",
                choices=("push", "pull"),
                meaning="promotion by eligibility or by vacancy",
            ),
            Column("ladder", meaning="career ladder the role belongs to"),
            amount_column(
                "shortage_price",
                "money per FTE-year",
                "price of a shortage; blank = by priority (plan.shortage_multiple)",
            ),
            amount_column("surplus_max", "FTE", "largest surplus allowed; blank = no limit"),
            amount_column("surplus_cost", "money per FTE-year", "extra cost of a surplus"),
            amount_column("severance", "money per head", "cost of one release"),
            amount_column("release_max", "heads a year", "most releases; blank = none allowed"),
            share_column("overtime_max", "most overtime, as a share of the stock; blank = none allowed"),
            amount_column("overtime_premium", "share of pay", "premium on pay for overtime"),
            share_column("contract_max", "most contractors, as a share of the stock; blank = none allowed"),
            amount_column("contract_cost", "money per FTE-year", "cost of a contractor"),
            share_column("short_time_max", "most short-time working, as a share of the stock; blank = none allowed"),
            share_column("short_time_cost", "pay that continues for the time not worked"),
            Column(
                "span", "number", above=0, unit="reports per leader", meaning="reports one leader of this role leads"
            ),
        ),
        "a planning cell",
    ),
    Contract(
        "stock",
        ("role",),
        (
            role_column(),
            amount_column("headcount", "heads", "people at the start", required=True),
        ),
        "headcount at the start, instead of people",
    ),
    Contract(
        "rates",
        ("role", "tenure_from", "cause"),
        (
            role_column(),
            amount_column(
                "tenure_from",
                "months",
                "completed months of service from which the rate holds",
                kind="whole",
                required=True,
            ),
            Column(
                "cause",
                required=True,
                choices=(*CAUSES, "all"),
                meaning="cause of leaving; all = causes not told apart",
            ),
            share_column(
                "yearly_rate",
                "probability that a person present at the opening of a year has left by its end",
                required=True,
            ),
        ),
        "a stated leaving rate",
    ),
    Contract(
        "transitions",
        ("from_role", "to_role"),
        (
            role_column("from_role"),
            role_column("to_role"),
            share_column(
                "yearly_rate",
                "probability that a person present at the opening of a year has moved by its end",
                required=True,
            ),
        ),
        "a stated promotion or transfer rate",
    ),
    Contract(
        "required",
        ("role", "period"),
        (
            role_column(),
            Column("period", "period", required=True, meaning="month, quarter or year"),
            amount_column("fte", "FTE", "requirement", required=True),
            amount_column("low", "FTE", "low reading; blank = fte"),
            amount_column("high", "FTE", "high reading; blank = fte"),
        ),
        "a stated requirement, instead of drivers",
    ),
    Contract(
        "people",
        ("person",),
        (
            Column("person", required=True, meaning="pseudonymous id"),
            role_column(),
            Column("hire_date", "date", required=True, meaning="first day of the present employment"),
            Column("role_since", "date", meaning="first day in the present role; blank = hire_date"),
            Column("fte", "number", default=1.0, above=0, maximum=1.5, unit="FTE", meaning="working time"),
            amount_column("salary", "money a year", "actual pay; blank = the role's"),
            Column("birth_date", "date", meaning="for retirement by age"),
            Column("gender", choices=("female", "male", "other"), meaning="for retirement rules; blank = not known"),
            Column("rating", meaning="last performance rating"),
            Column("manager", meaning="person id of the manager"),
            Column("contract", meaning="kind of contract"),
            Column("status", default="active", choices=("active", "leave"), meaning="leave = absent, still employed"),
        ),
        "a person at the start",
        "tenure, age and names of people",
    ),
    Contract(
        "history",
        ("person", "date", "event"),
        (
            Column("person", required=True, meaning="pseudonymous id"),
            Column("date", "date", required=True, meaning="day of the event"),
            Column("event", required=True, choices=("join", "leave", "move"), meaning="what happened"),
            role_column("from_role", False, "role left; needed for leave and move"),
            role_column("to_role", False, "role entered; needed for join and move"),
            Column("cause", choices=CAUSES, meaning="cause of leaving; blank on a leave = other"),
            Column(
                "after",
                "date",
                meaning="of snapshots: the event is after this day and not later than date; blank = exact",
            ),
            Column("hire_date", "date", meaning="last hire date of this person, when the join is not in the file"),
        ),
        "an event",
        "rates estimated from the company's own past",
    ),
    Contract(
        "ratings",
        ("person", "quarter"),
        (
            Column("person", required=True, meaning="pseudonymous id"),
            Column("quarter", "period", required=True, choices=("quarter",), meaning="the quarter rated"),
            Column("rating", required=True, meaning="the rating"),
        ),
        "a performance rating",
    ),
    Contract(
        "drivers",
        ("unit", "driver", "period"),
        (
            Column("unit", required=True, refers_to="roles.unit", also=("company",), meaning="unit, or company"),
            Column("driver", required=True, meaning="name of the volume"),
            Column("period", "period", required=True, meaning="month, quarter or year"),
            Column("low", "number", minimum=0, unit="driver units", meaning="low reading; blank = base"),
            Column("base", "number", required=True, minimum=0, unit="driver units", meaning="plan"),
            Column("high", "number", minimum=0, unit="driver units", meaning="high reading; blank = base"),
        ),
        "a driver in a period",
    ),
    Contract(
        "demand",
        ("role", "method", "driver"),
        (
            role_column(),
            Column(
                "method",
                required=True,
                choices=("ratio", "elasticity", "trend", "span", "project", "fixed"),
                meaning="how the need is found; several rows of a role add up",
            ),
            Column("driver", meaning="ratio, elasticity: the driver; project: the project"),
            Column(
                "ratio",
                "number",
                above=0,
                unit="driver units per FTE",
                meaning="per driver period; blank = roles.productivity",
            ),
            Column(
                "growth",
                "number",
                minimum=-1,
                maximum=1,
                default=0.0,
                unit="share a year",
                meaning="productivity growth; for elasticity also that of the past",
            ),
            amount_column("lead_months", "months", "the need comes this long before the driver", 0.0, kind="whole"),
            amount_column("fte", "FTE", "posts of method fixed"),
            Column("span", "number", above=0, unit="reports per leader", meaning="for span; blank = roles.span"),
            Column(
                "reports",
                meaning="for span: roles led, separated by ';'; blank = all other roles of the unit without span",
            ),
            Column(
                "profile",
                meaning="for project: 'months from launch:FTE' pairs, as '-6:2; -3:8; 0:20'; held until the next",
            ),
            Column(
                "season",
                meaning="need by calendar month for ratio, elasticity, trend: 'month:factor' pairs, as '2:0.9; 11:1.2'; "
                "a month not named = 1",
            ),
            Column(
                "gains",
                meaning="projects that raise productivity from their launch on: 'project:share' pairs, as 'new_system:0.05'; "
                "counted where demand.projects names the project",
            ),
        ),
        "how a role is needed",
    ),
)
