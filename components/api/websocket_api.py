"""The WebSocket API: connections that stay open, and messages chosen by their action."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions

from components.alarm import Alarm
from components.api.api_alarms import websocket_alarms
from components.api.authorizers import connect_authorizer
from components.api.function import Function
from components.api.gateway import SERVICE, timeout_milliseconds
from components.api.stages import websocket_stage
from components.context import Context
from components.iam import Grant
from components.names import function_of
from config.sections import Api
from contract.routes import WEBSOCKET_ROUTES, WEBSOCKET_STAGE, WebSocketRoute

CONNECT = "$connect"


@dataclass(frozen=True, kw_only=True)
class WebSocketApiArgs:
    """``log_account`` is ApiLogRole's, in the stack that has it."""

    context: Context
    config: Api
    log_account: aws.apigateway.Account | None = None
    routes: Sequence[WebSocketRoute] = WEBSOCKET_ROUTES


class WebSocketApi(ComponentResource):
    """An API that exists before its functions, so that they may be allowed to push through it."""

    id: Output[str]
    endpoint: Output[str]
    host: Output[str]
    execution_arn: Output[str]
    management_url: Output[str]
    alarms: list[Alarm]

    def __init__(
        self, name: str, args: WebSocketApiArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:api:WebSocketApi", name, None, opts)
        self._name, self._args = name, args
        api = aws.apigatewayv2.Api(
            name,
            protocol_type="WEBSOCKET",
            route_selection_expression="$request.body.action",
            opts=ResourceOptions(parent=self),
        )
        self.id, self.execution_arn = api.id, api.execution_arn
        self.endpoint = Output.concat(api.api_endpoint, "/", WEBSOCKET_STAGE)
        self.management_url = self.endpoint.apply(
            lambda endpoint: endpoint.replace("wss://", "https://", 1)
        )
        self.host = api.api_endpoint.apply(lambda endpoint: endpoint.removeprefix("wss://"))
        self.alarms = list(websocket_alarms(name, api.id))
        self.register_outputs(
            {
                "id": self.id,
                "endpoint": self.endpoint,
                "host": self.host,
                "execution_arn": self.execution_arn,
                "management_url": self.management_url,
            }
        )

    def grant_manage_connections(self) -> Grant:
        """Let a function push to connections."""
        return Grant(
            sid="ManageConnections",
            actions=["execute-api:ManageConnections"],
            resources=[
                Output.format("{0}/{1}/POST/@connections/*", self.execution_arn, WEBSOCKET_STAGE)
            ],
        )

    def serve(self, functions: Mapping[str, Function], authorizer: Function) -> None:
        """Open the API, with its routes to these functions; call once."""
        guard = connect_authorizer(
            self,
            self._name,
            api_id=self.id,
            execution_arn=self.execution_arn,
            function=authorizer,
        )
        served = {
            route.function: function_of(functions, route.function, f"WebSocket route {route.key}")
            for route in self._args.routes
        }
        targets = {name: self._integration(name, function) for name, function in served.items()}
        routes: list[pulumi.Resource] = []
        for route in self._args.routes:
            routes += self._route(route, targets[route.function], guard)
        for name, function in served.items():
            keys = [route.key for route in self._args.routes if route.function == name]
            function.allow_invoke(
                SERVICE,
                Output.format(
                    "{0}/{1}/{2}",
                    self.execution_arn,
                    WEBSOCKET_STAGE,
                    keys[0] if len(keys) == 1 else "*",
                ),
                "websocket",
            )
        websocket_stage(
            self,
            self._name,
            api_id=self.id,
            config=self._args.config,
            context=self._args.context,
            deployment=self._deployment(targets, routes, guard),
            log_account=self._args.log_account,
        )

    def _integration(self, name: str, function: Function) -> aws.apigatewayv2.Integration:
        return aws.apigatewayv2.Integration(
            f"{self._name}-{name}",
            api_id=self.id,
            integration_type="AWS_PROXY",
            integration_method="POST",
            integration_uri=function.alias_invoke_arn,
            timeout_milliseconds=timeout_milliseconds(name),
            opts=ResourceOptions(parent=self),
        )

    def _route(
        self,
        route: WebSocketRoute,
        target: aws.apigatewayv2.Integration,
        guard: aws.apigatewayv2.Authorizer,
    ) -> list[pulumi.Resource]:
        """A message's route sends the function's answer back, which takes a route response; what
        API Gateway calls itself ($connect, $disconnect) has nobody to send it to."""
        name = f"{self._name}-{route.key.removeprefix('$')}"
        declared = aws.apigatewayv2.Route(
            name,
            api_id=self.id,
            route_key=route.key,
            target=Output.concat("integrations/", target.id),
            # Only the handshake can be authorized; what follows comes over the connection.
            authorization_type="CUSTOM" if route.key == CONNECT else "NONE",
            authorizer_id=guard.id if route.key == CONNECT else None,
            route_response_selection_expression="$default" if answers(route) else None,
            opts=ResourceOptions(parent=self),
        )
        if not answers(route):
            return [declared]
        response = aws.apigatewayv2.RouteResponse(
            name,
            api_id=self.id,
            route_id=declared.id,
            route_response_key="$default",
            opts=ResourceOptions(parent=self),
        )
        return [declared, response]

    def _deployment(
        self,
        targets: Mapping[str, aws.apigatewayv2.Integration],
        routes: Sequence[pulumi.Resource],
        guard: aws.apigatewayv2.Authorizer,
    ) -> aws.apigatewayv2.Deployment:
        """A copy of the routes as they are, taken again when they change: the provider deploys
        HTTP APIs alone by itself."""
        return aws.apigatewayv2.Deployment(
            self._name,
            api_id=self.id,
            triggers={
                route.key: Output.json_dumps(
                    [
                        targets[route.function].integration_uri,
                        timeout_milliseconds(route.function),
                        answers(route),
                        guard.id if route.key == CONNECT else "",
                    ]
                )
                for route in self._args.routes
            },
            opts=ResourceOptions(parent=self, depends_on=routes),
        )


def answers(route: WebSocketRoute) -> bool:
    """Whether what the function returns goes back: nobody waits for what API Gateway calls."""
    return not route.key.startswith("$")
