"""Every knob of a scenario, defined once: type, unit, limits, default, meaning, source. Frozen, nothing extra allowed."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

PERIOD_CODES: Mapping[str, str] = {"month": "M", "quarter": "Q", "year": "Y"}
MONTHS_PER_PERIOD: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12}

_START_FORMS = {
    "month": (r"[0-9]{4}-(0[1-9]|1[0-2])", "a month, as 2026-01"),
    "quarter": (r"[0-9]{4}(Q[1-4]|-(01|04|07|10))", "a quarter, as 2026Q1, or its first month, as 2026-01"),
    "year": (r"[0-9]{4}(-01)?", 'a year, as "2026", or its first month, as 2026-01'),
}


def _knob(default: Any, meaning: str, unit: str = "", source: str = "", **limits: Any) -> Any:
    return Field(default=default, description=meaning, json_schema_extra={"unit": unit, "source": source}, **limits)


def _mapping(default: dict[str, float], meaning: str, unit: str = "", source: str = "") -> Any:
    return Field(
        default_factory=lambda: dict(default), description=meaning, json_schema_extra={"unit": unit, "source": source}
    )


def _listed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Multiplier = Annotated[float, Field(ge=0, le=100)]
Weight = Annotated[float, Field(ge=0, le=1e9)]
Multipliers = dict[str, Multiplier]
ShortageMultiple = Annotated[float, Field(gt=0, le=100)]
Priority = Literal["high", "medium", "low"]
Solver = Literal[
    "highs", "cbc", "HiGHS_CMD", "COIN_CMD", "COINMP_DLL", "CyLP", "GLPK_CMD", "PYGLPK", "SCIP_CMD",
    "FSCIP_CMD", "SCIP_PY", "CPLEX_CMD", "CPLEX_PY", "GUROBI", "GUROBI_CMD", "MOSEK", "XPRESS", "XPRESS_PY", "COPT",
    "COPT_DLL", "COPT_CMD", "CHOCO_CMD", "MIPCL_CMD", "SAS94", "SASCAS", "CUOPT",
]  # fmt: skip


class Section(BaseModel):
    """Base of every section: frozen, strict about types (a word is no number, true is no 1), unknown names refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Time(Section):
    period: Literal["month", "quarter", "year"] = _knob("month", "length of a period")
    start: str = _knob("2026-01", "first period of the plan")
    horizon: int = _knob(36, "number of periods", "periods", ge=1, le=120)

    @field_validator("start")
    @classmethod
    def _start_fits_period(cls, start: str, info: ValidationInfo) -> str:
        if "period" not in info.data:
            return start
        form, wanted = _START_FORMS[info.data["period"]]
        if not re.fullmatch(form, start) or not 1950 <= int(start[:4]) <= 2150:
            raise ValueError(f"must be {wanted}")
        return start

    @property
    def first(self) -> pd.Period:
        """The first period of the plan.

        >>> Time(period="quarter", start="2026-04").first
        Period('2026Q2', 'Q-DEC')
        """
        return pd.Period(self.start, freq=PERIOD_CODES[self.period])


class Company(Section):
    currency: str = _knob("CNY", "currency of every amount", "ISO 4217 code", pattern="^[A-Z]{3}$")


class Demand(Section):
    level: Literal["low", "base", "high"] = _knob(
        "base", "which reading of the drivers and requirements is planned for"
    )
    multiplier: Multiplier = _knob(1.0, "times every driver", "multiplier")
    multiplier_by_unit: Multipliers = _mapping({}, "times the demand of a unit, on top of multiplier", "multiplier")
    productivity_growth: float = _knob(0.0, "added to every role's productivity growth", "share a year", gt=-1, le=1)
    projects: Names = _knob((), "projects that go ahead", "names from projects")
    confidence: float = _knob(
        0.90, "coverage of the intervals of demand that is fitted (elasticity, trend)", "share", ge=0.5, le=0.999
    )


class Attrition(Section):
    observed_from: datetime.date | None = _knob(None, "first day of history that is read; null = all of it", "date")
    multiplier: Multiplier = _knob(1.0, "times every leaving hazard", "multiplier")
    multiplier_by_unit: Multipliers = _mapping({}, "times the hazards of a unit, on top of multiplier", "multiplier")
    multiplier_by_role: Multipliers = _mapping({}, "times the hazards of a role, on top of the others", "multiplier")
    confidence: float = _knob(0.90, "coverage of the intervals on rates", "share", ge=0.5, le=0.999)
    pooled: bool = _knob(True, "draw thin cells to their family, unit and company", source="Efron & Morris 1975")
    seasonality: bool = _knob(True, "let hazards differ by calendar month")
    first_period: bool = _knob(
        True,
        "people at the start may leave in the first period already; false = they are counted after its leaving",
    )


class Retirement(Section):
    rule: str = _knob(
        "none",
        "none: as estimated, with the other causes; fixed: at retirement.age; or a rule of forecast/rules/retirement.csv, "
        "as china_2025. A rule takes the place of the estimated cause retire",
        pattern="^[a-z][a-z0-9_]*$",
    )
    age: float = _knob(60.0, "age at which people retire where rule is fixed", "years", ge=16, le=100)
    early_share: float = _knob(0.0, "people who retire before the month of the rule", "share", ge=0, le=1)
    late_share: float = _knob(0.0, "people who retire after the month of the rule", "share", ge=0, le=1)
    spread_months: int = _knob(36, "months before and after over which these retire, evenly", "months", ge=0, le=600)
    worker_families: Names = _knob((), "job families whose posts count as worker posts", "names from roles.family")

    @field_validator("late_share")
    @classmethod
    def _shares_fit(cls, late: float, info: ValidationInfo) -> float:
        if late + info.data.get("early_share", 0.0) > 1.0 + 1e-12:
            raise ValueError("and early_share must not add up to more than 1")
        return late


class Mobility(Section):
    multiplier: Multiplier = _knob(1.0, "times every promotion and transfer rate", "multiplier")
    minimum_months: int = _knob(12, "time in the role before a promotion", "months", ge=0, le=600)
    counting_ratings: Names = _knob(
        (), "ratings that let people be promoted; none = whatever the rating", "names from ratings.rating"
    )
    rating_quarters: int = _knob(2, "running quarters with such a rating before a promotion", "quarters", ge=1, le=8)


class Supply(Section):
    external_hires_max: int | None = _knob(None, "most external hires; null = no limit", "heads a year", ge=0)
    channels: Names | None = _knob(None, "channels that may be used; null = all", "names from channels")
    programmes: bool = _knob(True, "allow development programmes")
    moves: bool = _knob(True, "allow redeployment")
    releases: bool = _knob(True, "allow releases where roles say so")
    retention_offers: Names = _knob((), "retention offers that are made", "names from retention")
    retention: bool = _knob(True, "let the plan decide whom the other retention offers reach")
    contractors: bool = _knob(True, "allow contractors where roles say so")
    overtime: bool = _knob(True, "allow overtime where roles say so")
    short_time: bool = _knob(True, "allow short-time working where roles say so")
    stand_ins: bool = _knob(True, "allow people of one role to do the work of another where stand_ins says so")
    requisition_days: int = _knob(
        15, "time from opening a requisition until its search begins", "working days", ge=0, le=250
    )


_SHORTAGE_MULTIPLE = {"high": 3.0, "medium": 2.0, "low": 1.2}


Goal = Literal["cost", "shortage", "releases"]
_WEIGHTS = {"cost": 1.0, "shortage": 0.0, "releases": 0.0}


class Plan(Section):
    budget: float | None = _knob(None, "money over the horizon; null = the budget table", "money", ge=0)
    budget_multiplier: Multiplier = _knob(1.0, "times every budget", "multiplier")
    shortage_multiple: dict[Priority, ShortageMultiple] = _mapping(
        _SHORTAGE_MULTIPLE,
        "price of an FTE-year short, by priority, where roles.shortage_price is blank",
        "times loaded yearly cost",
    )
    establishment: Literal["priced", "hard", "ignored"] = _knob("priced", "how authorised headcount binds")
    establishment_price: float = _knob(50_000.0, "price of a head above the establishment", "money per head-year", ge=0)
    objective: Literal["least_cost", "least_shortage", "fewest_releases", "weighted"] = _knob(
        "least_cost",
        "least_cost: money with the price of shortage; least_shortage, fewest_releases: that first, then least cost; "
        "weighted: weights x (cost, FTE-years short, releases)",
    )
    weights: dict[Goal, Weight] = _mapping(
        _WEIGHTS, "what a unit of each weighs where objective is weighted", "per money, FTE-year, release"
    )
    shortage: Literal["priced", "forbidden"] = _knob("priced", "whether demand may be left unmet at a price")
    surplus_max: float | None = _knob(None, "largest surplus over all roles with a need; null = no limit", "FTE", ge=0)
    internal_fill_min: float | None = _knob(
        None,
        "fewest of the arrivals a year, in roles with a way in from inside, that come from inside; null = no limit",
        "share",
        ge=0,
        le=1,
    )
    span: bool = _knob(False, "keep enough leaders for the people there, by the spans of demand, not only for the need")
    quarters: Literal["soft", "hard"] = _knob(
        "soft", "soft: a quarter's budget may be overrun at a price and carries over within its year; hard: it caps"
    )
    quarter_price: float = _knob(
        0.5, "price of a quarter's overrun, on top of the money itself", "money per money", ge=0, le=1000
    )
    return_ratio: float | None = _knob(
        None, "worth of the work per money below which a way is left out; null = none is", "ratio", ge=0
    )
    end_periods: int = _knob(
        0,
        "last periods that only have to be provided for: nothing is begun in them and nobody is paid; what is needed then, "
        "is needed all the same",
        "periods",
        ge=0,
        le=119,
    )
    discount_rate: float = _knob(
        0.0,
        "by which later money counts less in what the plan minimises (cost_with_shortage): money of period k, the first being "
        "0, x (1 + rate)^(-k x months / 12); costs by period and budgets are in money of their period",
        "share a year",
        "Brealey, Myers & Allen, Principles of Corporate Finance, chapter 2",
        ge=0,
        le=1,
    )
    end_value: float = _knob(
        0.0, "worth of a graduate still in training at the end; 0 = what ends later is not begun", "years of pay", ge=0
    )
    whole_periods: int = _knob(0, "first periods in which decisions are whole people", "periods", ge=0, le=120)
    gap: float = _knob(
        0.001, "how far a plan in whole people may be from the best possible", "share of the cost", ge=0, le=0.5
    )
    search_steps: int = _knob(
        100,
        "how long whole people are searched for: after so many steps the best plan so far is taken, and its gap is told",
        "steps of the solver",
        ge=1,
        le=10_000_000,
    )
    futures: int = _knob(
        0,
        "futures against which a two-stage plan is made beside the ordinary one; 0 = none is",
        "futures",
        ge=0,
        le=100,
    )
    commit_periods: int = _knob(6, "first periods whose decisions are the same in all futures", "periods", ge=1, le=120)
    risk_weight: float = _knob(
        0.5,
        "what a unit of the CVaR of the shortage cost weighs beside expected cost",
        "money per money",
        ge=0,
        le=1000,
    )
    risk_level: float = _knob(0.8, "share of futures below the tail that the CVaR is of", "share", ge=0, le=0.99)
    overrun_price: float = _knob(
        10.0,
        "price of what a future spends beyond a hard budget, on top of the money itself",
        "money per money",
        ge=0,
        le=1000,
    )
    solver: Solver = _knob("highs", "solver of the programme: highs, cbc, or PuLP's name of another that is installed")

    @field_validator("shortage_multiple", mode="before")
    @classmethod
    def _fill_priorities(cls, given: Any) -> Any:
        return {**_SHORTAGE_MULTIPLE, **given} if isinstance(given, dict) else given

    @field_validator("weights", mode="before")
    @classmethod
    def _fill_weights(cls, given: Any) -> Any:
        return {**_WEIGHTS, **given} if isinstance(given, dict) else given


class Simulation(Section):
    paths: int = _knob(200, "simulated futures", "paths", ge=1, le=100_000)
    seed: int = _knob(20_260_101, "start of every random stream", "whole number", ge=0, le=2**63 - 1)
    delays: bool = _knob(True, "planned joiners arrive by the time to fill (lead_p90), not on the planned day")
    rate_uncertainty: bool = _knob(True, "each future has leaving rates of its own, as unsure as their estimates")
    demand_uncertainty: bool = _knob(True, "each future has a demand of its own, between the plan's low and high")
    backfill: bool = _knob(True, "posts that fall empty beyond the plan are filled again after the time to fill")


class Succession(Section):
    outside_months: float = _knob(
        6.0,
        "time to fill a critical post from outside in half of the searches, where no channel reaches its role",
        "months",
        ge=0,
        le=120,
    )
    outside_p90: float = _knob(10.0, "the same in nine of ten searches", "months", ge=0, le=240)
    pool_years: int = _knob(5, "how far talent pools are looked ahead", "years", ge=1, le=10)

    @field_validator("outside_p90")
    @classmethod
    def _slow_after_half(cls, slow: float, info: ValidationInfo) -> float:
        if slow < info.data.get("outside_months", slow):
            raise ValueError("must not be below outside_months")
        return slow


class Privacy(Section):
    minimum_group: int = _knob(5, "smallest group whose figures are shown", "people", ge=1, le=1000)


class Alerts(Section):
    coverage_amber: float = _knob(0.97, "supply over demand below which a unit turns amber", "share", ge=0, le=1)
    coverage_red: float = _knob(0.90, "supply over demand below which a unit turns red", "share", ge=0, le=1)
    turnover_amber: float = _knob(0.15, "yearly turnover above which a unit turns amber", "share a year", ge=0, le=5)
    turnover_red: float = _knob(0.20, "yearly turnover above which a unit turns red", "share a year", ge=0, le=5)

    overrun_amber: float = _knob(
        0.20,
        "probability that the lived-through plan overruns a budget above which it turns amber",
        "share",
        ge=0,
        le=1,
    )
    overrun_red: float = _knob(0.50, "probability of it above which it turns red", "share", ge=0, le=1)

    @field_validator("coverage_red")
    @classmethod
    def _red_below_amber(cls, red: float, info: ValidationInfo) -> float:
        if red > info.data.get("coverage_amber", red):
            raise ValueError("must not be above coverage_amber")
        return red

    @field_validator("turnover_red")
    @classmethod
    def _red_above_amber(cls, red: float, info: ValidationInfo) -> float:
        if red < info.data.get("turnover_amber", red):
            raise ValueError("must not be below turnover_amber")
        return red

    @field_validator("overrun_red")
    @classmethod
    def _overrun_above_amber(cls, red: float, info: ValidationInfo) -> float:
        if red < info.data.get("overrun_amber", red):
            raise ValueError("must not be below overrun_amber")
        return red


class Report(Section):
    languages: Annotated[tuple[Literal["en", "zh"], ...], BeforeValidator(_listed)] = _knob(
        ("en", "zh"), "languages of the report", min_length=1
    )


class Assumptions(Section):
    """All knobs of one scenario.

    >>> Assumptions().plan.shortage_multiple["high"]
    3.0
    """

    title: str = _knob("", "what people call the scenario")
    why: str = _knob("", "why it is looked at")
    time: Time = Field(default_factory=Time, description="when")
    company: Company = Field(default_factory=Company, description="the company")
    demand: Demand = Field(default_factory=Demand, description="what is needed")
    attrition: Attrition = Field(default_factory=Attrition, description="who leaves")
    retirement: Retirement = Field(default_factory=Retirement, description="who retires when")
    mobility: Mobility = Field(default_factory=Mobility, description="who moves")
    supply: Supply = Field(default_factory=Supply, description="what may be done")
    plan: Plan = Field(default_factory=Plan, description="what is sought")
    simulation: Simulation = Field(default_factory=Simulation, description="what may happen")
    succession: Succession = Field(default_factory=Succession, description="how critical posts are filled")
    privacy: Privacy = Field(default_factory=Privacy, description="what is not shown")
    alerts: Alerts = Field(default_factory=Alerts, description="when to warn")
    report: Report = Field(default_factory=Report, description="what is written")
    tables: dict[str, str] = Field(
        default_factory=dict,
        description="another file, inside the data folder, for a table",
        json_schema_extra={"unit": "table: file name", "source": ""},
    )


SECTIONS: Mapping[str, type[Section]] = {
    name: field.annotation
    for name, field in Assumptions.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
}
