"""Access as plain data."""

from dataclasses import dataclass

from graph.access import conditions
from graph.access.conditions import Condition
from graph.access.patterns import Pattern
from graph.access.who import Who
from graph.model import Resource


@dataclass(frozen=True, kw_only=True)
class Access:
    """``who`` may do ``action`` on ``resource`` or, ``denies``, is kept from it.

    ``principal`` is who by a pattern, ``target`` what the document, rule or setting belongs to: a
    ``*`` in a key's policy is that key. ``through`` is where it is said. ``grants`` is what only
    names a policy that is written elsewhere, ``outward`` what ours reach outside. ``untold`` is
    what a record does not know yet: only where it comes from can be compared.
    """

    who: Who
    principal: Pattern
    action: Pattern
    resource: Pattern
    target: str
    through: Resource
    conditions: tuple[Condition, ...] = ()
    denies: bool = False
    outward: bool = False
    untold: str = ""

    def covers(self, other: "Access", *, conditional: bool = True) -> bool:
        """Whether all that the other says is said by this one."""
        return (
            (self.target, self.denies, self.untold) == (other.target, other.denies, other.untold)
            and self.action.covers(other.action)
            and self.resource.covers(other.resource)
            and self.principal.covers(other.principal)
            and (not conditional or conditions.covers(self.conditions, other.conditions))
        )


@dataclass(frozen=True, kw_only=True)
class Widening:
    """One thing that somebody may do who could not before; ``urn`` is of what lets them.

    ``decide``: somebody should have decided it before it is deployed.
    """

    urn: str
    message: str
    who: Who
    decide: bool

    def to_json(self) -> dict[str, str | bool]:
        """As ``diff --json`` prints it."""
        return {"who": self.who.kind.value, "message": self.message, "decide": self.decide}
