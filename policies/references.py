"""Who names whom: a property by its value or, where that is unknown, by where it comes from."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Any, Final

from graph.model import Data, Resource
from policies.paths import MISSING, values

NAMES: Final = ("arn", "id", "identifier", "keyId", "name", "url")
"""The outputs that others name a resource by."""
LONG: Final = 16
"""Names of more letters are looked for within longer values, such as an alias's ARN."""

_WORD: Final = re.compile(r"[\w-]+")


def refers(resource: Resource, by: str, target: Resource, names: set[str] | None = None) -> bool:
    """Whether the property at ``by`` names the target: by its value or, unknown, by its origin."""
    found = values(resource.inputs, by)
    known = [value for value in found if isinstance(value, str)]
    names = identifiers(target) if names is None else names
    if any(value in names or any(_within(n, value) for n in names) for value in known):
        return True
    if all(value is MISSING for value in found):
        return False
    if known and len(known) == len(found) and isinstance(target.id, str):
        return False
    return target.urn in _origins(resource, by)


def covers(arn: Data, target: Resource) -> bool | None:
    """Whether an ARN with wildcards stands for the target; None where only AWS can tell."""
    if not isinstance(arn, str) or "*" not in arn:
        return False
    own = target.outputs.get("arn")
    return fnmatchcase(own, arn) if isinstance(own, str) else None


def identifiers(resource: Resource) -> set[str]:
    """What others name it by, as far as that is known."""
    named: list[Any] = [resource.id, *(resource.outputs.get(key) for key in NAMES)]
    return {value for value in named if isinstance(value, str) and value}


class Index:
    """Resources by marks, so that those who may refer are found without asking each pair.

    Whoever refers to a resource shows one of the marks it is known by: a whole word of a name, or
    where the value comes from. The reverse need not hold, so ``refers`` has the last word.
    """

    def __init__(self, marked: Iterable[tuple[Resource, Iterable[str]]]) -> None:
        self._resources: list[Resource] = []
        self._marked: dict[str, list[int]] = defaultdict(list)
        for at, (resource, marks) in enumerate(marked):
            self._resources.append(resource)
            for mark in marks:
                self._marked[mark].append(at)

    def having(self, marks: Iterable[str]) -> Iterator[Resource]:
        """Those with any of these marks, in the order they were given in."""
        found = {at for mark in marks if mark in self._marked for at in self._marked[mark]}
        return (self._resources[at] for at in sorted(found))


def known_by(urn: str, names: set[str]) -> set[str]:
    """A resource's marks: its URN and of each name the longest word, which tells most."""
    return {urn, *(max(_WORD.findall(name), key=len, default="") for name in names)}


def shown_by(resource: Resource, by: str) -> set[str]:
    """The marks of all that the property at ``by`` may name; "" is that of a name without words."""
    strings = (value for value in values(resource.inputs, by) if isinstance(value, str))
    return {"", *(word for s in strings for word in _WORD.findall(s)), *_origins(resource, by)}


def _origins(resource: Resource, by: str) -> tuple[str, ...]:
    top = by.partition(".")[0].partition("[")[0]
    return resource.property_dependencies.get(top, ())


def _within(name: str, value: str) -> bool:
    """Whether a longer value, such as an alias's ARN, has the name in it, and that name whole."""
    at = value.find(name) if len(name) > LONG else -1
    if at < 0:
        return False
    around = value[at - 1 : at] + value[at + len(name) : at + len(name) + 1]
    return not any(c.isalnum() or c in "-_" for c in around)
