"""Indicators by unit and year, each with its variant, its unit and the people behind it."""

import numpy as np
import pandas as pd

from workforce.inputs.case import Case
from workforce.measure.privacy import withhold_small
from workforce.simulate.careers import Careers

COMPANY = "company"
TURNOVER = "leavers / mean of the closes"
COVERAGE = "1 - unmet FTE / required FTE, role by role, never netted"
FILL = "moves in / (moves in + joiners)"
ESTABLISHMENT = "filled / approved at the last close"
COST = "all categories, over the year's planned periods"
COST_PER_HIRE = "channel cost of offers made / joiners expected from them"
SUCCESSION = {
    "bench_strength": (
        "share",
        "critical posts with a ready-now successor, people counted for every post they are named for",
    ),
    "succession_cover": ("share", "critical posts with a ready-now successor, one person for one post"),
    "successor_coverage": ("share", "nominations / critical posts, may exceed 100%"),
    "successor_coverage_net": ("share", "people named / critical posts, each person once"),
    "readiness_share": ("share", "ready-now nominations / all nominations"),
    "vacancy_found": ("share", "simulated vacancies of critical posts taken at once by a ready successor"),
    "days_empty": ("days a year", "expected days a critical post stands empty, mean of the posts"),
}
"""Unit and variant of each figure of a company's succession; they describe posts, so they are shown however few."""


def measure_kpis(
    case: Case,
    stocks: pd.DataFrame,
    gap: pd.DataFrame,
    actions: pd.DataFrame,
    costs: pd.DataFrame,
    succession: dict[str, float],
    careers: Careers,
) -> pd.DataFrame:
    """Indicators of the plan: kpi, scope (unit or company), period (calendar year), value, low, high, people, unit,
    variant.

    stocks, gap: with reading plan; succession: figures of `simulate_succession`; careers: the plan's simulated paths, whose
    5% and 95% quantiles are low and high of headcount and turnover. Stocks take the last, or the mean of the closes; flows
    are summed. Indicators over fewer than privacy.minimum_group people are withheld (NaN).
    """
    plan = stocks[stocks["reading"] == "plan"]
    short = gap[gap["reading"] == "plan"]
    years = np.asarray(case.periods.year)
    per_year = 12 // case.months_per_period
    establishment = case.tables.roles.set_index("role")["establishment"]
    units = case.tables.roles["unit"].to_numpy()
    rows: list[tuple] = []
    for scope in (COMPANY, *dict.fromkeys(units)):
        inside = np.full(len(units), True) if scope == COMPANY else units == scope
        for year in np.unique(years):
            flow, lack, spent = (_select(frame, scope, year) for frame in (plan, short, costs))
            closes = flow.groupby("period")["closing"].sum()
            average, scale = float(closes.mean()), per_year / len(closes)
            left, joined, moved = (float(flow[name].sum()) for name in ("leavers", "joiners", "moves_in"))
            last = flow[flow["period"] == flow["period"].max()]
            approved = last["role"].map(establishment)
            filled = float(last.loc[approved.notna(), "closing"].sum())
            unmet = _ratio(lack["shortage"].sum(), lack["required"].sum())
            heads, turnover = _simulated(careers, inside, years == year, scale)
            none = (np.nan, np.nan)
            rows += [
                (name, scope, str(year), value, *interval, people, unit, variant)
                for name, value, interval, people, unit, variant in (
                    ("headcount", closes.iloc[-1], heads, closes.iloc[-1], "persons", "at the last close"),
                    ("average_headcount", average, none, average, "persons", "mean of the closes"),
                    ("turnover", _ratio(left * scale, average), turnover, average, "share a year", TURNOVER),
                    ("coverage", 1.0 - unmet, none, average, "share", COVERAGE),
                    ("internal_fill", _ratio(moved, moved + joined), none, moved + joined, "share", FILL),
                    ("establishment_use", _ratio(filled, approved.sum()), none, filled, "share", ESTABLISHMENT),
                    ("labour_cost", spent["amount"].sum(), none, average, "money", COST),
                )
            ]
    for year in np.unique(years):
        hires = _select(actions[actions["action"] == "hire"], COMPANY, year)
        arriving = hires["arriving"].sum()
        value = _ratio(hires["cost"].sum(), arriving)
        rows.append(
            ("cost_per_hire", COMPANY, str(year), value, np.nan, np.nan, arriving, "money per joiner", COST_PER_HIRE)
        )
    posts, first = len(case.tables.posts), str(case.start.year)
    rows += [
        (name, COMPANY, first, value, np.nan, np.nan, posts, *SUCCESSION[name]) for name, value in succession.items()
    ]
    columns = ["kpi", "scope", "period", "value", "low", "high", "people", "unit", "variant"]
    frame = pd.DataFrame(rows, columns=columns)
    counts = frame["kpi"].isin(["headcount", "average_headcount", *SUCCESSION])
    people = frame["people"].astype(float).where(~counts, np.inf)
    minimum = case.assumptions.privacy.minimum_group
    return withhold_small(frame, people, ["value", "low", "high"], minimum, within=["kpi", "period"])


def _select(frame: pd.DataFrame, scope: str, year: int) -> pd.DataFrame:
    chosen = pd.PeriodIndex(frame["period"]).year == year if len(frame) else np.array([], dtype=bool)
    return frame[chosen] if scope == COMPANY else frame[chosen & (frame["unit"] == scope).to_numpy()]


def _simulated(
    careers: Careers, roles: np.ndarray, periods: np.ndarray, scale: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """5% and 95% quantiles over the paths of headcount at the last close, and of yearly turnover."""
    closes = careers.closing[:, periods][:, :, roles].sum(axis=2)
    left = careers.leavers[:, periods][:, :, roles].sum(axis=(1, 2))
    average = np.maximum(closes.mean(axis=1), 1e-9)
    heads = np.quantile(closes[:, -1], [0.05, 0.95])
    turnover = np.quantile(left * scale / average, [0.05, 0.95])
    return (float(heads[0]), float(heads[1])), (float(turnover[0]), float(turnover[1]))


def _ratio(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else np.nan
