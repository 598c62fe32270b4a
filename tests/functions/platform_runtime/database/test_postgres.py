"""The database connection: signed for, checked, replaced when stale."""

import os
import signal
import ssl
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import boto3
import botocore.auth
import psycopg
import pytest

from contract import database as contract
from functions.modules import changes
from functions.platform_runtime.database import postgres as runtime
from functions.platform_runtime.settings import DatabaseSettings, read
from tests.functions.postgres import SUPERUSER

HOST = "platform.c9akciq32.us-east-1.rds.amazonaws.com"


@pytest.fixture
def writer(postgres):  # noqa: ARG001
    writer = runtime.Database(read(DatabaseSettings))
    yield writer
    writer.close()


def backend(connection):
    return connection.execute("SELECT pg_backend_pid()").fetchone()[0]


def test_a_token_is_what_aws_own_client_would_sign(monkeypatch):
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: datetime(2026, 11, 22))

    expected = boto3.client("rds").generate_db_auth_token(HOST, 5433, contract.APP_USER)

    signed, wanted = (
        urlsplit(f"https://{token}")
        for token in (runtime.token(HOST, 5433, contract.APP_USER), expected)
    )
    assert signed[:3] == wanted[:3]
    assert parse_qs(signed.query) == parse_qs(wanted.query)


def test_a_token_expires_after_a_quarter_of_an_hour_and_names_its_user():
    query = parse_qs(urlsplit(f"https://{runtime.token(HOST, 5433, 'somebody')}").query)

    assert query["X-Amz-Expires"] == ["900"]
    assert query["DBUser"] == ["somebody"]


def test_connections_verify_the_servers_name_against_the_roots_shipped_beside_the_code(
    monkeypatch,
):
    asked = {}
    monkeypatch.setattr(psycopg, "connect", lambda address, **_: asked.update(address=address))

    runtime.connect(HOST, read(DatabaseSettings))

    options = psycopg.conninfo.conninfo_to_dict(asked["address"])
    assert options.pop("password").startswith(f"{HOST}:1/?Action=connect&DBUser=platform_app&")
    assert os.path.exists(options.pop("sslrootcert"))
    assert options == {
        "host": HOST,
        "port": "1",
        "dbname": "platform",
        "user": "platform_app",
        "connect_timeout": "5",
        "tcp_user_timeout": "2000",
        "gssencmode": "disable",
        "sslmode": "verify-full",
    }


def test_the_roots_are_those_of_rds_instances_and_of_acm_and_outlive_the_platform():
    context = ssl.create_default_context(cafile=runtime.TLS["sslrootcert"])

    roots = context.get_ca_certs()
    names = {dict(pair[0] for pair in root["subject"])["commonName"] for root in roots}
    assert {name for name in names if not name.startswith("Amazon RDS ")} == {
        "Amazon Root CA 1",
        "Amazon Root CA 2",
        "Amazon Root CA 3",
        "Amazon Root CA 4",
        "Starfield Services Root Certificate Authority - G2",
    }
    assert "Amazon RDS us-east-1 Root CA RSA2048 G1" in names
    assert len(roots) == 32
    assert min(ssl.cert_time_to_seconds(root["notAfter"]) for root in roots) > 2_100_000_000


def test_a_connection_is_kept_from_one_transaction_to_the_next(writer):
    with writer.transaction() as first:
        one = backend(first)
    with writer.transaction() as second:
        assert backend(second) == one


def test_a_connection_the_server_ended_is_replaced(writer, postgres):
    with writer.transaction() as connection:
        ended = backend(connection)
    postgres.execute("SELECT pg_terminate_backend(%s, 2000)", ended)

    with writer.transaction() as connection:
        assert backend(connection) != ended


def test_a_transaction_that_raises_leaves_nothing_and_a_usable_connection(writer):
    def half_done():
        with writer.transaction() as connection:
            connection.execute("INSERT INTO outbox (topic, event) VALUES ('half done', '{}')")
            connection.execute("SELECT 1 / 0")

    with pytest.raises(psycopg.errors.DivisionByZero):
        half_done()

    with writer.transaction() as connection:
        half_done = connection.execute("SELECT 1 FROM outbox WHERE topic = 'half done'")
        assert half_done.fetchone() is None


def test_a_timeout_hangs_up_on_a_statement_and_the_next_transaction_has_another_connection(writer):
    with (
        pytest.raises(psycopg.OperationalError),
        writer.transaction(timeout_seconds=0.1) as connection,
    ):
        connection.execute("SELECT pg_sleep(5)")

    with writer.transaction() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_who_waits_for_a_lock_is_told_by_postgres_and_keeps_the_connection(writer, migrated):
    """What a session starts with holds for it, as RDS's parameters do:
    https://www.postgresql.org/docs/17/runtime-config-client.html#GUC-LOCK-TIMEOUT"""
    migrated.execute("ALTER ROLE platform_app SET lock_timeout = '50ms'")
    try:
        with writer.transaction() as connection:
            before = backend(connection)
        with migrated.connect(SUPERUSER) as other, other.transaction():
            other.execute("LOCK TABLE outbox")
            with (
                pytest.raises(psycopg.errors.LockNotAvailable),
                writer.transaction(timeout_seconds=changes.SECONDS) as connection,
            ):
                connection.execute("DELETE FROM outbox")
        with writer.transaction() as connection:
            assert backend(connection) == before
    finally:
        migrated.execute("ALTER ROLE platform_app RESET lock_timeout")


def test_postgres_gives_up_waiting_for_a_lock_before_a_change_is_given_up():
    assert contract.LOCK_SECONDS < changes.SECONDS < contract.STATEMENT_SECONDS


@pytest.fixture
def stall():
    """Stops a server process where it is; its kernel goes on acknowledging what it is sent."""
    stopped = []

    def stop(process: int) -> None:
        os.kill(process, signal.SIGSTOP)
        stopped.append(process)

    yield stop
    for process in stopped:
        os.kill(process, signal.SIGCONT)


def test_a_server_that_stalls_in_a_statement_is_hung_up_on(writer, stall):
    def ask():
        with writer.transaction(timeout_seconds=0.1) as connection:
            stall(backend(connection))
            backend(connection)

    with pytest.raises(psycopg.OperationalError):
        ask()


def test_a_server_that_stalled_since_is_left_for_a_new_connection(writer, stall):
    with writer.transaction() as connection:
        stalled = backend(connection)
    stall(stalled)

    with writer.transaction(timeout_seconds=0.1) as connection:
        assert backend(connection) != stalled


def test_no_statement_is_prepared_by_name_however_often_it_runs(writer):
    with writer.transaction() as connection:
        for number in range(20):
            connection.execute("SELECT %s", [number])
        assert connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)


def test_a_server_without_tls_is_not_talked_to(writer, monkeypatch):
    monkeypatch.setattr(runtime, "TLS", {**runtime.TLS, "sslmode": "verify-full"})

    with (
        pytest.raises(psycopg.OperationalError, match="does not support SSL"),
        writer.transaction(),
    ):
        pass
