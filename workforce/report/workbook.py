"""plan.xlsx: the plan for finance, with every total a live formula.

Headers stand in both languages. Stocks are never summed over time, and a surplus never offsets a shortage in a total. The file's
only difference between two runs of the same results is none: its properties are fixed.
"""

from __future__ import annotations

import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pandas as pd

from workforce.report.page_reasons import write_sentences
from workforce.report.page_tables import LASTING, count_arriving, list_figures, name_figure
from workforce.report.records import spread_periods
from workforce.report.sheets import FIRST, Sheet, both, cell, cells, make_formats, write_knob
from workforce.report.totals import round_to_total
from workforce.report.words import label, label_knob
from workforce.report.workbook_channels import write_channels
from workforce.report.workbook_futures import write_uncertain
from workforce.report.workbook_money import write_budget, write_cost, write_gap
from workforce.report.workbook_prices import write_prices

_MADE = datetime.datetime(2026, 1, 1)


def write_workbook(run: Any, file: str | Path) -> Path:
    """Write a run's workbook.

    Args:
        run: ``tables`` (with knobs, changes and notes), ``summary``, as ``read_run`` gives them.
        file: where to; replaced if it exists.

    Returns:
        The file.
    """
    import xlsxwriter

    file = Path(file)
    book = xlsxwriter.Workbook(
        str(file),
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        },
    )
    book.set_properties(
        {"title": str(run.summary.get("title", "")), "subject": str(run.summary["scenario"]), "created": _MADE}
    )
    book.set_calc_mode("auto")
    formats = make_formats(book, run.summary["currency"])
    tables = {name: _with_text_periods(table) for name, table in run.tables.items()}
    _write_summary(book, formats, run)
    _write_headcount(book, formats, tables)
    _write_flows(book, formats, tables)
    _write_actions(book, formats, tables, run.summary["currency"])
    if len(tables.get("uncertain_plan", ())):
        write_uncertain(book, formats, tables["uncertain_plan"], run.summary["currency"])
    _write_calendar(book, formats, tables)
    write_channels(book, formats, tables, run.summary["currency"])
    places = write_cost(book, formats, tables, run.summary["currency"])
    write_budget(book, formats, tables, run.summary["currency"], places)
    write_gap(book, formats, tables)
    if len(tables.get("prices", ())):
        write_prices(book, formats, tables["prices"], run.summary["currency"])
    _write_assumptions(book, formats, tables)
    _write_notes(book, formats, tables, run.summary["currency"])
    book.close()
    return file


def _with_text_periods(table: pd.DataFrame) -> pd.DataFrame:
    found = {
        name: table[name].astype(str).where(table[name].notna(), "")
        for name in ("period", "arrives", "year")
        if name in table
    }
    return table.assign(**found)


def _write_summary(book: Any, formats: dict[str, Any], run: Any) -> None:
    summary = run.summary
    sheet = Sheet(
        book,
        formats,
        "sheet.summary",
        f"{summary.get('title', '')} · {summary['start']}, {summary['horizon']} × "
        f"{label(summary['period'], 'en')} / {label(summary['period'], 'zh')}",
    )
    sheet.write_header(["Figure", "指标", "Year / 年份", both("column.value"), both("column.unit_of")], freeze=0)
    kinds = {"heads": "heads", "fte": "fte", "fte_years": "fte", "money": "money", "share": "share", "alerts": "whole"}
    for row, figure in enumerate(list_figures(dict(summary)).itertuples(), start=FIRST + 1):
        sheet.write(row, 0, name_figure(figure.figure, run, "en"))
        sheet.write(row, 1, name_figure(figure.figure, run, "zh"))
        sheet.write(row, 2, figure.period)
        sheet.write(row, 3, figure.value, kinds[figure.unit])
        unit = summary["currency"] if figure.unit == "money" else label(f"measure.{figure.unit}", "en")
        sheet.write(row, 4, unit)
    sheet.set_widths([46, 34, 12, 18, 12])


def _write_headcount(book: Any, formats: dict[str, Any], tables: dict[str, pd.DataFrame]) -> None:
    stocks = tables["stocks"]
    plan = stocks[stocks["reading"] == "plan"]
    periods = sorted(plan["period"].unique())
    sheet = Sheet(
        book,
        formats,
        "sheet.headcount",
        "People at the end of each period, with the plan; a stock, so it is summed over roles and never over time. "
        "期末人数（执行方案）：存量只按岗位合计，不跨期相加。",
        wide=2,
    )
    sheet.write_header(
        [both("column.unit"), both("column.role"), f"{both('column.opening')} {periods[0]}", *periods], freeze=2
    )
    closing = spread_periods(plan, "closing")
    opening = plan[plan["period"] == periods[0]].set_index("role")["opening"]
    units = plan.drop_duplicates("role").set_index("role")["unit"]
    row = FIRST
    for role in units.index:
        row += 1
        sheet.write(row, 0, units[role])
        sheet.write(row, 1, role)
        for column, value in enumerate([opening.get(role), *closing.loc[role].reindex(periods)], start=2):
            sheet.write(row, column, value, "heads")
    _write_totals(sheet, FIRST + 1, row, 2, [opening.sum(), *closing.sum().reindex(periods)], "heads")
    sheet.set_widths([22, 32, 13, *[9.5] * len(periods)])


def _write_totals(
    sheet: Sheet, first: int, last: int, column: int, values: list[float], kind: str, labels: int = 1
) -> int:
    """A row of live sums under rows `first`..`last`, from `column` on; returns its row."""
    row = last + 1
    for position in range(column):
        sheet.page.write_string(
            row, position, "Total / 合计" if position == labels - 1 else "", sheet.formats["text_total"]
        )
    for position, value in enumerate(values, start=column):
        sheet.write_formula(row, position, f"=SUM({cells(first, position, last, position)})", value, f"{kind}_total")
    return row


def _write_flows(book: Any, formats: dict[str, Any], tables: dict[str, pd.DataFrame]) -> None:
    stocks = tables["stocks"]
    plan = stocks[stocks["reading"] == "plan"]
    names = ["joiners", "moves_in", "moves_out", "leavers"]
    sheet = Sheet(
        book,
        formats,
        "sheet.flows",
        "By period, whole company, then by role over the horizon. Closing = opening + joiners + moves in − moves out − leavers. "
        "先按期间（全公司），后按岗位（规划期）。",
    )
    head = [
        both("column.opening"),
        *[both(f"column.{name}") for name in names],
        both("column.closing"),
        both("column.check"),
    ]
    sheet.write_header([both("column.period"), *head], freeze=1)
    by_period = plan.groupby("period")[["opening", *names, "closing"]].sum()
    row = FIRST
    for period, values in by_period.iterrows():
        row += 1
        sheet.write(row, 0, period)
        _write_flow_row(sheet, row, values, names)
    row = _write_flow_totals(sheet, FIRST + 1, row, by_period[names].sum())
    second = row + 2
    sheet.write_header([both("column.role"), *head], row=second)
    by_role = plan.groupby("role", sort=False)[names].sum()
    periods = sorted(plan["period"].unique())
    by_role.insert(0, "opening", plan[plan["period"] == periods[0]].set_index("role")["opening"])
    by_role["closing"] = plan[plan["period"] == periods[-1]].set_index("role")["closing"]
    row = second
    for role, values in by_role.iterrows():
        row += 1
        sheet.write(row, 0, role)
        _write_flow_row(sheet, row, values, names)
    totals = by_role.sum()
    _write_totals(sheet, second + 1, row, 1, [totals["opening"], *totals[names], totals["closing"]], "heads")
    sheet.write_formula(row + 1, 7, _check_formula(row + 1), 0.0, "check_total")
    sheet.set_widths([32, *[12] * 6, 18])


def _write_flow_row(sheet: Sheet, row: int, values: pd.Series, names: list[str]) -> None:
    for column, name in enumerate(["opening", *names, "closing"], start=1):
        sheet.write(row, column, values[name], "heads")
    check = (
        values["opening"]
        + values["joiners"]
        + values["moves_in"]
        - values["moves_out"]
        - values["leavers"]
        - values["closing"]
    )
    sheet.write_formula(row, 7, _check_formula(row), round(check, 6) + 0.0, "check")


def _check_formula(row: int) -> str:
    opening, joiners, moves_in, moves_out, leavers, closing = (cell(row, column) for column in range(1, 7))
    return f"=ROUND({opening}+{joiners}+{moves_in}-{moves_out}-{leavers}-{closing},6)"


def _write_flow_totals(sheet: Sheet, first: int, last: int, sums: pd.Series) -> int:
    """Flows are summed over time; opening and closing are stocks and are not."""
    row = last + 1
    for column in (0, 1, 6, 7):
        sheet.page.write_string(row, column, "Total / 合计" if column == 0 else "", sheet.formats["text_total"])
    for column, value in enumerate(sums, start=2):
        sheet.write_formula(row, column, f"=SUM({cells(first, column, last, column)})", value, "heads_total")
    return row


def _write_actions(book: Any, formats: dict[str, Any], tables: dict[str, pd.DataFrame], currency: str) -> None:
    actions = tables["actions"]
    actions = actions.assign(arriving=count_arriving(actions))
    lasts = actions["action"].isin(LASTING)
    note = (
        f"Every action of the plan, by offers and starts, and how many of them arrive; cost in {currency}. "
        "The total follows the filter. 方案的全部举措：录用 / 启动人数及其中预计到岗人数，合计随筛选变化。"
    )
    names = ["period", "action", "via", "from_role", "to_role", "arrives", "heads", "arriving", "cost"]
    _write_taken(Sheet(book, formats, "sheet.actions", note), actions[~lasts], names, {"heads": "offers"})
    if lasts.any():
        note = (
            f"Contractors, overtime and short time (FTE-years; heads on short time) and people whom offers to stay reach; "
            f"arriving: those who stay because of an offer; cost in {currency}. "
            "外包、加班、缩短工时与保留措施：以 FTE·年（人·年）计。"
        )
        lasting = actions[lasts].assign(heads=actions["heads"] * _count_months(tables) / 12.0)
        lasting["arriving"] = lasting["arriving"].where(lasting["action"] == "keep", 0.0)
        names = ["period", "action", "via", "from_role", "to_role", "heads", "arriving", "cost"]
        _write_taken(Sheet(book, formats, "sheet.working_time", note), lasting, names, {"heads": "years"})


def _count_months(tables: dict[str, pd.DataFrame]) -> int:
    """Months of a period of the plan, by how it is written."""
    period = str(tables["demand"]["period"].iloc[0])
    return 3 if "Q" in period else 1 if len(period) > 4 else 12


def _write_taken(sheet: Sheet, actions: pd.DataFrame, names: list[str], words: dict[str, str]) -> None:
    """The rows of some actions and a total that follows the filter. Numbers are written as they are shown, so that what is
    read adds up to the total."""
    sheet.write_header([both(f"column.{words.get(name, name)}") for name in names], freeze=2)
    shown = {"heads": ("heads", 1), "arriving": ("heads", 1), "cost": ("money", 0)}
    actions = actions.assign(**{name: round_to_total(actions[name], digits) for name, (_, digits) in shown.items()})
    last = FIRST
    for last, action in enumerate(actions[names].itertuples(index=False), start=FIRST + 1):
        kind = {"action": f"{label(f'action.{action.action}', 'en')} / {label(f'action.{action.action}', 'zh')}"}
        for column, name in enumerate(names):
            sheet.write(last, column, kind.get(name, getattr(action, name)), shown.get(name, ("text", 0))[0])
    if len(actions):
        sheet.page.autofilter(FIRST, 0, last, len(names) - 1)
        for column, name in enumerate(names):
            if name in shown:
                formula = f"=SUBTOTAL(109,{cells(FIRST + 1, column, last, column)})"
                sheet.write_formula(last + 1, column, formula, actions[name].sum(), f"{shown[name][0]}_total")
            else:
                total = "Total / 合计" if column == 0 else ""
                sheet.page.write_string(last + 1, column, total, sheet.formats["text_total"])
    sheet.set_widths([11, 16, 22, 30, 30, *[12] * (len(names) - 6), 14])


def _write_calendar(book: Any, formats: dict[str, Any], tables: dict[str, pd.DataFrame]) -> None:
    sheet = Sheet(
        book,
        formats,
        "sheet.calendar",
        "The latest day on which each requisition must be opened; passed = before the plan's start. A project's start stands "
        "twice, by its cheapest and its fastest channel. 每项招聘需求的最迟提出日；项目需求按成本最低与最快渠道各列一次。",
    )
    names = ["open_by", "open_by_p50", "needed", "source", "unit", "role", "starts", "offers", "channel", "choice"]
    names += ["lead_p50", "lead_p90", "passed"]
    sheet.write_header([both(f"column.{name}") for name in names], freeze=1)
    calendar = tables.get("calendar", pd.DataFrame(columns=names))
    row = FIRST
    for row, line in enumerate(calendar[names].itertuples(index=False), start=FIRST + 1):
        passed = "late" if line.passed else "open"
        words = {
            "choice": f"{label(f'choice.{line.choice}', 'en')} / {label(f'choice.{line.choice}', 'zh')}",
            "passed": f"{label(f'calendar.{passed}', 'en')} / {label(f'calendar.{passed}', 'zh')}",
        }
        for column, name in enumerate(names):
            value = words.get(name, getattr(line, name))
            if name in ("open_by", "open_by_p50", "needed"):
                sheet.write(row, column, "" if pd.isna(value) else f"{value:%Y-%m-%d}")
            elif name in ("starts", "offers", "lead_p50", "lead_p90"):
                sheet.write(row, column, *(("",) if pd.isna(value) else (value, "heads")))
            else:
                sheet.write(row, column, value)
    if len(calendar):
        sheet.page.autofilter(FIRST, 0, row, len(names) - 1)
    sheet.set_widths([13, 13, 13, 16, 22, 30, 9, 9, 16, 26, 12, 12, 22])


def _write_assumptions(book: Any, formats: dict[str, Any], tables: dict[str, pd.DataFrame]) -> None:
    sheet = Sheet(
        book,
        formats,
        "sheet.assumptions",
        "Every knob of the scenario and the file that sets it. 情景的全部假设及其来源文件。",
    )
    changed = set(tables["changes"]["knob"])
    sheet.write_header(
        [
            both("column.knob"),
            both("column.in_chinese"),
            both("column.here"),
            both("column.unit_of"),
            both("column.file"),
            both("column.meaning"),
            "Differs from base\n与基准不同",
        ],
        freeze=1,
    )
    knobs = tables["knobs"][~tables["knobs"]["knob"].isin(["title", "why"])]  # what it is called, not what is assumed
    for row, knob in enumerate(knobs.itertuples(), start=FIRST + 1):
        chinese = label_knob(knob.knob, "zh")
        texts = [
            knob.knob,
            chinese,
            write_knob(knob.value),
            knob.unit,
            knob.file,
            knob.meaning,
            f"{label('yes', 'en')} / {label('yes', 'zh')}" if knob.knob in changed else "",
        ]
        for column, text in enumerate(texts):
            sheet.write(row, column, text)
    sheet.set_widths([34, 26, 26, 24, 28, 60, 18])


def _write_notes(book: Any, formats: dict[str, Any], tables: dict[str, pd.DataFrame], currency: str) -> None:
    sheet = Sheet(
        book,
        formats,
        "sheet.notes",
        "Reasons of the plan, then what was switched off or assumed. 方案理由，以及关闭或假定的部分。",
    )
    sheet.write_header(["English", "中文"], freeze=0)
    told = pd.concat([tables[name][["key", "values"]] for name in ("reasons", "notes")])
    lines = zip_longest(write_sentences(told, currency, "en"), write_sentences(told, currency, "zh"), fillvalue="")
    for row, (english, chinese) in enumerate(lines, start=FIRST + 1):
        sheet.write(row, 0, english, "wrapped")
        sheet.write(row, 1, chinese, "wrapped")
        sheet.page.set_row(row, 14 * max(1, -(-len(english) // 95), -(-2 * len(chinese) // 72)))
    sheet.set_widths([90, 70])
