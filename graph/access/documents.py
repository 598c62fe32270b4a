"""What IAM documents let whom do: of every resource, whatever the property is called.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from graph.access.conditions import Condition
from graph.access.model import Access
from graph.access.names import Names
from graph.access.patterns import Glob
from graph.access.who import Kind, Who, classify
from graph.model import MASK, UNKNOWN, Data, Resource

TARGETS: Final = (
    "bucket",
    "queueUrl",
    "topic",
    "secretArn",
    "repository",
    "backupVaultName",
    "eventBusName",
    "resourceArn",
    "fileSystemId",
    "restApiId",
    "functionName",
    "keyId",
    "domainName",
    "arn",
)
"""The properties by which a policy that is a resource of its own says what it belongs to."""
HOLDERS: Final = ("role", "user", "group")
DOCUMENTS: Final = ("policy", "assumeRolePolicy", "policyDocument", "resourcePolicy")
"""Where a document is to be expected, if what is there is not known yet."""
ENDPOINT: Final = "aws:ec2/vpcEndpoint:VpcEndpoint"
OPEN: Final = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}
"""The policy of an endpoint that has none:
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html"""


def accesses(resource: Resource, names: Names) -> Iterator[Access]:
    """All that the documents among its inputs say."""
    for key, value in resource.inputs.items():
        for document in _documents(value):
            for statement in _list(document["Statement"]):
                if isinstance(statement, Mapping):
                    yield from _statement(resource, key, statement, names)
    for key in unknown_documents(resource):
        yield untold(resource, key, names)
    if resource.type == ENDPOINT and "policy" not in resource.inputs:
        yield from _statement(resource, "policy", OPEN["Statement"], names)


def unknown_documents(resource: Resource) -> list[str]:
    """Where it has a document that only a deployment knows."""
    return [key for key in DOCUMENTS if resource.inputs.get(key) in (UNKNOWN, MASK)]


def untold(resource: Resource, key: str, names: Names) -> Access:
    """A document that only a deployment knows."""
    return Access(
        who=Who(Kind.UNKNOWN, "somebody who could not be told"),
        principal=Glob("*"),
        action=Glob("do what could not be told"),
        resource=Glob(names.own(resource)),
        target=names.own(resource) if key == "assumeRolePolicy" else target(resource, names),
        through=resource,
        untold=f"{key} of {', '.join(names.sources(resource, key))}",
    )


def holder(resource: Resource, names: Names) -> str | None:
    """Whose policy it is, if that is said by one of its properties."""
    for key in HOLDERS:
        if key in resource.inputs:
            return names.what(resource, key)
    return None


def target(resource: Resource, names: Names) -> str:
    """What its policy belongs to: what it names, or itself."""
    if resource.type.startswith("aws:iam/"):
        return holder(resource, names) or names.own(resource)
    found = next((key for key in TARGETS if resource.inputs.get(key)), None)
    own = resource.inputs.keys() & {"policy", "policyDocument", "resourcePolicy"}
    if found and own:
        return names.what(resource, found)
    # What a policy that does not say it belongs to is there without it.
    return resource.label if resource.type.endswith("Policy") else names.own(resource)


def _statement(
    resource: Resource, key: str, statement: Mapping[str, Any], names: Names
) -> Iterator[Access]:
    conditions = tuple(
        Condition(operator, name, tuple(names.of(resource, key, v) for v in map(_text, _list(vs))))
        for operator, tests in (statement.get("Condition") or {}).items()
        for name, vs in tests.items()
    )
    of = names.own(resource) if key == "assumeRolePolicy" else target(resource, names)
    for who, principal in _principals(resource, key, statement, conditions, names):
        for action in _patterns(resource, key, statement, "Action", names):
            for on in _patterns(resource, key, statement, "Resource", names):
                yield Access(
                    who=who,
                    principal=principal,
                    action=replace(action, text=action.text.lower(), raw="", shown=action.text),
                    resource=Glob(of) if on.text == "*" and "Principal" in statement else on,
                    target=of,
                    through=resource,
                    conditions=conditions,
                    denies=statement.get("Effect") == "Deny",
                )


def _principals(
    resource: Resource,
    key: str,
    statement: Mapping[str, Any],
    conditions: tuple[Condition, ...],
    names: Names,
) -> Iterator[tuple[Who, Glob]]:
    """Who is spoken of; with no principal, who has the policy."""
    if "NotPrincipal" in statement:
        but = tuple(names.of(resource, key, v) for v in _flat(statement["NotPrincipal"]))
        yield Who(Kind.EVERYBODY, f"anyone but {', '.join(but)}"), Glob("*", but=but)
        return
    if "Principal" not in statement:
        has = target(resource, names)
        yield classify("AWS", has), Glob(f"AWS:{has}")
        return
    said = statement["Principal"]
    schemes = said if isinstance(said, Mapping) else {"AWS": said}
    for scheme, found in schemes.items():
        for value in _list(found):
            name = names.of(resource, key, value)
            pattern = "*" if name == "*" else f"{scheme}:{name}"
            yield classify(scheme, name, conditions), Glob(_root(pattern))


def _root(pattern: str) -> str:
    """An account's number and its root are one."""
    number = pattern.removeprefix("AWS:")
    account = number == "<account>" or (len(number) == 12 and number.isdigit())
    return f"AWS:arn:aws:iam::{number}:root" if account else pattern


def _patterns(
    resource: Resource, key: str, statement: Mapping[str, Any], part: str, names: Names
) -> Iterator[Glob]:
    """What ``Action`` or ``Resource`` says; ``NotAction`` is everything but."""
    if f"Not{part}" in statement:
        found = _list(statement[f"Not{part}"])
        but = tuple(names.of(resource, key, value) for value in found)
        yield Glob("*", but=tuple(b.lower() for b in but) if part == "Action" else but)
    elif part == "Resource" and part not in statement:
        yield Glob("*")
    for value in _list(statement.get(part)):
        yield Glob(names.of(resource, key, value), names.raw(_text(value)))


def _documents(value: Data) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, str) and '"Statement"' in value:
        try:
            value = json.loads(value)
        except ValueError:
            return
    if isinstance(value, Mapping):
        if "Statement" in value:
            yield value
        else:
            for item in value.values():
                yield from _documents(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _documents(item)


def _flat(value: Data) -> list[Any]:
    return (
        [one for found in value.values() for one in _list(found)]
        if isinstance(value, Mapping)
        else _list(value)
    )


def _list(value: Data) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _text(value: Data) -> str:
    """JSON's true and 1 are the text that a request has."""
    return str(value).lower() if isinstance(value, bool) else str(value)
