"""Blocks of paths over threads: the same numbers in any split, a stop within a block's next path, nothing half-made."""

import os
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import cache

import numpy as np

PEOPLE_PERIODS = 20_000_000
"""Person-periods of a block: about a twentieth of a second of compiled work, so that progress is seen and memory small."""

WAIT = 0.2
"""Seconds between two looks at the keyboard: a wait without end cannot be interrupted on Windows."""


@cache
def choose_kernel() -> Callable:
    """The compiled kernel, or the plain one where there is no compiler. What is compiled is kept beside the package, or
    in the user's cache where that may not be written to (NUMBA_CACHE_DIR names another place)."""
    from workforce.simulate import steps

    try:
        from workforce.simulate import kernel
    except Exception:  # no numba, one that does not fit this numpy, or no place to keep what it compiles
        return steps.step_paths
    return kernel.step_paths


def count_cores() -> int:
    """Cores that this process may use; one where OMP_NUM_THREADS says that others run beside it."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    if said.isdigit() and int(said) > 0:
        return int(said)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
