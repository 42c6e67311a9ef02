"""The few figures of a run that compare scenarios."""

import pandas as pd

from workforce.inputs.case import Case


def summarise(case: Case, tables: dict[str, pd.DataFrame]) -> dict:
    """Summary of a run; headcounts in persons, demand and gaps in FTE at a close, costs in money; no times in it.

    gap_end: shortage with no action, summed over roles and never netted; shortage_fte_years: the same over the
    horizon, in FTE-years.
    """
    last = str(case.periods[-1])
    stocks, gap, actions, budget = tables["stocks"], tables["gap"], tables["actions"], tables["budget"]
    plan = stocks[stocks["reading"] == "plan"]
    ends = gap[gap["period"] == case.periods[-1]].groupby("reading")[["required", "shortage"]].sum()
    years = gap.groupby("reading")["shortage"].sum() * case.months_per_period / 12.0
    heads = actions.groupby("action")["arriving"].sum() if len(actions) else pd.Series(dtype=float)
    released = actions.loc[actions["action"] == "release", "heads"].sum() if len(actions) else 0.0
    total = budget[(budget["category"] == "total") & (budget["year"] != "all")].set_index("year")
    whole = budget[(budget["category"] == "total") & (budget["year"] == "all")]
    known = total.dropna(subset=["amount"])
    stress = tables["stress"]
    company = stress[(stress["role"] == "") & (stress["unit"] == "")]
    turnover = tables["kpis"]
    turnover = turnover[(turnover["kpi"] == "turnover") & (turnover["scope"] == "company")]
    colours = tables["alerts"]["colour"].value_counts()
    return {
        "scenario": case.name,
        "title": case.scenario.title,
        "start": str(case.periods[0]),
        "end": last,
        "horizon": len(case.periods),
        "period": case.assumptions.time.period,
        "currency": case.assumptions.company.currency,
        "headcount_start": float(plan.loc[plan["period"] == case.periods[0], "opening"].sum()),
        "headcount_end": float(plan.loc[plan["period"] == case.periods[-1], "closing"].sum()),
        "demand_end": float(ends.loc["plan", "required"]),
        "gap_end": float(ends.loc["expected", "shortage"]),
        "shortage_end": float(ends.loc["plan", "shortage"]),
        "shortage_fte_years": {reading: float(value) for reading, value in years.items()},
        "hires": float(heads.get("hire", 0.0)),
        "moves": float(heads.get("move", 0.0)),
        "trained": float(heads.get("develop", 0.0)),
        "releases": float(released),
        "cost_by_year": {str(year): float(value) for year, value in total["spent"].items()},
        "budget_by_year": {str(year): float(value) for year, value in known["amount"].items()},
        "budget_left_by_year": {str(year): float(value) for year, value in known["left"].items()},
        "budget_over_horizon": float(whole["amount"].iloc[0]) if whole["amount"].notna().any() else None,
        "cost_over_horizon": float(whole["spent"].iloc[0]),
        "probability_met": float(company["probability_met"].mean()),
        "probability_covered": float(company["probability_covered"].mean()),
        "turnover_by_year": {row.period: _number(row.value) for row in turnover.itertuples()},
        "alerts": {colour: int(colours.get(colour, 0)) for colour in ("red", "amber", "green")},
    }


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)
