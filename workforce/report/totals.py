"""Rounded numbers that add up to their rounded total, and amounts that differ from what was stated."""

import numpy as np
import pandas as pd


def round_to_total(values: pd.Series, digits: int) -> pd.Series:
    """The values rounded to so many digits, those with the largest remainders up, so that what is printed adds up to the
    rounded total (the largest remainder method of Hamilton; Balinski & Young 1982, ch. 3). Missing values stay missing.

    >>> round_to_total(pd.Series([0.4, 0.4, 0.4]), 0).tolist()
    [1.0, 0.0, 0.0]
    """
    scaled = values.astype(float) * 10.0**digits
    down = np.floor(scaled + 1e-9)
    places = round(float(scaled.sum()) - float(down.sum()))
    up = (scaled - down).sort_values(ascending=False, kind="stable").index[:places]
    down[up] += 1.0
    return (down / 10.0**digits).round(digits)


def is_carried(budget: pd.DataFrame) -> bool:
    """Whether any quarter's amount holds what earlier quarters of its year left or overran, as printed in whole money.

    >>> is_carried(pd.DataFrame({"stated": [10.0, np.nan], "amount": [12.0, np.nan]}))
    True
    """
    return "stated" in budget and bool(((budget["amount"] - budget["stated"]).abs() >= 0.5).any())
