"""What a transaction is a part of, what it may write, and what is counted of it."""

import psycopg
import pytest

from functions.platform_runtime.telemetry import usage


@pytest.fixture
def database(postgres, connected):  # noqa: ARG001
    return connected()


def test_a_transaction_within_another_is_a_part_of_it(database, table):
    def inner_fails():
        with database.transaction() as inner:
            inner.execute("INSERT INTO done VALUES ('inner')")
            raise KeyError("inner")

    with database.transaction() as outer:
        outer.execute("INSERT INTO done VALUES ('outer')")
        with pytest.raises(KeyError):
            inner_fails()
        with database.read() as reading:
            assert reading.execute("SELECT what FROM done").fetchall() == [("outer",)]

    assert table() == ["outer"]


def test_a_transaction_within_a_read_is_refused_wherever_the_read_went(database):
    with (
        database.read(),
        pytest.raises(RuntimeError, match="begin the transaction around both"),
        database.transaction(),
    ):
        pass
    assert not database.in_transaction


def test_a_read_writes_nothing_even_on_the_writer(database, table):
    def write():
        with database.read() as connection:
            connection.execute("INSERT INTO done VALUES ('read')")

    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        write()
    with database.transaction() as connection:
        connection.execute("INSERT INTO done VALUES ('written')")
    assert table() == ["written"]


def test_a_database_whose_writes_are_paused_stays_so(connected, sql, table, postgres):  # noqa: ARG001
    sql(f"ALTER DATABASE {postgres.name} SET default_transaction_read_only = on")
    try:
        with (
            pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
            connected().transaction() as connection,
        ):
            connection.execute("INSERT INTO done VALUES ('paused')")
    finally:
        writable = f"ALTER DATABASE {postgres.name} RESET default_transaction_read_only"
        sql(f"BEGIN READ WRITE; {writable}; COMMIT")


def test_the_statements_of_a_request_are_counted_and_not_what_surrounds_them(database, capsys):
    with usage.metered("staging") as used, database.transaction(timeout_seconds=5) as connection:
        connection.execute("SELECT 1")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 2")
            cursor.executemany("SELECT %s", [[3], [4]])
            with cursor.copy("COPY (SELECT 5) TO STDOUT") as copy:
                assert list(copy)
    assert used.database_queries == 4
    assert '"databaseQueries":4' in capsys.readouterr().out
