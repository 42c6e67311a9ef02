"""Talent pools balance, follow the chain written down by hand, and are held at what they are."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from planning import make_case
from test_dynamics import MONTHLY, RATES, REQUIRED, ROLES, STOCK, TRANSITIONS, YEARLY

from workforce.forecast.attrition import fit_attrition
from workforce.forecast.mobility import fit_mobility
from workforce.forecast.pools import forecast_pools

GRADED = (
    ROLES.replace("on_cost\n", "on_cost,grade,ladder\n")
    .replace("junior,shop,staff,100,0", "junior,shop,staff,100,0,P1,P")
    .replace("middle,shop,staff,150,0", "middle,shop,staff,150,0,P2,P")
    .replace("senior,shop,staff,200,0", "senior,shop,staff,200,0,P3,P")
)


def pools(folder: Path, knobs: str, roles: str = GRADED, rates: str = RATES) -> pd.DataFrame:
    tables = {"roles": roles, "rates": rates, "transitions": TRANSITIONS, "required": REQUIRED, "stock": STOCK}
    case = make_case(folder, tables, knobs)
    attrition = fit_attrition(case)
    return forecast_pools(case, attrition, fit_mobility(case, attrition))


@pytest.mark.parametrize("knobs", [YEARLY, MONTHLY], ids=["year", "month"])
def test_pools_balance_and_years_join(tmp_path: Path, knobs: str) -> None:
    table = pools(tmp_path, knobs)
    flows = table["entrants"] + table["promotions_in"] - table["promotions_out"] - table["losses"]
    np.testing.assert_allclose(table["opening"] + flows, table["closing"], atol=1e-9)
    for _, years in table.groupby(["pool", "grade"]):
        assert years["year"].tolist() == ["2026", "2027", "2028", "2029", "2030"]
        np.testing.assert_allclose(years["closing"].to_numpy()[:-1], years["opening"].to_numpy()[1:], atol=1e-9)
    moved = table.groupby("year")[["promotions_in", "promotions_out"]].sum()
    np.testing.assert_allclose(moved["promotions_in"], moved["promotions_out"])


def test_held_pools_follow_the_chain_written_down_by_hand(tmp_path: Path) -> None:
    """n P with 180 juniors a year put back, over five years although the plan has three; the grades above grow."""
    matrix = np.array([[0.55, 0.20, 0.0], [0.0, 0.75, 0.15], [0.0, 0.0, 0.85]])
    table = pools(tmp_path, YEARLY)
    closing = table.pivot_table("closing", "year", "grade").to_numpy()
    stock = np.array([400.0, 200.0, 100.0])
    for found in closing:
        stock = stock @ matrix + np.array([180.0, 0.0, 0.0])
        np.testing.assert_allclose(found, stock)
    entrants = table.pivot_table("entrants", "year", "grade").to_numpy()
    np.testing.assert_allclose(entrants, np.tile([180.0, 0.0, 0.0], (5, 1)), atol=1e-9)
    first = table[table["year"] == "2026"].set_index("grade")
    assert first["promotions_out"].tolist() == pytest.approx([80.0, 30.0, 0.0])
    assert first["losses"].tolist() == pytest.approx([100.0, 20.0, 15.0])


def test_without_a_ladder_the_family_is_the_pool_and_moves_within_a_grade_are_no_promotion(tmp_path: Path) -> None:
    table = pools(tmp_path, YEARLY, ROLES)
    assert set(table["pool"]) == {"staff"} and set(table["grade"]) == {""}
    assert (table["promotions_in"] == 0).all() and (table["promotions_out"] == 0).all()
    first = table[table["year"] == "2026"]
    assert first["losses"].item() == pytest.approx(135.0) and first["entrants"].item() == pytest.approx(180.0)


def test_vacancies_filled_from_below_need_entrants_only_below(tmp_path: Path) -> None:
    """One year: 20 seniors and middles leave each and are all replaced from below, so only juniors must enter."""
    roles = (
        GRADED.replace("ladder\n", "ladder,replaces_by\n").replace(",P3,P", ",P3,P,pull").replace(",P2,P", ",P2,P,pull")
    )
    rates = "role,tenure_from,cause,yearly_rate\njunior,0,all,0.25\nmiddle,0,all,0.10\nsenior,0,all,0.20"
    table = pools(tmp_path, YEARLY, roles, rates).query("year == '2026'").set_index("grade")
    assert table["losses"].tolist() == pytest.approx([100.0, 20.0, 20.0])
    assert table["entrants"].tolist() == pytest.approx([140.0, 0.0, 0.0])
    assert table["promotions_in"].tolist() == pytest.approx([0.0, 40.0, 20.0])
    assert table["closing"].tolist() == pytest.approx([400.0, 200.0, 100.0])
