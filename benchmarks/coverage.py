"""How often the intervals on pooled hazards hold the truth: python benchmarks/coverage.py [HISTORIES] [FIRST SEED].

Each history is the example company lived again with another seed, under the same true hazards (data/example_company).
Printed: coverage of the 90% intervals over all cells with people in them, its lowest and highest over the histories,
and the mean squared error of the pooled, the raw and the company-wide rate. Retirement goes by age and not by hazard,
so its leavers are left out, as in tests/test_truth.py.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "data")]

from example_company import company  # noqa: E402
from make_example import make_example  # noqa: E402

from workforce.forecast.attrition import bound_rates, pool_cells  # noqa: E402
from workforce.forecast.spells import BAND_STARTS, CAUSES, count_exposure, measure_spells  # noqa: E402
from workforce.inputs.case import read_case  # noqa: E402


def measure_coverage(histories: int, first: int = 1, confidence: float = 0.9) -> pd.DataFrame:
    """One row a history: seed, coverage (share of cells), error_pooled, error_raw, error_company (mean squared errors of
    monthly hazards), and the cells seen."""
    stated, rows = company.SEED, []
    try:
        for seed in range(first, first + histories):
            company.SEED = seed
            rows.append((seed, *measure_history(confidence)))
    finally:
        company.SEED = stated
    columns = ["seed", "coverage", "error_pooled", "error_raw", "error_company", "cells"]
    return pd.DataFrame(rows, columns=columns)


def measure_history(confidence: float) -> tuple[float, ...]:
    """The row of one history, made with the present seed of the example company."""
    with TemporaryDirectory() as folder:
        make_example(Path(folder))
        case = read_case(ROOT / "scenarios" / "base.yaml", folder)
        truth = pd.read_csv(Path(folder) / "truth" / "hazards.csv")
    spells, roles = measure_spells(case), case.tables.roles
    exposure = count_exposure(spells, list(roles["role"]), BAND_STARTS)
    monthly = truth.groupby(["role", "tenure_from"])["monthly_probability"].sum()
    true = np.array([[monthly[role, band] for band in BAND_STARTS] for role in roles["role"]])
    kept = [index for index, cause in enumerate(CAUSES) if cause != "retire"]
    events, at_risk = exposure.leavers.sum(axis=2)[:, :, kept].sum(axis=2), exposure.exposure.sum(axis=2)
    seen = at_risk > 0
    rate, _, spread = pool_cells(events, at_risk, roles)
    low, high = bound_rates(rate, spread, confidence)
    inside = ((low <= true) & (true <= high))[seen].mean()
    raw, whole = events / np.maximum(at_risk, 1.0), np.full_like(rate, events.sum() / at_risk.sum())
    errors = [((found - true)[seen] ** 2).mean() for found in (rate, raw, whole)]
    return (float(inside), *map(float, errors), int(seen.sum()))


if __name__ == "__main__":
    found = measure_coverage(*(int(text) for text in sys.argv[1:3]) if len(sys.argv) > 1 else (200,))
    print(f"{len(found)} histories, {found['cells'].mean():.0f} cells each")
    spread = f"{found['coverage'].min():.3f} to {found['coverage'].max():.3f}"
    print(f"coverage of 90% intervals: {found['coverage'].mean():.3f} ({spread} by history)")
    for name in ("pooled", "raw", "company"):
        print(f"mean squared error, {name}: {found[f'error_{name}'].mean():.3g}")
