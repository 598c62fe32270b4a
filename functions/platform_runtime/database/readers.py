"""Which reader a process reads from."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial

import psycopg

from functions.platform_runtime.database.pool import Connection, Pool

REST_SECONDS = 30.0
"""How long a reader that did not answer is left alone: asking it costs each request seconds."""
LAG = """
    SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
    AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
    ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END
"""
"""Without the comparison the lag of a database nobody writes to would grow and grow; and a reader
that nothing reaches any more has replayed all it was sent."""


@dataclass(frozen=True, kw_only=True)
class Lag:
    """``seconds`` is None for a reader that does not answer, or that has replayed nothing yet."""

    reader: str
    seconds: float | None = None
    answers: bool = False


class LostError(psycopg.OperationalError):
    """A reader did not answer, or stopped to: the writer may be asked the same."""


@dataclass
class _Reader:
    name: str
    pool: Pool
    rests_until: float = field(default=0.0)

    @contextmanager
    def read(self, timeout_seconds: float) -> Iterator[Connection]:
        try:
            with self.pool.transaction(
                read_only=True, timeout_seconds=timeout_seconds
            ) as connection:
                yield connection
        except psycopg.OperationalError as error:
            self.rests_until = time.time() + REST_SECONDS
            raise LostError(str(error)) from error


class Readers:
    """Replicas, one of them chosen at random and kept while it answers.

    Kept, as each one asked costs a connection; at random, so that processes spread over them.
    """

    def __init__(
        self,
        hosts: Sequence[str],
        default_port: int,
        connect: Callable[[str, int], Connection],
        size: int,
    ) -> None:
        self._readers = []
        for named in hosts:
            host, _, port = named.partition(":")
            opener = partial(connect, host, int(port or default_port))
            self._readers.append(_Reader(host, Pool(opener, size)))
        self._chosen: _Reader | None = None

    def enter(self, stack: ExitStack, timeout_seconds: float) -> Connection | None:
        """Begin a read on a reader; None if the one asked does not answer, or there is none.

        One only, for whoever waits for several that are down had better ask the writer.
        """
        reader = self._choose()
        if reader is None:
            return None
        try:
            return stack.enter_context(reader.read(timeout_seconds))
        except LostError:
            return None

    def lag(self, timeout_seconds: float) -> list[Lag]:
        """Each reader's, in order; all are asked at once, and what comes too late is no answer."""
        if not self._readers:
            return []
        executor = ThreadPoolExecutor(len(self._readers))
        # Each in a context of its own, for what it asks counts towards the request in hand.
        asked = [
            executor.submit(copy_context().run, _lag, reader, timeout_seconds)
            for reader in self._readers
        ]
        wait(asked, timeout_seconds)
        # Nobody waits for the late ones, whose own timeouts end them.
        executor.shutdown(wait=False)
        return [
            one.result() if one.done() else Lag(reader=reader.name)
            for one, reader in zip(asked, self._readers, strict=True)
        ]

    def close(self) -> None:
        for reader in self._readers:
            reader.pool.close()

    def _choose(self) -> _Reader | None:
        now = time.time()
        if self._chosen is None or self._chosen.rests_until > now:
            awake = [reader for reader in self._readers if reader.rests_until <= now]
            # S311: it spreads load, it hides nothing.
            self._chosen = random.choice(awake) if awake else None  # noqa: S311
        return self._chosen


def _lag(reader: _Reader, timeout_seconds: float) -> Lag:
    try:
        with reader.pool.transaction(read_only=True, timeout_seconds=timeout_seconds) as connection:
            ((seconds,),) = connection.execute(LAG).fetchall()
    except psycopg.Error:
        return Lag(reader=reader.name)
    lag = None if seconds is None else float(str(seconds))
    return Lag(reader=reader.name, seconds=lag, answers=True)
