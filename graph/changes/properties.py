"""Where the inputs of two states of a resource differ.

A value that comes from another resource's output is compared by its source: what AWS draws when it
makes something, such as an id, is another in every record.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple

from graph.autonames import DEFAULTS, drawn
from graph.changes.model import ABSENT
from graph.model import MASK, UNKNOWN, Data, Graph, Resource, step
from graph.unknown import may_be

COMPUTED: Final = {DEFAULTS, "tagsAll"}
REGION: Final = "region"
EVERYWHERE: Final = {REGION, "ownerId", "accountId"}
"""Outputs that say nothing of whose they are."""
ANOTHER: Final = "[another secret]"
SHORTEST: Final = 6
"""Outputs of fewer characters are words such as ``live``, and may stand in a value by chance."""

_STEP: Final = re.compile(r'\.?([\w$-]+)|\[(\d+)\]|\["(.*?)"\]')
_ACCOUNT: Final = re.compile(r"(?<!\d)\d{12}(?!\d)")


class Plain(NamedTuple):
    """A path, and what was and is there."""

    path: str
    old: Data
    new: Data


class Names:
    """A record's outputs by what they are called: a value is read by whose output it is.

    ``called`` gives a resource's label, so that a renamed one is called the same in both records.
    """

    def __init__(self, graph: Graph, called: Mapping[str, str]) -> None:
        self._graph, self._called = graph, called

    def source(self, value: Data, sources: tuple[str, ...]) -> Data:
        """The value with the outputs of these resources said as ``<rds.Instance database.arn>``."""
        if isinstance(value, dict):
            return {key: self.source(item, sources) for key, item in value.items()}
        if isinstance(value, list):
            return [self.source(item, sources) for item in value]
        if not isinstance(value, str):
            return value
        for urn in sources:
            for output, name in self._outputs.get(urn, ()):
                value = value.replace(output, name)
        return _ACCOUNT.sub("<account>", value) if ":" in value else value

    def sources(self, resource: Resource, path: str) -> tuple[str, ...]:
        """The resources whose outputs the property at ``path`` may hold, as they are called."""
        return tuple(sorted(self._called.get(urn, urn) for urn in depends(resource, path)))

    @cached_property
    def _outputs(self) -> Mapping[str, list[tuple[str, str]]]:
        return {resource.urn: self._of(resource) for resource in self._graph.resources}

    def _of(self, resource: Resource) -> list[tuple[str, str]]:
        """The longest first: an ARN has the name in it. What is both an output and what the program
        gave is called as the program calls it, which is known in every record; what it took from
        another resource stays that one's, as a bucket's ``kmsMasterKeyId`` is the key's ARN."""
        called = self._called.get(resource.urn, resource.label)
        found: dict[str, str] = {}
        outputs = {**resource.outputs, "id": resource.id}
        for key in sorted(
            outputs.keys() - EVERYWHERE, key=lambda key: (key in resource.inputs, key != "id", key)
        ):
            value = outputs[key]
            if resource.property_dependencies.get(key):
                continue
            if isinstance(value, str) and len(value) >= SHORTEST:
                found[value] = f"<{called}.{key}>"
        return sorted(found.items(), key=lambda each: -len(each[0]))


def depends(resource: Resource, path: str) -> tuple[str, ...]:
    """The URNs that the top of ``path`` depends on."""
    return resource.property_dependencies.get(top(path), ())


def differences(old: Resource, new: Resource, was: Names, now: Names) -> Iterator[Plain]:
    """What changed, as deep as it can be told; secrets are only said to differ.

    Who names no Region has the provider's, and the provider plans by that:
    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/provider/sdkv2/region.go
    """
    if old.region and new.region and old.region != new.region:
        yield Plain(REGION, old.region, new.region)
    names = drawn(old.inputs).keys() & drawn(new.inputs).keys()
    for key in sorted({*old.inputs, *new.inputs} - COMPUTED - names - {REGION}):
        before, after = old.inputs.get(key, ABSENT), new.inputs.get(key, ABSENT)
        chosen = after is ABSENT and key in (old.inputs.get(DEFAULTS) or ())
        if chosen or before == after:
            continue
        same = was.sources(old, key) == now.sources(new, key)
        if step("inputs", key) in {*old.secrets, *new.secrets}:
            # A deployed state hides a property whole, whatever in it is secret.
            if not (same and may_be(before, after)):
                yield Plain(key, MASK, ANOTHER)
            continue
        yield from _secrets(old, new, key)
        one = was.source(_parsed(revealed(old, key)), depends(old, key))
        other = now.source(_parsed(revealed(new, key)), depends(new, key))
        for each in _within(key, one, other):
            # What is not known here or there is the same if it comes from the same resources.
            if not same or not may_be(each.old, each.new):
                yield each


def given(resource: Resource, names: Names) -> Mapping[str, Data]:
    """What a resource is made with, but for what is drawn; what is secret is hidden."""
    keys = resource.inputs.keys() - COMPUTED - drawn(resource.inputs).keys()
    return {
        key: names.source(_parsed(revealed(resource, key)), depends(resource, key)) for key in keys
    }


def revealed(resource: Resource, key: str) -> Data:
    """The property without what is secret in it."""
    if key not in resource.inputs:
        return ABSENT
    return _hide(resource.inputs[key], step("inputs", key), frozenset(resource.secrets))


def _hide(value: Data, path: str, secrets: frozenset[str]) -> Data:
    if path in secrets:
        return MASK
    if isinstance(value, dict):
        return {key: _hide(item, step(path, key), secrets) for key, item in value.items()}
    if isinstance(value, list):
        return [_hide(item, step(path, at), secrets) for at, item in enumerate(value)]
    return value


def _secrets(old: Resource, new: Resource, key: str) -> Iterator[Plain]:
    """Those that both records have and that differ; a record that was written down has none."""
    for path in sorted({*old.secrets} & {*new.secrets}):
        inside = path.removeprefix("inputs.")
        if path != inside and top(inside) == key:
            before, after = (_at(r.inputs, inside) for r in (old, new))
            if before != after and UNKNOWN not in (before, after):
                yield Plain(inside, MASK, ANOTHER)


def _at(value: Data, path: str) -> Data:
    for name, number, quoted in _STEP.findall(path):
        value = value[int(number)] if number else value[name or quoted]
    return value


def reach(value: Data, path: str) -> Data:
    """What is at a path, ABSENT where nothing is."""
    try:
        return _at(value, path)
    except (IndexError, KeyError, TypeError):
        return ABSENT


def top(path: str) -> str:
    """The property of the resource that a path is in."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _within(path: str, old: Data, new: Data) -> Iterator[Plain]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        chosen = {*(old.get(DEFAULTS) or ())} - new.keys()
        for key in sorted({*old, *new} - COMPUTED - chosen, key=str):
            yield from _within(step(path, key), old.get(key, ABSENT), new.get(key, ABSENT))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(path, old, new)
    else:
        yield Plain(path, old, new)


def _lists(path: str, old: list[Any], new: list[Any]) -> Iterator[Plain]:
    """Item by item where there are as many. The order of plain values says nothing: the provider
    keeps nearly all such lists as sets."""
    if any(isinstance(item, (dict, list)) for item in (*old, *new)):
        if len(old) != len(new):
            yield Plain(path, old, new)
            return
        for at, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _within(step(path, at), one, other)
    elif sorted(map(str, old)) != sorted(map(str, new)):
        yield Plain(path, old, new)


def _parsed(value: Data) -> Data:
    """A document as what it says: spaces and the order of keys are nothing."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
