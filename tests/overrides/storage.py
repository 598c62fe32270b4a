"""Objects, and backups of all that is kept."""

from tests.overrides.row import Row

ROWS: dict[str, Row] = {
    "lifecycle days": (
        {"storage": {"hot_days": 14, "cold_days": None}},
        "",
        "s3.BucketLifecycleConfiguration data",
        "",
    ),
    "snapshots": ({"backup": {"daily_days": 7}}, "", "backup.Plan backups", ""),
    "no snapshots": (
        {"backup": {"weekly_days": None}},
        "",
        "s3.BucketLifecycleConfiguration data",
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
        iam.RolePolicy backups-tests""",
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
}
