"""A platform that has been in use: a million simulations of the 95 days before 22 November 2026."""

# ruff: noqa: S608 - the statements are put together from what is written here.
from functions.platform_runtime.database.postgres import Connection

SIMULATIONS = 1_000_000
FEWER = 100_000
WORKSPACES, USERS = 1000, 2000
"""Experiments and runs are in the first hundred: a workspace that has any has a thousand."""

UUID = "('00000000-0000-0000-0000-' || lpad(({})::text, 12, '0'))::uuid"
ANY = "(hashint8extended(n, {seed}) & 2147483647) % {below}"
"""The same scatter each time, and none of it tied to another by a common divisor."""
STATUS = f"""CASE WHEN {ANY.format(seed=3, below=100)} < 94 THEN 'completed' ELSE (ARRAY[
'failed', 'failed', 'failed', 'cancelled', 'running', 'pending'
])[{ANY.format(seed=4, below=6)} + 1] END"""
RUNS = f"""
INSERT INTO {{table}} (workspace_id, user_id, workflow_id, name, status, stored_bytes,
    created_at, updated_at, completed_at)
SELECT {UUID.format(ANY.format(seed=1, below="{rows} / 1000"))},
    'user-' || {ANY.format(seed=2, below=USERS)},
    CASE WHEN n % 50 = 0 THEN {UUID.format("n / 50 % 1000")} END,
    'n', status, n % 4096, at, at, CASE WHEN status = 'completed' THEN at END
FROM generate_series(1::bigint, {{rows}}) AS n,
    LATERAL (SELECT {STATUS}, timestamptz '2026-11-22Z' - n * interval '95 days' / {{rows}})
        AS made (status, at)
"""
WORKFLOWS = f"""
INSERT INTO workflows (id, workspace_id, user_id, name, created_at)
SELECT {UUID.format("n")}, {UUID.format(f"n % {WORKSPACES}")}, 'user-1', 'n',
    timestamptz '2026-11-22Z' - n * interval '1 minute'
FROM generate_series(0, {FEWER} - 1) AS n
"""
MEMBERSHIPS = f"""
INSERT INTO memberships (workspace_id, user_id, role)
SELECT {UUID.format(f"n % {WORKSPACES}")}, 'user-' || n / 5, 'member'
FROM generate_series(1, {FEWER}) AS n
"""
SPACES = f"""
INSERT INTO workspaces (id, name, created_by)
SELECT {UUID.format("n")}, 'w', 'user-1' FROM generate_series(0, {WORKSPACES} - 1) AS n
"""


def load(connection: Connection, simulations: int = SIMULATIONS) -> None:
    """Fill a schema that has no indexes yet, as a superuser."""
    # Foreign keys would be checked row by row, for as long as the rest takes.
    connection.execute("SET session_replication_role = replica")
    connection.execute(SPACES)
    connection.execute(MEMBERSHIPS)
    connection.execute(WORKFLOWS)
    _load_runs(connection, "simcore_simulations", simulations)
    for table in ("qmlab_experiments", "optilibria_runs"):
        _load_runs(connection, table, min(FEWER, simulations))


def _load_runs(connection: Connection, table: str, rows: int) -> None:
    # Random keys one by one take longer than all at once.
    connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey".encode())
    connection.execute(RUNS.format(table=table, rows=rows).encode())
    connection.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (id)".encode())
