"""Mobility: how often people are promoted or transferred from one role to another, from history or as stated."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.forecast.attrition import Attrition, yearly_from_monthly
from workforce.forecast.pooling import shrink_rates
from workforce.inputs.case import Case


@dataclass(frozen=True)
class Mobility:
    """Rates of organic moves (push). A role that replaces by pull takes nobody by itself: filling it is an action of
    the plan.

    table: from_role, to_role, yearly_rate, weight, moves, exposure_years, source, organic.
    monthly: [from, to] estimated probability that a person present at a month's opening moves within it, for those
    with at least mobility.minimum_months of service. yearly: [from, to] stated probability of having moved by a year's
    end, for everybody.
    """

    table: pd.DataFrame
    monthly: np.ndarray
    yearly: np.ndarray


def fit_mobility(case: Case, attrition: Attrition) -> Mobility:
    """Move rates d / n over eligible person-months, the arcs ever used drawn to each other; a stated row of
    `transitions` wins for its arc."""
    roles = list(case.tables.roles["role"])
    number = {role: index for index, role in enumerate(roles)}
    monthly, yearly = np.zeros((len(roles), len(roles))), np.zeros((len(roles), len(roles)))
    columns = ["from_role", "to_role", "yearly_rate", "weight", "moves", "exposure_years", "source"]
    table = pd.DataFrame(columns=columns).astype({"yearly_rate": float})
    exposure = attrition.exposure
    if exposure is not None and exposure.moves.any():
        source, target = np.nonzero(exposure.moves)
        events, at_risk = exposure.moves[source, target], exposure.eligible[source]
        rate, weight = shrink_rates(events, at_risk)
        monthly[source, target] = np.minimum(rate, 1.0)
        table = pd.DataFrame(
            {
                "from_role": [roles[index] for index in source],
                "to_role": [roles[index] for index in target],
                "yearly_rate": yearly_from_monthly(monthly[source, target]),
                "weight": weight,
                "moves": events,
                "exposure_years": at_risk / 12.0,
                "source": "estimated",
            }
        )
    said = case.tables.transitions
    if not said.empty:
        from_number, to_number = said["from_role"].map(number), said["to_role"].map(number)
        yearly[from_number, to_number] = said["yearly_rate"]
        monthly[from_number, to_number] = 0.0
        overruled = pd.MultiIndex.from_frame(table[["from_role", "to_role"]]).isin(
            pd.MultiIndex.from_frame(said[["from_role", "to_role"]])
        )
        stated = said[["from_role", "to_role", "yearly_rate"]].assign(
            weight=0.0, moves=np.nan, exposure_years=np.nan, source="stated"
        )
        table = stated if table.empty else pd.concat([table[~overruled], stated], ignore_index=True)
    pull = case.tables.roles["replaces_by"].eq("pull").to_numpy()
    monthly[:, pull] = 0.0
    yearly[:, pull] = 0.0
    organic = ~table["to_role"].isin(case.tables.roles.loc[pull, "role"])
    return Mobility(table.assign(organic=organic).reset_index(drop=True), monthly, yearly)
