"""Rules for what becomes of a database in time, each with a stack that breaks it."""

import pytest

from policies.rules.data import upkeep
from tests.policies.cases import Case, check, spoilt

DATABASE = "rds.Instance database"

CASES = [
    spoilt("database-backed-up-when-it-is-quiet", DATABASE, "backupWindow", None),
    spoilt("database-maintained-when-it-is-quiet", DATABASE, "maintenanceWindow", None),
    spoilt("database-minors-automatic", DATABASE, "autoMinorVersionUpgrade", False),
    spoilt("database-authority-current", DATABASE, "caCertIdentifier", "rds-ca-2019"),
    spoilt("database-version-supported", DATABASE, "engineVersion", "15.4"),
    spoilt("database-without-extended-support", DATABASE, "engineLifecycleSupport", None),
    spoilt("database-not-changed-at-once", DATABASE, "applyImmediately", True),
    spoilt("database-storage-grows", DATABASE, "maxAllocatedStorage", None),
    spoilt("database-storage-grows", DATABASE, "maxAllocatedStorage", 109),
    spoilt("database-storage-grows", DATABASE, "maxAllocatedStorage", 2000),
    spoilt("database-storage-grows", DATABASE, "allocatedStorage", None),
    spoilt("database-storage-grows", DATABASE, "allocatedStorage", 1000),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, upkeep.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in upkeep.RULES}
