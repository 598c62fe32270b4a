"""The fan-out: each event to the connections of its topic, and to no others."""

import json
import threading
import time

import pytest
from botocore.exceptions import ClientError

from functions.fanout import push
from functions.platform_runtime.identity.tickets import TOPIC_PREFIX
from tests.functions.conftest import Context

NONE = {"batchItemFailures": []}


def failed(*records):
    return {
        "batchItemFailures": [
            {"itemIdentifier": record["dynamodb"]["SequenceNumber"]} for record in records
        ]
    }


def ids(gateway):
    return {c: [json.loads(m)["id"] for m in messages] for c, messages in gateway.sent.items()}


def entries(table):
    found = {}
    for item in table.scan()["Items"]:
        found.setdefault(item["connection_id"], set()).add(item["entry"])
    return found


def test_an_event_is_pushed_as_it_is_to_who_listens(listen, stream, record, gateway):
    listen("a=", "b=")
    listen("c=", topics=[TOPIC_PREFIX + "two"])
    listen("d=", topics=[])
    event = record(1)

    assert stream(event) == NONE

    message = event["dynamodb"]["NewImage"]["message"]["S"]
    assert gateway.sent == {"a=": [message], "b=": [message]}


def test_events_are_pushed_in_the_streams_order(listen, stream, record, gateway):
    listen("a", topics=["workspace#one", "workspace#two"])

    assert stream(record(1), record(2, "workspace#two"), record(3)) == NONE
    assert ids(gateway) == {"a": [1, 2, 3]}


@pytest.mark.usefixtures("table")
def test_an_event_nobody_listens_to_is_done_with(stream, record, gateway):
    assert stream(record(1)) == NONE
    assert gateway.sent == {}


@pytest.mark.parametrize("name", ["MODIFY", "REMOVE"])
def test_an_event_put_again_or_expired_is_not_news(listen, stream, record, gateway, name):
    listen("a")

    assert stream(record(1, name=name), record(2)) == NONE
    assert ids(gateway) == {"a": [2]}


def test_a_subscription_that_ended_is_passed_over(listen, stream, record, gateway):
    listen("a")
    listen("late", seconds=-1)

    assert stream(record(1)) == NONE
    assert ids(gateway) == {"a": [1]}


def test_a_connection_that_is_gone_is_swept_with_all_it_listened_to(
    listen, stream, record, gateway, table
):
    listen("a", "gone", topics=["workspace#one", "workspace#two"])
    gateway.answers["gone"] = [410]

    assert stream(record(1), record(2, "workspace#two")) == NONE

    assert ids(gateway) == {"a": [1, 2]}
    assert entries(table) == {"a": {"connection", "workspace#one", "workspace#two"}}


def test_a_push_that_fails_once_is_repeated_at_once(listen, stream, record, gateway):
    listen("a")
    gateway.answers["a"] = [500]

    assert stream(record(1)) == NONE
    assert ids(gateway) == {"a": [1]}


def test_a_failed_event_is_asked_for_again_and_nothing_after_it_is_pushed(
    listen, stream, record, gateway, table, log
):
    listen("a", "busy", topics=["workspace#one", "workspace#two"])
    records = [record(1, "workspace#two"), record(2), record(3, "workspace#two")]
    gateway.answers["busy"] = [200, 429, 429]

    assert stream(*records) == failed(records[1])
    assert ids(gateway) == {"a": [1, 2], "busy": [1]}
    assert entries(table).keys() == {"a", "busy"}
    assert "1 of 2 connections" in log()

    # Lambda comes again with the failed one and what followed: "a" gets 2 twice, by the same id.
    assert stream(*records[1:]) == NONE
    assert ids(gateway) == {"a": [1, 2, 2, 3], "busy": [1, 2, 3]}


def test_a_batch_of_which_the_first_fails_is_reported_from_its_start(
    listen, stream, record, gateway
):
    listen("busy")
    gateway.answers["busy"] = [503, 503]
    records = [record(1), record(2)]

    assert stream(*records) == failed(records[0])
    assert gateway.sent == {}


def test_a_batch_that_comes_twice_is_pushed_twice_under_the_same_ids(
    listen, stream, record, gateway
):
    listen("a")
    for _ in range(2):
        assert stream(record(1), record(2)) == NONE

    assert ids(gateway) == {"a": [1, 2, 1, 2]}


@pytest.mark.slow
def test_one_failing_connection_keeps_no_other_from_its_event(listen, stream, record, gateway):
    names = [f"c{number}" for number in range(40)]
    listen(*names)
    gateway.answers["c7"] = [500, 500]

    stream(record(1))

    assert gateway.sent.keys() == set(names) - {"c7"}


@pytest.mark.slow
def test_connections_are_pushed_to_side_by_side(listen, stream, record, gateway, monkeypatch):
    listen(*(f"c{number}" for number in range(push.THREADS)))
    together, send = threading.Barrier(push.THREADS), push.Push._send

    def wait(pushing, connection_id, data):
        together.wait(timeout=5)
        return send(pushing, connection_id, data)

    monkeypatch.setattr(push.Push, "_send", wait)

    assert stream(record(1)) == NONE
    assert len(gateway.sent) == push.THREADS


def test_an_api_out_of_reach_is_tried_again_later(listen, stream, record, environment, log):
    listen("a", "b")
    environment.setenv("CONNECTIONS_URL", "http://127.0.0.1:1/ws")

    assert stream(record(1)) == failed(record(1))
    assert "2 of 2 connections" in log()


@pytest.mark.usefixtures("table")
def test_a_table_that_is_not_there_fails_the_event(stream, record, environment, gateway):
    environment.setenv("CONNECTIONS_TABLE", "missing")

    assert stream(record(1)) == failed(record(1))
    assert gateway.sent == {}


def test_on_its_schedule_it_counts_the_open_connections(app, listen, table, capsys):
    listen("a", "b", topics=["workspace#one", "workspace#two"])
    ended = {"connection_id": "late", "entry": "connection", "expires_at": int(time.time()) - 1}
    table.put_item(Item=ended)

    assert app.handler({"job": "count_connections"}, Context()) == {"connections": 2}

    line = json.loads(next(x for x in capsys.readouterr().out.splitlines() if '"_aws"' in x))
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive == {
        "Namespace": "MaPlatform/Realtime",
        "Dimensions": [["Stack"]],
        "Metrics": [{"Name": "Connections", "Unit": "Count"}],
    }
    assert (line["Stack"], line["Connections"]) == ("ma-platform-staging", [2])


def test_a_count_that_fails_is_an_error(app, table):
    table.delete()

    with pytest.raises(ClientError):
        app.handler({}, Context())
