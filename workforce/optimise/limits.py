"""What a plan must keep: capacities, seats, caps, the establishment and the budgets, as rows of the programme."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
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
    n_periods = len(labels)
    years = dynamics.periods.year
    tables = case.tables
    rows: dict[str, list[np.ndarray]] = {
        "capacity": [],
        "seats": [],
        "eligible": [],
        "moves": [],
        "releases": [],
        "hires": [],
    }

    def cap(kind: str, name: str, side: float, column: np.ndarray, value: np.ndarray | float = 1.0) -> None:
        if len(column) and np.isfinite(side):
            row = model.add_rows([f"{kind}_{name}"], AT_MOST, side)
            model.add_entries(row, column, value)
            rows[kind].append(row)

    for kind, frame, column, limit, words in (
        ("capacity", actions.hires, columns.hires, actions.channel_limit, _channel_names(tables.channels)),
        ("seats", actions.develops, columns.develops, actions.seat_limit, tables.programmes["programme"]),
        (
            "moves",
            actions.moves,
            columns.moves,
            actions.move_limit,
            tables.moves["from_role"] + "_" + tables.moves["to_role"],
        ),
    ):
        for position, start in frame.groupby(["row", "start"]).groups:
            mine = ((frame["row"] == position) & (frame["start"] == start)).to_numpy()
            cap(kind, f"{labels[start]}_{words.iloc[position]}", limit[position], column[mine])
    courses = actions.develops
    for position in courses["row"].unique():
        mine = (courses["row"] == position).to_numpy()
        for now in range(n_periods):
            under_way = mine & ((courses["start"] <= now) & (courses["effect"] > now)).to_numpy()
            part = courses[under_way]
            if part.empty:
                continue
            source = int(part["source"].iloc[0])
            share = np.array([established.surviving(source, start, now) for start in part["start"]])
            name = f"eligible_{labels[now]}_{tables.programmes['programme'].iloc[position]}"
            row = model.add_rows([name], AT_MOST, 0.0)
            model.add_entries(row, columns.develops[under_way], share)
            model.add_entries(row, columns.stock[now, source], -actions.eligible[position])
            rows["eligible"].append(row)
    releases = actions.releases
    for role in releases["role"].unique():
        for year in np.unique(years):
            mine = ((releases["role"] == role) & (years[releases["start"]] == year)).to_numpy()
            side = actions.release_limit[role] * _year_covered(dynamics, year)
            cap("releases", f"{year}_{dynamics.roles[role]}", side, columns.releases[mine])
    for year in np.unique(years):
        mine = np.asarray(years[actions.hires["effect"]] == year)
        side = actions.hire_limit * _year_covered(dynamics, year)
        cap("hires", str(year), side, columns.hires[mine], actions.hires.loc[mine, "arrive"].to_numpy())
    return {kind: np.concatenate(found) if found else np.array([], dtype=int) for kind, found in rows.items()}


def _channel_names(channels: pd.DataFrame) -> pd.Series:
    meant = channels["role"].where(channels["role"] != "", channels["family"])
    return channels["channel"].where(meant == "", channels["channel"] + "_" + meant)


def _year_covered(dynamics: Dynamics, year: int) -> float:
    """Share of a calendar year that the horizon covers."""
    return float((dynamics.periods.year == year).sum() * dynamics.months / 12.0)


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
    """Yearly budgets by category (quarters of the table add up to their year); `total` caps all money. A year that the
    horizon covers in part has that share of its amount. plan.budget caps the total over the horizon instead of the
    table's totals."""
    plan, table = case.assumptions.plan, case.tables.budget
    years = np.asarray(dynamics.periods.year)
    amounts: dict[tuple[str, str], float] = {}
    for stated in table.itertuples():
        year = int(stated.period[:4])
        if year in years and not (stated.category == "total" and plan.budget is not None):
            share = _year_covered(dynamics, year)
            amounts[str(year), stated.category] = amounts.get((str(year), stated.category), 0.0) + stated.amount * share
    if plan.budget is not None:
        amounts["all", "total"] = plan.budget
    rows = []
    for (label, category), amount in amounts.items():
        row = model.add_rows([f"budget_{label}_{category}"], AT_MOST, amount * plan.budget_multiplier)
        for name in MONEY if category == "total" else (category,):
            for period, _, column, value in spending[name]:
                inside = (years[period] == int(label)) if label != "all" else np.ones(len(period), dtype=bool)
                model.add_entries(row, column[inside], value[inside])
        rows.append(row)
    limits = pd.DataFrame(
        [(year, category, amount * plan.budget_multiplier) for (year, category), amount in amounts.items()],
        columns=["year", "category", "amount"],
    )
    return limits, np.concatenate(rows) if rows else np.array([], dtype=int)


def prorated_years(case: Case) -> list[dict]:
    """Years with a budget that the horizon covers only in part: year, months covered. Their amounts are taken for
    those months alone."""
    years = pd.Series(case.periods.year)
    months = years.value_counts(sort=False) * case.months_per_period
    stated = {int(period[:4]) for period in case.tables.budget["period"]}
    return [
        {"year": str(year), "months": int(covered)}
        for year, covered in months.items()
        if covered < 12 and year in stated
    ]
