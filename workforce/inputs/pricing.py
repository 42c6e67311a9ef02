"""How many times what the tables say money of a category costs in each period (table price_index), and which periods a label
means."""

import numpy as np

from workforce.inputs.agreement import months_of
from workforce.inputs.business_plan import planned_months
from workforce.inputs.case import Case
from workforce.inputs.targets import fits_all


def spending_periods(case: Case, label: str) -> np.ndarray:
    """[period] whether a planned period falls in a year ("2026"), a quarter ("2026Q1"), a month or the horizon ("all"), by
    its first month."""
    if label == "all":
        return np.ones(len(case.periods), dtype=bool)
    months = months_of(label)
    first = planned_months(case)[:, 0]
    return (first >= months.start) & (first < months.stop)


def price_times(
    case: Case, category: str, role: np.ndarray, period: np.ndarray, via: np.ndarray | str = ""
) -> np.ndarray:
    """How many times what the tables say, for roles and periods (numbers, arrays that broadcast; before the plan: once) and
    the ways by which the money is spent: the product of the rows that fit."""
    index, roles = case.tables.price_index, case.tables.roles
    times = np.ones(np.broadcast_shapes(np.shape(role), np.shape(period)))
    for row in index[index["category"].isin([category, "all"])].itertuples():
        fits = fits_all(row, roles)[role] & (np.asarray(period) >= 0) & spending_periods(case, row.period)[period]
        if row.via:
            fits = fits & (np.asarray(via) == row.via)
        times = np.where(fits, times * row.times, times)
    return times


def price_grid(case: Case, category: str, via: str = "") -> np.ndarray:
    """[period, role] the same for every period and role."""
    period, role = np.indices((len(case.periods), len(case.tables.roles)))
    return price_times(case, category, role, period, via)
