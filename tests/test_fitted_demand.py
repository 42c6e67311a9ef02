"""Demand fitted from the past. Witnesses: statsmodels' least squares and smoothing, closed forms, the example's truth."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from planning import make_case, write_case
from scipy.stats import t as student
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from workforce.errors import InputError
from workforce.forecast.demand import explain_demand, forecast_demand
from workforce.forecast.elasticity import CORRELATIONS, compare_with_ratio, fit_elasticity
from workforce.forecast.staffing import measure_staffing
from workforce.forecast.trend import extrapolate
from workforce.inputs.case import check_cases, read_case
from workforce.report.page_reasons import write_reason

ROOT = Path(__file__).resolve().parents[1]
ROLES = "role,unit,family,salary,on_cost,productivity\nworker,plant,f,100,0,50\nclerk,plant,f,100,0,"
START = 'time: {period: month, start: "2026-01", horizon: 12}\n'


def draw_past(draws: np.random.Generator, count: int, correlation: float) -> tuple[np.ndarray, np.ndarray]:
    """A driver that walks at random and FTE with elasticity 0.7 and stationary residuals."""
    driver = np.cumsum(draws.normal(0.01, 0.02, count))
    steps = draws.normal(0, 0.01, count)
    noise = [steps[0] / np.sqrt(1 - correlation**2)]
    for step in steps[1:]:
        noise.append(correlation * noise[-1] + step)
    return np.exp(driver), np.exp(0.5 + 0.7 * driver + np.array(noise))


def judge_past(driver: np.ndarray, fte: np.ndarray) -> tuple[bool, bool]:
    fit, ahead = fit_elasticity(fte, driver), driver[-1:] * 1.1
    low, high = fit.slope_interval(0.9)
    least, _, most = fit.expect(ahead, 0.9)
    line = np.exp(0.5) * ahead[0] ** 0.7
    return low <= 0.7 <= high, least[0] <= line <= most[0]


def noisy_line(seed: int = 1, correlation: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    draws = np.random.default_rng(seed)
    driver = 100 * np.exp(np.cumsum(draws.normal(0.01, 0.02, 60)))
    noise = np.zeros(60)
    for month in range(1, 60):
        noise[month] = correlation * noise[month - 1] + draws.normal(0, 0.01)
    return driver, np.exp(0.5 + 0.7 * np.log(driver) + noise)


# --- the line ------------------------------------------------------------------------------------------------------


def correlated(correlation: float, count: int = 60) -> np.ndarray:
    return correlation ** np.abs(np.subtract.outer(np.arange(count), np.arange(count)))


def test_at_each_correlation_the_line_is_that_of_statsmodels() -> None:
    driver, fte = noisy_line()
    fit = fit_elasticity(fte, driver)
    design = sm.add_constant(np.log(driver) - np.log(driver).mean())
    for place in (0, 60, 110, 150, 185, 199):
        other = sm.GLS(np.log(fte), design, sigma=correlated(CORRELATIONS[place])).fit()
        np.testing.assert_allclose(fit.lines[place], other.params, rtol=1e-8)
        spread = other.cov_params()
        np.testing.assert_allclose(fit.spreads[place], [spread[0, 0], spread[0, 1], spread[1, 1]], rtol=1e-6)
    assert fit.slope == pytest.approx(fit.weights @ fit.lines[:, 1]) and fit.freedom == 58


def test_the_intervals_hold_what_they_say_by_another_integration() -> None:
    """The law of the slope with correlation and variance integrated out, from the full covariance matrix and by
    quadrature over the angle whose sine the correlation is."""
    driver, fte = noisy_line(2)
    y, design = np.log(fte), sm.add_constant(np.log(driver))
    ahead = np.array([1.0, np.log(200.0)])

    def density(angle: float, contrast: np.ndarray, value: float | None) -> float:
        matrix = correlated(np.sin(angle))
        inverse = np.linalg.inv(matrix)
        bread = design.T @ inverse @ design
        line = np.linalg.solve(bread, design.T @ inverse @ y)
        rest = (y - design @ line) @ inverse @ (y - design @ line)
        dets = np.linalg.slogdet(matrix)[1] + np.linalg.slogdet(bread)[1]
        weight = np.exp(-0.5 * dets - 29 * np.log(rest) - 150)
        if value is None:
            return float(weight)
        width = np.sqrt(rest / 58 * (contrast @ np.linalg.solve(bread, contrast)))
        return float(weight * student.cdf((value - contrast @ line) / width, 58))

    fit = fit_elasticity(fte, driver)
    ends = [(np.array([0.0, 1.0]), end) for end in fit.slope_interval(0.9)]
    ends += [(ahead, float(np.log(end[0]))) for end in fit.expect(np.array([200.0]), 0.9)[::2]]
    edges = np.linspace(-np.pi / 2, np.pi / 2, 401)
    angles = (edges[1:] + edges[:-1]) / 2
    whole = sum(density(angle, ahead, None) for angle in angles)
    for (contrast, value), wanted in zip(ends, (0.05, 0.95, 0.05, 0.95), strict=True):
        found = sum(density(angle, contrast, value) for angle in angles) / whole
        assert found == pytest.approx(wanted, abs=1e-3)


def test_a_fit_without_residuals_is_certain() -> None:
    driver = np.array([10.0, 20.0, 40.0, 80.0])
    fit = fit_elasticity(3 * driver**0.5, driver)
    assert fit.slope_interval(0.9) == pytest.approx((0.5, 0.5), rel=1e-9)
    np.testing.assert_allclose(fit.expect(np.array([160.0]), 0.9), 3 * 160**0.5, rtol=1e-9)


def test_intervals_cover_as_often_as_they_say() -> None:
    """300 pasts with residuals that follow each other: 90% intervals hold the true elasticity about nine times in ten
    (three standard errors to either side)."""
    held = [
        fit_elasticity(fte, driver).slope_interval(0.9) for driver, fte in (noisy_line(seed) for seed in range(300))
    ]
    assert 0.85 <= np.mean([low <= 0.7 <= high for low, high in held]) <= 0.95


@pytest.mark.long
@pytest.mark.parametrize("count", [24, 60, 120])
@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.6, 0.9])
def test_intervals_cover_over_many_pasts(count: int, correlation: float) -> None:
    """1,000 pasts of each kind: two years to ten, residuals from independent to slow; the elasticity, and the line a tenth
    above the last driver. Two years of residuals with a correlation of 0.9 are the hardest."""
    draws = np.random.default_rng(3)
    found = np.array([judge_past(*draw_past(draws, count, correlation)) for _ in range(1000)])
    assert (np.abs(found.mean(axis=0) - 0.9) < 0.07).all()


def test_the_trial_by_hand() -> None:
    """Four yearly observations: fit on three, predict the fourth. FTE 10, 20, 30 on driver 100, 400, 900 is the square
    root; the fourth, 1600, gives 40 by the line and 1600 x 30 / 900 = 53.33 by last year's ratio; 42 were there."""
    trial = compare_with_ratio(np.array([10.0, 20, 30, 42]), np.array([100.0, 400, 900, 1600]), 1)
    assert trial is not None and trial.tests == 1
    assert trial.elasticity == pytest.approx(2 / 42)
    assert trial.ratio == pytest.approx((1600 * 30 / 900 - 42) / 42)
    assert compare_with_ratio(np.ones(3), np.ones(3), 1) is None


# --- the past ------------------------------------------------------------------------------------------------------


def people_of(role: str, hired: list[str]) -> list[str]:
    return [f"{role}{number},{role},{day}" for number, day in enumerate(hired)]


def test_past_fte_is_rebuilt_from_events_by_hand(tmp_path: Path) -> None:
    """Two workers since 2015 (one at half time), one hired in 2025-03 without a join event; one worker left 2025-02-10, one
    clerk became worker on 2025-05-05."""
    people = """person,role,hire_date,fte\nw1,worker,2015-01-01,1\nw2,worker,2015-01-01,0.5
        w3,worker,2025-03-03,1\nw4,worker,2016-01-01,1"""
    history = """person,date,event,from_role,to_role,cause\nw9,2025-02-10,leave,worker,,resign
        w4,2025-05-05,move,clerk,worker,"""
    past = measure_staffing(make_case(tmp_path, stated(people=people, history=history), START))
    months = [f"2025-{number:02d}" for number in range(2, 13)]
    assert [f"{month // 12}-{month % 12 + 1:02d}" for month in past.fte.index] == months
    heads = np.array([2, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4])  # after Feb: w1, w2; + w3 in March; + w4 in May
    np.testing.assert_allclose(past.fte["worker"], heads * 3.5 / 4)
    np.testing.assert_allclose(past.fte["clerk"], [1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0])


def test_snapshots_are_seen_on_their_days_only(tmp_path: Path) -> None:
    people = "person,role,hire_date\nw1,worker,2015-01-01\nw2,worker,2024-09-01"
    history = """person,date,event,from_role,to_role,cause,after
        w8,2024-12-31,leave,worker,,resign,2023-12-31\nw9,2025-12-31,leave,worker,,resign,2024-12-31
        w2,2024-12-31,join,,worker,,2023-12-31"""
    past = measure_staffing(make_case(tmp_path, stated(people=people, history=history), START))
    assert past.step == 12
    assert past.fte["worker"].tolist() == [3, 3, 2]  # w1 w8 w9; w1 w2 w9; w1 w2


def test_rosters_of_the_first_of_january_show_the_close_of_december(tmp_path: Path) -> None:
    """Two rosters; w1's hire date was mended to one between them, but both show w1."""
    people = "person,role,hire_date\nw1,worker,2025-03-01\nw2,worker,2025-09-01"
    history = """person,date,event,from_role,to_role,cause,after
        w9,2026-01-01,leave,worker,,resign,2025-01-01\nw2,2026-01-01,join,,worker,,2025-01-01
        w8,2025-01-01,leave,worker,,resign,2024-01-01"""
    past = measure_staffing(make_case(tmp_path, stated(people=people, history=history), START))
    assert past.fte["worker"].to_dict() == {2023 * 12 + 11: 3, 2024 * 12 + 11: 2, 2025 * 12 + 11: 2}


def test_the_example_is_rebuilt_to_its_opening() -> None:
    """Heads of 2021-01 from the events alone, role by role: those of today less joins since, plus leaves."""
    case = read_case(ROOT / "scenarios" / "base.yaml", ROOT / "data")
    past = measure_staffing(case)
    history, people = case.tables.history, case.tables.people
    late = history[history["date"] >= "2021-02-01"]
    opening = (
        people["role"].value_counts().reindex(case.tables.roles["role"], fill_value=0)
        - late["to_role"].value_counts().reindex(case.tables.roles["role"], fill_value=0)
        + late["from_role"].value_counts().reindex(case.tables.roles["role"], fill_value=0)
    )
    np.testing.assert_allclose(past.fte.iloc[0] / past.fte_per_head, opening)
    assert len(past.fte) == 60


def test_the_truth_of_the_example_is_found_again() -> None:
    """The truth is an elasticity of 1 for every driven role. Vacancies fill slowly, so that the
    residuals follow each other; 27 of the 30 intervals of 90% hold it."""
    case = read_case(ROOT / "scenarios" / "base.yaml", ROOT / "data")
    past = measure_staffing(case).fte
    truth = pd.read_csv(ROOT / "data" / "truth" / "productivity.csv")
    drivers = pd.read_csv(ROOT / "data" / "truth" / "past_drivers.csv").set_index(["driver", "period"])["value"]
    found = []
    for row in truth.itertuples():
        years = (past.index.to_numpy() - 2026 * 12) / 12
        fit = fit_elasticity(
            (past[row.role] * (1 + row.productivity_growth) ** years).to_numpy(), drivers[row.driver].to_numpy()
        )
        found.append((fit.slope, *fit.slope_interval(0.9), past[row.role].iloc[-1]))
    table = pd.DataFrame(found, columns=["slope", "low", "high", "fte"])
    assert ((table["low"] <= 1) & (table["high"] >= 1)).mean() >= 0.8
    assert table.loc[table["fte"] > 100, "slope"].sub(1).abs().max() < 0.05
    assert not ((table["low"] <= 0.5) & (table["high"] >= 0.5)).any()  # it can fail: a half is refused everywhere


# --- in the plan ---------------------------------------------------------------------------------------------------


def stated(**tables: str) -> dict[str, str]:
    return {
        "roles": ROLES,
        "required": "role,period,fte\nworker,2026,1\nclerk,2026,1",
        **tables,
    }


def grown(power: float, years: int = 4, wobble: float = 0.0, driver_first: str = "2022") -> dict[str, str]:
    """A worker past in which heads follow 100 x (driver / 1000) ** power at each year's close, seen as yearly snapshots;
    the driver is 1000, 1210, 1440, 1690, ... (squares of 10, 11, 12, ... times 10)."""
    last = 2025
    volumes = {year: 10.0 * (10 + year - (last - years + 1)) ** 2 for year in range(last - years + 1, 2027)}
    heads = {year: round(100 * (volumes[year] / 1000) ** power * (1 + wobble * (-1) ** year)) for year in volumes}
    people = [f"p{n},worker,2001-01-01" for n in range(heads[last])]
    events = ["person,date,event,from_role,to_role,cause,after"]
    first = last - years + 1
    for year in range(first + 1, last + 1):
        step = heads[year] - heads[year - 1]
        before = f"{year - 1}-12-31"
        if step > 0:
            for n in range(step):
                person = f"p{sum(max(0, heads[y] - heads[y - 1]) for y in range(first + 1, year)) + n}"
                events.append(f"{person},{year}-12-31,join,,worker,,{before}")
        events += [f"q{year}{n},{year}-12-31,leave,worker,,resign,{before}" for n in range(max(0, -step))]
    drivers = ["unit,driver,period,low,base,high"]
    for year, volume in volumes.items():
        for month in range(1, 13):
            spread = 100 if year > last else 0
            drivers.append(f"plant,output,{year}-{month:02d},{volume - spread},{volume},{volume + spread}")
    return {
        "roles": ROLES,
        "people": "person,role,hire_date\n" + "\n".join(people),
        "history": "\n".join(events),
        "drivers": "\n".join(drivers),
        "demand": "role,method,driver\nworker,elasticity,output",
    }


def test_an_elasticity_of_a_half_is_found_and_used(tmp_path: Path) -> None:
    """Heads 100, 110, 120, 130 on driver 1000, 1210, 1440, 1690: exactly the square root; 1960 asks for 140."""
    demand = explain_demand(make_case(tmp_path, grown(0.5), START))
    rows = demand.frame[demand.frame["role"] == "worker"]
    assert rows["required"].tolist() == pytest.approx([140.0] * 12)
    assert rows["low"].iloc[0] == pytest.approx(100 * np.sqrt(1.86)) and rows["high"].iloc[0] == pytest.approx(
        100 * 2.06**0.5
    )
    part = demand.parts[demand.parts["role"] == "worker"].iloc[0]
    assert (part["method"], part["driver_value"], part["ratio"]) == ("elasticity", 1960, pytest.approx(14))
    ((key, values),) = demand.told
    assert key == "elasticity_used" and values["elasticity"] == pytest.approx(0.5)
    assert values["error"] < 1e-9 < values["ratio_error"]


def test_the_interval_of_the_plan_is_that_of_the_fit(tmp_path: Path) -> None:
    tables = grown(0.5, years=8, wobble=0.01)
    demand = explain_demand(make_case(tmp_path, tables, START))
    row = demand.frame[demand.frame["role"] == "worker"].iloc[0]
    past = measure_staffing(make_case(tmp_path, tables, START)).fte["worker"].to_numpy()
    fit = fit_elasticity(past, 10.0 * (10 + np.arange(len(past))) ** 2)
    planned = 10.0 * 18**2
    assert row["low"] == pytest.approx(fit.expect(np.array([planned - 100]), 0.9)[0][0])
    assert row["high"] == pytest.approx(fit.expect(np.array([planned + 100]), 0.9)[2][0])
    assert row["low"] < row["base"] < row["high"]


@pytest.mark.parametrize(("power", "years", "why"), [(0.5, 3, "short"), (1.0, 4, "worse")])
def test_a_refusal_falls_back_to_last_years_ratio_and_says_so(
    tmp_path: Path, power: float, years: int, why: str
) -> None:
    demand = explain_demand(make_case(tmp_path, grown(power, years), START))
    tables = grown(power, years)
    heads = tables["people"].count("\n")
    last = 10.0 * (10 + years - 1) ** 2
    rows = demand.frame[demand.frame["role"] == "worker"]
    assert rows["required"].iloc[0] == pytest.approx(10.0 * (10 + years) ** 2 * heads / last)
    ((key, values),) = demand.told
    assert (key, values["why"]) == ("elasticity_refused", why)
    assert set(demand.parts["method"]) == {"ratio"}
    for language in ("en", "zh"):
        assert "worker" in write_reason(key, json.dumps(values), "CNY", language)
    assert "refused" in write_reason(key, json.dumps(values), "CNY", "en")


def test_without_any_past_the_stated_productivity_serves(tmp_path: Path) -> None:
    tables = grown(0.5) | {"stock": "role,headcount\nworker,130"}
    del tables["people"], tables["history"]
    tables["drivers"] = "unit,driver,period,base\nplant,output,2026,1960"
    demand = explain_demand(make_case(tmp_path, tables, START))
    assert demand.frame["required"].iloc[0] == pytest.approx(1960 / 50)
    assert demand.told[0][1]["why"] == "stated"
    bare = tables | {"roles": ROLES.replace("worker,plant,f,100,0,50", "worker,plant,f,100,0,")}
    with pytest.raises(InputError, match="no productivity is stated"):
        forecast_demand(make_case(tmp_path / "bare", bare, START))


def test_a_driver_of_nothing_has_no_logarithm(tmp_path: Path) -> None:
    tables = grown(0.5)
    tables["drivers"] = tables["drivers"].replace("2026-05,1860.0,1960.0", "2026-05,0,0")
    with pytest.raises(InputError, match="driver above 0"):
        forecast_demand(make_case(tmp_path, tables, START))


def test_a_missing_month_of_an_elasticity_is_found_by_check(tmp_path: Path) -> None:
    tables = grown(0.5)
    tables["drivers"] = "\n".join(line for line in tables["drivers"].splitlines() if "2026-05" not in line)
    faults = check_cases([write_case(tmp_path, tables, START)], tmp_path / "data")
    assert any("1 of the plan's 12 months" in fault.rule for fault in faults)


def test_growth_season_and_multiplier_of_an_elasticity(tmp_path: Path) -> None:
    """Productivity that grew by 2% a year and a need of 1.1 in June: both are taken out of the past and put into the plan;
    twice the driver asks for 2 ** b."""
    tables = grown(0.5)
    tables["demand"] = "role,method,driver,growth,season\nworker,elasticity,output,0.02,6:1.1"
    demand = explain_demand(make_case(tmp_path, tables, START + "demand: {multiplier: 2}\n"))
    slope = demand.told[0][1]["elasticity"]
    past = np.array([100, 110, 120, 130]) * 1.02 ** (np.array([-37, -25, -13, -1]) / 12)
    other = fit_elasticity(past, np.array([1000.0, 1210, 1440, 1690]))
    assert slope == pytest.approx(other.slope)
    line = np.exp(other.intercept) * 3920**other.slope
    rows = demand.frame[demand.frame["role"] == "worker"]["required"].to_numpy()
    assert rows[0] == pytest.approx(line) and rows[5] == pytest.approx(line * 1.1 / 1.02 ** (5 / 12))


# --- trend, season, gains ------------------------------------------------------------------------------------------


def test_the_trend_is_that_of_statsmodels() -> None:
    past = 50 + 0.5 * np.arange(36) + np.random.default_rng(3).normal(0, 1, 36)
    fitted = ETSModel(pd.Series(past), error="add", trend="add", damped_trend=True).fit(disp=False)
    ahead = fitted.get_prediction(start=36, end=47).summary_frame(alpha=0.2)
    np.testing.assert_allclose(
        extrapolate(past, 12, 0.8), ahead[["pi_lower", "mean", "pi_upper"]].to_numpy(), rtol=1e-6
    )


def trend_tables(months: int) -> dict[str, str]:
    """Workers: one more on the first of every month before the plan, 40 at its start."""
    days = [f"{(2025 * 12 + 12 - months + n) // 12}-{(12 - months + n) % 12 + 1:02d}-01" for n in range(months)]
    people = [f"w{n},worker,{day}" for n, day in enumerate(days)]
    people += [f"v{n},worker,2001-01-01" for n in range(40 - months)]
    events = [f"w{n},{day},join,,worker" for n, day in enumerate(days)]
    return {
        "roles": ROLES,
        "people": "person,role,hire_date\n" + "\n".join(people),
        "history": "person,date,event,from_role,to_role\n" + "\n".join(events),
        "demand": "role,method,season\nworker,trend,3:1.5",
        "drivers": "unit,driver,period,base\nplant,output,2026,1",
    }


def test_a_straight_past_goes_on(tmp_path: Path) -> None:
    """One head more a month, without noise, goes on by the damping's upper limit, 0.98: 40 + 0.98 + 0.98^2 + ..."""
    tables = trend_tables(36)
    tables["demand"] = "role,method\nworker,trend"
    demand = explain_demand(make_case(tmp_path, tables, START))
    rows = demand.frame[demand.frame["role"] == "worker"]
    np.testing.assert_allclose(rows["required"], 40 + np.cumsum(0.98 ** np.arange(1, 13)), atol=0.05)
    assert (rows["low"] <= rows["base"]).all() and (rows["base"] <= rows["high"]).all()
    assert demand.told[0][0] == "trend_used" and set(demand.parts["method"]) == {"trend"}


def test_a_short_past_is_held_and_told(tmp_path: Path) -> None:
    demand = explain_demand(make_case(tmp_path, trend_tables(12), START))
    rows = demand.frame[demand.frame["role"] == "worker"]["required"].to_numpy()
    np.testing.assert_allclose(rows, [40, 40, 60, *[40] * 9])  # March by season
    ((key, values),) = demand.told
    assert (key, values["why"], values["needed"]) == ("trend_held", "short", 24)
    assert set(demand.parts["method"]) == {"held"}


def test_season_and_gains_of_a_ratio_by_hand(tmp_path: Path) -> None:
    """500 / 50 = 10 FTE, 0.9 of it in February; from April a new system raises productivity by a quarter, to its end in
    June."""
    tables = {
        "roles": ROLES,
        "stock": "role,headcount\nworker,10",
        "drivers": "unit,driver,period,base\nplant,output,2026,500",
        "projects": "project,launch,end\nnew_system,2026-04-20,2026-06-30",
        "demand": "role,method,driver,season,gains\nworker,ratio,output,2:0.9,new_system:0.25",
    }
    on = explain_demand(make_case(tmp_path / "on", tables, START + "demand: {projects: [new_system]}\n"))
    off = forecast_demand(make_case(tmp_path / "off", tables, START))
    wanted = np.array([10, 9, 10, 8, 8, 8, 10, 10, 10, 10, 10, 10])
    np.testing.assert_allclose(on.frame[on.frame["role"] == "worker"]["required"], wanted)
    np.testing.assert_allclose(on.parts["driver_value"] / on.parts["ratio"], on.parts["fte"])
    assert off["required"].iloc[6] == pytest.approx(10)
    assert off[off["role"] == "worker"]["required"].tolist() == pytest.approx([10, 9, *[10] * 10])
    quarters = 'time: {period: quarter, start: "2026Q1", horizon: 4}\n'
    frame = forecast_demand(make_case(tmp_path / "quarters", tables, quarters))
    assert frame[frame["role"] == "worker"]["required"].iloc[0] == pytest.approx(29 / 3)


@pytest.mark.parametrize(
    ("column", "text"),
    [("season", "13:1.1"), ("season", "a:b"), ("season", "2:0"), ("gains", "new_system"), ("gains", "unheard:0.1")],
)
def test_a_season_or_gain_that_is_none_is_a_fault(tmp_path: Path, column: str, text: str) -> None:
    tables = {
        "roles": ROLES,
        "stock": "role,headcount\nworker,10",
        "drivers": "unit,driver,period,base\nplant,output,2026,500",
        "projects": "project,launch\nnew_system,2026-04-20",
        "demand": f"role,method,driver,{column}\nworker,ratio,output,{text}",
    }
    faults = check_cases([write_case(tmp_path, tables, START)], tmp_path / "data")
    assert [(fault.column, fault.row) for fault in faults] == [(column, 2)]


def test_a_season_of_a_fixed_post_is_refused(tmp_path: Path) -> None:
    tables = {
        "roles": ROLES,
        "stock": "role,headcount\nworker,10",
        "drivers": "unit,driver,period,base\nplant,output,2026,500",
        "demand": "role,method,fte,season\nworker,fixed,3,2:0.9",
    }
    faults = check_cases([write_case(tmp_path, tables, START)], tmp_path / "data")
    assert [fault.column for fault in faults] == ["season"]


def test_every_method_explains_its_requirement(tmp_path: Path) -> None:
    """The example with one role on elasticity and one on trend: every part of every role and period is there, and the
    parts add up."""
    data = tmp_path / "data"
    shutil.copytree(
        ROOT / "data", data, ignore=shutil.ignore_patterns("*.py", "truth", "example_company", "maps", "*.md")
    )
    past = pd.read_csv(ROOT / "data" / "truth" / "past_drivers.csv").rename(columns={"value": "base"})
    plan = pd.read_csv(data / "drivers.csv")
    pd.concat([past, plan]).to_csv(data / "drivers.csv", index=False)
    text = (data / "demand.csv").read_text().replace("machining_operator,ratio", "machining_operator,elasticity")
    lines = [
        line if not line.startswith("administrator,") else "administrator,trend" + "," * 8 for line in text.splitlines()
    ]
    (data / "demand.csv").write_text("\n".join(lines) + "\n")
    scenario = ROOT / "scenarios" / "new_product_line.yaml"
    demand = explain_demand(read_case(scenario, data))
    whole = demand.frame.set_index(["role", "period"])["required"]
    parts = demand.parts.groupby(["role", "period"])["fte"].sum()
    np.testing.assert_allclose(parts.reindex(whole.index, fill_value=0.0), whole)
    driven = demand.parts[demand.parts["method"].isin(["ratio", "elasticity"])]
    np.testing.assert_allclose(driven["driver_value"] / driven["ratio"], driven["fte"])
    assert {"ratio", "trend", "span", "project", "fixed"} <= set(demand.parts["method"])
    assert {key for key, _ in demand.told} & {"elasticity_used", "elasticity_refused"}
