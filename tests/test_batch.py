"""Scenarios side by side: each for itself, in their order, resumable, and stopped cleanly."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from workforce.errors import RunError
from workforce.report.batch import Job, _spread, run_batch
from workforce.report.folders import hold_folder, is_alive, make_sibling
from workforce.report.kernels import kill_kernels, share_kernel
from workforce.report.notebooks import execute
from workforce.report.runs import clear_run, read_manifest


def work_on(job: Job) -> None:
    """What a job says in its details: write a file, fail, raise, or die."""
    what = job.details.get("what", "write")
    if what == "fail":
        raise RunError("optimise", "no plan exists")
    if what == "raise":
        raise ZeroDivisionError("by chance")
    if what == "unpicklable":
        error = ValueError("with a lock inside")
        error.lock = threading.Lock()  # type: ignore[attr-defined]
        raise error
    if what == "die":
        os._exit(9)
    if what == "hold":
        with hold_folder(job.folder):
            partial = make_sibling(job.folder, "partial")
            job.folder.mkdir()
            text = json.dumps({"status": "running", "scenario": job.name, "worker": os.getpid()})
            (partial / "plan.xlsx").write_text("half", encoding="utf-8")
            (job.folder / "manifest.json").write_text(text, encoding="utf-8")
            time.sleep(60)
    if what == "sleep":
        job.folder.mkdir(parents=True)
        (job.folder / "manifest.json").write_text(
            json.dumps({"status": "running", "scenario": job.name}), encoding="utf-8"
        )
        time.sleep(60)
    job.folder.mkdir(parents=True, exist_ok=True)
    (job.folder / "done.txt").write_text(str(os.getpid()), encoding="utf-8")


def make_jobs(folder: Path, **whats: str) -> list[Job]:
    return [Job(name, folder / name, {"what": what}) for name, what in whats.items()]


def time_to_end(jobs: int, workers: int, cores: int) -> float:
    """Jobs of one length, `workers` at a time, sharing the cores evenly: followed from one end to the next."""
    waiting, left, clock = jobs, [], 0.0
    while waiting or left:
        begun = min(waiting, workers - len(left))
        waiting, left = waiting - begun, [*left, *[1.0] * begun]
        speed = min(1.0, cores / len(left))
        step = min(left)
        clock, left = clock + step / speed, [rest - step for rest in left if rest - step > 1e-9]
    return clock


@pytest.mark.parametrize("cores", [1, 2, 3, 4, 8])
@pytest.mark.parametrize("jobs", range(1, 20))
def test_no_number_of_workers_near_the_cores_ends_sooner(jobs, cores):
    chosen = _spread(jobs, cores)
    assert time_to_end(jobs, chosen, cores) <= min(time_to_end(jobs, n, cores) for n in (cores, cores + 1)) + 1e-9


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_does_not_stop_the_rest_and_the_order_is_kept(tmp_path, workers):
    jobs = make_jobs(tmp_path, one="write", two="fail", three="raise", four="unpicklable", five="write")
    lines: list[str] = []
    outcomes = run_batch(jobs, work_on, workers, progress=lines.append)
    assert [(outcome.name, outcome.status) for outcome in outcomes] == [
        ("one", "done"), ("two", "failed"), ("three", "failed"), ("four", "failed"), ("five", "done")]  # fmt: skip
    assert (outcomes[1].stage, outcomes[1].error) == ("optimise", "no plan exists")
    assert outcomes[2].error == "ZeroDivisionError: by chance"
    assert (tmp_path / "one/done.txt").exists() and (tmp_path / "five/done.txt").exists()
    assert sum("started" in line for line in lines) == 5
    assert any("failed at optimise: no plan exists" in line for line in lines)


def test_one_worker_works_in_this_process_and_two_do_not(tmp_path):
    run_batch(make_jobs(tmp_path / "here", a="write"), work_on, 2)
    run_batch(make_jobs(tmp_path / "there", a="write", b="write"), work_on, 2)
    assert int((tmp_path / "here/a/done.txt").read_text()) == os.getpid()
    assert int((tmp_path / "there/a/done.txt").read_text()) != os.getpid()


def test_a_worker_that_dies_takes_only_its_own_scenario_with_it(tmp_path):
    outcomes = run_batch(make_jobs(tmp_path, a="write", b="die", c="write", d="write"), work_on, 2)
    assert [outcome.status for outcome in outcomes] == ["done", "failed", "done", "done"]
    assert outcomes[1].stage == "worker" and "died" in outcomes[1].error


def test_resume_skips_what_is_current_and_nothing_else(tmp_path):
    fingerprint = {"seed": 1, "inputs": {"data/roles.csv": "abc"}}
    jobs = [Job(name, tmp_path / name, {}, fingerprint) for name in ("same", "failed", "other", "partly", "new")]
    for job, manifest in zip(jobs, [
        {"status": "done", **fingerprint, "files": []},
        {"status": "failed", **fingerprint},
        {"status": "done", "seed": 1, "inputs": {"data/roles.csv": "changed"}, "files": []},
        {"status": "done", **fingerprint, "files": ["report.html"]},
    ], strict=False):  # fmt: skip
        job.folder.mkdir()
        (job.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    outcomes = run_batch(jobs, work_on, 1, resume=True)
    assert [outcome.status for outcome in outcomes] == ["skipped", "done", "done", "done", "done"]
    assert [outcome.status for outcome in run_batch(jobs[:1], work_on, 1)] == ["done"]


def test_two_scenarios_do_not_write_to_one_folder(tmp_path):
    with pytest.raises(ValueError, match="two scenarios would write"):
        run_batch([Job("a", tmp_path / "x"), Job("b", tmp_path / "x")], work_on)


def test_no_jobs_are_no_outcomes():
    assert run_batch([], work_on) == []


def start_batch(folder: Path, **whats: str) -> subprocess.Popen[str]:
    """A batch in a process of its own, returned when every job that stays is under way."""
    script = f"""
import sys
sys.path[:0] = {[str(Path(__file__).parent), str(Path(__file__).parents[1])]!r}
from pathlib import Path
from test_batch import make_jobs, work_on
from workforce.report.batch import run_batch
if __name__ == "__main__":
    run_batch(make_jobs(Path({str(folder)!r}), **{whats!r}), work_on, 2)
"""
    file = folder.parent / "script.py"
    file.write_text(script, encoding="utf-8")
    folder.mkdir()
    process = subprocess.Popen([sys.executable, str(file)], stderr=subprocess.PIPE, text=True)
    wait_until(
        lambda: all(read_manifest(folder / name) for name, what in whats.items() if what != "write"), 60, process.kill
    )
    return process


def wait_until(condition, seconds=20.0, otherwise=lambda: None) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            otherwise()
            raise AssertionError("waited in vain")
        time.sleep(0.05)


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("what", ["sleep", "hold"])
def test_an_interruption_stops_the_workers_and_marks_what_was_under_way(tmp_path, what):
    runs = tmp_path / "runs"
    process = start_batch(runs, a=what, b=what, c="write")
    try:
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode != 0 and "KeyboardInterrupt" in errors
    assert time.monotonic() - began < 20
    for name in "ab":
        manifest = read_manifest(runs / name)
        assert (manifest["status"], manifest["stage"]) == ("failed", "interrupted")
    assert sorted(path.name for path in runs.iterdir()) == ["a", "b"]


def test_workers_end_with_their_parent_however_it_ends(tmp_path):
    """The parent is killed without a word; its workers end, and the next run clears up after them."""
    runs = tmp_path / "runs"
    process = start_batch(runs, a="hold", b="hold")
    workers = [read_manifest(runs / name)["worker"] for name in "ab"]
    assert all(is_alive(worker) for worker in workers)
    process.kill()
    process.communicate(timeout=30)
    wait_until(lambda: not any(is_alive(worker) for worker in workers))
    assert len(list(runs.glob(".*.partial.*"))) == 2 and len(list(runs.glob(".*.lock"))) == 2
    for name in "ab":
        with hold_folder(runs / name):
            assert not list(runs.glob(f".{name}.partial.*"))
    assert sorted(path.name for path in runs.iterdir()) == ["a", "b"]


def test_a_run_of_another_process_is_neither_marked_nor_cleared(tmp_path):
    runs = tmp_path / "runs"
    process = start_batch(runs, a="hold", b="hold")
    try:
        clear_run(runs / "a", "interrupted", "stopped by the user")
        assert read_manifest(runs / "a")["status"] == "running" and list(runs.glob(".a.partial.*"))
    finally:
        process.kill()
        process.communicate(timeout=30)


def make_slow_notebook(folder: Path) -> Path:
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    cells = [new_code_cell("x: int = 1  # a number", id="parameters", metadata={"tags": ["parameters"]}),
             new_code_cell("import os, pathlib, time\npathlib.Path('pid').write_text(str(os.getpid()))\ntime.sleep(60)",
                           id="sleep")]  # fmt: skip
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), folder / "slow.ipynb")
    return folder / "slow.ipynb"


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("shared", [True, False])
def test_an_interruption_ends_a_notebook_quietly(tmp_path, capfd, shared):
    notebook = make_slow_notebook(tmp_path)

    def interrupt() -> None:
        wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text(), 60)
        os.kill(os.getpid(), signal.SIGINT)

    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    threading.Thread(target=interrupt, daemon=True).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        if shared:
            with share_kernel() as kernel:
                execute(notebook, tmp_path / "out.ipynb", {}, kernel=kernel)
        else:
            execute(notebook, tmp_path / "out.ipynb", {})
    assert time.monotonic() - began < 50
    assert not is_alive(int((tmp_path / "pid").read_text()))
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    assert "Traceback" not in capfd.readouterr().err
    kill_kernels()


def test_a_kernel_ends_with_the_process_that_started_it(tmp_path):
    notebook = make_slow_notebook(tmp_path)
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[1])!r})
from workforce.report.notebooks import execute
execute({str(notebook)!r}, {str(tmp_path / "out.ipynb")!r}, {{}})
"""
    process = subprocess.Popen([sys.executable, "-c", script])
    wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text(), 60, process.kill)
    process.kill()
    process.wait(timeout=30)
    wait_until(lambda: not is_alive(int((tmp_path / "pid").read_text())))


def test_a_job_in_this_process_tells_its_steps(tmp_path):
    lines = []
    run_batch([Job("a", tmp_path / "a")], lambda job: job.tell("plan"), workers=1, progress=lines.append)
    assert lines[:2] == ["a: started", "a: plan"] and lines[2].startswith("a: done")
