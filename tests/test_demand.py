"""Demand by each method, against figures worked out by hand."""

from pathlib import Path

import numpy as np
import pytest
from planning import make_case, write_case

from workforce.errors import InputError
from workforce.forecast.demand import explain_demand, forecast_demand
from workforce.inputs.case import check_cases

ROLES = """role,unit,family,salary,on_cost,productivity
worker,plant,f,100,0,50
lead,plant,f,100,0,
head,plant,f,100,0,
seller,sales,f,100,0,10"""
STOCK = "role,headcount\nworker,10"
DRIVERS = """unit,driver,period,low,base,high
plant,output,2026Q1,900,1000,1100
plant,output,2026Q2,1800,2000,2200
company,orders,2026,80,100,120"""
DEMAND = """role,method,driver,ratio,growth,lead_months,fte,span,reports
worker,ratio,output,,0,0,,,
lead,span,,,,,,8,worker
head,span,,,,,,3,lead
seller,ratio,orders,,0,0,,,"""
START = 'time: {period: month, start: "2026-01", horizon: 6}\n'
TABLES = {"roles": ROLES, "stock": STOCK, "drivers": DRIVERS, "demand": DEMAND}


def required(folder: Path, tables: dict[str, str], role: str, knobs: str = START) -> list[float]:
    frame = forecast_demand(make_case(folder, tables, knobs))
    return frame.loc[frame["role"] == role, "required"].tolist()


def test_ratio_divides_the_driver_by_productivity(tmp_path: Path) -> None:
    assert required(tmp_path, TABLES, "worker") == pytest.approx([20, 20, 20, 40, 40, 40])


def test_low_and_high_come_from_the_plan(tmp_path: Path) -> None:
    frame = forecast_demand(make_case(tmp_path, TABLES, START)).query("role == 'worker'")
    assert frame["low"].iloc[0] == pytest.approx(18) and frame["high"].iloc[-1] == pytest.approx(44)


def test_a_lead_looks_ahead_and_growth_lowers_the_need(tmp_path: Path) -> None:
    demand = DEMAND.replace("worker,ratio,output,,0,0", "worker,ratio,output,40,0.1,2")
    got = required(tmp_path, TABLES | {"demand": demand}, "worker")
    drivers = np.array([1000, 2000, 2000, 2000, 2000, 2000])
    assert got == pytest.approx(list(drivers / (40 * 1.1 ** (np.arange(6) / 12))))


def test_the_last_month_held_by_a_lead_is_told(tmp_path: Path) -> None:
    demand = DEMAND.replace("worker,ratio,output,,0,0", "worker,ratio,output,40,0.1,2")
    assert explain_demand(make_case(tmp_path, TABLES | {"demand": demand}, START)).held == ("plant/output",)


def test_span_is_resolved_layer_by_layer_and_rounded_up(tmp_path: Path) -> None:
    assert required(tmp_path, TABLES, "lead") == [3, 3, 3, 5, 5, 5]  # 20 / 8, 40 / 8
    assert required(tmp_path, TABLES, "head") == [1, 1, 1, 2, 2, 2]  # 3 / 3, 5 / 3


def test_a_company_driver_serves_a_unit_without_its_own(tmp_path: Path) -> None:
    assert required(tmp_path, TABLES, "seller") == pytest.approx([10.0] * 6)


def test_quarters_take_the_mean_of_their_months(tmp_path: Path) -> None:
    knobs = 'time: {period: quarter, start: "2026Q1", horizon: 2}\n'
    assert required(tmp_path, TABLES, "worker", knobs) == pytest.approx([20, 40])


def test_a_project_lays_its_profile_on_the_launch(tmp_path: Path) -> None:
    tables = TABLES | {
        "projects": "project,launch,end\nline,2026-04-15,2026-05-31",
        "demand": DEMAND.replace("fte,span,reports", "fte,span,reports,profile").replace(
            "worker,ratio,output,,0,0,,,", "worker,ratio,output,,0,0,,,,"
        )
        + "\nworker,project,line,,,,,,,-2:1; 0:5",
    }
    knobs = START + "demand: {projects: [line]}\n"
    assert required(tmp_path / "on", tables, "worker", knobs) == pytest.approx([20, 21, 21, 45, 45, 40])
    assert required(tmp_path / "off", tables, "worker") == pytest.approx([20, 20, 20, 40, 40, 40])


def test_the_parts_add_up_to_the_requirement(tmp_path: Path) -> None:
    demand = explain_demand(make_case(tmp_path, TABLES, START))
    parts = demand.parts.groupby(["role", "period"])["fte"].sum()
    whole = demand.frame.set_index(["role", "period"])["required"]
    np.testing.assert_allclose(parts.reindex(whole.index, fill_value=0.0), whole)


def test_a_driver_with_a_gap_is_a_fault_found_by_check(tmp_path: Path) -> None:
    drivers = DRIVERS.replace("plant,output,2026Q2,1800,2000,2200\n", "")
    path = write_case(tmp_path, TABLES | {"drivers": drivers}, START)
    assert any("output" in str(fault.value) + fault.rule for fault in check_cases([path], tmp_path / "data"))


def test_leaders_in_a_circle_are_refused(tmp_path: Path) -> None:
    demand = DEMAND.replace("lead,span,,,,,,8,worker", "lead,span,,,,,,8,head")
    with pytest.raises(InputError, match="circle"):
        forecast_demand(make_case(tmp_path, TABLES | {"demand": demand}, START))
