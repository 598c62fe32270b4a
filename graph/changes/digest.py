"""What tells a stack's change from any other: somebody approves this one, and no second."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from graph.changes.model import ABSENT, Change
from graph.changes.properties import Names, given, reach, top
from graph.model import MASK, UNKNOWN, Data, Graph, Resource, mask, step


def digest(after: Graph, changes: Sequence[Change], declared: Graph | None = None) -> str:
    """Over what changes, in whichever order and process it was found; of a secret only a digest is
    in it, and of what AWS or a provider draws where it comes from. What an engine's preview hides
    beside a secret is in it as ``declared`` has it."""
    names = Names(after, {})
    found = sorted((_canonical(each, names) for each in changes), key=lambda each: str(each["urn"]))
    hidden = _hidden(changes, declared) if declared else {}
    return _sha256({"stack": after.stack, "changes": found, "hidden": hidden})


def _hidden(changes: Sequence[Change], declared: Graph) -> Mapping[str, Any]:
    names, known = Names(declared, {}), {each.urn: each for each in declared.resources}
    found = {}
    for new in (change.after for change in changes):
        if new and new.urn in known:
            made = mask(given(known[new.urn], names))
            found[new.urn] = {key: made[key] for key in made if step("inputs", key) in new.secrets}
    return found


def _canonical(change: Change, names: Names) -> Mapping[str, Any]:
    """A new resource is what it is made with: it has no properties that change. What is not known
    yet is known by whose it will be."""
    new = change.after
    made = given(new, names) if new and change.before is None else {}
    keys = {*made, *(top(each.path) for each in change.properties)}
    return {
        "urn": change.resource.urn,
        "kinds": sorted(change.kinds),
        "why": sorted(change.why),
        "properties": sorted(
            ([each.path, _value(each.old), _value(each.new)] for each in change.properties),
            key=lambda each: str(each[0]),
        ),
        "given": mask(made),
        "sources": {key: names.sources(new, key) for key in keys} if new else {},
        "secrets": {p: _sha256(value) for p, value in _secrets(new).items()} if new else {},
    }


def _secrets(resource: Resource) -> Mapping[str, Data]:
    """Those among its inputs that are known, by their paths."""
    paths = [path.removeprefix("inputs.") for path in resource.secrets if path[:7] == "inputs."]
    found = {path: reach(resource.inputs, path) for path in paths}
    return {path: value for path, value in found.items() if value not in (ABSENT, MASK, UNKNOWN)}


def _value(value: Data) -> list[Data]:
    return [] if value is ABSENT else [mask(value)]


def _sha256(value: Data) -> str:
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
