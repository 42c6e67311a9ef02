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
from workforce.report.batch import Job, run_batch


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


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interruption_stops_the_workers_and_marks_what_was_under_way(tmp_path):
    script = f"""
import sys
sys.path[:0] = {[str(Path(__file__).parent), str(Path(__file__).parents[1])]!r}
from pathlib import Path
from test_batch import make_jobs, work_on
from workforce.report.batch import run_batch
if __name__ == "__main__":
    run_batch(make_jobs(Path({str(tmp_path)!r}), a="sleep", b="sleep", c="write"), work_on, 2)
"""
    file = tmp_path / "script.py"
    file.write_text(script, encoding="utf-8")
    process = subprocess.Popen([sys.executable, str(file)], stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 60
        while not all((tmp_path / name / "manifest.json").exists() for name in "ab"):
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.1)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode != 0 and "KeyboardInterrupt" in errors
    assert time.monotonic() - began < 20
    for name in "ab":
        manifest = json.loads((tmp_path / name / "manifest.json").read_text(encoding="utf-8"))
        assert (manifest["status"], manifest["stage"]) == ("failed", "interrupted")
    assert not (tmp_path / "c").exists()
