"""Puts a backup into a schema that is migrated and empty."""

from collections.abc import Iterator, Mapping

from psycopg.sql import SQL, Identifier

from functions.maintenance import tables
from functions.maintenance.bucket import Bucket
from functions.maintenance.columns import columns
from functions.maintenance.deadline import Deadline
from functions.maintenance.document import BackupError, Document, Totals
from functions.maintenance.errors import JobError
from functions.maintenance.reading import Verified, opened, verified
from functions.platform_runtime.database.postgres import Connection
from functions.platform_runtime.secrets.sealing import DataKey

LOCK = int.from_bytes(b"restore")
BATCH_BYTES = 1024 * 1024
BATCH_ROWS = 2000


def restore(connection: Connection, bucket: Bucket, key: DataKey, deadline: Deadline) -> Verified:
    """Restore a backup, all of it or nothing, and read it back.

    Raises JobError where the schema is not empty or lacks something, BackupError where the backup
    is not whole, psycopg.Error; and then nothing was changed.
    """
    with opened(bucket, key) as document, connection.transaction():
        deadline.impose(connection)
        tables.steady(connection)
        _alone(connection)
        found = _columns(connection, document)
        for title, rows in document.tables():
            statement = tables.insertion(tables.TABLES[title], found[title])
            for batch in _batches(rows):
                deadline.require()
                connection.execute(statement, [batch])
        _compare(connection, found, document.totals)
        return verified(document, key)


def _alone(connection: Connection) -> None:
    taken = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK]).fetchone()
    if taken != (True,):
        raise JobError("another restore is running")
    full = [table for table in tables.TABLES.values() if _any(connection, table)]
    if full:
        raise JobError(f"the schema is not empty: {', '.join(full)}")


def _any(connection: Connection, table: str) -> bool:
    query = SQL("SELECT EXISTS (SELECT FROM {})").format(Identifier(table))
    return connection.execute(query).fetchone() == (True,)


def _columns(connection: Connection, document: Document) -> dict[str, dict[str, str]]:
    """The backup's columns with the types they have here; a younger schema has more of them."""
    stated = document.about.get("columns")
    if not isinstance(stated, dict) or stated.keys() != tables.TABLES.keys():
        raise BackupError(f"it does not hold exactly {', '.join(tables.TABLES)}")
    found = {}
    for title, table in tables.TABLES.items():
        here = columns(connection, table)
        if lacking := stated[title].keys() - here.keys():
            named = ", ".join(sorted(lacking))
            raise JobError(f"{table} has no column {named}: migrate to the backup's release first")
        found[title] = {name: here[name] for name in stated[title]}
    return found


def _batches(rows: Iterator[bytes]) -> Iterator[str]:
    """Arrays of rows."""
    batch: list[bytes] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row)
        if size >= BATCH_BYTES or len(batch) == BATCH_ROWS:
            yield _array(batch)
            batch, size = [], 0
    if batch:
        yield _array(batch)


def _array(rows: list[bytes]) -> str:
    return f"[{b','.join(rows).decode()}]"


def _compare(
    connection: Connection, found: Mapping[str, Mapping[str, str]], stated: Totals
) -> None:
    """Whether the tables hold the backup and nothing else, also if someone writes meanwhile."""
    here = Totals()
    for title, named in found.items():
        total = here.of(title)
        for row in tables.rows(connection, tables.TABLES[title], named):
            total.add(row)
    if here.stated() != stated.stated():
        raise JobError(f"restored {here.counts} of {stated.counts}, or with other contents")
