"""Postgres: the writer and its readers, connected to when first needed.

The driver is psycopg 3 rather than pg8000, as measured on one machine: 100 rows in 0.36 against
2.54 ms and a connect in 7 against 29 ms, for 50 ms more of import and 4 MB more of zip. A process
is imported once and then serves for an hour or more.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

import psycopg
from psycopg.conninfo import make_conninfo

from contract.functions import POOL_PER_ENVIRONMENT
from functions.platform_runtime import deadline
from functions.platform_runtime.database.pool import Connection, CountedCursor, Pool
from functions.platform_runtime.database.readers import Lag, LostError, Readers
from functions.platform_runtime.settings import DatabaseSettings, WriterSettings

__all__ = ["Connection", "Database", "connect", "token"]

Answer = TypeVar("Answer")

CONNECT_SECONDS = 5
LEAST_CONNECT_SECONDS = 2
"""libpq takes no less: https://www.postgresql.org/docs/current/libpq-connect.html"""
READER_CONNECT_SECONDS = LEAST_CONNECT_SECONDS
"""Less than for the writer, which is asked next."""
READER_SECONDS = 4.0
"""A reader that takes longer, as one that replays a lock or was stopped, counts as down; the writer
still answers in the request's time."""
SILENCE_MS = 2000
"""How long a peer may leave what was sent unacknowledged. A stale connection, a new one and a
health check's statement together stay within the function's ten seconds."""
OWN_WRITES_SECONDS = 5.0
"""For so long after a write this process reads from the writer, as the readers lag behind it.
Another process does not know of the write: where that matters, ``read(fresh=True)``."""
TOKEN_SECONDS = 900
"""The most RDS allows; only the connect needs the token, the connection outlives it."""
TLS = {
    "sslmode": "verify-full",
    "sslrootcert": str(Path(__file__).with_name("roots.pem")),
}


class Database:
    """The platform's database, as the platform's user.

    ``pool`` is how many connections this process may hold to one server: as many as requests it
    serves at once.
    """

    def __init__(self, settings: DatabaseSettings, *, pool: int = POOL_PER_ENVIRONMENT) -> None:
        self._writer = Pool(lambda: connect(settings.db_host, settings), pool)
        self._readers = Readers(
            settings.db_reader_hosts, settings.db_port, partial(_connect_reader, settings), pool
        )
        self._here = threading.local()
        self._wrote = 0.0

    @contextmanager
    def transaction(self, *, timeout_seconds: float | None = None) -> Iterator[Connection]:
        """A transaction of the writer that commits unless it raises; within another, a savepoint.

        A timeout ends it, also if the server no longer keeps time. A stale connection is replaced
        before anything has been done on it, and never afterwards.
        """
        outer = self._outer
        if outer is not None:
            if outer.read_only:
                raise RuntimeError("a transaction within a read: begin the transaction around both")
            with outer.transaction():
                yield outer
            return
        with (
            self._writer.transaction(
                read_only=False, timeout_seconds=timeout_seconds
            ) as connection,
            self._within(connection),
        ):
            yield connection
            # Before the commit, for its answer may be lost and the commit not.
            self._wrote = time.time()

    @contextmanager
    def read(
        self, *, fresh: bool = False, timeout_seconds: float | None = None
    ) -> Iterator[Connection]:
        """A read-only transaction of a reader, or of the writer if no reader answers.

        ``answer`` also asks the writer what a reader has begun and not answered. It sees what this
        process has written, and with ``fresh`` what anyone has. Within a transaction it is part of
        that.
        """
        outer = self._outer
        if outer is not None:
            yield outer
            return
        with ExitStack() as stack:
            connection = None
            if not fresh and time.time() - self._wrote > OWN_WRITES_SECONDS:
                patience = READER_SECONDS if timeout_seconds is None else timeout_seconds
                connection = self._readers.enter(stack, min(patience, READER_SECONDS))
            if connection is None:
                connection = stack.enter_context(
                    self._writer.transaction(read_only=True, timeout_seconds=timeout_seconds)
                )
            stack.enter_context(self._within(connection))
            yield connection

    def answer(self, ask: Callable[[Connection], Answer]) -> Answer:
        """What ``ask`` reads from a reader or, if that is lost meanwhile, from the writer."""
        try:
            with self.read() as connection:
                return ask(connection)
        except LostError:
            with self.read(fresh=True) as connection:
                return ask(connection)

    def replica_lag(self, *, timeout_seconds: float) -> list[Lag]:
        """How far each reader is behind."""
        return self._readers.lag(timeout_seconds)

    def close(self) -> None:
        """Drop the connections; the next transaction opens another."""
        self._writer.close()
        self._readers.close()

    @property
    def in_transaction(self) -> bool:
        """Whether this thread is within a transaction or a read."""
        return self._outer is not None

    @property
    def _outer(self) -> Connection | None:
        connection: Connection | None = getattr(self._here, "connection", None)
        return connection

    @contextmanager
    def _within(self, connection: Connection) -> Iterator[None]:
        self._here.connection = connection
        try:
            yield
        finally:
            self._here.connection = None


def connect(
    host: str,
    settings: WriterSettings,
    *,
    port: int | None = None,
    user: str | None = None,
    password: str | None = None,
    seconds: int | None = None,
) -> Connection:
    """Open a connection, as the platform's user with an IAM token unless told otherwise.

    Raises psycopg.OperationalError within the connect timeout.
    """
    port, user = port or settings.db_port, user or settings.db_user
    patience = deadline.left(seconds or CONNECT_SECONDS)
    if patience < LEAST_CONNECT_SECONDS:
        raise psycopg.OperationalError("there is no time left to connect")
    address = make_conninfo(
        host=host,
        port=port,
        dbname=settings.db_name,
        user=user,
        password=token(host, port, user) if password is None else password,
        connect_timeout=int(patience),
        tcp_user_timeout=SILENCE_MS,
        gssencmode="disable",
        **TLS,
    )
    # Named prepared statements would pin a connection of RDS Proxy.
    return psycopg.connect(
        address, autocommit=True, prepare_threshold=None, cursor_factory=CountedCursor
    )


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


def _connect_reader(settings: DatabaseSettings, host: str, port: int) -> Connection:
    return connect(host, settings, port=port, seconds=READER_CONNECT_SECONDS)
