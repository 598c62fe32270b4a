"""Rules for backup vaults, each with a stack that breaks it."""

import pytest

from policies.rules.data import vault
from tests.policies.cases import Case, case, changed, check, document, spoilt, without

VAULT = "backup.Vault backups"
LOCK = "backup.VaultLockConfiguration backups"
PLAN = "backup.Plan backups"
COPIES = "backup.VaultLockConfiguration backups-copies"
NOTICES = "backup.VaultNotifications backups"
POLICY = "backup.VaultPolicy backups"


def allowing(policy):
    policy["Statement"] = [{**s, "Effect": "Allow"} for s in policy["Statement"]]


CASES = [
    spoilt("backups-under-own-key", VAULT, "kmsKeyArn", None),
    case("vault-locked", without(LOCK), VAULT),
    spoilt("vault-lock-keeps", LOCK, "minRetentionDays", None),
    case("vault-refuses-deletion", without(POLICY), VAULT),
    case("vault-refuses-deletion", document(POLICY, "policy", allowing), VAULT),
    case("vault-failures-heard", without("backup.VaultNotifications backups"), VAULT),
    *(
        spoilt(rule, label, path, value)
        for rule, label, path, value in (
            ("vault-not-emptied", VAULT, "forceDestroy", True),
            ("vault-tells-of-jobs", NOTICES, "backupVaultEvents", ["BACKUP_JOB_STARTED"]),
            ("vault-tells-of-jobs", NOTICES, "backupVaultEvents[*]", None),
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
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, vault.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in vault.RULES}
