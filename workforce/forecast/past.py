"""The past as it stood: the case that a planner would have had at an earlier day, and what then happened.

Nothing later than the origin is left in a past case: later events are not known, later joiners are not there, later
leavers still are, and everybody stands in the role of that day.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from workforce.forecast.spells import month_number
from workforce.inputs.case import Case

ORDER = {"leave": 0, "move": 1, "join": 2}
YEAR = 12


@dataclass(frozen=True)
class Window:
    """One year of the past: origin (its first month) and until (the first month after it), counted from January of
    year 0."""

    origin: int
    until: int

    @property
    def months(self) -> int:
        return self.until - self.origin

    @property
    def period(self) -> pd.Period:
        """The first month that is forecast."""
        return pd.Period(year=self.origin // 12, month=self.origin % 12 + 1, freq="M")

    @property
    def last(self) -> pd.Period:
        """The last month that is forecast."""
        return pd.Period(year=(self.until - 1) // 12, month=(self.until - 1) % 12 + 1, freq="M")


def order_events(history: pd.DataFrame) -> pd.DataFrame:
    """History in order of person and time, with `month` (of its date); on one day people leave, move, join."""
    rank = history["event"].map(ORDER)
    ordered = history.assign(month=month_number(history["date"]), rank=rank)
    return ordered.sort_values(["person", "date", "rank"], kind="stable").reset_index(drop=True)


def find_windows(case: Case) -> list[Window]:
    """The years of history, earliest first, each ending where the next begins and the last with the history.

    Dated events: years counted back from the plan's start as far as history reaches. Snapshots: from snapshot to
    snapshot, about a year apart (the earliest one within 12 months, else the one before).
    """
    history = case.tables.history
    leaves = history[history["event"] == "leave"]
    if leaves.empty:
        return []
    by_snapshot = bool(leaves["after"].notna().all())
    exits = history[history["event"] != "join"]
    opening = exits["after"].where(exits["after"].notna(), exits["date"]).min()
    observed = case.assumptions.attrition.observed_from
    first_day = max(opening, pd.Timestamp(observed)) if observed is not None else opening
    first = first_day.year * 12 + first_day.month - 1 + int(by_snapshot)
    if by_snapshot:
        days = pd.concat([leaves["after"], leaves["date"]]).drop_duplicates()
        stops = sorted({int(month) + 1 for month in month_number(days) if month + 1 >= first})
    else:
        stops = list(range(case.start.year * 12 + case.start.month - 1, first - 1, -1))[::-1]
    windows: list[Window] = []
    until = stops[-1] if stops else 0
    while earlier := [stop for stop in stops if stop < until]:
        near = [stop for stop in earlier if stop >= until - YEAR]
        if not by_snapshot and until - YEAR < first:
            break
        origin = near[0] if near else earlier[-1]
        windows.append(Window(origin, until))
        until = origin
    return windows[::-1]


def roster_at(case: Case, month: int) -> pd.DataFrame:
    """Who stood in which role at the opening of a month: person, role, hire_date.

    From the events: the role that the last earlier event led to, else the one that the first later event left, else
    the one in `people`. A hire date is the one stated nearest before; where none is known up to that day, the middle
    one of the role.
    """
    events, people = order_events(case.tables.history), case.tables.people
    before = events[events["month"] < month].groupby("person", sort=False).tail(1)
    after = events[(events["month"] >= month) & ~events["person"].isin(before["person"])]
    after = after.groupby("person", sort=False).head(1)
    quiet = people[~people["person"].isin(events["person"])]
    parts = [
        pd.DataFrame({"person": before["person"], "role": before["to_role"]})[before["event"] != "leave"],
        pd.DataFrame({"person": after["person"], "role": after["from_role"]})[after["event"] != "join"],
        quiet[["person", "role"]],
    ]
    roster = pd.concat(parts, ignore_index=True).sort_values("person", kind="stable").reset_index(drop=True)
    day = pd.Timestamp(year=month // 12, month=month % 12 + 1, day=1)
    stated = events.assign(hired=events["hire_date"].fillna(events["date"].where(events["event"] == "join")))
    stated = stated[stated["hired"] < day].dropna(subset=["hired"])
    known = stated[stated["month"] < month].groupby("person")["hired"].last()
    later = stated[stated["month"] >= month].groupby("person")["hired"].first()
    table = people.set_index("person")["hire_date"]
    hired = known.reindex(roster["person"])
    for source in (later, table.where(table < day)):
        hired = hired.fillna(source.reindex(roster["person"]))
    hired = hired.set_axis(roster.index)
    middle = hired.groupby(roster["role"]).transform("median").fillna(hired.median()).fillna(day)
    return roster.assign(hire_date=hired.fillna(middle))


def rebuild_case(case: Case, window: Window) -> Case:
    """The case as it stood at the window's origin: its roster, the history known by then, a plan of the window's months.

    Kept: today's list of roles. Left out: what the scenario does to the future (multipliers, offers), rates that were
    stated later, and all columns of people that are known only of those who stayed; dates of birth are such a column,
    so retirement is forecast at its estimated rate and not by an age rule.
    """
    start = window.period.start_time
    tables, assumptions = case.tables, case.assumptions
    roster = roster_at(case, window.origin)
    blank = tables.people.iloc[:0].drop(columns=list(roster.columns))
    people = roster.join(blank.reindex(roster.index))[list(tables.people.columns)]
    people = people.assign(fte=1.0, status="active")
    past = replace(
        tables,
        people=people,
        history=tables.history[tables.history["date"] < start].reset_index(drop=True),
        roles=tables.roles.assign(replaces_by="push"),
        stock=tables.stock.iloc[:0],
        rates=tables.rates.iloc[:0],
        transitions=tables.transitions.iloc[:0],
    )
    time = assumptions.time.model_copy(
        update={"period": "month", "start": str(window.period), "horizon": window.months}
    )
    plain = {"multiplier": 1.0, "multiplier_by_unit": {}, "multiplier_by_role": {}}
    scenario = replace(
        case.scenario,
        assumptions=assumptions.model_copy(
            update={
                "time": time,
                "attrition": assumptions.attrition.model_copy(update=plain),
                "retirement": assumptions.retirement.model_copy(update={"rule": "none"}),
                "mobility": assumptions.mobility.model_copy(update={"multiplier": 1.0}),
                "supply": assumptions.supply.model_copy(update={"retention_offers": ()}),
            }
        ),
    )
    return Case(scenario, past, case.data)


@dataclass(frozen=True)
class Outcome:
    """What happened in a window, in persons by role number of the case.

    opening: [role] at its origin. left: [role] those of them who left, by their role at the origin. stayed: [role,
    role] those who did not, by their roles at the origin and at its end. left_all: [role] everybody who left, later
    joiners too, by the role they left. joined: [month, role]. closing: [role].
    """

    opening: np.ndarray
    left: np.ndarray
    stayed: np.ndarray
    left_all: np.ndarray
    joined: np.ndarray
    closing: np.ndarray


def measure_outcome(case: Case, window: Window) -> Outcome:
    """Count what the history says of a window. Somebody who left and came back within it has left, and joined."""
    roles = list(case.tables.roles["role"])
    number = {role: index for index, role in enumerate(roles)}
    events = order_events(case.tables.history)
    within = events[(events["month"] >= window.origin) & (events["month"] < window.until)]
    opening, closing = (
        roster_at(case, month).assign(role=lambda roster: roster["role"].map(number))
        for month in (window.origin, window.until)
    )
    leaves = within[within["event"] == "leave"]
    gone = opening["person"].isin(leaves["person"])
    both = opening[~gone].merge(closing, on="person", suffixes=("", "_end"))
    stayed = np.zeros((len(roles), len(roles)))
    np.add.at(stayed, (both["role"].astype(int), both["role_end"].astype(int)), 1.0)
    joins = within[within["event"] == "join"]
    joined = np.zeros((window.months, len(roles)))
    np.add.at(joined, ((joins["month"] - window.origin).astype(int), joins["to_role"].map(number).astype(int)), 1.0)

    def count(numbers: pd.Series) -> np.ndarray:
        return np.bincount(numbers.astype(int), minlength=len(roles)).astype(float)

    return Outcome(
        count(opening["role"]),
        count(opening.loc[gone, "role"]),
        stayed,
        count(leaves["from_role"].map(number)),
        joined,
        count(closing["role"]),
    )
