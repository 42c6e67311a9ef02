"""Where FTE goes if it goes on as before: exponential smoothing of a role's own past, for roles without a driver."""

import warnings

import numpy as np
import pandas as pd

OBSERVATIONS_NEEDED = {1: 24, 12: 10}
"""Observations at least, by months between two of them; other spacings ask for as many as yearly ones."""


def extrapolate(fte: np.ndarray, steps: int, confidence: float) -> np.ndarray:
    """[step ahead, (low, middle, high)] FTE by additive exponential smoothing with a damped trend, ETS(A,Ad,N) of
    Hyndman, Koehler, Ord & Snyder (2008, ch. 2 and 6; damping after Gardner & McKenzie 1985), fitted by maximum likelihood
    in statsmodels; low and high are the exact prediction interval. No value is below 0.

    fte: observations in order of time and equally spaced, at least ten, not all the same.
    """
    # Loaded here: it takes a second, and few plans ask for a trend.
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    with warnings.catch_warnings():
        # A damping or smoothing parameter at its limit is an answer here, not an accident.
        warnings.simplefilter("ignore")
        fitted = ETSModel(pd.Series(fte, dtype=float), error="add", trend="add", damped_trend=True).fit(disp=False)
        ahead = fitted.get_prediction(start=len(fte), end=len(fte) + steps - 1).summary_frame(alpha=1.0 - confidence)
    return np.maximum(ahead[["pi_lower", "mean", "pi_upper"]].to_numpy(), 0.0)
