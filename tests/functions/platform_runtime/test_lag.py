"""How far readers are behind, and which of them do not say."""

import time

import pytest

from functions.platform_runtime import usage
from functions.platform_runtime.readers import Lag

CLOSED = "127.0.0.1:1"


def test_the_lag_is_told_of_each_reader_and_none_of_one_that_is_down(
    notes, replica, environment, connected, sql
):
    environment.setenv("DB_READER_HOSTS", f"127.0.0.1:{replica},{CLOSED}")
    database = connected()
    first, second = database.replica_lag(timeout_seconds=5)
    assert first == Lag(reader="127.0.0.1", seconds=0.0, answers=True)
    assert second == Lag(reader="127.0.0.1")

    notes(True)
    sql("INSERT INTO notes VALUES ('late')")
    time.sleep(0.3)
    sql("SELECT 1")
    assert database.replica_lag(timeout_seconds=5)[0].seconds > 0.2


@pytest.mark.usefixtures("postgres")
def test_readers_that_say_nothing_cost_the_time_given_once_and_no_other_its_answer(
    replica, silent_server, environment, connected
):
    silent = f"127.0.0.1:{silent_server}"
    environment.setenv("DB_READER_HOSTS", f"{silent},{silent},127.0.0.1:{replica}")

    started = time.monotonic()
    found = connected().replica_lag(timeout_seconds=1)

    assert [lag.answers for lag in found] == [False, False, True]
    assert time.monotonic() - started < 1.8


def test_what_readers_are_asked_counts_towards_the_request(postgres, environment, connected):
    environment.setenv("DB_READER_HOSTS", f"127.0.0.1:{postgres.port}")

    with usage.metered("staging") as used:
        (lag,) = connected().replica_lag(timeout_seconds=5)

    # A writer is behind nobody, and has nothing to compare.
    assert (lag.answers, lag.seconds) == (True, None)
    assert used.database_queries == 1
