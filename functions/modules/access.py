"""Whom a workspace is open to. What somebody may not see does not exist for them: 404, not 403."""

from typing import Any

from psycopg.sql import SQL

from functions.modules.records import Item, Workflow
from functions.platform_runtime.identity.principals import Kind, Principal
from functions.platform_runtime.responses import RequestError

REACH: dict[Kind, SQL] = {
    "user": SQL("SELECT workspace_id, role FROM memberships WHERE user_id = %(subject)s"),
    "api": SQL("SELECT id AS workspace_id, 'key' AS role FROM workspaces WHERE id = %(key_of)s"),
    "worker": SQL("SELECT id AS workspace_id, 'worker' AS role FROM workspaces"),
}
"""The workspaces a principal may see, as a query; every statement that reads begins from it."""


def reach(principal: Principal) -> SQL:
    """The query of the workspaces this principal may see."""
    return REACH[principal.kind]


def parameters(principal: Principal) -> dict[str, Any]:
    """What the query of ``reach`` asks for."""
    return {"subject": principal.subject, "key_of": principal.workspace}


def require_change(principal: Principal, role: str, row: Item | Workflow) -> None:
    """Refuse a change to what one may see only. Raises RequestError 403.

    Members change what they made, a workspace's owners and its keys everything in it.
    """
    if role == "member" and row.user_id != principal.subject:
        raise RequestError(
            403, "not_yours", "Only who made it and the workspace's owners may change it."
        )


def not_found(noun: str) -> RequestError:
    """There is none, or none the caller may see."""
    return RequestError(404, "not_found", f"There is no such {noun}.")
