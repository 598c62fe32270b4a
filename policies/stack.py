"""A stack as rules see it: resource types, properties and who refers to whom."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Final

from graph.access.model import Widening
from graph.access.widened import widened
from graph.model import Graph, Resource, Unknown
from policies.documents import Statement, statements
from policies.paths import value
from policies.references import Index, identifiers, known_by, refers, shown_by

PRODUCTION_TIERS: Final = {"pro", "enterprise"}
AWS: Final = "pulumi:providers:aws"


def tiers(graph: Graph) -> set[str]:
    """The stack's tier, by the tag that its provider puts on every resource."""
    return {*_tagged(graph)}


def _tagged(graph: Graph) -> Iterator[str]:
    for provider in graph.by_type(AWS):
        tags = provider.inputs.get("defaultTags")
        # A real engine has a provider's nested properties as JSON.
        tags = json.loads(tags) if isinstance(tags, str) else tags
        tier = value(tags, "tags.Tier")
        if isinstance(tier, str):
            yield tier


class Stack:
    """A graph, the day it is judged on and, where it is known, the graph it would replace."""

    def __init__(self, graph: Graph, today: date, before: Graph | None = None) -> None:
        self.graph = graph
        self.today = today
        self.before = before
        self._documents: dict[tuple[str, str], list[Statement] | Unknown] = {}
        self._named: dict[tuple[str, ...], list[Resource]] = {}
        self._names: dict[str, set[str]] = {}
        self._naming: dict[tuple[str, str], Index] = {}
        self._nameable: dict[str, Index] = {}

    def of(self, *types: str) -> list[Resource]:
        """The resources of these types that the stack itself makes."""
        return [resource for kind in types for resource in self._by_type.get(kind, ())]

    def companions(self, resource: Resource, kind: str, by: str) -> list[Resource]:
        """The resources of a type that name this one at the path ``by``."""
        key = ("by", resource.urn, by, kind)
        if key not in self._named:
            names = self.names(resource)
            likely = self.naming(kind, by).having(known_by(resource.urn, names))
            self._named[key] = [r for r in likely if refers(r, by, resource, names)]
        return self._named[key]

    def targets(self, resource: Resource, by: str, *types: str) -> list[Resource]:
        """The resources of these types that this one names at the path ``by``."""
        key = ("of", resource.urn, by, *types)
        if key not in self._named:
            marks = shown_by(resource, by)
            likely = [r for kind in types for r in self.nameable(kind).having(marks)]
            self._named[key] = [r for r in likely if refers(resource, by, r, self.names(r))]
        return self._named[key]

    def naming(self, kind: str, by: str) -> Index:
        """The resources of a type by what they show at the path ``by``."""
        if (kind, by) not in self._naming:
            self._naming[kind, by] = Index((r, shown_by(r, by)) for r in self.of(kind))
        return self._naming[kind, by]

    def nameable(self, kind: str) -> Index:
        """The resources of a type by what others name them."""
        if kind not in self._nameable:
            marked = ((r, known_by(r.urn, self.names(r))) for r in self.of(kind))
            self._nameable[kind] = Index(marked)
        return self._nameable[kind]

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
    def widened(self) -> list[Widening]:
        """Who may do what that the graph before did not let them, if there is one."""
        return widened(self.before, self.graph) if self.before else []

    @cached_property
    def production(self) -> bool:
        """Whether production's rules apply: by the tag every resource has, and if in doubt."""
        found = tiers(self.graph)
        return not found or bool(found & PRODUCTION_TIERS)

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.graph.resources:
            if not resource.external:
                found[resource.type].append(resource)
        return dict(found)
