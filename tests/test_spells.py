"""Spells and exposure: counted by hand on the grid of months."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from planning import make_case

from workforce.forecast.attrition import fit_attrition
from workforce.forecast.mobility import count_moves
from workforce.forecast.spells import BAND_STARTS, Spells, count_exposure, measure_spells
from workforce.inputs.case import Case

ROLES = "role,unit,family,salary,on_cost\na,u,f,100,0\nb,u,f,100,0"
REQUIRED = "role,period,fte\na,2026-01,1"
START = 'time: {period: month, start: "2026-01", horizon: 1}\n'


def case_of(folder: Path, people: str, history: str, knobs: str = "") -> Case:
    tables = {"roles": ROLES, "required": REQUIRED, "people": people, "history": history}
    return make_case(folder, tables, START + knobs)


def test_dated_events_are_counted_month_by_month(tmp_path: Path) -> None:
    # p stays from 2020; q joins in March 2025 and leaves in July: at risk April..July with 0, 1, 2, 3 completed months.
    case = case_of(
        tmp_path,
        "person,role,hire_date\np,a,2020-01-15",
        """person,date,event,from_role,to_role,cause,hire_date
        z,2025-01-20,leave,a,,resign,2015-01-01
        q,2025-03-10,join,,a,,
        q,2025-07-05,leave,a,,dismissed,""",
    )
    spells = measure_spells(case)
    assert spells is not None and (spells.last - spells.first) == 12
    exposure = count_exposure(spells, ["a", "b"])
    by_band = exposure.exposure[0].sum(axis=1)
    # p: 59 months in January, then 60 .. 70; z: January alone, with 119 months.
    assert by_band.tolist() == [3.0, 1.0, 0.0, 0.0, 1.0, 12.0, 0.0]
    assert exposure.leavers[0, 1].sum() == 1.0 and exposure.leavers[0, :, :, 1].sum() == 1.0


def test_snapshots_give_late_entry_and_share_an_exit_among_its_months(tmp_path: Path) -> None:
    # Seen at the snapshots of June 2024 and June 2025. s left between them, in one of twelve months. n was hired in
    # October 2024 but first seen in June 2025: at risk only from July 2025 (whoever left before was not seen).
    case = case_of(
        tmp_path,
        "person,role,hire_date\np,a,2010-01-01\nn,a,2024-10-01",
        """person,date,event,from_role,to_role,cause,hire_date,after
        s,2025-06-30,leave,a,,other,2012-01-01,2024-06-30
        n,2025-06-30,join,,a,,2024-10-01,2024-06-30""",
    )
    spells = measure_spells(case)
    assert spells is not None and spells.exact == 0.0 and spells.last - spells.first == 18
    exposure = count_exposure(spells, ["a", "b"])
    months = exposure.exposure[0].sum(axis=0)
    assert months[12:].tolist() == [2.0] * 6
    assert months[0] == 2.0 and 1.0 < months[11] < 1.2 and (np.diff(months[:12]) < 0).all()
    assert exposure.leavers.sum() == pytest.approx(1.0) and exposure.leavers[0, :, :12].sum() == pytest.approx(1.0)
    assert (
        exposure.exposure[0, 2].sum() == 4.0 and exposure.exposure[0, 3].sum() == 2.0
    )  # n: 8 to 11, then 12 and 13 months


def test_yearly_snapshots_of_long_service_give_the_closed_form(tmp_path: Path) -> None:
    # 40 present, 10 missing a year later: the monthly hazard of maximum likelihood is 1 - (30 / 40)^(1/12).
    gone = "\n".join(f"g{i},2025-12-31,leave,a,,other,2001-01-01,2024-12-31" for i in range(10))
    stayed = "\n".join(f"s{i},a,2001-01-01" for i in range(30))
    header = "person,date,event,from_role,to_role,cause,hire_date,after\n"
    spells = measure_spells(case_of(tmp_path, "person,role,hire_date\n" + stayed, header + gone))
    assert spells is not None
    exposure = count_exposure(spells, ["a", "b"])
    hazard = exposure.leavers.sum() / exposure.exposure.sum()
    assert hazard == pytest.approx(1 - 0.75 ** (1 / 12), rel=1e-6)


def test_a_steep_curve_is_found_behind_yearly_snapshots() -> None:
    # 6,000 people hired evenly over five years who leave with 6% a month in their first six months and 1% after; seen
    # at yearly snapshots.
    generator = np.random.default_rng(3)
    hired = generator.integers(0, 60, 6000)
    month = np.arange(1, 121)
    hazard = np.where(month <= 6, 0.06, 0.01)
    gone = generator.random((6000, 120)) < hazard
    last = np.where(gone.any(axis=1), gone.argmax(axis=1) + 1, 999) + hired
    snapshots = np.arange(11, 72, 12)
    rows = []
    for one, left in zip(hired, last, strict=True):
        seen = snapshots[(snapshots >= one) & (snapshots < left)]
        if len(seen):
            later = snapshots[snapshots >= left]
            stop = later[0] + 1 if len(later) else 72
            rows.append(
                (
                    "x",
                    "a",
                    one,
                    seen[0] + 1,
                    seen[-1] + 1 if len(later) else stop - 1,
                    stop,
                    "leave" if len(later) else "stay",
                )
            )
    columns = ["person", "role", "hired", "start", "earliest", "stop", "ended"]
    frame = pd.DataFrame(rows, columns=columns).assign(cause="resign", to_role="")
    exposure = count_exposure(Spells(frame, 0, 72, 0.0, {}), ["a"])
    at_risk, left_by = exposure.exposure.sum(axis=(0, 2)), exposure.leavers.sum(axis=(0, 2, 3))
    assert left_by[:2].sum() / at_risk[:2].sum() == pytest.approx(0.06, rel=0.2)
    assert left_by[3:].sum() / at_risk[3:].sum() == pytest.approx(0.01, rel=0.08)  # 3 standard errors of 1,500 exits


def test_moves_split_a_career_between_roles(tmp_path: Path) -> None:
    case = case_of(
        tmp_path,
        "person,role,hire_date\np,b,2020-01-15",
        """person,date,event,from_role,to_role,cause,hire_date
        z,2025-01-20,leave,b,,resign,2015-01-01
        p,2025-04-10,move,a,b,,""",
    )
    spells = measure_spells(case)
    assert spells is not None
    exposure = count_exposure(spells, ["a", "b"])
    assert exposure.exposure.sum(axis=(1, 2)).tolist() == [4.0, 9.0]
    counts = count_moves(spells, ["a", "b"], (0,), None)
    assert counts.ways.tolist() == counts.moves[:, :, 0].tolist() == [[0.0, 1.0], [0.0, 0.0]]
    assert counts.at_risk[:, 0].tolist() == [4.0, 9.0]


def test_someone_who_joins_and_leaves_within_a_month_is_not_lost(tmp_path: Path) -> None:
    case = case_of(
        tmp_path,
        "person,role,hire_date\np,a,2020-01-15",
        """person,date,event,from_role,to_role,cause,hire_date
        z,2025-01-20,leave,a,,resign,2015-01-01
        q,2025-03-02,join,,a,,
        q,2025-03-25,leave,a,,resign,""",
    )
    spells = measure_spells(case)
    assert spells is not None
    assert count_exposure(spells, ["a"]).leavers.sum() == 2.0


def test_unknown_hire_dates_keep_every_leaver_and_every_month(tmp_path: Path) -> None:
    case = case_of(
        tmp_path,
        "person,role,hire_date\np,a,2020-01-15",
        """person,date,event,from_role,to_role,cause
        z,2025-01-20,leave,a,,resign
        y,2025-06-20,leave,a,,resign""",
    )
    exposure = count_exposure(measure_spells(case), ["a"])  # type: ignore[arg-type]
    assert exposure.unknown == 2
    assert exposure.leavers.sum() == pytest.approx(2.0) and exposure.exposure.sum() == pytest.approx(12 + 1 + 6)


def test_an_unpooled_fit_is_d_over_n(tiny_case: Path) -> None:
    from workforce.inputs.case import read_case

    path = tiny_case / "scenarios" / "base.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("pooled: true", "pooled: false"), encoding="utf-8")
    fitted = fit_attrition(read_case(path, tiny_case / "data"))
    assert fitted.exposure is not None
    at_risk, left = fitted.exposure.exposure.sum(axis=2), fitted.exposure.leavers.sum(axis=(2, 3))
    total = fitted.hazard.sum(axis=1)[:, list(BAND_STARTS)]
    seen = at_risk > 0
    np.testing.assert_allclose(total[seen], (left / np.where(seen, at_risk, 1))[seen], atol=1e-15)


def test_the_tiny_company_counts_its_leavers(tiny_case: Path) -> None:
    from workforce.inputs.case import read_case

    fitted = fit_attrition(read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data"))
    assert fitted.exposure is not None
    assert fitted.exposure.leavers.sum(axis=(1, 2, 3)).tolist() == [6.0, 0.0, 3.0, 1.0]
