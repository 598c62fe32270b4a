"""The report on slow queries: the slowest first, without secrets, or why there is none."""

import pytest

from functions.maintenance.slow_queries import LONGEST, MISSING, NOT_LOADED, slow_query_report


@pytest.fixture
def asked(database):
    """Statements of known cost, since statistics began."""

    def ask(*statements):
        database.execute("SELECT pg_stat_statements_reset()")
        for statement in statements:
            database.execute(statement, user="platform_app")

    return ask


def test_the_statement_that_took_the_most_time_in_total_comes_first(asked, connection):
    asked("SELECT pg_sleep(0.3)", *["SELECT pg_sleep(0.1) FROM generate_series(1, 2)"] * 3)

    first, second, *_ = slow_query_report(connection).queries

    assert first.query == "SELECT pg_sleep($1) FROM generate_series($2, $3)"
    assert (first.calls, first.rows) == (3, 6)
    assert 600 <= first.total_ms < 1200
    assert 200 <= first.mean_ms <= first.max_ms < 400
    assert second.query == "SELECT pg_sleep($1)"
    assert int(first.id) != int(second.id)


def test_twenty_are_told_of(asked, connection):
    asked(*[f"SELECT {'now(), ' * n} 1" for n in range(30)])

    assert len(slow_query_report(connection).queries) == 20


def test_values_are_not_told(asked, connection):
    asked("SELECT count(*) FROM workspaces WHERE name = 'a person''s own'")

    report = slow_query_report(connection)

    assert any("FROM workspaces WHERE name = $1" in found.query for found in report.queries)
    assert "person" not in str(report)


def test_a_password_in_a_statement_is_not_told(asked, connection, database):
    asked()
    database.execute("ALTER ROLE platform_app PASSWORD 'swordfish'")

    report = slow_query_report(connection)

    assert "[a statement with a password]" in {found.query for found in report.queries}
    assert "swordfish" not in str(report)


def test_long_ones_are_cut_and_on_one_line(asked, connection):
    asked("SELECT 1,\n\t" + ", ".join("now()" for _ in range(1000)))

    longest = max((found.query for found in slow_query_report(connection).queries), key=len)

    assert len(longest) == LONGEST
    assert longest.startswith("SELECT $1, now(), ")
    assert longest.endswith("…")


def test_another_databases_statements_are_not_told(asked, connection, another):
    asked()
    another.execute("SELECT 'another database', 1, 2, 3")

    assert not [q for q in slow_query_report(connection).queries if "$1, $2, $3, $4" in q.query]


def test_without_the_extension_it_says_so(database, connection):
    database.execute("DROP EXTENSION pg_stat_statements")

    report = slow_query_report(connection)

    assert (report.queries, report.unavailable) == ((), MISSING)


def test_a_server_that_has_not_loaded_it_is_told_from_one_that_lacks_it(migrated):
    migrated.execute("CREATE EXTENSION pg_stat_statements")
    try:
        with migrated.connect("platform_app") as connection:
            report = slow_query_report(connection)
    finally:
        migrated.execute("DROP EXTENSION pg_stat_statements")

    assert (report.queries, report.unavailable) == ((), NOT_LOADED)
