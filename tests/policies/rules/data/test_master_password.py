"""Rules for the master password, each with a stack that breaks it."""

import pytest

from policies.rules.data import master_password
from tests.policies.cases import Case, check, spoilt

DATABASE = "rds.Instance database"

CASES = [
    spoilt("database-password-not-stored", DATABASE, "password", "correct horse"),
    spoilt("master-password-kept", DATABASE, "manageMasterUserPassword", None),
    spoilt("master-password-kept", DATABASE, "passwordWo", None, stack="enterprise"),
    spoilt("master-secret-under-own-key", DATABASE, "masterUserSecretKmsKeyId", None),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, master_password.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in master_password.RULES}
