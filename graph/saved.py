"""The record from a file that ``python -m tools preview STACK --json`` wrote, plain or gzipped."""

import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from graph import GraphError
from graph.model import MASK, UNKNOWN, Data, Graph, Resource

_FIELDS: Final = {
    re.sub(r"_([a-z])", lambda found: found[1].upper(), each.name): each.name
    for each in fields(Resource)
}
_WRITER: Final = "python -m tools preview STACK --json"


def read(file: Path) -> Graph:
    """Raises GraphError for what that command did not write. Secrets are UNKNOWN, and marked."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise GraphError(f"{file}: {error.strerror}; write it by `{_WRITER} > {file}`") from None
    try:
        text = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
        data = json.loads(text)
        resources = tuple(map(_resource, data["resources"]))
        return Graph(data["project"], data["stack"], resources)
    except (AttributeError, EOFError, KeyError, OSError, TypeError, ValueError) as error:
        raise GraphError(f"{file}: not what `{_WRITER}` writes") from error


def _resource(state: Mapping[str, Any]) -> Resource:
    plain = {_FIELDS[key]: _plain(value) for key, value in state.items()}
    lists = {name: tuple(value) for name, value in plain.items() if isinstance(value, list)}
    sources = {k: tuple(urns) for k, urns in plain["property_dependencies"].items()}
    return Resource(**{**plain, **lists, "property_dependencies": sources})


def _plain(value: object) -> Data:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return UNKNOWN if value in (MASK, str(UNKNOWN)) else value
