"""Workflows of a workspace, as they are asked for."""

from collections.abc import Callable
from dataclasses import dataclass

from psycopg.rows import class_row, dict_row
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from contract.module_routes import MODULES
from functions.modules import quotas, reading, scopes, workflows
from functions.modules.access import not_found, require_change
from functions.modules.changes import Change, change
from functions.modules.inputs import NewWorkflow, WorkflowsQuery, WorkflowStatusChange
from functions.modules.records import Step, Workflow, WorkflowSummary, plain
from functions.modules.requests import Request
from functions.modules.resources import WorkspacesResources
from functions.modules.service import Serve, answer, nothing
from functions.modules.statuses import require_following, require_version
from functions.modules.workflows import TABLE, columns, from_row
from functions.platform_runtime.database.postgres import Connection
from functions.platform_runtime.responses import RequestError, Response

PAGE = SQL("""
    SELECT {columns} FROM workflows AS item WHERE item.workspace_id = %(workspace)s {conditions}
    ORDER BY item.created_at DESC, item.id DESC LIMIT %(fetch)s
""")
COUNT = "SELECT count(*) FROM workflows WHERE workspace_id = %s"
INSERT = SQL("""
    INSERT INTO workflows AS item (workspace_id, user_id, name, steps)
    VALUES (%s, %s, %s, %s) RETURNING {columns}
""")
# What a workflow has run stays, and is no longer what it was when a browser kept it.
RELEASE = SQL("""
    UPDATE {} SET workflow_id = NULL, version = version + 1, updated_at = now()
    WHERE workflow_id = %s
""")


@dataclass(frozen=True)
class Workflows:
    """The operations on workflows."""

    resources: Callable[[], WorkspacesResources]

    def handlers(self) -> dict[str, Serve]:
        return {
            "list_workflows": self.list,
            "create_workflow": self.create,
            "read_workflow": self.read,
            "change_workflow_status": self.change_status,
            "cancel_workflow": self.cancel,
            "delete_workflow": self.delete,
        }

    def list(self, request: Request) -> Response:
        query: WorkflowsQuery = request.query
        page, workspace = request.page, request.path["workspace_id"]
        conditions = "AND item.status = %(status)s" if query.status else ""
        if page.after:
            conditions += " AND (item.created_at, item.id) < (%(created_at)s, %(id)s)"
        statement = PAGE.format(columns=columns(WorkflowSummary), conditions=SQL(conditions))
        given = {"workspace": workspace, "status": query.status, "fetch": page.fetch}
        given |= vars(page.after) if page.after else {}

        def rows(connection: Connection) -> list[WorkflowSummary]:
            scopes.find_role(connection, request.principal, workspace)
            with connection.cursor(row_factory=class_row(WorkflowSummary)) as cursor:
                return cursor.execute(statement, given).fetchall()

        return reading.page(request, reading.read_fresh_if_missing(self.resources(), rows))

    def create(self, request: Request) -> Response:
        wanted: NewWorkflow = request.body
        workspace, subject = request.path["workspace_id"], request.principal.subject
        steps = [Step(**vars(step)) for step in wanted.steps]
        with change(self.resources(), request) as changing:
            connection = changing.connection
            scopes.find_role(connection, request.principal, workspace)
            if not quotas.lock(connection, workspace):
                raise not_found("workspace")
            _require_room(changing, workspace)
            given = [workspace, subject, wanted.name, Jsonb(plain(steps))]
            with connection.cursor(row_factory=dict_row) as cursor:
                (row,) = cursor.execute(INSERT.format(columns=columns()), given).fetchall()
            made = from_row(row)
            changing.tell("workflow.create", TABLE, made.id, workspace, name=made.name)
        where = f"/api/workspaces/{workspace}/workflows/{made.id}"
        return answer(201, made, {"etag": made.etag, "location": where})

    def read(self, request: Request) -> Response:
        workspace, key = request.path["workspace_id"], request.path["id"]
        found, _ = reading.read_fresh_if_missing(
            self.resources(),
            lambda connection: workflows.find(connection, request.principal, workspace, key),
        )
        return reading.one(request, found)

    def change_status(self, request: Request) -> Response:
        wanted: WorkflowStatusChange = request.body
        with change(self.resources(), request) as changing:
            workflow = _lock(changing, request)
            require_version(request, workflow)
            require_following(workflow.status, wanted.status)
            if wanted.status == "running":
                workflow = workflows.start(changing, request.principal, workflow)
            else:
                workflow = workflows.cancel(changing, request.principal, workflow)
        return answer(200, workflow, {"etag": workflow.etag})

    def cancel(self, request: Request) -> Response:
        with change(self.resources(), request) as changing:
            workflow = _lock(changing, request)
            if workflow.status != "cancelled":
                require_version(request, workflow)
                require_following(workflow.status, "cancelled")
                workflow = workflows.cancel(changing, request.principal, workflow)
        return answer(200, workflow, {"etag": workflow.etag})

    def delete(self, request: Request) -> Response:
        with change(self.resources(), request) as changing:
            workflow = _lock(changing, request)
            require_version(request, workflow)
            if workflow.status == "running":
                raise RequestError(409, "still_active", "Cancel the workflow first.")
            for module in MODULES.values():
                changing.connection.execute(RELEASE.format(Identifier(module.table)), [workflow.id])
            changing.connection.execute("DELETE FROM workflows WHERE id = %s", [workflow.id])
            changing.tell("workflow.delete", TABLE, workflow.id, workflow.workspace_id)
        return nothing()


def _lock(changing: Change, request: Request) -> Workflow:
    workspace, key = request.path["workspace_id"], request.path["id"]
    quotas.lock(changing.connection, workspace)
    workflow, role = workflows.find(changing.connection, request.principal, workspace, key)
    require_change(request.principal, role, workflow)
    return workflow


def _require_room(changing: Change, workspace: object) -> None:
    row = changing.connection.execute(COUNT, [workspace]).fetchone()
    if row and int(str(row[0])) >= changing.quotas.items:
        raise RequestError(
            409, "quota_workflows", f"A workspace holds at most {changing.quotas.items} workflows."
        )
