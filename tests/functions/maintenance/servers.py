"""A server that keeps statistics, and migrated databases on it, as the functions find on RDS."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import uuid4

import psycopg

from functions.platform_runtime.database.pool import CountedCursor
from tests.migrations import databases
from tests.migrations.databases import MASTER, UNREPLICATED, Database, an_empty_database

APP = "platform_app"


def a_server() -> AbstractContextManager[Database]:
    """One that keeps statistics."""
    return databases.a_server(shared_preload_libraries="pg_stat_statements", **UNREPLICATED)


@contextmanager
def a_template(server: Database) -> Iterator[Database]:
    """A migrated database; its roles are the server's."""
    with an_empty_database(server) as found:
        found.migrate()
        found.execute("CREATE EXTENSION pg_stat_statements")
        found.execute(f"GRANT pg_monitor TO {APP}")
        yield found


@contextmanager
def a_copy(server: Database, template: Database) -> Iterator[Database]:
    """A database of its own, migrated and empty."""
    name = f"copy_{uuid4().hex[:8]}"
    made_from = f"TEMPLATE {template.name} STRATEGY FILE_COPY"
    server.execute(f"CREATE DATABASE {name} OWNER {MASTER} {made_from}")
    try:
        yield Database(server.port, name)
    finally:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def connect(database: Database) -> psycopg.Connection:
    """As the platform connects, less TLS and token."""
    return psycopg.connect(
        host="127.0.0.1",
        port=database.port,
        dbname=database.name,
        user=APP,
        autocommit=True,
        prepare_threshold=None,
        cursor_factory=CountedCursor,
    )
