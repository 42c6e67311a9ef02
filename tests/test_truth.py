"""The example company's stored truth, which its history was drawn from, is found again by the estimates."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workforce.forecast.attrition import Attrition, fit_attrition, pool_cells
from workforce.forecast.mobility import fit_mobility
from workforce.forecast.spells import BAND_STARTS, CAUSES
from workforce.inputs.case import Case, read_case

ROOT = Path(__file__).parents[1]
TRUTH = ROOT / "data" / "truth"


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(ROOT / "scenarios" / "base.yaml", ROOT / "data")


@pytest.fixture(scope="module")
def fitted(case: Case) -> Attrition:
    return fit_attrition(case)


def counts(fitted: Attrition) -> tuple[np.ndarray, np.ndarray]:
    """[role, band] leavers by the causes that have a stored hazard (retirement goes by age), and person-months."""
    assert fitted.exposure is not None
    kept = [index for index, cause in enumerate(CAUSES) if cause != "retire"]
    return fitted.exposure.leavers.sum(axis=2)[:, :, kept].sum(axis=2), fitted.exposure.exposure.sum(axis=2)


def true_hazards(case: Case) -> np.ndarray:
    table = pd.read_csv(TRUTH / "hazards.csv").groupby(["role", "tenure_from"])["monthly_probability"].sum()
    return np.array([[table[role, band] for band in BAND_STARTS] for role in case.tables.roles["role"]])


def test_leavers_by_tenure_are_those_the_truth_lets_expect(case: Case, fitted: Attrition) -> None:
    events, at_risk = counts(fitted)
    expected = (at_risk * true_hazards(case)).sum(axis=0)
    assert (np.abs(events.sum(axis=0) - expected) < 3 * np.sqrt(expected)).all()


def test_pooling_comes_closer_to_the_truth_than_raw_or_company_rates(case: Case, fitted: Attrition) -> None:
    events, at_risk = counts(fitted)
    truth, seen = true_hazards(case), at_risk > 0
    pooled = pool_cells(events, at_risk, case.tables.roles)[0]
    raw = events / np.maximum(at_risk, 1.0)
    error = [((rate - truth)[seen] ** 2).mean() for rate in (pooled, raw, events.sum() / at_risk.sum())]
    assert error[0] < 0.5 * error[1] and error[0] < 0.5 * error[2]


def test_the_season_is_found(fitted: Attrition) -> None:
    true = pd.read_csv(TRUTH / "calendar.csv").set_index("month")["factor"]
    assert np.corrcoef(fitted.season, true)[0, 1] > 0.8
    assert set(np.argsort(fitted.season)[-3:] + 1) <= {2, 3, 4, 5}


def test_promotions_with_many_events_are_found(case: Case, fitted: Attrition) -> None:
    table = fit_mobility(case, fitted).table
    table = table.assign(expected=table["yearly_rate"] * table["exposure_years"])
    found = table.groupby(["from_role", "to_role"])[["moves", "exposure_years", "expected"]].sum().reset_index()
    found = found.merge(pd.read_csv(TRUTH / "moves.csv"), on=["from_role", "to_role"])
    busy = found[(found["kind"] == "push") & (found["moves"] >= 10)]
    assert len(busy) >= 6
    error = np.abs(busy["expected"] / busy["exposure_years"] / busy["yearly_rate"] - 1.0)
    assert (error < 3.0 / np.sqrt(busy["moves"])).all()


def test_shares_of_vacancies_are_found(case: Case, fitted: Attrition) -> None:
    table = fit_mobility(case, fitted).table.merge(pd.read_csv(TRUTH / "moves.csv"), on=["from_role", "to_role"])
    pull = table[(table["kind"] == "pull") & table["vacancy_share"].notna()]
    history = case.tables.history
    filled = history.loc[history["event"] != "leave", "to_role"].value_counts().reindex(pull["to_role"]).to_numpy()
    chance = pull["share_of_vacancies"].to_numpy()
    error = np.abs(pull["vacancy_share"].to_numpy() - chance) / np.sqrt(chance * (1 - chance) / filled)
    assert len(pull) >= 8 and (error < 3.0).all()
