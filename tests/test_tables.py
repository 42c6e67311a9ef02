"""Tables: every cell by its contract, every fault found. Witness: what the file plainly says, and the contracts of the
specification; each refused cell comes with the mend a reader would write."""

import time

import numpy as np
import pandas as pd
import pytest
from tiny_case import HEADS

from workforce.inputs.cells import parse_column
from workforce.inputs.columns import KINDS, Column
from workforce.inputs.contracts import CONTRACTS
from workforce.inputs.rules import parse_profile
from workforce.inputs.tables import Tables, empty_table, read_tables


def parse(texts, **column):
    series = pd.Series(texts, index=range(2, len(texts) + 2), dtype=str)
    return parse_column(series, Column("cell", **column), "t.csv")


def replace(folder, table, old, new):
    path = folder / "data" / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def read_faults(folder):
    return read_tables(folder / "data")[1]


def places(faults):
    return {(fault.file.rpartition("/")[2], fault.row, fault.column) for fault in faults}


# --- cells ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("12,000", "write 12000"),
        ("1,234,567.5", "write 1234567.5"),
        ("¥12,000", "write 12000"),
        ("120万", "write 1200000"),
        ("１２０００", "write 12000"),  # full width
        ("3,5", "write 3.5"),
        ("a lot", "write it in digits, as 1200000"),
    ],
)
def test_a_number_in_another_dress_is_refused_with_its_plain_form(text, mend):
    values, faults = parse([text], kind="number")
    assert np.isnan(values.iloc[0])
    assert [(fault.row, fault.value, fault.mend) for fault in faults] == [(2, text, mend)]


@pytest.mark.parametrize("text", ["inf", "-inf", "nan", "1e309", "0x10", "1_000", "١٢", "true", "#N/A", "--5", "1e"])
def test_what_is_no_finite_number_is_refused(text):
    assert len(parse([text], kind="number")[1]) == 1


def test_numbers_are_read_as_written():
    values, faults = parse(["1", "-2.5", "1e3", ".5", ""], kind="number")
    assert faults == []
    np.testing.assert_array_equal(values, [1, -2.5, 1000, 0.5, np.nan])


def test_percent_in_a_share_is_refused_never_divided():
    values, faults = parse(["15%", "15", "0.15"], kind="share", minimum=0, maximum=1)
    assert [fault.mend for fault in faults] == ["write 0.15", "write 0.15 if 15 per cent is meant"]
    np.testing.assert_array_equal(values, [np.nan, np.nan, 0.15])


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("2026/1/5", "write 2026-01-05"),
        ("2026年1月5日", "write 2026-01-05"),
        ("20260105", "write 2026-01-05"),
        ("25/12/2025", "write 2025-12-25"),
        ("05/12/2025", "write year-month-day, as 2026-01-31"),  # May or December: nobody can say
        ("46027", "write 2026-01-05 if this is Excel's number of a day"),
        ("2026-02-30", "write a day that exists, as 2026-02-28"),
        ("2026-01-05 08:30:00", "write 2026-01-05"),
        ("0001-01-01", "write the true year, or leave an unknown end empty"),
    ],
)
def test_a_date_that_is_not_iso_is_refused_with_its_mend(text, mend):
    values, faults = parse([text], kind="date")
    assert values.isna().all()
    assert [fault.mend for fault in faults] == [mend]


def test_dates_are_days():
    values, faults = parse(["2024-02-29", "2026-01-05 00:00:00", ""], kind="date")
    assert faults == []
    assert values.tolist() == [pd.Timestamp(2024, 2, 29), pd.Timestamp(2026, 1, 5), pd.NaT]


@pytest.mark.parametrize(
    ("text", "mend"),
    [("2026/1", "write 2026-01"), ("Jan-26", "write 2026-01"), ("2026-Q2", "write 2026Q2"), ("2026年3月", "write 2026-03"),
     ("2026年第二季度", "write 2026Q2"), ("2026-13", "write a month as 2026-01, a quarter as 2026Q1 or a year as 2026")],
)  # fmt: skip
def test_a_period_in_another_form_is_refused_with_its_mend(text, mend):
    assert [fault.mend for fault in parse([text], kind="period")[1]] == [mend]


def test_a_workbook_turns_a_month_into_its_first_day():
    series = pd.Series(["2026-01-01", "2026-01-02"], index=[2, 3])
    values, faults = parse_column(series, Column("period", "period"), "t.xlsx", workbook=True)
    assert values.tolist() == ["2026-01", ""]
    assert [fault.row for fault in faults] == [3]


def test_flags_and_choices():
    values, faults = parse(["yes", "No", "是", "0", "maybe", ""], kind="flag", default=True)
    assert values.tolist()[:4] == [True, False, True, False]
    assert values.iloc[5]
    assert [fault.row for fault in faults] == [6]
    _, faults = parse(["hihg"], choices=("high", "low"), default="low")
    assert faults[0].mend == "did you mean 'high'?"


def test_many_equal_faults_become_one_that_counts_them():
    _, faults = parse([f"x{number}" for number in range(21)] + ["5"], kind="number")
    assert len(faults) == 1
    assert faults[0].row == 2
    assert faults[0].value == "x0; x1; x2; ..."
    assert "21 rows: 2, 3, 4, 5, 6, ..." in faults[0].rule
    assert len(parse([f"x{number}" for number in range(20)], kind="number")[1]) == 20


def test_a_staffing_profile():
    assert parse_profile("-6:2; -3:8; 0:20") == [(-6, 2.0), (-3, 8.0), (0, 20.0)]
    for text in ("six:2", "-6;2", "1:2; 1:3", ";"):
        with pytest.raises(ValueError, match=r"pairs|once"):
            parse_profile(text)


# --- contracts -----------------------------------------------------------------------------------------------------


def test_tables_and_contracts_name_the_same_tables():
    assert [name for name in Tables.__dataclass_fields__ if name not in ("present", "files", "rows")] == list(CONTRACTS)


def test_contracts_are_whole():
    for contract in CONTRACTS.values():
        assert len(set(contract.names)) == len(contract.names)
        assert set(contract.key) <= set(contract.names)
        for column in contract.columns:
            assert column.kind in KINDS
            assert column.meaning, f"{contract.name}.{column.name} says nothing"
            if column.refers_to:
                table, _, name = column.refers_to.partition(".")
                CONTRACTS[table].column(name)


def test_an_absent_table_is_empty_with_its_kinds():
    people = empty_table("people")
    assert people.empty
    assert people["fte"].dtype == "float64"
    assert people["hire_date"].dtype == "datetime64[ns]"
    assert empty_table("roles")["critical"].dtype == bool
    assert empty_table("people")["person"].str.len().empty


# --- a folder ------------------------------------------------------------------------------------------------------


def test_a_right_folder_is_read_whole(tiny_case):
    tables, faults = read_tables(tiny_case / "data")
    assert faults == []
    assert tables.people["role"].value_counts().to_dict() == HEADS
    assert tables.people["fte"].sum() == 31.5  # one of 32 works half time
    assert tables.people.loc[tables.people["person"] == "lead-02", "role_since"].item() == pd.Timestamp(2025, 4, 1)
    assert (tables.people["role_since"] >= tables.people["hire_date"]).all()
    assert tables.history["event"].value_counts().to_dict() == {"leave": 10, "join": 8, "move": 1}
    parcels = tables.drivers[tables.drivers["driver"] == "parcels"]
    assert (parcels[["low", "high"]] == 2600).all(axis=None)  # blank low and high mean base
    assert tables.roles["critical"].tolist() == [False, True, False, False]
    assert tables.roles["ramp_start"].tolist() == [0.5] * 4
    assert "seats" not in tables.present
    assert tables.seats.columns.tolist() == ["location", "seats"]
    assert tables.people.index.tolist() == list(range(32))
    assert tables.rows["people"].tolist() == list(range(2, 34))


def test_every_fault_of_a_folder_is_found_at_once(tiny_case):
    replace(
        tiny_case, "roles", "clerk,service,office,P1,Suzhou,90000,0.3", 'clerk,service,office,P1,Suzhou,"90,000",30%'
    )
    replace(tiny_case, "people", "clerk-02,clerk", "clerk-01,clerk")
    replace(tiny_case, "people", "clerk-04,clerk", "clerk-04,clrek")
    replace(tiny_case, "demand", "lead,span", "leed,span")
    replace(tiny_case, "programmes", "lead_school,clerk,lead", "lead_school,clerk,boss")
    replace(tiny_case, "moves", "picker,driver", "driver,driver")
    replace(tiny_case, "budget", "5000000", "five million")
    replace(tiny_case, "history", "gone-01,2024-02-29,leave,clerk", "gone-01,29.02.2024,leave,")
    replace(tiny_case, "drivers", "calls,2026-02,1110,1210,1310", "calls,2026-02,1410,1210,1310")
    replace(tiny_case, "successors", "service_head,clerk-01", "service_head,lead-01")
    (tiny_case / "data" / "channels.csv").write_bytes(b"\x00\x01\x02\xff\xfe junk")
    found = places(read_faults(tiny_case))
    assert found >= {
        ("roles.csv", 2, "salary"), ("roles.csv", 2, "on_cost"), ("people.csv", 3, "person"), ("people.csv", 5, "role"),
        ("demand.csv", 3, "role"), ("programmes.csv", 2, "to_role"), ("moves.csv", 2, "to_role"),
        ("budget.csv", 2, "amount"), ("drivers.csv", 4, "low"), ("successors.csv", 2, "person"),
    }  # fmt: skip
    assert {("history.csv", 8, "date"), ("history.csv", 8, "from_role")} <= found
    assert "channels.csv" in {file for file, _, _ in found}


def test_nearest_names_are_offered(tiny_case):
    replace(tiny_case, "demand", "clerk,ratio,calls", "clerk,ratio,cals")
    replace(tiny_case, "people", "hire_date", "hiredate")
    mends = {fault.column: fault.mend for fault in read_faults(tiny_case)}
    assert mends["driver"] == "did you mean 'calls'?"
    assert mends["hiredate"] == "did you mean 'hire_date'?"


def test_a_misspelled_header_does_not_hide_its_cells(tiny_case):
    replace(tiny_case, "people", "hire_date", "hiredate")
    replace(tiny_case, "people", "2013-02-15", "15.02.2013")
    assert {fault.column for fault in read_faults(tiny_case)} == {"hiredate", "hire_date"}


def test_a_chinese_header_asks_for_a_map(tiny_case):
    path = tiny_case / "data" / "people.csv"
    path.write_bytes("工号,岗位,入职日期\n001,clerk,2020-01-01\n".encode("gb18030"))
    faults = [fault for fault in read_faults(tiny_case) if fault.file.endswith("people.csv")]
    assert len(faults) == 1
    assert faults[0].row == 1
    assert faults[0].value == "工号, 岗位, 入职日期"
    assert "workforce import" in faults[0].mend
    assert "person, role, hire_date" in faults[0].mend


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"person,role,hire_date\n", b"person,person,role,hire_date\na,b,clerk,2020-01-01\n",
     b"person,role,hire_date\na,clerk,2020-01-01,extra\n", b'person,role,hire_date\n"a,clerk,2020-01-01\n', b"\xff\xfe\x00",
     b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d", b"person;role;hire_date\n;;\na;nobody;2020-01-01\n"],
)  # fmt: skip
def test_a_broken_file_is_a_fault_and_the_others_are_still_checked(tiny_case, content):
    (tiny_case / "data" / "people.csv").write_bytes(content)
    replace(tiny_case, "budget", "5000000", "five million")
    files = {fault.file.rpartition("/")[2] for fault in read_faults(tiny_case)}
    assert {"people.csv", "budget.csv"} <= files


def test_missing_tables(tmp_path):
    assert [fault.rule for fault in read_tables(tmp_path / "none")[1]] == ["is not a folder"]
    faults = read_tables(tmp_path)[1]
    assert [fault.file.rpartition("/")[2] for fault in faults] == ["roles.csv", "people.csv", "demand.csv"]


def test_a_misspelled_table_and_two_of_one_table(tiny_case):
    data = tiny_case / "data"
    (data / "moves.csv").rename(data / "move.csv")
    (data / "tables.txt").write_text("a note, not a table")
    pd.DataFrame({"post": ["x"], "role": ["lead"]}).to_parquet(data / "posts.parquet")
    mends = [fault.mend for fault in read_faults(tiny_case)]
    assert "did you mean 'moves'?" in mends
    assert "keep one of them" in mends


@pytest.mark.parametrize(
    ("file", "mend"),
    [
        ("price_index_up.csv", None),
        ("limits-a.csv", None),
        ("skill_needs_2027.xlsx", None),
        ("price_indx.csv", "did you mean 'price_index'?"),
        ("skills_needs.csv", "did you mean 'skill_needs'?"),  # begins like skills, but is no second file for it
    ],
)
def test_another_file_for_a_table_that_is_absent_is_no_misspelling(tiny_case, file, mend):
    (tiny_case / "data" / "skill_needs.csv").unlink()
    (tiny_case / "data" / file).write_text("never read: no scenario names it")
    assert [fault.mend for fault in read_faults(tiny_case)] == ([mend] if mend else [])


def test_a_sheet_cannot_be_another_file_for_a_table(tiny_case):
    with pd.ExcelWriter(tiny_case / "data" / "tables.xlsx") as writer:
        pd.DataFrame({"x": [1]}).to_excel(writer, sheet_name="price_index_up", index=False)
    assert [fault.mend for fault in read_faults(tiny_case)] == ["did you mean 'price_index'?"]


@pytest.mark.parametrize("form", ["workbook", "parquet", "sheets"])
def test_other_files_give_the_same_tables(tiny_case, form):
    expected, _ = read_tables(tiny_case / "data")
    data = tiny_case / "data"
    raw = {path.stem: pd.read_csv(path) for path in data.glob("*.csv")}
    for path in data.glob("*.csv"):
        path.unlink()
    for frame in raw.values():
        for name in ("hire_date", "date", "birth_date", "role_since", "from_date"):
            if name in frame:
                frame[name] = pd.to_datetime(frame[name])
    if form == "sheets":
        with pd.ExcelWriter(data / "tables.xlsx") as writer:
            for name, frame in raw.items():
                frame.to_excel(writer, sheet_name=name, index=False)
    for name, frame in raw.items():
        if form == "workbook":
            frame.to_excel(data / f"{name}.xlsx", index=False)
        elif form == "parquet":
            frame.to_parquet(data / f"{name}.parquet")
    tables, faults = read_tables(data)
    assert faults == []
    for name in expected.present:
        pd.testing.assert_frame_equal(getattr(tables, name), getattr(expected, name))


def test_a_scenario_may_point_to_another_file(tiny_case):
    data = tiny_case / "data"
    (data / "drivers_june.csv").write_text((data / "drivers.csv").read_text().replace("2600", "5200"))
    plain, _ = read_tables(data)
    tables, faults = read_tables(data, {"drivers": "drivers_june.csv"})
    assert faults == []
    assert tables.drivers["base"].max() == 5200
    assert plain.drivers["base"].max() == 2600


@pytest.mark.parametrize(
    ("table", "old", "new", "column"),
    [
        ("roles", "clerk,service", "clerk,company", "unit"),
        ("people", "clerk-01,clerk,2013-02-15,,1,,1972", "clerk-01,clerk,2013-02-15,,1,,2015", "birth_date"),
        ("people", "clerk-01,clerk,2013-02-15,,", "clerk-01,clerk,2013-02-15,2012-01-01,", "role_since"),
        ("people", "clerk-01,clerk,2013-02-15,,1,", "clerk-01,clerk,2013-02-15,,2,", "fte"),
        ("history", "gone-01,2024-02-29,leave", "gone-01,2024-02-29,join", "to_role"),
        ("history", ",move,clerk,lead", ",move,lead,lead", "to_role"),
        ("demand", "clerk,ratio,calls,", "clerk,ratio,,", "driver"),
        ("demand", "driver,fixed,,,,,6", "driver,fixed,,,,,", "fte"),
        ("demand", "driver,fixed,,,,,6", "driver,elasticity,,,,,", "driver"),
        ("demand", "driver,fixed,,,,,6", "driver,project,,,,,", "profile"),
        ("demand", "8,clerk", "8,clerk; nobody", "reports"),
        ("demand", "lead,span,,,,,,8", "driver,span,,,,,,", "span"),
        ("demand", "clerk,ratio,calls", "lead,ratio,calls", "ratio"),
        ("channels", "agency,,,", "agency,clerk,office,", "family"),
        ("channels", "job_board,,floor", "job_board,,flor", "family"),
        ("budget", "2026,total", "2026-01,total", "period"),
        ("budget", "2026,recruiting", "2026,total", "period"),
        ("pay_rules", "4500,22000", "4500,220", "base_ceiling"),
        ("successors", "night_lead,clerk-02", "day_lead,clerk-02", "post"),
        ("skills", "clerk-01,calls,4", "clerk-01,calls,6", "level"),
        ("drivers", "service,calls,2026-03", "service,calls,2026Q1", "period"),
    ],
)
def test_rules_between_cells_and_tables(tiny_case, table, old, new, column):
    replace(tiny_case, table, old, new)
    assert (f"{table}.csv", column) in {(file, name) for file, _, name in places(read_faults(tiny_case))}


def test_leaders_who_lead_each_other(tiny_case):
    replace(tiny_case, "demand", "driver,fixed,,,,,6,,", "driver,span,,,,,,5,lead")
    assert read_faults(tiny_case) == []  # a second layer is no circle
    replace(tiny_case, "demand", "8,clerk", "8,clerk; driver")
    assert places(read_faults(tiny_case)) == {("demand.csv", 3, "reports"), ("demand.csv", 5, "reports")}


def test_stated_rates_and_two_ways_to_say_headcount(tiny_case):
    data = tiny_case / "data"
    (data / "rates.csv").write_text("role,tenure_from,cause,yearly_rate\nclerk,0,all,0.2\nclerk,0,resign,0.1\n"
                                    "lead,0,resign,0.7\nlead,0,other,0.4\n")  # fmt: skip
    (data / "stock.csv").write_text("role,headcount\nclerk,12\n")
    found = places(read_faults(tiny_case))
    assert found == {("rates.csv", 3, "cause"), ("rates.csv", 4, "yearly_rate"), ("rates.csv", 5, "yearly_rate"),
                     ("stock.csv", None, "")}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "places_at_fault"),
    [
        ("clerk,0,all,0.1\nclerk,12,resign,0.9\n", {(3, "cause")}),
        ("clerk,0,resign,0.7\nclerk,12,retire,0.6\n", {(2, "yearly_rate"), (3, "yearly_rate")}),
        ("clerk,0,resign,0.7\nclerk,12,resign,0.3\nclerk,12,retire,0.6\n", set()),
        ("clerk,0,resign,0.7\nclerk,12,retire,0.6\nclerk,24,resign,0.3\n", {(2, "yearly_rate"), (3, "yearly_rate")}),
        ("clerk,12,retire,0.6\nclerk,6,resign,0.5\nclerk,0,resign,0.3\n", {(2, "yearly_rate"), (3, "yearly_rate")}),
        ("clerk,0,resign,0.7\nlead,12,retire,0.6\n", set()),
        ("clerk,0,resign,0.7\nclerk,0,retire,0.3\n", set()),
        ("clerk,0,all,0.7\nclerk,12,all,0.6\n", set()),
    ],
)
def test_stated_rates_over_the_whole_tenure(tiny_case, rows, places_at_fault):
    (tiny_case / "data" / "rates.csv").write_text("role,tenure_from,cause,yearly_rate\n" + rows)
    faults = read_faults(tiny_case)
    assert {(fault.row, fault.column) for fault in faults} == places_at_fault
    assert all(fault.rule and fault.mend for fault in faults)


def test_the_sum_of_causes_says_where_and_how_much(tiny_case):
    (tiny_case / "data" / "rates.csv").write_text(
        "role,tenure_from,cause,yearly_rate\nclerk,0,resign,0.7\nclerk,12,retire,0.6\n"
    )
    fault = read_faults(tiny_case)[0]
    assert (fault.value, fault.rule) == ("0.7", "the causes of this role add up to more than 1")
    assert fault.mend.startswith("from tenure_from 12 on they add up to 1.3;")


def test_stated_rates_that_leave_a_hole(tiny_case):
    data = tiny_case / "data"
    (data / "rates.csv").write_text("role,tenure_from,cause,yearly_rate\nclerk,24,all,0.3\nclerk,12,all,0.2\n"
                                    "lead,0,resign,0.1\nlead,240,retire,0.4\n")  # fmt: skip
    assert read_faults(tiny_case) == []  # history fills the hole
    replace(tiny_case, "history", "gone-01,2024-02-29,leave", "gone-01,2024-02-29,leaf")
    assert {fault.column for fault in read_faults(tiny_case)} == {"event"}
    for history in (None, "person,date,event,to_role\nclerk-11,2024-05-01,join,clerk\n"):
        (data / "history.csv").unlink(missing_ok=True)
        if history:
            (data / "history.csv").write_text(history)
        (fault,) = read_faults(tiny_case)
        assert (fault.file.rpartition("/")[2], fault.row, fault.column, fault.value) == (
            "rates.csv",
            3,
            "tenure_from",
            "12",
        )
        assert fault.rule == "without a history of leaving, a role's rates start at tenure_from 0"
        assert fault.mend == "add a row of clerk with tenure_from 0, or the table history"


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1c", "\x7f", "\x85x", "\u200b"])
@pytest.mark.parametrize("place", ["inside", "after"])
def test_an_unreadable_character_is_named(tiny_case, character, place):
    if place == "after" and character in ("\x85x", "\u200b"):
        character = "\x01"
    bad = f"cl{character}erk" if place == "inside" else f"clerk{character}"
    replace(tiny_case, "roles", "clerk,service", f"{bad},service")
    faults = read_faults(tiny_case)
    fault = faults[0]
    assert (fault.file.rpartition("/")[2], fault.row, fault.column) == ("roles.csv", 2, "role")
    assert fault.value == bad.encode("unicode_escape").decode("ascii")
    assert fault.rule == "holds an unreadable character"
    assert fault.mend.startswith("type the cell again, as cl")
    if character != "\x85x":
        assert len(faults) == 1  # nobody who refers to clerk is blamed


def test_an_unreadable_character_in_a_number_a_choice_and_a_header(tiny_case):
    replace(tiny_case, "roles", "Suzhou,90000", "Suzhou,90\0000")
    replace(tiny_case, "roles", "2,16,high", "2,16,hi\0gh")
    replace(tiny_case, "budget", "period,category", "period,cat\0egory")
    found = {(fault.row, fault.column): fault for fault in read_faults(tiny_case)}
    assert found[2, "salary"].value == r"90\x000"
    assert found[2, "priority"].value == r"hi\x00gh"
    assert found[1, r"cat\x00egory"].mend == "did you mean 'category'?"
    assert {fault.rule for fault in found.values()} == {"holds an unreadable character"}


@pytest.mark.parametrize("blank", [" ", "\t", "\xa0", "\u3000", "\u2003", "\u202f", "\ufeff"])
def test_spaces_of_every_kind_around_a_value_are_no_part_of_it(tiny_case, blank):
    replace(tiny_case, "roles", "clerk,service", f"{blank}clerk{blank},service")
    tables, faults = read_tables(tiny_case / "data")
    assert faults == []
    assert tables.roles["role"].iloc[0] == "clerk"


def test_a_hundred_thousand_people_are_checked_quickly(tiny_case):
    count = 100_000
    days = pd.Timestamp(2005, 1, 1) + pd.to_timedelta(np.arange(count) % 7000, unit="D")
    people = pd.DataFrame({"person": [f"{number:06d}" for number in range(count)], "role": "clerk",
                           "hire_date": days.strftime("%Y-%m-%d"), "salary": 50_000 + np.arange(count)})  # fmt: skip
    people.loc[count - 1, "role"] = "nobody"
    people.to_csv(tiny_case / "data" / "people.csv", index=False)
    begun = time.perf_counter()
    tables, faults = read_tables(tiny_case / "data")
    seconds = time.perf_counter() - begun
    assert len(tables.people) == count
    assert ("people.csv", count + 1, "role") in places(faults)
    assert seconds < 8  # about one second on an idle machine
