"""Blocks of paths over threads: the same numbers in any split, a stop within a block's next path, nothing half-made."""

import os
import warnings
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import cache
from typing import Any

import numpy as np

from workforce.simulate import steps

PERSON_PERIODS = 20_000_000
"""Most person-periods of a block: about a twentieth of a second of compiled work, so that progress is seen."""

WAIT = 0.2
"""Seconds between two looks at the keyboard: a wait without end cannot be interrupted on Windows."""


@cache
def choose_kernel() -> Callable[..., int]:
    """The compiled kernel; where there is no compiler, or one that fails, the plain one, with a RuntimeWarning."""
    try:
        from workforce.simulate import kernel
    except Exception as error:  # no numba, or one that does not fit what else is installed
        return _do_without(error)
    if kernel.DISABLED:
        return _do_without(RuntimeError("NUMBA_DISABLE_JIT is set"))

    def step_paths(*arguments: Any) -> int:
        try:
            return kernel.step_paths(*arguments)
        except (kernel.NumbaError, OSError, RuntimeError) as error:  # not compiled or not kept, so nothing was stepped
            return _do_without(error)(*arguments)

    return step_paths


def _do_without(error: Exception) -> Callable[..., int]:
    said = f"the simulation runs without its compiled kernel, some 20 times slower, with equal results: {error}"
    warnings.warn(said, RuntimeWarning, stacklevel=3)
    return steps.step_paths


def count_cores() -> int:
    """Cores that this process may use; one where OMP_NUM_THREADS says that others run beside it."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    if said.isdigit() and int(said) > 0:
        return int(said)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def size_block(person_periods: int, paths: int, workers: int) -> int:
    """Paths of a block, from the person-periods of one: enough blocks for every worker. Results do not depend on it."""
    return int(np.clip(PERSON_PERIODS // max(person_periods, 1), 1, max(-(-paths // workers), 1)))


def step_blocks(
    step: Callable[[slice, np.ndarray], None],
    paths: int,
    size: int,
    workers: int,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Call step(block, stop) for every block of at most `size` paths, `workers` at a time; progress(done, all) after each.

    On an interrupt or an error `stop` is set, the blocks under way end after their path, and it is raised.
    """
    blocks = [slice(first, min(first + size, paths)) for first in range(0, paths, size)]
    stop = np.zeros(1, dtype=np.bool_)
    done = 0
    with ThreadPoolExecutor(min(workers, max(len(blocks), 1))) as pool:
        running: dict[Future, slice] = {pool.submit(step, block, stop): block for block in blocks}
        try:
            while running:
                finished, _ = wait(running, WAIT, FIRST_COMPLETED)
                for future in finished:
                    block = running.pop(future)
                    future.result()
                    done += block.stop - block.start
                    if progress:
                        progress(done, paths)
        except BaseException:
            stop[0] = True
            pool.shutdown(wait=True, cancel_futures=True)
            raise
