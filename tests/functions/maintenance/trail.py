"""Audit trails for the tests: written as the functions do, and rewritten as nobody should."""

from datetime import UTC, datetime

from psycopg.types.json import Jsonb

from functions.platform_runtime.events import audit
from functions.platform_runtime.events.audit import TOLD, Entry
from tests.functions.maintenance.servers import APP, connect
from tests.migrations.databases import Database

HEAD = "SELECT sequence, hash FROM audit_logs ORDER BY sequence DESC LIMIT 1"
COPY = f"COPY audit_logs ({audit.COLUMNS}) FROM STDIN"


def entry(action: str, number: int = 0) -> Entry:
    return Entry(
        occurred_at=datetime(2026, 11, 22, tzinfo=UTC),
        action=action,
        user_id="user",
        resource=f"simcore_simulations/{number}",
        details={"number": number},
        ip="203.0.113.7",
        environment="staging",
    )


def write(database: Database, *actions: str) -> None:
    """Through the code of the functions, as their user."""
    with connect(database) as connection, connection.transaction():
        audit._write(connection, [entry(action) for action in actions])


def fill(database: Database, count: int, *, after: bytes = audit.FIRST) -> None:
    """A chain that holds, after the row of this hash, faster than the functions could."""
    previous = after
    with (
        database.connect(APP) as connection,
        connection.cursor() as cursor,
        cursor.copy(COPY) as copy,
    ):
        for number in range(count):
            one = entry("fill", number)
            own = one.hashed(previous)
            fields = vars(one) | {"details": Jsonb(one.details)}
            copy.write_row([fields[name] for name in TOLD] + [previous, own])
            previous = own


def head(database: Database) -> tuple[int, bytes]:
    return database.execute(HEAD)[0]
