"""What must hold between the cells of one row, or the rows of one table."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from workforce.errors import Fault
from workforce.inputs.cells import faults_at

_PAIR = re.compile(r"\s*[+-]?[0-9]+\s*:\s*[0-9]+(\.[0-9]+)?\s*")

_SHARE = re.compile(r"\s*-?(0?\.[0-9]+|[01](\.[0-9]+)?)\s*")


def fill_table(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Blanks that another column of the same row fills: a new frame.

    channels: arrive from joined, else 1; required and drivers: low and high from fte or base;
    people: role_since from hire_date; history: a leave without
    cause is 'other'.
    """
    if name == "channels":
        return frame.assign(arrive=frame["arrive"].fillna(frame["joined"]).fillna(1.0))
    if name == "required":
        return frame.assign(low=frame["low"].fillna(frame["fte"]), high=frame["high"].fillna(frame["fte"]))
    if name == "drivers":
        return frame.assign(low=frame["low"].fillna(frame["base"]), high=frame["high"].fillna(frame["base"]))
    if name == "people":
        return frame.assign(role_since=frame["role_since"].fillna(frame["hire_date"]))
    if name == "history":
        return frame.assign(cause=frame["cause"].mask((frame["event"] == "leave") & (frame["cause"] == ""), "other"))
    return frame


def parse_profile(text: str) -> list[tuple[int, float]]:
    """The staffing profile of a project: (months from launch, FTE) in order of time. ValueError when it is none.

    >>> parse_profile("-6:2; 0:20; -3:8")
    [(-6, 2.0), (-3, 8.0), (0, 20.0)]
    """
    pairs = [pair for pair in text.split(";") if pair.strip()]
    if not pairs or not all(_PAIR.fullmatch(pair) for pair in pairs):
        raise ValueError("pairs 'months from launch:FTE' separated by ';'")
    steps = sorted((int(month), float(fte)) for month, fte in (pair.split(":") for pair in pairs))
    if len({month for month, _ in steps}) < len(steps):
        raise ValueError("each month once")
    return steps


def parse_season(text: str) -> np.ndarray:
    """The need by calendar month, January first; months that are not named are 1. ValueError when it is none.

    >>> parse_season("2:0.9; 12:1.2")[[0, 1, 11]].tolist()
    [1.0, 0.9, 1.2]
    """
    factors = np.ones(12)
    if not text.strip():
        return factors
    try:
        pairs = parse_profile(text)
    except ValueError:
        raise ValueError("pairs 'month:factor' separated by ';', each month once") from None
    if not all(1 <= month <= 12 and factor > 0 for month, factor in pairs):
        raise ValueError("months 1 to 12 and factors above 0")
    for month, factor in pairs:
        factors[month - 1] = factor
    return factors


def parse_gains(text: str) -> list[tuple[str, float]]:
    """Projects and the share by which each raises productivity. ValueError when it is none.

    >>> parse_gains("new_system: 0.05; training:0.02")
    [('new_system', 0.05), ('training', 0.02)]
    """
    gains = []
    for pair in (part for part in text.split(";") if part.strip()):
        name, _, share = pair.rpartition(":")
        if not name.strip() or not _SHARE.fullmatch(share) or float(share) <= -1:
            raise ValueError("pairs 'project:share' separated by ';'")
        gains.append((name.strip(), float(share)))
    if len({name for name, _ in gains}) < len(gains):
        raise ValueError("each project once")
    return gains


def split_reports(text: str) -> list[str]:
    """The roles that a leader leads, from the cell demand.reports.

    >>> split_reports("clerk; driver")
    ['clerk', 'driver']
    """
    return [name.strip() for name in text.split(";") if name.strip()]


def check_rules(name: str, frame: pd.DataFrame, label: str, lost: set[str]) -> list[Fault]:
    """Faults within one table. `lost`: required columns that the file lacks; rules that need them are left out."""
    if frame.empty:
        return []
    faults: list[Fault] = []

    def refuse(mask: pd.Series | np.ndarray, column: str, rule: str, mend: str | Callable[[int], str]) -> None:
        places = np.flatnonzero(np.asarray(mask, dtype=bool))
        if column in lost or not len(places):
            return
        cells = frame[column].iloc[places]
        dated = pd.api.types.is_datetime64_any_dtype(cells)
        values = [_show(cell) for cell in (cells.dt.strftime("%Y-%m-%d") if dated else cells)]
        faults.extend(
            faults_at(
                label,
                column,
                cells.index.to_numpy(),
                values,
                rule,
                (lambda k: mend) if isinstance(mend, str) else lambda k: mend(int(places[k])),
            )
        )

    check = _CHECKS.get(name)
    if check and not lost:
        check(frame, refuse)
    return faults


def _show(cell: object) -> str:
    if isinstance(cell, float):
        return "" if np.isnan(cell) else f"{cell:.12g}"
    return str(cell)


Refuse = Callable[..., None]

NOT_RISING = "must be above the cost of an offer before this step"
MEND_RISING = (
    "steps tell of diminishing returns; a cost that falls with volume cannot be planned in fractions (the cheap offers "
    "would come first): state one mean cost in channels instead"
)


def _roles(frame: pd.DataFrame, refuse: Refuse) -> None:
    refuse(frame["unit"] == "company", "unit", "is the word for the whole company", "give the unit another name")
    refuse(
        frame["role"].str.contains(";", regex=False),
        "role",
        "must not hold ';'",
        "it separates roles in demand.reports",
    )


def _rates(frame: pd.DataFrame, refuse: Refuse) -> None:
    whole = (frame["cause"] == "all").groupby(frame["role"]).transform("any") & (frame["role"] != "")
    refuse(
        whole & (frame["cause"] != "all") & (frame["cause"] != ""),
        "cause",
        "stands beside a rate for all causes of the same role",
        "state either all, or each cause, for every tenure of a role",
    )
    sums = _sum_causes(frame[~whole & (frame["role"] != "") & (frame["cause"] != "") & frame["tenure_from"].notna()])
    too_high = frame.index.isin(list(sums))

    def mend(place: int) -> str:
        tenure, total = sums[frame.index[place]]
        return (
            f"from tenure_from {tenure:g} on they add up to {total:.6g}; each is the probability of leaving for that "
            "cause within a year and holds until the next row of the same cause"
        )

    refuse(too_high, "yearly_rate", "the causes of this role add up to more than 1", mend)


def _sum_causes(rates: pd.DataFrame) -> dict[int, tuple[float, float]]:
    """Row -> (tenure, sum) where the causes that hold together first add up to more than 1. A cause's rate holds from
    its tenure_from until the next row of the same cause."""
    if rates.empty:
        return {}
    cells = rates.assign(yearly_rate=rates["yearly_rate"].fillna(0.0))
    wide = cells.pivot_table(index=["role", "tenure_from"], columns="cause", values="yearly_rate", aggfunc="last")
    totals = wide.groupby(level="role").ffill().sum(axis=1)
    found: dict[int, tuple[float, float]] = {}
    for role in totals[totals > 1 + 1e-9].index.get_level_values("role").unique():
        own, summed = rates[rates["role"] == role], totals[role]
        for _, group in own.sort_values("tenure_from").groupby("cause"):
            ends = [*group["tenure_from"].iloc[1:], np.inf]
            for row, start, end in zip(group.index, group["tenure_from"], ends, strict=True):
                held = summed[(summed.index >= start) & (summed.index < end) & (summed > 1 + 1e-9)]
                if len(held):
                    found[row] = (float(held.index[0]), float(held.iloc[0]))
    return found


def _ways(frame: pd.DataFrame, refuse: Refuse) -> None:
    same = (frame["from_role"] == frame["to_role"]) & (frame["from_role"] != "")
    refuse(same, "to_role", "must differ from from_role", "name the role they go to")


def _range(middle: str) -> Callable[[pd.DataFrame, Refuse], None]:
    def check(frame: pd.DataFrame, refuse: Refuse) -> None:
        refuse(frame["low"] > frame[middle], "low", f"must not be above {middle}", f"low <= {middle} <= high")
        refuse(frame["high"] < frame[middle], "high", f"must not be below {middle}", f"low <= {middle} <= high")

    return check


def _drivers(frame: pd.DataFrame, refuse: Refuse) -> None:
    _range("base")(frame, refuse)
    lengths = frame["period"].str.len().where(frame["period"] != "")
    mixed = lengths.groupby([frame["unit"], frame["driver"]]).transform("nunique") > 1
    refuse(
        mixed,
        "period",
        "months, quarters and years are mixed in one driver",
        "state each driver of a unit in one length of period",
    )


def _required(frame: pd.DataFrame, refuse: Refuse) -> None:
    _range("fte")(frame, refuse)
    lengths = frame["period"].str.len().where(frame["period"] != "")
    mixed = lengths.groupby(frame["role"]).transform("nunique") > 1
    refuse(
        mixed, "period", "months, quarters and years are mixed in one role", "state each role in one length of period"
    )


def _people(frame: pd.DataFrame, refuse: Refuse) -> None:
    refuse(
        frame["birth_date"] >= frame["hire_date"], "birth_date", "must be before hire_date", "mend one of the two dates"
    )
    refuse(
        frame["leave_date"] < frame["hire_date"],
        "leave_date",
        "must not be before hire_date",
        "mend one of the two dates",
    )
    refuse(
        frame["role_since"] < frame["hire_date"],
        "role_since",
        "must not be before hire_date",
        lambda k: f"hire_date is {frame['hire_date'].iloc[k]:%Y-%m-%d}; leave role_since empty if it is the same day",
    )


def _history(frame: pd.DataFrame, refuse: Refuse) -> None:
    event, origin, target = frame["event"], frame["from_role"], frame["to_role"]
    refuse(
        event.isin(["leave", "move"]) & (origin == ""),
        "from_role",
        "must not be empty for a leave or a move",
        "name the role that was left",
    )
    refuse(
        event.isin(["join", "move"]) & (target == ""),
        "to_role",
        "must not be empty for a join or a move",
        "name the role that was entered",
    )
    refuse(
        (event == "move") & (origin == target) & (origin != ""),
        "to_role",
        "must differ from from_role",
        "remove the row, or name the role they went to",
    )
    refuse(
        (event != "leave") & (event != "") & (frame["cause"] != ""), "cause", "is only for a leave", "leave it empty"
    )
    refuse(
        frame["after"] >= frame["date"],
        "after",
        "must be before date",
        "after is the snapshot before, date the one that shows it",
    )
    refuse(frame["hire_date"] > frame["date"], "hire_date", "must not be after the event", "mend one of the two dates")


def _demand(frame: pd.DataFrame, refuse: Refuse) -> None:
    method = frame["method"]
    for name in ("ratio", "elasticity"):
        refuse(
            (method == name) & (frame["driver"] == ""),
            "driver",
            f"must not be empty for method {name}",
            "name a driver of drivers.csv",
        )
    moving = method.isin(["ratio", "elasticity", "trend"])
    for column in ("season", "gains"):
        refuse(
            ~moving & (method != "") & (frame[column] != ""),
            column,
            "is for the methods ratio, elasticity and trend",
            "leave it empty",
        )
    refuse(
        (method == "project") & (frame["driver"] == ""),
        "driver",
        "must not be empty for method project",
        "name a project of projects.csv",
    )
    refuse(
        (method == "fixed") & frame["fte"].isna(), "fte", "must not be empty for method fixed", "state the posts in FTE"
    )
    refuse(
        (method == "project") & (frame["profile"] == ""),
        "profile",
        "must not be empty for method project",
        "state pairs of months from launch and FTE, as -6:2; 0:20",
    )
    refuse(
        frame["growth"] <= -1,
        "growth",
        "must be above -1",
        "state productivity growth a year as a share, as -0.05; at -1 nothing is produced after a year",
    )
    read: Callable[[str], object]
    for column, read, rule, example in (
        ("profile", parse_profile, "is not a staffing profile", "-6:2; -3:8; 0:20"),
        ("season", parse_season, "is not a season", "2:0.9; 11:1.2"),
        ("gains", parse_gains, "is not a list of gains", "new_system:0.05"),
    ):
        for place, text in enumerate(frame[column]):
            try:
                if text:
                    read(text)
            except ValueError as error:
                refuse(np.arange(len(frame)) == place, column, rule, f"write {error}, as {example}")


def _targets(frame: pd.DataFrame, refuse: Refuse) -> None:
    refuse(
        (frame["role"] != "") & (frame["family"] != ""),
        "family",
        "role and family are both filled",
        "keep one; both blank = all roles",
    )


def _channels(frame: pd.DataFrame, refuse: Refuse) -> None:
    _targets(frame, refuse)
    refuse(
        frame["lead_p90"] < frame["lead_months"],
        "lead_p90",
        "must not be below lead_months",
        "lead_months is the middle, lead_p90 what nine hires in ten keep within",
    )
    refuse(
        (frame["joined"] - frame["arrive"]).abs() > 1e-9,
        "joined",
        "contradicts arrive: both are the share of offers that start",
        "keep one of the two, or state the same share in both",
    )


def _channel_tiers(frame: pd.DataFrame, refuse: Refuse) -> None:
    _targets(frame, refuse)
    ordered = frame.sort_values(["channel", "role", "family", "above"], kind="stable")
    before = ordered.groupby(["channel", "role", "family"], dropna=False)["cost"].shift()
    refuse((frame["cost"] <= before.reindex(frame.index)), "cost", NOT_RISING, MEND_RISING)


def _pay_rules(frame: pd.DataFrame, refuse: Refuse) -> None:
    refuse(
        frame["base_ceiling"] < frame["base_floor"],
        "base_ceiling",
        "must not be below base_floor",
        "mend one of the two",
    )


def _projects(frame: pd.DataFrame, refuse: Refuse) -> None:
    refuse(frame["end"] < frame["launch"], "end", "must not be before launch", "mend one of the two dates")


_CHECKS: dict[str, Callable[[pd.DataFrame, Refuse], None]] = {
    "roles": _roles,
    "rates": _rates,
    "transitions": _ways,
    "required": _required,
    "people": _people,
    "history": _history,
    "drivers": _drivers,
    "demand": _demand,
    "channels": _channels,
    "channel_tiers": _channel_tiers,
    "stage_capacity": _targets,
    "retention": _targets,
    "programmes": _ways,
    "moves": _ways,
    "stand_ins": _ways,
    "pay_rules": _pay_rules,
    "projects": _projects,
}
