"""How a table stands on a sheet: headers in both languages, numbers with formats, totals as live formulas with their value.

Text is written as text whatever it begins with, so no cell of the data can become a formula; a missing number is written as
withheld, which sums pass over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell

from workforce.report.totals import round_to_total
from workforce.report.words import is_missing, label

FIRST = 3
"""Row of a table's header: above it stand the sheet's title and its note."""


def both(key: str) -> str:
    """A label in both languages on two lines."""
    english, chinese = label(key, "en"), label(key, "zh")
    return english if english == chinese else f"{english}\n{chinese}"


class Sheet:
    """One worksheet with the house's formats. Rows and columns count from 0; `wide` = first columns repeated on each page."""

    def __init__(self, book: Any, formats: dict[str, Any], key: str, note: str = "", wide: int = 0):
        self.page = book.add_worksheet(label(key, "en"))
        self.formats = formats
        self.page.write_string(0, 0, f"{label(key, 'en')} / {label(key, 'zh')}", formats["title"])
        if note:
            self.page.write_string(1, 0, note, formats["note"])
        self.page.hide_gridlines(2)
        self.page.set_landscape()
        self.page.set_paper(9)
        if wide:
            # A sheet with a column a period is printed on several pages, each with its first columns.
            self.page.set_print_scale(60)
            self.page.repeat_columns(0, wide - 1)
        else:
            self.page.fit_to_pages(1, 0)
        self.page.set_footer("&C&P / &N")

    def write_header(self, names: Sequence[str], row: int = FIRST, freeze: int | None = None) -> None:
        """The header row; `freeze` = how many columns stay in view with it."""
        for column, name in enumerate(names):
            self.page.write_string(row, column, name, self.formats["header"])
        self.page.set_row(row, 30)
        if freeze is not None:
            self.page.freeze_panes(row + 1, freeze)
            self.page.repeat_rows(row)

    def write(self, row: int, column: int, value: Any, kind: str = "text") -> None:
        """One value: text as text, a number in the format `kind`, a missing number as withheld."""
        if kind == "text":
            self.page.write_string(row, column, "" if is_missing(value) else str(value), self.formats["text"])
        elif kind == "wrapped":
            self.page.write_string(row, column, str(value), self.formats["wrapped"])
        elif is_missing(value):
            self.page.write_string(
                row, column, f"{label('withheld', 'en')} / {label('withheld', 'zh')}", self.formats["withheld"]
            )
        else:
            self.page.write_number(row, column, float(value), self.formats[kind])

    def write_formula(self, row: int, column: int, formula: str, value: float, kind: str) -> None:
        """A live formula with the value it has now, for readers that do not compute."""
        self.page.write_formula(row, column, formula, self.formats[kind], 0.0 if is_missing(value) else float(value))

    def write_rows(
        self,
        table: pd.DataFrame,
        heads: Mapping[str, str],
        kinds: Mapping[str, str],
        widths: Sequence[float],
        sums: Mapping[str, int] | None = None,
    ) -> None:
        """A table with a filter, and under the columns of `sums` (with the decimals shown) a total that follows the filter.

        heads: labels of columns that are not called as the column is; kinds: formats of columns that are no text; a missing
        number is left blank.
        """
        sums = sums or {}
        table = table.assign(**{name: round_to_total(table[name], digits) for name, digits in sums.items()})
        names = list(table.columns)
        self.write_header([both(f"column.{heads.get(name, name)}") for name in names], freeze=2)
        last = FIRST
        for last, row in enumerate(table.itertuples(index=False), start=FIRST + 1):
            for column, (name, value) in enumerate(zip(names, row, strict=True)):
                blank = isinstance(value, float) and value != value
                self.write(last, column, "" if blank else value, "text" if blank else kinds.get(name, "text"))
        self.page.autofilter(FIRST, 0, last, len(names) - 1)
        for column, name in enumerate(names) if sums else ():
            if name in sums:
                formula = f"=SUBTOTAL(109,{cells(FIRST + 1, column, last, column)})"
                self.write_formula(last + 1, column, formula, table[name].sum(), f"{kinds[name]}_total")
            else:
                total = "Total / 合计" if column == 0 else ""
                self.page.write_string(last + 1, column, total, self.formats["text_total"])
        self.set_widths(widths)

    def set_widths(self, widths: Sequence[float]) -> None:
        """Width of each column in characters."""
        for column, width in enumerate(widths):
            self.page.set_column(column, column, width)


def make_formats(book: Any, currency: str) -> dict[str, Any]:
    """The formats of the workbook; each number kind has a bold one for totals ("money_total")."""
    base = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
    kinds = {
        "heads": "#,##0.0",
        "whole": "#,##0",
        "fte": "#,##0.0;[Color 53]-#,##0.0;-",
        "money": "#,##0",
        "share": "0.0%",
        "number": "#,##0.####",
        "check": "0.000000;-0.000000;0",
    }
    formats = {
        "title": book.add_format({**base, "bold": True, "font_size": 14}),
        "note": book.add_format({**base, "font_color": "#666666"}),
        "header": book.add_format(
            {**base, "bold": True, "text_wrap": True, "bottom": 2, "valign": "bottom", "bg_color": "#EEF3F7"}
        ),
        "text": book.add_format(base),
        "wrapped": book.add_format({**base, "text_wrap": True}),
        "withheld": book.add_format({**base, "font_color": "#888888", "italic": True, "align": "right"}),
        "text_total": book.add_format({**base, "bold": True, "top": 1}),
    }
    for kind, picture in kinds.items():
        formats[kind] = book.add_format({**base, "num_format": picture})
        formats[f"{kind}_total"] = book.add_format({**base, "num_format": picture, "bold": True, "top": 1})
    formats["currency"] = currency
    return formats


def cells(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """A range as a formula names it."""
    return f"{xl_rowcol_to_cell(first_row, first_column)}:{xl_rowcol_to_cell(last_row, last_column)}"


def cell(row: int, column: int, fixed: bool = False) -> str:
    """A cell as a formula names it; `fixed` holds its row and column."""
    return str(xl_rowcol_to_cell(row, column, row_abs=fixed, col_abs=fixed))


def write_knob(text: str) -> str:
    """A knob's value (JSON text) as a reader writes it."""
    value = json.loads(text) if text else None
    if value is None or value == {} or value == []:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
