"""Connections of a process: how many, how long, and what becomes of stale ones."""

import threading
import time
from contextlib import contextmanager
from functools import partial

import psycopg
import pytest

from functions.platform_runtime import deadline
from functions.platform_runtime.database import pool


def backend(connection):
    return connection.execute("SELECT pg_backend_pid()").fetchone()[0]


@contextmanager
def two_at_once(database):
    begin = partial(database._writer.transaction, read_only=False, timeout_seconds=None)
    with begin() as one, begin() as other:
        yield one, other


def ending(sql):
    return lambda process: sql("SELECT pg_terminate_backend(%s, 2000)", process)


@pytest.fixture
def database(postgres, connected):  # noqa: ARG001
    return connected()


def test_a_process_holds_no_more_connections_than_the_guides_ten(connected):
    with pytest.raises(ValueError, match="a pool of 11: a process holds 1 to 10 connections"):
        connected(pool=11)


def test_threads_share_as_many_connections_as_the_pool_has(postgres, connected):  # noqa: ARG001
    database, seen = connected(pool=3), set()

    def work():
        for _ in range(3):
            with database.transaction() as connection:
                seen.add(backend(connection))
                connection.execute("SELECT pg_sleep(0.05)")

    threads = [threading.Thread(target=work) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 3


def test_who_waits_too_long_for_a_connection_is_told(database, monkeypatch):
    monkeypatch.setattr(pool, "WAIT_SECONDS", 0.1)
    errors = []

    def ask():
        try:
            with database.transaction():
                pass
        except psycopg.OperationalError as error:
            errors.append(error)

    with database.transaction():
        other = threading.Thread(target=ask)
        other.start()
        other.join()

    assert [type(error) for error in errors] == [pool.BusyError]
    with database.transaction() as connection:
        assert backend(connection)


def test_one_request_after_another_uses_one_connection_and_one_round_trip_to_begin(database, sql):
    with database.transaction() as connection:
        first = backend(connection)
    with database.transaction() as connection:
        assert backend(connection) == first
    count = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'platform_app' AND pid = %s"
    assert sql(count, first) == [(1,)]


def test_a_backend_killed_between_two_requests_is_not_noticed_by_the_second(database, sql):
    with database.transaction() as connection:
        killed = backend(connection)
    ending(sql)(killed)

    with database.transaction() as connection:
        assert backend(connection) != killed


def test_all_kept_connections_are_given_up_with_the_first_stale_one(postgres, connected, sql):  # noqa: ARG001
    database = connected(pool=2)
    with two_at_once(database) as (one, other):
        killed = {backend(one), backend(other)}
    for process in killed:
        ending(sql)(process)

    with database.transaction() as connection:
        assert backend(connection) not in killed
    assert len(database._writer._kept) == 1


def test_a_connection_lost_after_the_first_statement_is_not_tried_again(database, sql, table):
    def lose():
        with database.transaction() as connection:
            connection.execute("INSERT INTO done VALUES ('once')")
            ending(sql)(connection.info.backend_pid)
            connection.execute("INSERT INTO done VALUES ('twice')")

    with pytest.raises(psycopg.OperationalError):
        lose()

    assert table() == []
    with database.transaction() as connection:
        connection.execute("INSERT INTO done VALUES ('later')")
    assert table() == ["later"]


def test_a_server_that_is_away_is_asked_once_and_its_error_is_the_callers(
    database, sql, monkeypatch
):
    with database.transaction() as connection:
        killed = backend(connection)
    ending(sql)(killed)
    asked = []

    def refuse(*_, **__):
        asked.append(1)
        raise psycopg.OperationalError("away")

    monkeypatch.setattr(psycopg, "connect", refuse)
    with pytest.raises(psycopg.OperationalError, match="away"), database.transaction():
        pass
    assert asked == [1]


def test_an_idle_connection_is_given_a_second_to_answer(database, monkeypatch):
    begun = []
    real = pool._begun
    monkeypatch.setattr(pool, "_begun", lambda c, r, t: begun.append(t) or real(c, r, t))
    with database.transaction():
        pass
    with database.transaction():
        pass
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31)
    with database.transaction():
        pass
    with database.transaction(timeout_seconds=0.5):
        pass

    assert begun == [None, None, pool.CHECK_SECONDS, 0.5]


@pytest.mark.parametrize("change", [True, False])
def test_whatever_is_begun_ends_with_its_request(database, sql, monkeypatch, change):
    """The functions' own limit says nothing of a read, and more of a change than is left."""
    begin = partial(database.transaction, timeout_seconds=8) if change else database.read
    with begin():
        pass
    monkeypatch.setattr(deadline, "SPARE_SECONDS", 9.7)
    ask = "SELECT pg_sleep(30)"

    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError), deadline.of("health"), begin() as connection:
        connection.execute(ask)

    assert 0.3 <= time.monotonic() - began < 1
    sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = %s", ask)


def test_without_time_to_connect_nobody_is_connected_to(database, monkeypatch):
    monkeypatch.setattr(deadline, "SPARE_SECONDS", 8.5)

    with (
        deadline.of("health"),
        pytest.raises(psycopg.OperationalError, match="no time left to connect"),
        database.read(),
    ):
        pass


def test_connections_nobody_needed_for_half_a_minute_are_closed(postgres, connected, monkeypatch):  # noqa: ARG001
    database = connected(pool=2)
    with two_at_once(database) as connections:
        pass
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 31)

    with database.transaction() as connection:
        beside = connections[connections[0] is connection]
    assert (connection.closed, beside.closed) == (False, True)
