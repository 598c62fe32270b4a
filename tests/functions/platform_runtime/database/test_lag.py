"""How far readers are behind, and which of them do not say."""

import time
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.sql import SQL, Literal

from functions.platform_runtime.database.readers import Lag
from functions.platform_runtime.telemetry import usage

CLOSED = "127.0.0.1:1"
RECEIVERS = "SELECT count(*) FROM pg_stat_wal_receiver"


@pytest.fixture
def cut_off(replica):
    """Nothing reaches the replica meanwhile."""

    @contextmanager
    def cut():
        with psycopg.connect(f"host=127.0.0.1 port={replica} user=postgres", autocommit=True) as it:

            def follow(primary, receivers):
                it.execute(SQL("ALTER SYSTEM SET primary_conninfo = {}").format(Literal(primary)))
                it.execute("SELECT pg_reload_conf()")
                deadline = time.monotonic() + 10
                while it.execute(RECEIVERS).fetchone() != (receivers,):
                    assert time.monotonic() < deadline
                    time.sleep(0.02)

            (primary,) = it.execute("SHOW primary_conninfo").fetchone()
            try:
                follow("", 0)
                yield
            finally:
                follow(primary, 1)

    return cut


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
def test_a_reader_that_is_cut_off_is_behind_although_it_has_replayed_all_it_was_sent(
    replica, cut_off, environment, connected, sql
):
    environment.setenv("DB_READER_HOSTS", f"127.0.0.1:{replica}")
    database = connected()
    with cut_off():
        sql("SELECT pg_current_xact_id()")
        time.sleep(0.3)
        (lag,) = database.replica_lag(timeout_seconds=5)

    assert lag.answers
    assert lag.seconds > 0.2


@pytest.mark.slow
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
