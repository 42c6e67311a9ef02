"""A roster made whole (hire dates, one id a person, small roles put together), and roles and business plan made from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from workforce.errors import Fault, InputError
from workforce.inputs.mapping import Plan, Roles, Roster, SmallCells, nearest
from workforce.inputs.snapshots import link_ids
from workforce.inputs.translate import Line

__all__ = ["join_small", "make_plan", "make_roles", "mend_roster"]


def mend_roster(roster: pd.DataFrame, rules: Roster) -> tuple[pd.DataFrame, list[Line], pd.DataFrame]:
    """Give every row a hire date or leave it out, and join the ids that are one person.

    Parameters
    ----------
    roster : person (text), snapshot, hire_date (datetime64), file (text), left (flag) and the columns the rules name;
        one row per person and snapshot.

    Returns
    -------
    The roster without gaps in hire_date; lines for the report, by file; the links (old, new, after, date). In order: a
    missing hire date is taken from the earliest that the id has in any snapshot; what is still missing follows
    `unknown_hire_date`; a hire date after a snapshot that shows the
    person becomes that day; then ids are joined.
    """
    lines: list[Line] = []
    blank = roster["hire_date"].isna()
    known = roster["person"].map(roster.groupby("person")["hire_date"].min())
    lines += _by_file(
        "mended",
        roster["file"],
        blank & known.notna(),
        "hire_date is empty: the id's hire date in another snapshot",
        "the same person",
    )
    roster = roster.assign(hire_date=roster["hire_date"].fillna(known))
    blank = roster["hire_date"].isna()
    if rules.unknown_hire_date == "middle":
        middle = _middle(roster)
        lines += _by_file(
            "mended",
            roster["file"],
            blank & middle.notna(),
            "hire_date is empty: the middle between first snapshot seen and the one before",
            rules.unknown_why,
        )
        roster = roster.assign(hire_date=roster["hire_date"].fillna(middle))
        blank = roster["hire_date"].isna()
    lines += _by_file("left_out", roster["file"], blank, "hire_date is empty", rules.unknown_why)
    roster = roster[~blank]
    # The same employment carries the same day in later snapshots too, else it would look like a second hire.
    employment = [roster["person"], roster["hire_date"]]
    seen = roster["snapshot"].groupby(employment).transform("min")
    late = roster["hire_date"] > seen
    rule = "hire_date is after a snapshot that shows the person: that snapshot's day"
    lines += _by_file("mended", roster["file"], late, rule, "they were there that day")
    roster = roster.assign(hire_date=roster["hire_date"].where(~late, seen))
    links = pd.DataFrame(columns=["old", "new", "after", "date"])
    same = rules.same_person
    if same is not None:
        joined, links = link_ids(roster, same.columns, same.salary_within)
        rule = "one exit and one entry agree in " + ", ".join(same.columns)
        if same.salary_within is not None:
            rule += f", salary within {same.salary_within:.0%}"
        lines += _by_file(
            "mended", roster["file"], joined["person"] != roster["person"], f"id changed: {rule}", same.why
        )
        roster = joined
    return roster, lines, links


def _by_file(step: str, files: pd.Series, rows: pd.Series, rule: str, why: str) -> list[Line]:
    return [
        Line(step, str(file), rule, why, int(count)) for file, count in files[rows].value_counts(sort=False).items()
    ]


def _middle(roster: pd.DataFrame) -> pd.Series:
    days = pd.DatetimeIndex(np.sort(roster["snapshot"].unique()))
    place = days.get_indexer(roster.groupby("person")["snapshot"].transform("min"))
    before = pd.Series(days[np.maximum(place - 1, 0)], index=roster.index)
    first = pd.Series(days[place], index=roster.index)
    return (before + (first - before) / 2).dt.normalize().where(pd.Series(place > 0, index=roster.index))


def join_small(roster: pd.DataFrame, rule: SmallCells) -> tuple[pd.DataFrame, list[Line]]:
    """Put roles that are small at the last snapshot into their unit's rest, and small rests into a common one.

    roster: role, unit, family (text), snapshot, left. Returns the roster with role, unit and family changed in every
    snapshot alike, so that joining roles makes no moves of its own, and lines for the report.

    >>> roster = pd.DataFrame({"role": ["a"] * 3 + ["b"], "unit": "U", "family": "f", "left": False,
    ...                        "snapshot": pd.Timestamp("2015-06-30")})
    >>> join_small(roster, SmallCells(roles_below=2))[0]["role"].tolist()
    ['a', 'a', 'a', 'U / other']
    """
    last = (roster["snapshot"] == roster["snapshot"].max()) & ~roster["left"]
    small = roster["role"].map(roster.loc[last, "role"].value_counts()).fillna(0) < rule.roles_below
    rest = roster["unit"].map({unit: rule.rest.format(unit=unit) for unit in roster["unit"].unique()})
    joined = roster.assign(
        role=roster["role"].where(~small, rest), family=roster["family"].where(~small, rule.rest_family)
    )
    lines = [
        Line(
            "derived",
            "",
            f"roles of fewer than {rule.roles_below} people joined into '{rule.rest}'",
            f"{roster.loc[small, 'role'].nunique()} roles",
            int(small.sum()),
        )
    ]
    in_rest = joined["role"] == rest
    tiny = in_rest & (rest.map(joined.loc[last & in_rest, "role"].value_counts()).fillna(0) < rule.units_below)
    common = rule.rest.format(unit=rule.common_unit)
    lines.append(
        Line(
            "derived",
            "",
            f"rests of fewer than {rule.units_below} people joined into '{common}'",
            f"{joined.loc[tiny, 'role'].nunique()} rests",
            int(tiny.sum()),
        )
    )
    joined = joined.assign(
        role=joined["role"].where(~tiny, common),
        unit=joined["unit"].where(~tiny, rule.common_unit),
        family=joined["family"].where(~tiny, rule.rest_family),
    )
    return joined, [line for line in lines if line.rows]


def make_roles(roster: pd.DataFrame, rule: Roles, file: str) -> pd.DataFrame:
    """The table of roles: every role of any snapshot, by unit, the largest first.

    roster: role, unit, family (text), snapshot, left, and if there salary (money a year), grade, location. salary is the
    median at the last snapshot that has the role; establishment the largest headcount of any snapshot times the rule's
    number, rounded up. Raises InputError for a role in two units, and for families or roles the rule names and nobody has.
    """
    present = roster[~roster["left"]]
    latest = present[present["snapshot"] == present["role"].map(present.groupby("role")["snapshot"].max())]
    described = [name for name in ("unit", "family", "grade", "location") if name in roster]
    kinds = latest.groupby("role")[described].agg(lambda cells: cells.value_counts().index[0])
    units = latest.groupby("role")["unit"].nunique()
    faults = [
        Fault(file, None, "roles", str(role), "stands in more than one unit", "derive role from unit and family")
        for role in units[units > 1].index
    ]
    faults += _strangers(rule.families, kinds["family"].unique(), "roles.families", file)
    faults += _strangers(rule.named, kinds.index, "roles.named", file)
    if faults:
        raise InputError(faults)
    counts = present.groupby(["role", "snapshot"]).size()
    size = latest.groupby("role").size()
    roles = kinds.assign(size=size)
    if "salary" in roster:
        roles["salary"] = latest.groupby("role")["salary"].median().round(2)
    if rule.establishment is not None:
        roles["establishment"] = np.ceil(counts.groupby("role").max() * rule.establishment - 1e-9)
    roles = roles.reset_index().sort_values(["unit", "size", "role"], ascending=[True, False, True], kind="stable")
    roles = roles.drop(columns="size").astype(object)
    for name, word in rule.constants.items():
        roles[name] = word
    for block, column in ((rule.families, "family"), (rule.named, "role")):
        for key, words in block.items():
            for name, word in words.items():
                if name not in roles:
                    roles[name] = ""
                roles.loc[roles[column] == key, name] = word
    return roles.reset_index(drop=True)


def _strangers(
    named: Sequence[str] | dict[str, dict[str, str]], known: Sequence[str], key: str, file: str
) -> list[Fault]:
    known = [str(name) for name in known]
    return [
        Fault(file, None, key, name, "is in no snapshot", f"did you mean {nearest(name, known)}?")
        for name in named
        if name not in known
    ]


def make_plan(
    people: pd.DataFrame, roles: pd.DataFrame, plan: Plan, last: pd.Timestamp, file: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Drivers that grow evenly, and demand at the service ratio of the last snapshot.

    people : role, fte at the last snapshot. roles : role, unit, family. A driver's month k after the last snapshot is
    value x (1 + growth)^(k/12). A role's ratio is its driver's value over its FTE on the day of the last snapshot, so that
    demand begins where staffing stands; a role without people, or of a fixed family, is fixed at its FTE.

    Returns drivers (unit, driver, period, low, base, high) and demand (role, method, driver, ratio, fte).
    """
    faults = _strangers(
        [d.unit for d in plan.drivers if d.unit != "company"], roles["unit"].unique(), "plan.drivers", file
    )
    followed = {driver.unit: driver for driver in reversed(plan.drivers)}
    staff = people.groupby("role")["fte"].sum()
    months = np.arange(1, plan.months + 1)
    periods = pd.period_range(pd.Period(last, freq="M") + 1, periods=plan.months, freq="M").astype(str)
    drivers = pd.concat(
        [
            pd.DataFrame(
                {
                    "unit": driver.unit,
                    "driver": driver.driver,
                    "period": periods,
                    **{
                        level: np.round(driver.value * (1 + growth) ** (months / 12), 4)
                        for level, growth in (
                            ("low", driver.growth if driver.low is None else driver.low),
                            ("base", driver.growth),
                            ("high", driver.growth if driver.high is None else driver.high),
                        )
                    },
                }
            )
            for driver in plan.drivers
        ],
        ignore_index=True,
    )
    rows: list[tuple[str, str, str, float | None, float | None]] = []
    for role, unit, family in roles[["role", "unit", "family"]].itertuples(index=False):
        fte = float(staff.get(role, 0.0))
        driver = followed.get(unit) or followed.get("company")
        if family in plan.fixed_families or fte == 0:
            rows.append((role, "fixed", "", None, round(fte, 4)))
        elif driver is None:
            faults.append(
                Fault(file, None, "plan.drivers", unit, "has no driver", "add one for the unit or for company")
            )
        else:
            rows.append((role, "ratio", driver.driver, float(f"{driver.value / fte:.10g}"), None))
    if faults:
        raise InputError(faults)
    return drivers, pd.DataFrame(rows, columns=["role", "method", "driver", "ratio", "fte"])
