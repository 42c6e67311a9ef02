"""What people and a shortage of them cost: pay, offers to stay, the price of being short."""

import numpy as np

from workforce.forecast.leaving import offers_made
from workforce.inputs.case import Case
from workforce.inputs.pricing import price_grid


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


def paid_years(case: Case, category: str | None = None) -> np.ndarray:
    """[period, role] years for which people are paid in each period; 0 in the last plan.end_periods. With a category, times
    what its prices are in the period (table price_index)."""
    years = np.full((len(case.periods), len(case.tables.roles)), case.months_per_period / 12.0)
    years[len(years) - case.assumptions.plan.end_periods :] = 0.0
    return years if category is None else years * price_grid(case, category)


def discount(case: Case) -> np.ndarray:
    """[period] what a unit of money of each period counts in what the plan minimises: the present value at the start of
    the plan, the money of a period counted at its beginning (plan.discount_rate)."""
    years = np.arange(len(case.periods)) * case.months_per_period / 12.0
    return (1.0 + case.assumptions.plan.discount_rate) ** -years


def retention_cost(case: Case) -> np.ndarray:
    """[period, role] money per head of the retention offers the scenario makes: cost x reach, summed over the offers that
    reach the role."""
    years = paid_years(case)
    cost = np.zeros(years.shape)
    for offer, reached in offers_made(case):
        paid = years * price_grid(case, "retention", offer.offer)
        cost[:, reached] += offer.cost * offer.reach * paid[:, reached]
    return cost


def shortage_price(case: Case, loaded: np.ndarray) -> np.ndarray:
    """[role] money per FTE-year short: as stated in roles, else the loaded yearly cost times the multiple of the
    role's priority."""
    roles, multiple = case.tables.roles, case.assumptions.plan.shortage_multiple
    stated = roles["shortage_price"].to_numpy(dtype=float)
    return np.where(np.isnan(stated), loaded * roles["priority"].map(multiple).to_numpy(dtype=float), stated)
