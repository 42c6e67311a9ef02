"""How these methods would have done on this company's own past: each year forecast from what was known at its opening.

Two variants, printed with every row. `present`: leavers among those present at the origin, by their role there; later
joiners are left out. `joins_given`: the joins of the year are taken as they were, for the method and for the baselines
alike, because hiring is a decision and not a forecast; leavers then count later joiners too (known for dated events
only), and headcount is measured at the year's end.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import binom, norm

from workforce.errors import Fault, InputError
from workforce.forecast.attrition import Attrition, fit_attrition
from workforce.forecast.dynamics import Dynamics, describe_dynamics
from workforce.forecast.mobility import fit_mobility
from workforce.forecast.past import Outcome, Window, find_windows, measure_outcome, rebuild_case
from workforce.forecast.pooling import shrink
from workforce.forecast.stepping import step_state
from workforce.forecast.stocks import project_stocks
from workforce.forecast.variation import Variation, measure_variation, place_counts, predict_counts, spread_counts
from workforce.inputs.case import Case

LEVELS = ("company", "unit", "role")
SCORED = ["variant", "level", "measure"]
FEWEST = 10
"""Fewer groups than this do not show whether intervals cover as they should."""

DOUBT = 0.05
"""Coverage is called too low or too high where chance alone would give as much in fewer than this share of cases."""


@dataclass(frozen=True)
class Backtest:
    """The result of a back-test.

    table: origin (first month forecast), until (last), variant (present, joins_given), level (company, unit, role),
    name, unit (that a role belongs to), measure (leavers, headcount), people (present at the origin), actual, forecast,
    low, high, last_year, company_average (persons), place (of the actual in the predictive distribution, 0..1).
    scores: origin ("all" for all together), variant, level, measure, wape, wape_last_year, wape_company_average (share
    of the actual total), coverage (share of groups within low..high), confidence, groups, key and coverage_key (the
    sentences that say it).
    variation: origin, level, lasting, yearly (standard deviations of the logarithm of leaving, between groups and from
    year to year beyond chance).
    """

    table: pd.DataFrame
    scores: pd.DataFrame
    variation: pd.DataFrame


@dataclass(frozen=True)
class PastForecast:
    """A year forecast with nothing but a past case: left [role] of those present, by their role at the origin; stayed
    [role, role]; years: the outcomes known at the origin, latest last; expected [role, year] leavers of those years if
    only tenure mattered; observed [role, year] their leavers."""

    dynamics: Dynamics
    left: np.ndarray
    stayed: np.ndarray
    years: tuple[Outcome, ...]
    expected: np.ndarray
    observed: np.ndarray


def backtest(case: Case, origin: str | None = None, tell: Callable[[str], None] | None = None) -> Backtest:
    """Forecast past years from their own openings, and score them.

    Parameters
    ----------
    case : with history. origin : the first month of one year to forecast ("2025-01"); None = every year that has a
    year of history before it.

    Raises
    ------
    InputError : history is too short, or does not reach around the origin.

    Examples
    --------
    scores = backtest(read_case("scenarios/base.yaml")).scores
    """
    windows = choose_windows(case, origin)
    tables, variations = [], []
    for number, window in enumerate(windows, start=1):
        if tell:
            tell(f"{window.period}: forecast from what was known then ({number} of {len(windows)})")
        table, variation = _test_year(case, window)
        tables.append(table)
        variations.append(variation)
    table = pd.concat(tables, ignore_index=True)
    return Backtest(
        table, score(table, case.assumptions.attrition.confidence), pd.concat(variations, ignore_index=True)
    )


def choose_windows(case: Case, origin: str | None = None) -> list[Window]:
    """The years that can be forecast: all but the first, which is learnt from; or the one that is asked for."""
    windows = find_windows(case)
    file = case.tables.files.get("history", "history")
    leaves = case.tables.history[case.tables.history["event"] == "leave"]
    usable = [window for window in windows[1:] if (leaves["date"] < window.period.start_time).any()]
    if not usable:
        rule = "holds fewer than two years of leaving before the plan's start: one to learn from and one to forecast"
        raise InputError([Fault(file, None, "date", "", rule, "add earlier history, or a further yearly snapshot")])
    if origin is None:
        return usable
    by_snapshot = bool(leaves["after"].notna().all())
    try:
        asked = pd.Period(origin, freq="M")
    except ValueError:
        asked = None
    for window in usable:
        if asked is not None and (window.period == asked or origin == str(window.period.year)):
            return [window]
    month = None if asked is None or by_snapshot else asked.year * 12 + asked.month - 1
    if month is not None and usable[0].origin <= month <= usable[-1].origin:
        return [Window(month, month + 12)]
    known = ", ".join(str(window.period) for window in usable)
    rule = "is no month from which a year of the history can be forecast"
    raise InputError([Fault("--origin", None, "", origin, rule, f"choose from {known}")])


def forecast_past(past: Case) -> PastForecast:
    """The year after a past case's start, from that case alone."""
    attrition = fit_attrition(past)
    dynamics = describe_dynamics(past, attrition, fit_mobility(past, attrition))
    left, stayed = trace_roles(dynamics)
    windows = find_windows(past)
    years = tuple(measure_outcome(past, window) for window in windows)
    observed, expected = _count_years(attrition, windows)
    return PastForecast(dynamics, left, stayed, years, expected, observed)


def trace_roles(dynamics: Dynamics) -> tuple[np.ndarray, np.ndarray]:
    """Of those present at the opening, by their role there: expected leavers [role] over the plan, and stayers by the
    role they are in at its end [role, role]. Vacancies draw on each origin's people as they do on everybody's."""
    count = len(dynamics.roles)
    drawn = project_stocks(dynamics).drawn
    heads, stayed = dynamics.opening.sum(axis=1), np.zeros((count, count))
    for role in np.flatnonzero(heads):
        state = np.zeros_like(dynamics.state)
        state[role] = dynamics.state[role]
        for period in range(len(dynamics.periods)):
            state = step_state(dynamics, state, period, drawn[period]).after
        stayed[role] = state.sum(axis=(1, 2, 3))
    return heads - stayed.sum(axis=1), stayed


def follow_joiners(dynamics: Dynamics, joined: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Everybody with given joins [period, role]: expected leavers [role] by the role they leave, and heads [role] at
    the end among the joiners."""
    left, drawn = np.zeros(len(dynamics.roles)), project_stocks(dynamics).drawn
    state, fresh = dynamics.state, np.zeros_like(dynamics.state)
    for period in range(len(dynamics.periods)):
        left += (state + fresh).sum(axis=(1, 2, 3))
        present, new = (step_state(dynamics, part, period, drawn[period]) for part in (state, fresh))
        left -= present.stayed + new.stayed
        state, fresh = present.after, new.after
        fresh[:, 0, 0, 0] += joined[period]
    return left, fresh.sum(axis=(1, 2, 3))


def _count_years(attrition: Attrition, windows: Sequence[Window]) -> tuple[np.ndarray, np.ndarray]:
    """Leavers [role, year], and those expected where only tenure matters: the company's curve on the months at risk."""
    exposure = attrition.exposure
    assert exposure is not None
    left, at_risk = exposure.leavers.sum(axis=3), exposure.exposure
    overall = left.sum() / max(at_risk.sum(), 1.0)
    curve = overall * shrink(left.sum(axis=(0, 2)), at_risk.sum(axis=(0, 2)) * overall).factor
    within = [(exposure.months >= window.origin) & (exposure.months < window.until) for window in windows]
    observed = np.stack([left[:, :, months].sum(axis=(1, 2)) for months in within], axis=1)
    expected = np.stack([at_risk[:, :, months].sum(axis=2) @ curve for months in within], axis=1)
    return observed, expected


def _test_year(case: Case, window: Window) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of one origin. The actual outcome is used to score, and its joins where the variant says so."""
    actual = measure_outcome(case, window)
    forecast = forecast_past(rebuild_case(case, window))
    roles = case.tables.roles
    leaves = case.tables.history[case.tables.history["event"] == "leave"]
    dated = bool(leaves["after"].isna().any())
    followed = follow_joiners(forecast.dynamics, actual.joined if dated else 0.0 * actual.joined)
    if not dated:  # joiners were seen at the snapshot that ends the year, not before
        followed = followed[0], actual.joined.sum(axis=0)
    names = {"company": pd.Series("company", index=roles.index), "unit": roles["unit"], "role": roles["role"]}
    parts, variations = [], []
    for level in LEVELS:
        group, labels = pd.factorize(names[level])
        member = np.eye(len(labels))[:, group]  # [group, role]
        variation = measure_variation(member @ forecast.observed, member @ forecast.expected)
        variations.append((str(window.period), level, variation.lasting, variation.yearly))
        within = roles["unit"].to_numpy(dtype=object) if level == "role" else ""
        rows = _compare(member, variation, actual, forecast, dated, followed, case.assumptions.attrition.confidence)
        parts += [frame.assign(level=level, name=np.asarray(labels, dtype=object), unit=within) for frame in rows]
    table = pd.concat(parts, ignore_index=True).assign(origin=str(window.period), until=str(window.last))
    order = ["origin", "until", "variant", "level", "name", "unit", "measure", "people", "actual", "forecast"]
    table = table[[*order, "low", "high", "last_year", "company_average", "place"]]
    seen = (table["people"] > 0) | (table["actual"] > 0) | (table["forecast"] > 0)
    columns = ["origin", "level", "lasting", "yearly"]
    return table[seen].reset_index(drop=True), pd.DataFrame(variations, columns=columns)


def _compare(
    member: np.ndarray,
    variation: Variation,
    actual: Outcome,
    forecast: PastForecast,
    dated: bool,
    followed: tuple[np.ndarray, np.ndarray],
    confidence: float,
) -> Iterable[pd.DataFrame]:
    """One frame for each variant and measure; a row a group. followed: what `follow_joiners` gives."""
    people = member @ forecast.dynamics.opening.sum(axis=1)
    last, years = forecast.years[-1], forecast.years
    joined = member @ actual.joined.sum(axis=0)
    all_left, fresh = followed
    opened = sum(year.opening.sum() for year in years)
    rate = sum(year.left.sum() for year in years) / opened
    rate_all = sum(year.left_all.sum() for year in years) / opened

    def leavers(variant: str, found: np.ndarray, mean: np.ndarray, heads: np.ndarray, before: np.ndarray, base: float):
        low, high = predict_counts(mean, heads, variation, confidence)
        place = place_counts(found, mean, heads, variation)
        return _frame(variant, "leavers", people, found, mean, low, high, before, base * people, place)

    yield leavers("present", member @ actual.left, member @ forecast.left, people, member @ last.left, rate)
    if dated:
        heads = people + joined
        found, mean = member @ actual.left_all, member @ all_left
        yield leavers("joins_given", found, mean, heads, member @ last.left_all, rate_all)
    mean = member @ (forecast.stayed.sum(axis=0) + fresh)
    spread = spread_counts(member @ forecast.left, people, variation)
    for way in (0, 1):
        spread = spread + _spread_moves(member, forecast, way)
    deviation = np.sqrt(np.maximum(spread, 1e-9))
    reach = norm.ppf((1.0 + confidence) / 2.0) * deviation
    low, high = np.maximum(np.ceil(mean - reach), 0.0), np.maximum(np.floor(mean + reach), 0.0)
    empty = low > high
    low, high = np.where(empty, np.round(mean), low), np.where(empty, np.round(mean), high)
    found = member @ actual.closing
    place = norm.cdf((found - mean) / deviation)
    before = people + joined - member @ last.left_all
    average = people + joined - rate_all * people
    yield _frame("joins_given", "headcount", people, found, mean, low, high, before, average, place)


def _spread_moves(member: np.ndarray, forecast: PastForecast, way: int) -> np.ndarray:
    """Variance of the moves out of (way 0) or into (1) each group: chance, and what one year differs from another."""
    mean = _cross(member, forecast.stayed, way)
    events = np.stack([_cross(member, year.stayed, way) for year in forecast.years], axis=1)
    if not events.any():
        return mean
    heads = np.stack([member @ year.opening for year in forecast.years], axis=1)
    return mean + mean**2 * measure_variation(events, heads).variance


def _cross(member: np.ndarray, moved: np.ndarray, way: int) -> np.ndarray:
    """Moves that cross the border of each group, from counts by role and role."""
    within = member @ moved @ member.T
    return within.sum(axis=1 - way) - np.diag(within)


def _frame(
    variant: str,
    measure: str,
    people: np.ndarray,
    actual: np.ndarray,
    forecast: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    last_year: np.ndarray,
    company_average: np.ndarray,
    place: np.ndarray,
) -> pd.DataFrame:
    columns = {
        "people": people,
        "actual": actual,
        "forecast": forecast,
        "low": low,
        "high": high,
        "last_year": last_year,
        "company_average": company_average,
        "place": place,
    }
    return pd.DataFrame(columns).assign(variant=variant, measure=measure)


def score(table: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """Scores of each origin, and of all together where there are several: the columns of `Backtest.scores`.

    WAPE = sum |actual - forecast| / sum actual over the groups of a level (Kolassa & Schuetz 2007, Foresight 6).
    """
    whole = [table] if table["origin"].nunique() < 2 else [table, table.assign(origin="all")]
    rows = []
    for keys, group in pd.concat(whole).groupby(["origin", *SCORED], sort=False):
        total = float(group["actual"].sum())
        wape = [
            float((group["actual"] - group[name]).abs().sum()) / total if total > 0 else np.nan
            for name in ("forecast", "last_year", "company_average")
        ]
        inside = int(((group["actual"] >= group["low"]) & (group["actual"] <= group["high"])).sum())
        count = len(group)
        key = say_winner(*wape)
        rows.append((*keys, *wape, inside / count, confidence, count, key, say_coverage(inside, count, confidence)))
    wapes = ["wape", "wape_last_year", "wape_company_average"]
    columns = ["origin", *SCORED, *wapes, "coverage", "confidence", "groups", "key", "coverage_key"]
    return pd.DataFrame(rows, columns=columns)


def say_winner(method: float, last_year: float, company_average: float) -> str:
    """The key of the sentence on who came closest; a draw is no win.

    >>> say_winner(0.2, 0.3, 0.25), say_winner(0.2, 0.15, 0.25)
    ('backtest_won', 'backtest_lost_to_last_year')
    """
    if not method < last_year and not method < company_average:
        return "backtest_lost_to_both"
    if not method < last_year:
        return "backtest_lost_to_last_year"
    return "backtest_won" if method < company_average else "backtest_lost_to_company_average"


def say_coverage(inside: int, count: int, confidence: float) -> str:
    """The key of the sentence on coverage: low or high only where chance would rarely give as much.

    >>> say_coverage(18, 20, 0.9), say_coverage(5, 10, 0.9), say_coverage(300, 300, 0.9)
    ('backtest_coverage_right', 'backtest_coverage_low', 'backtest_coverage_high')
    """
    if count < FEWEST:
        return "backtest_coverage_few"
    if binom.cdf(inside, count, confidence) < DOUBT:
        return "backtest_coverage_low"
    if binom.sf(inside - 1, count, confidence) < DOUBT:
        return "backtest_coverage_high"
    return "backtest_coverage_right"
