"""A streaming replica of a test's Postgres, for what only a real one shows: it lags."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.functions import postgres


@contextmanager
def replica_of(primary: int, user: str) -> Iterator[int]:
    """The port of a hot standby."""
    with postgres.a_folder() as folder:
        binaries = postgres._binaries(folder)
        postgres._run(
            folder,
            *(binaries / "pg_basebackup", "-h", "127.0.0.1", "-p", primary, "-U", user),
            *("-D", "data", "--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
        )
        port = postgres._free_port()
        with postgres._started(folder, binaries, port):
            yield port
