"""The HTTP API: the contract's routes, each to the function that answers it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.alarm import Alarm
from components.api.api_alarms import http_alarms
from components.api.authorizers import http_authorizer
from components.api.function import Function
from components.api.gateway import SERVICE, timeout_milliseconds
from components.api.stages import DEFAULT, http_stage
from components.context import Context
from components.names import function_of
from config.sections import Api
from contract.route import Route
from contract.routes import FALLBACK_FUNCTION, ROUTES

CORS_METHODS = ["GET", "POST", "PUT", "DELETE", "OPTIONS"]
CORS_HEADERS = ["Content-Type", "Authorization", "X-Client-Info", "If-Match", "If-None-Match"]
CORS_EXPOSED = ["ETag", "Location", "Retry-After", "RateLimit", "RateLimit-Policy"]
"""What a page may read of an answer, besides what every page may:
https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name"""
CORS_SECONDS = 86400
PREFLIGHT = "OPTIONS /{proxy+}"


class UnguardedRouteError(pulumi.RunError):
    """A route asks for authentication that nothing in front of it does."""


@dataclass(frozen=True, kw_only=True)
class HttpApiArgs:
    """``origins`` may call the API from a browser, besides the site itself."""

    context: Context
    config: Api
    origins: Sequence[Input[str]]
    routes: Sequence[Route] = ROUTES


class HttpApi(ComponentResource):
    """An API that exists before its functions, so that they may know the CDN in front of it."""

    id: Output[str]
    endpoint: Output[str]
    host: Output[str]
    alarms: list[Alarm]

    def __init__(self, name: str, args: HttpApiArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:api:HttpApi", name, None, opts)
        self._name, self._args = name, args
        api = aws.apigatewayv2.Api(
            name,
            protocol_type="HTTP",
            cors_configuration={
                "allow_origins": args.origins,
                "allow_methods": CORS_METHODS,
                "allow_headers": CORS_HEADERS,
                "expose_headers": CORS_EXPOSED,
                "max_age": CORS_SECONDS,
            },
            opts=ResourceOptions(parent=self),
        )
        self._execution_arn = api.execution_arn
        self.id, self.endpoint = api.id, api.api_endpoint
        self.host = api.api_endpoint.apply(lambda endpoint: endpoint.removeprefix("https://"))
        self.alarms = list(http_alarms(name, api.id))
        self.register_outputs({"id": self.id, "endpoint": self.endpoint, "host": self.host})

    def serve(self, functions: Mapping[str, Function], authorizer: Function | None = None) -> None:
        """Open the API, with its routes to these functions; call once."""
        routes = self._args.routes
        for route in routes:
            function_of(functions, route.function, f"route {route.key}")
        guard = self._guard(routes, authorizer)
        served = dict.fromkeys([FALLBACK_FUNCTION, *(route.function for route in routes)])
        function_of(functions, FALLBACK_FUNCTION, "FALLBACK_FUNCTION in contract/routes.py")
        targets = {name: self._integration(name, functions[name]) for name in served}
        for route in routes:
            name = route.operation.replace("_", "-")
            target = targets[route.function]
            self._route(name, route.key, target, guard if route.access != "public" else None)
        fallback = self._route("fallback", DEFAULT, targets[FALLBACK_FUNCTION])
        # Else preflights were unknown paths, which share a small part of the throttle. API Gateway
        # answers them itself: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
        self._route("preflight", PREFLIGHT, targets[FALLBACK_FUNCTION])
        for name in served:
            own = [route for route in routes if route.function == name]
            call = "*" if name == FALLBACK_FUNCTION else _shared(own)
            functions[name].allow_invoke(
                SERVICE, Output.concat(self._execution_arn, "/*/", call), "http"
            )
        http_stage(
            self,
            self._name,
            api_id=self.id,
            config=self._args.config,
            context=self._args.context,
            fallback=fallback,
        )

    def _integration(self, name: str, function: Function) -> Output[str]:
        integration = aws.apigatewayv2.Integration(
            f"{self._name}-{name}",
            api_id=self.id,
            integration_type="AWS_PROXY",
            integration_method="POST",
            integration_uri=function.alias_invoke_arn,
            payload_format_version="2.0",
            timeout_milliseconds=timeout_milliseconds(name),
            opts=ResourceOptions(parent=self),
        )
        return Output.concat("integrations/", integration.id)

    def _guard(
        self, routes: Sequence[Route], authorizer: Function | None
    ) -> aws.apigatewayv2.Authorizer | None:
        guarded = [route for route in routes if route.access != "public"]
        if not guarded:
            return None
        if authorizer is None:
            raise UnguardedRouteError(
                f"route {guarded[0].key} is {guarded[0].access}, and this API has no authorizer: "
                "it would be open to everyone"
            )
        return http_authorizer(
            self,
            self._name,
            api_id=self.id,
            execution_arn=self._execution_arn,
            function=authorizer,
        )

    def _route(
        self,
        name: str,
        key: str,
        target: Output[str],
        guard: aws.apigatewayv2.Authorizer | None = None,
    ) -> aws.apigatewayv2.Route:
        return aws.apigatewayv2.Route(
            f"{self._name}-{name}",
            api_id=self.id,
            route_key=key,
            target=target,
            authorization_type="CUSTOM" if guard else "NONE",
            authorizer_id=guard.id if guard else None,
            opts=ResourceOptions(parent=self),
        )


def _shared(routes: Sequence[Route]) -> str:
    """What the calls of one function have in common: one permission lets all of them in."""
    calls = {f"{route.method}{route.path}" for route in routes}
    # API Gateway says which values its parameters have.
    if len(calls) == 1:
        return re.sub(r"\{[^}]+\}", "*", calls.pop())
    areas = {"/".join(call.split("/")[1:3]) for call in calls}
    return f"*/{areas.pop()}*" if len(areas) == 1 else "*"
