"""Succession against cases solved by hand: who is found, how long posts stand empty, chains, one more successor."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from planning import make_case
from scipy import stats
from test_dynamics import describe

from workforce.inputs.case import Case, read_case
from workforce.simulate import succession as module
from workforce.simulate.bench import measure_bench, measure_cover
from workforce.simulate.careers import simulate_careers
from workforce.simulate.readiness import DAYS_A_MONTH, read_searches, stretch_search
from workforce.simulate.streams import key_paths
from workforce.simulate.succession import Succession, list_followed, simulate_succession
from workforce.simulate.tenancy import read_bench, seat_board
from workforce.simulate.vacancies import Fates, fill_posts, match_people

ROLES = """role,unit,family,salary,critical
head,shop,leaders,200000,yes
deputy,shop,leaders,150000,no
expert,shop,leaders,150000,yes
"""
REQUIRED = "role,period,fte\n" + "\n".join(f"head,{2026 + k // 12}-{k % 12 + 1:02d},1" for k in range(84))
NOBODY_FROM_OUTSIDE = "supply: {external_hires_max: 0}\n"
SLOW = "succession: {outside_months: 6, outside_p90: 6}\n"


def company(
    folder: Path, posts: str, successors: str, monthly: dict[str, float], people: str, months: int = 24, knobs: str = ""
) -> Case:
    """People of long service (id: role), leaving with a stated monthly probability, and nothing else that moves them."""
    ids = [pair.split(":") for pair in people.split()]
    tables = {
        "roles": ROLES,
        "required": REQUIRED,
        "people": "person,role,hire_date\n" + "\n".join(f"{one},{role},2005-01-03" for one, role in ids),
        "rates": "role,tenure_from,cause,yearly_rate\n"
        + "\n".join(f"{r},0,all,{1 - (1 - monthly.get(r, 0)) ** 12}" for r in ("head", "deputy", "expert")),
        "posts": "post,role,incumbent\n" + posts,
        "successors": "post,person,readiness\n" + successors,
    }
    time = f'time: {{period: month, start: "2026-01", horizon: {months}}}\n'
    return make_case(folder, tables, time + knobs)


def play(case: Case, paths: int) -> Succession:
    dynamics = describe(case)
    careers = simulate_careers(case, dynamics, paths=paths, track=list_followed(case))
    return simulate_succession(case, dynamics, careers.tracked)


def watch(case: Case, paths: int) -> Fates:
    """What came of the posts path by path, in the order of the table."""
    dynamics = describe(case)
    careers = simulate_careers(case, dynamics, paths=paths, track=list_followed(case))
    keys = key_paths(case.assumptions.simulation.seed, paths)
    return fill_posts(seat_board(read_bench(case, dynamics), dynamics, careers.tracked, keys))


def near(values: np.ndarray, expected: float) -> bool:
    return abs(values.mean() - expected) < 4.0 * values.std(ddof=1) / np.sqrt(len(values))


# --- one post ------------------------------------------------------------------------------------------------------


def test_a_vacancy_finds_its_successor_with_the_chance_solved_by_hand(tmp_path: Path) -> None:
    """Nobody comes from outside. States: holder and successor there, holder alone, successor holds, empty."""
    leave_head, leave_deputy, months = 0.03, 0.05, 24
    case = company(tmp_path, "boss,head,a", "boss,b,ready_now", {"head": leave_head, "deputy": leave_deputy},
                   "a:head b:deputy", months, NOBODY_FROM_OUTSIDE)  # fmt: skip
    both, alone, follows = 1.0, 0.0, 0.0
    vacancies = found = empty = 0.0
    for month in range(months):
        opened = both + alone + follows
        vacancies += opened * leave_head
        met = both * leave_head * (1 - leave_deputy)
        found += met
        empty += (opened * leave_head - met) * (months - month - 0.5)
        both, alone, follows = (
            both * (1 - leave_head) * (1 - leave_deputy),
            (alone + both * leave_deputy) * (1 - leave_head),
            follows * (1 - leave_head) + met,
        )
    fates = watch(case, 4000)
    assert near(fates.vacancies[:, 0], vacancies) and near(fates.found[:, 0], found)
    assert near(fates.months_empty[:, 0], empty)
    assert (fates.outside == 0).all() and (fates.inside == fates.found).all()


def test_days_empty_with_nobody_named(tmp_path: Path) -> None:
    """A renewal process: a vacancy lasts the six months of the search, then a newcomer is at risk from the next month."""
    leave, months, search = 0.04, 30, 6.0
    case = company(tmp_path, "boss,head,a", "", {"head": leave}, "a:head", months, SLOW)
    expected = np.zeros(months + 1)
    ever_long = np.zeros(months + 1)
    for month in reversed(range(months)):
        since = month + 0.5
        again = min(months, int(since + search) + 1)
        lasts = min(search, months - since)
        expected[month] = (1 - leave) * expected[month + 1] + leave * (lasts + expected[again])
        long = 1.0 if lasts * DAYS_A_MONTH > 90 else ever_long[again]
        ever_long[month] = (1 - leave) * ever_long[month + 1] + leave * long
    fates = watch(case, 4000)
    assert near(fates.months_empty[:, 0], expected[0]) and near(fates.long[:, 0].astype(float), ever_long[0])
    posts = play(case, 400).posts
    assert posts["days_empty"][0] == pytest.approx(fates.months_empty[:400, 0].mean() * DAYS_A_MONTH)
    assert posts["probability_empty_90"][0] == fates.long[:400, 0].mean()
    assert posts["probability_found"][0] == 0.0 and posts["outside_months"][0] == 6.0


def test_an_empty_post_waits_until_its_successor_is_ready(tmp_path: Path) -> None:
    case = company(tmp_path, "boss,head,", "boss,b,1-2_years", {}, "b:deputy", 30, NOBODY_FROM_OUTSIDE)
    waited = watch(case, 1000).months_empty[:, 0]
    assert stats.kstest(waited, "uniform", args=(12, 12)).pvalue > 1e-3


def test_who_is_ready_later_than_the_search_ends_is_not_waited_for(tmp_path: Path) -> None:
    case = company(tmp_path, "boss,head,", "boss,b,1-2_years", {}, "b:deputy", 30, SLOW)
    fates = watch(case, 50)
    assert (fates.outside == 1).all() and (fates.inside == 0).all() and fates.months_empty == pytest.approx(6.0)


def test_time_to_fill_has_the_stated_quantiles() -> None:
    luck = (np.arange(1000) + 0.5) / 1000
    drawn = stretch_search(luck, np.array([[4.0, 9.0]]))
    sigma = np.log(9 / 4) / stats.norm.ppf(0.9)
    np.testing.assert_allclose(drawn, stats.lognorm.ppf(luck, sigma, scale=4.0), rtol=1e-12)
    assert stretch_search(np.array([0.3, 0.3]), np.array([[0.0, 0.0], [np.inf, np.inf]])).tolist() == [0.0, np.inf]


def test_the_search_goes_through_the_fastest_channel_allowed(tiny_case: Path) -> None:
    base = tiny_case / "scenarios" / "base.yaml"
    opening = 15 * 7 / 5 / DAYS_A_MONTH
    case = read_case(base, tiny_case / "data")
    assert read_searches(case, ["clerk", "picker"]) == pytest.approx(np.array([[1, 1], [1, 1]]) + opening)
    text = base.read_text(encoding="utf-8")
    base.write_text(text.replace("channels: null", "channels: [job_board]"), encoding="utf-8")
    case = read_case(base, tiny_case / "data")
    assert read_searches(case, ["clerk"])[0].tolist() == [6.0, 10.0]  # the job board reaches the floor alone
    assert read_searches(case, ["picker"])[0] == pytest.approx(np.array([2.0, 2.0]) + opening)


def test_without_hiring_nobody_comes_from_outside(tiny_case: Path) -> None:
    base = tiny_case / "scenarios" / "base.yaml"
    frozen = base.read_text(encoding="utf-8").replace("external_hires_max: null", "external_hires_max: 0")
    base.write_text(frozen, encoding="utf-8")
    assert np.isinf(read_searches(read_case(base, tiny_case / "data"), ["clerk", "lead"])).all()


def test_holders_rise_out_of_a_post_as_well(tmp_path: Path) -> None:
    """The newcomer who fills an empty post at once may leave, or be promoted out of the role; both empty it again."""
    leave, months = 0.02, 24
    knobs = "succession: {outside_months: 0, outside_p90: 0}\n"
    company(tmp_path, "boss,deputy,", "", {"deputy": leave}, "a:deputy b:head", months, knobs)
    transitions = "from_role,to_role,yearly_rate\ndeputy,head,0.3\n"
    (tmp_path / "data" / "transitions.csv").write_text(transitions, encoding="utf-8")
    case = read_case(tmp_path / "scenarios" / "test.yaml", tmp_path / "data")
    dynamics = describe(case)
    push = dynamics.move[0, 0]
    assert push > 0.02 and (dynamics.move == push).all()
    # The post falls vacant at the start, then in each later month with the same chance.
    expected = 1 + (months - 1) * (1 - (1 - leave) * (1 - push))
    assert near(watch(case, 3000).vacancies[:, 0], expected)


# --- several posts -------------------------------------------------------------------------------------------------


def test_two_posts_share_one_successor(tmp_path: Path) -> None:
    """One month: vacancies are binomial, and the first of them takes the one person where that one is still there."""
    leave_head, leave_deputy = 0.4, 0.2
    case = company(tmp_path, "east,head,a\nwest,head,c", "east,b,ready_now\nwest,b,ready_now",
                   {"head": leave_head, "deputy": leave_deputy}, "a:head b:deputy c:head", 1, SLOW)  # fmt: skip
    fates = watch(case, 4000)
    assert near(fates.vacancies.sum(axis=1), 2 * leave_head)
    assert near(fates.found.sum(axis=1), (1 - (1 - leave_head) ** 2) * (1 - leave_deputy))
    assert fates.inside.sum(axis=1).max() == 1
    cover = measure_cover(case)
    assert cover["single_point"].tolist() == ["shared", "shared"] and cover["covered"].sum() == 1
    assert cover["shared"].tolist() == [1, 1] and cover["most_posts"].tolist() == [2, 2]
    bench = measure_bench(case, cover)
    assert (bench["bench_strength"], bench["succession_cover"]) == (1.0, 0.5)
    assert (bench["successor_coverage"], bench["successor_coverage_net"], bench["readiness_share"]) == (1.0, 0.5, 1.0)


def test_a_chain_of_three_posts(tmp_path: Path) -> None:
    """first is empty; second's holder follows, third's holder follows there, a deputy takes the third: nobody waits."""
    posts = "first,head,\nsecond,head,b\nthird,expert,c"
    named = "first,b,ready_now\nsecond,c,ready_now\nthird,d,ready_now"
    fates = watch(company(tmp_path, posts, named, {}, "b:head c:expert d:deputy", 12, SLOW), 5)
    assert (fates.chain == [3, 0, 0]).all() and (fates.opened == [1, 0, 0]).all()
    assert (fates.inside == 1).all() and (fates.found == 1).all() and (fates.months_empty == 0).all()


def test_a_chain_goes_on_through_a_critical_role_and_ends_outside(tmp_path: Path) -> None:
    named = "first,b,ready_now\nsecond,c,ready_now"
    case = company(tmp_path / "a", "first,head,\nsecond,head,b", named, {}, "b:head c:expert", 12, SLOW)
    assert (watch(case, 5).chain[:, 0] == 3).all()  # the expert's own seat is critical, though no post
    case = company(tmp_path / "b", "first,head,\nsecond,head,b", "first,b,ready_now", {}, "b:head", 12, SLOW)
    fates = watch(case, 5)
    assert (fates.chain[:, 0] == 2).all() and (fates.outside == [0, 1]).all()
    assert fates.months_empty[:, 1] == pytest.approx(6.0)


def test_who_took_a_post_is_on_no_other_list(tmp_path: Path) -> None:
    case = company(tmp_path, "east,head,\nwest,head,c", "east,b,ready_now\nwest,b,ready_now", {"head": 0.2},
                   "b:deputy c:head", 36, NOBODY_FROM_OUTSIDE)  # fmt: skip
    fates = watch(case, 200)
    assert (fates.inside == [1, 0]).all() and fates.vacancies[:, 1].sum() > 150
    assert (fates.depth_end == 0).all() and (fates.depth_start == 1).all()


def test_readier_and_earlier_named_go_first(tmp_path: Path) -> None:
    named = "boss,c,1-2_years\nboss,b,ready_now\nboss,d,ready_now"
    case = company(tmp_path, "boss,head,", named, {}, "b:deputy c:deputy d:deputy", 3, SLOW)
    dynamics = describe(case)
    tracked = np.full((1, 3, 3), 1, dtype=np.int16)
    board = seat_board(read_bench(case, dynamics), dynamics, tracked, key_paths(1, 1))
    assert np.argsort(board.rank).tolist() == [1, 2, 0]
    fates = fill_posts(board)
    assert (fates.found == 1).all() and (fates.depth_end == 1).all()


def test_a_successor_who_moved_out_of_reach_is_lost(tmp_path: Path) -> None:
    """Deputies can become heads; experts, by what the tables say, cannot."""
    case = company(tmp_path, "boss,head,", "boss,b,1-2_years", {}, "b:deputy", 30, NOBODY_FROM_OUTSIDE)
    moves = tmp_path / "data" / "moves.csv"
    moves.write_text("from_role,to_role\ndeputy,head\ndeputy,expert\n", encoding="utf-8")
    case = read_case(tmp_path / "scenarios" / "test.yaml", tmp_path / "data")
    dynamics = describe(case)
    keys = key_paths(1, 2)
    tracked = np.ones((2, 30, 1), dtype=np.int16)
    tracked[1, 5:] = 2  # on the second path a move to expert
    fates = fill_posts(seat_board(read_bench(case, dynamics), dynamics, tracked, keys))
    assert fates.inside[:, 0].tolist() == [1, 0]


def test_matching_is_largest_and_then_preferred() -> None:
    """Against every possible choice, on 200 small lists."""
    draws = np.random.default_rng(11)
    for _ in range(200):
        pairs = sorted({(int(a), int(b)) for a, b in draws.integers(0, 4, (draws.integers(1, 9), 2))})
        order = draws.permutation(len(pairs))
        post, person = np.array(pairs)[order].T
        place = np.array([int((post[:k] == post[k]).sum()) for k in range(len(post))])
        best = min(
            (-len(chosen), int(place[list(chosen)].sum()))
            for size in range(len(post) + 1)
            for chosen in itertools.combinations(range(len(post)), size)
            if len(set(post[list(chosen)])) == size == len(set(person[list(chosen)]))
        )
        found = match_people(post, person)
        assert len(set(post[found])) == len(found) == len(set(person[found]))
        assert (-len(found), int(place[found].sum())) == best


# --- one more successor, and the whole -----------------------------------------------------------------------------


def test_one_more_successor_saves_the_whole_search(tmp_path: Path) -> None:
    case = company(tmp_path, "boss,head,\nhelper,deputy,b", "", {}, "b:deputy", 12, SLOW)
    posts = play(case, 40).posts.set_index("post")
    assert posts.loc["boss", "worth_days"] == pytest.approx(6 * DAYS_A_MONTH)
    assert posts.loc["boss", "worth_probability"] == 1.0 and posts.loc["helper", "worth_days"] == 0.0
    assert posts["risk_rank"].to_dict() == {"boss": 1, "helper": 2}


def test_one_more_successor_frees_the_person_two_posts_share(tmp_path: Path) -> None:
    """Both posts are empty and one person could take either: one more for one of them fills both at once."""
    case = company(tmp_path, "east,head,\nwest,head,", "east,b,ready_now\nwest,b,ready_now", {}, "b:deputy", 12, SLOW)
    posts = play(case, 20).posts
    assert posts["worth_days"].tolist() == pytest.approx([6 * DAYS_A_MONTH] * 2)
    assert posts["days_empty"].sum() == pytest.approx(6 * DAYS_A_MONTH)


def test_the_example_is_the_same_in_blocks_and_holds_what_it_promises(monkeypatch: pytest.MonkeyPatch) -> None:
    case = read_case("scenarios/base.yaml", "data")
    from workforce.forecast.attrition import fit_attrition
    from workforce.forecast.dynamics import describe_dynamics
    from workforce.forecast.mobility import fit_mobility

    attrition = fit_attrition(case)
    dynamics = describe_dynamics(case, attrition, fit_mobility(case, attrition))
    tracked = simulate_careers(case, dynamics, paths=60, track=list_followed(case)).tracked
    whole = simulate_succession(case, dynamics, tracked)
    monkeypatch.setattr(module, "BLOCK", 700)
    parts = simulate_succession(case, dynamics, tracked)
    pd.testing.assert_frame_equal(whole.posts, parts.posts)
    assert whole.company == parts.company
    posts = whole.posts
    assert posts["probability_empty_90"].is_monotonic_decreasing and posts["risk_rank"].tolist() == list(range(1, 22))
    assert ((2 * posts["depth_end"]) % 1 == 0).all()
    text = posts.to_csv()
    assert not [person for person in case.tables.people["person"] if person in text]


def test_followed_people_are_those_of_the_counts(tiny_case: Path) -> None:
    case = read_case(tiny_case / "scenarios" / "base.yaml", tiny_case / "data")
    dynamics = describe(case)
    careers = simulate_careers(case, dynamics, track=list(case.tables.people["person"]))
    for role in range(len(dynamics.roles)):
        np.testing.assert_array_equal((careers.tracked == role).sum(axis=2), careers.closing[:, :, role])


def test_without_critical_posts_there_is_nothing(tmp_path: Path) -> None:
    case = company(tmp_path, "", "", {}, "b:deputy", 12)
    found = play(case, 5)
    assert found.posts.empty and "worth_days" in found.posts and found.company == {}
