"""The mix, against cases solved by hand and against an independent solver of the same programme."""

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pulp
import pytest
from planning import make_case
from scipy.optimize import linprog

from workforce.errors import InputError, RunError
from workforce.forecast.attrition import fit_attrition
from workforce.forecast.demand import forecast_demand
from workforce.forecast.dynamics import describe_dynamics
from workforce.forecast.mobility import fit_mobility
from workforce.forecast.stocks import project_stocks
from workforce.inputs.assumptions import Solver
from workforce.inputs.case import Case, read_case
from workforce.optimise.explain import explain_plan
from workforce.optimise.linear import AT_LEAST, EQUAL
from workforce.optimise.plan import Plan, optimise_plan
from workforce.optimise.prices import loaded_cost
from workforce.optimise.solve import find_solver, solve_model

YEARLY = 'time: {period: year, start: "2026", horizon: 3}\n'
MONTHLY = 'time: {period: month, start: "2026-01", horizon: 6}\n'
ROLES = "role,unit,family,salary,on_cost,shortage_price,severance,release_max,surplus_cost,establishment"
RATES = "role,tenure_from,cause,yearly_rate\na,0,all,0"


def plan_for(case: Case) -> Plan:
    attrition = fit_attrition(case)
    dynamics = describe_dynamics(case, attrition, fit_mobility(case, attrition))
    return optimise_plan(case, dynamics, project_stocks(dynamics), forecast_demand(case))


def needs(role: str, *fte: float, first: int = 2026) -> str:
    return "\n".join(["role,period,fte", *(f"{role},{first + year},{value}" for year, value in enumerate(fte))])


def test_hiring_waits_for_the_need_and_pays_for_offers_not_taken_up(tmp_path: Path) -> None:
    # 10 present, 10, 14, 14 needed. Half the offers are taken up, so 8 offers in 2027 at 7 each; pay is 100 a head-year.
    case = make_case(
        tmp_path,
        {
            "roles": f"{ROLES}\na,u,f,100,0,1000,,,,",
            "stock": "role,headcount\na,10",
            "rates": RATES,
            "required": needs("a", 10, 14, 14),
            "channels": "channel,cost,lead_months,arrive\nboard,7,0,0.5",
        },
        YEARLY,
    )
    plan = plan_for(case)
    assert plan.actions[["action", "heads", "arriving", "cost"]].to_numpy().tolist() == [["hire", 8.0, 4.0, 56.0]]
    assert str(plan.actions["period"].iloc[0]) == "2027"
    assert plan.cost == pytest.approx(100 * (10 + 14 + 14) + 56)


def test_a_shortage_is_bought_off_only_where_that_is_cheaper(tmp_path: Path) -> None:
    # One head short in one last year only: pay 100 + hire 30 = 130 against a price of 120 (left open) or 140 (hired).
    tables = {
        "stock": "role,headcount\na,10",
        "rates": RATES,
        "required": needs("a", 10, 10, 11),
        "channels": "channel,cost,lead_months\nboard,30,0",
    }
    for price, cost in ((120, 3000 + 120), (140, 3100 + 30)):
        roles = f"{ROLES}\na,u,f,100,0,{price},,,,"
        plan = plan_for(make_case(tmp_path / str(price), tables | {"roles": roles}, YEARLY))
        assert plan.cost == pytest.approx(cost)


def test_releasing_beats_keeping_only_beyond_its_severance(tmp_path: Path) -> None:
    # 2 too many for 3 years at 100 a year: released at once for 250 each (saves 300), kept at 350.
    tables = {"stock": "role,headcount\na,10", "rates": RATES, "required": needs("a", 8, 8, 8)}
    for severance, cost in ((250, 3 * 800 + 500), (350, 3 * 1000)):
        roles = f"{ROLES}\na,u,f,100,0,1000,{severance},2,,"
        plan = plan_for(make_case(tmp_path / str(severance), tables | {"roles": roles}, YEARLY))
        assert plan.cost == pytest.approx(cost)


def test_a_downgrade_with_loss_loses_its_share(tmp_path: Path) -> None:
    # b must fall from 10 to 6 (surplus costs 500 each a year), a must rise from 10 to 12; half of those moved leave the company.
    case = make_case(
        tmp_path,
        {
            "roles": f"{ROLES}\na,u,f,100,0,900,,,,\nb,u,f,100,0,900,,,500,",
            "stock": "role,headcount\na,10\nb,10",
            "rates": RATES + "\nb,0,all,0",
            "required": needs("a", 12, 12, 12) + "\n" + needs("b", 6, 6, 6).split("\n", 1)[1],
            "moves": "from_role,to_role,cost,arrive\nb,a,10,0.5",
        },
        YEARLY,
    )
    plan = plan_for(case)
    first = plan.stocks[plan.stocks["period"].astype(str) == "2026"].set_index("role")
    assert first.loc["a", "closing"] == pytest.approx(12) and first.loc["b", "closing"] == pytest.approx(6)
    assert first.loc["b", "leavers"] == pytest.approx(2) and first.loc["a", "moves_in"] == pytest.approx(2)
    assert plan.cost == pytest.approx(3 * 1800 + 40)


def test_a_programme_takes_time_and_some_fail(tmp_path: Path) -> None:
    # 3 graduates needed from March: 4 seats in January (75% pass, 2 months), 10 a seat, 20% of their time away meanwhile.
    case = make_case(
        tmp_path,
        {
            "roles": f"{ROLES}\na,u,f,12,0,1200,,,,\nb,u,f,12,0,12000,,,,",
            "stock": "role,headcount\na,20\nb,5",
            "rates": RATES + "\nb,0,all,0",
            "required": "role,period,fte\n"
            + "\n".join(f"a,2026-0{m},10\nb,2026-0{m},{5 if m < 3 else 8}" for m in range(1, 7)),
            "programmes": "programme,from_role,to_role,months,seats,cost,pass_rate,away\nschool,a,b,2,9,10,0.75,0.2",
        },
        MONTHLY,
    )
    plan = plan_for(case)
    assert plan.actions[["via", "heads", "arriving", "cost"]].to_numpy().tolist() == [["school", 4.0, 3.0, 40.0]]
    a = plan.stocks[plan.stocks["role"] == "a"]["effective_fte"].tolist()
    assert a == pytest.approx([20 - 0.8, 20 - 0.8, 17, 17, 17, 17])


def test_joiners_count_for_little_until_they_are_ramped_up(tmp_path: Path) -> None:
    roles = "role,unit,family,salary,on_cost,shortage_price,ramp_months,ramp_start\na,u,f,12,0,12000,4,0.2"
    tables = {
        "roles": roles,
        "stock": "role,headcount\na,10",
        "rates": RATES,
        "required": "role,period,fte\n" + "\n".join(f"a,2026-0{m},{10 if m < 3 else 12}" for m in range(1, 7)),
        "channels": "channel,cost,lead_months,capacity\nboard,1,2,2",
    }
    plan = plan_for(make_case(tmp_path, tables, MONTHLY))
    # Two a month at the most: the two of March count 0.2, 0.4, 0.6, 0.8; April's two 0.2, ...: 12 FTE are reached in May.
    effective = plan.stocks["effective_fte"].tolist()
    assert effective[2] == pytest.approx(10 + 2 * 0.2) and effective[3] == pytest.approx(10 + 2 * 0.4 + 2 * 0.2)


def test_a_budget_binds_and_its_price_is_what_more_of_it_saves(tmp_path: Path) -> None:
    # Each hire costs 10 and saves 1000 of shortage less 100 of pay in the one year: a recruiting budget of 30 buys 3 of 5.
    case = make_case(
        tmp_path,
        {
            "roles": f"{ROLES}\na,u,f,100,0,1000,,,,",
            "stock": "role,headcount\na,10",
            "rates": RATES,
            "required": needs("a", 15),
            "channels": "channel,cost,lead_months\nboard,10,0",
            "budget": "period,category,amount\n2026,recruiting,30",
        },
        'time: {period: year, start: "2026", horizon: 1}\n',
    )
    plan = plan_for(case)
    assert plan.actions["heads"].tolist() == pytest.approx([3.0])
    price = plan.prices.query("rule == 'budget'")["price"].iloc[0]
    assert price == pytest.approx((1000 - 100 - 10) / 10)
    reasons = explain_plan(case, plan).set_index("key")["values"].map(json.loads)
    assert reasons["budget_price"]["saved"] == pytest.approx(reasons["budget_price"]["more"] * price)


def test_contradicting_rules_say_the_cheapest_way_out(tmp_path: Path) -> None:
    case = make_case(
        tmp_path,
        {
            "roles": f"{ROLES}\na,u,f,100,0,1000,,,,",
            "stock": "role,headcount\na,10",
            "rates": RATES,
            "required": needs("a", 10),
            "budget": "period,category,amount\n2026,total,900",
        },
        'time: {period: year, start: "2026", horizon: 1}\n',
    )
    with pytest.raises(RunError, match="raise the total budget of 2026 by 100 CNY"):
        plan_for(case)


def test_a_release_without_severance_is_no_release_for_free(tmp_path: Path) -> None:
    tables = {"roles": f"{ROLES}\na,u,f,100,0,1000,,2,,", "stock": "role,headcount\na,10", "rates": RATES}
    with pytest.raises(InputError, match="severance"):
        plan_for(make_case(tmp_path, tables | {"required": needs("a", 8, 8, 8)}, YEARLY))


def test_an_independent_solver_agrees_on_the_tiny_company(tiny_case: Path) -> None:
    case = read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data")
    plan = plan_for(case)
    model = plan.programme.model
    rows, columns, values = model.triples()
    matrix = np.zeros((len(model.row_names), len(model.names)))
    matrix[rows, columns] = values
    senses, side = np.array(model.senses), np.concatenate(model.sides)
    lower, upper = (
        [None if np.isinf(one) else one for one in np.concatenate(part)] for part in (model.lower, model.upper)
    )
    matrix[senses == AT_LEAST] *= -1.0
    side = np.where(senses == AT_LEAST, -side, side)
    at_most = senses != EQUAL
    other = linprog(
        np.concatenate(model.cost), matrix[at_most], side[at_most], matrix[~at_most], side[~at_most],
        bounds=list(zip(lower, upper, strict=True)), method="highs-ds",
    )  # fmt: skip
    assert plan.cost == pytest.approx(other.fun, rel=1e-9)
    assert solve_model(model, "cbc").objective == pytest.approx(plan.cost, rel=1e-6)


def test_a_dual_is_the_finite_difference(tiny_case: Path) -> None:
    plan = plan_for(read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data"))
    model = plan.programme.model
    binding = [row for row in plan.programme.rows["coverage"] if abs(plan.solution.prices[row]) > 1]
    for row in binding[:: max(1, len(binding) // 5)]:
        side = np.concatenate(model.sides)
        side[row] += 1e-3
        slope = (solve_model(replace(model, sides=[side])).objective - plan.cost) / 1e-3
        side[row] -= 2e-3
        other = (plan.cost - solve_model(replace(model, sides=[side])).objective) / 1e-3
        low, high = sorted((slope, other))
        assert low - 0.5 <= plan.solution.prices[row] <= high + 0.5


def test_contributions_follow_the_pay_rule_between_floor_and_ceiling(tiny_case: Path) -> None:
    case = read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data")
    cost, bare = loaded_cost(case)
    roles = dict(zip(case.tables.roles["role"], cost, strict=True))
    assert roles["clerk"] == pytest.approx(90000 * 1.3) and not bare
    assert roles["driver"] == pytest.approx(85000 * 1.28)  # 7,083 a month lies between 4,500 and 22,000


def test_recruits_may_be_moved_on_in_their_first_years(tmp_path: Path) -> None:
    # By hand: hire 10 unskilled in 2026, 8 are left in 2027 and all move up; 10 x 10 + 8 x 5 = 140.
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost,shortage_price\nunsk,u,f,0,0,1000\nsk,u,f,0,0,1000",
            "stock": "role,headcount\nunsk,0\nsk,0",
            "rates": "role,tenure_from,cause,yearly_rate\nunsk,0,all,0.2\nsk,0,all,0.1",
            "required": needs("unsk", 10, 0, 0) + "\n" + needs("sk", 0, 8, 7.2).split("\n", 1)[1],
            "channels": "channel,role,cost,lead_months\nboard,unsk,10,0",
            "moves": "from_role,to_role,cost\nunsk,sk,5",
        },
        YEARLY,
    )
    plan = plan_for(case)
    assert plan.cost == pytest.approx(140) and (plan.stocks["closing"] > -1e-9).all()


def test_recruits_may_be_released_and_nobody_twice(tmp_path: Path) -> None:
    # 10 needed in the first year only, at 100 each; 20% of them leave, the other 8 are released at 1 each in 2027.
    case = make_case(
        tmp_path,
        {
            "roles": f"{ROLES}\na,u,f,100,0,1000,1,20,,",
            "stock": "role,headcount\na,0",
            "rates": RATES.replace(",0", ",0", 1).replace("all,0", "all,0.2"),
            "required": needs("a", 10, 0, 0),
            "channels": "channel,cost,lead_months\nboard,10,0",
        },
        YEARLY,
    )
    plan = plan_for(case)
    assert plan.cost == pytest.approx(10 * 10 + 10 * 100 + 8)
    assert plan.stocks["released"].sum() == pytest.approx(8)


def test_limits_of_rules_whose_names_run_together_stay_apart(tmp_path: Path) -> None:
    roles = "role,unit,family,salary,on_cost,shortage_price\n" + "\n".join(
        f"{name},u,f,1,0,1000" for name in ("a", "a_b", "b_c", "c", "a b")
    )
    case = make_case(
        tmp_path,
        {
            "roles": roles,
            "stock": "role,headcount\na,40\na_b,40\na b,1",
            "rates": "role,tenure_from,cause,yearly_rate\n"
            + "\n".join(f"{name},0,all,0" for name in ("a", "a_b", "b_c", "c", "a b")),
            "required": needs("b_c", 30) + "\n" + needs("c", 30).split("\n", 1)[1],
            "moves": "from_role,to_role,cost,max_per_month\na,b_c,1,2\na_b,c,1,2",
        },
        'time: {period: year, start: "2026", horizon: 1}\n',
    )
    assert sorted(plan_for(case).actions["heads"]) == pytest.approx([24.0, 24.0])


def test_the_eligible_share_holds_for_programmes_within_a_period(tmp_path: Path) -> None:
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost,shortage_price\na,u,f,1,0,1000\nb,u,f,1,0,1000",
            "stock": "role,headcount\na,10\nb,0",
            "rates": RATES + "\nb,0,all,0",
            "required": needs("a", 1) + "\n" + needs("b", 9).split("\n", 1)[1],
            "programmes": "programme,from_role,to_role,months,cost,eligible\nschool,a,b,6,1,0.1",
        },
        'time: {period: year, start: "2026", horizon: 1}\n',
    )
    assert plan_for(case).actions["heads"].tolist() == pytest.approx([1.0])


@pytest.mark.parametrize(
    ("rows", "start", "horizon", "spent"),
    [
        ("2026Q3,recruiting,100\n2026Q4,recruiting,100", "2026-07", 6, 200),
        ("2026Q1,recruiting,100", "2026-01", 12, 400),
        ("2026,recruiting,100\n2026Q1,recruiting,100", "2026-01", 12, 100),
        ("2026Q1,recruiting,0\n2026Q2,recruiting,0\n2026Q3,recruiting,0\n2026Q4,recruiting,400", "2026-01", 12, 400),
    ],
)
def test_each_budget_row_caps_its_own_period(tmp_path: Path, rows: str, start: str, horizon: int, spent: float) -> None:
    # 40 are needed at 10 each from the first month; every row caps the money of its own year or quarter.
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost,shortage_price\na,u,f,1,0,100000",
            "stock": "role,headcount\na,0",
            "rates": RATES,
            "required": f"role,period,fte\na,{start[:4]},40",
            "channels": "channel,cost,lead_months\nboard,10,0",
            "budget": f"period,category,amount\n{rows}",
        },
        f'time: {{period: month, start: "{start}", horizon: {horizon}}}\nplan: {{quarters: hard}}\n',
    )
    plan = plan_for(case)
    assert plan.actions["cost"].sum() == pytest.approx(spent)
    if rows.startswith("2026Q1,recruiting,0"):
        assert str(plan.actions["period"].min()) == "2026-10"


def test_a_joiner_is_full_time_whoever_is_there(tmp_path: Path) -> None:
    people = "person,role,hire_date,fte,status\np,a,2020-01-01,1,leave\nq,b,2020-01-01,0.5,active"
    case = make_case(
        tmp_path,
        {
            "roles": f"{ROLES}\na,u,f,100,0,1000,,,,\nb,u,f,100,0,1000,,,,",
            "people": people,
            "rates": RATES + "\nb,0,all,0",
            "required": needs("a", 1) + "\n" + needs("b", 1.5).split("\n", 1)[1],
            "channels": "channel,cost,lead_months\nboard,0,0",
        },
        'time: {period: year, start: "2026", horizon: 1}\n',
    )
    plan = plan_for(case)
    assert plan.stocks.set_index("role")["joiners"].to_dict() == pytest.approx({"a": 1.0, "b": 1.0})
    assert plan.costs["amount"].sum() == pytest.approx(100 + 150)


def test_the_solvers_of_the_knob_are_those_that_pulp_knows() -> None:
    assert {find_solver(one) for one in ("highs", "cbc")} | set(get_args(Solver)) - {"highs", "cbc"} == set(
        pulp.listSolvers()
    )
