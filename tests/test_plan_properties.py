"""Whatever the tables say: people and money balance in every period, limits hold, and a second solver agrees."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from planning import make_case
from test_optimise import plan_for

from workforce.inputs.case import Case
from workforce.optimise.plan import Plan
from workforce.optimise.solve import solve_model

TIMES = (
    'time: {period: year, start: "2026", horizon: 3}\n',
    'time: {period: quarter, start: "2026Q2", horizon: 5}\n',
    'time: {period: month, start: "2026-03", horizon: 6}\n',
)


def draw_case(folder: Path, seed: int) -> Case:
    """Three roles with every kind of decision, drawn from a seed."""
    rng = np.random.default_rng(seed)

    def some(*values: object) -> str:
        return str(values[rng.integers(len(values))])

    names = (
        "role,unit,family,salary,on_cost,ramp_months,establishment,priority,severance,release_max,release_share,"
        "overtime_max,overtime_premium,contract_max,contract_cost,short_time_max,short_time_cost,short_time_cut"
    )
    roles = [names]
    for name in "abc":
        roles.append(
            f"{name},{some('u', 'v')},f,{rng.integers(40, 200)},0.3,{some(0, 4)},{some('', 12)},{some('high', 'low')},"
            f"{rng.integers(10, 90)},{some('', 4)},{some('', 0.2)},{some('', 0.1)},0.5,{some('', 0.2)},150,"
            f"{some('', 0.3)},{some(0, 0.6)},{some(1, 0.5)}"
        )
    start = {0: "2026", 1: "2026", 2: "2026"}[seed % 3]
    need = [f"{name},{int(start) + year},{rng.integers(0, 22)}" for name in "abc" for year in range(3)]
    rates = [f"{name},{months},all,{rng.uniform(0, 0.4):.3f}" for name in "abc" for months in (0, 24)]
    tables = {
        "roles": "\n".join(roles),
        "stock": "role,headcount\n" + "\n".join(f"{name},{rng.integers(0, 15)}" for name in "abc"),
        "rates": "role,tenure_from,cause,yearly_rate\n" + "\n".join(rates),
        "transitions": f"from_role,to_role,yearly_rate\na,b,{some(0, 0.1)}",
        "required": "role,period,fte\n" + "\n".join(need),
        "channels": "channel,role,cost,lead_months,capacity,per,arrive,pool,contract_months,quality\n"
        f"board,,{rng.integers(1, 30)},{some(0, 3)},{some('', 3)},month,0.9,,,1.3\n"
        f"known,a,1,0,{some('', 5)},year,1,4,,1\nagency,b,5,0,,month,1,,{some(3, 12)},1",
        "programmes": "programme,from_role,to_role,months,cost,pass_rate,away,mentor,eligible,fail_leave\n"
        f"school,a,b,{some(3, 6, 12)},10,0.8,0.3,0.1,0.5,{some(0, 0.5)}",
        "moves": f"from_role,to_role,delay,cost,arrive,ramp_months,max_share_of_target\nb,c,0,3,0.9,3,{some('', 0.2)}",
        "retention": f"offer,role,cost,effect,reach\nstay,,{rng.integers(1, 20)},0.3,0.5\nbonus,b,5,0.4,0.7",
        "budget": f"period,category,amount\n2026,recruiting,{rng.integers(5, 90)}\n2027Q1,development,{rng.integers(5, 50)}",
    }  # fmt: skip
    return make_case(folder, tables, TIMES[seed % 3] + f"plan: {{whole_periods: {some(0, 0, 2)}, gap: 0.0}}\n")


def check_plan(case: Case, plan: Plan) -> None:
    stocks = plan.stocks
    change = stocks["opening"] + stocks["joiners"] + stocks["moves_in"] - stocks["moves_out"] - stocks["leavers"]
    assert (change - stocks["closing"]).abs().max() < 1e-6 and stocks["closing"].min() > -1e-6
    by_period = stocks.groupby("period")[["moves_in", "moves_out", "joiners", "leavers"]].sum()
    assert (by_period["moves_in"] - by_period["moves_out"]).abs().max() < 1e-6
    columns = [name for name in ("leavers", "released", "joiners", "moves_in", "moves_out") if name in stocks]
    assert stocks[columns].min().min() > -1e-6
    # Money by category is the money in the actions, and all of it with the prices is what was minimised.
    spent = plan.costs.groupby("category")["amount"].sum()
    of = {"recruiting": ["hire"], "development": ["develop", "move"], "separation": ["release"], "retention": ["keep"]}
    for category, actions in of.items():
        told = plan.actions[plan.actions["action"].isin(actions)]["cost"].sum()
        assert spent.get(category, 0.0) == pytest.approx(told, abs=1e-3)
    prices = plan.cost - plan.costs["amount"].sum()
    columns_priced = np.concatenate(
        [np.ravel(plan.programme.columns.shortage), np.ravel(plan.programme.columns.surplus)]
    )
    money, amounts = plan.programme.money, plan.solution.amounts
    others = [k for k, name in enumerate(plan.programme.model.names) if name.startswith(("overflow_", "overrun_"))]
    assert prices == pytest.approx(
        money[columns_priced] @ amounts[columns_priced] + money[others] @ amounts[others], abs=1e-3
    )
    whole = np.concatenate(plan.programme.model.whole)
    assert np.abs(amounts[whole] - np.round(amounts[whole])).max(initial=0.0) < 1e-6
    model = plan.programme.model
    low, high = model.row_bounds()
    scale = 1e-6 * np.maximum(1.0, np.abs(np.concatenate(model.sides)))
    assert (plan.solution.activity >= low - scale).all() and (plan.solution.activity <= high + scale).all()
    hard = plan.budget.dropna(subset=["amount"])
    hard = hard[~hard["year"].str.contains("Q")]
    assert (hard["left"] > -1e-6 * np.maximum(1.0, hard["amount"])).all()


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=1_000, max_value=1_000_000))
def test_people_and_money_balance_in_every_period(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    case = draw_case(tmp_path_factory.mktemp("case"), seed)
    check_plan(case, plan_for(case))


@pytest.mark.parametrize("block", range(5))
def test_a_second_solver_agrees_on_random_companies(tmp_path: Path, block: int) -> None:
    for seed in range(10 * block, 10 * block + 10):
        plan = plan_for(draw_case(tmp_path / str(seed), seed))
        relaxed = dataclasses.replace(
            plan.programme.model, whole=[np.zeros(len(plan.programme.model.names), dtype=bool)]
        )
        ours, other = solve_model(relaxed).objective, solve_model(relaxed, "cbc").objective
        assert other == pytest.approx(ours, rel=1e-6, abs=1e-6), seed
