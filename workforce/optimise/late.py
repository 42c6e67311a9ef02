"""Ways that come too late: a plan shorter than every lead time, programme and move, and whether it can do anything else."""

from dataclasses import dataclass

import pandas as pd

from workforce.inputs.case import Case


@dataclass(frozen=True)
class Late:
    """months: that the plan covers; fastest: months that the fastest way takes; others: whether the plan may do something
    that takes effect at once: stand in, work overtime or short time, use contractors, release, or offer people to stay."""

    months: int
    fastest: float
    others: bool


def find_late(case: Case) -> Late | None:
    """The ways where no channel, programme or move that may be used takes effect within the horizon; None where one does,
    or there is none, or a programme under way at the end has a worth (plan.end_value)."""
    supply, tables, months = case.assumptions.supply, case.tables, case.months_per_period
    channels = tables.channels
    if supply.channels is not None:
        channels = channels[channels["channel"].isin(supply.channels)]
    ways = pd.concat(
        [
            channels["lead_months"],
            tables.programmes["months"] if supply.programmes else tables.programmes["months"].iloc[:0],
            tables.moves["delay"] if supply.moves else tables.moves["delay"].iloc[:0],
        ]
    )
    if not len(ways) or (ways // months < len(case.periods)).any() or case.assumptions.plan.end_value > 0:
        return None
    return Late(len(case.periods) * months, float(ways.min()), _act_otherwise(case))


def _act_otherwise(case: Case) -> bool:
    supply, roles, offers = case.assumptions.supply, case.tables.roles, case.tables.retention
    offers = offers[~offers["offer"].isin(supply.retention_offers) & (offers["effect"] > 0) & (offers["reach"] > 0)]
    short = (roles["short_time_max"] > 0) | (roles["short_time_heads"] > 0)
    return bool(
        (supply.stand_ins and len(case.tables.stand_ins))
        or (supply.retention and len(offers))
        or (supply.releases and (roles["release_max"] > 0).any())
        or (supply.contractors and (roles["contract_max"] > 0).any())
        or (supply.overtime and (roles["overtime_max"] > 0).any())
        or (supply.short_time and short.any())
    )
