"""Which assumption moves the answer. Witness: a company of eight people whose tornado is solved by hand."""

import json
from pathlib import Path

import numpy as np
import pytest
from planning import make_case

from workforce.errors import RunError
from workforce.forecast.attrition import fit_attrition
from workforce.forecast.demand import forecast_demand
from workforce.forecast.mobility import fit_mobility
from workforce.inputs.case import Case, read_case
from workforce.measure.levers import Lever, list_levers
from workforce.measure.sensitivity import Answer, explain_sensitivity, measure_sensitivity
from workforce.pipeline import answer_case
from workforce.report.sensitivities import read_sensitivity, tell_sensitivity, write_movers, write_sensitivity
from workforce.report.sensitivity_page import draw_tornado, show_assumptions

TABLES = {
    "roles": "role,unit,family,salary,on_cost,ramp_months,priority\nhand,shop,hands,12000,0,0,high",
    "stock": "role,headcount\nhand,8",
    "rates": "role,cause,tenure_from,yearly_rate\nhand,all,0,0",
    "required": "role,period,fte,low,high" + "".join(f"\nhand,2026-{month:02d},10,9,12" for month in range(1, 13)),
}
KNOBS = 'time: {period: month, start: "2026-01", horizon: 12}\nsimulation: {paths: 5, demand_uncertainty: false}\n'


def levers_of(case: Case) -> list[Lever]:
    attrition = fit_attrition(case)
    return list_levers(case, attrition, fit_mobility(case, attrition), forecast_demand(case))


def test_the_tornado_of_a_case_solved_by_hand(tmp_path: Path) -> None:
    # Eight people, nobody leaves, nobody can be hired: 10 needed leave 2 FTE-years short, 9 leave 1, 12 leave 4, and pay
    # moves nothing but the cost of 8 x 12,000.
    case = make_case(tmp_path, TABLES, KNOBS)
    found = measure_sensitivity(case, levers_of(case), answer_case)
    assert found.base.shortage == pytest.approx(2.0) and found.base.cost == pytest.approx(96_000.0)
    table = found.table.set_index("assumption")
    assert list(table.index) == ["demand", "pay", "leaving"]
    assert table.loc["demand", ["low", "high", "source"]].tolist() == [pytest.approx(0.9), pytest.approx(1.2), "plan"]
    assert table.loc["demand", ["shortage_low", "shortage_high", "shortage_swing"]].tolist() == pytest.approx([1, 4, 3])
    assert table.loc["pay", ["cost_low", "cost_high"]].tolist() == pytest.approx([93_120.0, 98_880.0])
    assert (
        table.loc["pay", "shortage_swing"] == 0.0
        and (table.loc["leaving", ["shortage_swing", "cost_swing"]] == 0).all()
    )
    told = explain_sensitivity(found)
    assert [key for key, _ in told] == ["sensitivity_base", "sensitivity_first", "sensitivity_still"]
    words = write_movers(tell_sensitivity(found), "CNY")
    assert words[1].startswith("What moves the shortage most is demand. As it goes from × 0.90 to × 1.20")


def add_up(case: Case) -> Answer:
    """An answer in closed form of three knobs."""
    a, d = case.assumptions.attrition.multiplier, case.assumptions.demand.multiplier
    if d > 1.1:
        raise RunError("optimise", "no plan keeps all limits")
    return Answer(10.0 * a, 100.0 * a * d, 1.0 / (1.0 + a))


def test_two_processes_answer_as_one_and_a_missing_plan_is_told(tmp_path: Path) -> None:
    case = make_case(tmp_path, TABLES, KNOBS)
    said: list[str] = []
    one = measure_sensitivity(case, levers_of(case), add_up, 1, said.append)
    two = measure_sensitivity(case, levers_of(case), add_up, 2)
    assert one.table.equals(two.table) and one.base == two.base == Answer(10.0, 100.0, 0.5)
    assert len(said) == 7 and said[-1].endswith("(7 of 7)")
    assert one.failed == (("demand", "high", "no plan keeps all limits"),) == two.failed
    row = one.table.set_index("assumption").loc["demand"]
    assert np.isnan(row["cost_high"]) and row["cost_swing"] == pytest.approx(10.0)
    assert one.table["assumption"].iloc[0] == "leaving"  # 9 to 11 FTE-years


def test_a_scenario_without_a_plan_has_no_tornado(tmp_path: Path) -> None:
    case = make_case(tmp_path, TABLES, KNOBS + "demand: {multiplier: 2.0}\n")
    with pytest.raises(RunError, match="no plan"):
        measure_sensitivity(case, levers_of(case), add_up)


def test_only_assumptions_with_a_part_in_the_case_are_turned(tmp_path: Path, tiny_case: Path) -> None:
    assert {lever.name for lever in levers_of(make_case(tmp_path / "bare", TABLES, KNOBS))} == {
        "demand",
        "leaving",
        "pay",
    }
    case = read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data")
    levers = {lever.name: lever for lever in levers_of(case)}
    assert {"channel_lead", "channel_arrive", "ramp_months", "budget", "productivity"} <= set(levers)
    assert levers["leaving"].source == "interval" and levers["budget"].source == "stated"
    # 10 leavers in all: nine in ten within exp(1.645 / sqrt(10)), a little wider for what pooling does not know.
    assert 1.5 < levers["leaving"].high < 2.0 and levers["leaving"].low * levers["leaving"].high == pytest.approx(1.0)
    turned = levers["channel_arrive"].change(case, "low").tables.channels["arrive"]
    assert turned.tolist() == pytest.approx([0.72, 0.81])
    assert case.tables.channels["arrive"].tolist() == [0.8, 0.9]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_folder_is_written_whole_read_again_and_drawn(tmp_path: Path, language: str) -> None:
    case = make_case(tmp_path, TABLES, KNOBS)
    found = measure_sensitivity(case, levers_of(case), add_up)
    kept = write_sensitivity(found, case, tmp_path / "runs" / "sensitivity-test", languages=())
    assert read_sensitivity(kept.folder).summary["base"] == {"shortage": 10.0, "cost": 100.0, "covered": 0.5}
    assert json.loads((kept.folder / "summary.json").read_text(encoding="utf-8"))["scenario"] == "test"
    assert not [path for path in kept.folder.parent.iterdir() if path.name.startswith(".sensitivity")]
    picture = draw_tornado(kept, language)
    bars = [bar for bar in picture.axes[0].patches if bar.get_width() != 0]
    assert sorted(bar.get_x() + bar.get_width() for bar in bars) == pytest.approx([9.0, 11.0])
    assert len(show_assumptions(kept, language).rows) == 3
    assert len(write_movers(kept.tables["reasons"], "CNY", language)) == 4


def test_a_folder_without_a_sensitivity_run_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="workforce sensitivity"):
        read_sensitivity(tmp_path)
