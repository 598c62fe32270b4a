"""The HTTP API's authorizer: whom it lets in, as whom, and what it says in the log."""

import json
import time

import pytest
from cryptography.hazmat.primitives import serialization

from functions.platform_runtime.identity import tokens
from functions.platform_runtime.identity.api_keys import ApiKeys
from functions.platform_runtime.identity.jwks import JwksError
from functions.platform_runtime.secrets.store import MissingSecretError, SigningKeys
from tests.functions.authorizer import signing
from tests.functions.authorizer.conftest import EVENT
from tests.stacks import STACKS, built

REFUSED = {"isAuthorized": False}
OLD, NEW = "0123456789abcdef" * 4, "fedcba9876543210" * 4


def worker_token(kid, key):
    return tokens.issue(SigningKeys(current=kid, keys={kid: key}))


@pytest.mark.usefixtures("pool")
def test_a_user_is_let_in_as_whom_the_token_was_given_to(authorize, key):
    expires = int(time.time()) + 600

    answer = authorize(f"Bearer {key.token(exp=expires)}")

    assert answer == {
        "isAuthorized": True,
        "context": {"subject": "4f1c0d6e-user", "kind": "user", "expires": str(expires)},
    }


def test_a_worker_is_let_in_under_the_key_before_too(authorize, secret):
    secret("JWT_SECRET_ARN", {"current": "2", "keys": {"1": OLD, "2": NEW}})

    for kid, key in (("1", OLD), ("2", NEW)):
        answer = authorize(f"Bearer {worker_token(kid, key)}")

        assert 895 < int(answer["context"].pop("expires")) - time.time() <= 900
        assert answer == {"isAuthorized": True, "context": {"subject": "worker", "kind": "worker"}}


def test_a_workers_token_under_a_key_made_since_is_let_in(authorize, secret):
    put = secret("JWT_SECRET_ARN", {"current": "1", "keys": {"1": OLD}})
    authorize(f"Bearer {worker_token('1', OLD)}")

    put({"current": "2", "keys": {"1": OLD, "2": NEW}})

    assert authorize(f"Bearer {worker_token('2', NEW)}")["isAuthorized"] is True


@pytest.mark.parametrize("header", ["ApiKey {}", "apikey  {}"])
def test_a_workspaces_key_is_let_in_for_its_workspace(authorize, api_keys, header):
    made, text = ApiKeys(api_keys.name).create(workspace="w1", name="ci", created_by="ada")

    assert authorize(header.format(text)) == {
        "isAuthorized": True,
        "context": {"subject": f"api-key:{made.key_id}", "kind": "api", "workspace": "w1"},
    }


def test_a_revoked_key_is_refused_and_another_is_not(authorize, api_keys):
    keys = ApiKeys(api_keys.name)
    revoked, text = keys.create(workspace="w1", name="ci", created_by="ada")
    _, other = keys.create(workspace="w1", name="laptop", created_by="ada")

    keys.revoke(workspace="w1", key_id=revoked.key_id)

    assert authorize(f"ApiKey {text}") == REFUSED
    assert authorize(f"ApiKey {other}")["isAuthorized"] is True


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize(
    ("different", "cause"),
    [
        ({"exp": int(time.time()) - 1}, "ExpiredSignatureError"),
        ({"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_else"}, "InvalidIssuer"),
        ({"client_id": "somebody-elses"}, "another application's token"),
        ({"token_use": "id", "aud": "browser"}, "not an access token"),
        ({"without": ["client_id"]}, "another application's token"),
        ({"without": ["exp"]}, "MissingRequiredClaimError"),
        ({"without": ["sub"]}, "MissingRequiredClaimError"),
        ({"without": ["iss"]}, "MissingRequiredClaimError"),
        ({"headers": {"kid": "none"}}, "unknown key"),
    ],
)
def test_a_token_for_something_else_is_refused_and_the_log_says_why(
    authorize, log, key, different, cause
):
    token = key.token(**different)

    assert authorize(f"Bearer {token}") == REFUSED
    lines = log()
    assert cause in lines
    assert "UJ3kxgHkoAMEVfA=" in lines
    assert token not in lines
    assert token.split(".")[1] not in lines


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize("seconds", [5, 30])
def test_a_token_from_a_clock_ahead_of_ours_is_let_in(authorize, key, seconds):
    ahead = int(time.time()) + seconds

    assert authorize(f"Bearer {key.token(iat=ahead)}")["isAuthorized"] is True


@pytest.mark.usefixtures("pool", "api_keys")
@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer a.b.c",
        "Basic YTpi",
        "token",
        "ApiKey ",
        "ApiKey x",
        "ApiKey",
    ],
)
def test_what_is_no_credential_is_refused(authorize, header):
    assert authorize(header) == REFUSED


@pytest.mark.usefixtures("pool")
def test_a_token_somebody_else_signed_is_refused(authorize, key):
    assert authorize(f"Bearer {signing.Key(key.kid).token()}") == REFUSED


@pytest.mark.usefixtures("pool")
def test_a_token_that_was_changed_is_refused(authorize, key):
    header, _, signature = key.token().split(".")
    _, payload, _ = key.token(sub="somebody-else").split(".")

    assert authorize(f"Bearer {header}.{payload}.{signature}") == REFUSED


@pytest.mark.usefixtures("pool")
def test_a_pools_public_key_is_no_key_of_workers_nor_is_none(authorize, secret, key):
    secret("JWT_SECRET_ARN", {"current": key.kid, "keys": {key.kid: OLD}})
    public = key.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    payload = key.token().split(".")[1]
    for alg, sign in (("HS256", public), ("none", None), ("RS256", public)):
        forged = signing.forged({"alg": alg, "kid": key.kid}, payload, sign)
        assert authorize(f"Bearer {forged}") == REFUSED


@pytest.mark.usefixtures("pool")
@pytest.mark.parametrize(
    "header", [{"alg": "RS256"}, {"alg": "RS256", "kid": None}, {"kid": "one"}, {"alg": ["HS256"]}]
)
def test_a_token_that_does_not_say_how_it_is_signed_is_refused(authorize, key, header):
    assert authorize(f"Bearer {signing.forged(header, key.token().split('.')[1])}") == REFUSED


def test_a_workers_token_is_of_no_use_past_its_end(authorize, secret, monkeypatch):
    secret("JWT_SECRET_ARN", {"current": "1", "keys": {"1": OLD}})
    monkeypatch.setattr(tokens, "WORKER_SECONDS", -1)

    assert authorize(f"Bearer {worker_token('1', OLD)}") == REFUSED


def test_a_workers_token_signed_with_a_made_up_key_is_refused(authorize, secret):
    secret("JWT_SECRET_ARN", {"current": "1", "keys": {"1": OLD}})

    assert authorize(f"Bearer {worker_token('1', NEW)}") == REFUSED
    assert authorize(f"Bearer {worker_token('9', NEW)}") == REFUSED


@pytest.mark.parametrize("origin", ["", "guess", "current-secret "])
def test_who_came_around_the_cdn_is_refused_before_anything_is_asked(authorize, pool, key, origin):
    assert authorize(f"Bearer {key.token()}", origin=origin) == REFUSED
    assert pool.requests == 0


@pytest.mark.usefixtures("pool")
def test_the_origin_secret_before_is_good_while_it_is_rotated(authorize, key):
    assert authorize(f"Bearer {key.token()}", origin="previous-secret")["isAuthorized"] is True


def test_what_cannot_be_decided_is_an_error_which_api_gateway_does_not_keep(authorize, pool, key):
    pool.status = 503

    with pytest.raises(JwksError, match="HTTP Error 503"):
        authorize(f"Bearer {key.token()}")


def test_a_secret_that_is_not_there_is_an_error_that_names_it(authorize, secret):
    secret("JWT_SECRET_ARN")

    with pytest.raises(MissingSecretError, match=r"^Missing required secret: JWT_SECRET$"):
        authorize(f"Bearer {worker_token('1', OLD)}")


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.usefixtures("pool")
def test_what_an_answer_depends_on_is_what_it_is_kept_under(authorize, key, stack):
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html"""
    [authorizer] = [
        a
        for a in built(stack).by_type("aws:apigatewayv2/authorizer:Authorizer")
        if a.inputs.get("authorizerResultTtlInSeconds")
    ]
    sources = {source.lower() for source in authorizer.inputs["identitySources"]}
    token = f"Bearer {key.token(exp=int(time.time()) + 600)}"
    given = authorize(token)
    headers = json.loads(EVENT.read_text(encoding="utf-8"))["headers"]

    one = {"authorization": token}
    decide = {name for name in headers if authorize(**one | {name: "another"}) != given}

    assert {f"$request.header.{name}" for name in decide} == sources
