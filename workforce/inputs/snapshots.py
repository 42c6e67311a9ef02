"""Roster snapshots to people and history.

A roster says who was there on a day. Two of them say who came, who went and who changed role in between, but not on
which day: an event carries the interval (after, date] in which it happened.

What a snapshot cannot show: people who came and went between two snapshots. Everyone is therefore observed from the
first snapshot that shows them (left-truncated entry), and nothing is known of the time before; whoever fits hazards counts
exposure from `date` of the join, at the tenure that `hire_date` gives (Klein & Moeschberger 2003, section 3.4 and 9.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

__all__ = ["Spells", "link_ids", "read_snapshots"]

HISTORY = ["person", "date", "event", "from_role", "to_role", "cause", "after", "hire_date"]


@dataclass(frozen=True)
class Spells:
    """What the snapshots say.

    people : the last snapshot's rows, columns as in the roster without `snapshot`, with role_since = the date of the
        last change of role that was seen (NaT when none was).
    history : person, date (later snapshot), event (join, leave, move), from_role, to_role, cause ("other" for leave, "" else),
        after (earlier snapshot), hire_date. A join whose hire_date is not later than `after` is no hire: the person was
        employed before and was not in the previous snapshot.
    intervals : one row per pair of snapshots, in persons: after, date, opening, leavers, hired, reappeared (joins that are no
        hire), seen_before (of those reappeared: in an older snapshot), moves, closing.
        opening - leavers + hired + reappeared = closing.
    """

    people: pd.DataFrame
    history: pd.DataFrame
    intervals: pd.DataFrame


def link_ids(
    roster: pd.DataFrame, columns: Sequence[str], salary_within: float | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Join ids that are one person: an exit and an entry of the same interval that agree one to one.

    Parameters
    ----------
    roster : person (text), snapshot, hire_date (datetime64), the `columns` and, with salary_within, salary (money a year);
        one row per person and snapshot.
    columns : what must agree. An entrant is asked only when hired not later than the previous snapshot (so not a new hire)
        and never seen before; an exit only when never seen again; cells that are empty agree with nothing.
    salary_within : and the salary changes by no more than this share, up or down.

    Returns
    -------
    The roster with the older rows under the newer id, and the links: old, new, after, date.

    Examples
    --------
    >>> days = pd.to_datetime(["2013-06-30", "2014-06-30"])
    >>> roster = pd.DataFrame({"person": ["maiden", "married"], "snapshot": days, "unit": "Law",
    ...                        "hire_date": pd.to_datetime("2001-05-07")})
    >>> link_ids(roster, ["hire_date", "unit"])[0]["person"].tolist()
    ['married', 'married']
    """
    person = roster["person"].astype(object)
    days = sorted(roster["snapshot"].unique())
    first, last = roster.groupby("person")["snapshot"].min(), roster.groupby("person")["snapshot"].max()
    links = []
    for earlier, later in pairwise(days):
        gone = roster[(roster["snapshot"] == earlier) & (roster["person"].map(last) == earlier)]
        come = roster[
            (roster["snapshot"] == later) & (roster["person"].map(first) == later) & (roster["hire_date"] <= earlier)
        ]
        keys = list(columns)
        gone, come = _alone(gone, keys), _alone(come, keys)
        pairs = gone.merge(come, on=keys, suffixes=("_old", "_new"))
        if salary_within is not None and len(pairs):
            ratio = pairs["salary_new"] / pairs["salary_old"].where(pairs["salary_old"] > 0)
            pairs = pairs[(ratio >= 1 - salary_within) & (ratio <= 1 + salary_within)]
        links.append(
            pd.DataFrame(
                {
                    "old": pairs["person_old"].astype(object),
                    "new": pairs["person_new"].astype(object),
                    "after": earlier,
                    "date": later,
                }
            )
        )
    found = pd.concat(links, ignore_index=True) if links else pd.DataFrame(columns=["old", "new", "after", "date"])
    renamed = dict(zip(found["old"], found["new"], strict=True))
    # A person may change id twice, so follow the chain from its newest link back.
    for old, new in reversed(list(renamed.items())):
        renamed[old] = renamed.get(new, new)
    return roster.assign(person=person.map(lambda name: renamed.get(name, name)).astype(roster["person"].dtype)), found


def _alone(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    filled = rows[keys].notna().all(axis=1) & (rows[keys].astype(object) != "").all(axis=1)
    rows = rows[filled]
    return rows[~rows.duplicated(keys, keep=False)]


def read_snapshots(roster: pd.DataFrame) -> Spells:
    """Match people across snapshots and tell who came, went and changed role in each interval.

    Parameters
    ----------
    roster : person, role (text), snapshot, hire_date (datetime64, no gaps), any other columns of people; one row per
        person and snapshot. A hire date inside an interval of a person who is in both its snapshots is a leave and a
        return (hired again); any other change of hire date is a correction, and each event carries the date of its row.

    Raises
    ------
    ValueError : a person stands twice in a snapshot, or a hire date is missing.

    Examples
    --------
    >>> roster = pd.DataFrame({
    ...     "person": ["a", "b", "a", "c"], "role": "clerk",
    ...     "snapshot": pd.to_datetime(["2013-06-30", "2013-06-30", "2014-06-30", "2014-06-30"]),
    ...     "hire_date": pd.to_datetime(["2001-01-01", "2002-01-01", "2001-01-01", "2014-02-01"])})
    >>> read_snapshots(roster).intervals[["opening", "leavers", "hired", "closing"]].to_dict("records")
    [{'opening': 2, 'leavers': 1, 'hired': 1, 'closing': 2}]
    """
    if roster.duplicated(["person", "snapshot"]).any():
        raise ValueError("a person stands twice in a snapshot")
    if roster["hire_date"].isna().any():
        raise ValueError("a hire date is missing")
    days = pd.DatetimeIndex(np.sort(roster["snapshot"].unique()))
    rows = roster.sort_values(["person", "snapshot"], kind="stable").reset_index(drop=True)
    place = pd.Series(days.get_indexer(rows["snapshot"]), index=rows.index)
    same_before, same_after = rows["person"].eq(rows["person"].shift(1)), rows["person"].eq(rows["person"].shift(-1))
    stayed = same_before & (place.shift(1) == place - 1)
    stays = same_after & (place.shift(-1) == place + 1)
    earlier = pd.Series(days[np.maximum(place.to_numpy() - 1, 0)], index=rows.index)
    later = pd.Series(days[np.minimum(place.to_numpy() + 1, len(days) - 1)], index=rows.index)
    again = stayed & (rows["hire_date"] > earlier) & (rows["hire_date"] != rows["hire_date"].shift(1))
    left = (~stays & (place < len(days) - 1)) | again.shift(-1, fill_value=False)
    came = (~stayed & (place > 0)) | again
    moved = stayed & ~again & (rows["role"] != rows["role"].shift(1))
    blank = pd.Series("", index=rows.index)
    parts = [
        _events(rows, left, "leave", rows["role"], blank, later, rows["snapshot"], "other"),
        _events(rows, came, "join", blank, rows["role"], rows["snapshot"], earlier, ""),
        _events(rows, moved, "move", rows["role"].shift(1).fillna(""), rows["role"], rows["snapshot"], earlier, ""),
    ]
    history = pd.concat(parts, ignore_index=True).sort_values(["date", "event", "person"], kind="stable")

    present = place == len(days) - 1
    since = rows["snapshot"].where(moved).groupby(rows["person"]).max()
    people = rows[present].drop(columns="snapshot")
    seen = people["person"].map(since)
    # A change of role before the last hire belongs to an earlier employment.
    seen = seen.where(seen >= people["hire_date"])
    people = people.assign(role_since=people["role_since"].fillna(seen) if "role_since" in people else seen)

    old = came & ~again & (rows["hire_date"] <= earlier)
    per = [
        {
            "after": days[k - 1],
            "date": days[k],
            "opening": int((place == k - 1).sum()),
            "leavers": int((left & (place == k - 1)).sum()),
            "hired": int((came & ~old & (place == k)).sum()),
            "reappeared": int((old & (place == k)).sum()),
            "seen_before": int((old & same_before & (place == k)).sum()),
            "moves": int((moved & (place == k)).sum()),
            "closing": int((place == k).sum()),
        }
        for k in range(1, len(days))
    ]
    names = ["after", "date", "opening", "leavers", "hired", "reappeared", "seen_before", "moves", "closing"]
    return Spells(people.reset_index(drop=True), history.reset_index(drop=True), pd.DataFrame(per, columns=names))


def _events(
    rows: pd.DataFrame,
    where: pd.Series,
    event: str,
    from_role: pd.Series,
    to_role: pd.Series,
    date: pd.Series,
    after: pd.Series,
    cause: str,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person": rows["person"],
            "date": date,
            "event": event,
            "from_role": from_role,
            "to_role": to_role,
            "cause": cause,
            "after": after,
            "hire_date": rows["hire_date"],
        }
    )[where][HISTORY]
