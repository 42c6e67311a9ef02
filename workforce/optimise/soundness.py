"""What must be known before a plan is sought: prices of what may be done, time for it to work, room for who is coming."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np

from workforce.errors import Fault, InputError
from workforce.inputs.agreement import months_of
from workforce.inputs.case import Case
from workforce.inputs.targets import applies_to
from workforce.optimise.late import find_late
from workforce.optimise.prices import loaded_cost, shortage_price


def require_prices(case: Case, required: np.ndarray) -> None:
    """A blank is not a price of zero. Raises InputError with every fault: an action that may be taken and has no price, a
    role that is needed and may be short for nothing, a budget of zero that should pay people, a horizon in which nothing
    takes effect, a capacity below what is under way, futures under a goal that is not money. required: [period, role] FTE."""
    faults = [*_find_unpriced(case, required), *_find_empty_budgets(case), *_find_late(case), *_find_crowded(case)]
    faults += [*_find_unweighed(case), *_find_endless(case)]
    if faults:
        raise InputError(faults)


def _fault(case: Case, table: str) -> Callable[[Any, str, object, str, str], Fault]:
    """A maker of faults of one table's rows (numbered as in the frame)."""
    file, rows = case.tables.files.get(table, table), case.tables.rows.get(table)

    def make(row: Any, column: str, value: object, rule: str, mend: str) -> Fault:
        return Fault(file, None if rows is None else int(rows[row]), column, str(value), rule, mend)

    return make


def _find_unpriced(case: Case, required: np.ndarray) -> list[Fault]:
    roles, supply, plan = case.tables.roles, case.assumptions.supply, case.assumptions.plan
    fault, faults = _fault(case, "roles"), []
    short = (roles["short_time_max"] > 0) | (roles["short_time_heads"] > 0)
    for asked, allowed, what, columns, mend in (
        (
            (roles["release_max"] > 0) & supply.releases,
            "may be released",
            "severance",
            ("severance",),
            "fill severance (money per head; 0 if it is free), or clear release_max",
        ),
        (
            (roles["contract_max"] > 0) & supply.contractors,
            "may use contractors",
            "contract_cost",
            ("contract_cost",),
            "fill contract_cost (money per FTE-year), or clear contract_max",
        ),
        (
            (roles["overtime_max"] > 0) & supply.overtime,
            "may work overtime",
            "overtime_premium or overtime_cost",
            ("overtime_premium", "overtime_cost"),
            "fill overtime_premium (share of pay; 0 if there is none) or overtime_cost, or clear overtime_max",
        ),
        (
            short & supply.short_time,
            "may go on short time",
            "short_time_cost or short_time_price",
            ("short_time_cost", "short_time_price"),
            "fill short_time_cost (share of the pay that goes on) or short_time_price, or clear the caps of short time",
        ),
    ):
        for row in np.flatnonzero(asked & roles[list(columns)].isna().all(axis=1)):
            faults.append(
                fault(row, columns[0], roles["role"].iloc[row], f"a role that {allowed} states its {what}", mend)
            )
    price = shortage_price(case, loaded_cost(case)[0])
    free = (price <= 0) & (required.max(axis=0) > 0) & (plan.shortage == "priced")
    for row in np.flatnonzero(free):
        rule = "a role that is needed has a price of being short above 0"
        mend = "fill shortage_price (money per FTE-year), or a salary above 0"
        faults.append(fault(row, "shortage_price", roles["role"].iloc[row], rule, mend))
    return faults


def _find_empty_budgets(case: Case) -> list[Fault]:
    """A budget of zero for everything, or for people, where there are people to pay."""
    loaded, plan, tables = loaded_cost(case)[0], case.assumptions.plan, case.tables
    staffed = {*tables.people["role"], *tables.stock.loc[tables.stock["headcount"] > 0, "role"]}
    if not (loaded[tables.roles["role"].isin(staffed).to_numpy()] > 0).any():
        return []
    rule = "a budget of 0 cannot pay the people who are there"
    if plan.budget == 0 or (plan.budget_multiplier == 0 and (plan.budget is not None or len(tables.budget))):
        knob = "plan.budget" if plan.budget == 0 else "plan.budget_multiplier"
        mend = "give the money, or null for no budget over the horizon" if plan.budget == 0 else "give it above 0"
        return [Fault(case.name, None, knob, "0", rule, mend)]
    zero = (tables.budget["amount"] == 0) & tables.budget["category"].isin(["total", "people"])
    if plan.budget is not None:
        zero &= tables.budget["category"] != "total"
    fault, mend = _fault(case, "budget"), "fill the amount, or take the row out where there is no limit"
    months = _planned(case)
    return [
        fault(row, "amount", "0", rule, mend)
        for row in np.flatnonzero(zero)
        if set(months_of(tables.budget["period"].iloc[row])) & set(months)
    ]


def _find_unweighed(case: Case) -> list[Fault]:
    """Weights of which none is above 0; and futures are weighed in money, so another goal than least cost cannot be sought
    in them."""
    plan = case.assumptions.plan
    if plan.objective == "weighted" and not any(plan.weights.values()):
        rule, mend = "nothing is sought where every weight is 0", "give cost, shortage or releases a weight above 0"
        return [Fault(case.name, None, "plan.weights", json.dumps(dict(plan.weights)), rule, mend)]
    if not plan.futures or plan.objective == "least_cost":
        return []
    rule = "futures are weighed in money, which needs the objective least_cost"
    mend = "set plan.objective to least_cost, or plan.futures to 0"
    return [Fault(case.name, None, "plan.futures", str(plan.futures), rule, mend)]


def _find_endless(case: Case) -> list[Fault]:
    """Something must be begun before the periods that only have to be provided for."""
    ends, horizon = case.assumptions.plan.end_periods, case.assumptions.time.horizon
    if ends < horizon:
        return []
    rule, mend = f"leaves no period of the plan ({horizon}) to act in", "lower it, or raise time.horizon"
    return [Fault(case.name, None, "plan.end_periods", str(ends), rule, mend)]


def _planned(case: Case) -> range:
    first = case.periods[0].start_time.year * 12 + case.periods[0].start_time.month - 1
    return range(first, first + len(case.periods) * case.months_per_period)


def _find_late(case: Case) -> list[Fault]:
    """Nothing that may be done takes effect within the horizon."""
    late = find_late(case)
    if late is None or late.others:
        return []
    rule = (
        f"the plan covers {late.months} months, and no channel, programme or move takes effect within "
        f"them: the fastest takes {late.fastest:g} months"
    )
    mend = "lengthen time.horizon, mend lead_months, months or delay, or take the tables out"
    return [Fault(case.name, None, "time.horizon", str(len(case.periods)), rule, mend)]


def _find_crowded(case: Case) -> list[Fault]:
    """People under way by a way that is not there, into a role it does not serve, outside the plan, or more than it holds."""
    table, tables, fault = case.tables.under_way, case.tables, _fault(case, "under_way")
    faults, months, planned = [], case.months_per_period, _planned(case)
    roles = list(tables.roles["role"])
    staff = tables.people["role"].value_counts().add(tables.stock.groupby("role")["headcount"].sum(), fill_value=0.0)
    for place, row in enumerate(table.itertuples()):
        if months_of(row.period).start not in planned:
            rule, mend = (
                "is not a period of the plan",
                "mend the period, or take the row out: who has come is in people",
            )
            faults.append(fault(place, "period", row.period, rule, mend))
        channels = tables.channels[tables.channels["channel"] == row.via]
        courses = tables.programmes[tables.programmes["programme"] == row.via]
        served = [way for way in channels.itertuples() if applies_to(way, tables.roles)[roles.index(row.role)]]
        trained = courses[courses["to_role"] == row.role]
        if not len(channels) and not len(courses):
            rule = "is no channel of channels and no programme of programmes"
            faults.append(fault(place, "via", row.via, rule, "mend the name, or add the row to channels or programmes"))
        elif not served and not len(trained):
            rule, mend = (
                f"{row.via} does not lead into this role",
                "mend the role, or the row of the channel or programme",
            )
            faults.append(fault(place, "role", row.role, rule, mend))
        for way in served[:1]:
            most = way.capacity * (1 if way.per == "year" else months)
            if row.heads > most + 1e-9:
                rule = f"the capacity of {row.via} is {most:g} in such a period, below the {row.heads:g} under way"
                faults.append(
                    fault(place, "heads", f"{row.heads:g}", rule, "raise capacity in channels, or mend heads")
                )
        for way in trained.itertuples():
            inside = table[(table["via"] == row.via) & (table["role"] == row.role)]
            first = inside.index[0] == table.index[place]
            most, there = way.eligible * float(staff.get(way.from_role, 0.0)), float(inside["heads"].sum())
            if first and there > most + 1e-9:
                rule = f"{row.via} may hold {most:g} of {way.from_role} (eligible), below the {there:g} under way"
                faults.append(fault(place, "heads", f"{there:g}", rule, "raise eligible in programmes, or mend heads"))
    return faults
