"""What an Identity registers."""

import re

import pytest

from components.security.identity import BrowserClient, Identity, IdentityArgs
from config.sections import Identity as IdentityConfig
from tests.declare import REGION, context, declare

BRANDING = "aws:cognito/managedLoginBranding:ManagedLoginBranding"
CLIENT = "aws:cognito/userPoolClient:UserPoolClient"
DOMAIN = "aws:cognito/userPoolDomain:UserPoolDomain"
POOL = "aws:cognito/userPool:UserPool"

ORIGINS = ["https://d123.cloudfront.net", "http://localhost:5173"]


def identity(*, mfa="OPTIONAL", protect=False) -> Identity:
    return Identity(
        "identity",
        IdentityArgs(
            context=context(protect=protect),
            config=IdentityConfig(mfa=mfa),
        ),
    )


def with_client():
    return declare(lambda: identity().browser_client(ORIGINS))


def one(graph, token):
    [resource] = graph.by_type(token)
    return resource


def test_people_sign_in_with_an_address_they_have_confirmed():
    pool = one(declare(identity), POOL).inputs

    assert {
        key: pool[key]
        for key in (
            "usernameAttributes",
            "usernameConfiguration",
            "autoVerifiedAttributes",
            "userAttributeUpdateSettings",
            "accountRecoverySetting",
            "adminCreateUserConfig",
        )
    } == {
        "usernameAttributes": ["email"],
        "usernameConfiguration": {"caseSensitive": False},
        "autoVerifiedAttributes": ["email"],
        "userAttributeUpdateSettings": {"attributesRequireVerificationBeforeUpdates": ["email"]},
        "accountRecoverySetting": {
            "recoveryMechanisms": [{"name": "verified_email", "priority": 1}]
        },
        "adminCreateUserConfig": {"allowAdminCreateUserOnly": False},
    }


def test_passwords_are_long_mixed_and_not_used_again():
    pool = one(declare(identity), POOL).inputs

    assert pool["passwordPolicy"] == {
        "minimumLength": 12,
        "requireLowercase": True,
        "requireUppercase": True,
        "requireNumbers": True,
        "requireSymbols": True,
        "temporaryPasswordValidityDays": 1,
        "passwordHistorySize": 5,
    }
    assert pool["userPoolTier"] == "ESSENTIALS"


@pytest.mark.parametrize(
    ("mfa", "token"), [("OFF", None), ("OPTIONAL", {"enabled": True}), ("ON", {"enabled": True})]
)
def test_the_second_factor_is_an_app_where_there_is_one(mfa, token):
    pool = one(declare(lambda: identity(mfa=mfa)), POOL).inputs

    assert pool["mfaConfiguration"] == mfa
    assert pool.get("softwareTokenMfaConfiguration") == token


@pytest.mark.parametrize(("protect", "deletion"), [(True, "ACTIVE"), (False, "INACTIVE")])
def test_a_protected_pool_is_not_deleted_by_accident(protect, deletion):
    pool = one(declare(lambda: identity(protect=protect)), POOL)

    assert (pool.protect, pool.inputs["deletionProtection"]) == (protect, deletion)


def test_the_site_signs_people_in_without_a_secret_and_hides_who_exists():
    client = one(with_client(), CLIENT).inputs

    assert {
        key: client[key]
        for key in (
            "generateSecret",
            "allowedOauthFlows",
            "explicitAuthFlows",
            "preventUserExistenceErrors",
            "enableTokenRevocation",
        )
    } == {
        "generateSecret": False,
        "allowedOauthFlows": ["code"],
        "explicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
        "preventUserExistenceErrors": "ENABLED",
        "enableTokenRevocation": True,
    }


def test_a_refresh_token_is_good_for_one_renewal_and_for_tabs_that_renew_together():
    """Rotation is refused beside ALLOW_REFRESH_TOKEN_AUTH, and grants a minute at most:
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RefreshTokenRotationType.html"""
    client = one(with_client(), CLIENT).inputs

    assert client["refreshTokenRotation"] == {"feature": "ENABLED", "retryGracePeriodSeconds": 60}
    assert "ALLOW_REFRESH_TOKEN_AUTH" not in client["explicitAuthFlows"]


def test_people_return_to_a_page_of_each_origin():
    client = one(with_client(), CLIENT).inputs

    assert client["callbackUrls"] == [
        "https://d123.cloudfront.net/signed-in",
        "http://localhost:5173/signed-in",
    ]
    assert client["logoutUrls"] == ["https://d123.cloudfront.net/", "http://localhost:5173/"]


def test_access_ends_within_a_quarter_of_an_hour_and_sign_in_within_a_month():
    client = one(with_client(), CLIENT).inputs
    units = client["tokenValidityUnits"]

    assert {
        token: (client[f"{token}TokenValidity"], units[f"{token}Token"])
        for token in ("access", "id", "refresh")
    } == {"access": (15, "minutes"), "id": (15, "minutes"), "refresh": (30, "days")}


def test_the_sign_in_pages_are_there_for_the_site():
    graph = with_client()
    client, domain, branding = (one(graph, token) for token in (CLIENT, DOMAIN, BRANDING))

    assert domain.inputs["managedLoginVersion"] == 2
    assert (branding.inputs["clientId"], branding.inputs["useCognitoProvidedValues"]) == (
        client.id,
        True,
    )


def test_the_sign_in_domain_is_a_name_cognito_takes():
    domain = one(declare(identity), DOMAIN).inputs["domain"]

    assert re.fullmatch(r"ma-platform-[0-9a-f]{16}", domain)
    assert not re.search("aws|amazon|cognito", domain)


def test_addresses_are_those_tokens_and_browsers_use():
    graph = declare(identity)
    pool, domain = one(graph, POOL), one(graph, DOMAIN)
    outputs = one(graph, "ma-platform:security:Identity").outputs
    issuer = f"https://cognito-idp.{REGION}.amazonaws.com/{pool.id}"

    assert outputs == {
        "pool_id": pool.id,
        "pool_arn": pool.outputs["arn"],
        "sign_in_domain": f"{domain.inputs['domain']}.auth.{REGION}.amazoncognito.com",
        "issuer": issuer,
        "jwks_url": f"{issuer}/.well-known/jwks.json",
    }


def test_the_pool_is_there_before_the_site_has_an_address():
    graph = declare(identity)

    assert not graph.by_type(CLIENT)


def test_sign_ins_refused_for_their_number_are_a_security_matter():
    clients: list[BrowserClient] = []
    declare(lambda: clients.append(identity().browser_client(ORIGINS)))
    [alarm] = clients[0].alarms

    assert (alarm.issue, alarm.metrics["m"].name, set(alarm.metrics["m"].dimensions)) == (
        "security",
        "SignInThrottles",
        {"UserPool", "UserPoolClient"},
    )
