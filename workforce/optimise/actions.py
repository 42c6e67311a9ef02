"""What may be done: every hire, programme start, move, release, offer to stay and change of working time that the
tables and the scenario allow, when it takes effect, what it costs."""

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.agreement import months_of
from workforce.inputs.case import Case
from workforce.inputs.pricing import price_times
from workforce.inputs.targets import applies_to
from workforce.optimise.prices import loaded_cost

BEFORE = -1
"""Start of what was begun before the plan: people under way, whose number is given and not decided."""

_HIRES = ["row", "channel", "role", "start", "effect", "cost", "arrive", "kind", "given"]
_DEVELOPS = [
    "row", "programme", "source", "target", "start", "effect", "cost", "passing", "away", "mentor", "mentor_role",
    "fail_leave", "given",
]  # fmt: skip
_MOVES = ["row", "source", "target", "start", "effect", "cost", "arrive", "ramp_months"]
_STAND_INS = ["row", "role", "target", "start", "cost", "worth", "share"]
_KEEPS = ["row", "offer", "role", "start", "cost", "effect_share", "reach"]
_SHORT = ["role", "start", "cost", "cut", "share", "heads"]
_WHOLE = ("row", "role", "source", "target", "start", "effect", "kind", "mentor_role")


@dataclass(frozen=True)
class Actions:
    """One row for each decision; roles are numbers in the order of `roles`, periods are numbers of planning periods.

    hires: row (of channels), channel, role, start, effect, cost (money per offer), arrive, kind (number in `kinds`),
    given. develops: row (of programmes), programme, source, target, start, effect, cost (money per seat), passing (share
    that moves on, of those still here), away, mentor, mentor_role, fail_leave, given. moves: row, source, target, start,
    effect, cost, arrive, ramp_months. releases: role, start, cost (money per head). keeps: row (of retention), offer,
    role, start, cost (money per person reached), effect_share (of the hazard), reach (share of the stock). contracts,
    overtimes: role, start, cost (money per FTE for the period), share (most, of the stock). short_times: role, start,
    cost (money per head for the period; negative where pay stops), cut (FTE a head does not work), share, heads (most).
    stand_ins: row, role, target (whose work it is), start, cost (money per FTE for the period), worth (FTE of that work), share.
    Decisions that take effect after the last period are not offered, unless a programme's end has a worth
    (plan.end_value), and none is begun in the last plan.end_periods. given: heads under way at the start (start BEFORE),
    NaN where it is decided.
    kinds: (quality, length in periods or None) of the joiners. channel_limit, seat_limit: [row] of channels and of
    programmes, the most as the row counts it (a period's months, or a year). hire_limit: heads a year for the whole
    company, NaN = none.
    """

    hires: pd.DataFrame
    develops: pd.DataFrame
    moves: pd.DataFrame
    releases: pd.DataFrame
    keeps: pd.DataFrame
    contracts: pd.DataFrame
    overtimes: pd.DataFrame
    short_times: pd.DataFrame
    stand_ins: pd.DataFrame
    kinds: tuple[tuple[float, int | None], ...]
    channel_limit: np.ndarray
    seat_limit: np.ndarray
    hire_limit: float

    def without(self, names: set[tuple[str, str]]) -> "Actions":
        """The same without ways of (action, name): a channel, a programme, a move "source>target" by number, an offer."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        arc = self.moves["source"].astype(str) + ">" + self.moves["target"].astype(str)
        for table, action, name in (
            ("hires", "hire", self.hires["channel"]),
            ("develops", "develop", self.develops["programme"]),
            ("moves", "move", arc),
            ("keeps", "keep", self.keeps["offer"]),
        ):
            out = name.isin([one for kind, one in names if kind == action])
            if "given" in parts[table]:
                out &= parts[table]["given"].isna()
            parts[table] = parts[table][~out].reset_index(drop=True)
        return Actions(**parts)

    def begun_before(self, period: int) -> "Actions":
        """The same without what is begun in this period or later."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, part in parts.items():
            if isinstance(part, pd.DataFrame):
                parts[name] = part[part["start"] < period].reset_index(drop=True)
        return Actions(**parts)


def list_actions(case: Case, dynamics: Dynamics) -> Actions:
    """Every decision the case allows. Lead times, delays and programme lengths in months become whole periods, rounded
    down: what is started in a period and takes less than a period is there at its close."""
    supply, tables = case.assumptions.supply, case.tables
    number = {role: index for index, role in enumerate(dynamics.roles)}
    months, n_periods = dynamics.months, len(dynamics.periods)
    roles = tables.roles
    hires, kinds = _list_hires(case, dynamics, number)
    arcs = []
    for position, row in enumerate(tables.moves.itertuples() if supply.moves else ()):
        effect = int(row.delay) // months
        source, target = number[row.from_role], number[row.to_role]
        arcs += [
            (position, source, target, start, start + effect, row.cost, row.arrive, row.ramp_months)
            for start in range(n_periods - effect)
        ]
    limit = roles["release_max"].to_numpy(dtype=float)
    allowed = np.flatnonzero(limit > 0) if supply.releases else np.array([], dtype=int)
    severance = roles["severance"].to_numpy(dtype=float)
    releases = [(role, start, severance[role]) for role in allowed for start in range(n_periods)]
    found = Actions(
        _frame(hires, _HIRES),
        _frame(_list_courses(case, dynamics, number), _DEVELOPS),
        _frame(arcs, _MOVES),
        _frame(releases, ["role", "start", "cost"]),
        _frame(_list_keeps(case, dynamics), _KEEPS),
        *_list_flexible(case, dynamics),
        _frame(_list_stand_ins(case, dynamics, number), _STAND_INS),
        tuple(kinds),
        count_limit(tables.channels, "capacity", months),
        count_limit(tables.programmes, "seats", months),
        np.nan if supply.external_hires_max is None else float(supply.external_hires_max),
    )
    return _index_prices(case, found).begun_before(n_periods - case.assumptions.plan.end_periods)


def _index_prices(case: Case, actions: Actions) -> Actions:
    """The same at the prices of the period in which each is begun (table price_index)."""
    frames = {}
    for name, category, role, via in (
        ("hires", "recruiting", "role", "channel"),
        ("develops", "development", "target", "programme"),
        ("moves", "development", "target", ""),
        ("releases", "separation", "role", ""),
        ("keeps", "retention", "role", "offer"),
        ("contracts", "people", "role", ""),
        ("overtimes", "people", "role", ""),
        ("short_times", "people", "role", ""),
        ("stand_ins", "people", "role", ""),
    ):
        frame = getattr(actions, name)
        way = frame[via].to_numpy() if via else ""
        times = price_times(case, category, frame[role].to_numpy(), frame["start"].to_numpy(), way)
        frames[name] = frame.assign(cost=frame["cost"] * times)
    return replace(actions, **frames)


def count_limit(table: pd.DataFrame, column: str, months: int) -> np.ndarray:
    """[row] the limit of each row as it counts: for a period where `per` is month, for a calendar year where it is year."""
    limit = table[column].to_numpy(dtype=float)
    return np.where(table["per"].to_numpy() == "year", limit, limit * months)


def _list_hires(
    case: Case, dynamics: Dynamics, number: dict[str, int]
) -> tuple[list[tuple], dict[tuple[float, int | None], int]]:
    supply, channels, months = case.assumptions.supply, case.tables.channels, dynamics.months
    kinds: dict[tuple[float, int | None], int] = {}
    hires = []
    for position, row in enumerate(channels.itertuples()):
        length = None if np.isnan(row.contract_months) else max(int(row.contract_months) // months, 1)
        kind = kinds.setdefault((float(row.quality), length), len(kinds))
        meant = np.flatnonzero(applies_to(row, case.tables.roles))
        for role, effect, heads in _find_under_way(case, row.channel, meant, number):
            hires.append((position, row.channel, role, BEFORE, effect, 0.0, row.arrive, kind, heads))
        if supply.channels is None or row.channel in supply.channels:
            effect = int(row.lead_months) // months
            hires += [
                (position, row.channel, role, start, start + effect, row.cost, row.arrive, kind, np.nan)
                for role in meant.tolist()
                for start in range(len(dynamics.periods) - effect)
            ]
    used = {hire[7] for hire in hires}
    places = {old: new for new, old in enumerate(kind for kind in kinds.values() if kind in used)}
    hires = [(*hire[:7], places[hire[7]], hire[8]) for hire in hires]
    return hires, {key: places[place] for key, place in kinds.items() if place in used}


def _list_courses(case: Case, dynamics: Dynamics, number: dict[str, int]) -> list[tuple]:
    supply, months, n_periods = case.assumptions.supply, dynamics.months, len(dynamics.periods)
    courses = []
    for position, row in enumerate(case.tables.programmes.itertuples()):
        effect = int(row.months) // months
        source, target = number[row.from_role], number[row.to_role]
        mentors = number[row.mentor_role or row.to_role]
        rest = (row.pass_rate, row.away, row.mentor, mentors, row.fail_leave)
        for _, ends, heads in _find_under_way(case, row.programme, np.array([target]), number):
            courses.append((position, row.programme, source, target, BEFORE, ends, 0.0, *rest, heads))
        last = n_periods if case.assumptions.plan.end_value > 0 else n_periods - effect
        courses += [
            (position, row.programme, source, target, start, start + effect, row.cost, *rest, np.nan)
            for start in (range(last) if supply.programmes else ())
        ]
    return courses


def _find_under_way(case: Case, via: str, roles: np.ndarray, number: dict[str, int]) -> list[tuple[int, int, float]]:
    """Role, period (by the first month stated) and heads of those who come by this way and arrive within the plan."""
    coming, found = case.tables.under_way, []
    if coming.empty:
        return []
    first = case.periods[0].start_time.year * 12 + case.periods[0].start_time.month - 1
    for row in coming[coming["via"] == via].itertuples():
        effect = (months_of(row.period).start - first) // case.months_per_period
        if number[row.role] in roles and 0 <= effect < len(case.periods):
            found.append((number[row.role], effect, row.heads))
    return found


def _list_keeps(case: Case, dynamics: Dynamics) -> list[tuple]:
    """Offers to stay that the scenario leaves to the plan (those in supply.retention_offers are made as they stand)."""
    supply, keeps = case.assumptions.supply, []
    for position, row in enumerate(case.tables.retention.itertuples() if supply.retention else ()):
        if row.offer in supply.retention_offers or row.effect == 0 or row.reach == 0:
            continue
        cost = row.cost * dynamics.months / 12.0
        keeps += [
            (position, row.offer, role, start, cost, row.effect, row.reach)
            for role in np.flatnonzero(applies_to(row, case.tables.roles))
            for start in range(len(dynamics.periods))
        ]
    return keeps


def _list_stand_ins(case: Case, dynamics: Dynamics, number: dict[str, int]) -> list[tuple]:
    allowed = case.tables.stand_ins if case.assumptions.supply.stand_ins else case.tables.stand_ins.iloc[:0]
    return [
        (
            position, number[row.from_role], number[row.to_role], start, row.cost * dynamics.months / 12.0, row.worth,
            row.max_share,
        )
        for position, row in enumerate(allowed.itertuples())
        for start in range(len(dynamics.periods))
    ]  # fmt: skip


def _list_flexible(case: Case, dynamics: Dynamics) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Contractors, overtime and short-time working by role and period."""
    roles, supply = case.tables.roles, case.assumptions.supply
    loaded, year_share = loaded_cost(case)[0], dynamics.months / 12.0
    column = {name: roles[name].to_numpy(dtype=float) for name in roles.columns if roles[name].dtype == float}
    premium = loaded * (1.0 + column["overtime_premium"])
    overtime = np.where(np.isnan(column["overtime_cost"]), premium, column["overtime_cost"]) * year_share
    contract = column["contract_cost"] * year_share
    cut = column["short_time_cut"] * dynamics.fte
    goes_on = np.nan_to_num(column["short_time_cost"], nan=1.0)
    short = (np.nan_to_num(column["short_time_price"]) - (1.0 - goes_on) * loaded * cut) * year_share
    heads, share = column["short_time_heads"], column["short_time_max"]
    every = range(len(dynamics.periods))

    def grid(allowed: np.ndarray, *values: np.ndarray) -> list[tuple]:
        return [(r, t, *(part[r] for part in values)) for r in np.flatnonzero(allowed) for t in every]

    return (
        _frame(
            grid(supply.contractors & (column["contract_max"] > 0), contract, column["contract_max"]),
            ["role", "start", "cost", "share"],
        ),
        _frame(
            grid(supply.overtime & (column["overtime_max"] > 0), overtime, column["overtime_max"]),
            ["role", "start", "cost", "share"],
        ),
        _frame(grid(supply.short_time & ((share > 0) | (heads > 0)), short, cut, share, heads), _SHORT),
    )


def _frame(rows: list[tuple], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns)
    text = [name for name in ("channel", "programme", "offer") if name in columns]
    kinds = {name: np.int64 if name in _WHOLE else str if name in text else float for name in columns}
    return frame.astype(kinds)
