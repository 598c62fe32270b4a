"""Workspaces: each belongs to whoever made it, until there are other owners."""

from collections.abc import Callable
from dataclasses import dataclass

from psycopg.errors import ForeignKeyViolation
from psycopg.rows import class_row
from psycopg.sql import SQL

from contract.module_routes import MODULES
from functions.modules import access, quotas, reading
from functions.modules.access import not_found
from functions.modules.changes import change
from functions.modules.inputs import NewWorkspace
from functions.modules.records import Usage, Workspace, WorkspaceWithUsage, plain
from functions.modules.requests import Request
from functions.modules.resources import Resources, WorkspacesResources
from functions.modules.scopes import require_owner
from functions.modules.service import Serve, answer, nothing
from functions.platform_runtime.database.postgres import Connection
from functions.platform_runtime.requests import pages
from functions.platform_runtime.responses import RequestError, Response

MOST_OWNED = 20
"""Workspaces of one user: the other quotas count within a workspace."""
LOCK = 0x4D41_5753
"""The space of advisory locks on users; any number, as long as no other use has it."""

COLUMNS = SQL("one.id, one.name, reached.role, one.created_by, one.created_at")
PAGE = SQL("""
    SELECT {columns} FROM ({reach}) AS reached JOIN workspaces AS one ON one.id = workspace_id
    {after} ORDER BY one.created_at DESC, one.id DESC LIMIT %(fetch)s
""")
FIND = SQL("""
    SELECT {columns} FROM ({reach}) AS reached JOIN workspaces AS one ON one.id = workspace_id
    WHERE one.id = %(workspace)s
""")
OWNED = "SELECT count(*) FROM memberships WHERE user_id = %s AND role = 'owner'"
INSERT = """
    INSERT INTO workspaces (name, created_by) VALUES (%s, %s)
    RETURNING id, name, 'owner' AS role, created_by, created_at
"""
JOIN = "INSERT INTO memberships (workspace_id, user_id, role) VALUES (%s, %s, 'owner')"


@dataclass(frozen=True)
class Workspaces:
    """The operations on workspaces."""

    resources: Callable[[], WorkspacesResources]

    def handlers(self) -> dict[str, Serve]:
        return {
            "list_workspaces": self.list,
            "create_workspace": self.create,
            "read_workspace": self.read,
            "delete_workspace": self.delete,
        }

    def list(self, request: Request) -> Response:
        page = request.page
        after = "WHERE (one.created_at, one.id) < (%(created_at)s, %(id)s)" if page.after else ""
        statement = PAGE.format(
            columns=COLUMNS, reach=access.reach(request.principal), after=SQL(after)
        )
        given = access.parameters(request.principal) | {"fetch": page.fetch}
        given |= vars(page.after) if page.after else {}

        def rows(connection: Connection) -> list[Workspace]:
            with connection.cursor(row_factory=class_row(Workspace)) as cursor:
                return cursor.execute(statement, given).fetchall()

        return reading.page(request, self.resources().database.answer(rows))

    def create(self, request: Request) -> Response:
        wanted: NewWorkspace = request.body
        subject = request.principal.subject
        with change(self.resources(), request) as changing:
            connection = changing.connection
            connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, subject])
            if count_owned(connection, subject) >= MOST_OWNED:
                raise RequestError(
                    409, "quota_workspaces", f"A user owns at most {MOST_OWNED} workspaces."
                )
            with connection.cursor(row_factory=class_row(Workspace)) as cursor:
                (made,) = cursor.execute(INSERT, [wanted.name, subject]).fetchall()
            connection.execute(JOIN, [made.id, subject])
            changing.tell("workspace.create", "workspaces", made.id, made.id, name=made.name)
        return answer(201, made, {"location": f"/api/workspaces/{made.id}"})

    def read(self, request: Request) -> Response:
        found = reading.read_fresh_if_missing(
            self.resources(),
            lambda connection: find(connection, self.resources(), request),
        )
        return pages.cached(request.event, plain(found))

    def delete(self, request: Request) -> Response:
        """Only an empty one: what is running in it, and whose data it is, is not guessed at."""
        workspace = request.path["workspace_id"]
        resources = self.resources()
        with change(resources, request) as changing:
            connection = changing.connection
            require_owner(connection, request.principal, workspace)
            quotas.lock(connection, workspace)
            try:
                connection.execute("DELETE FROM workspaces WHERE id = %s", [workspace])
            except ForeignKeyViolation:
                raise RequestError(
                    409, "workspace_not_empty", "Delete what is in the workspace first."
                ) from None
            changing.tell("workspace.delete", "workspaces", workspace, workspace)
            # Before the commit: without it there are fewer keys, and never keys of nothing.
            for key in resources.api_keys.of(str(workspace)):
                if not key.revoked_at:
                    resources.api_keys.revoke(workspace=str(workspace), key_id=key.key_id)
        return nothing()


def count_owned(connection: Connection, subject: str) -> int:
    row = connection.execute(OWNED, [subject]).fetchone()
    return int(str(row[0])) if row else 0


def find(connection: Connection, resources: Resources, request: Request) -> WorkspaceWithUsage:
    """Raises RequestError 404."""
    workspace = request.path["workspace_id"]
    statement = FIND.format(columns=COLUMNS, reach=access.reach(request.principal))
    given = access.parameters(request.principal) | {"workspace": workspace}
    with connection.cursor(row_factory=class_row(Workspace)) as cursor:
        found = cursor.execute(statement, given).fetchone()
    if found is None:
        raise not_found("workspace")
    counts = {
        module.noun: quotas.count_items(connection, module, workspace)
        for module in MODULES.values()
    }
    usage = Usage(
        **counts,
        users=quotas.count_users(connection, workspace),
        most_users=resources.quotas.users,
        most_of_each=resources.quotas.items,
        stored_bytes=quotas.stored_bytes(connection, workspace),
        most_stored_bytes=resources.quotas.stored_bytes,
    )
    return WorkspaceWithUsage(**vars(found), usage=usage)
