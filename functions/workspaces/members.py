"""Who belongs to a workspace; there is always an owner."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from functions.modules import quotas, reading, scopes
from functions.modules.access import not_found
from functions.modules.changes import change
from functions.modules.inputs import MemberRole
from functions.modules.records import Member, plain
from functions.modules.requests import Request
from functions.modules.resources import WorkspacesResources
from functions.modules.service import Serve, answer, nothing
from functions.platform_runtime.database.postgres import Connection
from functions.platform_runtime.requests import pages
from functions.platform_runtime.responses import RequestError, Response

TABLE = "memberships"
LIST = """
    SELECT user_id, role, created_at FROM memberships WHERE workspace_id = %s
    ORDER BY created_at, user_id
"""
FIND = """
    SELECT user_id, role, created_at FROM memberships WHERE workspace_id = %s AND user_id = %s
"""
PUT = """
    INSERT INTO memberships (workspace_id, user_id, role) VALUES (%s, %s, %s)
    ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = excluded.role
    RETURNING user_id, role, created_at
"""
REMOVE = "DELETE FROM memberships WHERE workspace_id = %s AND user_id = %s"
OWNERS = "SELECT count(*) FROM memberships WHERE workspace_id = %s AND role = 'owner'"


@dataclass(frozen=True)
class Members:
    """The operations on members."""

    resources: Callable[[], WorkspacesResources]

    def handlers(self) -> dict[str, Serve]:
        return {
            "list_members": self.list,
            "put_member": self.put,
            "remove_member": self.remove,
        }

    def list(self, request: Request) -> Response:
        """All of them: a workspace has few."""
        workspace = request.path["workspace_id"]

        def rows(connection: Connection) -> list[Member]:
            scopes.find_role(connection, request.principal, workspace)
            return _members(connection, LIST, workspace)

        members = reading.read_fresh_if_missing(self.resources(), rows)
        return pages.cached(request.event, {"items": plain(members)})

    def put(self, request: Request) -> Response:
        wanted: MemberRole = request.body
        workspace, user = request.path["workspace_id"], request.path["user_id"]
        with change(self.resources(), request) as changing:
            connection = changing.connection
            quotas.lock(connection, workspace)
            scopes.require_owner(connection, request.principal, workspace)
            known = _members(connection, FIND, workspace, user)
            if not known:
                quotas.require_room_for_user(changing, workspace)
            elif known[0].role == "owner" != wanted.role:
                _require_another_owner(connection, workspace)
            (member,) = _members(connection, PUT, workspace, user, wanted.role)
            action = "member.change" if known else "member.add"
            changing.tell(action, TABLE, f"{workspace}/{user}", workspace, role=member.role)
        return answer(200 if known else 201, member)

    def remove(self, request: Request) -> Response:
        workspace, user = request.path["workspace_id"], request.path["user_id"]
        principal = request.principal
        with change(self.resources(), request) as changing:
            connection = changing.connection
            quotas.lock(connection, workspace)
            scopes.find_role(connection, principal, workspace)
            if user != principal.subject:
                scopes.require_owner(connection, principal, workspace)
            known = _members(connection, FIND, workspace, user)
            if not known:
                raise not_found("member")
            if known[0].role == "owner":
                _require_another_owner(connection, workspace)
            connection.execute(REMOVE, [workspace, user])
            changing.tell("member.remove", TABLE, f"{workspace}/{user}", workspace)
        return nothing()


def _members(connection: Connection, statement: str, *given: object) -> list[Member]:
    with connection.cursor(row_factory=class_row(Member)) as cursor:
        chosen: Any = statement
        return cursor.execute(chosen, given).fetchall()


def _require_another_owner(connection: Connection, workspace: UUID) -> None:
    row = connection.execute(OWNERS, [workspace]).fetchone()
    if row is None or int(str(row[0])) < 2:
        raise RequestError(409, "last_owner", "A workspace keeps an owner: name another first.")
