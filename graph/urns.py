"""Pulumi's URNs: ``urn:pulumi:<stack>::<project>::<types of parents$type>::<name>``."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

from pulumi.runtime.proto import alias_pb2

from graph.model import STACK_TYPE, Resource


class Urn(NamedTuple):
    """A URN in parts; ``chain`` is the type after those of its parents, the stack's left out."""

    stack: str
    project: str
    chain: str
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take a URN apart; a name may itself contain the separator."""
        head, project, chain, name = text.split("::", 3)
        return cls(head.removeprefix("urn:pulumi:"), project, chain, name)

    def __str__(self) -> str:
        return f"urn:pulumi:{self.stack}::{self.project}::{self.chain}::{self.name}"

    @property
    def type(self) -> str:
        """The resource's own type."""
        return self.chain.rpartition("$")[2]

    def child(self, type_: str, name: str) -> Self:
        """The URN a child of this resource has."""
        chain = type_ if self.chain == STACK_TYPE else f"{self.chain}${type_}"
        return self._replace(chain=chain, name=name)


def aliases(own: Urn, parent: Resource | None, declared: Iterable[alias_pb2.Alias]) -> list[str]:
    """The URNs a resource may have had: its own aliases, times those of its parent.

    A renamed component thereby keeps its children, as in the engine (``generateAliases``), which
    has the old state and inherits only the parent's alias found there.
    """
    before = [_former(own, parent, alias) for alias in declared]
    found = [str(alias) for alias in before]
    for former_parent in parent.aliases if parent else ():
        found += [str(urn) for urn in _inherited([own, *before], parent, Urn.parse(former_parent))]
    return list(dict.fromkeys(found))


def _former(own: Urn, parent: Resource | None, alias: alias_pb2.Alias) -> Urn:
    if alias.urn:
        return Urn.parse(alias.urn)
    spec = alias.spec
    type_, name = spec.type or own.type, spec.name or own.name
    above = spec.parentUrn or (parent.urn if parent and not spec.noParent else "")
    former = Urn.parse(above).child(type_, name) if above else own._replace(chain=type_, name=name)
    return former._replace(stack=spec.stack or own.stack, project=spec.project or own.project)


def _inherited(urns: list[Urn], parent: Resource | None, former_parent: Urn) -> Iterator[Urn]:
    """A child named after its parent (``<parent>-role``) was so before, too."""
    prefix = parent.name if parent else ""
    for urn in urns:
        name = urn.name
        if name.startswith(prefix):
            name = former_parent.name + name.removeprefix(prefix)
        yield former_parent.child(urn.type, name)
