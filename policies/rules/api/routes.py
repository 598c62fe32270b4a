"""Rules for API Gateway's routes: who may take them, and what must be there to take."""

from collections.abc import Iterator
from typing import Final

from graph.model import UNKNOWN, Resource
from policies.predicates import between
from policies.rule import Companion, Judgement, Property, Rule, met, rule, undecided, violated
from policies.rules.api.gateway import API, AUTHORIZER, ROUTE, is_websocket
from policies.stack import Stack

ROUTE_RESPONSE: Final = "aws:apigatewayv2/routeResponse:RouteResponse"

CACHED_SECONDS: Final = 300
AUTHORIZED: Final = {"CUSTOM", "JWT"}
CONNECT: Final = "$connect"
DISCONNECT: Final = "$disconnect"

ROWS: Final[tuple[Rule, ...]] = (
    Property(
        name="authorizer-answer-expires",
        type=AUTHORIZER,
        path="authorizerResultTtlInSeconds",
        must=between(0, CACHED_SECONDS),
        controls=["3.3"],
        fix=f"set authorizerResultTtlInSeconds to {CACHED_SECONDS} at most: who lost a right has "
        "it that long",
        # A WebSocket API keeps no answer, and knows no payload format.
        only=lambda authorizer: "authorizerPayloadFormatVersion" in authorizer.inputs,
    ),
    Companion(
        name="route-answers",
        type=ROUTE,
        companion=ROUTE_RESPONSE,
        by="routeId",
        controls=[],
        severity="medium",
        fix="declare an apigatewayv2.RouteResponse: what the function answers is dropped otherwise",
        only=lambda route: "routeResponseSelectionExpression" in route.inputs,
    ),
)


@rule(
    "3.3", fix="set authorizationType and authorizerId; have a route for everybody waived by name"
)
def route_authorized(stack: Stack) -> Iterator[Judgement]:
    """Every route of an HTTP API asks who calls."""
    for route in stack.of(ROUTE):
        if not is_websocket(stack, route):
            yield _authorized(stack, route)


@rule("3.4", fix="set authorizationType and authorizerId of the $connect route")
def connect_authorized(stack: Stack) -> Iterator[Judgement]:
    """Every WebSocket API asks who connects: later messages nobody can be asked about."""
    for api in stack.of(API):
        if api.inputs.get("protocolType") != "WEBSOCKET":
            continue
        routes = [
            route
            for route in stack.companions(api, ROUTE, "apiId")
            if route.inputs.get("routeKey") == CONNECT
        ]
        yield from (_authorized(stack, route) for route in routes)
        if not routes:
            yield violated(api, "has no $connect route, so anybody connects")


def _authorized(stack: Stack, route: Resource) -> Judgement:
    kind = route.inputs.get("authorizationType")
    if kind is UNKNOWN:
        return undecided(route, "authorizationType")
    if kind == "AWS_IAM":
        return met(route)
    if kind not in AUTHORIZED:
        return violated(route, f"{route.inputs.get('routeKey')} is for everybody")
    if stack.targets(route, "authorizerId", AUTHORIZER):
        return met(route)
    return violated(route, "authorizerId names no authorizer of the stack")


@rule(fix=f"declare a {DISCONNECT} route to what removes the connection", severity="medium")
def disconnect_heard(stack: Stack) -> Iterator[Judgement]:
    """A WebSocket API is told who left: the gone would be written to, and counted, for hours."""
    for api in stack.of(API):
        if api.inputs.get("protocolType") != "WEBSOCKET":
            continue
        routes = stack.companions(api, ROUTE, "apiId")
        if any(route.inputs.get("routeKey") == DISCONNECT for route in routes):
            yield met(api)
        else:
            yield violated(api, f"has no {DISCONNECT} route")


RULES: Final[tuple[Rule, ...]] = (
    *ROWS,
    route_authorized,
    connect_authorized,
    disconnect_heard,
)
