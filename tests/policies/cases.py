"""Stacks with one thing wrong, for rules to find."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from graph.model import Graph, Resource
from policies.evaluate import evaluate
from policies.paths import steps
from policies.rule import Rule, Verdict
from policies.stack import Stack
from tests.stacks import WAIVERS, built

TODAY = date(2026, 11, 22)

Edit = Callable[[Graph], Graph]


@dataclass(frozen=True)
class Case:
    """An edit of a built stack, and the resources that ``rule`` then finds fault with."""

    rule: str
    edit: Edit
    found: tuple[str, ...]
    stack: str = "prod"

    def __str__(self) -> str:
        return f"{self.rule} {' '.join(self.found)}"


def case(rule: str, edit: Edit, *found: str, stack: str = "prod") -> Case:
    return Case(rule, edit, found, stack)


def spoilt(rule: str, label: str, path: str, value: Any, stack: str = "prod") -> Case:
    """One property set, or, with None, dropped, and its resource found."""
    return case(rule, changed(label, path, value), label, stack=stack)


def changed(label: str, path: str, value: Any) -> Edit:
    """One property set, or, with None, dropped; ``[*]`` is the first item."""

    def edit(graph: Graph) -> Graph:
        old = found(graph, label)
        return _with(graph, old, replace(old, inputs=_set(old.inputs, steps(path), value)))

    return edit


def document(label: str, path: str, change: Callable[[dict[str, Any]], None]) -> Edit:
    """An IAM document, changed in place as data."""
    import json

    def edit(graph: Graph) -> Graph:
        old = found(graph, label)
        data = json.loads(old.inputs[path])
        change(data)
        return _with(graph, old, replace(old, inputs={**old.inputs, path: json.dumps(data)}))

    return edit


def without(*labels: str) -> Edit:
    """Resources that nobody declared."""

    def edit(graph: Graph) -> Graph:
        gone = {found(graph, label).urn for label in labels}
        left = tuple(r for r in graph.resources if r.urn not in gone)
        return Graph(graph.project, graph.stack, left)

    return edit


def beside(kind: str, name: str, **inputs: Any) -> Edit:
    """One resource more."""

    def edit(graph: Graph) -> Graph:
        urn = f"urn:pulumi:{graph.stack}::{graph.project}::{kind}::{name}"
        more = Resource(urn=urn, type=kind, name=name, custom=True, id=f"{name}-id", inputs=inputs)
        return Graph(graph.project, graph.stack, (*graph.resources, more))

    return edit


def protected(label: str, value: bool) -> Edit:
    """A resource that Pulumi may, or may not, delete."""

    def edit(graph: Graph) -> Graph:
        old = found(graph, label)
        return _with(graph, old, replace(old, protect=value))

    return edit


def made(*resources: tuple[str, str, dict[str, Any]], stack: str = "prod") -> Graph:
    """A production stack of these alone: type, name and inputs."""
    graph = Graph("ma-platform", stack, ())
    return both(*(beside(kind, name, **inputs) for kind, name, inputs in resources))(graph)


def both(*edits: Edit) -> Edit:
    """One after the other."""

    def edit(graph: Graph) -> Graph:
        for each in edits:
            graph = each(graph)
        return graph

    return edit


def found(graph: Graph, label: str) -> Resource:
    """The one resource of that label."""
    (resource,) = [r for r in graph.resources if r.label == label]
    return resource


def judged(rule: Rule, graph: Graph, verdict: Verdict) -> list[str]:
    """The labels of what the rule finds to be so."""
    return [j.label for j in rule.judge(Stack(graph, TODAY)) if j.verdict is verdict]


def check(case: Case, rules: Iterable[Rule]) -> None:
    """The rule is content with the stack as built, but for what is waived, and finds exactly what
    the edit broke."""
    rule = named(case.rule, rules)
    sound = built(case.stack)
    failing = [f for f in evaluate(Stack(sound, TODAY), [rule], WAIVERS) if f.fails]
    waived = judged(rule, sound, Verdict.VIOLATED)
    after = judged(rule, case.edit(sound), Verdict.VIOLATED)
    assert failing == []
    assert tuple(label for label in after if label not in waived) == case.found


def named(name: str, rules: Iterable[Rule]) -> Rule:
    """The one rule of that name."""
    (rule,) = [each for each in rules if each.name == name]
    return rule


def _with(graph: Graph, old: Resource, new: Resource) -> Graph:
    resources = tuple(new if each.urn == old.urn else each for each in graph.resources)
    return Graph(graph.project, graph.stack, resources)


def _set(data: Any, path: tuple[tuple[str, str], ...], value: Any) -> Any:
    if not path:
        return value
    (name, selector), rest = path[0], path[1:]
    if not selector:
        mapping = dict(data or {})
        mapping[name] = _set(mapping.get(name), rest, value)
        return {key: item for key, item in mapping.items() if item is not None}
    items = list(data)
    key, _, wanted = selector.partition("=")
    at = next(i for i, item in enumerate(items) if selector == "*" or item.get(key) == wanted)
    items[at] = _set(items[at], rest, value)
    return [item for item in items if item is not None]
