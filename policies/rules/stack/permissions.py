"""Rules for Lambda's permissions: which services may call a function, and which must."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import partial
from typing import Final, NamedTuple

from graph.model import UNKNOWN, Data, Resource, Unknown
from policies.predicates import equals, matches
from policies.references import covers, refers
from policies.rule import Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.api.function import ALIAS, FUNCTION
from policies.rules.api.gateway import API, AUTHORIZER, INTEGRATION, ROUTE, STAGE
from policies.stack import Stack

PERMISSION: Final = "aws:lambda/permission:Permission"
APIS: Final = "apigateway.amazonaws.com"

CALLERS: Final = (
    (
        "aws:cloudwatch/eventTarget:EventTarget",
        "arn",
        "events.amazonaws.com",
        "rule",
        "aws:cloudwatch/eventRule:EventRule",
    ),
    (
        "aws:secretsmanager/secretRotation:SecretRotation",
        "rotationLambdaArn",
        "secretsmanager.amazonaws.com",
        "secretId",
        "aws:secretsmanager/secret:Secret",
    ),
    (
        "aws:s3/bucketNotification:BucketNotification",
        "lambdaFunctions[*].lambdaFunctionArn",
        "s3.amazonaws.com",
        "bucket",
        "aws:s3/bucket:Bucket",
    ),
    (
        "aws:sns/topicSubscription:TopicSubscription",
        "endpoint",
        "sns.amazonaws.com",
        "topic",
        "aws:sns/topic:Topic",
    ),
)
"""What makes a service call a function, where it names it, the service, and for what it calls."""

_permission = partial(Property, type=PERMISSION)

ROWS: Final[tuple[Rule, ...]] = (
    _permission(
        name="permission-for-a-service",
        path="principal",
        must=matches(r"[a-z0-9.-]+\.amazonaws\.com", "is a service"),
        controls=["4.1"],
        fix="set principal to the service that calls; a role of ours needs no permission here",
    ),
    _permission(
        name="permission-to-invoke-only",
        path="action",
        must=equals("lambda:InvokeFunction"),
        controls=["4.1"],
        fix="set action to lambda:InvokeFunction: with more a caller changes the function",
    ),
    _permission(
        name="permission-names-its-source",
        path="sourceArn",
        must=matches(
            r"arn:aws[\w-]*:[\w-]+:[\w-]*:\d{12}:[^*].*|arn:aws[\w-]*:s3:::[^*]+",
            "names a resource of an account",
        ),
        controls=["4.2"],
        fix="set sourceArn: a service calls for whoever asks it to, in any account",
    ),
    _permission(
        name="permission-names-bucket-owner",
        path="sourceAccount",
        must=matches(r"\d{12}", "is an account"),
        controls=["4.2"],
        fix="set sourceAccount: a bucket's ARN names none, and a deleted bucket's name is free",
        only=lambda permission: ":s3:" in str(permission.inputs.get("sourceArn")),
    ),
)


class Call(NamedTuple):
    """That a service calls a function, or its alias, for a source: an API's parts have a path."""

    caller: Resource
    callee: Resource
    service: str
    source: Resource
    path: str | Unknown = ""


@rule(fix="declare a lambda.Permission for the service, with its source's ARN", severity="high")
def callers_let_in(stack: Stack) -> Iterator[Judgement]:
    """Whatever makes a service call a function has a permission that lets the service in."""
    for call in _calls(stack):
        found = [_lets_in(each, call) for each in _permissions(stack, call.callee)]
        if True in found:
            yield met(call.caller)
        elif None in found:
            yield undecided(call.caller, "for what its function's permissions are")
        else:
            yield violated(call.caller, f"{call.callee.label} does not let {call.service} in")


def _calls(stack: Stack) -> Iterator[Call]:
    for kind, by, service, named, of in CALLERS:
        for caller in stack.of(kind):
            for callee in _callees(stack, caller, by):
                for source in stack.targets(caller, named, of):
                    yield Call(caller, callee, service, source)
    for authorizer in stack.of(AUTHORIZER):
        for callee in _callees(stack, authorizer, "authorizerUri"):
            for api in stack.targets(authorizer, "apiId", API):
                known = isinstance(authorizer.id, str)
                path = f"authorizers/{authorizer.id}" if known else UNKNOWN
                yield Call(authorizer, callee, APIS, api, path)
    for route in stack.of(ROUTE):
        for integration in _integrations(stack, route):
            for callee in _callees(stack, integration, "integrationUri"):
                for api in stack.targets(route, "apiId", API):
                    for stage in stack.companions(api, STAGE, "apiId"):
                        yield Call(route, callee, APIS, api, _path(stage, route))


def _callees(stack: Stack, caller: Resource, by: str) -> list[Resource]:
    """The alias that is called, or the function: an alias's ARN has its function's in it."""
    return stack.targets(caller, by, ALIAS) or stack.targets(caller, by, FUNCTION)


def _integrations(stack: Stack, route: Resource) -> list[Resource]:
    target = route.inputs.get("target")
    if not isinstance(target, str):
        return stack.targets(route, "target", INTEGRATION)
    return [each for each in stack.of(INTEGRATION) if target == f"integrations/{each.id}"]


def _path(stage: Resource, route: Resource) -> str | Unknown:
    """``live/GET/items`` for ``GET /items``, ``live/ping`` for ``ping``."""
    name, key = stage.inputs.get("name"), route.inputs.get("routeKey")
    return UNKNOWN if UNKNOWN in (name, key) else f"{name}/{str(key).replace(' /', '/')}"


def _permissions(stack: Stack, callee: Resource) -> list[Resource]:
    """Those of the function, whichever version of it they are for."""
    named = [callee, *stack.targets(callee, "functionName", FUNCTION)]
    return [each for name in named for each in stack.companions(name, PERMISSION, "function")]


def _lets_in(permission: Resource, call: Call) -> bool | None:
    """Whether it is for the service, the version and the source; None where only AWS can tell."""
    version = call.callee.inputs.get("name") if call.callee.type == ALIAS else None
    found = {
        _same(permission.inputs.get("principal"), call.service),
        _same(permission.inputs.get("qualifier"), version),
        _covers(permission, call),
    }
    return False if False in found else None if None in found else True


def _same(given: Data, wanted: Data) -> bool | None:
    return None if UNKNOWN in (given, wanted) else given == wanted


def _covers(permission: Resource, call: Call) -> bool | None:
    arn, own = permission.inputs.get("sourceArn"), call.source.id
    if not call.path and not refers(permission, "sourceArn", call.source):
        return covers(arn, call.source)
    if not isinstance(arn, str) or not isinstance(own, str):
        return None if refers(permission, "sourceArn", call.source) else False
    if not call.path:
        return True
    part = arn.partition(f":{own}/")[2]
    if isinstance(call.path, Unknown):
        return None if part else False
    return fnmatchcase(call.path, part)


RULES: Final[tuple[Rule, ...]] = (*ROWS, callers_let_in)
