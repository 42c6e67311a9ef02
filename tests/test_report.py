"""A run's folder is whole or says it is not; its pictures show what the tables hold; runs are compared figure by figure."""

from __future__ import annotations

import doctest
import hashlib
import io
import itertools
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
import time
import warnings
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from synthetic_results import make_case, make_results

from workforce.errors import InputError, RunError
from workforce.pipeline import run_scenarios
from workforce.report import (
    calendar_page,
    canvas,
    comparison_page,
    figures,
    figures_cost,
    figures_risk,
    folders,
    page_reasons,
    page_tables,
    runs,
    succession_page,
    words,
)
from workforce.report.comparison import COLUMNS, compare_runs, make_comparison, read_comparison
from workforce.report.figures import draw_gap, measure_bridge, measure_leaving
from workforce.report.records import describe_case
from workforce.report.runs import (
    fail_run,
    is_current,
    read_fingerprint,
    read_manifest,
    read_run,
    record_run,
    start_run,
    write_run,
)

PICTURES = {
    "supply and demand": figures.draw_supply_and_demand, "units": figures.draw_units, "gap": figures.draw_gap,
    "gap with plan": lambda run, language: draw_gap(run, language, "plan"), "attrition": figures.draw_attrition,
    "bridge": figures.draw_bridge, "mix": figures.draw_mix, "cost": figures_cost.draw_cost, "budget": figures_cost.draw_budget,
    "stress": figures_risk.draw_stress, "fan": figures_risk.draw_fan,
    "succession": succession_page.draw_succession,
    "calendar": calendar_page.draw_calendar,
}  # fmt: skip


def as_run(results):
    tables = {**results.tables, **describe_case(results.case)}
    knobs = {"privacy.minimum_group": 5, "why": results.case.assumptions.why}
    return SimpleNamespace(summary=results.summary, tables=tables, knobs=knobs, manifest={"seed": 1})


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    return as_run(make_results(tmp_path_factory.mktemp("large"), roles=45, units=6, periods=36))


# --- the folder of a run -------------------------------------------------------------------------------------------


def test_a_run_folder_holds_what_was_promised(tmp_path):
    results = make_results(tmp_path, "growth", roles=4, units=2, periods=6)
    run = write_run(results, tmp_path / "runs/growth", languages=())
    assert sorted(path.name for path in run.folder.iterdir()) == [
        "manifest.json",
        "plan.xlsx",
        "results",
        "scenario.yaml",
        "summary.json",
    ]
    manifest = json.loads((run.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["status"] == "done" and manifest["scenario"] == "growth"
    assert manifest["seed"] == 20260101 and manifest["paths"] == 200 and manifest["start"] <= manifest["end"]
    assert manifest["seconds"]["optimise"] == 0.3 and manifest["seconds"]["workbook"] > 0
    assert "python" in manifest["versions"] and "pandas" in manifest["versions"]
    witness = hashlib.sha256((tmp_path / "data/roles.csv").read_bytes()).hexdigest()
    assert manifest["inputs"]["data/roles.csv"] == witness
    assert "scenarios/growth.yaml" in manifest["inputs"]
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["growth"]


def test_the_resolved_scenario_names_the_file_behind_a_value(tmp_path):
    from ruamel.yaml import YAML

    write_run(make_results(tmp_path, roles=3, units=1, periods=3), tmp_path / "run", languages=())
    scenario = YAML(typ="safe").load((tmp_path / "run/scenario.yaml").read_text(encoding="utf-8"))
    assert scenario["time"]["start"] == "2026-01" and scenario["simulation"]["paths"] == 200
    assert scenario["sources"] == {"time.start": "scenarios/base.yaml"}


def test_a_second_run_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        write_run(make_results(tmp_path, roles=4, units=2, periods=6), tmp_path / name, languages=())
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.parquet")]
    assert len(files) > 15
    for file in [*files, "summary.json", "scenario.yaml", "plan.xlsx"]:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file
    summary = (tmp_path / "one/summary.json").read_text(encoding="utf-8")
    assert list(json.loads(summary)) == sorted(json.loads(summary))


@pytest.mark.parametrize(("freq", "first"), [("M", "2026-01"), ("Q", "2026Q1"), ("Y", "2026")])
def test_periods_are_text_in_the_file_and_periods_when_read(tmp_path, freq, first):
    results = make_results(tmp_path, roles=3, units=1, periods=4, freq=freq)
    run = write_run(results, tmp_path / "run", languages=())
    raw = pd.read_parquet(tmp_path / "run/results/stocks.parquet")
    assert raw["period"].iloc[0] == first
    assert run.tables["stocks"]["period"].iloc[0] == pd.Period(first, freq)
    for name in ("stocks", "gap", "costs", "actions"):
        pd.testing.assert_frame_equal(run.tables[name], results.tables[name].reset_index(drop=True), check_dtype=False)


def test_a_run_says_running_until_it_is_whole_and_nothing_old_stays(tmp_path):
    results = make_results(tmp_path, roles=3, units=1, periods=3)
    folder = tmp_path / "run"
    write_run(results, folder, languages=())
    seen = {}

    def compute(case):
        seen["status"], seen["files"] = read_manifest(folder)["status"], sorted(path.name for path in folder.iterdir())
        return results

    run = record_run(results.case, folder, compute, languages=())
    assert seen == {"status": "running", "files": ["manifest.json", "scenario.yaml"]}
    assert run.status == "done" and run.name == "base"


def test_a_failed_run_says_where_and_leaves_no_old_result(tmp_path):
    results = make_results(tmp_path, roles=3, units=1, periods=3)
    folder = tmp_path / "run"
    write_run(results, folder, languages=())

    def compute(case):
        raise RunError("optimise", "the solver stopped")

    with pytest.raises(RunError):
        record_run(results.case, folder, compute, languages=())
    manifest = read_manifest(folder)
    assert (manifest["status"], manifest["stage"], manifest["error"]) == ("failed", "optimise", "the solver stopped")
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "scenario.yaml"]
    assert read_run(folder).status == "failed"


def test_a_failing_notebook_leaves_what_was_finished_and_names_its_cell(tmp_path):
    import nbformat

    results = make_results(tmp_path, roles=3, units=1, periods=3)
    cells = [nbformat.v4.new_code_cell('folder: str = ""  # folder\nlanguage: str = ""  # language', id="parameters",
                                       metadata={"tags": ["parameters"]}),
             nbformat.v4.new_code_cell("raise KeyError('gap')", id="gap-picture")]  # fmt: skip
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), tmp_path / "broken.ipynb")
    with pytest.raises(RunError, match="KeyError"):
        write_run(results, tmp_path / "run", languages=("en",), notebook=tmp_path / "broken.ipynb")
    manifest = read_manifest(tmp_path / "run")
    assert (manifest["status"], manifest["stage"], manifest["cell"]) == ("failed", "report", "gap-picture")
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert {"report.failed.ipynb", "plan.xlsx", "results", "summary.json"} <= names
    assert "report.html" not in names and "report.ipynb" not in names


def test_nothing_about_a_person_is_written(tmp_path):
    results = make_results(tmp_path, roles=3, units=1, periods=3)
    bad = replace(results, tables={**results.tables, "leak": pd.DataFrame({"person": ["E0001"], "score": [3]})})
    with pytest.raises(RunError, match="person"):
        write_run(bad, tmp_path / "run", languages=())
    assert read_manifest(tmp_path / "run")["status"] == "failed"
    assert b"E0001" not in b"".join(path.read_bytes() for path in (tmp_path / "run").rglob("*") if path.is_file())


def test_missing_numbers_are_null_in_the_summary(tmp_path):
    results = make_results(tmp_path, roles=3, units=1, periods=3)
    results.summary["turnover_by_year"] = {"2026": float("nan")}
    run = write_run(results, tmp_path / "run", languages=())
    assert run.summary["turnover_by_year"] == {"2026": None}


def test_a_run_is_current_only_while_nothing_it_follows_from_changes(tmp_path):
    results = make_results(tmp_path, roles=3, units=1, periods=3)
    folder = tmp_path / "run"
    assert not is_current(folder, read_fingerprint(results.case, ()))
    write_run(results, folder, languages=())
    same = read_fingerprint(results.case, ())
    assert is_current(folder, same)
    assert not is_current(folder, {**same, "seed": 2}) and not is_current(folder, {**same, "paths": 7})
    assert not is_current(folder, read_fingerprint(results.case, ("en",)))
    (tmp_path / "data/roles.csv").write_text("role,unit\nwelder,Paint\n", encoding="utf-8")
    assert not is_current(folder, read_fingerprint(results.case, ()))
    assert is_current(folder, same)
    (folder / "plan.xlsx").unlink()
    assert not is_current(folder, same)


def test_sheets_of_one_workbook_are_one_input(tmp_path):
    case = make_case(tmp_path)
    (tmp_path / "data/tables.xlsx").write_bytes(b"as if")
    place = (tmp_path / "data/tables.xlsx").as_posix()
    tables = SimpleNamespace(files={"roles": f"{place} [roles]", "people": f"{place} [people]"})
    inputs = read_fingerprint(replace(case, tables=tables), ())["inputs"]
    assert inputs["data/tables.xlsx"] == hashlib.sha256(b"as if").hexdigest()


def test_a_folder_without_a_run_is_refused_in_words(tmp_path):
    with pytest.raises(RunError, match="holds no run"):
        read_run(tmp_path)
    (tmp_path / "manifest.json").write_text("{half", encoding="utf-8")
    with pytest.raises(RunError, match="holds no run"):
        read_run(tmp_path)
    fail_run(tmp_path, "read", "spoilt")
    assert read_run(tmp_path).status == "failed"


def test_starting_a_run_again_removes_what_is_left_of_a_killed_one(tmp_path):
    case = make_case(tmp_path)
    (tmp_path / ".run.new").mkdir()
    (tmp_path / ".run.new/rubbish").write_text("x", encoding="utf-8")
    start_run(case, tmp_path / "run", ())
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["manifest.json", "scenario.yaml"]


# --- the place of a run --------------------------------------------------------------------------------------------


@pytest.fixture
def other():
    """A process that is alive, as another run would be."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"])
    yield process
    process.kill()
    process.wait()


def write_lock(folder, process, **changes):
    content = {"process": process, "born": folders._find_birth(process) or "", "host": platform.node(),
               "since": "2026-03-01T14:03:22+01:00"}  # fmt: skip
    folder.parent.mkdir(exist_ok=True)
    lock = folder.with_name(f".{folder.name}.lock")
    lock.write_text(json.dumps(content | changes), encoding="utf-8")
    return lock


def test_a_second_run_into_a_folder_says_so_and_leaves_the_first_alone(tmp_path, other):
    results = make_results(tmp_path, roles=3, units=1, periods=3)
    folder = tmp_path / "runs/base"
    write_run(results, folder, languages=())
    lock = write_lock(folder, other.pid)
    partial = folders.make_sibling(folder, "partial")
    before = (folder / "manifest.json").read_bytes(), lock.read_bytes()
    words = rf"another run is writing .*runs/base \(process {other.pid}, since 2026-03-01 14:03:22\)$"
    with pytest.raises(RunError, match=words):
        record_run(results.case, folder, lambda case: results, languages=())
    with pytest.raises(RunError, match=words):
        write_run(results, folder, languages=())
    assert ((folder / "manifest.json").read_bytes(), lock.read_bytes()) == before and partial.is_dir()


def test_the_lock_of_a_dead_process_does_not_hold(tmp_path, other):
    results = make_results(tmp_path, roles=3, units=1, periods=3)
    folder = tmp_path / "runs/base"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    write_lock(folder, dead.pid, born="")
    (folder.parent / f".base.partial.{dead.pid}-0123abcd").mkdir()
    (folder.parent / ".base.partial").mkdir()
    (folder.parent / ".base.partial.more.partial.1-0123abcd").mkdir()  # of another scenario
    assert write_run(results, folder, languages=()).status == "done"
    assert sorted(path.name for path in folder.parent.iterdir()) == [".base.partial.more.partial.1-0123abcd", "base"]
    lock = write_lock(folder, other.pid, born="another process had this number")
    if folders._find_birth(other.pid):
        assert write_run(results, folder, languages=()).status == "done" and not lock.exists()
    lock.write_text("", encoding="utf-8")  # of one that was killed while it wrote it
    assert write_run(results, folder, languages=()).status == "done" and not lock.exists()


def test_a_lock_of_another_machine_holds_and_says_how_to_end_it(tmp_path, other):
    write_lock(tmp_path / "runs/base", 1, host="elsewhere")
    with (
        pytest.raises(folders.FolderInUse, match=r"on the machine elsewhere; .* remove .*\.base\.lock"),
        folders.hold_folder(tmp_path / "runs/base", patience=0),
    ):
        pass


def test_of_many_that_find_a_stale_lock_one_at_a_time_holds(tmp_path):
    """Threads of one process stand for processes: a lock is of one thread."""
    folder = tmp_path / "runs/base"
    write_lock(folder, 2**22 + 1, born="")
    inside, most, errors = [], [], []

    def hold():
        try:
            with folders.hold_folder(folder, patience=30):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.01)
                inside.pop()
        except RunError as error:
            errors.append(error)

    threads = [threading.Thread(target=hold) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == [] and most == [1] * 8 and list(folder.parent.iterdir()) == []


@pytest.mark.parametrize("stage", ["write", "workbook"])
def test_an_interrupted_run_says_so_and_leaves_nothing_beside(tmp_path, stage):
    results = make_results(tmp_path, roles=3, units=1, periods=3)

    def tell(text):
        if text == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_run(results, tmp_path / "runs/base", languages=(), tell=tell)
    manifest = read_manifest(tmp_path / "runs/base")
    assert (manifest["status"], manifest["stage"], manifest["error"]) == (
        "failed",
        "interrupted",
        "stopped by the user",
    )
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["base"]


def test_a_run_with_a_file_missing_is_not_done(tmp_path, monkeypatch):
    results = make_results(tmp_path, roles=3, units=1, periods=3)
    monkeypatch.setattr(runs, "_write_workbook", lambda partial: None)
    with pytest.raises(RunError, match=r"plan\.xlsx of the run disappeared"):
        write_run(results, tmp_path / "run", languages=())
    assert read_manifest(tmp_path / "run")["status"] == "failed"
    monkeypatch.setattr(runs, "_write_workbook", shutil.rmtree)
    with pytest.raises(RunError, match=r"disappeared"):
        write_run(results, tmp_path / "run", languages=())
    assert read_manifest(tmp_path / "run")["status"] == "failed"


def test_a_folder_for_runs_that_cannot_be_used_is_found_before_the_work(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs/base").write_text("x", encoding="utf-8")
    for place in ("file", "file/below/it"):
        (fault,) = folders.check_out(tmp_path / place)
        assert fault.file == "--out" and "is a file" in fault.rule and fault.mend
    (fault,) = folders.check_out(tmp_path / "runs", ["base", "growth"])
    assert fault.value.endswith("base")
    assert folders.check_out(tmp_path / "new/deep") == [] and not (tmp_path / "new").exists()
    with pytest.raises(InputError, match="--out"):
        run_scenarios([tmp_path / "none.yaml"], tmp_path / "data", tmp_path / "file")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="who may write everywhere")
def test_a_folder_that_may_not_be_written_is_a_fault(tmp_path):
    tmp_path.chmod(0o500)
    try:
        assert "permission denied" in folders.check_out(tmp_path / "runs")[0].rule
    finally:
        tmp_path.chmod(0o700)


def test_one_file_twice_is_one_scenario_and_two_of_one_name_are_a_fault(tmp_path):
    for place in ("scenarios", "alt"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "base.yaml").write_text("why: x", encoding="utf-8")
    base, growth, alt = tmp_path / "scenarios/base.yaml", tmp_path / "growth.yaml", tmp_path / "alt/base.yaml"
    twice = [base, growth, tmp_path / "alt/../scenarios/base.yaml", base]
    assert folders.check_names(twice) == ([base, growth], [])
    kept, (fault,) = folders.check_names([base, alt, growth])
    assert kept == [base, growth] and fault.file == str(alt) and str(base) in fault.rule and fault.mend
    with pytest.raises(InputError, match="has the name of"):
        run_scenarios([base, alt], tmp_path / "data", tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


# --- pictures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_every_glyph_and_a_description(large, name, language):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = PICTURES[name](large, language)
        png, about = picture._repr_png_()
    assert png.startswith(b"\x89PNG") and about["alt"]
    assert about["width"] == 950


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_drawn_once_is_what_matplotlib_saves(large, name):
    """Witness: matplotlib's own savefig, which draws twice."""
    shown, _ = PICTURES[name](large, "zh")._repr_png_()
    saved, written = PICTURES[name](large, "zh"), io.BytesIO()
    saved.savefig(written, format="png", dpi=160, metadata={"Software": None}, pil_kwargs={"compress_level": 3})
    assert shown == written.getvalue()


@pytest.mark.parametrize("freq", ["Q", "Y"])
@pytest.mark.parametrize("name", PICTURES)
def test_pictures_of_quarters_and_years(tmp_path, name, freq):
    run = as_run(make_results(tmp_path, roles=3, units=1, periods=5, freq=freq))
    assert PICTURES[name](run, "zh")._repr_png_()[0]


@pytest.mark.parametrize(("language", "nobody"), [("en", "nobody"), ("zh", "无人")])
def test_succession_and_pools_in_words(large, language, nobody):
    posts = succession_page.show_succession(large, language)
    assert posts.rows[0][:3] == ("head of section 1", nobody, "0 / 0") and posts.rows[0][5] == "96%"
    assert posts.rows[2][3] == "–"  # a post that never fell vacant
    told = str(succession_page.show_bench(large, language))
    assert "head of section 1" in told and "96%" in told and "head of section 3" in told
    pools = {row[0]: row[1:] for row in succession_page.show_pools(large, language).rows}
    assert pools["M · M1"] == ("80", "0", "0", "8", *["8"] * 5)
    assert set(pools["M · M3"]) == {words.label("withheld", language)}


@pytest.mark.parametrize(("name", "table"), [("attrition", "attrition"), ("budget", "budget"), ("stress", "stress"),
                                            ("succession", "succession"), ("mix", "actions"), ("fan", "supply")])  # fmt: skip
def test_a_part_that_is_switched_off_has_no_picture(large, name, table):
    without = SimpleNamespace(summary=large.summary, tables={**large.tables, table: large.tables[table].iloc[:0]})
    assert PICTURES[name](without, "en") is None


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", PICTURES)
def test_labels_of_an_axis_do_not_overlap(large, name, language):
    picture = PICTURES[name](large, language)
    picture.draw_without_rendering()
    for axes in picture.axes:
        for labels, side in ((axes.get_yticklabels(), "y"), (axes.get_xticklabels(), "x")):
            boxes = [text.get_window_extent() for text in labels if text.get_text() and text.get_visible()]
            spans = sorted((box.y0, box.y1) if side == "y" else (box.x0, box.x1) for box in boxes)
            for (_, end), (start, _) in itertools.pairwise(spans):
                assert end <= start + 1.0, (name, side, [text.get_text() for text in labels])
        frame = picture.bbox
        for text in [*axes.get_yticklabels(), axes.title, axes.xaxis.label, axes.yaxis.label]:
            if text.get_text() and text.get_visible() and axes.get_visible():
                box = text.get_window_extent()
                assert box.x0 >= frame.x0 - 1 and box.x1 <= frame.x1 + 1, (name, text.get_text())


def test_many_roles_stay_readable_and_none_is_lost(large):
    picture = draw_gap(large, "en")
    rows = [label.get_text() for label in picture.axes[0].get_yticklabels()]
    assert len(rows) == 16 and rows[-1] == "30 others: average; right: sum"
    gap = large.tables["gap"]
    total = gap.loc[gap["reading"] == "expected", "shortage"].sum() / 12
    shown = [text.get_text().replace(",", "") for text in picture.axes[0].texts]
    written = [float(text) for text in shown if re.fullmatch(r"\d+\.\d", text)]
    assert len(written) == 16 and sum(written) == pytest.approx(total, abs=1.0)


def test_leaving_rates_are_exact_poisson(tmp_path):
    """Garwood's interval, from the chi-square quantiles of another library."""
    from scipy.stats import chi2

    cells = pd.DataFrame({
        "group": ["a"] * 4 + ["b"], "role": ["r", "r", "s", "s", "t"], "tenure_from": [0, 0, 0, 0, 0],
        "cause": ["resign", "retire", "resign", "retire", "all"], "rate": [0.1, 0.0, 0.3, 0.0, 0.2],
        "leavers": [7.0, 1.0, np.nan, 2.0, np.nan], "exposure_years": [40.0, 40.0, 10.0, 10.0, np.nan]})  # fmt: skip
    table = measure_leaving(cells, 0.90)
    assert table.loc["a", "rate"] == pytest.approx(8 / 40)
    assert table.loc["a", "low"] == pytest.approx(chi2.ppf(0.05, 16) / 2 / 40)
    assert table.loc["a", "high"] == pytest.approx(chi2.ppf(0.95, 18) / 2 / 40)
    assert table.loc["b", "rate"] == pytest.approx(0.2) and np.isnan(table.loc["b", "low"])
    nobody = measure_leaving(cells[cells["role"] == "r"].assign(leavers=0.0))
    assert nobody.loc["a", "low"] == 0 and nobody.loc["a", "high"] == pytest.approx(-np.log(0.05) / 40)


@pytest.mark.parametrize("reading", ["expected", "plan"])
def test_the_bridge_sums(large, reading):
    stocks = large.tables["stocks"]
    for part in (stocks, stocks[stocks["unit"] == stocks["unit"].iloc[0]]):
        steps = measure_bridge(part[part["reading"] == reading])["amount"]
        assert steps.drop("closing").sum() == pytest.approx(steps["closing"])


# --- words and tables ----------------------------------------------------------------------------------------------


def test_tables_write_what_the_results_hold(large):
    rows = dict(page_tables.show_headline(large, "en").rows)
    assert rows["Headcount at the start"] == f"{large.summary['headcount_start']:,.0f} people"
    flows = page_tables.show_flows(large, "en")
    company = [float(text.replace(",", "")) for text in flows.rows[-1][1:]]
    assert company[0] + company[1] + company[2] - company[3] - company[4] == pytest.approx(company[5], abs=0.35)
    alerts = page_tables.show_alerts(large, "zh")
    assert [row[0] for row in alerts.rows] == ["红", "红", "黄", "黄"]


def test_withheld_indicators_are_said_to_be(large):
    html = page_tables.show_kpis_by_unit(large, "zh")._repr_html_()
    assert "未披露" in html and "nan" not in html.lower()


def test_options_left_aside_for_one_reason_make_one_sentence():
    unused = [json.dumps({"name": name, "cheaper": 9.0, "cost": 5.0}) for name in ("a", "b", "c")]
    table = pd.DataFrame({"key": ["unused_programme"] * 3, "values": unused})
    assert page_reasons.write_sentences(table, "CNY", "en") == (
        "Programmes not used, because they would not pay even for nothing: a, b and c.",)  # fmt: skip
    assert page_reasons.write_sentences(table, "CNY", "zh")[0].endswith("a、b、c。")


def test_a_reason_without_a_sentence_is_shown_plain():
    assert page_reasons.write_reason("brand_new", '{"role": "welder"}', "CNY") == "brand new: role = welder"


@pytest.mark.parametrize("module", [figures, page_tables, canvas])
def test_examples_run(module):
    assert not doctest.testmod(module).failed


# --- comparison ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    folder = tmp_path_factory.mktemp("three")
    for name, hiring in (("freeze", 0.2), ("base", 1.0), ("growth", 1.3)):
        write_run(
            make_results(folder / "inputs", name, roles=6, units=3, periods=6, hiring=hiring),
            folder / "runs" / name,
            languages=(),
        )
    return folder / "runs"


def test_a_comparison_is_the_difference_of_summaries(three):
    table = compare_runs([three / "freeze", three / "base", three / "growth"])
    assert list(table.columns) == COLUMNS
    summaries = {
        name: json.loads((three / name / "summary.json").read_text(encoding="utf-8")) for name in ("base", "freeze")
    }
    row = table[(table["figure"] == "headcount_end") & (table["scenario"] == "freeze")].iloc[0]
    difference = summaries["freeze"]["headcount_end"] - summaries["base"]["headcount_end"]
    assert row["difference"] == pytest.approx(difference) and difference < 0
    assert row["relative"] == pytest.approx(difference / summaries["base"]["headcount_end"])
    assert (table.loc[table["scenario"] == "base", "difference"].dropna() == 0).all()
    assert {path.name for path in three.iterdir()} >= {"comparison.parquet", "comparison.xlsx"}
    read = read_comparison(three)
    assert read.base == "base" and list(read.runs) == ["base", "freeze", "growth"]
    pd.testing.assert_frame_equal(read.table, table, check_dtype=False)


def test_units_of_a_comparison_add_up_to_the_company(three):
    table = compare_runs([three / "base", three / "growth"])
    for scenario, group in table.groupby("scenario"):
        units = group.loc[group["figure"] == "closing", "value"].sum()
        assert units == pytest.approx(group.loc[group["figure"] == "headcount_end", "value"].iloc[0]), scenario


def test_the_comparison_workbook_has_live_differences(three):
    import openpyxl

    compare_runs([three / "base", three / "growth"], languages=())
    live = openpyxl.load_workbook(three / "comparison.xlsx")["Summary"]
    seen = openpyxl.load_workbook(three / "comparison.xlsx", data_only=True)["Summary"]
    assert live["H6"].value == "=G6-F6"
    assert seen["H6"].value == pytest.approx(seen["G6"].value - seen["F6"].value)


def test_runs_that_are_not_done_are_left_out(three, tmp_path):
    fail_run(tmp_path / "failed", "plan", "no plan")
    table = compare_runs([three / "base", tmp_path / "failed"], out=tmp_path)
    assert set(table["scenario"]) == {"base"}
    with pytest.raises(RunError, match="no finished run"):
        compare_runs([tmp_path / "failed"])
    with pytest.raises(RunError, match="no finished run 'growth'; finished are base"):
        compare_runs([three / "base"], base="growth")


def test_runs_in_two_currencies_are_not_compared(three, tmp_path):
    results = make_results(tmp_path, "abroad", roles=3, units=1, periods=3)
    results.summary["currency"] = "EUR"
    write_run(results, tmp_path / "abroad", languages=())
    with pytest.raises(RunError, match="several currencies"):
        compare_runs([three / "base", tmp_path / "abroad"])


def test_a_difference_from_nothing_has_no_relative(tmp_path):
    runs = {name: as_run(make_results(tmp_path, name, roles=3, units=1, periods=3)) for name in ("base", "growth")}
    runs["base"].summary["releases"], runs["growth"].summary["releases"] = 0.0, 4.0
    table = make_comparison(runs, "base").set_index(["figure", "scenario"])
    assert table.loc[("releases", "growth"), "difference"] == 4 and np.isnan(
        table.loc[("releases", "growth"), "relative"]
    )


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("draw", ["draw_trade", "draw_headcounts", "draw_costs", "draw_actions", "draw_shortages"])
def test_pictures_of_a_comparison(three, draw, language):
    compare_runs([three / "freeze", three / "base", three / "growth"], languages=())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert getattr(comparison_page, draw)(read_comparison(three), language)._repr_png_()[0]
