"""The kept programme, whole people, other solvers and the programme in parts, each against an independent answer."""

import os
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog
from test_optimise import plan_for

from workforce.errors import RunError
from workforce.inputs.case import read_case
from workforce.optimise.highs import keep_model
from workforce.optimise.linear import AT_LEAST, AT_MOST, EQUAL, LinearModel
from workforce.optimise.parts import solve_parts
from workforce.optimise.solve import solve_model, to_pulp, write_lp


def random_model(seed: int, whole: bool = False) -> LinearModel:
    """A feasible bounded programme of 12 columns and 9 rows: a random point keeps every row."""
    chance = np.random.default_rng(seed)
    model = LinearModel()
    columns = model.add_columns(
        [f"x{i}" for i in range(12)], chance.normal(size=12), upper=10.0, whole=whole & (np.arange(12) < 6)
    )
    matrix = chance.normal(size=(9, 12)) * (chance.random((9, 12)) < 0.5)
    point = chance.integers(0, 11, 12)
    for number, (row, sense) in enumerate(zip(matrix, [AT_MOST] * 4 + [AT_LEAST] * 4 + [EQUAL], strict=True)):
        room = {AT_MOST: 0.7, AT_LEAST: -0.7, EQUAL: 0.0}[sense]
        added = model.add_rows([f"row{number}"], sense, row @ point + room)
        model.add_entries(added, columns, row)
    return model


def test_a_second_solver_agrees_on_fifty_random_programmes() -> None:
    for seed in range(50):
        model = random_model(seed, whole=seed % 5 == 0)
        ours, other = solve_model(model, gap=1e-9), solve_model(model, "cbc", gap=1e-9)
        assert ours.objective == pytest.approx(other.objective, rel=1e-6, abs=1e-6)
        assert (ours.amounts @ np.concatenate(model.cost)) == pytest.approx(ours.objective, rel=1e-9)


def test_both_methods_and_scipy_agree() -> None:
    for seed in range(10):
        model = random_model(seed)
        found = [keep_model(model).solve(method=method).objective for method in ("ipm", "simplex")]
        low, high = model.row_bounds()
        matrix = model.matrix().toarray()
        at_most, at_least = np.isfinite(high), np.isfinite(low)
        other = linprog(
            np.concatenate(model.cost),
            np.vstack([matrix[at_most], -matrix[at_least]]),
            np.concatenate([high[at_most], -low[at_least]]),
            bounds=(0, 10),
            method="highs-ds",
        )
        assert found == pytest.approx([other.fun] * 2, rel=1e-9, abs=1e-9)


def test_whole_numbers_by_hand_with_the_prices_of_what_is_left() -> None:
    # 3 x + 2 y at most 7, x at most 2 whole, y free: x = 2, y = 0.5 at a profit of 2 * 4 + 0.5 * 1.
    model = LinearModel()
    x = model.add_columns(["x"], -4.0, upper=2.4, whole=True)
    y = model.add_columns(["y"], -1.0)
    row = model.add_rows(["room"], AT_MOST, 7.0)
    model.add_entries(row, np.concatenate([x, y]), np.array([3.0, 2.0]))
    for solver in ("highs", "cbc"):
        found = solve_model(model, solver)
        assert found.amounts == pytest.approx([2.0, 0.5]) and found.objective == pytest.approx(-8.5)
        assert found.prices == pytest.approx([-0.5]) and found.bound <= found.objective and found.gap <= 1e-4


def test_a_kept_programme_is_solved_again_as_if_anew() -> None:
    model = random_model(3)
    kept = keep_model(model)
    kept.solve()
    side = np.concatenate(model.sides)
    for step in (0.5, -0.3, 1.0):
        kept.change_sides(np.arange(4), side[:4] + step)
        changed = replace(model, sides=[np.concatenate([side[:4] + step, side[4:]])])
        assert kept.solve().objective == pytest.approx(solve_model(changed).objective, rel=1e-9)
    kept.restore_rows(np.arange(4))
    kept.change_bounds(np.array([0, 1]), 2.0, 2.0)
    fixed = replace(
        model, lower=[np.where(np.arange(12) < 2, 2.0, 0.0)], upper=[np.where(np.arange(12) < 2, 2.0, 10.0)]
    )
    again = kept.solve()
    assert again.status == solve_model(fixed).status
    kept.restore_bounds(np.array([0, 1]))
    kept.change_cost(np.ones(12))
    assert kept.solve().objective == pytest.approx(solve_model(replace(model, cost=[np.ones(12)])).objective, rel=1e-9)


def test_infeasible_is_a_status_and_unbounded_an_error() -> None:
    model = LinearModel()
    column = model.add_columns(["x"], -1.0)
    assert solve_model(_with_row(model, column, 1.0)).status == "optimal"
    assert solve_model(_with_row(model, column, -1.0)).status == "infeasible"
    for solver in ("highs", "cbc"):
        with pytest.raises(RunError, match="unbounded"):
            solve_model(_with_row(model, column, 1.0, AT_LEAST), solver)


def _with_row(model: LinearModel, column: np.ndarray, side: float, sense: str = AT_MOST) -> LinearModel:
    other = LinearModel(list(model.names), list(model.cost), list(model.lower), list(model.upper), list(model.whole))
    other.add_entries(other.add_rows(["cap"], sense, side), column, 1.0)
    return other


def test_a_solver_that_is_not_there_is_said_so() -> None:
    with pytest.raises(RunError, match="GUROBI is not installed here"):
        solve_model(random_model(1), "GUROBI")
    with pytest.raises(RunError, match="no solver is called nonsense"):
        solve_model(random_model(1), "nonsense")


def test_the_lp_file_reads_back_as_the_same_programme(tmp_path: Path) -> None:
    import highspy

    model = random_model(2, whole=True)
    write_lp(model, tmp_path / "plan.lp")
    other = highspy.Highs()
    other.setOptionValue("output_flag", False)
    other.readModel(str(tmp_path / "plan.lp"))
    other.setOptionValue("mip_rel_gap", 1e-9)
    other.run()
    assert other.getObjectiveValue() == pytest.approx(solve_model(model, gap=1e-9).objective, rel=1e-9)


def test_the_objects_of_pulp_are_the_programme() -> None:
    model = random_model(4)
    problem, variables, constraints = to_pulp(model)
    assert [variable.name for variable in variables] == model.names
    matrix = model.matrix().toarray()
    for row, constraint in enumerate(constraints):
        for column, variable in enumerate(variables):
            assert constraint.get(variable, 0.0) == matrix[row, column]
    assert problem.numVariables() == 12 and problem.numConstraints() == 9


@pytest.fixture
def tiny_plan(tiny_case: Path):
    return plan_for(read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data"))


def test_a_price_holds_to_both_ends_of_its_range(tiny_plan) -> None:
    programme, solution = tiny_plan.programme, tiny_plan.solution
    kept = keep_model(programme.model, solution)
    first = kept.solve()
    assert first.objective == pytest.approx(solution.objective, rel=1e-12)
    rows = [row for row in programme.rows["coverage"] if abs(solution.prices[row]) > 1.0][::5]
    assert len(rows) > 3
    for row, (low, high) in zip(rows, kept.range_sides(np.array(rows)), strict=True):
        side, price = np.concatenate(programme.model.sides)[row], first.prices[row]
        assert low <= side <= high
        for end in (low, high):
            if np.isfinite(end):
                kept.change_sides(np.array([row]), end)
                assert kept.solve().objective == pytest.approx(first.objective + price * (end - side), rel=1e-9)
        kept.restore_rows(np.array([row]))
        kept.solve()


def linked_model(parts: int, seed: int = 0) -> tuple[LinearModel, np.ndarray]:
    """Parts that share one cap on what they use, each wanting more than its share."""
    chance = np.random.default_rng(seed)
    model = LinearModel()
    cap = model.add_rows(["budget"], AT_MOST, 40.0 * parts)
    for part in range(parts):
        columns = model.add_columns([f"p{part}_{i}" for i in range(40)], -chance.uniform(1, 5, 40), upper=3.0)
        rows = model.add_rows([f"p{part}_r{i}" for i in range(30)], AT_MOST, 20.0)
        model.add_entries(rows[:, None], columns[None, :], chance.uniform(0, 1, (30, 40)))
        model.add_entries(cap, columns, chance.uniform(1, 3, 40))
    return model, cap


def test_a_programme_in_parts_is_proved_within_its_gap_of_the_whole(monkeypatch) -> None:
    monkeypatch.setattr("workforce.optimise.parts.SMALLEST_PART", 25)
    model, cap = linked_model(8)
    whole = solve_model(model).objective
    found = solve_parts(model, cap, gap=1e-6)
    assert found is not None and found.bound <= whole + 1e-6
    assert whole - 1e-6 <= found.objective <= whole + 1e-6 * abs(whole) * 1.01
    low, high = model.row_bounds()
    activity = model.matrix() @ found.amounts
    assert (activity <= high + 1e-6).all() and (activity >= low - 1e-6).all()


def test_what_does_not_fall_into_parts_is_left_to_be_solved_in_one_piece() -> None:
    model, cap = linked_model(2)
    assert solve_parts(model, cap) is None


def market_split(columns: int = 40, rows: int = 5) -> LinearModel:
    """Which columns add up to half of every row: a small programme that no search gets through (Cornuejols & Dawande 1999)."""
    chance = np.random.default_rng(1)
    model, weights = LinearModel(), chance.integers(0, 100, (rows, columns)).astype(float)
    chosen = model.add_columns([f"x{i}" for i in range(columns)], upper=1.0, whole=True)
    more, less = (model.add_columns([f"{name}{i}" for i in range(rows)], 1.0) for name in ("more", "less"))
    split = model.add_rows([f"row{i}" for i in range(rows)], EQUAL, np.floor(weights.sum(axis=1) / 2))
    model.add_entries(split[:, None], chosen[None, :], weights)
    model.add_entries(split, more, 1.0)
    model.add_entries(split, less, -1.0)
    return model


def test_a_search_ends_after_its_steps_with_what_it_has_found_and_the_gap() -> None:
    found = [solve_model(market_split(), gap=0.0, steps=steps) for steps in (20, 20, 200)]
    assert [one.status for one in found] == ["stopped"] * 3
    assert found[0].objective == found[1].objective and (found[0].amounts == found[1].amounts).all()
    assert 0.0 <= found[2].bound <= found[2].objective <= found[0].objective and found[0].gap > 0.5


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interruption_is_heard_while_the_solver_works() -> None:
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        solve_model(market_split(), gap=0.0)
    assert time.monotonic() - began < 15
