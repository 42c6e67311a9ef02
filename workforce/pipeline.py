"""The stages in their order. The only file that knows the order."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from workforce.errors import Fault, InputError, RunError
from workforce.forecast.attrition import fit_attrition
from workforce.forecast.backtest import Backtest, backtest
from workforce.forecast.demand import explain_demand
from workforce.forecast.dynamics import describe_dynamics
from workforce.forecast.gap import measure_gap
from workforce.forecast.mobility import fit_mobility
from workforce.forecast.pools import FLOWS, forecast_pools
from workforce.forecast.stocks import project_stocks
from workforce.inputs.case import Case, check_cases, read_case, read_cases
from workforce.measure.alerts import find_alerts
from workforce.measure.channel_budget import explain_channels, measure_channels
from workforce.measure.funnel import explain_funnel, measure_funnel
from workforce.measure.kpis import measure_kpis
from workforce.measure.levers import list_levers
from workforce.measure.overruns import explain_overruns, measure_overruns
from workforce.measure.privacy import withhold_small
from workforce.measure.reasons import explain_inputs, list_reasons
from workforce.measure.recruiting import explain_calendar, schedule_requisitions
from workforce.measure.retention import explain_retention, measure_retention
from workforce.measure.sensitivity import Answer, Sensitivity, measure_sensitivity
from workforce.measure.summary import summarise
from workforce.optimise.binding import prove_prices
from workforce.optimise.decisions import hand_over
from workforce.optimise.explain import explain_plan
from workforce.optimise.frontier import read_budgets, trace_frontier
from workforce.optimise.plan import optimise_plan
from workforce.optimise.solve import find_solver
from workforce.optimise.soundness import require_prices
from workforce.optimise.telling import tell_decisions
from workforce.optimise.uncertainty import plan_uncertain
from workforce.optimise.uncertainty_told import tell_uncertain
from workforce.report.backtests import NAME as BACKTEST
from workforce.report.backtests import write_backtest
from workforce.report.batch import Job, Outcome, run_batch
from workforce.report.comparison import compare_runs
from workforce.report.folders import check_names, check_out, hold_folder
from workforce.report.page_reasons import write_reason
from workforce.report.runs import choose_languages, read_fingerprint, record_run
from workforce.report.sensitivities import name_folder, write_sensitivity
from workforce.simulate.blocks import count_cores
from workforce.simulate.careers import summarise_paths
from workforce.simulate.offer_rules import explain_refilling
from workforce.simulate.stress import simulate_idle, stress_plan
from workforce.simulate.succession import list_followed, simulate_succession
from workforce.simulate.uncertainty import explain_uncertainty, weigh_sources
from workforce.simulate.worst import explain_worst, find_worst

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Results:
    """What a run found. tables: long tables by name; summary: the few figures that compare scenarios; seconds by
    stage."""

    case: Case
    tables: dict[str, pd.DataFrame]
    summary: dict
    seconds: dict[str, float] = field(default_factory=dict)


def run(case: Case, progress: Progress | None = None) -> Results:
    """Demand, attrition, expected stocks, gap, plan, stress, indicators: everything a scenario's report is made of.

    Raises InputError for faults that only the model can see, RunError where no plan exists.
    """
    seconds: dict[str, float] = {}
    clock = _Clock(seconds, progress)
    with clock("demand"):
        demand = explain_demand(case)
    with clock("attrition"):
        attrition = fit_attrition(case)
        mobility = fit_mobility(case, attrition)
        dynamics = describe_dynamics(case, attrition, mobility)
    with clock("stocks"):
        projection = project_stocks(dynamics)
    with clock("plan"):
        plan = optimise_plan(case, dynamics, projection, demand.frame)
    with clock("reasons"):
        prices = prove_prices(plan.programme, plan.solution, plan.goal, plan.prices)
        reasons = explain_plan(case, plan, prices)
    with clock("simulation"):
        idle = simulate_idle(case, dynamics, attrition.doubt, list_followed(case))
    with clock("succession"):
        succession = simulate_succession(case, dynamics, idle[-1].tracked)
        pools = _shown_pools(forecast_pools(case, attrition, mobility), case.assumptions.privacy.minimum_group)
    with clock("stress"):
        decisions = hand_over(plan, dynamics, case.tables.channels)
        stress = stress_plan(case, dynamics, decisions, demand.frame, attrition.doubt)
        uncertainty = weigh_sources(case, dynamics, idle, stress)
        overruns = measure_overruns(case, dynamics, stress, plan.stocks, plan.costs, plan.budget)
        worst = find_worst(dynamics, stress)
    if case.assumptions.plan.futures:
        with clock("futures"):
            uncertain = plan_uncertain(case, dynamics, plan, demand.frame, attrition.doubt, progress)
            held = hand_over(uncertain.plan, dynamics, case.tables.channels)
            scored = stress_plan(case, dynamics, held, demand.frame, attrition.doubt, apart=False)
    with clock("measure"):
        stocks = pd.concat([projection.frame, plan.stocks], ignore_index=True)
        gap = pd.concat(
            [measure_gap(demand.frame, part) for part in (projection.frame, plan.stocks)], ignore_index=True
        )
        kpis = measure_kpis(case, stocks, gap, plan.actions, plan.costs, succession.company, stress.careers)
        alerts = find_alerts(case, kpis, plan.budget, overruns)
        calendar = schedule_requisitions(case, demand.parts, plan.actions)
        channels, funnel = measure_channels(case, plan), measure_funnel(case, plan)
        retention = measure_retention(case, dynamics, plan)
        supply = pd.concat(
            [summarise_paths(idle[-1], dynamics, "expected"), summarise_paths(stress.careers, dynamics, "plan")],
            ignore_index=True,
        )
    tables = {
        "demand": demand.frame,
        "demand_parts": demand.parts,
        "attrition": _shown_attrition(attrition.table, case.assumptions.privacy.minimum_group),
        "mobility": mobility.table.drop(columns=["moves", "exposure_years"]),
        "stocks": stocks,
        "gap": gap,
        "supply": supply,
        "actions": plan.actions,
        "calendar": calendar,
        "channel_budget": channels,
        "funnel": funnel,
        "retention": retention,
        "costs": plan.costs,
        "budget": plan.budget,
        "prices": prices.reset_index(drop=True),
        "stress": stress.table,
        "uncertainty": uncertainty,
        "overruns": overruns,
        "worst": worst,
        "succession": succession.posts,
        "talent_pool": pools,
        "kpis": kpis,
        "alerts": alerts,
    }
    told = explain_inputs(case, demand, attrition, dynamics.retirement, gap, stress.table, plan.actions)
    if mobility.early:
        told.append(("moves_before_gate", {"moves": mobility.early}))
    if dry := projection.runs_dry(dynamics):
        told.append(("vacancies_unfilled", {"roles": ", ".join(dry)}))
    told += explain_calendar(case, calendar) + tell_decisions(case, dynamics, plan)
    settings = case.assumptions.simulation
    told += explain_uncertainty(uncertainty, {"backfill": settings.backfill, "delays": settings.delays})
    told += explain_refilling(case) + explain_overruns(overruns) + explain_worst(worst)
    if case.assumptions.plan.futures:
        tables |= {"uncertain_plan": uncertain.commitments, "uncertain_value": uncertain.value}
        told += tell_uncertain(case, uncertain, scored.table, stress.table)
    more = explain_channels(case, channels) + explain_funnel(case, funnel) + explain_retention(case, retention)
    tables["reasons"] = (
        pd.concat([list_reasons(told), reasons, list_reasons(more)], ignore_index=True)
        .rename_axis("order")
        .reset_index()
    )
    summary = summarise(case, tables, plan.cost) | {"goal": {"name": plan.goal.name, "value": plan.goal.value}}
    return Results(case, tables, summary | {"optimality_gap": plan.solution.gap}, seconds)


def find_faults(scenarios: Sequence[Path], data: Path) -> list[Fault]:
    """Every fault of scenarios and tables; where the tables are sound, also those that only the model sees (a hazard
    above 1, leaders in a circle, an action without a price)."""
    return check_scenarios(scenarios, data)[0]


def check_scenarios(scenarios: Sequence[Path], data: Path) -> tuple[list[Fault], list[str]]:
    """The faults of `find_faults`, and as sentences what is no fault but is not counted either: roles without a history and
    without stated rates lose nobody, budgets outside the plan limit nothing."""
    cases, faults = _read_sound(scenarios, data, None, None)
    notes = [note for case in cases for note in case.notes]
    asked = [
        (key, values)
        for key, values in notes
        if key in ("rates_missing", "limits_prorated")
        or key.endswith("_outside")
        or (key == "no_history" and not values["stated"])
    ]
    return faults, list(dict.fromkeys(write_reason(key, json.dumps(values), "") for key, values in asked))


def _read_sound(
    scenarios: Sequence[Path], data: Path, paths: int | None, seed: int | None
) -> tuple[list[Case], list[Fault]]:
    """The cases, and the faults of `find_faults`; no cases where files have faults."""
    cases, faults = read_cases(scenarios, data, paths=paths, seed=seed) if scenarios else ([], check_cases([], data))
    for case in cases:
        for look in (_try_demand, _try_dynamics, _try_solver):
            try:
                look(case)
            except InputError as error:
                faults += [fault for fault in error.faults if fault not in faults]
    return cases, faults


def _try_demand(case: Case) -> None:
    required = explain_demand(case).frame["required"].to_numpy().reshape(len(case.periods), -1)
    require_prices(case, required)


def _try_dynamics(case: Case) -> None:
    attrition = fit_attrition(case)
    describe_dynamics(case, attrition, fit_mobility(case, attrition))


def _try_solver(case: Case) -> None:
    solver = case.assumptions.plan.solver
    try:
        find_solver(solver)
    except RunError as error:
        raise InputError([Fault(case.name, None, "plan.solver", solver, error.message, "use highs or cbc")]) from error


def run_scenarios(
    scenarios: Sequence[Path],
    data: Path,
    out: Path,
    *,
    workers: int | None = None,
    resume: bool = False,
    languages: tuple[str, ...] | None = None,
    paths: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> list[Outcome]:
    """Run every scenario into its folder under `out`, side by side, then compare those that are done.

    A failure of one does not stop the rest. Raises InputError, with nothing written, where any input has a fault.
    """
    scenarios, faults = check_names(scenarios)
    faults = [*check_out(out, [path.stem for path in scenarios]), *faults]
    cases: list[Case] = []
    if not faults:
        cases, faults = _read_sound(scenarios, data, paths, seed)
    if faults:
        raise InputError(faults)
    jobs = [
        Job(case.name, out / case.name, {"case": case, "languages": languages}, read_fingerprint(case, languages))
        for case in cases
    ]
    outcomes = run_batch(jobs, _run_job, workers, resume, progress)
    done = [outcome.folder for outcome in outcomes if outcome.status in ("done", "skipped")]
    changed = any(outcome.status == "done" for outcome in outcomes) or not (out / "comparison.html").exists()
    if len(done) > 1 and changed:
        if progress:
            progress("comparison: started")
        names = [folder.name for folder in done]
        compare_runs(done, base="base" if "base" in names else names[0])
    return outcomes


def backtest_scenario(
    scenario: Path,
    data: Path,
    out: Path,
    *,
    origin: str | None = None,
    languages: tuple[str, ...] | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Forecast the past of a scenario's tables and write what came of it to `out`/backtest.

    Scores count every group; the table comes back and is written with groups below the privacy minimum withheld.
    Raises InputError, with nothing written, where any input has a fault or history is too short.
    """
    case = read_case(scenario, data)
    found = backtest(case, origin, progress)
    found = replace(found, table=_shown_backtest(found.table, case.assumptions.privacy.minimum_group))
    write_backtest(found, case, out / BACKTEST, languages, tell=progress)
    return found


def trace_scenario(
    scenario: Path,
    data: Path,
    out: Path,
    budgets: str,
    *,
    languages: tuple[str, ...] | None = None,
    progress: Progress | None = None,
) -> tuple[Case, pd.DataFrame]:
    """What each budget buys, written to `out`/frontier-<scenario>; the case and the table come back.

    Raises InputError, with nothing written, where any input has a fault.
    """
    from workforce.report.frontier_page import write_frontier  # draws, which takes long to load and no run does

    wanted = read_budgets(budgets)
    case = read_case(scenario, data)
    attrition = fit_attrition(case)
    dynamics = describe_dynamics(case, attrition, fit_mobility(case, attrition))
    demand = explain_demand(case)
    folder = out / f"frontier-{case.name}"
    if faults := check_out(out, [folder.name]):
        raise InputError(faults)
    with hold_folder(folder):
        frame = trace_frontier(case, dynamics, project_stocks(dynamics), demand.frame, wanted, progress)
        write_frontier(frame, case, folder, languages)
    return case, frame


def sensitivity_scenario(
    scenario: Path,
    data: Path,
    out: Path,
    *,
    workers: int | None = None,
    languages: tuple[str, ...] | None = None,
    progress: Progress | None = None,
) -> tuple[str, Sensitivity]:
    """Turn every assumption of a scenario to its low and high, and write what moves the answer to
    `out`/sensitivity-<scenario>. Returns the currency of its amounts too.

    Raises InputError, with nothing written, where any input has a fault; RunError where the scenario itself has no plan.
    """
    case = read_case(scenario, data)
    if faults := check_out(out, [name_folder(case)]):
        raise InputError(faults)
    attrition = fit_attrition(case)
    levers = list_levers(case, attrition, fit_mobility(case, attrition), explain_demand(case).frame)
    workers = count_cores() if workers is None else workers
    with hold_folder(out / name_folder(case)):
        found = measure_sensitivity(case, levers, answer_case, workers, progress)
        write_sensitivity(found, case, out / name_folder(case), languages, tell=progress)
    return case.assumptions.company.currency, found


def answer_case(case: Case) -> Answer:
    """What the plan of a case comes to on its own stress paths."""
    demand, attrition = explain_demand(case).frame, fit_attrition(case)
    dynamics = describe_dynamics(case, attrition, fit_mobility(case, attrition))
    plan = optimise_plan(case, dynamics, project_stocks(dynamics), demand)
    stress = stress_plan(
        case, dynamics, hand_over(plan, dynamics, case.tables.channels), demand, attrition.doubt, apart=False
    )
    company = stress.table[(stress.table["role"] == "") & (stress.table["unit"] == "")]
    return Answer(
        float(stress.shortage.sum(axis=(1, 2)).mean()) * case.months_per_period / 12.0,
        float(plan.costs["amount"].sum()),
        float(company["probability_covered"].mean()),
    )


def _shown_backtest(table: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Rows of small groups withheld, and the next smallest of the same unit or level where one alone is."""
    columns = [name for name in table.columns if name == "place" or pd.api.types.is_numeric_dtype(table[name])]
    within = ["origin", "variant", "measure", "level", "unit"]
    return withhold_small(table, table["people"], columns, minimum, within=within)


def _run_job(job: Job) -> None:
    case, languages = job.details["case"], job.details["languages"]
    try:
        record_run(case, job.folder, lambda one: run(one, job.tell), languages, tell=job.tell)
    except RunError as error:
        raise error.told_in([*choose_languages(case, languages), "en"][0]) from error


class _Clock:
    """Times a stage and announces it."""

    def __init__(self, seconds: dict[str, float], progress: Progress | None) -> None:
        self.seconds, self.progress = seconds, progress

    def __call__(self, stage: str) -> "_Clock":
        self.stage = stage
        return self

    def __enter__(self) -> None:
        self.began = time.perf_counter()
        if self.progress:
            self.progress(self.stage)

    def __exit__(self, *_: object) -> None:
        self.seconds[self.stage] = time.perf_counter() - self.began


def _shown_attrition(table: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Rates as they may be shown: counts of small groups withheld, and the next smallest band of a role with them."""
    people = table["people"].fillna(np.inf)
    withheld = withhold_small(table, people, ["leavers", "exposure_years", "weight"], minimum)
    behind = withheld["exposure_years"].fillna(np.inf)
    shown = withhold_small(withheld, behind, ["leavers", "exposure_years", "weight"], minimum, within=["role"])
    return shown.drop(columns=["people"])


def _shown_pools(table: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Pools as they may be shown: a grade that is small today withheld in every year."""
    people = table.groupby(["pool", "grade"], sort=False)["opening"].transform("first")
    return withhold_small(table, people, [*FLOWS, "opening", "closing"], minimum)
