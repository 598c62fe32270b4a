"""What the HTTP API and the WebSocket API have in common."""

import pulumi_aws as aws
from pulumi import Input, Resource, ResourceOptions

from config.sections import Logs
from contract.functions import FUNCTIONS

SERVICE = "apigateway.amazonaws.com"

INIT_SECONDS = 10
"""The longest a cold start's init phase runs, ahead of the function's own timeout:
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"""
LONGEST_SECONDS = 29
"""WebSocket APIs wait no longer, and CloudFront gives up on any API after 30 s."""


def timeout_milliseconds(function: str) -> int:
    """How long an API waits for a function: through a cold start, if it may."""
    return min(FUNCTIONS[function].timeout_seconds + INIT_SECONDS, LONGEST_SECONDS) * 1000


def access_log_group(
    parent: Resource, name: str, logs: Logs, key_arn: Input[str]
) -> aws.cloudwatch.LogGroup:
    """Below /aws/vendedlogs/, where a delivery adds nothing to the account's one resource policy,
    whose size is limited:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html"""
    return aws.cloudwatch.LogGroup(
        f"{name}-access",
        name_prefix=f"/aws/vendedlogs/apigateway/{name}-",
        retention_in_days=logs.retention_days,
        kms_key_id=key_arn,
        opts=ResourceOptions(parent=parent),
    )
