"""The bootstrap, run for real on a tiny checkout whose one dependency is a wheel made here; no network is asked.

Witnesses: `packaging` for versions, pip's own hash check, exit codes of real processes.
"""

import hashlib
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from workforce import _bootstrap as bootstrap

ROOT = Path(__file__).resolve().parents[1]
RELEASES = st.lists(st.integers(0, 12), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


# --- what is needed and what is there ------------------------------------------------------------------------------


@given(RELEASES, st.sampled_from([">=", "<=", "==", ">", "<"]), RELEASES)
def test_bounds_hold_as_packaging_says(version, sign, limit):
    assert bootstrap.holds(version, sign + limit) == SpecifierSet(sign + limit).contains(version)


def test_requirements_are_those_packaging_reads():
    plain = bootstrap.read_requirements(ROOT)
    with_tests = bootstrap.read_requirements(ROOT, extra="test")
    assert {Requirement(text).name for text in with_tests} - {Requirement(text).name for text in plain} >= {"pytest"}
    assert all(not Requirement(text).marker and not Requirement(text).extras for text in with_tests)


def test_lacking_is_what_is_absent_or_too_old():
    wishes = ["pytest>=1", "pytest>=9999", "pytest<1", "surely-not-installed-anywhere>=1", "PyTest"]
    assert bootstrap.find_lacking(wishes) == ["pytest>=9999", "pytest<1", "surely-not-installed-anywhere>=1"]


def test_outside_a_checkout_nothing_is_done(tmp_path):
    assert bootstrap.prepare(["run"], root=tmp_path) is None
    assert list(tmp_path.iterdir()) == []


# --- an old Python -------------------------------------------------------------------------------------------------


def test_an_old_python_is_refused_in_words():
    code = "import sys; sys.version_info = (3, 9, 18); import runpy; runpy.run_module('workforce', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; this is Python 3.9" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_what_an_old_python_reads_has_no_new_syntax(name):
    """Both files are read before the refusal; f-strings, annotations and the walrus are SyntaxErrors somewhere below."""
    import ast

    tree = ast.parse((ROOT / "workforce" / name).read_text(encoding="utf-8"), feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert not [node.name for node in functions if node.returns or any(a.annotation for a in node.args.args)]


# --- a tiny checkout -----------------------------------------------------------------------------------------------


@pytest.fixture
def checkout(tmp_path):
    """A checkout in a folder with a blank and Chinese in its name; its command says "done" and ends with code 7."""
    root = tmp_path / "规划 plan"
    (root / "workforce").mkdir(parents=True)
    for name in ("__init__.py", "__main__.py", "_bootstrap.py"):
        (root / "workforce" / name).write_bytes((ROOT / "workforce" / name).read_bytes())
    (root / "workforce" / "cli.py").write_text(
        "import sys\ndef main():\n    import tiny_need\n    print('done', tiny_need.value, *sys.argv[1:])\n    return 7\n"
    )
    wheel = write_wheel(tmp_path / "wheels", "tiny_need", "1.5")
    (root / "pyproject.toml").write_text(
        '[project]\ndependencies = ["tiny-need>=1.2,<2"]\n[project.optional-dependencies]\ntest = []\n'
    )
    pin(root, wheel)
    return root


def write_wheel(folder: Path, name: str, version: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}.py", f"value = {version!r}\n")
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", "")
    return path


def pin(root: Path, wheel: Path) -> None:
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (root / "requirements.txt").write_text(f"tiny-need==1.5 \\\n    --hash=sha256:{digest}\n")


def start(root: Path, *arguments: str) -> subprocess.Popen:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PIP_EXTRA_INDEX_URL")
    }
    environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": (root.parent / "wheels").as_uri(), "PYTHONUTF8": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [sys.executable, "-m", "workforce", *arguments]
    return subprocess.Popen(command, cwd=root, env=environment, encoding="utf-8", **pipes)


def finish(process: subprocess.Popen) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out.strip(), err


def test_first_run_sets_up_and_later_runs_go_straight_on(checkout):
    code, out, err = finish(start(checkout, "run", "--seed", "3"))
    assert (code, out) == (7, "done 1.5 run --seed 3"), err
    assert "tiny-need" in err
    assert "once" in err
    assert "Traceback" not in err
    assert finish(start(checkout, "run")) == (7, "done 1.5 run", "")

    # from another folder, as a notebook's kernel does: the checkout is on the environment's path
    python = bootstrap.python_of(checkout)
    found = subprocess.run([python, "-c", "import workforce"], cwd=checkout.parent, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr

    # new bounds in pyproject.toml: the stamp no longer fits
    newer = write_wheel(checkout.parent / "wheels", "tiny_need", "1.7")
    digest = hashlib.sha256(newer.read_bytes()).hexdigest()
    (checkout / "requirements.txt").write_text(f"tiny-need==1.7 --hash=sha256:{digest}\n")
    assert finish(start(checkout))[:2] == (7, "done 1.7")

    # a set-up that was cut short, with a package not there: made anew
    stamp = bootstrap.stamp_file(checkout)
    before = stamp.read_text()
    subprocess.run([python, "-m", "pip", "uninstall", "-qy", "tiny-need"], check=True, capture_output=True)
    stamp.write_text(bootstrap.UNFINISHED)
    assert finish(start(checkout))[:2] == (7, "done 1.7")
    assert stamp.read_text() == before


def test_a_wrong_hash_is_not_installed_and_the_ranges_are_tried(checkout):
    (checkout / "requirements.txt").write_text(f"tiny-need==1.5 --hash=sha256:{'0' * 64}\n")
    code, out, err = finish(start(checkout))
    assert (code, out) == (7, "done 1.5")
    assert "trying the ranges of pyproject.toml" in err
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in (checkout / ".venv" / "set-up.log").read_text(encoding="utf-8")


def test_no_package_to_be_had_is_said_in_words_and_leaves_no_stamp(checkout):
    (checkout.parent / "wheels" / "tiny_need-1.5-py3-none-any.whl").unlink()
    code, out, err = finish(start(checkout))
    assert (code, out) == (1, "")
    assert "could not be installed" in err
    assert "tiny-need" in err
    assert "connection" in err
    assert "Traceback" not in err
    assert not bootstrap.is_stamped(checkout)


def test_a_half_made_environment_is_made_anew(checkout):
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "pyvenv.cfg").write_text("home = nowhere\n")
    (checkout / ".venv" / "left-over").write_text("")
    assert finish(start(checkout))[:2] == (7, "done 1.5")
    assert not (checkout / ".venv" / "left-over").exists()


def test_two_first_runs_at_once_set_up_once(checkout):
    first, second = start(checkout, "a"), start(checkout, "b")
    (code_a, out_a, err_a), (code_b, out_b, err_b) = finish(first), finish(second)
    assert (code_a, out_a, code_b, out_b) == (7, "done 1.5 a", 7, "done 1.5 b"), err_a + err_b
    assert (err_a + err_b).count("set up in") == 1
    assert (err_a + err_b).count("waiting for it") == 1


@POSIX
def test_an_interrupted_set_up_leaves_no_stamp_and_no_traceback(checkout):
    process = start(checkout)
    while not bootstrap.stamp_file(checkout).exists():
        time.sleep(0.02)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    code, out, err = finish(process)
    assert (code, out) == (130, "")
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not bootstrap.is_stamped(checkout)
    assert finish(start(checkout))[:2] == (7, "done 1.5")


def test_the_command_inside_is_waited_for_where_it_cannot_take_the_place(checkout, monkeypatch):
    """The way of Windows: a second process, whose exit code is passed on."""
    monkeypatch.setattr(bootstrap, "python_of", lambda root: Path(sys.executable))
    monkeypatch.chdir(checkout)
    (checkout / "workforce" / "cli.py").write_text("def main():\n    return 5\n")
    (checkout / "pyproject.toml").unlink()
    assert bootstrap.run_inside(checkout, [], replace=False) == 5
