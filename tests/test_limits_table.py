"""Rules of one's own (table limits): what they count, when they hold, and which rows are refused."""

import json
from pathlib import Path

import pytest
from planning import make_case, write_case
from test_optimise import plan_for

import workforce as wf
from workforce.errors import InputError, RunError
from workforce.optimise.explain import explain_plan
from workforce.report.page_reasons import write_reason

HEAD = "limit,action,via,role,family,unit,from_role,times,period,per,least,most"
BASE = {
    "roles": "role,unit,family,salary,on_cost,shortage_price\na,u,f,0,0,1000\nb,v,g,0,0,1000",
    "stock": "role,headcount\na,10\nb,0",
    "rates": "role,tenure_from,cause,yearly_rate\na,0,all,0\nb,0,all,0",
    "required": "role,period,fte\na,2026,10\na,2027,10\nb,2026,40\nb,2027,40",
    "channels": "channel,role,family,cost,lead_months\nboard,b,,1,0\nfair,,g,2,0",
    "programmes": "programme,from_role,to_role,months,cost\nschool,a,b,3,0",
}
MONTHLY = 'time: {period: month, start: "2026-07", horizon: 12}\n'
QUARTERLY = 'time: {period: quarter, start: "2026Q1", horizon: 4}\n'


def hired(folder: Path, limits: str, time: str = MONTHLY) -> dict[tuple[str, str], float]:
    plan = plan_for(make_case(folder, BASE | {"limits": f"{HEAD}\n{limits}"}, time + "supply: {programmes: false}\n"))
    hires = plan.actions[plan.actions["action"] == "hire"].astype({"period": str})
    return hires.set_index(["via", "period"])["heads"].to_dict()


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [
        # Being short of 40 costs more than any offer, so all are made as early as they may be.
        ("x,hire,board,,,,,,,,,3\ny,hire,fair,,,,,,,plan,,5", {("board", "2026-07"): 3, ("fair", "2026-07"): 5}),
        # Half of each calendar year is planned, so half of the year's 12 may be hired in each.
        ("x,hire,,b,,,,,,year,,12", {("board", "2026-07"): 6, ("board", "2027-01"): 6}),
        # A stated year that is planned in part stands for its part, as a budget does; the rest is not limited.
        ("x,hire,,,,v,,,2026,,,12", {("board", "2026-07"): 6, ("board", "2027-01"): 34}),
        ("x,hire,,,g,,,,2026Q4,,,0\ny,hire,,,,,,,2026-07,,,7", {("board", "2026-07"): 7, ("board", "2026-08"): 33}),
        # A ratio: at most half as many of b as of a, at every close.
        ("x,heads,,b,,,,2,,,,0\nx,heads,,a,,,,-1,,,,", {("board", "2026-07"): 5}),
        ("x,shortage,,b,,,,,2026-09,,,12\ny,hire,,,,,,,,plan,,30", {("board", "2026-07"): 30}),
        # A floor: the dearer way is used all the same.
        ("x,hire,fair,,,,,,,plan,4,", {("board", "2026-07"): 36, ("fair", "2026-07"): 4}),
    ],
)
def test_rules_count_what_they_say(tmp_path: Path, limits: str, wanted: dict[tuple[str, str], float]) -> None:
    found = hired(tmp_path, limits)
    for key, heads in wanted.items():
        assert found.get(key, 0.0) == pytest.approx(heads), (key, found)


def test_a_sum_with_a_floor_and_no_way_to_reach_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"to lower the limit grow \(table limits\) of 2026-07 by 1.0$"):
        hired(tmp_path, "grow,heads,,a,,,,,2026-07,,11,20")  # of the two bounds it is the floor that cannot be kept


def test_a_limit_below_zero_is_told_with_the_range_it_is_in(tmp_path: Path) -> None:
    # b has at least 5 fewer than the 10 of a: one more takes an FTE-year, at 1000, off its shortage, for an offer at 1.
    limits = f"{HEAD}\nx,heads,,b,,,,1,2027,,,-5\nx,heads,,a,,,,-1,2027,,,"
    case = make_case(tmp_path, BASE | {"limits": limits}, 'time: {period: year, start: "2026", horizon: 2}\n')
    plan = plan_for(case)
    values = explain_plan(case, plan).set_index("key")["values"].map(json.loads)["limit_price"]
    assert (values["limit"], values["low"], values["high"]) == pytest.approx((-5, -10, 30))
    assert "for limits from -10 to 30." in write_reason("limit_price", json.dumps(values), "CNY")


def test_a_floor_of_one_s_own_says_what_one_less_would_save(tmp_path: Path) -> None:
    # Nobody more is needed, but 14 of a are asked for: the four cost 2 each, and one less asked for saves that, down to 10.
    tables = BASE | {
        "limits": f"{HEAD}\ngrow,heads,,a,,,,,2026,,14,",
        "channels": "channel,role,cost,lead_months\nfair,a,2,0",
    }
    tables |= {"required": "role,period,fte\na,2026,10", "programmes": BASE["programmes"]}
    case = make_case(tmp_path, tables, 'time: {period: year, start: "2026", horizon: 1}\n')
    values = explain_plan(case, plan_for(case)).set_index("key")["values"]["floor_price"]
    said = write_reason("floor_price", values, "CNY")
    assert said == (
        "The limit grow (table limits) of 2026 (14) is only just kept: one unit less asked for would save CNY 2. Solved again "
        "with 1 less: CNY 2 saved, and the next after that would save CNY 2. The price holds at least for limits from 10 upwards."
    )
    assert "恰好满足" in write_reason("floor_price", values, "CNY", "zh")


def test_names_that_look_like_those_of_other_rules_are_told_whole(tmp_path: Path) -> None:
    for name in ("moves_3_cap", "growth_end_max"):
        with pytest.raises(RunError, match=f"the limit {name} "):
            hired(tmp_path / name, f"{name},heads,,a,,,,,2026-07,,11,")


def test_what_a_part_of_the_year_stands_for_and_what_lies_outside_is_said(tmp_path: Path) -> None:
    limits = f"{HEAD}\nx,hire,,b,,,,,,year,,12\ny,hire,,b,,,,,2031,,,3\nz,heads,,b,,,,,2026,,,50"
    index = "category,period,times\nrecruiting,2031,2"
    case = make_case(tmp_path, BASE | {"limits": limits, "price_index": index}, MONTHLY)
    told = dict(case.notes)
    assert told["limits_prorated"] == {"names": "x"} and told["limits_outside"] == {"years": "2031"}
    assert told["price_index_outside"] == {"years": "2031"}


def test_trainees_at_once_are_counted_from_the_start_to_the_end_with_those_under_way(tmp_path: Path) -> None:
    # Programmes of three quarters of which four places are there: two are taken until the second quarter's close.
    tables = BASE | {
        "channels": "channel,role,cost,lead_months\nboard,a,1000,0",
        "programmes": "programme,from_role,to_role,months,cost\nschool,a,b,6,0",
        "under_way": "via,role,period,heads\nschool,b,2026Q2,2",
        "required": "role,period,fte\na,2026,0\nb,2026,40",
        "limits": f"{HEAD}\nplaces,training,school,b,,,a,,,,,4",
    }
    plan = plan_for(make_case(tmp_path, tables, QUARTERLY))
    begun = plan.actions[plan.actions["action"] == "develop"]
    # In the first quarter two places are free, in the second the two of those who finish: 2 and 2 begun, as in a count by hand.
    assert dict(zip(begun["period"].astype(str), begun["heads"], strict=True)) == pytest.approx(
        {"2026Q1": 2.0, "2026Q2": 2.0}
    )


@pytest.mark.parametrize(
    ("row", "column", "rule"),
    [
        ("x,hire,bord,,,,,,,,,1", "via", "is no channel of channels"),
        ("x,develop,board,,,,,,,,,1", "via", "is no programme of programmes"),
        ("x,keep,bonus,,,,,,,,,1", "via", "is no offer of retention"),
        ("x,heads,board,,,,,,,,,1", "via", "is only for"),
        ("x,hire,,,,,a,,,,,1", "from_role", "is only for"),
        ("x,hire,,c,,,,,,,,1", "role", "is not in roles"),
        ("x,hire,,,,,,,,,,", "limit", "limits nothing"),
        ("x,hire,,,,,,,,,3,2", "limit", "least above its most"),
        ("x,hire,,,,,,,,,,2\nx,hire,board,,,,,,,,,3", "most", "contradicts"),
        ("x,hire,,,,,,,,,,2\nx,hire,board,,,,,,,year,,", "per", "contradicts"),
        ("x,heads,,,,,,,,year,,2", "per", "never summed over time"),
        ("x,hire,,,,,,,2026,year,,2", "per", "is for rules without a period"),
        ("x,hires,,,,,,,,,,2", "action", "must be one of"),
        ("x,hire,,a,g,,,,,,,2", "role", "so the row means nobody"),
        ("x,hire,,a,,v,,,,,,2", "role", "so the row means nobody"),
        ("x,hire,,,,,,,,,,30%", "most", "must be a number"),
        ("x,hire,,,,,,1e300,,,,2", "times", "must be at most 1000000"),
        ("x,hire,,,,,,,2026-07,,,2", "period", "is shorter than the plan's periods"),
    ],
)
def test_rows_that_say_nothing_or_contradict_each_other_are_one_clear_fault(
    tmp_path: Path, row: str, column: str, rule: str
) -> None:
    path = write_case(tmp_path, BASE | {"limits": f"{HEAD}\n{row}"}, QUARTERLY)
    with pytest.raises(InputError) as caught:
        wf.read_case(path, tmp_path / "data")
    assert [(fault.column, rule in fault.rule) for fault in caught.value.faults] == [(column, True)], caught.value
