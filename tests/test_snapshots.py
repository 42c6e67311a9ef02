"""Snapshots to people and history. Witnesses: a case solved by hand, and set arithmetic in plain Python on random rosters."""

import random

import pandas as pd
import pytest

from workforce.inputs.snapshots import link_ids, read_snapshots

DAYS = ["2012-06-30", "2013-06-30", "2014-06-30", "2015-06-30"]


def roster_of(rows, names=("person", "snapshot", "role", "hire_date")):
    frame = pd.DataFrame(rows, columns=list(names))
    return frame.assign(snapshot=pd.to_datetime(frame["snapshot"]), hire_date=pd.to_datetime(frame["hire_date"]))


def events_of(spells):
    columns = ["person", "date", "event", "from_role", "to_role", "after", "hire_date"]
    shown = spells.history[columns].copy()
    for name in ("date", "after", "hire_date"):
        shown[name] = shown[name].dt.strftime("%Y-%m-%d")
    return sorted(shown.itertuples(index=False, name=None))


def test_case_by_hand():
    """stays: never changes. goes: gone in 2013. back: absent in 2013, there again in 2014. rises: clerk to lead in 2014.
    new: hired in the last interval. again: left and was hired anew within one interval. Same day of hire as the
    snapshot counts to the interval that ends on it."""
    rows = [("stays", day, "clerk", "2001-01-01") for day in DAYS[:3]]
    rows += [("goes", DAYS[0], "clerk", "2002-02-02")]
    rows += [("back", DAYS[0], "clerk", "2003-03-03"), ("back", DAYS[2], "clerk", "2003-03-03")]
    rows += [
        ("rises", DAYS[0], "clerk", "2004-04-04"),
        ("rises", DAYS[1], "clerk", "2004-04-04"),
        ("rises", DAYS[2], "lead", "2004-04-04"),
    ]
    rows += [("new", DAYS[2], "clerk", DAYS[2])]
    rows += [("again", DAYS[1], "lead", "2005-05-05"), ("again", DAYS[2], "clerk", "2014-01-15")]
    random.Random(1).shuffle(rows)
    spells = read_snapshots(roster_of(rows))
    assert events_of(spells) == sorted(
        [
            ("goes", DAYS[1], "leave", "clerk", "", DAYS[0], "2002-02-02"),
            ("back", DAYS[1], "leave", "clerk", "", DAYS[0], "2003-03-03"),
            ("again", DAYS[1], "join", "", "lead", DAYS[0], "2005-05-05"),
            ("back", DAYS[2], "join", "", "clerk", DAYS[1], "2003-03-03"),
            ("rises", DAYS[2], "move", "clerk", "lead", DAYS[1], "2004-04-04"),
            ("new", DAYS[2], "join", "", "clerk", DAYS[1], DAYS[2]),
            ("again", DAYS[2], "leave", "lead", "", DAYS[1], "2005-05-05"),
            ("again", DAYS[2], "join", "", "clerk", DAYS[1], "2014-01-15"),
        ]
    )
    columns = ["opening", "leavers", "hired", "reappeared", "seen_before", "moves", "closing"]
    assert spells.intervals[columns].to_numpy().tolist() == [[4, 2, 0, 1, 0, 0, 3], [3, 1, 2, 1, 1, 1, 5]]
    people = spells.people.set_index("person")
    assert sorted(people.index) == ["again", "back", "new", "rises", "stays"]
    assert people.loc["rises", "role_since"] == pd.Timestamp(DAYS[2])
    assert people["role_since"].notna().sum() == 1
    assert people.loc["again", "hire_date"] == pd.Timestamp("2014-01-15")


@pytest.mark.parametrize("seed", range(20))
def test_counts_equal_set_arithmetic(seed):
    chance = random.Random(seed)
    names = [f"p{k}" for k in range(60)]
    hired = {name: f"{chance.randint(2008, 2014)}-{chance.randint(1, 12):02d}-15" for name in names}
    there = [{name for name in names if hired[name] <= day and chance.random() < 0.7} for day in DAYS]
    roles = [{name: chance.choice("ab") for name in names} for _ in DAYS]
    rows = [(name, day, roles[k][name], hired[name]) for k, day in enumerate(DAYS) for name in there[k]]
    spells = read_snapshots(roster_of(rows))
    for k in range(1, len(DAYS)):
        counts = spells.intervals.iloc[k - 1]
        came, stayed = there[k] - there[k - 1], there[k] & there[k - 1]
        new = {name for name in came if hired[name] > DAYS[k - 1]}
        assert counts["leavers"] == len(there[k - 1] - there[k])
        assert counts["hired"] == len(new)
        assert counts["reappeared"] == len(came - new)
        assert counts["seen_before"] == len((came - new) & set().union(*there[:k]))
        assert counts["moves"] == sum(roles[k][name] != roles[k - 1][name] for name in stayed)
        assert counts["opening"] - counts["leavers"] + counts["hired"] + counts["reappeared"] == counts["closing"]
    assert set(spells.people["person"]) == there[-1]
    # Headcount by role rolls forward event by event to the last snapshot.
    heads = {role: sum(roles[0][name] == role for name in there[0]) for role in "ab"}
    for event in spells.history.itertuples():
        for role in heads:
            heads[role] += (event.to_role == role) - (event.from_role == role)
    assert heads == {role: sum(roles[-1][name] == role for name in there[-1]) for role in "ab"}


def test_one_snapshot_has_no_events():
    spells = read_snapshots(roster_of([("a", DAYS[0], "clerk", "2001-01-01")]))
    assert spells.history.empty
    assert spells.intervals.empty
    assert len(spells.people) == 1


def test_what_it_does_not_take():
    with pytest.raises(ValueError, match="twice"):
        read_snapshots(roster_of([("a", DAYS[0], "clerk", "2001-01-01")] * 2))
    with pytest.raises(ValueError, match="hire date"):
        read_snapshots(roster_of([("a", DAYS[0], "clerk", None)]))


NAMES = ("person", "snapshot", "unit", "hire_date", "salary")


def linked(rows, **more):
    joined, links = link_ids(roster_of(rows, NAMES), ["hire_date", "unit"], **more)
    return joined["person"].tolist(), list(zip(links["old"], links["new"], strict=True))


def test_a_change_of_name_is_one_person():
    rows = [("maiden", DAYS[0], "Law", "2001-05-07", 50.0), ("married", DAYS[1], "Law", "2001-05-07", 52.0)]
    assert linked(rows, salary_within=0.25) == (["married", "married"], [("maiden", "married")])


def test_a_chain_of_names_is_one_person():
    rows = [(name, day, "Law", "2001-05-07", 50.0) for name, day in zip("abcc", DAYS, strict=True)]
    assert linked(rows)[0] == ["c"] * 4


@pytest.mark.parametrize(
    ("why", "rows"),
    [
        ("a new hire", [("x", DAYS[0], "Law", "2012-07-15", 50.0), ("y", DAYS[1], "Law", "2012-07-15", 50.0)]),
        ("another unit", [("x", DAYS[0], "Law", "2001-05-07", 50.0), ("y", DAYS[1], "Fire", "2001-05-07", 50.0)]),
        (
            "two exits",
            [
                ("x", DAYS[0], "Law", "2001-05-07", 50.0),
                ("w", DAYS[0], "Law", "2001-05-07", 50.0),
                ("y", DAYS[1], "Law", "2001-05-07", 50.0),
            ],
        ),
        (
            "two entries",
            [
                ("x", DAYS[0], "Law", "2001-05-07", 50.0),
                ("y", DAYS[1], "Law", "2001-05-07", 50.0),
                ("z", DAYS[1], "Law", "2001-05-07", 50.0),
            ],
        ),
        (
            "the old id returns",
            [
                ("x", DAYS[0], "Law", "2001-05-07", 50.0),
                ("y", DAYS[1], "Law", "2001-05-07", 50.0),
                ("x", DAYS[2], "Law", "2001-05-07", 50.0),
            ],
        ),
        (
            "the new id was there before",
            [
                ("y", DAYS[0], "Law", "2001-05-07", 50.0),
                ("x", DAYS[1], "Law", "2001-05-07", 50.0),
                ("y", DAYS[2], "Law", "2001-05-07", 50.0),
            ],
        ),
        ("the unit is not known", [("x", DAYS[0], "", "2001-05-07", 50.0), ("y", DAYS[1], "", "2001-05-07", 50.0)]),
        ("half the salary", [("x", DAYS[0], "Law", "2001-05-07", 50.0), ("y", DAYS[1], "Law", "2001-05-07", 25.0)]),
    ],
)
def test_what_is_not_joined(why, rows):
    assert linked(rows, salary_within=0.25)[1] == [], why
