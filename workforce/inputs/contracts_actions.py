"""Contracts of the tables that say what may be done, with what money and under which rules, and what was measured."""

from workforce.inputs.columns import CATEGORIES, Column, Contract, amount_column, role_column, share_column

TARGET = (
    role_column(required=False, meaning="the role it is for"),
    Column(
        "family", refers_to="roles.family", meaning="or the family it is for; role and family both blank = all roles"
    ),
)

_PER = Column(
    "per",
    default="month",
    choices=("month", "year"),
    meaning="what the limit of the row counts in: a month of each period, or a calendar year",
)
_TARGET_SHARE = share_column(
    "max_share_of_target", "most that arrive in a period, as a share of the target role's stock at its close"
)

LIMITED = (
    "hire", "develop", "move", "release", "keep", "contract", "overtime", "short_time", "shortage", "surplus", "heads",
    "training", "stand_in",
)  # fmt: skip
"""What a rule of the table limits may count."""

STAGES = ("applied", "screened", "interviewed", "offered", "joined")
"""The recruiting funnel in order: of those who enter a stage, the share of the same name passes it."""

ACTION_CONTRACTS = (
    Contract(
        "channels",
        ("channel", "role", "family"),
        (
            Column("channel", required=True, meaning="a way to hire"),
            *TARGET,
            amount_column("cost", "money per offer", "cost of one offer", required=True),
            amount_column("lead_months", "months", "from decision to first day", kind="whole", required=True),
            amount_column(
                "lead_p90", "months", "reached by nine hires in ten; lead_months is the middle; blank = lead_months"
            ),
            amount_column("capacity", "heads a month", "most hires, over all roles of the row; blank = no limit"),
            _PER,
            amount_column("pool", "heads", "a warm pool: most hires over the whole horizon; blank = no limit"),
            Column(
                "contract_months",
                "whole",
                minimum=1,
                unit="months",
                meaning="the contract ends after so long and the joiner leaves; blank = open-ended",
            ),
            share_column("arrive", "offers that start; blank = joined, or 1"),
            Column(
                "quality",
                "number",
                default=1.0,
                above=0,
                maximum=10,
                unit="multiplier",
                meaning="on the first year's leaving hazard",
            ),
            *(
                share_column(stage, f"{meaning}; blank = no such stage", above=0)
                for stage, meaning in (
                    ("applied", "of those who apply, who goes to the screen"),
                    ("screened", "of those screened, who is interviewed"),
                    ("interviewed", "of those interviewed, who is put up for an offer"),
                    ("offered", "of those put up, who gets an offer"),
                )
            ),
            share_column("joined", "of those who get an offer, who starts: the same as arrive"),
        ),
        "a way to hire",
        "external hiring",
    ),
    Contract(
        "channel_tiers",
        ("channel", "role", "family", "above"),
        (
            Column("channel", required=True, meaning="a channel, with role and family as its row of channels has them"),
            *TARGET,
            Column(
                "above",
                "number",
                required=True,
                above=0,
                unit="offers",
                meaning="offers beyond so many, counted as the channel's capacity is (a month, or per year)",
            ),
            amount_column("cost", "money per offer", "cost of each offer beyond", required=True),
        ),
        "a step of a channel's rising cost",
    ),
    Contract(
        "stage_capacity",
        ("stage", "channel", "role", "family"),
        (
            Column("stage", required=True, choices=STAGES, meaning="the stage of the recruiting funnel"),
            Column("channel", refers_to="channels.channel", meaning="a channel; blank = all of them together"),
            *TARGET,
            amount_column("capacity", "people a month", "most who can enter the stage", required=True),
        ),
        "a limit on a stage of recruiting",
    ),
    Contract(
        "programmes",
        ("programme",),
        (
            Column("programme", required=True, meaning="a way to develop"),
            role_column("from_role"),
            role_column("to_role"),
            amount_column("months", "months", "length", kind="whole", required=True),
            amount_column("seats", "starts a month", "most starts; blank = no limit"),
            _PER,
            amount_column("cost", "money a seat", "cost of one trainee", required=True),
            share_column("pass_rate", "trainees who graduate", 1.0),
            share_column("away", "working time spent in training", 0.0),
            amount_column("mentor", "FTE per trainee", "time taken from the destination role", 0.0),
            share_column("eligible", "share of the source stock that may start", 1.0),
            share_column("fail_leave", "share of those who fail that leaves the company at the end", 0.0),
            role_column("mentor_role", required=False, meaning="role that gives the mentors; blank = to_role"),
            _TARGET_SHARE,
        ),
        "a way to develop",
        "development programmes",
    ),
    Contract(
        "moves",
        ("from_role", "to_role"),
        (
            role_column("from_role"),
            role_column("to_role"),
            amount_column("delay", "months", "from decision to the new role", 0.0),
            amount_column("cost", "money a head", "cost of one move", 0.0),
            share_column("arrive", "movers who arrive", 1.0),
            amount_column("ramp_months", "months", "until fully effective in the new role", 0.0),
            amount_column("max_per_month", "heads a month", "most moves; blank = no limit"),
            _PER,
            _TARGET_SHARE,
        ),
        "an allowed redeployment",
        "redeployment",
    ),
    Contract(
        "stand_ins",
        ("from_role", "to_role"),
        (
            role_column("from_role", meaning="the role whose people do the work"),
            role_column("to_role", meaning="the role whose work they do, staying in their own"),
            Column(
                "worth",
                "number",
                default=1.0,
                above=0,
                maximum=10,
                unit="FTE per FTE",
                meaning="work of the other role that a full-time person does",
            ),
            share_column("max_share", "most of what the role can do (effective FTE) that goes there at once", 1.0),
            amount_column("cost", "money per FTE-year", "what it costs besides pay", 0.0),
        ),
        "work that one role may do for another, without a move",
    ),
    Contract(
        "retention",
        ("offer", "role", "family"),
        (
            Column("offer", required=True, meaning="an offer to stay"),
            *TARGET,
            amount_column("cost", "money a year", "per person reached", required=True),
            share_column("effect", "share of the leaving hazard removed", required=True),
            share_column("reach", "share of the staff that takes it", required=True),
        ),
        "an offer to stay",
        "retention offers",
    ),
    Contract(
        "under_way",
        ("via", "role", "period"),
        (
            Column("via", required=True, meaning="the channel or programme by which they come"),
            role_column(meaning="the role they come into"),
            Column("period", "period", required=True, meaning="when they arrive, or their programme ends"),
            amount_column("heads", "heads", "offers made, or trainees in the programme, at the start", required=True),
        ),
        "people on their way at the start",
    ),
    Contract(
        "limits",
        ("limit", "period", "action", "via", "role", "family", "unit", "from_role"),
        (
            Column("limit", required=True, meaning="name of the rule; its rows add up to one sum"),
            Column(
                "action",
                required=True,
                choices=LIMITED,
                meaning="what is counted: what is begun in a period (hire: offers; contract, overtime, "
                "stand_in, shortage, surplus: FTE), or who is there at its close (heads; training: in a programme)",
            ),
            Column("via", meaning="of hire, develop, training, keep: the channel, programme or offer; blank = any"),
            role_column(
                required=False, meaning="the role; of hire, develop, training, move, stand_in: the one they serve"
            ),
            Column("family", refers_to="roles.family", meaning="only roles of this family; blank = any"),
            Column("unit", refers_to="roles.unit", meaning="only roles of this unit; blank = any"),
            role_column(
                "from_role", False, "of develop, training, move, stand_in: the role they come from; blank = any"
            ),
            Column(
                "times",
                "number",
                default=1.0,
                minimum=-1e6,
                maximum=1e6,
                unit="per head or FTE",
                meaning="what one of it counts for in the sum",
            ),
            Column("period", "period", meaning="the month, quarter or year it holds in; blank = in all of the plan"),
            Column(
                "per",
                default="period",
                choices=("period", "year", "plan"),
                meaning="what the sum is over where no period is named: each period, each calendar year, or the plan",
            ),
            Column(
                "least",
                "number",
                minimum=-1e9,
                maximum=1e9,
                unit="heads or FTE",
                meaning="least of the sum, in one of its rows; blank = none",
            ),
            Column(
                "most",
                "number",
                minimum=-1e9,
                maximum=1e9,
                unit="heads or FTE",
                meaning="most of the sum, in one of its rows; blank = no limit",
            ),
        ),
        "a part of a rule that a plan keeps: a sum of decisions or people, at least or at most so many",
    ),
    Contract(
        "posts",
        ("post",),
        (
            Column("post", required=True, meaning="a critical post"),
            role_column(),
            Column("incumbent", refers_to="people.person", meaning="person id; blank = empty"),
        ),
        "a critical post",
        "succession",
    ),
    Contract(
        "successors",
        ("post", "person"),
        (
            Column("post", required=True, refers_to="posts.post", meaning="a post of posts"),
            Column("person", required=True, refers_to="people.person", meaning="the nominee's id"),
            Column(
                "readiness", required=True, choices=("ready_now", "1-2_years", "3-5_years"), meaning="time until ready"
            ),
        ),
        "a nomination",
        "succession cover",
    ),
    Contract(
        "skills",
        ("person", "skill"),
        (
            Column("person", required=True, refers_to="people.person", meaning="person id"),
            Column("skill", required=True, meaning="name of the skill"),
            Column("level", "number", required=True, minimum=0, maximum=5, unit="level", meaning="0 none to 5 expert"),
        ),
        "a person's level",
        "the skills matrix",
    ),
    Contract(
        "skill_needs",
        ("role", "skill"),
        (
            role_column(),
            Column("skill", required=True, meaning="name of the skill"),
            Column("level", "number", required=True, minimum=0, maximum=5, unit="level", meaning="needed level"),
            amount_column("weight", "weight", "importance", 1.0),
        ),
        "a role's need",
        "skill gaps",
    ),
    Contract(
        "budget",
        ("period", "category"),
        (
            Column("period", "period", required=True, choices=("year", "quarter"), meaning="year or quarter"),
            Column("category", required=True, choices=("total", *CATEGORIES), meaning="what the money is for"),
            amount_column("amount", "money", "the most that may be spent", required=True),
        ),
        "money",
        "the budget table",
    ),
    Contract(
        "price_index",
        ("category", "via", "role", "family", "period"),
        (
            Column(
                "category",
                required=True,
                choices=("all", *CATEGORIES, "shortage", "surplus"),
                meaning="whose prices: of people (pay, contractors, overtime, short time), hiring, programmes and moves, "
                "offers to stay, releases, being short, a surplus; all = every one of them",
            ),
            Column(
                "via", meaning="of recruiting, development, retention: the channel, programme or offer; blank = any"
            ),
            *TARGET,
            Column("period", "period", required=True, meaning="the month, quarter or year it holds in"),
            amount_column(
                "times",
                "multiplier",
                "times what the other tables say; rows that fit together multiply",
                required=True,
                maximum=1000,
            ),
        ),
        "a price that differs by period",
    ),
    Contract(
        "pay_rules",
        ("location", "from_date"),
        (
            Column("location", required=True, meaning="as in roles.location"),
            Column("from_date", "date", required=True, meaning="first day the rule holds"),
            amount_column("minimum_wage", "money a month", "statutory minimum"),
            share_column("contribution", "employer's contribution as a share of its base", maximum=2),
            amount_column("base_floor", "money a month", "floor of the base"),
            amount_column("base_ceiling", "money a month", "ceiling of the base"),
        ),
        "statutory rates and floors",
        "statutory contributions and pay floors",
    ),
    Contract(
        "projects",
        ("project",),
        (
            Column("project", required=True, meaning="name of the project"),
            Column("launch", "date", required=True, meaning="launch day"),
            Column("end", "date", meaning="last day; blank = open"),
            Column("title", meaning="title"),
        ),
        "a dated project",
        "projects",
    ),
    Contract(
        "seats",
        ("location",),
        (
            Column("location", required=True, refers_to="roles.location", meaning="place of work"),
            amount_column("seats", "seats", "places to sit", kind="whole", required=True),
        ),
        "places to sit",
        "use of seats",
    ),
    Contract(
        "actuals",
        ("role", "period"),
        (
            role_column(),
            Column("period", "period", required=True, meaning="the month, quarter or year"),
            amount_column("headcount", "heads", "at the close", required=True),
            amount_column("joiners", "heads", "in the period"),
            amount_column("leavers", "heads", "in the period"),
            amount_column("cost", "money", "in the period"),
        ),
        "an actual month",
        "plan against actuals",
    ),
    Contract(
        "scores",
        ("unit", "period", "score"),
        (
            Column("unit", required=True, refers_to="roles.unit", also=("company",), meaning="unit, or company"),
            Column("period", "period", required=True, meaning="the month, quarter or year"),
            Column("score", required=True, meaning="name of the score"),
            Column("value", "number", required=True, meaning="its value"),
        ),
        "an imported engagement or collaboration score",
        "imported scores",
    ),
)
