"""The few errors a user meets, each naming file, row, column, value, rule and mend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong in what the user gave, and how to mend it.

    `row` is the line as a spreadsheet or an editor shows it (a table's header is row 1); None where a line has no
    meaning. `column` is a table's column or a scenario's knob, and `value` the text found there; "" where none.

    >>> print(Fault("data/budget.csv", 3, "amount", "a lot", "must be a number", "write digits, as 1200000"))
    data/budget.csv, row 3, amount: 'a lot' must be a number. Mend: write digits, as 1200000
    """

    file: str
    row: int | None
    column: str
    value: str
    rule: str
    mend: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", {self.column}"
        shown = f"'{self.value}' " if self.value else ""
        return f"{place}: {shown}{self.rule}. Mend: {self.mend}"


class InputError(Exception):
    """Bad input: every fault that was found, raised once. The command ends with exit code 2.

    >>> error = InputError([Fault("data/roles.csv", None, "", "", "is missing", "add the file")])
    >>> print(error)
    1 fault in the input:
      1. data/roles.csv: is missing. Mend: add the file
    """

    exit_code = 2

    def __init__(self, faults: Iterable[Fault]):
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        count = len(self.faults)
        lines = [f"{count} fault{'' if count == 1 else 's'} in the input:"]
        lines += [f"{number:3d}. {fault}" for number, fault in enumerate(self.faults, start=1)]
        return "\n".join(lines)


class RunError(Exception):
    """A run that failed at a stage although its input was right. The command ends with exit code 1.

    >>> str(RunError("optimise", "the solver stopped at its time limit"))
    'optimise: the solver stopped at its time limit'
    """

    exit_code = 1

    def __init__(self, stage: str, message: str, said: Mapping[str, str] | None = None):
        """said: the message by language, where it is known in more than one."""
        self.stage = stage
        self.message = message
        self.said = dict(said or {})
        super().__init__(stage, message, self.said)

    def told_in(self, language: str) -> RunError:
        """The same error with its message in a language, where it is known in that.

        >>> RunError("optimise", "no plan", {"zh": "没有方案"}).told_in("zh").message
        '没有方案'
        """
        return RunError(self.stage, self.said.get(language, self.message), self.said)

    def __str__(self) -> str:
        return f"{self.stage}: {self.message}"
