"""No rule takes what is not known yet for a fault, whatever it is that is not known."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from graph.model import UNKNOWN, Graph, Resource
from policies.rule import Property, Verdict
from policies.rules import RULES
from policies.stack import Stack
from tests.policies.cases import TODAY
from tests.policies.test_mutation import asked
from tests.stacks import built

pytestmark = pytest.mark.slow

TYPES = sorted({r.type for r in built("prod").resources if r.type.startswith("aws:")})


def holes(value: Any) -> Iterator[Any]:
    """The value with one thing in it unknown, each in turn, however deep."""
    yield UNKNOWN
    if isinstance(value, dict):
        for key, item in value.items():
            yield from ({**value, key: hole} for hole in holes(item))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from ([*value[:at], hole, *value[at + 1 :]] for hole in holes(item))


def holed(resource: Resource) -> Iterator[tuple[str, Resource]]:
    """What comes from others is still known to come from them."""
    for name, value in resource.inputs.items():
        for hole in holes(value):
            yield name, replace(resource, inputs={**resource.inputs, name: hole})


def fullest(graph: Graph, kind: str) -> Resource:
    """The resource of a type in which the most can be unknown."""
    return max(graph.by_type(kind), key=lambda resource: sum(1 for _ in holed(resource)))


def violations(rule, graph):
    found = rule.judge(Stack(graph, TODAY))
    return {j.resource.urn if j.resource else None for j in found if j.verdict is Verdict.VIOLATED}


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_not_known_is_no_fault(kind):
    graph = built("prod")
    sound = fullest(graph, kind)
    concerned = [r for r in RULES if kind in asked()[r.name]]
    before = {rule.name: violations(rule, graph) for rule in concerned}

    faults = set()

    for name, less in holed(sound):
        resources = tuple(less if r is sound else r for r in graph.resources)
        changed = Graph(graph.project, graph.stack, resources)
        for rule in concerned:
            if isinstance(rule, Property):
                judged = not rule.only or rule.only(less)
                found = judged and rule.judge_one(less).verdict is Verdict.VIOLATED
                new = {less.urn} if found else set()
            else:
                new = violations(rule, changed)
            if new - before[rule.name]:
                faults.add(f"{rule.name}: {name} of {sound.label}")

    assert faults == set()
