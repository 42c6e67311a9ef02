"""Extracts to the tables through a map. Witness: small cases solved by hand, written to file by other libraries."""

import json
import sqlite3
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml

from workforce.errors import InputError
from workforce.inputs import write_tables
from workforce.inputs.assumptions import Assumptions
from workforce.inputs.imports import import_extracts
from workforce.inputs.mapping import read_map
from workforce.inputs.tables import read_tables

MAPS = sorted((Path(__file__).resolve().parents[1] / "data" / "maps").glob("*.yaml"))

MAP = """
title: Rosters
assumptions: [An id that is missing has left.]
extracts:
  - files: roster_*.csv
    table: roster
    snapshot: {files: {roster_1.csv: 2024-12-31, roster_2.csv: 2025-12-31}}
    thousands: ","
    dates: ["%Y年%m月%d日"]
    columns: {person: [工号, 员工编号], unit: 部门, title: 岗位, hire_date: 入职, gender: 性别, salary: 年薪}
    values: {gender: {男: male, 女: female}}
    derive:
      - {column: family, from: title, otherwise: other, patterns: [
          {matches: "经理|主管", gives: lead}, {matches: 工程师, gives: engineer}]}
      - {column: role, from: [unit, family], join: "-"}
    leave_out:
      - {column: person, starts_with: X, why: interns}
      - {column: salary, below: 100, why: boards}
    duplicates: {keep: highest, column: salary, why: two jobs}
roles: {establishment: 1.0, constants: {on_cost: 0.4}, families: {lead: {priority: high}}}
plan:
  months: 24
  fixed_families: [lead]
  drivers: [{unit: company, driver: orders, value: 600, growth: 0.21, low: 0.1, high: 0.3, why: sales plan}]
tables:
  budget: [{period: "2026", category: total, amount: 900000}]
scenario:
  time: {start: "2026-01", horizon: 12}
  attrition: {observed_from: 2024-12-31}
"""

FIRST = """工号,部门,岗位,入职,性别,年薪
001,研发,工程师,2015年03月01日,男,"120,000"
002,研发,工程师,2016-04-01,女,100000
003,研发,主管,2010-01-01,女,200000
X04,研发,实习,2024-07-01,男,30000
005,研发,顾问,,男,50
002,研发,工程师,2016-04-01,女,20000
"""

SECOND = """员工编号,部门,岗位,入职,性别,年薪
001,研发,高级工程师,2015-03-01,男,130000
003,研发,主管,2010-01-01,女,200000
006,研发,工程师,2025-05-06,,90000
007,研发,工程师,2014-01-01,女,110000
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "roster_1.csv").write_bytes(FIRST.encode("gb18030"))
    (tmp_path / "roster_2.csv").write_bytes(SECOND.encode("utf-16"))
    return tmp_path


def bring(folder, out="data", **more):
    return import_extracts(sorted(folder.glob("roster_*")), folder / "map.yaml", folder / out, **more)


def refused(folder, **more):
    """The faults, after a check that nothing was written."""
    before = sorted(folder.rglob("*"))
    with pytest.raises(InputError) as caught:
        bring(folder, **more)
    assert sorted(folder.rglob("*")) == before
    return caught.value.faults


def edit(folder, old, new, name="map.yaml"):
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def test_rosters_by_hand(folder):
    report = bring(folder)
    tables, faults = read_tables(folder / "data")
    assert faults == []
    people = tables.people.set_index("person")
    assert people.index.tolist() == ["001", "003", "006", "007"]
    assert people.loc["001", ["role", "gender", "salary"]].tolist() == ["研发-engineer", "male", 130000]
    assert people.loc["006", "gender"] == ""
    assert people.loc["001", "hire_date"] == pd.Timestamp("2015-03-01")
    history = tables.history[["person", "event", "from_role", "to_role"]].to_numpy().tolist()
    assert history == [
        ["006", "join", "", "研发-engineer"],
        ["007", "join", "", "研发-engineer"],
        ["002", "leave", "研发-engineer", ""],
    ]
    assert (tables.history["after"] == pd.Timestamp("2024-12-31")).all()
    roles = tables.roles.set_index("role")
    assert roles.index.tolist() == ["研发-engineer", "研发-lead"]
    assert roles["salary"].tolist() == [110000, 200000]  # medians of 130, 90, 110 and of 200 thousand
    assert roles["establishment"].tolist() == [3, 1]
    assert roles["priority"].tolist() == ["medium", "high"]
    demand = tables.demand.set_index("role")
    assert demand.loc["研发-engineer", ["method", "driver", "ratio"]].tolist() == [
        "ratio",
        "orders",
        200,
    ]  # 600 over 3 FTE
    assert demand.loc["研发-lead", ["method", "fte"]].tolist() == ["fixed", 1]
    drivers = tables.drivers.set_index("period")
    assert len(drivers) == 24
    assert drivers.index[0] == "2026-01"
    # 21 per cent a year: 10 per cent after six months, 726 after twelve.
    assert drivers.loc["2026-06", "base"] == pytest.approx(660)
    assert drivers.loc["2026-12", ["low", "base", "high"]].tolist() == pytest.approx([660, 726, 780])
    assert tables.budget["amount"].tolist() == [900000]

    assert report.balance.to_dict("index") == {
        "roster_1.csv": {"read": 6, "left_out": 3, "used": 3},
        "roster_2.csv": {"read": 4, "left_out": 0, "used": 4},
    }
    left = report.table[report.table["step"] == "left_out"]
    assert left[["why", "rows"]].to_numpy().tolist() == [["interns", 1], ["boards", 1], ["two jobs", 1]]
    row = report.intervals.iloc[0]
    assert [row["opening"], row["leavers"], row["hired"], row["reappeared"], row["closing"]] == [3, 1, 1, 1, 4]
    text = report.text()
    for words in (
        "roster_1.csv: 6 rows read, 3 used, 3 left out",
        "starts with X (interns)",
        "An id that is missing has left.",
    ):
        assert words in text


def test_scenario_is_spelled_out(folder):
    bring(folder)
    content = yaml.safe_load((folder / "scenarios" / "base.yaml").read_text(encoding="utf-8"))
    assert set(content) == set(Assumptions.model_fields)
    assert content["time"] == {"period": "month", "start": "2026-01", "horizon": 12}
    assert content["attrition"]["observed_from"].isoformat() == "2024-12-31"
    given = Assumptions.model_validate({"time": {"start": "2026-01", "horizon": 12}})
    del content["attrition"], content["report"]
    assert content == {name: value for name, value in json.loads(given.model_dump_json()).items() if name in content}


def test_a_second_import_needs_leave_and_keeps_the_scenario(folder):
    bring(folder)
    (folder / "scenarios" / "base.yaml").write_text("mine", encoding="utf-8")
    assert {fault.rule for fault in refused(folder)} == {"is there already"}
    report = bring(folder, replace=True)
    assert (folder / "scenarios" / "base.yaml").read_text(encoding="utf-8") == "mine"
    assert "kept as it was" in report.text()
    (folder / "data" / "roles.parquet").write_bytes(b"")
    assert [fault.file.split("/")[-1] for fault in refused(folder, replace=True)] == ["roles.parquet"]


def test_whole_or_not_at_all(folder, monkeypatch):
    bring(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    real, calls = Path.replace, []

    def fail_late(self, target):
        calls.append(target)
        if len(calls) == 5:
            raise OSError("disk full")
        return real(self, target)

    monkeypatch.setattr(write_tables.Path, "replace", fail_late)
    edit(folder, "600", "900")
    with pytest.raises(OSError, match="disk full"):
        bring(folder, replace=True)
    monkeypatch.undo()
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "map.yaml"}
    assert after == {path: content for path, content in before.items() if path.name != "map.yaml"}


def test_all_faults_of_the_cells_at_once(folder):
    (folder / "roster_1.csv").write_text(
        "工号,部门,岗位,入职,性别,年薪\n001,研发,工程师,2015-13-01,男,120000\n002,研发,工程师,2016-04-01,女性,1.000.0\n"
        "X03,研发,实习,soon,?,nothing\n",
        encoding="utf-8",
    )
    (folder / "roster_2.csv").write_text("员工编号,部门,入职,性别,薪\n", encoding="utf-8")
    found = {(fault.file, fault.row, fault.column, fault.value) for fault in refused(folder)}
    assert found == {
        ("roster_1.csv", 2, "hire_date", "2015-13-01"),
        ("roster_1.csv", 3, "gender", "女性"),
        ("roster_1.csv", 3, "salary", "1.000.0"),
        ("roster_2.csv", 1, "title", "岗位"),
        ("roster_2.csv", 1, "salary", "年薪"),
    }


def test_thousands_only_where_the_map_says_so(folder):
    edit(folder, '    thousands: ","\n', "")
    fault = refused(folder)[0]
    assert (fault.row, fault.value) == (2, "120,000")
    assert "thousands" in fault.mend


def test_a_wrong_column_is_told_once_and_counted(folder):
    rows = "\n".join(f"{k:03},研发,工程师,2015/01/01,男,1" for k in range(1, 51))
    (folder / "roster_1.csv").write_text(f"工号,部门,岗位,入职,性别,年薪\n{rows}\n", encoding="utf-8")
    edit(folder, "below: 100", "below: 0")
    faults = refused(folder)
    assert len(faults) == 21
    assert "30 more" in faults[-1].mend


def test_a_person_twice_is_a_fault_unless_the_map_says_what_to_do(folder):
    edit(folder, "    duplicates: {keep: highest, column: salary, why: two jobs}\n", "")
    assert [(fault.file, fault.row, fault.value) for fault in refused(folder)] == [("roster_1.csv", 7, "002")]


def test_contract_faults_name_the_row_of_the_extract(folder):
    (folder / "map.yaml").write_text(
        "title: t\nextracts:\n  - files: roster_1.csv\n    table: people\n"
        "    columns: {person: id, role: job, hire_date: day, fte: fte}\n",
        encoding="utf-8",
    )
    (folder / "roster_2.csv").unlink()
    (folder / "roster_1.csv").write_text(
        "id,job,day,fte\n\n1,clerk,2020-01-01,1\n2,clerk,2020-01-01,7\n1,clerk,2020-01-01,1\n", encoding="utf-8"
    )
    faults = refused(folder)
    assert {(fault.file, fault.row, fault.column) for fault in faults} == {
        ("roster_1.csv", 4, "fte"),
        ("roster_1.csv", 5, "person"),
    }
    assert "row 3 of roster_1.csv" in next(fault.mend for fault in faults if fault.column == "person")


@pytest.mark.parametrize(
    ("old", "new", "line", "value", "mend"),
    [
        ("    thousands:", "    thousand:", 8, "thousand", "thousands"),
        ("starts_with: X", "start_with: X", 16, "start_with", "starts_with"),
        ("title: Rosters\n", "", 1, "", "title"),
        ("growth: 0.21", "growth: fast", 23, "fast", "number"),
        ("horizon: 12", "horizont: 12", 27, "horizont", "horizon"),
    ],
)
def test_faults_of_the_map_name_line_and_nearest_key(folder, old, new, line, value, mend):
    edit(folder, old, new)
    faults = refused(folder)
    assert [fault.value for fault in faults if fault.file == "map.yaml"].count(value) == 1
    fault = next(fault for fault in faults if fault.value == value)
    assert mend in fault.mend
    if old != "title: Rosters\n":
        assert abs(fault.row - line) <= 1


@pytest.mark.parametrize(
    ("old", "new", "value", "mend"),
    [
        ("hire_date: 入职", "hire_dat: 入职", "hire_dat", "hire_date"),
        ("{column: salary, below", "{column: salery, below", "salery", "salary"),
        ("from: title", "from: titel", "titel", "title"),
        ("  budget:", "  budgets:", "budgets", "budget"),
        ("table: roster\n", "table: rooster\n", "rooster", "roster"),
        ("files: roster_*.csv", "files: staff_*.csv", "staff_*.csv", "file"),
        ("lead: {priority: high}", "leads: {priority: high}", "leads", "lead"),
        ("  budget: [{period:", "  roles: [{role:", "roles", "one of the two"),
    ],
)
def test_names_that_do_not_fit_together(folder, old, new, value, mend):
    edit(folder, old, new)
    assert [fault for fault in refused(folder) if fault.value == value and mend in fault.mend]


def test_repeated_keys_of_the_map_are_refused(folder):
    edit(folder, "title: Rosters\n", "title: Rosters\ntitle: Again\n")
    fault = refused(folder)[0]
    assert (fault.file, fault.row) == ("map.yaml", 3)


def test_unknown_hire_dates(folder):
    (folder / "roster_1.csv").write_text(
        "工号,部门,岗位,入职,性别,年薪\n1,研发,工程师,,男,100\n2,研发,工程师,,男,100\n3,研发,工程师,2001-01-01,男,100\n",
        encoding="utf-8",
    )
    (folder / "roster_2.csv").write_text(
        "员工编号,部门,岗位,入职,性别,年薪\n1,研发,主管,2009-09-09,男,100\n2,研发,工程师,,男,100\n3,研发,主管,2001-01-01,男,100\n"
        "4,研发,工程师,,女,100\n5,研发,工程师,2026-01-05,女,100\n",
        encoding="utf-8",
    )
    report = bring(folder, "a")
    assert report.balance["left_out"].tolist() == [1, 2]
    mended = report.table[report.table["step"] == "mended"]
    assert mended[["file", "rows"]].to_numpy().tolist() == [["roster_1.csv", 1], ["roster_2.csv", 1]]
    people = read_tables(folder / "a")[0].people.set_index("person")
    assert people.index.tolist() == ["1", "3", "5"]
    assert people.loc["5", "hire_date"] == pd.Timestamp("2025-12-31")
    edit(folder, "roles: {", "roster: {unknown_hire_date: middle}\nroles: {")
    report = bring(folder, "b")
    assert report.balance["left_out"].tolist() == [
        1,
        1,
    ]  # id 2 stood in the first snapshot: no interval to take a middle of
    people = read_tables(folder / "b")[0].people.set_index("person")
    assert people.loc["4", "hire_date"] == pd.Timestamp("2025-07-01")  # 182 days and a half after 2024-12-31


def test_a_hire_date_after_the_snapshot_is_no_second_hire(folder):
    (folder / "roster_1.csv").write_text(
        "工号,部门,岗位,入职,性别,年薪\n1,研发,工程师,2025-01-09,男,100\n", encoding="utf-8"
    )
    (folder / "roster_2.csv").write_text(
        "员工编号,部门,岗位,入职,性别,年薪\n1,研发,工程师,2025-01-09,男,100\n", encoding="utf-8"
    )
    edit(folder, "families: {lead: {priority: high}}", "families: {}")
    report = bring(folder)
    row = report.intervals.iloc[0]
    assert [row["opening"], row["leavers"], row["hired"], row["closing"]] == [1, 0, 0, 1]
    assert report.table.loc[report.table["step"] == "mended", "rows"].tolist() == [1, 1]
    assert read_tables(folder / "data")[0].people["hire_date"].tolist() == [pd.Timestamp("2024-12-31")]


def test_small_roles_are_joined_alike_in_every_snapshot(folder):
    edit(folder, "roles: {", "small_cells: {roles_below: 3}\nroles: {")
    edit(folder, "families: {lead: {priority: high}}", "families: {}")
    bring(folder)
    tables = read_tables(folder / "data")[0]
    assert sorted(tables.roles["role"]) == ["研发 / other", "研发-engineer"]
    assert (tables.history["event"] != "move").all()


def test_leavers_of_a_roster_without_dates(tmp_path):
    (tmp_path / "map.yaml").write_text(
        """
title: One roster
extracts:
  - files: roster_1.csv
    table: roster
    snapshot: {date: 2024-02-29}
    columns: {person: id, role: job, years: tenure, gone: left, monthly: pay}
    derive:
      - {column: hire_date, from: years, years_before_snapshot: true, plus_months: 6}
      - {column: salary, from: monthly, times: 12}
    leavers: {column: gone, equals: "Yes", window_months: 12, cause: resign}
""",
        encoding="utf-8",
    )
    (tmp_path / "roster_1.csv").write_text(
        "id,job,tenure,left,pay\na,x,3,No,1000\nb,x,0,Yes,1001.5\n", encoding="utf-8"
    )
    report = bring(tmp_path)
    assert report.balance.loc["roster_1.csv"].tolist() == [2, 0, 2]
    assert (tmp_path / "data" / "people.csv").read_text().splitlines() == [
        "person,role,hire_date,salary",
        "a,x,2020-08-29,12000",
    ]
    lines = (tmp_path / "data" / "history.csv").read_text().splitlines()
    assert lines == [
        "person,date,event,from_role,to_role,cause,after,hire_date",
        "b,2024-02-29,leave,x,,resign,2023-02-28,2023-08-29",
    ]


def test_dated_events_from_a_workbook_and_a_database(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "人员"
    for row in (["工号", "岗位", "入职"], ["007", "clerk", 43831], ["008", "clerk", "2021.02.03"]):
        book.active.append(row)
    sheet = book.create_sheet("异动")
    for row in (
        ["工号", "日期", "类型", "原", "新"],
        ["009", pd.Timestamp("2024-05-06").to_pydatetime(), "离职", "clerk", None],
        ["008", pd.Timestamp("2021-02-03").to_pydatetime(), "入职", None, "clerk"],
    ):
        sheet.append(row)
    book.save(tmp_path / "roster_hr.xlsx")
    with sqlite3.connect(tmp_path / "roster_hr.db") as connection:
        connection.execute("create table post (name text, pay real)")
        connection.execute("insert into post values ('clerk', 90000)")
    (tmp_path / "map.yaml").write_text(
        """
title: Events
extracts:
  - files: roster_hr.xlsx
    sheet: 人员
    table: people
    columns: {person: 工号, role: 岗位, hire_date: 入职}
    dates: ["%Y.%m.%d", excel]
  - files: roster_hr.xlsx
    sheet: 异动
    table: history
    columns: {person: 工号, date: 日期, event: 类型, from_role: 原, to_role: 新}
    values: {event: {入职: join, 离职: leave, 调动: move}}
  - files: roster_hr.db
    query: select name, pay from post
    table: roles
    columns: {role: name, salary: pay}
    constants: {unit: office, family: office}
""",
        encoding="utf-8",
    )
    report = bring(tmp_path)
    assert sorted(report.balance.index) == ["roster_hr.db [query]", "roster_hr.xlsx [人员]", "roster_hr.xlsx [异动]"]
    tables = read_tables(tmp_path / "data")[0]
    assert tables.people["hire_date"].dt.strftime("%Y-%m-%d").tolist() == ["2020-01-01", "2021-02-03"]
    assert tables.history["event"].tolist() == ["leave", "join"]
    assert tables.roles["salary"].tolist() == [90000]


@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_maps_of_the_repository_are_sound(path):
    rules = read_map(path)
    assert rules.assumptions, "a map says what it assumes"
    assert all(rule.why for extract in rules.extracts for rule in extract.leave_out)


def test_there_are_maps():
    assert {path.stem for path in MAPS} >= {"baltimore", "ibm", "chinese_roster"}


def test_the_chinese_example_map(tmp_path):
    header = ["工号", "部门", "岗位序列", "入职日期", "性别", "月薪", "用工形式"]
    book = openpyxl.Workbook()
    for row in (
        header,
        ["0012", "研发部", "工程师", "2019年07月01日", "女", "12,000", "正式"],
        ["0013", "研发部", "工程师", pd.Timestamp("2020-03-02").to_pydatetime(), "男", 15000, "正式"],
        ["0014", "研发部", "工程师", "2024/09/01", "男", 3000, "实习"],
    ):
        book.active.append(row)
    book.save(tmp_path / "花名册2024.xlsx")
    text = (
        ",".join(["员工编号", *header[1:]])
        + "\n0012,研发部,经理,2019/07/01,女,20000,正式\n0015,销售部,销售,2025-04-01,男,9000,正式\n"
    )
    (tmp_path / "花名册2025.csv").write_bytes(text.encode("gb18030"))
    rules = next(path for path in MAPS if path.stem == "chinese_roster")
    report = import_extracts(sorted(tmp_path.glob("花名册*")), rules, tmp_path / "data")
    assert report.balance["left_out"].tolist() == [1, 0]
    lines = (tmp_path / "data" / "people.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "0012,研发部-经理,2019-07-01,2025-12-31,240000,female"
    history = read_tables(tmp_path / "data")[0].history
    assert sorted(zip(history["event"], history["person"], strict=True)) == [
        ("join", "0015"),
        ("leave", "0013"),
        ("move", "0012"),
    ]
