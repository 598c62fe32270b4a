"""What the database spends its time on."""

import re
from dataclasses import dataclass

import psycopg

from functions.platform_runtime.database.postgres import Connection

TOP = 20
LONGEST = 1000
"""Of a statement's text, in characters: twenty of them stay one readable answer."""
EXTENSION = "SELECT to_regclass('pg_stat_statements') IS NOT NULL"
SLOWEST = """
SELECT queryid::text, query, calls, rows, mean_exec_time, max_exec_time, total_exec_time
FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY total_exec_time DESC LIMIT %s
"""
MISSING = "the extension pg_stat_statements is not in this database: the master user may create it"
NOT_LOADED = "pg_stat_statements is not in the server's shared_preload_libraries"
SECRET = re.compile(r"\bpassword\b", re.IGNORECASE)
"""Constants are left out of the texts by Postgres, but not a password's in ALTER ROLE."""


@dataclass(frozen=True, kw_only=True)
class SlowQuery:
    """Times in milliseconds, since the statistics were last reset."""

    id: str | None
    query: str
    calls: int
    rows: int
    mean_ms: float
    max_ms: float
    total_ms: float


@dataclass(frozen=True, kw_only=True)
class Report:
    """``unavailable`` says why there is nothing to report."""

    queries: tuple[SlowQuery, ...] = ()
    unavailable: str | None = None


def slow_query_report(connection: Connection, *, top: int = TOP) -> Report:
    """The statements that took the most time in total."""
    found = connection.execute(EXTENSION).fetchone()
    if found != (True,):
        return Report(unavailable=MISSING)
    try:
        rows = connection.execute(SLOWEST, [top]).fetchall()
    except psycopg.errors.ObjectNotInPrerequisiteState:
        return Report(unavailable=NOT_LOADED)
    return Report(queries=tuple(_query(*row) for row in rows))


def _query(identity: object, query: object, *numbers: object) -> SlowQuery:
    calls, rows, mean, longest, total = (float(str(number)) for number in numbers)
    return SlowQuery(
        id=None if identity is None else str(identity),
        query=_readable(str(query)),
        calls=int(calls),
        rows=int(rows),
        mean_ms=round(mean, 3),
        max_ms=round(longest, 3),
        total_ms=round(total, 3),
    )


def _readable(query: str) -> str:
    if SECRET.search(query):
        return "[a statement with a password]"
    text = " ".join(query.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
