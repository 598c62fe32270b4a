"""IAM documents as data: statements with lists where JSON allows a single item."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from graph.model import Data, Unknown

IDENTITY: Final = {
    "aws:iam/rolePolicy:RolePolicy": "policy",
    "aws:iam/policy:Policy": "policy",
}
"""What says what a role may do, by the property that holds it."""
TRUST: Final = {"aws:iam/role:Role": "assumeRolePolicy"}
"""What says who may take a role."""
RESOURCE: Final = {
    "aws:s3/bucketPolicy:BucketPolicy": "policy",
    "aws:kms/key:Key": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
    "aws:ec2/vpcEndpoint:VpcEndpoint": "policy",
}
"""What says who may use a resource."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """``principals`` maps AWS, Service or Federated to who; anybody is ``{"*": ["*"]}``."""

    sid: str
    allows: bool
    actions: Sequence[str]
    resources: Sequence[str]
    principals: Mapping[str, Sequence[str]]
    conditions: Mapping[str, Mapping[str, Sequence[str]]]

    def condition(self, *keys: str) -> list[str]:
        """The values demanded of any of these condition keys, whatever the operator."""
        wanted = {key.lower() for key in keys}
        return [
            value
            for tests in self.conditions.values()
            for key, found in tests.items()
            if key.lower() in wanted
            for value in found
        ]

    def limit(self, *keys: str) -> list[str]:
        """The values that a request must have of any of these keys.

        No limit is what excludes values, what lets a request pass that lacks the key, and ``*``.
        """
        demanding = {
            operator: tests
            for operator, tests in self.conditions.items()
            if "Not" not in operator and not operator.endswith("IfExists")
        }
        found = replace(self, conditions=demanding).condition(*keys)
        return [value for value in found if str(value).strip("*")]

    @property
    def who(self) -> list[str]:
        """All its principals."""
        return [one for several in self.principals.values() for one in several]


def statements(document: Data) -> list[Statement] | Unknown:
    """A document's statements, or UNKNOWN where it is; a malformed one has none."""
    if isinstance(document, Unknown):
        return document
    try:
        data = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return []
    if not isinstance(data, Mapping):
        return []
    return list(_statements(data))


def _statements(data: Mapping[str, Any]) -> Iterator[Statement]:
    for statement in _list(data.get("Statement")):
        if isinstance(statement, Mapping):
            yield Statement(
                sid=statement.get("Sid", ""),
                allows=statement.get("Effect") == "Allow",
                actions=_named(statement, "Action"),
                resources=_named(statement, "Resource"),
                principals=_principals(statement),
                conditions={
                    operator: {key: _list(value) for key, value in tests.items()}
                    for operator, tests in (statement.get("Condition") or {}).items()
                },
            )


def _named(statement: Mapping[str, Any], key: str) -> list[Data]:
    """What allows all but a few allows all; what denies all but a few is held to deny nothing."""
    if f"Not{key}" not in statement:
        return _list(statement.get(key))
    return ["*"] if statement.get("Effect") == "Allow" else []


def _principals(statement: Mapping[str, Any]) -> dict[str, list[Data]]:
    if "NotPrincipal" in statement:
        return {"*": _named(statement, "Principal")}
    principal = statement.get("Principal") or {}
    if isinstance(principal, Mapping):
        return {kind: _list(who) for kind, who in principal.items()}
    return {"*": [principal]}


def _list(value: Data) -> list[Data]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]
