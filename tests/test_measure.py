"""Indicators by hand, and nothing shown that must not be."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from planning import make_case

from workforce.inputs.case import read_case
from workforce.measure.privacy import withhold_small
from workforce.pipeline import run
from workforce.report.runs import write_run


def test_small_groups_and_the_one_that_would_give_them_away_are_withheld() -> None:
    frame = pd.DataFrame({"unit": ["a", "a", "a", "b", "b"], "rate": [0.1, 0.2, 0.3, 0.4, 0.5]})
    shown = withhold_small(frame, pd.Series([3, 9, 7, 8, 8]), ["rate"], 5, within=["unit"])
    assert shown["rate"].isna().tolist() == [True, False, True, False, False]
    assert not frame["rate"].isna().any()


def test_indicators_follow_their_definitions(tiny_case: Path) -> None:
    results = run(read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data"))
    stocks = results.tables["stocks"].query("reading == 'plan'")
    kpis = results.tables["kpis"].query("scope == 'company'").set_index("kpi")["value"]
    closes = stocks.groupby("period")["closing"].sum()
    assert kpis["average_headcount"] == pytest.approx(closes.mean())
    assert kpis["turnover"] == pytest.approx(stocks["leavers"].sum() / closes.mean())
    joined, moved = stocks["joiners"].sum(), stocks["moves_in"].sum()
    assert kpis["internal_fill"] == pytest.approx(moved / (moved + joined))
    assert kpis["labour_cost"] == pytest.approx(results.tables["costs"]["amount"].sum())


def test_the_bench_counts_a_person_once_where_it_says_so(tiny_case: Path) -> None:
    """Two posts lean on clerk-01, one of them later; clerk-02 is named for the second as well."""
    results = run(read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data"))
    kpis = results.tables["kpis"].query("scope == 'company'").set_index("kpi")["value"]
    assert kpis["bench_strength"] == kpis["succession_cover"] == 0.5
    assert kpis["successor_coverage"] == 1.5 and kpis["successor_coverage_net"] == 1.0
    assert kpis["readiness_share"] == pytest.approx(1 / 3)
    posts = results.tables["succession"]
    assert kpis["days_empty"] == pytest.approx(posts["days_empty"].mean())  # the plan is one year long


def test_small_pools_are_withheld(tiny_case: Path) -> None:
    results = run(read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data"))
    pools = results.tables["talent_pool"].set_index(["pool", "grade"])
    assert pools.loc[("leaders", "M1")].drop(columns="year").isna().all(axis=None)
    assert pools.loc[("office", "P1"), "opening"].iloc[0] == 12


def test_a_second_run_gives_the_same_bytes(tiny_case: Path) -> None:
    case = read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data")
    first, second = run(case), run(case)
    assert json.dumps(first.summary) == json.dumps(second.summary)
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(table, second.tables[name], check_exact=True)


def test_no_table_of_a_run_holds_a_person(tiny_case: Path) -> None:
    case = read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data")
    results = run(case)
    people = set(case.tables.people["person"]) | set(case.tables.history["person"])
    for table in results.tables.values():
        for column in table.columns:
            assert not people & set(table[column].astype(str))


def test_costs_add_up_to_what_the_plan_pays(tiny_case: Path) -> None:
    results = run(read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data"))
    costs, actions = results.tables["costs"], results.tables["actions"]
    by_category = costs.groupby("category")["amount"].sum()
    for category, kinds in (
        ("recruiting", ["hire"]),
        ("development", ["develop", "move"]),
        ("separation", ["release"]),
    ):
        assert by_category.get(category, 0.0) == pytest.approx(
            actions.loc[actions["action"].isin(kinds), "cost"].sum(), abs=1e-3
        )
    budget = results.tables["budget"].query("category == 'total' and year == '2026'")
    assert budget["spent"].iloc[0] == pytest.approx(costs["amount"].sum())
    assert np.isfinite(budget["left"].iloc[0])


BARE = {
    "roles": "role,unit,family,salary,on_cost\na,u,f,100,0",
    "stock": "role,headcount\na,10",
    "required": "role,period,fte\na,2026,10\na,2027,10",
}
RATES = "role,tenure_from,cause,yearly_rate\na,0,all,0.1"
YEARS = 'time: {period: year, start: "2026", horizon: 2}\n'


@pytest.mark.parametrize("more", [{"rates": RATES}, {}], ids=["nothing binds", "no rates, no history"])
def test_a_bare_company_goes_through_to_its_report(tmp_path: Path, more: dict[str, str]) -> None:
    results = run(make_case(tmp_path, BARE | more, YEARS))
    written = write_run(results, tmp_path / "runs" / "test", languages=("en",))
    assert written.status == "done" and (written.folder / "report.html").exists()


def test_a_company_that_needs_nobody_has_no_probability(tmp_path: Path) -> None:
    results = run(make_case(tmp_path, BARE | {"rates": RATES}, YEARS + "demand: {multiplier: 0}\n"))
    assert results.summary["probability_met"] is None
