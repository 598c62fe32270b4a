"""No statement of a function that connects through RDS Proxy pins its connection."""

import pytest

from functions.platform_runtime.database.pool import CountedCursor
from tests.functions.pinning import pinned_by


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("SET statement_timeout = 5", "sets a parameter"),
        ("set local statement_timeout = 5", "sets a parameter"),
        ("SELECT set_config('statement_timeout', '5', true)", "sets a parameter"),
        ("RESET ROLE", "sets a parameter"),
        ("PREPARE one AS SELECT 1", "prepares a statement"),
        ("DISCARD ALL", "discards the session's state"),
        ("CREATE TEMP TABLE t (n int)", "makes something temporary"),
        ("DECLARE c CURSOR FOR SELECT 1", "declares a cursor"),
        ("LISTEN changes", "listens"),
        ("LOAD 'auto_explain'", "loads a library"),
        ("SELECT nextval('items')", "moves a sequence"),
        ("SELECT pg_advisory_lock(1)", "locks for the session"),
        ("SELECT pg_try_advisory_lock(1)", "locks for the session"),
        (f"SELECT '{'x' * 16384}'", "is longer than 16 KB"),
        # Of the transaction, so they do not: the page's own note.
        ("SELECT pg_advisory_xact_lock(1)", None),
        ("SELECT pg_try_advisory_xact_lock(1)", None),
        ("UPDATE items SET status = 'done'", None),
        ("INSERT INTO items DEFAULT VALUES", None),
    ],
)
def test_a_statement_pins_by_awss_list(statement, why):
    assert pinned_by(statement) == why


@pytest.mark.usefixtures("pinning_refused")
def test_a_pinning_statement_of_the_platform_fails_its_test(postgres):  # noqa: ARG001
    from functions.platform_runtime import settings as platform
    from functions.platform_runtime.database.postgres import Database
    from functions.platform_runtime.settings import DatabaseSettings

    database = Database(platform.read(DatabaseSettings))
    with database.transaction(timeout_seconds=5) as connection:
        assert connection.cursor_factory is CountedCursor
        connection.execute("SELECT 1")
        for statement in ("SELECT set_config('work_mem', '64', true)", "LISTEN changes"):
            with pytest.raises(AssertionError, match="behind RDS Proxy this pins"):
                connection.execute(statement)
        with (
            pytest.raises(AssertionError, match="declares a cursor"),
            connection.cursor(name="kept") as cursor,
        ):
            cursor.execute("SELECT 1")
    database.close()
