"""Exports what people have made, as it was at one moment."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

from psycopg import IsolationLevel

from functions.maintenance import document, packing, tables
from functions.maintenance.bucket import Bucket, ExistsError
from functions.maintenance.columns import columns
from functions.maintenance.deadline import Deadline
from functions.maintenance.document import Totals
from functions.platform_runtime.database.postgres import Connection
from functions.platform_runtime.secrets.sealing import DataKey


@dataclass(frozen=True, kw_only=True)
class Exported:
    """``checksum`` is of the contents, ``sha256`` of the object as it lies in S3."""

    backup: str
    reason: str
    timestamp: str
    counts: dict[str, int]
    checksum: str
    bytes: int
    sha256: str
    key_version: str
    existed: bool = False


@dataclass(frozen=True, kw_only=True)
class Existed:
    """A replay: the backup of this timestamp is there, and stays as it is."""

    backup: str
    existed: bool = True


def export(
    connection: Connection,
    bucket: Bucket,
    key: DataKey,
    deadline: Deadline,
    *,
    reason: str,
    timestamp: str,
) -> Exported | Existed:
    """Store a sealed backup under the key's purpose, over a connection nothing else uses.

    All tables are read in one snapshot, and nothing waits for it; of all that is read no more than
    a part is held at a time. Raises DeadlineError, and then there is no backup.
    """
    if bucket.exists(key.purpose):
        return Existed(backup=key.purpose)
    totals = Totals()
    connection.isolation_level, connection.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        with connection.transaction():
            deadline.impose(connection)
            tables.hold(connection)
            # Closed, for whatever ends the upload must end the COPY: a rollback waits for it.
            with (
                closing(_text(connection, totals, reason=reason, timestamp=timestamp)) as text,
                closing(packing.pack(key, text)) as packed,
            ):
                stored = bucket.upload(key.purpose, packed, check=deadline.require)
    except ExistsError:
        return Existed(backup=key.purpose)
    return Exported(
        backup=key.purpose,
        reason=reason,
        timestamp=timestamp,
        counts=totals.counts,
        checksum=totals.checksum,
        bytes=stored.bytes,
        sha256=stored.sha256,
        key_version=key.version,
    )


def _text(connection: Connection, totals: Totals, **about: str) -> Generator[bytes]:
    tables.steady(connection)
    found = {title: columns(connection, table) for title, table in tables.TABLES.items()}
    content = (
        (title, tables.rows(connection, tables.TABLES[title], named))
        for title, named in found.items()
    )
    return document.write({**about, "columns": found}, content, totals)
