"""A made-up run for the tests of the report: seeded, and consistent with itself (every stock balance closes)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from workforce.inputs.assumptions import Assumptions

UNITS = ("Assembly", "Software", "Sales", "研发中心", "Quality", "Administration")
CAUSES = ("resign", "dismissed", "retire", "other")
CHANNELS = ("campus", "job_board", "referral", "猎头")


@dataclass(frozen=True)
class SyntheticCase:
    """As much of a case as the report reads."""

    name: str
    scenario: object
    assumptions: Assumptions
    periods: pd.PeriodIndex
    data: Path
    tables: object
    changes: pd.DataFrame
    notes: tuple
    months_per_period: int = 1


@dataclass(frozen=True)
class SyntheticResults:
    """As the pipeline gives them."""

    case: SyntheticCase
    tables: dict
    summary: dict
    seconds: dict = field(default_factory=dict)


def make_case(
    folder: Path, name: str = "base", periods: int = 24, budget: float | None = None, freq: str = "M"
) -> SyntheticCase:
    """A case whose input files lie in `folder`."""
    data, scenarios = folder / "data", folder / "scenarios"
    data.mkdir(parents=True, exist_ok=True)
    scenarios.mkdir(exist_ok=True)
    (data / "roles.csv").write_text("role,unit\nwelder,Assembly\n", encoding="utf-8")
    (scenarios / f"{name}.yaml").write_text(f"title: {name}\n", encoding="utf-8")
    start, length = {"M": ("2026-01", "month"), "Q": ("2026Q1", "quarter"), "Y": ("2026", "year")}[freq]
    changes = pd.DataFrame(columns=["knob", "base", "value", "file"])
    if name != "base":
        changes = pd.DataFrame(
            [
                {"knob": "supply.external_hires_max", "base": None, "value": 40, "file": f"scenarios/{name}.yaml"},
                {"knob": "plan.budget_multiplier", "base": 1.0, "value": 0.9, "file": f"scenarios/{name}.yaml"},
            ]
        )
    assumptions = Assumptions.model_validate(
        {
            "title": {"base": "Base plan", "growth": "Growth of the software unit"}.get(name, f"Scenario {name}"),
            "why": "what the board agreed in autumn" if name == "base" else "option B of the cost round",
            "time": {"start": start, "horizon": periods, "period": length},
            "plan": {"budget": budget},
        }
    )
    scenario = SimpleNamespace(
        name=name,
        title=assumptions.title,
        why=assumptions.why,
        assumptions=assumptions,
        sources={"time.start": "scenarios/base.yaml"},
        files=(scenarios / f"{name}.yaml",),
    )
    tables = SimpleNamespace(files={"roles": "roles.csv"}, present=frozenset({"roles"}))
    notes = (("switched_off", {"table": "skills"}), ("no_history", {}))
    return SyntheticCase(
        name,
        scenario,
        assumptions,
        pd.period_range(start, periods=periods, freq=freq),
        data,
        tables,
        changes,
        notes,
        {"M": 1, "Q": 3, "Y": 12}[freq],
    )


def make_results(
    folder: Path,
    name: str = "base",
    roles: int = 12,
    units: int = 4,
    periods: int = 24,
    seed: int = 7,
    hiring: float = 1.0,
    freq: str = "M",
) -> SyntheticResults:
    """A whole set of results; `hiring` scales what the plan hires, so scenarios differ."""
    case = make_case(folder, name, periods, freq=freq)
    draws = np.random.default_rng(seed)
    horizon, length = case.periods, {"M": 12, "Q": 4, "Y": 1}[freq]
    names = [
        f"{['welder', 'engineer', 'buyer', '质检员', 'analyst', 'clerk'][r % 6]} {'MP'[r % 2]}{1 + r // 6}"
        for r in range(roles)
    ]
    unit_of = [UNITS[r % units] for r in range(roles)]
    opening = draws.integers(12, 120, roles).astype(float)
    required = np.array(
        [
            opening[r] * (1 + 0.02 * draws.normal() + (0.012 if r % 3 == 0 else -0.001) * np.arange(periods))
            for r in range(roles)
        ]
    )
    stocks, costs, actions = [], [], []
    closing = {}
    for reading in ("expected", "plan"):
        closing[reading] = np.zeros((roles, periods))
        for r in range(roles):
            stock = opening[r]
            for t in range(periods):
                leavers = stock * (0.012 + 0.004 * (r % 4))
                released = 0.0
                joiners, moved_in, moved_out = 0.0, 0.0, 0.3 if r + 1 < roles else 0.0
                moved_in = 0.3 if r > 0 else 0.0
                if reading == "plan":
                    joiners = hiring * max(0.0, min(required[r, t] - stock + leavers, 0.06 * opening[r]))
                    if t == 6 and required[r, t] < 0.95 * stock:
                        released = 2.0
                    leavers += released
                    if joiners:
                        actions.append(
                            {
                                "period": horizon[max(t - 2, 0)],
                                "action": "hire",
                                "via": CHANNELS[r % 4],
                                "from_role": "",
                                "to_role": names[r],
                                "heads": joiners,
                                "arrives": horizon[t],
                                "cost": joiners * 9_000.0,
                            }
                        )
                    if released:
                        actions.append(
                            {
                                "period": horizon[t],
                                "action": "release",
                                "via": "",
                                "from_role": names[r],
                                "to_role": "",
                                "heads": released,
                                "arrives": horizon[t],
                                "cost": released * 60_000.0,
                            }
                        )
                    for category, amount in (
                        ("people", stock * 240_000.0 / length),
                        ("recruiting", joiners * 9_000.0),
                        ("development", 2_000.0 if r % 5 == 0 else 0.0),
                        ("separation", released * 60_000.0),
                    ):
                        costs.append(
                            {
                                "period": horizon[t],
                                "role": names[r],
                                "unit": unit_of[r],
                                "category": category,
                                "amount": amount,
                            }
                        )
                after = stock + joiners + moved_in - moved_out - leavers
                stocks.append(
                    {
                        "reading": reading,
                        "role": names[r],
                        "unit": unit_of[r],
                        "period": horizon[t],
                        "opening": stock,
                        "joiners": joiners,
                        "moves_in": moved_in,
                        "moves_out": moved_out,
                        "leavers": leavers,
                        "released": released,
                        "closing": after,
                        "effective_fte": 0.97 * after,
                    }
                )
                closing[reading][r, t] = stock = after
    for t in range(0, periods, 6):
        actions.append(
            {
                "period": horizon[t],
                "action": "develop",
                "via": "academy",
                "from_role": names[0],
                "to_role": names[1],
                "heads": 4.0,
                "arrives": horizon[min(t + 3, periods - 1)],
                "cost": 80_000.0,
            }
        )
        actions.append(
            {
                "period": horizon[t],
                "action": "move",
                "via": "",
                "from_role": names[-1],
                "to_role": names[0],
                "heads": 2.0,
                "arrives": horizon[t],
                "cost": 10_000.0,
            }
        )
    stocks, costs, actions = pd.DataFrame(stocks), pd.DataFrame(costs), pd.DataFrame(actions)
    cells = [(r, t) for r in range(roles) for t in range(periods)]
    demand = pd.DataFrame(
        [
            {
                "role": names[r],
                "unit": unit_of[r],
                "period": horizon[t],
                "low": 0.94 * required[r, t],
                "base": required[r, t],
                "high": 1.07 * required[r, t],
                "required": required[r, t],
            }
            for r, t in cells
        ]
    )
    gap = stocks[["reading", "role", "unit", "period", "effective_fte"]].merge(
        demand[["role", "period", "required"]], on=["role", "period"]
    )
    gap["gap"] = gap["required"] - gap["effective_fte"]
    gap["shortage"], gap["surplus"] = gap["gap"].clip(lower=0), (-gap["gap"]).clip(lower=0)
    tables = {
        "demand": demand,
        "stocks": stocks,
        "gap": gap,
        "actions": actions,
        "calendar": _make_calendar(actions, unit_of, names),
        "costs": costs,
        "attrition": _make_attrition(names, unit_of, draws),
        "supply": _make_supply(stocks),
        "budget": _make_budget(costs),
        "prices": _make_prices(horizon),
        "stress": _make_stress(gap, draws),
        "succession": _make_succession(names),
        "talent_pool": _make_pools(),
        "kpis": _make_kpis(units),
        "alerts": _make_alerts(units),
        "reasons": pd.DataFrame(
            [
                {"order": 1, "key": "hires_total", "values": '{"heads": 120.0, "cost": 1080000.0}'},
                {"order": 2, "key": "releases_total", "values": '{"heads": 4.0, "cost": 240000.0}'},
            ]
        ),
    }
    return SyntheticResults(case, tables, _make_summary(case, tables), {"read": 0.1, "forecast": 0.2, "optimise": 0.3})


def _make_calendar(actions, unit_of, names):
    """Each hire asked for a quarter ahead; the first role also through a project, with a start that no channel reaches."""
    hires = actions[actions["action"] == "hire"]
    unit = dict(zip(names, unit_of, strict=True))
    table = pd.DataFrame(
        {
            "period": hires["arrives"],
            "source": "plan",
            "role": hires["to_role"],
            "unit": hires["to_role"].map(unit),
            "starts": hires["heads"],
            "offers": hires["heads"] / 0.8,
            "channel": hires["via"],
            "choice": "plan",
            "lead_p50": 2.0,
            "lead_p90": 3.0,
        }
    )
    project = table.head(2).assign(source="new_line", choice=["cheapest", "fastest"], lead_p90=[4.0, 1.0])
    project = pd.concat([project.iloc[[0, 0]], project.iloc[[1]]]) if len(project) == 2 else project
    if len(project) == 3:
        project = project.assign(
            period=project["period"].iloc[0],
            role=[names[0], names[-1], names[0]],
            choice=["cheapest", "none", "fastest"],
        )
    table = pd.concat([project, table], ignore_index=True)
    needed = pd.to_datetime([period.start_time for period in table["period"]])
    table["needed"] = needed
    table["open_by_p50"] = needed - pd.to_timedelta(30 * table["lead_p50"].to_numpy(), unit="D")
    table["open_by"] = needed - pd.to_timedelta(30 * table["lead_p90"].to_numpy(), unit="D")
    unreached = table["choice"] == "none"
    table.loc[unreached, ["open_by", "open_by_p50"]] = pd.NaT
    table.loc[unreached, ["offers", "lead_p50", "lead_p90"]] = np.nan
    table.loc[unreached, "channel"] = ""
    table["passed"] = table["open_by"] < pd.Timestamp("2026-01-01")
    return table


def _make_attrition(names, unit_of, draws):
    rows = []
    for r, name in enumerate(names):
        for start, end in ((0, 3), (3, 6), (6, 12), (12, 24), (24, 60), (60, 120), (120, np.nan)):
            for cause in CAUSES:
                exposure = float(draws.integers(4, 120))
                rate = {"resign": 0.22, "dismissed": 0.02, "retire": 0.01, "other": 0.01}[cause] * (
                    1.6 if start < 12 else 0.6
                )
                leavers = float(draws.poisson(rate * exposure))
                withheld = r == 1 and start == 0
                rows.append(
                    {
                        "role": name,
                        "unit": unit_of[r],
                        "tenure_from": float(start),
                        "tenure_to": end,
                        "cause": cause,
                        "rate": rate,
                        "low": 0.6 * rate,
                        "high": 1.5 * rate,
                        "weight": 0.5,
                        "leavers": np.nan if withheld else leavers,
                        "exposure_years": np.nan if withheld else exposure,
                        "source": "estimated",
                    }
                )
    return pd.DataFrame(rows)


def _make_supply(stocks):
    totals = [stocks, stocks.assign(role=""), stocks.assign(role="", unit="")]
    supply = (
        pd.concat(totals)
        .groupby(["reading", "role", "unit", "period"], sort=False)["closing"]
        .sum()
        .rename("mean")
        .reset_index()
    )
    spread = 1.2 * np.sqrt(supply["mean"].clip(lower=0))
    for column, deviations in (("p05", -1.64), ("p25", -0.67), ("p50", 0.0), ("p75", 0.67), ("p95", 1.64)):
        supply[column] = supply["mean"] + deviations * spread
    return supply


def _make_budget(costs):
    years = costs.assign(year=[str(period.year) for period in costs["period"]])
    spent = years[years["category"] != "people"].groupby(["year", "category"])["amount"].sum().reset_index(name="spent")
    spent["amount"] = (1.15 * spent["spent"]).round(-3)
    spent["left"] = spent["amount"] - spent["spent"]
    return spent[["year", "category", "amount", "spent", "left"]]


def _make_prices(horizon):
    found = [
        ("budget", "total", str(horizon[0].year), 1.8, "money per money", 5e7, 4.9e7, 5.2e7, 5e4, 9e4, 1.8),
        ("seats", "academy", str(horizon[2]), 18_400.0, "money per seat", 6.0, 5.5, 6.2, 1.0, 11_000.0, 4_000.0),
        ("overtime", "role", str(horizon[2]), 900.0, "money per FTE", *[np.nan] * 6),
        ("moves", "a_b", str(horizon[2]), 120.0, "money per head", 2.0, -np.inf, np.inf, *[np.nan] * 3),
    ]
    columns = ["rule", "name", "period", "price", "unit", "limit", "low", "high", "more", "saved", "then"]
    return pd.DataFrame(found, columns=columns)


def _make_stress(gap, draws):
    plan = gap[gap["reading"] == "plan"]
    roles = plan.assign(
        probability_met=draws.uniform(0.05, 1.0, len(plan)),
        probability_covered=draws.uniform(0.6, 1.0, len(plan)),
        mean_shortage=plan["shortage"],
        p95_shortage=plan["shortage"] + 3.0,
    )
    company = roles.groupby("period", as_index=False).agg(
        required=("required", "sum"),
        probability_met=("probability_met", "min"),
        probability_covered=("probability_covered", "min"),
        mean_shortage=("mean_shortage", "sum"),
        p95_shortage=("p95_shortage", "sum"),
    )
    units = roles.groupby(["unit", "period"], as_index=False).agg(
        required=("required", "sum"),
        probability_met=("probability_met", "mean"),
        probability_covered=("probability_covered", "mean"),
        mean_shortage=("mean_shortage", "sum"),
        p95_shortage=("p95_shortage", "sum"),
    )
    columns = [
        "role",
        "unit",
        "period",
        "required",
        "probability_met",
        "probability_covered",
        "mean_shortage",
        "p95_shortage",
    ]
    return pd.concat(
        [roles[columns], units.assign(role="")[columns], company.assign(role="", unit="")[columns]], ignore_index=True
    )


def _make_succession(names):
    kinds = ("nobody", "one", "shared", "")
    return pd.DataFrame(
        [
            {
                "post": f"head of section {n + 1}",
                "role": names[n % len(names)],
                "successors": n % 4,
                "ready_now": min(n % 4, n % 3),
                "covered": n % 3 > 0 and n % 4 > 0,
                "single_point": kinds[n % 4],
                "shared": n % 2,
                "most_posts": n % 3,
                "outside_months": np.inf if n == 1 else 6.0,
                "probability_found": np.nan if n == 2 else 0.5,
                "days_empty": 200.0 - 20.0 * n,
                "probability_empty_90": 0.96 - 0.12 * n,
                "depth_start": float(min(n % 4, n % 3)),
                "depth_mean": 0.5,
                "depth_end": 0.5 * (n % 4),
                "chain_length": np.nan if n == 2 else 1.0 + 0.1 * n,
                "worth_days": 90.0 - 9.0 * n,
                "worth_probability": 0.3 - 0.03 * n,
                "risk_rank": n + 1,
            }
            for n in range(9)
        ]
    )


def _make_pools():
    """Two ladders over five years; the top grade is withheld, nobody is on the last one, which has no grade."""
    rows = []
    for pool, grade, heads in (("M", "M1", 80.0), ("M", "M2", 20.0), ("M", "M3", np.nan), ("P", "", 0.0)):
        for year in range(2026, 2031):
            moved = 0.0 * heads
            flows = {"entrants": 0.1 * heads, "promotions_in": moved, "promotions_out": moved, "losses": 0.1 * heads}
            row = {"pool": pool, "grade": grade, "year": str(year), "opening": heads} | flows
            rows.append(row | {"closing": heads})
    return pd.DataFrame(rows)


def _make_kpis(units):
    rows = []
    for year in ("2026", "2027"):
        for scope in ("company", *UNITS[:units]):
            withheld = scope == UNITS[2]
            rows.append(
                {
                    "kpi": "turnover",
                    "scope": scope,
                    "period": year,
                    "value": np.nan if withheld else 0.17,
                    "low": 0.15,
                    "high": 0.19,
                    "people": np.nan if withheld else 400.0,
                    "unit": "share a year",
                    "variant": "leavers over average headcount",
                }
            )
            rows.append(
                {
                    "kpi": "average_headcount",
                    "scope": scope,
                    "period": year,
                    "value": 410.0,
                    "low": np.nan,
                    "high": np.nan,
                    "people": 410.0,
                    "unit": "heads",
                    "variant": "mean of month-end stocks",
                }
            )
    return pd.DataFrame(rows)


def _make_alerts(units):
    colours = ("red", "amber", "green")
    return pd.DataFrame(
        [
            {
                "alert": "coverage" if n % 2 else "turnover",
                "colour": colours[n % 3],
                "scope": UNITS[n % units],
                "period": "2026",
                "value": 0.9 - 0.1 * n,
                "threshold": 0.9,
                "unit": "share",
            }
            for n in range(6)
        ]
    )


def _make_summary(case, tables):
    stocks, gap, actions = tables["stocks"], tables["gap"], tables["actions"]
    plan, last = stocks[stocks["reading"] == "plan"], case.periods[-1]
    years = 1 / {"month": 12, "quarter": 4, "year": 1}[case.assumptions.time.period]
    shortage = gap.groupby("reading")["shortage"].sum() * years
    cost = tables["costs"].assign(year=[str(p.year) for p in tables["costs"]["period"]]).groupby("year")["amount"].sum()
    budget = tables["budget"].groupby("year")[["amount", "left"]].sum()
    heads = actions.groupby("action")["heads"].sum()
    ends = gap[gap["period"] == last].groupby("reading")["shortage"].sum()
    return {
        "scenario": case.name,
        "title": case.assumptions.title,
        "start": str(case.periods[0]),
        "horizon": len(case.periods),
        "period": case.assumptions.time.period,
        "currency": "CNY",
        "headcount_start": float(plan.loc[plan["period"] == case.periods[0], "opening"].sum()),
        "headcount_end": float(plan.loc[plan["period"] == last, "closing"].sum()),
        "demand_end": float(tables["demand"].loc[tables["demand"]["period"] == last, "required"].sum()),
        "gap_end": float(ends["expected"]),
        "shortage_end": float(ends["plan"]),
        "shortage_fte_years": {"expected": float(shortage["expected"]), "plan": float(shortage["plan"])},
        "hires": float(heads.get("hire", 0)),
        "moves": float(heads.get("move", 0)),
        "trained": float(heads.get("develop", 0)),
        "releases": float(heads.get("release", 0)),
        "cost_by_year": {y: float(v) for y, v in cost.items()},
        "budget_by_year": {y: float(v) for y, v in budget["amount"].items()},
        "budget_left_by_year": {y: float(v) for y, v in budget["left"].items()},
        "probability_met": 0.62,
        "turnover_by_year": {"2026": 0.17, "2027": 0.171},
        "alerts": {"red": 2, "amber": 2, "green": 2},
    }
