"""The runner against a real server: every migration once, whole, in order, whatever happens."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import psycopg
import pytest

from functions.migrate import ledger, lock
from functions.migrate import runner as module
from functions.migrate.errors import MigrationError
from functions.migrate.files import Migration
from tests.migrations.databases import MASTER, MIGRATIONS

NAMES = [m.name for m in MIGRATIONS]
ONE = Migration("0001_one.sql", "CREATE TABLE one (id bigint)")
TWO = Migration("0002_two.sql", "CREATE TABLE two (id bigint); INSERT INTO two VALUES (2)")


def tables(database):
    return {
        name
        for (name,) in database.execute("SELECT tablename FROM pg_tables WHERE schemaname='public'")
    }


def test_an_empty_database_gets_all_of_it_from_a_user_who_is_no_superuser(database):
    report = database.migrate()

    assert (list(report.applied), report.before, report.newer) == (NAMES, 0, ())
    assert database.applied() == NAMES
    assert database.execute("SELECT rolsuper FROM pg_roles WHERE rolname=%s", MASTER) == [(False,)]
    assert database.execute("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == [(0,)]


def test_a_second_run_does_nothing(migrated):
    before = migrated.execute("SELECT * FROM schema_migrations ORDER BY name")

    report = migrated.migrate()

    assert (report.applied, report.before) == ((), len(NAMES))
    assert migrated.execute("SELECT * FROM schema_migrations ORDER BY name") == before


def test_of_two_runners_at_once_one_does_it_all_and_the_other_waits(database):
    start = Barrier(2)

    def run(_):
        start.wait()
        return database.migrate()

    with ThreadPoolExecutor(2) as pool:
        reports = sorted(pool.map(run, range(2)), key=lambda report: report.before)

    assert [r.applied for r in reports] == [tuple(NAMES), ()]
    assert database.execute("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == [(0,)]


@pytest.mark.slow
def test_a_runner_that_waits_keeps_no_snapshot_an_index_would_wait_for(database, monkeypatch):
    monkeypatch.setattr(lock, "POLL_SECONDS", 1)
    waiting = "SELECT state, backend_xmin, backend_xid FROM pg_stat_activity WHERE query LIKE %s"
    with ThreadPoolExecutor(1) as pool, database.connect() as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", [lock.KEY])
        run = pool.submit(database.migrate)
        sleep(0.5)

        assert database.execute(waiting, "SELECT pg_try_adv%") == [("idle", None, None)]
    assert run.result().before == 0


@pytest.mark.slow
def test_a_runner_may_wait_longer_than_sessions_may_be_idle(database, monkeypatch):
    monkeypatch.setattr(lock, "POLL_SECONDS", 1)
    database.execute(f"ALTER DATABASE {database.name} SET idle_session_timeout = '300ms'")
    with ThreadPoolExecutor(1) as pool, database.connect() as holder:
        holder.execute("SET idle_session_timeout = 0")
        holder.execute("SELECT pg_advisory_lock(%s)", [lock.KEY])
        run = pool.submit(database.migrate)
        sleep(0.7)
    assert run.result().before == 0


def test_a_runner_gives_up_waiting_before_lambda_ends_it(database):
    with database.connect() as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", [lock.KEY])

        with pytest.raises(MigrationError, match="deploy again"):
            database.migrate(seconds=1.5)


def test_a_migration_that_fails_leaves_nothing_of_itself_and_all_before_it(database):
    half = Migration("0002_half.sql", "CREATE TABLE half (id bigint);\nSELECT 1 / 0")

    with pytest.raises(MigrationError, match=r"^0002_half.sql: division by zero$"):
        database.migrate([ONE, half])

    assert database.applied() == ["0001_one.sql"]
    assert tables(database) == {"schema_migrations", "one"}


def test_a_crash_between_two_migrations_is_gone_on_from(database, monkeypatch):
    killed = []

    def crash(connection, made, deadline):
        if made.name == TWO.name and not killed:
            killed.append(made.name)
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        apply(connection, made, deadline)

    apply = module._apply
    monkeypatch.setattr(module, "_apply", crash)

    with pytest.raises(MigrationError, match=r"0002_two\.sql"):
        database.migrate([ONE, TWO])
    assert (database.applied(), killed) == ([ONE.name], [TWO.name])

    assert database.migrate([ONE, TWO]).applied == (TWO.name,)
    assert database.execute("SELECT id FROM two") == [(2,)]


def test_a_crash_after_a_migration_and_before_its_note_undoes_it(database, monkeypatch):
    def crash(connection, made):
        if made.name == TWO.name:
            connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        record(connection, made)

    record = ledger.record
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "record", crash)
        with pytest.raises(MigrationError, match=r"0002_two\.sql"):
            database.migrate([ONE, TWO])
    assert tables(database) == {"schema_migrations", "one"}

    assert database.migrate([ONE, TWO]).applied == (TWO.name,)


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        ([Migration(ONE.name, ONE.sql + " "), TWO], "0001_one.sql was changed after it had run"),
        ([TWO], "0001_one.sql has run here and its file is gone"),
        (
            [ONE, Migration("0001_two.sql", TWO.sql), TWO],
            "0001_two.sql comes before what has run",
        ),
    ],
)
def test_files_that_deny_what_has_run_are_refused_by_name(database, then, reason):
    database.migrate([ONE, TWO])
    more = Migration("0003_more.sql", "CREATE TABLE more (id bigint)")

    with pytest.raises(MigrationError, match=reason):
        database.migrate([*then, more])

    assert "more" not in tables(database)


def test_an_earlier_release_still_fits_the_schema_of_a_later_one(database):
    database.migrate([ONE, TWO])

    report = database.migrate([ONE])

    assert (report.applied, report.newer) == ((), (TWO.name,))


def test_a_table_in_use_is_not_queued_for(database, monkeypatch):
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.2)
    database.migrate([ONE])
    with database.connect() as busy, busy.transaction():
        busy.execute("LOCK TABLE one IN SHARE MODE")

        with pytest.raises(MigrationError, match=r"0002_alter\.sql: .*lock timeout.*deploy again"):
            database.migrate([ONE, Migration("0002_alter.sql", "ALTER TABLE one ADD two text")])

    assert database.applied() == [ONE.name]


def test_a_slow_migration_does_not_stop_the_platform_for_long(database, monkeypatch):
    monkeypatch.setattr(module, "STATEMENT_SECONDS", 0.2)

    with pytest.raises(MigrationError, match=r"0002_slow\.sql: .*statement timeout"):
        database.migrate([ONE, Migration("0002_slow.sql", "SELECT pg_sleep(60)")])


def test_a_migration_cannot_loosen_what_the_next_one_may_do(database, monkeypatch):
    monkeypatch.setattr(module, "STATEMENT_SECONDS", 0.2)
    loose = Migration("0001_loose.sql", "SET statement_timeout = 0; SET lock_timeout = 0")

    with pytest.raises(MigrationError, match="statement timeout"):
        database.migrate([loose, Migration("0002_slow.sql", "SELECT pg_sleep(60)")])
