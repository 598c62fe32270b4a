"""Rows for the tests: a few that are awkward, and as many as it takes."""

from tests.migrations.databases import Database

WORKSPACE = "11111111-1111-1111-1111-111111111111"
WORKFLOW = "22222222-2222-2222-2222-222222222222"
ITEMS = ("simcore_simulations", "qmlab_experiments", "optilibria_runs")
TABLES = ("workspaces", "memberships", "workflows", *ITEMS, "simulations_archive")
PARAMETERS = (
    '{"big": 12345678901234567890123456789, "small": 1.10, "e": 1e400, "null": null}',
    '{"text": "a \\"quoted\\" line\\nand another\\\\ \\u0001\\u0002 \\t ü 🜁", "list": [{}, []]}',
)
LARGE = 5000
AWKWARD = """
INSERT INTO {table} (workspace_id, user_id, workflow_id, name, status, parameters, result,
    stored_bytes, version, created_at, updated_at, completed_at)
VALUES
    (%s, 'a\\b,"c"', %s, E'\\x01 \\x02 \\n \\r \\t \\\\N \\\\. ü', 'failed', %s, 'null',
        9223372036854775807, 7, '1999-12-31 23:59:59.999999+05:30', now(), NULL),
    (%s, 'u', NULL, ',', 'completed', %s, NULL, 0, 1, '0044-03-15 BC', 'infinity', now()),
    (%s, 'u', NULL, '"', 'pending', '{{}}', '"text"', 1, 1, now(), now(), NULL)
"""
DUE = """
INSERT INTO simcore_simulations (workspace_id, user_id, name, status, parameters, completed_at)
SELECT %s, 'user-' || n %% 10, 'old ' || n, 'completed', jsonb_build_object('n', n),
    now() - interval '91 days' - n * interval '1 second'
FROM generate_series(1, %s) AS n
"""
RANDOM = """
INSERT INTO qmlab_experiments (workspace_id, user_id, name, parameters)
SELECT %s, 'user', 'large ' || n, jsonb_build_object('data',
    (SELECT string_agg(sha512((random()::text || n || m)::bytea)::text, '')
     FROM generate_series(1, %s) AS m))
FROM generate_series(1, %s) AS n
"""


def workspace(database: Database) -> None:
    database.execute(
        "INSERT INTO workspaces (id, name, created_by) VALUES (%s, 'Team', 'u')", WORKSPACE
    )


def everything(database: Database) -> None:
    """Some of each table, in all the ways a value can be hard to carry."""
    workspace(database)
    database.execute("INSERT INTO memberships VALUES (%s, 'u', 'owner')", WORKSPACE)
    steps = '[{"module": "simcore"}]'
    workflow = "INSERT INTO workflows (id, workspace_id, user_id, name, steps)"
    database.execute(f"{workflow} VALUES (%s, %s, 'u', 'w', %s)", WORKFLOW, WORKSPACE, steps)
    for table in ITEMS:
        given = (WORKSPACE, WORKFLOW, PARAMETERS[0], WORKSPACE, PARAMETERS[1], WORKSPACE)
        database.execute(AWKWARD.format(table=table), *given)
    database.execute(
        "INSERT INTO simulations_archive SELECT * FROM simcore_simulations WHERE user_id = 'u'"
    )


def due(database: Database, count: int) -> None:
    """Simulations the clean-up takes."""
    database.execute(DUE, WORKSPACE, count)


def random_experiments(database: Database, count: int, *, kilobytes: int = 4) -> None:
    """Text that compresses to half."""
    database.execute(RANDOM, WORKSPACE, kilobytes * 8, count)


def large(database: Database) -> None:
    """Three parts of a backup, LARGE experiments and some simulations besides."""
    workspace(database)
    random_experiments(database, LARGE)
    due(database, 5000)


def contents(database: Database) -> dict[str, list[str]]:
    """All rows of all tables, as Postgres writes them."""
    query = "SELECT t::text FROM {} AS t ORDER BY 1"
    return {table: [row for (row,) in database.execute(query.format(table))] for table in TABLES}
