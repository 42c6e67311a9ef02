"""What a plan must keep besides its money: capacities, seats, caps, shares of a stock, spans and the establishment."""

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.inputs.rules import split_reports
from workforce.optimise.actions import BEFORE, Actions, count_limit
from workforce.optimise.balance import graduates
from workforce.optimise.contents import Columns, Entries
from workforce.optimise.linear import AT_LEAST, AT_MOST, LinearModel
from workforce.optimise.prices import discount, paid_years
from workforce.optimise.reactions import Established, each_period
from workforce.optimise.shares import Stocks, cover_years


def limit_actions(
    case: Case, model: LinearModel, dynamics: Dynamics, actions: Actions, columns: Columns, labels: list[str]
) -> dict[str, np.ndarray]:
    """Capacity and pool of channels, seats of programmes, caps of moves, of releases and of hires by year."""
    tables, years = case.tables, np.asarray(dynamics.periods.year)
    period = np.asarray(labels, dtype=object)
    hires, releases = actions.hires, actions.releases
    channel = _channel_names(tables.channels).to_numpy(dtype=object)
    arc = (tables.moves["from_role"] + ">" + tables.moves["to_role"]).to_numpy(dtype=object)
    role = np.asarray(dynamics.roles, dtype=object)
    rows = {}
    for kind, frame, column, table, limit, words in (
        ("capacity", hires, columns.hires, tables.channels, actions.channel_limit, channel),
        (
            "seats",
            actions.develops,
            columns.develops,
            tables.programmes,
            actions.seat_limit,
            tables.programmes["programme"].to_numpy(dtype=object),
        ),
        (
            "moves",
            actions.moves,
            columns.moves,
            tables.moves,
            count_limit(tables.moves, "max_per_month", dynamics.months),
            arc,
        ),
    ):
        row, start = frame["row"].to_numpy(), frame["start"].to_numpy()
        yearly = (table["per"] == "year").to_numpy()[row]
        group = row * 10_000 + np.where(yearly, years[start], start)
        when = np.where(yearly, years[start].astype(str).astype(object), period[start])
        share = np.where(yearly, cover_years(dynamics.periods, dynamics.months, years[start]), 1.0)
        side = np.where(start == BEFORE, np.nan, limit[row] * share)
        rows[kind] = _cap(model, kind, group, when + "_" + words[row], side, column, np.ones(len(column)))
    row = hires["row"].to_numpy()
    side = np.where(hires["start"] == BEFORE, np.nan, tables.channels["pool"].to_numpy(dtype=float)[row])
    rows["pool"] = _cap(model, "pool", row, "all_" + channel[row], side, columns.hires, np.ones(len(row)))
    left, year = releases["role"].to_numpy(), years[releases["start"].to_numpy()]
    side = tables.roles["release_max"].to_numpy(dtype=float)[left] * cover_years(
        dynamics.periods, dynamics.months, year
    )
    names = year.astype(str).astype(object) + "_" + role[left]
    rows["releases"] = _cap(
        model, "releases", year * len(role) + left, names, side, columns.releases, np.ones(len(left))
    )
    year = years[hires["effect"].to_numpy()]
    side = actions.hire_limit * cover_years(dynamics.periods, dynamics.months, year)
    arrive = hires["arrive"].to_numpy()
    rows["hires"] = _cap(model, "hires", year, year.astype(str).astype(object), side, columns.hires, arrive)
    return rows


def _cap(
    model: LinearModel,
    kind: str,
    group: np.ndarray,
    names: np.ndarray,
    side: np.ndarray,
    column: np.ndarray,
    value: np.ndarray,
) -> np.ndarray:
    """One row for each group: the sum of its columns times their values stays within its side; NaN = no limit."""
    kept = np.isfinite(side)
    _, first, number = np.unique(group[kept], return_index=True, return_inverse=True)
    rows = model.add_rows([f"{kind}_{name}" for name in names[kept][first]], AT_MOST, side[kept][first])
    model.add_entries(rows[number], column[kept], value[kept])
    return rows


def _channel_names(channels: pd.DataFrame) -> pd.Series:
    meant = channels["role"].where(channels["role"] != "", channels["family"])
    return channels["channel"].where(meant == "", channels["channel"] + "_" + meant)


def limit_shares(
    case: Case,
    dynamics: Dynamics,
    established: Established,
    actions: Actions,
    columns: Columns,
    stocks: Stocks,
    labels: list[str],
) -> dict[str, np.ndarray]:
    """Caps that are shares of a role's people: trainees of their source, mentors and arrivals of their target, those whom
    an offer reaches, releases, contractors, overtime and short time."""
    roles, names = case.tables.roles, np.asarray(dynamics.roles, dtype=object)
    rows: dict[str, np.ndarray] = {}

    def cap(
        kind: str, frame: pd.DataFrame, column: np.ndarray, share: np.ndarray, lag: int = 0, value: float = 1.0
    ) -> None:
        """Rows by role and start; share: [row of frame], NaN = no limit; lag = 1: of the people at the opening."""
        kept = np.isfinite(share)
        role, start = frame["role"].to_numpy()[kept], frame["start"].to_numpy()[kept]
        place, first, group = np.unique(role * len(labels) + start, return_index=True, return_inverse=True)
        who, when = np.divmod(place, len(labels))
        words = [f"{kind}_{labels[t]}_{names[r]}" for r, t in zip(who, when, strict=True)]
        amounts = np.broadcast_to(value, len(frame))[kept]
        found = stocks.cap(words, group, column[kept], amounts, when - lag, who, share[kept][first])
        rows[kind] = np.concatenate([rows.get(kind, np.array([], dtype=int)), found])

    releases, keeps = actions.releases, actions.keeps
    cap("release_share", releases, columns.releases, roles["release_share"].to_numpy(float)[releases["role"]], lag=1)
    cap("contract", actions.contracts, columns.contracts, actions.contracts["share"].to_numpy())
    cap("overtime", actions.overtimes, columns.overtimes, actions.overtimes["share"].to_numpy())
    cap("short_time", actions.short_times, columns.short_times, actions.short_times["share"].to_numpy())
    for offer in keeps["offer"].unique():
        mine = (keeps["offer"] == offer).to_numpy()
        cap("reach", keeps[mine], columns.keeps[mine], keeps["reach"].to_numpy()[mine], lag=1)
    reached = keeps.groupby(["role", "start"])["reach"].transform("sum").to_numpy(dtype=float)
    cap("reach", keeps, columns.keeps, np.where(reached > 1.0, 1.0, np.nan), lag=1)
    rows["eligible"] = _limit_trainees(case, established, actions, columns, stocks, labels)
    rows["mentors"] = _limit_mentors(case, dynamics, established, actions, columns, stocks, labels)
    rows["target_share"] = _limit_arrivals(case, dynamics, established, actions, columns, stocks, labels)
    return rows


def limit_stand_ins(
    dynamics: Dynamics, actions: Actions, columns: Columns, able: Stocks, labels: list[str]
) -> np.ndarray:
    """The FTE that do the work of another role within their share of what their role can do at the close (`able`: effective
    FTE before anybody stands in), and all together within it."""
    frame, found = actions.stand_ins, [np.array([], dtype=int)]
    role, start, row, share = (frame[name].to_numpy() for name in ("role", "start", "row", "share"))
    for place, mine, most in ((role, np.ones(len(frame), dtype=bool), np.ones(len(frame))), (row, share < 1.0, share)):
        _, first, group = np.unique((place * len(labels) + start)[mine], return_index=True, return_inverse=True)
        when, who = start[mine][first], role[mine][first]
        words = [f"stand_in_{labels[t]}_{dynamics.roles[r]}" for r, t in zip(who, when, strict=True)]
        found.append(able.cap(words, group, columns.stand_ins[mine], 1.0, when, who, most[mine][first]))
    return np.concatenate(found)


def _limit_trainees(
    case: Case, established: Established, actions: Actions, columns: Columns, stocks: Stocks, labels: list[str]
) -> np.ndarray:
    """Trainees under way, of each programme, within the eligible share of its source's people at every close; those of a
    programme shorter than a period within that share of who was there at the opening and has stayed."""
    courses, table = actions.develops, case.tables.programmes
    called = table["programme"].tolist()
    row, start, effect, source = (courses[name].to_numpy() for name in ("row", "start", "effect", "source"))
    course, now = each_period(np.maximum(start, 0), np.minimum(effect, len(labels)))
    at_once = np.flatnonzero(start == effect)
    course, now = np.concatenate([course, at_once]), np.concatenate([now, start[at_once]])
    brief = start[course] == effect[course]
    value = np.where(brief, 1.0, established.surviving(source[course], start[course], now))
    place = (row[course] * len(labels) + now) * 2 + brief
    _, first, group = np.unique(place, return_index=True, return_inverse=True)
    course_of, when, short = course[first], now[first], brief[first]
    names = [f"eligible_{labels[t]}_{called[r]}" for t, r in zip(when, row[course_of], strict=True)]
    share = table["eligible"].to_numpy(dtype=float)[row[course_of]]
    share = share * np.where(short, 1.0 - established.leave[when, source[course_of]], 1.0)
    return stocks.cap(names, group, columns.develops[course], value, when - short, source[course_of], share)


def _limit_mentors(
    case: Case,
    dynamics: Dynamics,
    established: Established,
    actions: Actions,
    columns: Columns,
    stocks: Stocks,
    labels: list[str],
) -> np.ndarray:
    """Mentors' time within roles.mentor_max of their role's people at every close."""
    most, courses = case.tables.roles["mentor_max"].to_numpy(dtype=float), actions.develops
    start, effect, source, role = (courses[name].to_numpy() for name in ("start", "effect", "source", "mentor_role"))
    mentor = courses["mentor"].to_numpy(dtype=float)
    capped = np.flatnonzero(np.isfinite(most[role]) & (mentor > 0))
    course, now = each_period(np.maximum(start[capped], 0), np.minimum(effect[capped], len(labels)))
    course = capped[course]
    taken = mentor[course] * established.surviving(source[course], start[course], now)
    place, group = np.unique(now * len(dynamics.roles) + role[course], return_inverse=True)
    when, who = np.divmod(place, len(dynamics.roles))
    names = [f"mentors_{labels[t]}_{dynamics.roles[r]}" for t, r in zip(when, who, strict=True)]
    return stocks.cap(names, group, columns.develops[course], taken, when, who, most[who])


def _limit_arrivals(
    case: Case,
    dynamics: Dynamics,
    established: Established,
    actions: Actions,
    columns: Columns,
    stocks: Stocks,
    labels: list[str],
) -> np.ndarray:
    """Those who move, or end a programme, in a period within max_share_of_target of the target's people at its close."""
    found = []
    for kind, frame, column, table, value in (
        ("moves", actions.moves, columns.moves, case.tables.moves, np.ones(len(actions.moves))),
        ("develops", actions.develops, columns.develops, case.tables.programmes, graduates(actions, established)[0]),
    ):
        row, effect = frame["row"].to_numpy(), frame["effect"].to_numpy()
        share = table["max_share_of_target"].to_numpy(dtype=float)[row]
        kept = np.isfinite(share) & (effect < len(labels))
        place, first, group = np.unique((row * len(labels) + effect)[kept], return_index=True, return_inverse=True)
        target, when = frame["target"].to_numpy()[kept][first], place % len(labels)
        names = [
            f"target_share_{labels[t]}_{kind}_{row[kept][first][k]}_{dynamics.roles[r]}"
            for k, (t, r) in enumerate(zip(when, target, strict=True))
        ]
        found.append(stocks.cap(names, group, column[kept], value[kept], when, target, share[kept][first]))
    return np.concatenate(found)


def limit_people(
    case: Case, model: LinearModel, dynamics: Dynamics, heads: Entries, stocks: Stocks, labels: list[str]
) -> dict[str, np.ndarray]:
    """The establishment, the people at the end, and leaders enough for their reports, each as rows."""
    return {
        "establishment": _limit_establishment(case, model, dynamics, heads, labels),
        "end": _limit_end(case, model, dynamics, stocks, labels),
        "span": _limit_spans(case, model, dynamics, stocks, labels),
    }


def _limit_establishment(
    case: Case, model: LinearModel, dynamics: Dynamics, heads: Entries, labels: list[str]
) -> np.ndarray:
    """Authorised heads by unit over the roles that state one; overflow priced, or forbidden, as the scenario says."""
    plan, table = case.assumptions.plan, case.tables.roles
    stated = table["establishment"].notna().to_numpy()
    if plan.establishment == "ignored" or not stated.any():
        return np.array([], dtype=int)
    units = list(dict.fromkeys(table.loc[stated, "unit"]))
    unit = np.array([units.index(name) if ok else -1 for name, ok in zip(table["unit"], stated, strict=True)])
    allowed = np.bincount(unit[stated], weights=table.loc[stated, "establishment"], minlength=len(units))
    names = [f"{label}_{name}" for label in labels for name in units]
    rows = model.add_rows([f"establishment_{name}" for name in names], AT_MOST, np.tile(allowed, len(labels)))
    for period, role, column, value in heads:
        inside = stated[role]
        model.add_entries(rows[period * len(units) + unit[role]][inside], column[inside], value[inside])
    if plan.establishment == "priced":
        price = plan.establishment_price * discount(case) * paid_years(case)[:, 0]
        over = model.add_columns([f"overflow_{name}" for name in names], price.repeat(len(units)))
        model.add_entries(rows, over, -1.0)
    return rows


def _limit_end(case: Case, model: LinearModel, dynamics: Dynamics, stocks: Stocks, labels: list[str]) -> np.ndarray:
    found = [np.array([], dtype=int)]
    for column, sense in (("end_min", AT_LEAST), ("end_max", AT_MOST)):
        side = case.tables.roles[column].to_numpy(dtype=float)
        role = np.flatnonzero(np.isfinite(side))
        rows = model.add_rows([f"end_{labels[-1]}_{dynamics.roles[r]}_{column}" for r in role], sense, side[role])
        model.add_entries(rows, stocks.at(np.full(len(role), len(labels) - 1), role), 1.0)
        found.append(rows)
    return np.concatenate(found)


def _limit_spans(case: Case, model: LinearModel, dynamics: Dynamics, stocks: Stocks, labels: list[str]) -> np.ndarray:
    """Leaders x span at least their reports, at every close, for each row of demand by span (plan.span)."""
    demand, table = case.tables.demand, case.tables.roles
    number = {role: index for index, role in enumerate(dynamics.roles)}
    led = demand[demand["method"] == "span"]
    units, leaders, found = table["unit"].to_numpy(), set(led["role"]), [np.array([], dtype=int)]
    for row in led.itertuples() if case.assumptions.plan.span else ():
        leader = number[row.role]
        span = table["span"].iloc[leader] if np.isnan(row.span) else row.span
        unit = [r for r in dynamics.roles if units[number[r]] == units[leader] and r not in leaders]
        reports = [number[role] for role in split_reports(row.reports) or unit if role != row.role]
        rows = model.add_rows([f"span_{label}_{row.role}" for label in labels], AT_LEAST, 0.0)
        every = np.arange(len(labels))
        model.add_entries(rows, stocks.at(every, np.full(len(labels), leader)), span)
        for report in reports:
            model.add_entries(rows, stocks.at(every, np.full(len(labels), report)), -1.0)
        found.append(rows)
    return np.concatenate(found)


def fill_inside(
    case: Case, model: LinearModel, dynamics: Dynamics, established: Established, actions: Actions, columns: Columns
) -> np.ndarray:
    """Rows, one a calendar year: of all who arrive by the plan in roles with a way in from inside (a programme or a
    move), at least plan.internal_fill_min come that way."""
    least = case.assumptions.plan.internal_fill_min
    inside = np.union1d(actions.develops["target"].unique(), actions.moves["target"].unique())
    if least is None or not len(inside):
        return np.array([], dtype=int)
    years, n_periods = np.asarray(dynamics.periods.year), len(dynamics.periods)
    hires, own = actions.hires, actions.hires["role"].isin(inside).to_numpy()
    parts = [
        (hires["effect"].to_numpy()[own], columns.hires[own], -least * hires["arrive"].to_numpy()[own]),
        (actions.moves["effect"].to_numpy(), columns.moves, (1.0 - least) * actions.moves["arrive"].to_numpy()),
        (actions.develops["effect"].to_numpy(), columns.develops, (1.0 - least) * graduates(actions, established)[0]),
    ]
    planned = np.unique(years)
    rows = model.add_rows([f"inside_{year}" for year in planned], AT_LEAST, 0.0)
    for effect, column, value in parts:
        kept = effect < n_periods
        model.add_entries(rows[np.searchsorted(planned, years[effect[kept]])], column[kept], value[kept])
    return rows
