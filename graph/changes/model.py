"""Changes as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from graph.access.model import Widening
from graph.model import Data, Resource, mask

Verdict = Literal["replaces", "updates", "ignored", "unknown"]
Kind = Literal[
    "loses",
    "widens",
    "refused",
    "interrupts",
    "replace",
    "delete",
    "update",
    "create",
    "same",
]
"""``loses``: data is gone. ``widens``: somebody may do what they could not. ``refused``: Pulumi's
engine or AWS does not do it. ``interrupts``: something stops meanwhile. The others are the engine's
operations; ``same`` is told only where the engine says so and the provider's table does not."""

KINDS: Final[tuple[Kind, ...]] = (
    "loses",
    "widens",
    "refused",
    "interrupts",
    "replace",
    "delete",
    "update",
    "create",
    "same",
)
"""The gravest first."""


class Absent:
    """A property that is not there."""

    def __repr__(self) -> str:
        return "(absent)"


ABSENT: Final = Absent()


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One property that changed; ``path`` is as in ``rules[0].days``.

    ``old`` and ``new`` name what other resources gave by that resource and its output. Secrets are
    only said to differ. ``judged`` is where the verdict comes from, if from no plan.
    """

    path: str
    old: Data
    new: Data
    verdict: Verdict
    judged: str = ""


@dataclass(frozen=True)
class Risk:
    """One thing that is the matter with a change, and where that is said.

    ``when`` it comes about and how long it ``lasts`` are empty where nobody says so.
    """

    kind: Kind
    message: str
    source: str = ""
    when: str = ""
    lasts: str = ""

    @property
    def sentence(self) -> str:
        """All of it."""
        return ", ".join(part for part in (self.message, self.when, self.lasts) if part)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What becomes of one resource; ``why`` says what decides it, ``source`` where that is said.

    ``risks`` is what AWS or the engine says of it, and ``widens`` who may do what by it who could
    not: of both, too, ``why`` speaks.
    """

    before: Resource | None
    after: Resource | None
    kinds: tuple[Kind, ...]
    properties: tuple[Difference, ...] = ()
    why: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    risks: tuple[Risk, ...] = ()
    widens: tuple[Widening, ...] = ()

    @property
    def resource(self) -> Resource:
        """As it will be or, deleted, as it was."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of the two is there
        return found

    def to_json(self) -> Mapping[str, Any]:
        """As ``diff --json`` prints it."""
        return {
            "urn": self.resource.urn,
            "type": self.resource.type,
            "name": self.resource.name,
            "kinds": list(self.kinds),
            "properties": [
                {
                    "path": each.path,
                    "old": shown(each.old),
                    "new": shown(each.new),
                    "verdict": each.verdict,
                    **({"judged": each.judged} if each.judged else {}),
                }
                for each in self.properties
            ],
            "why": list(self.why),
            "source": list(self.source),
            **({"widens": [each.to_json() for each in self.widens]} if self.widens else {}),
        }


def shown(value: Data) -> Data:
    """JSON-ready; None for what is absent."""
    return None if value is ABSENT else mask(value)
