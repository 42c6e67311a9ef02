"""The recruiting funnel: who must enter each stage for one offer."""

import numpy as np
import pandas as pd

from workforce.inputs.contracts_actions import STAGES


def enter_stages(channels: pd.DataFrame) -> np.ndarray:
    """[row of channels, stage of STAGES] people who enter each stage for one offer made; NaN where the channel has no
    such stage. Each stage passes its share of those who enter it: pass / entered, of the same people (metrics.md, Funnel).

    >>> rates = {"applied": [0.5], "screened": [np.nan], "interviewed": [0.5], "offered": [0.8], "arrive": [0.9]}
    >>> enter_stages(pd.DataFrame(rates)).tolist()
    [[5.0, nan, 2.5, 1.25, 1.0]]
    """
    shares = channels[list(STAGES[:-1])].to_numpy(dtype=float)
    needed = np.cumprod(1.0 / np.nan_to_num(shares, nan=1.0)[:, ::-1], axis=1)[:, ::-1]
    return np.column_stack([np.where(np.isnan(shares), np.nan, needed), np.ones(len(channels))])
