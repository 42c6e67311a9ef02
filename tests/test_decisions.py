"""Each decision of the mix alone, against cases solved by hand."""

from pathlib import Path

import highspy
import numpy as np
import pytest
from planning import make_case
from test_optimise import RATES, YEARLY, needs, plan_for

from workforce.forecast.attrition import fit_attrition
from workforce.forecast.demand import forecast_demand
from workforce.forecast.dynamics import describe_dynamics
from workforce.forecast.mobility import fit_mobility
from workforce.forecast.stocks import project_stocks
from workforce.optimise.decisions import hand_over
from workforce.optimise.plan import optimise_plan
from workforce.simulate.careers import simulate_careers

ONE_YEAR = 'time: {period: year, start: "2026", horizon: 1}\n'
PAID = "role,unit,family,salary,on_cost,shortage_price"
ROLE_A = f"{PAID}\na,u,f,100,0,1000"


def one_role(**columns: object) -> str:
    return f"{PAID},{','.join(columns)}\na,u,f,100,0,1000,{','.join(map(str, columns.values()))}"


def heads(plan, action: str) -> list[float]:
    return plan.actions.loc[plan.actions["action"] == action, "heads"].tolist()


def test_contractors_fill_up_to_their_share_of_the_stock(tmp_path: Path) -> None:
    # 10 there, 14 needed: 20% of 10 at 150 each are contractors, the other two are short at 1000.
    tables = {"roles": one_role(contract_max=0.2, contract_cost=150), "stock": "role,headcount\na,10", "rates": RATES}
    plan = plan_for(make_case(tmp_path, tables | {"required": needs("a", 14)}, ONE_YEAR))
    assert heads(plan, "contract") == pytest.approx([2]) and plan.cost == pytest.approx(1000 + 300 + 2000)
    assert plan.stocks["effective_fte"].tolist() == pytest.approx([12])


def test_overtime_costs_pay_and_premium_or_what_is_stated(tmp_path: Path) -> None:
    for columns, price in (({"overtime_premium": 0.5}, 150), ({"overtime_premium": 0.5, "overtime_cost": 130}, 130)):
        tables = {"roles": one_role(overtime_max=0.1, **columns), "stock": "role,headcount\na,10", "rates": RATES}
        case = make_case(tmp_path / str(price), tables | {"required": needs("a", 11)}, ONE_YEAR)
        assert plan_for(case).cost == pytest.approx(1000 + price)


def test_short_time_saves_the_pay_that_stops(tmp_path: Path) -> None:
    # 10 there, 9 needed: two people on half time; 60% of the pay for the time not worked goes on, so 0.4 x 100 is saved.
    roles = one_role(short_time_max=0.3, short_time_cost=0.6, short_time_cut=0.5, surplus_cost=1)
    tables = {"roles": roles, "stock": "role,headcount\na,10", "rates": RATES, "required": needs("a", 9)}
    plan = plan_for(make_case(tmp_path, tables, ONE_YEAR))
    assert heads(plan, "short_time") == pytest.approx([2]) and plan.cost == pytest.approx(1000 - 40)
    tables["roles"] = one_role(short_time_heads=1, short_time_cost=0.6, short_time_cut=0.5, surplus_cost=1)
    capped = plan_for(make_case(tmp_path / "capped", tables, ONE_YEAR))
    assert heads(capped, "short_time") == pytest.approx([1]) and capped.cost == pytest.approx(1000 - 20 + 0.5)


def test_an_offer_to_stay_is_made_where_it_pays_and_keeps_whom_it_says(tmp_path: Path) -> None:
    # 40% leave; the offer takes half of that off for the half of the staff it reaches: 100 x 0.5 x 0.2 = 10 stay.
    tables = {
        "roles": ROLE_A,
        "stock": "role,headcount\na,100",
        "rates": RATES.replace("all,0", "all,0.4"),
        "required": needs("a", 100),
        "retention": "offer,cost,effect,reach\nstay,30,0.5,0.5",
    }
    case = make_case(tmp_path, tables, ONE_YEAR)
    plan = plan_for(case)
    monthly = 1 - 0.6 ** (1 / 12)
    kept = 50 * (0.4 - (1 - (1 - monthly / 2) ** 12))
    assert heads(plan, "keep") == pytest.approx([50])
    assert plan.actions["arriving"].tolist() == pytest.approx([kept])
    assert plan.stocks["closing"].tolist() == pytest.approx([60 + kept])
    assert plan.costs.set_index("category")["amount"]["retention"] == pytest.approx(1500)
    fixed = make_case(tmp_path / "fixed", tables, ONE_YEAR + "supply: {retention_offers: [stay]}\n")
    assert len(plan_for(fixed).actions) == 0  # an offer that the scenario makes is no decision


def test_the_simulation_keeps_as_many_as_the_plan_says(tmp_path: Path) -> None:
    tables = {
        "roles": ROLE_A,
        "stock": "role,headcount\na,100",
        "rates": RATES.replace("all,0", "all,0.4"),
        "required": needs("a", 100, 100, 100),
        "retention": "offer,cost,effect,reach\nstay,30,0.5,0.5",
        "channels": "channel,cost,lead_months,capacity,per\nboard,10,0,20,year",
    }
    case = make_case(tmp_path, tables, YEARLY)
    attrition = fit_attrition(case)
    dynamics = describe_dynamics(case, attrition, fit_mobility(case, attrition))
    plan = optimise_plan(case, dynamics, project_stocks(dynamics), forecast_demand(case))
    decisions = hand_over(plan, dynamics, case.tables.channels)
    careers = simulate_careers(
        case, decisions.change(dynamics), decisions.joining, decisions.transfers, paths=1500, seed=4
    )
    error = careers.closing[:, :, 0].std(axis=0, ddof=1) / np.sqrt(1500)
    assert (np.abs(careers.closing[:, :, 0].mean(axis=0) - plan.stocks["closing"].to_numpy()) < 4 * error).all()


def test_a_warm_pool_is_used_once(tmp_path: Path) -> None:
    tables = {
        "roles": ROLE_A,
        "stock": "role,headcount\na,10",
        "rates": RATES,
        "required": needs("a", 12, 14, 16),
        "channels": "channel,cost,lead_months,pool\nknown,1,0,3\nboard,20,0,",
    }
    plan = plan_for(make_case(tmp_path, tables, YEARLY))
    by_channel = plan.actions.groupby("via")["heads"].sum()
    assert by_channel["known"] == pytest.approx(3) and by_channel["board"] == pytest.approx(3)


CONTRACTS = "channel,role,cost,lead_months,contract_months\n" + "\n".join(
    f"months_{length},a,{cost},0,{length}" for length, cost in enumerate((650, 1000, 1350, 1600, 1900), start=1)
)


def test_contracts_of_different_length_end_when_they_say(tmp_path: Path) -> None:
    # By hand: 30 for five months, 10 more for the third month, 20 more for the fifth: 57,000 + 6,500 + 13,000.
    need = "role,period,fte\n" + "\n".join(f"a,2026-0{m},{f}" for m, f in enumerate((30, 20, 40, 10, 50), start=1))
    tables = {"roles": f"{PAID}\na,u,f,0,0,1000000", "stock": "role,headcount\na,0", "rates": RATES}
    case = make_case(
        tmp_path,
        tables | {"required": need, "channels": CONTRACTS},
        'time: {period: month, start: "2026-01", horizon: 5}\n',
    )
    plan = plan_for(case)
    assert plan.cost == pytest.approx(76_500)
    assert plan.stocks["closing"].tolist() == pytest.approx([30, 30, 40, 30, 50])
    assert plan.stocks["leavers"].tolist() == pytest.approx([0, 0, 0, 10, 0])


def test_the_simulation_ends_contracts_too(tmp_path: Path) -> None:
    need = "role,period,fte\n" + "\n".join(f"a,2026-0{m},{f}" for m, f in enumerate((30, 20, 40, 10, 50), start=1))
    tables = {"roles": f"{PAID}\na,u,f,0,0,1000000", "stock": "role,headcount\na,0", "rates": RATES}
    case = make_case(
        tmp_path,
        tables | {"required": need, "channels": CONTRACTS},
        'time: {period: month, start: "2026-01", horizon: 5}\n',
    )
    attrition = fit_attrition(case)
    dynamics = describe_dynamics(case, attrition, fit_mobility(case, attrition))
    decisions = hand_over(plan_for(case), dynamics, case.tables.channels)
    careers = simulate_careers(case, dynamics, decisions.joining, decisions.transfers, paths=3, seed=1)
    assert careers.closing[:, :, 0].tolist() == [[30, 30, 40, 30, 50]] * 3


def test_people_under_way_arrive_and_are_not_paid_for_again(tmp_path: Path) -> None:
    tables = {
        "roles": f"{ROLE_A}\nb,u,f,100,0,1000",
        "stock": "role,headcount\na,10\nb,0",
        "rates": RATES + "\nb,0,all,0",
        "required": needs("a", 8, 8, 8) + "\n" + needs("b", 0, 4, 4).split("\n", 1)[1],
        "channels": "channel,role,cost,lead_months,arrive\nboard,b,20,12,0.5",
        "programmes": "programme,from_role,to_role,months,cost\nschool,a,b,24,50",
        "under_way": "via,role,period,heads\nboard,b,2026,4\nschool,b,2027,2",
    }
    plan = plan_for(make_case(tmp_path, tables, YEARLY))
    stocks = plan.stocks.pivot(index="period", columns="role", values="closing")
    assert stocks["b"].tolist() == pytest.approx([2, 4, 4]) and stocks["a"].tolist() == pytest.approx([10, 8, 8])
    assert len(plan.actions) == 0 and plan.cost == pytest.approx(100 * 36)


def test_those_who_fail_may_leave(tmp_path: Path) -> None:
    tables = {
        "roles": f"{ROLE_A}\nb,u,f,100,0,5000",
        "stock": "role,headcount\na,10\nb,0",
        "rates": RATES + "\nb,0,all,0",
        "required": needs("a", 0) + "\n" + needs("b", 7).split("\n", 1)[1],
        "programmes": "programme,from_role,to_role,months,cost,pass_rate,fail_leave\nschool,a,b,6,1,0.7,1",
    }
    plan = plan_for(make_case(tmp_path, tables, ONE_YEAR))
    assert plan.stocks.set_index("role")["closing"].to_dict() == pytest.approx({"a": 0, "b": 7})
    assert plan.stocks.set_index("role")["leavers"].to_dict() == pytest.approx({"a": 3, "b": 0})


@pytest.mark.parametrize(
    ("column", "started"),
    [("", 12), ("max_share_of_target,0.5", 10), ("eligible,0.4", 8), ("seats,7", 7)],
)
def test_shares_and_seats_limit_a_programme(tmp_path: Path, column: str, started: float) -> None:
    # 10 in b, 22 needed. Arrivals of at most half of those there at the close: x = 0.5 (10 + x), so 10.
    name, _, value = column.partition(",")
    more = (f",{name},per", f",{value},year") if name else ("", "")
    tables = {
        "roles": f"{ROLE_A}\nb,u,f,100,0,5000",
        "stock": "role,headcount\na,20\nb,10",
        "rates": RATES + "\nb,0,all,0",
        "required": needs("a", 0) + "\n" + needs("b", 22).split("\n", 1)[1],
        "programmes": f"programme,from_role,to_role,months,cost{more[0]}\nschool,a,b,6,1{more[1]}",
    }
    assert heads(plan_for(make_case(tmp_path, tables, ONE_YEAR)), "develop") == pytest.approx([started])


def test_mentors_come_from_the_role_that_is_named_and_are_limited(tmp_path: Path) -> None:
    tables = {
        "roles": f"{PAID},mentor_max\na,u,f,1,0,1000,\nb,u,f,1,0,9000,\nm,u,f,1,0,1000,0.2",
        "stock": "role,headcount\na,20\nb,0\nm,5",
        "rates": RATES + "\nb,0,all,0\nm,0,all,0",
        "required": needs("a", 0, 0) + "\n" + needs("b", 0, 20).split("\n", 1)[1],
        "programmes": "programme,from_role,to_role,months,cost,mentor,mentor_role\nschool,a,b,12,1,0.1,m",
    }
    plan = plan_for(make_case(tmp_path, tables, YEARLY.replace("horizon: 3", "horizon: 2")))
    assert heads(plan, "develop") == pytest.approx([10])
    assert plan.stocks.query("role == 'm'")["effective_fte"].tolist() == pytest.approx([4, 5])


def test_releases_keep_to_a_share_and_the_end_to_its_limits(tmp_path: Path) -> None:
    # A third of those at the opening may go each year: 27, 18, 12, but 15 must be left at the end.
    columns = {"severance": 1, "release_max": 1000, "release_share": 1 / 3, "surplus_cost": 50, "end_min": 15}
    tables = {"roles": one_role(**columns), "stock": "role,headcount\na,27", "rates": RATES}
    plan = plan_for(make_case(tmp_path, tables | {"required": needs("a", 1, 1, 1)}, YEARLY))
    assert plan.stocks["closing"].tolist() == pytest.approx([18, 15, 15])


def test_enough_leaders_for_the_people_who_are_there(tmp_path: Path) -> None:
    tables = {
        "roles": f"{PAID},span\na,u,f,100,0,1000,\nlead,u,l,200,0,1000,5",
        "stock": "role,headcount\na,20\nlead,1",
        "rates": RATES + "\nlead,0,all,0",
        "demand": "role,method,fte,span,reports\na,fixed,10,,\nlead,span,,,a",
        "channels": "channel,role,cost,lead_months\nboard,lead,1,0",
    }
    for knob, leads in ((False, 2), (True, 4)):
        case = make_case(tmp_path / str(knob), tables, ONE_YEAR + f"plan: {{span: {str(knob).lower()}}}\n")
        assert plan_for(case).stocks.set_index("role")["closing"]["lead"] == pytest.approx(leads)


def test_a_share_of_arrivals_comes_from_inside(tmp_path: Path) -> None:
    tables = {
        "roles": f"{ROLE_A}\nb,u,f,100,0,5000",
        "stock": "role,headcount\na,20\nb,0",
        "rates": RATES + "\nb,0,all,0",
        "required": needs("a", 0) + "\n" + needs("b", 10).split("\n", 1)[1],
        "moves": "from_role,to_role,cost\na,b,500",
        "channels": "channel,role,cost,lead_months\nboard,b,1,0",
    }
    case = make_case(tmp_path, tables, ONE_YEAR + "plan: {internal_fill_min: 0.3}\n")
    assert heads(plan_for(case), "move") == pytest.approx([3])


def test_the_surplus_of_the_whole_company_is_capped(tmp_path: Path) -> None:
    columns = "role,unit,family,salary,on_cost,shortage_price,severance,release_max\n"
    tables = {
        "roles": columns + "a,u,f,0,0,1,5,100\nb,u,f,0,0,1,7,100\nfree,u,f,0,0,1,,",
        "stock": "role,headcount\na,10\nb,10\nfree,50",
        "rates": RATES + "\nb,0,all,0\nfree,0,all,0",
        "required": needs("a", 5) + "\n" + needs("b", 5).split("\n", 1)[1],
    }
    plan = plan_for(make_case(tmp_path, tables, ONE_YEAR + "plan: {surplus_max: 6}\n"))
    assert heads(plan, "release") == pytest.approx([4]) and plan.cost == pytest.approx(20)


def test_what_ends_after_the_horizon_is_begun_only_for_its_worth(tmp_path: Path) -> None:
    tables = {
        "roles": f"{ROLE_A}\nb,u,f,100,0,5000",
        "stock": "role,headcount\na,20\nb,0",
        "rates": RATES + "\nb,0,all,0",
        "required": needs("a", 20),
        "programmes": "programme,from_role,to_role,months,cost,eligible\nschool,a,b,24,30,0.1",
        "channels": "channel,role,cost,lead_months\nboard,a,1,0",
    }
    for years, started in ((0, []), (0.5, []), (1, [2])):  # half of the way is half the worth: 25 or 50 against 30
        case = make_case(tmp_path / str(years), tables, ONE_YEAR + f"plan: {{end_value: {float(years)}}}\n")
        assert heads(plan_for(case), "develop") == pytest.approx(started)


def test_the_gate_leaves_out_what_brings_too_little(tmp_path: Path) -> None:
    # A head hired for the one year works for 1000 at the price of being short, and costs 100 of pay and 100 or 900 more.
    tables = {
        "roles": ROLE_A,
        "stock": "role,headcount\na,10",
        "rates": RATES,
        "required": needs("a", 14),
        "channels": "channel,cost,lead_months,capacity,per\ncheap,100,0,1,year\ndear,700,0,,year",
    }
    plan = plan_for(make_case(tmp_path, tables, ONE_YEAR + "plan: {return_ratio: 2.0}\n"))
    assert plan.gated.to_numpy().tolist() == [["hire", "dear", pytest.approx(1000 / 800)]]
    assert plan.actions["via"].tolist() == ["cheap"] and heads(plan, "hire") == pytest.approx([1])


def test_what_the_tables_do_not_mention_leaves_no_variables(tmp_path: Path) -> None:
    tables = {"roles": ROLE_A, "stock": "role,headcount\na,10", "rates": RATES, "required": needs("a", 10)}
    model = plan_for(make_case(tmp_path, tables, ONE_YEAR)).programme.model
    assert {name.split("_")[0] for name in model.names} == {"stock", "there", "shortage", "surplus"}


def test_the_lp_file_is_the_programme(tmp_path: Path) -> None:
    tables = {
        "roles": one_role(contract_max=0.2, contract_cost=150),
        "stock": "role,headcount\na,10",
        "rates": RATES,
        "required": needs("a", 14, 15, 16),
        "channels": "channel,cost,lead_months\njob board,20,0",
    }
    plan = plan_for(make_case(tmp_path, tables, YEARLY))
    plan.write_lp(tmp_path / "plan.lp")
    assert "coverage_2027_a" in (tmp_path / "plan.lp").read_text()
    reader = highspy.Highs()
    reader.setOptionValue("output_flag", False)
    reader.readModel(str(tmp_path / "plan.lp"))
    reader.run()
    assert reader.getInfo().objective_function_value == pytest.approx(plan.cost, rel=1e-9)
