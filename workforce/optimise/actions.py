"""What may be done: every hire, programme start, move and release that the tables allow, when it takes effect, what it
costs."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from workforce.forecast.dynamics import Dynamics, applies_to, offers_made
from workforce.inputs.case import Case


@dataclass(frozen=True)
class Actions:
    """One row for each decision; roles are numbers in the order of `roles`, periods are numbers of planning periods.

    hires: row (of channels), channel, role, start, effect, cost (money per offer), arrive, quality.
    develops: row (of programmes), programme, source, target, start, effect, cost (money per seat), passing (share that
    moves on, of those still here), away, mentor. moves: row, source, target, start, effect, cost, arrive, ramp_months.
    releases: role, start, cost (money per head). Decisions that take effect after the last period are not offered.
    Limits, per period unless said: channel_limit [row of channels], seat_limit and eligible [row of programmes],
    move_limit [row of moves], release_limit [role] heads a year. hire_limit: heads a year for the whole company, NaN =
    none.
    """

    hires: pd.DataFrame
    develops: pd.DataFrame
    moves: pd.DataFrame
    releases: pd.DataFrame
    channel_limit: np.ndarray
    seat_limit: np.ndarray
    eligible: np.ndarray
    move_limit: np.ndarray
    release_limit: np.ndarray
    hire_limit: float


def list_actions(case: Case, dynamics: Dynamics) -> Actions:
    """Every decision the case allows. Lead times, delays and programme lengths in months become whole periods, rounded
    down: what is started in a period and takes less than a period is there at its close."""
    supply, tables = case.assumptions.supply, case.tables
    number = {role: index for index, role in enumerate(dynamics.roles)}
    months, n_periods = dynamics.months, len(dynamics.periods)
    channels, programmes, moves, roles = tables.channels, tables.programmes, tables.moves, tables.roles

    hires = []
    for position, row in enumerate(channels.itertuples()):
        if supply.channels is None or row.channel in supply.channels:
            effect = int(row.lead_months) // months
            for role in np.flatnonzero(applies_to(row, roles)):
                hires += [
                    (position, row.channel, role, start, start + effect, row.cost, row.arrive, row.quality)
                    for start in range(n_periods - effect)
                ]
    develops = []
    for position, row in enumerate(programmes.itertuples() if supply.programmes else ()):
        effect = int(row.months) // months
        source, target = number[row.from_role], number[row.to_role]
        develops += [
            (
                position,
                row.programme,
                source,
                target,
                start,
                start + effect,
                row.cost,
                row.pass_rate,
                row.away,
                row.mentor,
            )
            for start in range(n_periods - effect)
        ]
    arcs = []
    for position, row in enumerate(moves.itertuples() if supply.moves else ()):
        effect = int(row.delay) // months
        source, target = number[row.from_role], number[row.to_role]
        arcs += [
            (position, source, target, start, start + effect, row.cost, row.arrive, row.ramp_months)
            for start in range(n_periods - effect)
        ]
    limit = roles["release_max"].to_numpy(dtype=float)
    allowed = np.flatnonzero(limit > 0) if supply.releases else np.array([], dtype=int)
    severance = roles["severance"].to_numpy(dtype=float)
    releases = [(role, start, severance[role]) for role in allowed for start in range(n_periods)]
    whole = supply.external_hires_max
    hire_columns = ["row", "channel", "role", "start", "effect", "cost", "arrive", "quality"]
    develop_columns = ["row", "programme", "source", "target", "start", "effect", "cost", "passing", "away", "mentor"]
    move_columns = ["row", "source", "target", "start", "effect", "cost", "arrive", "ramp_months"]
    return Actions(
        _frame(hires, hire_columns),
        _frame(develops, develop_columns),
        _frame(arcs, move_columns),
        _frame(releases, ["role", "start", "cost"]),
        channels["capacity"].to_numpy(dtype=float) * months,
        programmes["seats"].to_numpy(dtype=float) * months,
        programmes["eligible"].to_numpy(dtype=float),
        moves["max_per_month"].to_numpy(dtype=float) * months,
        limit,
        np.nan if whole is None else float(whole),
    )


def _frame(rows: list[tuple], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns)
    whole = [name for name in ("row", "role", "source", "target", "start", "effect") if name in columns]
    return frame.astype(dict.fromkeys(whole, np.int64))


def loaded_cost(case: Case) -> tuple[np.ndarray, list[str]]:
    """[role] fully loaded cost of one FTE-year: salary x (1 + on_cost); where on_cost is blank, the employer's
    contribution of the role's location on the monthly salary between the base's floor and ceiling (the latest rule in
    force at the start).
    Also the roles for which neither is given, whose on-cost is 0 and which the report names."""
    roles, rules = case.tables.roles, case.tables.pay_rules
    salary = roles["salary"].to_numpy(dtype=float)
    on_cost = roles["on_cost"].to_numpy(dtype=float)
    blank = np.isnan(on_cost)
    contribution = np.zeros(len(roles))
    known = ~blank
    in_force = rules[rules["from_date"] <= case.start].sort_values("from_date").groupby("location").tail(1)
    for rule in in_force.itertuples():
        here = roles["location"].eq(rule.location).to_numpy() & blank
        if not np.isnan(rule.contribution):
            floor, ceiling = np.nan_to_num(rule.base_floor), np.nan_to_num(rule.base_ceiling, nan=np.inf)
            contribution[here] = np.clip(salary[here] / 12.0, floor, ceiling) * 12.0 * rule.contribution
            known |= here
    cost = np.where(blank, salary + contribution, salary * (1.0 + np.nan_to_num(on_cost)))
    return cost, list(roles.loc[~known, "role"])


def retention_cost(case: Case, roles: int) -> np.ndarray:
    """[role] money per head-year of the retention offers the scenario makes: cost x reach, summed over the offers that
    reach the role."""
    cost = np.zeros(roles)
    for offer, reached in offers_made(case):
        cost[reached] += offer.cost * offer.reach
    return cost


def shortage_price(case: Case, loaded: np.ndarray) -> np.ndarray:
    """[role] money per FTE-year short: as stated in roles, else the loaded yearly cost times the multiple of the
    role's priority."""
    roles, multiple = case.tables.roles, case.assumptions.plan.shortage_multiple
    stated = roles["shortage_price"].to_numpy(dtype=float)
    return np.where(np.isnan(stated), loaded * roles["priority"].map(multiple).to_numpy(dtype=float), stated)
