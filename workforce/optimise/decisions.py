"""A plan's decisions in the words of the simulation."""

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.optimise.balance import graduates
from workforce.optimise.plan import Plan
from workforce.optimise.taken import SMALLEST, follow_joiners, kept_people
from workforce.simulate.careers import Transfer
from workforce.simulate.stress import Decisions, seat_joiners


def hand_over(plan: Plan, dynamics: Dynamics, channels: pd.DataFrame) -> Decisions:
    """Hires as seats, programmes' graduates and failures, moves and releases as transfers, the share of leavers whom
    offers keep, and the effective FTE that training, ramp-up and short time take away and contractors and overtime add.
    channels: the table, whose times to fill the seats take; who is under way at the start comes when said."""
    options, columns, values = plan.options, plan.programme.columns, plan.solution.amounts
    hires = options.hires.assign(heads=values[columns.hires], name=options.hires["channel"])
    hires["quality"] = [options.kinds[kind][0] for kind in hires["kind"]]
    lengths = [options.kinds[kind][1] for kind in hires["kind"]]
    hires["until"] = [
        -1 if length is None else effect + length for effect, length in zip(hires["effect"], lengths, strict=True)
    ]
    ways = channels.iloc[hires["row"].to_numpy()]
    lead, slow = (ways[name].to_numpy(dtype=float) for name in ("lead_months", "lead_p90"))
    sure = np.isnan(slow) | (hires["start"].to_numpy() < 0)
    hires = hires.assign(lead=lead, lead_p90=np.where(sure, lead, slow))
    # A number for those under way: the offers of the plan for the same role and period keep their seats' names.
    hires["name"] = hires["name"].where(hires["start"] >= 0, hires["name"] + "|before")
    joining = seat_joiners(hires[hires["heads"] > SMALLEST], dynamics.roles)
    lost = np.zeros(columns.stock.shape)
    taking = np.zeros(len(values), dtype=bool)
    flexible = (columns.contracts, columns.overtimes, columns.short_times, columns.stand_ins)
    for part in (columns.moves, columns.develops, *flexible):
        taking[part] = True
    for period, role, column, value in plan.programme.effective:
        mine = taking[column]
        np.add.at(lost, (period[mine], role[mine]), -value[mine] * values[column[mine]])
    decided = hires[hires["start"] >= 0]
    offers = np.zeros((len(options.channel_limit), columns.stock.shape[0]))
    np.add.at(offers, (decided["row"].to_numpy(), decided["start"].to_numpy()), decided["heads"].to_numpy())
    closing = plan.stocks["closing"].to_numpy(dtype=float).reshape(columns.stock.shape)
    transfers = tuple(_list_transfers(plan, dynamics))
    return Decisions(joining, transfers, lost, _keep_share(plan, dynamics), closing, offers)


def _list_transfers(plan: Plan, dynamics: Dynamics) -> list[Transfer]:
    options, columns, values = plan.options, plan.programme.columns, plan.solution.amounts
    grown, failed = (part * values[columns.develops] for part in graduates(options, plan.established))
    courses = list(options.develops.itertuples())
    inside = [row.effect < len(dynamics.periods) for row in courses]
    transfers = [
        Transfer(f"{name}|{row.programme}|{row.start}|{row.effect}", row.source, target, row.effect, heads, share)
        for row, passed, out, ends in zip(courses, grown, failed, inside, strict=True)
        for name, target, heads, share in (("develop", row.target, passed, 1.0), ("fail", -1, out, 0.0))
        if heads > SMALLEST and ends
    ]
    transfers += [
        Transfer(f"move|{row.row}|{row.start}", row.source, row.target, row.effect, heads, row.arrive)
        for row, heads in zip(options.moves.itertuples(), values[columns.moves], strict=True)
        if heads > SMALLEST
    ]
    return transfers + [
        Transfer(f"release|{dynamics.roles[row.role]}|{row.start}", row.role, -1, row.start, heads, 0.0)
        for row, heads in zip(options.releases.itertuples(), values[columns.releases], strict=True)
        if heads > SMALLEST
    ]


def _keep_share(plan: Plan, dynamics: Dynamics) -> np.ndarray:
    """[period, role] share of the leavers that offers keep, retirement by rule aside."""
    shape = plan.programme.columns.stock.shape
    kept = kept_people(plan.options, plan.established, plan.programme, plan.solution, shape)
    if not kept.any():
        return np.zeros(shape)
    stock = plan.solution.amounts[plan.programme.columns.stock]
    before = np.maximum(np.vstack([plan.established.opening, stock[:-1]]), 0.0)
    one = np.ones(1)
    going = np.array(
        [
            [plan.established.keeping(np.array([t]), np.array([r]), one)[0] for r in range(shape[1])]
            for t in range(shape[0])
        ]
    )
    leaving = before * going + follow_joiners(dynamics, plan.options, plan.programme, plan.solution)[2]
    return np.clip(np.divide(kept, leaving, out=np.zeros(shape), where=leaving > 0), 0.0, 1.0)
