"""Made-up companies of any size as ordinary tables, so that the benchmarks of the plan go in by the front door.

Units of ten roles in two job families of five grades each. Three channels a family, a programme and a move up each step of
the ladder but the last, a move between the families of a unit, releases, promotions, an establishment, demand that grows, dips
and peaks by season, and a budget for each year that is some of what is wanted.
"""

from pathlib import Path

import numpy as np
import pandas as pd

GRADES = 5
FAMILIES = 2


def write_company(folder: Path, n_roles: int, months: int, seed: int = 1, budget: float = 0.97) -> Path:
    """Write data/ and scenarios/base.yaml into the folder; the scenario's path comes back. budget: share of the money
    that would pay everybody who is needed."""
    chance = np.random.default_rng(seed)
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    (folder / "scenarios").mkdir(exist_ok=True)
    per_unit = GRADES * FAMILIES
    number = np.arange(n_roles)
    unit, family, grade = number // per_unit, (number // GRADES) % FAMILIES, number % GRADES
    role = np.array([f"u{u:03d}f{f}g{g}" for u, f, g in zip(unit, family, grade, strict=True)])
    heads = chance.integers(5, 40, n_roles) * (GRADES - grade)
    salary = (60_000 * 1.35**grade * chance.uniform(0.9, 1.1, n_roles)).round(-2)
    families = np.array([f"f{u:03d}{f}" for u, f in zip(unit, family, strict=True)])
    roles = pd.DataFrame(
        {
            "role": role,
            "unit": [f"unit{u:03d}" for u in unit],
            "family": families,
            "grade": [f"G{g}" for g in grade],
            "salary": salary,
            "on_cost": 0.3,
            "ramp_months": 1 + grade,
            "establishment": (heads * 1.1).round(),
            "priority": chance.choice(["high", "medium", "low"], n_roles),
            "severance": (salary / 12 * 3).round(),
            "release_max": np.ceil(heads * 0.1),
        }
    )
    growth = chance.uniform(-0.04, 0.09, n_roles)
    month = np.arange(months)
    peak = 0.04 * np.sin(2 * np.pi * (month[:, None] / 12 + chance.uniform(0, 1, n_roles)))
    need = heads * (1 + growth) ** (month[:, None] / 12) * (1 + peak)
    label = pd.period_range("2026-01", periods=months, freq="M").astype(str)
    required = pd.DataFrame(
        {"role": np.tile(role, months), "period": np.repeat(label, n_roles), "fte": need.ravel().round(2)}
    )
    rates = pd.concat(
        pd.DataFrame(
            {
                "role": role,
                "tenure_from": start,
                "cause": "all",
                "yearly_rate": (base * chance.uniform(0.7, 1.3, n_roles)).round(4),
            }
        )
        for start, base in ((0, 0.25), (6, 0.18), (24, 0.12), (60, 0.08))
    )
    step = np.flatnonzero((grade[:-1] < GRADES - 1) & (families[:-1] == families[1:]))
    across = np.flatnonzero((family == 0) & (number + GRADES < n_roles))
    arcs = np.concatenate([np.stack([step, step + 1], 1), np.stack([across, across + GRADES], 1)])
    tables = {
        "roles": roles,
        "stock": pd.DataFrame({"role": role, "headcount": heads}),
        "rates": rates,
        "required": required,
        "transitions": pd.DataFrame(
            {"from_role": role[step], "to_role": role[step + 1], "yearly_rate": chance.uniform(0.01, 0.06, len(step)).round(4)}
        ),
        "channels": pd.concat(
            pd.DataFrame(
                {"channel": name, "family": np.unique(families), "cost": cost, "lead_months": lead, "capacity": room,
                 "arrive": arrive, "quality": quality}
            )
            for name, cost, lead, room, arrive, quality in (
                ("agency", 30_000, 2, 3, 0.9, 1.0), ("board", 8_000, 3, 4, 0.8, 1.0), ("referral", 12_000, 1, 1, 0.95, 0.8))
        ),
        "programmes": pd.DataFrame(
            {"programme": [f"school_{role[s]}" for s in step], "from_role": role[step], "to_role": role[step + 1],
             "months": np.where(grade[step] % 2, 6, 3), "seats": 2, "cost": (salary[step] * 0.08).round(), "pass_rate": 0.85,
             "away": 0.2, "mentor": 0.05, "eligible": 0.3}
        ),
        "moves": pd.DataFrame(
            {"from_role": role[arcs[:, 0]], "to_role": role[arcs[:, 1]], "delay": 1, "cost": (salary[arcs[:, 0]] * 0.05).round(),
             "arrive": 0.95, "ramp_months": 3, "max_per_month": 2}
        ),
    }  # fmt: skip
    pay = (need * salary * 1.3 / 12).sum(axis=1)
    years = label.str[:4]
    tables["budget"] = pd.DataFrame(
        {
            "period": sorted(set(years)),
            "category": "total",
            "amount": [
                round(budget * pay[years == year].sum() * 12 / (years == year).sum()) for year in sorted(set(years))
            ],
        }
    )
    for name, table in tables.items():
        table.to_csv(data / f"{name}.csv", index=False)
    path = folder / "scenarios" / "base.yaml"
    path.write_text(
        f"title: Made up\nwhy: a company of {n_roles} roles over {months} months\n"
        f'time: {{period: month, start: "2026-01", horizon: {months}}}\n',
        encoding="utf-8",
    )
    return path
