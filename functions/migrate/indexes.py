"""Indexes that are built without locking their table, and what an interrupted build leaves."""

from psycopg.sql import SQL, Identifier

from functions.migrate.errors import MigrationError
from functions.migrate.files import Index
from functions.platform_runtime.database.postgres import Connection

VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"


def build(connection: Connection, index: Index) -> None:
    """Build an index, or see that it is built. Raises MigrationError, psycopg.Error.

    An interrupted build leaves an index that every write keeps up, no query uses, and
    ``IF NOT EXISTS`` takes for the real one: it is dropped and built again.
    """
    if _valid(connection, index) is False:
        connection.execute(SQL("DROP INDEX CONCURRENTLY {}").format(Identifier(index.name)))
    connection.execute(index.statement.encode())
    if not _valid(connection, index):
        raise MigrationError(f"{index.name}: Postgres has built it and does not call it valid")


def _valid(connection: Connection, index: Index) -> bool | None:
    """Whether it is usable; None where there is none."""
    row = connection.execute(VALID, [index.name]).fetchone()
    return None if row is None else row[0] is True
