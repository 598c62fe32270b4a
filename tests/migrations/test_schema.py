"""What the schema itself refuses, whoever writes."""

import psycopg
import pytest

from contract.database import APP_USER

TABLES = ("workflows", "simcore_simulations", "qmlab_experiments", "optilibria_runs")
WORKSPACE = "INSERT INTO workspaces (name, created_by) VALUES ('w', 'u') RETURNING id"
ACTION = (
    "INSERT INTO audit_logs (occurred_at, action, resource, environment, previous_hash, hash) "
    "VALUES (now(), 'create', 'workspace', 'test', %s, %s)"
)


def test_what_is_completed_has_a_time_in_every_module(migrated):
    ((workspace_id,),) = migrated.execute(WORKSPACE, user=APP_USER)
    for table in TABLES:
        into = f"INSERT INTO {table} (workspace_id, user_id, name, status, completed_at) "
        migrated.execute(
            into + "VALUES (%s, 'u', 'n', 'completed', now())", workspace_id, user=APP_USER
        )

        with pytest.raises(psycopg.errors.CheckViolation):
            migrated.execute(
                into + "VALUES (%s, 'u', 'n', 'completed', NULL)", workspace_id, user=APP_USER
            )


def test_a_workspace_that_is_used_stays_and_one_that_is_not_there_is_not_used(migrated):
    for table in TABLES:
        ((workspace_id,),) = migrated.execute(WORKSPACE, user=APP_USER)
        into = f"INSERT INTO {table} (workspace_id, user_id, name) VALUES (%s, 'u', 'n')"  # noqa: S608
        migrated.execute(into, workspace_id, user=APP_USER)

        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            migrated.execute("DELETE FROM workspaces WHERE id = %s", workspace_id, user=APP_USER)
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            migrated.execute(into, "00000000-0000-0000-0000-000000000000", user=APP_USER)


def test_the_audit_trail_is_appended_to_and_cannot_fork(migrated):
    first, second, third = (bytes([n]) * 32 for n in range(3))
    migrated.execute(ACTION, first, second, user=APP_USER)

    with pytest.raises(psycopg.errors.UniqueViolation):
        migrated.execute(ACTION, first, third, user=APP_USER)

    assert migrated.execute("SELECT count(*) FROM audit_logs", user=APP_USER) == [(1,)]
