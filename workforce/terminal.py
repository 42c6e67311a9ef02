"""How a command speaks on a terminal: its exit code, its progress, its tables."""

import functools
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    import pandas as pd


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def answer(command: Callable[..., int | None]) -> Callable[..., None]:
    """Turn what a command returns or raises into words on stderr and an exit code."""

    @functools.wraps(command)
    def run_command(*args: Any, **options: Any) -> None:
        from workforce.errors import InputError, RunError

        try:
            code = command(*args, **options) or 0
            sys.stdout.flush()
        except (InputError, RunError) as error:
            complain(str(error))
            code = error.exit_code
        except BrokenPipeError:  # the reader (head, less) has seen enough; there is nobody left to tell
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 141
        except OSError as error:
            complain(f"{error.filename or 'a file'} cannot be used: {error.strerror or error}")
            code = 1
        except KeyboardInterrupt:
            complain("interrupted; what was finished stays.")
            code = 130
        raise typer.Exit(code)

    return run_command


def complain(text: str) -> None:
    print(f"workforce: {text}", file=sys.stderr)


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A function that shows what goes on: a moving bar on a terminal, plain lines in a log."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield functools.partial(print, file=sys.stderr, flush=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(bar_width=20), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def tell(text: str) -> None:  # "growth: done in 9.1 s (2 of 5)"
            done = re.search(r"\((\d+) of (\d+)\)$", text)
            counted: dict[str, Any] = {"completed": int(done[1]), "total": int(done[2])} if done else {}
            bar.update(task, description=text, **counted)

        yield tell


def lay_out(rows: Iterable[dict[str, Any]]) -> str:
    """A plain table of the columns that say something."""
    rows = list(rows)
    columns = [name for name in (rows[0] if rows else ()) if name != "error"]
    cells = [columns, *([str(row[name]) for name in columns] for row in rows)]
    widths = [max(len(line[number]) for line in cells) for number in range(len(columns))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells)
    return "\n".join(lines)


def table_as_json(table: "pd.DataFrame") -> str:
    return table.to_json(orient="records", date_format="iso", force_ascii=False, indent=2)
