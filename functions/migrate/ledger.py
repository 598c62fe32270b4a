"""What has run in this database, kept in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from functions.migrate.errors import MigrationError
from functions.migrate.files import Migration
from functions.platform_runtime.database.postgres import Connection

TABLE = "schema_migrations"
CREATE = """
CREATE TABLE schema_migrations (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    applied_by text NOT NULL DEFAULT session_user,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""
OWNER = "SELECT tableowner FROM pg_tables WHERE (schemaname, tablename) = ('public', %s)"


@dataclass(frozen=True)
class Plan:
    """``pending`` still has to run; ``newer`` ran from a later release than this one."""

    pending: tuple[Migration, ...]
    newer: tuple[str, ...]


def owner(connection: Connection) -> str | None:
    """The role migrations act as; None before the first.

    At first that is whoever signed in; 0002_roles.sql hands ledger and tables to a role of their
    own. Going by the ledger rather than by the role's existence keeps a second, empty database of
    the same server right: there the role exists and has no rights yet.
    """
    row = connection.execute(OWNER, [TABLE]).fetchone()
    return None if row is None else str(row[0])


def plan(connection: Connection, migrations: Sequence[Migration]) -> Plan:
    """What is left to do. Raises MigrationError where the files deny what has run."""
    rows = connection.execute("SELECT name, checksum FROM schema_migrations").fetchall()
    applied = {str(name): str(checksum) for name, checksum in rows}
    if problems := list(_problems(applied, migrations)):
        raise MigrationError("; ".join(problems))
    known = {m.name for m in migrations}
    return Plan(
        pending=tuple(m for m in migrations if m.name not in applied),
        newer=tuple(sorted(applied.keys() - known)),
    )


def record(connection: Connection, migration: Migration) -> None:
    """Note a migration as run; in the transaction of what it does, where it has one."""
    connection.execute(
        "INSERT INTO schema_migrations (name, checksum) VALUES (%s, %s)",
        [migration.name, migration.checksum],
    )


def _problems(applied: Mapping[str, str], migrations: Sequence[Migration]) -> Iterator[str]:
    last = migrations[-1].number
    for name in sorted(applied.keys() - {m.name for m in migrations}):
        # A higher one was left by a release that is rolled back: migrations only expand.
        if int(name[:4]) <= last:
            yield f"{name} has run here and its file is gone: put it back"
    for migration in migrations:
        if migration.name not in applied:
            if migration.name < max(applied, default=""):
                yield f"{migration.name} comes before what has run: give it the next number"
        elif applied[migration.name] != migration.checksum:
            yield f"{migration.name} was changed after it had run: put it back and add another"
