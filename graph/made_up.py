"""Which exports of a record are made up: only AWS gives them, and the engine stood in for it.

What is made up shows it: the digest of a resource's URN, the account that is nobody's, or the
name of the property. So does all that the program made of it. What the program gave itself shows
none of them, nor what AWS gives everybody, such as the zone of all of CloudFront's names.
"""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Final

from graph.answers import USER
from graph.model import Graph, Resource, step
from graph.outputs import ACCOUNT, NAME_SERVERS, STREAMED_SINCE

SHOWN: Final = 6
"""As many digits of a digest as the shortest id has."""
COMMON: Final = (ACCOUNT, USER, STREAMED_SINCE, *NAME_SERVERS)


def exports(graph: Graph) -> list[str]:
    """The paths, such as ``outputs.url``, of the exports that are made up or made of such."""
    marks = Marks(graph)
    return list(_paths(graph.outputs, "outputs", marks))


class Marks:
    """What is made up in a record."""

    def __init__(self, graph: Graph) -> None:
        self._digests = {digest_of(resource.urn)[:SHOWN] for resource in graph.resources}
        self._words = {word for each in graph.resources for word in _placeholders(each)}
        self._words.update(COMMON)

    def on(self, text: str) -> bool:
        """Whether a text is, or holds, what only AWS gives."""
        low = text.lower()
        shown = (low[start : start + SHOWN] for start in range(len(low) - SHOWN + 1))
        return not self._digests.isdisjoint(shown) or any(word in text for word in self._words)


def digest_of(urn: str) -> str:
    """The 40 digits that a resource's ids, names and ARNs are made of."""
    return hashlib.sha1(urn.encode(), usedforsecurity=False).hexdigest()


def placeholder(resource: str, name: str) -> str:
    """Where no row says what a text looks like."""
    return f"{resource}-{name}"


def _placeholders(resource: Resource) -> Iterator[str]:
    for name, value in {**resource.outputs, "id": resource.id}.items():
        if value == placeholder(resource.name, name) and name not in resource.inputs:
            yield value


def _paths(value: object, path: str, marks: Marks) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _paths(item, step(path, key), marks)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _paths(item, step(path, index), marks)
    elif isinstance(value, str) and marks.on(value):
        yield path
