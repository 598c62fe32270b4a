"""A server that keeps statistics, and migrated databases on it, as the functions find on RDS."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg

from functions.platform_runtime.pool import CountedCursor
from tests.functions import postgres
from tests.migrations.databases import MASTER, SUPERUSER, Database, an_empty_database

APP = "platform_app"


@contextmanager
def a_server() -> Iterator[Database]:
    """Like ``postgres.serving``, with pg_stat_statements loaded."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        binaries = postgres._binaries(folder)
        options = ("-D", "data", "-U", SUPERUSER, "-A", "trust", "--no-sync")
        preload = ("--set", "shared_preload_libraries=pg_stat_statements")
        postgres._run(folder, binaries / "initdb", *options, *preload)
        port = postgres._free_port()
        with postgres._started(folder, binaries, port):
            yield Database(port, "postgres")
    finally:
        shutil.rmtree(folder)


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
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template.name} OWNER {MASTER}")
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
