"""Empty databases as RDS hands them over: the owner may create roles and is no superuser."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from contract import database as contract
from functions.migrate import files, runner
from functions.migrate.deadline import Deadline
from functions.migrate.files import Migration
from functions.platform_runtime.database.postgres import Connection
from tests.functions.postgres import SUPERUSER, serving

ROOT = Path(__file__).parents[2]
LIMITS = {
    "statement_timeout": f"{contract.STATEMENT_SECONDS}s",
    "lock_timeout": f"{contract.LOCK_SECONDS}s",
}
MIGRATIONS = files.load(ROOT / "migrations")
MASTER = "platform_admin"
# A server that no replica follows writes less.
UNREPLICATED = {"wal_level": "minimal", "max_wal_senders": "0"}
ROLES = ("platform_owner", "platform_migrator", "platform_app", "rds_iam")


@dataclass(frozen=True)
class Database:
    port: int
    name: str

    def connect(self, user: str = MASTER) -> Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, dbname=self.name, user=user, autocommit=True
        )

    def execute(self, statement: str, *parameters: object, user: str = SUPERUSER) -> list[Any]:
        """The rows, if there are any."""
        with self.connect(user) as connection:
            cursor = connection.execute(statement.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []

    def migrate(
        self,
        migrations: Sequence[Migration] = MIGRATIONS,
        *,
        user: str = MASTER,
        seconds: float = 60,
    ) -> runner.Report:
        with self.connect(user) as connection:
            return runner.run(connection, migrations, Deadline.within(seconds + 5))

    def applied(self) -> list[str]:
        return [name for (name,) in self.execute("SELECT name FROM schema_migrations ORDER BY 1")]

    def valid(self, index: str) -> bool | None:
        """Whether an index is; None where there is none."""
        found = self.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", index
        )
        return found[0][0] if found else None


@contextmanager
def a_server(**settings: str) -> Iterator[Database]:
    """A server with the limits of RDS's parameter group, and its maintenance database."""
    with serving(**{**LIMITS, **settings}) as server:
        yield Database(server.port, "postgres")


@contextmanager
def an_empty_database(server: Database) -> Iterator[Database]:
    """A database without the platform's roles; they go with it, for a server shares its roles."""
    name = f"platform_{uuid4().hex[:8]}"
    server.execute(f"CREATE ROLE {MASTER} LOGIN CREATEROLE NOSUPERUSER")
    server.execute(f"CREATE DATABASE {name} OWNER {MASTER} STRATEGY FILE_COPY")
    try:
        yield Database(server.port, name)
    finally:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        # Reversed: grants are made by whoever made the role, and go before their maker.
        for role in (*ROLES, MASTER):
            server.execute(f"DROP ROLE IF EXISTS {role}")
