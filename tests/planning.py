"""Small planning folders for tests, written as the tables a user would write."""

from pathlib import Path

from workforce.inputs.case import Case, read_case


def write_case(folder: Path, tables: dict[str, str], knobs: str = "") -> Path:
    """Write each table's text as data/<table>.csv and the knobs as scenarios/test.yaml; the scenario's path comes back."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "scenarios").mkdir(exist_ok=True)
    for name, text in tables.items():
        lines = [line.strip() for line in text.strip().splitlines()]
        (folder / "data" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    path = folder / "scenarios" / "test.yaml"
    path.write_text("title: Test\nwhy: a case solved by hand\n" + knobs, encoding="utf-8")
    return path


def make_case(folder: Path, tables: dict[str, str], knobs: str = "") -> Case:
    return read_case(write_case(folder, tables, knobs), folder / "data")
