"""Retirement by rule: in which month a person reaches the age of retirement, and with which chance they retire when; and
people whose last day is known."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources import files

import numpy as np
import pandas as pd

from workforce.errors import Fault, InputError
from workforce.forecast.spells import month_number
from workforce.inputs.case import Case

POSTS = ("cadre", "worker")
"""Kinds of post that a rule may tell apart; roles of the families in retirement.worker_families are worker posts."""


@dataclass(frozen=True)
class Retirement:
    """Who is followed one by one because they may retire by rule within the plan, because their age is not known, or
    because their last day is.

    role, tenure: [member] number of the role and completed months at the start; heads: [member] persons. chance:
    [period, member, post] probability of retiring within the period of those still there at its opening, by the post
    then held; post: [role] number of its kind in POSTS. unknown: [member] whether the age is not known: these keep the
    estimated retire hazard. people, stock: [row of the table] member, -1 where nobody is followed.
    notes: counts of people, of what was done and assumed: `reasons` says them.
    """

    rule: str
    role: np.ndarray
    tenure: np.ndarray
    heads: np.ndarray
    chance: np.ndarray
    post: np.ndarray
    unknown: np.ndarray
    people: np.ndarray
    stock: np.ndarray
    notes: dict[str, int] = field(default_factory=dict)

    def reasons(self) -> list[tuple[str, dict]]:
        """What the rule did and what was assumed, as (key, values) of the report's notes."""
        rows: list[tuple[str, dict]] = []
        if self.notes["known_leavers"]:
            rows.append(("known_leavers", {"people": self.notes["known_leavers"]}))
        if self.rule == "none":
            return rows
        rows.append(("retirement_rule", {"rule": self.rule, "heads": self.notes["members"]}))
        rows += [
            (f"retirement_{name}", {"people": self.notes[name]})
            for name in ("birth_unknown", "gender_unknown", "overdue")
            if self.notes[name]
        ]
        if self.notes["undivided"]:
            rows.append(("retirement_undivided", {"roles": self.notes["undivided"]}))
        return rows


def read_rules() -> pd.DataFrame:
    """The rules that are shipped, one row for each group and stretch of birth months; another country is more rows.

    Columns: rule; gender, post (blank = any); born_from (first month of birth it holds for, blank = ever); age_months
    (of retirement, for who is born in that month), adds_months for every every_months of later birth, up to
    age_most_months; early_most_months and late_most_months (the voluntary band), earliest_age_months (the band's floor);
    source.
    """
    text = files("workforce.forecast").joinpath("rules", "retirement.csv")
    with text.open(encoding="utf-8") as file:
        rules = pd.read_csv(file, dtype={"gender": str, "post": str, "born_from": str})
    return rules.fillna({"gender": "", "post": "", "born_from": ""})


def find_retirement(born: pd.Series, gender: pd.Series, post: pd.Series, rules: pd.DataFrame) -> pd.DataFrame:
    """The month in which each person reaches the age of retirement, and the band around it.

    born: month of birth (12 x year + month - 1). gender: male or female; post: worker or cadre. rules: rows of one rule.
    Returns age (months), month (of retirement), earliest and latest (months that the voluntary band allows), in months
    counted as `born`; NaN where no row holds for the person.

    >>> rules = read_rules().query("rule == 'china_2025'")
    >>> person = pd.Series([1965 * 12 + 4]), pd.Series(["male"]), pd.Series(["worker"])
    >>> found = find_retirement(*person, rules).iloc[0]
    >>> int(found["age"]) == 60 * 12 + 2 and divmod(int(found["month"]), 12) == (2025, 6)
    True
    """
    age, earliest, latest = (pd.Series(np.nan, index=born.index) for _ in range(3))
    for row in rules.sort_values("born_from").itertuples():
        since = int(row.born_from[:4]) * 12 + int(row.born_from[5:]) - 1 if row.born_from else 0
        holds = (born >= since) & (gender.eq(row.gender) | (row.gender == "")) & (post.eq(row.post) | (row.post == ""))
        own = np.minimum(row.age_months + row.adds_months * ((born - since) // row.every_months), row.age_most_months)
        age = age.mask(holds, own)
        floor = np.maximum(own - row.early_most_months, np.minimum(own, row.earliest_age_months))
        earliest = earliest.mask(holds, floor)
        latest = latest.mask(holds, own + row.late_most_months)
    return pd.DataFrame({"age": age, "month": born + age, "earliest": born + earliest, "latest": born + latest})


def spread_retirement(
    found: pd.DataFrame, early_share: float, late_share: float, spread_months: int, first: int, months: int
) -> np.ndarray:
    """Probability of retiring in each month [person, month] from `first` on, of those who are still there.

    early_share retire evenly over the months of the band before the month of the rule (at most spread_months of them),
    late_share evenly over those after it, the others in it; where a band is empty its share retires in the month itself.
    Whoever is still there after the last month of their band retires at once; whom no row of the rule means, never.
    """
    at = found["month"].to_numpy(dtype=float)[:, None]
    before = np.clip(at - found["earliest"].to_numpy(dtype=float)[:, None], 0, spread_months)
    after = np.clip(found["latest"].to_numpy(dtype=float)[:, None] - at, 0, spread_months)
    early, late = np.where(before > 0, early_share, 0.0), np.where(after > 0, late_share, 0.0)
    month = np.arange(first - 1, first + months)[None, :]
    gone = (
        early * np.clip((month - at + before + 1) / np.maximum(before, 1), 0, 1)
        + (1 - early - late) * (month >= at)
        + late * np.clip((month - at) / np.maximum(after, 1), 0, 1)
    )
    there = 1.0 - gone[:, :-1]
    hazard = np.divide(np.diff(gone, axis=1), there, out=np.ones_like(there), where=there > 1e-9)
    return np.where(np.isnan(there), 0.0, np.clip(hazard, 0.0, 1.0))


def describe_retirement(case: Case, tenure: np.ndarray, tenure_most: int) -> Retirement | None:
    """Who is followed under the scenario's rule, or leaves on a known day; None where nobody is.

    tenure: completed months of every row of `people`, tenure_most the last that is told apart. Followed are people whose
    band reaches into the plan, and people (or counted heads) without a date of birth, who keep the estimated retire
    hazard. A gender that is not known or other is taken to be the group that retires last. Joiners of the plan are
    taken to be below every age of retirement.

    Raises InputError for a rule that is not shipped.
    """
    settings, people, stock = case.assumptions.retirement, case.tables.people, case.tables.stock
    leaving = find_leaving(case)
    if settings.rule == "none":
        return _follow_leavers(case, tenure, leaving) if (leaving >= 0).any() else None
    rules = _chosen_rules(case)
    roles = case.tables.roles
    number = {role: index for index, role in enumerate(roles["role"])}
    worker = roles["family"].isin(settings.worker_families).to_numpy()
    first = case.start.year * 12 + case.start.month - 1
    months = len(case.periods) * case.months_per_period
    born = month_number(people["birth_date"])
    known = born.notna().to_numpy()
    gender = people["gender"].where(people["gender"].isin(["male", "female"]), "")
    post = worker.astype(np.int64)
    role = people["role"].map(number).to_numpy(dtype=np.int64)
    by_post = [_found_latest(born, gender, pd.Series(name, index=people.index), rules) for name in POSTS]
    band = settings.spread_months if settings.early_share > 0 else 0
    near = [found["month"] - band < first + months for found in by_post]  # not so where no row of the rule means them
    certain = leaving >= 0
    followed = np.flatnonzero(np.logical_or(*near) | certain)
    hazard = np.stack(
        [
            spread_retirement(
                found.iloc[followed], settings.early_share, settings.late_share, settings.spread_months, first, months
            )
            for found in by_post
        ]
    )
    may = hazard.any(axis=(0, 2)) | certain[followed]
    followed, hazard = followed[may], hazard[:, may]
    last = [found["month"] + np.where(settings.late_share > 0, settings.spread_months, 0) for found in by_post]
    past = [np.minimum(end, found["latest"]) < first for end, found in zip(last, by_post, strict=True)]
    overdue = np.where(post[role] == 1, past[1], past[0])
    unknown = np.flatnonzero(~known & ~certain)
    cells, place = np.unique(
        np.concatenate(
            [role[unknown] * (tenure_most + 1) + tenure[unknown],
             stock["role"].map(number).to_numpy(dtype=np.int64) * (tenure_most + 1) + tenure_most]
        ),
        return_inverse=True,
    )  # fmt: skip
    counted = np.concatenate([np.ones(len(unknown)), stock["headcount"].to_numpy(dtype=float)])
    member = np.full(len(people), -1)
    member[followed] = np.arange(len(followed))
    member[unknown] = len(followed) + place[: len(unknown)]
    length = case.months_per_period
    monthly = hazard.transpose(2, 1, 0).reshape(len(case.periods), length, len(followed), len(POSTS))
    by_rule = _leave_for_certain(1.0 - np.prod(1.0 - monthly, axis=1), leaving[followed])
    nothing = np.zeros((len(case.periods), len(cells), len(POSTS)))
    notes = {
        "members": len(followed) - int(certain.sum()),
        "known_leavers": int(certain.sum()),
        "birth_unknown": round(float(counted.sum())),
        "gender_unknown": int((known & gender.eq("").to_numpy() & (rules["gender"] != "").any()).sum()),
        "overdue": int((known & overdue).sum()),
        "undivided": _count_undivided(case),
    }
    return Retirement(
        settings.rule,
        np.concatenate([role[followed], cells // (tenure_most + 1)]),
        np.concatenate([tenure[followed], cells % (tenure_most + 1)]),
        np.concatenate([np.ones(len(followed)), np.bincount(place, weights=counted, minlength=len(cells))]),
        np.concatenate([by_rule, nothing], axis=1),
        post,
        np.repeat([False, True], [len(followed), len(cells)]),
        member,
        len(followed) + place[len(unknown) :],
        notes,
    )


def find_leaving(case: Case) -> np.ndarray:
    """Number of the period in which the last day of every row of `people` falls; -1 where none is known in the plan."""
    last = month_number(case.tables.people["leave_date"]) - (case.start.year * 12 + case.start.month - 1)
    period = np.floor_divide(last.fillna(-1).to_numpy(), case.months_per_period).astype(np.int64)
    return np.where((period >= 0) & (period < len(case.periods)), period, -1)


def _leave_for_certain(chance: np.ndarray, leaving: np.ndarray) -> np.ndarray:
    """[period, member, post] with certainty in the period in which a member is known to leave."""
    chance = chance.copy()
    gone = np.flatnonzero(leaving >= 0)
    chance[leaving[gone], gone] = 1.0
    return chance


def _follow_leavers(case: Case, tenure: np.ndarray, leaving: np.ndarray) -> Retirement:
    """Only those whose last day is known, without a rule of retirement."""
    people, roles = case.tables.people, case.tables.roles
    followed = np.flatnonzero(leaving >= 0)
    number = {role: index for index, role in enumerate(roles["role"])}
    member = np.full(len(people), -1)
    member[followed] = np.arange(len(followed))
    chance = np.zeros((len(case.periods), len(followed), len(POSTS)))
    return Retirement(
        "none",
        people["role"].map(number).to_numpy(dtype=np.int64)[followed],
        tenure[followed],
        np.ones(len(followed)),
        _leave_for_certain(chance, leaving[followed]),
        np.zeros(len(roles), dtype=np.int64),
        np.zeros(len(followed), dtype=bool),
        member,
        np.full(len(case.tables.stock), -1),
        {"known_leavers": len(followed)},
    )


def _chosen_rules(case: Case) -> pd.DataFrame:
    settings = case.assumptions.retirement
    if settings.rule == "fixed":
        age = round(settings.age * 12)
        band = {"early_most_months": 600, "earliest_age_months": 0, "late_most_months": 600, "source": "retirement.age"}
        grows = {"age_months": age, "adds_months": 0, "every_months": 1, "age_most_months": age}
        return pd.DataFrame([{"rule": "fixed", "gender": "", "post": "", "born_from": "", **grows, **band}])
    rules = read_rules()
    if settings.rule not in set(rules["rule"]):
        names = ["none", "fixed", *dict.fromkeys(rules["rule"])]
        near = get_close_matches(settings.rule, names, 1)
        mend = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(names)}"
        setting = case.scenario.settings.get("retirement.rule")
        place = (setting.file, setting.row) if setting else (case.name, None)
        raise InputError([Fault(*place, "retirement.rule", settings.rule, "is no rule of retirement", mend)])
    return rules[rules["rule"] == settings.rule]


def _found_latest(born: pd.Series, gender: pd.Series, post: pd.Series, rules: pd.DataFrame) -> pd.DataFrame:
    """`find_retirement`; where the gender is not known, the group that retires last."""
    found = find_retirement(born, gender, post, rules)
    for guess in ("female", "male"):
        other = find_retirement(born, pd.Series(guess, index=born.index), post, rules)
        later = gender.eq("") & (found["month"].isna() | (other["month"] > found["month"]))
        found = found.mask(later, other)
    return found


def _count_undivided(case: Case) -> int:
    """Roles whose stated rates do not tell retirement from other causes, with no history that would."""
    rates = case.tables.rates
    if not case.tables.history.empty:
        return 0
    return int(rates.loc[rates["cause"] == "all", "role"].nunique())
