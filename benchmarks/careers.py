"""How fast careers are simulated, against rivals of the same rules: python benchmarks/careers.py [QUICK].

The rules: 10,000 people, 60 months, 60 roles in ladders of five; people leave by role and tenure and are pushed upwards.
Rivals, one core each: numpy in float64, stepping every person of a path at once, and SimPy with one process a person
(Matloff 2008, Introduction to Discrete-Event Simulation and the SimPy Language), both on fewer paths and scaled. Each
rival's mean headcount must meet the kernel's. Printed are processor seconds and their ratios, for other work shares the
machine; two workers and memory are measured in processes of their own, in seconds by the clock and peak resident bytes.

"whole" adds hiring (as many joiners as leavers), vacancies that are filled from below, transfers and fifty tracked people.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # not this folder, whose coverage.py would pass for the package that the compiler looks for

from workforce.forecast.attrition import fit_attrition  # noqa: E402
from workforce.forecast.dynamics import Dynamics, describe_dynamics  # noqa: E402
from workforce.forecast.mobility import fit_mobility  # noqa: E402
from workforce.inputs.case import Case, read_case  # noqa: E402
from workforce.simulate.careers import Careers, Joining, Transfer, simulate_careers  # noqa: E402

MONTHS, ROLES, GRADES = 60, 60, 5
SCENARIO = f'title: t\nwhy: w\ntime: {{period: month, start: "2026-01", horizon: {MONTHS}}}\n'
YEARLY = ((0, 0.25), (12, 0.18), (24, 0.12), (60, 0.08))


def make_company(people: int, pull: bool) -> tuple[Case, Dynamics]:
    """Ladders of five grades; the upper three replace by pull where asked."""
    roles = [f"r{ladder}-{grade}" for ladder in range(ROLES // GRADES) for grade in range(GRADES)]
    grade = np.arange(ROLES) % GRADES
    draws = np.random.default_rng(1)
    hired = pd.Timestamp("2025-12-15") - pd.to_timedelta(draws.integers(0, 3650, people), unit="D")
    month = pd.to_datetime(hired).strftime("%Y-%m-15")
    tables = {
        "roles": pd.DataFrame({"role": roles, "unit": "u", "family": "f", "salary": 1, "ramp_months": 3,
                               "replaces_by": np.where((grade >= 2) & pull, "pull", "push")}),
        "people": pd.DataFrame({"person": [f"p{one}" for one in range(people)],
                                "role": np.array(roles)[draws.integers(0, ROLES, people)], "hire_date": month}),
        "rates": pd.DataFrame([(role, since, "all", rate) for role in roles for since, rate in YEARLY],
                              columns=["role", "tenure_from", "cause", "yearly_rate"]),
        "transitions": pd.DataFrame({"from_role": np.array(roles)[grade < GRADES - 1],
                                     "to_role": np.array(roles)[grade > 0], "yearly_rate": 0.08}),
        "required": pd.DataFrame({"role": roles[0], "period": range(2026, 2031), "fte": 1}),
    }  # fmt: skip
    with TemporaryDirectory() as folder:
        for name, table in tables.items():
            table.to_csv(Path(folder) / f"{name}.csv", index=False)
        path = Path(folder) / "bench.yaml"
        path.write_text(SCENARIO, encoding="utf-8")
        case = read_case(path, folder)
    attrition = fit_attrition(case)
    return case, describe_dynamics(case, attrition, fit_mobility(case, attrition))


def plan_company(people: int) -> dict:
    """Joiners in place of leavers, a transfer a month in each ladder, fifty people followed."""
    count = people * 7 // 10
    ladder = np.arange(0, ROLES, GRADES)
    joining = Joining([f"j{one}" for one in range(count)], np.arange(count) % ROLES, np.sort(np.arange(count) % MONTHS),
                      np.full(count, 0.95), np.full(count, 1.2))  # fmt: skip
    transfers = tuple(Transfer(f"t{one}-{month}", one, (one + GRADES) % ROLES, month, 1.5, 0.95)
                      for month in range(MONTHS) for one in ladder)  # fmt: skip
    return {"joining": joining, "transfers": transfers, "track": tuple(f"p{one}" for one in range(50))}


def measure(work: Callable[[], Careers]) -> tuple[float, Careers]:
    """Least processor seconds of three goes, and the last result."""
    took = []
    for _ in range(3):
        began = time.process_time()
        found = work()
        took.append(time.process_time() - began)
    return min(took), found


def step_numpy(dynamics: Dynamics, role: np.ndarray, tenure: np.ndarray, paths: int) -> np.ndarray:
    """[path, period] headcount; every person a float64 draw to leave and one to move, every month."""
    draws, heads = np.random.default_rng(2), np.empty((paths, MONTHS))
    target = np.full(ROLES, -1)
    target[dynamics.arc_from], rate = dynamics.arc_to, np.zeros(ROLES)
    rate[dynamics.arc_from] = dynamics.move[:, 0]
    for path in range(paths):
        own, served = role.copy(), tenure.copy()
        for month in range(MONTHS):
            own[(own >= 0) & (draws.random(len(own)) < dynamics.leave[month][own, served])] = -1
            moves = (own >= 0) & (draws.random(len(own)) < rate[own])
            own[moves] = target[own[moves]]
            served = np.minimum(served + 1, 120)
            heads[path, month] = np.count_nonzero(own >= 0)
    return heads


def step_simpy(dynamics: Dynamics, role: np.ndarray, tenure: np.ndarray, paths: int) -> np.ndarray:
    """[path, period] headcount; one process a person, who waits a month, then leaves, moves or stays."""
    import random

    import simpy

    leave, rate = dynamics.leave.tolist(), [0.0] * ROLES
    target = dict(zip(dynamics.arc_from.tolist(), dynamics.arc_to.tolist(), strict=True))
    for arc, source in enumerate(dynamics.arc_from):
        rate[source] = float(dynamics.move[arc, 0])
    luck, heads = random.Random(3), np.zeros((paths, MONTHS))

    def live(world: simpy.Environment, path: int, own: int, served: int):
        for month in range(MONTHS):
            yield world.timeout(1)
            if luck.random() < leave[month][own][served]:
                return
            if luck.random() < rate[own]:
                own = target[own]
            served = min(served + 1, 120)
            heads[path, month] += 1

    for path in range(paths):
        world = simpy.Environment()
        for own, served in zip(role.tolist(), tenure.tolist(), strict=True):
            world.process(live(world, path, own, served))
        world.run()
    return heads


def agree(careers: Careers, heads: np.ndarray) -> float:
    """Greatest distance of a rival's mean headcount from the kernel's, in standard errors."""
    ours = careers.closing.sum(axis=2)
    spread = ours.std(axis=0, ddof=1) * np.sqrt(1 / len(ours) + 1 / len(heads))
    return float(np.abs((ours.mean(axis=0) - heads.mean(axis=0)) / spread).max())


def in_own_process(*arguments: str) -> dict:
    command = [sys.executable, __file__, "--alone", *arguments]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1])


def run_alone(people: int, paths: int, workers: int, whole: bool) -> None:
    """Print seconds of the first and the second call by the clock, and peak resident bytes."""
    case, dynamics = make_company(people, whole)
    plan, took = plan_company(people) if whole else {}, []
    for count in (1, paths):
        began = time.perf_counter()
        simulate_careers(case, dynamics, **plan, paths=count, workers=workers, delays=False)
        took.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"first": took[0], "seconds": took[1], "peak": peak}))


def main(quick: bool) -> None:
    people, paths = 10_000, 100 if quick else 1_000
    case, dynamics = make_company(people, False)
    began = time.process_time()
    simulate_careers(case, dynamics, paths=1, workers=1)
    print(f"first call: {time.process_time() - began:.2f} s of processor time (compiler loaded, kernel from its cache)")
    kernel, careers = measure(lambda: simulate_careers(case, dynamics, paths=paths, workers=1))
    each = people * MONTHS * paths
    print(f"kernel: {kernel:.2f} s for {paths} paths, {kernel / each * 1e9:.2f} ns a person-month")
    hired = case.tables.people["hire_date"]
    role = case.tables.people["role"].map({name: one for one, name in enumerate(dynamics.roles)}).to_numpy()
    tenure = ((2026 - hired.dt.year) * 12 - hired.dt.month).clip(0, 120).to_numpy()
    for name, step, fewer in (("numpy", step_numpy, 20), ("SimPy", step_simpy, 2)):
        began = time.process_time()
        heads = step(dynamics, role, tenure, fewer)
        took = (time.process_time() - began) / fewer * paths
        print(
            f"{name}: {took:.1f} s, {took / kernel:.1f} times the kernel; apart by {agree(careers, heads):.1f} errors"
        )
    pulled, chained = make_company(people, True)
    whole, _ = measure(
        lambda: simulate_careers(pulled, chained, **plan_company(people), paths=paths, workers=1, delays=False)
    )
    print(f"whole: {whole:.2f} s, {whole / kernel:.2f} times leaving and moving only")
    from workforce.simulate import blocks, steps

    choose, blocks.choose_kernel = blocks.choose_kernel, lambda: steps.step_paths
    import workforce.simulate.careers as module

    module.choose_kernel = blocks.choose_kernel
    plain, found = measure(lambda: simulate_careers(case, dynamics, paths=20, workers=1))
    module.choose_kernel = choose
    same = np.array_equal(found.closing, careers.closing[:20])
    print(f"plain kernel: {plain / 20 * paths:.1f} s, {plain / 20 * paths / kernel:.1f} times; equal results: {same}")
    one, two = (min(in_own_process("10000", str(paths), n, "1")["seconds"] for _ in range(3)) for n in ("1", "2"))
    print(f"two workers: {one / two:.2f} times faster than one")
    small = in_own_process("1000", str(paths), "1", "")["seconds"] * 100
    large = in_own_process("100000", str(paths), "1", "")
    print(
        f"100,000 people: {large['seconds'] / small:.2f} times the time of 1,000 times 100; peak {large['peak'] / 2**30:.2f} GiB"
    )
    few = in_own_process("10000", str(paths // 10), "1", "")["seconds"] * 10
    many = in_own_process("10000", str(paths), "1", "")["seconds"]
    print(f"{paths} paths: {many / few:.2f} times the time of {paths // 10} times 10")
    peak = in_own_process("100000", str(paths), "2", "1")["peak"]
    print(f"100,000 people, whole, two workers: peak {peak / 2**30:.2f} GiB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--alone"]:
        run_alone(int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), bool(sys.argv[5]))
    else:
        main(len(sys.argv) > 1)
