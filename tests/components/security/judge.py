"""Says what IAM would of a role's policies, as far as these policies go."""

import json
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from graph.model import Graph

ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
POLICY = "aws:iam/policy:Policy"
ROLE = "aws:iam/role:Role"

Statement = Mapping[str, Any]


def attached(graph: Graph, role: str) -> dict[str, list[Statement]]:
    """The statements of each policy attached to a role, by the policy's name."""
    name = graph.resource(role, ROLE).inputs["name"]
    policies = {resource.outputs["arn"]: resource for resource in graph.by_type(POLICY)}
    found = [
        policies[resource.inputs["policyArn"]]
        for resource in graph.by_type(ATTACHMENT)
        if resource.inputs["role"] == name
    ]
    return {policy.name: json.loads(policy.inputs["policy"])["Statement"] for policy in found}


def allows(
    policies: Mapping[str, list[Statement]], action: str, resource: str, **context: str
) -> bool:
    """Whether some statement allows it and none denies it; ``context`` has __ for a colon, as in
    ``iam__PassedToService``."""
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    always = {"aws:ViaAWSService": "false"}
    given = always | {key.replace("__", ":"): value for key, value in context.items()}
    effects = {
        statement["Effect"]
        for statement in (s for statements in policies.values() for s in statements)
        if _matches(statement, action, resource, given)
    }
    return effects == {"Allow"}


def _matches(statement: Statement, action: str, resource: str, given: Mapping[str, str]) -> bool:
    return (
        any(fnmatchcase(action, pattern) for pattern in statement["Action"])
        and _on(statement, resource)
        and all(
            OPERATORS[operator](given.get(key), list(_several(wanted)))
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def _on(statement: Statement, resource: str) -> bool:
    key = "Resource" if "Resource" in statement else "NotResource"
    return any(fnmatchcase(resource, arn) for arn in statement[key]) is (key == "Resource")


OPERATORS: Mapping[str, Callable[[str | None, list[str]], bool]] = {
    "ArnEquals": lambda given, wanted: given in wanted,
    "Bool": lambda given, wanted: given in wanted,
    "Null": lambda given, wanted: (given is None) is (wanted == ["true"]),
    "StringEquals": lambda given, wanted: given in wanted,
    "StringNotEquals": lambda given, wanted: given not in wanted,
}


def _several(value: str | list[str]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        yield from value
