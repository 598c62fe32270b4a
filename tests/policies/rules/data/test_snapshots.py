"""Rules for snapshots, each with a stack that breaks it."""

import pytest

from policies.rules.data import snapshots
from tests.policies.cases import Case, case, changed, check, spoilt, without

PLAN = "backup.Plan backups"
LOCK = "backup.VaultLockConfiguration backups"
COPIES = "backup.VaultLockConfiguration backups-copies"
VAULT = "backup.Vault backups"
NOTICES = "backup.VaultNotifications backups"
PLANNED = "backup.RestoreTestingPlan backups-tests"
TESTED = "backup.RestoreTestingSelection backups-tests"
YOUNG = "recoveryPointSelection"
PLACE = "restoreMetadataOverrides"

CASES = [
    *(
        spoilt(rule, label, path, value)
        for rule, label, path, value in (
            ("snapshots-expire", PLAN, "rules[*].lifecycle", None),
            ("snapshots-expire", PLAN, "rules[*].lifecycle.deleteAfter", 3650),
            ("snapshots-start-in-time", PLAN, "rules[*].startWindow", 2400),
            ("snapshots-start-in-time", PLAN, "rules[*].startWindow", None),
            ("snapshots-end-in-time", PLAN, "rules[*].completionWindow", 14400),
            ("snapshots-end-in-time", PLAN, "rules[*].completionWindow", None),
            ("vault-not-emptied", VAULT, "forceDestroy", True),
            ("vault-tells-of-jobs", NOTICES, "backupVaultEvents", ["BACKUP_JOB_STARTED"]),
            ("vault-tells-of-jobs", NOTICES, "backupVaultEvents[*]", None),
            ("restore-tests-snapshots", PLANNED, f"{YOUNG}.recoveryPointTypes", ["CONTINUOUS"]),
            ("restore-tests-what-is-young", PLANNED, f"{YOUNG}.selectionWindowDays", 350),
            ("restore-tests-start-in-time", PLANNED, "startWindowHours", 80),
            ("restore-tests-end-in-time", TESTED, "validationWindowHours", 10),
            ("restore-tests-in-a-network", TESTED, f"{PLACE}.dbSubnetGroupName", None),
            ("restore-tests-behind-a-group", TESTED, f"{PLACE}.vpcSecurityGroupIds", None),
            ("lock-takes-what-the-plan-makes", LOCK, "minRetentionDays", 350),
            ("lock-takes-what-the-plan-makes", LOCK, "maxRetentionDays", 36),
        )
    ),
    case(
        "lock-takes-what-the-plan-makes",
        changed(PLAN, "rules[ruleName=monthly].copyActions[*].lifecycle.deleteAfter", 90),
        COPIES,
        stack="enterprise",
    ),
    *(
        case("databases-restored", edit, "rds.Instance database")
        for edit in (without(TESTED), changed(TESTED, "protectedResourceArns[*]", None))
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, snapshots.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in snapshots.RULES}
