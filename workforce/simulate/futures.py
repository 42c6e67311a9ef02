"""Futures: a few whole paths of leaving and demand, for a plan to be made against or scored on."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workforce.forecast.doubt import Doubt
from workforce.forecast.dynamics import Dynamics
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case
from workforce.simulate.careers import simulate_careers
from workforce.simulate.streams import key_paths
from workforce.simulate.worlds import draw_demand, draw_rates

SOURCES = ("chance", "rates", "demand")


@dataclass(frozen=True)
class Future:
    """dynamics: as the company's, with the leaving of this path. required: [period, role] FTE of this path."""

    dynamics: Dynamics
    required: np.ndarray


def name_seed(seed: int, name: str) -> int:
    """A seed of its own for a named stream, so that paths a plan is made from are never those it is scored on.

    >>> name_seed(1, "futures") == name_seed(1, "fresh futures")
    False
    """
    word = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
    return int(np.random.SeedSequence([seed, word]).generate_state(1, np.uint64)[0] >> np.uint64(1))


def list_sources(case: Case, dynamics: Dynamics, demand: pd.DataFrame, doubt: Doubt | None) -> tuple[str, ...]:
    """What of `SOURCES` is uncertain here: chance where anybody may leave, rates where they were estimated, demand where the
    plan gives a low or a high that differs from its base; rates and demand only where the simulation's own switches are on."""
    settings = case.assumptions.simulation
    there = {
        "chance": bool((dynamics.leave > 0).any()),
        "rates": settings.rate_uncertainty and doubt is not None and bool((doubt.spread > 0).any()),
        "demand": settings.demand_uncertainty and bool((demand["high"] != demand["low"]).any()),
    }
    return tuple(name for name in SOURCES if there[name])


def draw_futures(
    case: Case, dynamics: Dynamics, demand: pd.DataFrame, doubt: Doubt | None, count: int, stream: str
) -> list[Future]:
    """Futures of a named stream, each drawn whole: its leaving rates (`draw_rates`), its demand (`draw_demand`, one place
    between low and high for the company) and its luck.

    Luck: the leavers of a simulated path with no action, by role and period, over those expected of the people who were
    there; all leaving of that role and period is multiplied by it, up to everybody. Where nobody was there, 1. A path is
    thus one that the simulation drew (model.md, section 5), in shares, so that a plan may change who is there.

    demand: role, period, low, base, high, required. doubt: None = the rates are taken as sure.
    """
    seed = name_seed(case.assumptions.simulation.seed, stream)
    keys, sources = key_paths(seed, count), list_sources(case, dynamics, demand, doubt)
    shape = (len(dynamics.periods), len(dynamics.roles))
    low, base, high, required = (
        demand[name].to_numpy(float).reshape(shape) for name in ("low", "base", "high", "required")
    )
    wanted = draw_demand(low, base, high, keys) if "demand" in sources else np.tile(required, (count, 1, 1))
    rates = draw_rates(doubt, keys) if doubt is not None and "rates" in sources else None
    luck = _draw_luck(case, dynamics, count, seed) if "chance" in sources else np.ones((count, *shape))
    futures = []
    for path in range(count):
        leave = dynamics.leave
        if rates is not None:
            leave = 1.0 - (1.0 - leave) ** (1.0 + rates.estimated * (rates.factor[path][:, rates.band] - 1.0))
        leave = np.minimum(leave * luck[path][:, :, None], 1.0)
        futures.append(Future(replace(dynamics, leave=leave), wanted[path]))
    return futures


def _draw_luck(case: Case, dynamics: Dynamics, count: int, seed: int) -> np.ndarray:
    """[path, period, role] leavers over those expected of the people present at the opening."""
    careers = simulate_careers(case, dynamics, paths=count, seed=seed)
    first = np.broadcast_to(careers.opening, (count, 1, len(careers.opening)))
    present = np.concatenate([first, careers.closing[:, :-1]], axis=1)
    frame, shape = project_stocks(dynamics).frame, (len(dynamics.periods), len(dynamics.roles))
    opening, leavers = (frame[name].to_numpy(float).reshape(shape) for name in ("opening", "leavers"))
    expected = present * np.divide(leavers, opening, out=np.zeros(shape), where=opening > 1e-9)
    return np.divide(careers.leavers, expected, out=np.ones(expected.shape), where=expected > 1e-9)
