"""Where uncertainty comes from: chance, the estimated rates, the plan's own low and high, one switched on after another."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.simulate.careers import Careers
from workforce.simulate.stress import Stress

SOURCES = ("chance", "rates", "demand")
MEASURES = ("headcount", "shortage")

Layer = tuple[str, np.ndarray, np.ndarray, np.ndarray]
"""source, closing [path, period, role] persons, effective [path, period, role] FTE, required [path or 1, period, role] FTE."""


def measure_uncertainty(dynamics: Dynamics, reading: str, layers: Sequence[Layer]) -> pd.DataFrame:
    """What each source adds to the spread of headcount and shortage.

    layers: in the order of SOURCES, each with all sources up to its own, on the same paths with the same luck (common
    random numbers), so that two layers differ by the source alone. A layer whose source is off is left out.

    Returns reading, role, unit, period, measure (headcount: persons at the close; shortage: FTE, summed over roles and never
    netted), source, mean, p05, p95 (with this source and those before it), variance (likewise), added (by this source), share
    (of the variance with all sources; NaN where there is none). Rows with role "" are a unit, with unit "" too the company.

    With independent paths Var(X) = E Var(X | rates) + Var E(X | rates) (law of total variance): chance alone gives the first
    part but for the curvature of q(1 - q), the rates add the second. A shortage is cut off at 0, so that a source may also
    take variance away: `added` is then negative, and is left so.
    """
    groups = _list_groups(dynamics)
    frames = []
    for measure in MEASURES:
        before, parts = 0.0, []
        for source, closing, effective, required in layers:
            values = _sum_groups(closing if measure == "headcount" else np.maximum(required - effective, 0.0), groups)
            low, high = np.quantile(values, [0.05, 0.95], axis=0)
            variance = values.var(axis=0)
            parts.append((source, values.mean(axis=0), low, high, variance, variance - before))
            before = variance
        whole = np.where(parts[-1][4] > 0, parts[-1][4], np.nan)
        for source, *columns in parts:
            names = ("mean", "p05", "p95", "variance", "added")
            frame = _frame(dynamics, groups).assign(reading=reading, measure=measure, source=source)
            frames.append(
                frame.assign(
                    **{name: column.T.ravel() for name, column in zip(names, columns, strict=True)},
                    share=(columns[-1] / whole).T.ravel(),
                )
            )
    order = [
        "reading",
        "role",
        "unit",
        "period",
        "measure",
        "source",
        "mean",
        "p05",
        "p95",
        "variance",
        "added",
        "share",
    ]
    return pd.concat(frames, ignore_index=True)[order]


def weigh_sources(case: Case, dynamics: Dynamics, idle: Sequence[Careers], stress: Stress) -> pd.DataFrame:
    """`measure_uncertainty` of both readings, with the sources that are on. idle: as `simulate_idle`."""
    frames = []
    plan = [stress.certain, stress.careers][: len(idle)]
    for reading, careers, lost in (("expected", idle, 0.0), ("plan", plan, stress.lost)):
        layers = [
            (source, one.closing, one.effective - lost, stress.planned[None])
            for source, one in zip(SOURCES, careers, strict=False)
        ]
        if case.assumptions.simulation.demand_uncertainty:
            layers.append(("demand", careers[-1].closing, careers[-1].effective - lost, stress.required))
        frames.append(measure_uncertainty(dynamics, reading, layers))
    return pd.concat(frames, ignore_index=True)


def explain_uncertainty(table: pd.DataFrame, settings: dict[str, bool]) -> list[tuple[str, dict[str, Any]]]:
    """Which sources are on, and what they make of the plan's last close, as reasons. settings: backfill, delays."""
    company = table[(table["reading"] == "plan") & (table["role"] == "") & (table["unit"] == "")]
    sources = list(dict.fromkeys(company["source"]))
    told: list[tuple[str, dict[str, Any]]] = [("uncertainty_sources", {"sources": sources, **settings})]
    last = company[company["period"] == company["period"].max()]
    for measure in MEASURES:
        rows = last[last["measure"] == measure].set_index("source")
        shares = {source: float(share) for source, share in rows["share"].items() if rows.loc[source, "variance"] > 0}
        shares = {source: share for source, share in shares.items() if abs(share) >= 0.005}
        whole = rows.iloc[-1]
        if shares and len(sources) > 1:
            ends = {"period": str(whole["period"]), "p05": float(whole["p05"]), "p95": float(whole["p95"])}
            told.append((f"uncertainty_{measure}", {**ends, "shares": shares}))
    return told


def _list_groups(dynamics: Dynamics) -> list[tuple[str, str, np.ndarray]]:
    """(role, unit, numbers of the roles): every role, every unit, the company."""
    unit_of = np.asarray(dynamics.units, dtype=object)
    roles = [(role, unit, np.array([at])) for at, (role, unit) in enumerate(zip(dynamics.roles, unit_of, strict=True))]
    units = [("", unit, np.flatnonzero(unit_of == unit)) for unit in dict.fromkeys(dynamics.units)]
    return [*roles, *units, ("", "", np.arange(len(unit_of)))]


def _sum_groups(values: np.ndarray, groups: list[tuple[str, str, np.ndarray]]) -> np.ndarray:
    """[path, period, group] sums over the roles of each group."""
    return np.stack([values[:, :, inside].sum(axis=2) for _, _, inside in groups], axis=2).astype(float)


def _frame(dynamics: Dynamics, groups: list[tuple[str, str, np.ndarray]]) -> pd.DataFrame:
    n_periods = len(dynamics.periods)
    return pd.DataFrame(
        {
            "role": np.repeat(np.array([role for role, _, _ in groups], dtype=object), n_periods),
            "unit": np.repeat(np.array([unit for _, unit, _ in groups], dtype=object), n_periods),
            "period": np.tile(np.arange(n_periods), len(groups)),
        }
    ).assign(period=lambda frame: dynamics.periods[frame["period"]])
