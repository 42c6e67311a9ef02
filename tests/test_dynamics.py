"""The one dynamics: rates become probabilities, and the expectation is the Markov chain of the textbooks."""

from pathlib import Path

import numpy as np
import pytest
from planning import make_case

from workforce.errors import InputError
from workforce.forecast.attrition import fit_attrition
from workforce.forecast.dynamics import Dynamics, describe_dynamics
from workforce.forecast.mobility import fit_mobility
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case

ROLES = """role,unit,family,salary,on_cost
junior,shop,staff,100,0
middle,shop,staff,150,0
senior,shop,staff,200,0"""
STOCK = "role,headcount\njunior,400\nmiddle,200\nsenior,100"
RATES = """role,tenure_from,cause,yearly_rate
junior,0,all,0.25
middle,0,all,0.10
senior,0,resign,0.04
senior,0,retire,0.11"""
TRANSITIONS = "from_role,to_role,yearly_rate\njunior,middle,0.20\nmiddle,senior,0.15"
REQUIRED = "role,period,fte\njunior,2026,400\njunior,2027,400\njunior,2028,400"
YEARLY = 'time: {period: year, start: "2026", horizon: 3}\n'
MONTHLY = 'time: {period: month, start: "2026-01", horizon: 36}\n'


def chain(folder: Path, knobs: str, **more: str) -> Case:
    tables = {"roles": ROLES, "rates": RATES, "transitions": TRANSITIONS, "required": REQUIRED}
    if "people" not in more and "stock" not in more:
        tables["stock"] = STOCK
    return make_case(folder, tables | more, knobs)


def describe(case: Case) -> Dynamics:
    attrition = fit_attrition(case)
    return describe_dynamics(case, attrition, fit_mobility(case, attrition))


def test_yearly_stocks_follow_the_markov_chain(tmp_path: Path) -> None:
    # n(t) = n(t-1) P, the rows of P written down by hand (Bartholomew, Forbes & McClean 1991, ch. 3).
    matrix = np.array([[0.55, 0.20, 0.0], [0.0, 0.75, 0.15], [0.0, 0.0, 0.85]])
    frame = project_stocks(describe(chain(tmp_path, YEARLY))).frame
    stock = np.array([400.0, 200.0, 100.0])
    for _, now in frame.groupby("period"):
        stock = stock @ matrix
        np.testing.assert_allclose(now["closing"].to_numpy(), stock, rtol=1e-12)


def test_monthly_leaving_compounds_to_the_yearly_probability(tmp_path: Path) -> None:
    case = chain(tmp_path, MONTHLY, transitions="from_role,to_role,yearly_rate\njunior,middle,0")
    frame = project_stocks(describe(case)).frame
    close = frame[frame["period"].astype(str) == "2026-12"].set_index("role")["closing"]
    np.testing.assert_allclose(close.to_numpy(), [400 * 0.75, 200 * 0.90, 100 * 0.85], rtol=1e-12)


def test_monthly_moves_add_up_to_the_yearly_probability(tmp_path: Path) -> None:
    # Moves out of junior over the first year, from people who were there at its opening: 20% of 400.
    case = chain(tmp_path, MONTHLY, transitions="from_role,to_role,yearly_rate\njunior,middle,0.2")
    frame = project_stocks(describe(case)).frame
    year = frame[frame["period"].dt.year == 2026]
    assert year.loc[year["role"] == "junior", "moves_out"].sum() == pytest.approx(80.0, rel=1e-9)


def test_stated_causes_share_the_leavers(tmp_path: Path) -> None:
    senior = fit_attrition(chain(tmp_path, YEARLY)).hazard[2, :, 60]
    assert senior[2] / senior[0] == pytest.approx(0.11 / 0.04)
    assert (1.0 - senior.sum()) ** 12 == pytest.approx(0.85)


def test_a_new_joiner_is_first_at_risk_in_the_next_period_with_the_new_joiners_hazard(tmp_path: Path) -> None:
    people = "person,role,hire_date\na,junior,2025-12-20\nb,junior,2025-06-01"
    rates = "role,tenure_from,cause,yearly_rate\njunior,0,all,0.5\njunior,3,all,0.1"
    case = chain(tmp_path, MONTHLY, rates=rates, people=people)
    dynamics = describe(case)
    assert dynamics.opening[0, 0] == 1.0 and dynamics.opening[0, 6] == 1.0
    new, old = 1 - 0.5 ** (1 / 12), 1 - 0.9 ** (1 / 12)
    leavers = project_stocks(dynamics).frame.query("role == 'junior'")["leavers"].to_numpy()
    assert leavers[0] == pytest.approx(new + old, rel=1e-12)


def test_leaving_and_moving_above_one_is_refused(tmp_path: Path) -> None:
    transitions = "from_role,to_role,yearly_rate\njunior,middle,0.9"
    with pytest.raises(InputError) as error:
        describe(chain(tmp_path, YEARLY, transitions=transitions))
    assert error.value.faults[0].value == "junior"


def test_a_hazard_above_one_after_its_multiplier_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="multiplier"):
        describe(chain(tmp_path, YEARLY + "attrition: {multiplier: 60}\n"))


def test_retention_offers_lower_the_hazard_by_effect_times_reach(tmp_path: Path) -> None:
    retention = "offer,role,family,cost,effect,reach\nbonus,junior,,1000,0.5,0.4"
    knobs = MONTHLY + "supply: {retention_offers: [bonus]}\n"
    with_offer = describe(chain(tmp_path, knobs, retention=retention)).leave[0, 0, 50]
    assert with_offer == pytest.approx((1 - 0.75 ** (1 / 12)) * 0.8, rel=1e-12)
