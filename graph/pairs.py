"""Which resource of one record is which of another, as Pulumi's engine finds it."""

from collections.abc import Mapping
from typing import NamedTuple

from graph.model import Graph, Planned, Resource


class Matched(NamedTuple):
    """``created`` and ``deleted`` are in one of the records alone."""

    pairs: list[tuple[Resource, Resource]]
    created: list[Resource]
    deleted: list[Resource]


def matched(before: Graph, after: Graph, plan: Mapping[str, Planned] | None = None) -> Matched:
    """By URN, else by an alias:
    https://www.pulumi.com/docs/iac/concepts/resources/options/aliases/

    Where the engine has said itself what it found, that holds.
    """
    olds = {resource.urn: resource for resource in before.resources}
    pairs, created = [], []
    for new in after.resources:
        said = plan.get(new.urn) if plan else None
        urns = (new.urn, *new.aliases)
        if said:
            urns = (said.was[0],) if said.was and said.operation != "create" else ()
        former = next((urn for urn in urns if urn in olds), None)
        if former is None:
            created.append(new)
        else:
            pairs.append((olds.pop(former), new))
    return Matched(pairs, created, list(olds.values()))
