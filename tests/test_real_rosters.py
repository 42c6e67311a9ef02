"""Real rosters through the maps of the repository.

Witnesses: the counts that SOURCES.md of the data states, and set arithmetic on the raw files with the csv module alone.
The data is not in the repository: its folder is $WORKFORCE_REAL_DATA, else shared/data beside the checkout.
"""

import csv
import os
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from workforce.forecast.backtest import backtest
from workforce.forecast.staffing import measure_staffing
from workforce.inputs.case import check_cases, read_case
from workforce.inputs.events import check_events
from workforce.inputs.imports import import_extracts
from workforce.inputs.tables import read_tables
from workforce.pipeline import run_scenarios
from workforce.report.runs import read_run

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("WORKFORCE_REAL_DATA", ROOT.parent / "shared" / "data"))
YEARS = (2012, 2013, 2014, 2015)
SUMMER_YOUTH = {2012: 1755, 2013: 4725, 2014: 4817, 2015: 0}
ROWS = {2012: 16049, 2013: 19137, 2014: 18981, 2015: 14017}
HIRED_BEFORE = [858, 398, 439]  # entrants of 2013, 2014, 2015 with a hire date before the previous snapshot

pytestmark = pytest.mark.skipif(
    not (DATA / "baltimore_payroll_fy2012.csv").is_file(),
    reason=f"no real rosters in {DATA}: set WORKFORCE_REAL_DATA to the folder that holds them",
)


def payroll(year):
    return DATA / f"baltimore_payroll_fy{year}.csv"


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    report = import_extracts(
        [payroll(year) for year in YEARS], ROOT / "data" / "maps" / "baltimore.yaml", folder / "data"
    )
    return folder, report


@pytest.fixture(scope="module")
def staff():
    """Ids by year, read with the csv module: no summer youth, no masked police officers (BPD), who have no lasting id."""
    ids = {}
    for year in YEARS:
        with payroll(year).open(encoding="utf-8", newline="") as file:
            ids[year] = {
                row["employee_id"]
                for row in csv.DictReader(file)
                if not row["agency_id"].startswith("W02") and row["job_title"].split()[0] != "BPD"
            }
    return ids


def test_every_row_is_used_or_left_out_for_a_reason(city):
    report = city[1]
    for year in YEARS:
        file = payroll(year).name
        read, left_out, used = report.balance.loc[file]
        assert (read, read - left_out) == (ROWS[year], used)
        mine = report.table[(report.table["file"] == file) & (report.table["step"] == "left_out")]
        assert mine["why"].str.len().gt(0).all()
        assert mine.loc[mine["rule"].str.contains("W02"), "rows"].sum() == SUMMER_YOUTH[year]


def test_leavers_and_entrants_equal_set_arithmetic(city, staff):
    intervals = city[1].intervals
    # A joined pair takes one leaver and one entrant out of its interval, and changes nothing else.
    for k, (before, now) in enumerate(pairwise(YEARS)):
        row = intervals.iloc[k]
        assert row["opening"] == len(staff[before])
        assert row["leavers"] + row["id_changed"] == len(staff[before] - staff[now])
        assert row["hired"] + row["reappeared"] + row["id_changed"] == len(staff[now] - staff[before])
        assert row["reappeared"] + row["id_changed"] == HIRED_BEFORE[k]
        assert row["opening"] - row["leavers"] + row["hired"] + row["reappeared"] == row["closing"]


def test_history_rolls_headcount_forward(city):
    tables, faults = read_tables(city[0] / "data")
    assert faults == []
    history, intervals = tables.history, city[1].intervals
    # Opening by role cannot be read from the tables, closing can: so roll back from the people at the end.
    closing = tables.people.groupby("role").size()
    came = history[history["to_role"] != ""].groupby("to_role").size()
    went = history[history["from_role"] != ""].groupby("from_role").size()
    opening = closing.sub(came, fill_value=0).add(went, fill_value=0)
    assert opening.sum() == intervals["opening"].iloc[0]
    assert (opening >= 0).all()
    assert (history["date"] > history["after"]).all()
    assert (history["hire_date"] <= history["date"]).all()
    assert len(tables.people) == intervals["closing"].iloc[-1]
    exact = tables.history.assign(after=pd.NaT)  # judged as if the days were known, the derived events agree too
    assert [fault for fault in check_events(exact, tables.people, "history") if fault.column != "date"] == []
    assert 40 <= len(tables.roles) <= 120


def test_city_is_a_whole_planning_folder(city):
    folder = city[0]
    assert check_cases([folder / "scenarios" / "base.yaml"], data=folder / "data") == []
    demand = read_tables(folder / "data")[0].demand
    drivers = pd.read_csv(folder / "data" / "drivers.csv")
    assert drivers["period"].min() == "2015-07"
    assert len(demand) == len(pd.read_csv(folder / "data" / "roles.csv"))


def run_to_report(folder):
    """The planning folder through the whole chain to its report in English; the run comes back."""
    path = folder / "scenarios" / "base.yaml"
    run_scenarios([path], folder / "data", folder / "runs", workers=1, languages=("en",), paths=20)
    return read_run(folder / "runs" / "base")


def test_city_goes_through_to_its_report(city):
    found = run_to_report(city[0])
    assert found.status == "done" and (found.folder / "report.html").is_file()
    assert found.summary["headcount_start"] == 14_006
    stocks = found.tables["stocks"]
    change = stocks["opening"] + stocks["joiners"] + stocks["moves_in"] - stocks["moves_out"] - stocks["leavers"]
    assert (change - stocks["closing"]).abs().max() < 1e-6


def test_leavers_by_agency_are_forecast_better_than_by_simple_rules(city):
    """Both years that can be forecast. The actual leavers are counted from the raw files' own set arithmetic."""
    folder, report = city
    case = read_case(folder / "scenarios" / "base.yaml", folder / "data")
    found = backtest(case)
    rows = found.scores[(found.scores["level"] == "unit") & (found.scores["measure"] == "leavers")].set_index("origin")
    assert list(rows.index) == ["2013-07", "2014-07", "all"]
    assert (rows["wape"] < rows[["wape_last_year", "wape_company_average"]].min(axis=1)).all()
    assert 0.85 <= rows.loc["all", "coverage"] <= 0.95
    company = found.table[(found.table["level"] == "company") & (found.table["measure"] == "leavers")]
    assert company["actual"].tolist() == report.intervals["leavers"].tolist()[1:]
    assert company["people"].tolist() == report.intervals["opening"].tolist()[1:]


def test_sample_without_dates(tmp_path):
    with (DATA / "ibm_hr_attrition.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    left = [row for row in rows if row["Attrition"] == "Yes"]
    report = import_extracts([DATA / "ibm_hr_attrition.csv"], ROOT / "data" / "maps" / "ibm.yaml", tmp_path / "data")
    tables, faults = read_tables(tmp_path / "data")
    assert faults == []
    assert report.balance.iloc[0].tolist() == [1470, 0, 1470]
    assert (len(tables.people), len(tables.history)) == (len(rows) - len(left), len(left)) == (1233, 237)
    assert tables.people["salary"].sum() == 12 * sum(
        int(row["MonthlyIncome"]) for row in rows if row["Attrition"] == "No"
    )
    tenure = (pd.Timestamp("2025-12-31") - tables.history["hire_date"]).dt.days / 365.25
    assert sorted(tenure.astype(int)) == sorted(int(row["YearsAtCompany"]) for row in left)
    assert check_cases([tmp_path / "scenarios" / "base.yaml"], data=tmp_path / "data") == []
    assert any("12 months" in sentence for sentence in report.assumptions)
    assert run_to_report(tmp_path).summary["headcount_start"] == 1233


def test_past_staffing_is_what_each_roster_showed(city, staff):
    """Rebuilt backwards from the last roster and the events: the people of every year, counted in the raw files."""
    case = read_case(city[0] / "scenarios" / "base.yaml", city[0] / "data")
    past = measure_staffing(case)
    assert past.step == 12
    assert past.fte.sum(axis=1).tolist() == [len(staff[year]) for year in YEARS]
