"""A plan's decisions in the words of the simulation."""

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics
from workforce.optimise.model import graduates
from workforce.optimise.plan import SMALLEST, Plan
from workforce.simulate.careers import Transfer
from workforce.simulate.stress import Decisions, seat_joiners


def hand_over(plan: Plan, dynamics: Dynamics, channels: pd.DataFrame) -> Decisions:
    """Hires as seats, programmes' graduates, moves and releases as transfers, and the effective FTE that training and
    ramp-up take away. channels: the table, whose times to fill the seats take."""
    options, columns, values = plan.options, plan.programme.columns, plan.solution.amounts
    hires = options.hires.assign(heads=values[columns.hires], name=options.hires["channel"])
    taken = channels.iloc[hires["row"].to_numpy()]
    slow = taken["lead_p90"].fillna(taken["lead_months"])
    hires = hires.assign(lead=taken["lead_months"].to_numpy(dtype=float), lead_p90=slow.to_numpy(dtype=float))
    joining = seat_joiners(hires[hires["heads"] > SMALLEST], dynamics.roles)
    grown = graduates(options, plan.established) * values[columns.develops]
    transfers = [
        Transfer(f"develop|{row.programme}|{row.start}", row.source, row.target, row.effect, heads, 1.0)
        for row, heads in zip(options.develops.itertuples(), grown, strict=True)
        if heads > SMALLEST
    ]
    transfers += [
        Transfer(f"move|{row.row}|{row.start}", row.source, row.target, row.effect, heads, row.arrive)
        for row, heads in zip(options.moves.itertuples(), values[columns.moves], strict=True)
        if heads > SMALLEST
    ]
    transfers += [
        Transfer(f"release|{dynamics.roles[row.role]}|{row.start}", row.role, -1, row.start, heads, 0.0)
        for row, heads in zip(options.releases.itertuples(), values[columns.releases], strict=True)
        if heads > SMALLEST
    ]
    lost = np.zeros(columns.stock.shape)
    taking = np.zeros(len(values), dtype=bool)
    taking[columns.moves] = taking[columns.develops] = True
    for period, role, column, value in plan.programme.effective:
        mine = taking[column]
        np.add.at(lost, (period[mine], role[mine]), -value[mine] * values[column[mine]])
    offers = np.zeros((len(options.channel_limit), columns.stock.shape[0]))
    np.add.at(offers, (hires["row"].to_numpy(), hires["start"].to_numpy()), hires["heads"].to_numpy())
    closing = plan.stocks["closing"].to_numpy(dtype=float).reshape(columns.stock.shape)
    return Decisions(joining, tuple(transfers), lost, closing, offers)
