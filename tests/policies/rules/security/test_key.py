"""Rules for KMS keys, each with a stack that breaks it."""

import pytest

from policies.rules.security import key
from tests.policies.cases import Case, case, check, spoilt, without

KEY = "kms.Key key"

CASES = [
    spoilt("key-rotates", KEY, "enableKeyRotation", False),
    spoilt("key-has-a-policy", KEY, "policy", None),
    spoilt("key-deleted-slowly", KEY, "deletionWindowInDays", 7),
    spoilt("key-enabled", KEY, "isEnabled", False),
    case("key-has-an-alias", without("kms.Alias key"), KEY),
    spoilt("key-policy-checked", KEY, "bypassPolicyLockoutSafetyCheck", True),
    spoilt("key-described", KEY, "description", None),
    spoilt("key-in-one-region", KEY, "multiRegion", True),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, key.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in key.RULES}
