"""The board of critical posts from the tables: who holds what, who is named, and how holders fare by the one dynamics."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from workforce.forecast.dynamics import TENURES, Dynamics
from workforce.forecast.opening import opening_tenure
from workforce.inputs.case import Case
from workforce.inputs.reach import SOURCES, find_reach
from workforce.simulate.readiness import READINESS, draw_ready, read_searches, stretch_search
from workforce.simulate.streams import draw, draw_pairs, key_people, salt_people
from workforce.simulate.vacancies import Board

SERVED = 60
"""Months of service of somebody more on a list where the role has nobody whose service tells what is usual."""

LEAVING = "leave"
"""The purpose of the draw by which people leave, as in careers: who takes a post keeps the luck they would have had."""

LONG_RUN = 400
"""Rounds of rating after which the share of people with a run of good ones has settled."""


@dataclass(frozen=True)
class Bench:
    """Posts, people and nominations of a company, or copies of them.

    posts, people: names of the originals. role, leads, group: [original post] number of its role, months of the two
    quantiles of a search [post, 2], number of its group. start, tenure, member: [original person] role, completed months
    and member of the rule of retirement at the start; those beyond `people` are one more for each post, on no list
    otherwise. post, person: [copy] its original. incumbent: [copy of a post] copy of a person, -1 = empty. variant: [copy
    of a post] number of the post that has one more, -1 = none. named_post, named_person, rank: [nomination] of copies;
    nominee: [nomination] its original; those beyond `nominees` are the one more of each post. who, target: [original
    nomination] original person and role of the post. nominees, readiness: [original nomination] of the tables. reach,
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
    who: np.ndarray
    target: np.ndarray
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
            columns["nominee"] += [int(row) for row in rows] + [len(self.nominees) + more]
        return Bench(**{**vars(self), **{name: np.array(values, dtype=np.int64) for name, values in columns.items()}})


def list_followed(case: Case) -> tuple[str, ...]:
    """The people whose roles succession must know on every path: holders of critical posts, then nominees."""
    posts, successors = case.tables.posts, case.tables.successors
    return tuple(dict.fromkeys([*posts.loc[posts["incumbent"] != "", "incumbent"], *successors["person"]]))


def _first_rank(readiness: int) -> int:
    """Ranks of a readiness (its place in READINESS) begin here; within it the order of the table counts."""
    return readiness * 10_000_000


def read_bench(case: Case, dynamics: Dynamics) -> Bench:
    """The bench as the tables have it."""
    posts, successors, people = case.tables.posts, case.tables.successors, case.tables.people
    number = {role: index for index, role in enumerate(dynamics.roles)}
    names = list(list_followed(case))
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
        who=np.r_[named_person, len(names) + np.arange(len(posts))],
        target=np.r_[role[named_post], role],
        nominees=list(successors["person"]),
        readiness=list(successors["readiness"]),
        reach=reach,
        critical=case.tables.roles["critical"].to_numpy(dtype=bool),
    )


def _usual_tenure(dynamics: Dynamics, role: int) -> int:
    """Middle tenure of the people of a role at the start."""
    heads = dynamics.opening[role]
    return int(np.searchsorted(heads.cumsum(), heads.sum() / 2.0)) if heads.sum() > 0 else SERVED


def seat_board(bench: Bench, dynamics: Dynamics, tracked: np.ndarray, keys: np.ndarray) -> Board:
    """The board that `fill_posts` plays, for some paths. tracked: [path, period, person] of `bench.people`."""
    people, posts, months = len(bench.people), len(bench.posts), dynamics.months
    names = [*bench.people, *[f"one more|{post}" for post in bench.posts], *[f"outside|{post}" for post in bench.posts]]
    lives, searches = key_people(names), key_people([f"search|{post}" for post in bench.posts])
    rises = _rising(dynamics)

    def search(period: int, path: np.ndarray, post: np.ndarray) -> np.ndarray:
        original = bench.post[post]
        luck = draw_pairs(keys[path], salt_people(searches, period, "arrive")[original])
        return stretch_search(luck, bench.leads[original])

    def leaves(
        period: int, path: np.ndarray, post: np.ndarray, person: np.ndarray, appointed: np.ndarray
    ) -> np.ndarray:
        original, inside = bench.post[post], person >= 0
        role = bench.role[original]
        who = np.zeros(len(person), dtype=np.int64)
        who[inside] = bench.person[person[inside]]
        clock = (period - appointed - 1) * months
        tenure = np.minimum(np.where(inside, bench.tenure[who] + period * months, clock), TENURES - 1)
        hazard = dynamics.leave[period][role, tenure]
        ruled = np.flatnonzero(inside & (bench.member[who] >= 0))
        if len(ruled):
            retiring = dynamics.retiring(period, bench.member[who[ruled]], role[ruled], tenure[ruled])
            hazard[ruled] = 1.0 - (1.0 - hazard[ruled]) * (1.0 - retiring)
        life, own = np.where(inside, who, people + posts + original), keys[path]
        luck = draw_pairs(own, salt_people(lives, period, LEAVING)[life])
        rising = rises[role, np.minimum(clock, dynamics.clocks - 1)]
        # One number decides both: leaving at its low end, being pushed out of the role at its high end.
        return (luck < hazard) | (1.0 - luck <= (1.0 - hazard) * rising)

    ready = np.zeros((len(keys), len(bench.nominees) + posts))
    if bench.nominees:
        ready[:, : len(bench.nominees)] = draw_ready(keys, bench.nominees, bench.readiness)
    group = bench.group[bench.post]
    return Board(
        months=months,
        present=np.concatenate([tracked, _outlive(bench, dynamics, keys, lives[people : people + posts])], axis=2),
        start=bench.start,
        role=bench.role[bench.post],
        incumbent=bench.incumbent,
        person=bench.person,
        named_post=bench.named_post,
        named_person=bench.named_person,
        nominee=bench.nominee,
        rank=bench.rank,
        ready=ready,
        who=bench.who,
        target=bench.target,
        group=np.where(bench.variant < 0, group, (bench.variant + 1) * posts + group),
        reach=bench.reach,
        critical=bench.critical,
        deep=not (bench.variant >= 0).any(),
        search=search,
        leaves=leaves,
    )


def _outlive(bench: Bench, dynamics: Dynamics, keys: np.ndarray, lives: np.ndarray) -> np.ndarray:
    """[path, period, post] role at each close of the one more of each post, -1 = gone."""
    tenure, there = bench.tenure[len(bench.people) :], np.ones((len(keys), len(bench.posts)), dtype=bool)
    present = np.empty((len(keys), len(dynamics.periods), len(bench.posts)), dtype=np.int16)
    for period in range(present.shape[1]):
        served = np.minimum(tenure + period * dynamics.months, TENURES - 1)
        there &= draw(keys, lives, period, LEAVING) >= dynamics.leave[period][bench.role, served]
        present[:, period] = np.where(there, bench.role, -1)
    return present


def _rising(dynamics: Dynamics) -> np.ndarray:
    """[role, completed months in the post] probability of being pushed out of the role within a period. Where only people
    with a run of good ratings are, by the share who have one in the long run."""
    streak = np.zeros(dynamics.streaks)
    streak[0] = 1.0
    for _ in range(LONG_RUN):
        failed = streak @ (1.0 - dynamics.passing)
        passed = streak * dynamics.passing
        streak = np.r_[failed, passed[:-1]]
        streak[-1] += passed[-1]
    share = np.where(dynamics.rated, streak[-1], 1.0)
    rising = np.zeros((len(dynamics.roles), dynamics.clocks))
    np.add.at(rising, dynamics.arc_from, dynamics.move * share[:, None])
    return np.minimum(rising, 1.0)
