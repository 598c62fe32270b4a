"""The worker's token: given for API_KEY, good for the authorizer, told to nobody else."""

import json
import time

import boto3
import jwt
import pytest
from moto import mock_aws

from functions.authorizer import app as authorizer
from functions.worker import app as module
from tests.functions.conftest import Context

pytestmark = pytest.mark.usefixtures("limits_table")
PATH = "/api/worker/token"
KEYS = {"current": "2", "keys": {"1": "0123456789abcdef" * 4, "2": "fedcba9876543210" * 4}}


@pytest.fixture
def app(fresh):
    return fresh(module)


@pytest.fixture
def secrets(environment):
    """The platform's secrets: API_KEY was rotated twice."""
    with mock_aws():
        client = boto3.client("secretsmanager")
        for name in ("API_KEY", "JWT_SECRET"):
            environment.setenv(f"{name}_ARN", client.create_secret(Name=name)["ARN"])
        for value in ("first", "second", "third"):
            client.put_secret_value(SecretId="API_KEY", SecretString=value)
        client.put_secret_value(SecretId="JWT_SECRET", SecretString=json.dumps(KEYS))
        yield client


@pytest.fixture
def exchange(app, event):
    def send(authorization=None, origin="current-secret"):
        request = event("http_api")
        request["routeKey"] = request["requestContext"]["routeKey"] = f"POST {PATH}"
        request["rawPath"] = request["requestContext"]["http"]["path"] = PATH
        request["requestContext"]["http"]["method"] = "POST"
        request["headers"]["x-origin-verify"] = origin
        if authorization is not None:
            request["headers"]["authorization"] = authorization
        answer = app.handler(request, Context())
        return answer | {"body": json.loads(answer["body"])}

    return send


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize("header", ["ApiKey third", "ApiKey second", "apikey  third "])
def test_the_key_and_the_one_before_are_exchanged_for_a_token(exchange, header):
    answer = exchange(header)

    assert (answer["statusCode"], answer["headers"]["cache-control"]) == (200, "no-store")
    token = answer["body"].pop("token")
    assert answer["body"] == {"token_type": "Bearer", "expires_in": 900}
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT", "kid": "2"}
    claims = jwt.decode(token, KEYS["keys"]["2"], ["HS256"], issuer="ma-platform/worker")
    assert claims.pop("exp") - claims["iat"] == 900
    assert abs(claims.pop("iat") - time.time()) < 5
    assert claims == {"iss": "ma-platform/worker", "sub": "worker"}


@pytest.mark.usefixtures("secrets")
def test_the_authorizer_takes_the_token_for_a_workers(exchange, fresh):
    token = exchange("ApiKey third")["body"]["token"]
    headers = {"authorization": f"Bearer {token}", "x-origin-verify": "current-secret"}
    request = {"headers": headers, "requestContext": {"requestId": "id"}}

    answer = fresh(authorizer).handler(request, Context())

    assert answer["isAuthorized"] is True
    assert (answer["context"]["subject"], answer["context"]["kind"]) == ("worker", "worker")


@pytest.mark.usefixtures("secrets")
@pytest.mark.parametrize(
    "header", [None, "", "ApiKey", "ApiKey ", "ApiKey first", "ApiKey x", "Bearer third", "third"]
)
def test_anything_else_is_a_401_that_says_how(exchange, header):
    answer = exchange(header)

    assert answer["statusCode"] == 401
    assert answer["body"]["error"]["code"] == "api_key_refused"
    assert answer["headers"]["www-authenticate"] == "ApiKey"


@pytest.mark.usefixtures("secrets")
def test_neither_key_nor_token_are_logged(exchange, log):
    tokens = [exchange(f"ApiKey {key}")["body"].get("token") for key in ("third", "wrong-one")]

    lines = log()
    assert "api_key_refused" in lines
    assert not [text for text in ("third", "wrong-one", tokens[0]) if text in lines]


def test_a_key_rotated_a_moment_ago_is_accepted(exchange, secrets):
    assert exchange("ApiKey third")["statusCode"] == 200
    secrets.put_secret_value(SecretId="API_KEY", SecretString="fourth")

    assert [exchange(f"ApiKey {k}")["statusCode"] for k in ("fourth", "second")] == [200, 401]


@pytest.mark.usefixtures("secrets")
def test_a_request_around_the_cdn_gets_nothing_for_the_key(exchange):
    answer = exchange("ApiKey third", origin="guess")

    assert (answer["statusCode"], answer["body"]["error"]["code"]) == (403, "origin_refused")


@pytest.mark.parametrize("name", ["API_KEY", "JWT_SECRET"])
def test_a_missing_secret_is_named_in_the_log_and_not_in_the_answer(exchange, secrets, log, name):
    secrets.delete_secret(SecretId=name)

    answer = exchange("ApiKey third")

    assert (answer["statusCode"], answer["body"]["error"]["code"]) == (500, "internal_error")
    assert f"Missing required secret: {name}" in log()
    assert name not in str(answer)
