"""One runner at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from functions.migrate.deadline import Deadline
from functions.platform_runtime.database.postgres import Connection

KEY = int.from_bytes(b"migrate")
POLL_SECONDS = 0.5


@contextmanager
def held(connection: Connection, deadline: Deadline) -> Iterator[None]:
    """Hold the lock, once whoever has it is done. Raises MigrationError if that takes too long.

    It is the session's, not a transaction's, and asked for again and again rather than waited for:
    a waiting statement has a snapshot, and an index built CONCURRENTLY under the lock would wait
    for that. The lock of a runner that dies is free when Postgres has ended what it was doing.
    """
    while not _taken(connection):
        deadline.seconds_left()
        time.sleep(POLL_SECONDS)
    try:
        yield
    finally:
        with suppress(psycopg.OperationalError):
            connection.execute("SELECT pg_advisory_unlock(%s)", [KEY])


def _taken(connection: Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [KEY]).fetchone()
    return row is not None and row[0] is True
