"""A connection of the WebSocket API and the table it is kept in."""

import json

import pytest
from moto import mock_aws

from functions.platform_runtime.identity.tickets import Claims
from functions.realtime import app as module
from tests.functions.conftest import Context
from tests.functions.realtime import tables
from tests.functions.realtime.facts import ADA, OTHERS


@pytest.fixture
def app(fresh):
    return fresh(module)


@pytest.fixture
def table():
    """The connections table, with another connection in it."""
    with mock_aws():
        made = tables.create("connections")
        for item in OTHERS:
            made.put_item(Item=item)
        yield made


@pytest.fixture
def connect(app, event):
    """The connection opens, as API Gateway tells it once the authorizer let it in."""

    def deliver(principal=ADA, workspaces=("w1", "w2"), origin="current-secret"):
        request = event("websocket_connect")
        request["headers"]["X-Origin-Verify"] = origin
        context = Claims(principal=principal, workspaces=workspaces).context()
        added = {"principalId": principal.subject, "integrationLatency": 12}
        request["requestContext"]["authorizer"] = context | added
        return app.handler(request, Context())["statusCode"]

    return deliver


@pytest.fixture
def say(app, event):
    """Send a message on the connection; the answer's body is what comes back on it."""

    def deliver(action, **message):
        request = event("websocket_message")
        request["requestContext"]["routeKey"] = action
        request["body"] = json.dumps({"action": action, **message})
        answer = app.handler(request, Context())
        return answer["statusCode"], json.loads(answer["body"])

    return deliver
