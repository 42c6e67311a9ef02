"""The house holds: imports run down, no circles, no long files, bare notebooks, the public names.

Witness of the import rules: the syntax tree of each file, read here, against the floors written in README.md. Each
rule is also shown a file that breaks it.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

import workforce

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "workforce"
FLOORS = ("errors", "inputs", "forecast", "simulate", "optimise", "measure", "report", "pipeline", "terminal", "cli")
OUTSIDE = {"workforce", "workforce.__main__", "workforce._bootstrap"}  # door and doorstep, on no floor
LONGEST = 400

PUBLIC_NAMES = [
    "InputError",
    "RunError",
    "import_extracts",
    "check_cases",
    "read_case",
    "forecast_demand",
    "fit_attrition",
    "tabulate_spells",
    "fit_survival",
    "compare_survival",
    "fit_mobility",
    "describe_dynamics",
    "project_stocks",
    "forecast_stocks",
    "describe_chain",
    "find_steady_state",
    "measure_gap",
    "backtest",
    "simulate_careers",
    "optimise_plan",
    "explain_plan",
    "stress_plan",
    "run",
    "write_run",
    "read_run",
    "compare_runs",
    "read_comparison",
    "read_backtest",
    "read_sensitivity",
]


# --- imports -------------------------------------------------------------------------------------------------------


def read_imports(package: Path) -> dict[str, set[str]]:
    """Which modules of the package each module imports, inside functions too."""
    modules = {name_of(path, package): path for path in package.rglob("*.py") if "example" not in path.parts}
    return {name: find_imports(path, name, set(modules)) for name, path in modules.items()}


def name_of(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def find_imports(path: Path, name: str, modules: set[str]) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: a relative import hides the floor it comes from"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return {module for module in found & modules if module != name} - {"workforce"}


def floor_of(module: str) -> int:
    room = module.split(".")[1]
    assert room in FLOORS, f"{module}: {room} is no room of the house"
    return FLOORS.index(room)


def find_upward(imports: dict[str, set[str]]) -> list[str]:
    """Imports that run up, or back out through the door."""
    return [
        f"{module} imports {other}"
        for module, others in sorted(imports.items())
        if module not in OUTSIDE
        for other in sorted(others)
        if other in OUTSIDE or floor_of(other) > floor_of(module)
    ]


def find_circle(imports: dict[str, set[str]]) -> list[str]:
    """One circle of modules, or nothing. A package's __init__ counts as a module."""
    done: set[str] = set()

    def follow(module: str, way: list[str]) -> list[str]:
        if module in way:
            return [*way[way.index(module) :], module]
        if module not in done:
            for other in sorted(imports[module]):
                if circle := follow(other, [*way, module]):
                    return circle
            done.add(module)
        return []

    return next((circle for module in sorted(imports) if (circle := follow(module, []))), [])


def test_imports_only_run_down():
    assert find_upward(read_imports(PACKAGE)) == []


def test_no_files_import_each_other():
    assert find_circle(read_imports(PACKAGE)) == []


def test_the_rules_on_imports_can_fail(tmp_path):
    house = tmp_path / "workforce"
    for room in ("inputs", "report"):
        (house / room).mkdir(parents=True)
    (house / "__init__.py").write_text("")
    (house / "inputs" / "tables.py").write_text("def read():\n    from workforce.report import words\n")
    (house / "report" / "words.py").write_text("import workforce.inputs.tables\nfrom workforce.report import runs\n")
    (house / "report" / "runs.py").write_text("from workforce.report.words import say\n")
    imports = read_imports(house)
    assert find_upward(imports) == ["workforce.inputs.tables imports workforce.report.words"]
    imports["workforce.inputs.tables"] = set()
    assert find_circle(imports) == ["workforce.report.runs", "workforce.report.words", "workforce.report.runs"]


def test_the_front_door_needs_nothing_installed():
    """-S hides every installed package: the bootstrap runs before there is one."""
    code = "import workforce, workforce._bootstrap, sys; print(workforce.__version__)"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, workforce.__version__), done.stderr


# --- the public names ----------------------------------------------------------------------------------------------


def test_public_names_are_pinned():
    assert workforce.__all__ == PUBLIC_NAMES


@pytest.mark.parametrize("name", PUBLIC_NAMES)
def test_public_name_opens_and_says_its_contract(name):
    assert (getattr(workforce, name).__doc__ or "").strip()


def test_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="plan_optimally"):
        workforce.plan_optimally  # noqa: B018


# --- files ---------------------------------------------------------------------------------------------------------


def test_no_file_is_too_long():
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_files_are_named_for_their_question():
    names = {path.stem for path in PACKAGE.rglob("*.py")}
    assert names.isdisjoint({"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"})


def find_printing(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in calls if call == "print" or re.match(r"sys\.std(out|err)\.write", call)]


def test_only_the_commands_print(tmp_path):
    speakers = {path.name for path in PACKAGE.rglob("*.py") if find_printing(path)}
    assert speakers <= {"cli.py", "terminal.py", "_bootstrap.py"}
    loud = tmp_path / "loud.py"
    loud.write_text("def f():\n    print('x')\n    sys.stdout.write('y')\n")
    assert find_printing(loud) == ["print", "sys.stdout.write"]


@pytest.mark.parametrize("where", ["data", "scenarios", "tests", "workforce", "notebooks"])
def test_no_file_names_the_machine_it_was_made_on(where):
    """Addresses of home folders and work folders have no meaning for a reader elsewhere."""
    trace = re.compile(r"(/home/\w|/root/|/opt/\w|/work/\w|C:\\Users)")
    texts = [path for path in (ROOT / where).rglob("*") if path.suffix in {".py", ".yaml", ".yml", ".md", ".ipynb"}]
    found = [path.name for path in texts if path != Path(__file__) and trace.search(path.read_text(encoding="utf-8"))]
    assert found == []


# --- notebooks -----------------------------------------------------------------------------------------------------

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def find_breaches(path: Path) -> list[str]:
    """What in a notebook breaks the house's rules, each with its cell."""
    text = path.read_text(encoding="utf-8")
    book = nbformat.reads(text, as_version=4)
    breaches = [] if text == nbformat.writes(book) + "\n" else ["not as nbformat writes it: save it with nbformat"]
    if set(book.metadata) != {"kernelspec"}:
        breaches.append(f"metadata beside kernelspec: {sorted(set(book.metadata) - {'kernelspec'})}")
    if sum("parameters" in cell.metadata.get("tags", []) for cell in book.cells) != 1:
        breaches.append("needs exactly one cell tagged parameters")
    return breaches + [f"{cell.id}: {breach}" for cell in book.cells for breach in find_cell_breaches(cell)]


def find_cell_breaches(cell: nbformat.NotebookNode) -> list[str]:
    breaches = []
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", cell.id) or re.fullmatch(r"[0-9a-f]{8}", cell.id):
        breaches.append("the id is no name")
    if cell.cell_type != "code":
        return breaches
    if cell.outputs or cell.execution_count is not None:
        breaches.append("has outputs or a count; strip it, keeping the ids")
    if len(cell.source.splitlines()) > 10:
        breaches.append("more than ten lines")
    banned = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.AsyncFor)
    tree = ast.parse(cell.source)
    if any(isinstance(node, banned) for node in ast.walk(tree)):
        breaches.append("defines or loops; that belongs in the library")
    if "parameters" in cell.metadata.get("tags", []):
        lines = cell.source.splitlines()
        for node in tree.body:
            if not isinstance(node, ast.AnnAssign) or "#" not in lines[node.lineno - 1]:
                breaches.append(f"parameter without type or comment: {lines[node.lineno - 1]}")
    return breaches


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 2


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_bare_and_keeps_the_rules(path):
    assert find_breaches(path) == []


def test_the_rules_on_notebooks_can_fail(tmp_path):
    book = nbformat.v4.new_notebook(
        metadata={"language_info": {"name": "python"}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )
    book.cells = [
        nbformat.v4.new_code_cell("scenario = 'base'", id="settings", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("for x in []:\n    pass", id="0a1b2c3d", execution_count=3),
        nbformat.v4.new_code_cell("\n".join("x = 1" for _ in range(11)), id="long-cell"),
    ]
    path = tmp_path / "bad.ipynb"
    path.write_text(nbformat.writes(book, indent=2), encoding="utf-8")
    text = "\n".join(find_breaches(path))
    for word in ("nbformat", "language_info", "without type", "no name", "a count", "loops", "ten lines"):
        assert word in text
