"""Rules for RDS instances, each with a stack that breaks it."""

import pytest

from policies.rules.data import instance
from tests.policies.cases import Case, check, spoilt

DATABASE = "rds.Instance database"
REPLICA = "rds.Instance replicas-1"

CASES = [
    spoilt("database-not-public", DATABASE, "publiclyAccessible", True),
    spoilt("database-in-named-groups", DATABASE, "vpcSecurityGroupIds", []),
    spoilt("database-encrypted", DATABASE, "storageEncrypted", False),
    spoilt("database-under-own-key", DATABASE, "kmsKeyId", None),
    spoilt("database-deletion-protected", DATABASE, "deletionProtection", False),
    spoilt("database-snapshots-tagged", DATABASE, "copyTagsToSnapshot", False),
    spoilt("database-signs-in-by-iam", DATABASE, "iamDatabaseAuthenticationEnabled", False),
    spoilt("database-port-of-its-own", DATABASE, "port", 5432),
    spoilt("database-port-of-its-own", DATABASE, "port", None),
    spoilt("database-minors-automatic", DATABASE, "autoMinorVersionUpgrade", False),
    spoilt("database-authority-current", DATABASE, "caCertIdentifier", "rds-ca-2019"),
    spoilt("database-maintained-when-it-is-quiet", DATABASE, "maintenanceWindow", None),
    spoilt("database-monitored", DATABASE, "monitoringInterval", 0),
    spoilt("database-monitored", DATABASE, "monitoringInterval", 600),
    spoilt("database-monitoring-may-write", DATABASE, "monitoringRoleArn", None),
    spoilt("database-insights-on", DATABASE, "performanceInsightsEnabled", False),
    spoilt("database-insights-under-own-key", DATABASE, "performanceInsightsKmsKeyId", None),
    spoilt("database-insights-kept", DATABASE, "performanceInsightsRetentionPeriod", 70),
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
    check(case, instance.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in instance.RULES}
