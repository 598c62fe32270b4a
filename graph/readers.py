"""The record from what the Pulumi CLI prints: ``stack export`` and ``preview --json``.

Run the preview with ``--show-sames``: without it, what does not change is left out.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from graph import GraphError, steps
from graph.model import MASK, UNKNOWN, Data, Graph, Resource, parents_first, step

_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105
"""How Pulumi marks a secret in JSON:
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go"""
_FILES: Final = {"c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"}
"""How it marks an asset and an archive, beside where it is and a digest of its content, which only
an engine that has the file knows; the path of a function's archive says what is in it."""
_ENGINES: Final = {"__internal", "version"}
"""What the engine adds to a provider's inputs:
https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/providers/registry.go"""
_COMPUTED: Final = {
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    "output<string>",
}
"""What stands for a value to come, by its type:
https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go"""
_PREVIEW: Final = "pulumi preview --json --show-sames"
_REFRESH: Final = "pulumi refresh --preview-only --json"
_URN: Final = re.compile(r"urn:pulumi:(?P<stack>[^:]+)::(?P<project>[^:]+)::.*::(?P<name>.*)")


def stack_export(file: Path) -> Graph | None:
    """What is deployed, None before the first deployment. Raises GraphError for what ``pulumi stack
    export`` did not write."""
    data = _read(file, "pulumi stack export")
    try:
        states = (data["deployment"] or {}).get("resources") or []
        # A resource that waits to be deleted has a successor of the same URN.
        return _graph(s for s in states if not s.get("delete")) if states else None
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _unread(file, "pulumi stack export") from error


def preview(file: Path) -> Graph:
    """What would be deployed. Raises GraphError for what ``pulumi preview`` did not write."""
    data = _read(file, _PREVIEW)
    try:
        found = steps.by_resource(data["steps"])
        if not steps.complete(found, data.get("changeSummary") or {}):
            raise GraphError(
                f"{file}: what stays is left out, and would count as deleted: write it by "
                f"`{_PREVIEW} > {file}`"
            )
        return replace(_graph(steps.left(found)), plan=steps.plan(found))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _unread(file, _PREVIEW) from error


class Refreshed(NamedTuple):
    """A resource that is otherwise than its state has it, at these paths; None where it is gone."""

    before: Resource
    after: Resource | None
    paths: tuple[str, ...]


def refreshed(file: Path) -> tuple[list[Refreshed], int]:
    """What is otherwise, by URN, and how many more the CLI counts and does not tell of. Raises
    GraphError for what ``pulumi refresh --preview-only --json`` did not write."""
    data = _read(file, _REFRESH)
    try:
        found = [
            Refreshed(
                _resource(step["oldState"]),
                None if step["op"] in steps.GONE else _resource(step["newState"]),
                tuple(sorted(step.get("detailedDiff") or ())),
            )
            for step in data["steps"]
            if step["op"] in (*steps.GONE, "update")
        ]
        counted = sum(data["changeSummary"].get(op, 0) for op in ("delete", "update"))
        return sorted(found, key=lambda each: each.before.urn), max(counted - len(found), 0)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise _unread(file, _REFRESH) from error


def _read(file: Path, command: str) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise GraphError(f"{file}: {error.strerror}; write it by `{command} > {file}`") from None
    except ValueError:
        raise _unread(file, command) from None
    if not isinstance(data, dict):
        raise _unread(file, command)
    return data


def _unread(file: Path, command: str) -> GraphError:
    return GraphError(f"{file}: not what `{command}` writes")


def _graph(states: Iterator[Mapping[str, Any]]) -> Graph:
    # A replacement has several steps with one URN: the last one's state is what is left.
    found = {state["urn"]: _resource(state) for state in states}
    if not found:
        raise ValueError("no resources")
    named = _URN.fullmatch(next(iter(found)))
    if not named:
        raise ValueError("no URN")
    return Graph(named["project"], named["stack"], parents_first(found.values()))


def _resource(state: Mapping[str, Any]) -> Resource:
    secrets: list[str] = []
    given = state.get("inputs") or {}
    if state["type"].startswith("pulumi:providers:"):
        given = {key: value for key, value in given.items() if key not in _ENGINES}
    inputs = _plain(given, "inputs", secrets)
    outputs = _plain(state.get("outputs") or {}, "outputs", secrets)
    named = _URN.fullmatch(state["urn"])
    return Resource(
        urn=state["urn"],
        type=state["type"],
        name=named["name"] if named else state["urn"],
        custom=state["custom"],
        id=state.get("id") or (UNKNOWN if state["custom"] else None),
        parent=state.get("parent"),
        provider=state.get("provider"),
        external=bool(state.get("external")),
        dependencies=tuple(sorted(state.get("dependencies") or ())),
        property_dependencies={
            name: tuple(sorted(urns))
            for name, urns in sorted((state.get("propertyDependencies") or {}).items())
            if urns
        },
        aliases=tuple(state.get("aliases") or ()),
        protect=bool(state.get("protect")),
        ignore_changes=tuple(state.get("ignoreChanges") or ()),
        retain_on_delete=bool(state.get("retainOnDelete")),
        additional_secret_outputs=tuple(state.get("additionalSecretOutputs") or ()),
        import_id=state.get("importID") or None,
        secrets=tuple(sorted(secrets)),
        inputs=inputs,
        outputs=outputs,
    )


def _plain(value: object, path: str, secrets: list[str]) -> Data:
    """Plain data; what is secret or to come is UNKNOWN, unless the secret's text is there."""
    if isinstance(value, dict):
        if value.get(_SIGNATURE) == _SECRET:
            secrets.append(path)
            return json.loads(value["plaintext"]) if "plaintext" in value else UNKNOWN
        if value.get(_SIGNATURE) in _FILES:
            return {key: item for key, item in value.items() if key not in (_SIGNATURE, "hash")}
        return {key: _plain(item, step(path, key), secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, step(path, i), secrets) for i, item in enumerate(value)]
    if value == MASK:
        secrets.append(path)
        return UNKNOWN
    return UNKNOWN if isinstance(value, str) and value in _COMPUTED else value
