"""What the APIs are opened on: a stage each, with its throttles and a log of every call."""

import json

import pulumi_aws as aws
from pulumi import Input, Output, Resource, ResourceOptions

from components.context import Context
from config.sections import Api
from contract.routes import WEBSOCKET_STAGE

DEFAULT = "$default"
"""API Gateway's name for the stage without a path, and for the route of what no route matches."""

FALLBACK_SHARE = 4
"""Unknown paths get a quarter of the stage's throttle: a flood of them leaves the rest working."""

HTTP_LOG = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "routeKey": "$context.routeKey",
    "path": "$context.path",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
    "latency": "$context.responseLatency",
    "integrationLatency": "$context.integrationLatency",
    "integrationStatus": "$context.integrationStatus",
    "integrationError": "$context.integrationErrorMessage",
    "error": "$context.error.message",
}
"""``ip`` is CloudFront's; an HTTP API logs no headers, so the viewer's is in the function's log:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html"""

WEBSOCKET_LOG = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "ip": "$context.identity.sourceIp",
    "connectionId": "$context.connectionId",
    "eventType": "$context.eventType",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "integrationLatency": "$context.integrationLatency",
    "integrationStatus": "$context.integrationStatus",
    "integrationError": "$context.integrationErrorMessage",
    "error": "$context.error.message",
}
"""``ip`` is CloudFront's. No message is in it, nor in the execution log."""


def http_stage(
    parent: Resource,
    name: str,
    *,
    api_id: Input[str],
    config: Api,
    context: Context,
    fallback: aws.apigatewayv2.Route,
) -> None:
    """It deploys what the API has by itself; ``fallback`` is the route of unknown paths."""
    access = _access_log_group(parent, name, context)
    aws.apigatewayv2.Stage(
        name,
        api_id=api_id,
        name=DEFAULT,
        auto_deploy=True,
        default_route_settings={
            "throttling_rate_limit": config.rate,
            "throttling_burst_limit": config.burst,
            "detailed_metrics_enabled": config.detailed_metrics,
        },
        route_settings=[
            {
                "route_key": DEFAULT,
                "throttling_rate_limit": max(1, config.rate // FALLBACK_SHARE),
                "throttling_burst_limit": max(1, config.burst // FALLBACK_SHARE),
                "detailed_metrics_enabled": config.detailed_metrics,
            }
        ],
        access_log_settings={"destination_arn": access.arn, "format": json.dumps(HTTP_LOG)},
        # Settings of a route that is not there yet are refused.
        opts=ResourceOptions(parent=parent, depends_on=[fallback]),
    )


def websocket_stage(
    parent: Resource,
    name: str,
    *,
    api_id: Input[str],
    config: Api,
    context: Context,
    deployment: aws.apigatewayv2.Deployment,
    log_account: aws.apigateway.Account | None,
) -> None:
    """It logs errors too, which takes ``log_account``, where this stack is the one to set it."""
    access = _access_log_group(parent, name, context)
    # API Gateway writes execution logs to the group of this name, and makes it if it must:
    # without retention, and not under our key.
    execution = aws.cloudwatch.LogGroup(
        f"{name}-execution",
        name=Output.format("/aws/apigateway/{0}/{1}", api_id, WEBSOCKET_STAGE),
        retention_in_days=context.logs.retention_days,
        kms_key_id=context.key_arn,
        opts=ResourceOptions(parent=parent),
    )
    aws.apigatewayv2.Stage(
        name,
        api_id=api_id,
        name=WEBSOCKET_STAGE,
        deployment_id=deployment.id,
        default_route_settings={
            "throttling_rate_limit": config.rate,
            "throttling_burst_limit": config.burst,
            "detailed_metrics_enabled": config.detailed_metrics,
            "logging_level": "ERROR",
            "data_trace_enabled": False,
        },
        access_log_settings={"destination_arn": access.arn, "format": json.dumps(WEBSOCKET_LOG)},
        opts=ResourceOptions(
            parent=parent, depends_on=[execution, *([log_account] if log_account else [])]
        ),
    )


def _access_log_group(parent: Resource, name: str, context: Context) -> aws.cloudwatch.LogGroup:
    """Below /aws/vendedlogs/, where a delivery adds nothing to the account's one resource policy,
    whose size is limited:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html"""
    return aws.cloudwatch.LogGroup(
        f"{name}-access",
        name_prefix=f"/aws/vendedlogs/apigateway/{name}-",
        retention_in_days=context.logs.retention_days,
        kms_key_id=context.key_arn,
        opts=ResourceOptions(parent=parent),
    )
