"""What one line in a stack file creates, changes and removes, in a stack of its own."""

from collections.abc import Callable
from typing import Any

import pytest

from contract.functions import FUNCTIONS, Function
from tests.compare import Difference, difference
from tests.config.strategies import CONTACTS
from tests.stacks import declared

GROWTH: dict[str, Any] = {
    "tier": "growth",
    "contacts": CONTACTS,
    "origins": ["https://app.example.com"],
}


def each(kind: str, of: Callable[[Function], bool] = lambda _: True, suffix: str = "") -> str:
    """A resource of each function, or of those a condition picks."""
    names = [spec.name.replace("_", "-") for spec in FUNCTIONS.values() if of(spec)]
    return "\n".join(f"{kind} {name}{suffix}" for name in names)


def reads_from_readers(spec: Function) -> bool:
    return spec.connects and spec.name not in ("migrate", "relay")


FLEET = each("lambda.Function")
IN_VPC = each("lambda.Function", lambda spec: spec.in_vpc)
OF_USERS = each("lambda.Function", lambda spec: spec.connects and spec.name != "migrate")
CDN_LOGS = """ma-platform.AccessLogs cdn-logs
    cloudwatch.LogDelivery cdn-logs
    cloudwatch.LogDeliveryDestination cdn-logs
    cloudwatch.LogDeliverySource cdn-logs"""
OWN_MASTER = """random.RandomPassword database-master
    secretsmanager.Secret database-master
    secretsmanager.SecretVersion database-master"""
SIZED = f"""{FLEET}
    provider.aws aws
    apigatewayv2.Stage http
    apigatewayv2.Stage websocket
    rds.Instance database
    rds.ParameterGroup database
    cloudwatch.MetricAlarm database-connections
    cloudwatch.MetricAlarm database-memory"""
KEPT = """cognito.UserPool identity
    dynamodb.Table tables-connections
    dynamodb.Table tables-events
    dynamodb.Table tables-limits
    dynamodb.Table tables-api-keys
    dynamodb.Table tables-tickets
    secretsmanager.Secret secrets-api-key
    secretsmanager.Secret secrets-encryption-key
    secretsmanager.Secret secrets-jwt-secret
    kms.Key key
    rds.Instance database
    s3.Bucket data
    s3.Bucket logs
    s3.Bucket site"""
LOGGED = f"""{each("cloudwatch.LogGroup")}
    cloudwatch.LogGroup database-postgresql
    cloudwatch.LogGroup database-upgrade
    cloudwatch.LogGroup http-access
    cloudwatch.LogGroup network-flow-logs
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
        cloudwatch.MetricAlarm bootstrap-throttles
        cloudwatch.MetricAlarm migrate-dead-letters
        cloudwatch.MetricAlarm migrate-errors
        cloudwatch.MetricAlarm migrate-throttles
        cloudwatch.MetricAlarm tables-api-keys-throttled
        cloudwatch.MetricAlarm tables-tickets-throttled
        cloudwatch.MetricAlarm tables-connections-throttled
        cloudwatch.MetricAlarm tables-events-throttled
        cloudwatch.MetricAlarm tables-limits-throttled
        iam.Role database-monitoring
        iam.RolePolicyAttachment database-monitoring
        lambda.ProvisionedConcurrencyConfig simcore
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
        f"""{OF_USERS}
        {each("iam.RolePolicy", reads_from_readers)}
        rds.Instance database
        iam.RolePolicy bootstrap
        lambda.Function bootstrap""",
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
        f"""{OF_USERS}
        {each("iam.RolePolicy", reads_from_readers)}
        rds.Instance database
        iam.RolePolicy bootstrap
        lambda.Function bootstrap""",
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
        f"""{OF_USERS}
        {each("iam.RolePolicy", lambda spec: spec.connects and spec.name != "migrate")}
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
        lambda.Function connect-authorizer
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
        lambda.Function connect-authorizer
        s3.BucketCorsConfiguration data""",
        "",
    ),
    "realtime off": (
        {"features": {"realtime": False}},
        # The allowance of the alarm that goes serves one that is left out else.
        "cloudwatch.MetricAlarm migrate-throttles",
        """cloudfront.Distribution cdn
        iam.RolePolicy jobs
        lambda.Function health
        lambda.Function optilibria
        lambda.Function qmlab
        lambda.Function simcore
        lambda.Function workspaces""",
        f"""ma-platform.WebSocketApi websocket
        apigatewayv2.Api websocket
        apigatewayv2.Authorizer websocket-authorizer
        apigatewayv2.Deployment websocket
        apigatewayv2.Integration websocket-realtime
        apigatewayv2.Route websocket-connect
        apigatewayv2.Route websocket-disconnect
        apigatewayv2.Route websocket-ping
        apigatewayv2.Route websocket-subscribe
        apigatewayv2.Route websocket-unsubscribe
        apigatewayv2.RouteResponse websocket-ping
        apigatewayv2.RouteResponse websocket-subscribe
        apigatewayv2.RouteResponse websocket-unsubscribe
        apigatewayv2.Stage websocket
        apigatewayv2.Route http-create-ticket
        cloudwatch.LogGroup websocket-access
        cloudwatch.LogGroup websocket-execution
        cloudwatch.MetricAlarm websocket-errors
        {each("ma-platform.Function", lambda spec: spec.realtime)}
        {each("cloudwatch.LogGroup", lambda spec: spec.realtime)}
        {each("iam.Role", lambda spec: spec.realtime)}
        {each("iam.RolePolicy", lambda spec: spec.realtime)}
        {each("lambda.Alias", lambda spec: spec.realtime)}
        {each("lambda.Function", lambda spec: spec.realtime)}
        {each("sqs.Queue", lambda spec: spec.realtime, "-failures")}
        {each("sqs.QueuePolicy", lambda spec: spec.realtime, "-failures")}
        lambda.Permission connect-authorizer-websocket-authorizer
        lambda.Permission realtime-websocket-connect
        lambda.Permission realtime-websocket-disconnect
        lambda.Permission realtime-websocket-ping
        lambda.Permission realtime-websocket-subscribe
        lambda.Permission realtime-websocket-unsubscribe
        lambda.Permission workspaces-http-realtime
        ma-platform.EventStream events
        lambda.EventSourceMapping events
        scheduler.Schedule jobs-connections
        scheduler.Schedule jobs-relay
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
        f"""{IN_VPC}
        rds.SubnetGroup database""",
        "",
    ),
    "origin lock": (
        {"edge": {"origin_secret_generation": 2}},
        "random.RandomPassword origin-lock-3",
        f"""{FLEET}
        cloudfront.Distribution cdn""",
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
        each("lambda.Function", lambda spec: not spec.connects),
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
