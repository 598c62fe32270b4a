"""The health check of a database that answers: how late, and how far behind its readers are."""

import time

import psycopg
import pytest

from functions.health import app as module

pytestmark = pytest.mark.usefixtures("shared_limits_table", "postgres")


@pytest.fixture
def app(fresh):
    return fresh(module)


def test_a_living_database_answers_a_select(app, ask):
    answer = ask(app, "GET", "/api/health/db")

    assert answer["body"].pop("latency_ms") < 5000
    assert (answer["statusCode"], answer["body"]) == (200, {"status": "ok", "readers": []})


def test_a_database_slower_than_its_limit_is_unavailable(app, ask, environment):
    environment.setattr(app, "STATEMENT_SECONDS", 0.2)
    environment.setattr(psycopg.Connection, "execute", slowly(psycopg.Connection.execute))

    answer = ask(app, "GET", "/api/health/db")

    assert answer["statusCode"] == 503
    assert 200 <= answer["body"]["latency_ms"] < 2000


def test_readers_are_told_of_without_their_names_and_fail_nothing(
    app, ask, environment, replica, log
):
    environment.setenv("DB_READER_HOSTS", f"localhost:{replica},127.0.0.1:1")

    answer = ask(app, "GET", "/api/health/db")

    answer["body"].pop("latency_ms")
    readers = [
        {"status": "ok", "lag_seconds": 0.0},
        {"status": "unavailable", "lag_seconds": None},
    ]
    assert (answer["statusCode"], answer["body"]) == (200, {"status": "ok", "readers": readers})
    assert '"reader":"127.0.0.1"' in log()


@pytest.mark.slow
def test_readers_that_say_nothing_cost_two_seconds_together(app, ask, environment, silent_server):
    environment.setenv("DB_READER_HOSTS", ",".join([f"127.0.0.1:{silent_server}"] * 3))

    started = time.monotonic()
    answer = ask(app, "GET", "/api/health/db")

    assert answer["statusCode"] == 200
    assert [reader["status"] for reader in answer["body"]["readers"]] == ["unavailable"] * 3
    assert answer["body"]["latency_ms"] < 1500
    assert 1.5 < time.monotonic() - started < 3.5


def test_readers_are_not_asked_where_the_writer_does_not_answer(app, ask, environment, replica):
    environment.setenv("DB_PORT", "1")
    environment.setenv("DB_READER_HOSTS", f"127.0.0.1:{replica}")

    answer = ask(app, "GET", "/api/health/db")

    assert answer["statusCode"] == 503
    assert "readers" not in answer["body"]


def slowly(execute):
    def wait(connection, query, *args):
        return execute(connection, query.replace("SELECT 1", "SELECT pg_sleep(5)"), *args)

    return wait
