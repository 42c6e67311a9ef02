"""One scenario file as its author wrote it: each value with its row, and every fault of the file itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from workforce.errors import Fault
from workforce.inputs.assumptions import SECTIONS
from workforce.inputs.cells import nearest_name, suggest_name
from workforce.inputs.contracts import CONTRACTS
from workforce.inputs.knobs import is_mapping, list_knobs

SUFFIX = ".yaml"
NO_KNOB, DOTTED = "is no knob", "is a key with a dot"


@dataclass(frozen=True)
class Setting:
    """One value as a file states it; `text` is a plain value as it was typed."""

    value: Any
    file: str
    row: int | None
    text: str = ""


@dataclass
class Sheet:
    """One file as read: its settings, its parents with the row of each, and its faults."""

    path: Path
    settings: dict[str, Setting]
    parents: list[tuple[str, int | None]]
    faults: list[Fault]


def read_sheet(path: Path) -> Sheet:
    """Read one file with what it extends left open. Never raises for what a user wrote."""
    sheet = Sheet(path, {}, [], [])
    label = path.as_posix()

    def refuse(row: int | None, column: str, value: str, rule: str, mend: str) -> None:
        sheet.faults.append(Fault(label, row, column, value, rule, mend))

    if not path.is_file():
        stems = [file.name for file in path.parent.glob("*" + SUFFIX)] if path.parent.is_dir() else []
        refuse(None, "", "", "no such scenario file", suggest_name(path.name, stems, "check the name and the folder"))
        return sheet
    yaml = YAML(typ="safe", pure=True)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        root = yaml.compose(text)
    except UnicodeDecodeError:
        refuse(None, "", "", "is not text in UTF-8", "save it as UTF-8")
        return sheet
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        refuse(
            mark.line + 1 if mark else None,
            "",
            "",
            f"is not YAML: {error.problem or error.context}",
            "check indentation (blanks, no tabs), colons and quotes in this line or the one above",
        )
        return sheet
    except (YAMLError, OSError, ValueError, RecursionError) as error:
        refuse(
            None,
            "",
            "",
            f"is not YAML: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
            "write 'section:' and below it, indented, 'knob: value'",
        )
        return sheet
    if root is None:
        return sheet
    if not isinstance(root, MappingNode):
        refuse(
            root.start_mark.line + 1,
            "",
            "",
            "is not a scenario",
            "write 'section:' and below it, indented, 'knob: value'",
        )
        return sheet
    _Reader(sheet, yaml).read(root)
    return sheet


class _Reader:
    """Walks one file's nodes, because only they know the row of a key and show a key that stands twice."""

    def __init__(self, sheet: Sheet, yaml: YAML):
        self.sheet = sheet
        self.label = sheet.path.as_posix()
        self.constructor = yaml.constructor

    def refuse(self, node: Node, column: str, value: Any, rule: str, mend: str) -> None:
        self.sheet.faults.append(Fault(self.label, node.start_mark.line + 1, column, shorten(value), rule, mend))

    def read(self, root: MappingNode) -> None:
        for key, node, value in self.entries(root, ""):
            if key == "extends":
                self.read_parents(node, value)
            elif key in SECTIONS:
                if isinstance(value, MappingNode):
                    for knob, knob_node, knob_value in self.entries(value, key):
                        self.read_knob(f"{key}.{knob}", knob_node, knob_value)
                elif not self.is_blank(value):
                    self.refuse(
                        node,
                        key,
                        self.construct(value),
                        "is a section, not a value",
                        f"put its knobs below it, indented: {', '.join(SECTIONS[key].model_fields)}",
                    )
            elif key in list_knobs() and "." in key:
                section, _, knob = key.partition(".")
                self.refuse(node, key, key, DOTTED, f"write {section}: and below it, indented, {knob}:")
            else:
                self.read_knob(key, node, value)

    def entries(self, node: MappingNode, where: str) -> list[tuple[str, Node, Node]]:
        rows: dict[str, int] = {}
        found = []
        for key_node, value in node.value:
            key = str(self.construct(key_node))
            if key in rows:
                self.refuse(
                    key_node,
                    f"{where}.{key}" if where else key,
                    key,
                    "stands more than once",
                    f"keep one; the first is in row {rows[key]}",
                )
                continue
            rows[key] = key_node.start_mark.line + 1
            found.append((key, key_node, value))
        return found

    def is_blank(self, node: Node) -> bool:
        return isinstance(node, ScalarNode) and self.construct(node) is None

    def construct(self, node: Node) -> Any:
        try:
            return self.constructor.construct_object(node, deep=True)
        except (YAMLError, ValueError, RecursionError) as error:
            reason = getattr(error, "problem", None) or str(error) or type(error).__name__
            self.refuse(node, "", "", f"cannot be read: {reason}", "write a plain value")
            return None

    def read_parents(self, node: Node, value: Node) -> None:
        stated = value.value if isinstance(value, SequenceNode) else [value]
        for entry in stated:
            stem = self.construct(entry)
            if not isinstance(stem, (str, int)) or isinstance(stem, bool):
                self.refuse(node, "extends", stem, "is not the name of a scenario", "write: extends: base")
                continue
            name = str(stem).removesuffix(SUFFIX)
            if name in [parent for parent, _ in self.sheet.parents]:
                self.refuse(node, "extends", name, "stands more than once", "keep one")
                continue
            self.sheet.parents.append((name, entry.start_mark.line + 1))

    def read_knob(self, knob: str, node: Node, value: Node) -> None:
        if knob not in list_knobs():
            self.refuse(node, knob, "", NO_KNOB, _mend_knob(knob))
            return
        row = node.start_mark.line + 1
        if not is_mapping(knob):
            self.sheet.settings[knob] = self.state(value, row)
            return
        if not isinstance(value, MappingNode):
            if not self.is_blank(value):
                self.refuse(
                    node,
                    knob,
                    self.construct(value),
                    "is a mapping, not a value",
                    "write 'name: value' below it, indented",
                )
            return
        if not value.value:
            self.sheet.settings[knob] = Setting({}, self.label, row)
        for key, key_node, entry in self.entries(value, knob):
            if knob == "tables" and not self.is_table_file(key, key_node, entry):
                continue
            self.sheet.settings[f"{knob}.{key}"] = self.state(entry, key_node.start_mark.line + 1)

    def state(self, node: Node, row: int) -> Setting:
        text = node.value if isinstance(node, ScalarNode) else ""
        return Setting(self.construct(node), self.label, row, text)

    def is_table_file(self, table: str, node: Node, entry: Node) -> bool:
        if table not in CONTRACTS:
            self.refuse(
                node,
                f"tables.{table}",
                table,
                "is not the name of a table",
                suggest_name(table, list(CONTRACTS), f"the tables are {', '.join(CONTRACTS)}"),
            )
            return False
        file = self.construct(entry)
        if isinstance(file, str) and (Path(file).is_absolute() or ".." in Path(file).parts):
            self.refuse(node, f"tables.{table}", file, "leaves the data folder", "name a file inside the data folder")
            return False
        return True


def shorten(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _mend_knob(knob: str) -> str:
    section, _, name = knob.partition(".")
    if section not in SECTIONS:
        section, name = "", knob
    if not section:
        near = nearest_name(name, [*SECTIONS, "title", "why", "extends", "tables"], cutoff=0.7)
        if near:
            return f"did you mean '{near}'?"
    elif near := nearest_name(name, SECTIONS[section].model_fields):
        return f"did you mean '{section}.{near}'?"
    ends = {known.rpartition(".")[2]: known for known in list_knobs() if "." in known}
    near = nearest_name(name, ends, cutoff=0.75)
    if near:
        place, _, plain = ends[near].rpartition(".")
        return f"did you mean '{ends[near]}'? It stands below {place}: as {plain}"
    if section:
        return f"{section} has: {', '.join(SECTIONS[section].model_fields)}"
    return f"the sections are: {', '.join(SECTIONS)}; beside them title, why, extends, tables"
