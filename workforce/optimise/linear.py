"""A linear programme as columns, rows and entries, collected in blocks and independent of any solver."""

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

EQUAL, AT_MOST, AT_LEAST = "=", "<=", ">="


@dataclass
class LinearModel:
    """minimise cost x, lower <= x <= upper, each row `entries x (sense) side`; columns marked whole take whole numbers.
    Columns and rows carry readable names.

    Blocks are appended whole; numbers of columns and rows come back as arrays of the block's own shape.
    """

    names: list[str] = field(default_factory=list)
    cost: list[np.ndarray] = field(default_factory=list)
    lower: list[np.ndarray] = field(default_factory=list)
    upper: list[np.ndarray] = field(default_factory=list)
    whole: list[np.ndarray] = field(default_factory=list)
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
        whole: np.ndarray | bool = False,
    ) -> np.ndarray:
        """Append columns and return their numbers."""
        first = len(self.names)
        self.names += names
        self.cost.append(np.broadcast_to(np.asarray(cost, dtype=float), len(names)))
        self.lower.append(np.broadcast_to(np.asarray(lower, dtype=float), len(names)))
        self.upper.append(np.broadcast_to(np.asarray(upper, dtype=float), len(names)))
        self.whole.append(np.broadcast_to(np.asarray(whole, dtype=bool), len(names)))
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

    def matrix(self) -> sparse.csr_array:
        """[row, column] the entries, those of one place added up, columns in order within each row."""
        rows, columns, values = (
            np.concatenate(part) if part else np.array([], dtype=kind)
            for part, kind in (
                (self.entry_rows, np.int32),
                (self.entry_columns, np.int32),
                (self.entry_values, float),
            )
        )
        shape = (len(self.row_names), len(self.names))
        found = sparse.coo_array((values, (rows.astype(np.int32), columns.astype(np.int32))), shape=shape).tocsr()
        found.sum_duplicates()
        return found

    def triples(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """All entries as rows, columns, values, sorted by row then column, repeated places added up."""
        matrix = self.matrix()
        return np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), matrix.indices, matrix.data

    def row_bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """[row] the least and the most that each row's entries may come to; -inf or inf where there is no such bound."""
        senses, side = np.asarray(self.senses, dtype=object), np.concatenate([*self.sides, np.zeros(0)])
        return np.where(senses == AT_MOST, -np.inf, side), np.where(senses == AT_LEAST, np.inf, side)
