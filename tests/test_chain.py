"""Long-run results against closed forms of absorbing Markov chains."""

from pathlib import Path

import numpy as np
import pytest
from test_dynamics import MONTHLY, YEARLY, chain, describe

from workforce.forecast.chain import describe_chain, find_steady_state

# Rows of Q by hand, as in test_dynamics: junior, middle, senior; the rest of each row leaves.
MATRIX = np.array([[0.55, 0.20, 0.0], [0.0, 0.75, 0.15], [0.0, 0.0, 0.85]])


def test_time_in_a_role_is_the_fundamental_matrix(tmp_path: Path) -> None:
    years = describe_chain(describe(chain(tmp_path, YEARLY))).years.to_numpy()
    np.testing.assert_allclose(years, np.linalg.inv(np.eye(3) - MATRIX), rtol=1e-9)


def test_the_chance_of_ever_reaching_a_role_is_the_product_of_its_steps(tmp_path: Path) -> None:
    reached = describe_chain(describe(chain(tmp_path, YEARLY))).reached
    assert reached.loc["junior", "middle"] == pytest.approx(0.20 / 0.45)
    assert reached.loc["junior", "senior"] == pytest.approx(0.20 / 0.45 * 0.15 / 0.25)
    assert reached.loc["senior", "junior"] == 0.0 and reached.loc["middle", "middle"] == 1.0


def test_months_give_the_years_of_a_constant_hazard(tmp_path: Path) -> None:
    case = chain(tmp_path, MONTHLY, transitions="from_role,to_role,yearly_rate\njunior,middle,0")
    years = describe_chain(describe(case)).years
    hazard = 1 - 0.75 ** (1 / 12)
    assert years.loc["junior", "junior"] == pytest.approx(1 / hazard / 12, rel=1e-9)


def test_the_steady_state_stays_where_it_is(tmp_path: Path) -> None:
    dynamics = describe(chain(tmp_path, YEARLY))
    stock = find_steady_state(dynamics, {"junior": 90.0, "senior": 5.0})["headcount"].to_numpy()
    np.testing.assert_allclose(stock @ MATRIX + [90.0, 0.0, 5.0], stock, rtol=1e-9)
