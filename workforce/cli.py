"""The commands. This file parses and prints; what is done is decided in the modules it calls.

Results go to stdout, progress and faults to stderr. Exit code 0: done as said; 1: a run failed, what was finished
stays; 2: bad input, nothing written; 130: interrupted.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import workforce
from workforce.inputs.typed import choose_languages, find_runs, find_scenarios
from workforce.terminal import answer, complain, interrupt, lay_out, plural, progress, table_as_json

if TYPE_CHECKING:
    pass

app = typer.Typer(
    name="workforce",
    help="Strategic workforce planning: from a business plan to a staffed, costed and stress-tested plan.",
    epilog="Example: workforce run growth",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

DataFolder = Annotated[Path, typer.Option("--data", metavar="DIR", help="Folder of the tables.")]
SpareData = Annotated[Path, typer.Option("--data", metavar="DIR", hidden=True)]  # taken everywhere, read where needed
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Scenarios = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SCENARIO]...", help="Scenario files, or their names in scenarios/. None: all of them."),
]


def main() -> int:
    """Run the command of sys.argv; its exit code."""
    for stream in (sys.stdout, sys.stderr):  # a Windows console may not know every character
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        # The matrices of a fit are small: spread over cores, each of them takes many times as long.
        os.environ.setdefault(name, "1")
    signal.signal(signal.SIGTERM, interrupt)
    try:
        app(prog_name="workforce")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KeyboardInterrupt:
        return 130
    return 0


@app.callback(invoke_without_command=True)
def front(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(f"workforce {workforce.__version__}")
        raise typer.Exit(0)


@app.command(epilog="Example: workforce init my-plan --language zh")
@answer
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    language: Annotated[str, typer.Option(help="Language of titles, notes and reports: en or zh.")] = "en",
    data: SpareData = Path("data"),
) -> None:
    """Write a planning folder to edit.

    It holds data/ with the example company, scenarios/ and notebooks/.
    """
    from workforce.inputs.example import write_example

    written = write_example(folder, language)
    print("\n".join(str(path) for path in written))


@app.command(
    "import", epilog="Example: workforce import roster_2025.xlsx roster_2026.xlsx --map roster.yaml --out data/"
)
@answer
def import_(
    extracts: Annotated[list[Path], typer.Argument(metavar="EXTRACT...", help="CSV, Excel, Parquet or SQLite files.")],
    mapping: Annotated[Path, typer.Option("--map", metavar="MAP.yaml", help="Which header is which column.")],
    out: Annotated[Path, typer.Option("--out", "--data", metavar="DIR", help="Folder for the tables.")] = Path("data"),
    replace: Annotated[bool, typer.Option("--replace", help="Replace tables that are there already.")] = False,
    as_json: AsJson = False,
) -> None:
    """HRIS extracts to the tables of data/.

    Roster snapshots become people and history. Says what was read, mended, left out and why.
    """
    from workforce.inputs.imports import import_extracts

    report = import_extracts(extracts, mapping, out, replace=replace)
    print(table_as_json(report.table) if as_json else report.text())


@app.command(epilog="Example: workforce tables channels")
@answer
def tables(
    name: Annotated[str | None, typer.Argument(metavar="[TABLE]", help="None: what tables there are.")] = None,
    data: SpareData = Path("data"),
    as_json: AsJson = False,
) -> None:
    """What may stand in a table, column by column.

    Each with whether it is needed, its kind, what is allowed, its unit and its meaning. Knobs stand in scenarios/base.yaml.
    """
    from workforce.inputs.reference import describe_table, list_tables

    found = describe_table(name) if name else list_tables()
    print(table_as_json(found) if as_json else lay_out(found.to_dict("records")))


@app.command(epilog="Example: workforce check growth --data data")
@answer
def check(names: Scenarios = None, data: DataFolder = Path("data"), as_json: AsJson = False) -> int:
    """Check tables and scenarios, every fault at once.

    Each fault names file, row, column, value, the rule it breaks and how to mend it.
    """
    from workforce.errors import InputError

    paths = find_scenarios(names, data)

    from workforce.pipeline import check_scenarios

    faults, notes = check_scenarios(paths, data)
    if as_json:
        print(json.dumps([vars(fault) for fault in faults], ensure_ascii=False, indent=2))
    if faults:
        raise InputError(faults)
    if not as_json:
        print(f"{plural(len(paths), 'scenario')} and the tables of {data} are sound: no faults.")
        for note in notes:
            print(note)
    return 0


@app.command(epilog="Example: workforce run base growth --out runs --language en,zh --paths 500")
@answer
def run(
    names: Scenarios = None,
    data: DataFolder = Path("data"),
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the runs.")] = Path("runs"),
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Scenarios side by side. Default: cores, or one more.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Redo only what is not done or has changed.")] = False,
    language: Annotated[str | None, typer.Option("--language", help="Languages of the reports, as en,zh.")] = None,
    paths: Annotated[
        int | None, typer.Option("--paths", min=1, help="Simulated futures, for a scenario's own.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Seed, in place of the scenario's own.")] = None,
    as_json: AsJson = False,
) -> int:
    """The main job: plan each scenario and report it.

    Each goes through the whole chain and leaves a folder with reports and workbook; then they are compared.
    """
    scenarios = find_scenarios(names, data)
    languages = choose_languages(language)

    from workforce.pipeline import run_scenarios

    with progress() as tell:
        outcomes = run_scenarios(
            scenarios,
            data,
            out,
            workers=jobs,
            resume=resume,
            languages=languages,
            paths=paths,
            seed=seed,
            progress=tell,
        )
    rows = [
        {
            "scenario": outcome.name,
            "status": outcome.status,
            "seconds": round(outcome.seconds, 1),
            "folder": Path(outcome.folder).as_posix(),
            "error": outcome.error or "",
        }
        for outcome in outcomes
    ]
    print(json.dumps(rows, ensure_ascii=False, indent=2) if as_json else lay_out(rows))
    for row in rows:
        if row["error"]:
            complain(f"{row['scenario']}: {row['error']}")
    return int(any(row["status"] not in ("done", "skipped") for row in rows))


@app.command(epilog="Example: workforce compare base growth --base base")
@answer
def compare(
    runs: Annotated[
        list[str] | None, typer.Argument(metavar="[RUN]...", help="Run folders or names. None: all.")
    ] = None,
    base: Annotated[
        str | None, typer.Option("--base", metavar="NAME", help="The run others are compared with.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder of the runs. Default: runs.")] = None,
    data: SpareData = Path("data"),
    as_json: AsJson = False,
) -> None:
    """What differs between runs.

    Prints the figures side by side (--json: one long table), and writes a page, a workbook and a table beside the runs.
    """
    folders = find_runs(runs, out or Path("runs"), data)

    from workforce.report import comparison

    table = comparison.compare_runs(folders, base=base, out=out)
    print(table_as_json(table) if as_json else comparison.lay_out_comparison(out or folders[0].resolve().parent))


@app.command(epilog="Example: workforce frontier growth --budgets 80%,90%,100%,110%")
@answer
def frontier(
    name: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file, or its name in scenarios/.")],
    budgets: Annotated[
        str, typer.Option("--budgets", metavar="LIST", help="Shares of the budgets, or money over the horizon.")
    ] = "80%,90%,100%,110%,120%",
    data: DataFolder = Path("data"),
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the runs.")] = Path("runs"),
    language: Annotated[str | None, typer.Option("--language", help="Languages of the report, as en,zh.")] = None,
    as_json: AsJson = False,
) -> None:
    """What each budget buys.

    The plan solved again for each budget, with the mixes it rejects (hire only, develop only, do nothing) beside it.
    """
    scenario = find_scenarios([name], data)[0]
    languages = choose_languages(language)

    from workforce.pipeline import trace_scenario
    from workforce.report.frontier_page import show_frontier, write_findings

    with progress() as tell:
        case, table = trace_scenario(scenario, data, out, budgets, languages=languages, progress=tell)
    if as_json:
        print(table_as_json(table))
        return
    currency = case.assumptions.company.currency
    print(show_frontier(table, currency), *write_findings(table, currency), sep="\n")
    print(f"{(out / f'frontier-{case.name}').as_posix()}")


@app.command(epilog="Example: workforce backtest base --origin 2025-01")
@answer
def backtest(
    name: Annotated[str | None, typer.Argument(metavar="[SCENARIO]", help="None: base, else the first.")] = None,
    origin: Annotated[
        str | None, typer.Option("--origin", metavar="PERIOD", help="First month forecast. Default: every year.")
    ] = None,
    data: DataFolder = Path("data"),
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the runs.")] = Path("runs"),
    language: Annotated[str | None, typer.Option("--language", help="Languages of the report, as en,zh.")] = None,
    as_json: AsJson = False,
) -> None:
    """How these methods would have done on this company's own past.

    Each past year is forecast from what was known at its opening, and scored against two simple rules.
    """
    found = find_scenarios([name] if name else None, data)
    scenario = next((path for path in found if path.stem == "base"), found[0])
    languages = choose_languages(language)

    from workforce.pipeline import backtest_scenario
    from workforce.report.backtests import write_verdicts

    with progress() as tell:
        result = backtest_scenario(scenario, data, out, origin=origin, languages=languages, progress=tell)
    print(table_as_json(result.scores) if as_json else "\n".join(write_verdicts(result.scores)))


@app.command(epilog="Example: workforce sensitivity growth --language en")
@answer
def sensitivity(
    name: Annotated[str | None, typer.Argument(metavar="[SCENARIO]", help="None: base, else the first.")] = None,
    data: DataFolder = Path("data"),
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the runs.")] = Path("runs"),
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, help="Runs side by side. Default: cores.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="Languages of the report, as en,zh.")] = None,
    as_json: AsJson = False,
) -> None:
    """Which assumption moves the answer most.

    Each is turned to its low and its high, planned anew and put through the same futures; ranked, and drawn as a tornado.
    """
    found = find_scenarios([name] if name else None, data)
    scenario = next((path for path in found if path.stem == "base"), found[0])
    languages = choose_languages(language)

    from workforce.pipeline import sensitivity_scenario
    from workforce.report.sensitivities import tell_sensitivity, write_movers

    with progress() as tell:
        currency, result = sensitivity_scenario(scenario, data, out, workers=jobs, languages=languages, progress=tell)
    print(table_as_json(result.table) if as_json else "\n".join(write_movers(tell_sensitivity(result), currency)))


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    epilog="Example: workforce test -k bootstrap    (what follows goes to pytest; -m long asks for the long checks)",
)
@answer
def test(context: typer.Context) -> int:
    """Run the tests of this checkout."""
    checkout = Path(workforce.__file__).resolve().parents[1]
    if not (checkout / "tests").is_dir():
        complain("the tests lie in the project's checkout, not in an installed package; get a clone to run them.")
        return 2
    return subprocess.call([sys.executable, "-m", "pytest", *context.args], cwd=checkout)


@app.command(epilog="Example: workforce lab")
@answer
def lab(data: SpareData = Path("data")) -> int:
    """Open JupyterLab on the notebooks.

    It runs on this machine only and asks nothing of the network.
    """
    import tempfile

    with tempfile.TemporaryDirectory() as settings:
        quiet = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
        (Path(settings) / "overrides.json").write_text(json.dumps(quiet), encoding="utf-8")
        start = "notebooks" if Path("notebooks").is_dir() else ""
        command = [
            sys.executable,
            "-m",
            "jupyterlab",
            "--ServerApp.root_dir=.",
            f"--LabApp.default_url=/lab/tree/{start}",
        ]
        return subprocess.call([*command, f"--LabApp.app_settings_dir={settings}", "--ServerApp.ip=127.0.0.1"])
