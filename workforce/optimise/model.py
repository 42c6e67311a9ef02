"""The mix as a linear programme: least total cost, priced shortage included, of closing the gap under budget and
limits.

Balance of model.md, section 1, for the established stock E of role r:
E(t) = stayers + organic moves in + actions in - actions out + cohorts handed over; joiners ramp as cohorts whose
survivors are known shares, so everything stays linear (model.md, section 5; Bartholomew, Forbes & McClean 1991, ch. 7).
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.inputs.pricing import price_grid
from workforce.optimise.actions import Actions
from workforce.optimise.balance import balance_people, keep_people, limit_kept
from workforce.optimise.budgets import limit_spending
from workforce.optimise.contents import Columns, Entries, describe_contents
from workforce.optimise.contract_ends import end_contracts
from workforce.optimise.joiners import add_joiners
from workforce.optimise.limits import fill_inside, limit_actions, limit_people, limit_shares, limit_stand_ins
from workforce.optimise.linear import AT_MOST, EQUAL, LinearModel
from workforce.optimise.prices import discount, loaded_cost, paid_years, shortage_price
from workforce.optimise.reactions import Cohorts, Established, follow_cohorts
from workforce.optimise.recruiting import add_steps, limit_stages, step_entries
from workforce.optimise.shares import Stocks
from workforce.optimise.stated import limit_stated


@dataclass(frozen=True)
class PlanModel:
    """The programme and what is needed to read its solution. heads, effective: (row = period x role, column, value)
    entries of persons and effective FTE; spending: category -> (period, role, column, money) entries; rows: kind ->
    row numbers; names of rows in `model`. cohorts: by kind of joiner. limits: budgets, as `limit_spending` gives them.
    money: [column] what a unit costs, discounted, with the prices of shortage, surplus, overflow and overrun. vacant:
    [period, role] columns of vacancies, -1 where a role is not filled from below. balance, opened: [period, role] rows of
    the balance of people and of vacancies (-1 likewise), which are no rules. steps: offers beyond a step of a channel's
    cost, as `add_steps` gives them. ending: entries of heads, as `Joiners.ending`."""

    model: LinearModel
    columns: Columns
    cohorts: list[Cohorts]
    heads: Entries
    effective: Entries
    spending: dict[str, Entries]
    rows: dict[str, np.ndarray]
    limits: pd.DataFrame
    money: np.ndarray
    vacant: np.ndarray
    balance: np.ndarray
    opened: np.ndarray
    steps: pd.DataFrame
    ending: Entries


def read_rule(kind: str, name: str) -> tuple[str, str]:
    """When (period, year, quarter or "all") and what (unit, role, channel, programme or category) a rule is about, from the
    name of its row, kind_when_what; a quarter's band is called a budget, a role's largest surplus (surplus_max) a surplus.

    >>> read_rule("quarters", "budget_2026Q1_total")
    ('2026Q1', 'total')
    """
    called = {"quarters": "budget", "surplus_max": "surplus"}.get(kind, kind)
    when, _, what = name.removeprefix(f"{called}_").partition("_")
    if kind == "target_share":
        what = re.sub(r"^(moves|develops)_\d+_", "", what)
    return when, re.sub(r"_end_(min|max)$", "", what) if kind == "end" else what


def build_model(
    case: Case,
    dynamics: Dynamics,
    established: Established,
    actions: Actions,
    required: np.ndarray,
) -> PlanModel:
    """required: [period, role] FTE."""
    n_periods, n_roles = required.shape
    model, labels = LinearModel(), [str(period) for period in dynamics.periods]
    loaded, _ = loaded_cost(case)
    columns = _add_columns(case, model, dynamics, actions, labels, loaded)
    cohorts = [
        end_contracts(dynamics, established, follow_cohorts(dynamics, quality, length), length)
        for quality, length in actions.kinds
    ]
    per_grid = [f"{label}_{role}" for label in labels for role in dynamics.roles]
    kind, effect, role, arrive = (actions.hires[name].to_numpy() for name in ("kind", "effect", "role", "arrive"))
    joiners = add_joiners(model, dynamics, kind, effect, role, arrive, columns.hires, cohorts)
    there = keep_people(model, columns, joiners, per_grid)
    contents = describe_contents(case, dynamics, established, actions, columns, joiners, there)
    steps = add_steps(case, model, dynamics, actions, columns.hires, labels)
    contents.spending["recruiting"] += step_entries(steps)
    balance, vacant, opened = balance_people(model, dynamics, established, actions, columns, joiners, labels)
    coverage = model.add_rows([f"coverage_{name}" for name in per_grid], EQUAL, required.ravel())
    for period, role, column, value in contents.effective:
        model.add_entries(coverage[period * n_roles + role], column, value)
    model.add_entries(coverage.reshape(n_periods, n_roles), columns.shortage, 1.0)
    model.add_entries(coverage.reshape(n_periods, n_roles), columns.surplus, -1.0)
    stocks = Stocks(model, dynamics, "heads", contents.heads, established.opening)
    able = Stocks(model, dynamics, "able", contents.own, established.opening * dynamics.fte)
    rows = {"coverage": coverage, "surplus": _limit_surplus(case, model, columns, required, labels)}
    rows["stages"] = limit_stages(case, model, dynamics, actions, columns.hires, labels)
    rows |= limit_actions(case, model, dynamics, actions, columns, labels)
    rows |= limit_shares(case, dynamics, established, actions, columns, stocks, labels)
    rows["stand_in"] = limit_stand_ins(dynamics, actions, columns, able, labels)
    rows |= limit_people(case, model, dynamics, contents.heads, stocks, labels)
    rows["kept"] = limit_kept(model, dynamics, established, actions, columns, joiners, labels)
    rows["inside"] = fill_inside(case, model, dynamics, established, actions, columns)
    rows["limits"] = limit_stated(case, model, dynamics, established, actions, columns, stocks)
    limits, budgets = limit_spending(case, model, dynamics, contents.spending)
    rows |= budgets
    spent = [entry for entries in contents.spending.values() for entry in entries]
    counts = discount(case)
    extra = np.bincount(
        np.concatenate([column.ravel() for _, _, column, _ in spent]),
        weights=np.concatenate([(value * counts[period]).ravel() for period, _, _, value in spent]),
        minlength=len(model.names),
    )
    money = np.concatenate(model.cost) + extra
    model.cost = [money]
    return PlanModel(
        model,
        columns,
        cohorts,
        contents.heads,
        contents.effective,
        contents.spending,
        rows,
        limits,
        money,
        vacant,
        balance,
        opened,
        steps,
        joiners.ending,
    )


def _add_columns(
    case: Case, model: LinearModel, dynamics: Dynamics, actions: Actions, labels: list[str], loaded: np.ndarray
) -> Columns:
    """Decisions of the first plan.whole_periods are whole people; people under way are as many as they are."""
    plan, table = case.assumptions.plan, case.tables.roles
    n_periods, counts = len(labels), discount(case)

    def add(prefix: str, frame: pd.DataFrame, *keys: str, whole: bool = True, upper: str = "") -> np.ndarray:
        words = [
            [dynamics.roles[v] for v in frame[key]] if key in ("role", "source", "target") else frame[key].astype(str)
            for key in keys
        ]
        starts = ["before" if start < 0 else labels[start] for start in frame["start"]]
        names = [
            f"{prefix}_{'_'.join(parts)}" for parts in zip(map(str, range(len(frame))), *words, starts, strict=True)
        ]
        given = frame["given"].to_numpy() if "given" in frame else np.full(len(frame), np.nan)
        top = frame[upper].fillna(np.inf).to_numpy() if upper else np.inf
        decided = np.isnan(given)
        return model.add_columns(
            names,
            upper=np.where(decided, top, given),
            lower=np.where(decided, 0.0, given),
            whole=whole & decided & (frame["start"].to_numpy() < plan.whole_periods),
        )

    per_grid = [f"{label}_{role}" for label in labels for role in dynamics.roles]
    shape = (n_periods, len(dynamics.roles))
    short_for = counts[:, None] * dynamics.months / 12.0 * price_grid(case, "shortage")
    shortage_cost = (short_for * shortage_price(case, loaded)).ravel()
    shortage_max = np.inf if plan.shortage == "priced" else 0.0
    surplus_price = np.nan_to_num(table["surplus_cost"].to_numpy(dtype=float))
    surplus_cost = (counts[:, None] * paid_years(case, "surplus") * surplus_price).ravel()
    surplus_max = np.tile(table["surplus_max"].fillna(np.inf).to_numpy(dtype=float), n_periods)
    columns = Columns(
        add("hire", actions.hires, "channel", "role"),
        add("develop", actions.develops, "programme"),
        add("move", actions.moves, "source", "target"),
        add("release", actions.releases, "role"),
        add("keep", actions.keeps, "offer", "role", whole=False),
        add("contract", actions.contracts, "role", whole=False),
        add("overtime", actions.overtimes, "role", whole=False),
        add("short_time", actions.short_times, "role", whole=False, upper="heads"),
        add("stand_in", actions.stand_ins, "role", "target", whole=False),
        model.add_columns([f"stock_{name}" for name in per_grid], lower=-np.inf).reshape(shape),
        model.add_columns([f"shortage_{name}" for name in per_grid], shortage_cost, shortage_max).reshape(shape),
        model.add_columns([f"surplus_{name}" for name in per_grid], surplus_cost, surplus_max).reshape(shape),
    )
    _value_end(case, model, actions, columns, n_periods, loaded)
    return columns


def _value_end(
    case: Case, model: LinearModel, actions: Actions, columns: Columns, n_periods: int, loaded: np.ndarray
) -> None:
    """What graduates still in training at the end are worth (plan.end_value years of pay each), by the share of their
    programme that is done, taken off the cost."""
    late = (actions.develops["effect"] >= n_periods).to_numpy()
    if not late.any():
        return
    courses = actions.develops[late]
    done = (n_periods - courses["start"]) / (courses["effect"] - courses["start"])
    worth = case.assumptions.plan.end_value * loaded[courses["target"]] * courses["passing"] * done
    worth *= discount(case)[-1]
    cost = np.concatenate(model.cost)
    cost[columns.develops[late]] -= worth.to_numpy()
    model.cost = [cost]


def _limit_surplus(
    case: Case, model: LinearModel, columns: Columns, required: np.ndarray, labels: list[str]
) -> np.ndarray:
    """Rows: the surplus over all roles that are needed in some period, at most plan.surplus_max at each close."""
    most = case.assumptions.plan.surplus_max
    if most is None:
        return np.array([], dtype=int)
    rows = model.add_rows([f"surplus_{label}_all" for label in labels], AT_MOST, most)
    needed = required.max(axis=0) > 0
    model.add_entries(rows[:, None], columns.surplus[:, needed], 1.0)
    return rows
