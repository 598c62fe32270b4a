"""The relay: what was committed reaches the events table, whatever fails in between."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import psycopg
import pytest

from functions.platform_runtime.database.postgres import Database
from functions.platform_runtime.events import outbox as relaying
from functions.platform_runtime.events.table import Events
from functions.relay.app import RelayError


class CrashError(Exception):
    """The process ends here."""


def numbers(table, topic="workspace#w1"):
    """The events of a topic as their ids sort them."""
    items = [item for item in table.scan()["Items"] if item["topic"] == topic]
    items.sort(key=lambda item: item["event_id"])
    return [json.loads(item["message"])["event"]["n"] for item in items]


def test_an_event_arrives_with_an_id_its_topic_and_the_time_of_its_commit(run, outbox, table):
    outbox.add({"n": 1, "status": "completed", "name": "é"})

    answer = run()

    assert answer == {"relayed": 1, "lag_seconds": 0.0}
    assert outbox.waiting() == []
    [item] = table.scan()["Items"]
    message = json.loads(item["message"])
    assert 0 <= time.time() - datetime.fromisoformat(message.pop("time")).timestamp() < 60
    assert message == {
        "type": "event",
        "id": item["event_id"],
        "topic": "workspace#w1",
        "event": {"n": 1, "status": "completed", "name": "é"},
    }
    assert item["topic"] == "workspace#w1"
    assert 86_390 < int(item["expires_at"]) - time.time() <= 86_400


def test_more_events_than_a_batch_arrive_in_their_order(run, outbox, table):
    outbox.add(*({"n": n} for n in range(250)))  # committed at the same time

    assert run()["relayed"] == 250
    assert numbers(table) == list(range(250))
    assert outbox.waiting() == []


def test_an_empty_outbox_is_no_error(run, table):
    assert run() == {"relayed": 0, "lag_seconds": 0.0}
    assert table.scan()["Count"] == 0


def test_what_is_not_committed_waits_and_holds_nothing_up(run, outbox, table, postgres):
    with postgres.connect("platform_app") as other, other.transaction():
        other.execute("""INSERT INTO outbox (topic, event) VALUES ('workspace#w1', '{"n": 1}')""")
        outbox.add({"n": 2})
        assert run()["relayed"] == 1
        assert numbers(table) == [2]

    assert run()["relayed"] == 1
    assert numbers(table) == [1, 2]


def test_a_crash_between_put_and_delete_puts_the_same_ids_again(
    run, outbox, table, inserted, monkeypatch
):
    outbox.add(*({"n": n} for n in range(3)))
    put = Events.put

    def crash(events, rows, **named):
        put(events, rows, **named)
        raise CrashError

    monkeypatch.setattr(Events, "put", crash)
    with pytest.raises(CrashError):
        run()
    assert outbox.waiting() == [0, 1, 2]
    first = inserted()
    assert len(first) == 3

    monkeypatch.setattr(Events, "put", put)
    outbox.add({"n": 3})
    assert run()["relayed"] == 4
    assert outbox.waiting() == []
    assert numbers(table) == [0, 1, 2, 3]
    # Put twice, they are the same items: the stream tells of each once.
    assert inserted()[:3] == first
    assert len(inserted()) == 4


def test_a_connection_lost_between_put_and_delete_loses_nothing(
    run, outbox, table, sql, monkeypatch
):
    outbox.add({"n": 1})
    put = Events.put

    def cut(events, rows, **named):
        sql(
            "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return put(events, rows, **named)

    monkeypatch.setattr(Events, "put", cut)
    with pytest.raises(psycopg.OperationalError):
        run()
    assert outbox.waiting() == [1]

    monkeypatch.setattr(Events, "put", put)
    assert run()["relayed"] == 1
    assert (numbers(table), outbox.waiting()) == ([1], [])


def test_two_relays_at_once_share_the_rows(app, outbox, table, monkeypatch):
    outbox.add(*({"n": n} for n in range(200)))
    both, taken, put = threading.Barrier(2), [], Events.put

    def together(events, rows, **named):
        both.wait(timeout=10)
        taken.append([row.event["n"] for row in rows])
        return put(events, rows, **named)

    monkeypatch.setattr(Events, "put", together)
    databases = [Database(app.settings()) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        batches = list(pool.map(lambda database: relaying.relay(database, app.events()), databases))
    for database in databases:
        database.close()

    assert [(batch.taken, batch.failed) for batch in batches] == [(100, 0), (100, 0)]
    assert sorted(taken) == [list(range(100)), list(range(100, 200))]
    assert numbers(table) == list(range(200))
    assert outbox.waiting() == []


def test_a_topic_that_cannot_be_put_stays_and_the_others_go(run, outbox, table, log):
    outbox.add({"n": 1}, topic="")
    outbox.add({"n": 2}, {"n": 3})

    with pytest.raises(RelayError, match="1 events could not be put"):
        run()

    assert numbers(table) == [2, 3]
    assert outbox.waiting() == [1]
    assert "event not relayed" in log()


def test_what_comes_after_a_failure_does_not_overtake_it(run, outbox, table, monkeypatch):
    outbox.add(*({"n": n} for n in range(4)))
    call = Events._put

    def fail_once(events, event):
        if event.event["n"] == 1:
            monkeypatch.setattr(Events, "_put", call)
            event = event._replace(topic="")
        call(events, event)

    monkeypatch.setattr(Events, "_put", fail_once)
    with pytest.raises(RelayError, match="3 events"):
        run()
    assert (numbers(table), outbox.waiting()) == ([0], [1, 2, 3])

    run()
    assert (numbers(table), outbox.waiting()) == ([0, 1, 2, 3], [])


def test_an_event_too_large_to_push_is_told_of_without_its_contents(run, outbox, table):
    outbox.add({"n": 1, "result": "é" * 5_001})
    outbox.add({"n": 2, "result": "é" * 4_900}, topic="workspace#w2")

    run()

    messages = {i["topic"]: json.loads(i["message"]) for i in table.scan()["Items"]}
    assert messages["workspace#w1"].keys() == {"type", "id", "topic", "time", "truncated"}
    assert messages["workspace#w1"]["truncated"] is True
    assert len(messages["workspace#w2"]["event"]["result"]) == 4_900


def test_numbers_that_come_again_after_a_restore_are_other_events(run, outbox, table, sql):
    outbox.add({"n": 1})
    run()
    sql("ALTER TABLE outbox ALTER COLUMN id RESTART")
    outbox.add({"n": 2})
    run()

    assert numbers(table) == [1, 2]
