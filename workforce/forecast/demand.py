"""Demand: required FTE by role and period from the business plan, each figure explained."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.errors import Fault, InputError
from workforce.forecast.requirements import (
    Part,
    Told,
    make_part,
    require_elasticity,
    require_fixed,
    require_project,
    require_ratio,
    require_stated,
    require_trend,
)
from workforce.forecast.staffing import measure_staffing
from workforce.inputs.business_plan import LEVELS, read_series
from workforce.inputs.case import Case
from workforce.inputs.rules import split_reports


@dataclass(frozen=True)
class Demand:
    """frame: role, unit, period, low, base, high, required (FTE; required = the level that the scenario plans for).
    parts: role, unit, period, method (as used: ratio where an elasticity was refused, held where a trend was), driver,
    driver_value, ratio (driver units per FTE, season and growth in it; reports per leader for span), fte: one row for every
    requirement that adds up to `required`. held: drivers whose last month was held because a
    lead looks beyond the plan. told: what was fitted, and what was refused and replaced, as (key, values) for the report:
    elasticity_used, elasticity_refused, trend_used, trend_held."""

    frame: pd.DataFrame
    parts: pd.DataFrame
    held: tuple[str, ...]
    told: Told = ()


def forecast_demand(case: Case) -> pd.DataFrame:
    """Required FTE: role, unit, period, low, base, high, required. See `explain_demand` for what each figure is made
    of."""
    return explain_demand(case).frame


def explain_demand(case: Case) -> Demand:
    """Requirements by the methods of model.md, section 2, a part each (requirements.py): ratio, elasticity, trend, fixed,
    project, then span in layer order; stated requirements instead of all of these where a role has them.

    Raises InputError with every driver that is missing or incomplete, and every circle of span rows.
    """
    roles = case.tables.roles
    unit = dict(zip(roles["role"], roles["unit"], strict=True))
    stated = read_series(case, "required", ["role"], ("fte", "low", "high"))
    series = read_series(case, "drivers", ["unit", "driver"], LEVELS)
    demand = case.tables.demand
    past = measure_staffing(case) if demand["method"].isin(["elasticity", "trend"]).any() else None
    parts = [require_stated(case, key[0], unit[key[0]], monthly) for key, monthly in stated.items()]
    spans: list = []
    faults: list[Fault] = []
    for row in demand.itertuples():
        if (row.role,) in stated:
            continue
        try:
            if row.method == "span":
                spans.append(row)
            elif row.method == "ratio":
                parts.append(require_ratio(case, row, unit[row.role], series))
            elif row.method == "elasticity" and past is not None:
                parts.append(require_elasticity(case, row, unit[row.role], series, past))
            elif row.method == "trend" and past is not None:
                parts.append(require_trend(case, row, unit[row.role], past))
            elif row.method == "fixed":
                parts.append(require_fixed(case, row))
            elif row.driver in case.assumptions.demand.projects:
                parts.append(require_project(case, row))
        except InputError as error:
            faults += error.faults
    told = [entry for part in parts for entry in part.told]
    if not faults:
        parts, faults = _add_spans(case, parts, spans)
    if faults:
        raise InputError(list(dict.fromkeys(faults)))
    held = dict.fromkeys(values["drivers"] for key, values in told if key == "driver_held")
    return _tabulate(case, parts, tuple(held), tuple(entry for entry in told if entry[0] != "driver_held"))


def _add_spans(case: Case, parts: list[Part], spans: list) -> tuple[list[Part], list[Fault]]:
    """Leaders = reports' FTE / span, rounded up to whole leaders unless demand.rounding is none, each layer after the
    roles it leads."""
    roles = case.tables.roles
    leaders = {row.role for row in spans}
    waiting = list(spans)
    while waiting:
        open_roles = {row.role for row in waiting}
        ready = [row for row in waiting if not open_roles.intersection(_led(row, roles, leaders))]
        if not ready:
            file, names = case.tables.files.get("demand", "demand"), ", ".join(sorted(open_roles))
            rule = "the layers of span rows must not lead each other in a circle"
            return parts, [Fault(file, None, "reports", names, rule, "take one role out of `reports`")]
        for row in ready:
            led = set(_led(row, roles, leaders))
            reports = sum((part.fte for part in parts if part.role in led), np.zeros((len(case.periods), len(LEVELS))))
            span = row.span if not np.isnan(row.span) else float(roles.loc[roles["role"] == row.role, "span"].iloc[0])
            fte = np.ceil(np.round(reports / span, 9)) if row.rounding == "up" else reports / span
            parts = [*parts, make_part(case, row.role, "span", row.reports or "unit", reports, span, fte)]
        waiting = [row for row in waiting if row not in ready]
    return parts, []


def _led(row, roles: pd.DataFrame, leaders: set[str]) -> list[str]:
    if row.reports:
        return split_reports(row.reports)
    unit = roles.loc[roles["role"] == row.role, "unit"].iloc[0]
    return [role for role in roles.loc[roles["unit"] == unit, "role"] if role not in leaders]


def _tabulate(case: Case, parts: list[Part], held: tuple[str, ...], told: Told) -> Demand:
    roles, periods = case.tables.roles, case.periods
    level = LEVELS.index(case.assumptions.demand.level)
    number = {role: index for index, role in enumerate(roles["role"])}
    total = np.zeros((len(periods), len(roles), len(LEVELS)))
    rows = []
    for part in sorted(parts, key=lambda item: number[item.role]):
        total[:, number[part.role]] += part.fte
        columns = {"driver_value": part.driver_value, "ratio": part.ratio, "fte": part.fte}
        frame = pd.DataFrame({name: values[:, level] for name, values in columns.items()})
        frame.insert(0, "driver", part.driver)
        frame.insert(0, "method", part.method)
        frame.insert(0, "period", periods)
        frame.insert(0, "unit", roles["unit"].iloc[number[part.role]])
        frame.insert(0, "role", part.role)
        rows.append(frame)
    names = ["role", "unit", "period", "method", "driver", "driver_value", "ratio", "fte"]
    explained = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=names)
    frame = pd.DataFrame(
        {
            "role": np.tile(roles["role"].to_numpy(dtype=object), len(periods)),
            "unit": np.tile(roles["unit"].to_numpy(dtype=object), len(periods)),
            "period": periods.repeat(len(roles)),
        }
    )
    flat = total.reshape(-1, len(LEVELS))
    frame = frame.assign(**{name: flat[:, index] for index, name in enumerate(LEVELS)}, required=flat[:, level])
    return Demand(frame, explained, held, told)
