"""What the two-stage plan says, as reasons for the report."""

from typing import Any

import numpy as np
import pandas as pd

from workforce.inputs.case import Case
from workforce.optimise.uncertainty import SURE, UncertainPlan
from workforce.simulate.futures import SOURCES

Told = tuple[str, dict[str, Any]]


def tell_uncertain(case: Case, uncertain: UncertainPlan, stress: pd.DataFrame, ordinary: pd.DataFrame) -> list[Told]:
    """Reasons as (key, values): which futures, what the two-stage beginning costs and saves, what it would be worth to know
    more, how far the sample may mislead, how both plans fare in the simulation. stress, ordinary: of `stress_plan`, for the
    two-stage plan and the ordinary one, on the same fresh paths."""
    plan, currency = case.assumptions.plan, case.assumptions.company.currency
    told: list[Told] = [(f"futures_without_{name}", {}) for name in SOURCES if name not in uncertain.sources]
    if not uncertain.sources:
        return [("futures_certain", {})]
    rows = uncertain.value.set_index("measure")
    money, low, high = rows["money"], rows["low"], rows["high"]
    settings = {"futures": plan.futures, "periods": plan.commit_periods, "weight": plan.risk_weight}
    tail = {"tail": 1.0 - plan.risk_level, "sure": SURE, "currency": currency}
    proved = max(money["recourse"] - money["bound"], 0.0) / max(abs(money["recourse"]), 1e-12)
    cost = {"cost": money["expected_cost"], "risk": money["shortage_risk"], "gap": 100.0 * proved}
    told.append(("futures_cost", settings | tail | cost))
    if money["overrun"] > 1.0:
        told.append(("futures_overrun", {"money": money["overrun"], "currency": currency}))
    worth = {"value": money["stochastic_value"], "information": money["information_value"]}
    told.append(("futures_worth", worth | {"currency": currency}))
    gap = tail | {"value": money["sample_gap"]}
    bounded = bool(np.isfinite(high["sample_gap"]))
    told.append(("futures_gap_bound", gap | {"most": high["sample_gap"]}) if bounded else ("futures_gap", gap))
    fresh = {
        "cost": money["fresh_cost"], "ordinary": money["fresh_ordinary_cost"], "saved": money["fresh_saved"],
        "low": low["fresh_saved"], "high": high["fresh_saved"],
        "risk": money["fresh_shortage_risk"], "ordinary_risk": money["fresh_ordinary_shortage_risk"],
    }  # fmt: skip
    key = "futures_fresh_interval" if np.isfinite(low["fresh_saved"]) else "futures_fresh"
    told.append((key, tail | {name: value for name, value in fresh.items() if np.isfinite(value)}))
    if low["fresh_saved"] <= 0.0 <= high["fresh_saved"]:
        told.append(("futures_undecided", {}))
    scored = [_score(frame) for frame in (stress, ordinary)]
    if all(scored):
        told.append(("futures_stress", scored[0] | {f"ordinary_{name}": value for name, value in scored[1].items()}))
    return told


def _score(stress: pd.DataFrame) -> dict[str, float]:
    company = stress[(stress["role"] == "") & (stress["unit"] == "")]
    if company.empty:
        return {}
    return {
        "covered": float(company["probability_covered"].mean()),
        "shortage": float(company["mean_shortage"].mean()),
        "bad": float(company["p95_shortage"].mean()),
    }
