"""Staffing in the past: FTE by role and month, rebuilt backwards from the people of the plan's start and the events."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.inputs.case import Case


@dataclass(frozen=True)
class Staffing:
    """fte: FTE at the close of each observed month; index = month numbers (12 x year + month - 1) in order, one column a
    role. step: months between two observations (1 for dated events, 12 for yearly snapshots).
    fte_per_head: [role] mean working time today, by which past headcount was turned into FTE."""

    fte: pd.DataFrame
    step: int
    fte_per_head: pd.Series


def measure_staffing(case: Case) -> Staffing:
    """FTE at each past month's close: the headcount of the plan's start less whoever came after that month plus whoever
    went, times the role's mean working time today (that of the past is not in the tables).

    Dated events give every month from the first event to the one before the plan; roster snapshots (`after` filled)
    give the months of the snapshots only. A person hired since the first event whose join is not among the events
    joined on their hire date. attrition.observed_from cuts the past off. Without history, or with `stock` instead of
    people, only the close before the plan's start is known.

    >>> measure_staffing(case).fte["clerk"].iloc[-1]  # doctest: +SKIP
    """
    roles, people, start = case.tables.roles["role"], case.tables.people, _month(case.start)
    now, per_head = _present(case)
    history = case.tables.history
    # With `stock` nobody is known by person, so that events cannot be set against those still here.
    if history.empty or people.empty:
        return Staffing(now.mul(per_head).to_frame(start - 1).T, 1, per_head)
    exits = history[history["event"] != "join"]
    told = exits if len(exits) else history
    snapshots = bool(told["after"].notna().all())
    # A roster of 1 January shows the close of December, and so do the events that it was the first to show.
    shift = pd.Timedelta(days=1 if snapshots else 0)
    # Rosters show who was there: a hire date within their time without a join is a mended one.
    whole = snapshots and bool((history["event"] == "join").any())
    events = history if whole else _add_unseen_joins(history, people)
    month = _months(events["date"] - shift)
    came = _count(events["to_role"], month, roles)
    went = _count(events["from_role"], month, roles)
    shown = {*_months(told["date"] - shift), *_months(told["after"] - shift)} if snapshots else set()
    seen = shown or set(range(int(month.min()), start))
    observed = case.assumptions.attrition.observed_from
    first = _month(pd.Timestamp(observed)) if observed is not None else min(seen)
    kept = sorted(at for at in seen if first <= at < start) or [start - 1]
    heads = np.array([now + _after(went, at) - _after(came, at) for at in kept])
    gaps = np.diff(kept)
    frame = pd.DataFrame(np.maximum(heads, 0.0), index=kept, columns=list(roles))
    return Staffing(frame.mul(per_head, axis=1), int(np.median(gaps)) if len(gaps) else 1, per_head)


def _present(case: Case) -> tuple[pd.Series, pd.Series]:
    """Heads by role at the plan's start, and FTE a head (1 where nobody is there to tell)."""
    roles, people, stock = case.tables.roles["role"], case.tables.people, case.tables.stock
    if len(people):
        grouped = people.groupby("role")["fte"]
        return grouped.size().reindex(roles, fill_value=0).astype(float), grouped.mean().reindex(roles).fillna(1.0)
    heads = stock.groupby("role")["headcount"].sum().reindex(roles, fill_value=0.0)
    return heads.astype(float), pd.Series(1.0, index=roles)


def _add_unseen_joins(history: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """The events with a join for each person whose hire date lies in the observed time and has no join event."""
    opening = history["date"].min()
    ordered = history.sort_values("date", kind="stable")
    first = ordered.drop_duplicates("person").set_index("person")
    everybody = pd.DataFrame(
        {
            "person": [*people["person"], *first.index[~first.index.isin(people["person"])]],
        }
    )
    hired = people.set_index("person")["hire_date"].reindex(everybody["person"]).reset_index(drop=True)
    stated = first["hire_date"].reindex(everybody["person"]).reset_index(drop=True)
    event = first["event"].reindex(everybody["person"]).fillna("").reset_index(drop=True)
    role = first["from_role"].reindex(everybody["person"]).reset_index(drop=True)
    today = people.set_index("person")["role"].reindex(everybody["person"]).reset_index(drop=True)
    day = stated.fillna(hired)
    unseen = (event != "join") & (day > opening)
    # Somebody who left and came back has a hire date of the second time: that join must be an event of its own.
    back = day > first["date"].reindex(everybody["person"]).reset_index(drop=True)
    joins = pd.DataFrame(
        {"date": day, "to_role": role.where(event != "", today), "from_role": ""}, index=everybody.index
    )[unseen & ~back.fillna(False)]
    return pd.concat([history[["date", "from_role", "to_role"]], joins], ignore_index=True)


def _count(roles: pd.Series, month: np.ndarray, order: pd.Series) -> pd.DataFrame:
    """Events by month (rows) and role."""
    table = pd.crosstab(month, roles.to_numpy())
    return table.reindex(columns=order, fill_value=0)


def _after(events: pd.DataFrame, month: int) -> pd.Series:
    return events[events.index > month].sum().astype(float)


def _month(day: pd.Timestamp) -> int:
    return int(day.year * 12 + day.month - 1)


def _months(days: pd.Series) -> np.ndarray:
    return (days.dt.year * 12 + days.dt.month - 1).to_numpy(dtype=np.int64)
