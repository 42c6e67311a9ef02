"""Stress: a plan put back through the simulation on paths that it was not made from. Its decisions are held; what a
manager may still do is to fill posts again that fall empty beyond it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workforce.forecast.doubt import Doubt
from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.simulate.backfill import Backfill, fill_again, join_again, no_backfill
from workforce.simulate.careers import Careers, Joining, Transfer, simulate_careers
from workforce.simulate.offer_rules import rule_offers
from workforce.simulate.streams import freshen, key_paths
from workforce.simulate.worlds import draw_demand

HALF = 0.5
PURPOSE = "stress"
"""Names the paths on which plans are put to the test, so that none is made from them."""

TURNS = 2
"""Passes of backfilling: the second fills the posts that people of the first leave again. A third would matter only where
most newcomers leave before their plan ends."""


@dataclass(frozen=True)
class Decisions:
    """What a plan decided, as the simulation needs it: planned joiners, transfers, lost [period, role] effective FTE of
    ramping movers, trainees away, mentors and short time less what contractors and overtime add, and kept [period,
    role] share of the leavers whom offers keep. closing: [period, role]
    persons that it expects at each close, and offers: [channel, period] that it makes, both for backfilling; None =
    nothing is filled again."""

    joining: Joining
    transfers: tuple[Transfer, ...]
    lost: np.ndarray
    kept: np.ndarray | None = None
    closing: np.ndarray | None = None
    offers: np.ndarray | None = None

    def change(self, dynamics: Dynamics) -> Dynamics:
        """The dynamics as the plan's offers to stay make it."""
        if self.kept is None or not self.kept.any():
            return dynamics
        return replace(dynamics, leave=dynamics.leave * (1.0 - self.kept)[:, :, None])


@dataclass(frozen=True)
class Stress:
    """A plan on fresh paths. table: see `stress_plan`. careers: the paths. backfill: what was filled again, None = not
    asked for. required, effective: [path, period, role] FTE (one path in `required` where demand is sure).
    certain: careers on the fitted rates with the same luck, `careers` itself where rates are not drawn or not apart; planned:
    [period, role] FTE that the plan was made for."""

    table: pd.DataFrame
    careers: Careers
    backfill: Backfill | None
    required: np.ndarray
    effective: np.ndarray
    certain: Careers
    planned: np.ndarray
    lost: np.ndarray

    @property
    def shortage(self) -> np.ndarray:
        """[path, period, role] FTE short, never netted."""
        return np.maximum(self.required - self.effective, 0.0)


def seat_joiners(hires: pd.DataFrame, roles: tuple[str, ...]) -> Joining:
    """Seats of planned hires. hires: row (of channels), start (period number of the offer, before the plan negative), name,
    role (number), effect (period number), heads, arrive, quality, until (period in which the contract has ended, -1 = open),
    lead and lead_p90 (months to fill: median, ninth decile). A fraction of a head becomes a seat with that chance; each
    seat's name is stable, so scenarios share its luck."""
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
        lead=np.array(columns["lead"], dtype=float),
        lead_p90=np.array(columns["lead_p90"], dtype=float),
        offers=hires[["row", "role", "start", "heads"]],
    )


def stress_plan(
    case: Case,
    dynamics: Dynamics,
    decisions: Decisions,
    demand: pd.DataFrame,
    doubt: Doubt | None = None,
    paths: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    apart: bool = True,
) -> Stress:
    """Simulate the plan on fresh paths and score it.

    demand: as `Demand.frame`. doubt: of the leaving rates. apart: simulate the fitted rates too (`Stress.certain`). The
    scenario's simulation.rate_uncertainty, demand_uncertainty, backfill and delays say what differs from path to path besides
    chance, and what may be done.

    Stress.table: role, unit, period, required (FTE the plan was made for), probability_met (share of paths whose effective
    FTE reaches what the path requires), probability_covered (short by at most half an FTE or 1 - alerts.coverage_amber of
    it, whichever is more: somebody who is still ramping up leaves no hole), mean_shortage, p95_shortage (FTE). Rows with
    role "" are a unit, with unit "" too the company: probabilities weighted by required FTE, shortages summed over roles,
    never netted.
    """
    dynamics = decisions.change(dynamics)
    settings = case.assumptions.simulation
    paths = settings.paths if paths is None else paths
    keys = key_paths(freshen(settings.seed, PURPOSE), paths)
    shape = (len(dynamics.periods), len(dynamics.roles))
    low, base, high, planned = (
        demand[name].to_numpy(dtype=float).reshape(shape) for name in ("low", "base", "high", "required")
    )
    required = draw_demand(low, base, high, keys) if settings.demand_uncertainty else planned[None]
    own = doubt if settings.rate_uncertainty else None
    careers, backfill = _simulate(case, dynamics, decisions, planned, keys, own, progress)
    certain = careers
    if own is not None and apart:
        certain = _simulate(case, dynamics, decisions, planned, keys, None, progress)[0]
    effective = careers.effective - decisions.lost
    table = _score(case, dynamics, planned, required, effective)
    return Stress(table, careers, backfill, required, effective, certain, planned, decisions.lost)


def simulate_idle(
    case: Case, dynamics: Dynamics, doubt: Doubt | None = None, track: Sequence[str] = ()
) -> list[Careers]:
    """What may happen without any action, on the paths of the stress test: on the fitted rates and, where the scenario draws
    them, on drawn ones."""
    seed = freshen(case.assumptions.simulation.seed, PURPOSE)
    doubts = [None, doubt] if case.assumptions.simulation.rate_uncertainty and doubt is not None else [None]
    return [simulate_careers(case, dynamics, seed=seed, track=track, doubt=one) for one in doubts]


def _simulate(
    case: Case,
    dynamics: Dynamics,
    decisions: Decisions,
    required: np.ndarray,
    keys: np.ndarray,
    doubt: Doubt | None,
    progress: Callable[[int, int], None] | None,
) -> tuple[Careers, Backfill | None]:
    """The plan on the paths of `keys`, and what is filled again on each: the posts that the plan expects to be held, or as
    many as are needed where it expects more."""
    settings, joining = case.assumptions.simulation, decisions.joining

    def step(joining: Joining) -> Careers:
        seed = freshen(settings.seed, PURPOSE)
        return simulate_careers(case, dynamics, joining, decisions.transfers, len(keys), seed, progress, doubt=doubt)

    careers = step(joining)
    if not settings.backfill or decisions.closing is None or decisions.offers is None:
        return careers, None
    needed = np.ceil((required + decisions.lost) / np.where(dynamics.fte > 0, dynamics.fte, 1.0) - 1e-9)
    posts = np.minimum(decisions.closing, needed)
    rules = rule_offers(case, dynamics, joining.offers)
    done = no_backfill(len(keys), required.shape[0], required.shape[1], len(decisions.offers), len(rules.left))
    for turn in range(TURNS):
        more = fill_again(case, dynamics, careers.closing, posts, decisions.offers, joining, rules, keys, done, turn)
        if not more.offers.any():
            break
        done = done + more
        careers = step(join_again(case, dynamics, joining, done))
    return careers, done


def _score(
    case: Case, dynamics: Dynamics, planned: np.ndarray, required: np.ndarray, effective: np.ndarray
) -> pd.DataFrame:
    """The table of `Stress`."""
    shortage = np.maximum(required - effective, 0.0)
    met = (effective >= required - 1e-9).mean(axis=0)
    slack = np.maximum(HALF, (1.0 - case.assumptions.alerts.coverage_amber) * required)
    covered = (shortage <= slack + 1e-9).mean(axis=0)
    n_periods, n_roles = planned.shape
    wanted = planned > 0
    table = pd.DataFrame(
        {
            "role": np.tile(np.asarray(dynamics.roles, dtype=object), n_periods),
            "unit": np.tile(np.asarray(dynamics.units, dtype=object), n_periods),
            "period": dynamics.periods.repeat(n_roles),
            "required": planned.ravel(),
            "probability_met": met.ravel(),
            "probability_covered": covered.ravel(),
            "mean_shortage": shortage.mean(axis=0).ravel(),
            "p95_shortage": np.quantile(shortage, 0.95, axis=0).ravel(),
        }
    )[wanted.ravel()]
    units = list(dict.fromkeys(dynamics.units))
    groups = [(unit, np.array(dynamics.units) == unit) for unit in units] + [("", np.full(n_roles, True))]
    together = [_sum_up(dynamics.periods, unit, planned, met, covered, shortage, inside) for unit, inside in groups]
    return pd.concat([table, *together], ignore_index=True)


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
