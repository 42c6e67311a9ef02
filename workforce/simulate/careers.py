"""Careers: every person's leaving, moving and joining on many paths, by the one dynamics."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workforce.forecast.doubt import Doubt
from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.simulate.blocks import choose_kernel, count_cores, size_block, step_blocks
from workforce.simulate.lottery import FLOWS, Counts, describe_rules
from workforce.simulate.seats import NOBODY, Joining, Transfer, give_orders, seat_people
from workforce.simulate.streams import key_paths
from workforce.simulate.worlds import draw_rates

__all__ = ["Careers", "Joining", "Transfer", "simulate_careers", "summarise_paths"]


@dataclass(frozen=True)
class Careers:
    """Simulated stocks and flows [path, period, role] in persons: closing, joiners, leavers, moves_in, moves_out;
    effective FTE at the close. opening: [role] persons. short: planned transfers [path] for which too few people were
    there. tracked: [path, period, person] number of the role held at the close, -1 = gone (int16), for those asked for."""

    opening: np.ndarray
    closing: np.ndarray
    joiners: np.ndarray
    leavers: np.ndarray
    moves_in: np.ndarray
    moves_out: np.ndarray
    effective: np.ndarray
    short: np.ndarray
    tracked: np.ndarray


def simulate_careers(
    case: Case,
    dynamics: Dynamics,
    joining: Joining | None = None,
    transfers: tuple[Transfer, ...] = (),
    paths: int | None = None,
    seed: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    track: Sequence[str] = (),
    *,
    delays: bool | None = None,
    workers: int | None = None,
    doubt: Doubt | None = None,
) -> Careers:
    """Step every person on every path: leave, be pushed, be pulled, planned transfers, join (model.md, sections 1 and 4).

    paths, seed, delays (planned joiners arrive by the time to fill, not on the day): as the scenario says unless given.
    progress(done, all) is called after each block of paths. track: persons of `people` whose role is reported. workers:
    threads; None = as many as there are cores. The result does not depend on it. An interrupt stops within the paths
    under way. doubt: each path draws its own leaving rates from it (`worlds.draw_rates`); None = the fitted rates on all.
    """
    settings, joining = case.assumptions.simulation, NOBODY if joining is None else joining
    paths = settings.paths if paths is None else paths
    keys = key_paths(settings.seed if seed is None else seed, paths)
    late = settings.delays if delays is None else delays
    rules = describe_rules(dynamics)
    seats, chance = seat_people(case, dynamics, joining, track)
    n_periods, n_roles = len(dynamics.periods), len(dynamics.roles)
    counts = Counts(
        np.zeros((paths, n_periods, len(FLOWS), n_roles), dtype=np.int32),
        np.zeros((paths, n_periods, n_roles)),
        np.zeros((paths, n_periods, len(track)), dtype=np.int16),
        np.zeros(paths, dtype=np.int64),
    )
    kernel = choose_kernel()
    rates = None if doubt is None else draw_rates(doubt, keys)

    def step(block: slice, stop: np.ndarray) -> None:
        known = joining if joining.known is None else replace(joining, known=joining.known[block])
        own = None if rates is None else replace(rates, factor=rates.factor[block])
        orders = give_orders(dynamics, seats, chance, known, transfers, keys[block], late, own)
        kernel(rules, seats, orders, keys[block], Counts(*(kept[block] for kept in counts)), stop)

    workers = count_cores() if workers is None else workers
    step_blocks(step, paths, size_block(len(seats.people) * n_periods, paths, workers), workers, progress)
    opening = np.bincount(seats.people["role"][: seats.opening], minlength=n_roles)
    closing, joiners, leavers, moves_in, moves_out = (counts.flow[:, :, kind] for kind in range(len(FLOWS)))
    return Careers(
        opening, closing, joiners, leavers, moves_in, moves_out, counts.effective, counts.short, counts.followed
    )


def summarise_paths(careers: Careers, dynamics: Dynamics, reading: str) -> pd.DataFrame:
    """Quantiles of the closing headcount over the paths: reading, role, unit, period, mean, p05, p25, p50, p75, p95
    (persons); rows with role "" are the unit, with unit "" too the company."""
    units = list(dict.fromkeys(dynamics.units))
    blocks = [
        (role, unit, careers.closing[:, :, [index]])
        for index, (role, unit) in enumerate(zip(dynamics.roles, dynamics.units, strict=True))
    ]
    blocks += [("", unit, careers.closing[:, :, np.array(dynamics.units) == unit]) for unit in units]
    blocks += [("", "", careers.closing)]
    frames = []
    for role, unit, closing in blocks:
        total = closing.sum(axis=2)
        low, lower, middle, upper, high = np.quantile(total, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
        frames.append(
            pd.DataFrame(
                {
                    "reading": reading, "role": role, "unit": unit, "period": dynamics.periods, "mean":
                    total.mean(axis=0), "p05": low, "p25": lower, "p50": middle, "p75": upper, "p95": high,
                }
            )
        )  # fmt: skip
    return pd.concat(frames, ignore_index=True)
