"""Rules stand in the layer whose components declare what they judge, or with the whole stack."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from config.stack import ROOT
from graph.model import PACKAGE, Graph, Resource
from policies.rule import Rule
from policies.stack import Stack
from tests.policies.cases import TODAY
from tests.stacks import built

STACKS = ("dev", "prod", "enterprise")

ELSEWHERE = {
    "data.instance_alarms": "a component of that name states alarms, and operations declare them",
    "operations.database_events": "a notice nobody gets is a fault of the instance it is about",
    "operations.failures": "who sends to its queues, functions and streams, must name one of them",
    "security.audit_delivery": "lines that are not delivered are a fault of the function's",
    "security.groups": "components/security/flow.py declares a group's rules for other components",
    "security.roles": "roles and what they hold are every layer's, and judged in one way",
}
"""Modules that judge what no component of their layer declares, and why they do."""


def modules() -> Iterator[tuple[str, str, tuple[Rule, ...]]]:
    """Each module of rules: its layer, its name and its rules."""
    for path in sorted((ROOT / "policies" / "rules").glob("*/*.py")):
        if path.stem != "__init__":
            layer = path.parent.name
            yield layer, path.stem, import_module(f"policies.rules.{layer}.{path.stem}").RULES


def layers(graph: Graph, resource: Resource) -> Iterator[str]:
    """The layers of the component that declares it, and of those that this one is made in."""
    above = resource
    while above.parent:
        above = graph.resource(above.parent)
        if above.type.startswith(f"{PACKAGE}:"):
            yield above.type.split(":")[1]


@cache
def declared() -> dict[str, set[str]]:
    """Each type that the stacks have, with the layers that declare it."""
    found = defaultdict(set)
    for graph in map(built, STACKS):
        for resource in graph.resources:
            if resource.type.startswith("aws:"):
                found[resource.type] |= {*layers(graph, resource)}
    return found


def judged(rules: tuple[Rule, ...]) -> set[str]:
    """The types these rules find anything of, good or bad."""
    return {
        judgement.resource.type
        for graph in map(built, STACKS)
        for rule in rules
        for judgement in rule.judge(Stack(graph, TODAY))
        if judgement.resource
    }


@cache
def strangers() -> set[tuple[str, str]]:
    """What is judged in a layer that does not declare it: the module, and the type."""
    return {
        (f"{layer}.{name}", kind)
        for layer, name, rules in modules()
        if layer != "stack"
        for kind in judged(rules)
        if layer not in declared()[kind]
    }


def test_what_is_judged_in_a_layer_is_declared_there():
    assert {(module, kind) for module, kind in strangers() if module not in ELSEWHERE} == set()


def test_what_is_judged_elsewhere_for_a_reason_still_is():
    assert {module for module, _ in strangers()} >= ELSEWHERE.keys()


def test_most_types_are_declared_by_a_layer_and_judged():
    assert all(declared().values())
    assert len({kind for _, _, rules in modules() for kind in judged(rules)}) > 60
