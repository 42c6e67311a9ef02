"""Kinds of manpower problem that textbooks have, each in plain tables beside the textbook's own programme, which is written
from the problem and solved by an independent solver (scipy's)."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from planning import make_case
from scipy.optimize import Bounds, LinearConstraint, milp
from test_optimise import plan_for

MONTHS = [f"2026-{month:02d}" for month in range(1, 13)]
QUARTERS = [f"{year}Q{quarter}" for year in (2026, 2027) for quarter in range(1, 5)]


class Book:
    """The textbook's programme: columns by name, each with its cost and bounds, and rows over them."""

    def __init__(self) -> None:
        self.cost: dict[str, float] = {}
        self.most: dict[str, float] = {}
        self.whole: set[str] = set()
        self.rows: list[tuple[dict[str, float], float, float]] = []

    def add(self, name: str, cost: float = 0.0, most: float = np.inf, whole: bool = False) -> None:
        self.cost[name], self.most[name] = cost, most
        self.whole |= {name} if whole else set()

    def keep(self, least: float, most: float = np.inf, **entries: float) -> None:
        self.rows.append((entries, least, most))

    def equal(self, side: float, **entries: float) -> None:
        self.keep(side, side, **entries)

    def solve(self) -> float:
        names = list(self.cost)
        matrix = np.array([[entries.get(name, 0.0) for name in names] for entries, _, _ in self.rows])
        assert all(set(entries) <= set(names) for entries, _, _ in self.rows)
        found = milp(
            list(self.cost.values()),
            integrality=[name in self.whole for name in names],
            bounds=Bounds(0, list(self.most.values())),
            constraints=LinearConstraint(matrix, [row[1] for row in self.rows], [row[2] for row in self.rows]),
            options={"mip_rel_gap": 0},
        )
        assert found.success, found.message
        return float(found.fun)


def yearly(leaving: float, periods: int = 12) -> str:
    """The yearly rate of a rate a month (or a quarter), as rates.csv has it."""
    return repr(1.0 - (1.0 - leaving) ** periods)


def needed(role: str, periods: Sequence[object], fte: Sequence[float]) -> str:
    return "\n".join(f"{role},{period},{need!r}" for period, need in zip(periods, fte, strict=False))


REQUIRED = "role,period,fte\n"
NOBODY_LEAVES = "role,tenure_from,cause,yearly_rate\n"


def test_attendants_who_train_newcomers_are_missing_from_the_flights(tmp_path: Path) -> None:
    # Hours a month; an attendant works 150 of them, or less the 100 that a trainee takes; a tenth leave at a month's end.
    hours, book = [8000, 9000, 8000, 10000, 9000, 12000], Book()
    for t, need in enumerate(hours):
        book.add(f"there{t}", 850)
        book.add(f"train{t}", 400)
        book.keep(need, **{f"there{t}": 150, f"train{t}": -100})
        before = {f"there{t - 1}": -0.9, f"train{t - 1}": -1.0} if t else {}
        book.equal(0 if t else 60, **{f"there{t}": 1.0}, **before)
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost\nattendant,air,cabin,10200,0\ntrainee,air,school,4800,0",
            "stock": "role,headcount\nattendant,60\ntrainee,0",
            "rates": f"{NOBODY_LEAVES}attendant,0,all,{yearly(0.1)}\ntrainee,0,all,0",
            "required": REQUIRED + needed("attendant", MONTHS, [need / 150 for need in hours]),
            "channels": "channel,role,cost,lead_months\nrecruit,trainee,0,0",
            "programmes": f"programme,from_role,to_role,months,cost,mentor\ncourse,trainee,attendant,1,0,{100 / 150!r}",
        },
        'time: {period: month, start: "2026-01", horizon: 6}\nattrition: {first_period: false}\n'
        "plan: {shortage: forbidden}\n",
    )
    assert plan_for(case).cost == pytest.approx(book.solve(), rel=1e-9)


def test_machinists_who_teach_work_or_stand_idle_and_are_needed_after_the_last_month(tmp_path: Path) -> None:
    # One machinist teaches ten, of whom seven pass and three are dismissed; 700 a month at work or teaching, 500 idle, 400
    # a trainee; 250 machinists are to be there when the fourth month begins.
    need, book = [100, 150, 200], Book()
    for t in range(3):
        book.add(f"there{t}")
        book.add(f"teach{t}", 700 + 10 * 400)
        book.add(f"idle{t}", 500)
        book.equal(need[t], **{f"there{t}": 1, f"teach{t}": -1, f"idle{t}": -1})
    book.add("there3")
    for t in range(3):
        book.equal(0, **{f"there{t + 1}": 1, f"there{t}": -1, f"teach{t}": -7})
    book.equal(130, there0=1)
    book.keep(250, there3=1)
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost,short_time_max,short_time_cost\n"
            f"machinist,shop,m,8400,0,1,{5 / 7!r}\ntrainee,shop,t,4800,0,,",
            "stock": "role,headcount\nmachinist,130\ntrainee,0",
            "rates": f"{NOBODY_LEAVES}machinist,0,all,0\ntrainee,0,all,0",
            "required": REQUIRED + needed("machinist", MONTHS, [*need, 250]),
            "channels": "channel,role,cost,lead_months\nrecruit,trainee,0,0",
            "programmes": "programme,from_role,to_role,months,cost,mentor,pass_rate,fail_leave\n"
            "course,trainee,machinist,1,0,0.1,0.7,1",
        },
        'time: {period: month, start: "2026-01", horizon: 4}\nplan: {shortage: forbidden, end_periods: 1}\n',
    )
    plan = plan_for(case)
    assert plan.cost == pytest.approx(book.solve() + 700 * sum(need), rel=1e-9)
    closing = plan.stocks[plan.stocks["role"] == "machinist"]["closing"]
    assert closing.iloc[-1] == pytest.approx(250)
    assert plan.costs.loc[plan.costs["period"] == "2026-04", "amount"].sum() == 0


def test_apprentices_in_two_years_each_with_its_drop_outs(tmp_path: Path) -> None:
    # First-years need a fifth of a journeyman; 20% and 10% drop out; nobody waits a year between the two.
    need, book = [90, 92, 95, 100, 103], Book()
    for t in range(5):
        book.add(f"first{t}", 10 + 2)
        book.add(f"second{t}", 15)
        book.add(f"journey{t}", 30)
        book.keep(need[t], **{f"journey{t}": 1, f"first{t}": -0.2})
        if t:
            book.equal(0, **{f"second{t}": 1, f"first{t - 1}": -0.8})
            book.equal(0, **{f"journey{t}": 1, f"journey{t - 1}": -0.92, f"second{t - 1}": -0.9})
    book.equal(10 * 0.8, second0=1)
    book.equal(100 * 0.92 + 6 * 0.9, journey0=1)
    years = range(2026, 2031)
    # In the last year nobody begins what would end after it.
    nobody_waits = "\n".join(f"on,training,year_two,,1,{y},0\non,heads,,second,-1,{y}," for y in years[:-1])
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost\nfirst,w,a,10,0\nsecond,w,a,15,0\njourney,w,j,30,0",
            "stock": "role,headcount\nfirst,10\nsecond,6\njourney,100",
            "rates": f"{NOBODY_LEAVES}first,0,all,0\nsecond,0,all,0\njourney,0,all,0.08",
            "required": REQUIRED + needed("journey", years, need),
            "channels": "channel,role,cost,lead_months\nrecruit,first,2,0",
            "programmes": "programme,from_role,to_role,months,cost,mentor,mentor_role,pass_rate,fail_leave\n"
            "year_one,first,second,12,0,0.2,journey,0.8,1\nyear_two,second,journey,12,0,0,,0.9,1",
            "under_way": "via,role,period,heads\nyear_one,second,2026,10\nyear_two,journey,2026,6",
            "limits": f"limit,action,via,role,times,period,least\n{nobody_waits}",
        },
        'time: {period: year, start: "2026", horizon: 5}\nplan: {shortage: forbidden}\n',
    )
    assert plan_for(case).cost == pytest.approx(book.solve(), rel=1e-9)


@pytest.mark.parametrize("price", [{1: 100, 2: 190, 3: 270, 6: 500}, {1: 100, 2: 200, 3: 300, 6: 600}])
def test_contracts_of_one_two_three_and_six_months(tmp_path: Path, price: dict[int, float]) -> None:
    need, book = [12, 9, 14, 20, 8, 11], Book()
    for t in range(6):
        for length, cost in price.items():
            book.add(f"sign{t}_{length}", cost, whole=True)
    for t in range(6):
        under = {f"sign{s}_{length}": 1.0 for s in range(6) for length in price if s <= t < s + length}
        book.keep(need[t], **under)
    rows = "\n".join(f"months_{length},temp,{cost},0,{length}" for length, cost in price.items())
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost\ntemp,office,office,0,0",
            "stock": "role,headcount\ntemp,0",
            "rates": f"{NOBODY_LEAVES}temp,0,all,0",
            "required": REQUIRED + needed("temp", MONTHS, need),
            "channels": f"channel,role,cost,lead_months,contract_months\n{rows}",
        },
        'time: {period: month, start: "2026-01", horizon: 6}\n'
        "plan: {shortage: forbidden, whole_periods: 6, gap: 0.0}\n",
    )
    assert plan_for(case).cost == pytest.approx(book.solve(), rel=1e-9)


def test_hiring_firing_and_overtime_in_hours_and_whole_people(tmp_path: Path) -> None:
    # 160 hours a month at 8; up to 30 more at half as much again; 500 to hire, 700 to fire.
    hours, book = [4800, 5200, 6100, 7000, 5600, 4300], Book()
    for t, need in enumerate(hours):
        book.add(f"there{t}", 160 * 8, whole=True)
        book.add(f"over{t}", 12)
        book.add(f"hire{t}", 500, whole=True)
        book.add(f"fire{t}", 700, whole=True)
        before = {f"there{t - 1}": -1} if t else {}
        book.equal(0 if t else 30, **{f"there{t}": 1, f"hire{t}": -1, f"fire{t}": 1}, **before)
        book.keep(need, **{f"there{t}": 160, f"over{t}": 1})
        book.keep(-np.inf, 0, **{f"over{t}": 1, f"there{t}": -30})
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost,severance,release_max,overtime_max,overtime_premium\n"
            f"worker,plant,p,{160 * 8 * 12},0,700,1000,{30 / 160},0.5",
            "stock": "role,headcount\nworker,30",
            "rates": f"{NOBODY_LEAVES}worker,0,all,0",
            "required": REQUIRED + needed("worker", MONTHS, [need / 160 for need in hours]),
            "channels": "channel,role,cost,lead_months\ngate,worker,500,0",
        },
        'time: {period: month, start: "2026-01", horizon: 6}\n'
        "plan: {shortage: forbidden, whole_periods: 6, gap: 0.0}\n",
    )
    assert plan_for(case).cost == pytest.approx(book.solve(), rel=1e-9)


def test_promotion_by_itself_and_by_decision_with_bounds_on_the_end(tmp_path: Path) -> None:
    # A quarter: 6% of assistants and 4% of associates leave, then 10% of the assistants rise; a fast track of two quarters
    # for at most a fifth of the assistants, of whom four in five pass and the rest stay.
    need = {"assistant": [40, 42, 44, 46, 48, 50, 50, 50], "associate": [20, 21, 24, 26, 28, 30, 32, 34]}
    leave, gone, rise, last, book = 0.06, 0.04, 0.1, 8, Book()
    stay = (1 - leave) * (1 - rise)
    for t in range(last):
        for role, pay, offer, seats, short in (("assistant", 5, 3, 6, 5), ("associate", 9, 8, 2, 7.5)):
            book.add(f"{role}{t}", pay)
            book.add(f"hire_{role}{t}", offer, seats)
            book.add(f"short_{role}{t}", short)
            book.add(f"over_{role}{t}")
            gap = {f"{role}{t}": 1, f"short_{role}{t}": 1, f"over_{role}{t}": -1}
            book.equal(need[role][t], **gap)
        if t < last - 2:
            book.add(f"track{t}", 2)
    for t in range(last):
        out, into = (
            {f"assistant{t}": 1.0, f"hire_assistant{t}": -1.0},
            {f"associate{t}": 1.0, f"hire_associate{t}": -1.0},
        )
        if t:
            out[f"assistant{t - 1}"] = -stay
            into |= {f"associate{t - 1}": -(1 - gone), f"assistant{t - 1}": -(1 - leave) * rise}
        if t >= 2:
            out[f"track{t - 2}"] = 0.8 * (1 - leave) ** 2
            into[f"track{t - 2}"] = -0.8 * (1 - leave) ** 2
        book.equal(0 if t else 42 * stay, **out)
        book.equal(0 if t else 18 * (1 - gone) + 42 * (1 - leave) * rise, **into)
        under = {f"track{s}": (1 - leave) ** (t - s) for s in (t - 1, t) if 0 <= s < last - 2}
        book.keep(-np.inf, 0, **under, **{f"assistant{t}": -0.2})
    book.keep(36, 49, **{f"assistant{last - 1}": 1})
    book.keep(33, 37, **{f"associate{last - 1}": 1})
    moved = sum(stay**k * (1 - leave) * rise for k in range(4))
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost,shortage_price,end_min,end_max\n"
            "assistant,u,f,20,0,20,36,49\nassociate,u,f,36,0,30,33,37",
            "stock": "role,headcount\nassistant,42\nassociate,18",
            "rates": f"{NOBODY_LEAVES}assistant,0,all,{yearly(leave, 4)}\nassociate,0,all,{yearly(gone, 4)}",
            "transitions": f"from_role,to_role,yearly_rate\nassistant,associate,{moved!r}",
            "required": REQUIRED + "\n".join(needed(role, QUARTERS, fte) for role, fte in need.items()),
            "channels": "channel,role,cost,lead_months,capacity\n"
            f"school,assistant,3,0,2\nmarket,associate,8,0,{2 / 3!r}",
            "programmes": "programme,from_role,to_role,months,cost,pass_rate,eligible\n"
            "track,assistant,associate,6,2,0.8,0.2",
        },
        'time: {period: quarter, start: "2026Q1", horizon: 8}\n',
    )
    assert plan_for(case).cost == pytest.approx(book.solve(), rel=1e-9)


def test_rules_that_no_column_has_are_said_in_limits(tmp_path: Path) -> None:
    # Graduates in July only; four experienced a month, six in May; 58 heads in two units together; no more juniors than
    # seniors; three to eight promotions a year; at most 20 senior months short.
    need, book = {"junior": [20] * 6 + [30] * 6, "senior": [25] * 6 + [32] * 6}, Book()
    for t in range(12):
        book.add(f"junior{t}", 3)
        book.add(f"senior{t}", 6)
        book.add(f"campus{t}", 5, 20 if t == 6 else 0)
        book.add(f"market{t}", 9, 6 if t == 4 else 4)
        book.add(f"rise{t}", 2)
        for role, price in (("junior", 9), ("senior", 14)):
            book.add(f"short_{role}{t}", price)
            book.add(f"over_{role}{t}")
            book.equal(need[role][t], **{f"{role}{t}": 1, f"short_{role}{t}": 1, f"over_{role}{t}": -1})
        juniors, seniors = ({f"junior{t - 1}": -0.98}, {f"senior{t - 1}": -0.99}) if t else ({}, {})
        book.equal(0 if t else 22 * 0.98, **{f"junior{t}": 1, f"campus{t}": -1, f"rise{t}": 1}, **juniors)
        book.equal(0 if t else 26 * 0.99, **{f"senior{t}": 1, f"market{t}": -1, f"rise{t}": -1}, **seniors)
        book.keep(-np.inf, 58, **{f"junior{t}": 1, f"senior{t}": 1})
        book.keep(-np.inf, 0, **{f"junior{t}": 1, f"senior{t}": -1})
    book.keep(3, 8, **{f"rise{t}": 1 for t in range(12)})
    book.keep(-np.inf, 20, **{f"short_senior{t}": 1 for t in range(12)})
    campus = "\n".join(f"campus,hire,campus,,,{MONTHS[t]},,,{20 if t == 6 else 0}" for t in range(12))
    market = "\n".join(f"market,hire,market,,,{MONTHS[t]},,,{6 if t == 4 else 4}" for t in range(12))
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost,shortage_price\njunior,east,f,36,0,108\nsenior,west,f,72,0,168",
            "stock": "role,headcount\njunior,22\nsenior,26",
            "rates": f"{NOBODY_LEAVES}junior,0,all,{yearly(0.02)}\nsenior,0,all,{yearly(0.01)}",
            "required": REQUIRED + "\n".join(needed(role, MONTHS, fte) for role, fte in need.items()),
            "channels": "channel,role,cost,lead_months\ncampus,junior,5,0\nmarket,senior,9,0",
            "moves": "from_role,to_role,cost\njunior,senior,2",
            "limits": f"limit,action,via,role,times,period,per,least,most\n{campus}\n{market}\n"
            "company,heads,,,,,,,58\nmix,heads,,junior,1,,,,0\nmix,heads,,senior,-1,,,,\n"
            "rise,move,,senior,,,year,3,8\nshort,shortage,,senior,,2026,,,20",
        },
        'time: {period: month, start: "2026-01", horizon: 12}\n',
    )
    plan = plan_for(case)
    assert plan.cost == pytest.approx(book.solve(), rel=1e-9)
    assert {"campus", "company"} <= set(plan.prices.loc[plan.prices["rule"] == "limits", "name"])
    hired = plan.actions[plan.actions["via"] == "campus"]
    assert hired["period"].tolist() == [pd.Period("2026-07", "M")]


def test_newcomers_who_learn_and_leave_faster_in_money_of_today(tmp_path: Path) -> None:
    # A tenth a month leave in the first three, 2% later; half effective on arrival, fully after two months; 12% a year.
    need, rate, book = [50, 52, 56, 60, 58, 55, 60, 66, 66, 66, 60, 60], 0.12, Book()
    there = [1.0, 0.9, 0.81, *(0.729 * 0.98**k for k in range(9))]
    able = [0.5, 0.75, *[1.0] * 10]
    today = [(1 + rate) ** (-t / 12) for t in range(12)]
    for t in range(12):
        pay = sum(20 / 12 * there[k - t] * today[k] for k in range(t, 12))
        book.add(f"hire{t}", 3 * today[t] + pay)
        book.add(f"short{t}", 40 / 12 * today[t])
        book.add(f"over{t}", 2 / 12 * today[t])
        working = {f"hire{s}": there[t - s] * able[t - s] for s in range(t + 1)}
        book.equal(need[t] - 50 * 0.98 ** (t + 1), **working, **{f"short{t}": 1, f"over{t}": -1})
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost,shortage_price,surplus_cost,ramp_months,ramp_start\n"
            "agent,calls,f,20,0,40,2,2,0.5",
            "stock": "role,headcount\nagent,50",
            "rates": f"{NOBODY_LEAVES}agent,0,all,{yearly(0.1)}\nagent,3,all,{yearly(0.02)}",
            "required": REQUIRED + needed("agent", MONTHS, need),
            "channels": "channel,role,cost,lead_months\nboard,agent,3,0",
        },
        f'time: {{period: month, start: "2026-01", horizon: 12}}\nplan: {{discount_rate: {rate}}}\n',
    )
    paid = sum(50 * 0.98 ** (t + 1) * 20 / 12 * today[t] for t in range(12))
    assert plan_for(case).cost == pytest.approx(book.solve() + paid, rel=1e-9)


def test_trainees_who_fly_some_hours_and_so_many_who_resign(tmp_path: Path) -> None:
    # 150 hours a month an attendant, 25 a trainee; at most 12 trainees; so many resign at each month's end.
    hours, resign, book = [9100, 9300, 9800, 10900, 10200, 9900], [2, 1, 3, 2, 4, 1], Book()
    for t, need in enumerate(hours):
        book.add(f"there{t}", 1800)
        book.add(f"train{t}", 900, 12)
        book.keep(need, **{f"there{t}": 150, f"train{t}": 25})
        before = {f"there{t - 1}": -1.0, f"train{t - 1}": -1.0} if t else {}
        book.equal(-resign[t - 1] if t else 60, **{f"there{t}": 1.0}, **before)
    left = [0, *resign[:-1]]
    limits = [f"resign,release,attendant,,{month},{heads},{heads}" for month, heads in zip(MONTHS, left, strict=False)]
    for month in MONTHS[:5]:  # nobody stays a trainee for a second month
        limits += [f"on,training,attendant,1,{month},0,", f"on,heads,trainee,-1,{month},,"]
    case = make_case(
        tmp_path,
        {
            "roles": "role,unit,family,salary,on_cost,severance,release_max\n"
            f"attendant,air,cabin,{1800 * 12},0,0,1000\ntrainee,air,school,{900 * 12},0,,",
            "stock": "role,headcount\nattendant,60\ntrainee,0",
            "rates": f"{NOBODY_LEAVES}attendant,0,all,0\ntrainee,0,all,0",
            "required": REQUIRED + needed("attendant", MONTHS, [need / 150 for need in hours]),
            "channels": "channel,role,cost,lead_months,capacity\nrecruit,trainee,0,0,12",
            "programmes": "programme,from_role,to_role,months,cost\ncourse,trainee,attendant,1,0",
            "stand_ins": f"from_role,to_role,worth\ntrainee,attendant,{25 / 150!r}",
            "limits": "\n".join(["limit,action,role,times,period,least,most", *limits]),
        },
        'time: {period: month, start: "2026-01", horizon: 6}\nplan: {shortage: forbidden}\n',
    )
    assert plan_for(case).cost == pytest.approx(book.solve(), rel=1e-9)


def test_the_skilled_do_simpler_work(tmp_path: Path) -> None:
    # A skilled person does nine tenths of an unskilled one's work, at 1 a quarter more; at most a third of them at once.
    need, book = {"skilled": [20, 18, 14, 20], "plain": [30, 34, 38, 30]}, Book()
    for t in range(4):
        book.add(f"skilled{t}", 10)
        book.add(f"plain{t}", 6)
        book.add(f"hire_skilled{t}", 9)
        book.add(f"hire_plain{t}", 5)
        book.add(f"stand{t}", 1)
        for role, price in (("skilled", 30), ("plain", 15)):
            book.add(f"short_{role}{t}", price)
            book.add(f"over_{role}{t}")
        for role, there, stay in (("skilled", 21, 0.98), ("plain", 31, 0.95)):
            before = {f"{role}{t - 1}": -stay} if t else {}
            book.equal(0 if t else there * stay, **{f"{role}{t}": 1, f"hire_{role}{t}": -1}, **before)
        book.equal(
            need["skilled"][t], **{f"skilled{t}": 1, f"stand{t}": -1, f"short_skilled{t}": 1, f"over_skilled{t}": -1}
        )
        book.equal(need["plain"][t], **{f"plain{t}": 1, f"stand{t}": 0.9, f"short_plain{t}": 1, f"over_plain{t}": -1})
        book.keep(-np.inf, 0, **{f"stand{t}": 1, f"skilled{t}": -1 / 3})
    tables = {
        "roles": "role,unit,family,salary,on_cost,shortage_price\nskilled,u,f,40,0,120\nplain,u,f,24,0,60",
        "stock": "role,headcount\nskilled,21\nplain,31",
        "rates": f"{NOBODY_LEAVES}skilled,0,all,{yearly(0.02, 4)}\nplain,0,all,{yearly(0.05, 4)}",
        "required": REQUIRED + "\n".join(needed(role, QUARTERS, fte) for role, fte in need.items()),
        "channels": "channel,role,cost,lead_months\nhall,skilled,9,0\ngate,plain,5,0",
        "stand_ins": f"from_role,to_role,worth,max_share,cost\nskilled,plain,0.9,{1 / 3!r},4",
    }
    time = 'time: {period: quarter, start: "2026Q1", horizon: 4}\n'
    plan = plan_for(make_case(tmp_path, tables, time))
    assert plan.cost == pytest.approx(book.solve(), rel=1e-9)
    stood = plan.actions[plan.actions["action"] == "stand_in"]
    assert len(stood) and stood["arriving"].to_numpy() == pytest.approx(0.9 * stood["heads"].to_numpy())
    without = plan_for(make_case(tmp_path / "off", tables, time + "supply: {stand_ins: false}\n"))
    assert without.cost > plan.cost and "stand_in" not in set(without.actions["action"])


def test_nobody_stands_in_with_work_that_they_cannot_do(tmp_path: Path) -> None:
    # Newcomers learn over 4 months from nothing, and a role of ten half-timers has 5 FTE, of which a fifth may help out.
    need, learnt, book = 10, [0, 0.25, 0.5, 0.75], Book()
    for t in range(4):
        book.add(f"hire{t}", 1 + 10 / 12 * (4 - t))
        book.add(f"new{t}")
        book.add(f"half{t}", 0, 1)
        book.add(f"short{t}", 1000 / 12)
        book.equal(need, **{f"new{t}": 1, f"half{t}": 1, f"short{t}": 1})
        book.keep(-np.inf, 0, **{f"new{t}": 1, **{f"hire{begun}": -learnt[t - begun] for begun in range(t + 1)}})
    tables = {
        "roles": "role,unit,family,salary,on_cost,shortage_price,ramp_months,ramp_start\n"
        "a,u,f,10,0,100,4,0\nb,v,f,10,0,1000,,\nc,u,f,10,0,100,,",
        "people": "person,role,hire_date,fte\n" + "\n".join(f"p{n},c,2020-01-01,0.5" for n in range(10)),
        "rates": f"{NOBODY_LEAVES}a,0,all,0\nb,0,all,0\nc,0,all,0",
        "required": REQUIRED + "a,2026,0\nb,2026,10\nc,2026,4",
        "channels": "channel,role,cost,lead_months\nboard,a,1,0",
        "stand_ins": "from_role,to_role,max_share\na,b,\nc,b,0.2",
    }
    plan = plan_for(make_case(tmp_path, tables, 'time: {period: month, start: "2026-01", horizon: 4}\n'))
    assert plan.cost == pytest.approx(book.solve() + 5 * 10 / 12 * 4, rel=1e-9)
    assert plan.stocks["effective_fte"].min() > -1e-9
