"""Rules for user pools: who has an account, and how it is kept."""

from functools import partial
from typing import Final

from policies.predicates import OFF, ON, between, equals, includes, one_of
from policies.rule import Property, Rule
from policies.tables import Row, table

POOL: Final = "aws:cognito/userPool:UserPool"

POLICY: Final = "passwordPolicy"

_pool = partial(Property, type=POOL, controls=[], severity="high")

_POOL: Final[tuple[Row, ...]] = (
    (
        "passwords-long",
        f"{POLICY}.minimumLength",
        between(12, 99),
        "set minimumLength to 12 or more",
    ),
    *(
        (f"passwords-with-{what.lower()}", f"{POLICY}.require{what}", ON, f"set require{what}")
        for what in ("Lowercase", "Uppercase", "Numbers", "Symbols")
    ),
    (
        "passwords-not-again",
        f"{POLICY}.passwordHistorySize",
        between(5, 24),
        "set passwordHistorySize to 5 or more; Cognito remembers 24",
    ),
    (
        "temporary-passwords-brief",
        f"{POLICY}.temporaryPasswordValidityDays",
        between(1, 7),
        "set temporaryPasswordValidityDays to a week at most",
    ),
    (
        "second-factor-offered",
        "mfaConfiguration",
        one_of("OPTIONAL", "ON"),
        "set mfaConfiguration to OPTIONAL or ON",
    ),
    (
        "second-factor-by-program",
        "softwareTokenMfaConfiguration.enabled",
        ON,
        "set softwareTokenMfaConfiguration.enabled: a text message can be taken over",
    ),
    (
        "address-verified",
        "autoVerifiedAttributes",
        includes("email"),
        "verify email: it is how an account is won back",
    ),
    (
        "new-address-verified-first",
        "userAttributeUpdateSettings.attributesRequireVerificationBeforeUpdates",
        includes("email"),
        "verify a new address before it counts: a session thief would take the account",
    ),
    (
        "accounts-won-back-by-address",
        "accountRecoverySetting.recoveryMechanisms[*].name",
        equals("verified_email"),
        "recover by verified_email alone",
    ),
    (
        "names-one-way",
        "usernameConfiguration.caseSensitive",
        OFF,
        "set caseSensitive to false: two accounts would differ by a capital",
    ),
    (
        "current-tier",
        "userPoolTier",
        one_of("ESSENTIALS", "PLUS"),
        "set userPoolTier to ESSENTIALS: the password history needs it",
    ),
)

RULES: Final[tuple[Rule, ...]] = (
    *table(_pool, "user-pool", _POOL),
    _pool(
        name="user-pool-deletion-protected",
        path="deletionProtection",
        must=equals("ACTIVE"),
        fix="set deletionProtection to ACTIVE: who may sign in is data too",
        production=True,
    ),
)
