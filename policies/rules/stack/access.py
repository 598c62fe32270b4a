"""Rules for changes: whom a deployment would let do more. They need what is deployed now."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from policies.rule import Judgement, Rule, rule, violated
from policies.stack import Stack


@rule(
    fix="narrow it, or have this one change approved in waivers.yaml by its digest",
    severity="critical",
)
def access_not_widened(stack: Stack) -> Iterator[Judgement]:
    """No deployment lets outsiders do what they could not, nor anybody change kept data, keys,
    secrets or permissions."""
    if stack.before is None:
        return
    found: dict[str, list[str]] = defaultdict(list)
    for each in stack.widened:
        if each.decide:
            found[each.urn].append(each.message)
    resources = {r.urn: r for graph in (stack.before, stack.graph) for r in graph.resources}
    for urn, messages in found.items():
        yield violated(resources[urn], "; ".join(messages), digest(urn, messages))


def digest(urn: str, messages: list[str]) -> str:
    """What tells this widening from another through the same resource: in words, for they name
    whoever it is the same before and after a deployment."""
    return hashlib.sha256(json.dumps([urn, *sorted(messages)]).encode()).hexdigest()[:12]


RULES: Final[tuple[Rule, ...]] = (access_not_widened,)
