"""The plan: the chosen actions by role and period, what becomes of the stocks, what it costs, and what binds."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.errors import Fault, InputError, RunError
from workforce.forecast.dynamics import Dynamics
from workforce.forecast.stocks import Projection, stock_table
from workforce.inputs.case import Case
from workforce.optimise.actions import Actions, list_actions, loaded_cost, shortage_price
from workforce.optimise.limits import MONEY, spending_periods
from workforce.optimise.model import PlanModel, build_model, graduates
from workforce.optimise.reactions import Established, describe_established
from workforce.optimise.solve import Solution, solve_model

SMALLEST = 1e-6
"""Actions below this many heads are rounding of the solver and are not listed."""

PRICED = {
    "budget": "money per money",
    "capacity": "money per offer",
    "seats": "money per seat",
    "establishment": "money per head",
    "moves": "money per head",
    "releases": "money per head",
    "hires": "money per head",
}
"""Rules whose shadow prices are shown, and the unit of each."""


@dataclass(frozen=True)
class Plan:
    """actions: period, action (hire, develop, move, release), via, from_role, to_role, heads (started), arriving
    (heads expected to arrive), arrives (period), cost. stocks: as `forecast_stocks`, reading plan. costs: period,
    role, unit, category, amount.
    budget: year, category, amount, spent, left. prices: rule, name, period, price (money per unit), unit, for rules
    that bind.
    cost: the minimised total, shortage, surplus and overflow prices included. programme, solution, options,
    established: for who asks why."""

    actions: pd.DataFrame
    stocks: pd.DataFrame
    costs: pd.DataFrame
    budget: pd.DataFrame
    prices: pd.DataFrame
    cost: float
    programme: PlanModel
    solution: Solution
    options: Actions
    established: Established


def optimise_plan(case: Case, dynamics: Dynamics, projection: Projection, demand: pd.DataFrame) -> Plan:
    """Least total cost of meeting `demand` (role, period, required), priced shortage included (model.md, section 5).

    Raises InputError where an action that may be taken has no price, RunError with the cheapest relaxation where rules
    contradict each other.
    """
    required = demand["required"].to_numpy().reshape(len(dynamics.periods), len(dynamics.roles))
    require_prices(case, required)
    options = list_actions(case, dynamics)
    established = describe_established(dynamics, projection)
    programme = build_model(case, dynamics, established, options, required)
    solution = solve_model(programme.model, case.assumptions.plan.solver)
    if solution.status == "infeasible":
        relaxed = build_model(case, dynamics, established, options, required, relax=True)
        raise RunError(
            "optimise", _say_relaxation(case, relaxed, solve_model(relaxed.model, case.assumptions.plan.solver))
        )
    spent = _spent(case, dynamics, programme, solution)
    return Plan(
        _list_taken(dynamics, options, established, programme, solution),
        plan_stocks(dynamics, options, established, programme, solution),
        spent,
        _budget(case, programme, spent),
        _prices(dynamics, programme, solution),
        solution.objective,
        programme,
        solution,
        options,
        established,
    )


def require_prices(case: Case, required: np.ndarray) -> None:
    """A blank is not a price of zero: a role that may be released states its severance, and a role that is needed has
    a price of being short."""
    roles, supply = case.tables.roles, case.assumptions.supply
    file, rows = case.tables.files.get("roles", "roles"), case.tables.rows.get("roles")
    line = (lambda row: int(rows[row])) if rows is not None else (lambda row: None)
    faults = []
    for row in np.flatnonzero((roles["release_max"] > 0) & roles["severance"].isna() & supply.releases):
        rule = "a role that may be released states its severance"
        mend = "fill severance (money per head; 0 if it is free), or clear release_max"
        faults.append(Fault(file, line(row), "severance", str(roles["role"].iloc[row]), rule, mend))
    price = shortage_price(case, loaded_cost(case)[0])
    for row in np.flatnonzero((price <= 0) & (required.max(axis=0) > 0)):
        rule = "a role that is needed has a price of being short above 0"
        mend = "fill shortage_price (money per FTE-year), or a salary above 0"
        faults.append(Fault(file, line(row), "shortage_price", str(roles["role"].iloc[row]), rule, mend))
    if faults:
        raise InputError(faults)


def _say_relaxation(case: Case, programme: PlanModel, solution: Solution) -> str:
    """The cheapest relaxation in words; names of the rules as `limit_heads` and `limit_spending` give them."""
    currency, broken = case.assumptions.company.currency, []
    for name, value in zip(programme.model.names, solution.amounts, strict=True):
        if name.startswith("relaxed_") and value > SMALLEST:
            rule, label, what = name.removeprefix("relaxed_").split("_", 2)
            when = "over the horizon" if label == "all" else f"of {label}"
            if rule == "budget":
                broken.append(f"the {what} budget {when} by {value:,.0f} {currency}")
            else:
                broken.append(f"the establishment of {what} in {label} by {value:,.1f} heads")
    if solution.status == "infeasible" or not broken:
        return "no plan keeps all limits; the conflict is not in the budgets or the establishment"
    return "no plan keeps all limits; the cheapest way out is to raise " + "; ".join(broken)


def plan_stocks(
    dynamics: Dynamics, options: Actions, established: Established, programme: PlanModel, solution: Solution
) -> pd.DataFrame:
    """Stocks and flows of the plan, reading `plan`, each flow from its own definition, so that the balance is a check
    and not a remainder."""
    columns, values = programme.columns, solution.amounts
    stock = values[columns.stock]
    n_periods, n_roles = stock.shape
    before = np.vstack([established.opening, stock[:-1]])
    left = before * established.leave
    source, target = dynamics.arc_from, dynamics.arc_to
    moved = (before - left)[:, source] * established.move
    joiners = np.zeros((n_periods, n_roles))
    cohort = np.zeros((n_periods, n_roles))
    hires = options.hires
    arriving = values[columns.hires] * hires["arrive"].to_numpy()
    np.add.at(joiners, (hires["effect"].to_numpy(), hires["role"].to_numpy()), arriving)
    for quality, parts in programme.cohorts.items():
        mine = (hires["quality"] == quality).to_numpy()
        joined = np.zeros((n_periods, n_roles))
        part = hires[mine]
        np.add.at(joined, (part["effect"].to_numpy(), part["role"].to_numpy()), arriving[mine])
        left += np.einsum("sr,str->tr", joined, parts.left)
        cohort += np.einsum("sr,str->tr", joined, parts.present)
        if len(source):
            moved += np.einsum("sa,sta->ta", joined[:, source], parts.moved)
    moves_in, moves_out = np.zeros((n_periods, n_roles)), np.zeros((n_periods, n_roles))
    for arc in range(len(source)):
        moves_out[:, source[arc]] += moved[:, arc]
        moves_in[:, target[arc]] += moved[:, arc]
    moves, courses, releases = options.moves, options.develops, options.releases
    taken = values[columns.moves]
    lost = taken * (1.0 - moves["arrive"].to_numpy())
    at = (moves["effect"].to_numpy(), moves["source"].to_numpy())
    np.add.at(moves_out, at, taken - lost)
    np.add.at(left, at, lost)
    np.add.at(moves_in, (at[0], moves["target"].to_numpy()), taken - lost)
    grown = values[columns.develops] * graduates(options, established)
    effect = courses["effect"].to_numpy()
    np.add.at(moves_out, (effect, courses["source"].to_numpy()), grown)
    np.add.at(moves_in, (effect, courses["target"].to_numpy()), grown)
    released = np.zeros((n_periods, n_roles))
    np.add.at(released, (releases["start"].to_numpy(), releases["role"].to_numpy()), values[columns.releases])
    closing = stock + cohort
    opening = np.vstack([established.opening, closing[:-1]])
    effective = _total(programme.effective, values, stock.shape)
    return stock_table(
        dynamics, "plan", opening, joiners, moves_in, moves_out, left + released, released, closing, effective
    )


def _total(entries: list[tuple], values: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    total = np.zeros(shape)
    for period, role, column, value in entries:
        np.add.at(total, (period, role), values[column] * value)
    return total


def _list_taken(
    dynamics: Dynamics, options: Actions, established: Established, programme: PlanModel, solution: Solution
) -> pd.DataFrame:
    names, labels = np.asarray(dynamics.roles, dtype=object), dynamics.periods
    columns = programme.columns
    grown = graduates(options, established)
    blocks = (
        ("hire", options.hires, columns.hires, "channel", None, "role", options.hires["arrive"], "effect"),
        ("develop", options.develops, columns.develops, "programme", "source", "target", grown, "effect"),
        ("move", options.moves, columns.moves, None, "source", "target", options.moves["arrive"], "effect"),
        ("release", options.releases, columns.releases, None, "role", None, 0.0, "start"),
    )
    frames = []
    for action, frame, column, via, source, target, share, effect in blocks:
        heads = solution.amounts[column]
        taken = heads > SMALLEST
        part = frame[taken]
        if part.empty:
            continue
        frames.append(
            pd.DataFrame(
                {
                    "period": labels[part["start"]],
                    "action": action,
                    "via": part[via].to_numpy() if via else "",
                    "from_role": names[part[source]] if source else "",
                    "to_role": names[part[target]] if target else "",
                    "heads": heads[taken],
                    "arriving": heads[taken] * np.broadcast_to(share, len(frame))[taken],
                    "arrives": labels[part[effect]],
                    "cost": heads[taken] * part["cost"].to_numpy(),
                }
            )
        )
    if frames:
        return pd.concat(frames, ignore_index=True)
    text, number = (
        dict.fromkeys(["action", "via", "from_role", "to_role"], "str"),
        dict.fromkeys(["heads", "cost"], float),
    )
    kinds = {"period": labels.dtype, **text, **number, "arriving": float, "arrives": labels.dtype}
    columns_of = ["period", "action", "via", "from_role", "to_role", "heads", "arriving", "arrives", "cost"]
    return pd.DataFrame(columns=columns_of).astype(kinds)


def _spent(case: Case, dynamics: Dynamics, programme: PlanModel, solution: Solution) -> pd.DataFrame:
    shape = programme.columns.stock.shape
    frames = []
    for category in MONEY:
        total = _total([entry for entry in programme.spending[category] if len(entry[2])], solution.amounts, shape)
        frame = pd.DataFrame(
            {
                "period": dynamics.periods.repeat(shape[1]),
                "role": np.tile(np.asarray(dynamics.roles, dtype=object), shape[0]),
                "unit": np.tile(np.asarray(dynamics.units, dtype=object), shape[0]),
                "category": category,
                "amount": total.ravel(),
            }
        )
        frames.append(frame[frame["amount"].abs() > SMALLEST] if category != "people" else frame)
    return pd.concat(frames, ignore_index=True)


def _budget(case: Case, programme: PlanModel, costs: pd.DataFrame) -> pd.DataFrame:
    """Budgets beside what the plan spends; years and categories without a budget have amount NaN."""
    number = pd.Series(range(len(case.periods)), index=case.periods)
    position = costs["period"].map(number).to_numpy()
    years = list(dict.fromkeys(case.periods.year.astype(str)))
    rows = []
    for label in dict.fromkeys([*years, *programme.limits["year"], "all"]):
        inside = costs[spending_periods(case, label)[position]]
        by_category = inside.groupby("category")["amount"].sum()
        rows += [(label, category, value) for category, value in by_category.items() if label in years]
        rows.append((label, "total", float(by_category.sum())))
        wanted = programme.limits.loc[programme.limits["year"] == label, "category"]
        if label not in years:
            rows += [(label, name, float(by_category.get(name, 0.0))) for name in wanted if name != "total"]
    spent = pd.DataFrame(rows, columns=["year", "category", "spent"])
    frame = programme.limits.merge(spent, on=["year", "category"], how="outer")
    frame["spent"] = frame["spent"].fillna(0.0)
    left = frame["amount"] - frame["spent"]
    left = left.mask(left.abs() <= 1e-9 * frame["amount"], 0.0)  # the solver's rounding is no money
    return frame.assign(left=left)[["year", "category", "amount", "spent", "left"]]


def _prices(dynamics: Dynamics, programme: PlanModel, solution: Solution) -> pd.DataFrame:
    """Shadow prices of rules that bind: money saved in the total by one more unit of the rule's right-hand side."""
    rows = []
    for rule, unit in PRICED.items():
        for row in programme.rows.get(rule, ()):
            price = -solution.prices[row]
            if abs(price) > 1e-6:
                label = programme.model.row_names[row].removeprefix(f"{rule}_")
                period, _, name = label.partition("_")
                rows.append((rule, name, period, price, unit))
    frame = pd.DataFrame(rows, columns=["rule", "name", "period", "price", "unit"])
    return frame.astype({"rule": "str", "name": "str", "period": "str", "price": float, "unit": "str"})
