"""What a stack is made of: its components by layer and kind, with what each holds."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graph.model import PACKAGE, STACK_TYPE, Graph, Resource

LAYERS: Final = ("edge", "api", "data", "security", "operations")


@dataclass(frozen=True, kw_only=True)
class Part:
    """A platform component and the resources in it; of what is in none, ``component`` is None."""

    component: Resource | None
    layer: str
    resources: Sequence[Resource]

    @property
    def kind(self) -> str:
        """The component's class."""
        return self.component.type.rpartition(":")[2] if self.component else ""


def parts(graph: Graph) -> list[Part]:
    """Layers in reading order, any other after them, and last what is in no component."""
    shown = [resource for resource in graph.resources if resource.type != STACK_TYPE]
    components = [resource for resource in shown if graph.component(resource) is resource]
    below: dict[str | None, list[Resource]] = defaultdict(list)
    for resource in shown:
        if not resource.type.startswith(f"{PACKAGE}:"):
            component = graph.component(resource)
            below[component.urn if component else None].append(resource)
    found = [
        Part(component=each, layer=graph.layer(each) or "", resources=below[each.urn])
        for each in components
    ]
    found.sort(key=lambda part: (_place(part.layer), part.layer))
    loose = [Part(component=None, layer="", resources=below[None])] if below[None] else []
    return [*found, *loose]


def _place(layer: str) -> int:
    return LAYERS.index(layer) if layer in LAYERS else len(LAYERS)
