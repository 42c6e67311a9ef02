"""The business plan on the plan's own periods: driver series and stated requirements, low, base and high."""

import numpy as np
import pandas as pd

from workforce.errors import Fault, InputError
from workforce.inputs.agreement import months_of
from workforce.inputs.case import Case

LEVELS = ("low", "base", "high")
COMPANY = "company"


def read_series(
    case: Case, table: str, keys: list[str], values: tuple[str, ...]
) -> dict[tuple[str, ...], pd.DataFrame]:
    """Each series of a table as a monthly frame: index = month number, columns = `values`, NaN where nothing is
    said."""
    frame = getattr(case.tables, table)
    series = {}
    for key, group in frame.groupby(keys, sort=False):
        months: list[int] = []
        rows: list[int] = []
        for position, period in enumerate(group["period"]):
            covered = months_of(period)
            months += covered
            rows += [position] * len(covered)
        monthly = pd.DataFrame(group[list(values)].to_numpy()[rows], index=months, columns=list(values)).sort_index()
        full = range(monthly.index[0], monthly.index[-1] + 1)
        series[key] = monthly[~monthly.index.duplicated()].reindex(full)
    return series


def driver_values(case: Case, monthly: pd.DataFrame, lead_months: int, name: str) -> tuple[np.ndarray, bool]:
    """[period, month within it, level] values of a driver, `lead_months` later; and whether the last known month had to be
    held because the lead looks beyond the end of the plan. A month missing inside the horizon raises InputError."""
    months = planned_months(case)
    wanted = months + lead_months
    last = monthly.index[-1]
    held = bool((wanted > last).any() and (months <= last).all())
    wanted = np.where(wanted > last, last, wanted) if held else wanted
    found = monthly.reindex(wanted.ravel()).to_numpy().reshape(*wanted.shape, monthly.shape[1])
    missing = np.isnan(found).any(axis=(1, 2))
    if missing.any():
        periods = ", ".join(str(period) for period in case.periods[missing][:4])
        file = case.tables.files.get("drivers", "drivers")
        rule = "every planned period has a value"
        mend = f"add rows for {periods}" + (" and later" if missing.sum() > 4 else "")
        raise InputError([Fault(file, None, "period", f"{name}: {int(missing.sum())} periods missing", rule, mend)])
    return found, held


def planned_months(case: Case) -> np.ndarray:
    """[period, month within the period] month numbers of the planning periods."""
    start = case.start.year * 12 + case.start.month - 1
    length = case.months_per_period
    return start + np.arange(len(case.periods) * length).reshape(len(case.periods), length)
