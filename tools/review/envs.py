"""How stacks differ: each setting as it holds, with the tier's defaults, where not all agree."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, TextIO

from config.model import StackConfig
from tools.review import lines
from tools.review.lines import Line
from tools.review.sections import flat

GAP: Final = 2
NARROWEST: Final = 14

Differences = Mapping[str, Mapping[str, Any]]
"""By path, such as ``database.replicas``, what each stack has; None where it has no such thing."""


def differences(configs: Mapping[str, StackConfig]) -> Differences:
    """By path, in the order of the sections."""
    held = {
        name: {path: value for path, value in flat(config.model_dump(mode="json")) if value != {}}
        for name, config in configs.items()
    }
    paths = dict.fromkeys(path for values in held.values() for path in values)
    found = {path: {name: held[name].get(path) for name in held} for path in paths}
    return {path: values for path, values in found.items() if _differ(values)}


def _differ(values: Mapping[str, Any]) -> bool:
    return len({json.dumps(value, sort_keys=True) for value in values.values()}) > 1


def as_json(found: Differences) -> str:
    """The same as JSON."""
    return json.dumps(found, indent=2) + "\n"


def show(found: Differences, names: list[str], stream: TextIO) -> None:
    """A table, as wide as the terminal."""
    lines.write(_lines(found, names, lines.columns()), stream)


def _lines(found: Differences, names: list[str], width: int) -> Iterator[Line]:
    if not found:
        yield ((f"{' and '.join(names)} are set alike", ""),)
        return
    first = max(len(path) for path in found) + GAP
    cell = max((width - first) // len(names), NARROWEST)
    yield ((f"{' ' * first}{''.join(f'{name:<{cell}}' for name in names)}".rstrip(), "bold"),)
    for path, values in found.items():
        told = (f"{lines.cut(_told(values[name]), cell - GAP):<{cell}}" for name in names)
        yield ((f"{path:<{first}}{''.join(told)}".rstrip(), ""),)


def _told(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_told, value)) or "none"
    return str(value)
