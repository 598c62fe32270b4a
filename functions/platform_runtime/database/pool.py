"""Connections to one Postgres server, kept from one transaction to the next."""

import math
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from threading import BoundedSemaphore, Lock, Timer
from typing import TYPE_CHECKING, TypeVar

import psycopg
from psycopg.pq import TransactionStatus

from functions.platform_runtime import deadline
from functions.platform_runtime.telemetry import usage

CEILING = 10
"""The most connections a process may hold to one server; a Lambda environment holds one."""
IDLE_SECONDS = 30.0
"""After so long unused a connection is checked, and one beside it is closed. When it is next asked
for, that is: no timer runs in a frozen process."""
WAIT_SECONDS = 5.0
"""How long a thread waits for a connection while all are in use."""
CHECK_SECONDS = 1.0
"""How long a connection that was idle may take to answer."""

Connection = psycopg.Connection[tuple[object, ...]]
Row = TypeVar("Row")


class BusyError(psycopg.OperationalError):
    """All connections of the process stayed in use."""


class CountedCursor(psycopg.Cursor[Row]):
    """Counts the statements of a request for its usage."""

    # Unseen by mypy: the signatures stay the driver's, overloads and all.
    if not TYPE_CHECKING:

        def execute(self, *args: object, **options: object) -> object:
            usage.add(database_queries=1)
            return super().execute(*args, **options)

        def executemany(self, *args: object, **options: object) -> None:
            usage.add(database_queries=1)
            super().executemany(*args, **options)

        def copy(self, *args: object, **options: object) -> object:
            usage.add(database_queries=1)
            return super().copy(*args, **options)


@dataclass(frozen=True)
class _Kept:
    connection: Connection
    since: float


class Pool:
    """At most ``size`` connections at a time; the one used last is used next."""

    def __init__(self, connect: Callable[[], Connection], size: int) -> None:
        if not 1 <= size <= CEILING:
            raise ValueError(f"a pool of {size}: a process holds 1 to {CEILING} connections")
        self._connect = connect
        self._free = BoundedSemaphore(size)
        self._kept: list[_Kept] = []
        self._lock = Lock()

    @contextmanager
    def transaction(
        self, *, read_only: bool, timeout_seconds: float | None
    ) -> Iterator[Connection]:
        """A transaction that commits unless it raises.

        What has been begun is never begun again: a statement may have had its effect, whatever
        became of the connection.
        """
        patience = deadline.left(WAIT_SECONDS)
        if not self._free.acquire(timeout=patience):
            raise BusyError(f"no connection came free within {patience:.0f} seconds")
        try:
            connection, begun = self._begin(read_only, timeout_seconds)
            try:
                with at_most(timeout_seconds, connection), begun:
                    yield connection
            finally:
                self._keep(connection)
        finally:
            self._free.release()

    def close(self) -> None:
        """Close what is not in use; the next transaction opens another."""
        with self._lock:
            kept, self._kept = self._kept, []
        for one in kept:
            one.connection.close()

    def _begin(self, read_only: bool, timeout: float | None) -> tuple[Connection, ExitStack]:
        """BEGIN on a kept connection, or once more on a new one if that turns out to be stale."""
        kept = self._take()
        if kept is not None:
            idle = time.time() - kept.since > IDLE_SECONDS
            patience = min(timeout or CHECK_SECONDS, CHECK_SECONDS) if idle else timeout
            try:
                return kept.connection, _begun(kept.connection, read_only, patience)
            except psycopg.OperationalError:
                kept.connection.close()
                # Whatever ended this one has probably ended those beside it.
                self.close()
        connection = self._connect()
        try:
            return connection, _begun(connection, read_only, timeout)
        except psycopg.OperationalError:
            connection.close()
            raise

    def _take(self) -> _Kept | None:
        with self._lock:
            kept = self._kept.pop() if self._kept else None
            stale = [one for one in self._kept if time.time() - one.since > IDLE_SECONDS]
            self._kept = [one for one in self._kept if one not in stale]
        for one in stale:
            one.connection.close()
        return kept

    def _keep(self, connection: Connection) -> None:
        if connection.info.transaction_status is not TransactionStatus.IDLE:
            connection.close()
            return
        with self._lock:
            # Not the monotonic clock: it may stand still while Lambda keeps the process frozen.
            self._kept.append(_Kept(connection, time.time()))


def _begun(connection: Connection, read_only: bool, timeout: float | None) -> ExitStack:
    with at_most(timeout, connection), ExitStack() as stack:
        # Never READ WRITE: that would lift the pause of a database whose default is read-only.
        connection.read_only = True if read_only else None
        stack.enter_context(connection.transaction())
        return stack.pop_all()


@contextmanager
def at_most(seconds: float | None, connection: Connection) -> Iterator[None]:
    """Hang up when the time is over, or the request's: a stalled server acknowledges, and never
    answers.

    Not ``statement_timeout``: to set it pins a connection of RDS Proxy, which passes on no request
    to cancel either. The server's own limits are its parameters, ``contract.database``.
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html
    """
    seconds = deadline.left(seconds)
    if seconds == math.inf:
        yield
        return
    line = socket.socket(fileno=os.dup(connection.fileno()))

    def hang_up() -> None:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, hang_up)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        line.close()
