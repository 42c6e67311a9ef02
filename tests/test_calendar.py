"""The calendar of requisitions: days counted by hand on a calendar, and what a reader sees of it."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from planning import make_case, write_case
from synthetic_results import make_results

from workforce.forecast.demand import explain_demand
from workforce.inputs.case import check_cases, read_case
from workforce.measure.recruiting import explain_calendar, open_by, schedule_requisitions
from workforce.pipeline import run
from workforce.report.calendar_page import draw_calendar, pick_openings, show_calendar
from workforce.report.records import describe_case
from workforce.report.workbook import write_workbook

ROOT = Path(__file__).resolve().parents[1]
TABLES = {
    "roles": "role,unit,family,salary,on_cost\nworker,plant,floor,100,0\nchief,plant,top,100,0",
    "stock": "role,headcount\nworker,10\nchief,1",
    "required": "role,period,fte\nchief,2026,1",
    "projects": "project,launch\nline,2026-08-15",
    "demand": "role,method,driver,profile,fte\nworker,project,line,-2:4; 0:10; 2:7; 3:8,\nworker,fixed,,,10\n"
    "chief,project,line,-1:1,",
    "channels": """channel,role,family,cost,lead_months,lead_p90,arrive
        board,worker,,1000,2,4.5,0.5
        agency,worker,,3000,2,3,0.9
        express,worker,,9000,1,1,0.9""",
}
KNOBS = 'time: {period: month, start: "2026-01", horizon: 12}\ndemand: {projects: [line]}\n'
NO_HIRES = pd.DataFrame(columns=["period", "action", "via", "from_role", "to_role", "heads", "arrives", "cost"])


def schedule(folder: Path, tables: dict[str, str] = TABLES, knobs: str = KNOBS, hires: pd.DataFrame = NO_HIRES):
    case = make_case(folder, tables, knobs)
    return case, schedule_requisitions(case, explain_demand(case).parts, hires)


@pytest.mark.parametrize(
    ("needed", "lead", "days", "expected"),
    [
        # 1 August 2026 is a Saturday; three months before is Friday 1 May; 15 working days before is Friday 10 April.
        ("2026-08-01", 3.0, 15, "2026-04-10"),
        ("2026-08-01", 3.0, 0, "2026-05-01"),
        # 1 March 2026 is a Sunday: the Friday before.
        ("2026-03-01", 0.0, 0, "2026-02-27"),
        # Half a month is 15 days: 1 April, then 17 March (a Tuesday), then 5 working days: Tuesday 10 March.
        ("2026-06-01", 2.5, 5, "2026-03-10"),
    ],
)
def test_days_by_the_calendar(needed: str, lead: float, days: int, expected: str) -> None:
    assert open_by(pd.Timestamp(needed), lead, days) == pd.Timestamp(expected)


def test_every_rise_of_a_profile_is_a_needed_start(tmp_path: Path) -> None:
    """4 in June, 6 more in August, and after three have gone in October one more in November."""
    _, calendar = schedule(tmp_path)
    cheapest = calendar[(calendar["role"] == "worker") & (calendar["choice"] == "cheapest")].sort_values("needed")
    assert [str(period) for period in cheapest["period"]] == ["2026-06", "2026-08", "2026-11"]
    assert cheapest["starts"].tolist() == [4, 6, 1]
    # 1000 / 0.5 = 2000 a start by board, 3333 by agency, 10000 by express
    assert set(cheapest["channel"]) == {"board"} and cheapest["offers"].tolist() == [8, 12, 2]
    fastest = calendar[(calendar["role"] == "worker") & (calendar["choice"] == "fastest")].sort_values("needed")
    assert set(fastest["channel"]) == {"express"} and len(fastest) == 3
    # August by board: 4.5 months before is 1 April less 15 days = 17 March, 15 working days before: 24 February;
    # by the median, 2 months: 1 June, then 11 May.
    august = cheapest.iloc[1]
    assert august["open_by"] == pd.Timestamp("2026-02-24") and august["open_by_p50"] == pd.Timestamp("2026-05-11")
    # June by board: 1 February less 15 days is 17 January (a Saturday): Friday 16, 15 working days before: 26 December.
    assert cheapest.iloc[0]["open_by"] == pd.Timestamp("2025-12-26")
    assert cheapest["passed"].tolist() == [True, False, False] and not fastest["passed"].any()


def test_a_role_that_no_channel_reaches_says_so(tmp_path: Path) -> None:
    tables = TABLES | {"required": "role,period,fte\nworker,2026,1"}
    _, calendar = schedule(tmp_path, tables)
    (chief,) = calendar[calendar["role"] == "chief"].itertuples()
    assert (chief.choice, chief.channel, chief.passed) == ("none", "", False) and pd.isna(chief.open_by)


def test_a_scenario_without_a_channel_does_not_use_it(tmp_path: Path) -> None:
    _, calendar = schedule(tmp_path, knobs=KNOBS + "supply: {channels: [agency], requisition_days: 0}\n")
    workers = calendar[calendar["role"] == "worker"]
    assert set(workers["channel"]) == {"agency"}
    # 1 June less 3 months is Sunday 1 March: Friday 27 February
    assert workers["open_by"].min() == pd.Timestamp("2026-02-27")


def test_a_hire_of_the_plan_has_its_own_channel_and_blank_means_the_median(tmp_path: Path) -> None:
    hires = NO_HIRES.copy()
    arrives = pd.Period("2026-07", "M")
    hires.loc[0] = [pd.Period("2026-05", "M"), "hire", "agency", "", "worker", 10.0, arrives, 1.0]
    hires.loc[1] = [pd.Period("2026-05", "M"), "move", "", "worker", "chief", 1.0, arrives, 1.0]
    tables = TABLES | {"channels": TABLES["channels"].replace("3000,2,3,", "3000,2,,")}
    case, calendar = schedule(tmp_path, tables, hires=hires)
    (row,) = calendar[calendar["source"] == "plan"].itertuples()
    assert (row.choice, row.channel, row.starts, row.offers) == ("plan", "agency", pytest.approx(9), 10)
    # 1 July less 2 months is Friday 1 May; 15 working days before: 10 April, in half and in nine of ten
    assert row.open_by == row.open_by_p50 == pd.Timestamp("2026-04-10")
    told = dict(explain_calendar(case, calendar))
    assert told["lead_p90_blank"] == {"channels": ["agency"]}


def test_a_ninth_decile_below_the_median_is_a_fault(tmp_path: Path) -> None:
    tables = TABLES | {"channels": TABLES["channels"].replace("1000,2,4.5", "1000,2,1.5")}
    faults = check_cases([write_case(tmp_path, tables, KNOBS)], tmp_path / "data")
    assert [(fault.column, fault.row) for fault in faults] == [("lead_p90", 2)]


def test_the_new_product_line_of_the_example() -> None:
    """Starts of the product line are the rises of its profiles as the file states them, and the plan's starts are its
    hires times the share that arrives."""
    case = read_case(ROOT / "scenarios" / "new_product_line.yaml", ROOT / "data", paths=2)
    results = run(case)
    calendar, actions = results.tables["calendar"], results.tables["actions"]
    demand = pd.read_csv(ROOT / "data" / "demand.csv").query("method == 'project'")
    wanted = 0.0
    for profile in demand["profile"]:
        levels = np.array([0.0, *[float(pair.split(":")[1]) for pair in profile.split(";")]])
        wanted += np.diff(levels).clip(0).sum()
    project = calendar[calendar["source"] == "smart_gateway"]
    assert project.loc[project["choice"] != "fastest", "starts"].sum() == pytest.approx(wanted)
    hired = actions.loc[actions["action"] == "hire", "heads"].sum()
    assert calendar.loc[calendar["source"] == "plan", "offers"].sum() == pytest.approx(hired)
    assert (calendar["open_by"] <= calendar["open_by_p50"]).all()
    assert ((calendar["open_by"] < "2026-01-01") == calendar["passed"]).all()
    assert calendar["open_by"].is_monotonic_increasing
    keys = set(results.tables["reasons"]["key"])
    assert "requisitions_late" in keys and "lead_p90_blank" not in keys


# --- what a reader sees --------------------------------------------------------------------------------------------


@pytest.fixture
def seen(tmp_path: Path) -> SimpleNamespace:
    results = make_results(tmp_path, "growth", roles=6, units=3, periods=12)
    return SimpleNamespace(summary=results.summary, tables={**results.tables, **describe_case(results.case)}, knobs={})


def test_projects_come_first_and_their_fastest_way_stands_beside_them(seen: SimpleNamespace) -> None:
    calendar = seen.tables["calendar"]
    rows = pick_openings(calendar)
    assert set(rows["source"]) == {"new_line"} and len(rows) == 2
    assert pd.isna(rows["open_by"].iloc[-1]) and rows["choice"].iloc[-1] == "none"
    fastest = calendar[calendar["choice"] == "fastest"].iloc[0]
    assert rows["fastest_open_by"].iloc[0] == fastest["open_by"] > rows["open_by"].iloc[0]
    plan = pick_openings(calendar[calendar["source"] == "plan"])
    assert plan["role"].is_unique and plan["open_by"].is_monotonic_increasing


def test_the_picture_draws_a_bar_a_start_up_to_the_day_of_need(seen: SimpleNamespace) -> None:
    axis = draw_calendar(seen, "zh").axes[0]
    rows = pick_openings(seen.tables["calendar"])
    bars = [patch for patch in axis.patches if patch.get_width() > 0]
    assert len(bars) == rows["open_by"].notna().sum()
    days = (rows["needed"].iloc[0] - rows["open_by"].iloc[0]).days
    assert bars[0].get_width() == pytest.approx(days / 30.4, abs=0.15)  # months
    assert len(show_calendar(seen, "en").rows) == len(rows)
    assert "无可用渠道" in str(show_calendar(seen, "zh").rows)


def test_the_workbook_holds_every_requisition(seen: SimpleNamespace, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_workbook(seen, tmp_path / "plan.xlsx"))["Requisitions"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    calendar = seen.tables["calendar"]
    assert len(rows) == len(calendar)
    assert [row[2] for row in rows] == list(calendar["needed"].dt.strftime("%Y-%m-%d"))
    assert [row[6] for row in rows] == pytest.approx(calendar["starts"].tolist())
