"""The budget of each channel: what the plan spends through it, what comes of it, and what the next start would cost."""

from typing import Any

import numpy as np
import pandas as pd

from workforce.inputs.case import Case
from workforce.inputs.pricing import price_times
from workforce.optimise.actions import count_limit
from workforce.optimise.plan import Plan
from workforce.optimise.recruiting import step_money
from workforce.optimise.shares import cover_years
from workforce.optimise.taken import SMALLEST

COLUMNS = [
    "year", "channel", "target", "offers", "starts", "money", "share", "cost_per_hire", "marginal", "at_step", "full",
]  # fmt: skip
TOLD = 3
"""So many channels are told, those that take most money first."""


def list_offers(plan: Plan) -> pd.DataFrame:
    """The plan's decisions to hire that are taken: row (of channels), channel, role, start (period number, -1 = before the
    plan), offers, starts (expected), money (steps of the cost included)."""
    hires = plan.options.hires
    offers = plan.solution.amounts[plan.programme.columns.hires]
    dearer = step_money(plan.programme.steps, plan.solution.amounts, len(hires))
    frame = hires[["row", "channel", "role", "start"]].assign(
        offers=offers, starts=offers * hires["arrive"], money=offers * hires["cost"] + dearer
    )
    return frame[frame["offers"] > SMALLEST].reset_index(drop=True)


def measure_channels(case: Case, plan: Plan) -> pd.DataFrame:
    """The plan's recruiting money by channel, a row for each row of channels that is used in a quarter (a year, where the
    periods are years): year (the quarter or year), channel, target (the role or family of the row, "" = all), offers,
    starts (people expected from them), money, share (of the recruiting money of that quarter), cost_per_hire (money /
    starts: cost of offers only, the rule of the indicator of that name), marginal (money that the next start would cost:
    the cheapest next offer of its periods / arrive; NaN where the channel is full in all of them), at_step (periods that
    stand exactly where the next offer costs more), full (periods at the channel's capacity).

    Limits that channels share (stage_capacity, the cap on hires, budgets) are not in marginal. In a least-cost plan the
    next start through a channel that is neither full nor at a step costs what a start of that role is worth, so channels
    alike in all but cost have the same marginal cost (equal marginal costs at the optimum).
    """
    offers = list_offers(plan)
    offers = offers[offers["start"] >= 0]
    if offers.empty:
        return pd.DataFrame(columns=COLUMNS)
    by_period = offers.groupby(["row", "channel", "start"])[["offers", "starts", "money"]].sum().reset_index()
    by_period["role"] = offers.groupby(["row", "channel", "start"])["role"].first().to_numpy()
    by_period = by_period.join(_price_next(case, by_period))
    when = case.periods[by_period["start"].to_numpy()]
    yearly = case.assumptions.time.period == "year"
    by_period["year"] = when.astype(str) if yearly else when.start_time.to_period("Q").astype(str)
    keys = ["year", "row", "channel"]
    sums = by_period.groupby(keys)[["offers", "starts", "money", "at_step", "full"]].sum()
    sums["marginal"] = by_period.groupby(keys)["marginal"].min()
    frame = sums.reset_index().sort_values(["year", "channel", "row"], kind="stable", ignore_index=True)
    channels = case.tables.channels.iloc[frame["row"]]
    frame["target"] = channels["role"].where(channels["role"] != "", channels["family"]).to_numpy()
    total = frame.groupby("year")["money"].transform("sum")
    frame["share"] = np.divide(frame["money"], total, out=np.zeros(len(frame)), where=total > 0)
    frame["cost_per_hire"] = (frame["money"] / frame["starts"]).where(frame["starts"] > 0)
    return frame.astype({"at_step": int, "full": int})[COLUMNS]


def _price_next(case: Case, used: pd.DataFrame) -> pd.DataFrame:
    """marginal, at_step and full of each row of channels and period. A limit or a step by the year is reached where the
    year's offers reach it."""
    channels, tiers, months = case.tables.channels, case.tables.channel_tiers, case.months_per_period
    years = np.asarray(case.periods.year)
    covered = cover_years(case.periods, months, years)
    limit, key = count_limit(channels, "capacity", months), ["channel", "role", "family"]
    steps = {name: part.sort_values("above") for name, part in tiers.groupby(key)}
    found = pd.DataFrame({"marginal": np.nan, "at_step": 0, "full": 0}, index=used.index)
    for row, part in used.groupby("row"):
        channel, start = channels.iloc[row], part["start"].to_numpy()
        yearly = channel["per"] == "year"
        volume, scale = part["offers"].to_numpy(), np.full(len(part), 1.0 if yearly else months)
        if yearly:
            volume = part["offers"].groupby(years[start]).transform("sum").to_numpy()
            scale = covered[start]
        close = 1e-6 * np.maximum(volume, 1.0)
        own = steps.get(tuple(channel[key]), tiers.iloc[:0])
        above = own["above"].to_numpy()[None, :] * scale[:, None]
        reached = (above <= (volume + close)[:, None]).sum(axis=1)
        cost = np.concatenate([[channel["cost"]], own["cost"].to_numpy()])[reached]
        most = limit[row] * (scale if yearly else 1.0)
        drained = part["offers"].sum() >= channel["pool"] - close
        full = (volume >= most - close) | drained  # a blank limit is NaN and never reached
        cost = cost * price_times(case, "recruiting", part["role"].to_numpy(), start, channel["channel"])
        arrive = channel["arrive"] if channel["arrive"] > 0 else np.nan
        found.loc[part.index, "marginal"] = np.where(full, np.nan, cost / arrive)
        found.loc[part.index, "at_step"] = (np.abs(above - volume[:, None]) <= close[:, None]).any(axis=1).astype(int)
        found.loc[part.index, "full"] = full.astype(int)
    return found


def explain_channels(case: Case, budget: pd.DataFrame) -> list[tuple[str, dict[str, Any]]]:
    """What the report says of it, a channel and its target at a time: channel_spent (those that take most money: name,
    money, share, starts, each, marginal, bought: starts that the round amount `more` buys beyond; channel_spent_full where none),
    channel_at_step (whose cheapest next start costs more than their mean one), channel_full (names: full whenever they are
    used)."""
    currency = case.assumptions.company.currency
    told: list[tuple[str, dict[str, Any]]] = []
    named = budget.assign(name=budget["channel"] + (" (" + budget["target"] + ")").where(budget["target"] != "", ""))
    named = named[named["starts"] > 0]
    rows = named.groupby("name", sort=False)[["money", "starts", "at_step"]].sum()
    rows["marginal"] = named.groupby("name", sort=False)["marginal"].min()
    rows = rows.sort_values("money", ascending=False, kind="stable")
    whole = float(rows["money"].sum())
    for name, row in rows[rows["money"] > 0].head(TOLD).iterrows():
        each, next_one = float(row["money"] / row["starts"]), float(row["marginal"])
        values = {"name": name, "money": float(row["money"]), "share": float(row["money"]) / whole, "each": each}
        values |= {"starts": float(row["starts"]), "currency": currency}
        if next_one > 0:
            more = 10.0 ** np.ceil(np.log10(next_one))  # a round amount that buys one to ten starts
            values |= {"marginal": next_one, "more": float(more), "bought": float(more) / next_one}
        told.append(("channel_spent" if next_one > 0 else "channel_spent_full", values))
    rows["each"] = rows["money"] / rows["starts"]
    # Elsewhere a cheaper next start, in a period with room below the step, makes the step no news.
    for name, row in rows[(rows["at_step"] > 0) & (rows["marginal"] > rows["each"])].head(TOLD).iterrows():
        values = {"name": name, "periods": int(row["at_step"]), "each": float(row["each"])}
        told.append(("channel_at_step", values | {"marginal": float(row["marginal"]), "currency": currency}))
    full = list(rows.index[rows["marginal"].isna()])
    return told + ([("channel_full", {"channels": full})] if full else [])
