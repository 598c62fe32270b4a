"""Runs what has not run yet, in order; each migration is whole or can be resumed."""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg.sql import SQL, Identifier

from functions.migrate import indexes, ledger, lock
from functions.migrate.deadline import Deadline
from functions.migrate.errors import failure
from functions.migrate.files import Migration
from functions.platform_runtime.database.postgres import Connection

LOCK_SECONDS = 5
"""Whoever waits for a table's lock has everybody else wait behind."""
STATEMENT_SECONDS = 30
"""As long as the platform may stand still; a migration that needs more sets its own."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What this run did, how much had been done before, and what a later release has left."""

    applied: tuple[str, ...]
    before: int
    newer: tuple[str, ...]


def run(connection: Connection, migrations: Sequence[Migration], deadline: Deadline) -> Report:
    """Bring the schema up to the last migration, over a connection in autocommit mode.

    Raises MigrationError; NotAllowedError where another user might get further.
    """
    # It is idle for as long as another runner has the lock.
    connection.execute("SET idle_session_timeout = 0")
    with lock.held(connection, deadline):
        try:
            plan = _plan(connection, migrations, deadline)
        except psycopg.Error as error:
            raise failure(ledger.TABLE, error) from error
        for migration in plan.pending:
            try:
                _apply(connection, migration, deadline)
            except psycopg.Error as error:
                raise failure(migration.name, error) from error
    return Report(
        applied=tuple(m.name for m in plan.pending),
        before=len(migrations) - len(plan.pending),
        newer=plan.newer,
    )


def _plan(
    connection: Connection, migrations: Sequence[Migration], deadline: Deadline
) -> ledger.Plan:
    _be_patient(connection, LOCK_SECONDS, deadline.seconds_left(at_most=STATEMENT_SECONDS))
    if ledger.owner(connection) is None:
        connection.execute(ledger.CREATE)
    _act_as_owner(connection)
    return ledger.plan(connection, migrations)


def _apply(connection: Connection, migration: Migration, deadline: Deadline) -> None:
    _act_as_owner(connection)
    if migration.indexes:
        for index in migration.indexes:
            # Building holds up neither readers nor writers, so it may wait as long as there is
            # time: it has to outwait every older transaction, an export's among them.
            _be_patient(connection, 0, deadline.seconds_left())
            indexes.build(connection, index)
        ledger.record(connection, migration)
        return
    _be_patient(connection, LOCK_SECONDS, deadline.seconds_left(at_most=STATEMENT_SECONDS))
    with connection.transaction():
        connection.execute(migration.sql.encode())
        ledger.record(connection, migration)


def _act_as_owner(connection: Connection) -> None:
    """What a migration makes belongs to one role, whoever signed in."""
    role = Identifier(ledger.owner(connection) or "none")
    connection.execute(SQL("SET ROLE {}").format(role))


def _be_patient(connection: Connection, lock_seconds: float, statement_seconds: float) -> None:
    """How long statements wait and run from here on; 0 is for ever."""
    limits = {"lock_timeout": lock_seconds, "statement_timeout": statement_seconds}
    for name, seconds in limits.items():
        connection.execute("SELECT set_config(%s, %s, false)", [name, f"{seconds * 1000:.0f}"])
