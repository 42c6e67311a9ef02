"""Money a plan may spend: caps by year, bands by quarter, for all of it or one category, as rows of the programme.

A year's amount is a hard cap. A quarter's amount is a band, soft unless plan.quarters is hard: what a quarter leaves is
carried to the next quarters of its year, and what the quarters of a year have spent so far beyond their amounts so far is
an overrun with a price (plan.quarter_price a unit of money, each quarter it lasts). The year is still kept: where the
year has no amount of its own and all its planned quarters have one, their sum is its hard cap. Where the periods of the
plan are years, quarters only stand for their sum.
"""

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.agreement import months_of
from workforce.inputs.business_plan import planned_months
from workforce.inputs.case import Case
from workforce.inputs.pricing import spending_periods
from workforce.optimise.linear import AT_MOST, LinearModel
from workforce.optimise.prices import discount

MONEY = ("people", "recruiting", "development", "retention", "separation")


def limit_spending(
    case: Case, model: LinearModel, dynamics: Dynamics, spending: dict[str, list[tuple]]
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Budgets by category as rows; `total` is all money. A year or quarter that the horizon covers in part has that
    share of its amount. plan.budget caps the total over the horizon instead of the table's totals.

    Returns year (or quarter, or "all"), category, amount, soft; and the rows: budget (hard, in the order of the frame's
    first rows), quarters (soft, in that of the rest).
    """
    plan = case.assumptions.plan
    stated = [
        row for row in case.tables.budget.itertuples() if not (row.category == "total" and plan.budget is not None)
    ]
    amounts = {(row.period, row.category): row.amount * _share_covered(case, row.period) for row in stated}
    amounts = {key: amount for key, amount in amounts.items() if spending_periods(case, key[0]).any()}
    if plan.budget is not None:
        amounts["all", "total"] = plan.budget
    amounts = {key: amount * plan.budget_multiplier for key, amount in amounts.items()}
    soft, yearly = plan.quarters == "soft", case.assumptions.time.period == "year"
    if soft or yearly:
        amounts |= _add_years(case, amounts)
    if yearly:  # a year cannot be told in quarters
        amounts = {key: amount for key, amount in amounts.items() if "Q" not in key[0]}
    lines = [(label, category, amount, soft and "Q" in label) for (label, category), amount in amounts.items()]
    lines.sort(key=lambda line: line[3])
    limits = pd.DataFrame(lines, columns=["year", "category", "amount", "soft"])
    limits = limits.astype({"year": "str", "category": "str", "amount": float, "soft": bool})
    hard = [
        _cap(model, spending, spending_periods(case, row.year), row) for row in limits[~limits["soft"]].itertuples()
    ]
    bands = [_band(case, model, spending, limits, row) for row in limits[limits["soft"]].itertuples()]
    none = np.array([], dtype=int)
    rows = {"budget": np.concatenate([none, *hard]), "quarters": np.concatenate([none, *bands])}
    return limits, rows


def _add_years(case: Case, amounts: dict[tuple[str, str], float]) -> dict[tuple[str, str], float]:
    """The sum of a year's quarters where all that are planned have an amount and the year has none."""
    planned = [str(quarter) for quarter in dict.fromkeys(case.periods.start_time.to_period("Q"))]
    if case.assumptions.time.period == "year":
        planned = [f"{year}Q{quarter}" for year in case.periods.year for quarter in range(1, 5)]
    sums: dict[tuple[str, str], float] = {}
    for year, category in dict.fromkeys((label[:4], category) for label, category in amounts if "Q" in label):
        quarters = [label for label in planned if label[:4] == year]
        if (year, category) not in amounts and all((label, category) in amounts for label in quarters):
            sums[year, category] = sum(amounts[label, category] for label in quarters)
    return sums


def _cap(model: LinearModel, spending: dict[str, list[tuple]], covered: np.ndarray, row) -> np.ndarray:
    """One row: the money of a category (or of all) in the periods covered, at most the amount."""
    one = model.add_rows([f"budget_{row.year}_{row.category}"], AT_MOST, row.amount)
    for name in MONEY if row.category == "total" else (row.category,):
        for period, _, column, value in spending[name]:
            inside = covered[period]
            model.add_entries(one, column[inside], value[inside])
    return one


def _band(case: Case, model: LinearModel, spending: dict[str, list[tuple]], limits: pd.DataFrame, row) -> np.ndarray:
    """One row: what the stated quarters of the year have spent until this one, less the overrun, at most their amounts."""
    so_far = earlier_quarters(limits, row.year, row.category)
    covered = np.any([spending_periods(case, label) for label in so_far["year"]], axis=0)
    line = row._replace(amount=float(so_far["amount"].sum()))
    one = _cap(model, spending, covered, line)
    counts = discount(case)[spending_periods(case, row.year)][0]
    over = model.add_columns([f"overrun_{row.year}_{row.category}"], case.assumptions.plan.quarter_price * counts)
    model.add_entries(one, over, -1.0)
    return one


def earlier_quarters(limits: pd.DataFrame, label: str, category: str) -> pd.DataFrame:
    """The soft rows of a category for the quarters of a year up to and with this one."""
    same = limits["soft"] & (limits["category"] == category) & (limits["year"].str[:4] == label[:4])
    return limits[same & (limits["year"] <= label)]


def compare_spending(case: Case, limits: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """Budgets beside what the plan spends: year (or quarter, or all), category, stated (amount given), amount (that may
    be spent: with what earlier quarters of the year left or overran), spent, left. Amounts are NaN where there is no
    budget."""
    number = pd.Series(range(len(case.periods)), index=case.periods)
    position = costs["period"].map(number).to_numpy()
    years = list(dict.fromkeys(case.periods.year.astype(str)))
    rows = []
    for label in dict.fromkeys([*years, *limits["year"], "all"]):
        inside = costs[spending_periods(case, label)[position]]
        by_category = inside.groupby("category")["amount"].sum()
        rows += [(label, category, value) for category, value in by_category.items() if label in years]
        rows.append((label, "total", float(by_category.sum())))
        wanted = limits.loc[limits["year"] == label, "category"]
        if label not in years:
            rows += [(label, name, float(by_category.get(name, 0.0))) for name in wanted if name != "total"]
    spent = pd.DataFrame(rows, columns=["year", "category", "spent"])
    frame = limits.merge(spent, on=["year", "category"], how="outer")
    frame["spent"] = frame["spent"].fillna(0.0)
    frame["stated"] = frame["amount"]
    for place in frame.index[frame["soft"].eq(True)]:
        before = frame["year"] < frame.at[place, "year"]
        same = frame["category"].eq(frame.at[place, "category"]) & frame["soft"].eq(True)
        mine = frame[before & same & frame["year"].str[:4].eq(frame.at[place, "year"][:4])]
        frame.at[place, "amount"] += float((mine["stated"] - mine["spent"]).sum())
    left = frame["amount"] - frame["spent"]
    left = left.mask(left.abs() <= 1e-9 * frame["stated"], 0.0)  # the solver's rounding is no money
    return frame.assign(left=left)[["year", "category", "stated", "amount", "spent", "left"]]


def _share_covered(case: Case, label: str) -> float:
    """Share of a year's or quarter's months that the horizon covers."""
    months = months_of(label)
    planned = planned_months(case)
    return float(((planned >= months.start) & (planned < months.stop)).sum()) / len(months)


def list_prorated(case: Case) -> list[dict]:
    """Budget rows that the horizon covers only in part: year (or quarter) and the months covered."""
    labels = dict.fromkeys(case.tables.budget["period"])
    shares = {label: _share_covered(case, label) for label in labels}
    return [
        {"year": label, "months": round(share * len(months_of(label)))}
        for label, share in shares.items()
        if 0.0 < share < 1.0
    ]
