"""Who decides whom the APIs let in: a function each, asked before the routes' own."""

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components.api.function import Function
from components.api.gateway import SERVICE
from contract.routes import ORIGIN_HEADER

CACHE_SECONDS = 300
"""How long a refused or revoked credential may still open the HTTP API."""


def http_authorizer(
    parent: Resource,
    name: str,
    *,
    api_id: Input[str],
    execution_arn: Input[str],
    function: Function,
) -> aws.apigatewayv2.Authorizer:
    """Its answers are kept under both headers: under the credential alone, an answer given to the
    CDN would be given to whoever comes around it."""
    authorizer = aws.apigatewayv2.Authorizer(
        f"{name}-authorizer",
        name=f"{name}-authorizer",
        api_id=api_id,
        authorizer_type="REQUEST",
        authorizer_uri=function.alias_invoke_arn,
        authorizer_payload_format_version="2.0",
        enable_simple_responses=True,
        identity_sources=[
            "$request.header.Authorization",
            f"$request.header.{ORIGIN_HEADER}",
        ],
        authorizer_result_ttl_in_seconds=CACHE_SECONDS,
        opts=ResourceOptions(parent=parent),
    )
    _allow(function, execution_arn, authorizer, name)
    return authorizer


def connect_authorizer(
    parent: Resource,
    name: str,
    *,
    api_id: Input[str],
    execution_arn: Input[str],
    function: Function,
) -> aws.apigatewayv2.Authorizer:
    """WebSocket APIs take a policy for an answer and keep none, so a ticket is asked for once."""
    authorizer = aws.apigatewayv2.Authorizer(
        f"{name}-authorizer",
        name=f"{name}-authorizer",
        api_id=api_id,
        authorizer_type="REQUEST",
        authorizer_uri=function.alias_invoke_arn,
        identity_sources=["route.request.querystring.ticket"],
        opts=ResourceOptions(parent=parent),
    )
    _allow(function, execution_arn, authorizer, name)
    return authorizer


def _allow(
    function: Function,
    execution_arn: Input[str],
    authorizer: aws.apigatewayv2.Authorizer,
    name: str,
) -> None:
    source = Output.concat(execution_arn, "/authorizers/", authorizer.id)
    function.allow_invoke(SERVICE, source, f"{name}-authorizer")
