"""Moves events from the outbox to the events table: at least once, under an id of their own.

Rows are locked, put, deleted, committed. A crash in between leaves them to the next run, which puts
them under the same ids again; what it overwrites is no new item, and clients drop an id they know.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.platform_runtime.database import Connection, Database
from functions.relay.events import Event, Events

BATCH = 100
BATCH_SECONDS = 20.0
"""A batch's statements and puts together; its rows are locked as long."""

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


def relay(database: Database, events: Events) -> Batch:
    """Move one batch, the oldest rows first."""
    with database.transaction(timeout_seconds=BATCH_SECONDS) as connection:
        rows = take(connection)
        relayed = events.put(rows)
        if relayed:
            connection.execute(DELETE, [list(relayed)])
        return Batch(taken=len(rows), relayed=len(relayed))


def take(connection: Connection) -> Sequence[Event]:
    """Lock the oldest rows nobody else has."""
    rows = connection.execute(TAKE, [BATCH]).fetchall()
    return [Event(*row) for row in rows]  # type: ignore[arg-type]


def lag_seconds(database: Database) -> float:
    """How long the oldest row has been waiting."""
    with database.transaction(timeout_seconds=BATCH_SECONDS) as connection:
        row = connection.execute(LAG).fetchone()
    return float(str(row[0])) if row else 0.0
