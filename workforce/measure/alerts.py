"""Alerts: indicators against the scenario's thresholds, as green, amber or red."""

import numpy as np
import pandas as pd

from workforce.inputs.case import Case


def find_alerts(case: Case, kpis: pd.DataFrame, budget: pd.DataFrame, overruns: pd.DataFrame) -> pd.DataFrame:
    """alert, colour (red, amber, green), scope, period, value, threshold (the one crossed, or the amber one), unit.

    coverage is worse when low, turnover and the probability of overrunning a budget when high (thresholds of the knobs
    `alerts`); a budget is amber when more than 99% of it is spent and red when it is exceeded. Withheld indicators give no
    alert. overruns: as `measure_overruns` gives them.
    """
    knobs = case.assumptions.alerts
    rows = []
    for row in kpis.dropna(subset=["value"]).itertuples():
        if row.kpi == "coverage":
            rows.append(_judge("coverage", row, -1.0, knobs.coverage_amber, knobs.coverage_red))
        elif row.kpi == "turnover":
            rows.append(_judge("turnover", row, 1.0, knobs.turnover_amber, knobs.turnover_red))
    for row in budget.dropna(subset=["amount"]).itertuples():
        used = row.spent / row.amount if row.amount > 0 else np.inf if row.spent > 0 else 0.0
        colour = "red" if used > 1.0 + 1e-6 else "amber" if used > 0.99 else "green"
        rows.append(
            (
                f"budget_{row.category}",
                colour,
                "company",
                row.year,
                used,
                1.0 if used > 1.0 + 1e-6 else 0.99,
                "share of budget",
            )
        )
    for row in overruns[overruns["kind"] == "budget"].itertuples():
        alert = f"overrun_{row.category}"
        colour, crossed = _colour(row.probability, knobs.overrun_amber, knobs.overrun_red)
        rows.append((alert, colour, "company", row.period, row.probability, crossed, "share of futures"))
    return pd.DataFrame(rows, columns=["alert", "colour", "scope", "period", "value", "threshold", "unit"])


def _judge(alert: str, row, sign: float, amber: float, red: float) -> tuple:
    colour, crossed = _colour(sign * row.value, sign * amber, sign * red)
    return alert, colour, row.scope, row.period, row.value, sign * crossed, row.unit


def _colour(value: float, amber: float, red: float) -> tuple[str, float]:
    """The colour of a value that is worse when high, and the threshold that says so."""
    colour = "red" if value > red else "amber" if value > amber else "green"
    return colour, red if colour == "red" else amber
