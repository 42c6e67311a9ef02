"""Where uncertainty comes from. Witnesses: the Poisson total's own error, the law of total variance with its mixture in
closed form, the triangular distribution of scipy, and readings that must not differ at all."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from planning import make_case
from scipy import stats
from test_dynamics import describe

from workforce.forecast.attrition import fit_attrition
from workforce.forecast.demand import forecast_demand
from workforce.forecast.doubt import Doubt
from workforce.forecast.effects import fit_effects
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case, read_case
from workforce.optimise.decisions import hand_over
from workforce.optimise.plan import optimise_plan
from workforce.simulate import steps
from workforce.simulate.careers import simulate_careers
from workforce.simulate.streams import freshen, key_paths
from workforce.simulate.stress import simulate_idle, stress_plan
from workforce.simulate.uncertainty import measure_uncertainty, weigh_sources
from workforce.simulate.worlds import draw_demand, draw_rates, read_demand

MONTHS = 'time: {period: month, start: "2026-01", horizon: 6}\n'
CREW = {
    "roles": "role,unit,family,salary,ramp_months,priority\nhand,shop,hands,50000,0,high",
    "stock": "role,headcount\nhand,200",
    "rates": "role,cause,tenure_from,yearly_rate\nhand,all,0,0.6",
    "required": "role,period,fte,low,high" + "".join(f"\nhand,2026-{month:02d},150,120,200" for month in range(1, 7)),
}


def crew(folder: Path, knobs: str = "") -> Case:
    return make_case(folder, CREW, MONTHS + knobs)


def known_doubt(sd: float) -> Doubt:
    """An error of the rate of one role, the same in all bands."""
    return Doubt(("hand",), ("company",), np.full((1, 2, 1), sd), np.zeros((1, 2)), (0, 12))


def test_the_spread_of_a_rate_is_what_its_loadings_add_up_to() -> None:
    draw = np.random.default_rng(1)
    unit, family = np.repeat([0, 1, 2], 8), np.tile([0, 1], 12)
    found = fit_effects(draw.poisson(6.0, 24), np.full(24, 300.0), [unit, family])
    np.testing.assert_allclose((found.shared**2).sum(axis=1) + found.own**2, found.spread, rtol=1e-9)


def test_the_company_s_total_is_as_unsure_as_its_count_of_leavers_says() -> None:
    draw = np.random.default_rng(2)
    unit, role = np.repeat(np.arange(4), 12), np.arange(48)
    events = draw.poisson(9.0, 48)
    found = fit_effects(events, np.full(48, 400.0), [unit, role])
    doubt = Doubt(("all",), tuple(map(str, range(found.shared.shape[1]))), found.shared[None], found.own[None], (0,))
    expected = (found.rate * 400.0)[None]
    # Of a Poisson total N the logarithm errs by 1 / sqrt(N); drawn cell by cell it would err by far less.
    assert doubt.average(expected) == pytest.approx(1.0 / np.sqrt(events.sum()), rel=0.05)
    apart = np.sqrt(((expected[0] / expected.sum()) ** 2 * found.spread).sum())
    assert apart < 0.8 * doubt.average(expected)


def test_drawn_rates_have_mean_one_and_the_spread_and_correlation_of_their_errors() -> None:
    shared, own = np.array([[[0.2], [0.2]], [[0.2], [0.0]]]), np.array([[0.1, 0.0], [0.0, 0.3]])
    doubt = Doubt(("a", "b"), ("company",), shared, own, (0, 12))
    factor = draw_rates(doubt, key_paths(3, 40_000)).factor
    np.testing.assert_allclose(factor.mean(axis=0), 1.0, atol=0.006)
    np.testing.assert_allclose(np.log(factor).var(axis=0), doubt.spread, rtol=0.04)
    logs = np.log(factor).reshape(len(factor), -1)
    assert np.cov(logs[:, 0], logs[:, 1])[0, 1] == pytest.approx(0.04, rel=0.05)
    assert abs(np.cov(logs[:, 0], logs[:, 3])[0, 1]) < 0.002


def test_stated_rates_are_sure(tiny_case: Path) -> None:
    text = "role,cause,tenure_from,yearly_rate\nclerk,all,0,0.3\n"
    (tiny_case / "data" / "rates.csv").write_text(text, encoding="utf-8")
    case = read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data")
    doubt = fit_attrition(case).doubt
    assert doubt is not None and doubt.estimated is not None
    assert not doubt.estimated[doubt.roles.index("clerk")].any()
    np.testing.assert_allclose(doubt.estimated[doubt.roles.index("picker")], 1.0)


def test_with_drawn_rates_the_variance_is_that_of_the_mixture(tmp_path: Path) -> None:
    case = crew(tmp_path)
    dynamics, paths, sd = describe(case), 20_000, 0.4
    careers = simulate_careers(case, dynamics, paths=paths, seed=5, doubt=known_doubt(sd))
    sure = simulate_careers(case, dynamics, paths=paths, seed=5)
    # Six months at the monthly rate m = -ln(1 - 0.6) / 12 times a log-normal factor of mean 1: who stays is binomial given
    # the factor, so Var = E[n s (1 - s)] + Var(n s), by numerical integration over the factor.
    place = (np.arange(200_000) + 0.5) / 200_000
    factor = np.exp(sd * stats.norm.ppf(place) - sd**2 / 2)
    stay = np.exp(np.log(0.4) * factor / 2)
    left = careers.closing[:, 5, 0]
    assert left.mean() == pytest.approx(200 * stay.mean(), abs=4 * left.std() / np.sqrt(paths))
    assert left.var() == pytest.approx(200 * (stay * (1 - stay)).mean() + 200**2 * stay.var(), rel=0.03)
    assert sure.closing[:, 5, 0].var() == pytest.approx(200 * 0.4**0.5 * (1 - 0.4**0.5), rel=0.03)
    # Staying is convex in the rate, so that on average a few more stay than at the mean rate (Jensen).
    assert 0 < left.mean() - 200 * 0.4**0.5 < 3.5


def test_both_kernels_step_drawn_rates_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = crew(tmp_path)
    fast = simulate_careers(case, describe(case), paths=20, seed=5, doubt=known_doubt(0.5))
    monkeypatch.setattr("workforce.simulate.careers.choose_kernel", lambda: steps.step_paths)
    plain = simulate_careers(case, describe(case), paths=20, seed=5, doubt=known_doubt(0.5))
    np.testing.assert_array_equal(fast.closing, plain.closing)
    np.testing.assert_array_equal(fast.effective, plain.effective)


def test_a_path_s_rates_do_not_depend_on_how_many_paths_there_are() -> None:
    doubt = known_doubt(0.3)
    few, many = draw_rates(doubt, key_paths(1, 7)).factor, draw_rates(doubt, key_paths(1, 150)).factor
    np.testing.assert_array_equal(few, many[:7])


def test_demand_is_drawn_from_the_triangle_of_low_base_and_high() -> None:
    low, base, high = np.array([[80.0, 50.0]]), np.array([[100.0, 50.0]]), np.array([[150.0, 50.0]])
    place = np.linspace(0.0, 1.0, 11)
    witness = stats.triang(20 / 70, loc=80.0, scale=70.0).ppf(place)
    found = read_demand(low, base, high, place)
    np.testing.assert_allclose(found[:, 0, 0], witness, rtol=1e-12)
    assert (found[:, 0, 1] == 50.0).all()
    drawn = draw_demand(low, base, high, key_paths(1, 20_000))[:, 0, 0]
    assert drawn.mean() == pytest.approx(330 / 3, rel=0.01)
    assert drawn.var() == pytest.approx((80**2 + 100**2 + 150**2 - 80 * 100 - 80 * 150 - 100 * 150) / 18, rel=0.03)


def test_demand_is_high_for_all_roles_at_once() -> None:
    low, base, high = (np.array([[value, 2 * value]]) for value in (8.0, 10.0, 15.0))
    drawn = draw_demand(low, base, high, key_paths(1, 50))[:, 0]
    np.testing.assert_allclose(drawn[:, 1], 2 * drawn[:, 0])


def test_sources_add_up_and_hold_the_closed_form(tmp_path: Path) -> None:
    case = crew(tmp_path)
    dynamics, seed, paths = describe(case), 5, 20_000
    sure = simulate_careers(case, dynamics, paths=paths, seed=seed)
    drawn = simulate_careers(case, dynamics, paths=paths, seed=seed, doubt=known_doubt(0.4))
    required = draw_demand(
        np.full((6, 1), 120.0), np.full((6, 1), 150.0), np.full((6, 1), 200.0), key_paths(seed, paths)
    )
    layers = [
        ("chance", sure.closing, sure.effective, np.full((1, 6, 1), 150.0)),
        ("rates", drawn.closing, drawn.effective, np.full((1, 6, 1), 150.0)),
        ("demand", drawn.closing, drawn.effective, required),
    ]
    table = measure_uncertainty(dynamics, "expected", layers)
    assert len(table) == 3 * 6 * 2 * 3  # role, unit, company; periods; measures; sources
    rows = table[(table["role"] == "hand") & (table["period"] == case.periods[-1])].set_index(["measure", "source"])
    stay = 0.4**0.5
    assert rows.loc[("headcount", "chance"), "variance"] == pytest.approx(200 * stay * (1 - stay), rel=0.03)
    assert rows.loc[("headcount", "demand"), "added"] == 0.0
    for measure in ("headcount", "shortage"):
        assert rows.loc[measure, "added"].sum() == pytest.approx(rows.loc[(measure, "demand"), "variance"])
        assert rows.loc[measure, "share"].sum() == pytest.approx(1.0)
    assert rows.loc[("shortage", "demand"), "added"] > 0


def plan_of(case: Case) -> tuple:
    dynamics, attrition = describe(case), fit_attrition(case)
    demand = forecast_demand(case)
    plan = optimise_plan(case, dynamics, project_stocks(dynamics), demand)
    return dynamics, attrition, demand, hand_over(plan, dynamics, case.tables.channels)


def switched(case: Case, **knobs: bool) -> Case:
    simulation = case.assumptions.simulation.model_copy(update=knobs)
    assumptions = case.assumptions.model_copy(update={"simulation": simulation})
    return replace(case, scenario=replace(case.scenario, assumptions=assumptions))


def test_each_source_switched_off_leaves_exactly_the_others(tiny_case: Path) -> None:
    case = read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data")
    dynamics, attrition, demand, decisions = plan_of(case)
    off = switched(case, rate_uncertainty=False, demand_uncertainty=False)
    whole, none = (stress_plan(one, dynamics, decisions, demand, attrition.doubt) for one in (case, off))
    np.testing.assert_array_equal(whole.certain.closing, none.careers.closing)
    assert not np.array_equal(whole.careers.closing, none.careers.closing)
    np.testing.assert_array_equal(none.required[0], whole.planned)
    only_rates = stress_plan(switched(case, demand_uncertainty=False), dynamics, decisions, demand, attrition.doubt)
    np.testing.assert_array_equal(only_rates.careers.closing, whole.careers.closing)
    idle = simulate_idle(off, dynamics, attrition.doubt)
    assert len(idle) == 1
    assert set(weigh_sources(off, dynamics, idle, none)["source"]) == {"chance"}


def test_a_plan_is_put_to_the_test_on_paths_of_their_own_and_gives_the_same_bits_again(tiny_case: Path) -> None:
    case = read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data")
    dynamics, attrition, demand, decisions = plan_of(case)
    first, again = (stress_plan(case, dynamics, decisions, demand, attrition.doubt) for _ in range(2))
    np.testing.assert_array_equal(first.careers.effective, again.careers.effective)
    pd.testing.assert_frame_equal(first.table, again.table)
    seed = case.assumptions.simulation.seed
    assert not set(key_paths(freshen(seed, "stress"), 20).tolist()) & set(key_paths(seed, 20).tolist())
