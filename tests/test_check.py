"""`check` finds everything at once. Witness: faults planted one by one in a folder that is right without them."""

from pathlib import Path

import pytest
from tiny_case import FILES, write_drivers

from workforce.errors import Fault, InputError
from workforce.inputs import tables
from workforce.inputs.case import check_cases, read_case, read_cases
from workforce.inputs.contracts import CONTRACTS
from workforce.inputs.extracts import read_extract
from workforce.inputs.typed import find_scenarios
from workforce.pipeline import check_scenarios
from workforce.report.words import say


def edit(folder, table, old, new):
    path = folder / "data" / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add(folder, stem, text):
    path = folder / "scenarios" / f"{stem}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def short(faults):
    return {(fault.file.rpartition("/")[2], fault.row, fault.column) for fault in faults}


def check(folder, *stems):
    return check_cases([folder / "scenarios" / f"{stem}.yaml" for stem in stems], folder / "data")


def test_scenarios_share_one_reading_and_keep_their_own_settings(tiny_case, monkeypatch):
    """Witness: `read_case`, one scenario at a time; and the files of the folder, each opened once."""
    read = []
    monkeypatch.setattr(
        tables, "read_extract", lambda path, **options: read.append(path.name) or read_extract(path, **options)
    )
    files = [tiny_case / "scenarios" / "base.yaml", add(tiny_case, "lean", "extends: base\ntitle: Lean\n")]
    cases, faults = read_cases(files, tiny_case / "data", seed=7)
    assert not faults and sorted(read) == sorted(path.name for path in (tiny_case / "data").iterdir())
    for file, case in zip(files, cases, strict=True):
        alone = read_case(file, tiny_case / "data", seed=7)
        assert (case.name, case.assumptions, case.notes) == (alone.name, alone.assumptions, alone.notes)
        assert case.assumptions.simulation.seed == 7
        assert all(getattr(case.tables, name).equals(getattr(alone.tables, name)) for name in CONTRACTS)


def test_a_fault_of_one_scenario_leaves_no_case(tiny_case):
    files = [tiny_case / "scenarios" / "base.yaml", add(tiny_case, "wrong", "extends: base\nplan: {gap: -1}\n")]
    cases, faults = read_cases(files, tiny_case / "data", paths=0)
    assert cases == [] and {fault.column for fault in faults} == {"plan.gap", "simulation.paths"}


def test_a_right_folder_has_no_fault(tiny_case):
    assert check(tiny_case, "base") == []
    assert check_cases([], tiny_case / "data") == []


def test_all_planted_faults_in_one_call(tiny_case):
    (tiny_case / "data" / "posts.csv").unlink()  # a missing file that successors needs
    (tiny_case / "data" / "moves.csv").write_text("调出岗位,调入岗位\nclerk,lead\n", encoding="utf-8")
    edit(tiny_case, "people", "clerk-02,clerk,2014-03-15", "clerk-01,clerk,2026-02-01")  # a duplicate, in the future
    edit(tiny_case, "demand", "driver,fixed", "drover,fixed")
    edit(tiny_case, "programmes", "clerk,lead", "clerk,leader")
    edit(tiny_case, "budget", "5000000", "five million")
    add(tiny_case, "one", "extends: two\nplan: {budgett: 5}\n")
    add(tiny_case, "two", "extends: one\n")
    faults = check(tiny_case, "base", "one", "two")
    assert short(faults) == {
        ("successors.csv", 2, "post"),
        ("successors.csv", 3, "post"),
        ("successors.csv", 4, "post"),
        ("successors.csv", 4, "person"),  # clerk-02 is gone, since her row now says clerk-01
        ("skills.csv", 3, "person"),
        ("moves.csv", 1, "调出岗位"),
        ("people.csv", 3, "person"),
        ("people.csv", 3, "hire_date"),
        ("demand.csv", 5, "role"),
        ("programmes.csv", 2, "to_role"),
        ("budget.csv", 2, "amount"),
        ("one.yaml", 2, "plan.budgett"),
        ("one.yaml", 1, "extends"),
    }
    assert len(faults) == len(set(faults))
    for fault in faults:
        assert fault.rule
        assert fault.mend
    mends = {(fault.file.rpartition("/")[2], fault.column): fault.mend for fault in faults}
    assert mends["demand.csv", "role"] == "did you mean 'driver'?"
    assert mends["one.yaml", "plan.budgett"] == "did you mean 'plan.budget'?"


def test_read_case_raises_the_same_faults(tiny_case):
    edit(tiny_case, "budget", "5000000", "five million")
    path = add(tiny_case, "wrong", "extends: base\nplan: {budgett: 5}\n")
    with pytest.raises(InputError) as raised:
        read_case(path, tiny_case / "data")
    assert list(raised.value.faults) == check(tiny_case, "wrong")
    assert len(raised.value.faults) == 2
    assert str(raised.value).startswith("2 faults in the input:")
    assert "budget.csv, row 2, amount: 'five million' must be a number" in str(raised.value)


def test_a_wrong_value_does_not_hide_a_day_after_the_start(tiny_case):
    edit(tiny_case, "people", "clerk-02,clerk,2014-03-15", "clerk-02,clerk,2026-02-01")
    path = add(tiny_case, "wrong", "extends: base\nplan: {budget: lots}\n")
    assert short(check_cases([path], tiny_case / "data")) == {
        ("wrong.yaml", 2, "plan.budget"),
        ("people.csv", 3, "hire_date"),
    }


def test_a_start_at_fault_blames_no_day(tiny_case):
    path = add(tiny_case, "wrong", "extends: base\ntime: {start: soon}\n")
    assert short(check_cases([path], tiny_case / "data")) == {("wrong.yaml", 2, "time.start")}


def test_days_after_the_start(tiny_case):
    edit(tiny_case, "history", "gone-05,2025-08-29", "gone-05,2026-08-29")
    edit(tiny_case, "people", "lead-02,lead,2014-03-15,2025-04-01", "lead-02,lead,2014-03-15,2026-04-01")
    edit(tiny_case, "people", "clerk-01,clerk,2013-02-15", "clerk-01,clerk,2026-01-01")  # the first day is no later day
    assert {(fault.column, fault.value) for fault in check(tiny_case, "base")} == {
        ("date", "2026-08-29"),
        ("role_since", "2026-04-01"),
    }


def test_names_in_a_scenario_are_checked_against_the_tables(tiny_case):
    path = add(
        tiny_case,
        "names",
        "extends: base\n"
        "demand:\n  multiplier_by_unit: {servise: 1.1}\n  projects: [launch]\n"
        "attrition:\n  multiplier_by_unit: {warehouse: 1.1}\n  multiplier_by_role:\n    pickr: 2\n"
        "  observed_from: 2026-06-01\n"
        "supply:\n  channels: [agency, jobboard]\n  retention_offers: [stay_bonuss]\n"
        "tables: {drivers: drivers_june.csv}\n",
    )
    faults = {(fault.column, fault.value, fault.row): fault.mend for fault in check_cases([path], tiny_case / "data")}
    assert faults["demand.multiplier_by_unit", "servise", 3] == "did you mean 'service'?"
    assert faults["attrition.multiplier_by_role", "pickr", 8] == "did you mean 'picker'?"
    assert faults["supply.channels", "jobboard", 11] == "did you mean 'job_board'?"
    assert faults["supply.retention_offers", "stay_bonuss", 12] == "did you mean 'stay_bonus'?"
    assert {("demand.projects", "launch", 4), ("attrition.observed_from", "2026-06-01", 9)} <= set(faults)
    assert ("tables.drivers", "drivers_june.csv", 13) in faults


def test_a_plan_longer_than_its_drivers(tiny_case):
    path = add(tiny_case, "long", "extends: base\ntime: {horizon: 16}\n")
    faults = check_cases([path], tiny_case / "data")
    assert [fault.value for fault in faults] == ["calls of service", "parcels of company"]
    assert "no value for 2 of the plan's 16 months, 2027-03 to 2027-04" in faults[0].rule
    assert check(tiny_case, "base") == []


def test_quarters_and_years_cover_their_months(tiny_case):
    assert write_drivers().count("calls") == 14
    data = tiny_case / "data"
    (data / "drivers.csv").write_text(
        "unit,driver,period,base\nservice,calls,2026,14400\ncompany,parcels,2026Q1,1\ncompany,parcels,2026Q3,1\n"
    )
    faults = check(tiny_case, "base")
    assert [(fault.value, "6 of the plan's 12 months" in fault.rule) for fault in faults] == [
        ("parcels of company", True)
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (None, ("other.yaml", None, "")),
        ("time: {horizon: 12\n", ("other.yaml", None, "")),
        ("extends: basis\n", ("other.yaml", 1, "extends")),
        ("extends: broken\n", ("broken.yaml", None, "")),
        ("horizon: 12\n", ("other.yaml", 1, "horizon")),
        ("tme: {horizon: 12}\n", ("other.yaml", 1, "tme")),
        ("extends: base\ntime: {horizn: 60}\n", ("other.yaml", 2, "time.horizn")),
        ("extends: base\nhorizon: 60\n", ("other.yaml", 2, "horizon")),
        ("extends: base\ndemand: {horizon: 60}\n", ("other.yaml", 2, "demand.horizon")),
        ("extends: base\ntime.horizon: 60\n", ("other.yaml", 2, "time.horizon")),
        ("title: no time of its own\nplan: {budgett: 5}\n", ("other.yaml", 2, "plan.budgett")),
    ],
)
def test_a_scenario_that_cannot_be_read_blames_no_table(tiny_case, text, fault):
    add(tiny_case, "broken", "time: {horizon: 12\n")
    if text is not None:
        add(tiny_case, "other", text)
    found = check(tiny_case, "other")
    assert len(found) == 1
    file, row, column = fault
    assert found[0].file.endswith(f"/{file}")
    assert found[0].column == column
    assert row is None or found[0].row == row


def test_an_unknown_knob_elsewhere_hides_no_fault_of_the_tables(tiny_case):
    add(tiny_case, "other", "extends: base\nplan: {budgett: 5}\ntime: {horizon: 12}\n")
    edit(tiny_case, "people", "clerk-02,clerk,2014-03-15", "clerk-02,clerk,2026-02-01")
    assert short(check(tiny_case, "other")) == {("other.yaml", 2, "plan.budgett"), ("people.csv", 3, "hire_date")}


def test_a_scenario_that_says_nothing_is_checked_as_the_defaults(tiny_case):
    add(tiny_case, "empty", "")  # 36 months, which the tables do not reach
    assert short(check(tiny_case, "empty")) == {("drivers.csv", None, "period")}


def test_growth_that_leaves_nothing(tiny_case):
    edit(tiny_case, "demand", "picker,ratio,parcels,,0.02", "picker,ratio,parcels,,-0.6")
    add(tiny_case, "low", "extends: base\ndemand:\n  productivity_growth: -0.4\n")
    add(tiny_case, "bearable", "extends: base\ndemand: {productivity_growth: -0.39}\n")
    assert check(tiny_case, "base", "bearable") == []
    (fault,) = check(tiny_case, "low")
    assert (fault.file.rpartition("/")[2], fault.row, fault.column, fault.value) == ("demand.csv", 4, "growth", "-0.6")
    assert fault.rule == "together with demand.productivity_growth, -0.4 (low.yaml, row 3), must be above -1"
    assert fault.mend == "state a growth above -0.6 here, or a higher demand.productivity_growth"
    edit(tiny_case, "demand", "parcels,,-0.6", "parcels,,-1")
    (fault,) = check(tiny_case, "base", "low")
    assert (fault.row, fault.column, fault.value, fault.rule) == (4, "growth", "-1", "must be above -1")


def notes_of(folder, budget="", knobs=""):
    if budget:
        (folder / "data" / "budget.csv").write_text("period,category,amount\n" + budget)
    path = add(folder, "noted", "extends: base\n" + knobs)
    return [(key, values) for key, values in read_case(path, folder / "data").notes if key != "switched_off"]


def test_quarters_beside_their_year(tiny_case):
    quarters = "".join(f"2026Q{number},total,100.3\n" for number in range(1, 5))
    added = {"quarters_exceed_year", "quarters_missing", "budget_missing"}

    def told(budget, knobs=""):
        return [(key, values) for key, values in notes_of(tiny_case, budget, knobs) if key in added]

    assert told("2026,total,401\n" + quarters) == []  # 401.2: rounding
    assert told("2026,total,400\n" + quarters) == [("quarters_exceed_year", {"years": "2026", "category": "total"})]
    assert told("2026,total,400\n" + quarters, "plan: {budget: 9}\n") == []  # the knob stands for the totals
    assert told("2026,total,400\n2026Q2,total,300\n") == []  # the year limits the other quarters
    assert told("2026,total,9\n2026Q2,people,3\n2026Q3,people,3\n") == [
        ("quarters_missing", {"category": "people", "quarters": "2026Q1, 2026Q4"})
    ]
    assert told(quarters, "time: {horizon: 14}\n") == [("budget_missing", {"years": "2027"})]
    assert told("2026Q1,total,9\n2026Q2,total,9\n2026Q4,total,9\n") == [
        ("quarters_missing", {"category": "total", "quarters": "2026Q3"})
    ]


def test_a_budget_outside_the_plan_is_said_to_limit_nothing(tiny_case):
    told = dict(notes_of(tiny_case, "2026,total,400\n2024,total,9\n2031Q2,people,3\n"))
    assert told["budget_outside"] == {"years": "2024, 2031Q2"}
    assert check_scenarios([tiny_case / "scenarios" / "noted.yaml"], tiny_case / "data")[1] == [
        "The table budget has amounts for 2024, 2031Q2, which the plan does not cover; they limit nothing in it."
    ]
    assert "budget_outside" not in dict(notes_of(tiny_case, "2026,total,400\n"))


def test_roles_without_any_rate(tiny_case):
    data = tiny_case / "data"
    (data / "rates.csv").write_text("role,tenure_from,cause,yearly_rate\nclerk,0,all,0.2\nlead,0,retire,0.1\n")
    assert "rates_missing" not in dict(notes_of(tiny_case))  # history speaks for the others
    (data / "history.csv").unlink()
    notes = dict(notes_of(tiny_case))
    assert notes["rates_missing"] == {"roles": "picker, driver", "count": 2}
    for language in ("en", "zh"):
        assert "picker, driver" in say("rates_missing", language, **notes["rates_missing"])


def test_one_file_read_for_many_scenarios_gives_each_fault_once(tiny_case):
    edit(tiny_case, "budget", "5000000", "five million")
    for number in range(4):
        add(tiny_case, f"s{number}", "extends: base\nplan: {budgett: 1}\n")
    faults = check(tiny_case, "base", *(f"s{number}" for number in range(4)))
    assert len(faults) == 5


def test_notes_say_what_is_switched_off(tiny_case):
    notes = read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data").notes
    assert [values["table"] for key, values in notes if key == "switched_off"] == ["projects"]
    (tiny_case / "data" / "required.csv").write_text("role,period,fte\nlead,2026,2\nlead,2027,2\n")
    for table in ("history", "pay_rules", "channels"):
        (tiny_case / "data" / f"{table}.csv").unlink()
    edit(tiny_case, "demand", "driver,fixed,,,,,6,,\n", "")
    edit(tiny_case, "people", "lead-01,permanent", "boss-99,permanent")
    path = add(tiny_case, "longer", "extends: base\ntime: {horizon: 14}\n")
    notes = {key: values for key, values in read_case(path, tiny_case / "data").notes if key != "switched_off"}
    assert notes == {
        "no_history": {"stated": False},
        "on_cost_zero": {"roles": "driver", "count": 1},
        "people_without_demand": {"roles": "driver", "count": 1},
        "required_wins": {"roles": "lead", "count": 1},
        "not_used": {"names": "skills, skill_needs"},
        "managers_unknown": {"count": 1},
        "budget_missing": {"years": "2027"},
    }


def test_a_folder_stands_for_the_scenarios_in_it(tiny_case, monkeypatch):
    monkeypatch.chdir(tiny_case)
    data = Path("data")
    for folder in ("alt", "scenarios/far", "empty"):
        Path(folder).mkdir(parents=True)
    for stem in ("alt/one", "alt/two", "scenarios/far/three", "scenarios/alt"):
        Path(f"{stem}.yaml").write_text("{}")
    inside = [Path("alt/one.yaml"), Path("alt/two.yaml")]
    assert find_scenarios(["alt/"], data) == inside
    assert find_scenarios([str(Path("alt").resolve())], data) == [path.resolve() for path in inside]
    assert find_scenarios(["alt"], data) == [Path("scenarios/alt.yaml")]  # a scenario goes before a folder
    assert find_scenarios(["far"], data) == [Path("scenarios/far/three.yaml")]
    assert find_scenarios(["alt/", "alt/two.yaml", "base"], data) == [*inside, Path("scenarios/base.yaml")]
    for name, rule in (("empty", "is a folder without scenarios (*.yaml)"), ("nowhere/", "is not a folder")):
        with pytest.raises(InputError) as raised:
            find_scenarios([name], data)
        (fault,) = raised.value.faults
        assert (fault.file, fault.rule) == (name, rule)
        assert fault.mend.startswith("name a folder that holds scenarios")


def test_the_tiny_company_names_every_table_it_needs():
    assert {"roles", "demand", "channels", "programmes", "moves", "budget"} <= set(FILES)


def test_a_fault_reads_as_a_sentence():
    fault = Fault("data/budget.csv", 3, "amount", "a lot", "must be a number", "write digits")
    assert str(fault) == "data/budget.csv, row 3, amount: 'a lot' must be a number. Mend: write digits"
    assert str(InputError([fault, fault])).count("data/budget.csv") == 2
