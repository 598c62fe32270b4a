"""What rows of several subjects create, change or remove."""

from collections.abc import Callable
from typing import Any

from contract.function import Function
from contract.functions import FUNCTIONS

Row = tuple[dict[str, Any], str, str, str]
"""What a stack file says more, and the labels of what that creates, changes and removes."""


def each(kind: str, of: Callable[[Function], bool] = lambda _: True, suffix: str = "") -> str:
    """A resource of each function, or of those a condition picks."""
    names = [spec.name.replace("_", "-") for spec in FUNCTIONS.values() if of(spec)]
    return "\n".join(f"{kind} {name}{suffix}" for name in names)


CDN_LOGS = """ma-platform.AccessLogs cdn-logs
    cloudwatch.LogDelivery cdn-logs
    cloudwatch.LogDeliveryDestination cdn-logs
    cloudwatch.LogDeliverySource cdn-logs"""
PLAN = "pricingplanmanager.Subscription cdn-plan"
FIREWALL_LOGS = """ma-platform.FirewallLogs firewall-logs
    cloudwatch.LogGroup firewall-logs
    cloudwatch.LogResourcePolicy firewall-logs
    wafv2.WebAclLoggingConfiguration firewall-logs"""
SIZED = """provider.aws aws
    apigatewayv2.Stage http
    apigatewayv2.Stage websocket
    rds.Instance database
    rds.ParameterGroup database
    cloudwatch.MetricAlarm database-connections
    cloudwatch.MetricAlarm database-memory"""
KEPT = """cognito.UserPool identity
    backup.Vault backups
    s3.BucketPolicy audit
    dynamodb.Table tables-api-keys
    secretsmanager.Secret secrets-api-key
    secretsmanager.Secret secrets-encryption-key
    secretsmanager.Secret secrets-jwt-secret
    kms.Key key
    rds.Instance database
    s3.Bucket audit
    s3.Bucket data
    s3.Bucket logs
    s3.Bucket site"""
LOGGED = f"""{each("cloudwatch.LogGroup")}
    cloudwatch.LogGroup audit-delivery
    cloudwatch.LogGroup database-postgresql
    cloudwatch.LogGroup database-upgrade
    cloudwatch.LogGroup http-access
    cloudwatch.LogGroup network-flow-logs
    cloudwatch.LogGroup websocket-access
    cloudwatch.LogGroup websocket-execution
    s3.BucketLifecycleConfiguration logs"""
