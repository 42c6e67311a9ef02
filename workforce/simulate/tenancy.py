"""The board of critical posts from the tables: who holds what, who is named, and how holders fare by the one dynamics."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from workforce.forecast.dynamics import TENURES, Dynamics, opening_tenure
from workforce.inputs.case import Case
from workforce.inputs.reach import SOURCES, find_reach
from workforce.simulate.readiness import READINESS, draw_ready, read_searches, stretch_search
from workforce.simulate.streams import draw, key_people
from workforce.simulate.vacancies import Board

SERVED = 60
"""Months of service of somebody more on a list where the role has nobody whose service tells what is usual."""


@dataclass(frozen=True)
class Bench:
    """Posts, people and nominations of a company, or copies of them.

    posts, people: names of the originals. role, leads, group: [original post] number of its role, months of the two
    quantiles of a search [post, 2], number of its group. start, tenure, member: [original person] role, completed months
    and member of the rule of retirement at the start; those beyond `people` are one more for each post, on no list
    otherwise. post, person: [copy] its original. incumbent: [copy of a post] copy of a person, -1 = empty. variant: [copy
    of a post] number of the post that has one more, -1 = none. named_post, named_person, rank: [nomination] of copies;
    nominee: [nomination] its original's number, -1 = one more. nominees, readiness: [original nomination]. reach,
    critical: as in Board.
    """

    posts: list[str]
    people: list[str]
    role: np.ndarray
    leads: np.ndarray
    group: np.ndarray
    start: np.ndarray
    tenure: np.ndarray
    member: np.ndarray
    post: np.ndarray
    person: np.ndarray
    incumbent: np.ndarray
    variant: np.ndarray
    named_post: np.ndarray
    named_person: np.ndarray
    rank: np.ndarray
    nominee: np.ndarray
    nominees: list[str]
    readiness: list[str]
    reach: np.ndarray
    critical: np.ndarray

    def with_one_more(self) -> "Bench":
        """For each post a copy of all that hangs together with it, and one more on its list who is ready now: after those
        named who are, before the others. What hangs together is joined by people named for, or holding, several posts."""
        posts, people = len(self.post), len(self.people)
        columns: dict[str, list[int]] = {
            name: []
            for name in ("post", "person", "incumbent", "variant", "named_post", "named_person", "rank", "nominee")
        }
        for more in range(posts):
            inside = np.flatnonzero(self.group == self.group[more])
            rows = np.flatnonzero(np.isin(self.named_post, inside))
            who = np.union1d(self.named_person[rows], self.incumbent[inside][self.incumbent[inside] >= 0])
            post_of = {int(post): len(columns["post"]) + place for place, post in enumerate(inside)}
            person_of = {int(person): len(columns["person"]) + place for place, person in enumerate(who)}
            columns["post"] += [int(post) for post in inside]
            columns["incumbent"] += [person_of.get(int(self.incumbent[post]), -1) for post in inside]
            columns["variant"] += [more] * len(inside)
            columns["person"] += [int(person) for person in who] + [people + more]
            columns["named_post"] += [post_of[int(self.named_post[row])] for row in rows] + [post_of[more]]
            columns["named_person"] += [person_of[int(self.named_person[row])] for row in rows]
            columns["named_person"].append(len(columns["person"]) - 1)
            columns["rank"] += [int(self.rank[row]) for row in rows] + [_first_rank(1) - 1]
            columns["nominee"] += [int(row) for row in rows] + [-1]
        return Bench(**{**vars(self), **{name: np.array(values, dtype=np.int64) for name, values in columns.items()}})


def _first_rank(readiness: int) -> int:
    """Ranks of a readiness (its place in READINESS) begin here; within it the order of the table counts."""
    return readiness * 10_000_000


def read_bench(case: Case, dynamics: Dynamics) -> Bench:
    """The bench as the tables have it."""
    posts, successors, people = case.tables.posts, case.tables.successors, case.tables.people
    number = {role: index for index, role in enumerate(dynamics.roles)}
    names = list(dict.fromkeys([*posts.loc[posts["incumbent"] != "", "incumbent"], *successors["person"]]))
    place = {person: index for index, person in enumerate(names)}
    row = people.set_index("person").index.get_indexer(names)
    role = posts["role"].map(number).to_numpy(dtype=np.int64)
    retirement = dynamics.retirement
    named_post = successors["post"].map({post: index for index, post in enumerate(posts["post"])}).to_numpy(np.int64)
    named_person = successors["person"].map(place).to_numpy(dtype=np.int64)
    incumbent = posts["incumbent"].map(lambda person: place.get(person, -1)).to_numpy(dtype=np.int64)
    readiness = successors["readiness"].map({name: index for index, name in enumerate(READINESS)}).to_numpy(np.int64)
    usual = np.array([_usual_tenure(dynamics, index) for index in role], dtype=np.int64)
    ways = find_reach({name: getattr(case.tables, name) for name in (*SOURCES, "roles")})
    reach = np.array(
        [
            [target not in ways or source in ways[target] or source == target for target in dynamics.roles]
            for source in dynamics.roles
        ]
    )
    held = np.flatnonzero(incumbent >= 0)
    joins = np.r_[named_post, held], np.r_[named_person, incumbent[held]]
    graph = csr_matrix(
        (np.ones(len(joins[0])), (joins[0], joins[1] + len(posts))), shape=(len(posts) + len(names),) * 2
    )
    member = np.full(len(names), -1) if retirement is None else retirement.people[row]
    return Bench(
        posts=list(posts["post"]),
        people=names,
        role=role,
        leads=read_searches(case, list(posts["role"])),
        group=connected_components(graph, directed=False)[1][: len(posts)].astype(np.int64),
        start=np.r_[people["role"].iloc[row].map(number).to_numpy(dtype=np.int64), role],
        tenure=np.r_[opening_tenure(case)[row], usual],
        member=np.r_[member, np.full(len(posts), -1)].astype(np.int64),
        post=np.arange(len(posts)),
        person=np.arange(len(names)),
        incumbent=incumbent,
        variant=np.full(len(posts), -1),
        named_post=named_post,
        named_person=named_person,
        rank=np.array([_first_rank(int(kind)) for kind in readiness], dtype=np.int64) + np.arange(len(successors)),
        nominee=np.arange(len(successors)),
        nominees=list(successors["person"]),
        readiness=list(successors["readiness"]),
        reach=reach,
        critical=case.tables.roles["critical"].to_numpy(dtype=bool),
    )


def _usual_tenure(dynamics: Dynamics, role: int) -> int:
    """Middle tenure of the people of a role at the start."""
    heads = dynamics.opening[role].reshape(TENURES, -1).sum(axis=1)
    return int(np.searchsorted(heads.cumsum(), heads.sum() / 2.0)) if heads.sum() > 0 else SERVED


def seat_board(bench: Bench, dynamics: Dynamics, tracked: np.ndarray, keys: np.ndarray) -> Board:
    """The board that `fill_posts` plays, for some paths. tracked: [path, period, person] of `bench.people`."""
    people, months = len(bench.people), dynamics.months
    outsiders = [f"outside|{post}" for post in bench.posts]
    more = [f"one more|{post}" for post in bench.posts]
    lives = key_people([*bench.people, *more, *outsiders])
    searches = key_people([f"search|{post}" for post in bench.posts])
    rises = _rising(dynamics)
    moments: dict[tuple[int, str], np.ndarray] = {}

    def luck(period: int, purpose: str) -> np.ndarray:
        if (period, purpose) not in moments:
            for old in [key for key in moments if key[0] < period]:
                del moments[old]
            moments[period, purpose] = draw(keys, lives, period, purpose)
        return moments[period, purpose]

    def search(period: int) -> np.ndarray:
        return stretch_search(draw(keys, searches, period, "arrive"), bench.leads)[:, bench.post]

    def leaves(
        period: int, path: np.ndarray, post: np.ndarray, person: np.ndarray, appointed: np.ndarray
    ) -> np.ndarray:
        original = bench.post[post]
        role, inside = bench.role[original], person >= 0
        who = np.zeros(len(person), dtype=np.int64)
        who[inside] = bench.person[person[inside]]
        clock = (period - appointed - 1) * months
        tenure = np.minimum(np.where(inside, bench.tenure[who] + period * months, clock), TENURES - 1)
        hazard = dynamics.leave[period][role, tenure]
        member = np.where(inside, bench.member[who], -1)
        ruled = np.flatnonzero(member >= 0)
        if len(ruled):
            retiring = dynamics.retiring(period, member[ruled], role[ruled], tenure[ruled])
            hazard[ruled] = 1.0 - (1.0 - hazard[ruled]) * (1.0 - retiring)
        life = np.where(inside, who, people + len(bench.posts) + original)
        rising = rises[role, np.minimum(clock, TENURES - 1)]
        return (luck(period, "leave")[path, life] < hazard) | (luck(period, "move")[path, life] < rising)

    present = np.concatenate([tracked, np.zeros((*tracked.shape[:2], len(bench.posts)), dtype=tracked.dtype)], axis=2)
    if (bench.variant >= 0).any():
        there = np.ones((len(keys), len(bench.posts)), dtype=bool)
        for period in range(tracked.shape[1]):
            tenure = np.minimum(bench.tenure[people:] + period * months, TENURES - 1)
            there &= (
                draw(keys, lives[people : people + len(more)], period, "leave")
                >= (dynamics.leave[period][bench.role, tenure])
            )
            present[:, period, people:] = np.where(there, bench.role, -1)
    ready = np.zeros((len(keys), len(bench.nominees) + 1))
    if bench.nominees:
        ready[:, :-1] = draw_ready(keys, bench.nominees, bench.readiness)
    group = bench.group[bench.post]
    return Board(
        months=months,
        present=present,
        role=bench.role[bench.post],
        incumbent=bench.incumbent,
        column=bench.person,
        start=bench.start[bench.person],
        named_post=bench.named_post,
        named_person=bench.named_person,
        rank=bench.rank,
        ready=ready[:, bench.nominee],
        group=np.where(bench.variant < 0, group, (bench.variant + 1) * len(bench.posts) + group),
        reach=bench.reach,
        critical=bench.critical,
        search=search,
        leaves=leaves,
    )


def _rising(dynamics: Dynamics) -> np.ndarray:
    """[role, completed months in the post] probability of a move out of the role within a period."""
    rising = np.zeros((len(dynamics.roles), TENURES))
    np.add.at(rising, dynamics.arc_from, dynamics.move[:, None])
    rising[:, : dynamics.gate] = 0.0
    new = np.zeros(len(dynamics.roles))
    np.add.at(new, dynamics.arc_from, dynamics.move_new)
    rising[:, : dynamics.gate] = new[:, None]
    return np.minimum(rising, 1.0)
