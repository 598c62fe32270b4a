"""The tiers beside growth."""

from contract.function import Function
from tests.overrides.row import CDN_LOGS, FIREWALL_LOGS, KEPT, LOGGED, PLAN, SIZED, Row, each

FLEET = each("lambda.Function")


def sized(spec: Function) -> bool:
    """Whether the tier is anything to it: these run one at a time in any, and log no usage."""
    return spec.name not in ("migrate", "restored", "relay")


ROWS: dict[str, Row] = {
    "tier down": (
        {"tier": "starter"},
        CDN_LOGS,
        f"""{FLEET}
        {SIZED}
        backup.Plan backups
        cloudfront.Distribution cdn
        cloudfront.Function cdn-csp
        s3.BucketLifecycleConfiguration data""",
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
        cloudwatch.MetricAlarm rotation-failures
        cloudwatch.MetricAlarm identity-sign-in-throttles
        cloudwatch.MetricAlarm cdn-errors
        cloudwatch.MetricAlarm tables-events-throttled
        cloudwatch.MetricAlarm websocket-errors
        cloudwatch.MetricAlarm tables-api-keys-throttled
        cloudwatch.MetricAlarm tables-tickets-throttled
        cloudwatch.MetricAlarm tables-connections-throttled
        cloudwatch.MetricAlarm tables-limits-throttled
        iam.Role backups-tests
        iam.Role database-monitoring
        iam.RolePolicy backups-tests
        iam.RolePolicyAttachment database-monitoring
        lambda.ProvisionedConcurrencyConfig simcore
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
}
