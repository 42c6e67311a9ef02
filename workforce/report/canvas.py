"""The paper the pictures are drawn on: fonts, colours, axes in words.

The font list is Latin first, then a Chinese system font where there is one, then the subset that ships with the package;
matplotlib picks glyph by glyph, so a picture in either language needs nothing to be installed. Colours are those of
Okabe & Ito (2008), which people with any of the common colour deficiencies tell apart.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from workforce.report.words import label as short_word
from workforce.report.words import money_scale, write_number, write_period

BLACK, GREY, PALE = "#222222", "#8C8C8C", "#E3E3E3"
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#C44601"
SKY, PURPLE, YELLOW = "#56B4E9", "#CC79A7", "#F0E442"
SERIES = (BLUE, ORANGE, GREEN, PURPLE, SKY, RED, YELLOW, GREY)
SHORT_SPARE = LinearSegmentedColormap.from_list("short_spare", [BLUE, "#8FC1DD", "#FFFFFF", "#EDB28F", "#A63A00"])
CERTAINTY = LinearSegmentedColormap.from_list("certainty", ["#A63A00", "#E69F00", "#F7F4EA", "#8FC1DD", "#00517F"])
DEPTH = LinearSegmentedColormap.from_list("depth", ["#FFFFFF", "#EDB28F", "#A63A00"])

SHIPPED_FONT = Path(__file__).parent / "fonts" / "NotoSansSC-GB2312.otf"
_SYSTEM_FONTS = (
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
    "Noto Sans CJK JP",
)
_DOTS = 160


@functools.cache
def find_fonts() -> tuple[str, ...]:
    """The font families to draw with, best first; the last holds every character of GB2312.

    Only names that matplotlib knows are asked for: each unknown one would log dozens of lines.
    """
    font_manager.fontManager.addfont(str(SHIPPED_FONT))
    known = {font.name for font in font_manager.fontManager.ttflist}
    shipped = font_manager.FontProperties(fname=str(SHIPPED_FONT)).get_name()
    # One of the system's is enough: every further name is searched again for every text.
    return ("DejaVu Sans", *[name for name in _SYSTEM_FONTS if name in known][:1], shipped)


@functools.cache
def _style() -> dict[str, Any]:
    return {
        "font.family": list(find_fonts()),
        "font.size": 9.5,
        "axes.unicode_minus": True,
        "figure.facecolor": "white",
        "axes.facecolor": "white",
        "savefig.facecolor": "white",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": GREY,
        "axes.labelcolor": BLACK,
        "axes.titlesize": 10.5,
        "axes.titlelocation": "left",
        "axes.titlepad": 8,
        "axes.titley": 1.0,  # where it is anyway without ticks at the top; found by itself, it measures every axis again
        "xtick.color": "#444444",
        "ytick.color": "#444444",
        "xtick.labelsize": 8.5,
        "ytick.labelsize": 8.5,
        "legend.frameon": False,
        "legend.fontsize": 9,
        "axes.axisbelow": True,
        "grid.color": "#E8E8E8",
        "grid.linewidth": 0.8,
        "lines.linewidth": 2.0,
    }


class Picture(Figure):
    """A figure that carries its own style and a description for those who cannot see it, and shows itself in a notebook."""

    description: str = ""

    def draw(self, renderer: Any) -> None:
        """Draw with the style of the house, whatever the session's settings are."""
        with mpl.rc_context(_style()):
            super().draw(renderer)

    def _repr_png_(self) -> tuple[bytes, dict[str, object]]:
        buffer, before = io.BytesIO(), self.get_dpi()
        self.set_dpi(_DOTS)
        try:
            # Not savefig, which draws twice where there is a layout: once for it alone, though each draw begins with it.
            FigureCanvasAgg(self).print_png(buffer, metadata={"Software": None}, pil_kwargs={"compress_level": 3})
        finally:
            self.set_dpi(before)
        width, height = self.get_size_inches()
        return buffer.getvalue(), {"width": int(width * 100), "height": int(height * 100), "alt": self.description}


def open_picture(
    width: float, height: float, description: str, rows: int = 1, columns: int = 1, **options: Any
) -> tuple[Picture, np.ndarray]:
    """A new picture of `width` x `height` inches and its axes, as an array of `rows` x `columns`."""
    with mpl.rc_context(_style()):
        figure = Picture(figsize=(width, height), layout="constrained")
        figure.description = description
        axes = figure.subplots(rows, columns, squeeze=False, **options)
    return figure, axes


def needs(*tables: str) -> Callable[[Callable[..., Picture | None]], Callable[..., Picture | None]]:
    """A picture that a run without (rows in) these tables does not have: the function then returns None."""

    def decorate(draw: Callable[..., Picture | None]) -> Callable[..., Picture | None]:
        @functools.wraps(draw)
        def draw_if_there(run: Any, *arguments: Any, **options: Any) -> Picture | None:
            if any(name not in run.tables or not len(run.tables[name]) for name in tables):
                return None
            return draw(run, *arguments, **options)

        return draw_if_there

    return decorate


def style_axes() -> Any:
    """The context within which an axes is drawn on."""
    return mpl.rc_context(_style())


def set_periods(axes: Axes, periods: Sequence[str], language: str) -> None:
    """Ticks for positions 0, 1, 2, ... that stand for `periods` (canonical text), few enough to read."""
    if not len(periods):
        return
    monthly, quarterly = "-" in periods[0], "Q" in periods[0]
    if monthly:
        step = 3 if len(periods) <= 30 else 6 if len(periods) <= 48 else 12
        shown = [i for i, text in enumerate(periods) if (int(text[5:7]) - 1) % step == 0]
    elif quarterly:
        shown = [i for i, text in enumerate(periods) if len(periods) <= 12 or text.endswith("Q1")]
    else:
        shown = list(range(0, len(periods), 1 + len(periods) // 15))
    shown = shown or [0]
    labels, year_before = [], ""
    for i in shown:
        year = periods[i][:4]
        part = _short_part(periods[i], language)
        written = write_period(year, language)
        labels.append(written if not part else f"{part}\n{written}" if year != year_before else part)
        year_before = year
    axes.set_xticks(shown, labels)
    axes.set_xlim(-0.6, len(periods) - 0.4)


def _short_part(period: str, language: str) -> str:
    if "-" in period:
        return f"{int(period[5:7])}月" if language == "zh" else write_period(period).split(" ")[0]
    if "Q" in period:
        return f"{period[-1]}季" if language == "zh" else f"Q{period[-1]}"
    return ""


def set_numbers(axis: Any, label: str, scale: float = 1.0, percent: bool = False) -> None:
    """Thousands separators and the unit on one axis (``axes.xaxis`` or ``axes.yaxis``)."""
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))

    def write(value: float, _position: int | None = None) -> str:
        shown = value / scale
        if percent:
            return f"{write_number(100 * shown)}%"
        digits = 0 if abs(shown - round(shown)) < 1e-9 else 1 if abs(10 * shown - round(10 * shown)) < 1e-9 else 2
        return write_number(shown, digits).replace("-", "\u2212")

    axis.set_major_formatter(FuncFormatter(write))
    axis.set_label_text(label)


def set_money(axis: Any, largest: float, currency: str, language: str, length: str = "") -> float:
    """Money on one axis in a scale that reads well; returns the divisor."""
    scale, unit = money_scale(largest, currency, language)
    written = unit if not length else say_axis("axis.money_period", language, unit=unit, period=length)
    set_numbers(axis, written, scale)
    return scale


def say_axis(key: str, language: str, **values: object) -> str:
    """A label of the vocabulary with its few plain values filled in."""
    return short_word(key, language).format(**values)


def write_cell(axes: Axes, column: float, row: float, text: str, **options: Any) -> None:
    """A text within a heat map. It takes no part in the layout, which would measure each one several times."""
    axes.text(column, row, text, va="center", in_layout=False, **options)


def shorten(text: str, longest: int = 30) -> str:
    """A name short enough for an axis; a Chinese character takes two places."""
    width = 0
    for position, character in enumerate(text):
        width += 2 if ord(character) > 0x2E7F else 1
        if width > longest:
            return text[:position].rstrip() + "…"
    return text


def label_line_ends(axes: Axes, ends: Iterable[tuple[float, float, str, str]], gap: float = 0.055) -> None:
    """Write each line's name at its right end: (x, y, text, colour); names that would collide are moved apart."""
    low, high = axes.get_ylim()
    space = gap * (high - low)
    placed: list[float] = []
    for x, y, text, colour in sorted(ends, key=lambda end: end[1]):
        place = max(y, placed[-1] + space) if placed else y
        placed.append(place)
        axes.annotate(
            text,
            (x, place),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=9,
            annotation_clip=False,
        )


def text_periods(table: pd.DataFrame) -> list[str]:
    """The periods of a table as canonical text, in order of time."""
    return sorted(table["period"].astype(str).unique())


def by_text_period(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose periods are canonical text, which sorts in order of time."""
    return table.assign(period=table["period"].astype(str))


def largest_of(amounts: pd.Series, most: int) -> list[str]:
    """The names of the largest amounts, largest first, at most `most`."""
    return list(amounts.sort_values(ascending=False, kind="stable").index[:most])


def draw_cells(
    axis: Any,
    values: np.ndarray,
    names: list[str],
    periods: list[str],
    language: str,
    colours: Any,
    low: float,
    high: float,
) -> Any:
    """A heat map of `values` (rows x periods) with a name a row; a missing value stays grey. Returns the image."""
    axis.set_facecolor("#F2F2F2")
    image = axis.imshow(
        np.ma.masked_invalid(values), aspect="auto", cmap=colours, vmin=low, vmax=high, interpolation="nearest"
    )
    set_periods(axis, periods, language)
    axis.set_xlim(-0.5, values.shape[1] - 0.5)
    axis.set_yticks(range(len(names)), names)
    axis.tick_params(length=0)
    for side in ("left", "bottom"):
        axis.spines[side].set_visible(False)
    return image


def add_scale(figure: Picture, axis: Any, image: Any, unit: str) -> Any:
    """The colour scale beside a heat map, headed by its unit; the room between holds what stands right of the rows."""
    bar = figure.colorbar(image, ax=axis, fraction=0.02, pad=0.09 if unit else 0.02, aspect=20)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=8, length=0)
    if unit:
        bar.ax.set_title(unit, fontsize=8, loc="left")
    return bar
