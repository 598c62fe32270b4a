"""Paths into properties: ``rules[*].expiration.days``, ``parameters[name=x].value``."""

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Final

from graph.model import UNKNOWN, Data


class Missing(Enum):
    """What a path that leads nowhere yields."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING

_STEP: Final = re.compile(r"\.?([^.\[\]]+)|\[(\*|[^=\]]+=[^\]]*)\]")

Step = tuple[str, str]
"""A property's name and "", or what selects among a list's items and the value it must have."""


@cache
def steps(path: str) -> tuple[Step, ...]:
    """The path's steps; raises ValueError for what is none."""
    found = tuple((m[1] or f"[{m[2].partition('=')[0]}]", m[2] or "") for m in _STEP.finditer(path))
    if "".join(m[0] for m in _STEP.finditer(path)) != path:
        raise ValueError(f"{path}: no path")
    return found


def values(data: Data, path: str) -> list[Data]:
    """All that the path leads to: MISSING where nothing is, UNKNOWN where only AWS can tell.

    A list that is empty, or that has no such item, counts as missing.
    """
    return list(_walk(data, steps(path)))


def value(data: Data, path: str) -> Data:
    """The one thing a path without a list leads to."""
    return values(data, path)[0]


def _walk(data: Data, rest: tuple[Step, ...]) -> Iterator[Data]:
    if data is UNKNOWN or data is None or data is MISSING or not rest:
        yield MISSING if data is None else data
        return
    (name, selector), rest = rest[0], rest[1:]
    if not selector:
        yield from _walk(data.get(name) if isinstance(data, Mapping) else MISSING, rest)
        return
    items = list(data) if isinstance(data, (list, tuple)) else [data]
    if selector != "*":
        items = _selected(items, *selector.split("=", 1))
    if not items:
        yield MISSING
    for item in items:
        yield from _walk(item, rest)


def _selected(items: list[Data], key: str, wanted: str) -> list[Data]:
    """The items that have it, or UNKNOWN for all where one might."""
    named = [UNKNOWN if each is UNKNOWN else value(each, key) for each in items]
    found = [each for each, name in zip(items, named, strict=True) if name == wanted]
    return found or ([UNKNOWN] if UNKNOWN in named else [])


def wholly(data: Data) -> bool:
    """Whether nothing in it, however deep, is for AWS to tell."""
    if isinstance(data, Mapping):
        return all(map(wholly, data.values()))
    if isinstance(data, (list, tuple)):
        return all(map(wholly, data))
    return data is not UNKNOWN
