"""Rules for functions' permissions, each with a stack that breaks it."""

from dataclasses import replace

import pytest

from graph.model import UNKNOWN, Graph
from policies.rule import Verdict
from policies.rules.stack import permissions
from policies.rules.stack.permissions import callers_let_in
from tests.policies.cases import Case, beside, both, case, changed, check, found, judged, without
from tests.stacks import built

PERMISSION = "lambda.Permission simcore-http"
HEALTH = "lambda.Permission health-auth-http"
RESTORES = "lambda.Permission restored-restores"
AUTHORIZER = "lambda.Permission authorizer-http-authorizer"
ROTATION = "lambda.Permission rotation"
ROTATIONS = tuple(
    f"secretsmanager.SecretRotation rotation-{secret}"
    for secret in ("api-key", "encryption-key", "jwt-secret")
)
REALTIME = "lambda.Permission realtime-websocket"
MESSAGES = tuple(
    f"apigatewayv2.Route websocket-{key}"
    for key in ("connect", "disconnect", "ping", "subscribe", "unsubscribe")
)

CASES = [
    *(
        case(rule, changed(PERMISSION, path, value), PERMISSION)
        for rule, path, value in (
            ("permission-for-a-service", "principal", "*"),
            ("permission-for-a-service", "principal", "210987654321"),
            ("permission-to-invoke-only", "action", "lambda:*"),
            ("permission-names-its-source", "sourceArn", None),
            ("permission-names-its-source", "sourceArn", "*"),
            ("permission-names-its-source", "sourceArn", "arn:aws:execute-api:*:*:*"),
            ("permission-names-bucket-owner", "sourceArn", "arn:aws:s3:::uploads"),
        )
    ),
    *(
        case("callers-let-in", edit, *callers)
        for callers, edit in (
            (("apigatewayv2.Route http-get-identity-health",), without(HEALTH)),
            (("apigatewayv2.Route http-get-identity-health",), changed(HEALTH, "qualifier", None)),
            (
                ("apigatewayv2.Route http-get-identity-health",),
                changed(HEALTH, "principal", "sns.amazonaws.com"),
            ),
            (MESSAGES, without(REALTIME)),
            (("apigatewayv2.Authorizer http-authorizer",), without(AUTHORIZER)),
            (("s3.BucketNotification data",), without(RESTORES)),
            (
                ("s3.BucketNotification data",),
                changed(RESTORES, "sourceArn", "arn:aws:s3:::another-bucket-of-ours"),
            ),
            (ROTATIONS, without(ROTATION)),
            (ROTATIONS, changed(ROTATION, "qualifier", "live")),
            (
                ROTATIONS,
                changed(ROTATION, "sourceArn", "arn:aws:secretsmanager:eu-west-1:1:secret:*"),
            ),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, permissions.RULES)


def test_a_permission_is_for_the_paths_its_source_names():
    """The routes of one function have one permission, for what all of them share."""
    narrowed = changed(
        PERMISSION,
        "sourceArn",
        found(built("prod"), PERMISSION).inputs["sourceArn"].replace("/*/*/", "/*/GET/"),
    )

    shut = judged(callers_let_in, narrowed(built("prod")), Verdict.VIOLATED)
    assert "apigatewayv2.Route http-create-simulation" in shut
    assert "apigatewayv2.Route http-list-simulations" not in shut


def subscribed(*, let_in):
    def edit(graph):
        alias = found(graph, "lambda.Alias simcore")
        topic = graph.by_type("aws:sns/topic:Topic")[0].outputs["arn"]
        subscription = beside(
            "aws:sns/topicSubscription:TopicSubscription",
            "simcore",
            topic=topic,
            endpoint=alias.outputs["arn"],
            protocol="lambda",
        )
        permission = beside(
            permissions.PERMISSION,
            "simcore-sns",
            principal="sns.amazonaws.com",
            function=alias.inputs["functionName"],
            qualifier=alias.inputs["name"],
            sourceArn=topic,
        )
        return both(subscription, *([permission] if let_in else []))(graph)

    return edit(built("prod"))


def test_a_topic_is_let_in_too():
    subscription = "sns.TopicSubscription simcore"

    assert judged(callers_let_in, subscribed(let_in=False), Verdict.VIOLATED) == [subscription]
    assert judged(callers_let_in, subscribed(let_in=True), Verdict.VIOLATED) == []


@pytest.mark.parametrize("stack", ["dev", "enterprise"])
def test_before_a_first_deployment_it_is_undecided(stack):
    known, first = built(stack), built(stack, unknown=True)
    calls = judged(callers_let_in, known, Verdict.MET)

    assert judged(callers_let_in, first, Verdict.UNDECIDED) == calls
    lost = without(ROTATION)(first)
    assert set(judged(callers_let_in, lost, Verdict.VIOLATED)) >= set(ROTATIONS)


def test_a_new_authorizer_of_an_api_that_is_there_is_undecided():
    """Its number is in the permission's source."""
    graph = built("prod")
    label = "apigatewayv2.Authorizer http-authorizer"
    fresh = {label: {"id": UNKNOWN}, AUTHORIZER: {"inputs": hidden(found(graph, AUTHORIZER))}}
    resources = tuple(replace(r, **fresh.get(r.label, {})) for r in graph.resources)
    first = Graph(graph.project, graph.stack, resources)

    assert label in judged(callers_let_in, first, Verdict.UNDECIDED)
    assert judged(callers_let_in, first, Verdict.VIOLATED) == []


def hidden(permission):
    return {**permission.inputs, "sourceArn": UNKNOWN}


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in permissions.RULES}
