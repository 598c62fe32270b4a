"""A stack as rules see it: resource types, properties and who refers to whom."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any, Final

from graph.model import Graph, Resource, Unknown
from policies.documents import Statement, statements
from policies.paths import MISSING, value, values

PRODUCTION_TIERS: Final = {"pro", "enterprise"}
AWS: Final = "pulumi:providers:aws"
NAMES: Final = ("arn", "id", "identifier", "keyId", "name", "url")
"""The outputs that others name a resource by."""


class Stack:
    """A graph, the day it is judged on and, where it is known, the graph it would replace."""

    def __init__(self, graph: Graph, today: date, before: Graph | None = None) -> None:
        self.graph = graph
        self.today = today
        self.before = before
        self._documents: dict[tuple[str, str], list[Statement] | Unknown] = {}
        self._named: dict[tuple[str, ...], list[Resource]] = {}
        self._names: dict[str, set[str]] = {}

    def of(self, *types: str) -> list[Resource]:
        """The resources of these types that the stack itself makes."""
        return [resource for kind in types for resource in self._by_type.get(kind, ())]

    def companions(self, resource: Resource, kind: str, by: str) -> list[Resource]:
        """The resources of a type that name this one at the path ``by``."""
        key = ("by", resource.urn, by, kind)
        if key not in self._named:
            names = self.names(resource)
            self._named[key] = [r for r in self.of(kind) if refers(r, by, resource, names)]
        return self._named[key]

    def targets(self, resource: Resource, by: str, *types: str) -> list[Resource]:
        """The resources of these types that this one names at the path ``by``."""
        key = ("of", resource.urn, by, *types)
        if key not in self._named:
            self._named[key] = [
                r for r in self.of(*types) if refers(resource, by, r, self.names(r))
            ]
        return self._named[key]

    def names(self, resource: Resource) -> set[str]:
        """What others name it by, as far as that is known."""
        if resource.urn not in self._names:
            self._names[resource.urn] = identifiers(resource)
        return self._names[resource.urn]

    def statements(self, resource: Resource, by: str) -> list[Statement] | Unknown:
        """The statements of the document that a property holds."""
        key = (resource.urn, by)
        if key not in self._documents:
            self._documents[key] = statements(resource.inputs.get(by))
        return self._documents[key]

    @cached_property
    def production(self) -> bool:
        """Whether production's rules apply: by the tag every resource has, and if in doubt."""
        tiers = set(self._tiers())
        return not tiers or bool(tiers & PRODUCTION_TIERS)

    def _tiers(self) -> Iterator[str]:
        for provider in self._by_type.get(AWS, ()):
            tags = provider.inputs.get("defaultTags")
            # A real engine has a provider's nested properties as JSON.
            tags = json.loads(tags) if isinstance(tags, str) else tags
            tier = value(tags, "tags.Tier")
            if isinstance(tier, str):
                yield tier

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.graph.resources:
            if not resource.external:
                found[resource.type].append(resource)
        return dict(found)


def refers(resource: Resource, by: str, target: Resource, names: set[str] | None = None) -> bool:
    """Whether the property at ``by`` names the target: by its value or, unknown, by its origin."""
    found = values(resource.inputs, by)
    known = [value for value in found if isinstance(value, str)]
    names = identifiers(target) if names is None else names
    if any(value in names or any(_within(n, value) for n in names) for value in known):
        return True
    if all(value is MISSING for value in found):
        return False
    if known and len(known) == len(found) and isinstance(target.id, str):
        return False
    top = by.partition(".")[0].partition("[")[0]
    return target.urn in resource.property_dependencies.get(top, ())


def _within(name: str, value: str) -> bool:
    """Whether a longer value, such as an alias's ARN, has the name in it, and that name whole."""
    at = value.find(name) if len(name) > 16 else -1
    if at < 0:
        return False
    around = value[at - 1 : at] + value[at + len(name) : at + len(name) + 1]
    return not any(c.isalnum() or c in "-_" for c in around)


def identifiers(resource: Resource) -> set[str]:
    """What others name it by, as far as that is known."""
    named: list[Any] = [resource.id, *(resource.outputs.get(key) for key in NAMES)]
    return {value for value in named if isinstance(value, str) and value}
