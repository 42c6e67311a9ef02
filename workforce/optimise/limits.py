"""What a plan must keep: capacities, seats, caps, the establishment and the budgets, as rows of the programme."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.agreement import months_of
from workforce.inputs.business_plan import planned_months
from workforce.inputs.case import Case
from workforce.optimise.actions import Actions
from workforce.optimise.linear import AT_MOST, LinearModel
from workforce.optimise.reactions import Established

MONEY = ("people", "recruiting", "development", "retention", "separation")


@dataclass(frozen=True)
class Columns:
    """Numbers of the model's columns. hires, develops, moves, releases: in the order of the action tables; stock,
    shortage, surplus: [period, role]."""

    hires: np.ndarray
    develops: np.ndarray
    moves: np.ndarray
    releases: np.ndarray
    stock: np.ndarray
    shortage: np.ndarray
    surplus: np.ndarray


def limit_actions(
    case: Case,
    model: LinearModel,
    dynamics: Dynamics,
    established: Established,
    actions: Actions,
    columns: Columns,
    labels: list[str],
) -> dict[str, np.ndarray]:
    """Capacity of channels, seats and eligible share of programmes, caps of moves, of releases and of hires by year."""
    tables, years = case.tables, np.asarray(dynamics.periods.year)
    period = np.asarray(labels, dtype=object)
    hires, courses, moves, releases = actions.hires, actions.develops, actions.moves, actions.releases
    channel = _channel_names(tables.channels).to_numpy(dtype=object)
    programme = tables.programmes["programme"].to_numpy(dtype=object)
    arc = (tables.moves["from_role"] + "_" + tables.moves["to_role"]).to_numpy(dtype=object)
    role = np.asarray(dynamics.roles, dtype=object)
    rows = {}
    for kind, frame, column, limit, words in (
        ("capacity", hires, columns.hires, actions.channel_limit, channel),
        ("seats", courses, columns.develops, actions.seat_limit, programme),
        ("moves", moves, columns.moves, actions.move_limit, arc),
    ):
        row, start = frame["row"].to_numpy(), frame["start"].to_numpy()
        group, names = row * len(labels) + start, period[start] + "_" + words[row]
        rows[kind] = _cap(model, kind, group, names, limit[row], column, np.ones(len(column)))
    left, year = releases["role"].to_numpy(), years[releases["start"].to_numpy()]
    side = actions.release_limit[left] * _years_covered(dynamics, year)
    names = year.astype(str).astype(object) + "_" + role[left]
    group = year * len(role) + left
    rows["releases"] = _cap(model, "releases", group, names, side, columns.releases, np.ones(len(left)))
    year = years[hires["effect"].to_numpy()]
    side = actions.hire_limit * _years_covered(dynamics, year)
    arrive = hires["arrive"].to_numpy()
    names = year.astype(str).astype(object)
    rows["hires"] = _cap(model, "hires", year, names, side, columns.hires, arrive)
    rows["eligible"] = _limit_trainees(model, established, actions, columns, programme, labels)
    return rows


def _cap(
    model: LinearModel,
    kind: str,
    group: np.ndarray,
    names: np.ndarray,
    side: np.ndarray,
    column: np.ndarray,
    value: np.ndarray,
) -> np.ndarray:
    """One row for each group: the sum of its columns times their values stays within its side; NaN = no limit."""
    kept = np.isfinite(side)
    _, first, number = np.unique(group[kept], return_index=True, return_inverse=True)
    rows = model.add_rows([f"{kind}_{name}" for name in names[kept][first]], AT_MOST, side[kept][first])
    model.add_entries(rows[number], column[kept], value[kept])
    return rows


def _limit_trainees(
    model: LinearModel,
    established: Established,
    actions: Actions,
    columns: Columns,
    programme: np.ndarray,
    labels: list[str],
) -> np.ndarray:
    """Trainees under way, of each programme, within the eligible share of its source's stock at every close; those of a
    programme shorter than a period within that share of the stock at its opening."""
    courses = actions.develops
    row, start, effect = (courses[name].to_numpy() for name in ("row", "start", "effect"))
    found = []
    for position in np.unique(row):
        mine = np.flatnonzero(row == position)
        source = int(courses["source"].iloc[mine[0]])
        for now, label in enumerate(labels):
            under_way = mine[(start[mine] <= now) & (effect[mine] > now)]
            if len(under_way):
                share = np.array([established.surviving(source, begun, now) for begun in start[under_way]])
                one = model.add_rows([f"eligible_{label}_{programme[position]}"], AT_MOST, 0.0)
                model.add_entries(one, columns.develops[under_way], share)
                model.add_entries(one, columns.stock[now, source], -actions.eligible[position])
                found.append(one)
            short = mine[(start[mine] == now) & (effect[mine] == now)]
            if len(short):
                share = actions.eligible[position] * (1.0 - established.leave[now, source])
                side = share * established.opening[source] if now == 0 else 0.0
                one = model.add_rows([f"eligible_{label}_{programme[position]}"], AT_MOST, side)
                model.add_entries(one, columns.develops[short], 1.0)
                if now > 0:
                    model.add_entries(one, columns.stock[now - 1, source], -share)
                found.append(one)
    return np.concatenate(found) if found else np.array([], dtype=int)


def _channel_names(channels: pd.DataFrame) -> pd.Series:
    meant = channels["role"].where(channels["role"] != "", channels["family"])
    return channels["channel"].where(meant == "", channels["channel"] + "_" + meant)


def _years_covered(dynamics: Dynamics, years: np.ndarray) -> np.ndarray:
    """Share of each calendar year that the horizon covers."""
    planned = np.asarray(dynamics.periods.year)
    return np.array([(planned == year).sum() * dynamics.months / 12.0 for year in years])


def limit_heads(
    case: Case, model: LinearModel, dynamics: Dynamics, heads: list[tuple], labels: list[str]
) -> dict[str, np.ndarray]:
    """Authorised heads by unit over the roles that state one; overflow priced, or forbidden, as the scenario says."""
    plan, table = case.assumptions.plan, case.tables.roles
    stated = table["establishment"].notna().to_numpy()
    if plan.establishment == "ignored" or not stated.any():
        return {"establishment": np.array([], dtype=int)}
    units = list(dict.fromkeys(table.loc[stated, "unit"]))
    unit = np.array([units.index(name) if ok else -1 for name, ok in zip(table["unit"], stated, strict=True)])
    allowed = np.bincount(unit[stated], weights=table.loc[stated, "establishment"], minlength=len(units))
    names = [f"{label}_{name}" for label in labels for name in units]
    rows = model.add_rows([f"establishment_{name}" for name in names], AT_MOST, np.tile(allowed, len(labels)))
    for period, role, column, value in heads:
        inside = stated[role]
        model.add_entries(rows[period * len(units) + unit[role]][inside], column[inside], value[inside])
    if plan.establishment == "priced":
        price = plan.establishment_price * dynamics.months / 12.0
        over = model.add_columns([f"overflow_{name}" for name in names], price)
        model.add_entries(rows, over, -1.0)
    return {"establishment": rows}


def limit_spending(
    case: Case, model: LinearModel, dynamics: Dynamics, spending: dict[str, list[tuple]]
) -> tuple[pd.DataFrame, np.ndarray]:
    """Budgets by category, each row of the table for its own year or quarter; `total` caps all money.

    A year or quarter that the horizon covers in part has that share of its amount. plan.budget caps the total over the
    horizon instead of the table's totals. Returns year (or quarter, or "all"), category, amount; and the rows.
    """
    plan = case.assumptions.plan
    stated = [
        row for row in case.tables.budget.itertuples() if not (row.category == "total" and plan.budget is not None)
    ]
    amounts = {(row.period, row.category): row.amount * _share_covered(case, row.period) for row in stated}
    amounts = {key: amount for key, amount in amounts.items() if spending_periods(case, key[0]).any()}
    if plan.budget is not None:
        amounts["all", "total"] = plan.budget
    rows = []
    for (label, category), amount in amounts.items():
        row = model.add_rows([f"budget_{label}_{category}"], AT_MOST, amount * plan.budget_multiplier)
        covered = spending_periods(case, label)
        for name in MONEY if category == "total" else (category,):
            for period, _, column, value in spending[name]:
                inside = covered[period]
                model.add_entries(row, column[inside], value[inside])
        rows.append(row)
    limits = pd.DataFrame(
        [(label, category, amount * plan.budget_multiplier) for (label, category), amount in amounts.items()],
        columns=["year", "category", "amount"],
    ).astype({"year": "str", "category": "str", "amount": float})
    return limits, np.concatenate(rows) if rows else np.array([], dtype=int)


def spending_periods(case: Case, label: str) -> np.ndarray:
    """[period] whether a planned period falls in a year ("2026"), a quarter ("2026Q1") or the horizon ("all"), by its
    first month."""
    if label == "all":
        return np.ones(len(case.periods), dtype=bool)
    months = months_of(label)
    first = planned_months(case)[:, 0]
    return (first >= months.start) & (first < months.stop)


def _share_covered(case: Case, label: str) -> float:
    """Share of a year's or quarter's months that the horizon covers."""
    months = months_of(label)
    planned = planned_months(case)
    return float(((planned >= months.start) & (planned < months.stop)).sum()) / len(months)


def list_prorated(case: Case) -> list[dict]:
    """Budget rows that the horizon covers only in part: year (or quarter) and the months covered."""
    labels = dict.fromkeys(case.tables.budget["period"])
    shares = {label: _share_covered(case, label) for label in labels}
    return [
        {"year": label, "months": round(share * len(months_of(label)))}
        for label, share in shares.items()
        if 0.0 < share < 1.0
    ]
