"""The keys of a stack file that decide what rules look at: whoever reads a finding sets those.

A rule that no key reaches is not here; what it finds is for who changes the program.
"""

from collections.abc import Mapping
from typing import Final

_SNAPSHOTS: Final = (
    "data-in-a-backup-plan",
    "lock-takes-what-the-plan-makes",
    "snapshots-expire",
)
_FIREWALL: Final = ("firewall-blocks-log4j", "firewall-has-general-groups")

BROKEN_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "protect": (
        "bucket-not-emptied",
        "data-store-protected",
        "database-deletion-protected",
        "evidence-lock-not-bypassed",
        "key-deleted-slowly",
        "secret-recoverable",
        "table-deletion-protected",
        "user-pool-deletion-protected",
        "vault-not-emptied",
        "vault-refuses-deletion",
    ),
    "account.owner": (
        "role-resources-named",
        "trail-notices-the-unusual",
        "trail-tells-of-deliveries",
    ),
    "account.trail": ("trail-notices-the-unusual", "trail-tells-of-deliveries"),
    "account.lambda_concurrency": ("function-concurrency-reserved",),
    "alarms.metrics": (
        "guards-alarmed",
        "stores-and-entrances-alarmed",
        "trail-alarmed",
        "unattended-heard",
    ),
    "api.rate": ("stage-fits-functions", "stage-throttled"),
    "api.burst": ("stage-throttled",),
    "api.detailed_metrics": ("stage-metrics-by-route",),
    "audit.insights": ("trail-notices-the-unusual",),
    "audit.retention_days": ("access-logs-kept", "evidence-locked"),
    "backup.daily_days": _SNAPSHOTS,
    "backup.weekly_days": _SNAPSHOTS,
    "backup.monthly_days": _SNAPSHOTS,
    "backup.copy_region": ("backups-elsewhere", "backups-in-another-region"),
    "backup.lock": ("vault-locked",),
    "backup.restore_tests": ("databases-restored", "restores-tested"),
    "database.apply_immediately": ("database-not-changed-at-once",),
    "database.backup_days": ("backups-continuous", "database-backed-up"),
    "database.final_snapshot": (
        "database-backups-outlive-it",
        "database-final-snapshot",
        "database-final-snapshot-named",
    ),
    "database.max_storage_gib": ("database-storage-grows",),
    "database.monitoring_seconds": ("database-monitored",),
    "database.multi_az": ("database-in-two-zones",),
    "delivery.state_key": ("builds-read-no-secret",),
    "edge.plan": (
        "api-behind-firewall",
        "distribution-behind-firewall",
        "distribution-logged",
        "firewall-logging",
        *_FIREWALL,
    ),
    "edge.firewall.enabled": ("api-behind-firewall", "distribution-behind-firewall"),
    "edge.firewall.logs": ("firewall-logging",),
    "edge.firewall.plan": ("firewall-logging", *_FIREWALL),
    "edge.firewall.rules": _FIREWALL,
    "edge.firewall.count": _FIREWALL,
    "edge.firewall.ip_rate.requests": ("firewall-limits-rates",),
    "edge.firewall.anonymous_rate.requests": ("firewall-limits-rates",),
    "edge.hsts": ("hsts-alike",),
    "functions.concurrency": ("stage-fits-functions",),
    "functions.memory_mb": ("function-memory",),
    "functions.sizing": ("function-concurrency-reserved",),
    "identity.mfa": ("user-pool-second-factor-by-program", "user-pool-second-factor-offered"),
    "logs.retention_days": ("logs-kept-a-year",),
    "storage.cold_days": ("lifecycle-tiers-ordered",),
    "storage.hot_days": ("lifecycle-tiers-ordered",),
    "storage.noncurrent_days": (
        "bucket-versions-expire",
        "bucket-versions-kept",
        "bucket-versions-outlive-restores",
    ),
}
"""Rules by the key that breaks them."""


def of(rule: str) -> list[str]:
    """The keys that decide what a rule finds."""
    return [key for key, rules in BROKEN_BY.items() if rule in rules]
