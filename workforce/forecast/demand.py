"""Demand: required FTE by role and period from the business plan, each figure explained."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.errors import Fault, InputError
from workforce.inputs.business_plan import COMPANY, LEVELS, driver_values, planned_months, read_series
from workforce.inputs.case import Case
from workforce.inputs.rules import parse_profile, split_reports


@dataclass(frozen=True)
class Demand:
    """frame: role, unit, period, low, base, high, required (FTE; required = the level that the scenario plans for).
    parts: role, unit, period, method, driver, driver_value, ratio (driver units per FTE; reports per leader for span),
    fte: one row for every requirement that adds up to `required`. held: drivers whose last month was held because a
    lead looks beyond the plan."""

    frame: pd.DataFrame
    parts: pd.DataFrame
    held: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    role: str
    method: str
    driver: str
    driver_value: np.ndarray
    ratio: np.ndarray
    fte: np.ndarray


def forecast_demand(case: Case) -> pd.DataFrame:
    """Required FTE: role, unit, period, low, base, high, required. See `explain_demand` for what each figure is made
    of."""
    return explain_demand(case).frame


def explain_demand(case: Case) -> Demand:
    """Requirements by the methods of model.md, section 2: ratio, fixed, project, then span in layer order; stated
    requirements.

    Raises InputError with every driver that is missing or incomplete, and every circle of span rows.
    """
    roles = case.tables.roles
    unit = dict(zip(roles["role"], roles["unit"], strict=True))
    stated = read_series(case, "required", ["role"], ("fte", "low", "high"))
    series = read_series(case, "drivers", ["unit", "driver"], LEVELS)
    parts: list[_Part] = [_stated_part(case, key[0], monthly, unit) for key, monthly in stated.items()]
    spans: list = []
    held: list[str] = []
    faults: list[Fault] = []
    for row in case.tables.demand.itertuples():
        if (row.role,) in stated:
            continue
        try:
            if row.method == "span":
                spans.append(row)
            elif row.method == "ratio":
                part, was_held = _ratio_part(case, row, series, unit)
                parts.append(part)
                held += [f"{unit[row.role]}/{row.driver}"] * was_held
            elif row.method == "fixed":
                parts.append(
                    _part(case, row.role, "fixed", "", np.nan, np.nan, np.full((len(case.periods), 3), row.fte))
                )
            elif row.driver in case.assumptions.demand.projects:
                parts.append(_project_part(case, row))
        except InputError as error:
            faults += error.faults
    if not faults:
        parts, faults = _add_spans(case, parts, spans)
    if faults:
        raise InputError(faults)
    return _tabulate(case, parts, tuple(dict.fromkeys(held)))


def _part(case: Case, role: str, method: str, driver: str, value, ratio, fte: np.ndarray) -> _Part:
    shape = (len(case.periods), len(LEVELS))
    return _Part(role, method, driver, np.broadcast_to(value, shape), np.broadcast_to(ratio, shape), fte)


def _multiplier(case: Case, unit: str) -> float:
    settings = case.assumptions.demand
    return settings.multiplier * settings.multiplier_by_unit.get(unit, 1.0)


def _stated_part(case: Case, role: str, monthly: pd.DataFrame, unit: dict[str, str]) -> _Part:
    filled = pd.DataFrame(
        {
            "low": monthly["low"].fillna(monthly["fte"]),
            "base": monthly["fte"],
            "high": monthly["high"].fillna(monthly["fte"]),
        }
    )
    values, _ = driver_values(case, filled, 0, f"required, {role}")
    return _part(case, role, "stated", "", np.nan, np.nan, values * _multiplier(case, unit[role]))


def _ratio_part(case: Case, row, series: dict, unit: dict[str, str]) -> tuple[_Part, bool]:
    """driver(t + lead) / productivity(t); productivity grows by `growth` a year from the plan's first period."""
    monthly = series.get((unit[row.role], row.driver))
    if monthly is None:
        monthly = series.get((COMPANY, row.driver))
    role = case.tables.roles.set_index("role").loc[row.role]
    productivity = row.ratio if not np.isnan(row.ratio) else role["productivity"]
    file = case.tables.files.get("demand", "demand")
    if monthly is None:
        rule = f"a driver of the role's unit ({unit[row.role]}) or of the company"
        raise InputError(
            [Fault(file, None, "driver", row.driver, rule, "add its rows to drivers, or correct the name")]
        )
    if not productivity > 0:
        rule = f"role {row.role} needs driver units per FTE above 0"
        raise InputError(
            [Fault(file, None, "ratio", str(productivity), rule, "fill ratio here or productivity in roles")]
        )
    values, held = driver_values(case, monthly, int(row.lead_months), f"{unit[row.role]}/{row.driver}")
    growth = (0.0 if np.isnan(row.growth) else row.growth) + case.assumptions.demand.productivity_growth
    years = np.arange(len(case.periods)) * case.months_per_period / 12.0
    served = productivity * (1.0 + growth) ** years[:, None]
    values = values * _multiplier(case, unit[row.role])
    return _part(case, row.role, "ratio", row.driver, values, served, values / served), held


def _project_part(case: Case, row) -> _Part:
    """A staffing profile laid on a dated project: FTE held from each pair's month (counted from the launch) to the
    next pair's."""
    projects = case.tables.projects.set_index("project")
    project = projects.loc[row.driver]
    launch = project["launch"].year * 12 + project["launch"].month - 1
    pairs = parse_profile(row.profile)
    months = planned_months(case)[:, -1]
    starts = np.array([launch + month for month, _ in pairs])
    levels = np.array([0.0] + [fte for _, fte in pairs])
    fte = levels[np.searchsorted(starts, months, side="right")]
    if not pd.isna(project["end"]):
        fte = np.where(months > project["end"].year * 12 + project["end"].month - 1, 0.0, fte)
    return _part(case, row.role, "project", row.driver, np.nan, np.nan, np.repeat(fte[:, None], len(LEVELS), axis=1))


def _add_spans(case: Case, parts: list[_Part], spans: list) -> tuple[list[_Part], list[Fault]]:
    """Leaders = reports' FTE / span, rounded up to whole leaders, each layer after the roles it leads."""
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
            fte = np.ceil(np.round(reports / span, 9))
            parts = [*parts, _part(case, row.role, "span", row.reports or "unit", reports, span, fte)]
        waiting = [row for row in waiting if row not in ready]
    return parts, []


def _led(row, roles: pd.DataFrame, leaders: set[str]) -> list[str]:
    if row.reports:
        return split_reports(row.reports)
    unit = roles.loc[roles["role"] == row.role, "unit"].iloc[0]
    return [role for role in roles.loc[roles["unit"] == unit, "role"] if role not in leaders]


def _tabulate(case: Case, parts: list[_Part], held: tuple[str, ...]) -> Demand:
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
    return Demand(frame, explained, held)
