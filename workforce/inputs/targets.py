"""Which roles a row is for, of the tables that name a role, a family or a unit."""

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


def fits_all(row, roles: pd.DataFrame) -> np.ndarray:
    """[role] whether a role is of the role, the family and the unit that a row of limits or price_index names; a blank means
    any."""
    meant = np.ones(len(roles), dtype=bool)
    for name in ("role", "family", "unit"):
        asked = getattr(row, name, "")
        if asked:
            meant &= (roles[name] == asked).to_numpy()
    return meant
