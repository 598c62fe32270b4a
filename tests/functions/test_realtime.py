"""Connections of the WebSocket API: refused for a reason, forgotten at their end, answered."""

from datetime import datetime

import boto3
import pytest
from moto import mock_aws

from contract.tables import TABLES
from functions.realtime import app as module

CONNECTION = "UJ3kyccXoAMCJmA="


@pytest.fixture
def app(fresh):
    return fresh(module)


@pytest.fixture
def table():
    """The connections table as the contract describes it, with one other connection in it."""
    with mock_aws():
        made = boto3.resource("dynamodb").create_table(
            TableName="connections",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": TABLES["connections"].partition_key, "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": TABLES["connections"].partition_key, "AttributeType": "S"}
            ],
        )
        made.put_item(Item={"connection_id": "another", "topic": "simulation-1"})
        yield made


def connections(table):
    return {item["connection_id"] for item in table.scan()["Items"]}


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"X-Origin-Verify": "guess"}, "origin_refused"),
        ({"X-Origin-Verify": "guess", "Origin": "https://evil.example.com"}, "origin_refused"),
        ({"Origin": "https://evil.example.com"}, "web_origin_refused"),
        ({"Origin": "https://app.example.com.evil.example.com"}, "web_origin_refused"),
        ({"Origin": ""}, "web_origin_refused"),
        ({"Origin": None}, "web_origin_refused"),
        ({"Origin": None, "X-Origin-Verify": None}, "origin_refused"),
        ({}, "ticket_required"),
        ({"X-Origin-Verify": "previous-secret"}, "ticket_required"),
        ({"Origin": "http://localhost:5173"}, "ticket_required"),
    ],
)
def test_every_connection_is_refused_and_the_log_says_why(app, send, log, headers, code):
    answer = send(app, "websocket_connect", **headers)

    assert answer["statusCode"] == 403
    assert answer["body"]["error"]["code"] == code
    lines = log()
    assert f'"code":"{code}"' in lines
    assert CONNECTION in lines
    assert "secret" not in lines


def test_a_connection_that_ended_is_forgotten_and_others_are_not(app, send, table):
    table.put_item(Item={"connection_id": CONNECTION, "topic": "simulation-1"})

    assert send(app, "websocket_disconnect")["statusCode"] == 200
    assert connections(table) == {"another"}


def test_an_end_told_twice_is_no_error(app, send, table):
    for _ in range(2):
        assert send(app, "websocket_disconnect")["statusCode"] == 200
    assert connections(table) == {"another"}


def test_a_table_that_is_not_there_is_a_500_without_its_cause(app, send):
    with mock_aws():
        answer = send(app, "websocket_disconnect")

    assert answer["statusCode"] == 500
    assert answer["body"]["error"]["code"] == "internal_error"
    assert "connections" not in str(answer["body"])


def test_a_ping_is_answered_on_its_own_connection(app, send):
    answer = send(app, "websocket_message")

    assert answer["statusCode"] == 200
    assert answer["body"]["type"] == "pong"
    assert datetime.fromisoformat(answer["body"]["time"]).utcoffset().total_seconds() == 0
