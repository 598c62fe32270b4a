"""The WebSocket's authorizer and its table."""

import json
from pathlib import Path

import pytest
from moto import mock_aws

from functions.connect_authorizer import app as module
from functions.platform_runtime.identity.tickets import Tickets
from tests.functions.conftest import Context
from tests.functions.realtime import tables

EVENT = Path(__file__).with_name("events") / "websocket_authorizer.json"


@pytest.fixture
def app(fresh):
    return fresh(module)


@pytest.fixture
def table():
    with mock_aws():
        yield tables.create("tickets")


@pytest.fixture
def tickets(table):
    return Tickets(table.name)


@pytest.fixture
def connect(app):
    """Ask the authorizer about a handshake."""

    def ask(ticket, **headers):
        event = json.loads(EVENT.read_text(encoding="utf-8"))
        event["queryStringParameters"] = None if ticket is None else {"ticket": ticket}
        given = {**event["headers"], **headers}
        event["headers"] = {key: value for key, value in given.items() if value is not None}
        return app.handler(event, Context())

    return ask
