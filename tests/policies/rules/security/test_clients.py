"""Rules for a user pool's clients, each with a stack that breaks it."""

import pytest

from policies.rules.security import clients
from tests.policies.cases import Case, case, check, spoilt, without

CLIENT = "cognito.UserPoolClient identity"

CASES = [
    *(
        spoilt(f"user-pool-client-{name}", CLIENT, path, bad)
        for name, path, bad in (
            ("access-tokens-brief", "accessTokenValidity", 150),
            ("id-tokens-brief", "idTokenValidity", 150),
            ("access-tokens-by-the-minute", "tokenValidityUnits.accessToken", "hours"),
            ("sessions-end", "refreshTokenValidity", 300),
            ("tokens-revocable", "enableTokenRevocation", False),
            ("accounts-not-told", "preventUserExistenceErrors", "LEGACY"),
            ("sign-in-by-code", "allowedOauthFlows", ["code", "implicit"]),
            ("sign-in-by-code", "allowedOauthFlows", []),
            ("sign-in-flows-said", "explicitAuthFlows", []),
            ("sign-in-flows-said", "explicitAuthFlows", ["ALLOW_USER_AUTH"]),
            (
                "refresh-tokens-rotate-always",
                "explicitAuthFlows",
                ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            ),
            ("refresh-tokens-rotate", "refreshTokenRotation", None),
            ("refresh-tokens-rotate", "refreshTokenRotation.feature", "DISABLED"),
            ("without-a-secret", "generateSecret", True),
            ("sign-in-by-pages", "allowedOauthFlowsUserPoolClient", False),
            ("says-who-signs-in", "allowedOauthScopes", ["email"]),
            ("returns-to-own-addresses", "callbackUrls[*]", "http://app.example.com/signed-in"),
            ("signs-out-to-own-addresses", "logoutUrls[*]", "https://*.example.com/"),
        )
    ),
    spoilt(
        "user-pool-client-sign-in-without-sending-passwords",
        CLIENT,
        "explicitAuthFlows",
        ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
    ),
    spoilt("sign-in-pages-managed", "cognito.UserPoolDomain identity", "managedLoginVersion", 1),
    case("sign-in-pages-made", without("cognito.ManagedLoginBranding identity"), CLIENT),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_finds_what_is_broken_and_nothing_else(case: Case):
    check(case, clients.RULES)


def test_every_rule_has_a_stack_that_breaks_it():
    assert {case.rule for case in CASES} == {rule.name for rule in clients.RULES}
