"""What recruiting more costs and how much of it can be handled: channels whose cost rises with volume, stages with limits.

A channel's cost that rises in steps is a convex piecewise-linear cost (diminishing returns: what a unit of money buys is
concave), which a linear programme finds by itself: offers beyond a step are a column with the step's extra cost and a row
that offers less those beyond stay within the step (Williams 2013, section 7.3, on separable convex programmes).
"""

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.inputs.case import Case
from workforce.inputs.contracts_actions import STAGES
from workforce.inputs.pricing import price_times
from workforce.inputs.stages import enter_stages
from workforce.inputs.targets import applies_to
from workforce.optimise.actions import Actions, count_limit
from workforce.optimise.linear import AT_MOST, LinearModel
from workforce.optimise.shares import cover_years

_STEPS = ["hire", "column", "row", "step", "role", "start", "cost"]


def add_steps(
    case: Case, model: LinearModel, dynamics: Dynamics, actions: Actions, columns: np.ndarray, labels: list[str]
) -> pd.DataFrame:
    """Columns for offers beyond each step of channel_tiers, with their rows. columns: of `actions.hires`.

    Returns hire (row of actions.hires), column, row (of channels), step (its number), role, start, cost (money an offer
    beyond the step costs more than one before it).
    """
    channels, tiers, hires = case.tables.channels, case.tables.channel_tiers, actions.hires
    steps = _list_steps(channels, tiers)
    limit = count_limit(channels.iloc[steps["row"]].assign(above=steps["above"].to_numpy()), "above", dynamics.months)
    years, parts = np.asarray(dynamics.periods.year), []
    before: dict[int, np.ndarray] = {}
    for step, most in zip(steps.itertuples(), limit, strict=True):
        mine = np.flatnonzero((hires["row"].to_numpy() == step.row) & (hires["start"].to_numpy() >= 0))
        if not len(mine):
            continue
        role, start = hires["role"].to_numpy()[mine], hires["start"].to_numpy()[mine]
        name = f"{channels['channel'].iloc[step.row]}_{step.row}_{step.above:g}"
        beyond = model.add_columns(
            [f"beyond_{labels[t]}_{dynamics.roles[r]}_{name}" for r, t in zip(role, start, strict=True)]
        )
        yearly = channels["per"].iloc[step.row] == "year"
        when, group = np.unique(years[start] if yearly else start, return_inverse=True)
        side = most * cover_years(dynamics.periods, dynamics.months, when) if yearly else np.full(len(when), most)
        words = [str(one) if yearly else labels[one] for one in when]
        rows = model.add_rows([f"step_{word}_{name}" for word in words], AT_MOST, side)
        model.add_entries(rows[group], columns[mine], 1.0)
        model.add_entries(rows[group], beyond, -1.0)
        # Beyond a step is no more than beyond the one before, period by period: a year's step may not be paid elsewhere.
        period, at = np.unique(start, return_inverse=True)
        within = model.add_rows([f"step_{labels[t]}_within_{name}" for t in period], AT_MOST, 0.0)
        model.add_entries(within[at], beyond, 1.0)
        model.add_entries(within[at], before.get(step.row, columns[mine]), -1.0)
        before[step.row] = beyond
        parts.append(
            pd.DataFrame(
                {"hire": mine, "column": beyond, "row": step.row, "step": step.Index, "role": role, "start": start}
            ).assign(cost=step.more * price_times(case, "recruiting", role, start, channels["channel"].iloc[step.row]))
        )
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_STEPS)
    kinds = {name: float if name == "cost" else np.int64 for name in _STEPS}
    return frame.astype(kinds)[_STEPS]


def _list_steps(channels: pd.DataFrame, tiers: pd.DataFrame) -> pd.DataFrame:
    """row (of channels), above, more (money an offer beyond costs more than one before), in order of each row's steps."""
    key = ["channel", "role", "family"]
    base = channels[[*key, "cost"]].assign(above=0.0, row=np.arange(len(channels)))
    place = dict(zip(base[key].itertuples(index=False, name=None), base["row"], strict=True))
    own = tiers.assign(row=[place[one] for one in tiers[key].itertuples(index=False, name=None)])
    every = pd.concat([base, own], ignore_index=True).sort_values(["row", "above"], kind="stable")
    every["more"] = every["cost"] - every.groupby("row")["cost"].shift()
    return every[every["above"] > 0][["row", "above", "more"]].astype({"row": int}).reset_index(drop=True)


def step_entries(steps: pd.DataFrame) -> list[tuple]:
    """The money of offers beyond a step, as entries (period, role, column, value), when they are made."""
    parts = tuple(steps[name].to_numpy() for name in ("start", "role", "column", "cost"))
    return [parts] if len(steps) else []


def spread_steps(steps: pd.DataFrame, columns: np.ndarray, amounts: np.ndarray) -> np.ndarray:
    """The amounts with the offers beyond a step shared evenly among all offers of the row in the period: which of a
    row's roles gets the dearer offers is all one to the programme. columns: of the hires."""
    if steps.empty:
        return amounts
    spread, keys = amounts.copy(), [steps[name] for name in ("row", "step", "start")]
    beyond = pd.Series(amounts[steps["column"]]).groupby(keys).transform("sum").to_numpy()
    offers = pd.Series(amounts[columns[steps["hire"]]])
    total = offers.groupby(keys).transform("sum").to_numpy()
    spread[steps["column"]] = np.divide(beyond * offers, total, out=np.zeros(len(steps)), where=total > 0)
    return spread


def step_money(steps: pd.DataFrame, amounts: np.ndarray, hires: int) -> np.ndarray:
    """[hires] money that offers beyond a step cost more than the channel's own."""
    return np.bincount(steps["hire"], weights=steps["cost"] * amounts[steps["column"]], minlength=hires)


def limit_stages(
    case: Case, model: LinearModel, dynamics: Dynamics, actions: Actions, columns: np.ndarray, labels: list[str]
) -> np.ndarray:
    """Rows, one a limit of stage_capacity and period: who enters the stage for the offers whose search begins in the
    period, through every channel the limit means that has the stage."""
    channels, roles, hires = case.tables.channels, case.tables.roles, actions.hires
    entered, found = np.nan_to_num(enter_stages(channels)), [np.array([], dtype=int)]
    row, role, start = (hires[name].to_numpy() for name in ("row", "role", "start"))
    for limit in case.tables.stage_capacity.itertuples():
        value = entered[row, STAGES.index(limit.stage)]
        mine = applies_to(limit, roles)[role] & (start >= 0) & (value > 0)
        if limit.channel:
            mine &= (hires["channel"] == limit.channel).to_numpy()
        period, group = np.unique(start[mine], return_inverse=True)
        name = "_".join(part for part in (limit.stage, limit.channel, limit.role or limit.family) if part)
        rows = model.add_rows([f"stages_{labels[t]}_{name}" for t in period], AT_MOST, limit.capacity * dynamics.months)
        model.add_entries(rows[group], columns[mine], value[mine])
        found.append(rows)
    return np.concatenate(found)
