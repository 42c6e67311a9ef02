"""What must hold between the events of one person: nobody leaves twice, or a role they are not in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from workforce.errors import Fault
from workforce.inputs.cells import faults_at

EVENT_ORDER = {"leave": 0, "move": 1, "join": 2}
"""On one day people leave, move, join."""


def check_events(history: pd.DataFrame, people: pd.DataFrame | None, label: str) -> list[Fault]:
    """Faults between the dated events of a person, and between them and `people` (None where it could not be read).

    Judged are pairs of events that were both stated with their day: a row with `after` was derived from snapshots, its
    day is not known and so neither is its place among the others. Persons with an unreadable cell (a fault of its own)
    are not judged. Frames are indexed by row in the file.
    """
    events = _order_events(history)
    if events.empty:
        return []
    same = events["person"].eq(events["person"].shift())
    follows = same & events["after"].isna() & events["after"].shift().isna()
    before = events.shift().where(follows)
    event, earlier = events["event"], before["event"].fillna("")
    gone = earlier.eq("leave") & event.ne("join")
    again = event.eq("join") & earlier.isin(["join", "move"])
    elsewhere = event.ne("join") & earlier.isin(["join", "move"]) & events["from_role"].ne(before["to_role"])
    elsewhere &= events["from_role"].ne("") & before["to_role"].ne("")

    def refuse(mask: pd.Series, column: str, rule: str, mend: Callable[[pd.Series, pd.Series], str]) -> list[Fault]:
        places = np.flatnonzero(mask.to_numpy())
        shown = events[column].iloc[places]
        values = [f"{cell:%Y-%m-%d}" if column == "date" else str(cell) for cell in shown]
        rows = events["row"].iloc[places].to_numpy()
        return faults_at(
            label, column, rows, values, rule, lambda k: mend(events.iloc[places[k]], other.iloc[places[k]])
        )

    other = before
    faults = refuse(gone, "event", "the person has left already", _mend_gone)
    faults += refuse(again, "event", "the person is there already", _mend_again)
    faults += refuse(elsewhere, "from_role", "is not the role the person was in", _mend_role)
    if people is None:
        return faults
    last = ~events["person"].eq(events["person"].shift(-1)) & events["after"].isna()
    # Cells at fault have no row in `people` to go by.
    known = people[people["person"] != ""].drop_duplicates("person")
    known = known.assign(row=known.index).set_index("person")
    listed = events["person"].isin(known.index)
    other = known[["row", "hire_date"]].reindex(events["person"]).set_axis(events.index)
    other = other.rename(columns={"hire_date": "date"})
    faults += refuse(
        last & listed & event.eq("leave"), "event", "the person is in people, and no join follows", _mend_listed
    )
    early = last & listed & event.eq("move") & (events["date"] < other["date"])
    faults += refuse(early, "date", "is before the person's hire_date in people", _mend_early)
    # A leave, then a join that nothing ends, of somebody who is not there: the exit stands before the entry.
    other = events.shift(-1)
    swapped = event.eq("leave") & follows.shift(-1, fill_value=False) & last.shift(-1, fill_value=False)
    swapped &= other["event"].eq("join") & ~listed & ~earlier.isin(["join", "move"]) & ~gone
    return faults + refuse(swapped, "date", "is not after the person's join, and no leave follows it", _mend_swapped)


def _order_events(history: pd.DataFrame) -> pd.DataFrame:
    """Events by person, day and order within it, with `row`; without the persons that have a cell at fault."""
    columns = ["person", "date", "event", "from_role", "to_role", "after"]
    events = history[columns].assign(row=history.index, rank=history["event"].map(EVENT_ORDER))
    unread = events["date"].isna() | events["rank"].isna() | events.duplicated(["person", "date", "event"])
    events = events[(events["person"] != "") & ~events["person"].isin(events.loc[unread, "person"])]
    return events.sort_values(["person", "date", "rank"], kind="stable").reset_index(drop=True)


def _place(other: pd.Series) -> str:
    return f"{other['date']:%Y-%m-%d} (row {int(other['row'])})"


def _mend_gone(event: pd.Series, other: pd.Series) -> str:
    return f"they left on {_place(other)}: add the join between, or take out one of the rows"


def _mend_again(event: pd.Series, other: pd.Series) -> str:
    came = "moved" if other["event"] == "move" else "joined"
    return f"they {came} on {_place(other)}: add the leave between, mend one of the dates, or take out one of the rows"


def _mend_role(event: pd.Series, other: pd.Series) -> str:
    return f"they were in {other['to_role']} since {_place(other)}: mend the role, or add the move between"


def _mend_listed(event: pd.Series, other: pd.Series) -> str:
    return f"add the join that brought them back, or take {event['person']} out of people"


def _mend_early(event: pd.Series, other: pd.Series) -> str:
    return f"their hire_date is {other['date']:%Y-%m-%d}: mend one of the two dates"


def _mend_swapped(event: pd.Series, other: pd.Series) -> str:
    return (
        f"they join on {_place(other)}: mend one of the two dates, add them to people, or take both rows out where "
        "they came and went on one day"
    )
