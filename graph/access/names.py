"""What a record's own things are called, so that two records can be read side by side.

What AWS draws when it makes something, such as an id, is another in every record: a value is read
by whose output it is, as ``<s3.Bucket data>/*``, and the account's number as ``<account>``.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from graph.access.patterns import UNKNOWN_OF
from graph.model import MASK, Data, Graph, Resource, Unknown

SHORTEST: Final = 6
"""Outputs of fewer characters are words such as ``live``, and may stand in a value by chance."""
OWN: Final = ("arn", "id", "keyId", "resourceId", "domainName", "url", "name")
"""The outputs that are a resource's own, rather than of what it refers to."""

_ARN: Final = re.compile(r"arn:aws[\w-]*:[\w-]*:[\w-]*:(\d{12}):")
_PARTS: Final = re.compile(r"([:/,])")
_HOST: Final = re.compile(r"(<[^>]+>)\.(?:[\w-]+\.)*amazonaws\.com(?![\w.-])")


class Names:
    """One record's. ``called`` has the labels of what the other record calls otherwise."""

    def __init__(self, graph: Graph, called: Mapping[str, str] | None = None) -> None:
        self._graph, self._called = graph, called or {}
        self._said: dict[str, str] = {}

    def label(self, resource: Resource) -> str:
        """How both records call it."""
        return self._called.get(resource.urn, resource.label)

    def own(self, resource: Resource) -> str:
        """It, as a value that names it is read."""
        return f"<{self.label(resource)}>"

    def of(self, resource: Resource, key: str, value: Data = None) -> str:
        """A value at the property ``key``, by default the property's own."""
        found = resource.inputs.get(key) if value is None else value
        if isinstance(found, Unknown) or found == MASK:
            return f"{UNKNOWN_OF}{', '.join(self.sources(resource, key))}>"
        return self.say(found if isinstance(found, str) else str(found))

    def what(self, resource: Resource, key: str) -> str:
        """What the property names; what is not known yet is what it comes from, if that is one."""
        found = self.of(resource, key)
        sources = self.sources(resource, key)
        return f"<{sources[0]}>" if found.startswith(UNKNOWN_OF) and len(sources) == 1 else found

    def sources(self, resource: Resource, key: str) -> tuple[str, ...]:
        """What the property has its value from."""
        urns = resource.property_dependencies.get(key, ())
        return tuple(sorted(self._labels.get(urn, urn) for urn in urns))

    def say(self, value: str) -> str:
        """The value with what is declared here by its name."""
        found = self._said.get(value)
        if found is None:
            found = self._said[value] = self._say(value)
        return found

    def raw(self, value: str) -> str:
        """As it is written, for a wildcard to fit, but for the account."""
        return value.replace(self.account, "<account>") if self.account else value

    @cached_property
    def existing(self) -> frozenset[str]:
        """All that is here, as it is called."""
        return frozenset(f"<{label}>" for label in self._labels.values())

    @cached_property
    def account(self) -> str | None:
        """The account that most ARNs name: those of what there is or, unknown, of what is said."""
        outputs = (r.outputs.get("arn") for r in self._graph.resources)
        found = Counter(m[1] for v in outputs if isinstance(v, str) and (m := _ARN.match(v)))
        if not found:
            said = (text for r in self._graph.resources for text in _strings(r.inputs))
            found = Counter(number for text in said for number in _ARN.findall(text))
        return found.most_common(1)[0][0] if found else None

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        return {resource.urn: self.label(resource) for resource in self._graph.resources}

    @cached_property
    def _known(self) -> Mapping[str, str]:
        """Outputs by whose they are. What has an ARN comes first: others go by its name."""
        things = [r for r in self._graph.resources if r.custom and not r.is_provider]
        things.sort(key=lambda r: not isinstance(r.outputs.get("arn"), str))
        known: dict[str, str] = {}
        for key in OWN:
            for resource in things:
                value = resource.id if key == "id" else resource.outputs.get(key)
                if isinstance(value, str) and self._drawn(value):
                    known.setdefault(value, self._labels[resource.urn])
        given = ((value, r.urn) for r in things for value in _given(r) if self._drawn(value))
        rest = dict.fromkeys(given)
        counts = Counter(value for value, _ in rest)
        for value, urn in rest:
            if counts[value] == 1:
                known.setdefault(value, self._labels[urn])
        return known

    def _drawn(self, value: str) -> bool:
        """Whether it may be the name of one thing."""
        return len(value) >= SHORTEST and value != self.account

    def _say(self, value: str) -> str:
        if value in self._known:
            return f"<{self._known[value]}>"
        head, rest = self._head(value)
        account = _ARN.match(value)
        if not head and account and account[1] != self.account:
            return value
        parts = "".join(map(self._part, _PARTS.split(rest)))
        return _HOST.sub(r"\1", head + parts)

    def _head(self, value: str) -> tuple[str, str]:
        """The longest beginning of an ARN that is something's own."""
        if value.startswith("arn:"):
            cuts = [at for at, letter in enumerate(value) if letter in ":/"]
            for at in reversed(cuts[5:]):
                if value[:at] in self._known:
                    return f"<{self._known[value[:at]]}>", value[at:]
        return "", value

    def _part(self, part: str) -> str:
        if part in self._known:
            return f"<{self._known[part]}>"
        if part == self.account:
            return "<account>"
        first, dot, rest = part.partition(".")
        host = dot and rest.endswith("amazonaws.com") and first in self._known
        return f"<{self._known[first]}>{dot}{rest}" if host else part


def _given(resource: Resource) -> Iterator[str]:
    """What AWS gave it beside its own names, the domains that it answers for, and the last part of
    its ARN: ids are made of that."""
    for key, value in resource.outputs.items():
        if key not in resource.inputs:
            if isinstance(value, str):
                yield value
            elif isinstance(value, (Mapping, list)):
                # Such as the secret that RDS keeps for an instance.
                yield from (text for text in _strings(value) if text.startswith("arn:"))
    aliases = resource.inputs.get("aliases")
    if isinstance(aliases, list):
        yield from (alias for alias in aliases if isinstance(alias, str))
    arn = resource.outputs.get("arn")
    if isinstance(arn, str):
        yield _PARTS.split(arn)[-1]


def _strings(value: Data) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (Mapping, list, tuple)):
        items: Any = value.values() if isinstance(value, Mapping) else value
        for item in items:
            yield from _strings(item)
