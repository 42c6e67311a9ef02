"""What a first reader meets: offers told from arrivals, money that agrees with its budget, nothing said twice, a terminal
that shows figures. Witness: values stated here, and the commands of README.md typed as they stand there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
from synthetic_results import make_results

from workforce.errors import InputError, RunError
from workforce.inputs.example import README
from workforce.inputs.imports import import_extracts
from workforce.report import comparison_page, figures, figures_risk, page, page_reasons, page_tables
from workforce.report.comparison import compare_runs, lay_out_comparison, read_comparison
from workforce.report.records import describe_case
from workforce.report.runs import write_run
from workforce.report.words import say, write_money
from workforce.report.workbook import write_workbook

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def run(tmp_path):
    results = make_results(tmp_path, roles=6, units=3, periods=12)
    results.tables["actions"]["arriving"] = 0.8 * results.tables["actions"]["heads"]
    results.summary.update(cost_with_shortage=494_500_000.0, probability_met=0.43, probability_covered=0.69)
    knobs = {"alerts.coverage_amber": 0.95}
    return SimpleNamespace(
        summary=results.summary, tables={**results.tables, **describe_case(results.case)}, knobs=knobs
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reading")
    for name, hiring in (("base", 1.0), ("growth", 1.3)):
        results = make_results(folder / "inputs", name, roles=6, units=3, periods=6, hiring=hiring)
        results.tables["actions"]["arriving"] = 0.8 * results.tables["actions"]["heads"]
        write_run(results, folder / "runs" / name, languages=())
    compare_runs([folder / "runs/base", folder / "runs/growth"], languages=())
    return folder / "runs"


# --- words -----------------------------------------------------------------------------------------------------------


def test_what_is_spent_to_the_last_cent_reads_like_its_budget():
    for spent in (494_499_999.99999994, 494_500_000.0, 494_500_000.0000004):
        assert write_money(spent, "CNY", "zh") == "4.945 亿元"
        assert write_money(spent, "CNY", "en") == "CNY 494.5 million"
    assert write_money(1_013_999_999.9999998, "CNY", "zh") == "10.14 亿元"


def test_chinese_has_no_space_after_a_unit_but_names_keep_theirs():
    values = {
        "amount": 5e8,
        "price": 0.2,
        "more": 494_500,
        "saved": 1e6,
        "then": 0.1,
        "budget": "总 预算",
        "currency": "CNY",
    }
    text = say("budget_price.checked", "zh", **values)
    assert "494,500 元可减少" in text and "总 预算" in text


def test_budgets_that_do_not_bind_make_one_sentence():
    left = [
        json.dumps({"category": "recruiting", "year": year, "amount": 9.0, "left": 4.0}) for year in ("2026", "2027")
    ]
    both = page_reasons.write_sentences(pd.DataFrame({"key": ["budget_slack"] * 2, "values": left}), "CNY", "en")
    assert both == (
        "These budgets do not bind: the recruiting budget of 2026 (CNY 4 left) and the recruiting budget of 2027 "
        "(CNY 4 left).",
    )
    one = page_reasons.write_sentences(pd.DataFrame({"key": ["budget_slack"], "values": left[:1]}), "CNY", "en")
    assert one == ("The recruiting budget of 2026 of CNY 9 does not bind: CNY 4 are left.",)


def test_a_list_that_was_cut_says_how_many_there_are():
    values = json.dumps({"count": 15, "roles": "lead, head, ..."})
    assert "15 roles" in page_reasons.write_reason("pull_roles", values, "CNY")
    assert page_reasons.write_reason("pull_roles", values, "CNY").endswith("among them lead, head.")
    assert page_reasons.write_reason("pull_roles", values, "CNY", "zh").endswith("其中包括 lead、head。")


def test_reasons_do_not_repeat_what_opens_the_report(run):
    prices = [{"amount": 9.0, "category": "total", "year": year, "price": 0.5} for year in ("2026", "2027")]
    rows = [("budget_price", values) for values in prices] + [("releases_total", {"heads": 0.0})]
    run.tables["reasons"] = pd.DataFrame(
        [{"order": n, "key": key, "values": json.dumps(values)} for n, (key, values) in enumerate(rows)]
    )
    opening, rest = page_reasons.show_points(run).points, page_reasons.show_reasons(run).points
    assert len(opening) == 1 and "2026" in opening[0]
    assert len(rest) == 2 and "2027" in rest[0] and not set(opening) & set(rest)


# --- figures ---------------------------------------------------------------------------------------------------------


def test_actions_tell_offers_from_arrivals(run, tmp_path):
    table = page_tables.show_actions(run)
    assert table.columns[4:] == ("Offers / starts", "Arriving", "Cost")
    hires = [row for row in table.rows if row[0] == "hire"]
    assert hires and all(float(row[5]) == pytest.approx(0.8 * float(row[4]), abs=0.1) for row in hires)
    assert "offers" in figures.draw_mix(run).axes[0].get_ylabel()
    sheet = openpyxl.load_workbook(write_workbook(run, tmp_path / "plan.xlsx"), data_only=True)["Hires and moves"]
    assert [cell.value.split("\n")[0] for cell in sheet[4]][6:] == ["Offers / starts", "Arriving", "Cost"]
    actions = run.tables["actions"]
    released = actions["action"] == "release"
    arriving = 0.8 * actions.loc[~released, "heads"].sum() + actions.loc[released, "heads"].sum()
    assert sheet.cell(sheet.max_row, 8).value == pytest.approx(arriving, abs=0.05)  # as printed, to one decimal


def test_the_headline_shows_both_probabilities_and_the_price_of_shortage(run):
    rows = dict(page_tables.show_headline(run).rows)
    assert rows["Demand met in full"] == "43.0%" and rows["Demand met but for half an FTE or 5%"] == "69.0%"
    assert rows["Cost including the price of shortage"] == "CNY 494.5 million"
    assert rows["Red alerts"] == "2"


def test_the_stress_map_shows_demand_that_is_covered(run):
    picture = figures_risk.draw_stress(run)
    assert picture.description == "Probability that demand is met, all but half an FTE or 5%"
    stress = run.tables["stress"]
    company = stress[(stress["role"] == "") & (stress["unit"] == "")]["probability_covered"]
    drawn = picture.axes[0].images[0].get_array()[-1]
    assert drawn.tolist() == pytest.approx(company.tolist())


def test_the_summary_of_the_workbook_counts_alerts_whole_and_knobs_have_one_meaning_each(run, tmp_path):
    book = openpyxl.load_workbook(write_workbook(run, tmp_path / "plan.xlsx"))
    alerts = next(row for row in book["Summary"].iter_rows(min_row=5) if row[0].value == "Red alerts")
    assert (alerts[3].value, alerts[3].number_format, alerts[4].value) == (2, "#,##0", "alerts")
    heads = [cell.value for cell in book["Assumptions"][4]]
    assert len(heads) == len(set(heads)) and sum("含义" in head for head in heads) == 1
    assert not {"title", "why"} & {row[0].value for row in book["Assumptions"].iter_rows(min_row=5)}


# --- comparison ------------------------------------------------------------------------------------------------------


def test_a_comparison_counts_the_others_and_gives_values(runs):
    comparison = read_comparison(runs)
    assert comparison_page.show_comparison_title(comparison).paragraph.startswith("1 scenario compared with base.")
    assert comparison_page.show_comparison_title(comparison, "zh").paragraph.startswith("1 个情景与 base 比较。")
    changed = comparison_page.show_runs(comparison).rows[1][3]
    assert changed == "supply.external_hires_max none → 40.0; plan.budget_multiplier 1.0 → 0.9"
    names = [row[0] for row in comparison_page.show_figures(comparison).rows]
    assert "Red alerts" in names and not [name for name in names if "(alerts)" in name]


def test_the_actions_of_a_comparison_are_arrivals(runs):
    comparison = read_comparison(runs)
    axes = comparison_page.draw_actions(comparison).axes[0]
    actions = comparison.runs["base"].tables["actions"]
    assert axes.containers[0][0].get_width() == pytest.approx(
        0.8 * actions.loc[actions["action"] == "hire", "heads"].sum()
    )


def test_a_terminal_shows_readable_figures(runs):
    text = lay_out_comparison(runs)
    assert not re.search(r"\de[+-]\d", text)
    start = next(line for line in text.splitlines() if line.startswith("Headcount at the start"))
    number = f"{read_comparison(runs).runs['base'].summary['headcount_start']:,.0f}"
    assert start.split()[-2:] == [number, number]
    assert any("(+" in line or "(−" in line for line in text.splitlines())


def test_columns_of_a_terminal_stand_under_each_other():
    shown = str(page.Table(("名称", "n"), (("装配", "1"), ("ab", "22\n+3")), frozenset({1})))
    assert shown.splitlines() == ["名称        n", "装配        1", "ab    22 (+3)"]


def test_nothing_to_compare_is_said_in_words():
    with pytest.raises(RunError, match="no finished run"):
        compare_runs([])


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is another thing there")
def test_a_reader_who_has_seen_enough_is_no_fault(runs):
    command = f"'{sys.executable}' -m workforce compare --out '{runs}' | head -1"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, env=None, timeout=120, check=False
    )
    assert done.stderr == "" and done.stdout.startswith("Figures by scenario")


# --- import ----------------------------------------------------------------------------------------------------------


def test_a_blank_unit_is_told_at_the_row_of_the_extract(tmp_path):
    (tmp_path / "map.yaml").write_text(
        "title: Roster\nextracts:\n  - files: roster.csv\n    table: roster\n    snapshot: {date: 2025-12-31}\n"
        "    columns: {person: 工号, unit: 部门, family: 岗位, hire_date: 入职, salary: 年薪}\n"
        "    derive:\n      - {column: role, from: [unit, family], join: '-'}\nroles: {}\n",
        encoding="utf-8",
    )
    (tmp_path / "roster.csv").write_text(
        "工号,部门,岗位,入职,年薪\n1,研发,工程师,2020-01-01,9\n2,,工程师,2020-01-01,9\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        import_extracts([tmp_path / "roster.csv"], tmp_path / "map.yaml", tmp_path / "data")
    assert {(fault.file, fault.row, fault.column) for fault in caught.value.faults} == {("roster.csv", 3, "unit")}


def test_a_row_that_was_derived_is_said_to_be(tmp_path):
    (tmp_path / "map.yaml").write_text(
        "title: Roster\nextracts:\n  - files: roster.csv\n    table: roster\n    snapshot: {date: 2025-12-31}\n"
        "    columns: {person: id, unit: unit, family: family, hire_date: hired}\n"
        "    derive:\n      - {column: role, from: [unit, family], join: '-'}\nroles: {}\n",
        encoding="utf-8",
    )
    (tmp_path / "roster.csv").write_text("id,unit,family,hired\n1,Lab,engineer,2020-01-01\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        import_extracts([tmp_path / "roster.csv"], tmp_path / "map.yaml", tmp_path / "data")
    fault = next(fault for fault in caught.value.faults if fault.column == "salary")
    assert fault.row is None and "derived from the extracts" in fault.mend
    assert not (tmp_path / "data").exists()


# --- the front door --------------------------------------------------------------------------------------------------


def test_the_commands_of_the_front_door_are_those_of_the_folder():
    """Each line of README.md for a folder `my-plan` can be typed in a clone that holds one."""
    lines = re.findall(
        r"(?m)^    (python -m workforce (?:check|run) --data .*)$", (ROOT / "README.md").read_text("utf-8")
    )
    assert len(lines) == 4 and len(set(lines)) == 2
    assert all(line in text for text in README.values() for line in lines)
    chinese = (ROOT / "README.md").read_text("utf-8").split("## 快速开始")[1].split("\n## ")[0]
    assert all(line.startswith("python -m workforce ") for line in re.findall(r"(?m)^    (\S.*)$", chinese))
