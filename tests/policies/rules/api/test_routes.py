"""Rules for API Gateway's routes, each with a stack that breaks it."""

import pytest

from policies.rule import Verdict
from policies.rules.api import routes
from policies.rules.api.gateway import ROUTE
from policies.rules.api.routes import route_authorized
from tests.policies.cases import Case, case, changed, check, judged, without
from tests.stacks import built

CONNECT = "apigatewayv2.Route websocket-connect"
SOCKET = "apigatewayv2.Api websocket"

CASES = [
    case("connect-authorized", changed(CONNECT, "authorizationType", "NONE"), CONNECT),
    case("connect-authorized", changed(CONNECT, "authorizerId", None), CONNECT),
    case("connect-authorized", without(CONNECT), "apigatewayv2.Api websocket"),
    case(
        "authorizer-answer-expires",
        changed("apigatewayv2.Authorizer http-authorizer", "authorizerResultTtlInSeconds", 3000),
        "apigatewayv2.Authorizer http-authorizer",
    ),
    case("disconnect-heard", without("apigatewayv2.Route websocket-disconnect"), SOCKET),
    case(
        "route-answers",
        without("apigatewayv2.RouteResponse websocket-ping"),
        "apigatewayv2.Route websocket-ping",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, routes.RULES)


def test_routes_for_everybody_are_found_one_by_one():
    closed = "apigatewayv2.Route http-list-runs"
    opened = changed(closed, "authorizationType", "NONE")
    known = judged(route_authorized, built("prod"), Verdict.VIOLATED)

    assert closed not in known
    assert "apigatewayv2.Route http-get-health" in known
    assert {*judged(route_authorized, opened(built("prod")), Verdict.VIOLATED)} == {*known, closed}


def test_a_route_that_names_no_authorizer_is_open():
    dangling = without("apigatewayv2.Authorizer http-authorizer")
    declared = [r for r in built("prod").by_type(ROUTE) if r.name.startswith("http-")]

    found = judged(route_authorized, dangling(built("prod")), Verdict.VIOLATED)
    assert found == [route.label for route in declared]


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} | {"route-authorized"} == {
        rule.name for rule in routes.RULES
    }
