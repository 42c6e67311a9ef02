"""The kernel: compiled and plain alike, in any split; people conserved; everybody's own luck.

Witnesses: the plain kernel against the compiled one, bit for bit; the balance of people; the binomial and the log-normal
law; the expectation of the same dynamics.
"""

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from planning import make_case
from test_dynamics import MONTHLY, REQUIRED, ROLES, chain, describe
from test_mobility import PULLED, STAFF

from workforce.forecast.attrition import fit_attrition
from workforce.forecast.dynamics import Dynamics, describe_dynamics
from workforce.forecast.mobility import fit_mobility
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case, read_case
from workforce.simulate import blocks, steps
from workforce.simulate.blocks import step_blocks
from workforce.simulate.careers import Careers, Joining, Transfer, simulate_careers

ROOT = Path(__file__).resolve().parents[1]
FLOWS = ("closing", "joiners", "leavers", "moves_in", "moves_out", "effective", "short", "tracked")


@pytest.fixture(scope="module")
def example() -> tuple[Case, Dynamics]:
    case = read_case(ROOT / "scenarios" / "base.yaml", ROOT / "data")
    attrition = fit_attrition(case)
    return case, describe_dynamics(case, attrition, fit_mobility(case, attrition))


def some_plan(dynamics: Dynamics, draws: np.random.Generator, joiners: int = 40) -> dict:
    n_roles, n_periods = len(dynamics.roles), len(dynamics.periods)
    joining = Joining(
        [f"board|{one}" for one in range(joiners)],
        draws.integers(0, n_roles, joiners),
        draws.integers(0, n_periods, joiners),
        draws.uniform(0.5, 1.0, joiners),
        draws.uniform(0.5, 3.0, joiners),
        draws.integers(-1, n_periods, joiners),
        np.full(joiners, 2.0),
        np.full(joiners, 5.0),
    )
    transfers = tuple(
        Transfer(f"t{one}", one % n_roles, (one + 1) % n_roles if one % 3 else -1, one % n_periods, one / 3, 0.8)
        for one in range(12)
    )
    return {"joining": joining, "transfers": transfers}


def same(one: Careers, other: Careers) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in FLOWS)


def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workforce.simulate.careers.choose_kernel", lambda: steps.step_paths)


def test_there_is_a_compiled_kernel_here() -> None:
    from workforce.simulate import kernel

    assert blocks.choose_kernel() is not steps.step_paths and kernel.step_paths.signatures is not None


def test_compiled_and_plain_give_the_same_bits_on_the_example(
    example: tuple[Case, Dynamics], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, dynamics = example
    plan = some_plan(dynamics, np.random.default_rng(1)) | {"track": tuple(case.tables.people["person"][:30])}
    compiled = simulate_careers(case, dynamics, **plan, paths=6, seed=3)
    plain(monkeypatch)
    assert same(compiled, simulate_careers(case, dynamics, **plan, paths=6, seed=3))
    assert compiled.moves_in.sum() > 100 and compiled.joiners.sum() > 50 and dynamics.pull_order


def test_ratings_chains_and_retirement_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case, dynamics = gated(tmp_path)
    plan = some_plan(dynamics, np.random.default_rng(2))
    compiled = simulate_careers(case, dynamics, **plan, paths=20, seed=3)
    plain(monkeypatch)
    assert same(compiled, simulate_careers(case, dynamics, **plan, paths=20, seed=3))
    assert dynamics.retirement is not None and dynamics.streaks == 3 and compiled.moves_in[:, :, 1:].sum() > 50


def gated(folder: Path) -> tuple[Case, Dynamics]:
    """Vacancies filled by juniors who were rated well twice, some of whom are of unknown age under a rule."""
    staff = "\n".join(line.replace("1964-06-15", "") for line in STAFF.splitlines())
    knobs = MONTHLY + "retirement: {rule: china_2025, early_share: 0.2, late_share: 0.3}\n"
    knobs += "mobility: {minimum_months: 6, counting_ratings: [A], rating_quarters: 2}\n"
    ratings = "person,quarter,rating\n" + "\n".join(f"p{one},2025Q{quarter},{'AAB'[(one + quarter) % 3]}"
                                                     for one in range(300) for quarter in (3, 4))  # fmt: skip
    transitions = "from_role,to_role,yearly_rate\njunior,middle,0.2\nmiddle,senior,0.1"
    case = chain(folder, knobs, roles=PULLED, people=staff, ratings=ratings, transitions=transitions)
    return case, describe(case)


@pytest.mark.parametrize(("workers", "size"), [(1, 1), (2, 3), (2, 10**9)])
def test_workers_and_blocks_change_nothing(
    example: tuple[Case, Dynamics], monkeypatch: pytest.MonkeyPatch, workers: int, size: int
) -> None:
    case, dynamics = example
    plan = some_plan(dynamics, np.random.default_rng(1))
    whole = simulate_careers(case, dynamics, **plan, paths=11, seed=3, workers=1)
    monkeypatch.setattr("workforce.simulate.careers.size_block", lambda *_: size)
    assert same(whole, simulate_careers(case, dynamics, **plan, paths=11, seed=3, workers=workers))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), joiners=st.integers(0, 60))
def test_people_are_conserved_on_every_path_in_every_period(
    example: tuple[Case, Dynamics], seed: int, joiners: int
) -> None:
    case, dynamics = example
    plan = some_plan(dynamics, np.random.default_rng(seed), joiners)
    found = simulate_careers(case, dynamics, **plan, paths=3, seed=seed)
    before = np.concatenate([np.broadcast_to(found.opening, (3, 1, 45)), found.closing[:, :-1]], axis=1)
    np.testing.assert_array_equal(
        before + found.joiners + found.moves_in - found.moves_out - found.leavers, found.closing
    )
    np.testing.assert_array_equal(found.moves_in.sum(axis=2), found.moves_out.sum(axis=2))
    assert (found.closing >= 0).all()


def test_the_example_companys_mean_paths_meet_its_expected_stocks(example: tuple[Case, Dynamics]) -> None:
    case, dynamics = example
    found, frame = simulate_careers(case, dynamics, paths=1000, seed=5), project_stocks(dynamics).frame
    for name in ("closing", "moves_in", "moves_out", "leavers"):
        expected = frame[name].to_numpy().reshape(len(dynamics.periods), -1)
        paths = getattr(found, name)
        # Where hardly anything is expected the law is Poisson's and the sample may hold no event at all.
        error = np.sqrt(np.maximum(paths.var(axis=0, ddof=1), expected) / 1000)
        score = (paths.mean(axis=0) - expected) / np.maximum(error, 1e-9)
        # About 1,000 cells: beyond 4.5 by chance once in 150 runs of other seeds.
        assert np.abs(score).max() < 4.5 and np.abs(score.mean()) < 0.5


def test_who_hires_in_one_role_leaves_everybody_elses_fate_alone(tmp_path: Path) -> None:
    case = chain(tmp_path, MONTHLY)
    dynamics = describe(case)
    few, many = (
        Joining([f"x|{one}" for one in range(heads)], np.full(heads, 2), np.arange(heads) % 12, np.ones(heads), np.ones(heads))
        for heads in (2, 30)
    )  # fmt: skip
    one, other = (simulate_careers(case, dynamics, joining, paths=20, seed=5) for joining in (few, many))
    for name in ("closing", "leavers", "moves_in", "moves_out"):
        np.testing.assert_array_equal(getattr(one, name)[:, :, :2], getattr(other, name)[:, :, :2])
    assert (other.joiners.sum(axis=(1, 2)) == 30).all()


def test_a_followed_person_is_counted_where_they_are(tmp_path: Path) -> None:
    case = chain(tmp_path, MONTHLY, people=STAFF)
    dynamics = describe(case)
    everybody = tuple(case.tables.people["person"])
    found = simulate_careers(case, dynamics, paths=5, seed=2, track=everybody)
    for role in range(3):
        np.testing.assert_array_equal((found.tracked == role).sum(axis=2), found.closing[:, :, role])


def test_a_search_takes_its_log_normal_time_and_is_never_early(tmp_path: Path) -> None:
    # Nobody leaves; 4,000 seats for the sixth month, by searches of 2 months in the middle and 6 at the ninth decile.
    case = make_case(tmp_path, {"roles": ROLES, "required": REQUIRED, "stock": "role,headcount\njunior,1",
                                "rates": "role,tenure_from,cause,yearly_rate\njunior,0,all,0"}, MONTHLY)  # fmt: skip
    seats, dynamics = 4000, describe(case)
    joining = Joining([f"s|{one}" for one in range(seats)], np.zeros(seats), np.full(seats, 6), np.ones(seats), np.ones(seats),
                      None, np.full(seats, 2.0), np.full(seats, 6.0))  # fmt: skip
    there = simulate_careers(case, dynamics, joining, paths=4, seed=1).closing[:, :, 0].mean(axis=0) - 1
    assert there[5] == 0
    # In time by the end of the month that the plan named: the first search month beyond 2 is rounded down.
    from scipy.stats import lognorm, norm

    law = lognorm(s=np.log(3.0) / norm.ppf(0.9), scale=2.0)
    for late in range(4):
        assert there[6 + late] / seats == pytest.approx(law.cdf(3.0 + late), abs=0.02)
    on_time = simulate_careers(case, dynamics, joining, paths=4, seed=1, delays=False)
    assert (on_time.closing[:, 6, 0] == seats + 1).all()


def test_an_interrupt_ends_the_blocks_under_way_and_is_passed_on() -> None:
    ended, begun = [], threading.Event()

    def step(block: slice, stop: np.ndarray) -> None:
        begun.set()
        for _ in range(1000):
            if stop[0]:
                ended.append(block.start)
                return
            threading.Event().wait(0.01)

    def interrupt(done: int, paths: int) -> None:
        raise KeyboardInterrupt

    def first(block: slice, stop: np.ndarray) -> None:
        if block.start:
            step(block, stop)
        else:
            begun.wait()

    with pytest.raises(KeyboardInterrupt):
        step_blocks(first, 10, 1, 2, interrupt)
    assert ended and len(ended) <= 2


def test_progress_goes_by_path(tmp_path: Path) -> None:
    case, told = chain(tmp_path, MONTHLY), []
    simulate_careers(
        case, describe(case), paths=5, seed=1, workers=2, progress=lambda done, all_: told.append((done, all_))
    )
    assert told[-1] == (5, 5) and [done for done, _ in told] == sorted(done for done, _ in told)


def test_where_nothing_compiles_the_plain_kernel_serves_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from workforce.simulate import kernel

    def fail(*_):
        raise kernel.NumbaError("no target machine")

    monkeypatch.setattr(kernel, "step_paths", fail)
    blocks.choose_kernel.cache_clear()
    monkeypatch.setattr(steps, "step_paths", lambda *arguments: len(arguments))
    with pytest.warns(RuntimeWarning, match="no target machine"):
        assert blocks.choose_kernel()(*range(7)) == 7
    blocks.choose_kernel.cache_clear()


def test_the_set_up_compiles_what_a_run_calls(example: tuple[Case, Dynamics]) -> None:
    from workforce.simulate import kernel
    from workforce.simulate.first_call import compile_kernel

    compile_kernel()
    before = len(kernel.step_paths.signatures)
    simulate_careers(*example, paths=1, track=tuple(example[0].tables.people["person"][:1]))
    assert len(kernel.step_paths.signatures) == before == 1
