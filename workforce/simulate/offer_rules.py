"""Rules on offers that the plan keeps, and searches again keep too: the limits on stages of recruiting and on hires."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.agreement import months_of
from workforce.inputs.business_plan import planned_months
from workforce.inputs.case import Case
from workforce.inputs.contracts_actions import STAGES
from workforce.inputs.limits import list_rules
from workforce.inputs.pricing import spending_periods
from workforce.inputs.stages import enter_stages
from workforce.inputs.targets import applies_to, fits_all

_Rule = tuple[np.ndarray, np.ndarray, np.ndarray]
"""weight [channel, role], window [period], most [period], as `OfferRules` has them for every rule."""


@dataclass(frozen=True)
class OfferRules:
    """Sums of offers that stay within a limit. weight: [rule, row of channels, role] what an offer counts for; window: [rule,
    period] number of the window that a period falls in, -1 = the rule does not hold then; left: [rule, period] what the
    plan leaves in that window, inf where the rule does not hold."""

    weight: np.ndarray
    window: np.ndarray
    left: np.ndarray

    def bind(self, row: int) -> bool:
        """Whether some rule counts offers of this row of channels."""
        return bool(self.weight[:, row].any())

    def find_room(self, counted: np.ndarray, period: int) -> np.ndarray:
        """[path, rule] what plan and searches leave in the window of a period. counted: [path, rule, period] what the
        searches have used."""
        inside = self.window == self.window[:, [period]]
        return self.left[:, period] - np.einsum("krt,rt->kr", counted, inside)

    def admit(
        self, wanted: np.ndarray, most: np.ndarray, room: np.ndarray, row: int, roles: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """[path, role] whole offers of what is `wanted` from a row of channels, for `roles` in their order, within `most`
        [path] over all of them and the rules' `room` [path, rule]; and [path, rule] what they count for."""
        weight, free = self.weight[:, row, roles], np.floor(most)
        taken, counted = np.zeros_like(wanted), np.zeros(room.shape)
        for place in np.flatnonzero(wanted.any(axis=0)):
            counts = weight[:, place] > 0
            fits = np.floor((room - counted)[:, counts] / weight[counts, place] + 1e-9).min(axis=1, initial=np.inf)
            taken[:, place] = np.maximum(np.minimum(np.minimum(wanted[:, place], free), fits), 0.0)
            free = free - taken[:, place]
            counted += taken[:, [place]] * weight[:, place]
        return taken, counted


def rule_offers(case: Case, dynamics: Dynamics, offers: pd.DataFrame | None) -> OfferRules:
    """The rules of stage_capacity, and those of limits that count hires alone. offers: of the plan, which count first, as
    `Joining.offers`.

    Offers that count for less than nothing (times below 0) make room, and a `least` is a `most` of the opposite sum, so both
    are kept where offers are made one after another. A rule in which nothing counts against its limit is left out.
    """
    shape = (len(case.tables.channels), len(dynamics.roles), len(dynamics.periods))
    planned = np.zeros(shape)
    if offers is not None:
        made = offers[offers["start"] >= 0]
        np.add.at(planned, tuple(made[name].to_numpy() for name in ("row", "role", "start")), made["heads"].to_numpy())
    rules = [*_limit_stages(case, dynamics), *_limit_hires(case, dynamics)]
    rules = [rule for rule in rules if (rule[0] > 0).any()]
    left = np.zeros((len(rules), shape[2]))
    for number, (weight, window, most) in enumerate(rules):
        used = np.einsum("cr,crt->t", weight, planned)
        left[number] = np.where(window >= 0, most - (window[:, None] == window) @ used, np.inf)
    weight = np.array([rule[0] for rule in rules]).reshape(len(rules), *shape[:2])
    return OfferRules(weight, np.array([rule[1] for rule in rules], dtype=int).reshape(left.shape), left)


def _limit_stages(case: Case, dynamics: Dynamics) -> Iterator[_Rule]:
    channels, every = case.tables.channels, np.arange(len(dynamics.periods))
    entered = np.nan_to_num(enter_stages(channels))
    for limit in case.tables.stage_capacity.itertuples():
        mine = (limit.channel == "") | (channels["channel"] == limit.channel).to_numpy()
        weight = np.outer(entered[:, STAGES.index(limit.stage)] * mine, applies_to(limit, case.tables.roles))
        yield weight, every, np.full(len(every), limit.capacity * dynamics.months)


def _limit_hires(case: Case, dynamics: Dynamics) -> Iterator[_Rule]:
    for _, period, per, least, most, parts in list_rules(case.tables.limits):
        if (parts["action"] == "hire").all():
            weight = sum(part.times * _count_hires(case, part) for part in parts.itertuples())
            window, share = _find_windows(case, dynamics, period, per)
            for side, sign in ((most, 1.0), (least, -1.0)):
                if not np.isnan(side):
                    yield sign * weight, window, sign * side * share


def _count_hires(case: Case, part) -> np.ndarray:
    """[channel, role] 1 for the hires that a row of limits means."""
    mine = (part.via == "") | (case.tables.channels["channel"] == part.via).to_numpy()
    return np.outer(mine, fits_all(part, case.tables.roles)).astype(float)


def _find_windows(case: Case, dynamics: Dynamics, period: str, per: str) -> tuple[np.ndarray, np.ndarray]:
    """[period] number of the window, -1 = none, and the share of the stated amount that the plan's part of it has."""
    every, years = np.arange(len(dynamics.periods)), np.asarray(dynamics.periods.year)
    if period:
        months = months_of(period)
        covered = np.isin(planned_months(case), months).sum() / len(months)
        return np.where(spending_periods(case, period), 0, -1), np.full(len(every), covered)
    if per == "year":
        return years, (years[:, None] == years).sum(axis=1) * dynamics.months / 12.0
    return (np.zeros_like(every) if per == "plan" else every), np.ones(len(every))


def explain_refilling(case: Case) -> list[tuple[str, dict[str, Any]]]:
    """Which rules of limits searching again does not keep, as a reason: those that count hires beside what no search
    decides, where one offer more comes nearer to the limit."""
    names = []
    for name, _, _, least, most, parts in list_rules(case.tables.limits):
        times = parts.loc[parts["action"] == "hire", "times"]
        nearer = (not np.isnan(most) and (times > 0).any()) or (not np.isnan(least) and (times < 0).any())
        if nearer and len(times) < len(parts):
            names.append(name)
    if not names or not case.assumptions.simulation.backfill:
        return []
    return [("uncertainty_rules", {"names": ", ".join(dict.fromkeys(names))})]


__all__ = ["OfferRules", "explain_refilling", "rule_offers"]
