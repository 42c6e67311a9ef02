"""Both languages say the same, in words that exist, with numbers written as a reader expects them."""

from __future__ import annotations

import ast
import doctest
import re
import string
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from workforce.inputs.knobs import list_knobs
from workforce.inputs.tables import CONTRACTS
from workforce.report import sentences, words
from workforce.report.passages import PASSAGES
from workforce.report.sentences import SENTENCES, choose_sentence
from workforce.report.vocabulary import LABELS
from workforce.report.words import label, label_knob, money_scale, say, write_amount, write_money, write_period

PACKAGE = Path(words.__file__).parents[1]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("pairs", [SENTENCES, PASSAGES, LABELS], ids=["sentences", "passages", "labels"])
def test_every_text_stands_in_both_languages_with_the_same_values(pairs):
    for key, (english, chinese) in pairs.items():
        assert english.strip() and chinese.strip(), key
        # A sentence may name a thing in one language where grammar carries it in the other, but not invent one.
        assert placeholders(english) ^ placeholders(chinese) <= {"currency", "base"}, key
        assert not re.search("[\u4e00-\u9fff]", english), key


def test_sentences_and_passages_are_chinese_in_chinese():
    for key, (_, chinese) in {**SENTENCES, **PASSAGES}.items():
        assert re.search("[\u4e00-\u9fff]", chinese), key


def test_every_character_is_in_the_shipped_font():
    font_file = pytest.importorskip("matplotlib.ft2font").FT2Font(
        str(PACKAGE / "report" / "fonts" / "NotoSansSC-GB2312.otf")
    )
    known = set(font_file.get_charmap())
    texts = "".join(chinese for _, chinese in {**SENTENCES, **PASSAGES, **LABELS}.values())
    assert not {character for character in texts if ord(character) not in known and character != "\n"}


def test_the_shipped_font_holds_all_of_gb2312():
    from matplotlib.ft2font import FT2Font

    known = set(FT2Font(str(PACKAGE / "report" / "fonts" / "NotoSansSC-GB2312.otf")).get_charmap())
    # Rows 16 to 87 of the standard are its 6,763 characters.
    standard = []
    for row in range(0xB0, 0xF8):
        for column in range(0xA1, 0xFF):
            standard += bytes([row, column]).decode("gb2312", errors="ignore")
    assert len(standard) == 6763
    assert {ord(character) for character in standard} <= known


def test_a_sentence_written_out_by_hand():
    values = {"role": "welder", "shortage": 12.34, "period": "2026-03"}
    assert say("worst_shortage", "en", **values) == "The largest shortage is in welder: 12.3 FTE in Mar 2026."
    assert say("worst_shortage", "zh", **values) == "短缺最大的岗位是 welder：2026年3月短缺 12.3 FTE。"


def test_a_missing_number_is_said_to_be_withheld():
    assert "withheld" in say("worst_shortage", "en", role="welder", shortage=np.nan, period="2026-03")
    assert "未披露" in say("worst_shortage", "zh", role="welder", shortage=None, period="2026-03")


def test_unknown_sentences_languages_and_values_are_refused():
    with pytest.raises(KeyError, match="no sentence"):
        say("no_such_key")
    with pytest.raises(KeyError, match="shortage"):
        say("worst_shortage", role="welder", period="2026-03")
    with pytest.raises(ValueError, match="en, zh"):
        say("worst_shortage", "fr")


def test_braces_in_data_stay_text():
    assert "{0.__class__}" in say("worst_shortage", role="{0.__class__}", shortage=1, period="2026")


@pytest.mark.parametrize(("amount", "english", "chinese"), [
    (0.0, "CNY 0", "0 元"),
    (999_999.0, "CNY 999,999", "999,999 元"),
    (1_000_000.0, "CNY 1.00 million", "100.0 万元"),
    (-12_345_678.0, "CNY -12.3 million", "-1,234.6 万元"),
    (345_600_000.0, "CNY 345.6 million", "3.456 亿元"),
])  # fmt: skip
def test_money_in_both_ways_of_counting(amount, english, chinese):
    assert write_money(amount, "CNY", "en") == english
    assert write_money(amount, "CNY", "zh") == chinese


def test_other_currencies_keep_their_code():
    assert write_money(2_500_000, "EUR", "en") == "EUR 2.50 million"
    assert write_money(2_500_000, "EUR", "zh") == "250.0 万 EUR"
    assert money_scale(2e9, "USD", "zh") == (1e8, "亿 USD")


def test_periods_in_words():
    assert write_period(pd.Period("2026-12", "M")) == "Dec 2026"
    assert write_period(pd.Period("2026Q3", "Q"), "zh") == "2026年三季度"
    assert write_period(pd.Period("2026", "Y"), "en") == "2026"
    assert write_period("from the start") == "from the start"


def test_people_are_whole_where_they_are_and_minus_zero_is_zero():
    assert write_amount(3.0) == "3" and write_amount(3.25) == "3.2" and write_amount(-1e-12) == "0"
    assert say("hires_total", "en", heads=1, cost=5, currency="CNY").startswith("The plan hires 1 person for")


def test_every_knob_and_every_part_that_can_be_switched_off_has_a_name():
    for knob in list_knobs():
        if knob not in ("title", "why"):
            assert f"knob.{knob}" in LABELS, knob
    for table, contract in CONTRACTS.items():
        if contract.part and table != "history":
            assert f"part.{table}" in LABELS, table


def test_entries_of_a_mapping_are_named_after_it():
    assert label_knob("plan.shortage_multiple.high", "zh") == f"{label('knob.plan.shortage_multiple', 'zh')}：high"
    assert label_knob("something.new") == "something.new"


def reasons_told(file: str) -> set[str]:
    """First elements of the pairs (key, values) in a file's syntax tree."""
    tree = ast.parse((PACKAGE / file).read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[0], ast.Constant):
            key, values = node.elts
            shaped = isinstance(values, ast.Dict) or (
                isinstance(values, ast.BinOp) and isinstance(values.op, ast.BitOr)
            )
            if isinstance(key.value, str) and (shaped or (isinstance(values, ast.Name) and values.id == "values")):
                found.add(key.value)
    return found


@pytest.mark.parametrize("file", ["optimise/explain.py", "pipeline.py", "inputs/agreement.py", "measure/funnel.py"])
def test_every_reason_that_the_code_gives_has_a_sentence(file):
    told = reasons_told(file)
    assert told
    assert not {key for key in told if key not in SENTENCES}


@pytest.mark.parametrize(("key", "values", "chosen"), [
    ("hires_total", {"heads": 10.0, "arriving": 8.0}, "hires_total.offers"),
    ("moves_total", {"heads": 0.0}, "moves_total.none"),
    ("budget_price", {"saved": 3.0}, "budget_price.checked"),
    ("budget_price", {}, "budget_price"),
    ("unused_channel", {"cheaper": 9.0, "cost": 5.0}, "unused_channel.far"),
    ("unused_channel", {"cheaper": 3.0, "cost": 5.0}, "unused_channel"),
    ("unused_programme", {"cheaper": 0.0, "cost": 5.0}, "unused_programme.tie"),
    ("no_history", {"stated": True}, "no_history.stated"),
    ("no_history", {"stated": False}, "no_history"),
    ("gap_total", {"surplus": 0.0}, "gap_total.short"),
])  # fmt: skip
def test_the_variant_that_fits_the_values(key, values, chosen):
    assert choose_sentence(key, values) == chosen
    assert chosen in SENTENCES


@pytest.mark.parametrize("module", [words, sentences])
def test_examples_run(module):
    found = doctest.testmod(module)
    assert found.attempted and not found.failed
