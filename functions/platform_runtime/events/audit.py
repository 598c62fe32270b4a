"""The trail of what was done: written with the action, and chained so that no row can change.

Each row's hash covers the row and the hash before it. Whoever writes holds a lock until the commit,
so the chain has one order. Cutting off its end leaves a chain that is whole: what tells is a bucket
nobody can rewrite, which has the log's ``[AUDIT]`` lines with each row's hash, and anchors.
"""

import hashlib
import ipaddress
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from contract.audit import MARK
from functions.platform_runtime.database.postgres import Connection, Database
from functions.platform_runtime.events.redaction import redacted, storable, text

LOCK = 0x4D41_4155_4449_5400
"""Any number, as long as no other advisory lock of the database has it."""
FIRST = bytes(32)
"""What the first row has for the hash before it."""
TOLD = ("occurred_at", "action", "user_id", "resource", "details", "ip", "environment")
COLUMNS = ", ".join([*TOLD, "previous_hash", "hash"])
INSERT = f"INSERT INTO audit_logs ({COLUMNS}) VALUES ({', '.join(['%s'] * 9)})"  # noqa: S608


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a row tells."""

    occurred_at: datetime
    action: str
    user_id: str | None
    resource: str
    details: Mapping[str, object]
    ip: str | None
    environment: str

    def canonical(self) -> dict[str, object]:
        """As JSON: what is hashed, and what the log's line holds."""
        moment = self.occurred_at.astimezone(UTC).isoformat(timespec="microseconds")
        return {
            "timestamp": moment,
            "action": self.action,
            "userId": self.user_id,
            "resource": self.resource,
            "details": storable(self.details),
            "ip": None if self.ip is None else str(self.ip),
            "environment": self.environment,
        }

    def hashed(self, previous: bytes) -> bytes:
        """The row's hash after the one before."""
        text = json.dumps(self.canonical(), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(previous + text.encode()).digest()


@dataclass(frozen=True)
class _Written:
    entry: Entry
    hash: bytes

    def line(self) -> str:
        """The row as a line of the log."""
        line = {"level": "INFO", "message": MARK, **self.entry.canonical()}
        return json.dumps(line | {"hash": self.hash.hex()}, separators=(",", ":"))


class Audited:
    """A transaction whose actions are recorded; ``connection`` is where they are done."""

    def __init__(self, connection: Connection, environment: str) -> None:
        self.connection = connection
        self.entries: list[Entry] = []
        self._environment = environment

    def record(
        self,
        action: str,
        resource: str,
        *,
        user_id: str | None = None,
        details: Mapping[str, object] | None = None,
        ip: str | None = None,
    ) -> None:
        """Tell of an action, as ("simulation.create", "simcore_simulations/<id>").

        What looks like a secret or a person in ``details`` is left out of it.
        """
        self.entries.append(
            Entry(
                occurred_at=datetime.now(UTC),
                action=text(action),
                user_id=None if user_id is None else text(user_id),
                resource=text(resource),
                details=redacted(details or {}),
                ip=_address(ip),
                environment=self._environment,
            )
        )


class Audit:
    """The audit trail of one environment."""

    def __init__(self, database: Database, environment: str) -> None:
        self._database, self._environment = database, environment

    @contextmanager
    def transaction(self, *, timeout_seconds: float | None = None) -> Iterator[Audited]:
        """A transaction of the writer whose records commit with it, and are then logged.

        They are written last, so that the chain's lock is held for no statement but theirs, and
        nobody can wait for it who holds what its holder wants.
        """
        if self._database.in_transaction:
            raise RuntimeError("records are logged at the commit: begin the outer transaction here")
        with self._database.transaction(timeout_seconds=timeout_seconds) as connection:
            audited = Audited(connection, self._environment)
            yield audited
            written = _write(connection, audited.entries)
        for row in written:
            print(row.line(), flush=True)


def _write(connection: Connection, entries: list[Entry]) -> list[_Written]:
    if not entries:
        return []
    connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    # A statement of its own, for it must see what was committed while this one waited.
    last = connection.execute("SELECT hash FROM audit_logs ORDER BY sequence DESC LIMIT 1")
    row = cast(TupleRow | None, last.fetchone())
    previous, written = row[0] if row else FIRST, []
    for entry in entries:
        own = entry.hashed(previous)
        fields = vars(entry) | {"details": Jsonb(entry.canonical()["details"])}
        connection.execute(INSERT, [fields[name] for name in TOLD] + [previous, own])
        written.append(_Written(entry, own))
        previous = own
    return written


def _address(ip: str | None) -> str | None:
    """As Postgres and every Python spell it; what is no address is not worth failing an action."""
    try:
        address = ipaddress.ip_address(ip or "")
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address).partition("%")[0]
