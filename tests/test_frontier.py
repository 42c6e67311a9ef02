"""The frontier against plans solved one by one."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from planning import make_case
from test_optimise import RATES, ROLES, needs, plan_for
from test_plan_properties import draw_case
from typer.testing import CliRunner

from workforce.cli import app
from workforce.errors import InputError
from workforce.forecast.attrition import fit_attrition
from workforce.forecast.demand import forecast_demand
from workforce.forecast.dynamics import describe_dynamics
from workforce.forecast.mobility import fit_mobility
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case, read_case
from workforce.optimise.frontier import read_budgets, trace_frontier
from workforce.report.frontier_page import write_findings, write_frontier


def trace(case: Case, typed: str):
    dynamics = describe_dynamics(case, fit := fit_attrition(case), fit_mobility(case, fit))
    return trace_frontier(case, dynamics, project_stocks(dynamics), forecast_demand(case), read_budgets(typed))


def with_plan(case: Case, **knobs: object) -> Case:
    plan = case.assumptions.plan.model_copy(update=knobs)
    assumptions = case.assumptions.model_copy(update={"plan": plan})
    return replace(case, scenario=replace(case.scenario, assumptions=assumptions))


def one_year(folder: Path, budget: str = "2026,recruiting,30") -> Case:
    # 10 present, 15 needed for a year: each hire costs 10 and 100 of pay, and saves 1000 of shortage.
    return make_case(
        folder,
        {
            "roles": f"{ROLES}\na,u,f,100,0,1000,,,,",
            "stock": "role,headcount\na,10",
            "rates": RATES,
            "required": needs("a", 15),
            "channels": "channel,cost,lead_months\nboard,10,0",
            "budget": f"period,category,amount\n{budget}",
        },
        'time: {period: year, start: "2026", horizon: 1}\n',
    )


def test_every_budget_buys_what_a_plan_of_its_own_costs(tiny_case: Path) -> None:
    case = read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data")
    found = trace(case, "80%,90%,95%,100%,110%").query("mix == 'chosen'")
    for row in found.itertuples():
        share = float(row.budget.rstrip("%")) / 100
        try:
            cold = plan_for(with_plan(case, budget_multiplier=share))
        except Exception as error:
            assert row.status == "infeasible", error
            continue
        assert row.cost == pytest.approx(cold.cost, rel=1e-9)
        assert row.spent == pytest.approx(cold.costs["amount"].sum(), rel=1e-6)


def test_each_mix_by_hand(tmp_path: Path) -> None:
    found = trace(one_year(tmp_path), "50%,100%,200%").set_index(["budget", "mix"])
    # 15, 30, 60 of recruiting buy 1.5, 3 and (as many as are needed) 5 hires.
    assert found["hires"].xs("chosen", level="mix").tolist() == pytest.approx([1.5, 3.0, 5.0])
    assert found["cost"].xs("chosen", level="mix").tolist() == pytest.approx([1165 + 3500, 1330 + 2000, 1550])
    assert found["price"].xs("chosen", level="mix").tolist() == pytest.approx([89.0, 89.0, 0.0])
    assert found["cost"].xs("nothing", level="mix").tolist() == pytest.approx([6000.0] * 3)
    assert found["cost"].xs("develop_only", level="mix").tolist() == pytest.approx([6000.0] * 3)


def test_money_over_the_horizon_takes_the_place_of_the_totals(tmp_path: Path) -> None:
    case = one_year(tmp_path, "2026,total,1000000")
    found = trace(case, "1330,1000,999,100%").set_index(["budget", "mix"])
    assert found.loc[("1330", "chosen"), ["amount", "hires", "cost"]].tolist() == pytest.approx([1330, 3, 3330])
    assert found.loc[("1000", "chosen"), "hires"] == pytest.approx(0)
    assert found.loc[("999", "chosen"), "status"] == "infeasible" and np.isnan(found.loc[("999", "chosen"), "cost"])
    assert found.loc[("100%", "chosen"), "hires"] == pytest.approx(5)


@pytest.mark.parametrize("typed", ["90%,abc", "", "-5", "10%%"])
def test_what_is_no_budget_is_a_fault(typed: str) -> None:
    with pytest.raises(InputError, match="--budgets"):
        read_budgets(typed)


def test_a_share_of_no_budget_is_a_fault(tmp_path: Path) -> None:
    case = one_year(tmp_path, "2026,recruiting,30")
    case = replace(case, tables=replace(case.tables, budget=case.tables.budget.iloc[:0]))
    with pytest.raises(InputError, match="has none"):
        trace(case, "90%")


def test_the_page_says_what_the_table_says(tmp_path: Path) -> None:
    case = one_year(tmp_path / "case")
    found = trace(case, "50%,100%,200%,300%")
    sentences = write_findings(found, "CNY")
    assert (
        "From a budget of 50% to 100%, CNY 15 more, the total cost falls by CNY 1,335: 89.00 CNY saved for each CNY."
        in sentences
    )
    assert "Above a budget of 200% more money buys nothing: other limits bind, or nothing is short." in sentences
    assert any(
        "100% the chosen mix costs CNY 3,330. Rejected: hire only, which costs the same" in one for one in sentences
    )
    folder = write_frontier(found, case, tmp_path / "out")
    for name, words in (("report.html", "do nothing"), ("report.zh.html", "什么都不做")):
        page = (folder / name).read_text(encoding="utf-8")
        assert words in page and "<script" not in page and "data:image/png" in page
    kept = pd.read_parquet(folder / "results" / "frontier.parquet")
    assert kept["cost"].tolist() == pytest.approx(found["cost"].tolist())
    assert not list(folder.glob(".*"))


def test_the_command_writes_and_prints(tmp_path: Path) -> None:
    one_year(tmp_path)
    scenario, out = str(tmp_path / "scenarios" / "test.yaml"), tmp_path / "runs"
    typed = ["frontier", scenario, "--data", str(tmp_path / "data"), "--out", str(out), "--budgets", "100%"]
    shown = CliRunner().invoke(app, [*typed, "--json", "--language", "en"])
    assert shown.exit_code == 0 and next(row["mix"] for row in json.loads(shown.stdout)) == "chosen"
    assert (out / "frontier-test" / "frontier.png").is_file()
    wrong = CliRunner().invoke(app, [*typed[:-1], "much"])
    assert wrong.exit_code == 2 and "--budgets" in wrong.output


@pytest.mark.parametrize("objective", ["least_shortage", "weighted"])
def test_the_frontier_serves_the_goal_of_the_scenario(tiny_case: Path, objective: str) -> None:
    case = with_plan(read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data"), objective=objective)
    row = trace(case, "100%").query("mix == 'chosen'").iloc[0]
    assert row["cost"] == pytest.approx(plan_for(case).cost, rel=1e-6)


def test_the_price_is_what_the_next_unit_of_the_budget_saves(tmp_path: Path) -> None:
    # Shares take the category with the total: 110% of 30 buys 0.3 of a hire more, which saves 1000 - 110, for 10% of 2030 more.
    case = one_year(tmp_path / "shares", "2026,recruiting,30\n2026,total,2000")
    found = trace(case, "100%,101%").query("mix == 'hire_only'").sort_values("amount")
    slope = -np.diff(found["cost"])[0] / np.diff(found["amount"])[0]
    assert found["price"].tolist() == pytest.approx([slope, slope])
    assert slope == pytest.approx(0.3 * (1000 - 110) / 200)
    # Money over the horizon leaves the category alone: no amount of it buys what recruiting may not pay.
    assert (trace(case, "3000,4000").query("mix == 'hire_only'")["price"] == 0.0).all()
    weighted = with_plan(case, objective="weighted", weights={"cost": 4.0, "shortage": 0.0, "releases": 0.0})
    assert trace(weighted, "100%").query("mix == 'hire_only'")["price"].tolist() == pytest.approx([slope])
    unpriced = with_plan(case, objective="weighted", weights={"cost": 0.0, "shortage": 1.0, "releases": 0.0})
    assert trace(unpriced, "100%")["price"].isna().all()


def test_more_room_is_never_dearer_in_whole_people_either(tmp_path: Path) -> None:
    # With a gap of a tenth the search may stop anywhere within it; each starts from what is known to keep its rules.
    for seed in range(8):
        case = with_plan(draw_case(tmp_path / str(seed), seed), whole_periods=3, gap=0.1)
        cost = trace(case, "50%,80%,100%,150%,300%").pivot_table(index="amount", columns="mix", values="cost")
        assert (cost.diff().iloc[1:] <= 1e-6 * cost.iloc[1:]).all().all()
        assert (cost["chosen"] <= cost.min(axis=1) * (1 + 1e-6)).all()
