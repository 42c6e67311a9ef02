"""Survival: Kaplan-Meier, log-rank, Cox and the discrete-time logistic hazard.

Witnesses: lifelines, statsmodels (PHReg, Logit, GLM), tables solved by hand, and the two arms of Freireich et al. (1963,
Blood 21) as printed in Kalbfleisch & Prentice 2002, table 1.1 and Cox 1972, whose figures are published.
The job retention data is not in the repository: its folder is $WORKFORCE_REAL_DATA, else shared/data beside the checkout.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from planning import make_case
from test_spells import REQUIRED, ROLES, START

from workforce.errors import InputError
from workforce.forecast.attrition import fit_cells
from workforce.forecast.logistic import count_person_periods, fit_logistic
from workforce.forecast.spells import Spells, count_exposure
from workforce.forecast.survival import compare_survival, fit_survival, tabulate_spells
from workforce.inputs.case import read_case

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("WORKFORCE_REAL_DATA", ROOT.parent / "shared" / "data"))
RETENTION = DATA / "job_retention.csv"
real = pytest.mark.skipif(
    not RETENTION.is_file(),
    reason=f"no {RETENTION.name} in {DATA}: set WORKFORCE_REAL_DATA to the folder that holds it",
)
# Weeks in remission, + = still in remission (Freireich et al. 1963).
TREATED = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
CONTROL = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def leukaemia() -> pd.DataFrame:
    rows = [(arm, word) for arm, text in (("treated", TREATED), ("control", CONTROL)) for word in text.split()]
    frame = pd.DataFrame(rows, columns=["arm", "word"])
    return pd.DataFrame(
        {
            "duration": frame["word"].str.rstrip("+").astype(int),
            "event": (~frame["word"].str.endswith("+")).astype(int),
            "arm": frame["arm"],
            "is_control": frame["arm"].eq("control").astype(int),
        }
    )


def retention() -> pd.DataFrame:
    return pd.read_csv(RETENTION).rename(columns={"month": "duration", "left": "event"})


def made(size: int = 4000) -> pd.DataFrame:
    """People of known hazards seen from a random month of service on."""
    generator = np.random.default_rng(7)
    kind = generator.choice(["a", "b", "c"], size)
    score = generator.integers(0, 4, size)
    chance = 0.03 * np.where(kind == "b", 1.6, 1.0) * 1.2**score
    duration = generator.geometric(chance)
    entry = generator.integers(0, 30, size)
    seen = generator.integers(1, 40, size) + entry
    frame = pd.DataFrame(
        {
            "entry": entry,
            "duration": np.minimum(duration, seen),
            "event": (duration <= seen).astype(int),
            "kind": kind,
            "score": score,
        }
    )
    return frame[frame["duration"] > frame["entry"]].reset_index(drop=True)


# --- Kaplan-Meier --------------------------------------------------------------------------------------------------


def test_kaplan_meier_of_the_published_trial() -> None:
    # Kalbfleisch & Prentice 2002, section 1.1.1: 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448 in the treated arm.
    curve = fit_survival(leukaemia(), by=["arm"]).curve
    treated = curve[(curve["arm"] == "treated") & (curve["events"] > 0)].set_index("time")
    assert treated.index.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert treated["survival"].round(3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert treated["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]
    # Greenwood at six weeks, by hand: S^2 x 3 / (21 x 18).
    assert treated.loc[6, "variance"] == pytest.approx((18 / 21) ** 2 * 3 / (21 * 18), rel=1e-14)


def test_late_entry_is_counted_by_hand() -> None:
    # At 2: the first two (the third came at 2, after it); at 3: the second and third; at 5: the third.
    spells = pd.DataFrame({"entry": [0, 0, 2], "duration": [2, 3, 5], "event": [1, 1, 1]})
    curve = fit_survival(spells).curve
    assert curve["at_risk"].tolist() == [2, 2, 1] and curve["survival"].tolist() == [0.5, 0.25, 0.0]


def lifelines_curve(spells: pd.DataFrame, confidence: float) -> pd.DataFrame:
    from lifelines import KaplanMeierFitter

    entry = spells["entry"] + 0.5 if "entry" in spells else None  # lifelines counts an entry at t as at risk at t
    fitter = KaplanMeierFitter(alpha=1 - confidence).fit(spells["duration"], spells["event"], entry=entry)
    bounds = fitter.confidence_interval_survival_function_
    return pd.DataFrame(
        {"survival": fitter.survival_function_.iloc[:, 0], "low": bounds.iloc[:, 0], "high": bounds.iloc[:, 1]}
    ).join(fitter.event_table)


def check_curve(spells: pd.DataFrame) -> None:
    ours = fit_survival(spells, confidence=0.95).curve.set_index("time")
    theirs = lifelines_curve(spells, 0.95).loc[ours.index]
    np.testing.assert_allclose(ours["survival"], theirs["survival"], atol=1e-12)
    np.testing.assert_allclose(ours[["low", "high"]], theirs[["low", "high"]], atol=1e-8)
    np.testing.assert_array_equal(ours["at_risk"], theirs["at_risk"])
    np.testing.assert_array_equal(ours["events"], theirs["observed"])


def test_kaplan_meier_with_late_entry_is_lifelines() -> None:
    check_curve(made())


@real
def test_kaplan_meier_of_job_retention_is_lifelines() -> None:
    spells = retention()
    check_curve(spells)
    for _, group in spells.groupby("field"):
        check_curve(group)
    curve = fit_survival(spells, by=["gender", "level"]).curve
    for (gender, level), part in curve.groupby(["gender", "level"]):
        group = spells[(spells["gender"] == gender) & (spells["level"] == level)]
        np.testing.assert_allclose(
            part["survival"], lifelines_curve(group, 0.9).loc[part["time"], "survival"], atol=1e-12
        )


# --- log-rank ------------------------------------------------------------------------------------------------------


def test_log_rank_of_the_published_trial() -> None:
    # Expected relapses 19.25 and 10.75, chi-squared 16.79 on 1 degree (Freireich's trial in every textbook since 1972).
    table = compare_survival(leukaemia(), ["arm"]).set_index("arm")
    assert table["events"].to_dict() == {"control": 21, "treated": 9}
    assert table.loc["treated", "expected"] == pytest.approx(19.25, abs=0.005)
    assert table.loc["control", "expected"] == pytest.approx(10.75, abs=0.005)
    assert table["statistic"].iloc[0] == pytest.approx(16.79, abs=0.005)


@real
@pytest.mark.parametrize("by", [["gender"], ["field"], ["level"], ["sentiment"], ["gender", "level"]])
def test_log_rank_of_job_retention_is_lifelines(by: list[str]) -> None:
    from lifelines.statistics import multivariate_logrank_test

    spells = retention()
    name = spells[by].astype(str).agg(" ".join, axis=1)
    theirs = multivariate_logrank_test(spells["duration"], name, spells["event"])
    ours = compare_survival(spells, by)
    assert ours["statistic"].iloc[0] == pytest.approx(theirs.test_statistic, rel=1e-8)
    assert ours["p"].iloc[0] == pytest.approx(theirs.p_value, abs=1e-8)


# --- Cox -----------------------------------------------------------------------------------------------------------


def test_cox_of_the_published_trial() -> None:
    # Efron's ties: 1.572 (error 0.412), as printed for this trial in the manuals of the common packages.
    row = fit_survival(leukaemia(), "cox", covariates=["is_control"]).coefficients.iloc[0]
    assert row["coefficient"] == pytest.approx(1.572, abs=0.001) and row["error"] == pytest.approx(0.412, abs=0.001)


def test_cox_with_late_entry_is_statsmodels() -> None:
    from statsmodels.duration.hazard_regression import PHReg

    spells = made()
    ours = fit_survival(spells, "cox", covariates=["kind", "score"], confidence=0.95).coefficients.set_index("term")
    assert ours.index.tolist() == ["kind b", "kind c", "score"]
    design = np.column_stack([spells["kind"].eq("b"), spells["kind"].eq("c"), spells["score"]]).astype(float)
    # statsmodels has somebody at risk from entry on, lifelines and this house after it.
    theirs = PHReg(spells["duration"], design, status=spells["event"], entry=spells["entry"] + 0.5, ties="efron").fit()
    np.testing.assert_allclose(ours["coefficient"], theirs.params, atol=1e-5)
    np.testing.assert_allclose(ours["error"], theirs.bse, atol=1e-5)


@real
def test_cox_of_job_retention_is_lifelines_and_statsmodels() -> None:
    from lifelines import CoxPHFitter
    from statsmodels.duration.hazard_regression import PHReg

    spells = retention()
    columns = ["gender", "field", "level", "sentiment"]
    ours = fit_survival(spells, "cox", covariates=columns, confidence=0.95).coefficients.set_index("term")
    dummies = pd.get_dummies(spells[columns], prefix_sep=" ", drop_first=True, dtype=float)
    fitter = CoxPHFitter().fit(dummies.assign(d=spells["duration"], e=spells["event"]), "d", "e")
    theirs = fitter.summary.loc[ours.index]
    np.testing.assert_allclose(ours["coefficient"], theirs["coef"], atol=1e-8)
    np.testing.assert_allclose(ours["error"], theirs["se(coef)"], atol=1e-8)
    np.testing.assert_allclose(ours["low"], theirs["coef lower 95%"], atol=1e-8)
    other = PHReg(spells["duration"], dummies, status=spells["event"], ties="efron").fit()
    np.testing.assert_allclose(ours["coefficient"], pd.Series(other.params, dummies.columns)[ours.index], atol=1e-5)


# --- logistic hazard -----------------------------------------------------------------------------------------------


def person_periods(spells: pd.DataFrame) -> pd.DataFrame:
    """One row for every period at risk: the row-wise data that the counts stand for."""
    rows = spells.loc[spells.index.repeat(spells["duration"] - spells["entry"])]
    period = rows["entry"] + rows.groupby(level=0).cumcount()
    return rows.assign(period=period, left=(rows["event"] == 1) & (period == rows["duration"] - 1))


def test_the_grouped_fit_is_the_row_wise_fit() -> None:
    import statsmodels.api as sm

    spells = made()
    starts = (0, 3, 6, 12, 24)
    fit = fit_logistic(spells, ["kind", "score"], bands=starts, confidence=0.95)
    ours = fit.coefficients.set_index("term")
    rows = person_periods(spells)
    band = np.searchsorted(starts, rows["period"], side="right") - 1
    design = np.column_stack(
        [band == index for index in range(len(starts))] + [rows["kind"].eq("b"), rows["kind"].eq("c"), rows["score"]]
    ).astype(float)
    theirs = sm.Logit(rows["left"].to_numpy(dtype=float), design).fit(disp=0, method="newton", tol=1e-14)
    np.testing.assert_allclose(ours["coefficient"], theirs.params, atol=1e-9)
    np.testing.assert_allclose(ours["error"], theirs.bse, atol=1e-9)
    np.testing.assert_allclose(ours[["low", "high"]], theirs.conf_int(0.05), atol=1e-9)
    assert fit.log_likelihood == pytest.approx(theirs.llf, rel=1e-12)
    # And the truth behind the numbers: odds of b about 1.6, of a point of score about 1.2.
    assert abs(ours.loc["kind b", "coefficient"] - np.log(1.6)) < 3 * ours.loc["kind b", "error"]
    assert abs(ours.loc["score", "coefficient"] - np.log(1.2)) < 3 * ours.loc["score", "error"]


def test_without_covariates_the_hazards_are_d_over_n() -> None:
    spells = made()
    fit = fit_survival(spells, "logistic").curve
    curve = fit_survival(spells).curve.set_index("time")
    np.testing.assert_allclose(fit["hazard"], curve["hazard"].reindex(fit["time"]).fillna(0), atol=1e-12)
    np.testing.assert_allclose(fit["survival"], curve["survival"].reindex(fit["time"]).ffill().fillna(1), atol=1e-12)


@real
def test_unpooled_hazards_of_job_retention_are_d_over_n() -> None:
    raw = retention()
    left = raw[raw["event"] == 1].groupby("duration").size()
    hazards = [left.get(month, 0) / (raw["duration"] >= month).sum() for month in range(1, 13)]
    curve = fit_survival(raw).curve
    assert curve["hazard"].tolist() == hazards
    np.testing.assert_allclose(fit_survival(raw, "logistic").curve["hazard"], hazards, atol=1e-12)
    # The same people through the house's own counts: hired in month 0, first at risk in month 1.
    frame = pd.DataFrame({"person": raw.index.astype(str), "role": "a", "hired": 0.0, "start": 1.0})
    frame["stop"] = raw["duration"] + 1.0
    frame["earliest"] = frame["stop"] - 1
    frame = frame.assign(ended=np.where(raw["event"] == 1, "leave", "stay"), cause="resign", to_role="")
    exposure = count_exposure(Spells(frame, 1, 13, 1.0, {}), ["a"], bands=tuple(range(12)))
    roles = pd.DataFrame({"role": ["a"], "unit": ["u"], "family": ["f"]})
    _, banded, _ = fit_cells(exposure, roles, 0.9, pooled=False)
    np.testing.assert_allclose(banded.sum(axis=1)[0], hazards, rtol=1e-15)


@real
def test_logistic_of_job_retention_is_statsmodels() -> None:
    import statsmodels.api as sm

    spells = retention().assign(entry=0)
    fit = fit_logistic(spells, ["gender", "level", "sentiment"])
    rows = person_periods(spells)
    design = pd.get_dummies(rows[["period", "gender", "level"]].astype(str), dtype=float, prefix_sep=" ")
    terms = fit.coefficients["term"]
    columns = [design[term] if term in design else rows[term].astype(float) for term in terms]
    theirs = sm.Logit(rows["left"].astype(float), np.column_stack(columns)).fit(disp=0, method="newton", tol=1e-14)
    np.testing.assert_allclose(fit.coefficients["coefficient"], theirs.params, atol=1e-8)


def test_a_period_nobody_left_has_hazard_zero_and_no_error() -> None:
    rows = [(1, 1, "a"), (3, 1, "a"), (3, 0, "a"), (1, 1, "b"), (3, 1, "b"), (3, 0, "b"), (3, 0, "b")]
    spells = pd.DataFrame(rows, columns=["duration", "event", "kind"])
    fit = fit_logistic(spells, ["kind"])
    assert fit.hazard["hazard"].iloc[1] == 0.0 and np.isneginf(fit.coefficients["coefficient"].iloc[1])
    assert np.isfinite(fit.coefficients["coefficient"].iloc[[0, 2, 3]]).all()


def test_person_periods_are_counted_by_hand() -> None:
    at_risk, events = count_person_periods(
        np.array([0, 1, 2]),
        np.array([2, 4, 3]),
        np.array([True, False, True]),
        np.array([0, 0, 1]),
        2,
        np.array([0, 2]),
    )
    assert at_risk.tolist() == [[3.0, 0.0], [2.0, 1.0]] and events.tolist() == [[1.0, 0.0], [0.0, 1.0]]


# --- a case's own spells -------------------------------------------------------------------------------------------


def test_a_cases_spells_on_the_clock_of_tenure(tmp_path: Path) -> None:
    # q joined in March, left in July: at risk April to July with 0, 1, 2, 3 months, gone in the fourth. p was hired in
    # January 2020, seen from January 2025 (59 completed months) to December. z left in January with 119 completed.
    tables = {
        "roles": ROLES,
        "required": REQUIRED,
        "people": "person,role,hire_date\np,a,2020-01-15",
        "history": """person,date,event,from_role,to_role,cause,hire_date
        z,2025-01-20,leave,a,,resign,2015-01-01
        q,2025-03-10,join,,a,,
        q,2025-07-05,leave,a,,dismissed,
        w,2025-07-05,leave,a,,resign,""",
    }
    frame = tabulate_spells(make_case(tmp_path, tables, START))
    rows = frame.set_index("person")[["entry", "duration", "event"]]
    assert rows.loc["q"].tolist() == [0, 4, 1] and rows.loc["p"].tolist() == [59, 71, 0]
    assert rows.loc["z"].tolist() == [119, 120, 1]
    assert "w" not in rows.index and frame.attrs["unknown_hire_date"] == 1


def test_the_example_companys_curve_is_the_product_of_its_hazards() -> None:
    case = read_case(ROOT / "scenarios" / "base.yaml", ROOT / "data")
    spells = tabulate_spells(case)
    exposure = count_exposure(*_spells_and_roles(case), bands=tuple(range(60)))
    band = exposure.leavers.sum(axis=(0, 2, 3)) / exposure.exposure.sum(axis=(0, 2))
    curve = fit_survival(spells).curve.set_index("time")["survival"]
    np.testing.assert_allclose(curve.loc[59], np.prod(1 - band[:59]), rtol=1e-9)
    fitted = fit_survival(spells, "logistic", covariates=["family"], bands=(0, 3, 6, 12, 24, 60, 120))
    assert (fitted.curve["hazard"].diff().iloc[1:5] < 0).all()  # newcomers leave fastest, in truth and in the fit


def _spells_and_roles(case):
    from workforce.forecast.spells import measure_spells

    return measure_spells(case), list(case.tables.roles["role"])


# --- faults --------------------------------------------------------------------------------------------------------


def test_every_fault_of_the_frame_is_raised_at_once() -> None:
    spells = pd.DataFrame({"duration": [0, 2, 3], "entry": [0, 2, 1], "event": [1, 2, 0], "kind": ["a", None, "b"]})
    with pytest.raises(InputError) as error:
        fit_survival(spells, "cox", covariates=["kind"])
    assert [fault.column for fault in error.value.faults] == ["duration", "event", "kind", "entry"]
    with pytest.raises(InputError, match="kaplan-meier, cox or logistic"):
        fit_survival(leukaemia(), "weibull")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="is missing"):
        fit_survival(leukaemia(), by=["sex"])


@pytest.mark.parametrize("method", ["cox", "logistic"])
def test_covariates_that_say_the_same_are_refused(method: str) -> None:
    spells = made().assign(twice=lambda frame: frame["score"] * 2.0)
    with pytest.raises(InputError, match="some say the same"):
        fit_survival(spells, method, covariates=["score", "twice"])  # type: ignore[arg-type]


def test_a_logistic_hazard_counts_whole_periods() -> None:
    with pytest.raises(InputError, match="is whole"):
        fit_survival(leukaemia().assign(duration=1.5), "logistic")
