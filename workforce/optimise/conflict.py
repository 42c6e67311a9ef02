"""Rules that contradict each other: the smallest set of them that no plan keeps, and the cheapest way to make room.

A rule is a row of the programme that a user has set (a budget, a cap, the establishment, ...) or a bound on being short or
over; people cannot be made to appear or vanish, so the balance is no rule. With every rule made elastic at a price, the
least price is the cheapest relaxation; the rules that have a dual price there contradict each other (Farkas), and taking
them out one by one leaves an irreducible set (deletion filter: Chinneck & Dravnieks 1991).
"""

import re
from dataclasses import dataclass, replace

import numpy as np

from workforce.optimise.highs import keep_model
from workforce.optimise.linear import AT_LEAST, AT_MOST, LinearModel
from workforce.optimise.model import PlanModel

SMALLEST = 1e-6

_MONEY = ("budget", "quarters")
_NAMED = {
    "budget": "the {what} budget {of_when}",
    "quarters": "the {what} budget {of_when}",
    "establishment": "the establishment of {what} in {when}",
    "surplus": "the largest surplus of {what} in {when}",
    "shortage": "the shortage of {what} in {when} that is allowed (plan.shortage)",
    "hires": "the cap on hires {of_when} (supply.external_hires_max)",
    "releases": "the cap on releases of {what} in {when}",
    "moves": "the most moves {what} in {when}",
    "capacity": "the capacity of {what} in {when}",
    "stages": "the capacity of recruiting ({what}) in {when}",
    "pool": "the pool of {what}",
    "seats": "the seats of {what} in {when}",
    "eligible": "the share of people eligible for {what} in {when}",
    "end": "the limit of people of {what} at the end (end_min, end_max)",
    "contract": "the most contractors (contract_max) of {what} in {when}",
    "overtime": "the most overtime (overtime_max) of {what} in {when}",
    "short_time": "the most short-time working (short_time_max) of {what} in {when}",
    "release_share": "the share of {what} that may be released (release_share) in {when}",
    "target_share": "the share of {what} that may arrive (max_share_of_target) in {when}",
    "reach": "the reach of the offers to stay to {what} in {when}",
    "mentors": "the mentors' time (mentor_max) of {what} in {when}",
    "kept": "the leavers of {what} whom offers may keep in {when}",
    "span": "the leaders of {what} in {when}, reports over",
    "inside": "the share filled from inside (plan.internal_fill_min) in {when}, heads over",
}


@dataclass(frozen=True)
class Rule:
    """kind of rule, when (period, year, quarter or "all") and what (unit, role, channel, programme or category) it is
    about; more: how much the cheapest relaxation takes it up, or down where it is a floor, in money, heads or FTE."""

    kind: str
    when: str
    what: str
    more: float = 0.0
    floor: bool = False


@dataclass(frozen=True)
class Conflict:
    """rules: an irreducible set that no plan keeps (take any one out and there is a plan that keeps the others of it).
    relaxation: the rules to be relaxed, and by how much, that cost least; empty where relaxing no rule helps. whole:
    only whole people are in the way."""

    rules: tuple[Rule, ...]
    relaxation: tuple[Rule, ...]
    whole: bool


def find_conflict(programme: PlanModel, head: float) -> Conflict:
    """head: money that a unit of a rule on people counts for beside a unit of money of a budget."""
    model, kinds, rows = _with_rules(programme)
    cost = np.where(np.isin(kinds, _MONEY), 1.0, max(head, 1.0))
    first = len(model.names)
    elastic = replace(model, names=list(model.names), **{
        name: list(getattr(model, name))
        for name in ("cost", "lower", "upper", "whole", "entry_rows", "entry_columns", "entry_values")
    })  # fmt: skip
    names = [f"relaxed_{model.row_names[row]}" for row in rows]
    sense = np.asarray(model.senses, dtype=object)[rows]
    for side, there in ((-1.0, sense != AT_LEAST), (1.0, sense != AT_MOST)):
        mine = np.flatnonzero(there)
        if len(mine):
            added = elastic.add_columns([names[one] for one in mine], cost[mine])
            elastic.add_entries(rows[mine], added, side)
    solution = keep_model(elastic).solve(method="simplex")
    if solution.status == "infeasible":
        return Conflict((), (), False)
    broken = solution.amounts[first:] > SMALLEST
    if not broken.any():
        return Conflict((), (), True)
    place = {name: number for number, name in enumerate(names)}
    relaxation = [
        _name_rule(name.removeprefix("relaxed_"), kinds[place[name]], sense[place[name]], more)
        for name, more in zip(elastic.names[first:], solution.amounts[first:], strict=True)
        if more > SMALLEST
    ]
    suspects = rows[np.abs(solution.prices[rows]) > SMALLEST]
    kept = keep_model(model)
    kept.lift_rows(np.setdiff1d(rows, suspects))
    needed = []
    for row in suspects:
        kept.lift_rows(np.array([row]))
        if kept.solve(method="simplex").status != "infeasible":
            kept.restore_rows(np.array([row]))
            needed.append(row)
    kind_of = dict(zip(rows.tolist(), kinds, strict=True))
    rules = [_name_rule(model.row_names[row], kind_of[row], model.senses[row], 0.0) for row in needed]
    return Conflict(tuple(rules), tuple(relaxation), False)


def _with_rules(programme: PlanModel) -> tuple[LinearModel, np.ndarray, np.ndarray]:
    """The programme without an objective and whole columns, its bounds on shortage and surplus as rows; kind and row of
    each rule."""
    old = programme.model
    upper = np.concatenate(old.upper)
    model = replace(
        old,
        cost=[np.zeros(len(old.names))],
        whole=[np.zeros(len(old.names), dtype=bool)],
        row_names=list(old.row_names),
        senses=list(old.senses),
        sides=list(old.sides),
        entry_rows=list(old.entry_rows),
        entry_columns=list(old.entry_columns),
        entry_values=list(old.entry_values),
    )
    kinds: list[str] = []
    rows: list[np.ndarray] = []
    for kind, mine in programme.rows.items():
        if kind not in ("coverage", "first"):
            rows.append(mine)
            kinds += [kind] * len(mine)
    for kind, columns in (("shortage", programme.columns.shortage), ("surplus", programme.columns.surplus)):
        bounded = columns.ravel()[np.isfinite(upper[columns.ravel()])]
        if len(bounded):
            added = model.add_rows([old.names[column] for column in bounded], AT_MOST, upper[bounded])
            model.add_entries(added, bounded, 1.0)
            rows.append(added)
            kinds += [kind] * len(bounded)
            upper[bounded] = np.inf
    model.upper = [upper]
    return model, np.array(kinds, dtype=object), np.concatenate([np.array([], dtype=int), *rows])


def _name_rule(name: str, kind: str, sense: str, more: float) -> Rule:
    """The rule of a row called kind_when_what; a quarter's band is called a budget."""
    begin = "budget" if kind == "quarters" else kind
    label, _, what = name.removeprefix(f"{begin}_").partition("_")
    what = re.sub(r"^(moves|develops)_\d+_|_end_(min|max)$", "", what)
    return Rule(kind, label, what, float(more), sense == AT_LEAST)


def say_conflict(conflict: Conflict, currency: str) -> str:
    """The conflict and the cheapest way out, in words."""
    if conflict.whole:
        return "no plan in whole people keeps all limits, though one in fractions does; lower plan.whole_periods"
    if not conflict.relaxation:
        return "no plan keeps all limits, and relaxing the rules of the scenario does not help: see people under way"
    text = "no plan keeps all limits"
    if conflict.rules:
        text += "; together they cannot be kept: " + "; ".join(_say_rule(rule) for rule in conflict.rules)
    out = []
    for rule in conflict.relaxation:
        unit = currency if rule.kind in _MONEY else "FTE" if rule.kind in ("surplus", "shortage") else "heads"
        digits = 0 if rule.kind in _MONEY else 1
        way = "lower" if rule.floor else "raise"
        out.append(f"{way} {_say_rule(rule)} by {rule.more:,.{digits}f} {unit}")
    return text + ". The cheapest way out is to " + "; ".join(out)


def _say_rule(rule: Rule) -> str:
    of_when = "over the horizon" if rule.when == "all" else f"of {rule.when}"
    pattern = _NAMED.get(rule.kind, "{kind} {what} {of_when}")
    return pattern.format(kind=rule.kind, when=rule.when, what=rule.what, of_when=of_when)
