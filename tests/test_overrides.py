"""What one line in a stack file creates, changes and removes, in a stack of its own."""

from collections.abc import Callable
from typing import Any

import pytest

from components.security.trail_events import EVENTS
from contract.function import Function
from contract.functions import FUNCTIONS
from contract.settings import Setting
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


def knows_readers(spec: Function) -> bool:
    return Setting.DB_READER_HOSTS in spec.settings


def reads_from_readers(spec: Function) -> bool:
    return knows_readers(spec) and spec.name not in ("relay", "restored")


def sized(spec: Function) -> bool:
    """Whether the tier is anything to it: these two run one at a time in any, and log no usage."""
    return spec.name not in ("migrate", "restored")


FLEET = each("lambda.Function")
BEHIND_CLOUDFRONT = each("lambda.Function", lambda spec: Setting.ORIGIN_DIGESTS in spec.settings)
IN_VPC = each("lambda.Function", lambda spec: spec.in_vpc)
OF_USERS = each("lambda.Function", lambda spec: spec.connects and spec.name != "migrate")
CDN_LOGS = """ma-platform.AccessLogs cdn-logs
    cloudwatch.LogDelivery cdn-logs
    cloudwatch.LogDeliveryDestination cdn-logs
    cloudwatch.LogDeliverySource cdn-logs"""
PLAN = """ma-platform.PricingPlan cdn-plan
    pricingplanmanager.Subscription cdn-plan"""
FIREWALL_LOGS = """ma-platform.FirewallLogs firewall-logs
    cloudwatch.LogGroup firewall-logs
    cloudwatch.LogResourcePolicy firewall-logs
    wafv2.WebAclLoggingConfiguration firewall-logs"""
OWN_MASTER = """random.RandomPassword database-master
    secretsmanager.Secret database-master
    secretsmanager.SecretPolicy database-master
    secretsmanager.SecretRotation rotation-master
    lambda.Permission rotation-master"""
OWN_MASTER_KNOWN = """rds.Instance database
    iam.RolePolicy bootstrap
    lambda.Function bootstrap
    iam.RolePolicy rotation
    lambda.Function rotation
    lambda.Invocation rotation-seed"""
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

TRAIL = "\n".join(
    [
        "ma-platform.Trail trail",
        "cloudtrail.Trail trail",
        "cloudwatch.LogGroup trail",
        "iam.Role trail",
        "iam.RolePolicy trail",
        *(f"cloudwatch.LogMetricFilter trail-{event.name}" for event in EVENTS),
    ]
)
TRAILED = """kms.Key key
    s3.BucketPolicy audit"""

# override, created, changed, removed
TABLE: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "tier down": (
        {"tier": "starter"},
        CDN_LOGS,
        f"""{FLEET}
        {SIZED}
        backup.Plan backups
        cloudfront.Distribution cdn
        cloudfront.Function cdn-csp""",
        f"""{PLAN}
        ma-platform.Firewall firewall
        wafv2.WebAcl firewall""",
    ),
    "tier up": (
        {"tier": "pro"},
        f"""{CDN_LOGS}
        {FIREWALL_LOGS}
        ma-platform.RestoreTests backups-tests
        backup.RestoreTestingPlan backups-tests
        backup.RestoreTestingSelection backups-tests
        backup.VaultLockConfiguration backups
        backup.VaultPolicy backups
        cloudwatch.MetricAlarm firewall-blocked
        cloudwatch.MetricAlarm audit-delivery
        cloudwatch.MetricAlarm identity-sign-in-throttles
        cloudwatch.MetricAlarm migrate-throttles
        cloudwatch.MetricAlarm tables-api-keys-throttled
        cloudwatch.MetricAlarm tables-tickets-throttled
        cloudwatch.MetricAlarm tables-connections-throttled
        cloudwatch.MetricAlarm tables-events-throttled
        cloudwatch.MetricAlarm tables-limits-throttled
        iam.Role backups-tests
        iam.Role database-monitoring
        iam.RolePolicy backups-tests
        iam.RolePolicyAttachment database-monitoring
        lambda.ProvisionedConcurrencyConfig simcore
        rds.SubnetGroup backups-tests
        random.RandomId database-final""",
        f"""{each("lambda.Function", sized)}
        {SIZED}
        {KEPT}
        {LOGGED}
        backup.Plan backups
        cloudwatch.MetricAlarm database-storage
        pricingplanmanager.Subscription cdn-plan
        wafv2.WebAcl firewall
        s3.BucketLifecycleConfiguration audit
        s3.BucketLifecycleConfiguration data
        s3.BucketObjectLockConfiguration audit""",
        "",
    ),
    "one replica": (
        {"database": {"replicas": 1}},
        f"""{OWN_MASTER}
        ma-platform.Replicas replicas
        rds.Instance replicas-1
        cloudwatch.LogGroup replicas-1-postgresql
        cloudwatch.LogGroup replicas-1-upgrade""",
        f"""{each("lambda.Function", knows_readers)}
        {each("iam.RolePolicy", reads_from_readers)}
        {OWN_MASTER_KNOWN}""",
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
        f"""{each("lambda.Function", knows_readers)}
        {each("iam.RolePolicy", reads_from_readers)}
        {OWN_MASTER_KNOWN}""",
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
        "cloudwatch.MetricAlarm firewall-blocked",
        """cloudfront.Distribution cdn
        iam.RolePolicy jobs
        iam.RolePolicy optilibria
        iam.RolePolicy qmlab
        iam.RolePolicy simcore
        iam.RolePolicy workspaces
        lambda.Function health
        lambda.Function optilibria
        lambda.Function qmlab
        lambda.Function simcore
        lambda.Function workspaces""",
        f"""ma-platform.Restores restores
        cloudwatch.EventRule restores
        cloudwatch.EventTarget restores
        lambda.Permission restored-restores
        sqs.Queue restores-failures
        sqs.QueuePolicy restores-failures
        ma-platform.WebSocketApi websocket
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
    "edge plan": (
        {"edge": {"plan": "pro"}},
        f"""{CDN_LOGS}
        {FIREWALL_LOGS}""",
        """pricingplanmanager.Subscription cdn-plan
        wafv2.WebAcl firewall""",
        "",
    ),
    "edge plan on its way": (
        {"edge": {"plan": "pro", "firewall": {"plan": "free"}}},
        CDN_LOGS,
        "pricingplanmanager.Subscription cdn-plan",
        "",
    ),
    "pay as you go": (
        {"edge": {"plan": "payg"}},
        CDN_LOGS,
        "cloudfront.Distribution cdn",
        f"""{PLAN}
        ma-platform.Firewall firewall
        wafv2.WebAcl firewall""",
    ),
    "pay as you go behind a firewall": (
        {"edge": {"plan": "payg", "firewall": {"enabled": True, "logs": True}}},
        f"""{CDN_LOGS}
        {FIREWALL_LOGS}""",
        """cloudfront.Distribution cdn
        wafv2.WebAcl firewall""",
        PLAN,
    ),
    "counted rule": (
        {"edge": {"firewall": {"count": {"Common": "2026-12-31"}}}},
        "",
        "wafv2.WebAcl firewall",
        "",
    ),
    "firewall rules": (
        {"edge": {"firewall": {"rules": ["IpRate"]}}},
        "",
        "wafv2.WebAcl firewall",
        "",
    ),
    "address limit": (
        {"edge": {"firewall": {"ip_rate": {"requests": 2000}}}},
        "",
        "wafv2.WebAcl firewall",
        "",
    ),
    "account owner": (
        {"account": {"owner": True}},
        f"""{TRAIL}
        ma-platform.Account account
        s3.AccountPublicAccessBlock account
        accessanalyzer.Analyzer account
        ma-platform.ApiLogRole api-logs
        apigateway.Account api-logs
        iam.Role api-logs
        iam.RolePolicy api-logs""",
        TRAILED,
        "",
    ),
    "trail": ({"account": {"trail": True}}, TRAIL, TRAILED, ""),
    "insights": (
        {"account": {"trail": True}, "audit": {"insights": True}},
        TRAIL,
        TRAILED,
        "",
    ),
    "audit retention": (
        {"audit": {"retention_days": 90}},
        "",
        """s3.BucketLifecycleConfiguration audit
        s3.BucketObjectLockConfiguration audit""",
        "",
    ),
    "audit compliance": (
        {"audit": {"mode": "compliance"}, "protect": True},
        "backup.VaultPolicy backups",
        f"""{KEPT}
        s3.BucketObjectLockConfiguration audit""",
        "",
    ),
    "delivery": (
        {"delivery": {"repository": "acme/platform"}},
        """ma-platform.Boundary boundary
        iam.Policy boundary
        ma-platform.Delivery delivery
        iam.Policy delivery-guard
        iam.Policy delivery-own
        iam.Policy delivery-preview
        iam.Policy delivery-read
        iam.Policy delivery-roles
        iam.Policy delivery-servers
        iam.Policy delivery-stores
        iam.Role delivery-deploy
        iam.Role delivery-preview
        iam.RolePolicyAttachment delivery-deploy-guard
        iam.RolePolicyAttachment delivery-deploy-own
        iam.RolePolicyAttachment delivery-deploy-read
        iam.RolePolicyAttachment delivery-deploy-roles
        iam.RolePolicyAttachment delivery-deploy-servers
        iam.RolePolicyAttachment delivery-deploy-stores
        iam.RolePolicyAttachment delivery-preview-preview
        iam.RolePolicyAttachment delivery-preview-read""",
        f"""{each("iam.Role")}
        iam.Role audit-delivery-firehose
        iam.Role audit-delivery-subscription
        iam.Role backups
        iam.Role jobs
        iam.Role network-flow-logs""",
        "",
    ),
    "snapshots": ({"backup": {"daily_days": 7}}, "", "backup.Plan backups", ""),
    "no snapshots": (
        {"backup": {"weekly_days": None}},
        "",
        "",
        """backup.Plan backups
        backup.Selection backups
        iam.Role backups
        iam.RolePolicy backups""",
    ),
    "locked vault": (
        {"backup": {"lock": True}},
        "backup.VaultLockConfiguration backups",
        "",
        "",
    ),
    "restore tests": (
        {"backup": {"restore_tests": "quarterly"}},
        """ma-platform.RestoreTests backups-tests
        backup.RestoreTestingPlan backups-tests
        backup.RestoreTestingSelection backups-tests
        iam.Role backups-tests
        iam.RolePolicy backups-tests
        rds.SubnetGroup backups-tests""",
        "",
        "",
    ),
    "copies of backups": (
        {"backup": {"copy_region": "us-west-2"}},
        """ma-platform.Key key-copies
        ma-platform.Vault backups-copies
        backup.Vault backups-copies
        backup.VaultNotifications backups-copies
        kms.Alias key-copies
        kms.Key key-copies
        rds.InstanceAutomatedBackupsReplication backups
        sns.Topic backups-copies-failures
        sns.TopicPolicy backups-copies-failures
        sns.TopicSubscription backups-copies-failures""",
        """backup.Plan backups
        iam.RolePolicy backups""",
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
        f"""{BEHIND_CLOUDFRONT}
        cloudfront.Distribution cdn""",
        "",
    ),
    "release": ({"site": {"release": "2026-11-22.1"}}, "", "cloudfront.Function cdn-rewrite", ""),
    "second factor": ({"identity": {"mfa": "ON"}}, "", "cognito.UserPool identity", ""),
    "protection": ({"protect": True}, "backup.VaultPolicy backups", KEPT, ""),
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
