"""Which roles a row is for, of the tables that name a role or a family."""

import numpy as np
import pandas as pd


def applies_to(row, roles: pd.DataFrame) -> np.ndarray:
    """[role] whether a row of channels or retention means this role: by role, by family, or all where both are
    blank."""
    if row.role:
        return roles["role"].eq(row.role).to_numpy()
    if row.family:
        return roles["family"].eq(row.family).to_numpy()
    return np.ones(len(roles), dtype=bool)
