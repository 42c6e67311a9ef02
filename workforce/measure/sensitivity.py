"""Sensitivity: which assumption moves the answer most. Each is turned to its low and its high, the others stay, and the
company is planned and put to the test again on the same paths."""

import concurrent.futures
import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from workforce.errors import InputError, RunError
from workforce.inputs.case import Case
from workforce.measure.levers import Lever

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Answer:
    """What a plan comes to. shortage: FTE-years short over the horizon, mean of the simulated paths. cost: money that the
    plan spends over the horizon. covered: probability that demand is met but for half an FTE or a small share, mean over
    roles and periods weighted by required FTE."""

    shortage: float
    cost: float
    covered: float


MEASURES = tuple(field.name for field in fields(Answer))


@dataclass(frozen=True)
class Sensitivity:
    """table: rank, assumption, unit, base, low, high, source, then for each of MEASURES its value at low and high
    (shortage_low, ...; NaN where no plan exists) and its swing (largest less smallest of low, base and high). Ranked by the
    swing of the shortage, then of the cost. base: the answer with nothing turned. failed: (assumption, end, why) of runs
    without a plan."""

    table: pd.DataFrame
    base: Answer
    failed: tuple[tuple[str, str, str], ...] = ()


def measure_sensitivity(
    case: Case,
    levers: Sequence[Lever],
    solve: Callable[[Case], Answer],
    workers: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Sensitivity:
    """Turn every lever to its low and its high, one at a time (Eschenbach 1992, Interfaces 22(6): the tornado diagram; what
    it cannot show is that two may do more together than each alone, Saltelli & Annoni 2010, Environmental Modelling & Software
    25).

    All runs share seed and names of their random numbers (common random numbers; Law 2015, Simulation Modeling and Analysis,
    section 11.2), so that a difference is the lever's and not the noise's.

    solve: from a case to its answer; with more than one worker it must be a function of a module. progress: told of each
    run as "...: done (3 of 23)". Raises what `solve` raises for the case itself.
    """
    tasks: list[tuple[str, str, Case]] = [("", "", case)]
    tasks += [(lever.name, end, lever.change(case, end)) for lever in levers for end in ("low", "high")]
    answers: dict[tuple[str, str], Answer] = {}
    failed: list[tuple[str, str, str]] = []
    for (name, end, _), found in _solve_all(tasks, solve, workers, progress):
        if isinstance(found, Answer):
            answers[name, end] = found
        elif not name:
            raise found
        else:
            failed.append((name, end, getattr(found, "message", str(found))))
    base = answers["", ""]
    rows = []
    for lever in levers:
        row = {
            "assumption": lever.name, "unit": lever.unit, "base": lever.base, "low": lever.low, "high": lever.high,
            "source": lever.source,
        }  # fmt: skip
        for measure in MEASURES:
            ends = [getattr(answers.get((lever.name, end)), measure, np.nan) for end in ("low", "high")]
            middle = getattr(base, measure)
            row |= {f"{measure}_low": ends[0], f"{measure}_high": ends[1]}
            row[f"{measure}_swing"] = np.nanmax([middle, *ends]) - np.nanmin([middle, *ends])
        rows.append(row)
    table = pd.DataFrame(rows)
    if len(table):
        table = table.sort_values(["shortage_swing", "cost_swing"], ascending=False, kind="stable", ignore_index=True)
        table.insert(0, "rank", np.arange(1, len(table) + 1))
    return Sensitivity(table, base, tuple(sorted(failed)))


def _solve_all(
    tasks: Sequence[tuple[str, str, Case]],
    solve: Callable[[Case], Answer],
    workers: int,
    progress: Callable[[str], None] | None,
) -> list[tuple[tuple[str, str, Case], Answer | Exception]]:
    found: list[tuple[tuple[str, str, Case], Answer | Exception]] = []

    def tell(task: tuple[str, str, Case]) -> None:
        if progress:
            progress(f"{' '.join(task[:2]).strip() or 'base'}: done ({len(found)} of {len(tasks)})")

    if workers <= 1:
        for task in tasks:
            found.append((task, _try(solve, task[2])))
            tell(task)
        return found
    for name in _THREADS:  # the processes share the cores; a thread per core in each would only get in the others' way
        os.environ.setdefault(name, "1")
    context = multiprocessing.get_context("spawn")
    pool = concurrent.futures.ProcessPoolExecutor(min(workers, len(tasks)), context, _ignore_interrupts)
    try:
        waiting = {pool.submit(_try, solve, task[2]): task for task in tasks}
        while waiting:
            done, _ = concurrent.futures.wait(waiting, 0.5, concurrent.futures.FIRST_COMPLETED)
            for future in done:
                task = waiting.pop(future)
                found.append((task, future.result()))
                tell(task)
    except BaseException:
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            process.terminate()
        pool.shutdown(wait=True, cancel_futures=True)
        raise
    pool.shutdown()
    return found


def _ignore_interrupts() -> None:
    """Ctrl-C goes to all processes of a terminal; the first of them ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _try(solve: Callable[[Case], Answer], case: Case) -> Answer | Exception:
    """The answer, or why there is none."""
    try:
        return solve(case)
    except (InputError, RunError) as error:
        return error


def explain_sensitivity(found: Sensitivity, most: int = 5) -> list[tuple[str, dict]]:
    """What moves the answer most, as reasons: the first ranked, then what moves it not at all."""
    told: list[tuple[str, dict]] = [("sensitivity_base", {name: getattr(found.base, name) for name in MEASURES})]
    moving = found.table[found.table["shortage_swing"] > 0.005] if len(found.table) else found.table
    for row in moving.head(most).to_dict("records"):
        told.append((f"sensitivity_{'first' if row['rank'] == 1 else 'next'}", row))
    still = [name for name in found.table.get("assumption", []) if name not in set(moving.get("assumption", []))]
    if still:
        told.append(("sensitivity_still", {"assumptions": still}))
    told += [("sensitivity_failed", {"assumption": name, "end": end, "why": why}) for name, end, why in found.failed]
    return told
