"""What an import did: rows read, used, left out and mended, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

__all__ = ["STEPS", "ImportReport"]

STEPS = ("read", "left_out", "used", "mended", "derived", "written")


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    table : one line per rule that touched rows: step (read, left_out, used, mended, derived, written), file,
        rule, why, rows. For each file, read = left_out + used.
    intervals : between snapshots, in persons: after, date, opening, leavers, hired, reappeared, seen_before, moves,
        closing; empty without snapshots. opening - leavers + hired + reappeared = closing.
    assumptions : the map's, in words. title : the map's. out : the folder written to.
    """

    title: str
    out: Path
    table: pd.DataFrame
    intervals: pd.DataFrame
    assumptions: tuple[str, ...]

    @property
    def balance(self) -> pd.DataFrame:
        """Rows by file: read, left_out, used."""
        chosen = self.table[self.table["step"].isin(["read", "left_out", "used"])]
        wide = chosen.pivot_table(index="file", columns="step", values="rows", aggfunc="sum", fill_value=0, sort=False)
        return wide.reindex(columns=["read", "left_out", "used"], fill_value=0).astype(int)

    def text(self) -> str:
        """The report as people read it."""
        parts = [self.title, ""]
        for file, counts in self.balance.iterrows():
            parts.append(
                f"{file}: {counts['read']:,} rows read, {counts['used']:,} used, {counts['left_out']:,} left out"
            )
            own = self.table[(self.table["file"] == file) & self.table["step"].isin(["left_out", "mended"])]
            parts += [
                f"  {row.step.replace('_', ' '):9} {row.rows:>7,}  {row.rule} ({row.why})" for row in own.itertuples()
            ]
        if len(self.intervals):
            parts += ["", "Between the snapshots (people):"]
            shown = self.intervals.assign(
                **{name: self.intervals[name].dt.strftime("%Y-%m-%d") for name in ("after", "date")}
            )
            parts += ["  " + line for line in shown.to_string(index=False).splitlines()]
            parts.append(
                "  reappeared: hired before the previous snapshot and not in it, so no new hire; "
                "seen_before: of those, in an older snapshot."
            )
        derived = self.table[self.table["step"] == "derived"]
        if len(derived):
            parts += ["", "Derived:"] + [f"  {row.rows:>7,}  {row.rule} ({row.why})" for row in derived.itertuples()]
        if self.assumptions:
            parts += ["", "Assumed by the map:"] + [f"  - {sentence}" for sentence in self.assumptions]
        parts += ["", f"Written to {self.out.as_posix()}:"]
        parts += [
            f"  {row.rows:>7,}  {row.rule}" + (f" ({row.why})" if row.why else "")
            for row in self.table[self.table["step"] == "written"].itertuples()
        ]
        return "\n".join(parts) + "\n"
