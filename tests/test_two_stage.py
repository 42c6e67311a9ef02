"""The two-stage plan against cases solved by hand, a direct sort, scipy, and the ordinary plan."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planning import make_case
from scipy.optimize import linprog
from test_frontier import with_plan
from test_optimise import RATES, ROLES, needs, plan_for

from workforce.errors import InputError
from workforce.forecast.attrition import fit_attrition
from workforce.forecast.demand import forecast_demand
from workforce.forecast.dynamics import Dynamics, describe_dynamics
from workforce.forecast.mobility import fit_mobility
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case, read_case
from workforce.optimise.actions import list_actions
from workforce.optimise.beginning import Beginning, find_beginning
from workforce.optimise.decisions import hand_over
from workforce.optimise.recourse import Futures, Risk, build_block, join_blocks
from workforce.optimise.uncertainty import PROVED, estimate_gap, measure_cvar, plan_uncertain
from workforce.pipeline import run
from workforce.report.page_reasons import write_reason
from workforce.simulate.futures import Future, draw_futures, list_sources, name_seed

NEUTRAL = Risk(0.0, 0.0)


def newsvendor(folder: Path, extra: dict[str, str] | None = None) -> Case:
    # Two years; who is to work in 2027 must be offered a post in 2026 (20 each, there a year later), before it is known
    # whether 10 or 20 are needed in 2027. Pay is 100 a year, and somebody missing costs 300.
    return make_case(
        folder,
        {
            "roles": f"{ROLES}\na,u,f,100,0,300,,,,",
            "stock": "role,headcount\na,10",
            "rates": RATES,
            "required": needs("a", 10, 15),
            "channels": "channel,cost,lead_months\nboard,20,12",
        }
        | (extra or {}),
        'time: {period: year, start: "2026", horizon: 2}\nplan: {commit_periods: 1}\n',
    )


def describe(case: Case) -> Dynamics:
    return describe_dynamics(case, fit := fit_attrition(case), fit_mobility(case, fit))


def blocks_of(case: Case, needed: list[list[float]], risk: Risk = NEUTRAL) -> list:
    dynamics = describe(case)
    futures = [Future(dynamics, np.array(one, dtype=float).reshape(len(dynamics.periods), -1)) for one in needed]
    return [build_block(case, list_actions(case, dynamics), future, 1, risk) for future in futures]


def solve(blocks: list) -> tuple[float, np.ndarray, list[np.ndarray]]:
    kept, places = join_blocks(blocks)
    solution = kept.solve()
    return solution.objective, solution.amounts[places[0]][blocks[0].shared], [solution.amounts[p] for p in places]


def weigh(blocks: list, decided: np.ndarray | None) -> float:
    with ThreadPoolExecutor(2) as pool:
        return Futures(blocks, pool).weigh(decided)[0]


def search(blocks: list, gap: float) -> tuple[Beginning, float]:
    """Found from the ordinary plan's beginning of the first future, and what that costs."""
    with ThreadPoolExecutor(2) as pool:
        futures = Futures(blocks, pool)
        usual = futures.alone()[0].amounts[blocks[0].shared]
        ordinary, threshold, _ = futures.weigh(usual)
        if blocks[0].threshold >= 0:
            usual[-1] = threshold
        return find_beginning(futures, usual, gap), ordinary


@pytest.mark.parametrize(("high", "hires"), [(1, 0.0), (2, 10.0), (3, 10.0)])
def test_hires_before_the_need_is_known_follow_the_critical_ratio(tmp_path: Path, high: int, hires: float) -> None:
    # Hiring one more costs 20 + 100 for sure and saves 300 where 20 are needed: worth it from a chance of 120/300 on.
    blocks = blocks_of(newsvendor(tmp_path), [[10, 20]] * high + [[10, 10]] * (4 - high))
    chance = high / 4
    value, decided, _ = solve(blocks)
    pay = 2 * 10 * 100
    assert decided.tolist() == pytest.approx([hires])
    assert value == pytest.approx(pay + hires * 120 + chance * (10 - hires) * 300)
    # The mean need asks for 10 x chance; known at the start, ten would be hired where they are needed and none elsewhere.
    mean = 10 * chance
    ordinary, perfect = weigh(blocks, np.array([mean])), weigh(blocks, None)
    assert ordinary == pytest.approx(pay + mean * 120 + chance * (10 - mean) * 300)
    assert perfect == pytest.approx(pay + chance * 10 * 120)


def test_aversion_to_bad_futures_hires_where_the_mean_would_not(tmp_path: Path) -> None:
    # One future in four needs 20: in the mean a hire saves 75 for 120. The worst quarter's shortage cost, with weight w,
    # adds 300 w: hired from w = 0.15 on.
    case = newsvendor(tmp_path)
    for weight, hires in ((0.1, 0.0), (0.2, 10.0)):
        value, decided, _ = solve(blocks_of(case, [[10, 20]] + [[10, 10]] * 3, Risk(weight, 0.75)))
        short = (10 - hires) * 300
        assert decided[0] == pytest.approx(hires)
        assert value == pytest.approx(2000 + hires * 120 + short / 4 + weight * short)


def test_the_programme_with_cvar_is_the_one_scipy_solves(tmp_path: Path) -> None:
    wanted, weight, level = [20.0, 16.0, 13.0, 10.0, 10.0], 0.4, 0.7
    blocks = blocks_of(newsvendor(tmp_path), [[10, one] for one in wanted], Risk(weight, level))
    value, _, amounts = solve(blocks)
    # hires, threshold, then by future: shortage, beyond
    n = len(wanted)
    cost = np.r_[120.0, weight, np.tile([300.0 / n, weight / (1 - level) / n], n)]
    rows, sides = [], []
    for k, need in enumerate(wanted):
        short, tail = np.zeros(len(cost)), np.zeros(len(cost))
        short[[0, 2 + 2 * k]] = -1.0
        tail[[1, 2 + 2 * k, 3 + 2 * k]] = -1.0, 300.0, -1.0
        rows += [short, tail]
        sides += [10.0 - need, 0.0]
    other = linprog(cost, A_ub=np.array(rows), b_ub=sides, method="highs")
    assert value == pytest.approx(2000 + other.fun)
    shorts = np.array([block.short(part) for block, part in zip(blocks, amounts, strict=True)])
    costs = np.array([block.cost(part) for block, part in zip(blocks, amounts, strict=True)])
    assert value == pytest.approx(costs.mean() + weight * measure_cvar(shorts, level))


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), st.floats(0, 0.95))
def test_cvar_is_the_mean_of_the_worst_and_the_least_of_its_own_programme(losses: list[float], level: float) -> None:
    values = np.array(losses)
    least = min(at + np.maximum(values - at, 0).mean() / (1 - level) for at in values)
    assert measure_cvar(values, level) == pytest.approx(least, rel=1e-9, abs=1e-6)
    whole = round((1 - level) * len(values))
    if whole and abs(whole - (1 - level) * len(values)) < 1e-12:
        assert measure_cvar(values, level) == pytest.approx(np.sort(values)[-whole:].mean())


def test_a_commitment_that_nobody_is_left_for_is_broken_at_a_price(tmp_path: Path) -> None:
    # 4 of a are to move to b in the first year. In one future all of a have left before.
    tables = {
        "roles": f"{ROLES}\na,u,f,100,0,300,,,500,\nb,u,f,100,0,900,,,,",
        "stock": "role,headcount\na,10\nb,1",
        "rates": RATES + "\nb,0,all,0",
        "required": needs("a", 6, 6) + "\n" + needs("b", 5, 5).split("\n", 1)[1],
        "moves": "from_role,to_role,cost\na,b,1",
    }
    case = newsvendor(tmp_path, tables)
    dynamics, required = describe(case), np.array([[6.0, 5.0], [6.0, 5.0]])
    gone = dynamics.leave.copy()
    gone[0, 0] = 1.0
    futures = [Future(dynamics, required)] * 3 + [Future(replace(dynamics, leave=gone), required)]
    blocks = [build_block(case, list_actions(case, dynamics), future, 1, NEUTRAL) for future in futures]
    _, _, amounts = solve(blocks)
    names = blocks[0].model.names
    moved, committed, broken = (
        next(i for i, name in enumerate(names) if name.startswith(word) and "move_" in name and "2026" in name)
        for word in ("move_", "committed_", "broken_")
    )
    assert [part[committed] for part in amounts] == pytest.approx([4.0] * 4)
    assert [part[moved] for part in amounts] == pytest.approx([4.0, 4.0, 4.0, 0.0], abs=1e-7)
    assert amounts[3][broken] == pytest.approx(4.0)


def test_a_budget_below_the_pay_of_those_who_stay_is_overrun_at_its_price(tmp_path: Path) -> None:
    # Pay of 10 people for two years is 2,000; nobody leaves and nobody may be released.
    case = newsvendor(tmp_path, {"budget": "period,category,amount\n2026,total,900\n2027,total,1000"})
    value, _, _ = solve(blocks_of(with_plan(case, overrun_price=7.0), [[10, 10]]))
    assert value == pytest.approx(2000 + 7.0 * 100)


def full_case(tiny_case: Path, **knobs: object) -> Case:
    case = read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data")
    return with_plan(case, whole_periods=0, **knobs)


def test_one_future_and_futures_alike_are_the_ordinary_plan(tiny_case: Path) -> None:
    case = full_case(tiny_case)
    plan, dynamics = plan_for(case), describe(case)
    required = forecast_demand(case)["required"].to_numpy().reshape(len(dynamics.periods), -1)
    for count in (1, 3):
        blocks = [build_block(case, plan.options, Future(dynamics, required), 6, NEUTRAL) for _ in range(count)]
        value, decided, amounts = solve(blocks)
        assert value == pytest.approx(plan.cost, rel=1e-9)
        for block, part in zip(blocks, amounts, strict=True):
            assert part[block.shared] == pytest.approx(decided)
        assert weigh(blocks, None) == pytest.approx(value, rel=1e-7)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.3, 2.0]), st.sampled_from([0.0, 0.5, 0.8]))
def test_knowing_is_never_worth_less_than_nothing(tmp_path_factory, seed: int, weight: float, level: float) -> None:
    random = np.random.default_rng(seed)
    case = newsvendor(tmp_path_factory.mktemp("case"))
    blocks = blocks_of(case, [[10, need] for need in random.uniform(5, 25, 4)], Risk(weight, level))
    value, _, _ = solve(blocks)
    ordinary, perfect = weigh(blocks, random.uniform(0, 10, 1)), weigh(blocks, None)
    assert perfect <= value + 1e-6 * value and value <= ordinary + 1e-6 * value


def test_the_search_for_the_threshold_finds_what_one_programme_finds(tmp_path: Path) -> None:
    blocks = blocks_of(newsvendor(tmp_path), [[10, need] for need in (24, 21, 17, 12, 10, 10)], Risk(0.7, 0.6))
    value, decided, _ = solve(blocks)
    assert weigh(blocks, decided) == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize("risk", [NEUTRAL, Risk(0.5, 0.8), Risk(3.0, 0.5)])
@pytest.mark.parametrize("count", [1, 4])
def test_the_search_ends_where_one_programme_of_all_futures_does(tiny_case: Path, count: int, risk: Risk) -> None:
    case = full_case(tiny_case)
    attrition, dynamics, demand = fit_attrition(case), describe(case), forecast_demand(case)
    demand = demand.assign(low=demand["required"] * 0.9, high=demand["required"] * 1.2)
    futures = draw_futures(case, dynamics, demand, attrition.doubt, count, "futures")
    blocks = [build_block(case, list_actions(case, dynamics), future, 6, risk) for future in futures]
    value, _, _ = solve(blocks)
    for gap in (1e-2, 1e-6):
        found, ordinary = search(blocks, gap)
        assert found.bound <= value * (1 + 1e-7) and value * (1 - 1e-7) <= found.value <= ordinary * (1 + 1e-9)
        assert found.value - found.bound <= gap * found.value
        assert found.bound == pytest.approx(found.parts.mean())
        costs = [
            np.concatenate(block.model.cost) @ one.amounts for block, one in zip(blocks, found.answers, strict=True)
        ]
        assert found.value == pytest.approx(np.mean(costs))
        for block, one in zip(blocks, found.answers, strict=True):
            assert one.amounts[block.shared] == pytest.approx(found.decided, abs=1e-6)
    assert found.value == pytest.approx(value, rel=1e-6)


def test_a_plan_under_uncertainty_is_the_same_for_the_same_seed(tiny_case: Path) -> None:
    case = full_case(tiny_case, futures=3)
    attrition = fit_attrition(case)
    plan, dynamics, demand = plan_for(case), describe(case), forecast_demand(case)
    heard: list[str] = []
    one, two = (plan_uncertain(case, dynamics, plan, demand, attrition.doubt, heard.append) for _ in range(2))
    assert heard
    assert one.commitments.equals(two.commitments) and one.value.equals(two.value)
    money = one.value.set_index("measure")["money"]
    assert money["stochastic_value"] == pytest.approx(money["ordinary"] - money["recourse"])
    assert 0 <= money["recourse"] - money["bound"] <= PROVED * money["recourse"]
    assert min(money["stochastic_value"], money["information_value"], money["sample_gap"]) >= -1e-6 * money["recourse"]
    assert money["fresh_saved"] == pytest.approx(money["fresh_ordinary_cost"] - money["fresh_cost"])
    assert one.commitments["period"].max() <= dynamics.periods[5]
    assert hand_over(one.plan, dynamics, case.tables.channels).lost.shape == (
        len(dynamics.periods),
        len(dynamics.roles),
    )


def test_futures_under_another_goal_than_money_are_refused(tiny_case: Path) -> None:
    with pytest.raises(InputError, match="least_cost"):
        plan_for(full_case(tiny_case, futures=3, objective="least_shortage"))


def test_nothing_uncertain_is_found_out(tmp_path: Path) -> None:
    case = with_plan(newsvendor(tmp_path), futures=3)
    plan, dynamics, demand = plan_for(case), describe(case), forecast_demand(case)
    found = plan_uncertain(case, dynamics, plan, demand, None)
    assert found.sources == () and found.value.empty and found.commitments.empty


def test_futures_keep_the_expected_leavers_and_lie_within_low_and_high(tiny_case: Path) -> None:
    case = full_case(tiny_case)
    dynamics, demand = describe(case), forecast_demand(case)
    demand = demand.assign(low=demand["required"] * 0.9, high=demand["required"] * 1.2)
    assert list_sources(case, dynamics, demand, None) == ("chance", "demand")
    futures = draw_futures(case, dynamics, demand, None, 100, "futures")
    assert name_seed(1, "futures") != name_seed(1, "fresh futures 0")
    expected = project_stocks(dynamics).frame["leavers"].sum()
    leavers = np.array([project_stocks(one.dynamics).frame["leavers"].sum() for one in futures])
    assert abs(leavers.mean() - expected) < 4 * leavers.std() / np.sqrt(len(leavers))
    shape = futures[0].required.shape
    for one in futures:
        assert (one.required >= demand["low"].to_numpy().reshape(shape) - 1e-9).all()
        assert (one.required <= demand["high"].to_numpy().reshape(shape) + 1e-9).all()


def test_the_gap_is_averaged_over_batches_by_hand() -> None:
    # Means 2 and 4, variances 1 and 4 (n = 3): 3 + t(0.95, 2) sqrt(2.5 / 6)
    mean, low, high = estimate_gap([np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0])])
    assert (mean, low) == (3.0, 0.0) and high == pytest.approx(3.0 + 2.9199856 * np.sqrt(2.5 / 6))


def test_a_run_with_futures_tells_them_in_both_languages_and_without_them_nothing(tiny_case: Path) -> None:
    quick = full_case(tiny_case, futures=2, commit_periods=3)
    results = run(quick)
    assert {"uncertain_plan", "uncertain_value"} <= set(results.tables)
    told = results.tables["reasons"].query("key.str.startswith('futures')")
    assert {"futures_cost", "futures_worth", "futures_gap_bound", "futures_stress"} <= set(told["key"])
    for language in ("en", "zh"):
        written = [write_reason(row.key, row.values, "CNY", language) for row in told.itertuples()]
        assert not any(text.startswith("futures") or "{" in text for text in written)
    without = run(full_case(tiny_case))
    assert "uncertain_plan" not in without.tables
    assert not without.tables["reasons"]["key"].str.startswith("futures").any()
