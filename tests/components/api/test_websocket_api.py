"""What a WebSocketApi registers."""

import json

from components.api.log_role import ApiLogRole
from components.api.websocket_api import WebSocketApi, WebSocketApiArgs
from config.sections import Api
from contract.routes import WEBSOCKET_ROUTES, WebSocketRoute
from tests.components.api.programs import function, functions, only, statements
from tests.declare import ACCOUNT, KEY, REGION, context, declare, inputs

ACCOUNT_SETTING = "aws:apigateway/account:Account"
API = "aws:apigatewayv2/api:Api"
DEPLOYMENT = "aws:apigatewayv2/deployment:Deployment"
GROUP = "aws:cloudwatch/logGroup:LogGroup"
PERMISSION = "aws:lambda/permission:Permission"
RESPONSE = "aws:apigatewayv2/routeResponse:RouteResponse"
ROUTE = "aws:apigatewayv2/route:Route"
STAGE = "aws:apigatewayv2/stage:Stage"


def api(*, routes=WEBSOCKET_ROUTES, log_account=None) -> WebSocketApi:
    return WebSocketApi(
        "socket",
        WebSocketApiArgs(
            context=context(),
            config=Api(rate=20, burst=40, detailed_metrics=True),
            log_account=log_account,
            routes=routes,
        ),
    )


def served(**changes):
    return declare(
        lambda: api(**changes).serve(functions("realtime"), function("connect_authorizer"))
    )


def root(graph):
    [declared] = graph.by_type(API)
    return f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{declared.id}"


def test_a_messages_action_chooses_its_route():
    declared = only(declare(api), API)

    assert (declared["protocolType"], declared["routeSelectionExpression"]) == (
        "WEBSOCKET",
        "$request.body.action",
    )


def test_the_contracts_routes_lead_to_the_functions_alias():
    graph = served()
    integration = only(graph, "aws:apigatewayv2/integration:Integration")
    (alias,) = [a for a in graph.by_type("aws:lambda/alias:Alias") if a.name == "realtime"]

    assert integration["integrationUri"] == alias.outputs["invokeArn"]
    assert integration["timeoutMilliseconds"] == 20_000
    assert {route["routeKey"] for route in inputs(graph, ROUTE).values()} == {
        "$connect",
        "$disconnect",
        "ping",
        "subscribe",
        "unsubscribe",
    }


def test_a_message_is_answered_and_connecting_is_not():
    graph = served()

    assert {
        name: route.get("routeResponseSelectionExpression")
        for name, route in inputs(graph, ROUTE).items()
    } == {
        "socket-connect": None,
        "socket-disconnect": None,
        "socket-ping": "$default",
        "socket-subscribe": "$default",
        "socket-unsubscribe": "$default",
    }
    assert {name: r["routeResponseKey"] for name, r in inputs(graph, RESPONSE).items()} == {
        "socket-ping": "$default",
        "socket-subscribe": "$default",
        "socket-unsubscribe": "$default",
    }


def test_only_connecting_asks_the_authorizer_and_for_a_ticket():
    graph = served()
    [authorizer] = graph.by_type("aws:apigatewayv2/authorizer:Authorizer")

    assert authorizer.inputs["identitySources"] == ["route.request.querystring.ticket"]
    assert "authorizerResultTtlInSeconds" not in authorizer.inputs
    assert {
        name: (route["authorizationType"], route.get("authorizerId"))
        for name, route in inputs(graph, ROUTE).items()
        if route["authorizationType"] != "NONE"
    } == {"socket-connect": ("CUSTOM", authorizer.id)}


def test_the_function_lets_in_the_stage_with_one_permission_for_all_its_routes():
    graph = served()

    assert {
        name: permission["sourceArn"] for name, permission in inputs(graph, PERMISSION).items()
    } == {
        "realtime-websocket": f"{root(graph)}/ws/*",
        "connect_authorizer-socket-authorizer": (
            f"{root(graph)}/authorizers/"
            f"{graph.by_type('aws:apigatewayv2/authorizer:Authorizer')[0].id}"
        ),
    }


def test_a_further_route_is_deployed():
    more = [*WEBSOCKET_ROUTES, WebSocketRoute(key="leave", function="realtime")]
    before, after = (only(g, DEPLOYMENT)["triggers"] for g in (served(), served(routes=more)))

    assert set(after) - set(before) == {"leave"}
    assert {key: after[key] for key in before} == before


def test_what_is_deployed_are_all_routes_and_answers():
    graph = served()
    [deployment], [stage] = graph.by_type(DEPLOYMENT), graph.by_type(STAGE)
    parts = [part.urn for token in (ROUTE, RESPONSE) for part in graph.by_type(token)]

    assert set(parts) <= set(deployment.dependencies)
    assert stage.inputs["deploymentId"] == deployment.id


def test_the_stage_is_the_contracts_throttled_and_logs_errors_but_no_message():
    stage = only(served(), STAGE)

    assert stage["name"] == "ws"
    assert stage["defaultRouteSettings"] == {
        "throttlingRateLimit": 20,
        "throttlingBurstLimit": 40,
        "detailedMetricsEnabled": True,
        "loggingLevel": "ERROR",
        "dataTraceEnabled": False,
    }
    assert "connectionId" in json.loads(stage["accessLogSettings"]["format"])


def test_both_logs_have_retention_under_our_key_before_api_gateway_makes_one_itself():
    graph = served()
    [declared], [stage] = graph.by_type(API), graph.by_type(STAGE)
    access, execution = graph.resource("socket-access"), graph.resource("socket-execution")

    assert access.inputs == {
        "namePrefix": "/aws/vendedlogs/apigateway/socket-",
        "retentionInDays": 30,
        "kmsKeyId": KEY,
    }
    assert execution.inputs == {
        "name": f"/aws/apigateway/{declared.id}/ws",
        "retentionInDays": 30,
        "kmsKeyId": KEY,
    }
    assert execution.urn in stage.dependencies


def test_the_stage_waits_for_the_log_role_of_the_stack_that_has_it():
    def program() -> None:
        role = ApiLogRole(
            "log-role",
            context(),
        )
        api(log_account=role.account).serve(functions("realtime"), function("connect_authorizer"))

    graph = declare(program)
    [setting], [stage] = graph.by_type(ACCOUNT_SETTING), graph.by_type(STAGE)

    assert setting.urn in stage.dependencies


def test_a_grant_lets_a_function_push_to_this_stage_and_close():
    def program() -> None:
        function("realtime", grants=[api().grant_manage_connections()])

    graph = declare(program)
    granted = statements(only(graph, "aws:iam/rolePolicy:RolePolicy")["policy"])

    assert granted["ManageConnections"] == {
        "Effect": "Allow",
        "Action": ["execute-api:ManageConnections"],
        "Resource": [
            f"{root(graph)}/ws/POST/@connections/*",
        ],
    }


def test_addresses_are_for_a_browser_and_for_cloudfront():
    [component] = declare(api).by_type("ma-platform:api:WebSocketApi")
    host = f"{component.outputs['id']}.execute-api.{REGION}.amazonaws.com"

    assert (component.outputs["host"], component.outputs["endpoint"]) == (host, f"wss://{host}/ws")


def test_a_refused_connection_is_no_alarm():
    stated = []
    declare(lambda: stated.extend(api().alarms))

    assert {alarm.metrics["m"].name for alarm in stated} == {"ExecutionError"}
