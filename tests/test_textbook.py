"""Textbook problems from plain tables through the front door, against their printed optima (tests/textbook/README.md).

Where no printed optimum was seen, the book's model is written out here and solved by SciPy.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, linprog, milp
from test_optimise import plan_for

import workforce as wf
from workforce.inputs.case import Case
from workforce.pipeline import find_faults

ROOT = Path(__file__).parents[1]
TEXTBOOK = Path(__file__).parent / "textbook"


def case_of(name: str, scenario: str = "base") -> Case:
    return wf.read_case(TEXTBOOK / name / "scenarios" / f"{scenario}.yaml", TEXTBOOK / name / "data")


def summary_of_the_command(name: str, out: Path) -> dict[str, Any]:
    folder = TEXTBOOK / name
    scenario = str(folder / "scenarios" / "base.yaml")
    command = [sys.executable, "-m", "workforce", "run", scenario, "--data", str(folder / "data"), "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads((out / "base" / "summary.json").read_text(encoding="utf-8"))


def test_williams_at_least_cost_through_the_command(tmp_path: Path) -> None:
    assert f"{summary_of_the_command('williams_manpower', tmp_path)['cost_with_shortage']:.2f}" == "498677.29"


def test_temporary_workers_on_contracts_of_different_length_through_the_command(tmp_path: Path) -> None:
    assert f"{summary_of_the_command('temporary_workers', tmp_path)['cost_with_shortage']:,.2f}" == "313,525.00"


def test_soldiers_enlisted_at_the_index_of_each_year() -> None:
    assert f"{plan_for(case_of('army_enlistments')).cost:.2f}" == "3466.38"


def test_the_machinists_who_teach() -> None:
    plan = plan_for(case_of("machinists"))
    assert f"{plan.cost:.3f}" == "583640.625"
    # As printed beside it: trainees hired in January, February and March, and machinists idle in January.
    heads = plan.actions.set_index(["action", "period"])["heads"]
    hired = [f"{heads['hire', f'2026-0{month}']:.6g}" for month in (1, 2, 3)]
    assert hired == ["38.6161", "70.3125", "62.5"]
    assert f"{heads['short_time', '2026-01']:.6g}" == "26.1384"


def test_williams_with_the_fewest_redundancies() -> None:
    plan = plan_for(case_of("williams_manpower", "fewest_redundancies"))
    released = plan.actions.loc[plan.actions["action"] == "release", "heads"].sum()
    assert plan.goal.value == pytest.approx(841.796875, abs=1e-6) and released == pytest.approx(841.796875, abs=1e-4)
    # The second goal adds 942,712.51 to the least cost; each thousandth of a person is worth about 1.6.
    assert plan.cost == pytest.approx(498_677.29 + 942_712.51, abs=0.02)


def test_winston_s_technicians_against_the_book_s_own_model() -> None:
    hours = np.array([6000.0, 7000, 8000, 9500, 11000])
    months = len(hours)
    trained, there = np.eye(2 * months)[:months], np.eye(2 * months)[months:]
    before = np.vstack([np.zeros((1, 2 * months)), (0.95 * there + trained)[:-1]])
    start = np.array([50.0, *np.zeros(months - 1)])
    pay = np.repeat([1000.0, 2000.0], months)
    found = linprog(pay, A_ub=50 * trained - 160 * there, b_ub=-hours, A_eq=there - before, b_eq=start)
    results = wf.run(case_of("winston_technicians"))
    assert f"{results.summary['cost_with_shortage']:.2f}" == f"{found.fun:.2f}" == "593776.51"


def test_the_steel_erectors_against_the_book_s_own_model() -> None:
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


@pytest.mark.parametrize("name", sorted(folder.name for folder in TEXTBOOK.iterdir() if folder.is_dir()))
def test_every_scenario_of_the_textbook_is_right(name: str) -> None:
    folder = TEXTBOOK / name
    assert find_faults(sorted((folder / "scenarios").glob("*.yaml")), folder / "data") == []
