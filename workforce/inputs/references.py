"""What must hold between tables: every reference meets its row, and every need of one table is met by another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from workforce.errors import Fault
from workforce.inputs.cells import faults_at, suggest_name
from workforce.inputs.contracts import CONTRACTS
from workforce.inputs.limits import check_limits
from workforce.inputs.posts import check_posts
from workforce.inputs.price_index import check_price_index
from workforce.inputs.recruiting import check_recruiting
from workforce.inputs.rules import parse_gains, split_reports


def check_references(
    frames: Mapping[str, pd.DataFrame], labels: Mapping[str, str], broken: set[str], known_faults: Sequence[Fault] = ()
) -> list[Fault]:
    """Faults between tables. `frames` are indexed by row in the file; `broken` tables could not be read, so that what
    refers to them is not judged. A cell that has a fault already (`known_faults`) reads as blank here: it gets no second
    one for that."""
    unread = {(fault.file, fault.row, fault.column) for fault in known_faults}
    faults: list[Fault] = []
    names: dict[str, set[str]] = {}
    for name, frame in frames.items():
        for column in CONTRACTS[name].columns:
            target, _, target_column = column.refers_to.partition(".")
            if not target or target in broken or (target == "roles" and target not in frames):
                continue
            if column.refers_to not in names:
                names[column.refers_to] = _names(frames[target][target_column]) if target in frames else set()
            known = names[column.refers_to] | set(column.also)
            faults += _unknown(frame[column.name], known, f"is not in {target}", target, labels[name])
    if "demand" in frames:
        silent = {row for file, row, column in unread if file == labels.get("roles") and column == "productivity"}
        faults += _check_demand(frames, labels["demand"], broken, silent)
    if "rates" in frames and "history" not in broken and not has_leavers(frames.get("history")):
        faults += _check_holes(frames["rates"], labels["rates"])
    if "posts" in frames:
        faults += check_posts(frames, labels, broken)
    if "channels" in frames:
        faults += check_recruiting(frames, labels)
    if "limits" in frames:
        blank = [row for file, row, column in unread if file == labels["limits"] and column in ("least", "most")]
        faults += check_limits(frames, labels["limits"], broken, [row for row in blank if row is not None])
    if "price_index" in frames:
        faults += check_price_index(frames, labels["price_index"], broken)
    return [fault for fault in faults if (fault.file, fault.row, fault.column) not in unread]


def has_leavers(history: pd.DataFrame | None) -> bool:
    """Whether leaving rates can be estimated: without an event of leaving there is nothing to learn from. A cell at
    fault is given the benefit of the doubt."""
    return history is not None and bool((~history["event"].isin(["join", "move"])).any())


def _check_holes(rates: pd.DataFrame, label: str) -> list[Fault]:
    """Roles whose stated rates begin after tenure 0, where no history fills what comes before."""
    placed = rates[rates["role"] != ""]
    begins = placed.groupby("role")["tenure_from"].transform(lambda starts: starts.min(skipna=False))
    late = placed[(placed["tenure_from"] == begins) & (begins > 0)].drop_duplicates("role")
    roles, starts = list(late["role"]), list(late["tenure_from"])
    return faults_at(
        label,
        "tenure_from",
        late.index.to_numpy(),
        [f"{start:g}" for start in starts],
        "without a history of leaving, a role's rates start at tenure_from 0",
        lambda k: f"add a row of {roles[k]} with tenure_from 0, or the table history",
    )


def _names(column: pd.Series) -> set[str]:
    return set(column.unique().tolist()) - {""}


def _unknown(cells: pd.Series, known: set[str], rule: str, target: str, label: str) -> list[Fault]:
    strangers = _names(cells) - known
    if not strangers:
        return []
    lost = cells[cells.isin(list(strangers))]
    words = [str(word) for word in lost]
    pool = sorted(known)
    otherwise = f"add it to {target}, or mend the name" if pool else f"add the table {target}"
    return faults_at(
        label, str(cells.name), lost.index.to_numpy(), words, rule, lambda k: suggest_name(words[k], pool, otherwise)
    )


def _refuse(
    frame: pd.DataFrame,
    mask: pd.Series | np.ndarray,
    column: str,
    label: str,
    rule: str,
    mend: str | Callable[[str], str],
) -> list[Fault]:
    cells = frame.loc[np.asarray(mask, dtype=bool), column]
    values = ["" if pd.isna(cell) else str(cell) for cell in cells]
    return faults_at(
        label,
        column,
        cells.index.to_numpy(),
        values,
        rule,
        lambda k: mend if isinstance(mend, str) else mend(values[k]),
    )


def _check_demand(
    frames: Mapping[str, pd.DataFrame], label: str, broken: set[str], silent: set[int | None]
) -> list[Fault]:
    """`silent`: rows of roles whose productivity could not be read."""
    demand, roles = frames["demand"], frames.get("roles")
    faults: list[Fault] = []
    if roles is not None:
        known = roles.drop_duplicates("role").set_index("role")
        unit = demand["role"].map(known["unit"])
        placed, method = unit.notna(), demand["method"]
        faults += _refuse(
            demand,
            placed
            & (method == "ratio")
            & demand["ratio"].isna()
            & demand["role"].map(known["productivity"]).isna()
            & ~demand["role"].isin(roles.loc[roles.index.isin(list(silent)), "role"]),
            "ratio",
            label,
            "neither ratio nor roles.productivity is filled",
            "state driver units that one FTE serves",
        )
        faults += _refuse(
            demand,
            placed & (method == "span") & demand["span"].isna() & demand["role"].map(known["span"]).isna(),
            "span",
            label,
            "neither span nor roles.span is filled",
            "state reports per leader",
        )
        if "drivers" not in broken:
            driven = placed & method.isin(["ratio", "elasticity"])
            faults += _check_drivers(demand, unit, driven, frames.get("drivers"), label)
        faults += _check_reports(demand, sorted(known.index), label)
        faults += _check_layers(demand, unit, roles, label)
    if "projects" not in broken:
        named = demand.loc[demand["method"] == "project", "driver"]
        known_projects = _names(frames["projects"]["project"]) if "projects" in frames else set()
        faults += _unknown(named, known_projects, "is not in projects", "projects", label)
        faults += _check_gains(demand["gains"], known_projects, label)
    return faults


def _check_gains(gains: pd.Series, known: set[str], label: str) -> list[Fault]:
    faults = []
    for row, text in gains[gains != ""].items():
        try:
            unknown = [name for name, _ in parse_gains(text) if name not in known]
        except ValueError:
            continue  # a fault of the row itself
        for name in unknown:
            mend = suggest_name(name, sorted(known), "add it to projects, or mend the name")
            faults.append(Fault(label, int(str(row)), "gains", name, "is not in projects", mend))
    return faults


def _check_drivers(
    demand: pd.DataFrame, unit: pd.Series, mask: pd.Series, drivers: pd.DataFrame | None, label: str
) -> list[Fault]:
    asked = demand[mask & (demand["driver"] != "")]
    if drivers is None:
        return _refuse(
            asked,
            np.ones(len(asked), dtype=bool),
            "driver",
            label,
            "there is no table drivers",
            "add drivers.csv (unit, driver, period, base)",
        )
    stated = set(zip(drivers["unit"], drivers["driver"], strict=True))
    names = sorted(_names(drivers["driver"]))
    missing = np.array(
        [
            (own, driver) not in stated and ("company", driver) not in stated
            for own, driver in zip(unit[asked.index], asked["driver"], strict=True)
        ],
        dtype=bool,
    )

    def mend(driver: str) -> str:
        if driver in names:
            return f"add rows of {driver} to drivers for this role's unit or for company"
        return suggest_name(driver, names, "add it to drivers for this role's unit or for company")

    return _refuse(asked, missing, "driver", label, "is not in drivers for the role's unit, nor for company", mend)


def _check_reports(demand: pd.DataFrame, known: list[str], label: str) -> list[Fault]:
    faults: list[Fault] = []
    for row, role, text in zip(demand.index, demand["role"], demand["reports"], strict=True):
        for name in split_reports(text):
            if name not in known:
                mend = suggest_name(name, known, "add it to roles, or mend the name")
                faults.append(Fault(label, int(row), "reports", name, "is not in roles", mend))
            elif name == role:
                faults.append(
                    Fault(label, int(row), "reports", name, "a role does not lead itself", "take it out of reports")
                )
    return faults


def _check_layers(demand: pd.DataFrame, unit: pd.Series, roles: pd.DataFrame, label: str) -> list[Fault]:
    """Leaders who lead each other in a circle: their need could never be found, layer after layer."""
    spans = demand[demand["method"] == "span"]
    leaders = set(spans["role"])
    waiting: dict[int, tuple[str, set[str]]] = {}
    for row, role, text in zip(spans.index, spans["role"], spans["reports"], strict=True):
        led = set(split_reports(text)) or set(roles.loc[roles["unit"] == unit[row], "role"]) - leaders
        waiting[int(row)] = (role, led - {role})
    while waiting:
        open_roles = {role for role, _ in waiting.values()}
        ready = [row for row, (_, led) in waiting.items() if not led & open_roles]
        if not ready:
            break
        waiting = {row: entry for row, entry in waiting.items() if row not in ready}
    circle = spans.loc[list(waiting)]
    mend = "take one of the roles out of reports"
    return _refuse(
        circle, np.ones(len(circle), dtype=bool), "reports", label, "leads its own leaders in a circle", mend
    )
