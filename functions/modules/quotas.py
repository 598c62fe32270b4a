"""What a workspace may hold, counted while nobody else can add to it."""

from uuid import UUID

from psycopg.sql import SQL, Composed, Identifier

from contract.module_routes import MODULES, Module
from functions.modules.changes import Change
from functions.platform_runtime.database.postgres import Connection
from functions.platform_runtime.responses import RequestError

COUNT = SQL("SELECT count(*) FROM {} WHERE workspace_id = %s")
BYTES = SQL("SELECT coalesce(sum(stored_bytes), 0)::bigint FROM {} WHERE workspace_id = %s")
MEMBERS = SQL("SELECT count(*) FROM memberships WHERE workspace_id = %s")
# Weaker than FOR UPDATE, which would also wait for every row that refers to the workspace.
LOCK = "SELECT id FROM workspaces WHERE id = %s FOR NO KEY UPDATE"


def lock(connection: Connection, workspace: UUID) -> bool:
    """Until the commit nobody else may add to the workspace; False if it is gone.

    It is locked before what is in it, so that no two requests wait for each other.
    """
    return connection.execute(LOCK, [workspace]).fetchone() is not None


def require_room_for_item(change: Change, module: Module, workspace: UUID) -> None:
    """Raises RequestError 409. The workspace must be locked."""
    if count_items(change.connection, module, workspace) >= change.quotas.items:
        raise RequestError(
            409,
            f"quota_{module.noun}",
            f"A workspace holds at most {change.quotas.items} {module.noun}: delete some first.",
        )


def require_room_for_bytes(change: Change, workspace: UUID, more: int) -> None:
    """Raises RequestError 409. The workspace must be locked."""
    if more > 0 and stored_bytes(change.connection, workspace) + more > change.quotas.stored_bytes:
        raise RequestError(
            409,
            "quota_storage",
            f"A workspace stores at most {change.quotas.stored_bytes} bytes: delete some first.",
        )


def require_room_for_user(change: Change, workspace: UUID) -> None:
    """Raises RequestError 409. The workspace must be locked."""
    if count_users(change.connection, workspace) >= change.quotas.users:
        raise RequestError(
            409, "quota_users", f"A workspace has at most {change.quotas.users} users."
        )


def count_items(connection: Connection, module: Module, workspace: UUID) -> int:
    return _number(connection, COUNT.format(Identifier(module.table)), workspace)


def count_users(connection: Connection, workspace: UUID) -> int:
    return _number(connection, MEMBERS, workspace)


def stored_bytes(connection: Connection, workspace: UUID) -> int:
    """Of all three modules; what the clean-up has archived does not count."""
    return sum(
        _number(connection, BYTES.format(Identifier(module.table)), workspace)
        for module in MODULES.values()
    )


def _number(connection: Connection, statement: SQL | Composed, workspace: UUID) -> int:
    row = connection.execute(statement, [workspace]).fetchone()
    return int(str(row[0])) if row else 0
