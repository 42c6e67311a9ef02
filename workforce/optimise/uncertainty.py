"""The two-stage plan: one beginning for many futures, what it is worth to know that the future is uncertain, and to know it.

Sample-average approximation (Kleywegt, Shapiro & Homem-de-Mello 2002): futures are drawn, each as likely as the others;
what is begun in the first plan.commit_periods is the same in all, the rest is each future's own (`recourse.py`). Least
expected cost + plan.risk_weight x CVaR of the shortage cost at plan.risk_level (Rockafellar & Uryasev 2000). In fractions
of people throughout, the ordinary plan beside it too, so that the difference is not one of rounding.
"""

import os
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from workforce.forecast.doubt import Doubt
from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.optimise.beginning import find_beginning
from workforce.optimise.highs import Solution
from workforce.optimise.plan import Plan
from workforce.optimise.recourse import SHARED, Block, Futures, Risk, build_block
from workforce.optimise.taken import list_taken
from workforce.simulate.futures import Future, draw_futures, list_sources

BATCHES = 2
BATCH = 10
"""Fresh futures are drawn in so many batches of so many (or of as many as the plan is made from, where these are fewer)."""

PROVED, LOOSE = 2e-4, 1e-3
"""Share of the cost by which another beginning could be cheaper, at the most, where the search ends: for the futures the
plan is made from, and for a batch of fresh ones, of which only the bound is used, which is on the safe side."""

SURE = 0.95
"""Confidence of the bounds and intervals that are printed."""

_KINDS = dict(zip(SHARED, ("hire", "develop", "move", "release", "keep"), strict=True))
_KEYS = ["period", "action", "via", "from_role", "to_role"]


@dataclass(frozen=True)
class UncertainPlan:
    """commitments: period, action, via, from_role, to_role, heads (begun under the two-stage plan), ordinary (heads of the
    ordinary plan), cost (of `heads`). value: measure, money, low, high (95% confidence, NaN where there is nothing to
    estimate); measures in `MEASURES`. plan: the two-stage beginning with the later decisions of the expected future, for the
    simulation. sources: what is uncertain. None of the tables has a row where nothing is uncertain."""

    commitments: pd.DataFrame
    value: pd.DataFrame
    plan: Plan
    sources: tuple[str, ...]


MEASURES = (
    "recourse",  # what the two-stage programme minimises, under the beginning that was found
    "bound",  # no beginning has less, proved
    "ordinary",  # the same with the ordinary plan's beginning
    "perfect",  # the same if each future were known at the start
    "stochastic_value",  # ordinary - recourse
    "information_value",  # recourse - perfect
    "sample_gap",  # how much dearer than the best beginning, estimated on fresh futures; high: one-sided
    "expected_cost",
    "shortage_risk",  # CVaR of the shortage cost
    "overrun",  # mean of what futures spend beyond budgets
    "fresh_cost",
    "fresh_ordinary_cost",
    "fresh_saved",
    "fresh_shortage_risk",
    "fresh_ordinary_shortage_risk",
)


def measure_cvar(losses: np.ndarray, level: float) -> float:
    """Conditional value at risk of equally likely losses: the mean of the worst 1 - level, a loss on the edge counted in part
    (Rockafellar & Uryasev 2002, proposition 8).

    >>> measure_cvar(np.array([1.0, 2.0, 3.0, 10.0]), 0.5)
    6.5
    """
    worst, share = np.sort(np.asarray(losses, dtype=float))[::-1], (1.0 - level) * len(losses)
    weight = np.clip(share - np.arange(len(worst)), 0.0, 1.0)
    return float(weight @ worst / share)


def plan_uncertain(
    case: Case,
    dynamics: Dynamics,
    plan: Plan,
    demand: pd.DataFrame,
    doubt: Doubt | None,
    tell: Callable[[str], None] | None = None,
) -> UncertainPlan:
    """The two-stage plan beside the ordinary one, for plan.futures of at least 1. demand: role, period, low, base, high,
    required. doubt: of the estimated rates. tell: hears how far it has come.
    """
    settings = case.assumptions.plan
    sources = list_sources(case, dynamics, demand, doubt)
    if not sources:
        return UncertainPlan(_commit(plan.actions.iloc[:0], plan.actions.iloc[:0]), _tabulate({}), plan, sources)
    risk = Risk(settings.risk_weight, settings.risk_level)
    say = tell or (lambda line: None)

    def draw(count: int, stream: str) -> list[Future]:
        return draw_futures(case, dynamics, demand, doubt, count, stream)

    required = demand["required"].to_numpy(float).reshape(len(dynamics.periods), -1)
    drawn = [draw(settings.futures, "futures")]
    drawn += [draw(min(BATCH, settings.futures), f"fresh futures {number}") for number in range(BATCHES)]

    def build(futures: list[Future], risk: Risk) -> list[Block]:
        return [build_block(case, plan.options, future, settings.commit_periods, risk) for future in futures]

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        base = build([Future(dynamics, required)], Risk(0.0, 0.0))[0]
        groups = [build(futures, risk) for futures in drawn]
        say(f"{len(groups[0])} futures, and {sum(len(group) for group in groups[1:])} fresh ones to score it on")
        figures, amounts = _compare(base, groups, pool, risk, say)
    chosen = replace(plan, programme=base.programme, solution=_cut(amounts, len(base.programme.money)))
    taken = list_taken(dynamics, plan.options, plan.established, chosen.programme, chosen.solution)
    last = dynamics.periods[min(settings.commit_periods, len(dynamics.periods)) - 1]
    return UncertainPlan(_commit(*(_begun(frame, last) for frame in (taken, plan.actions))), _tabulate(figures),
        replace(chosen, actions=taken), sources,
    )  # fmt: skip


def _compare(
    base: Block, groups: list[list[Block]], pool: Executor, risk: Risk, say: Callable[[str], None]
) -> tuple[dict[str, tuple[float, float, float]], Solution]:
    """Figures (money, low, high) by measure, and the expected future's answer to the two-stage beginning."""
    blocks = groups[0]
    expected = Futures([base], pool)
    usual = expected.ask(None, None)[0].amounts[base.shared]
    kept = Futures(blocks, pool)
    perfect = kept.weigh(None)[0]
    say("each future solved for itself")
    ordinary, usual_threshold, _ = kept.weigh(usual)
    say("the ordinary beginning weighed on the same futures")
    start = np.append(usual, usual_threshold) if risk.weight > 0 else usual
    chosen = find_beginning(kept, start, PROVED, say)
    say(f"beginning of {len(blocks)} futures found: none is cheaper by more than {chosen.gap:.2%}")
    del kept
    cost, short = _read(blocks, chosen.answers)
    over = [float(part.amounts[_overrun(block)].sum()) for block, part in zip(blocks, chosen.answers, strict=True)]
    figures = {name: (value, np.nan, np.nan) for name, value in (
        ("recourse", chosen.value), ("bound", chosen.bound), ("ordinary", ordinary), ("perfect", perfect),
        ("stochastic_value", ordinary - chosen.value), ("information_value", chosen.value - perfect),
        ("expected_cost", float(cost.mean())), ("shortage_risk", measure_cvar(short, risk.level)),
        ("overrun", float(np.mean(over))),
    )}  # fmt: skip
    gaps, ours, theirs = [], [], []
    for number, group in enumerate(groups[1:], start=1):
        fresh = Futures(group, pool)
        fresh.alone()
        theirs.append(_read(group, fresh.ask(usual, usual_threshold)))
        answers = fresh.ask(chosen.decided, float(chosen.decided[-1]))
        ours.append(_read(group, answers))
        best = find_beginning(fresh, chosen.decided, LOOSE)
        gaps.append(np.array([one.objective for one in answers]) - best.parts)
        say(f"scored on fresh futures, batch {number} of {BATCHES}")
    (cost, short), (usual_cost, usual_short) = (np.concatenate(part, axis=1) for part in (ours, theirs))
    figures["sample_gap"] = estimate_gap(gaps)
    for name, values in (("fresh_cost", cost), ("fresh_ordinary_cost", usual_cost), ("fresh_saved", usual_cost - cost)):
        figures[name] = _interval(values)
    figures["fresh_shortage_risk"] = (measure_cvar(short, risk.level), np.nan, np.nan)
    figures["fresh_ordinary_shortage_risk"] = (measure_cvar(usual_short, risk.level), np.nan, np.nan)
    return figures, expected.ask(chosen.decided, None)[0]


def estimate_gap(differences: list[np.ndarray]) -> tuple[float, float, float]:
    """The optimality gap of a beginning: mean, 0, and the upper end of its one-sided interval.

    differences: by batch of fresh futures, [future] what it costs more under this beginning than under the batch's own
    best, or than what is proved of that. A batch's best is optimistic, so the mean does not understate the gap (Mak, Morton
    & Wood 1999); with few batches the spread is taken from within them (averaged replications: Bayraksan & Morton 2006,
    section 4).
    """
    means = [max(float(part.mean()), 0.0) for part in differences]
    count, size = sum(len(part) for part in differences), min(len(part) for part in differences)
    variance = float(np.mean([part.var(ddof=1) if len(part) > 1 else 0.0 for part in differences]))
    mean = float(np.mean(means))
    margin = stats.t.ppf(SURE, size - 1) * np.sqrt(variance / count) if size > 1 else np.nan
    return mean, 0.0, float(mean + margin)


def _interval(values: np.ndarray) -> tuple[float, float, float]:
    """Mean of independent values and its two-sided interval by Student's t."""
    mean, count = float(values.mean()), len(values)
    if count < 2:
        return mean, np.nan, np.nan
    margin = float(stats.t.ppf((1 + SURE) / 2, count - 1) * values.std(ddof=1) / np.sqrt(count))
    return mean, mean - margin, mean + margin


def _read(blocks: list[Block], answers: list[Solution]) -> np.ndarray:
    """[(cost, shortage cost), future] in money."""
    pairs = [(block.cost(one.amounts), block.short(one.amounts)) for block, one in zip(blocks, answers, strict=True)]
    return np.array(pairs).T


def _overrun(block: Block) -> np.ndarray:
    """Columns of money spent beyond budgets."""
    return np.array(
        [place for place, name in enumerate(block.model.names) if name.startswith("beyond_budget")], dtype=int
    )


def _cut(solution: Solution, size: int) -> Solution:
    return replace(solution, amounts=solution.amounts[:size], reduced=solution.reduced[:size])


def _begun(actions: pd.DataFrame, last: pd.Period) -> pd.DataFrame:
    return actions[actions["action"].isin(_KINDS.values()) & (actions["period"] <= last)]


def _commit(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """What is begun, ours beside theirs."""
    mine = ours.groupby(_KEYS, sort=False)[["heads", "cost"]].sum().reset_index()
    other = theirs.groupby(_KEYS, sort=False)["heads"].sum().rename("ordinary").reset_index()
    both = mine.merge(other, on=_KEYS, how="outer").fillna({"heads": 0.0, "cost": 0.0, "ordinary": 0.0})
    return both.sort_values(_KEYS)[[*_KEYS, "heads", "ordinary", "cost"]].reset_index(drop=True)


def _tabulate(figures: dict[str, tuple[float, float, float]]) -> pd.DataFrame:
    rows = [(name, *figures[name]) for name in MEASURES if name in figures]
    frame = pd.DataFrame(rows, columns=["measure", "money", "low", "high"])
    return frame.astype({"measure": "str", "money": float, "low": float, "high": float})
