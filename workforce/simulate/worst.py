"""The worst of the futures: who falls short, where, when, and what it comes with."""

from typing import Any

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.simulate.stress import Stress

SHARE = 0.05
MOST = 5


def find_worst(dynamics: Dynamics, stress: Stress) -> pd.DataFrame:
    """The worst 5% of paths by their total shortage (FTE summed over roles and periods): where they differ from the mean.

    One row for each role: role, unit, quarter (calendar quarter, or year of yearly periods, in which it falls short most
    beyond the mean), shortage, mean_shortage (FTE in that quarter on the worst paths and on all, mean over the closes),
    fte_years, mean_fte_years (over the horizon), left, mean_left (persons who left or moved out up to that quarter's end),
    required, mean_required (FTE in that quarter); and, the same in each row, paths (worst), of (all), total, mean_total
    (FTE-years short of the company). Rows in the order of what they add: fte_years less mean_fte_years, those above 0 only.

    The mean over the worst 5% is the tail value of Rockafellar & Uryasev (2000, Journal of Risk 2), CVaR at 95%.
    """
    shortage, years = stress.shortage, dynamics.months / 12.0
    total = shortage.sum(axis=(1, 2)) * years
    count = max(1, round(SHARE * len(total)))
    worst = np.argsort(-total, kind="stable")[:count]
    labels = _quarters(dynamics)
    quarters = list(dict.fromkeys(labels))
    inside = np.array([[label == quarter for label in labels] for quarter in quarters], dtype=float)
    inside /= inside.sum(axis=1, keepdims=True)
    there, average = inside @ shortage[worst].mean(axis=0), inside @ shortage.mean(axis=0)
    over = shortage[worst].sum(axis=1).mean(axis=0) * years
    usual = shortage.sum(axis=1).mean(axis=0) * years
    gone = (stress.careers.leavers + stress.careers.moves_out).cumsum(axis=1)
    required = np.broadcast_to(stress.required, shortage.shape)
    rows: list[dict[str, Any]] = []
    for role in np.argsort(-(over - usual), kind="stable"):
        if over[role] - usual[role] <= 1e-9:
            break
        quarter = int(np.argmax(there[:, role] - average[:, role]))
        last = int(np.flatnonzero(inside[quarter]).max())
        now = inside[quarter]
        rows.append(
            {
                "role": dynamics.roles[role],
                "unit": dynamics.units[role],
                "quarter": quarters[quarter],
                "shortage": there[quarter, role],
                "mean_shortage": average[quarter, role],
                "fte_years": over[role],
                "mean_fte_years": usual[role],
                "left": gone[worst, last, role].mean(),
                "mean_left": gone[:, last, role].mean(),
                "required": now @ required[worst, :, role].mean(axis=0),
                "mean_required": now @ required[:, :, role].mean(axis=0),
            }
        )
    columns = [
        "role",
        "unit",
        "quarter",
        "shortage",
        "mean_shortage",
        "fte_years",
        "mean_fte_years",
        "left",
        "mean_left",
    ]
    frame = pd.DataFrame(rows, columns=[*columns, "required", "mean_required"])
    return frame.assign(paths=count, of=len(total), total=total[worst].mean(), mean_total=total.mean())


def _quarters(dynamics: Dynamics) -> list[str]:
    periods = dynamics.periods
    if dynamics.months == 12:
        return [str(period) for period in periods]
    return [str(period.asfreq("Q", how="end")) for period in periods]


def explain_worst(worst: pd.DataFrame) -> list[tuple[str, dict[str, Any]]]:
    """The worst futures as reasons: how bad, the units that carry them, and the roles with their quarter."""
    if worst.empty:
        return []
    first = worst.iloc[0]
    told: list[tuple[str, dict[str, Any]]] = [
        ("worst_paths", {name: float(first[name]) for name in ("paths", "of", "total", "mean_total")})
    ]
    more = worst.assign(more=worst["fte_years"] - worst["mean_fte_years"])
    units = more.groupby("unit", sort=False)["more"].sum().sort_values(ascending=False)
    told.append(("worst_unit", {"unit": str(units.index[0]), "share": float(units.iloc[0] / units.sum())}))
    numbers = ("shortage", "mean_shortage", "left", "mean_left", "required", "mean_required")
    for row in worst.head(MOST).to_dict("records"):
        values = {name: float(row[name]) for name in numbers}
        values |= {f"more_{name}": values[name] - values[f"mean_{name}"] for name in ("left", "required")}
        told.append(("worst_role", {**values, "role": row["role"], "unit": row["unit"], "period": row["quarter"]}))
    return told
