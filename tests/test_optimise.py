"""The mix, against cases solved by hand and against an independent solver of the same programme."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from planning import make_case
from scipy.optimize import linprog

from workforce.errors import InputError, RunError
from workforce.forecast.attrition import fit_attrition
from workforce.forecast.demand import forecast_demand
from workforce.forecast.dynamics import describe_dynamics
from workforce.forecast.mobility import fit_mobility
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case, read_case
from workforce.optimise.actions import loaded_cost
from workforce.optimise.explain import explain_plan
from workforce.optimise.linear import AT_MOST
from workforce.optimise.plan import Plan, optimise_plan
from workforce.optimise.solve import solve_model

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
    with pytest.raises(RunError, match="budget_2026_total by 100"):
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
    upper = [None if np.isinf(top) else top for top in np.concatenate(model.upper)]
    at_most = senses == AT_MOST
    other = linprog(
        np.concatenate(model.cost), matrix[at_most], side[at_most], matrix[~at_most], side[~at_most],
        bounds=[(0, top) for top in upper], method="highs-ds",
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
