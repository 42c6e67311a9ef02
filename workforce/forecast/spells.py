"""Spells: who was in which role from when to when, and how it ended.

Events are put on the grid of calendar months that the dynamics use (people leave before others join, so a joiner of
month J is first at risk in month J + 1 with 0 completed months). Two readings of history become the same spells:

- dated events: the month of the event;
- roster snapshots (`after` filled): an exit happened somewhere in (after, date], so each month of the interval carries
its share of it
  (see `count_exposure`); a move is put at the middle of the interval; an entry is at risk only from the snapshot that
  first saw it, because only those who stayed were seen (late entry, left truncation).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.inputs.case import Case

CAUSES = ("resign", "dismissed", "retire", "other")
BAND_STARTS = (0, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True)
class Spells:
    """Spells of people in roles on the grid of months.

    frame: person, role, hired (month number, NaN unknown), start (first month at risk), earliest (first month in which
    it may have ended), stop (month after the last one in which it may have ended), ended (leave, move, stay), cause,
    to_role; months are counted from January of year 0.
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
    closed = closed.assign(hired=hired.reindex(closed.index))

    last_event = events.groupby("person", sort=False).tail(1).set_index("person")
    present = people[["person", "role", "hire_date"]].set_index("person")
    joined = present.join(last_event[["event", "month"]], how="left")
    still = joined[joined["event"].fillna("") != "leave"].reset_index()
    start = _at_risk_from(still["event"].fillna(""), still["month"], first_month)
    open_spells = pd.DataFrame(
        {
            "person": still["person"],
            "role": still["role"],
            "hired": month_number(still["hire_date"]),
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
    vanished = ~last_event.index.isin(present.index) & (last_event["event"] != "leave")
    contradictions = {
        "leave_or_move_after_leave": int(gone.sum()),
        "join_while_present": int(again.sum()),
        "present_in_people_but_left": int((joined["event"] == "leave").sum()),
        "neither_left_nor_in_people": int(vanished.sum()),
    }
    exact = 1.0 - float(events.loc[events["event"] == "leave", "interval"].mean())
    return Spells(frame, first_month, plan_start, exact, {k: v for k, v in contradictions.items() if v})


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

    exposure: [role, band, month]; leavers: [role, band, month, cause]; moves: [from role, to role]; eligible: [role]
    person-months at risk of moving (at least `minimum_months` with the company); bands: first months of the tenure
    bands;
    months: month numbers of the third axis; people: [role] different people behind the exposure; unknown: people
    whose hire date is not known, allotted to the bands of their role in proportion to the others.
    """

    roles: tuple[str, ...]
    bands: tuple[int, ...]
    months: np.ndarray
    exposure: np.ndarray
    leavers: np.ndarray
    moves: np.ndarray
    eligible: np.ndarray
    people: np.ndarray
    unknown: int


def count_exposure(
    spells: Spells, roles: list[str], bands: tuple[int, ...] = BAND_STARTS, minimum_months: int = 12
) -> Exposure:
    """Count person-months at risk and events by role, tenure band and calendar month.

    Each spell adds one to every month in [start, stop); counts are made from the ends of the overlaps with each band
    (cumulative sums), so the cost does not grow with the length of the spells. An exit between two snapshots is shared
    among the months of its interval by `share_exits`: month k gets the chance of having left in it, and is at risk
    with the chance of having been there.
    """
    number = {role: index for index, role in enumerate(roles)}
    frame = spells.frame[spells.frame["role"].isin(number)]
    role = frame["role"].map(number).to_numpy(dtype=np.int64)
    start, earliest, stop, hired = (
        frame[name].to_numpy(dtype=np.float64) for name in ("start", "earliest", "stop", "hired")
    )
    known = ~np.isnan(hired)
    served_from = np.where(known, hired + 1, 0.0)  # the month at whose opening 0 months are completed
    left = (frame["ended"] == "leave").to_numpy()
    unsure = left & (earliest < stop - 1)
    width, n_roles, n_bands = spells.last - spells.first, len(roles), len(bands)
    # One band more than asked for: people of unknown tenure.
    edges = np.append(np.asarray(bands, dtype=np.float64), np.inf)
    sure_stop = np.where(unsure, earliest, stop)
    exposure = np.zeros((n_roles, n_bands + 1, width))
    for band in range(n_bands):
        low = np.maximum(start, served_from + edges[band])
        high = np.minimum(sure_stop, served_from + edges[band + 1])
        exposure[:, band] = _spread(role, low, high, known, n_roles, spells.first, width)
    exposure[:, n_bands] = _spread(role, start, sure_stop, ~known, n_roles, spells.first, width)

    def band_at(month: np.ndarray, row: np.ndarray) -> np.ndarray:
        band = np.searchsorted(edges, month - served_from[row], side="right") - 1
        return np.where(known[row], np.clip(band, 0, n_bands - 1), n_bands)

    cause = frame["cause"].map({name: index for index, name in enumerate(CAUSES)}).fillna(len(CAUSES) - 1)
    cause = cause.to_numpy(dtype=np.int64)
    leavers = np.zeros((n_roles, n_bands + 1, width, len(CAUSES)))
    row = np.flatnonzero(left & ~unsure)
    month = stop[row] - 1
    place = (month - spells.first).astype(np.int64)
    np.add.at(leavers, (role[row], band_at(month, row), place, cause[row]), 1.0)
    if unsure.any():
        row, month = _months_between(np.flatnonzero(unsure), earliest, stop)
        bands_of = band_at(month, row)
        place = (month - spells.first).astype(np.int64)
        sure = (exposure.sum(axis=(0, 2)), leavers.sum(axis=(0, 2, 3)))
        chance, at_risk = share_exits(row, bands_of, *sure)
        np.add.at(leavers, (role[row], bands_of, place, cause[row]), chance)
        np.add.at(exposure, (role[row], bands_of, place), at_risk)
    exposure, leavers = _allot_unknown(exposure, leavers)

    moved = (frame["ended"] == "move").to_numpy() & frame["to_role"].isin(number).to_numpy()
    eligible_start = np.where(known, np.maximum(start, served_from + minimum_months), start)
    long_enough = moved & (stop > eligible_start)
    target = frame["to_role"].map(number).fillna(0).to_numpy(dtype=np.int64)
    moves = np.zeros((n_roles, n_roles))
    np.add.at(moves, (role[long_enough], target[long_enough]), 1.0)
    middle = np.where(unsure, np.floor((earliest + stop) / 2), stop)
    eligible = np.bincount(role, weights=np.maximum(middle - eligible_start, 0.0), minlength=n_roles)
    people = frame.groupby("role")["person"].nunique().reindex(roles, fill_value=0).to_numpy()
    return Exposure(
        tuple(roles),
        tuple(bands),
        np.arange(spells.first, spells.last),
        exposure,
        leavers,
        moves,
        eligible,
        people,
        int(frame.loc[~known, "person"].nunique()),
    )


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


def _spread(
    role: np.ndarray, low: np.ndarray, high: np.ndarray, use: np.ndarray, n_roles: int, first: int, width: int
) -> np.ndarray:
    """Person-months by role and month for the intervals [low, high): differences at both ends, then a running sum."""
    use = use & (high > low)
    begin = (low[use] - first).astype(np.int64)
    finish = (high[use] - first).astype(np.int64)
    flat = np.zeros((n_roles, width + 1))
    np.add.at(flat, (role[use], begin), 1.0)
    np.add.at(flat, (role[use], finish), -1.0)
    return flat.cumsum(axis=1)[:, :width]


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
