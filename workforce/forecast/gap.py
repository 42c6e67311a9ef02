"""The gap: demand less effective supply, role by role; one role's surplus never pays for another's shortage."""

import numpy as np
import pandas as pd


def measure_gap(demand: pd.DataFrame, stocks: pd.DataFrame) -> pd.DataFrame:
    """Gap in FTE at every period's close.

    demand: role, period, required (FTE), as `forecast_demand` gives it. stocks: reading, role, unit, period,
    effective_fte.
    Returns reading, role, unit, period, required, effective_fte, gap (required - effective), shortage (its positive
    part), surplus (its negative part, as a positive number). A role without demand has required 0. Sum shortages and
    surpluses apart.
    """
    wanted = demand[["role", "period", "required"]]
    frame = stocks[["reading", "role", "unit", "period", "effective_fte"]].merge(
        wanted, on=["role", "period"], how="left"
    )
    frame["required"] = frame["required"].fillna(0.0)
    gap = frame["required"] - frame["effective_fte"]
    frame = frame.assign(gap=gap, shortage=np.maximum(gap, 0.0), surplus=np.maximum(-gap, 0.0))
    return frame[["reading", "role", "unit", "period", "required", "effective_fte", "gap", "shortage", "surplus"]]
