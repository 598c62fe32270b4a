"""Events on their way from a transaction to the events table: at least once, under one id.

An event is a row of the outbox, which commits with the change it tells of. Whoever committed may
put it at once; in any case the relay puts it when the schedule says so: rows are locked, put,
deleted, committed. What is put twice, by both or after a crash, has the same id: it overwrites
itself, which is no new item of the table, and clients drop an id they know. One that could not be
put at once comes after younger ones; ids of a topic still sort as its rows do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg.types.json import Jsonb

from functions.platform_runtime.database.postgres import Connection, Database
from functions.platform_runtime.events.table import Event, Events

BATCH = 100
BATCH_SECONDS = 20.0
"""A batch's statements and puts together; its rows are locked as long."""
PUT_SECONDS = 10.0
"""No put of a batch begins later: with the slowest, what was put is still deleted in time. Else a
slow table would be given the same rows by every run."""
LAG_SECONDS = 3.0

# As the row is, with its number and time: to put it at once takes no further statement. Its time is
# not its transaction's, which may have begun and then waited for one whose changes come before.
ADD = """
    INSERT INTO outbox (topic, event, created_at) VALUES (%s, %s, clock_timestamp())
    RETURNING id, topic, event, created_at
"""
# Two relays at once share the rows: neither waits for the other's, nor sends them too.
TAKE = "SELECT id, topic, event, created_at FROM outbox ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED"
DELETE = "DELETE FROM outbox WHERE id = ANY(%s)"
LAG = "SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 FROM outbox"


@dataclass(frozen=True, kw_only=True)
class Batch:
    """How many rows were found and how many of those are in the events table now."""

    taken: int
    relayed: int

    @property
    def failed(self) -> int:
        """How many stay for the next run."""
        return self.taken - self.relayed


def add(connection: Connection, topic: str, event: Mapping[str, object]) -> Event:
    """Have an event told of once the transaction has committed."""
    (row,) = connection.execute(ADD, [topic, Jsonb(event)]).fetchall()
    return Event(*row)  # type: ignore[arg-type]


def relay(database: Database, events: Events) -> Batch:
    """Move one batch, the oldest rows first."""
    with database.transaction(timeout_seconds=BATCH_SECONDS) as connection:
        rows = take(connection)
        relayed = events.put(rows, within=PUT_SECONDS)
        if relayed:
            connection.execute(DELETE, [list(relayed)])
        return Batch(taken=len(rows), relayed=len(relayed))


def take(connection: Connection) -> Sequence[Event]:
    """Lock the oldest rows nobody else has."""
    rows = connection.execute(TAKE, [BATCH]).fetchall()
    return [Event(*row) for row in rows]  # type: ignore[arg-type]


def lag_seconds(database: Database) -> float:
    """How long the oldest row has been waiting."""
    with database.transaction(timeout_seconds=LAG_SECONDS) as connection:
        row = connection.execute(LAG).fetchone()
    return float(str(row[0])) if row else 0.0
