"""A run's folder: begun, written whole, marked when it fails, and read again.

``runs/<scenario>/`` holds manifest.json, scenario.yaml, results/*.parquet, summary.json, the reports and plan.xlsx. All is
written into a folder beside it and put in its place at the end. While a run is under way, and after it failed, the manifest
says so and no result of an earlier run stays, so that nothing old is read as new.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from workforce.errors import RunError
from workforce.report.folders import FolderInUse, hold_folder, make_sibling, put_in_place
from workforce.report.records import (
    describe_case,
    hash_file,
    list_inputs,
    read_tables,
    read_versions,
    write_json,
    write_plain,
    write_tables,
)

MANIFEST = "manifest.json"
SCENARIO_NOTEBOOK = "1_scenario_report.ipynb"
STOPPED = "stopped by the user"
_WRITTEN = (MANIFEST, "scenario.yaml", "results", "summary.json", "plan.xlsx")


@dataclass(frozen=True)
class Run:
    """A run as read from its folder.

    manifest: status and how it came about. summary: the figures that compare scenarios. tables: results by name, with
    periods of the plan as pandas.Period. Beside the results there are `knobs`, `changes` and `notes` (values as JSON text).
    """

    folder: Path
    manifest: Mapping[str, Any]
    summary: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    @property
    def name(self) -> str:
        """The scenario's name."""
        return str(self.manifest["scenario"])

    @property
    def status(self) -> str:
        """running, done or failed."""
        return str(self.manifest["status"])

    @property
    def knobs(self) -> dict[str, Any]:
        """The scenario's assumptions, by dotted name."""
        table = self.tables.get("knobs")
        return {} if table is None else {row.knob: json.loads(row.value) for row in table.itertuples()}


def read_run(folder: str | Path) -> Run:
    """Read a run's folder.

    A run that is under way or failed is read as far as it is there; look at ``status``.

    Raises:
        RunError: the folder holds no run.

    Example:
        run = read_run("runs/base")
        run.tables["gap"].groupby("unit")["shortage"].sum()
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    if manifest is None:
        raise RunError("read", f"{folder.as_posix()} holds no run (no readable {MANIFEST})")
    file = folder / "summary.json"
    summary = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    tables = read_tables(folder / "results", summary.get("period", "month")) if (folder / "results").is_dir() else {}
    return Run(folder, manifest, summary, tables)


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a run's folder, None where there is none that can be read."""
    try:
        manifest = json.loads((Path(folder) / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and "status" in manifest else None


def read_fingerprint(case: Any, languages: Sequence[str] | None = None, notebook: Path | None = None) -> dict[str, Any]:
    """All that a result follows from: scenario, resolved assumptions, seed, paths, languages, versions, hashes of inputs."""
    assumptions = case.assumptions
    languages = choose_languages(case, languages)
    notebooks = (notebook or find_notebook(),) if languages else ()
    return {
        "scenario": case.name,
        "seed": assumptions.simulation.seed,
        "paths": assumptions.simulation.paths,
        "languages": list(languages),
        "versions": read_versions(),
        "inputs": list_inputs(case, notebooks),
        "assumptions": write_plain(assumptions.model_dump(mode="json")),
    }


def is_current(folder: str | Path, fingerprint: Mapping[str, Any]) -> bool:
    """Whether a folder holds a finished run of exactly this, with its files there."""
    manifest = read_manifest(Path(folder))
    if manifest is None or manifest["status"] != "done":
        return False
    same = all(manifest.get(key) == write_plain(value) for key, value in fingerprint.items())
    return same and all((Path(folder) / name).exists() for name in manifest.get("files", [MANIFEST]))


def choose_languages(case: Any, languages: Sequence[str] | None) -> tuple[str, ...]:
    """The languages asked for, else those of the scenario."""
    return tuple(case.assumptions.report.languages if languages is None else languages)


def find_notebook(name: str = SCENARIO_NOTEBOOK) -> Path:
    """A notebook of this planning folder, else the one that comes with the package.

    Raises:
        RunError: it is in neither place.
    """
    package = Path(__file__).parents[1]
    places = [Path("notebooks"), package.parent / "notebooks", package / "example" / "notebooks"]
    for place in places:
        if (place / name).is_file():
            return (place / name).resolve()
    raise RunError("report", f"the notebook {name} is in none of: {', '.join(place.as_posix() for place in places)}")


def start_run(
    case: Any, folder: str | Path, languages: Sequence[str] | None = None, notebook: Path | None = None
) -> None:
    """Mark a run as under way: its folder then holds only the manifest and the resolved scenario.

    What an earlier run left there is removed first, so a file that is open in another program is found before the work.

    Raises:
        FolderInUse: another run is writing there.
    """
    folder = Path(folder)
    manifest = {**read_fingerprint(case, languages, notebook), "status": "running", "start": _now()}
    with hold_folder(folder):
        fresh = make_sibling(folder, "new")
        _write_text(fresh / MANIFEST, write_json(manifest, indent=1))
        _write_scenario(case, fresh / "scenario.yaml")
        put_in_place(fresh, folder)


def fail_run(
    folder: str | Path, stage: str, error: str, cell: str | None = None, said: Mapping[str, str] | None = None
) -> None:
    """Mark a run as failed: stage, error and, where it was a notebook, the cell. said: the error by language, where it is
    known in more than one."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    manifest = read_manifest(folder) or {"scenario": folder.name}
    manifest |= {"status": "failed", "stage": stage, "error": error, "cell": cell, "end": _now()}
    manifest |= {f"error_{language}": text for language, text in (said or {}).items() if language != "en"}
    _write_text(folder / MANIFEST, write_json(manifest, indent=1))


def clear_run(folder: str | Path, stage: str, error: str) -> None:
    """Tidy up after a process that was stopped: no partial folder stays, and a run that says running is marked as failed.

    The folder of another run that is under way is left alone.
    """
    if not Path(folder).parent.is_dir():
        return
    with contextlib.suppress(FolderInUse), hold_folder(folder, patience=0):
        if (read_manifest(Path(folder)) or {}).get("status") == "running":
            fail_run(folder, stage, error)


def write_run(
    results: Any,
    folder: str | Path,
    languages: Sequence[str] | None = None,
    notebook: Path | None = None,
    tell: Callable[[str], None] | None = None,
) -> Run:
    """Write the results of a run: tables, summary, workbook and a report in each language.

    Args:
        results: ``case``, ``tables``, ``summary`` and ``seconds``, as ``pipeline.run`` gives them.
        folder: the run's folder; replaced as a whole at the end.
        languages: of the reports; None = the scenario's own; () = no report.
        notebook: the report's notebook; None = the one of this planning folder.
        tell: is told of each step in a few words.

    Raises:
        RunError: something could not be written or the notebook failed. The folder then holds what was finished, with a
            manifest that says failed, the stage, the error and the notebook's cell, and the notebook as ``*.failed.ipynb``.
    """
    with hold_folder(folder):
        return _write_run(results, Path(folder), choose_languages(results.case, languages), notebook, tell)


def _write_run(
    results: Any,
    folder: Path,
    languages: tuple[str, ...],
    notebook: Path | None,
    tell: Callable[[str], None] | None,
) -> Run:
    case = results.case
    manifest = {
        **read_fingerprint(case, languages, notebook),
        "status": "running",
        "start": (read_manifest(folder) or {}).get("start") or _now(),
        "seconds": dict(results.seconds),
    }
    partial = make_sibling(folder, "partial")
    seconds = manifest["seconds"]

    def step(stage: str, work: Callable[..., None], *arguments: Any) -> None:
        if tell:
            tell(stage)
        began = time.perf_counter()
        try:
            work(*arguments)
        except RunError:
            raise
        except Exception as error:
            raise RunError(stage, f"{type(error).__name__}: {error}") from error
        finally:
            seconds[stage] = round(time.perf_counter() - began, 3)

    try:
        step("write", _write_results, results, partial, manifest)
        step("workbook", _write_workbook, partial)
        if languages:
            from workforce.report.notebooks import share_kernel

            # The same notebook on the same run: its kernel is started and warmed up once for all languages.
            with share_kernel() as kernel:
                for language in languages:
                    step(f"report {language}", _write_report, case, partial, languages, language, notebook, kernel)
        _check_whole(partial, [*_WRITTEN, *_list_reports(languages)])
        files = sorted(path.name for path in partial.iterdir())
        manifest |= {"status": "done", "end": _now(), "files": files}
        _write_text(partial / MANIFEST, write_json(manifest, indent=1))
        put_in_place(partial, folder)
        _check_whole(folder, files)
    except BaseException as error:
        stage, message = _describe_failure(error, "write")
        cell = getattr(error, "cell", None)
        manifest |= {"status": "failed", "stage": stage, "error": message, "cell": cell, "end": _now()}
        with contextlib.suppress(OSError, RunError):  # the failure itself is told, not that it could not be noted
            if partial.is_dir():
                _write_text(partial / MANIFEST, write_json(manifest, indent=1))
                put_in_place(partial, folder)
            else:
                fail_run(folder, stage, message, cell)
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return read_run(folder)


def record_run(
    case: Any,
    folder: str | Path,
    compute: Callable[[Any], Any],
    languages: Sequence[str] | None = None,
    notebook: Path | None = None,
    tell: Callable[[str], None] | None = None,
) -> Run:
    """Compute one scenario and write its folder, marked as running meanwhile and as failed when it fails.

    Args:
        compute: from the case to its results (the pipeline).

    Raises:
        RunError, or whatever `compute` raises; the folder's manifest says failed.
    """
    with hold_folder(folder):
        start_run(case, folder, languages, notebook)
        try:
            results = compute(case)
        except BaseException as error:
            fail_run(folder, *_describe_failure(error, "compute"), said=getattr(error, "said", None))
            raise
        return write_run(results, folder, languages, notebook, tell)


def _describe_failure(error: BaseException, stage: str) -> tuple[str, str]:
    if isinstance(error, KeyboardInterrupt):
        return "interrupted", STOPPED
    return getattr(error, "stage", stage), getattr(error, "message", None) or f"{type(error).__name__}: {error}"


def _check_whole(folder: Path, names: Sequence[str]) -> None:
    missing = [name for name in names if not (folder / name).exists()]
    if missing:
        raise RunError("write", f"{', '.join(missing)} of the run disappeared while it was written; run again")


def _list_reports(languages: Sequence[str]) -> list[str]:
    others = [f"report.{language}.html" for language in languages if language != "en"]
    return ["report.html", "report.ipynb", *others] if languages else []


def _write_results(results: Any, partial: Path, manifest: Mapping[str, Any]) -> None:
    case = results.case
    _write_text(partial / MANIFEST, write_json(manifest, indent=1))
    _write_scenario(case, partial / "scenario.yaml")
    write_tables({**results.tables, **describe_case(case)}, partial / "results")
    _write_text(partial / "summary.json", write_json(results.summary, indent=1))


def _write_workbook(partial: Path) -> None:
    from workforce.report.workbook import write_workbook

    write_workbook(read_run(partial), partial / "plan.xlsx")


def _write_report(
    case: Any, partial: Path, languages: Sequence[str], language: str, notebook: Path | None, kernel: Any
) -> None:
    from workforce.report.notebooks import execute, export_html

    first = language == ("en" if "en" in languages else languages[0])
    names = ["report"] if first and language == "en" else [f"report.{language}"]
    executed = partial / f"{names[0]}.ipynb"
    execute(notebook or find_notebook(), executed, {"folder": ".", "language": language}, partial, kernel=kernel)
    export_html(executed, partial / f"{names[0]}.html", case.assumptions.title or case.name, language)
    if first and names[0] != "report":
        shutil.copyfile(partial / f"{names[0]}.html", partial / "report.html")
        executed.replace(partial / "report.ipynb")
    elif not first:
        executed.unlink()


def _write_scenario(case: Any, file: Path) -> None:
    from io import StringIO

    from ruamel.yaml import YAML

    sources = {str(knob): str(source) for knob, source in case.scenario.sources.items()}
    resolved = {**write_plain(case.assumptions.model_dump(mode="json")), "sources": sources}
    stream = StringIO()
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 120
    yaml.dump(resolved, stream)
    _write_text(file, stream.getvalue())


def _write_text(file: Path, text: str) -> None:
    temporary = file.with_name(f".{file.name}.tmp")
    temporary.write_text(text + ("" if text.endswith("\n") else "\n"), encoding="utf-8", newline="\n")
    temporary.replace(file)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


__all__ = [
    "Run",
    "fail_run",
    "find_notebook",
    "hash_file",
    "is_current",
    "read_fingerprint",
    "read_manifest",
    "read_run",
    "record_run",
    "start_run",
    "write_run",
]
