"""Reads what the CLI exports: a stack's resources, to be compared with the offline record's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

# How an exported state marks secrets and archives (sdk/go/common/resource/sig/sig.go).
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105
MASKED = "[secret]"

OPTIONS = ("custom", "parent", "protect", "retainOnDelete", "ignoreChanges")


def resources(exported: str) -> list[dict[str, Any]]:
    return json.loads(exported)["deployment"].get("resources", [])


def declared(resource: dict[str, Any]) -> dict[str, Any]:
    """What the program said of a resource: its inputs, options and dependencies."""
    sources = resource.get("propertyDependencies") or {}
    return {
        "options": {key: resource[key] for key in OPTIONS if resource.get(key)},
        "dependencies": sorted(resource.get("dependencies") or []),
        "property dependencies": {name: sorted(urns) for name, urns in sources.items() if urns},
        "inputs": {name: plain(value) for name, value in (resource.get("inputs") or {}).items()},
    }


def plain(value: Any) -> Any:
    """Without marks; of an input with a secret in it the engine keeps no more than that."""
    text = json.dumps(value)
    if SECRET in text or MASKED in text:
        return MASKED
    if isinstance(value, dict) and SIGNATURE in value:
        return {"path": value["path"]}
    return value


def secrets(value: Any, *, inside: bool = False) -> Iterator[str]:
    """The texts within every secret of a state exported with them shown."""
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        yield from secrets(json.loads(value["plaintext"]), inside=True)
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from secrets(item, inside=inside)
    elif inside and isinstance(value, str) and value:
        yield value
