"""What one line in a stack file creates, changes and removes, in a stack of its own."""

from typing import Any

import pytest

from tests.compare import Difference, difference
from tests.config.strategies import CONTACTS
from tests.stacks import declared

GROWTH: dict[str, Any] = {
    "tier": "growth",
    "contacts": CONTACTS,
    "origins": ["https://app.example.com"],
}

CDN_LOGS = """ma-platform.AccessLogs cdn-logs
    cloudwatch.LogDelivery cdn-logs
    cloudwatch.LogDeliveryDestination cdn-logs
    cloudwatch.LogDeliverySource cdn-logs"""
OWN_MASTER = """random.RandomPassword database-master
    secretsmanager.Secret database-master
    secretsmanager.SecretVersion database-master"""
SIZED = """provider.aws aws
    apigatewayv2.Stage http
    apigatewayv2.Stage websocket
    lambda.Function health
    lambda.Function health-auth
    lambda.Function realtime
    rds.Instance database
    rds.ParameterGroup database
    cloudwatch.MetricAlarm database-connections
    cloudwatch.MetricAlarm database-memory"""
KEPT = """cognito.UserPool identity
    dynamodb.Table tables-connections
    dynamodb.Table tables-events
    dynamodb.Table tables-limits
    kms.Key key
    rds.Instance database
    s3.Bucket data
    s3.Bucket logs
    s3.Bucket site"""
LOGGED = """cloudwatch.LogGroup database-postgresql
    cloudwatch.LogGroup database-upgrade
    cloudwatch.LogGroup health
    cloudwatch.LogGroup health-auth
    cloudwatch.LogGroup http-access
    cloudwatch.LogGroup network-flow-logs
    cloudwatch.LogGroup realtime
    cloudwatch.LogGroup websocket-access
    cloudwatch.LogGroup websocket-execution
    s3.BucketLifecycleConfiguration logs"""

# override, created, changed, removed
TABLE: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "tier down": (
        {"tier": "starter"},
        CDN_LOGS,
        f"""{SIZED}
        cloudfront.Distribution cdn
        cloudfront.Function cdn-csp""",
        "",
    ),
    "tier up": (
        {"tier": "pro"},
        f"""{CDN_LOGS}
        cloudwatch.MetricAlarm health-auth-dead-letters
        cloudwatch.MetricAlarm health-auth-errors
        cloudwatch.MetricAlarm health-auth-throttles
        cloudwatch.MetricAlarm health-dead-letters
        cloudwatch.MetricAlarm health-errors
        cloudwatch.MetricAlarm health-throttles
        cloudwatch.MetricAlarm realtime-errors
        cloudwatch.MetricAlarm realtime-throttles
        cloudwatch.MetricAlarm tables-connections-throttled
        cloudwatch.MetricAlarm tables-events-throttled
        cloudwatch.MetricAlarm tables-limits-throttled
        iam.Role database-monitoring
        iam.RolePolicyAttachment database-monitoring
        lambda.ProvisionedConcurrencyConfig realtime
        random.RandomId database-final""",
        f"""{SIZED}
        {KEPT}
        {LOGGED}
        cloudwatch.MetricAlarm database-storage
        s3.BucketLifecycleConfiguration data""",
        "",
    ),
    "one replica": (
        {"database": {"replicas": 1}},
        f"""{OWN_MASTER}
        ma-platform.Replicas replicas
        rds.Instance replicas-1
        cloudwatch.LogGroup replicas-1-postgresql
        cloudwatch.LogGroup replicas-1-upgrade""",
        """rds.Instance database
        lambda.Function health
        iam.RolePolicy health""",
        "",
    ),
    "two replicas": (
        {"database": {"replicas": 2}},
        f"""{OWN_MASTER}
        ma-platform.Replicas replicas
        rds.Instance replicas-1
        rds.Instance replicas-2
        cloudwatch.LogGroup replicas-1-postgresql
        cloudwatch.LogGroup replicas-1-upgrade
        cloudwatch.LogGroup replicas-2-postgresql
        cloudwatch.LogGroup replicas-2-upgrade""",
        """rds.Instance database
        lambda.Function health
        iam.RolePolicy health""",
        "",
    ),
    "proxy": (
        {"database": {"proxy": True}},
        """ma-platform.Proxy proxy
        rds.Proxy proxy
        rds.ProxyDefaultTargetGroup proxy
        rds.ProxyTarget proxy
        cloudwatch.LogGroup proxy
        ec2.SecurityGroup proxy
        iam.Role proxy
        iam.RolePolicy proxy
        vpc.SecurityGroupEgressRule database-from-proxy-out
        vpc.SecurityGroupIngressRule database-from-proxy-in
        vpc.SecurityGroupEgressRule proxy-from-functions-out
        vpc.SecurityGroupIngressRule proxy-from-functions-in""",
        """iam.RolePolicy health
        lambda.Function health
        rds.ParameterGroup database""",
        "",
    ),
    "domain": (
        {"edge": {"domain": "app.example.com", "zone_id": "Z0123456789ABC"}},
        """ma-platform.Certificate cdn-certificate
        acm.Certificate cdn-certificate
        acm.CertificateValidation cdn-certificate
        route53.Record cdn-certificate-proof
        route53.Record cdn-ipv4
        route53.Record cdn-ipv6""",
        """cloudfront.Distribution cdn
        cognito.UserPoolClient identity
        lambda.Function realtime
        s3.BucketCorsConfiguration data""",
        "",
    ),
    "lifecycle days": (
        {"storage": {"hot_days": 14, "cold_days": None}},
        "",
        "s3.BucketLifecycleConfiguration data",
        "",
    ),
    "origin": (
        {"origins": ["https://app.example.com", "https://b.example.com"]},
        "",
        """apigatewayv2.Api http
        cognito.UserPoolClient identity
        lambda.Function realtime
        s3.BucketCorsConfiguration data""",
        "",
    ),
    "realtime off": (
        {"features": {"realtime": False}},
        # The allowance of the alarm that goes serves one that is left out else.
        "cloudwatch.MetricAlarm health-throttles",
        """cloudfront.Distribution cdn
        lambda.Function health""",
        """ma-platform.WebSocketApi websocket
        apigatewayv2.Api websocket
        apigatewayv2.Deployment websocket
        apigatewayv2.Integration websocket-realtime
        apigatewayv2.Route websocket-connect
        apigatewayv2.Route websocket-disconnect
        apigatewayv2.Route websocket-ping
        apigatewayv2.RouteResponse websocket-ping
        apigatewayv2.Stage websocket
        cloudwatch.LogGroup websocket-access
        cloudwatch.LogGroup websocket-execution
        cloudwatch.MetricAlarm websocket-errors
        ma-platform.Function realtime
        cloudwatch.LogGroup realtime
        iam.Role realtime
        iam.RolePolicy realtime
        lambda.Alias realtime
        lambda.Function realtime
        lambda.Permission realtime-websocket-connect
        lambda.Permission realtime-websocket-disconnect
        lambda.Permission realtime-websocket-ping
        sqs.Queue realtime-failures
        sqs.QueuePolicy realtime-failures
        dynamodb.Table tables-connections
        dynamodb.Table tables-events""",
    ),
    "edge plan": ({"edge": {"plan": "pro"}}, CDN_LOGS, "", ""),
    "account owner": (
        {"account": {"owner": True}},
        """ma-platform.ApiLogRole api-logs
        apigateway.Account api-logs
        iam.Role api-logs
        iam.RolePolicy api-logs""",
        "",
        "",
    ),
    "third zone": (
        {"network": {"zones": 3}},
        """ec2.Subnet network-isolated-3
        ec2.RouteTableAssociation network-isolated-3""",
        """lambda.Function health
        rds.SubnetGroup database""",
        "",
    ),
    "origin lock": (
        {"edge": {"origin_secret_generation": 2}},
        "random.RandomPassword origin-lock-3",
        """cloudfront.Distribution cdn
        lambda.Function health
        lambda.Function health-auth
        lambda.Function realtime""",
        "",
    ),
    "release": ({"site": {"release": "2026-11-22.1"}}, "", "cloudfront.Function cdn-rewrite", ""),
    "second factor": ({"identity": {"mfa": "ON"}}, "", "cognito.UserPool identity", ""),
    "protection": ({"protect": True}, "", KEPT, ""),
    "final snapshot": (
        {"database": {"final_snapshot": True}},
        "random.RandomId database-final",
        "rds.Instance database",
        "",
    ),
    "provisioned": (
        {"functions": {"provisioned": {"realtime": 2}}},
        "lambda.ProvisionedConcurrencyConfig realtime",
        "",
        "",
    ),
    "dedicated-high": (
        {"functions": {"sizing": "dedicated-high", "provisioned": {"realtime": 2}}},
        """lambda.ProvisionedConcurrencyConfig realtime
        appautoscaling.Target realtime
        appautoscaling.Policy realtime""",
        """lambda.Function health-auth
        lambda.Function realtime""",
        "",
    ),
    "route metrics": (
        {"api": {"detailed_metrics": True}},
        "",
        """apigatewayv2.Stage http
        apigatewayv2.Stage websocket""",
        "",
    ),
    "log retention": ({"logs": {"retention_days": 90}}, "", LOGGED, ""),
    "instance class": (
        {"database": {"instance_class": "db.r8g.large"}},
        "",
        """rds.Instance database
        cloudwatch.MetricAlarm database-memory""",
        "",
    ),
}


@pytest.mark.parametrize("override", TABLE)
def test_an_override_changes_just_what_it_is_about(override):
    values, created, changed, removed = TABLE[override]
    before, after = declared(GROWTH), declared({**GROWTH, **values})

    assert difference(before, after) == Difference(
        created=labels(created), changed=labels(changed), removed=labels(removed)
    )


def test_another_region_brings_topics_and_key_for_cloudfronts_alarms_and_removes_nothing():
    found = difference(declared(GROWTH), declared(GROWTH, region="eu-central-1"))

    topics = {
        f"sns.{kind} topics-edge-{issue}"
        for kind in ("Topic", "TopicPolicy", "TopicSubscription")
        for issue in ("outage", "security", "data-loss")
    }
    assert found.removed == frozenset()
    assert found.created == topics | {
        "ma-platform.Topics topics-edge",
        "ma-platform.Key key-edge",
        "kms.Key key-edge",
        "kms.Alias key-edge",
    }


def labels(lines: str) -> frozenset[str]:
    return frozenset(line.strip() for line in lines.splitlines() if line.strip())
