"""Indicators by unit and year, each with its variant, its unit and the people behind it."""

import numpy as np
import pandas as pd

from workforce.inputs.case import Case
from workforce.measure.privacy import withhold_small

COMPANY = "company"


def measure_kpis(
    case: Case, stocks: pd.DataFrame, gap: pd.DataFrame, actions: pd.DataFrame, costs: pd.DataFrame, cover: pd.DataFrame
) -> pd.DataFrame:
    """Indicators of the plan: kpi, scope (unit or company), period (calendar year), value, low, high, people, unit,
    variant.

    stocks, gap: with reading plan. Stocks take the last, or the mean of the closes; flows are summed. Indicators over
    fewer than privacy.minimum_group people are withheld (NaN).
    """
    plan = stocks[stocks["reading"] == "plan"].assign(year=lambda frame: frame["period"].dt.year.astype(str))
    short = gap[gap["reading"] == "plan"].assign(year=lambda frame: frame["period"].dt.year.astype(str))
    per_year = 12 // case.months_per_period
    establishment = case.tables.roles.set_index("role")["establishment"]
    rows: list[tuple] = []
    for scope, part, lack, spent in _scopes(plan, short, costs):
        for year, flow in part.groupby("year", sort=True):
            closes = flow.groupby("period")["closing"].sum()
            average, periods = float(closes.mean()), len(closes)
            scale = per_year / periods
            left, joined, moved = (float(flow[name].sum()) for name in ("leavers", "joiners", "moves_in"))
            now = lack[lack["year"] == year]
            paid = spent[spent["period"].dt.year.astype(str) == year]["amount"].sum()
            approved = flow["role"].map(establishment).notna()
            last = flow[(flow["period"] == flow["period"].max())]
            filled = float(last.loc[approved.reindex(last.index), "closing"].sum())
            posts = float(last["role"].map(establishment).sum())
            required = float(now["required"].sum())
            add = rows.append
            add(("headcount", scope, year, float(closes.iloc[-1]), closes.iloc[-1], "persons", "at the last close"))
            add(("average_headcount", scope, year, average, average, "persons", "mean of the closes"))
            add(
                (
                    "turnover",
                    scope,
                    year,
                    _ratio(left * scale, average),
                    average,
                    "share a year",
                    "leavers / mean of the closes",
                )
            )
            add(("coverage", scope, year, 1.0 - _ratio(float(now["shortage"].sum()), required), average, "share",
                 "1 - unmet FTE / required FTE, role by role, never netted"))  # fmt: skip
            add(("internal_fill", scope, year, _ratio(moved, moved + joined), moved + joined, "share",
                 "moves in / (moves in + joiners)"))  # fmt: skip
            add(
                (
                    "establishment_use",
                    scope,
                    year,
                    _ratio(filled, posts),
                    filled,
                    "share",
                    "filled / approved at the last close",
                )
            )
            add(
                (
                    "labour_cost",
                    scope,
                    year,
                    float(paid),
                    average,
                    "money",
                    "all categories, over the year's planned periods",
                )
            )
            if scope == COMPANY:
                mine = actions[actions["period"].dt.year.astype(str) == year] if len(actions) else actions
                hires = mine[mine["action"] == "hire"]
                add(("cost_per_hire", scope, year, _ratio(hires["cost"].sum(), hires["arriving"].sum()),
                hires["arriving"].sum(),
                     "money per joiner", "channel cost of offers made / joiners expected from them"))  # fmt: skip
    if len(cover):
        first = str(case.start.year)
        value = float(cover["covered"].mean())
        rows.append(("succession_cover", COMPANY, first, value, len(cover), "share",
                     "critical posts with a ready-now successor, one person for one post"))  # fmt: skip
    frame = pd.DataFrame(rows, columns=["kpi", "scope", "period", "value", "people", "unit", "variant"])
    frame = frame.assign(low=np.nan, high=np.nan)
    frame = frame[["kpi", "scope", "period", "value", "low", "high", "people", "unit", "variant"]]
    counts = frame["kpi"].isin(["headcount", "average_headcount", "succession_cover"])
    people = frame["people"].astype(float).where(~counts, np.inf)
    return withhold_small(frame, people, ["value"], case.assumptions.privacy.minimum_group, within=["kpi", "period"])


def _scopes(plan: pd.DataFrame, short: pd.DataFrame, costs: pd.DataFrame):
    yield COMPANY, plan, short, costs
    for unit in dict.fromkeys(plan["unit"]):
        yield unit, plan[plan["unit"] == unit], short[short["unit"] == unit], costs[costs["unit"] == unit]


def _ratio(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else np.nan
