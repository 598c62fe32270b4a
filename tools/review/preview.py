"""A Graph for the eye, as a tree by layer and component, and for programs, as JSON."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, TextIO

from graph.model import PACKAGE, STACK_TYPE, Graph, Resource, mask

LAYERS: Final = ("edge", "api", "data", "security", "operations")
PROTECTED: Final = "*"

Line = tuple[tuple[str, str], ...]
"""Pairs of text and its style on a terminal."""


def as_json(graph: Graph) -> str:
    """The whole record."""
    return json.dumps(graph.to_json(), indent=2) + "\n"


def text(graph: Graph, heading: str = "") -> str:
    """The tree without colour."""
    return "".join(f"{''.join(part for part, _ in line)}\n" for line in _lines(graph, heading))


def show(graph: Graph, heading: str, stream: TextIO) -> None:
    """Write the tree, in colour only to a terminal."""
    if not stream.isatty():
        stream.write(text(graph, heading))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream)
    for line in _lines(graph, heading):
        console.print(Text.assemble(*line), soft_wrap=True)


def _lines(graph: Graph, heading: str) -> Iterator[Line]:
    yield ((f"{graph.project} {graph.stack}", "bold"), (f": {heading}" if heading else "", ""))
    shown = [resource for resource in graph.resources if resource.type != STACK_TYPE]
    components = [resource for resource in shown if graph.component(resource) is resource]
    below: dict[str | None, list[Resource]] = defaultdict(list)
    for resource in shown:
        component = graph.component(resource)
        if component is not resource and not resource.type.startswith(f"{PACKAGE}:"):
            below[component.urn if component else None].append(resource)
    for layer in _layers(graph, components):
        inside = [component for component in components if graph.layer(component) == layer]
        resources = [resource for component in inside for resource in below[component.urn]]
        counts = f"{_count(inside, 'component')}, {_count(resources, 'resource')}"
        yield ()
        yield ((layer, "bold cyan"), (f"  {counts}", "dim"))
        for component in inside:
            yield from _component(component, below[component.urn])
    if below[None]:
        yield ()
        yield (("in no component", "bold cyan"), (f"  {_count(below[None], 'resource')}", "dim"))
        yield from _rows(below[None])
    yield ()
    yield from _totals(components, [r for resources in below.values() for r in resources])
    yield from _exports(graph)


def _layers(graph: Graph, components: Iterable[Resource]) -> list[str]:
    """Those there are, the platform's own in reading order, any other after them."""
    found = {graph.layer(component) or "" for component in components}
    return [*(layer for layer in LAYERS if layer in found), *sorted(found - {*LAYERS})]


def _component(component: Resource, resources: list[Resource]) -> Iterator[Line]:
    kind = component.type.rpartition(":")[2]
    yield ((f"  {kind}", "bold"), (f" {component.name}", ""), (f"  {len(resources)}", "dim"))
    yield from _rows(resources)


def _rows(resources: list[Resource]) -> Iterator[Line]:
    width = max((len(resource.short_type) for resource in resources), default=0)
    for resource in sorted(resources, key=lambda r: (r.short_type, r.name)):
        mark = PROTECTED if resource.protect else " "
        kind = f"{resource.short_type:<{width}}"
        read = "  (read)" if resource.external else ""
        yield ((f"  {mark} ", "yellow"), (f"{kind}  ", "green"), (resource.name, ""), (read, "dim"))


def _totals(components: list[Resource], resources: list[Resource]) -> Iterator[Line]:
    protected = sum(resource.protect for resource in resources)
    note = f"; {PROTECTED} {protected} protected from deletion" if protected else ""
    whole = f"{_count(resources, 'resource')} in {_count(components, 'component')}"
    yield ((whole, "bold"), (note, ""))


def _exports(graph: Graph) -> Iterator[Line]:
    exports = graph.to_json()["outputs"]
    if exports:
        yield ()
        yield (("exports", "bold cyan"),)
    width = max(map(len, exports), default=0)
    for name, value in exports.items():
        written = value if isinstance(value, str) else json.dumps(mask(value))
        yield ((f"  {name:<{width}}  ", ""), (written, "green"))


def _count(things: list[Resource], what: str) -> str:
    return f"{len(things)} {what}{'' if len(things) == 1 else 's'}"
