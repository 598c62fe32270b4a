"""Small edits of built stacks, and what they let whom do."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from graph.access.who import Kind
from graph.access.widened import widened
from graph.model import Graph, Resource
from tests.policies.cases import Edit, beside, both, document, found
from tests.stacks import built

ACCOUNT = "123456789012"
OTHER = "999999999999"


@dataclass(frozen=True)
class Case:
    """``told`` are the messages with whom they are of; ``source`` is where AWS says so."""

    edit: Edit
    told: dict[str, Kind]
    decide: bool
    source: str
    stack: str = "prod"
    first: Edit | None = None

    def __str__(self) -> str:
        return next(iter(self.told), "nothing")[:70]


def case(
    source: str,
    edit: Edit,
    *told: str,
    who: Kind = Kind.EVERYBODY,
    decide: bool = True,
    stack: str = "prod",
    first: Edit | None = None,
) -> Case:
    """``first`` is done to the stack before it is what is deployed."""
    return Case(edit, dict.fromkeys(told, who), decide, source, stack, first)


def told(each: Case) -> dict[str, tuple[Kind, bool]]:
    """What is told of it: of whom, and whether that must be decided."""
    before = built(each.stack)
    if each.first:
        before = each.first(before)
    found = widened(before, each.edit(before))
    return {one.message: (one.who.kind, one.decide) for one in found}


def expected(each: Case) -> dict[str, tuple[Kind, bool]]:
    return {message: (who, each.decide) for message, who in each.told.items()}


def statement(label: str, path: str = "policy", **changes: Any) -> Edit:
    """A statement more, allowing unless it says otherwise."""
    more = {"Effect": "Allow", **changes}
    return document(label, path, lambda data: data["Statement"].append(more))


def in_statement(label: str, sid: str, path: str = "policy", **changes: Any) -> Edit:
    """Parts of one statement, or with None their absence."""

    def change(data: dict[str, Any]) -> None:
        one = next(s for s in data["Statement"] if s.get("Sid", "") == sid)
        one.update(changes)
        for key in [key for key, value in one.items() if value is None]:
            del one[key]

    return document(label, path, change)


def without_statement(label: str, sid: str) -> Edit:
    def change(data: dict[str, Any]) -> None:
        data["Statement"] = [s for s in data["Statement"] if s.get("Sid") != sid]

    return document(label, "policy", change)


def of(label: str, kind: str, name: str, make: Callable[[Resource], dict[str, Any]]) -> Edit:
    """One resource more, of what another gave."""
    return lambda graph: beside(kind, name, **make(found(graph, label)))(graph)


def renamed(label: str, name: str, *, alias: bool) -> Edit:
    def edit(graph: Graph) -> Graph:
        old = found(graph, label)
        urn = old.urn.removesuffix(old.name) + name
        new = replace(old, name=name, urn=urn, aliases=(old.urn,) if alias else ())
        return Graph(
            graph.project, graph.stack, tuple(new if r is old else r for r in graph.resources)
        )

    return edit


__all__ = [
    "ACCOUNT",
    "OTHER",
    "Case",
    "Kind",
    "both",
    "case",
    "expected",
    "in_statement",
    "of",
    "renamed",
    "statement",
    "told",
    "without_statement",
]
