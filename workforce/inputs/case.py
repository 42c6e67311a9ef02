"""One scenario with its tables: all that a run needs, checked and frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from workforce.errors import Fault, InputError
from workforce.inputs.agreement import check_agreement, write_notes
from workforce.inputs.assumptions import MONTHS_PER_PERIOD, PERIOD_CODES, Assumptions
from workforce.inputs.scenario import Scenario, Setting, build_assumptions, doubts_time, flatten, read_scenario
from workforce.inputs.tables import Tables, read_tables

__all__ = ["Case", "check_cases", "read_case", "read_cases"]

COMMAND = "command line"
OVERRIDES: Mapping[str, str] = {"seed": "simulation.seed", "paths": "simulation.paths"}


@dataclass(frozen=True)
class Case:
    """A scenario and its tables, without fault.

    notes: what is switched off or was assumed, as (key, values); agreement.write_notes lists the keys.
    """

    scenario: Scenario
    tables: Tables
    data: Path
    notes: tuple[tuple[str, dict[str, Any]], ...] = ()

    @property
    def name(self) -> str:
        """The scenario's name: the stem of its file."""
        return self.scenario.name

    @property
    def assumptions(self) -> Assumptions:
        return self.scenario.assumptions

    @property
    def periods(self) -> pd.PeriodIndex:
        """The periods of the plan, freq M, Q-DEC or Y-DEC, named "period"."""
        time = self.assumptions.time
        return pd.period_range(time.first, periods=time.horizon, freq=PERIOD_CODES[time.period], name="period")

    @property
    def months_per_period(self) -> int:
        return MONTHS_PER_PERIOD[self.assumptions.time.period]

    @property
    def start(self) -> pd.Timestamp:
        """The first day of the plan."""
        return self.assumptions.time.first.start_time

    @property
    def roles(self) -> pd.DataFrame:
        return self.tables.roles

    @property
    def history(self) -> pd.DataFrame:
        return self.tables.history

    @property
    def changes(self) -> pd.DataFrame:
        """What differs from the root ancestor (base): knob, base, value, file; in the order of the knobs. A key that
        only one of the two has is None in the other."""
        base, own = flatten(self.scenario.root), flatten(self.assumptions)
        knobs = [knob for knob in dict.fromkeys([*own, *base]) if base.get(knob) != own.get(knob)]
        # An empty mapping stands for itself only while it is empty.
        knobs = [knob for knob in knobs if not isinstance(base.get(knob, own.get(knob)), dict)]
        sources = self.scenario.sources
        return pd.DataFrame(
            [
                {"knob": knob, "base": base.get(knob), "value": own.get(knob), "file": sources.get(knob, "")}
                for knob in knobs
            ],
            columns=["knob", "base", "value", "file"],
            dtype=object,
        )


def read_case(path: str | Path, data: str | Path = "data", **overrides: int | None) -> Case:
    """Read one scenario with its tables.

    Parameters
    ----------
    path : the scenario's YAML file. data : the folder of the tables.
    overrides : `seed` and `paths` replace the scenario's own (None leaves them).

    Raises
    ------
    InputError : with every fault of the scenario, of what it extends, of the tables, and between them.
    TypeError : for an override that does not exist.

    Examples
    --------
    case = read_case("scenarios/growth.yaml", seed=7)
    """
    cases, faults = read_cases([path], data, **overrides)
    if faults:
        raise InputError(faults)
    return cases[0]


def read_cases(
    scenarios: Iterable[str | Path], data: str | Path = "data", **overrides: int | None
) -> tuple[list[Case], list[Fault]]:
    """Read scenarios with their tables, each file once: the cases, and every fault of `check_cases`, each once. Where
    there is one, no cases. Raises TypeError for an override that does not exist.

    >>> read_cases(["no such scenario.yaml"], "no such folder")[0]
    []
    """
    unknown = set(overrides) - set(OVERRIDES)
    if unknown:
        raise TypeError(f"read_case takes {', '.join(OVERRIDES)}, not {', '.join(sorted(unknown))}")
    stated = {OVERRIDES[name]: Setting(value, COMMAND, None) for name, value in overrides.items() if value is not None}
    sheets: dict[Path, Any] = {}
    readings: dict[tuple[str, str], Any] = {}
    cases: list[Case] = []
    faults: list[Fault] = []
    for path in scenarios:
        scenario, tables, found = _read(Path(path), Path(data), sheets, readings)
        if scenario is not None and stated:
            assumptions, more = build_assumptions({**scenario.settings, **stated})
            found = [*found, *more]
            if assumptions is not None:
                scenario = _override(scenario, assumptions, stated)
        faults += found
        if scenario is not None and not faults:
            cases.append(Case(scenario, tables, Path(data), write_notes(tables, scenario.assumptions)))
    return ([] if faults else cases), list(dict.fromkeys(faults))


def _override(scenario: Scenario, assumptions: Assumptions, stated: Mapping[str, Setting]) -> Scenario:
    assumptions = assumptions.model_copy(update={"title": scenario.title, "why": scenario.why})
    return Scenario(
        scenario.name,
        scenario.title,
        scenario.why,
        assumptions,
        {**scenario.sources, **dict.fromkeys(stated, COMMAND)},
        scenario.files,
        scenario.root,
        {**scenario.settings, **stated},
    )


def check_cases(paths: Iterable[str | Path], data: str | Path = "data") -> list[Fault]:
    """Every fault of these scenarios and of the tables, each once. No scenario: the tables alone. Raises nothing.

    >>> check_cases([], "no such folder")[0].rule
    'is not a folder'
    """
    files = list(paths)
    return read_cases(files, data)[1] if files else list(dict.fromkeys(read_tables(data, {})[1]))


def _read(
    path: Path, data: Path, sheets: dict[Path, Any], readings: dict[tuple[str, str], Any]
) -> tuple[Scenario | None, Tables, list[Fault]]:
    scenario, faults = read_scenario(path, sheets)
    tables, found = read_tables(data, scenario.assumptions.tables if scenario else {}, readings)
    # What could not be read has nothing to agree with: its knobs would be the defaults, and not what anybody meant.
    if scenario and not any(fault.column in ("", "extends") for fault in faults):
        faults += check_agreement(scenario, tables, data, timed=not doubts_time(scenario, faults))
    return scenario, tables, [*faults, *found]
