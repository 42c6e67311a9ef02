"""What was assumed, left out or switched off, and what the plan leaves open: reasons as keys and values, words in the
report."""

import json

import pandas as pd

from workforce.forecast.attrition import Attrition
from workforce.forecast.demand import Demand
from workforce.forecast.retirement import Retirement
from workforce.inputs.case import Case
from workforce.optimise.budgets import list_prorated


def explain_inputs(
    case: Case,
    demand: Demand,
    attrition: Attrition,
    retirement: Retirement | None,
    gap: pd.DataFrame,
    stress: pd.DataFrame,
    actions: pd.DataFrame,
) -> list[tuple[str, dict]]:
    """What was assumed, left out or switched off, and the size of the task, before the plan's own reasons."""
    last = case.periods[-1]
    wanted = demand.frame[demand.frame["period"].isin([case.periods[0], last])].groupby("period")["required"].sum()
    idle = gap[(gap["reading"] == "expected") & (gap["period"] == last)]
    worst = idle.loc[idle["shortage"].idxmax()]
    rows: list[tuple[str, dict]] = [
        ("demand_total", {"first": float(wanted.iloc[0]), "last": float(wanted.iloc[-1]), "period": str(last)}),
        (
            "gap_total",
            {"shortage": float(idle["shortage"].sum()), "surplus": float(idle["surplus"].sum()), "period": str(last)},
        ),
        ("worst_shortage", {"role": str(worst["role"]), "shortage": float(worst["shortage"]), "period": str(last)}),
    ]
    rows += _explain_shortage(case, gap, actions)
    company = stress[(stress["role"] == "") & (stress["unit"] == "")]
    chances = {name: float(company[f"probability_{name}"].mean()) for name in ("met", "covered")}
    if len(company):
        rows.append(("probability_met", chances | {"slack": 1.0 - case.assumptions.alerts.coverage_amber}))
    if attrition.spells is not None:
        seen = attrition.table[attrition.table["exposure_years"] > 0]
        rows.append(("thin_cells", {"mean": float(seen["weight"].mean()), "highest": float(seen["weight"].max())}))
        unplaced = sum(attrition.spells.contradictions.values())
        if unplaced:
            rows.append(("history_contradictions", {"rows": unplaced, **attrition.spells.contradictions}))
        if attrition.exposure is not None and attrition.exposure.unknown:
            rows.append(("hire_date_unknown", {"people": attrition.exposure.unknown}))
    if retirement is not None:
        rows += retirement.reasons()
    if demand.held:
        rows.append(("driver_held", {"drivers": ", ".join(demand.held)}))
    rows += demand.told
    rows += [("budget_prorated", values) for values in list_prorated(case)]
    return rows


def list_reasons(rows: list[tuple[str, dict]]) -> pd.DataFrame:
    """Reasons as the report reads them: key, values as JSON text."""
    texts = [(key, json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)) for key, values in rows]
    return pd.DataFrame(texts, columns=["key", "values"])


def _explain_shortage(case: Case, gap: pd.DataFrame, actions: pd.DataFrame) -> list[tuple[str, dict]]:
    """Where the plan leaves a shortage, whether it moves it, and when it stops hiring."""
    years = case.months_per_period / 12.0
    short = gap.groupby(["reading", "role"])["shortage"].sum() * years
    total = short.groupby("reading").sum()
    rows: list[tuple[str, dict]] = []
    if total["plan"] > total["expected"] + 0.05:
        rows.append(("shortage_moved", {"plan": float(total["plan"]), "expected": float(total["expected"])}))
    if total["plan"] > 0.05:
        role = str(short["plan"].idxmax())
        priority = case.tables.roles.set_index("role")["priority"]
        rows.append(("left_open", {"role": role, "priority": priority[role], "years": float(short["plan", role])}))
    offers = actions[actions["action"] == "hire"]
    if len(offers) and offers["period"].max() < case.periods[-1]:
        rows.append(("horizon_end", {"period": str(offers["period"].max())}))
    return rows
