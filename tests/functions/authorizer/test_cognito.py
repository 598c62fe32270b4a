"""Tokens as a user pool itself makes them, when somebody signs in."""

import gzip
import json
from importlib.resources import files

import boto3
import pytest

from tests.functions.authorizer import signing

PASSWORD = "correct-Horse-7-battery"  # noqa: S105


@pytest.fixture
def signed_in(aws, environment):  # noqa: ARG001
    """A user's tokens and their subject; the function is told of the pool."""
    cognito = boto3.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="users")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(UserPoolId=pool, ClientName="browser")
    client_id = client["UserPoolClient"]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool, Username="ada")
    cognito.admin_set_user_password(
        UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True
    )
    answer = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": PASSWORD},
    )
    user = cognito.admin_get_user(UserPoolId=pool, Username="ada")
    subject = next(a["Value"] for a in user["UserAttributes"] if a["Name"] == "sub")
    published = files("moto.cognitoidp") / "resources" / "jwks-public.json.gz"
    with signing.serving(json.loads(gzip.decompress(published.read_bytes()))["keys"]) as server:
        environment.setenv("JWKS_URL", server.url)
        environment.setenv("TOKEN_ISSUER", f"https://cognito-idp.us-east-1.amazonaws.com/{pool}")
        environment.setenv("TOKEN_CLIENT_IDS", client_id)
        yield answer["AuthenticationResult"], subject


def test_the_access_token_of_who_signed_in_is_let_in(authorize, signed_in):
    tokens, subject = signed_in

    answer = authorize(f"Bearer {tokens['AccessToken']}")

    assert answer["isAuthorized"] is True
    assert answer["context"]["subject"] == subject
    assert answer["context"]["kind"] == "user"


@pytest.mark.parametrize("kind", ["IdToken", "RefreshToken"])
def test_their_other_tokens_are_not(authorize, signed_in, kind):
    assert authorize(f"Bearer {signed_in[0][kind]}") == {"isAuthorized": False}


def test_nor_is_another_pools(authorize, signed_in, environment):
    environment.setenv("TOKEN_ISSUER", "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_X")

    assert authorize(f"Bearer {signed_in[0]['AccessToken']}") == {"isAuthorized": False}
