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
    if history["after"].notna().all():
        return []
    events, codes = _order_events(history)
    if events.empty:
        return []
    person, rank, role_left, role_entered = (codes[name] for name in ("person", "event", "from_role", "to_role"))
    exact = events["after"].isna().to_numpy()
    same = np.append(False, person[1:] == person[:-1])
    follows = same & exact & np.append(False, exact[:-1])
    earlier = np.where(follows, np.append(-1, rank[:-1]), -1)
    leave, move, join = (rank == number for number in range(3))
    present = earlier > 0  # after a move or a join
    gone = (earlier == 0) & ~join
    entered = np.append(-1, role_entered[:-1])
    elsewhere = present & ~join & (role_left != entered) & (role_left >= 0) & (entered >= 0)

    def refuse(
        mask: np.ndarray, column: str, rule: str, mend: Callable[[pd.Series, pd.Series], str], other: pd.DataFrame | int
    ) -> list[Fault]:
        """`other`: what the mend names, a row for each event, or the distance to the event that it names."""
        places = np.flatnonzero(mask)
        shown, rows = events[column].iloc[places], events["row"].iloc[places].to_numpy()
        values = [f"{cell:%Y-%m-%d}" if column == "date" else str(cell) for cell in shown]
        beside = events.iloc[places + other] if isinstance(other, int) else other.iloc[places]
        return faults_at(label, column, rows, values, rule, lambda k: mend(events.iloc[places[k]], beside.iloc[k]))

    faults = refuse(gone, "event", "the person has left already", _mend_gone, -1)
    faults += refuse(join & present, "event", "the person is there already", _mend_again, -1)
    faults += refuse(elsewhere, "from_role", "is not the role the person was in", _mend_role, -1)
    if people is None:
        return faults
    last = np.append(~same[1:], True)
    known = people[people["person"] != ""].drop_duplicates("person").set_index("person")["hire_date"]
    hired = known.reindex(codes["names"]).rename("date").reset_index(drop=True).to_frame().iloc[person]
    listed = pd.Index(codes["names"]).isin(known.index)[person]
    faults += refuse(
        last & exact & listed & leave, "event", "the person is in people, and no join follows", _mend_listed, hired
    )
    early = last & exact & listed & move & (events["date"].to_numpy() < hired["date"].to_numpy())
    faults += refuse(early, "date", "is before the person's hire_date in people", _mend_early, hired)
    # A leave, then a join that nothing ends, of somebody who is not there: the exit stands before the entry.
    ends = np.append((follows & last & join)[1:], False)
    swapped = leave & ends & ~listed & ~present & ~gone
    return faults + refuse(swapped, "date", "is not after the person's join, and no leave follows it", _mend_swapped, 1)


def _order_events(history: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Events by person, day and order within it, with `row`, without the persons that have a cell at fault; and the same
    in numbers: person (names: of each), event (EVENT_ORDER), from_role and to_role (-1 blank)."""
    person, names = pd.factorize(history["person"])
    roles, texts = pd.factorize(pd.concat([history["from_role"], history["to_role"]]))
    roles = np.where(np.append(texts == "", False)[roles], -1, roles)
    event, words = pd.factorize(history["event"])
    rank = np.array([EVENT_ORDER.get(word, -1) for word in words])[event]
    day = history["date"].to_numpy()
    order = np.lexsort((rank, day, person))
    by_person, by_day, by_rank = person[order], day[order], rank[order]
    twice = (by_person[1:] == by_person[:-1]) & (by_day[1:] == by_day[:-1]) & (by_rank[1:] == by_rank[:-1])
    unread = (by_rank < 0) | np.isnat(by_day) | np.append(False, twice) | (np.asarray(names) == "")[by_person]
    bad = np.zeros(len(names), dtype=bool)
    bad[by_person[unread]] = True
    order = order[~bad[by_person]]
    columns = ["person", "date", "event", "from_role", "to_role", "after"]
    codes = {
        "names": np.asarray(names),
        "person": person[order],
        "event": rank[order],
        "from_role": roles[: len(history)][order],
        "to_role": roles[len(history) :][order],
    }
    return history[columns].assign(row=history.index).iloc[order], codes


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
