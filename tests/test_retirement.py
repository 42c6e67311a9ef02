"""Retirement by rule: the month of the rule, the voluntary band, and who leaves when in the one dynamics.

The law: decision of the Standing Committee of the National People's Congress on gradually raising the statutory
retirement age (全国人民代表大会常务委员会关于实施渐进式延迟法定退休年龄的决定, 13 September 2024), with the State
Council's measures (国务院关于渐进式延迟法定退休年龄的办法), article 1 (steps), article 3 (band), and annexes 1 to 3
(延迟法定退休年龄对照表, by month of birth). Published at www.npc.gov.cn, www.gov.cn (content_6974294) and
www.mohrss.gov.cn (t20240913_525781).

Witness of the months: the annexes themselves could not be opened here, only secondary copies and calculations of others
from them; each row below names those that state it. Articles 1 and 3 were read as quoted in full by several of them.

G  public calculator whose table of ages is a transcription of the annexes by groups of birth months; ages only. Its last
   year of each annex is drawn together to the final age, against the steps of article 1, and is not used.
C  published article on a calculator (blog.csdn.net, 142263821) with results that it says are those of the national
   social security card's own calculator; months of retirement only.
P  boundary cases in the tests of a public pension calculator: ages and months.
R  cases in the tests of another public calculator: ages and months.
N  cases in the tests of two more, one of which names an annex; ages only.
A  a worked case of a public rule base, which cites annex 1: age and month.
S  samples for verification in a public rule set that names the decision and the national calculator: ages and months.

Where a copy states the age or the month only, the other is birth plus age.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from planning import make_case
from test_dynamics import MONTHLY, REQUIRED, YEARLY, describe

from workforce.errors import InputError
from workforce.forecast.retirement import find_retirement, read_rules, spread_retirement
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case, read_case
from workforce.pipeline import find_faults, run
from workforce.simulate.careers import simulate_careers

ROOT = Path(__file__).resolve().parents[1]

# month of birth, age (years-months), month of retirement, copies that state it
MEN = """
1964-12 60-0 2024-12 P
1965-01 60-1 2025-02 GCPRS
1965-04 60-1 2025-05 GP
1965-05 60-2 2025-07 GP
1965-08 60-2 2025-10 GN
1965-09 60-3 2025-12 GN
1965-12 60-3 2026-03 GR
1966-01 60-4 2026-05 CN
1967-05 60-8 2028-01 A
1968-01 60-10 2028-11 G
1970-01 61-4 2031-05 G
1972-04 61-10 2034-02 G
1975-06 62-8 2038-02 C
1976-08 62-11 2039-07 N
1976-09 63-0 2039-09 N
1976-12 63-0 2039-12 PS
1988-09 63-0 2051-09 C
1995-12 63-0 2058-12 R"""
WOMEN_CADRE = """
1969-12 55-0 2024-12 P
1970-01 55-1 2025-02 GCPS
1970-05 55-2 2025-07 GP
1970-06 55-2 2025-08 GC
1970-09 55-3 2025-12 GC
1971-04 55-4 2026-08 R
1971-06 55-5 2026-11 C
1973-01 55-10 2028-11 G
1975-01 56-4 2031-05 G
1978-04 57-1 2035-05 G
1980-01 57-7 2037-08 G
1981-08 57-11 2039-07 N
1981-09 58-0 2039-09 N
1981-12 58-0 2039-12 PS
1988-09 58-0 2046-09 C
2000-12 58-0 2058-12 R"""
WOMEN_WORKER = """
1974-12 50-0 2024-12 P
1975-01 50-1 2025-02 GCPS
1975-02 50-1 2025-03 GN
1975-03 50-2 2025-05 GP
1975-06 50-3 2025-09 C
1975-11 50-6 2026-05 P
1976-06 50-9 2027-03 C
1977-01 51-1 2028-02 GC
1979-02 52-1 2031-03 G
1980-01 52-7 2032-08 G
1983-01 54-1 2037-02 G
1984-11 55-0 2039-11 CP
1984-12 55-0 2039-12 NS
1995-12 55-0 2050-12 R"""

ROLES = """role,unit,family,salary,on_cost
hand,shop,operators,100,0
clerk,shop,office,150,0"""
NOBODY_LEAVES = "role,tenure_from,cause,yearly_rate\nhand,0,resign,0\nclerk,0,resign,0"
CHINA = "retirement: {rule: china_2025, worker_families: [operators]}\n"


def number(text: str) -> int:
    year, month = text.split("-")
    return int(year) * 12 + int(month) - 1


def found_for(born: list[str], gender: str, post: str, rule: str = "china_2025") -> pd.DataFrame:
    rules = read_rules()
    return find_retirement(
        pd.Series([number(month) for month in born]),
        pd.Series([gender] * len(born)),
        pd.Series([post] * len(born)),
        rules[rules["rule"] == rule],
    )


def staff(folder: Path, people: str, knobs: str, rates: str = NOBODY_LEAVES, **more: str) -> Case:
    tables = {"roles": ROLES, "rates": rates, "required": REQUIRED.replace("junior", "hand"), **more}
    return make_case(folder, tables | {"people": "person,role,hire_date,birth_date,gender\n" + people}, knobs)


def leavers(case: Case) -> pd.DataFrame:
    frame = project_stocks(describe(case)).frame
    return frame.pivot_table(index="period", columns="role", values="leavers")


# --- the rule ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "gender", "post"),
    [(MEN, "male", "worker"), (MEN, "male", "cadre"), (WOMEN_CADRE, "female", "cadre"), (WOMEN_WORKER, "female", "worker")],
    ids=["annex 1", "annex 1, cadre", "annex 2", "annex 3"],
)  # fmt: skip
def test_the_months_are_those_of_the_copies_of_the_official_table(table: str, gender: str, post: str) -> None:
    rows = [line.split() for line in table.strip().splitlines()]
    assert len(rows) >= 10 and all(set(row[3]) <= set("GCPRNAS") for row in rows)
    found = found_for([row[0] for row in rows], gender, post)
    years, months = zip(*(map(int, row[1].split("-")) for row in rows), strict=True)
    assert found["age"].tolist() == [12 * year + month for year, month in zip(years, months, strict=True)]
    assert found["month"].tolist() == [number(row[2]) for row in rows]


@pytest.mark.parametrize(("first", "gender", "post", "step", "most"), [
    ("1965-01", "male", "cadre", 4, 36), ("1970-01", "female", "cadre", 4, 36), ("1975-01", "female", "worker", 2, 60),
])  # fmt: skip
def test_the_age_rises_by_a_month_at_each_step_and_ends_in_2039(
    first: str, gender: str, post: str, step: int, most: int
) -> None:
    born = [f"{month // 12}-{month % 12 + 1}" for month in range(number(first) - 1, number(first) + 200)]
    found = found_for(born, gender, post)
    delay = (found["age"] - found["age"].iloc[0]).astype(int)
    assert delay.value_counts().sort_index().iloc[1:most].eq(step).all() and delay.max() == most
    last_rise = found["month"][delay.diff() == 1].max()
    assert 2039 * 12 <= last_rise < 2040 * 12


def test_the_voluntary_band_is_three_years_and_never_below_the_former_age() -> None:
    # Article 3 of the measures: at most three years early, not before 60, 55 or 50; at most three years late.
    found = found_for(["1964-12", "1965-01", "1966-01", "1976-09"], "male", "worker")
    assert (found["month"] - found["earliest"]).tolist() == [0, 1, 4, 36]
    assert (found["latest"] - found["month"]).tolist() == [0, 36, 36, 36]
    late = found_for(["1984-11"], "female", "worker").iloc[0]
    assert late["month"] - late["earliest"] == 36  # five years later than before, three of them at choice


def test_every_rule_names_its_source() -> None:
    rules = read_rules()
    assert (rules["source"].str.len() > 20).all() and set(rules["gender"]) <= {"", "male", "female"}


def test_another_country_is_another_row() -> None:
    # Germany, section 235 of the sixth book of the social code: 65 before 1947, a month more with each year of birth to
    # 1958, then two, 67 from 1964.
    row = {"rule": "de", "gender": "", "post": "", "early_most_months": 24, "earliest_age_months": 756,
           "late_most_months": 0, "source": "SGB VI, section 235"}  # fmt: skip
    steps = [("", 780, 0, 780), ("1947-01", 781, 1, 792), ("1959-01", 794, 2, 804)]
    rules = pd.DataFrame(
        [
            row
            | {"born_from": born, "age_months": age, "adds_months": adds, "every_months": 12, "age_most_months": most}
            for born, age, adds, most in steps
        ]
    )
    born = pd.Series([number(month) for month in ("1946-12", "1947-06", "1958-02", "1959-01", "1963-12", "1964-01")])
    blank = pd.Series([""] * len(born))
    assert find_retirement(born, blank, blank, rules)["age"].tolist() == [780, 781, 792, 794, 802, 804]


# --- the spread ----------------------------------------------------------------------------------------------------


def test_the_spread_by_hand() -> None:
    # A man born in January 1966: statutory in May 2026, four months early at most. A fifth early, three tenths late.
    found = found_for(["1966-01"], "male", "worker")
    hazard = spread_retirement(found, 0.2, 0.3, 36, number("2026-01"), 60)[0]
    chance = hazard * np.cumprod(np.append(1.0, 1.0 - hazard[:-1]))
    np.testing.assert_allclose(chance[:4], 0.05, atol=1e-12)
    assert chance[4] == pytest.approx(0.5)
    np.testing.assert_allclose(chance[5:41], 0.3 / 36, atol=1e-12)
    np.testing.assert_allclose(chance[41:], 0.0, atol=1e-9)
    assert chance.sum() == pytest.approx(1.0)


def test_who_is_still_there_has_not_retired_before() -> None:
    # Seen from March 2026: two of the four early months are past, so 0.9 of the spread is left.
    found = found_for(["1966-01"], "male", "worker")
    hazard = spread_retirement(found, 0.2, 0.3, 36, number("2026-03"), 3)[0]
    np.testing.assert_allclose(hazard, [0.05 / 0.9, 0.05 / 0.85, 0.5 / 0.8], atol=1e-12)
    overdue = found_for(["1960-01"], "male", "worker")
    assert spread_retirement(overdue, 0.0, 0.0, 36, number("2026-01"), 2)[0, 0] == 1.0


def test_whom_no_row_means_does_not_retire() -> None:
    rules = read_rules().query("gender == 'male'")
    women = pd.Series([number("1950-01")]), pd.Series(["female"]), pd.Series(["worker"])
    found = find_retirement(*women, rules)
    assert found["month"].isna().all() and not spread_retirement(found, 0.1, 0.1, 36, number("2026-01"), 6).any()


# --- the dynamics --------------------------------------------------------------------------------------------------


def test_each_retires_in_the_month_of_the_rule_and_nobody_else_leaves(tmp_path: Path) -> None:
    people = """a,hand,2001-01-01,1966-01-20,male
    b,hand,2001-01-01,1976-01-31,female
    c,clerk,2001-01-01,1971-04-01,female
    d,clerk,2001-01-01,1976-01-31,female"""
    # a in May 2026; b, a worker born in January 1976, 50 years and 7 months: August 2026; c in August 2026; d not yet.
    table = leavers(staff(tmp_path, people, MONTHLY + CHINA))
    hand, clerk = table["hand"], table["clerk"]
    np.testing.assert_allclose(hand[hand > 1e-9].to_numpy(), 1.0)
    assert [str(period) for period in hand.index[hand > 1e-9]] == ["2026-05", "2026-08"]
    assert [str(period) for period in clerk.index[clerk > 1e-9]] == ["2026-08"]


def test_a_fixed_age_in_yearly_periods(tmp_path: Path) -> None:
    people = "a,hand,2001-01-01,1966-07-20,male\nb,clerk,2001-01-01,1967-01-31,\nc,clerk,2001-01-01,1990-01-31,"
    table = leavers(staff(tmp_path, people, YEARLY + "retirement: {rule: fixed, age: 60}\n"))
    assert table["hand"].round(9).tolist() == [1, 0, 0] and table["clerk"].round(9).tolist() == [0, 1, 0]


def test_leaving_and_retiring_compete(tmp_path: Path) -> None:
    rates = "role,tenure_from,cause,yearly_rate\nhand,0,resign,0.19\nhand,0,retire,0.10\nclerk,0,resign,0"
    people = "a,hand,2001-01-01,1967-01-20,male\nb,hand,2001-01-01,1990-01-20,male"
    table = leavers(staff(tmp_path, people, YEARLY + "retirement: {rule: fixed, age: 60}\n", rates))
    # The estimated or stated retire cause is gone, so b leaves with the resigning part alone, which competed with it:
    # 0.19 of 0.29 of the monthly hazard of 0.71 ^ (1/12).
    monthly = (1 - 0.71 ** (1 / 12)) * 0.19 / 0.29
    year = 1 - (1 - monthly) ** 12
    assert table["hand"].iloc[0] == pytest.approx(2 * year, rel=1e-12)
    assert table["hand"].iloc[1] == pytest.approx((1 - year) * (1 + year), rel=1e-12)
    early = describe(staff(tmp_path, people, YEARLY + CHINA, rates))
    assert early.leave[0, 0, 60] == pytest.approx(year, rel=1e-12)


def test_without_dates_of_birth_the_seen_rate_stays_and_is_told(tmp_path: Path) -> None:
    rates = "role,tenure_from,cause,yearly_rate\nhand,0,resign,0.19\nhand,0,retire,0.10\nclerk,0,resign,0"
    people = "a,hand,2001-01-01,,male\nb,hand,2025-09-01,,female"
    with_rule = staff(tmp_path, people, MONTHLY + CHINA, rates)
    ruled = leavers(with_rule)
    np.testing.assert_allclose(ruled, leavers(staff(tmp_path, people, MONTHLY, rates)), rtol=1e-12)
    assert ("retirement_birth_unknown", {"people": 2}) in describe(with_rule).retirement.reasons()  # type: ignore[union-attr]


def test_what_was_assumed_is_counted(tmp_path: Path) -> None:
    people = """a,hand,2001-01-01,1960-01-20,male
    b,clerk,2001-01-01,1966-03-01,
    c,clerk,2001-01-01,1966-03-01,other
    d,clerk,2001-01-01,,female"""
    case = staff(tmp_path, people, MONTHLY + CHINA)
    retirement = describe(case).retirement
    assert retirement is not None
    counted = {"members": 3, "known_leavers": 0, "birth_unknown": 1, "gender_unknown": 2, "overdue": 1, "undivided": 0}
    assert retirement.notes == counted
    table = leavers(case)
    assert table["hand"].iloc[0] == pytest.approx(1.0)
    # Not known: the latest age, that of men: born in March 1966, 60 years and 4 months.
    assert table.loc["2026-07", "clerk"] == pytest.approx(2.0)


def test_the_rule_of_the_post_held_applies_after_a_move(tmp_path: Path) -> None:
    # A woman of 51 in an office post may stay to 55; the year she moves to a worker post she retires at once.
    people = "a,clerk,2001-01-01,1974-06-20,female"
    transitions = "from_role,to_role,yearly_rate\nclerk,hand,0.4"
    case = staff(tmp_path, people, YEARLY + CHINA, transitions=transitions)
    table = leavers(case)
    np.testing.assert_allclose(table["clerk"], 0.0, atol=1e-12)
    np.testing.assert_allclose(table["hand"], [0.0, 0.4, 0.6 * 0.4], rtol=1e-12)


def test_no_rule_follows_nobody(tiny_case: Path) -> None:
    dynamics = describe(read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data"))
    assert dynamics.retirement is None and dynamics.retire is None


def test_an_unknown_rule_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    case = staff(tmp_path, "a,hand,2001-01-01,1966-01-20,male", MONTHLY + "retirement: {rule: china_2024}\n")
    with pytest.raises(InputError, match="did you mean china_2025"):
        describe(case)
    faults = find_faults([tmp_path / "scenarios" / "test.yaml"], tmp_path / "data")
    assert [fault.column for fault in faults] == ["retirement.rule"]
    with pytest.raises(InputError, match="no family of roles"):
        staff(tmp_path, "a,hand,2001-01-01,,", MONTHLY + "retirement: {worker_families: [operator]}\n")
    with pytest.raises(InputError, match="add up"):
        staff(tmp_path, "a,hand,2001-01-01,,", MONTHLY + "retirement: {early_share: 0.6, late_share: 0.6}\n")


def test_the_example_company_retires_as_its_truth_says() -> None:
    """Those present at the start who reach the age of the stored truth within the plan are those who are followed."""
    case = read_case(ROOT / "scenarios" / "base.yaml", ROOT / "data")
    truth = pd.read_csv(ROOT / "data" / "truth" / "retirement.csv").set_index("group")
    people = case.tables.people.merge(case.tables.roles[["role", "family"]], on="role")
    worker = people["family"].isin(case.assumptions.retirement.worker_families)
    group = np.where(people["gender"] == "male", "men", np.where(worker, "women_worker", "women_cadre"))
    born = people["birth_date"].dt.year * 12 + people["birth_date"].dt.month - 1
    at = born.to_numpy() + truth.loc[group, "age_years"].to_numpy() * 12
    at = at + np.where(at >= 2025 * 12, (at - 2025 * 12) // truth.loc[group, "rises_one_month_every"].to_numpy() + 1, 0)
    first, last = 2026 * 12, 2028 * 12
    dynamics = describe(case)
    assert dynamics.retirement is not None
    chance = dynamics.retirement.chance[:, dynamics.retirement.people, :]
    held = dynamics.retirement.post[people["role"].map({role: i for i, role in enumerate(dynamics.roles)})]
    own = chance[:, np.arange(len(people)), held] * (dynamics.retirement.people >= 0)
    month = np.where(own.any(axis=0), own.argmax(axis=0) + first, 0)
    np.testing.assert_array_equal(month, np.where(at < last, np.maximum(at, first), 0))


def test_a_run_says_what_it_did(tiny_case: Path) -> None:
    path = tiny_case / "scenarios" / "base.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nretirement: {rule: china_2025}\n", encoding="utf-8")
    reasons = run(read_case(path, tiny_case / "data", paths=5)).tables["reasons"]
    assert {"retirement_rule", "retirement_gender_unknown"} & set(reasons["key"])


def leaver_case(folder: Path, knobs: str) -> Case:
    people = "person,role,hire_date,birth_date,gender,leave_date\n" + "\n".join(
        f"p{place},junior,2015-03-01,1990-05-05,male,{'2026-03-31' if place < 10 else ''}" for place in range(20)
    )
    rates = "role,tenure_from,cause,yearly_rate\njunior,0,resign,0.12"
    required = REQUIRED.replace("400", "20")
    roles = "role,unit,family,salary,on_cost\njunior,shop,staff,100,0"
    tables = {"roles": roles, "people": people, "rates": rates, "required": required}
    return make_case(folder, tables, MONTHLY + knobs)


@pytest.mark.parametrize("knobs", ["", "retirement: {rule: china_2025}\n"], ids=["no rule", "rule"])
def test_who_is_known_to_leave_is_gone_after_the_month_of_their_last_day(tmp_path: Path, knobs: str) -> None:
    case = leaver_case(tmp_path, knobs)
    dynamics = describe(case)
    monthly = 0.88 ** (1 / 12)
    closing = project_stocks(dynamics).frame["closing"].to_numpy()
    np.testing.assert_allclose(closing[:2], 20 * monthly ** np.arange(1, 3), rtol=1e-12)
    np.testing.assert_allclose(closing[2:6], 10 * monthly ** np.arange(3, 7), rtol=1e-12)
    careers = simulate_careers(case, dynamics, paths=400, seed=2)
    error = careers.closing.std(axis=0, ddof=1) / np.sqrt(400)
    assert np.abs((careers.closing.mean(axis=0)[:, 0] - closing) / error[:, 0]).max() < 4.0
    assert dynamics.retirement is not None and dynamics.retirement.reasons()[0] == ("known_leavers", {"people": 10})


def test_a_last_day_before_the_plan_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is before the plan's start, 2026-01-01"):
        make_case(tmp_path, {"roles": "role,unit,family,salary\na,u,f,1", "required": "role,period,fte\na,2026,1",
                           "people": "person,role,hire_date,leave_date\np,a,2020-01-01,2025-12-31"}, YEARLY)  # fmt: skip
