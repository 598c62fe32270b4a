"""Workflows: steps of any module, each run when the one before has completed.

A step's item is made when its turn comes, in the transaction that ends the one before. Whoever
changes a workflow has locked its workspace, which is also what the next item's quota asks for.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from psycopg.rows import dict_row
from psycopg.sql import SQL, Composed, Identifier
from psycopg.types.json import Jsonb

from contract.module_routes import MODULES
from functions.modules import access, quotas
from functions.modules.access import not_found
from functions.modules.changes import Change
from functions.modules.items import Items
from functions.modules.records import Item, Status, Step, Workflow, names, plain
from functions.platform_runtime.database.postgres import Connection
from functions.platform_runtime.identity.principals import Principal
from functions.platform_runtime.responses import RequestError

TABLE = "workflows"
PREVIOUS = "previous"
"""The parameter a step finds the step before it in."""
FIND = SQL("""
    SELECT {columns}, reached.role FROM workflows AS item
    JOIN ({reach}) AS reached ON reached.workspace_id = item.workspace_id
    WHERE item.id = %(id)s AND item.workspace_id = %(workspace)s
""")
OF_ITEM = SQL("SELECT {columns} FROM workflows AS item WHERE id = %s")
UPDATE = SQL("""
    UPDATE workflows AS item
    SET status = %(status)s, steps = %(steps)s, version = version + 1, updated_at = now(),
        completed_at = CASE WHEN %(status)s = 'completed' THEN now() END
    WHERE id = %(id)s RETURNING {columns}
""")
# Their order is the same for everyone, lest two of these wait for each other.
ACTIVE = SQL("""
    SELECT id FROM {table}
    WHERE workflow_id = %s AND status IN ('running', 'pending') ORDER BY id FOR UPDATE
""")


def columns(kind: type[Any] = Workflow) -> Composed:
    return SQL(", ").join(Identifier("item", name) for name in names(kind))


def from_row(row: dict[str, Any]) -> Workflow:
    steps = tuple(_step(step) for step in row.pop("steps"))
    return Workflow(**row, steps=steps)


def find(
    connection: Connection, principal: Principal, workspace: UUID, key: UUID
) -> tuple[Workflow, str]:
    """A workflow, and what its caller is in its workspace. Raises RequestError 404."""
    statement = FIND.format(columns=columns(), reach=access.reach(principal))
    given = access.parameters(principal) | {"id": key, "workspace": workspace}
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(statement, given).fetchone()
    if row is None:
        raise not_found("workflow")
    role = row.pop("role")
    return from_row(row), role


def of_item(connection: Connection, key: UUID) -> Workflow | None:
    """The workflow an item belongs to."""
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(OF_ITEM.format(columns=columns()), [key]).fetchone()
    return None if row is None else from_row(row)


def start(change: Change, principal: Principal, workflow: Workflow) -> Workflow:
    """Make the first step's item. Raises RequestError 409 without room for it."""
    return _run(change, principal, workflow, 0)


def advance(change: Change, principal: Principal, workflow: Workflow, ended: Item) -> None:
    """Go on from a step whose item has ended: to the next one, or to the workflow's own end."""
    places = [n for n, step in enumerate(workflow.steps) if step.item == ended.id]
    if workflow.status != "running" or not places:
        return
    following = places[0] + 1
    if ended.status != "completed" or following == len(workflow.steps):
        end(change, workflow, ended.status)
        return
    try:
        _run(change, principal, workflow, following)
    except RequestError as refusal:
        end(change, workflow, "failed", reason=refusal.code)


def end(change: Change, workflow: Workflow, status: Status, **details: object) -> Workflow:
    """Put a workflow into its last status."""
    return _update(change, workflow, status, workflow.steps, **details)


def cancel(change: Change, principal: Principal, workflow: Workflow) -> Workflow:
    """End a workflow and what it has running or waiting."""
    ended = end(change, workflow, "cancelled")
    for module in MODULES.values():
        statement = ACTIVE.format(table=Identifier(module.table))
        for (key,) in change.connection.execute(statement, [workflow.id]).fetchall():
            item = Items(change.connection, module, principal).transition(
                UUID(str(key)), "cancelled"
            )
            change.tell(
                f"{module.one}.status",
                module.table,
                item.id,
                item.workspace_id,
                status=item.status,
                version=item.version,
            )
    return ended


def _run(change: Change, principal: Principal, workflow: Workflow, number: int) -> Workflow:
    step = workflow.steps[number]
    module = MODULES[step.module]
    quotas.require_room_for_item(change, module, workflow.workspace_id)
    parameters = dict(step.parameters)
    if number:
        before = workflow.steps[number - 1]
        parameters[PREVIOUS] = {"module": before.module, "id": str(before.item)}
    item = Items(change.connection, module, principal).insert(
        workflow.workspace_id, workflow.user_id, step.name, parameters, workflow.id
    )
    change.tell(
        f"{module.one}.create",
        module.table,
        item.id,
        item.workspace_id,
        name=item.name,
        workflow=str(workflow.id),
    )
    steps = list(workflow.steps)
    steps[number] = replace(step, item=item.id)
    return _update(change, workflow, "running", tuple(steps), step=number)


def _update(
    change: Change, workflow: Workflow, status: Status, steps: tuple[Step, ...], **details: object
) -> Workflow:
    given = {"id": workflow.id, "status": status, "steps": Jsonb(plain(steps))}
    with change.connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(UPDATE.format(columns=columns()), given).fetchone()
    if row is None:
        raise not_found("workflow")
    updated = from_row(row)
    change.tell(
        "workflow.status",
        TABLE,
        updated.id,
        updated.workspace_id,
        status=updated.status,
        version=updated.version,
        **details,
    )
    return updated


def _step(stored: dict[str, Any]) -> Step:
    item = stored.get("item")
    return Step(**{**stored, "item": None if item is None else UUID(item)})
