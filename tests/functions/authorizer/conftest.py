"""The authorizer, a user pool's key server, the platform's secrets and keys of workspaces."""

import json
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from functions.authorizer import app as module
from tests.functions.authorizer import signing
from tests.functions.conftest import Context
from tests.functions.realtime import tables

EVENT = Path(__file__).with_name("events") / "http_authorizer.json"


@pytest.fixture
def app(fresh):
    return fresh(module)


@pytest.fixture(scope="session")
def key():
    """The pool's key; making one takes a moment."""
    return signing.Key("one")


@pytest.fixture
def pool(environment, key):
    """What the user pool's public keys are asked of."""
    with signing.serving([key.public]) as server:
        environment.setenv("JWKS_URL", server.url)
        environment.setenv("TOKEN_ISSUER", signing.ISSUER)
        environment.setenv("TOKEN_CLIENT_IDS", f"other,{signing.CLIENT}")
        yield server


@pytest.fixture
def aws():
    with mock_aws():
        yield


@pytest.fixture
def secret(aws, environment):  # noqa: ARG001
    """Make a secret whose ARN a setting holds; its value is changed with what is returned."""

    def make(setting, value=None):
        client = boto3.client("secretsmanager")
        arn = client.create_secret(Name=setting)["ARN"]
        environment.setenv(setting, arn)

        def put(value):
            text = value if isinstance(value, str) else json.dumps(value)
            client.put_secret_value(SecretId=arn, SecretString=text)

        if value is not None:
            put(value)
        return put

    return make


@pytest.fixture
def api_keys(aws):  # noqa: ARG001
    return tables.create("api_keys")


@pytest.fixture
def authorize(app):
    """Ask the authorizer about a request."""

    def ask(authorization, origin="current-secret", **headers):
        event = json.loads(EVENT.read_text(encoding="utf-8"))
        event["identitySource"] = [authorization, origin]
        event["headers"] |= {"authorization": authorization, "x-origin-verify": origin, **headers}
        return app.handler(event, Context())

    return ask
