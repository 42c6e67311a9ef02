"""What must hold between a scenario and the tables, and what is worth saying about the two together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workforce.errors import Fault
from workforce.inputs.assumptions import MONTHS_PER_PERIOD, Assumptions
from workforce.inputs.cells import faults_at, suggest_name
from workforce.inputs.contracts import CONTRACTS
from workforce.inputs.limits import THERE
from workforce.inputs.references import has_leavers
from workforce.inputs.scenario import Scenario
from workforce.inputs.tables import Tables

SHOWN = 8
ROUNDING = 1.0
"""Money by which four quarters may differ from their year when each was rounded by itself."""


UNUSED_COLUMNS = {
    "pay_rules": ("minimum_wage",),
    "people": ("salary",),
}
UNUSED_TABLES = ("skills", "skill_needs", "seats", "actuals", "scores")
"""What is checked but read by no stage yet; the report says so where it is given."""


def check_agreement(scenario: Scenario, tables: Tables, data: Path, timed: bool = True) -> list[Fault]:
    """Faults between a scenario and the tables: names that the tables do not know, growth that adds up to -1, days after
    the plan's start, periods of the plan without a driver or a requirement. `timed`: whether the plan's start and length
    are known; the last two are left out where they are not."""
    start = scenario.assumptions.time.first.start_time
    faults = [*_check_files(scenario, tables, data), *_check_names(scenario, tables), *_check_growth(scenario, tables)]
    if not timed:
        return faults
    return [
        *faults,
        *_check_days(scenario, tables, start),
        *_check_lengths(scenario.assumptions, tables),
        *_check_horizon(scenario.assumptions, tables),
    ]


def _check_files(scenario: Scenario, tables: Tables, data: Path) -> list[Fault]:
    faults = []
    for table, file in scenario.assumptions.tables.items():
        if table not in tables.files:
            setting = scenario.settings[f"tables.{table}"]
            there = [path.name for path in data.iterdir()] if data.is_dir() else []
            faults.append(
                Fault(
                    setting.file,
                    setting.row,
                    f"tables.{table}",
                    file,
                    f"is not in {data.as_posix()}",
                    suggest_name(file, there, "add the file, or mend the name"),
                )
            )
    return faults


def _check_names(scenario: Scenario, tables: Tables) -> list[Fault]:
    assumptions = scenario.assumptions
    asked: list[tuple[str, str, str, Iterable[str], bool]] = [
        ("demand.multiplier_by_unit", "roles", "unit", assumptions.demand.multiplier_by_unit, True),
        ("attrition.multiplier_by_unit", "roles", "unit", assumptions.attrition.multiplier_by_unit, True),
        ("attrition.multiplier_by_role", "roles", "role", assumptions.attrition.multiplier_by_role, True),
        ("retirement.worker_families", "roles", "family", assumptions.retirement.worker_families, False),
        ("mobility.counting_ratings", "ratings", "rating", assumptions.mobility.counting_ratings, False),
        ("demand.projects", "projects", "project", assumptions.demand.projects, False),
        ("supply.channels", "channels", "channel", assumptions.supply.channels or (), False),
        ("supply.retention_offers", "retention", "offer", assumptions.supply.retention_offers, False),
    ]
    faults = []
    for knob, table, column, names, keyed in asked:
        if table in tables.files and table not in tables.present:
            continue  # the table could not be read, which is a fault of its own
        known = list(getattr(tables, table)[column].unique())
        for name in names:
            if name in known:
                continue
            setting = scenario.settings.get(f"{knob}.{name}" if keyed else knob)
            rule = (
                f"is no {column} of {table}"
                if table in tables.present
                else f"needs the table {table}, which is not there"
            )
            faults.append(
                Fault(
                    setting.file if setting else scenario.files[0].as_posix(),
                    setting.row if setting else None,
                    knob,
                    name,
                    rule,
                    suggest_name(name, known, f"name a {column} of {table}, or take it out"),
                )
            )
    return faults


def _check_growth(scenario: Scenario, tables: Tables) -> list[Fault]:
    """Growth of a role's productivity and of all roles' together: at -1 nothing is left of it after a year."""
    demand, added = tables.demand, scenario.assumptions.demand.productivity_growth
    # A growth of -1 by itself is a fault of the table, whatever the scenario says.
    low = (demand["method"] == "ratio") & (demand["growth"] > -1) & (demand["growth"] + added <= -1)
    places = np.flatnonzero(low.to_numpy())
    if not len(places):
        return []
    setting = scenario.settings.get("demand.productivity_growth")
    where = f"{Path(setting.file).name}, row {setting.row}" if setting and setting.row else "the scenario"
    growth = list(demand["growth"].iloc[places])
    return faults_at(
        tables.files["demand"],
        "growth",
        tables.rows["demand"][places],
        [f"{value:.12g}" for value in growth],
        f"together with demand.productivity_growth, {added:.12g} ({where}), must be above -1",
        lambda k: f"state a growth above {-1 - added:.12g} here, or a higher demand.productivity_growth",
    )


def _check_lengths(assumptions: Assumptions, tables: Tables) -> list[Fault]:
    """Limits and prices for a period shorter than the plan's: a plan in quarters does not know its months."""
    word = assumptions.time.period
    rule, mend = f"is shorter than the plan's periods (time.period: {word})", f"name a {word} or a longer period"
    faults: list[Fault] = []
    for table, frame in (("limits", tables.limits), ("price_index", tables.price_index)):
        short = [text != "" and len(months_of(text)) < MONTHS_PER_PERIOD[word] for text in frame["period"]]
        places = np.flatnonzero(short)
        if len(places):
            stated, rows = list(frame["period"].iloc[places]), tables.rows[table][places]
            faults += faults_at(tables.files[table], "period", rows, stated, rule, lambda k: mend)
    return faults


def _check_days(scenario: Scenario, tables: Tables, start: pd.Timestamp) -> list[Fault]:
    faults: list[Fault] = []
    people, history = tables.people, tables.history
    rule = f"is after the plan's start, {start.date()}"
    mend = "mend the day, or take the row out: who is known to come belongs in the table under_way"
    for table, column, late in (
        ("people", "hire_date", people["hire_date"] > start),
        ("people", "role_since", (people["role_since"] > start) & ~(people["hire_date"] > start)),
        ("history", "date", history["date"] > start),
    ):
        places = np.flatnonzero(late.to_numpy())
        if len(places):
            days = list(getattr(tables, table)[column].iloc[places].dt.strftime("%Y-%m-%d"))
            faults += faults_at(tables.files[table], column, tables.rows[table][places], days, rule, lambda k: mend)
    places = np.flatnonzero((people["leave_date"] < start).to_numpy())
    if len(places):
        days = list(people["leave_date"].iloc[places].dt.strftime("%Y-%m-%d"))
        gone, out = (
            f"is before the plan's start, {start.date()}",
            "take the row out, for this person has left; or mend the day",
        )
        faults += faults_at(
            tables.files["people"], "leave_date", tables.rows["people"][places], days, gone, lambda k: out
        )
    observed = scenario.assumptions.attrition.observed_from
    if observed is not None and pd.Timestamp(observed) >= start:
        setting = scenario.settings["attrition.observed_from"]
        faults.append(
            Fault(
                setting.file,
                setting.row,
                "attrition.observed_from",
                str(observed),
                f"must be before the plan's start, {start.date()}",
                "name an earlier day, or null for all history",
            )
        )
    return faults


def months_of(period: str) -> range:
    """The months of a canonical period, counted from January of the year 0.

    >>> months_of("2026Q2") == range(24315, 24318)
    True
    """
    year = int(period[:4]) * 12
    if len(period) == 7:
        return range(year + int(period[5:]) - 1, year + int(period[5:]))
    if "Q" in period:
        return range(year + 3 * int(period[-1]) - 3, year + 3 * int(period[-1]))
    return range(year, year + 12)


def _planned_months(assumptions: Assumptions) -> range:
    first = assumptions.time.first.start_time
    start = first.year * 12 + first.month - 1
    return range(start, start + assumptions.time.horizon * MONTHS_PER_PERIOD[assumptions.time.period])


def _check_horizon(assumptions: Assumptions, tables: Tables) -> list[Fault]:
    planned = _planned_months(assumptions)
    faults: list[Fault] = []

    def check(table: str, name: str, periods: pd.Series) -> None:
        stated = {month for period in periods if period for month in months_of(period)}
        missing = [month for month in planned if month not in stated]
        if missing and (periods != "").all():
            first = f"{missing[0] // 12}-{missing[0] % 12 + 1:02d}"
            last = f"{missing[-1] // 12}-{missing[-1] % 12 + 1:02d}"
            faults.append(
                Fault(
                    tables.files[table],
                    None,
                    "period",
                    name,
                    f"has no value for {len(missing)} of the plan's {len(planned)} months, {first} to {last}",
                    "add rows for these months, or change time.start or time.horizon",
                )
            )

    if "drivers" in tables.present and "demand" in tables.present:
        series = {key: group["period"] for key, group in tables.drivers.groupby(["unit", "driver"])}
        unit = dict(zip(tables.roles["role"], tables.roles["unit"], strict=True))
        driven = tables.demand[tables.demand["method"].isin(["ratio", "elasticity"])]
        asked = [(unit.get(role, ""), driver) for role, driver in zip(driven["role"], driven["driver"], strict=True)]
        for own, driver in dict.fromkeys(key if key in series else ("company", key[1]) for key in asked):
            if (own, driver) in series:
                check("drivers", f"{driver} of {own}", series[own, driver])
    if "required" in tables.present:
        for role, periods in tables.required.groupby("role")["period"]:
            check("required", str(role), periods)
    return faults


def write_notes(tables: Tables, assumptions: Assumptions) -> tuple[tuple[str, dict[str, Any]], ...]:
    """What is switched off or was assumed, as (key, values):

    switched_off: table, part. no_history (no event of leaving, so nothing to estimate from; only where rates_missing does
    not say so): stated (whether rates state what is believed). on_cost_zero (on_cost blank and
    no pay rule for the place), pull_roles, people_without_demand, required_wins (in demand too): roles, count.
    not_used: names (of columns and tables that are given and checked, but that no stage reads yet).
    managers_unknown: count. budget_missing: years (of the plan, without a total). quarters_exceed_year: years, category
    (both caps hold, so the year's binds first). quarters_missing: category, quarters (of the plan, without an amount,
    while others have one). limits_outside, price_index_outside: years; limits_prorated: names (of rules that the plan covers
    in part). budget_outside: years (or quarters, with an amount and outside the plan). rates_missing: roles,
    count (no history, and no stated rate beside roles that have one).
    """
    notes: list[tuple[str, dict[str, Any]]] = []
    seen, given = has_leavers(tables.history), "rates" in tables.present
    silent = tables.roles["role"][~tables.roles["role"].isin(tables.rates["role"])]
    if not seen and not (given and len(silent)):
        notes.append(("no_history", {"stated": given}))
    for name, contract in CONTRACTS.items():
        if (
            contract.part
            and name != "history"
            and name not in UNUSED_TABLES
            and name not in tables.present
            and not (name == "budget" and assumptions.plan.budget is not None)
        ):
            notes.append(("switched_off", {"table": name, "part": contract.part}))
    roles, rules = tables.roles, tables.pay_rules
    covered = roles["location"].isin(rules.loc[rules["contribution"].notna(), "location"])
    _note_roles(notes, "on_cost_zero", roles["role"][roles["on_cost"].isna() & ~covered])
    _note_roles(notes, "pull_roles", roles["role"][roles["replaces_by"] == "pull"])
    staffed = {*tables.people["role"], *tables.stock.loc[tables.stock["headcount"] > 0, "role"]}
    needed = {*tables.demand["role"], *tables.required["role"]}
    _note_roles(notes, "people_without_demand", roles["role"][roles["role"].isin(staffed - needed)])
    _note_roles(
        notes, "required_wins", roles["role"][roles["role"].isin({*tables.demand["role"]} & {*tables.required["role"]})]
    )
    unused = _list_unused(tables)
    if unused:
        notes.append(("not_used", {"names": ", ".join(unused)}))
    managers = tables.people["manager"]
    unknown = int((~managers.isin([*tables.people["person"], ""])).sum())
    if unknown:
        notes.append(("managers_unknown", {"count": unknown}))
    if "budget" in tables.present and assumptions.plan.budget is None:
        stated = set(tables.budget.loc[tables.budget["category"] == "total", "period"].str[:4])
        years = sorted({str(month // 12) for month in _planned_months(assumptions)} - stated)
        if years:
            notes.append(("budget_missing", {"years": ", ".join(years)}))
    planned = set(_planned_months(assumptions))
    outside = [period for period in dict.fromkeys(tables.budget["period"]) if not planned & set(months_of(period))]
    if outside:
        notes.append(("budget_outside", {"years": ", ".join(outside)}))
    notes += _note_rules(tables, planned)
    notes += _note_quarters(tables.budget, assumptions)
    if given and not seen:
        _note_roles(notes, "rates_missing", silent)
    return tuple(notes)


def _note_rules(tables: Tables, planned: set[int]) -> list[tuple[str, dict[str, Any]]]:
    """Rows of limits and price_index outside the plan, and rules of limits that it covers in part."""
    notes: list[tuple[str, dict[str, Any]]] = []
    for name in ("limits", "price_index"):
        periods = [period for period in dict.fromkeys(getattr(tables, name)["period"]) if period]
        outside = [period for period in periods if not planned & set(months_of(period))]
        if outside:
            notes.append((f"{name}_outside", {"years": ", ".join(outside)}))
    limits = tables.limits[~tables.limits["action"].isin(THERE)]
    years = {str(month // 12) for month in planned}
    partly = [
        name
        for name, period, per in zip(limits["limit"], limits["period"], limits["per"], strict=True)
        for label in ([period] if period else years if per == "year" else [])
        if 0 < len(planned & set(months_of(label))) < len(months_of(label))
    ]
    if partly:
        notes.append(("limits_prorated", {"names": ", ".join(dict.fromkeys(partly))}))
    return notes


def _note_quarters(budget: pd.DataFrame, assumptions: Assumptions) -> list[tuple[str, dict[str, Any]]]:
    """What is worth saying of the quarters of the budget, category by category."""
    notes: list[tuple[str, dict[str, Any]]] = []
    planned = list(dict.fromkeys(f"{month // 12}Q{month % 12 // 3 + 1}" for month in _planned_months(assumptions)))
    for category, rows in budget.groupby("category", sort=False):
        if category == "total" and assumptions.plan.budget is not None:
            continue  # the knob stands for the table's totals
        by_quarter = rows["period"].str.contains("Q", regex=False)
        whole, parts = (part.set_index("period")["amount"] for part in (rows[~by_quarter], rows[by_quarter]))
        summed = parts.groupby(parts.index.str[:4]).sum()
        over = [year for year in summed.index.intersection(whole.index) if summed[year] > whole[year] + ROUNDING]
        if over:
            notes.append(("quarters_exceed_year", {"years": ", ".join(over), "category": str(category)}))
        # A year with an amount of its own limits its quarters; a year without any is told by budget_missing.
        told = {quarter[:4] for quarter in planned} - set(summed.index) if category == "total" else set()
        missing = [q for q in planned if q not in parts.index and q[:4] not in {*whole.index, *told}]
        if len(parts) and missing:
            notes.append(("quarters_missing", {"category": str(category), "quarters": ", ".join(missing)}))
    return notes


def _list_unused(tables: Tables) -> list[str]:
    columns = [
        f"{table}.{column}"
        for table, names in UNUSED_COLUMNS.items()
        for column in names
        if getattr(tables, table)[column].notna().any()
    ]
    return columns + [table for table in UNUSED_TABLES if table in tables.present]


def _note_roles(notes: list[tuple[str, dict[str, Any]]], key: str, roles: pd.Series) -> None:
    if len(roles):
        names = ", ".join(roles[:SHOWN]) + (", ..." if len(roles) > SHOWN else "")
        notes.append((key, {"roles": names, "count": len(roles)}))
