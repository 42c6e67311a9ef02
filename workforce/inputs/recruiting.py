"""What must hold between channels, the steps of their cost and the limits on their stages."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from workforce.errors import Fault
from workforce.inputs.cells import faults_at
from workforce.inputs.rules import MEND_RISING, NOT_RISING

ROW = ["channel", "role", "family"]


def check_recruiting(frames: Mapping[str, pd.DataFrame], labels: Mapping[str, str]) -> list[Fault]:
    """Faults of channel_tiers and stage_capacity (where given) against channels: a step of a row that is not there, or
    that costs no more than the channel does; a limit on a stage that no channel it means has."""
    faults: list[Fault] = []
    channels = frames["channels"]
    if "channel_tiers" in frames:
        faults += _check_tiers(frames["channel_tiers"], channels, labels["channel_tiers"])
    if "stage_capacity" in frames:
        faults += _check_stages(frames["stage_capacity"], channels, frames.get("roles"), labels["stage_capacity"])
    return faults


def _check_tiers(tiers: pd.DataFrame, channels: pd.DataFrame, label: str) -> list[Fault]:
    base = channels.drop_duplicates(ROW).set_index(ROW)["cost"]
    own = base.reindex(pd.MultiIndex.from_frame(tiers[ROW])).to_numpy()
    known = pd.MultiIndex.from_frame(tiers[ROW]).isin(base.index)
    shown = [" / ".join(part for part in key if part) for key in tiers[ROW].itertuples(index=False)]
    lost, flat = np.flatnonzero(~known), np.flatnonzero(known & (tiers["cost"].to_numpy() <= own))
    return faults_at(
        label,
        "channel",
        tiers.index.to_numpy()[lost],
        [shown[place] for place in lost],
        "is not a row of channels (channel, role and family together)",
        lambda k: "write channel, role and family as in channels, or add the row there",
    ) + faults_at(
        label,
        "cost",
        tiers.index.to_numpy()[flat],
        [f"{tiers['cost'].iloc[place]:g}" for place in flat],
        NOT_RISING,
        lambda k: f"the channel's own is {own[flat[k]]:g}; {MEND_RISING}",
    )


def _check_stages(limits: pd.DataFrame, channels: pd.DataFrame, roles: pd.DataFrame | None, label: str) -> list[Fault]:
    family = {} if roles is None else dict(zip(roles["role"], roles["family"], strict=True))
    idle = []
    for place, limit in enumerate(limits.itertuples()):
        if limit.stage in ("joined", ""):
            continue
        meant = channels[channels[limit.stage].notna()]
        if limit.channel:
            meant = meant[meant["channel"] == limit.channel]
        wide = (meant["role"] == "") & (meant["family"] == "")
        served = meant["family"].where(meant["role"] == "", meant["role"].map(family))
        if limit.role:
            own = family.get(limit.role, "")
            meant = meant[wide | (meant["role"] == limit.role) | ((meant["role"] == "") & (served == own))]
        elif limit.family:
            meant = meant[wide | (served == limit.family)]
        if meant.empty:
            idle.append(place)
    return faults_at(
        label,
        "stage",
        limits.index.to_numpy()[idle],
        [str(limits["stage"].iloc[place]) for place in idle],
        "no channel that this row means states the share that passes this stage, so nobody would be counted",
        lambda k: "fill the stage in channels, or take the row out",
    )
