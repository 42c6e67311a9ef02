"""What is declared is what is used, pinned and offered to conda users. Witness: `packaging` reads every requirement."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import workforce

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = [Requirement(text) for text in PROJECT["dependencies"]]
FOR_TESTS = [Requirement(text) for text in PROJECT["optional-dependencies"]["test"]]

IMPORT_NAMES = {"ruamel-yaml": "ruamel", "python-calamine": "python_calamine", "pyyaml": "yaml"}
# Needed without being imported: solvers and kernels found by name, file formats behind pandas, tools started.
USED_UNSEEN = {"highspy", "ipykernel", "jupyterlab", "pyarrow", "xlsxwriter", "python-calamine", "ruff", "mypy"}
OPTIONAL = {"sqlalchemy"}  # asked for in words where a database address is given


def read_pins() -> dict[str, set[str]]:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    pins: dict[str, set[str]] = {}
    for name, version in re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)", text):
        pins.setdefault(canonicalize_name(name), set()).add(version)
    return pins


def find_imported(folder: Path) -> set[str]:
    """Top names of what the Python files below `folder` import from elsewhere."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"workforce"}


def import_name(requirement: Requirement) -> str:
    name = canonicalize_name(requirement.name)
    return IMPORT_NAMES.get(name, name.replace("-", "_"))


def test_every_requirement_is_pinned_within_its_bound():
    pins = read_pins()
    outside = {
        str(wish): pins.get(canonicalize_name(wish.name))
        for wish in NEEDED + FOR_TESTS
        if not pins.get(canonicalize_name(wish.name))
        or not all(wish.specifier.contains(pin) for pin in pins[canonicalize_name(wish.name)])
    }
    assert outside == {}


def test_pins_are_hashed_and_name_no_address():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    blocks = re.split(r"(?m)^(?=[A-Za-z])", text)[1:]
    assert len(blocks) > 50
    assert [block for block in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}", block)] == []


def test_conda_is_offered_the_same_bounds():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    offered = {Requirement(entry) for entry in listed if isinstance(entry, str)}
    bounds = {canonicalize_name(wish.name): wish.specifier for wish in offered}
    bounds.pop("pip")
    assert bounds.pop("python") == Requirement(f"python{PROJECT['requires-python']}").specifier
    assert bounds == {canonicalize_name(wish.name): wish.specifier for wish in NEEDED + FOR_TESTS}
    assert {"pip": ["-e ."]} in listed


def test_bounds_are_lower_bounds():
    """An upper bound needs a reason: PuLP 4 ships no CBC and has another interface."""
    capped = {wish.name for wish in NEEDED if any(part.operator in ("<", "<=", "==", "~=") for part in wish.specifier)}
    assert capped == {"pulp"}
    assert all(any(part.operator == ">=" for part in wish.specifier) for wish in NEEDED + FOR_TESTS)


def test_what_is_imported_is_declared_and_what_is_declared_is_used():
    in_package, in_tests = find_imported(ROOT / "workforce"), find_imported(ROOT / "tests")
    declared, for_tests = {import_name(wish) for wish in NEEDED}, {import_name(wish) for wish in FOR_TESTS}
    assert in_package - declared == OPTIONAL
    local = {path.stem for path in (ROOT / "tests").rglob("*.py")} | {"tests"}
    assert in_tests - declared - for_tests - local == set()
    unseen = {IMPORT_NAMES.get(name, name) for name in USED_UNSEEN}
    assert declared - in_package - unseen == set()
    assert for_tests - in_tests - in_package - unseen == set()


def test_version_licence_and_changelog_agree():
    assert PROJECT["version"] == workforce.__version__
    assert f"## {workforce.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PROJECT["license"] == "MIT"
    assert "Copyright (c) 2026 The Workforce Planning Workbench contributors" in licence


def test_the_readme_opens_with_the_two_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    opening = text[: text.index("##")]
    assert opening.index("python -m workforce run") < opening.index("python -m workforce test")
    pictures = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert pictures
    assert [picture for picture in pictures if not (ROOT / picture).is_file()] == []


def test_the_readme_names_only_commands_there_are():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    typed = set(re.findall(r"(?m)(?:^    .*-m |^    |`|`python -m )workforce ([a-z]+)", text))
    offered = subprocess.run([sys.executable, "-m", "workforce", "--help"], cwd=ROOT, capture_output=True, text=True)
    assert typed
    assert typed <= set(re.findall(r"(?m)^  ([a-z]+) ", offered.stdout))


@pytest.mark.long
def test_a_wheel_carries_fonts_and_the_example(tmp_path):
    """Asks the package index for the build tool."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    for wanted in ("example/data/roles.csv", "example/scenarios/base.yaml", "report/fonts/OFL.txt"):
        assert f"workforce/{wanted}" in names
    assert [name for name in names if re.fullmatch(r"workforce/example/notebooks/\w+\.ipynb", name)]
    assert [name for name in names if re.match(r"workforce/report/fonts/.*\.(otf|ttf)", name)]
