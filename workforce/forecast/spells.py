"""Spells: who was in which role from when to when, and how it ended.

Events are put on the grid of calendar months that the dynamics use (people leave before others join, so a joiner of
month J is first at risk in month J + 1 with 0 completed months). Two readings of history become the same spells:

- dated events: the month of the event;
- roster snapshots (`after` filled): an exit happened somewhere in (after, date], so each month of the interval carries
its share of it
  (see `count_exposure`); a move is put at the middle of the interval; an entry is at risk only from the snapshot that
  first saw it, because only those who stayed were seen (late entry, left truncation).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.inputs.case import Case

CAUSES = ("resign", "dismissed", "retire", "other")
BAND_STARTS = (0, 3, 6, 12, 24, 60, 120)
LONG_AGO = -1_000_000
"""Month that stands for an unknown one in whole-number arithmetic: before every edge of every band."""


@dataclass(frozen=True)
class Spells:
    """Spells of people in roles on the grid of months.

    frame: person (category), role, hired (month number, NaN unknown), since (month in which the role was entered; the
    hire date where no earlier move is on record), start (first month at risk), earliest (first month in which it may
    have ended), stop (month after the last one in which it may have ended), ended (leave, move, stay), cause, to_role;
    months are counted from January of year 0.
    first, last: the observed window [first, last) in the same count. exact: share of leavers with an exact date.
    contradictions: rows of history that could not be placed, by reason.
    """

    frame: pd.DataFrame
    first: int
    last: int
    exact: float
    contradictions: dict[str, int]


def month_number(dates: pd.Series) -> pd.Series:
    """Months since January of year 0 (float, NaN where the date is absent)."""
    dates = pd.to_datetime(dates)
    return (dates.dt.year * 12 + dates.dt.month - 1).astype("float64")


def place_events(history: pd.DataFrame) -> pd.DataFrame:
    """History with `month` (of an exact event; of the snapshot that first showed an entry or an exit; the middle of
    the interval for a move between two snapshots), `earliest` (first month in which it may have happened) and
    `interval`."""
    month = month_number(history["date"])
    after = month_number(history["after"])
    month = month.where(after.isna() | (history["event"] != "move"), np.floor((month + after + 1) / 2))
    leave = after.notna() & (history["event"] == "leave")
    return history.assign(month=month, earliest=np.where(leave, after + 1, month), interval=after.notna())


def measure_spells(case: Case) -> Spells | None:
    """Spells of everybody in `people` and `history`; None where there is no leave event to learn from.

    The observed window opens at attrition.observed_from, or with the month of the first leave or move (the first
    snapshot, for snapshots), and closes at the start of the plan. A person without a join event in the window entered
    before it.
    """
    history, people = case.tables.history, case.tables.people
    leaves = history[history["event"] == "leave"]
    if leaves.empty:
        return None
    plan_start = case.start.year * 12 + case.start.month - 1
    events = place_events(history)
    exits = events[events["event"] != "join"]
    opening = exits["after"].where(exits["interval"], exits["date"])
    observed = case.assumptions.attrition.observed_from
    first = pd.Timestamp(observed) if observed is not None else opening.min()
    first_month = first.year * 12 + first.month - 1 + int(bool(exits["interval"].all()))
    rank = events["event"].map({"leave": 0, "move": 1, "join": 2})
    events = events.assign(rank=rank).sort_values(["person", "date", "rank"], kind="stable").reset_index(drop=True)

    same = events["person"].eq(events["person"].shift())
    before_event = events["event"].shift().where(same, "")
    before_month = events["month"].shift().where(same)
    ending = events["event"].isin(["leave", "move"])
    gone = ending & (before_event == "leave")
    again = (events["event"] == "join") & before_event.isin(["join", "move"])
    closed = events[ending & ~gone].assign(
        ended=events["event"],
        stop=events["month"] + 1,
        role=events["from_role"],
        start=_at_risk_from(before_event, before_month, first_month),
    )
    hired = _hire_months(events, people)
    entered = before_month.where(before_event == "move", hired)
    closed = closed.assign(hired=hired.reindex(closed.index), since=entered.reindex(closed.index))

    last_event = events.groupby("person", sort=False).tail(1).set_index("person")
    present = people[["person", "role", "hire_date"]].assign(since=enter_roles(people, history)).set_index("person")
    joined = present.join(last_event[["event", "month"]], how="left")
    still = joined[joined["event"].fillna("") != "leave"].reset_index()
    start = _at_risk_from(still["event"].fillna(""), still["month"], first_month)
    open_spells = pd.DataFrame(
        {
            "person": still["person"],
            "role": still["role"],
            "hired": month_number(still["hire_date"]),
            "since": still["since"],
            "start": start,
            "earliest": float(plan_start),
            "stop": float(plan_start),
            "ended": "stay",
            "cause": "",
            "to_role": "",
        }
    )
    columns = list(open_spells.columns)
    frame = pd.concat([closed[columns], open_spells], ignore_index=True)
    frame["start"] = np.maximum(frame["start"], first_month)
    # Somebody who joined and left within one month was never present at an opening: their month at risk is the next
    # one.
    short = (frame["ended"] == "leave") & (frame["stop"] <= frame["start"]) & (frame["stop"] > first_month)
    frame["stop"] = np.where(short, frame["start"] + 1, frame["stop"])
    frame = frame[(frame["stop"] > frame["start"]) & (frame["start"] < plan_start)]
    frame = frame.assign(stop=np.minimum(frame["stop"], plan_start))
    frame = frame.assign(earliest=np.clip(frame["earliest"], frame["start"], frame["stop"] - 1)).reset_index(drop=True)
    frame["person"] = frame["person"].astype("category")  # people are counted by role again and again
    vanished = ~last_event.index.isin(present.index) & (last_event["event"] != "leave")
    contradictions = {
        "leave_or_move_after_leave": int(gone.sum()),
        "join_while_present": int(again.sum()),
        "present_in_people_but_left": int((joined["event"] == "leave").sum()),
        "neither_left_nor_in_people": int(vanished.sum()),
    }
    exact = 1.0 - float(events.loc[events["event"] == "leave", "interval"].mean())
    return Spells(frame, first_month, plan_start, exact, {k: v for k, v in contradictions.items() if v})


def enter_roles(people: pd.DataFrame, history: pd.DataFrame) -> pd.Series:
    """Month number in which everybody in `people` entered the role they hold, by row: role_since (blank = hire_date),
    or a later move of theirs in history."""
    moves = history[history["event"] == "move"]
    moved = place_events(moves)["month"].groupby(moves["person"]).max() if len(moves) else pd.Series(dtype=float)
    since = month_number(people["role_since"].fillna(people["hire_date"]))
    return np.fmax(since, people["person"].map(moved).astype(float))


def _at_risk_from(event: pd.Series, month: pd.Series, first_month: int) -> pd.Series:
    """First month at risk after the previous event: the month after an exact join or a move; the month after the
    snapshot that first saw an entry; the opening of the window where there is no previous event."""
    return (month + 1).where(event.isin(["join", "move"]), float(first_month))


def _hire_months(events: pd.DataFrame, people: pd.DataFrame) -> pd.Series:
    """Hire month per event row: the stated hire date, else the last join before the row, else the people table."""
    stated = month_number(events["hire_date"])
    joined = events["month"].where(events["event"] == "join")
    own = stated.fillna(joined)
    carried = own.groupby(events["person"]).ffill()
    known = own.groupby(events["person"]).transform("first")
    table = events["person"].map(month_number(people.set_index("person")["hire_date"]))
    # A hire date learnt from a later row of the same person serves only where it does not lie after this row.
    return carried.fillna(known.where(known <= events["month"])).fillna(table.where(table <= events["month"]))


@dataclass(frozen=True)
class Exposure:
    """Person-months at risk and events, counted on the grid.

    exposure: [role, band, month]; leavers: [role, band, month, cause]; bands: first months of the tenure bands; months:
    month numbers of the third axis; people: [role] different people behind the exposure; unknown: people whose hire
    date is not known, allotted to the bands of their role in proportion to the others.
    """

    roles: tuple[str, ...]
    bands: tuple[int, ...]
    months: np.ndarray
    exposure: np.ndarray
    leavers: np.ndarray
    people: np.ndarray
    unknown: int


def count_exposure(spells: Spells, roles: list[str], bands: tuple[int, ...] = BAND_STARTS) -> Exposure:
    """Count person-months at risk and events by role, tenure band and calendar month.

    Each spell adds one to every month in [start, stop); counts are made from differences at its ends and where it
    crosses into the next band (then a running sum), so the cost does not grow with the length of the spells. An exit
    between two snapshots is shared among the months of its interval by `share_exits`: month k gets the chance of
    having left in it, and is at risk with the chance of having been there.
    """
    frame, role = _known_roles(spells.frame, roles)
    start, earliest, stop = (frame[name].to_numpy().astype(np.int32) for name in ("start", "earliest", "stop"))
    hired = frame["hired"].to_numpy(dtype=np.float64)
    known = ~np.isnan(hired)
    # The month at whose opening 0 months are completed; people of unknown tenure stand beyond every band.
    served_from = np.where(known, hired + 1, LONG_AGO).astype(np.int32)
    ended = _number(frame["ended"], ["leave", "move"])
    left = ended == 0
    unsure = left & (earliest < stop - 1)
    width, n_roles, n_bands = spells.last - spells.first, len(roles), len(bands)
    edges = np.asarray(bands, dtype=np.int32)
    sure_stop = np.where(unsure, earliest, stop)
    served = np.maximum(start, served_from + edges[0])
    window = (spells.first, spells.last)
    exposure = _expose((served, sure_stop), role, served_from, known, edges, window, n_roles)

    def band_at(month: np.ndarray, row: np.ndarray) -> np.ndarray:
        band = np.searchsorted(edges, month - served_from[row], side="right") - 1
        return np.where(known[row], np.clip(band, 0, n_bands - 1), n_bands)

    cause = _number(frame["cause"], CAUSES)
    cause = np.where(cause < 0, len(CAUSES) - 1, cause)
    shape = (n_roles, n_bands + 1, width, len(CAUSES))
    row = np.flatnonzero(left & ~unsure)
    month = stop[row] - 1
    leavers = _tally((role[row], band_at(month, row), month - spells.first, cause[row]), shape)
    if unsure.any():
        row, month = _months_between(np.flatnonzero(unsure), earliest, stop)
        bands_of, place = band_at(month, row), month - spells.first
        sure = (exposure.sum(axis=(0, 2)), leavers.sum(axis=(0, 2, 3)))
        chance, at_risk = share_exits(row, bands_of, *sure)
        leavers += _tally((role[row], bands_of, place, cause[row]), shape, chance)
        exposure += _tally((role[row], bands_of, place), shape[:3], at_risk)
    exposure, leavers = _allot_unknown(exposure, leavers)

    person, someone = pd.factorize(frame["person"])
    seen = np.zeros((n_roles, len(someone)), dtype=bool)
    seen[role, person] = True
    return Exposure(
        tuple(roles),
        tuple(bands),
        np.arange(spells.first, spells.last),
        exposure,
        leavers,
        seen.sum(axis=1),
        len(np.unique(person[~known])),
    )


def _known_roles(frame: pd.DataFrame, roles: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """The spells in these roles, and the number of each one's role."""
    role = _number(frame["role"], roles)
    return (frame, role) if (role >= 0).all() else (frame[role >= 0], role[role >= 0])


def _number(words: pd.Series, known: Sequence[str]) -> np.ndarray:
    """The place of each word in `known`, -1 where it has none."""
    codes, names = pd.factorize(words)
    number = {word: index for index, word in enumerate(known)}
    return np.array([*(number.get(name, -1) for name in names), -1], dtype=np.int64)[codes]


def _tally(place: tuple[np.ndarray, ...], shape: tuple[int, ...], weights: np.ndarray | None = None) -> np.ndarray:
    """How often each cell of an array of this shape is named (or the sum of the weights)."""
    flat = np.zeros(len(place[0]), dtype=np.int64)
    for part, size in zip(place, shape, strict=True):
        flat = flat * size + part
    return np.bincount(flat, weights, int(np.prod(shape))).astype(np.float64).reshape(shape)


def _expose(
    interval: tuple[np.ndarray, np.ndarray],
    role: np.ndarray,
    served_from: np.ndarray,
    known: np.ndarray,
    edges: np.ndarray,
    window: tuple[int, int],
    n_roles: int,
) -> np.ndarray:
    """Person-months [role, band, month] of the intervals [begin, finish) in the window; one band more, the last, holds
    people of unknown tenure."""
    begin, finish = interval
    there = finish > begin
    if not there.all():
        begin, finish, role, served_from, known = (part[there] for part in (begin, finish, role, served_from, known))
    first, width, n_bands = window[0], window[1] - window[0], len(edges)
    shape = (n_roles, n_bands + 1, width + 1)
    change = np.zeros(shape)
    band = np.zeros(len(role), dtype=np.int64)
    later = np.zeros(len(role), dtype=np.int64)
    for number in range(1, n_bands):
        edge = served_from + edges[number]
        after = edge > begin
        band += ~after
        row = np.flatnonzero(after & (edge < finish))
        later[row] += 1
        crossing = _tally((role[row], edge[row] - first), (n_roles, width + 1))
        change[:, number] += crossing
        change[:, number - 1] -= crossing
    band = np.where(known, band, n_bands)
    change += _tally((role, band, begin - first), shape)
    change -= _tally((role, band + later, finish - first), shape)
    return change.cumsum(axis=2)[:, :, :width]


def _months_between(rows: np.ndarray, earliest: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each row once for every month in [earliest, stop), and those months."""
    length = (stop[rows] - earliest[rows]).astype(np.int64)
    row = np.repeat(rows, length)
    first = np.repeat(np.cumsum(length) - length, length)
    return row, earliest[row] + (np.arange(len(row)) - first)


def share_exits(
    row: np.ndarray, band: np.ndarray, exposure: np.ndarray, leavers: np.ndarray, rounds: int = 30
) -> tuple[np.ndarray, np.ndarray]:
    """Share exits of unknown month among the months of their interval, by expectation-maximisation over the hazards of
    the bands (Turnbull 1976; Dempster, Laird & Rubin 1977).

    row, band: one entry for each exit and month, in order of time; exposure, leavers: [band] what is known for sure.
    Returns the chance of having left in that month, given that one left in the interval, and of having been present at
    its opening.
    """
    first = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    length = np.diff(np.r_[first, len(row)])
    group = np.repeat(np.arange(len(first)), length)
    chance = 1.0 / length[group]
    at_risk = np.ones(len(row))
    for _ in range(rounds):
        running = np.cumsum(chance)
        before = running - chance - np.repeat(running[first] - chance[first], length)
        at_risk = 1.0 - np.minimum(before, 1.0)
        left = leavers + np.bincount(band, weights=chance, minlength=len(leavers))
        there = exposure + np.bincount(band, weights=at_risk, minlength=len(leavers))
        hazard = np.clip(left / np.maximum(there, 1e-9), 1e-9, 1.0 - 1e-9)[band]
        stayed = np.cumsum(np.log1p(-hazard))
        stayed = stayed - np.log1p(-hazard)
        stayed -= np.repeat(stayed[first], length)
        weight = hazard * np.exp(stayed)
        chance = weight / np.bincount(group, weights=weight)[group]
    return chance, at_risk


def _allot_unknown(exposure: np.ndarray, leavers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share people of unknown tenure (the last band) among the bands of their role like those whose tenure is known
    (like the company where a role knows none), so that the role's rate keeps every leaver and every month at risk."""
    known_exposure, known_leavers = exposure[:, :-1], leavers[:, :-1]
    if not exposure[:, -1].any() and not leavers[:, -1].any():
        return known_exposure, known_leavers
    at_risk, left = known_exposure.sum(axis=2), known_leavers.sum(axis=(2, 3))
    bands = at_risk.shape[1]
    company = at_risk.sum(axis=0) / at_risk.sum() if at_risk.any() else np.full(bands, 1.0 / bands)
    time_share = _shares(at_risk, company)
    leaver_share = _shares(left, time_share)
    more_exposure = time_share[:, :, None] * exposure[:, -1][:, None, :]
    more_leavers = leaver_share[:, :, None, None] * leavers[:, -1][:, None]
    return known_exposure + more_exposure, known_leavers + more_leavers


def _shares(counts: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """Each row's shares; a row without counts takes `otherwise`."""
    total = counts.sum(axis=1, keepdims=True)
    return np.where(total > 0, counts / np.where(total > 0, total, 1.0), otherwise)
