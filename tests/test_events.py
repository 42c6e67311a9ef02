"""Bad input of a forecast: each kind in the one report of `check`, to the letter. Witness: faults planted one by one."""

import random
from pathlib import Path

import pandas as pd
import pytest
from planning import write_case
from typer.testing import CliRunner

from workforce import cli
from workforce.errors import Fault, InputError
from workforce.inputs.events import check_events
from workforce.inputs.imports import import_extracts
from workforce.inputs.snapshots import read_snapshots
from workforce.pipeline import check_scenarios, find_faults

START = 'time: {period: month, start: "2026-01", horizon: 12}\n'
TABLES = {
    "roles": "role,unit,family,salary,on_cost,productivity\nclerk,office,f,100,0,50\nlead,office,f,100,0,50",
    "people": "person,role,hire_date\nann,clerk,2015-01-05\nben,lead,2015-01-05",
    "required": "role,period,fte\nclerk,2026,1\nlead,2026,1",
}
HEADER = "person,date,event,from_role,to_role,cause,after,hire_date\n"
RATIO = "role,method,driver,ratio\nclerk,ratio,calls,"
CALLS = "unit,driver,period,base\noffice,calls,"

CASES = {
    "exit before hire, stated in the row": (
        {"history": "dee,2020-01-01,leave,clerk,,resign,,2021-01-01"},
        ("history", 2, "hire_date", "2021-01-01", "must not be after the event", "mend one of the two dates"),
    ),
    "exit before hire, by the events": (
        {"history": "dee,2021-05-01,join,,clerk,,,\ndee,2020-05-01,leave,clerk,,resign,,"},
        ("history", 3, "date", "2020-05-01", "is not after the person's join, and no leave follows it",
         "they join on 2021-05-01 (row 2): mend one of the two dates, add them to people, or take both rows out where "
         "they came and went on one day"),
    ),
    "move before hire, by people": (
        {"history": "ann,2014-02-01,move,lead,clerk,,,"},
        ("history", 2, "date", "2014-02-01", "is before the person's hire_date in people",
         "their hire_date is 2015-01-05: mend one of the two dates"),
    ),
    "two open spells": (
        {"history": "ann,2015-01-05,join,,clerk,,,\nann,2018-05-01,join,,clerk,,,"},
        ("history", 3, "event", "join", "the person is there already",
         "they joined on 2015-01-05 (row 2): add the leave between, mend one of the dates, or take out one of the rows"),
    ),
    "events out of order": (
        {"history": "ann,2015-02-01,join,,lead,,,\nann,2014-02-01,move,clerk,lead,,,"},
        ("history", 2, "event", "join", "the person is there already",
         "they moved on 2014-02-01 (row 3): add the leave between, mend one of the dates, or take out one of the rows"),
    ),
    "leaving twice": (
        {"history": "dee,2018-01-01,leave,clerk,,,,\ndee,2018-05-01,leave,clerk,,,,"},
        ("history", 3, "event", "leave", "the person has left already",
         "they left on 2018-01-01 (row 2): add the join between, or take out one of the rows"),
    ),
    "an event after leaving": (
        {"history": "dee,2018-01-01,leave,clerk,,,,\ndee,2018-05-01,move,clerk,lead,,,"},
        ("history", 3, "event", "move", "the person has left already",
         "they left on 2018-01-01 (row 2): add the join between, or take out one of the rows"),
    ),
    "gone and in people": (
        {"history": "ann,2018-01-01,leave,clerk,,,,"},
        ("history", 2, "event", "leave", "the person is in people, and no join follows",
         "add the join that brought them back, or take ann out of people"),
    ),
    "a move from a role the person is not in": (
        {"history": "ben,2018-01-01,join,,clerk,,,\nben,2019-05-01,move,lead,clerk,,,"},
        ("history", 3, "from_role", "lead", "is not the role the person was in",
         "they were in clerk since 2018-01-01 (row 2): mend the role, or add the move between"),
    ),
    "an unknown role": (
        {"history": "dee,2018-01-01,leave,clrk,,,,"},
        ("history", 2, "from_role", "clrk", "is not in roles", "did you mean 'clerk'?"),
    ),
    "negative exposure": (
        {"history": "dee,2018-12-31,leave,clerk,,,2019-12-31,"},
        ("history", 2, "after", "2019-12-31", "must be before date",
         "after is the snapshot before, date the one that shows it"),
    ),
    "a driver missing for a period": (
        {"demand": f"{RATIO}10", "drivers": CALLS + "\noffice,calls,".join(
            f"2026-{month:02d},9" for month in range(1, 13) if month != 5)},
        ("drivers", None, "period", "calls of office", "has no value for 1 of the plan's 12 months, 2026-05 to 2026-05",
         "add rows for these months, or change time.start or time.horizon"),
    ),
    "zero productivity of a role": (
        {"roles": TABLES["roles"].replace("50\nlead", "0\nlead"), "demand": RATIO, "drivers": f"{CALLS}2026,9"},
        ("roles", 2, "productivity", "0", "must be above 0", "write a number above 0 (driver units)"),
    ),
    "zero productivity of a demand": (
        {"roles": TABLES["roles"].replace("50\nlead", "\nlead"), "demand": f"{RATIO}0", "drivers": f"{CALLS}2026,9"},
        ("demand", 2, "ratio", "0", "must be above 0", "write a number above 0 (driver units per FTE)"),
    ),
}  # fmt: skip


def place(folder: Path, tables: dict[str, str]) -> Path:
    more = {name: HEADER + text if name == "history" else text for name, text in tables.items()}
    return write_case(folder, TABLES | more, START)


@pytest.mark.parametrize("name", CASES)
def test_each_kind_of_bad_input_to_the_letter(tmp_path: Path, name: str) -> None:
    tables, (table, *expected) = CASES[name]
    path = place(tmp_path, tables)
    file = (tmp_path / "data" / f"{table}.csv").as_posix()
    assert find_faults([path], tmp_path / "data") == [Fault(file, *expected)]


def test_all_of_them_stand_in_the_one_report(tmp_path: Path) -> None:
    """Those of history, each of a person of its own; exit code 2."""
    histories = [tables["history"] for tables, _ in CASES.values() if "history" in tables]
    people, rows = [TABLES["people"]], []
    for number, history in enumerate(histories):
        name = history[:3]
        rows.append(history.replace(name, f"{name}{number}"))
        people += [f"ann{number},clerk,2015-01-05"] * (name == "ann") + [f"ben{number},lead,2015-01-05"] * (
            name == "ben"
        )
    place(tmp_path, {"history": "\n".join(rows), "people": "\n".join(people)})
    done = CliRunner().invoke(
        cli.app, ["check", str(tmp_path / "scenarios" / "test.yaml"), "--data", str(tmp_path / "data")]
    )
    assert done.exit_code == 2
    assert f"{len(histories)} faults in the input" in done.output


def test_what_is_no_contradiction_is_no_fault(tmp_path: Path) -> None:
    history = """ann,2015-01-05,join,,clerk,,,
        dee,2016-03-01,leave,clerk,,resign,,
        dee,2016-03-01,join,,lead,,,
        dee,2017-02-01,move,lead,clerk,,,
        dee,2017-02-01,leave,lead,,resign,,
        eve,2019-01-01,leave,clerk,,resign,,
        ben,2014-01-01,leave,clerk,,resign,,
        ben,2015-01-05,join,,lead,,,"""
    # dee: hired again on the day of leaving; the leave of a day stands before its move, so this one is out of order.
    faults = find_faults([place(tmp_path, {"history": history})], tmp_path / "data")
    assert [(fault.row, fault.column, fault.value) for fault in faults] == [(5, "event", "move")]
    history = history.replace("dee,2017-02-01,leave,lead", "dee,2017-02-02,leave,clerk")
    assert find_faults([place(tmp_path, {"history": history})], tmp_path / "data") == []


def test_events_between_snapshots_are_not_judged(tmp_path: Path) -> None:
    """Their day is not known, and so neither is their place among the others."""
    history = """dee,2020-12-31,leave,clerk,,other,2019-12-31,
        dee,2021-12-31,leave,clerk,,other,2020-12-31,
        ann,2018-12-31,leave,clerk,,other,2017-12-31,"""
    assert find_faults([place(tmp_path, {"history": history})], tmp_path / "data") == []


@pytest.mark.parametrize("seed", range(10))
def test_an_import_of_snapshots_makes_no_contradiction(seed: int) -> None:
    """Random rosters with absences, changes of role and second hires; the derived events judged as if their days were
    exact."""
    chance = random.Random(seed)
    days = ["2012-06-30", "2013-06-30", "2014-06-30", "2015-06-30"]
    rows = [
        (f"p{person}", day, chance.choice("ab"), chance.choice(["2001-01-01", f"{int(day[:4])}-02-01"]))
        for person in range(200)
        for day in days
        if chance.random() < 0.7
    ]
    roster = pd.DataFrame(rows, columns=["person", "snapshot", "role", "hire_date"])
    roster = roster.assign(**{name: pd.to_datetime(roster[name]) for name in ("snapshot", "hire_date")})
    spells = read_snapshots(roster)
    people = spells.people.assign(hire_date=pd.Timestamp("2001-01-01"))
    assert len(spells.history) > 200
    assert check_events(spells.history.assign(after=pd.NaT), people, "history.csv") == []


def test_contradictions_of_imported_events_name_the_row_of_the_extract(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(
        "title: Events\nextracts:\n  - files: events.csv\n    table: history\n"
        "    columns: {person: id, date: day, event: what, from_role: out, to_role: into}\n"
        "    leave_out:\n      - {column: from_role, equals: [intern], why: not planned}\n",
        encoding="utf-8",
    )
    rows = "id,day,what,out,into\n9,2018-01-01,leave,intern,\n1,2018-01-01,leave,clerk,\n1,2019-01-01,leave,clerk,\n"
    (tmp_path / "events.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        import_extracts([tmp_path / "events.csv"], tmp_path / "map.yaml", tmp_path / "data")
    mend = "they left on 2018-01-01 (row 3 of events.csv): add the join between, or take out one of the rows"
    assert raised.value.faults == (Fault("events.csv", 4, "event", "leave", "the person has left already", mend),)


# --- a single snapshot ---------------------------------------------------------------------------------------------

ROSTER = "id,post,unit,since,pay\n1,clerk,office,2020-01-01,100\n2,clerk,office,2021-01-01,100\n"
MAP = """title: One roster
extracts:
  - files: roster.csv
    table: roster
    snapshot: {date: 2025-12-31}
    columns: {person: id, family: post, role: post, unit: unit, hire_date: since, salary: pay}
roles: {}
plan:
  months: 12
  drivers:
    - {unit: company, driver: volume, value: 100, growth: 0.0, why: test}
scenario:
  title: Base
  time: {period: month, start: "2026-01", horizon: 12}
"""


def test_a_single_snapshot_is_imported_and_rates_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    report = import_extracts([tmp_path / "roster.csv"], tmp_path / "map.yaml", tmp_path / "data")
    asked = "one roster shows nobody leave: add a second one, or state leaving rates in the table rates"
    assert f"0  leave events, so attrition cannot be estimated ({asked})" in report.text()
    assert not (tmp_path / "data" / "history.csv").exists()
    scenario = tmp_path / "scenarios" / "base.yaml"
    faults, notes = check_scenarios([scenario], tmp_path / "data")
    assert faults == [] and len(notes) == 1
    assert "leaving rates cannot be estimated" in notes[0]
    assert "table rates (role, tenure_from, cause, yearly_rate)" in notes[0]
    done = CliRunner().invoke(cli.app, ["check", str(scenario), "--data", str(tmp_path / "data")])
    assert done.exit_code == 0 and notes[0] in done.output.replace("\n", " ")
    rates = "role,tenure_from,cause,yearly_rate\nclerk,0,all,0.1\n"
    (tmp_path / "data" / "rates.csv").write_text(rates, encoding="utf-8")
    assert check_scenarios([scenario], tmp_path / "data") == ([], [])


def test_rates_of_some_roles_only_are_told_once(tmp_path: Path) -> None:
    rates = "role,tenure_from,cause,yearly_rate\nclerk,0,all,0.1"
    path = place(tmp_path, {"rates": rates})
    notes = check_scenarios([path], tmp_path / "data")[1]
    assert len(notes) == 1 and "says nothing of 1 roles" in notes[0] and "lead" in notes[0]
    path = place(tmp_path, {"rates": rates, "history": "ann,2015-01-05,join,,clerk,,,"})
    assert check_scenarios([path], tmp_path / "data")[1] == notes  # a history of joins alone estimates nothing
