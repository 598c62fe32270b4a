"""Rules for API Gateway's logs, each with a stack that breaks it."""

import json

import pytest

from policies.rules.api import logs
from tests.policies.cases import Case, case, changed, check, without

HTTP, WEBSOCKET = "apigatewayv2.Stage http", "apigatewayv2.Stage websocket"
LOG = "accessLogSettings"
UNSTRUCTURED = "$context.requestId $context.identity.sourceIp $context.status"

CASES = [
    case("stage-access-logged", changed(HTTP, LOG, None), HTTP),
    case("stage-access-logged", without("cloudwatch.LogGroup http-access"), HTTP),
    case("stage-log-structured", changed(HTTP, f"{LOG}.format", UNSTRUCTURED), HTTP),
    case(
        "stage-log-structured",
        changed(HTTP, f"{LOG}.format", json.dumps({"requestId": "$context.requestId"})),
        HTTP,
    ),
    *(
        case("websocket-errors-logged", edit, WEBSOCKET)
        for edit in (
            changed(WEBSOCKET, "defaultRouteSettings.loggingLevel", None),
            changed(WEBSOCKET, "defaultRouteSettings.loggingLevel", "INFO"),
            without("cloudwatch.LogGroup websocket-execution"),
        )
    ),
    case(
        "stage-without-payloads",
        changed(WEBSOCKET, "defaultRouteSettings.dataTraceEnabled", True),
        WEBSOCKET,
    ),
    case(
        "stage-route-without-payloads",
        changed(HTTP, "routeSettings[*].dataTraceEnabled", True),
        HTTP,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, logs.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in logs.RULES}
