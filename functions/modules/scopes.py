"""What a caller is in a workspace."""

from uuid import UUID

from psycopg.sql import SQL

from functions.modules import access
from functions.modules.access import not_found
from functions.platform_runtime.database.postgres import Connection
from functions.platform_runtime.identity.principals import Principal
from functions.platform_runtime.responses import RequestError

ROLE = SQL("SELECT reached.role FROM ({}) AS reached WHERE reached.workspace_id = %(workspace)s")


def find_role(connection: Connection, principal: Principal, workspace: UUID) -> str:
    """Owner or member, key or worker. Raises RequestError 404 where the workspace is not open."""
    given = access.parameters(principal) | {"workspace": workspace}
    row = connection.execute(ROLE.format(access.reach(principal)), given).fetchone()
    if row is None:
        raise not_found("workspace")
    return str(row[0])


def require_owner(connection: Connection, principal: Principal, workspace: UUID) -> None:
    """Raises RequestError 404, or 403 for whoever may see it and no more."""
    if find_role(connection, principal, workspace) != "owner":
        raise RequestError(403, "owners_only", "Only the workspace's owners may do that.")
