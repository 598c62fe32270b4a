"""The columns a table has in this database, so that a new one is neither lost nor in the way."""

from functions.platform_runtime.database.postgres import Connection

# Generated columns come by themselves.
COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attnum
"""


def columns(connection: Connection, table: str) -> dict[str, str]:
    """A table's columns and their types, in order; none where there is no table."""
    rows = connection.execute(COLUMNS, [table]).fetchall()
    return {str(name): str(kind) for name, kind in rows}
