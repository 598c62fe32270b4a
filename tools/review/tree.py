"""All of a record: a tree by layer and component."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from graph.model import Graph, Resource
from tools.review import exports, overview
from tools.review.lines import Line, count
from tools.review.notable import Notable
from tools.review.parts import Part, parts

PROTECTED: Final = "*"


def lines(graph: Graph, notable: Notable, width: int) -> Iterator[Line]:
    """Every resource, the totals, all that is notable and the exports, however long."""
    found = parts(graph)
    for layer, inside in groupby(found, key=lambda part: part.layer):
        yield from _layer(layer, list(inside))
    yield ()
    yield from _totals(found)
    yield from overview.notes(graph, notable, width)
    yield from exports.lines(graph)


def _layer(layer: str, inside: list[Part]) -> Iterator[Line]:
    components = [part for part in inside if part.component]
    resources = sum(len(part.resources) for part in inside)
    counts = [count(components, "component")] if components else []
    counts.append(count(resources, "resource"))
    yield ()
    yield ((layer or "in no component", "bold cyan"), (f"  {', '.join(counts)}", "dim"))
    for part in inside:
        if part.component:
            number = f"  {len(part.resources)}"
            yield ((f"  {part.kind}", "bold"), (f" {part.component.name}", ""), (number, "dim"))
        yield from _rows(part)


def _rows(part: Part) -> Iterator[Line]:
    width = max((len(resource.short_type) for resource in part.resources), default=0)
    for resource in sorted(part.resources, key=lambda r: (r.short_type, r.name)):
        yield _row(resource, width)


def _row(resource: Resource, width: int) -> Line:
    mark = PROTECTED if resource.protect else " "
    kind = f"{resource.short_type:<{width}}"
    read = "  (read)" if resource.external else ""
    return ((f"  {mark} ", "yellow"), (f"{kind}  ", "green"), (resource.name, ""), (read, "dim"))


def _totals(found: list[Part]) -> Iterator[Line]:
    resources = [resource for part in found for resource in part.resources]
    protected = sum(resource.protect for resource in resources)
    note = f"; {PROTECTED} {protected} protected from deletion" if protected else ""
    components = sum(part.component is not None for part in found)
    whole = f"{count(resources, 'resource')} in {count(components, 'component')}"
    yield ((whole, "bold"), (note, ""))
