"""Moves simulations completed long ago into the archive, a batch at a time."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.sql import SQL, Composed, Identifier

from functions.maintenance.columns import columns
from functions.maintenance.deadline import Deadline
from functions.maintenance.errors import JobError
from functions.platform_runtime.database.postgres import Connection

BATCH = 5000
SPARE_SECONDS = 15.0
"""A batch at its slowest, and the count of what is left, still end in it."""
BEFORE = "SELECT now() - interval '90 days'"
# An array, for a join might read the whole table; MATERIALIZED, for the ids are locked once.
MOVE = """
WITH due AS MATERIALIZED (
    SELECT id FROM simcore_simulations
    WHERE status = 'completed' AND completed_at < %(before)s AND completed_at >= %(since)s
    ORDER BY completed_at, id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM simcore_simulations WHERE id = ANY (ARRAY(SELECT id FROM due))
    RETURNING {columns}
), kept AS (
    INSERT INTO simulations_archive ({columns}) SELECT {columns} FROM gone RETURNING completed_at
)
SELECT count(*), max(completed_at) FROM kept
"""
LEFT = """
SELECT count(*) FROM simcore_simulations WHERE status = 'completed' AND completed_at < %s
"""
START = "-infinity"


@dataclass(frozen=True, kw_only=True)
class Cleanup:
    """What this run did. ``left`` is due and still there: held by others just now, or no time."""

    archived: int
    batches: int
    left: int

    @property
    def finished(self) -> bool:
        return not self.left


def cleanup_old_simulations(
    connection: Connection, deadline: Deadline, *, batch: int = BATCH
) -> Cleanup:
    """Archive what was completed over 90 days ago, over a connection in autocommit mode.

    Each batch is one statement and commits by itself, so a run that ends early is gone on with by
    the next, and two runs at once share the work. A row someone is changing is left for later.
    Raises JobError where the archive could not hold what it is given.
    """
    before = _value(connection, BEFORE)
    archived = batches = 0
    since: datetime | str = START
    while deadline.seconds_left > SPARE_SECONDS:
        moved, last = _move(connection, deadline, before=before, since=since, batch=batch)
        if last is not None:
            archived, batches, since = archived + moved, batches + 1, last
        elif since == START:
            break
        else:
            # Once more from the start, for what was held when the run came by.
            since = START
    left = int(str(_value(connection, LEFT, before)))
    return Cleanup(archived=archived, batches=batches, left=left)


def _move(
    connection: Connection, deadline: Deadline, **parameters: object
) -> tuple[int, datetime | None]:
    """How many were moved, and when the last of them was completed.

    The next batch begins there: index entries of what is already gone would be read again and
    again, and while an export holds an old snapshot nothing clears them away.
    """
    with connection.transaction():
        deadline.impose(connection)
        row = connection.execute(_statement(connection), parameters).fetchone()
    moved, last = row or (0, None)
    return int(str(moved)), last if isinstance(last, datetime) else None


def _statement(connection: Connection) -> Composed:
    """The statement for the columns there are; the locks keep them as they are until it commits."""
    connection.execute("LOCK TABLE simcore_simulations, simulations_archive IN ROW EXCLUSIVE MODE")
    names = columns(connection, "simcore_simulations")
    if lacking := names.keys() - columns(connection, "simulations_archive"):
        raise JobError(
            f"simulations_archive has no column {', '.join(sorted(lacking))}: it would be lost"
        )
    return SQL(MOVE).format(columns=SQL(", ").join(map(Identifier, names)))


def _value(connection: Connection, query: str, *parameters: object) -> object:
    row = connection.execute(query.encode(), parameters or None).fetchone()
    return row[0] if row else None
