"""The notebooks are bare and thin, run as the product runs them, and a failure is never read as a success."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from synthetic_results import make_results

from workforce.report import notebooks
from workforce.report.comparison import compare_runs
from workforce.report.notebooks import NotebookError, check_parameters, execute, export_html, share_kernel
from workforce.report.runs import write_run

FOLDER = Path(__file__).parents[1] / "notebooks"
SOURCES = sorted(FOLDER.glob("*.ipynb"))
KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


def make_notebook(file: Path, *sources: str, parameters: str = "x: int = 1  # a number") -> Path:
    cells = [new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]})]
    cells += [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources, start=1)]
    nbformat.write(new_notebook(cells=cells, metadata=KERNEL), file)
    return file


def test_what_loading_papermill_skips_can_be_loaded_afterwards():
    """It is skipped, not broken, for whoever wants it in the same process."""
    script = (
        "import importlib.util, sys; from workforce.report.notebooks import _load_papermill; _load_papermill()\n"
        "assert 'papermill' in sys.modules and 'rfc3987_syntax' not in sys.modules\n"
        "if importlib.util.find_spec('rfc3987_syntax'): import rfc3987_syntax; rfc3987_syntax.is_valid_syntax\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_there_are_notebooks():
    assert [source.name for source in SOURCES] == [
        "1_scenario_report.ipynb",
        "2_comparison.ipynb",
        "3_backtest.ipynb",
        "4_sensitivity.ipynb",
    ]


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_a_notebook_is_bare(source):
    """Mend: clear all outputs in JupyterLab and save, or ``nbstripout --keep-id``;
    then write the file as json.dumps below does."""
    text = source.read_text(encoding="utf-8")
    found = json.loads(text)
    nbformat.validate(found)
    assert found["metadata"] == KERNEL
    for cell in found["cells"]:
        assert re.fullmatch(r"[a-z][a-z-]*", cell["id"]), "cell ids are names"
        assert set(cell["metadata"]) <= {"tags"}
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
    assert text == json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_a_notebook_is_thin(source):
    cells = [cell for cell in nbformat.read(source, as_version=4).cells if cell.cell_type == "code"]
    parameters = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(parameters) == 1
    for line in parameters[0].source.splitlines():
        assert re.fullmatch(r"\w+: \w+ = .+  # .+", line), "typed, with a comment"
    for cell in cells:
        assert len(cell.source.splitlines()) <= 10
        nodes = list(ast.walk(ast.parse(cell.source)))
        banned = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda, ast.ListComp)
        assert not [node for node in nodes if isinstance(node, banned)], cell.id


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    """Two runs and their comparison, through the production path, in both languages."""
    folder = tmp_path_factory.mktemp("runs")
    for name, hiring in (("base", 1.0), ("growth", 1.4)):
        languages = ("en", "zh") if name == "base" else ()
        write_run(
            make_results(folder / "inputs", name, roles=6, units=3, periods=6, hiring=hiring), folder / name, languages
        )
    compare_runs([folder / "base", folder / "growth"], languages=("en", "zh"))
    return folder


PAGES = ["base/report.html", "base/report.zh.html", "comparison.html", "comparison.zh.html"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_nothing_of_any_network(run_folder, page):
    text = (run_folder / page).read_text(encoding="utf-8")
    assert "<script" not in text and "<link" not in text and "@import" not in text
    for place in re.findall(r"""(?:src|href)\s*=\s*["']?([^"'\s>]+)""", text):
        assert place.startswith(("data:image/", "#")), place[:80]
    for place in re.findall(r"url\(([^)]{1,60})", text):
        assert place.strip("\"'").startswith(("data:", "#")), place
    assert "http://" not in re.sub("http://www.w3.org[^\"' ]*", "", text) and "https://" not in text


@pytest.mark.parametrize(("page", "language"), list(zip(PAGES, ["en", "zh-CN"] * 2, strict=True)))
def test_a_page_names_its_language_and_title_and_shows_no_code(run_folder, page, language):
    text = (run_folder / page).read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in text
    title = re.search("<title>(.*?)</title>", text)[1]
    assert title == ("Base plan" if "report" in page else {"en": "Scenarios compared"}.get(language, "情景对比"))
    assert "report.draw_" not in text and "folder" not in re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)
    assert re.findall('<img alt="[^"]+"', text) and text.count("<img") == len(re.findall('<img alt="[^"]+"', text))


def test_the_chinese_page_is_chinese_throughout(run_folder):
    text = (run_folder / "base/report.zh.html").read_text(encoding="utf-8")
    headings = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", text)
    assert len(headings) == 22
    assert all(re.search("[\u4e00-\u9fff]", heading) for heading in headings)
    for paragraph in re.findall(r'<p class="wf-text">(.*?)</p>', text):
        assert re.search("[\u4e00-\u9fff]", paragraph), paragraph


def test_figures_of_the_page_are_those_of_the_summary(run_folder):
    text = (run_folder / "base/report.html").read_text(encoding="utf-8")
    summary = json.loads((run_folder / "base/summary.json").read_text(encoding="utf-8"))
    assert f"{summary['headcount_start']:,.0f} people" in text
    assert f"{100 * summary['probability_met']:.1f}%" in text


def test_the_executed_notebook_can_be_run_again_where_it_lies_and_names_no_place(run_folder):
    text = (run_folder / "base/report.ipynb").read_text(encoding="utf-8")
    assert str(run_folder) not in text
    injected = [cell for cell in json.loads(text)["cells"] if "injected-parameters" in cell["metadata"].get("tags", [])]
    assert 'folder = "."' in "".join(injected[0]["source"])


def test_nothing_of_the_work_is_left_beside_the_runs(run_folder):
    assert sorted(path.name for path in run_folder.iterdir()) == [
        "base", "comparison.html", "comparison.parquet", "comparison.xlsx", "comparison.zh.html", "growth", "inputs"]  # fmt: skip


@pytest.mark.parametrize(("parameters", "words"), [
    ({"y": 1}, "no parameter 'y'; it has x"),
    ({"x": "thirty"}, "must be int, not 'thirty'"),
    ({"x": True}, "must be int"),
])  # fmt: skip
def test_unknown_and_mistyped_parameters_are_refused_before_anything_runs(tmp_path, parameters, words):
    source = make_notebook(tmp_path / "source.ipynb", "print(x)")
    with pytest.raises(NotebookError, match=words):
        execute(source, tmp_path / "out.ipynb", parameters)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source.ipynb"]
    check_parameters(source, {"x": 2})


@pytest.mark.parametrize(("failing", "words"), [
    ("1 / 0", "ZeroDivisionError: division by zero"),
    ("import os, signal\nos.kill(os.getpid(), 9)", "kernel died"),
    ("import sys\nsys.exit(0)", "SystemExit|stopped before"),
    ("import time\ntime.sleep(60)", "longer than allowed"),
], ids=["exception", "killed", "exit", "timeout"])  # fmt: skip
def test_a_notebook_that_does_not_end_is_a_failure_that_names_its_cell(tmp_path, failing, words):
    if "SIGKILL" in words and os.name == "nt":
        pytest.skip("no signals")
    source = make_notebook(tmp_path / "source.ipynb", "before = 1", failing, "after = 1")
    (tmp_path / "out.ipynb").write_text("an old good one", encoding="utf-8")
    with pytest.raises(NotebookError, match=words) as caught:
        execute(source, tmp_path / "out.ipynb", {"x": 2}, execution_timeout=4 if "sleep" in failing else 60)
    assert caught.value.cell in ("cell-2", "cell-3" if "exit" in failing else "cell-2")
    assert caught.value.stage == "report"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.failed.ipynb", "source.ipynb"]


def test_only_the_error_of_chance_is_tried_again(tmp_path, monkeypatch):
    source = make_notebook(tmp_path / "source.ipynb", "print(x)")
    real, calls = papermill.execute_notebook, []

    def unlucky(*arguments, **options):
        calls.append(1)
        if len(calls) < 3:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return real(*arguments, **options)

    monkeypatch.setattr(papermill, "execute_notebook", unlucky)
    assert execute(source, tmp_path / "out.ipynb", {}).exists() and len(calls) == 3

    def broken(*arguments, **options):
        calls.append(1)
        raise RuntimeError("something else")

    calls.clear()
    monkeypatch.setattr(papermill, "execute_notebook", broken)
    with pytest.raises(NotebookError, match="something else"):
        execute(source, tmp_path / "out.ipynb", {})
    assert len(calls) == 1 and not (tmp_path / "out.ipynb").exists()


def test_a_shared_kernel_is_started_once_and_ends_with_its_block(tmp_path):
    source = make_notebook(tmp_path / "source.ipynb", "import os", "print(os.getpid(), x)")
    told = []
    with share_kernel() as kernel:
        for number in (1, 2):
            executed = execute(source, tmp_path / f"{number}.ipynb", {"x": number}, kernel=kernel)
            told.append(nbformat.read(executed, as_version=4).cells[-1].outputs[0].text.split())
        broken = make_notebook(tmp_path / "broken.ipynb", "1 / 0")
        with pytest.raises(NotebookError, match="ZeroDivisionError"):
            execute(broken, tmp_path / "3.ipynb", {}, kernel=kernel)
    assert told[0][0] == told[1][0] and [process[1] for process in told] == ["1", "2"]
    assert not kernel.has_kernel


def test_the_kernel_is_this_python_whatever_is_installed(tmp_path, monkeypatch, capfd):
    bogus = tmp_path / "jupyter" / "kernels" / "python3"
    bogus.mkdir(parents=True)
    (bogus / "kernel.json").write_text(
        json.dumps({"argv": ["no-such-python"], "display_name": "x", "language": "python"})
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    source = make_notebook(
        tmp_path / "source.ipynb", "import sys, workforce, pathlib", "print(sys.executable, pathlib.Path.cwd().name)"
    )
    executed = execute(source, tmp_path / "out.ipynb", {}, folder=bogus)
    outputs = nbformat.read(executed, as_version=4).cells[-1].outputs
    assert outputs[0].text.split() == [sys.executable, "python3"]
    assert "without encryption" not in "".join(capfd.readouterr())


def test_text_of_data_cannot_become_part_of_the_page(tmp_path):
    source = make_notebook(
        tmp_path / "source.ipynb",
        "from workforce.report.page import Table, Text",
        "Table(('<script>alert(1)</script>',), (('<img src=http://example.invalid/x>',),))",
        "Text('<b>bold</b>')",
    )
    page = export_html(execute(source, tmp_path / "out.ipynb", {}), tmp_path / "out.html", "<i>title</i>")
    text = page.read_text(encoding="utf-8")
    assert (
        "alert(1)</script>" not in text
        and "<img src=http" not in text
        and "<b>bold" not in text
        and "<i>title" not in text
    )


def test_importing_the_report_loads_nothing_heavy():
    import subprocess

    heavy = ("matplotlib", "papermill", "nbconvert", "pandas")
    code = f"import sys, workforce.report; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=FOLDER.parent, check=True)
    assert found.stdout.strip() == "[]"
    assert notebooks.__file__
