"""The platform's database, looked at from beside the code, and S3's bucket."""

import time
from contextlib import contextmanager
from dataclasses import replace

import boto3
import pytest
from moto import mock_aws

from functions.platform_runtime.database.postgres import Database
from functions.platform_runtime.events.audit import Audit
from functions.platform_runtime.requests import limits
from functions.platform_runtime.requests.limits import Limiter
from functions.platform_runtime.settings import DatabaseSettings, read
from tests.functions.platform_runtime.requests.limiting import MINUTE

BUCKET = "data-bucket"


@pytest.fixture
def sql(postgres):
    """Run a statement as the superuser, beside the code's own connections."""
    return lambda statement, *parameters, port=postgres.port: replace(postgres, port=port).execute(
        statement, *parameters
    )


@pytest.fixture
def tables(sql):
    """The platform's, with nothing in the audit trail before and after."""
    empty = "TRUNCATE audit_logs RESTART IDENTITY; TRUNCATE workspaces CASCADE"
    sql(empty)
    yield sql
    sql(empty)


@pytest.fixture
def table(sql):
    """What a table of the test's own holds, which the functions' role may use."""
    sql("CREATE TABLE done (what text); GRANT SELECT, INSERT ON done TO platform_app")
    yield lambda: [what for (what,) in sql("SELECT what FROM done ORDER BY what")]
    sql("DROP TABLE done")


@pytest.fixture
def notes(sql, replica):
    """A table the replica has too, and a way to hold the replica back."""
    sql("CREATE TABLE notes (note text); GRANT SELECT, INSERT ON notes TO platform_app")
    caught_up(sql, replica)
    yield lambda paused: sql(
        f"SELECT pg_wal_replay_{'pause' if paused else 'resume'}()", port=replica
    )
    sql("SELECT pg_wal_replay_resume()", port=replica)
    sql("DROP TABLE notes")


def caught_up(sql, replica):
    ((position,),) = sql("SELECT pg_current_wal_lsn()::text")
    deadline = time.monotonic() + 10
    while sql("SELECT pg_last_wal_replay_lsn() < %s::pg_lsn", position, port=replica) == [(True,)]:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def connected():
    """Databases as functions have them, closed at the end."""
    opened = []

    def open_one(**options):
        opened.append(Database(read(DatabaseSettings), **options))
        return opened[-1]

    yield open_one
    for database in opened:
        database.close()


@pytest.fixture
def s3(environment):  # noqa: ARG001
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client


@pytest.fixture
def at(monkeypatch):
    """Set the clock of the code under test."""

    @contextmanager
    def clock(module, moment):
        with monkeypatch.context() as patch:
            patch.setattr(module.time, "time", lambda: moment)
            yield

    return clock


@pytest.fixture
def limiter(limits_table):  # noqa: ARG001
    return Limiter("limits", on_failure="closed")


@pytest.fixture
def clock(monkeypatch):
    def set_to(seconds):
        monkeypatch.setattr(limits.time, "time", lambda: MINUTE + seconds)

    return set_to


@pytest.fixture
def small(monkeypatch):
    """Limits that take few requests to reach."""
    monkeypatch.setattr(limits, "LIMITS", {"anonymous": 6, "authenticated": 12, "api": 8})


@pytest.fixture
def database(tables, connected):  # noqa: ARG001
    return connected()


@pytest.fixture
def trail(database):
    return Audit(database, "staging")
