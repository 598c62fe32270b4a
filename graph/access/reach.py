"""All that a resource lets somebody do, or keeps them from."""

from collections.abc import Iterator

from graph.access import documents, grants, network, web
from graph.access.guards import guards
from graph.access.model import Access
from graph.access.names import Names
from graph.model import Resource


def accesses(resource: Resource, names: Names) -> Iterator[Access]:
    """In the order in which it says so."""
    if not resource.custom or resource.is_provider:
        return
    yield from documents.accesses(resource, names)
    for table in (grants.SOURCES, network.SOURCES, web.SOURCES):
        source = table.get(resource.type)
        if source is not None:
            yield from source(resource, names)
    yield from network.addresses(resource, names)
    yield from guards(resource, names)
