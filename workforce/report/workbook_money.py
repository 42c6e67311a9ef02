"""The sheets of plan.xlsx with money and gaps: cost by period, quarter and year, budget against cost, gap by role."""

from __future__ import annotations

from typing import Any

import pandas as pd

from workforce.report.records import spread_periods
from workforce.report.sheets import FIRST, Sheet, both, cell, cells
from workforce.report.totals import is_carried
from workforce.report.words import is_missing, label

_CATEGORIES = ("people", "recruiting", "development", "retention", "separation")


def _list_columns(periods: list[str]) -> list[tuple[str, str, list[str]]]:
    """The columns of the cost sheet: (kind, name, periods in it); a quarter follows its months and a year its quarters."""
    columns: list[tuple[str, str, list[str]]] = []
    for position, period in enumerate(periods):
        columns.append(("leaf", period, [period]))
        year, following = period[:4], periods[position + 1] if position + 1 < len(periods) else ""
        if "-" in period:
            quarter = (int(period[5:7]) - 1) // 3
            if not following or following[:4] != year or (int(following[5:7]) - 1) // 3 != quarter:
                inside = [p for p in periods if p[:4] == year and (int(p[5:7]) - 1) // 3 == quarter]
                columns.append(("quarter", f"{year}Q{quarter + 1}", inside))
        if period != year and following[:4] != year:
            columns.append(("year", year, [p for p in periods if p[:4] == year]))
    return columns


def write_cost(
    book: Any, formats: dict[str, Any], tables: dict[str, pd.DataFrame], currency: str
) -> dict[tuple[str, str], str]:
    """The cost sheet; returns where the cost of (category, year) stands, for the budget."""
    costs = tables["costs"]
    periods = sorted(tables["stocks"]["period"].unique())
    columns = _list_columns(periods)
    sheet = Sheet(
        book,
        formats,
        "sheet.cost",
        f"{currency}. Quarters, years, categories and totals are live sums of the {len(periods)} periods; "
        "close the outline above the columns to see years only. 季度、年度、类别与总计均为公式。",
        wide=2,
    )
    sheet.write_header(
        [both("column.unit"), both("column.category"), *[name for _, name, _ in columns], both("total")], freeze=2
    )
    sums = (
        costs.pivot_table("amount", ["unit", "category"], "period", "sum", fill_value=0.0, sort=False)
        .reindex(columns=periods)
        .fillna(0.0)
    )
    order = {name: number for number, name in enumerate(_CATEGORIES)}
    units = list(dict.fromkeys(costs["unit"]))
    keys = sorted(sums.index, key=lambda key: (units.index(key[0]), order.get(key[1], 9)))
    first, row = FIRST + 1, FIRST
    places: dict[tuple[str, str], str] = {}
    for unit, category in keys:
        row += 1
        sheet.write(row, 0, unit)
        sheet.write(row, 1, f"{label(f'category.{category}', 'en')} / {label(f'category.{category}', 'zh')}")
        _write_cost_row(sheet, row, columns, sums.loc[(unit, category)], None)
    last = row
    for category in [name for name in order if name in sums.index.get_level_values("category")]:
        row += 1
        words = f"{label(f'category.{category}', 'en')} / {label(f'category.{category}', 'zh')}"
        sheet.page.write_string(row, 0, "Company / 全公司", sheet.formats["text_total"])
        sheet.page.write_string(row, 1, words, sheet.formats["text_total"])
        names = f"{cell(first, 1, True)}:{cell(last, 1, True)}"
        formula = f"=SUMIF({names},{cell(row, 1, True)},{{}})"
        _write_cost_row(sheet, row, columns, sums.xs(category, level="category").sum(), (formula, first, last))
        places |= {
            (category, name): cell(row, 2 + position, True)
            for position, (kind, name, _) in enumerate(columns)
            if kind == "year" or (kind == "leaf" and len(name) == 4)
        }
    row += 1
    sheet.page.write_string(row, 0, "Company / 全公司", sheet.formats["text_total"])
    sheet.page.write_string(row, 1, "Total / 合计", sheet.formats["text_total"])
    if len(keys):
        _write_cost_row(sheet, row, columns, sums.sum(), ("=SUM({})", first, last))
    places |= {
        ("total", name): cell(row, 2 + position, True)
        for position, (kind, name, _) in enumerate(columns)
        if kind == "year" or (kind == "leaf" and len(name) == 4)
    }
    sheet.set_widths([20, 26])
    for position, (kind, _, _) in enumerate(columns, start=2):
        level = {"leaf": 2 if len(periods[0]) > 6 else 1, "quarter": 1, "year": 0}[kind] if len(periods[0]) > 4 else 0
        sheet.page.set_column(position, position, 13 if kind == "year" else 11.5, None, {"level": level})
    sheet.page.set_column(2 + len(columns), 2 + len(columns), 14)
    return places


def _write_cost_row(
    sheet: Sheet,
    row: int,
    columns: list[tuple[str, str, list[str]]],
    amounts: pd.Series,
    sum_down: tuple[str, int, int] | None,
) -> None:
    """One row of money: leaves as numbers (or as sums down the rows), quarters, years and the total as sums across."""
    at = {name: 2 + position for position, (kind, name, _) in enumerate(columns) if kind == "leaf"}
    kind_of = "money_total" if sum_down else "money"
    for position, (kind, name, inside) in enumerate(columns, start=2):
        value = float(amounts.reindex(inside).sum())
        if sum_down:
            formula, first, last = sum_down
            sheet.write_formula(row, position, formula.format(cells(first, position, last, position)), value, kind_of)
        elif kind == "leaf":
            sheet.write(row, position, float(amounts[name]), "money")
        else:
            sheet.write_formula(
                row, position, f"=SUM({','.join(cell(row, at[part]) for part in inside)})", value, "money_total"
            )
    formula = "+".join(
        cell(row, 2 + position)
        for position, (kind, name, _) in enumerate(columns)
        if kind == "year" or (kind == "leaf" and len(name) == 4)
    )
    sheet.write_formula(row, 2 + len(columns), f"={formula}", float(amounts.sum()), "money_total")


def write_budget(
    book: Any,
    formats: dict[str, Any],
    tables: dict[str, pd.DataFrame],
    currency: str,
    places: dict[tuple[str, str], str],
) -> None:
    budget = tables["budget"]
    stated = is_carried(budget)
    note = (
        f"{currency}. Cost is linked to the sheet Cost wherever the budget covers the same amounts. 成本取自“成本”表。"
    )
    if stated:
        note += (
            " A quarter may spend its amount before carry-over with what the earlier quarters of its year left, or without what "
            "they spent too much. 季度预算为结转前金额加上当年此前各季度的结余、减去其超支。"
        )
    sheet = Sheet(book, formats, "sheet.budget", note)
    names = ("year", "category", *(["stated"] if stated else []), "budget", "cost", "left", "used")
    sheet.write_header([both(f"column.{name}") for name in names], freeze=2)
    given, money = len(names) - 4, len(names) - 3
    costs = tables["costs"].assign(year=tables["costs"]["period"].str[:4])
    for row, line in enumerate(budget.sort_values(["year", "category"], kind="stable").itertuples(), start=FIRST + 1):
        year = str(line.year)
        sheet.write(row, 0, year)
        sheet.write(row, 1, f"{label(f'category.{line.category}', 'en')} / {label(f'category.{line.category}', 'zh')}")
        if is_missing(line.amount):
            sheet.page.write_string(row, given, "no budget / 无预算", sheet.formats["withheld"])
            sheet.write(row, money, line.spent, "money")
            continue
        if stated:
            sheet.write(row, 2, line.stated, "money")
        sheet.write(row, given, line.amount, "money")
        whole = costs[(costs["year"] == year) & (costs["category"].eq(line.category) | (line.category == "total"))][
            "amount"
        ].sum()
        place = places.get((line.category, year))
        if place and abs(whole - line.spent) <= 1e-6 * max(1.0, abs(whole)):
            sheet.write_formula(row, money, f"=Cost!{place}", line.spent, "money")
        else:
            sheet.write(row, money, line.spent, "money")
        amount, cost = cell(row, given), cell(row, money)
        sheet.write_formula(row, money + 1, f"={amount}-{cost}", line.amount - line.spent, "money")
        used = line.spent / line.amount if line.amount else 0.0
        sheet.write_formula(row, money + 2, f"=IF({amount}=0,0,{cost}/{amount})", used, "share")
    sheet.set_widths([10, 28, *[16] * (len(names) - 3), 10])


def write_gap(book: Any, formats: dict[str, Any], tables: dict[str, pd.DataFrame]) -> None:
    gap = tables["gap"]
    periods = sorted(gap["period"].unique())
    sheet = Sheet(
        book,
        formats,
        "sheet.gap",
        "Required less effective FTE. Totals add up shortages only: a surplus in one role never pays for a shortage in another. "
        "缺口 = 需求 − 有效供给（FTE）；合计只加短缺，富余不抵短缺。",
        wide=3,
    )
    sheet.write_header([both("column.reading"), both("column.unit"), both("column.role"), *periods], freeze=3)
    units = gap.drop_duplicates("role").set_index("role")["unit"]
    row = FIRST
    for reading in ("expected", "plan"):
        table = spread_periods(gap[gap["reading"] == reading], "gap").reindex(columns=periods)
        first = row + 1
        words = f"{label(f'reading.{reading}', 'en')} / {label(f'reading.{reading}', 'zh')}"
        for role in [name for name in units.index if name in table.index]:
            row += 1
            for column, text in enumerate((words, units[role], role)):
                sheet.write(row, column, text)
            for column, value in enumerate(table.loc[role], start=3):
                sheet.write(row, column, value, "fte")
        last = row
        row += 1
        for column, text in enumerate((words, "Company / 全公司", "Shortage / 短缺合计")):
            sheet.page.write_string(row, column, text, sheet.formats["text_total"])
        for column, period in enumerate(periods, start=3):
            value = float(table[period].clip(lower=0).sum())
            sheet.write_formula(row, column, f'=SUMIF({cells(first, column, last, column)},">0")', value, "fte_total")
        if last >= first:
            sheet.page.conditional_format(
                first,
                3,
                last,
                2 + len(periods),
                {
                    "type": "3_color_scale",
                    "mid_type": "num",
                    "mid_value": 0,
                    "min_color": "#8FC1DD",
                    "mid_color": "#FFFFFF",
                    "max_color": "#D98A5B",
                },
            )
    sheet.set_widths([24, 20, 32, *[8.5] * len(periods)])
