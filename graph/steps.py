"""The steps of ``pulumi preview --json``, resource by resource: what is left, and what is done.

https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/step.go has the operations.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from graph import autonames
from graph.model import Operation, Planned

Step = Mapping[str, Any]
Steps = Mapping[str, Sequence[Step]]

_CLEANUP: Final = {"delete-replaced", "discard-replaced", "remove-pending-replace"}
"""Part of a replacement, or left over from one that failed: none of them says what becomes of the
resource."""
GONE: Final = {"delete", "discard"}
_KEPT: Final = {"same", "update"}
_OPERATIONS: Final[Mapping[str, Operation]] = {
    "same": "same",
    "refresh": "same",
    "read": "same",
    "discard": "same",
    "create": "create",
    "import": "import",
    "update": "update",
    "delete": "delete",
    "replace": "replace",
    "create-replacement": "replace",
    "read-replacement": "replace",
    "import-replacement": "replace",
}
"""What a step does to what is in AWS."""


def by_resource(steps: Iterable[Step]) -> Steps:
    """By URN, in their order, those that say what becomes of it."""
    found: dict[str, list[Step]] = defaultdict(list)
    for each in steps:
        if each["op"] not in _CLEANUP:
            found[each["urn"]].append(each)
    return found


def complete(steps: Steps, summary: Mapping[str, int]) -> bool:
    """Whether the resources that stay are among them, as with ``--show-sames``."""
    shown = [each for several in steps.values() for each in several if each["op"] == "same"]
    return len(shown) >= summary.get("same", 0)


def left(steps: Steps) -> Iterator[Mapping[str, Any]]:
    """The states that they lead to; what stays or is updated keeps its id, and what it is called.
    What is made tells others the name that was drawn for it, which is not the one it will have.

    Of several steps the last counts: one before it may be what a refresh found, even under a URN
    that is now an alias.
    """
    for several in steps.values():
        last = several[-1]
        if last["op"] in GONE or last["op"] == "refresh" or not last.get("newState"):
            continue
        new, old = last["newState"], last.get("oldState") or {}
        if last["op"] in _KEPT:
            known = {key: old[key] for key in ("id", "outputs") if key in old}
        else:
            known = {"outputs": autonames.drawn(new.get("inputs") or {})}
        yield {**known, **new}


def plan(steps: Steps) -> Mapping[str, Planned]:
    """What the engine does with each."""
    return {urn: _planned(several) for urn, several in steps.items()}


def _planned(steps: Sequence[Step]) -> Planned:
    old, last = steps[0].get("oldState"), steps[-1]
    # An import that is not exact is updated right after.
    imported = any(each["op"] == "import" for each in steps)
    operation = "import" if imported else _OPERATIONS.get(last["op"], "same")
    if operation == "replace" and old and old.get("external"):
        # What is only read is not the engine's to take away.
        operation = "create"
    return Planned(
        operation=operation,
        was=(old["urn"], old.get("id")) if old else None,
        replacing=_reasons(last, "replaceReasons", ("-replace",)),
        changing=_reasons(last, "diffReasons", ("add", "update", "delete")),
    )


def _reasons(last: Step, listed: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Property by property where the provider told that, else as the engine lists them."""
    detailed: Mapping[str, Any] = last.get("detailedDiff") or {}
    found = [path for path, said in detailed.items() if said["kind"].endswith(kinds)]
    return tuple(found or last.get(listed) or ())
