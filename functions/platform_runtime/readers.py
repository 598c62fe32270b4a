"""Which reader a process reads from."""

import random
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

import psycopg

from functions.platform_runtime.pool import Connection, Pool

REST_SECONDS = 30.0
"""How long a reader that did not answer is left alone: asking it costs each request seconds."""
LAG = """
    SELECT CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
    ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END
"""
"""Without the comparison the lag of a database nobody writes to would grow and grow."""


@dataclass(frozen=True, kw_only=True)
class Lag:
    """``seconds`` is None for a reader that does not answer."""

    reader: str
    seconds: float | None


@dataclass
class _Reader:
    name: str
    pool: Pool
    rests_until: float = field(default=0.0)


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

    def enter(self, stack: ExitStack, timeout_seconds: float | None) -> Connection | None:
        """Begin a read on a reader; None if the one asked does not answer, or there is none.

        One only, for whoever waits for several that are down had better ask the writer.
        """
        reader = self._choose()
        if reader is None:
            return None
        try:
            return stack.enter_context(
                reader.pool.transaction(read_only=True, timeout_seconds=timeout_seconds)
            )
        except psycopg.OperationalError:
            reader.rests_until = time.time() + REST_SECONDS
            return None

    def lag(self, timeout_seconds: float) -> list[Lag]:
        """Each reader's, in order; whoever's turn does not come in time has not answered."""
        deadline = time.time() + timeout_seconds
        return [
            Lag(reader=reader.name, seconds=_lag(reader.pool, deadline - time.time()))
            for reader in self._readers
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


def _lag(pool: Pool, seconds: float) -> float | None:
    if seconds <= 0:
        return None
    try:
        with pool.transaction(read_only=True, timeout_seconds=seconds) as connection:
            row = connection.execute(LAG).fetchone()
    except psycopg.OperationalError:
        return None
    return float(str(row[0])) if row and row[0] is not None else None
