"""Mobility: how often people are promoted or transferred from one role to another, from history or as stated."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from workforce.forecast.attrition import Attrition, pool_cells, yearly_from_monthly
from workforce.forecast.pooling import shrink_rates
from workforce.forecast.ratings import Ratings, read_ratings
from workforce.forecast.spells import LONG_AGO, Spells
from workforce.inputs.case import Case

CLOCK_STARTS = (0, 12, 24, 36, 60)
"""Completed months in a role from which its people are told apart; those of the gate come first."""

COLUMNS = ["from_role", "to_role", "months_from", "months_to", "yearly_rate", "low", "high", "weight", "moves"]
COLUMNS += ["exposure_years", "vacancy_share", "source"]


@dataclass(frozen=True)
class Mobility:
    """How people move by themselves: pushed by eligibility, or pulled by vacancies in roles that replace by pull.

    table: from_role, to_role, months_from, months_to (completed months in from_role; NaN = open), yearly_rate with low
    and high (probability of moving within a year, at that rate; NaN for pull), weight (share of the cell's own data),
    moves, exposure_years, vacancy_share (share of to_role's vacancies filled from here; NaN for push), source
    (estimated, stated).
    bands: first months of the bands of time in role. monthly: [from, to, band] estimated probability that a person who
    passes the gates and is present at a month's opening moves within it. yearly: [from, to] stated probability of having
    moved by a year's end, for everybody. feed: [from, to] share of the vacancies of `to` that are filled from `from`.
    early: moves of the past that the gates would not have allowed; they are in no rate. ratings: the rating gate.
    """

    table: pd.DataFrame
    bands: tuple[int, ...]
    monthly: np.ndarray
    yearly: np.ndarray
    feed: np.ndarray
    early: int = 0
    ratings: Ratings | None = None


@dataclass(frozen=True)
class MoveCounts:
    """ways: [from, to] all moves. moves: [from, to, band] those of people who pass the gates; at_risk: [role, band]
    person-months of such people."""

    ways: np.ndarray
    moves: np.ndarray
    at_risk: np.ndarray


def fit_mobility(case: Case, attrition: Attrition) -> Mobility:
    """Move rates by role and time in it, and shares of vacancies; a stated row of `transitions` wins for its arc.

    Push: moves out of a role by time in it, d / n over eligible person-months, cells drawn to role, family, unit and
    company as leaving is (`pool_cells`); split over the arcs ever used by their rates, drawn to each other
    (`shrink_rates`). Pull: of those who came into the role, the share that came from each other role, the rest being
    hired; where only transitions are stated, in proportion to rate x heads of the source (White 1970, ch. 2;
    Bartholomew, Forbes & McClean 1991, ch. 4).
    """
    roles = case.tables.roles
    count, gate = len(roles), case.assumptions.mobility.minimum_months
    bands = (gate, *(start for start in CLOCK_STARTS if start > gate))
    ratings = read_ratings(case)
    monthly = np.zeros((count, count, len(bands)))
    yearly, feed = np.zeros((count, count)), np.zeros((count, count))
    pull = roles["replaces_by"].eq("pull").to_numpy()
    early, tables = 0, []
    said = case.tables.transitions
    number = {role: index for index, role in enumerate(roles["role"])}
    stated = np.zeros((count, count), dtype=bool)
    stated[said["from_role"].map(number), said["to_role"].map(number)] = True
    if attrition.spells is not None:
        counts = count_moves(attrition.spells, list(roles["role"]), bands, ratings)
        early = round(float(counts.ways.sum() - counts.moves.sum()))
        joins = case.tables.history.loc[case.tables.history["event"] == "join", "to_role"].value_counts()
        came = counts.ways.sum(axis=0) + roles["role"].map(joins).fillna(0.0).to_numpy()
        feed[:, pull] = np.divide(counts.ways, came, out=np.zeros_like(counts.ways), where=came > 0)[:, pull]
        pushed = np.where(pull[None, :, None] | stated[:, :, None], 0.0, counts.moves)
        if pushed.any():
            monthly, rows = _fit_push(pushed, counts.at_risk, bands, roles, case.assumptions.attrition.confidence)
            tables.append(rows)
    rate = np.zeros((count, count))
    rate[said["from_role"].map(number), said["to_role"].map(number)] = said["yearly_rate"]
    yearly[:, ~pull] = rate[:, ~pull]
    feed = _state_feed(feed, rate * _heads(case)[:, None], pull)
    tables.append(_push_rows(yearly, roles["role"].to_numpy()))
    tables.append(_pull_rows(feed, stated, roles["role"].to_numpy()))
    table = pd.concat([part for part in tables if len(part)] or tables[-1:], ignore_index=True)
    return Mobility(table[COLUMNS], bands, monthly, yearly, feed, early, ratings)


def count_moves(spells: Spells, roles: list[str], bands: tuple[int, ...], ratings: Ratings | None) -> MoveCounts:
    """Moves and person-months at risk of moving by role and band of time in it (`bands[0]` is the gate).

    A role is taken to have been entered on the hire date where no earlier move is on record, and long ago where that is
    not known either. An exit between two snapshots ends its spell in the middle of them.
    """
    frame = spells.frame
    frame = frame[frame["role"].isin(roles)]
    unsure = (frame["ended"] == "leave") & (frame["earliest"] < frame["stop"] - 1)
    stop = frame["stop"].where(~unsure, (frame["earliest"] + frame["stop"]) // 2)
    frame = frame.assign(stop=stop, moved=(frame["ended"] == "move") & frame["to_role"].isin(roles))
    count, edges = len(roles), np.append(np.asarray(bands, dtype=float), np.inf)
    ways, moves, at_risk = np.zeros((count, count)), np.zeros((count, count, len(bands))), np.zeros((count, len(bands)))
    going = frame[frame["moved"]]
    np.add.at(ways, (_number(going["role"], roles), _number(going["to_role"], roles)), 1.0)
    if ratings is not None:
        frame = _within(frame, ratings.runs)
    role, since = _number(frame["role"], roles), frame["since"].fillna(LONG_AGO).to_numpy(dtype=float)
    start, stop = (frame[name].to_numpy(dtype=float) for name in ("start", "stop"))
    for band in range(len(bands)):
        months = np.minimum(stop, since + 1 + edges[band + 1]) - np.maximum(start, since + 1 + edges[band])
        at_risk[:, band] = np.bincount(role, np.maximum(months, 0.0), count)
    band = np.searchsorted(edges, stop - 2 - since, side="right") - 1
    passed = frame["moved"].to_numpy() & (band >= 0)
    np.add.at(moves, (role[passed], _number(frame["to_role"], roles)[passed], band[passed]), 1.0)
    return MoveCounts(ways, moves, at_risk)


def _number(words: pd.Series, roles: list[str]) -> np.ndarray:
    number = {role: index for index, role in enumerate(roles)}
    return words.astype("str").map(number).fillna(-1).to_numpy(dtype=np.int64)


def _within(frame: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """The parts of spells within the months in which their person passes the rating gate."""
    person = frame["person"].astype("str")
    parts = frame.assign(person=person).merge(runs, on="person", suffixes=("", "_run"))
    cut = parts["stop"] > parts["stop_run"]
    start = np.maximum(parts["start"], parts["first"])
    stop = np.minimum(parts["stop"], parts["stop_run"])
    parts = parts.assign(start=start, stop=stop, moved=parts["moved"] & ~cut)
    return parts[parts["stop"] > parts["start"]]


def _fit_push(
    moves: np.ndarray, at_risk: np.ndarray, bands: tuple[int, ...], roles: pd.DataFrame, confidence: float
) -> tuple[np.ndarray, pd.DataFrame]:
    """Monthly rates [from, to, band] and the rows of the table."""
    source = np.flatnonzero(moves.any(axis=(1, 2)))
    rate, weight, spread = pool_cells(moves[source].sum(axis=1), at_risk[source], roles.iloc[source])
    arcs = moves.sum(axis=2)
    begin, end = np.nonzero(arcs)
    drawn = np.zeros_like(arcs)
    drawn[begin, end] = shrink_rates(arcs[begin, end], at_risk.sum(axis=1)[begin])[0]
    share = drawn[begin, end] / drawn[begin].sum(axis=1)
    place = np.searchsorted(source, begin)
    cells = rate[place] * share[:, None]
    monthly = np.zeros_like(moves)
    monthly[begin, end] = cells
    doubt = spread[place] + ((1.0 - share) / np.maximum(arcs[begin, end], 1.0))[:, None]
    reach = np.exp(norm.ppf((1.0 + confidence) / 2.0) * np.sqrt(doubt))
    names, width = roles["role"].to_numpy(), len(bands)
    rows = {
        "from_role": np.repeat(names[begin], width),
        "to_role": np.repeat(names[end], width),
        "months_from": np.tile(np.asarray(bands, dtype=float), len(begin)),
        "months_to": np.tile(np.append(np.asarray(bands[1:], dtype=float), np.nan), len(begin)),
        "yearly_rate": yearly_from_monthly(np.minimum(cells, 1.0).ravel()),
        "low": yearly_from_monthly(np.minimum(cells / reach, 1.0).ravel()),
        "high": yearly_from_monthly(np.minimum(cells * reach, 1.0).ravel()),
        "weight": weight[place].ravel(),
        "moves": moves[begin, end].ravel(),
        "exposure_years": at_risk[begin].ravel() / 12.0,
    }
    return monthly, pd.DataFrame(rows).assign(vacancy_share=np.nan, source="estimated")


def _state_feed(feed: np.ndarray, stated: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """Shares of vacancies where transitions into a pull role are stated: in proportion to them, together what history
    fills from inside, or all where it knows nothing of the role."""
    feed = feed.copy()
    for role in np.flatnonzero(pull & (stated.sum(axis=0) > 0)):
        inside = feed[:, role].sum()
        feed[:, role] = stated[:, role] / stated[:, role].sum() * (inside if inside > 0 else 1.0)
    return feed


def _heads(case: Case) -> np.ndarray:
    """[role] persons at the start."""
    people, stock = case.tables.people["role"].value_counts(), case.tables.stock.set_index("role")["headcount"]
    roles = case.tables.roles["role"]
    return (roles.map(people).fillna(0.0) + roles.map(stock).fillna(0.0)).to_numpy(dtype=float)


def _push_rows(yearly: np.ndarray, names: np.ndarray) -> pd.DataFrame:
    begin, end = np.nonzero(yearly)
    rate = yearly[begin, end]
    rows = pd.DataFrame({"from_role": names[begin], "to_role": names[end], "months_from": 0.0, "yearly_rate": rate})
    return rows.assign(low=rate, high=rate, weight=0.0, source="stated").reindex(columns=COLUMNS)


def _pull_rows(feed: np.ndarray, stated: np.ndarray, names: np.ndarray) -> pd.DataFrame:
    begin, end = np.nonzero(feed)
    source = np.where(stated[begin, end], "stated", "estimated")
    rows = {"from_role": names[begin], "to_role": names[end], "vacancy_share": feed[begin, end], "source": source}
    return pd.DataFrame(rows).reindex(columns=COLUMNS)
