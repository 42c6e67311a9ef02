"""A linear programme as columns, rows and entries, collected in blocks and independent of any solver."""

from dataclasses import dataclass, field

import numpy as np

EQUAL, AT_MOST, AT_LEAST = "=", "<=", ">="


@dataclass
class LinearModel:
    """minimise cost x, lower <= x <= upper, each row `entries x (sense) side`. Columns and rows carry readable names.

    Blocks are appended whole; numbers of columns and rows come back as arrays of the block's own shape.
    """

    names: list[str] = field(default_factory=list)
    cost: list[np.ndarray] = field(default_factory=list)
    lower: list[np.ndarray] = field(default_factory=list)
    upper: list[np.ndarray] = field(default_factory=list)
    row_names: list[str] = field(default_factory=list)
    senses: list[str] = field(default_factory=list)
    sides: list[np.ndarray] = field(default_factory=list)
    entry_rows: list[np.ndarray] = field(default_factory=list)
    entry_columns: list[np.ndarray] = field(default_factory=list)
    entry_values: list[np.ndarray] = field(default_factory=list)

    def add_columns(
        self,
        names: list[str],
        cost: np.ndarray | float = 0.0,
        upper: np.ndarray | float = np.inf,
        lower: np.ndarray | float = 0.0,
    ) -> np.ndarray:
        """Append columns and return their numbers."""
        first = len(self.names)
        self.names += names
        self.cost.append(np.broadcast_to(np.asarray(cost, dtype=float), len(names)))
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=float), len(names)))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=float), len(names)))
        return np.arange(first, len(self.names))

    def add_rows(self, names: list[str], sense: str, side: np.ndarray | float) -> np.ndarray:
        """Append rows and return their numbers; their entries are added afterwards."""
        first = len(self.row_names)
        self.row_names += names
        self.senses += [sense] * len(names)
        self.sides.append(np.broadcast_to(np.asarray(side, dtype=float), len(names)))
        return np.arange(first, len(self.row_names))

    def add_entries(self, rows: np.ndarray, columns: np.ndarray, values: np.ndarray | float) -> None:
        """Append entries, one for each triple after broadcasting; entries of one place add up, zeros are left out."""
        rows, columns, values = np.broadcast_arrays(rows, columns, values)
        keep = values.ravel() != 0
        self.entry_rows.append(rows.ravel()[keep])
        self.entry_columns.append(columns.ravel()[keep])
        self.entry_values.append(values.ravel()[keep].astype(float))

    def triples(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """All entries as rows, columns, values, sorted by row then column, repeated places added up."""
        rows, columns, values = (
            np.concatenate(part) for part in (self.entry_rows, self.entry_columns, self.entry_values)
        )
        place = rows.astype(np.int64) * len(self.names) + columns
        place, inverse = np.unique(place, return_inverse=True)
        return place // len(self.names), place % len(self.names), np.bincount(inverse, weights=values)
