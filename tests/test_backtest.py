"""Past years forecast without a look ahead, and scored.

Witnesses: hand-solved rosters, the projection of expected stocks, brute-force binomial sums, simulated counts whose
variation is known, and a case from which all that came later was taken out.
"""

import doctest
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from planning import make_case
from scipy.stats import binom
from typer.testing import CliRunner

from workforce import cli
from workforce.errors import InputError, RunError
from workforce.forecast import backtest as backtests
from workforce.forecast import variation as variations
from workforce.forecast.attrition import fit_attrition
from workforce.forecast.backtest import backtest, choose_windows, follow_joiners, forecast_past, score, trace_roles
from workforce.forecast.dynamics import describe_dynamics
from workforce.forecast.mobility import fit_mobility
from workforce.forecast.past import Window, find_windows, measure_outcome, rebuild_case, roster_at
from workforce.forecast.stocks import project_stocks
from workforce.forecast.variation import NODES, Variation, measure_variation, place_counts, predict_counts
from workforce.inputs.case import Case, read_case
from workforce.pipeline import backtest_scenario
from workforce.report.backtests import read_backtest, write_verdicts
from workforce.report.words import say

ROOT = Path(__file__).parents[1]
ORIGIN = Window(2024 * 12, 2025 * 12)


@pytest.fixture(scope="module")
def company() -> Case:
    return read_case(ROOT / "scenarios" / "base.yaml", ROOT / "data")


@pytest.fixture(scope="module")
def found(company: Case) -> backtests.Backtest:
    return backtest(company, "2024-01")


def dated(folder: Path) -> Case:
    """Ann stays; Ben rises in 2024 and leaves in 2025; Cai joined in 2024; Dee left in 2023 and Eve in 2024; Fay left
    and came back."""
    tables = {
        "roles": "role,unit,family,salary\nclerk,Office,clerks,1\nlead,Office,leads,2",
        "required": "role,period,fte\nclerk,2014,1\nclerk,2015,1\nclerk,2026,1",
        "people": """person,role,hire_date
            ann,clerk,2015-03-02
            cai,clerk,2024-05-01
            fay,lead,2024-09-01""",
        "history": """person,date,event,from_role,to_role,cause,hire_date
            dee,2023-02-10,leave,clerk,,resign,2019-01-01
            eve,2024-06-10,leave,clerk,,resign,2018-01-01
            ben,2024-03-01,move,clerk,lead,,2020-02-01
            ben,2025-02-01,leave,lead,,resign,2020-02-01
            cai,2024-05-01,join,,clerk,,
            fay,2024-02-01,leave,clerk,,resign,2012-01-01
            fay,2024-09-01,join,,lead,,""",
    }
    return make_case(folder, tables, "time: {period: month, start: 2026-01, horizon: 12}\n")


def snapshots(folder: Path) -> Case:
    """Snapshots of 30 June 2012 to 2014."""
    tables = {
        "roles": "role,unit,family,salary\nclerk,Office,clerks,1\nlead,Office,leads,2",
        "required": "role,period,fte\nclerk,2014,1\nclerk,2015,1\nclerk,2026,1",
        "people": "person,role,hire_date\nann,lead,2005-03-02\ncai,clerk,2013-12-01",
        "history": """person,date,event,from_role,to_role,cause,after,hire_date
            ben,2013-06-30,leave,clerk,,other,2012-06-30,2010-01-01
            dee,2014-06-30,leave,clerk,,other,2013-06-30,2010-01-01
            ann,2014-06-30,move,clerk,lead,,2013-06-30,2005-03-02
            cai,2014-06-30,join,,clerk,,2013-06-30,2013-12-01""",
    }
    return make_case(folder, tables, "time: {period: month, start: 2014-07, horizon: 12}\n")


def test_the_roster_of_a_past_day(tmp_path: Path) -> None:
    roster = roster_at(dated(tmp_path), ORIGIN.origin).set_index("person")
    assert roster["role"].to_dict() == {"ann": "clerk", "ben": "clerk", "eve": "clerk", "fay": "clerk"}
    assert roster.loc["fay", "hire_date"] == pd.Timestamp("2012-01-01")
    later = roster_at(dated(tmp_path), ORIGIN.until).set_index("person")["role"].to_dict()
    assert later == {"ann": "clerk", "ben": "lead", "cai": "clerk", "fay": "lead"}


def test_what_happened_in_a_year(tmp_path: Path) -> None:
    outcome = measure_outcome(dated(tmp_path), ORIGIN)
    assert outcome.opening.tolist() == [4, 0] and outcome.closing.tolist() == [2, 2]
    assert outcome.left.tolist() == [2, 0]  # eve, and fay although she came back
    assert outcome.stayed.tolist() == [[1, 1], [0, 0]]
    assert outcome.joined.sum(axis=0).tolist() == [1, 1] and outcome.joined[4, 0] == 1


def test_snapshots_are_forecast_from_snapshot_to_snapshot(tmp_path: Path) -> None:
    case = snapshots(tmp_path)
    assert [str(window.period) for window in find_windows(case)] == ["2012-07", "2013-07"]
    window = find_windows(case)[1]
    past = rebuild_case(case, window)
    assert past.tables.people["person"].tolist() == ["ann", "dee"] and (past.tables.people["role"] == "clerk").all()
    assert past.tables.history["person"].tolist() == ["ben"]
    assert past.start == pd.Timestamp("2013-07-01") and len(past.periods) == 12
    outcome = measure_outcome(case, window)
    assert (outcome.left[0], outcome.stayed[0, 1], outcome.joined.sum()) == (1, 1, 1)
    table = backtest(case).table
    whole = table[(table["level"] == "company") & (table["measure"] == "leavers")].iloc[0]
    assert (whole["people"], whole["actual"], whole["last_year"]) == (2, 1, 1)
    assert whole["company_average"] == pytest.approx(2 * 1 / 3)  # one of three left in the year before
    assert set(table.loc[table["variant"] == "joins_given", "measure"]) == {"headcount"}


def test_years_of_dated_events_count_back_from_the_start(company: Case) -> None:
    assert [str(window.period) for window in choose_windows(company)] == ["2022-01", "2023-01", "2024-01", "2025-01"]
    assert choose_windows(company, "2024-07") == [Window(2024 * 12 + 6, 2025 * 12 + 6)]
    assert choose_windows(company, "2024") == [ORIGIN]


@pytest.mark.parametrize("origin", ["2021-01", "2025-02", "soon"])
def test_a_year_that_cannot_be_forecast_is_refused_with_those_that_can(company: Case, origin: str) -> None:
    with pytest.raises(InputError, match="choose from 2022-01, 2023-01"):
        choose_windows(company, origin)


def test_one_year_of_history_is_too_short(tmp_path: Path) -> None:
    case = snapshots(tmp_path)
    short = replace(case.tables, history=case.tables.history[case.tables.history["date"] > "2013-12-31"])
    calm = case.tables.history.replace({"event": {"leave": "move"}, "from_role": {"clerk": "lead"}})
    calm = calm.assign(event=calm["event"].where(calm["person"] != "dee", "leave"))  # nobody left in the first year
    for tables in (short, replace(short, history=short.history.iloc[:0]), replace(case.tables, history=calm)):
        with pytest.raises(InputError, match="fewer than two years"):
            backtest(replace(case, tables=tables))


# --- no look ahead -------------------------------------------------------------------------------------------------


def test_nothing_later_changes_the_forecast(company: Case) -> None:
    """All that came after the origin taken out, then another future put in its place."""
    known = company.tables.history[company.tables.history["date"] < "2024-01-01"]
    roster = roster_at(company, ORIGIN.origin)
    people = company.tables.people.set_index("person").reindex(roster["person"]).reset_index()
    people = people.assign(role=roster["role"], hire_date=roster["hire_date"])
    ended = replace(company, tables=replace(company.tables, history=known.reset_index(drop=True), people=people))
    wave = roster.iloc[::3].assign(event="leave", date=pd.Timestamp("2024-05-06"), to_role="", cause="resign")
    wave = wave.rename(columns={"role": "from_role"}).reindex(columns=known.columns)
    stayed = people[~people["person"].isin(wave["person"])]
    history = pd.concat([known, wave.astype(known.dtypes)], ignore_index=True)
    emptied = replace(company, tables=replace(company.tables, history=history, people=stayed))
    forecasts = [forecast_past(rebuild_case(case, ORIGIN)) for case in (company, ended, emptied)]
    for other in forecasts[1:]:
        for name in ("left", "stayed", "expected", "observed"):
            np.testing.assert_array_equal(getattr(forecasts[0], name), getattr(other, name))
    assert measure_outcome(emptied, ORIGIN).left.sum() == len(wave) > 2 * measure_outcome(company, ORIGIN).left.sum()


def test_a_past_case_holds_nothing_later(company: Case) -> None:
    past = rebuild_case(company, ORIGIN)
    people, history = past.tables.people, past.tables.history
    assert history["date"].max() < past.start and people["hire_date"].max() < past.start
    gone_since = company.tables.history.loc[
        (company.tables.history["date"] >= past.start) & (company.tables.history["event"] == "leave"), "person"
    ]
    assert people["person"].isin(gone_since).sum() > 200  # later leavers are still there
    known_of_stayers = [name for name in people if name not in ("person", "role", "hire_date", "fte", "status")]
    assert people[known_of_stayers].isna().all().all()


# --- the forecast --------------------------------------------------------------------------------------------------


def test_a_cohort_traced_by_role_adds_up_to_the_expected_stocks(company: Case) -> None:
    past = rebuild_case(company, ORIGIN)
    attrition = fit_attrition(past)
    dynamics = describe_dynamics(past, attrition, fit_mobility(past, attrition))
    left, stayed = trace_roles(dynamics)
    projected = project_stocks(dynamics).frame.groupby("role", sort=False)[["leavers"]].sum()["leavers"].to_numpy()
    heads = project_stocks(dynamics).states
    np.testing.assert_allclose(stayed.sum(axis=0), heads[-1].sum(axis=1), atol=1e-9)
    np.testing.assert_allclose(left + stayed.sum(axis=1), heads[0].sum(axis=1), atol=1e-9)
    without = follow_joiners(dynamics, np.zeros((12, len(dynamics.roles))))
    np.testing.assert_allclose(without[0], projected, atol=1e-9)
    assert without[1].sum() == 0.0
    joined = np.zeros((12, len(dynamics.roles)))
    joined[-1, 3] = 5.0  # who joins in the last month is not at risk before it ends
    assert follow_joiners(dynamics, joined)[1][3] == 5.0


def test_rows_add_up_and_intervals_hold_the_forecast(found: backtests.Backtest) -> None:
    table = found.table
    sums = table.groupby(["variant", "measure", "level"])[["people", "actual", "forecast", "last_year"]].sum()
    for _, levels in sums.groupby(level=["variant", "measure"]):
        np.testing.assert_allclose(levels - levels.iloc[0], 0.0, atol=1e-6)
    assert ((table["low"] <= table["forecast"] + 1) & (table["forecast"] - 1 <= table["high"])).all()
    inside = (table["actual"] >= table["low"]) & (table["actual"] <= table["high"])
    middle = (table["place"] - 0.5).abs() <= 0.45 + 1e-9
    assert (inside == middle).mean() > 0.98  # but for counts so small that no whole number fits
    assert table["place"].between(0, 1).all()


def test_scores_worked_by_hand() -> None:
    rows = {
        "origin": "2024-01",
        "variant": "present",
        "level": "unit",
        "measure": "leavers",
        "actual": [10.0, 30.0],
        "forecast": [12.0, 29.0],
        "low": [11.0, 20.0],
        "high": [15.0, 40.0],
        "last_year": [10.0, 31.0],
        "company_average": [20.0, 30.0],
    }
    [row] = score(pd.DataFrame(rows), 0.9).to_dict("records")
    assert (row["wape"], row["wape_last_year"], row["wape_company_average"]) == (3 / 40, 1 / 40, 10 / 40)
    assert (row["coverage"], row["groups"]) == (0.5, 2)
    assert (row["key"], row["coverage_key"]) == ("backtest_lost_to_last_year", "backtest_coverage_few")


# --- what a user sees ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("runs")
    backtest_scenario(ROOT / "scenarios" / "base.yaml", ROOT / "data", out, origin="2025-01", languages=("en", "zh"))
    return out / "backtest"


def test_the_folder_of_a_backtest(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "report.html", "report.ipynb", "report.zh.html", "results", "scores.csv", "summary.json"]  # fmt: skip
    past = read_backtest(folder)
    assert past.summary["origins"] == ["2025-01"]
    written = pd.read_csv(folder / "scores.csv")
    pd.testing.assert_frame_equal(written, past.tables["scores"], rtol=1e-5)
    table = past.tables["backtest"]
    assert not (table["people"].between(1, 4)).any() and table["actual"].isna().any()  # small groups are withheld


@pytest.mark.parametrize(("page", "words"), [
    ("report.html", ("The method did not win", "Leavers of those present, by unit", "as chance lets expect")),
    ("report.zh.html", ("本方法没有胜出", "按部门离职人数（期初在职者）", "与应有的覆盖率相符")),
])  # fmt: skip
def test_the_page_says_in_words_where_the_method_did_not_win(folder: Path, page: str, words: tuple[str, ...]) -> None:
    text = (folder / page).read_text(encoding="utf-8")
    assert all(word in text for word in words)
    assert text.count("<img") == 2 and "<script" not in text and "report.draw_" not in text


def test_a_year_that_was_lost_is_said_although_the_average_won() -> None:
    row = {"variant": "present", "level": "unit", "measure": "leavers", "confidence": 0.9, "coverage": 0.9}
    row |= {"groups": 20, "coverage_key": "backtest_coverage_right", "wape_last_year": 0.2}
    row |= {"wape_company_average": 0.3}
    lost = {**row, "origin": "2023-01", "wape": 0.25, "key": "backtest_lost_to_last_year"}
    won = {**row, "origin": "all", "wape": 0.15, "key": "backtest_won"}
    first, second = write_verdicts(pd.DataFrame([lost, won]))
    assert "came closest" in first
    assert second.startswith("The year from Jan 2023. Leavers") and "did not win" in second


def test_a_folder_without_backtest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="workforce backtest"):
        read_backtest(tmp_path)


def test_the_command_prints_verdicts_or_scores(monkeypatch, found: backtests.Backtest) -> None:
    monkeypatch.chdir(ROOT)
    asked = []

    def stand_in(scenario: Path, data: Path, out: Path, **options: object) -> backtests.Backtest:
        asked.append((scenario.name, options["origin"], options["languages"]))
        return found

    monkeypatch.setattr("workforce.pipeline.backtest_scenario", stand_in)
    plain = CliRunner().invoke(cli.app, ["backtest", "--language", "zh"])
    assert plain.exit_code == 0 and "the forecast missed by" in plain.stdout
    scores = CliRunner().invoke(cli.app, ["backtest", "growth", "--origin", "2024-01", "--json"])
    assert len(json.loads(scores.stdout)) == len(found.scores)
    assert asked == [("base.yaml", None, ("zh",)), ("growth.yaml", "2024-01", None)]


# --- variation -----------------------------------------------------------------------------------------------------


def test_without_variation_the_interval_is_that_of_the_binomial() -> None:
    sure = Variation(np.eye(len(NODES))[[70, 70]], 0.0, 0.0)
    people, mean = np.array([40.0, 7.0]), np.array([10.0, 1.0])
    low, high = predict_counts(mean, people, sure, 0.9)
    for group in range(2):
        counts = np.arange(people[group] + 1)
        share = mean[group] / people[group]
        place = binom.cdf(counts, people[group], share) - binom.pmf(counts, people[group], share) / 2
        within = counts[(place >= 0.05) & (place <= 0.95)]
        assert (low[group], high[group]) == (within[0], within[-1])
        np.testing.assert_allclose(place_counts(counts[:1], mean[group : group + 1], people[:1] * 0 + people[group],
                                                Variation(sure.chance[:1], 0.0, 0.0)), place[:1])  # fmt: skip


def test_variation_is_found_and_new_counts_fall_where_they_should() -> None:
    """Groups and years drawn with known scatter; a further year of each is covered as often as promised."""
    draws, covered, yearly, lasting = np.random.default_rng(7), [], [], []
    for _ in range(25):
        group, expected = draws.normal(0, 0.35, 30), draws.uniform(3, 120, 30)
        events = draws.poisson(expected[:, None] * np.exp(group[:, None] + draws.normal(0, 0.15, (30, 3))))
        variation = measure_variation(events, np.tile(expected[:, None], (1, 3)))
        people = np.floor(expected * 8)
        share = np.exp(group + draws.normal(0, 0.15, 30)) / 8
        outcome = draws.binomial(people.astype(int), np.minimum(share, 1.0))
        mean = expected * events.sum() / expected.sum() / 3 * (variation.chance @ np.exp(NODES))
        low, high = predict_counts(mean, people, variation, 0.9)
        covered.append(((outcome >= low) & (outcome <= high)).mean())
        yearly.append(variation.yearly)
        lasting.append(variation.lasting)
    assert 0.87 < np.mean(covered) < 0.93
    assert 0.08 < np.mean(yearly) < 0.18 and 0.28 < np.mean(lasting) < 0.42


@pytest.mark.parametrize("module", [backtests, variations])
def test_examples_run(module) -> None:
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_the_page_says_that_no_age_rule_is_used() -> None:
    values = {"origins": ["2024-01"], "minimum": 5}
    assert "not by an age rule, because dates of birth are known only of those who stayed" in say(
        "backtest.text", "en", **values
    )
    assert "不采用按年龄的退休规则，因为只有留任者的出生日期是已知的" in say("backtest.text", "zh", **values)
