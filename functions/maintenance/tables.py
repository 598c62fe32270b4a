"""What a backup holds of the database, and how its rows become JSON and rows again."""

import json
from collections.abc import Iterator, Mapping

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from functions.maintenance.document import lines
from functions.platform_runtime.database.postgres import Connection

TABLES = {
    "workspaces": "workspaces",
    "memberships": "memberships",
    "workflows": "workflows",
    "simulations": "simcore_simulations",
    "experiments": "qmlab_experiments",
    "runs": "optilibria_runs",
    "archive": "simulations_archive",
}
"""By the name in the document; each after those its foreign keys name."""
AS_THEY_ARE = {"jsonb", "smallint", "integer", "bigint", "boolean"}
"""Types that JSON holds without loss; of the others it holds Postgres's own text."""
# NULL has no member, for "result": null is a result that is JSON's null. JSON_OBJECT ... ABSENT ON
# NULL leaves out both.
ROW = "SELECT '{{' || concat_ws(', ', {members}) || '}}' FROM {table}"
# CSV with characters JSON has escaped: COPY's other formats escape what it has escaped already.
COPY = r"COPY ({row}) TO STDOUT (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')"
INSERT = """
INSERT INTO {table} ({columns}) SELECT {values} FROM jsonb_array_elements(%s::jsonb) AS item
"""


def hold(connection: Connection) -> None:
    """Keep the tables from being truncated or rebuilt, and from nothing else, until the end.

    To be called before the transaction has a snapshot: a table rebuilt after that seems empty.
    https://www.postgresql.org/docs/current/mvcc-caveats.html
    """
    named = SQL(", ").join(map(Identifier, TABLES.values()))
    connection.execute(SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(named))


def steady(connection: Connection) -> None:
    """For this transaction, times as text are the same whoever asks, and so are checksums."""
    connection.execute(
        "SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true)"
    )


def rows(connection: Connection, table: str, columns: Mapping[str, str]) -> Iterator[bytes]:
    """A table's rows as lines of JSON, as the server sends them: none is kept."""
    members = SQL(", ").join(_member(name, kind) for name, kind in columns.items())
    row = SQL(ROW).format(members=members, table=Identifier(table))
    with connection.cursor() as cursor, cursor.copy(SQL(COPY).format(row=row)) as copy:
        yield from lines(bytes(block) for block in copy)


def insertion(table: str, columns: Mapping[str, str]) -> Composed:
    """Takes an array of such rows."""
    return SQL(INSERT).format(
        table=Identifier(table),
        columns=SQL(", ").join(map(Identifier, columns)),
        values=SQL(", ").join(_value(name, kind) for name, kind in columns.items()),
    )


def _member(name: str, kind: str) -> Composable:
    """As text; NULL if the column is."""
    value = SQL("{}::text") if kind in AS_THEY_ARE else SQL("to_json({}::text)::text")
    return Literal(f"{json.dumps(name)}: ") + SQL(" || ") + value.format(Identifier(name))


def _value(name: str, kind: str) -> Composable:
    if kind == "jsonb":
        return SQL("item -> {}").format(Literal(name))
    # The type is the catalog's own spelling of it.
    return SQL("(item ->> {})::{}").format(Literal(name), SQL(kind))
