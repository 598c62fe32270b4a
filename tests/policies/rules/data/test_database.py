"""Rules for RDS instances, each with a stack that breaks it."""

import pytest

from policies.rules.data import database
from tests.policies.cases import Case, case, check, spoilt, without

DATABASE = "rds.Instance database"
REPLICA = "rds.Instance replicas-1"
COPY = "rds.InstanceAutomatedBackupsReplication backups"

CASES = [
    spoilt("database-not-public", DATABASE, "publiclyAccessible", True),
    spoilt("database-in-named-subnets", DATABASE, "dbSubnetGroupName", None),
    spoilt("database-in-named-groups", DATABASE, "vpcSecurityGroupIds", []),
    spoilt("database-encrypted", DATABASE, "storageEncrypted", False),
    spoilt("database-under-own-key", DATABASE, "kmsKeyId", None),
    spoilt("database-in-two-zones", DATABASE, "multiAz", False, stack="enterprise"),
    spoilt("database-deletion-protected", DATABASE, "deletionProtection", False),
    spoilt("database-backed-up", DATABASE, "backupRetentionPeriod", 0),
    spoilt("database-backed-up", DATABASE, "backupRetentionPeriod", 140),
    spoilt("database-backups-outlive-it", DATABASE, "deleteAutomatedBackups", True),
    spoilt("database-snapshots-tagged", DATABASE, "copyTagsToSnapshot", False),
    spoilt("database-signs-in-by-iam", DATABASE, "iamDatabaseAuthenticationEnabled", False),
    spoilt("database-port-of-its-own", DATABASE, "port", 5432),
    spoilt("database-port-of-its-own", DATABASE, "port", None),
    spoilt("database-master-not-a-known-name", DATABASE, "username", "postgres"),
    spoilt("database-final-snapshot", DATABASE, "skipFinalSnapshot", True),
    spoilt("database-final-snapshot-named", DATABASE, "finalSnapshotIdentifier", None),
    case("backups-in-another-region", without(COPY), DATABASE, stack="enterprise"),
    spoilt("replicas-in-other-zones", REPLICA, "availabilityZone", None, stack="enterprise"),
    *(
        spoilt(rule, REPLICA, path, None, stack="enterprise")
        for rule, path in (
            ("database-not-public", "publiclyAccessible"),
            ("database-deletion-protected", "deletionProtection"),
            ("database-snapshots-tagged", "copyTagsToSnapshot"),
        )
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, database.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in database.RULES}
