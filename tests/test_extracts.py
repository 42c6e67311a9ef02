"""Reading an extract. Witness: the files are written here by other libraries (openpyxl, pyarrow, sqlite3, csv), cell by cell."""

import csv
import datetime
import sqlite3

import openpyxl
import pandas as pd
import pyarrow
import pyarrow.parquet
import pytest

from workforce.errors import InputError
from workforce.inputs.extracts import list_sheets, read_extract

ROSTER = '工号,姓名,薪资\n007,李䶮,12000\n000000,王,"12,000"\n'


def faults_of(*arguments, **more):
    with pytest.raises(InputError) as caught:
        read_extract(*arguments, **more)
    return caught.value.faults


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(tmp_path, encoding):
    path = tmp_path / "roster.csv"
    path.write_bytes(ROSTER.encode(encoding))
    frame = read_extract(path)
    assert frame.to_dict("list") == {"工号": ["007", "000000"], "姓名": ["李䶮", "王"], "薪资": ["12000", "12,000"]}
    assert frame.index.tolist() == [2, 3]


def test_utf_16_without_mark_is_refused(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_bytes("a,b\n1,2\n".encode("utf-16-le"))
    assert "UTF-16" in faults_of(path)[0].rule


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(tmp_path, separator):
    path = tmp_path / "roster.csv"
    path.write_text(separator.join("ab") + "\n" + separator.join(["x y", "2"]) + "\n", encoding="utf-8")
    assert read_extract(path).to_dict("list") == {"a": ["x y"], "b": ["2"]}


def test_words_that_look_like_nothing_stay_words(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("id,name\n1,NA\n2,null\n3,\n4,None\n", encoding="utf-8")
    assert read_extract(path)["name"].tolist() == ["NA", "null", "", "None"]


def test_rows_count_as_a_spreadsheet_shows_them(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text('id,note\r\n1,"two\r\nlines"\r\n\r\n,\r\n 2 ,x\r\n', encoding="utf-8", newline="")
    with path.open(newline="", encoding="utf-8") as file:
        expected = [number for number, row in enumerate(csv.reader(file), start=1) if any(row)][1:]
    frame = read_extract(path)
    assert frame.index.tolist() == expected == [2, 5]
    assert frame["id"].tolist() == ["1", "2"]


def test_what_is_cut_off_around_a_cell_and_what_is_not(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("id\xa0,\u3000note\n\u3000a\xa0,b\0\n c ,\x1cd\n", encoding="utf-8")
    assert read_extract(path).to_dict("list") == {"id": ["a", "c"], "note": ["b\0", "\x1cd"]}


def test_every_row_longer_than_the_header_is_told(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("id,pay\n1,2\n2,1,000\n3,4\n4,5,6\n", encoding="utf-8")
    assert [fault.row for fault in faults_of(path)] == [3, 5]


def test_header_faults_are_told_together(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("id,id,\n1,2,3\n", encoding="utf-8")
    assert [fault.rule for fault in faults_of(path)] == [
        "stands more than once in the header",
        "a column has cells and no header",
    ]
    path.write_text("id,pay,,\n1,2,,\n", encoding="utf-8")
    assert read_extract(path).columns.tolist() == ["id", "pay"]


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("none.csv", None, "is not there"),
        ("roster.doc", b"x", "is not a kind"),
        ("empty.csv", b"", "is empty"),
        ("broken.xlsx", b"no zip", "does not open"),
        ("broken.parquet", b"PAR", "does not open"),
        ("some.db", b"", "needs a query"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, rule):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    fault = faults_of(tmp_path / name)[0]
    assert fault.file == name
    assert rule in fault.rule


def test_excel(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "notes"
    sheet = book.create_sheet("花名册")
    sheet.append(["工号", "入职", "薪资", "比例", "在职", "空"])
    sheet.append(["007", datetime.date(2020, 2, 29), 12000, 0.25, True, None])
    sheet.append([None] * 6)
    sheet.append([8, datetime.datetime(2021, 3, 1, 9, 30), 1.5, 1e7, False, " x "])
    book.save(tmp_path / "roster.xlsx")
    assert list_sheets(tmp_path / "roster.xlsx") == ["notes", "花名册"]
    frame = read_extract(tmp_path / "roster.xlsx", sheet="花名册")
    assert frame.index.tolist() == [2, 4]
    assert frame.loc[2].tolist() == ["007", "2020-02-29", "12000", "0.25", "yes", ""]
    assert frame.loc[4].tolist() == ["8", "2021-03-01 09:30:00", "1.5", "10000000", "no", "x"]
    assert "花名册" in faults_of(tmp_path / "roster.xlsx", sheet="2026")[0].mend


def test_parquet(tmp_path):
    table = pyarrow.table(
        {
            "id": pyarrow.array([2**60 + 1, None], pyarrow.int64()),
            "name": ["007", None],
            "pay": [1.5, 2.0],
            "hired": pyarrow.array([datetime.date(2020, 2, 29), None], pyarrow.date32()),
            "seen": pyarrow.array([datetime.datetime(2020, 1, 1), None], pyarrow.timestamp("us")),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "roster.parquet")
    frame = read_extract(tmp_path / "roster.parquet")
    # 2**60 + 1 is no float: a detour through one would lose its last digit.
    assert frame.loc[2].tolist() == [str(2**60 + 1), "007", "1.5", "2020-02-29", "2020-01-01"]
    assert frame.loc[3].tolist() == ["", "", "2", "", ""]


def test_query(tmp_path, monkeypatch):
    with sqlite3.connect(tmp_path / "hr.db") as connection:
        connection.execute("create table staff (id text, pay real, heads integer)")
        connection.executemany("insert into staff values (?, ?, ?)", [("007", 1200.0, 3), ("8", None, 4)])
    query = "select id, pay, heads from staff order by id"
    frame = read_extract(tmp_path / "hr.db", query=query)
    assert frame.to_dict("list") == {"id": ["007", "8"], "pay": ["1200", ""], "heads": ["3", "4"]}
    assert read_extract(f"sqlite:///{tmp_path / 'hr.db'}", query=query).equals(frame)
    monkeypatch.chdir(tmp_path)
    assert read_extract("sqlite:///hr.db", query=query).equals(frame)
    assert "no such table" in faults_of(tmp_path / "hr.db", query="select * from people")[0].rule
    assert "readonly" in faults_of(tmp_path / "hr.db", query="delete from staff")[0].rule


def test_everything_is_text(tmp_path):
    frame = pd.DataFrame({"a": ["1", "2"], "b": [1, 2]})
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    for name in ("a.csv", "a.parquet"):
        read = read_extract(tmp_path / name)
        assert all(isinstance(cell, str) for cell in read.to_numpy().ravel())
