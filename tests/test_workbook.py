"""plan.xlsx: totals are live and right, text stays text, and stocks are never summed over time."""

from __future__ import annotations

import re
import shutil
import subprocess
from types import SimpleNamespace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from synthetic_results import make_results

from workforce.report.page import show_text
from workforce.report.records import describe_case
from workforce.report.workbook import write_workbook


def as_run(results):
    return SimpleNamespace(summary=results.summary, tables={**results.tables, **describe_case(results.case)})


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workbook")
    run = as_run(make_results(folder, "growth", roles=6, units=3, periods=18))
    file = write_workbook(run, folder / "plan.xlsx")
    return SimpleNamespace(
        run=run, file=file, live=openpyxl.load_workbook(file), seen=openpyxl.load_workbook(file, data_only=True)
    )


def rows_of(sheet, header=4):
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=header + 1)]


def test_sheets_are_those_that_finance_asked_for(written):
    assert written.live.sheetnames == [
        "Summary", "Headcount", "Flows", "Hires and moves", "Requisitions", "Cost",
        "Budget vs cost", "Gap", "Shadow prices", "Assumptions", "Notes"]  # fmt: skip


def test_headers_are_in_both_languages_and_stay_in_view(written):
    for sheet in written.live.worksheets:
        assert re.search("[\u4e00-\u9fff]", sheet["A1"].value) and re.search("[A-Za-z]", sheet["A1"].value)
        assert sheet.freeze_panes, sheet.title


def test_headcount_sums_over_roles_and_never_over_time(written):
    sheet = written.live["Headcount"]
    formulas = [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas
    for formula in formulas:
        first, last = re.fullmatch(r"=SUM\(([A-Z]+)\d+:([A-Z]+)\d+\)", formula).groups()
        assert first == last
    stocks = written.run.tables["stocks"]
    plan = stocks[stocks["reading"] == "plan"]
    expected = plan.groupby("period")["closing"].sum().tolist()
    total = rows_of(written.seen["Headcount"])[-1]
    assert total[0] == "Total / 合计"
    assert total[3:] == pytest.approx(expected)


def test_cost_totals_are_formulas_whose_values_are_recomputed_from_the_table(written):
    live, seen = written.live["Cost"], written.seen["Cost"]
    head = [cell.value for cell in live[4]]
    costs = written.run.tables["costs"]
    by_month = costs.groupby(costs["period"].astype(str))["amount"].sum()
    total = [cell.value for cell in seen[seen.max_row]]
    for name, value in zip(head[2:], total[2:], strict=True):
        if "-" in name:
            expected = by_month[name]
        elif "Q" in name:
            months = [f"{name[:4]}-{3 * int(name[-1]) - offset:02d}" for offset in (2, 1, 0)]
            expected = by_month.reindex(months).sum()
        elif name.isdigit():
            expected = by_month[by_month.index.str[:4] == name].sum()
        else:
            expected = by_month.sum()
        assert value == pytest.approx(expected), name
    assert all(live.cell(live.max_row, column).data_type == "f" for column in range(3, len(head) + 1))
    quarter = head.index("2026Q2")
    assert live.cell(5, quarter + 1).value == "=SUM(G5,H5,I5)"


def test_every_flow_row_closes_and_says_so(written):
    for row in rows_of(written.seen["Flows"]):
        if isinstance(row[7], int | float):
            assert row[7] == 0
            assert row[1] + row[2] + row[3] - row[4] - row[5] == pytest.approx(row[6]) if row[1] is not None else True


def test_gap_totals_add_up_shortages_only(written):
    gap = written.run.tables["gap"]
    short = gap[gap["reading"] == "plan"].groupby("period")["gap"].apply(lambda values: values.clip(lower=0).sum())
    total = rows_of(written.seen["Gap"])[-1]
    assert total[3:] == pytest.approx(short.tolist())
    live = [cell.value for cell in written.live["Gap"][written.live["Gap"].max_row]]
    assert all('">0"' in formula for formula in live[3:])


def test_budget_is_linked_to_cost_and_its_remainder_is_live(written):
    rows = rows_of(written.live["Budget vs cost"])
    assert rows and all(row[3].startswith("=Cost!") for row in rows)
    for row, seen in zip(rows, rows_of(written.seen["Budget vs cost"]), strict=True):
        assert re.fullmatch(r"=C\d+-D\d+", row[4])
        assert seen[4] == pytest.approx(seen[2] - seen[3])


def test_a_budget_that_was_not_given_is_not_withheld_but_none(tmp_path):
    results = make_results(tmp_path, roles=4, units=2, periods=6)
    results.tables["budget"].loc[0, ["amount", "left"]] = np.nan
    sheet = openpyxl.load_workbook(write_workbook(as_run(results), tmp_path / "plan.xlsx"))["Budget vs cost"]
    assert [row[2] for row in rows_of(sheet)].count("no budget / 无预算") == 1


@pytest.mark.parametrize(("second", "carried"), [(120.0, True), (100.0, False)])
def test_a_quarter_s_amount_before_carry_over_stands_beside_it_and_the_page_says_why(tmp_path, second, carried):
    # 100 a quarter and 80 spent in the first: the second may spend 120, or 100 where nothing is carried (quarters: hard).
    results = make_results(tmp_path, roles=4, units=2, periods=6)
    results.tables["budget"] = pd.DataFrame(
        [("2026", "people", np.nan, np.nan, 7.0, np.nan), ("2026Q1", "total", 100.0, 100.0, 80.0, 20.0),
         ("2026Q2", "total", 100.0, second, 90.0, second - 90.0)],
        columns=["year", "category", "stated", "amount", "spent", "left"],
    )  # fmt: skip
    run = as_run(results)
    book = openpyxl.load_workbook(write_workbook(run, tmp_path / "plan.xlsx"), data_only=True)
    sheet = book["Budget vs cost"]
    none, _, quarter = rows_of(sheet)
    expected = [100.0, 120.0, 90.0, 30.0, 0.75] if carried else [100.0, 90.0, 10.0, 0.9]
    assert quarter[2:] == pytest.approx(expected)
    assert none[2 + carried : 4 + carried] == ["no budget / 无预算", 7.0]
    assert (sheet["C4"].value == "Before carry-over\n结转前预算") == carried
    assert ("carry-over" in sheet["A2"].value) == ("结余" in sheet["A2"].value) == carried
    shown = SimpleNamespace(summary=run.summary, tables=run.tables, knobs={})
    for key, language, words in (("budget", "en", "earlier quarters"), ("budget", "zh", "此前各季度")):
        assert (words in str(show_text(key, shown, language))) == carried
    run.tables["overruns"] = pd.DataFrame({"kind": ["budget"]})
    assert ("earlier quarters" in str(show_text("overruns", shown))) == carried
    assert "earlier quarters" not in str(show_text("cost", shown))


def test_no_text_of_the_data_becomes_a_formula_or_a_link(tmp_path):
    results = make_results(tmp_path, roles=4, units=2, periods=6)
    evil = '=HYPERLINK("http://example.invalid","x")'
    for name in ("stocks", "gap", "actions"):
        table = results.tables[name]
        for column in [column for column in ("role", "unit", "to_role") if column in table]:
            table[column] = (
                table[column].replace({table[column].iloc[0]: evil}) if table[column].iloc[0] else table[column]
            )
    book = openpyxl.load_workbook(write_workbook(as_run(results), tmp_path / "plan.xlsx"))
    seen = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value == evil]
    assert seen and all(cell.data_type == "s" and cell.hyperlink is None for cell in seen)


def test_a_withheld_number_is_words_and_sums_pass_over_it(tmp_path):
    results = make_results(tmp_path, roles=4, units=2, periods=6)
    stocks = results.tables["stocks"]
    place = (stocks["reading"] == "plan") & (stocks["period"] == stocks["period"].max())
    hidden = stocks.index[place][0]
    rest = stocks.loc[stocks.index[place][1:], "closing"].sum()
    stocks.loc[hidden, "closing"] = np.nan
    book = openpyxl.load_workbook(write_workbook(as_run(results), tmp_path / "plan.xlsx"), data_only=True)
    rows = rows_of(book["Headcount"])
    assert rows[0][-1] == "withheld / 未披露"
    assert rows[-1][-1] == pytest.approx(rest)


@pytest.mark.parametrize("freq", ["Q", "Y"])
def test_quarters_and_years_as_periods(tmp_path, freq):
    results = make_results(tmp_path, roles=4, units=2, periods=4, freq=freq)
    book = openpyxl.load_workbook(write_workbook(as_run(results), tmp_path / "plan.xlsx"), data_only=True)
    sheet = book["Cost"]
    assert sheet.cell(sheet.max_row, sheet.max_column).value == pytest.approx(results.tables["costs"]["amount"].sum())


def test_the_same_results_give_the_same_bytes(tmp_path, written):
    again = write_workbook(written.run, tmp_path / "again.xlsx")
    assert again.read_bytes() == written.file.read_bytes()


def test_knobs_name_the_file_that_sets_them(written):
    rows = {row[0]: row for row in rows_of(written.live["Assumptions"])}
    assert rows["time.start"][2] == "2026-01" and rows["time.start"][4] == "scenarios/base.yaml"
    assert rows["plan.budget_multiplier"][6] == "yes / 是"


@pytest.mark.skipif(not shutil.which("libreoffice"), reason="no LibreOffice to compute the formulas")
def test_another_program_computes_the_same_totals(written, tmp_path):
    """LibreOffice recalculates on load; its values must be those that were stored beside the formulas."""
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "libreoffice",
        profile,
        "--headless",
        "--convert-to",
        "ods",
        "--outdir",
        str(tmp_path),
        str(written.file),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    back = [
        "libreoffice",
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "plan.ods"),
    ]
    subprocess.run(back, check=True, capture_output=True, timeout=180)
    computed = openpyxl.load_workbook(tmp_path / "plan.xlsx", data_only=True)
    compared = 0
    for sheet in written.live.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    stored = written.seen[sheet.title][cell.coordinate].value
                    assert computed[sheet.title][cell.coordinate].value == pytest.approx(stored, abs=1e-6), (
                        sheet.title,
                        cell.coordinate,
                    )
                    compared += 1
    assert compared > 100


def test_missing_text_is_empty_and_not_nan(written):
    texts = [
        cell.value
        for sheet in written.seen.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    assert not {"nan", "NaT", "None", "<NA>"} & set(texts)
