"""Rules for a user pool's clients and sign-in pages."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from policies.predicates import (
    NOT_ON,
    ON,
    Must,
    between,
    equals,
    excludes,
    includes,
    matches,
)
from policies.rule import Judgement, Property, Rule, met, rule, violated
from policies.stack import Stack
from policies.tables import Row, table

CLIENT: Final = "aws:cognito/userPoolClient:UserPoolClient"
DOMAIN: Final = "aws:cognito/userPoolDomain:UserPoolDomain"
BRANDING: Final = "aws:cognito/managedLoginBranding:ManagedLoginBranding"

CODE: Final = Must("is the code flow alone", lambda flows: flows in (["code"], ("code",)))

_client = partial(Property, type=CLIENT, controls=[], severity="high")

_CLIENT: Final[tuple[Row, ...]] = (
    (
        "access-tokens-brief",
        "accessTokenValidity",
        between(5, 60),
        "set accessTokenValidity to an hour at most: a function cannot see a token revoked",
    ),
    (
        "id-tokens-brief",
        "idTokenValidity",
        between(5, 60),
        "set idTokenValidity to an hour at most",
    ),
    (
        "access-tokens-by-the-minute",
        "tokenValidityUnits.accessToken",
        equals("minutes"),
        "give accessTokenValidity in minutes",
    ),
    (
        "sessions-end",
        "refreshTokenValidity",
        between(1, 90),
        "set refreshTokenValidity to 90 days at most",
    ),
    (
        "tokens-revocable",
        "enableTokenRevocation",
        ON,
        "set enableTokenRevocation to true: signing out everywhere asks for it",
    ),
    (
        "accounts-not-told",
        "preventUserExistenceErrors",
        equals("ENABLED"),
        "set preventUserExistenceErrors to ENABLED: else anybody learns who has an account",
    ),
    (
        "sign-in-by-code",
        "allowedOauthFlows",
        CODE,
        "allow the code flow alone: implicit puts tokens into addresses",
    ),
    (
        "sign-in-without-sending-passwords",
        "explicitAuthFlows",
        excludes(
            "ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"
        ),
        "allow ALLOW_USER_SRP_AUTH: the password stays in the browser",
    ),
    (
        "sign-in-flows-said",
        "explicitAuthFlows",
        includes("ALLOW_USER_SRP_AUTH"),
        "allow ALLOW_USER_SRP_AUTH: unsaid, Cognito allows others",
    ),
    (
        "refresh-tokens-rotate",
        "refreshTokenRotation.feature",
        equals("ENABLED"),
        "set refreshTokenRotation.feature to ENABLED: one that was stolen lasts for days else",
    ),
    (
        "refresh-tokens-rotate-always",
        "explicitAuthFlows",
        excludes("ALLOW_REFRESH_TOKEN_AUTH", "REFRESH_TOKEN_AUTH"),
        "leave ALLOW_REFRESH_TOKEN_AUTH out: that flow renews without rotation",
    ),
    (
        "without-a-secret",
        "generateSecret",
        NOT_ON,
        "set generateSecret to false: what runs in a browser keeps none",
    ),
    (
        "sign-in-by-pages",
        "allowedOauthFlowsUserPoolClient",
        ON,
        "set allowedOauthFlowsUserPoolClient to true: without it the sign-in pages refuse",
    ),
    (
        "says-who-signs-in",
        "allowedOauthScopes",
        includes("openid"),
        "allow the scope openid: there is no id token without it",
    ),
    (
        "returns-to-own-addresses",
        "callbackUrls[*]",
        matches(r"https://[^*]+|http://localhost(:\d+)?/[^*]*", "is https, and no pattern"),
        "give whole https addresses",
    ),
    (
        "signs-out-to-own-addresses",
        "logoutUrls[*]",
        matches(r"https://[^*]+|http://localhost(:\d+)?/[^*]*", "is https, and no pattern"),
        "give whole https addresses",
    ),
)

ROWS: Final[tuple[Rule, ...]] = (
    *table(_client, "user-pool-client", _CLIENT),
    Property(
        name="sign-in-pages-managed",
        type=DOMAIN,
        path="managedLoginVersion",
        must=equals(2),
        controls=[],
        fix="set managedLoginVersion to 2: the pages of 1 know no passkeys and change no more",
        severity="low",
    ),
)


@rule(severity="medium", fix="declare a cognito.ManagedLoginBranding for the client")
def sign_in_pages_made(stack: Stack) -> Iterator[Judgement]:
    """Each client of managed sign-in pages has a style: without one there is no page.

    https://docs.aws.amazon.com/cognito/latest/developerguide/managed-login-branding.html
    """
    managed = [d for d in stack.of(DOMAIN) if d.inputs.get("managedLoginVersion") == 2]
    for client in stack.of(CLIENT) if managed else ():
        if client.inputs.get("allowedOauthFlowsUserPoolClient") is True:
            styles = stack.companions(client, BRANDING, "clientId")
            yield met(client) if styles else violated(client, "has no sign-in page")


RULES: Final[tuple[Rule, ...]] = (*ROWS, sign_in_pages_made)
