"""Postgres: one connection a process, opened when first needed and kept.

The driver is psycopg 3 rather than pg8000, as measured on one machine: 100 rows in 0.36 against
2.54 ms and a connect in 7 against 29 ms, for 50 ms more of import and 4 MB more of zip. A process
is imported once and then serves for an hour or more.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from urllib.parse import urlencode

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus

from functions.platform_runtime.settings import DatabaseSettings

CONNECT_SECONDS = 5
SILENCE_MS = 2000
"""How long a peer may leave what was sent unacknowledged. A stale connection, a new one and a
health check's statement together stay within the function's ten seconds."""
GRACE_SECONDS = 0.25
"""How much later than the server we end a statement ourselves."""
TOKEN_SECONDS = 900
"""The most RDS allows; only the connect needs the token, the connection outlives it."""
TLS = {
    "sslmode": "verify-full",
    "sslrootcert": str(Path(__file__).with_name("database_roots.pem")),
}

Connection = psycopg.Connection[tuple[object, ...]]


class Database:
    """The writer, as the platform's user."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self._settings = settings
        self._connection: Connection | None = None

    @contextmanager
    def transaction(self, *, timeout_seconds: float | None = None) -> Iterator[Connection]:
        """A transaction that commits unless it raises.

        A timeout ends it, also if the server no longer keeps time. Behind RDS Proxy it pins the
        connection: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html
        """
        connection = self._checked(timeout_seconds)
        with _at_most(timeout_seconds, connection), connection.transaction():
            if timeout_seconds is not None:
                limit = [str(int(timeout_seconds * 1000))]
                connection.execute("SELECT set_config('statement_timeout', %s, true)", limit)
            yield connection

    def close(self) -> None:
        """Drop the connection; the next transaction opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _checked(self, timeout_seconds: float | None) -> Connection:
        """The kept connection if it still answers, else a new one: a failover is retried once."""
        if self._connection is not None and not _alive(self._connection, timeout_seconds):
            self.close()
        if self._connection is None:
            self._connection = connect(self._settings.db_host, self._settings)
        return self._connection


def connect(host: str, settings: DatabaseSettings) -> Connection:
    """Open a connection. Raises psycopg.OperationalError within the connect timeout."""
    address = make_conninfo(
        host=host,
        port=settings.db_port,
        dbname=settings.db_name,
        user=settings.db_user,
        password=token(host, settings.db_port, settings.db_user),
        connect_timeout=CONNECT_SECONDS,
        tcp_user_timeout=SILENCE_MS,
        gssencmode="disable",
        **TLS,
    )
    # Named prepared statements would pin a connection of RDS Proxy.
    return psycopg.connect(address, autocommit=True, prepare_threshold=None)


def token(host: str, port: int, user: str) -> str:
    """An IAM token in place of a password, signed here: it takes no call to AWS.

    ``host`` is the instance's or proxy's own name, for an alias is not what RDS checks. Signing
    with botocore's parts rather than a client leaves its service models unread.
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
    """
    from botocore.auth import SigV4QueryAuth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import EnvProvider

    query = urlencode({"Action": "connect", "DBUser": user})
    request = AWSRequest("GET", f"https://{host}:{port}/?{query}")
    signer = SigV4QueryAuth(
        EnvProvider().load(), "rds-db", os.environ["AWS_REGION"], expires=TOKEN_SECONDS
    )
    signer.add_auth(request)
    return str(request.url).removeprefix("https://")


def _alive(connection: Connection, timeout_seconds: float | None) -> bool:
    if connection.info.transaction_status is not TransactionStatus.IDLE:
        return False
    try:
        with _at_most(timeout_seconds, connection):
            connection.execute("")
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _at_most(seconds: float | None, connection: Connection) -> Iterator[None]:
    """Hang up when the time is over: a stalled server acknowledges, and never answers."""
    if seconds is None:
        yield
        return
    line = socket.socket(fileno=os.dup(connection.fileno()))

    def hang_up() -> None:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds + GRACE_SECONDS, hang_up)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        line.close()
