"""Weaker stacks, derived from a built one: the rules have no say in what is tried.

Every boolean inverted; every number raised tenfold, alone and with those beside it, and dropped;
every address range opened to the world; every property about keys, logs, retention, alarms and
protection dropped, unless the provider asks for it; every statement widened or, if it denies,
removed; every resource that only accompanies another removed.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from inspect import Parameter, signature
from typing import Any

from graph.model import STACK_TYPE, UNKNOWN, Graph, Resource
from policies.documents import IDENTITY, RESOURCE, TRUST

DOCUMENTS = {**IDENTITY, **TRUST, **RESOURCE}
GUARDING = re.compile(
    r"kms|encrypt|sse|log|retention|alarm|protect|ssl|tls|https|auth|block|redrive|deadLetter"
    r"|throttl|accessControl|securityGroup|backup|monitor|policy|expir|ttl|rotation|mfa|tracing"
    r"|recovery|waf|webAcl|deletion|restrict|condition|window|action",
    re.IGNORECASE,
)
CIDR = re.compile(r"\d+\.\d+\.\d+\.\d+/\d+")
WORLD = "0.0.0.0/0"
NOTHING: tuple[Any, ...] = (None, False, "", [], {})
"""What is as good as dropped already."""
ACCOMPANYING = {"aws:cloudwatch/logGroup:LogGroup", "aws:sqs/queue:Queue"}
"""What others name, and yet is there for their sake."""
IGNORED = {STACK_TYPE, "aws:lambda/invocation:Invocation"}


@dataclass(frozen=True)
class Mutant:
    """One resource changed, or, with None, gone."""

    label: str
    type: str
    path: str
    kind: str
    old: Resource
    new: Resource | None

    @property
    def shape(self) -> tuple[str, str, str, str]:
        """Mutants of one shape are of resources alike: one of them is tried."""
        path = re.sub(r"\[\d+\]", "[*]", self.path)
        return (self.type, path, self.kind, _value(self.old, self.path))

    def of(self, graph: Graph) -> Graph:
        """The graph with it."""
        resources = (
            self.new if r is self.old else r
            for r in graph.resources
            if r is not self.old or self.new is not None
        )
        return Graph(graph.project, graph.stack, tuple(r for r in resources if r))

    def __str__(self) -> str:
        return f"{self.label} {self.path} {self.kind}".replace("  ", " ")


def mutants(graph: Graph) -> list[Mutant]:
    """One of each shape, in the graph's order; a companion is tried for each it accompanies."""
    found: dict[tuple[Any, ...], Mutant] = {}
    for mutant in _all(graph):
        found.setdefault(mutant.shape, mutant)
    return list(found.values())


def _all(graph: Graph) -> Iterator[Mutant]:
    depended = {
        urn for r in graph.resources for urns in r.property_dependencies.values() for urn in urns
    }
    for resource in graph.resources:
        if not resource.type.startswith("aws:") or resource.type in IGNORED or resource.external:
            continue
        for path, kind, inputs in _changes(resource):
            yield Mutant(
                resource.label,
                resource.type,
                path,
                kind,
                resource,
                replace(resource, inputs=inputs),
            )
        if resource.protect:
            yield Mutant(
                resource.label,
                resource.type,
                "protect",
                "dropped",
                resource,
                replace(resource, protect=False),
            )
        lonely = resource.urn not in depended and resource.property_dependencies
        if lonely or resource.type in ACCOMPANYING:
            yield Mutant(resource.label, resource.type, "", "removed", resource, None)


def _changes(resource: Resource) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield from _opened(resource)
    by = DOCUMENTS.get(resource.type)
    for name, value in resource.inputs.items():
        changes = _statements(value) if name == by else _values(value, name)
        for path, kind, new in changes:
            if kind == "dropped" and demanded(resource.type, path):
                continue
            inputs = {**resource.inputs, name: new}
            yield path, kind, {key: item for key, item in inputs.items() if item is not None}


def demanded(kind: str, path: str) -> bool:
    """Whether the provider refuses to do without it: a stack that lacks it is no stack at all."""
    *way, last = re.sub(r"\[\d+\]", "", path).split(".")
    _, module, name = kind.split(":")
    service = module.partition("/")[0]
    package = f"pulumi_aws.{'lambda_' if service == 'lambda' else service}"
    owner = f"{name}Args"
    for step in way:
        inner = re.search(r"'(\w+Args)'", str(_parameters(package, owner).get(step)))
        if not inner:
            return False
        owner = inner[1]
    parameter = _parameters(package, owner).get(last)
    return not path.endswith("]") and parameter is not None and parameter.default is Parameter.empty


@cache
def _parameters(package: str, owner: str) -> dict[str, Parameter]:
    """What a class of arguments takes, by the provider's names."""
    found = signature(getattr(import_module(package), owner).__init__).parameters
    return {re.sub(r"_(\w)", lambda m: m[1].upper(), name): p for name, p in found.items()}


def _opened(resource: Resource) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """A security group's rule for the world, instead of for a group or a service."""
    for name in ("referencedSecurityGroupId", "prefixListId"):
        if name in resource.inputs:
            others = {k: v for k, v in resource.inputs.items() if k != name}
            yield name, "opened", {**others, "cidrIpv4": WORLD}


def _values(value: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    """A value's changes, each as the whole new value; None drops it."""
    if GUARDING.search(path.rpartition(".")[2]) and value not in NOTHING:
        yield path, "dropped", None
    if isinstance(value, bool):
        yield path, "inverted", not value
    elif isinstance(value, (int, float)):
        yield path, "raised", value * 10 if value else 10
        if value and not GUARDING.search(path.rpartition(".")[2]):
            yield path, "dropped", None
    elif isinstance(value, str) and CIDR.fullmatch(value) and value != WORLD:
        yield path, "opened", WORLD
    elif isinstance(value, dict):
        for key, item in value.items():
            for inner, kind, new in _values(item, f"{path}.{key}"):
                changed = {**value, key: new}
                yield inner, kind, {k: v for k, v in changed.items() if v is not None}
        numbers = {k: v * 10 for k, v in value.items() if type(v) in (int, float)}
        if len(numbers) > 1:
            yield path, "raised together", {**value, **numbers}
    elif isinstance(value, list):
        for i, item in enumerate(value):
            for inner, kind, new in _values(item, f"{path}[{i}]"):
                changed_list = [*value[:i], new, *value[i + 1 :]]
                yield inner, kind, [v for v in changed_list if v is not None]


def _statements(document: Any) -> Iterator[tuple[str, str, Any]]:
    if document is UNKNOWN or not isinstance(document, str):
        return
    data = json.loads(document)
    for i, statement in enumerate(data["Statement"]):
        sid = statement.get("Sid", i)
        for kind, new in _widened(statement):
            others = [*data["Statement"][:i], *([new] if new else []), *data["Statement"][i + 1 :]]
            yield f"{sid}", kind, json.dumps({**data, "Statement": others})


def _widened(statement: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any] | None]]:
    if statement["Effect"] == "Deny":
        yield "removed", None
        return
    if statement.get("Action") not in ("*", ["*"]):
        yield "action", {**statement, "Action": "*"}
    if "Resource" in statement and statement["Resource"] not in ("*", ["*"]):
        yield "resource", {**statement, "Resource": "*"}
    if "Principal" in statement and "*" not in json.dumps(statement["Principal"]):
        yield "principal", {**statement, "Principal": "*"}
    for operator, tests in statement.get("Condition", {}).items():
        for key in tests:
            left = {
                o: {k: v for k, v in t.items() if (o, k) != (operator, key)}
                for o, t in statement["Condition"].items()
            }
            yield f"without {key}", {**statement, "Condition": {o: t for o, t in left.items() if t}}


def _value(resource: Resource, path: str) -> str:
    """What tells mutants of one path apart: the value it had, unless it is a name."""
    if not path:
        return resource.name
    data: Any = resource.inputs
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        try:
            data = data[name] if name else data[int(index)]
        except (KeyError, IndexError, TypeError):
            return ""
    return repr(data) if isinstance(data, (bool, int, float)) else ""
