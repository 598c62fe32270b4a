"""What Pulumi's engine itself said it will do, where a live preview has it, and where that is not
what the records and the provider's table say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from graph.changes.model import ABSENT, Difference, Kind, Verdict
from graph.changes.properties import ANOTHER, COMPUTED, revealed, top
from graph.model import MASK, UNKNOWN, Data, Graph, Operation, Planned, Resource

_WILL: Final[Mapping[Operation, str]] = {
    "same": "leave it as it is",
    "create": "create it",
    "import": "take it in as it is",
    "update": "update it",
    "replace": "replace it",
    "delete": "delete it",
}
_WOULD: Final[Mapping[Kind, str]] = {
    "same": "by the two records nothing of it changes",
    "update": "by the provider's table it would be updated",
    "replace": "by the provider's table it would be replaced",
}


def applicable(before: Graph, after: Graph) -> Mapping[str, Planned]:
    """The plan of ``after`` if it was made for ``before``, told by every id; else none: what the
    engine says of another state says nothing of a change from this one."""
    was = dict(each.was for each in after.plan.values() if each.was)
    states = {r.urn: r.id for r in before.resources}
    # The CLI leaves out the providers that the engine makes itself.
    asked = {r.urn for r in before.resources if not r.is_provider}
    same = all(urn in states and states[urn] == (id_ or None) for urn, id_ in was.items())
    return after.plan if same and asked <= was.keys() else {}


def told(
    said: Planned, ours: Kind, found: Sequence[Difference], settled: Sequence[Difference]
) -> str:
    """What the engine will do and, if the records could tell, what they say instead."""
    theirs = said.replacing if said.operation == "replace" else said.changing
    will = f"the engine will {_WILL[said.operation]}{_named(theirs)}"
    more = settled[len(found) :]
    if any(each.verdict == "unknown" for each in found) or (
        more and ours == "same" and all(_hidden(each.old) or _hidden(each.new) for each in more)
    ):
        return will
    verdict = "replaces" if ours == "replace" else "updates"
    return f"{will}; {_WOULD[ours]}{_named(e.path for e in found if e.verdict == verdict)}"


def _hidden(value: Data) -> bool:
    """Whether something of it is secret, or not known."""
    if isinstance(value, Mapping):
        return any(map(_hidden, value.values()))
    if isinstance(value, list):
        return any(map(_hidden, value))
    return value in (UNKNOWN, MASK, ANOTHER)


def _named(paths: Iterable[str]) -> str:
    listed = ", ".join(f"`{path}`" for path in paths)
    return f": {listed}" if listed else ""


def settled(
    said: Planned, old: Resource, new: Resource, found: Iterable[Difference]
) -> tuple[Difference, ...]:
    """The properties with the engine's verdict, and those that it alone has seen."""
    named = {top(path): path for path in (*said.changing, *said.replacing)}
    decides = {top(path) for path in said.replacing}

    def verdict(key: str) -> Verdict:
        return "replaces" if said.operation == "replace" and key in decides else "updates"

    known = [
        Difference(path=e.path, old=e.old, new=e.new, verdict=verdict(top(e.path)))
        if top(e.path) in named or e.verdict in ("replaces", "unknown")
        else e
        for e in found
    ]
    seen = {top(each.path) for each in known}
    more = [_seen(key, verdict(key), old, new) for key in sorted(named.keys() - seen - COMPUTED)]
    return (*known, *(each for each in more if each))


def _seen(key: str, verdict: Verdict, old: Resource, new: Resource) -> Difference | None:
    before, after = revealed(old, key), revealed(new, key)
    if before is after is ABSENT:
        return None
    if before == after == MASK:
        after = ANOTHER
    return Difference(path=key, old=before, new=after, verdict=verdict)
