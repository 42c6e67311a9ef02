"""How often intervals hold the truth: of pooled hazards, python benchmarks/coverage.py [HISTORIES] [FIRST SEED]; of an
elasticity, python benchmarks/coverage.py elasticity [PASTS].

Each history is the example company lived again with another seed, under the same true hazards (data/example_company).
Printed: coverage of the 90% intervals over all cells with people in them, its lowest and highest over the histories,
and the mean squared error of the pooled, the raw and the company-wide rate. Retirement goes by age and not by hazard,
so its leavers are left out, as in tests/test_truth.py.

Each past of an elasticity is drawn anew: a driver (walking at random, rising, or rising with a season), FTE with an
elasticity of 0.7, and stationary residuals of the given correlation. Printed: coverage of the 90% intervals of the
elasticity and of the line a twentieth above the last driver, and the median length of the former.
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
from workforce.forecast.elasticity import fit_elasticity  # noqa: E402
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


DRIVERS = ("walk", "rise", "season")


def draw_driver(draws: np.random.Generator, count: int, kind: str) -> np.ndarray:
    """Logarithm of a driver by month."""
    month = np.arange(count)
    if kind == "walk":
        return np.cumsum(draws.normal(0.01, 0.02, count))
    season = 0.05 * np.sin(2 * np.pi * month / 12) if kind == "season" else 0.0
    return (0.004 if kind == "season" else 0.01) * month + season + draws.normal(0, 0.01, count)


def cover_elasticity(pasts: int, kind: str, count: int, correlation: float) -> tuple[float, float, float]:
    """Share of pasts whose intervals hold the elasticity, share that hold the line, median length of the former."""
    draws = np.random.default_rng(11)
    found = []
    for _ in range(pasts):
        driver, steps = draw_driver(draws, count, kind), draws.normal(0, 0.01, count)
        noise = [steps[0] / np.sqrt(1 - correlation**2)]
        for step in steps[1:]:
            noise.append(correlation * noise[-1] + step)
        fit = fit_elasticity(np.exp(0.5 + 0.7 * driver + np.array(noise)), np.exp(driver))
        low, high = fit.slope_interval(0.9)
        ahead = driver[-1:] + 0.05
        least, _, most = np.log(fit.expect(np.exp(ahead), 0.9))
        found.append((low <= 0.7 <= high, least[0] <= 0.5 + 0.7 * ahead[0] <= most[0], high - low))
    held, line, length = zip(*found, strict=True)
    return float(np.mean(held)), float(np.mean(line)), float(np.median(length))


def print_elasticity(pasts: int) -> None:
    print("driver   months  correlation  elasticity  line   length")
    for kind in DRIVERS:
        for count in (8, 24, 36, 60, 120):
            for correlation in (0.0, 0.3, 0.6, 0.9):
                held, line, length = cover_elasticity(pasts, kind, count, correlation)
                print(f"{kind:8} {count:6} {correlation:12.1f} {held:11.3f} {line:6.3f} {length:7.3f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["elasticity"]:
        print_elasticity(int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
        sys.exit()
    found = measure_coverage(*(int(text) for text in sys.argv[1:3]) if len(sys.argv) > 1 else (200,))
    print(f"{len(found)} histories, {found['cells'].mean():.0f} cells each")
    spread = f"{found['coverage'].min():.3f} to {found['coverage'].max():.3f}"
    print(f"coverage of 90% intervals: {found['coverage'].mean():.3f} ({spread} by history)")
    for name in ("pooled", "raw", "company"):
        print(f"mean squared error, {name}: {found[f'error_{name}'].mean():.3g}")
