"""The recruiting funnel of the plan: how many apply, are screened, interviewed and offered for those who start."""

import numpy as np
import pandas as pd

from workforce.inputs.case import Case
from workforce.inputs.contracts_actions import STAGES
from workforce.inputs.stages import enter_stages
from workforce.measure.channel_budget import list_offers
from workforce.optimise.plan import Plan

COLUMNS = ["channel", "period", "stage", "entered", "passed", "share"]


def measure_funnel(case: Case, plan: Plan) -> pd.DataFrame:
    """Channel, period (in which the search begins and the offers are paid), stage, entered, passed (people), share
    (passed / entered), of the plan's offers, stages in order.

    The people of a row are followed from their application to their first day: what passes a stage enters the next one,
    and the last passed are those who start, after the channel's lead time. A stage that a row of channels leaves blank is
    no stage of it, so a channel with several rows may have more who pass one stage than enter the next. Funnel: pass /
    entered, same cohort; the product is the yield (metrics.md).
    """
    offers, channels = list_offers(plan), case.tables.channels
    offers = offers[offers["start"] >= 0]
    row = offers["row"].to_numpy()
    entered = enter_stages(channels)
    shares = np.column_stack([channels[stage].to_numpy(dtype=float) for stage in (*STAGES[:-1], "arrive")])
    parts = []
    for place, stage in enumerate(STAGES):
        came = entered[row, place] * offers["offers"].to_numpy()
        there = np.isfinite(came)
        part = offers.loc[there, ["channel", "start"]].assign(order=place, stage=stage, entered=came[there])
        parts.append(part.assign(passed=part["entered"] * shares[row[there], place]))
    keys = ["channel", "start", "order", "stage"]
    funnel = pd.concat(parts).groupby(keys)[["entered", "passed"]].sum().reset_index()
    funnel["share"] = funnel["passed"] / funnel["entered"]
    funnel["period"] = case.periods[funnel["start"].to_numpy(dtype=int)]
    return funnel[COLUMNS]


def explain_funnel(case: Case, funnel: pd.DataFrame) -> list[tuple[str, dict]]:
    """What the report says of the funnel: funnel_total (starts over the horizon
    through channels that state stages, entered: people in the first stage of them, ratio of the two), stage_blank (channels
    used that state no stage)."""
    told: list[tuple[str, dict]] = []
    if funnel.empty:
        return told
    sums = funnel.groupby(["channel", "stage"])[["entered", "passed"]].sum()
    stages = funnel.groupby("channel")["stage"].agg(set)
    bare = [channel for channel, found in stages.items() if found == {"joined"}]
    known = [channel for channel in stages.index if channel not in bare]
    if known:
        total = sums.loc[known].groupby("stage").sum()
        first = next(stage for stage in STAGES if stage in total.index)
        entered, starts = float(total.loc[first, "entered"]), float(total.loc["joined", "passed"])
        if starts > 0:
            told.append(
                ("funnel_total", {"starts": starts, "stage": first, "entered": entered, "ratio": entered / starts})
            )
    if bare:
        told.append(("stage_blank", {"channels": bare}))
    return told
