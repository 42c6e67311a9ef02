"""Scenario files: what a file says, who said it, and every mistake in it. Witness: the files themselves, short enough to
resolve by eye, and PyYAML for the one large file."""

import datetime
from pathlib import Path

import pytest
import yaml

from workforce.errors import InputError
from workforce.inputs.assumptions import Assumptions
from workforce.inputs.case import read_case
from workforce.inputs.knobs import describe_knobs, list_knobs
from workforce.inputs.scenario import read_scenario

ROOT = Path(__file__).resolve().parents[1]


def write(folder, **files):
    for stem, text in files.items():
        (folder / f"{stem}.yaml").write_text(text, encoding="utf-8")
    return folder


def faults_of(folder, stem):
    return read_scenario(folder / f"{stem}.yaml")[1]


def resolve(folder, stem):
    scenario, faults = read_scenario(folder / f"{stem}.yaml")
    assert faults == []
    return scenario


# --- knobs ---------------------------------------------------------------------------------------------------------


def test_base_spells_out_every_knob():
    stated = yaml.safe_load((ROOT / "scenarios" / "base.yaml").read_text(encoding="utf-8"))
    names = {f"{section}.{knob}" if isinstance(knobs, dict) and section != "tables" else section
             for section, knobs in stated.items() for knob in (knobs if isinstance(knobs, dict) and knobs else [""])}  # fmt: skip
    assert set(list_knobs()) - {"title", "why"} <= names


def test_base_says_the_same_to_another_reader():
    path = ROOT / "scenarios" / "base.yaml"
    scenario = read_scenario(path)[0]
    assert scenario is not None
    for section, knobs in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        for knob, value in knobs.items() if isinstance(knobs, dict) else []:
            read = getattr(getattr(scenario.assumptions, section), knob)
            assert (list(read) if isinstance(value, list) else read) == value


def test_every_scenario_of_the_house_is_right():
    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        scenario, faults = read_scenario(path)
        assert faults == []
        assert scenario is not None
        assert scenario.title
        assert scenario.why


def test_every_knob_is_described():
    knobs = describe_knobs()
    assert knobs["knob"].tolist() == list(list_knobs())
    assert (knobs["meaning"] != "").all()
    assert (knobs["type"] != "").all()


def test_assumptions_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        Assumptions().plan.budget = 1.0


# --- resolving -----------------------------------------------------------------------------------------------------


def test_a_child_says_only_what_differs(tmp_path):
    write(
        tmp_path,
        base="title: Base\nplan: {budget: 100, solver: cbc}\nsupply: {channels: [a, b]}\n"
        "demand: {multiplier_by_unit: {x: 2}}\n",
        growth="title: Growth\nwhy: more\nextends: base\nplan: {budget: 250}\nsupply: {channels: [c]}\n"
        "demand:\n  multiplier_by_unit: {y: 3}\n",
        far="extends: growth\nplan: {shortage_multiple: {low: 0.5}}\n",
    )
    far = resolve(tmp_path, "far")
    assert far.assumptions.plan.budget == 250
    assert far.assumptions.plan.solver == "cbc"
    assert far.assumptions.supply.channels == ("c",)  # lists are replaced whole
    assert far.assumptions.demand.multiplier_by_unit == {"x": 2, "y": 3}  # mappings merge
    assert far.assumptions.plan.shortage_multiple == {"high": 3.0, "medium": 2.0, "low": 0.5}
    assert (far.name, far.title, far.why) == ("far", "", "")  # a title is a file's own
    assert [path.stem for path in far.files] == ["far", "growth", "base"]
    expected = {"plan.budget": "growth.yaml", "plan.solver": "base.yaml", "demand.multiplier_by_unit.x": "base.yaml",
                "demand.multiplier_by_unit.y": "growth.yaml", "plan.shortage_multiple.low": "far.yaml",
                "plan.shortage_multiple.high": "default", "time.horizon": "default"}  # fmt: skip
    assert {knob: far.sources[knob] for knob in expected} == expected


def test_siblings_join_whatever_their_order(tmp_path):
    write(
        tmp_path,
        base="plan: {budget: 100}\nmobility: {multiplier: 1.0}\n",
        freeze="extends: base\nsupply: {external_hires_max: 0}\n",
        rich="extends: base\nplan: {budget: 900}\n",
        one="extends: [freeze, rich]\n",
        two="extends: [rich, freeze]\n",
    )
    one, two = resolve(tmp_path, "one"), resolve(tmp_path, "two")
    assert one.assumptions == two.assumptions
    assert one.assumptions.plan.budget == 900
    assert one.assumptions.supply.external_hires_max == 0
    assert one.sources["plan.budget"] == two.sources["plan.budget"] == "rich.yaml"
    assert one.files[-1].stem == two.files[-1].stem == "base"


def test_siblings_may_not_set_the_same_key(tmp_path):
    write(
        tmp_path,
        base="plan: {budget: 100}\n",
        lean="extends: base\nplan: {budget: 90}\n",
        rich="extends: base\nplan: {budget: 900}\n",
        both="title: Both\nextends:\n  - lean\n  - rich\n",
    )
    faults = faults_of(tmp_path, "both")
    assert [(fault.row, fault.column, fault.value) for fault in faults] == [
        (4, "plan.budget", "lean.yaml and rich.yaml")
    ]


def test_scenarios_that_extend_each_other(tmp_path):
    write(tmp_path, a="title: A\nextends: b\n", b="extends: c\n", c="extends: a\n", self="extends: self\n")
    for stem in "abc":
        faults = faults_of(tmp_path, stem)
        assert [(Path(fault.file).stem, fault.row) for fault in faults] == [("a", 2)]
        assert "a -> b -> c -> a" in faults[0].rule
    assert "self -> self" in faults_of(tmp_path, "self")[0].rule


def test_an_unknown_parent(tmp_path):
    write(tmp_path, base="plan: {budget: 1}\n", growth="extends: bas\nplan: {budget: lots}\n")
    faults = faults_of(tmp_path, "growth")
    assert (faults[0].column, faults[0].mend) == ("extends", "did you mean 'base'?")
    assert faults[1].column == "plan.budget"


# --- mistakes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "row", "column", "mend"),
    [
        ("plan: {budgit: 5}\n", 1, "plan.budgit", "did you mean 'plan.budget'?"),
        ("title: x\nplann: {budget: 5}\n", 2, "plann", "did you mean 'plan'?"),
        ("budget: 5\n", 1, "budget", "did you mean 'plan.budget'? It stands below plan: as budget"),
        (
            "demand:\n  horizon: 5\n",
            2,
            "demand.horizon",
            "did you mean 'time.horizon'? It stands below time: as horizon",
        ),
        ("plan:\n  budget: two million\n", 2, "plan.budget", "write digits without quotes or signs, as 1200000"),
        ("plan: {budget: 1,200,000}\n", 1, "plan.200", "plan has"),
        ("plan: {solver: hihgs}\n", 1, "plan.solver", "did you mean 'highs'?"),
        ("plan:\n  budget: 5\n  budget: 6\n", 3, "plan.budget", "keep one; the first is in row 2"),
        ("plan: 5\n", 1, "plan", "put its knobs below it"),
        ("plan.budget: 5\n", 1, "plan.budget", "write plan: and below it, indented, budget:"),
        ("plan: {budget.total: 5}\n", 1, "plan.budget.total", ""),
        ("nothing.at.all: 5\n", 1, "nothing.at.all", "the sections are"),
        (
            "plan: {shortage_multiple: {urgent: 5}}\n",
            1,
            "plan.shortage_multiple.urgent",
            "write one of: high, medium, low",
        ),
        ("plan: {shortage_multiple: {medium: 0}}\n", 1, "plan.shortage_multiple.medium", "write a number above 0"),
        ("plan:\n  shortage_multiple:\n    low: -1\n", 3, "plan.shortage_multiple.low", "write a number above 0"),
        ("title: 2026\n", 1, "title", 'put it in quotes: "2026"'),
        ("why: 2026.10\n", 1, "why", 'put it in quotes: "2026.10"'),  # as typed: the number is 2026.1
        ("title: true\n", 1, "title", 'put it in quotes: "true"'),
        ("title:\n", 1, "title", "write a text"),
        ("title: [a]\n", 1, "title", "write one text"),
        ("time: {period: year, start: 2026}\n", 1, "time.start", 'put it in quotes: "2026"'),
        ("company: {currency: 5}\n", 1, "company.currency", 'put it in quotes: "5"'),
        ("supply: {channels: [5]}\n", 1, "supply.channels", 'put it in quotes: "5"'),
        ("tables: {drivers: 5}\n", 1, "tables.drivers", 'put it in quotes: "5"'),
        ("plan: {shortage_multiple: 5}\n", 1, "plan.shortage_multiple", "write 'name: value'"),
        ("simulation: {paths: 0}\n", 1, "simulation.paths", "see the knob's limits"),
        ("simulation: {paths: 1.5}\n", 1, "simulation.paths", ""),
        ("simulation: {paths: true}\n", 1, "simulation.paths", ""),
        ("simulation: {seed: .inf}\n", 1, "simulation.seed", ""),
        ("demand: {multiplier: .nan}\n", 1, "demand.multiplier", ""),
        ("demand: {multiplier_by_unit: {a: much}}\n", 1, "demand.multiplier_by_unit.a", "write digits"),
        ("supply: {moves: maybe}\n", 1, "supply.moves", "write true or false"),
        ("supply: {channels: agency}\n", 1, "supply.channels", "write a list"),
        ("time: {start: 2026-01-15}\n", 1, "time.start", "write 2026-01"),
        ("time: {start: 2026-13}\n", 1, "time.start", ""),
        ("time: {period: quarter, start: 2026-02}\n", 1, "time.start", ""),
        ("attrition: {observed_from: spring}\n", 1, "attrition.observed_from", "write a day, as 2024-01-01, or null"),
        ("alerts: {coverage_red: 0.99}\n", 1, "alerts.coverage_red", ""),
        ("alerts: {overrun_red: 0.1}\n", 1, "alerts.overrun_red", ""),
        ("tables: {driver: x.csv}\n", 1, "tables.driver", "did you mean 'drivers'?"),
        ("tables: {drivers: ../x.csv}\n", 1, "tables.drivers", "name a file inside the data folder"),
        ("extends: {a: b}\n", 1, "extends", "write: extends: base"),
        ("extends: [base, base]\n", 1, "extends", "keep one"),
        ("plan: {budget: !!python/object:os.system x}\n", 1, "", "write a plain value"),
        ("- a\n- b\n", 1, "", "write 'section:'"),
        ("just words\n", 1, "", "write 'section:'"),
        ("plan: {budget: 5\n", None, "", "check indentation"),
        ("plan:\n\tbudget: 5\n", None, "", "check indentation"),
        ("plan: *nowhere\n", None, "", "check indentation"),
    ],
)
def test_a_mistake_is_one_fault_with_its_row_and_mend(tmp_path, text, row, column, mend):
    faults = faults_of(write(tmp_path, base="{}", wrong=text), "wrong")
    fault = next(fault for fault in faults if fault.column == column)
    assert row is None or fault.row == row
    assert fault.mend.startswith(mend)
    assert fault.rule


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00\x01", b"\x00\x00", "标题: 中文".encode("gb18030"), b"\x89PNG\r\n", b"a: &a [*a]\n"]
)
def test_junk_is_a_fault(tmp_path, content):
    (tmp_path / "junk.yaml").write_bytes(content)
    assert faults_of(tmp_path, "junk")


def test_a_number_where_text_is_wanted_is_named_so(tmp_path):
    fault = faults_of(write(tmp_path, base="{}", wrong="why: x\ntitle: 2026\n"), "wrong")[0]
    assert (fault.row, fault.column, fault.value, fault.rule) == (2, "title", "2026", "must be text")


def test_all_mistakes_of_a_file_and_its_parents_at_once(tmp_path):
    write(
        tmp_path,
        base="plan: {budget: lots, sover: cbc}\n",
        child="extends: base\ntime: {horizon: 0}\nsimulation: {pahts: 5}\n",
    )
    found = {(Path(fault.file).stem, fault.column) for fault in faults_of(tmp_path, "child")}
    assert found == {
        ("base", "plan.budget"),
        ("base", "plan.sover"),
        ("child", "time.horizon"),
        ("child", "simulation.pahts"),
    }


def test_a_missing_scenario_names_the_nearest(tmp_path):
    write(tmp_path, growth="{}")
    assert faults_of(tmp_path, "grwth")[0].mend == "did you mean 'growth.yaml'?"
    assert read_scenario(tmp_path / "no" / "folder.yaml")[1][0].rule == "no such scenario file"


# --- a case --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "first", "last", "months", "day"),
    [
        ("{period: month, start: 2026-03, horizon: 5}", "2026-03", "2026-07", 1, "2026-03-01"),
        ("{period: quarter, start: 2026Q2, horizon: 3}", "2026Q2", "2026Q4", 3, "2026-04-01"),
        ("{start: 2026-04, horizon: 3, period: quarter}", "2026Q2", "2026Q4", 3, "2026-04-01"),
        ('{period: year, start: "2026", horizon: 1}', "2026", "2026", 12, "2026-01-01"),
        ("{period: year, start: 2026-01, horizon: 1}", "2026", "2026", 12, "2026-01-01"),
    ],
)
def test_periods(tiny_case, time, first, last, months, day):
    write(tiny_case / "scenarios", other=f"extends: base\ntime: {time}\n")
    case = read_case(tiny_case / "scenarios" / "other.yaml", tiny_case / "data")
    assert [str(case.periods[0]), str(case.periods[-1])] == [first, last]
    assert case.months_per_period == months
    assert case.start.date() == datetime.date.fromisoformat(day)


def test_changes_are_what_differs_from_base(tiny_case):
    write(
        tiny_case / "scenarios",
        growth="title: Growth\nextends: base\ndemand: {multiplier_by_unit: {service: 1.2}, level: base}\n"
        "plan: {shortage_multiple: {low: 0.5}}\n",
        far="extends: growth\nsupply: {retention_offers: [stay_bonus]}\n",
    )
    case = read_case(tiny_case / "scenarios" / "far.yaml", tiny_case / "data", paths=7)
    assert case.changes.to_dict("records") == [
        {"knob": "demand.multiplier_by_unit.service", "base": None, "value": 1.2, "file": "growth.yaml"},
        {"knob": "supply.retention_offers", "base": (), "value": ("stay_bonus",), "file": "far.yaml"},
        {"knob": "plan.shortage_multiple.low", "base": 1.2, "value": 0.5, "file": "growth.yaml"},
        {"knob": "simulation.paths", "base": 20, "value": 7, "file": "command line"},
    ]
    assert read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data").changes.empty


def test_seed_and_paths_from_the_command(tiny_case):
    base, data = tiny_case / "scenarios" / "base.yaml", tiny_case / "data"
    case = read_case(base, data, seed=9, paths=None)
    assert (case.assumptions.simulation.seed, case.assumptions.simulation.paths) == (9, 20)
    assert case.scenario.sources["simulation.seed"] == "command line"
    assert case.assumptions.title == "Base"
    with pytest.raises(InputError, match=r"simulation\.paths"):
        read_case(base, data, paths=0)
    with pytest.raises(TypeError, match="sed"):
        read_case(base, data, sed=9)
