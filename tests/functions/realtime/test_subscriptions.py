"""What connections listen to: topics of their own, while their token lasts."""

import time

import pytest

from functions.platform_runtime.identity.principals import Principal
from tests.functions.realtime.facts import (
    CONNECTION,
    LATER,
    TOPIC,
    code,
    listeners,
    mine,
)


def test_a_connection_listens_to_several_topics_of_its_own(connect, say, table):
    connect()

    answers = [say("subscribe", topic=f"workspace#{name}") for name in ("w1", "w2")]

    assert answers == [
        (200, {"type": "subscribed", "topic": f"workspace#{name}", "until": LATER})
        for name in ("w1", "w2")
    ]
    assert mine(table).keys() == {"connection", "workspace#w1", "workspace#w2"}
    assert mine(table)[TOPIC]["expires_at"] == LATER
    assert listeners(table) == {CONNECTION, "another"}


def test_a_subscription_without_a_token_lasts_as_long_as_the_connection(connect, say, table):
    connect(Principal(subject="api-key:1", kind="api", workspace="w1"), ("w1",))

    _, answer = say("subscribe", topic=TOPIC)

    assert answer["until"] == mine(table)["connection"]["expires_at"]


def test_subscribing_twice_is_once(connect, say, table):
    connect()
    for _ in range(2):
        assert say("subscribe", topic=TOPIC)[0] == 200

    assert mine(table).keys() == {"connection", TOPIC}


def test_a_topic_of_others_is_refused(connect, say, table):
    connect(workspaces=("w2",))

    assert code(say("subscribe", topic=TOPIC)) == (403, "topic_refused")
    assert listeners(table) == {"another"}


@pytest.mark.parametrize("action", ["subscribe", "unsubscribe"])
@pytest.mark.parametrize(
    "message",
    [
        {},
        *(
            {"topic": t}
            for t in (None, 7, [TOPIC], "", "connection", TOPIC + " ", "workspace#" + "é")
        ),
    ],
)
def test_what_is_no_topic_is_a_422_and_changes_nothing(connect, say, table, action, message):
    connect()

    assert code(say(action, **message)) == (422, "invalid_topic")
    assert mine(table).keys() == {"connection"}


def test_who_is_not_connected_or_no_longer_subscribes_to_nothing(connect, say, table, monkeypatch):
    assert code(say("subscribe", topic=TOPIC)) == (403, "not_connected")

    connect()
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 7200)
    assert code(say("subscribe", topic=TOPIC)) == (403, "not_connected")
    assert mine(table).keys() == {"connection"}


def test_nobody_subscribes_with_a_token_that_ended(connect, say, table):
    connect(Principal(subject="ada", kind="user", expires=int(time.time()) - 1))

    assert code(say("subscribe", topic=TOPIC)) == (401, "token_expired")
    assert mine(table).keys() == {"connection"}


def test_unsubscribing_ends_that_topic_alone_also_twice(connect, say, table):
    connect()
    for name in ("w1", "w2"):
        say("subscribe", topic=f"workspace#{name}")

    for _ in range(2):
        assert say("unsubscribe", topic=TOPIC) == (200, {"type": "unsubscribed", "topic": TOPIC})

    assert mine(table).keys() == {"connection", "workspace#w2"}
    assert listeners(table) == {"another"}
