"""Rules for user pools, each with a stack that breaks it."""

import pytest

from policies.rules.security import identity
from tests.policies.cases import Case, check, spoilt

POOL = "cognito.UserPool identity"

CASES = [
    spoilt("user-pool-passwords-long", POOL, "passwordPolicy.minimumLength", 8),
    *(
        spoilt(
            f"user-pool-passwords-with-{what.lower()}", POOL, f"passwordPolicy.require{what}", False
        )
        for what in ("Lowercase", "Uppercase", "Numbers", "Symbols")
    ),
    spoilt("user-pool-passwords-not-again", POOL, "passwordPolicy.passwordHistorySize", None),
    spoilt(
        "user-pool-temporary-passwords-brief",
        POOL,
        "passwordPolicy.temporaryPasswordValidityDays",
        10,
    ),
    spoilt("user-pool-second-factor-offered", POOL, "mfaConfiguration", "OFF"),
    spoilt(
        "user-pool-second-factor-by-program", POOL, "softwareTokenMfaConfiguration.enabled", False
    ),
    spoilt("user-pool-address-verified", POOL, "autoVerifiedAttributes", []),
    spoilt("user-pool-new-address-verified-first", POOL, "userAttributeUpdateSettings", None),
    spoilt(
        "user-pool-accounts-won-back-by-address",
        POOL,
        "accountRecoverySetting.recoveryMechanisms[*].name",
        "verified_phone_number",
    ),
    spoilt("user-pool-names-one-way", POOL, "usernameConfiguration.caseSensitive", True),
    spoilt("user-pool-current-tier", POOL, "userPoolTier", "LITE"),
    spoilt("user-pool-deletion-protected", POOL, "deletionProtection", "INACTIVE"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, identity.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in identity.RULES}
