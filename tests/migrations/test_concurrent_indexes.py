"""Indexes built beside the traffic: interrupted ones heal, and nothing takes one for the real."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest

from functions.migrate import indexes
from functions.migrate.errors import MigrationError
from functions.migrate.files import Migration

pytestmark = pytest.mark.slow

TABLE = Migration("0001_table.sql", "CREATE TABLE one (id bigint, name text)")
INDEXES = Migration(
    "0002_indexes.sql",
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_id ON one (id);\n"
    "-- this one; too\n"
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS idx_name ON one (name);",
)


@pytest.fixture
def table(database):
    database.migrate([TABLE])
    return database


def interrupted(database, with_what):
    """Start building while an older transaction holds the build up, and end it half way."""
    with database.connect() as old, ThreadPoolExecutor(1) as pool, old.transaction():
        old.execute("INSERT INTO one VALUES (1, 'x')")
        run = pool.submit(database.migrate, [TABLE, INDEXES])
        wait_until(lambda: database.valid("idx_id") is False)
        database.execute(
            f"SELECT {with_what}(pid) FROM pg_stat_activity "  # noqa: S608
            "WHERE query LIKE 'CREATE INDEX CONC%'"
        )
        with pytest.raises(MigrationError, match=r"0002_indexes\.sql"):
            run.result(timeout=10)


def wait_until(true):
    deadline = monotonic() + 10
    while not true():
        assert monotonic() < deadline
        sleep(0.02)


@pytest.mark.parametrize("with_what", ["pg_cancel_backend", "pg_terminate_backend"])
def test_an_interrupted_index_is_built_again(table, with_what):
    interrupted(table, with_what)
    assert table.valid("idx_id") is False
    assert table.applied() == [TABLE.name]

    report = table.migrate([TABLE, INDEXES])

    assert report.applied == (INDEXES.name,)
    assert (table.valid("idx_id"), table.valid("idx_name")) == (True, True)


def test_an_index_that_was_built_before_the_crash_is_kept(table):
    oid = "SELECT to_regclass('idx_id')::oid"
    table.execute("CREATE INDEX idx_id ON one (id)", user="platform_admin")
    before = table.execute(oid)

    table.migrate([TABLE, INDEXES])

    assert table.execute(oid) == before
    assert table.valid("idx_name") is True


def test_an_index_outwaits_older_transactions_longer_than_a_lock_is_waited_for(table, monkeypatch):
    monkeypatch.setattr("functions.migrate.runner.LOCK_SECONDS", 0.1)
    with table.connect() as old, ThreadPoolExecutor(1) as pool:
        with old.transaction():
            old.execute("INSERT INTO one VALUES (1, 'x')")
            run = pool.submit(table.migrate, [TABLE, INDEXES])
            wait_until(lambda: table.valid("idx_id") is False)
            sleep(0.4)
        assert run.result(timeout=10).applied == (INDEXES.name,)


def test_a_build_that_would_outlive_lambda_is_ended_and_said(table):
    with table.connect() as old, old.transaction():
        old.execute("INSERT INTO one VALUES (1, 'x')")

        with pytest.raises(MigrationError, match=r"0002_indexes\.sql: .*timeout.*deploy again"):
            table.migrate([TABLE, INDEXES], seconds=1.5)

    assert table.migrate([TABLE, INDEXES]).applied == (INDEXES.name,)


def test_what_postgres_does_not_call_valid_is_not_noted_as_built(table, monkeypatch):
    monkeypatch.setattr(indexes, "_valid", lambda *_: None)

    with pytest.raises(MigrationError, match="idx_id"):
        table.migrate([TABLE, INDEXES])

    assert table.applied() == [TABLE.name]
