"""Many scenarios side by side: each in a process of its own pool, a failure of one never stopping the rest.

What is done for a scenario is a function that is passed in, so this file knows nothing of the pipeline. A worker that dies
(out of memory) takes a process pool with it; its scenarios are then tried
once more, each alone, so that only the guilty one fails.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from workforce.errors import InputError, RunError
from workforce.report.runs import STOPPED, clear_run, is_current

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Job:
    """One scenario to run.

    name: the scenario's. folder: where its run goes. details: whatever `work` needs, picklable. fingerprint: what its result
    follows from (runs.read_fingerprint), for resuming; empty = always run. tell: hears the steps of a job that is done in this
    process; of those side by side only the beginning and the end are told.
    """

    name: str
    folder: Path
    details: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: Mapping[str, Any] = field(default_factory=dict)
    tell: Callable[[str], None] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Outcome:
    """What became of a job: status done, failed, skipped (was current) or cancelled; the stage and error of a failure."""

    name: str
    folder: Path
    status: str
    seconds: float = 0.0
    stage: str = ""
    error: str = ""


def run_batch(
    jobs: Sequence[Job],
    work: Callable[[Job], object],
    workers: int | None = None,
    resume: bool = False,
    progress: Callable[[str], None] | None = None,
) -> list[Outcome]:
    """Do `work` for every job and say what became of each, in the order of the jobs.

    Args:
        work: picklable (a function of a module); does one job, or raises. What it returns is not kept.
        workers: side by side; None = as many as there are cores, or one more where the jobs then end sooner; never more
            than jobs. 1 = in this process.
        resume: skip jobs whose folder holds a finished run of the same fingerprint.
        progress: is told in a line what starts and what ended.

    Raises:
        KeyboardInterrupt: interrupted; the runs under way are stopped and marked as failed, what was finished stays.
        ValueError: two jobs would write to one folder.
    """
    tell = progress or (lambda line: None)
    folders = [Path(job.folder).resolve() for job in jobs]
    if len(set(folders)) < len(folders):
        twice = next(folder for folder in folders if folders.count(folder) > 1)
        raise ValueError(f"two scenarios would write to {twice}")
    outcomes: dict[int, Outcome] = {}
    waiting: list[int] = []
    for number, job in enumerate(jobs):
        if resume and job.fingerprint and is_current(job.folder, job.fingerprint):
            outcomes[number] = Outcome(job.name, Path(job.folder), "skipped")
            tell(f"{job.name}: nothing changed, kept")
        else:
            waiting.append(number)
    workers = min(workers or _spread(len(waiting), _count_cores()), len(waiting))
    batch = _Batch(jobs, work, tell, outcomes, len(waiting))
    if workers <= 1:
        for number in waiting:
            batch.run_here(number)
    else:
        batch.run_side_by_side(waiting, workers)
    return [outcomes[number] for number in range(len(jobs))]


def _count_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _spread(jobs: int, cores: int) -> int:
    """Workers with which jobs of one length end soonest. Five on two cores take three lengths with two workers, the last
    one alone; with three workers, which share the cores, two and a half.

    >>> _spread(5, 2), _spread(4, 2), _spread(5, 1)
    (3, 2, 1)
    """

    def last(workers: int) -> float:
        rounds, left = divmod(jobs, workers)
        return rounds * max(1.0, workers / cores) + (max(1.0, left / cores) if left else 0.0)

    return min((cores, cores + 1), key=last)


def _start_worker() -> None:
    # The parent alone answers Ctrl-C and a request to end; it then stops its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True, name="parent").start()


def _end_with_parent() -> None:
    """Wait for the end of the process that started this worker, however it ended, and end with it, kernel and all."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    multiprocessing.connection.wait([parent.sentinel])
    kernels = sys.modules.get("workforce.report.kernels")
    if kernels is not None:
        kernels.kill_kernels()
    os._exit(1)


@contextlib.contextmanager
def _holding_interruptions() -> Iterator[None]:
    """Ctrl-C goes to all processes of a terminal; one that is just starting would answer it with a traceback."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _do(work: Callable[[Job], object], job: Job) -> Outcome:
    """Run one job; every error becomes an outcome, so that nothing unpicklable crosses between processes."""
    began = time.perf_counter()
    try:
        work(job)
    except (RunError, InputError) as error:
        stage = getattr(error, "stage", "read")
        message = getattr(error, "message", str(error))
        return Outcome(job.name, Path(job.folder), "failed", time.perf_counter() - began, stage, message)
    except Exception as error:
        return Outcome(
            job.name, Path(job.folder), "failed", time.perf_counter() - began, "run", f"{type(error).__name__}: {error}"
        )
    return Outcome(job.name, Path(job.folder), "done", time.perf_counter() - began)


class _Batch:
    """The jobs under way, and what became of those that ended."""

    def __init__(
        self,
        jobs: Sequence[Job],
        work: Callable[[Job], object],
        tell: Callable[[str], None],
        outcomes: dict[int, Outcome],
        count: int,
    ):
        self.jobs, self.work, self.tell, self.outcomes, self.count = jobs, work, tell, outcomes, count
        self.ended = 0

    def run_here(self, number: int) -> None:
        job = self.jobs[number]
        self.tell(f"{job.name}: started")
        try:
            self._end(number, _do(self.work, replace(job, tell=lambda line: self.tell(f"{job.name}: {line}"))))
        except KeyboardInterrupt:
            _mark_interrupted(job)
            raise

    def run_side_by_side(self, waiting: Sequence[int], workers: int) -> None:
        """Keep `workers` jobs under way; those of a pool that broke are done again, one at a time, each in a pool of its own."""
        suspects = self._run_pool(list(waiting), workers)
        for number in suspects:
            if self._run_pool([number], 1):
                job = self.jobs[number]
                message = "the worker process died (out of memory?)"
                clear_run(job.folder, "worker", message)
                self._end(number, Outcome(job.name, Path(job.folder), "failed", 0.0, "worker", message))

    def _run_pool(self, waiting: list[int], workers: int) -> list[int]:
        """Run jobs in one pool; returns those that were under way, or never begun, when it broke."""
        for name in _THREADS:
            # Workers share the cores; each one's libraries opening a thread per core would only get in each other's way.
            os.environ.setdefault(name, "1")
        context = multiprocessing.get_context("spawn")
        pool = concurrent.futures.ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker)
        running: dict[concurrent.futures.Future[Outcome], int] = {}
        broken: list[int] = []
        queue = list(waiting)
        try:
            while queue or running:
                while queue and len(running) < workers and not broken:
                    number = queue.pop(0)
                    self.tell(f"{self.jobs[number].name}: started")
                    with _holding_interruptions():
                        running[pool.submit(_do, self.work, self.jobs[number])] = number
                if not running:
                    break
                finished, _ = concurrent.futures.wait(
                    running, timeout=0.5, return_when=concurrent.futures.FIRST_COMPLETED
                )
                for future in finished:
                    number = running.pop(future)
                    try:
                        self._end(number, future.result())
                    except BrokenProcessPool:
                        broken.append(number)
                    except Exception as error:
                        job = self.jobs[number]
                        self._end(
                            number,
                            Outcome(
                                job.name, Path(job.folder), "failed", 0.0, "worker", f"{type(error).__name__}: {error}"
                            ),
                        )
        except KeyboardInterrupt:
            _stop(pool)
            for number in running.values():
                _mark_interrupted(self.jobs[number])
            raise
        pool.shutdown(wait=True, cancel_futures=True)
        return sorted([*broken, *queue])

    def _end(self, number: int, outcome: Outcome) -> None:
        self.outcomes[number] = outcome
        self.ended += 1
        words = (
            f"failed at {outcome.stage}: {outcome.error}"
            if outcome.status == "failed"
            else f"done in {outcome.seconds:.1f} s"
        )
        self.tell(f"{outcome.name}: {words} ({self.ended} of {self.count})")


def _stop(pool: concurrent.futures.ProcessPoolExecutor) -> None:
    processes = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(timeout=5)
        if process.is_alive():
            process.kill()
            process.join(timeout=5)


def _mark_interrupted(job: Job) -> None:
    clear_run(job.folder, "interrupted", STOPPED)
