"""What must not be shown: figures over fewer people than the privacy minimum, and what would give them away by
subtraction."""

import numpy as np
import pandas as pd


def withhold_small(
    frame: pd.DataFrame, people: pd.Series, columns: list[str], minimum: int, within: list[str] | None = None
) -> pd.DataFrame:
    """The frame with `columns` emptied (NaN) in rows that stand for fewer than `minimum` people (0 people tell nothing
    and stay).

    within: columns of a group whose rows add up to a total that is shown; where exactly one row of a group is
    withheld, its next smallest one is withheld too, so that it cannot be worked out by subtraction.
    """
    small = (people > 0) & (people < minimum)
    hidden = small.copy()
    if within:
        group = frame.groupby(within, sort=False).ngroup()
        for number in group[small].unique():
            index = group.index[group == number]
            if small.loc[index].sum() == 1 and len(index) > 1:
                others = people.loc[index][~small.loc[index] & (people.loc[index] > 0)]
                if len(others):
                    hidden.loc[others.idxmin()] = True
    result = frame.copy()
    for column in columns:
        result[column] = result[column].astype(float).mask(hidden, np.nan)
    return result
