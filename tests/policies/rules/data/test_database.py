"""Rules for the primary, each with a stack that breaks it."""

import pytest

from policies.rules.data import database
from tests.policies.cases import Case, case, changed, check, spoilt, without

DATABASE = "rds.Instance database"
COPY = "rds.InstanceAutomatedBackupsReplication backups"
IN = "vpc.SecurityGroupIngressRule database-from-functions-in"

CASES = [
    spoilt("database-in-named-subnets", DATABASE, "dbSubnetGroupName", None),
    spoilt("database-in-two-zones", DATABASE, "multiAz", False, stack="enterprise"),
    spoilt("database-backed-up", DATABASE, "backupRetentionPeriod", 0),
    spoilt("database-backed-up", DATABASE, "backupRetentionPeriod", 140),
    spoilt("database-backups-outlive-it", DATABASE, "deleteAutomatedBackups", True),
    spoilt("database-master-not-a-known-name", DATABASE, "username", "postgres"),
    spoilt("database-version-supported", DATABASE, "engineVersion", "15.4"),
    spoilt("database-without-extended-support", DATABASE, "engineLifecycleSupport", None),
    spoilt("database-not-changed-at-once", DATABASE, "applyImmediately", True),
    spoilt("database-final-snapshot", DATABASE, "skipFinalSnapshot", True),
    spoilt("database-final-snapshot-named", DATABASE, "finalSnapshotIdentifier", None),
    spoilt("database-backed-up-when-it-is-quiet", DATABASE, "backupWindow", None),
    spoilt("database-subnets-in-zones", "rds.SubnetGroup database", "subnetIds", ["subnet-1"]),
    case("backups-in-another-region", without(COPY), DATABASE, stack="enterprise"),
    spoilt("database-storage-grows", DATABASE, "maxAllocatedStorage", None),
    spoilt("database-storage-grows", DATABASE, "maxAllocatedStorage", 109),
    spoilt("database-storage-grows", DATABASE, "maxAllocatedStorage", 2000),
    spoilt("database-storage-grows", DATABASE, "allocatedStorage", None),
    spoilt("database-storage-grows", DATABASE, "allocatedStorage", 1000),
    case("database-reached-from-inside", without(IN), DATABASE),
    case("database-reached-from-inside", changed(IN, "referencedSecurityGroupId", None), DATABASE),
    case("database-reached-from-inside", changed(IN, "toPort", 65535), DATABASE),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, database.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in database.RULES}
