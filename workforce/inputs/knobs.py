"""The knobs of a scenario by name: which there are, which are mappings, and the reference of all of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args, get_origin

import pandas as pd

from workforce.inputs.assumptions import SECTIONS, Assumptions


def is_mapping(knob: str) -> bool:
    """Whether a knob ("demand.multiplier_by_unit", "tables") is a mapping that merges by key. KeyError if unknown."""
    section, _, name = knob.rpartition(".")
    fields = SECTIONS[section].model_fields if section else Assumptions.model_fields
    return get_origin(fields[name].annotation) is dict


def list_knobs() -> tuple[str, ...]:
    """Every knob by its dotted name, in the order of the sections; title and why included.

    >>> list_knobs()[:4]
    ('title', 'why', 'time.period', 'time.start')
    """
    names: list[str] = []
    for name in Assumptions.model_fields:
        names += [f"{name}.{knob}" for knob in SECTIONS[name].model_fields] if name in SECTIONS else [name]
    return tuple(names)


def _type_in_words(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " | ".join(str(choice) for choice in arguments)
    if origin is Annotated:
        return _type_in_words(arguments[0])
    if origin is dict:
        return f"mapping of {_type_in_words(arguments[0])} to {_type_in_words(arguments[1])}"
    if origin is tuple:
        return f"list of {_type_in_words(arguments[0])}"
    if arguments:
        return " or ".join(_type_in_words(part) for part in arguments)
    words = {str: "text", float: "number", int: "whole number", bool: "true | false", type(None): "null"}
    return words.get(annotation, getattr(annotation, "__name__", str(annotation)))


def _limits_in_words(metadata: list[Any]) -> str:
    signs = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<", "min_length": "length >=", "pattern": "pattern"}
    found = [(sign, getattr(item, limit, None)) for item in metadata for limit, sign in signs.items()]
    return ", ".join(f"{sign} {value}" for sign, value in found if value is not None)


def describe_knobs() -> pd.DataFrame:
    """The reference of all knobs: knob, section, type, unit, limits, default, meaning, source; one row a knob.

    >>> describe_knobs().set_index("knob").loc["time.horizon", "limits"]
    '>= 1, <= 120'
    """
    rows = []
    for knob in list_knobs():
        section, _, name = knob.rpartition(".")
        field = (SECTIONS[section] if section else Assumptions).model_fields[name]
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        rows.append(
            {
                "knob": knob,
                "section": section,
                "type": _type_in_words(field.annotation),
                "unit": extra.get("unit", ""),
                "limits": _limits_in_words(field.metadata),
                "default": field.get_default(call_default_factory=True),
                "meaning": field.description or "",
                "source": extra.get("source", ""),
            }
        )
    return pd.DataFrame(rows)
