"""Textbook problems from plain tables through the front door, against their published optima (tests/textbook/README.md)."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, milp
from test_optimise import plan_for

import workforce as wf
from workforce.inputs.case import Case
from workforce.pipeline import find_faults

ROOT = Path(__file__).parents[1]
TEXTBOOK = Path(__file__).parent / "textbook"


def case_of(name: str, scenario: str = "base") -> Case:
    return wf.read_case(TEXTBOOK / name / "scenarios" / f"{scenario}.yaml", TEXTBOOK / name / "data")


def test_williams_at_least_cost_through_the_command(tmp_path: Path) -> None:
    folder = TEXTBOOK / "williams_manpower"
    scenario = str(folder / "scenarios" / "base.yaml")
    command = [
        sys.executable,
        "-m",
        "workforce",
        "run",
        scenario,
        "--data",
        str(folder / "data"),
        "--out",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    summary = json.loads((tmp_path / "base" / "summary.json").read_text(encoding="utf-8"))
    assert f"{summary['cost_with_shortage']:.2f}" == "498677.29"


def test_williams_with_the_fewest_redundancies() -> None:
    plan = plan_for(case_of("williams_manpower", "fewest_redundancies"))
    released = plan.actions.loc[plan.actions["action"] == "release", "heads"].sum()
    assert plan.goal.value == pytest.approx(841.796875, abs=1e-6) and released == pytest.approx(841.796875, abs=1e-4)
    # The second goal adds 942,712.51 to the least cost; each thousandth of a person is worth about 1.6.
    assert plan.cost == pytest.approx(498_677.29 + 942_712.51, abs=0.02)


def test_winston_s_technicians() -> None:
    results = wf.run(case_of("winston_technicians"))
    assert f"{results.summary['cost_with_shortage']:,.0f}" == "593,777"


def test_the_steel_erectors_against_the_book_s_model_in_another_solver() -> None:
    need = np.array([4, 6, 7, 4, 6, 2])
    months = len(need)
    onsite, arrive, leave, over, under = (np.eye(5 * months)[k * months : (k + 1) * months] for k in range(5))
    before = np.vstack([np.zeros((1, 5 * months)), (onsite - leave)[:-1]])
    start = np.array([3.0, *np.zeros(months - 1)])
    rules = [
        LinearConstraint(onsite - over + under, need, need),
        LinearConstraint(onsite - before - arrive, start, start),
        LinearConstraint((onsite - leave)[-1:], 3, 3),
        LinearConstraint(leave - onsite / 3, -np.inf, 0),
        LinearConstraint(under - onsite / 4, -np.inf, 0),
        LinearConstraint(arrive, -np.inf, 3),
    ]
    found = milp(np.repeat([0, 100, 160, 200, 200], months), integrality=np.ones(5 * months), constraints=rules)
    assert found.fun == pytest.approx(1780)
    plan = plan_for(case_of("steel_erectors"))
    assert plan.cost == pytest.approx(1780) and plan.solution.gap == 0


@pytest.mark.parametrize("name", ["williams_manpower", "winston_technicians", "steel_erectors"])
def test_every_scenario_of_the_textbook_is_right(name: str) -> None:
    folder = TEXTBOOK / name
    assert find_faults(sorted((folder / "scenarios").glob("*.yaml")), folder / "data") == []
