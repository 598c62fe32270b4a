"""A scheduled run: when it ends, and what it measures."""

import json
import time

import pytest

from contract.functions import FUNCTIONS
from functions.platform_runtime.database import postgres
from functions.platform_runtime.events import outbox as relaying
from functions.platform_runtime.events.table import Events
from functions.relay import app as module
from functions.relay.app import RelayError


def test_a_batch_and_the_lag_at_their_slowest_end_in_what_is_spared():
    connects = 2 * postgres.CONNECT_SECONDS
    slowest = relaying.BATCH_SECONDS + relaying.LAG_SECONDS + connects

    assert slowest * 1000 < module.SPARE_MS < FUNCTIONS["relay"].timeout_seconds * 1000


def test_a_run_ends_before_its_time_does_and_the_next_goes_on(run, outbox, capsys):
    outbox.add({"n": 1})

    answer = run(left_ms=module.SPARE_MS)

    assert answer["relayed"] == 0
    assert answer["lag_seconds"] > 0
    assert metrics(capsys)["OutboxLag"] == [answer["lag_seconds"]]
    assert outbox.waiting() == [1]
    assert run(left_ms=module.SPARE_MS + 1)["relayed"] == 1


def test_a_table_that_is_slow_gets_what_fits_and_the_next_run_goes_on(
    run, outbox, table, monkeypatch, log
):
    """Put but not deleted in time, the same rows would be put for ever."""
    outbox.add(*({"n": n} for n in range(20)))
    put = Events._put

    def slowly(events, event):
        time.sleep(0.1)
        put(events, event)

    monkeypatch.setattr(Events, "_put", slowly)
    monkeypatch.setattr(relaying, "BATCH_SECONDS", 1.0)
    monkeypatch.setattr(relaying, "PUT_SECONDS", 0.5)

    with pytest.raises(RelayError):
        run()
    waiting = outbox.waiting()

    assert 10 <= len(waiting) < 20
    assert waiting == list(range(20))[-len(waiting) :]
    assert table.scan()["Count"] == 20 - len(waiting)
    assert f'"left":{len(waiting)}' in log()


def test_lag_is_the_age_of_the_oldest_event(run, outbox, sql):
    outbox.add({"n": 1}, {"n": 2})
    sql("UPDATE outbox SET created_at = now() - interval '90 s' WHERE event ->> 'n' = '2'")

    assert 90 <= run(left_ms=0)["lag_seconds"] < 100


def test_lag_and_count_are_metrics_of_the_stack_alone(run, outbox, capsys):
    outbox.add({"n": 1})
    run()

    line = metrics(capsys)
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive == {
        "Namespace": "MaPlatform/Realtime",
        "Dimensions": [["Stack"]],
        "Metrics": [
            {"Name": "OutboxLag", "Unit": "Seconds"},
            {"Name": "OutboxRelayed", "Unit": "Count"},
        ],
    }
    assert (line["Stack"], line["OutboxLag"], line["OutboxRelayed"]) == (
        "ma-platform-staging",
        [0],
        [1],
    )


def test_what_could_not_be_put_is_measured_before_the_run_fails(run, outbox, capsys):
    outbox.add({"n": 1}, topic="")

    with pytest.raises(RelayError):
        run()

    assert metrics(capsys)["OutboxLag"] > [0]


def metrics(capsys):
    """The last line of metrics."""
    lines = [line for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    return json.loads(lines[-1])
