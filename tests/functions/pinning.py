"""What makes RDS Proxy keep a connection for one session until that ends.

AWS's list for Postgres, with what it says of transaction-level locks:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html
"""

import re

import psycopg
import pytest

from functions.platform_runtime.database.pool import CountedCursor

LONGEST_BYTES = 16 * 1024
PINS = {
    "sets a parameter": r"^\s*(SET|RESET)\b|\bset_config\s*\(",
    "prepares a statement": r"^\s*(PREPARE|EXECUTE|DEALLOCATE)\b",
    "discards the session's state": r"^\s*DISCARD\b",
    "makes something temporary": r"\bTEMP(ORARY)?\s+(TABLE|VIEW|SEQUENCE)\b",
    "declares a cursor": r"^\s*DECLARE\b",
    "listens": r"^\s*(LISTEN|UNLISTEN)\b",
    "loads a library": r"^\s*LOAD\b",
    "moves a sequence": r"\b(nextval|setval)\s*\(",
    "locks for the session": r"\bpg_(try_)?advisory_lock(_shared)?\s*\(",
}


def pinned_by(statement: str) -> str | None:
    """Why a statement pins; None if it does not."""
    if len(statement.encode()) > LONGEST_BYTES:
        return "is longer than 16 KB"
    found = (why for why, pattern in PINS.items() if re.search(pattern, statement, re.I))
    return next(found, None)


@pytest.fixture
def pinning_refused(monkeypatch):
    """Fails what has a connection of the platform's send a statement that pins."""

    def watched(cursor: type) -> None:
        sent = cursor.execute

        def execute(self, query, *args, **options):
            connection = self.connection
            if connection.cursor_factory is CountedCursor:
                text = query.as_string(connection) if hasattr(query, "as_string") else query
                text = text.decode() if isinstance(text, bytes) else text
                # psycopg says DECLARE itself.
                named = isinstance(self, psycopg.ServerCursor)
                why = pinned_by("DECLARE" if named else text)
                assert why is None, f"behind RDS Proxy this pins, for it {why}: {text[:200]}"
            return sent(self, query, *args, **options)

        monkeypatch.setattr(cursor, "execute", execute)

    for cursor in (psycopg.Cursor, psycopg.ServerCursor):
        watched(cursor)
