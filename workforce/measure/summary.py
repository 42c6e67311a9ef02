"""The few figures of a run that compare scenarios."""

import pandas as pd

from workforce.inputs.case import Case


def summarise(case: Case, tables: dict[str, pd.DataFrame], total_cost: float) -> dict:
    """Summary of a run; headcounts in persons, demand and gaps in FTE at a close, costs in money; no times in it.

    total_cost: what the plan minimised, with the prices put on shortage, surplus and overflow (cost_with_shortage),
    discounted by discount_rate; no other amount of money is.
    gap_end: shortage with no action, summed over roles and never netted; shortage_fte_years: the same over the
    horizon, in FTE-years. probability_over_budget: that of the total budget which is likeliest to be overrun.
    """
    last = str(case.periods[-1])
    stocks, gap, actions, budget = tables["stocks"], tables["gap"], tables["actions"], tables["budget"]
    plan = stocks[stocks["reading"] == "plan"]
    ends = gap[gap["period"] == case.periods[-1]].groupby("reading")[["required", "shortage"]].sum()
    years = gap.groupby("reading")["shortage"].sum() * case.months_per_period / 12.0
    heads = actions.groupby("action")["arriving"].sum() if len(actions) else pd.Series(dtype=float)
    released = actions.loc[actions["action"] == "release", "heads"].sum() if len(actions) else 0.0
    total = budget[(budget["category"] == "total") & (budget["year"].str.len() == 4)].set_index("year")
    whole = budget[(budget["category"] == "total") & (budget["year"] == "all")]
    known = _yearly(budget)
    stress = tables["stress"]
    company = stress[(stress["role"] == "") & (stress["unit"] == "")]
    turnover = tables["kpis"]
    turnover = turnover[(turnover["kpi"] == "turnover") & (turnover["scope"] == "company")]
    overruns = tables["overruns"]
    over = overruns.loc[(overruns["kind"] == "budget") & (overruns["category"] == "total"), "probability"]
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
        "cost_by_year": {str(year): _cents(value) for year, value in total["spent"].items()},
        "budget_by_year": {str(year): _cents(value) for year, value in known["amount"].items()},
        "budget_left_by_year": {str(year): _cents(value) for year, value in known["left"].items()},
        "budget_over_horizon": float(whole["amount"].iloc[0]) if whole["amount"].notna().any() else None,
        "cost_over_horizon": _cents(whole["spent"].iloc[0]),
        "cost_with_shortage": _cents(total_cost),
        "discount_rate": case.assumptions.plan.discount_rate,
        "probability_met": _number(company["probability_met"].mean()),
        "probability_covered": _number(company["probability_covered"].mean()),
        "probability_over_budget": _number(over.max()) if len(over) else None,
        "turnover_by_year": {row.period: _number(row.value) for row in turnover.itertuples()},
        "alerts": {colour: int(colours.get(colour, 0)) for colour in ("red", "amber", "green")},
    }


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _cents(value: float) -> float:
    return round(float(value), 2)


def _yearly(budget: pd.DataFrame) -> pd.DataFrame:
    """Total budgets by year: amount, left. A year without a row of its own has the sum of its quarters."""
    stated = budget[(budget["category"] == "total") & (budget["year"] != "all")].dropna(subset=["amount"])
    whole = stated[stated["year"].str.len() == 4].set_index("year")[["amount", "left"]]
    quarters = stated[stated["year"].str.len() > 4]
    summed = quarters.groupby(quarters["year"].str[:4])[["amount", "left"]].sum()
    return pd.concat([whole, summed[~summed.index.isin(whole.index)]]).sort_index()
