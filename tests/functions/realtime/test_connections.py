"""Connections of the WebSocket API: kept with whose they are, answered, forgotten."""

import time
from datetime import datetime

from moto import mock_aws

from tests.functions.realtime.facts import (
    CONNECTION,
    LATER,
    OTHERS,
    TOPIC,
    code,
    mine,
    others,
)


def test_a_connection_is_kept_with_whose_it_is_for_as_long_as_it_can_last(connect, table):
    assert connect() == 200

    item = mine(table).pop("connection")
    assert 7195 < int(item.pop("expires_at")) - time.time() <= 7200
    assert item == {
        "connection_id": CONNECTION,
        "entry": "connection",
        "subject": "ada",
        "kind": "user",
        "expires": str(LATER),
        "workspaces": "w1,w2",
    }
    assert others(table) == OTHERS


def test_a_connection_the_authorizer_did_not_let_in_is_refused(app, send, table):
    answer = send(app, "websocket_connect")

    assert (answer["statusCode"], answer["body"]["error"]["code"]) == (403, "ticket_required")
    assert mine(table) == {}


def test_a_connection_around_the_cdn_is_refused_ticket_or_not(connect, table, log):
    assert connect(origin="guess") == 403
    assert mine(table) == {}
    assert '"code":"origin_refused"' in log()


def test_a_connection_that_ended_is_forgotten_with_its_topics_also_twice(
    app, connect, say, send, table
):
    connect()
    say("subscribe", topic=TOPIC)

    for _ in range(2):
        assert send(app, "websocket_disconnect")["statusCode"] == 200
        assert mine(table) == {}

    assert others(table) == OTHERS


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


def test_an_unknown_action_is_a_404(say):
    assert code(say("shout")) == (404, "not_found")
