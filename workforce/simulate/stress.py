"""Stress: a plan put back through the simulation, decisions held, on paths that it was not made from."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.simulate.careers import Careers, Joining, Transfer, simulate_careers

HALF = 0.5


@dataclass(frozen=True)
class Decisions:
    """What a plan decided, as the simulation needs it: planned joiners, transfers, lost [period, role] effective FTE of
    ramping movers, trainees away, mentors and short time less what contractors and overtime add, and kept [period,
    role] share of the leavers whom offers keep."""

    joining: Joining
    transfers: tuple[Transfer, ...]
    lost: np.ndarray
    kept: np.ndarray | None = None

    def change(self, dynamics: Dynamics) -> Dynamics:
        """The dynamics as the plan's offers to stay make it."""
        if self.kept is None or not self.kept.any():
            return dynamics
        return replace(dynamics, leave=dynamics.leave * (1.0 - self.kept)[:, :, None])


def seat_joiners(hires: pd.DataFrame, roles: tuple[str, ...]) -> Joining:
    """Seats of planned hires. hires: name, role (number), effect (period number), heads, arrive, quality, until (period
    in which the contract has ended, -1 = open), lead and lead_p90 (months to fill: median, ninth decile). A fraction of a
    head becomes a seat with that chance; each seat's name is stable, so scenarios share its luck."""
    names: list[str] = []
    columns: dict[str, list] = {
        name: [] for name in ("role", "effect", "chance", "quality", "until", "lead", "lead_p90")
    }
    for row in hires.itertuples():
        whole = int(np.floor(row.heads + 1e-9))
        chances = [1.0] * whole + ([row.heads - whole] if row.heads - whole > 1e-9 else [])
        for seat, chance in enumerate(chances):
            names.append(f"{row.name}|{roles[row.role]}|{row.effect}|{seat}")
            for column, value in (
                ("role", row.role),
                ("effect", row.effect),
                ("chance", chance * row.arrive),
                ("quality", row.quality),
                ("until", getattr(row, "until", -1)),
                ("lead", row.lead),
                ("lead_p90", row.lead_p90),
            ):
                columns[column].append(value)
    return Joining(
        names,
        np.array(columns["role"], dtype=np.int64),
        np.array(columns["effect"], dtype=np.int64),
        np.array(columns["chance"], dtype=float),
        np.array(columns["quality"], dtype=float),
        np.array(columns["until"], dtype=np.int64),
        np.array(columns["lead"], dtype=float),
        np.array(columns["lead_p90"], dtype=float),
    )


def stress_plan(
    case: Case,
    dynamics: Dynamics,
    decisions: Decisions,
    required: np.ndarray,
    paths: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Careers, pd.DataFrame]:
    """Simulate the plan and score it: the paths, and role, unit, period, required (FTE), probability_met (share of
    paths whose effective FTE reaches it), probability_covered (short by at most half an FTE or
    1 - alerts.coverage_amber of it, whichever is more: somebody who is still ramping up leaves no hole), mean_shortage,
    p95_shortage (FTE).

    Rows with role "" are a unit, with unit "" too the company: probabilities weighted by required FTE, shortages summed
    over roles, never netted.
    """
    dynamics = decisions.change(dynamics)
    careers = simulate_careers(case, dynamics, decisions.joining, decisions.transfers, paths=paths, progress=progress)
    effective = careers.effective - decisions.lost
    shortage = np.maximum(required - effective, 0.0)
    met = (effective >= required - 1e-9).mean(axis=0)
    slack = np.maximum(HALF, (1.0 - case.assumptions.alerts.coverage_amber) * required)
    covered = (shortage <= slack + 1e-9).mean(axis=0)
    n_periods, n_roles = required.shape
    wanted = required > 0
    table = pd.DataFrame(
        {
            "role": np.tile(np.asarray(dynamics.roles, dtype=object), n_periods),
            "unit": np.tile(np.asarray(dynamics.units, dtype=object), n_periods),
            "period": dynamics.periods.repeat(n_roles),
            "required": required.ravel(),
            "probability_met": met.ravel(),
            "probability_covered": covered.ravel(),
            "mean_shortage": shortage.mean(axis=0).ravel(),
            "p95_shortage": np.quantile(shortage, 0.95, axis=0).ravel(),
        }
    )[wanted.ravel()]
    units = list(dict.fromkeys(dynamics.units))
    groups = [(unit, np.array(dynamics.units) == unit) for unit in units] + [("", np.full(n_roles, True))]
    together = [_sum_up(dynamics.periods, unit, required, met, covered, shortage, inside) for unit, inside in groups]
    return careers, pd.concat([table, *together], ignore_index=True)


def _sum_up(
    periods: pd.PeriodIndex,
    unit: str,
    required: np.ndarray,
    met: np.ndarray,
    covered: np.ndarray,
    shortage: np.ndarray,
    inside: np.ndarray,
) -> pd.DataFrame:
    """The rows of a unit, or of the company where the unit is "": probabilities weighted by required FTE."""
    total = required[:, inside].sum(axis=1)
    weight = required[:, inside] / np.where(total > 0, total, 1.0)[:, None]
    short = shortage[:, :, inside].sum(axis=2)
    return pd.DataFrame(
        {
            "role": "",
            "unit": unit,
            "period": periods,
            "required": total,
            "probability_met": (met[:, inside] * weight).sum(axis=1),
            "probability_covered": (covered[:, inside] * weight).sum(axis=1),
            "mean_shortage": short.mean(axis=0),
            "p95_shortage": np.quantile(short, 0.95, axis=0),
        }
    )[total > 0]
