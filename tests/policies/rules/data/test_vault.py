"""Rules for backup vaults, each with a stack that breaks it."""

import pytest

from policies.rules.data import vault
from tests.policies.cases import Case, case, check, document, spoilt, without

VAULT = "backup.Vault backups"
LOCK = "backup.VaultLockConfiguration backups"
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
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, vault.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in vault.RULES}
