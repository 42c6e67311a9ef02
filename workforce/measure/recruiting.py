"""The calendar of requisitions: when a search must be opened so that people are there when they are needed."""

from typing import Any

import numpy as np
import pandas as pd

from workforce.inputs.case import Case
from workforce.inputs.targets import applies_to

PLAN = "plan"
COLUMNS = [
    "period",
    "source",
    "role",
    "unit",
    "starts",
    "offers",
    "channel",
    "choice",
    "lead_p50",
    "lead_p90",
    "needed",
    "open_by_p50",
    "open_by",
    "passed",
]
DAYS_A_MONTH = 365.25 / 12


def schedule_requisitions(case: Case, parts: pd.DataFrame, actions: pd.DataFrame) -> pd.DataFrame:
    """The latest day on which a requisition must be opened for each needed start.

    parts: as Demand.parts; every rise of a project's requirement is a needed start, once through the cheapest channel of
    the role (money per person who starts) and once through the fastest (least lead_p90). actions: as the plan's; every
    hire is a needed start through its own channel.

    Returns, in order of open_by: period (of the start), source (the project, or "plan"), role, unit, starts (people who
    start; FTE for a project), offers (to be made for them), channel, choice (plan, cheapest, fastest, none where no channel
    of the scenario reaches the role), lead_p50, lead_p90 (months from search to first day), needed (first day of the
    period), open_by_p50, open_by (latest day to be in time in half, in nine of ten cases), passed (open_by is before the
    plan's start).

    Time to fill: lead_months is its median and lead_p90 its ninth decile, as channels state them (blank = lead_months).
    A requisition is opened supply.requisition_days working days (Monday to Friday, holidays not counted out) before its
    search begins.
    """
    roles = case.tables.roles
    unit = dict(zip(roles["role"], roles["unit"], strict=True))
    offered = _list_channels(case)
    rows = []
    for period, project, role, fte in _project_starts(parts):
        open_ways = [way for way in offered.get(role, []) if way["arrive"] > 0]
        choices: dict[str, dict[str, Any] | None] = {"none": None}
        if open_ways:
            choices = {
                "cheapest": min(open_ways, key=lambda way: (way["cost"] / way["arrive"], way["lead_p90"])),
                "fastest": min(open_ways, key=lambda way: (way["lead_p90"], way["cost"] / way["arrive"])),
            }
        for choice, way in choices.items():
            arrive = way["arrive"] if way else np.nan
            rows.append(_write_row(case, period, project, role, unit[role], fte, fte / arrive, way, choice))
    for hire in actions[(actions["action"] == "hire") & (actions["heads"] > 1e-6)].itertuples():
        way = next(way for way in offered[hire.to_role] if way["channel"] == hire.via)
        starts = hire.heads * way["arrive"]
        rows.append(
            _write_row(case, hire.arrives, PLAN, hire.to_role, unit[hire.to_role], starts, hire.heads, way, PLAN)
        )
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for name in ("needed", "open_by_p50", "open_by"):
        frame[name] = pd.to_datetime(frame[name])
    frame["passed"] = frame["open_by"] < case.start
    return frame.sort_values(["open_by", "needed"], kind="stable", na_position="last").reset_index(drop=True)


def _project_starts(parts: pd.DataFrame) -> list[tuple[pd.Period, str, str, float]]:
    """Where a project's requirement rises, and by how much FTE; what it asks for in the first period is a rise."""
    rising = []
    for (role, project), rows in parts[parts["method"] == "project"].groupby(["role", "driver"], sort=False):
        rise = rows["fte"].diff().fillna(rows["fte"])
        rising += [
            (period, project, role, float(fte)) for period, fte in zip(rows["period"], rise, strict=True) if fte > 1e-9
        ]
    return rising


def _list_channels(case: Case) -> dict[str, list[dict[str, Any]]]:
    """The channels the scenario allows, by role that they reach, in the order of the table."""
    roles, allowed = case.tables.roles, case.assumptions.supply.channels
    ways: dict[str, list[dict[str, Any]]] = {}
    for row in case.tables.channels.itertuples():
        if allowed is None or row.channel in allowed:
            slow = row.lead_months if np.isnan(row.lead_p90) else row.lead_p90
            way = {"channel": row.channel, "cost": row.cost, "arrive": row.arrive}
            way |= {"lead_p50": float(row.lead_months), "lead_p90": float(slow)}
            for role in roles["role"].to_numpy()[applies_to(row, roles)]:
                ways.setdefault(role, []).append(way)
    return ways


def _write_row(
    case: Case,
    period: pd.Period,
    source: str,
    role: str,
    unit: str,
    starts: float,
    offers: float,
    way: dict[str, Any] | None,
    choice: str,
) -> tuple:
    start = period.start_time
    if way is None:
        return (period, source, role, unit, starts, np.nan, "", choice, np.nan, np.nan, start, pd.NaT, pd.NaT, False)
    days = case.assumptions.supply.requisition_days
    half, most = (open_by(start, way[name], days) for name in ("lead_p50", "lead_p90"))
    leads = (way["lead_p50"], way["lead_p90"])
    return (period, source, role, unit, starts, offers, way["channel"], choice, *leads, start, half, most, False)


def open_by(start: pd.Timestamp, lead_months: float, requisition_days: int) -> pd.Timestamp:
    """The working day that lies `requisition_days` working days before the search, which begins `lead_months` before start.

    >>> open_by(pd.Timestamp("2026-07-01"), 3.0, 15)  # search from 1 April; 15 working days before
    Timestamp('2026-03-11 00:00:00')
    """
    whole = int(lead_months)
    search = start - pd.DateOffset(months=whole) - pd.Timedelta(days=round((lead_months - whole) * DAYS_A_MONTH))
    day = np.busday_offset(search.date(), -requisition_days, roll="backward")
    return pd.Timestamp(day)


def explain_calendar(case: Case, calendar: pd.DataFrame) -> list[tuple[str, dict[str, Any]]]:
    """What the report says of the calendar, as (key, values): requisitions_late (late, of, role: starts too late even
    through the best way counted) and lead_p90_blank (channels)."""
    told: list[tuple[str, dict[str, Any]]] = []
    best = calendar[calendar["choice"].isin([PLAN, "fastest"])]
    late = best[best["passed"]]
    if len(late):
        told.append(("requisitions_late", {"late": len(late), "of": len(best), "role": str(late["role"].iloc[0])}))
    channels = case.tables.channels
    blank = channels.loc[channels["lead_p90"].isna(), "channel"]
    if len(blank) and len(calendar):
        told.append(("lead_p90_blank", {"channels": list(dict.fromkeys(blank))}))
    return told
