"""What was meant by what was typed: scenarios, runs and languages by name, path or folder."""

import os
from pathlib import Path

from workforce.errors import Fault, InputError


def find_scenarios(names: list[str] | None, data: Path) -> list[Path]:
    """Scenario files of what was typed: a path, a folder, or a name in scenarios/ (here, else beside the data folder)."""
    folder = find_scenario_folder(data)
    if names:
        paths = [path for name in names for path in list_scenarios(name, folder or Path("scenarios"))]
        return list(dict.fromkeys(paths))
    found = sorted(folder.glob("*.yaml")) if folder else []
    if not found:
        mend = "go to a planning folder, or make one with: workforce init my-plan"
        raise InputError([Fault("scenarios", None, "", "", "there is no folder with scenarios (*.yaml) here", mend)])
    return found


def list_scenarios(name: str, folder: Path) -> list[Path]:
    """The file of one name; of a folder every scenario in it. A scenario goes before a folder of the same name, unless
    a slash says that the folder is meant."""
    path = find_scenario(name, folder)
    places = [place for place in (Path(name), folder / name) if place.is_dir()]
    if not name.endswith(("/", os.sep)) and (path.is_file() or not places):
        return [path]
    found = sorted(places[0].glob("*.yaml")) if places else []
    if not found:
        rule = "is a folder without scenarios (*.yaml)" if places else "is not a folder"
        mend = "name a folder that holds scenarios, or a scenario, as growth or scenarios/growth.yaml"
        raise InputError([Fault(name, None, "", "", rule, mend)])
    return found


def find_scenario_folder(data: Path) -> Path | None:
    """scenarios/ here; where another data folder is named, the one beside it comes first."""
    places = (Path("scenarios"), data.parent / "scenarios")
    if data != Path("data"):
        places = places[::-1]
    return next((place for place in places if place.is_dir()), None)


def find_scenario(name: str, folder: Path) -> Path:
    typed = Path(name)
    return typed if typed.suffix or len(typed.parts) > 1 else folder / f"{name}.yaml"


def find_runs(names: list[str] | None, out: Path, data: Path) -> list[Path]:
    """Run folders of what was typed: a folder, or a name under `out`; every run under `out` when nothing was."""
    if not names:
        found = sorted(manifest.parent for manifest in out.glob("*/manifest.json"))
        if not found:
            raise InputError([Fault(str(out), None, "", "", "holds no runs", "make some with: workforce run")])
        return found
    folders = [out / name if (out / name).is_dir() else Path(name) for name in names]
    missing = [folder for folder in folders if not (folder / "manifest.json").is_file()]
    scenarios = find_scenario_folder(data) or Path("scenarios")
    faults = []
    for folder in missing:
        waiting = folder.name == str(folder) and find_scenario(folder.name, scenarios).is_file()
        rule, mend = (
            ("has not run yet", f"workforce run {folder}") if waiting else ("is not a run", f"name a folder of {out}")
        )
        faults.append(Fault(str(folder), None, "", "", rule, mend))
    if faults:
        raise InputError(faults)
    return folders


def choose_languages(typed: str | None) -> tuple[str, ...] | None:
    if typed is None:
        return None
    languages = tuple(part.strip() for part in typed.split(",") if part.strip())
    if not languages or set(languages) - {"en", "zh"}:
        raise InputError([Fault("--language", None, "", typed, "must be en, zh or both", "write en,zh")])
    return languages
