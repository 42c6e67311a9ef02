"""The commands as a user types them: exit codes, streams, help. Real processes where the process matters."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import types
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from workforce import cli
from workforce.errors import Fault, InputError, RunError

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = ["init", "import", "tables", "check", "run", "compare", "frontier", "backtest", "sensitivity", "test", "lab"]


@dataclass
class Outcome:
    name: str = "base"
    status: str = "done"
    seconds: float = 1.234
    folder: Path = Path("runs/base")
    error: str | None = None


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with two scenario files and no data; the working directory."""
    (tmp_path / "scenarios").mkdir()
    for name in ("base", "growth"):
        (tmp_path / "scenarios" / f"{name}.yaml").write_text("title: x\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def type_in(*arguments):
    return CliRunner().invoke(cli.app, list(arguments))


def test_the_tables_are_described_column_by_column():
    names = type_in("tables", "--json")
    assert {"roles", "channels", "budget"} <= {row["table"] for row in json.loads(names.stdout)}
    for row in json.loads(names.stdout):
        told = json.loads(type_in("tables", row["table"], "--json").stdout)
        assert all(column["meaning"] for column in told), row["table"]
        assert set(row["key"].split(", ")) <= {column["column"] for column in told}
    capacity = next(
        row for row in json.loads(type_in("tables", "channels", "--json").stdout) if row["column"] == "capacity"
    )
    assert capacity["unit"] == "heads a month" and capacity["needed"] == "" and capacity["allowed"] == "at least 0"
    strange = type_in("tables", "chanels")
    assert strange.exit_code == 2 and "did you mean 'channels'" in strange.output


def run_with(monkeypatch, *arguments, result=(), error=None):
    """Type `run ...` with a pipeline that notes how it is called, and returns or raises as told."""
    calls = []

    def run_scenarios(*args, **options):
        calls.append((args, options))
        if error:
            raise error
        return list(result)

    pipeline = types.ModuleType("workforce.pipeline")
    pipeline.run_scenarios = run_scenarios
    monkeypatch.setitem(sys.modules, "workforce.pipeline", pipeline)
    return type_in("run", *arguments), calls


def start(*arguments, cwd):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "workforce", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False)


# --- help ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps_with_an_example(command):
    shown = type_in(command, "--help")
    assert shown.exit_code == 0
    assert f"Example: workforce {command}" in shown.stdout


def test_every_command_takes_data():
    for command in set(COMMANDS) - {"test"}:  # what follows `test` goes to pytest
        assert "No such option" not in type_in(command, "--data", "elsewhere", "--help").output


def test_help_is_quick_and_loads_nothing_heavy():
    code = (
        "import sys; sys.argv = ['workforce', '--help']; from workforce.cli import main; main();"
        "print(sorted({'pandas', 'numpy', 'pydantic', 'matplotlib', 'pulp'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("[]")
    seconds = []
    for _ in range(3):
        begun = time.perf_counter()
        assert start("--help", cwd=ROOT).returncode == 0
        seconds.append(time.perf_counter() - begun)
    assert min(seconds) < 0.5


@pytest.mark.parametrize(
    "typed", [("plan",), ("run", "--path", "5"), ("run", "--jobs", "0"), ("run", "--paths", "many")]
)
def test_a_wrong_command_or_option_ends_with_2(folder, typed):
    shown = type_in(*typed)
    assert shown.exit_code == 2
    assert shown.stdout == ""


def test_the_pipeline_takes_what_run_passes_on():
    import inspect

    from workforce.pipeline import run_scenarios

    options = {"workers": 2, "resume": True, "languages": ("zh",), "paths": 7, "seed": 9, "progress": print}
    inspect.signature(run_scenarios).bind([Path("base.yaml")], Path("data"), Path("runs"), **options)


# --- run -----------------------------------------------------------------------------------------------------------


def test_run_passes_on_what_was_typed(folder, monkeypatch):
    typed = "growth --data d --out o --jobs 2 --resume --language zh,en --paths 7 --seed 9".split()
    shown, [(args, options)] = run_with(monkeypatch, *typed, result=[Outcome("growth")])
    assert args == ([Path("scenarios/growth.yaml")], Path("d"), Path("o"))
    assert callable(options.pop("progress"))
    assert options == {"workers": 2, "resume": True, "languages": ("zh", "en"), "paths": 7, "seed": 9}
    assert shown.exit_code == 0
    assert shown.stdout.split() == "scenario status seconds folder growth done 1.2 runs/base".split()


def test_run_without_names_takes_every_scenario(folder, monkeypatch):
    _, [(args, options)] = run_with(monkeypatch)
    assert args[0] == [Path("scenarios/base.yaml"), Path("scenarios/growth.yaml")]
    assert options["workers"] is options["languages"] is options["paths"] is options["seed"] is None


def test_run_json_is_json(folder, monkeypatch):
    shown, _ = run_with(monkeypatch, "--json", result=[Outcome()])
    assert json.loads(shown.stdout) == [
        {"scenario": "base", "status": "done", "seconds": 1.2, "folder": "runs/base", "error": ""}
    ]


FAULTS = (Fault("data/roles.csv", 4, "salary", "much", "must be a number", "write digits"),) * 2


@pytest.mark.parametrize(
    ("happens", "code", "words"),
    [
        (
            {"result": [Outcome(), Outcome("growth", "failed", error="the solver stopped")]},
            1,
            "growth: the solver stopped",
        ),
        ({"error": RunError("optimise", "no plan")}, 1, "optimise: no plan"),
        ({"error": PermissionError(13, "Permission denied", "runs")}, 1, "runs cannot be used: Permission denied"),
        ({"error": InputError(FAULTS)}, 2, "2 faults in the input"),
        ({"error": KeyboardInterrupt()}, 130, "interrupted"),
    ],
)
def test_run_ends_as_promised(folder, monkeypatch, happens, code, words):
    shown, _ = run_with(monkeypatch, **happens)
    assert shown.exit_code == code
    assert words in shown.stderr
    assert words not in shown.stdout


def test_a_language_we_do_not_have_is_refused(folder, monkeypatch):
    shown, calls = run_with(monkeypatch, "--language", "en,fr")
    assert (shown.exit_code, calls) == (2, [])
    assert "en,fr" in shown.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_process_ends_with_130(folder, sent):
    code = (
        "import sys, time, types; from workforce import cli\n"
        "def run_scenarios(*args, **options):\n    print('begun', flush=True)\n    time.sleep(60)\n"
        "sys.modules['workforce.pipeline'] = types.SimpleNamespace(run_scenarios=run_scenarios)\n"
        "sys.argv = ['workforce', 'run']; sys.exit(cli.main())"
    )
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", code], cwd=folder, env=environment, **pipes)
    assert process.stdout.readline() == "begun\n"
    process.send_signal(sent)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["run", "check"])
def test_outside_a_planning_folder_the_way_in_is_named(tmp_path, command):
    done = start(command, cwd=tmp_path)
    assert done.returncode == 2
    assert "workforce init" in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


# --- compare -------------------------------------------------------------------------------------------------------


def test_compare_finds_runs_by_name_and_prints_a_table(folder, monkeypatch):
    for name in ("base", "growth"):
        (folder / "runs" / name).mkdir(parents=True)
        (folder / "runs" / name / "manifest.json").write_text("{}")
    calls = []

    def compare_runs(*args, **options):
        calls.append((args, options))
        return pd.DataFrame({"figure": ["cost"], "value": [1.5], "scenario": ["增长"]})

    monkeypatch.setattr("workforce.report.comparison.compare_runs", compare_runs)
    monkeypatch.setattr("workforce.report.comparison.lay_out_comparison", lambda place: f"figures of {place.name}")
    shown = type_in("compare", "growth", "runs/base", "--base", "base", "--json")
    assert calls.pop() == (([Path("runs/growth"), Path("runs/base")],), {"base": "base", "out": None})
    assert json.loads(shown.stdout) == [{"figure": "cost", "value": 1.5, "scenario": "增长"}]
    shown = type_in("compare")
    assert calls.pop() == (([Path("runs/base"), Path("runs/growth")],), {"base": None, "out": None})
    assert shown.stdout == "figures of runs\n"


def test_compare_refuses_what_is_not_a_run(folder):
    shown = type_in("compare", "growht", "nowhere")
    assert shown.exit_code == 2
    assert "growht: is not a run" in shown.stderr
    assert "nowhere: is not a run" in shown.stderr
    assert "growth: has not run yet. Mend: workforce run growth" in type_in("compare", "growth").stderr
    assert type_in("compare").exit_code == 2


# --- init ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exists", [False, True])
def test_init_writes_a_folder_to_edit(tmp_path, exists):
    folder = tmp_path / "我的规划" / "plan"
    if exists:
        folder.mkdir(parents=True)
    shown = type_in("init", str(folder))
    assert shown.exit_code == 0, shown.output
    assert sorted(path.name for path in folder.iterdir()) == ["README.md", "data", "notebooks", "scenarios"]
    for part, ending in (("data", ".csv"), ("scenarios", ".yaml"), ("notebooks", ".ipynb")):
        ours = {path.name for path in (ROOT / part).glob(f"*{ending}")}
        assert ours
        assert {path.name for path in (folder / part).glob(f"*{ending}")} == ours
    assert not list((folder / "data").rglob("*.py"))  # the generator and its truth stay with the project
    assert not (folder / "data" / "truth").exists()
    assert (folder / "data" / "roles.csv").read_bytes() == (ROOT / "data" / "roles.csv").read_bytes()


def test_init_in_chinese_differs_in_words_only(tmp_path):
    shown = type_in("init", str(tmp_path / "p"), "--language", "zh")
    assert shown.exit_code == 0, shown.output
    files = sorted((tmp_path / "p" / "scenarios").glob("*.yaml"))
    assert len(files) >= 5
    for path in files:
        ours, theirs = (
            yaml.safe_load(file.read_text(encoding="utf-8")) for file in (ROOT / "scenarios" / path.name, path)
        )
        assert re.search("[\u4e00-\u9fff]", theirs.pop("title"))
        assert re.search("[\u4e00-\u9fff]", theirs.pop("why"))
        if "languages" in theirs.get("report", {}):
            assert theirs["report"].pop("languages") == ["zh", "en"]
            ours["report"].pop("languages")
        assert {**ours, "title": 0, "why": 0} == {**theirs, "title": 0, "why": 0}
    assert "人力规划" in (tmp_path / "p" / "README.md").read_text(encoding="utf-8")


def test_init_refuses_a_folder_in_use_and_a_language_it_lacks(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    shown = type_in("init", str(tmp_path), "--language", "fr")
    assert shown.exit_code == 2
    assert "2 faults" in shown.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("exists", [False, True])
def test_init_writes_whole_or_not_at_all(tmp_path, monkeypatch, exists):
    import shutil

    copy = shutil.copytree

    def full_disk(source, target, *args, **options):
        if Path(target).name == "notebooks":
            raise OSError(28, "No space left on device", str(target))
        return copy(source, target, *args, **options)

    monkeypatch.setattr(shutil, "copytree", full_disk)
    folder = tmp_path / "p"
    if exists:
        folder.mkdir()
    shown = type_in("init", str(folder))
    assert shown.exit_code == 1
    assert "No space left" in shown.stderr
    assert folder.exists() == exists
    assert list(tmp_path.rglob("*")) == ([folder] if exists else [])


# --- test ----------------------------------------------------------------------------------------------------------


def test_test_hands_its_words_to_pytest(monkeypatch):
    calls = []
    monkeypatch.setattr(subprocess, "call", lambda command, cwd: calls.append((command, cwd)) or 5)
    assert type_in("test", "-k", "house", "--co").exit_code == 5
    assert calls == [([sys.executable, "-m", "pytest", "-k", "house", "--co"], ROOT)]


# --- check, on real files ------------------------------------------------------------------------------------------


def spoil(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_fault_is_found_in_one_check_and_nothing_is_written(tmp_path):
    """The example company, spoiled in nine places; the files and rows named are those that were spoiled."""
    folder = tmp_path / "plan"
    assert type_in("init", str(folder)).exit_code == 0
    data, scenarios = folder / "data", folder / "scenarios"
    (data / "drivers.csv").unlink()
    spoil(data / "moves.csv", "from_role,to_role", "原岗位,目标岗位")
    lines = (data / "people.csv").read_text(encoding="utf-8").splitlines()
    hired = lines[0].split(",").index("hire_date")
    late = ["2099-01-01" if number == hired else cell for number, cell in enumerate(lines[5].split(","))]
    (data / "people.csv").write_text(
        "\n".join([*lines[:5], ",".join(late), *lines[6:], lines[1]]) + "\n", encoding="utf-8"
    )
    rows = (data / "programmes.csv").read_text(encoding="utf-8").splitlines()
    role = rows[1].split(",")[rows[0].split(",").index("to_role")]
    spoil(data / "programmes.csv", f",{role},", f",{role}x,")
    amount = (data / "budget.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[-1]
    spoil(data / "budget.csv", amount, "a lot")
    (scenarios / "growth.yaml").write_text("title: Growth\nwhy: x\nextends: base\ndemand:\n  levle: high\n")
    (scenarios / "a.yaml").write_text("title: A\nwhy: x\nextends: b\n")
    (scenarios / "b.yaml").write_text("title: B\nwhy: x\nextends: a\n")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    for command in ("check", "run"):
        done = start(command, *(["--json"] if command == "check" else []), cwd=folder)
        assert done.returncode == 2
        for named in (
            "drivers.csv",
            "原岗位",
            f"row {len(lines) + 1}, person",
            "2099-01-01",
            f"'{role}x'",
            "'a lot'",
            "levle",
            "a.yaml",
        ):
            assert named in done.stderr
        assert "Traceback" not in done.stderr
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
        if command == "check":
            assert all(
                set(fault) == {"file", "row", "column", "value", "rule", "mend"} for fault in json.loads(done.stdout)
            )
