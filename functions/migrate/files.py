"""The migrations as files: numbered, forward only, told apart by checksum."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from functions.migrate.errors import MigrationError

NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
COMMENT = re.compile(r"--[^\n]*")
CONCURRENTLY = re.compile(r"\bCONCURRENTLY\b", re.IGNORECASE)
CONCURRENT_INDEX = re.compile(
    r"CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+IF\s+NOT\s+EXISTS\s+(?P<name>\w+)\s+ON\s[^;]+",
    re.IGNORECASE,
)
"""With IF NOT EXISTS for whoever runs the file by hand; the runner asks for more than existence."""


@dataclass(frozen=True)
class Index:
    """An index that is built without locking its table, outside a transaction."""

    name: str
    statement: str


@dataclass(frozen=True)
class Migration:
    """One file; ``name`` is the file's and begins with its number."""

    name: str
    sql: str

    @property
    def number(self) -> int:
        return int(self.name[:4])

    @cached_property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @cached_property
    def indexes(self) -> tuple[Index, ...]:
        """What it builds concurrently; a migration that does so does nothing else.

        Raises MigrationError: Postgres takes such a statement alone and outside a transaction, so
        anything beside it could be left half done.
        """
        code = COMMENT.sub("", self.sql)
        if not CONCURRENTLY.search(code):
            return ()
        return tuple(self._index(part) for part in map(str.strip, code.split(";")) if part)

    def _index(self, statement: str) -> Index:
        found = CONCURRENT_INDEX.fullmatch(statement)
        if not found:
            start = " ".join(statement.split())[:60]
            raise MigrationError(
                f"{self.name}: beside CONCURRENTLY there may only be "
                f"CREATE INDEX CONCURRENTLY IF NOT EXISTS, not `{start}`"
            )
        return Index(found["name"].lower(), statement)


def load(folder: Path) -> tuple[Migration, ...]:
    """The migrations in order. Raises MigrationError with every problem at once."""
    paths = sorted(folder.glob("*.sql"))
    # Text mode makes line ends alike, so a checkout on Windows has the same checksums.
    migrations = [Migration(path.name, path.read_text(encoding="utf-8")) for path in paths]
    if problems := list(_problems(folder, migrations)):
        raise MigrationError("; ".join(problems))
    return tuple(migrations)


def _problems(folder: Path, migrations: list[Migration]) -> Iterator[str]:
    if not migrations:
        yield f"there are no migrations in {folder}"
    for expected, migration in enumerate(migrations, start=1):
        if not NAME.fullmatch(migration.name):
            yield f"{migration.name} is not named like 0001_what_it_does.sql"
        elif migration.number != expected:
            yield f"{migration.name} should have number {expected:04}"
            return
        try:
            _ = migration.indexes
        except MigrationError as error:
            yield str(error)
