"""Rules for API Gateway's HTTP and WebSocket APIs."""

from collections.abc import Iterator
from typing import Final

from graph.model import Resource
from policies.predicates import GIVEN, ON, between, matches
from policies.purpose import DISTRIBUTION, leads_to
from policies.rule import Companion, Judgement, Property, Rule, met, rule, violated
from policies.stack import Stack

API: Final = "aws:apigatewayv2/api:Api"
STAGE: Final = "aws:apigatewayv2/stage:Stage"
ROUTE: Final = "aws:apigatewayv2/route:Route"
AUTHORIZER: Final = "aws:apigatewayv2/authorizer:Authorizer"
INTEGRATION: Final = "aws:apigatewayv2/integration:Integration"
DOMAIN: Final = "aws:apigatewayv2/domainName:DomainName"
MAPPING: Final = "aws:apigatewayv2/apiMapping:ApiMapping"


def is_websocket(stack: Stack, resource: Resource) -> bool:
    """Whether the API that it is a part of is one."""
    apis = stack.targets(resource, "apiId", API)
    return any(api.inputs.get("protocolType") == "WEBSOCKET" for api in apis)


ROWS: Final[tuple[Rule, ...]] = (
    Companion(
        name="api-staged",
        type=API,
        companion=STAGE,
        by="apiId",
        controls=[],
        severity="high",
        fix="declare an apigatewayv2.Stage for the API: without one it answers nobody",
    ),
    Property(
        name="stage-deployed",
        type=STAGE,
        path="autoDeploy",
        must=ON,
        controls=[],
        severity="high",
        fix="set autoDeploy to true, or a deploymentId: else routes, and who may call them, stay "
        "as they were",
        only=lambda stage: "deploymentId" not in stage.inputs,
    ),
    Property(
        name="stage-metrics-by-route",
        type=STAGE,
        path="defaultRouteSettings.detailedMetricsEnabled",
        must=ON,
        controls=["3.7"],
        fix="set detailedMetricsEnabled to true: an alarm on the API tells no route",
        production=True,
    ),
    Property(
        name="domain-tls",
        type=DOMAIN,
        path="domainNameConfiguration.securityPolicy",
        must=matches(r"TLS_1_2|SecurityPolicy_TLS1[23]_\w+", "is TLS 1.2 or later"),
        controls=["3.11"],
        fix="set domainNameConfiguration.securityPolicy to TLS_1_2",
    ),
    Property(
        name="private-integration-tls",
        type=INTEGRATION,
        path="tlsConfig.serverNameToVerify",
        must=GIVEN,
        controls=["3.13"],
        fix="set tlsConfig.serverNameToVerify: without it the way through the VPC is plain HTTP",
        only=lambda integration: integration.inputs.get("connectionType") == "VPC_LINK",
    ),
    Property(
        name="integration-timeout",
        type=INTEGRATION,
        path="timeoutMilliseconds",
        must=between(50, 29_000),
        controls=["4.12"],
        fix="set timeoutMilliseconds to 29000 at most: WebSocket APIs wait no longer",
    ),
)


@rule(
    "3.10", fix="set disableExecuteApiEndpoint to true: the domain's rules are passed by otherwise"
)
def mapped_api_without_own_endpoint(stack: Stack) -> Iterator[Judgement]:
    """An API under a custom domain answers there alone."""
    for api in stack.of(API):
        if stack.companions(api, MAPPING, "apiId"):
            own = api.inputs.get("disableExecuteApiEndpoint")
            yield met(api) if own is True else violated(api, "answers at execute-api as well")


@rule("3.12", fix="let a distribution with a webAclId lead to the API", production=True)
def api_behind_firewall(stack: Stack) -> Iterator[Judgement]:
    """Every API is behind a distribution with a firewall: it cannot have one of its own.

    https://docs.aws.amazon.com/waf/latest/developerguide/waf-chapter.html
    """
    for api in stack.of(API):
        fronts = distributions(stack, api)
        if not fronts:
            yield violated(api, "no distribution leads to it")
        elif all(front.inputs.get("webAclId") for front in fronts):
            yield met(api)
        else:
            yield violated(api, "the distribution in front has no firewall")


def distributions(stack: Stack, api: Resource) -> list[Resource]:
    """Those with an origin that is the API."""
    host = f"{api.id}.execute-api"
    return [each for each in stack.of(DISTRIBUTION) if leads_to(each, host, api)]


RULES: Final[tuple[Rule, ...]] = (*ROWS, mapped_api_without_own_endpoint, api_behind_firewall)
