"""Rules that contradict each other: the smallest set of them that no plan keeps, and the cheapest way to make room.

A rule is a row of the programme that a user has set (a budget, a cap, the establishment, ...) or a bound on being short or
over; people cannot be made to appear or vanish, so the balance is no rule. With every rule made elastic at a price, the
least price is the cheapest relaxation, and of those that cost as little the one with the cheapest plan is told; the rules
that have a dual price there contradict each other (Farkas), and taking them out one by one leaves an irreducible set
(deletion filter: Chinneck & Dravnieks 1991).
"""

from dataclasses import dataclass, replace

import numpy as np

from workforce.optimise.binding import MONEY
from workforce.optimise.highs import keep_model
from workforce.optimise.linear import AT_LEAST, AT_MOST, LinearModel
from workforce.optimise.model import PlanModel, read_rule

SMALLEST = 1e-6
SAME = 1e-9
"""Relaxations cost the same within this share."""


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


def find_conflict(programme: PlanModel, pay: float) -> Conflict:
    """pay: money that a unit of a rule on people counts for beside a unit of money of a budget; where the tables leave pay
    out, it is at least what a unit of a column costs on average."""
    head = np.mean(programme.money, where=programme.money > 0) if (programme.money > 0).any() else 1.0
    model, kinds, rows = _with_rules(programme)
    cost = np.where(np.isin(kinds, MONEY), 1.0, max(head, pay))
    first = len(model.names)
    elastic = replace(model, names=list(model.names), **{
        name: list(getattr(model, name))
        for name in ("cost", "lower", "upper", "whole", "entry_rows", "entry_columns", "entry_values")
    })  # fmt: skip
    names = [f"relaxed_{model.row_names[row]}" for row in rows]
    sense = np.asarray(model.senses, dtype=object)[rows]
    relaxed: list[int] = []
    for side, there in ((-1.0, sense != AT_LEAST), (1.0, sense != AT_MOST)):
        mine = np.flatnonzero(there)
        relaxed += mine.tolist()
        if len(mine):
            added = elastic.add_columns([names[one] for one in mine], cost[mine])
            elastic.add_entries(rows[mine], added, side)
    kept = keep_model(elastic)
    solution = kept.solve(method="simplex")
    if solution.status == "infeasible":
        return Conflict((), (), False)
    if not (solution.amounts[first:] > SMALLEST).any():
        return Conflict((), (), True)
    # Of all relaxations that cost as little, the one with the cheapest plan.
    price = np.concatenate(elastic.cost)
    kept.add_row(np.arange(len(price)), price, upper=solution.objective * (1.0 + SAME))
    kept.change_cost(np.append(programme.money, np.zeros(len(price) - len(programme.money))))
    cheapest = kept.solve(method="primal")
    amounts = (solution if cheapest.status == "infeasible" else cheapest).amounts
    relaxation = [
        _describe(model.row_names[rows[place]], kinds[place], sense[place], more)
        for place, more in zip(relaxed, amounts[first:], strict=True)
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
    rules = [_describe(model.row_names[row], kind_of[row], model.senses[row], 0.0) for row in needed]
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
    for kind, columns in (("shortage", programme.columns.shortage), ("surplus_max", programme.columns.surplus)):
        bounded = columns.ravel()[np.isfinite(upper[columns.ravel()])]
        if len(bounded):
            added = model.add_rows([old.names[column] for column in bounded], AT_MOST, upper[bounded])
            model.add_entries(added, bounded, 1.0)
            rows.append(added)
            kinds += [kind] * len(bounded)
            upper[bounded] = np.inf
    model.upper = [upper]
    return model, np.array(kinds, dtype=object), np.concatenate([np.array([], dtype=int), *rows])


def _describe(name: str, kind: str, sense: str, more: float) -> Rule:
    return Rule(kind, *read_rule(kind, name), float(more), sense == AT_LEAST)
