"""From which status which other may follow, and who finds that an item is no longer what it was."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from contract.module_routes import Module
from functions.modules import quotas, workflows
from functions.modules.access import require_change
from functions.modules.changes import Change
from functions.modules.items import Items
from functions.modules.records import Item, Status, Workflow
from functions.modules.requests import Request
from functions.platform_runtime.requests import pages
from functions.platform_runtime.responses import RequestError

FOLLOWING: Mapping[Status, frozenset[Status]] = {
    "pending": frozenset({"running", "cancelled"}),
    "running": frozenset({"completed", "failed", "cancelled"}),
    "completed": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
}
ENDED = frozenset(status for status, following in FOLLOWING.items() if not following)


def set_status(
    change: Change,
    module: Module,
    request: Request,
    status: Status,
    result: dict[str, Any] | None = None,
) -> Item:
    """Move an item on; where it ends, its workflow goes on. Raises RequestError.

    To end what has ended just so is no error: whoever lost the answer may ask again. To begin what
    is running is one: two workers must not both believe that they began it.
    """
    key: UUID = request.path["id"]
    items = Items(change.connection, module, request.principal)
    workflow = _lock_workflow(change, items, key)
    found = items.lock(key)
    item = found.item
    require_change(request.principal, found.role, item)
    if item.status in ENDED and status == item.status and result in (None, item.result):
        return item
    require_version(request, item)
    require_following(item.status, status)
    moved = items.transition(key, status, result)
    change.tell(
        f"{module.one}.status",
        module.table,
        key,
        item.workspace_id,
        status=moved.status,
        version=moved.version,
    )
    if workflow and moved.workflow_id == workflow.id and moved.status in ENDED:
        workflows.advance(change, request.principal, workflow, moved)
    return moved


def require_following(now: Status, status: Status) -> None:
    """Raises RequestError 409."""
    if status not in FOLLOWING[now]:
        legal = ", ".join(sorted(FOLLOWING[now])) or "nothing"
        raise RequestError(
            409, "illegal_transition", f"After {now} comes {legal}.", beside={"status": now}
        )


def require_version(request: Request, row: Item | Workflow) -> None:
    """Whether it still is as the caller says to have seen it. Raises RequestError 412."""
    stated = request.event["headers"].get("if-match")
    version = getattr(request.body, "version", None)
    if (stated and not pages.matches(stated, row.etag)) or version not in (None, row.version):
        raise RequestError(
            412,
            "changed_meanwhile",
            f"This is version {row.version} now: read it again.",
            headers={"etag": row.etag},
            beside={"version": row.version},
        )


def _lock_workflow(change: Change, items: Items, key: UUID) -> Workflow | None:
    """Before the item is locked, as everywhere."""
    with suppress(RequestError):
        item = items.find(key).item
        if item.workflow_id:
            quotas.lock(change.connection, item.workspace_id)
            return workflows.of_item(change.connection, item.workflow_id)
    return None
