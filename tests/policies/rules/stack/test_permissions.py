"""Rules for functions' permissions, each with a stack that breaks it."""

from dataclasses import replace

import pytest

from graph.model import UNKNOWN, Graph
from policies.rule import Verdict
from policies.rules.stack import permissions
from policies.rules.stack.permissions import callers_let_in
from tests.policies.cases import Case, beside, both, case, changed, check, found, judged, without
from tests.stacks import built

PERMISSION = "lambda.Permission simcore-http-simcore"
TICKET = "lambda.Permission workspaces-http-realtime"
EVENTS = "lambda.Permission restored-restores"
AUTHORIZER = "lambda.Permission authorizer-http-authorizer"
ROTATION = "lambda.Permission rotation-api-key"
PING = "lambda.Permission realtime-websocket-ping"

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
        case("callers-let-in", edit, caller)
        for caller, edit in (
            ("apigatewayv2.Route http-create-ticket", without(TICKET)),
            ("apigatewayv2.Route http-create-ticket", changed(TICKET, "qualifier", None)),
            (
                "apigatewayv2.Route http-create-ticket",
                changed(TICKET, "principal", "sns.amazonaws.com"),
            ),
            ("apigatewayv2.Route websocket-ping", without(PING)),
            ("apigatewayv2.Authorizer http-authorizer", without(AUTHORIZER)),
            ("cloudwatch.EventTarget restores", without(EVENTS)),
            (
                "cloudwatch.EventTarget restores",
                changed(EVENTS, "sourceArn", "arn:aws:events:eu-west-1:1:rule/a"),
            ),
            ("secretsmanager.SecretRotation rotation-api-key", without(ROTATION)),
            (
                "secretsmanager.SecretRotation rotation-api-key",
                changed(ROTATION, "qualifier", "live"),
            ),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, permissions.RULES)


def test_a_permission_is_for_the_paths_its_source_names():
    """The routes of one function have several permissions, each for some of them."""
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
    assert judged(callers_let_in, lost, Verdict.VIOLATED) == [
        "secretsmanager.SecretRotation rotation-api-key"
    ]


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
