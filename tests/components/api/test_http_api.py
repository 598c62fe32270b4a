"""What an HttpApi registers."""

import json
from dataclasses import replace

import pytest

from components.alarm import Alarm, Metric, Priority
from components.api.gateway import timeout_milliseconds
from components.api.http_api import HttpApi, HttpApiArgs, UnguardedRouteError
from config.sections import Api
from config.stack import ROOT
from contract.functions import FUNCTIONS
from contract.routes import ROUTES, Route
from functions.platform_runtime.requests import limits
from tests.components.api.programs import functions, only
from tests.declare import ACCOUNT, KEY, REGION, context, declare, inputs

API = "aws:apigatewayv2/api:Api"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
INTEGRATION = "aws:apigatewayv2/integration:Integration"
PERMISSION = "aws:lambda/permission:Permission"
ROUTE = "aws:apigatewayv2/route:Route"
STAGE = "aws:apigatewayv2/stage:Stage"

ORDERS = Route(
    method="PUT",
    path="/api/orders/{id}/lines/{line+}",
    function="health_auth",
    access="public",
    operation="put_line",
)


HEALTH = [route for route in ROUTES if route.path.startswith("/api/health")]


def api(*, routes=HEALTH, rate=20, detailed_metrics=False) -> HttpApi:
    return HttpApi(
        "http",
        HttpApiArgs(
            context=context(),
            config=Api(rate=rate, burst=2 * rate, detailed_metrics=detailed_metrics),
            origins=["https://app.example.com"],
            routes=routes,
        ),
    )


def served(*names: str, **changes):
    names = names or ("health", "health_auth")
    return declare(lambda: api(**changes).serve(functions(*names)))


def test_browsers_may_call_from_the_given_origins_for_a_day():
    assert only(declare(api), API)["corsConfiguration"] == {
        "allowOrigins": ["https://app.example.com"],
        "allowMethods": ["GET", "POST", "PUT", "DELETE", "OPTIONS"],
        "allowHeaders": [
            "Content-Type",
            "Authorization",
            "X-Client-Info",
            "If-Match",
            "If-None-Match",
        ],
        "exposeHeaders": ["ETag", "Location", "Retry-After", "RateLimit", "RateLimit-Policy"],
        "maxAge": 86400,
    }


def test_pages_may_send_and_read_every_header_the_api_has():
    """Without being named a header is not read: https://fetch.spec.whatwg.org/#http-cors-protocol"""
    described = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    sent = {
        p["name"] for o in operations for p in o.get("parameters", ()) if p.get("in") == "header"
    }
    answers = [answer for o in operations for answer in o["responses"].values()]
    read = {name for answer in answers for name in answer.get("headers", {})}
    standing = limits.Standing(rate_class="api", remaining=1, reset_seconds=1).headers()
    cors = only(declare(api), API)["corsConfiguration"]

    assert sent == {"If-Match", "If-None-Match"} <= {*cors["allowHeaders"]}
    assert read == {"ETag", "Retry-After"} <= {*cors["exposeHeaders"]}
    assert {*standing} <= {name.lower() for name in cors["exposeHeaders"]}


def test_preflights_have_the_stages_own_rate_and_ask_nobody_who_they_are():
    graph = served(rate=20)
    preflight = inputs(graph, ROUTE)["http-preflight"]
    [settings] = only(graph, STAGE)["routeSettings"]

    assert preflight["authorizationType"] == "NONE"
    assert settings["routeKey"] != preflight["routeKey"]


def test_each_route_leads_to_its_functions_alias_and_anything_else_to_the_fallback():
    graph = served()
    alias_of = {
        integration.inputs["integrationUri"]: integration.id
        for integration in graph.by_type(INTEGRATION)
    }
    aliases = {
        alias.name: alias.outputs["invokeArn"] for alias in graph.by_type("aws:lambda/alias:Alias")
    }
    target = {
        name: f"integrations/{alias_of[uri]}" for name, uri in aliases.items() if uri in alias_of
    }

    assert {route["routeKey"]: route["target"] for route in inputs(graph, ROUTE).values()} == {
        "GET /api/health": target["health"],
        "GET /api/health/db": target["health"],
        "GET /api/health/auth": target["health_auth"],
        "$default": target["health"],
        "OPTIONS /{proxy+}": target["health"],
    }


def test_a_function_is_asked_by_proxy_and_given_time_for_a_cold_start():
    integration = inputs(served(), INTEGRATION)["http-health"]

    assert {
        key: integration[key]
        for key in ("integrationType", "payloadFormatVersion", "timeoutMilliseconds")
    } == {
        "integrationType": "AWS_PROXY",
        "payloadFormatVersion": "2.0",
        "timeoutMilliseconds": 20_000,
    }


@pytest.mark.parametrize("name", dict.fromkeys(route.function for route in ROUTES))
def test_no_function_is_waited_for_longer_than_cloudfront_waits(name):
    assert FUNCTIONS[name].timeout_seconds * 1000 < timeout_milliseconds(name) <= 29_000


def test_one_permission_lets_in_what_the_routes_of_a_function_share():
    """What no route matches may be anything, so its function is let in for all of the API."""
    graph = served()
    [declared] = graph.by_type(API)
    root = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{declared.id}"

    assert {
        name: (permission["principal"], permission["sourceArn"])
        for name, permission in inputs(graph, PERMISSION).items()
    } == {
        "health-http": ("apigateway.amazonaws.com", f"{root}/*/*"),
        "health_auth-http": ("apigateway.amazonaws.com", f"{root}/*/GET/api/health/auth"),
    }


def test_a_permission_covers_every_value_of_a_paths_parameters():
    permissions = inputs(served(routes=[ORDERS]), PERMISSION)

    assert permissions["health_auth-http"]["sourceArn"].endswith("/*/PUT/api/orders/*/lines/*")


def test_a_permission_for_several_routes_ends_where_their_paths_part():
    routes = [
        replace(ORDERS, path=path, operation=path) for path in ("/api/orders", "/api/orders/{id}")
    ]
    permissions = inputs(served(routes=routes), PERMISSION)

    assert permissions["health_auth-http"]["sourceArn"].endswith("/*/*/api/orders*")


def test_a_route_that_wants_authentication_stops_the_program():
    guarded = Route(
        method="GET",
        path="/api/simcore",
        function="health",
        access="authenticated",
        operation="list_simulations",
    )

    with pytest.raises(UnguardedRouteError, match="route GET /api/simcore is authenticated"):
        served(routes=[*HEALTH, guarded])


def test_a_route_that_wants_authentication_asks_the_authorizer_under_both_headers():
    guarded = [route for route in ROUTES if route.function == "qmlab"]

    def program() -> None:
        served_by = functions("health", "health_auth", "qmlab", "authorizer")
        api(routes=[*HEALTH, *guarded]).serve(served_by, served_by["authorizer"])

    graph = declare(program)
    authorizer = only(graph, "aws:apigatewayv2/authorizer:Authorizer")
    [declared] = graph.by_type("aws:apigatewayv2/authorizer:Authorizer")

    assert authorizer["identitySources"] == [
        "$request.header.Authorization",
        "$request.header.x-origin-verify",
    ]
    assert (authorizer["enableSimpleResponses"], authorizer["authorizerResultTtlInSeconds"]) == (
        True,
        300,
    )
    assert {
        (route["authorizationType"], route.get("authorizerId"))
        for route in inputs(graph, ROUTE).values()
        if "/api/qmlab" in route["routeKey"]
    } == {("CUSTOM", declared.id)}
    assert inputs(graph, ROUTE)["http-get-health"]["authorizationType"] == "NONE"
    source = inputs(graph, PERMISSION)["authorizer-http-authorizer"]["sourceArn"]
    assert source.endswith(f"/authorizers/{declared.id}")


@pytest.mark.parametrize(
    ("rate", "share"), [(20, (5, 10)), (2, (1, 1))], ids=["a quarter", "never nothing"]
)
def test_unknown_paths_get_a_share_of_the_stages_throttle(rate, share):
    stage = only(served(rate=rate), STAGE)

    assert stage["defaultRouteSettings"] == {
        "throttlingRateLimit": rate,
        "throttlingBurstLimit": 2 * rate,
        "detailedMetricsEnabled": False,
    }
    assert stage["routeSettings"] == [
        {
            "routeKey": "$default",
            "throttlingRateLimit": share[0],
            "throttlingBurstLimit": share[1],
            "detailedMetricsEnabled": False,
        }
    ]


def test_the_stage_waits_for_the_route_it_has_settings_for():
    graph = served()
    [stage] = graph.by_type(STAGE)

    assert graph.resource("http-fallback").urn in stage.dependencies
    assert (stage.inputs["name"], stage.inputs["autoDeploy"]) == ("$default", True)


def test_routes_have_metrics_of_their_own_where_they_are_paid_for():
    stage = only(served(detailed_metrics=True), STAGE)

    assert stage["defaultRouteSettings"]["detailedMetricsEnabled"] is True
    assert stage["routeSettings"][0]["detailedMetricsEnabled"] is True


def test_each_request_is_logged_as_json_with_retention_under_our_key():
    graph = served()
    group = graph.resource("http-access")
    settings = only(graph, STAGE)["accessLogSettings"]

    assert settings["destinationArn"] == group.outputs["arn"]
    assert {"requestId", "ip", "status", "integrationError"} <= set(json.loads(settings["format"]))
    assert group.inputs == {
        "namePrefix": "/aws/vendedlogs/apigateway/http-",
        "retentionInDays": 30,
        "kmsKeyId": KEY,
    }


def test_the_host_is_what_cloudfront_takes_for_an_origin():
    graph = declare(api)
    [component] = graph.by_type("ma-platform:api:HttpApi")

    assert component.outputs == {
        "id": component.outputs["id"],
        "endpoint": f"https://{component.outputs['id']}.execute-api.{REGION}.amazonaws.com",
        "host": f"{component.outputs['id']}.execute-api.{REGION}.amazonaws.com",
    }


def test_the_api_is_there_before_any_function_is():
    assert {resource.type for resource in declare(api).resources if resource.custom} == {API}


def test_it_watches_the_rate_of_errors_and_the_slow_requests_not_what_clients_do_wrong():
    stated: list[Alarm] = []

    def program() -> None:
        created = api()
        stated.extend(created.alarms)

    declare(program)

    errors, latency = stated
    assert (errors.priority, errors.threshold, errors.cost) == (Priority.DOWN, 1, 2)
    assert errors.expression == "IF(requests > 20, 100 * errors / requests, 0)"
    assert {key: (m.name, m.statistic) for key, m in errors.metrics.items()} == {
        "errors": ("5xx", "Sum"),
        "requests": ("Count", "Sum"),
    }
    assert (latency.priority, latency.threshold) == (Priority.SCALE, 500)
    assert latency.metrics["m"] == Metric(
        namespace="AWS/ApiGateway",
        name="Latency",
        dimensions=latency.metrics["m"].dimensions,
        statistic="p95",
    )
    assert set(latency.metrics["m"].dimensions) == {"ApiId"}
