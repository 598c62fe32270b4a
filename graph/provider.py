"""What a provider would answer to a creation: id, physical name and every promised output."""

import json
import re
import string
import sys
from collections import abc
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_args, get_origin
from uuid import UUID

from pulumi import _types
from pulumi.runtime import rpc

from graph.made_up import digest_of, placeholder
from graph.model import UNKNOWN, Data, Resource
from graph.outputs import ACCOUNT, ARNS, IDS, NAMES, OUTPUTS

Source = Callable[[str], Mapping[str, Any]]


def answer(
    resource: Resource,
    provider: Resource | None,
    *,
    region: str,
    unknown: bool,
    source: Source,
) -> dict[str, Any]:
    """The ``id`` and what AWS would compute; ``source`` gives the inputs of the resource that a
    property comes from. If ``unknown``, as in a first preview: before anything exists, only the
    region and the tags can be told."""
    promised = _promised(resource.type)
    if unknown:
        rows = OUTPUTS.get(resource.short_type, {})
        found = {name: _unknown(rows.get(name)) for name in promised}
        identity = resource.id or resource.import_id or UNKNOWN
    else:
        facts = _Facts(resource, region=region, source=source)
        found = {name: facts.output(name, hint) for name, hint in promised.items()}
        named = facts.named in promised
        identity = resource.id or resource.import_id or facts.identity(named=named)
    plan = {"region": region, "tagsAll": _tags(resource, provider)}
    found |= {name: value for name, value in plan.items() if name in promised}
    return {**_completing(resource, found), "id": identity}


def _unknown(row: object) -> Data:
    return dict.fromkeys(row, UNKNOWN) if isinstance(row, dict) else UNKNOWN


def _tags(resource: Resource, provider: Resource | None) -> Data:
    """The provider's default tags under the resource's own."""
    defaults = configured(provider).get("defaultTags") or {}
    layers = [
        UNKNOWN if defaults is UNKNOWN else defaults.get("tags", {}),
        resource.inputs.get("tags", {}),
    ]
    return UNKNOWN if UNKNOWN in layers else layers[0] | layers[1]


def configured(provider: Resource | None) -> Mapping[str, Any]:
    """A provider's configuration, which the SDK sends as JSON wherever it is not text."""

    def parsed(value: object) -> Data:
        structured = isinstance(value, str) and value[:1] in ("{", "[")
        return json.loads(str(value)) if structured else value

    return {name: parsed(value) for name, value in provider.inputs.items()} if provider else {}


class _Facts(dict[str, Any]):
    """What a row may speak of: the inputs, what is common to all, and, on demand, other rows."""

    def __init__(self, resource: Resource, *, region: str, source: Source) -> None:
        digest = digest_of(resource.urn)
        kind = resource.short_type
        self.resource = resource
        self.named = NAMES.get(kind, "name")
        self.rows: dict[str, Any] = {**OUTPUTS.get(kind, {})}
        if kind in ARNS:
            self.rows["arn"] = f"arn:aws:{ARNS[kind]}"
        if kind in IDS:
            self.rows["id"] = IDS[kind]
        prefix = resource.inputs.get(f"{self.named}Prefix", f"{resource.name}-")
        super().__init__(path="/", account=ACCOUNT, region=region, source=source)
        self.update({self.named: f"{prefix}{digest[:7]}"}, **resource.inputs)
        self.update(name=self[self.named], hex=digest, HEX=digest.upper())
        self.update(uuid=str(UUID(digest[:32])))

    def __missing__(self, name: str) -> Data:
        return self.render(self.rows[name])

    def output(self, name: str, hint: object) -> Data:
        """What its row says, or something that shows where it came from."""
        if name in self.rows:
            return self.render(self.rows[name])
        return self[name] if name == self.named else _placeholder(self.resource.name, name, hint)

    def identity(self, *, named: bool) -> str:
        """Mostly the physical name, as AWS does."""
        fallback = self["name"] if named else placeholder(self.resource.name, "id")
        return str(self["id"] if "id" in self.rows else fallback)

    def render(self, row: object) -> Data:
        """The value a row stands for."""
        if isinstance(row, str):
            return _Template().vformat(row, (), self)
        if isinstance(row, list):
            return [self.render(item) for item in row]
        if isinstance(row, dict):
            return {name: self.render(item) for name, item in row.items()}
        return row(self) if callable(row) else row


class _Template(string.Formatter):
    def convert_field(self, value: Data, conversion: Data) -> Data:
        """Add ``!t``: the last part of a path or ARN."""
        if conversion == "t":
            return re.split("[:/]", value)[-1]
        return super().convert_field(value, conversion)


def _completing(resource: Resource, found: Mapping[str, Any]) -> dict[str, Any]:
    """Without what the program gave itself; a mapping it gave in part is completed."""
    completed: dict[str, Any] = {}
    for name, value in found.items():
        given = resource.inputs.get(name)
        if given is None:
            completed |= {} if value is None else {name: value}
        elif isinstance(given, dict) and isinstance(value, dict) and value:
            completed[name] = {**value, **given}
    return completed


def _placeholder(resource: str, name: str, hint: object) -> Data:
    """Visible in whatever is made from it; None for nested types, which fail when read."""
    if hint is str:
        return placeholder(resource, name)
    if hint is int or hint is float or hint is bool:
        return hint()
    empty: dict[object, Data] = {abc.Sequence: [], abc.Mapping: {}}
    return empty.get(get_origin(hint))


@cache
def _promised(token: str) -> Mapping[str, object]:
    """The outputs that a type's class declares as always there, with their types."""
    package, _, rest = token.partition(":")
    module = rpc.get_resource_module(package, rest.rpartition(":")[0], "")
    classes: Mapping[str, str] = module.mod_info["classes"] if module else {}  # type: ignore[attr-defined]
    if token not in classes:
        return {}
    cls = getattr(sys.modules[module.mod_info["fqn"]], classes[token])  # type: ignore[union-attr]
    hints = {
        name: get_args(prop.fget.__annotations__["return"])[0]
        for _, name, prop in _types._py_properties(cls)
        if prop.fget
    }
    return {name: hint for name, hint in hints.items() if type(None) not in get_args(hint)}
