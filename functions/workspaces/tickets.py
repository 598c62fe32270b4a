"""Tickets for the WebSocket, which say what their holder may listen to."""

from collections.abc import Callable
from dataclasses import dataclass

from psycopg.sql import SQL

from functions.modules import access
from functions.modules.requests import Request
from functions.modules.resources import WorkspacesResources
from functions.modules.service import Serve, answer
from functions.platform_runtime.identity.tickets import MOST_WORKSPACES
from functions.platform_runtime.responses import Response

NEWEST = SQL("""
    SELECT reached.workspace_id FROM ({}) AS reached JOIN workspaces AS one ON one.id = workspace_id
    ORDER BY one.created_at DESC, one.id DESC LIMIT %(most)s
""")
"""Whoever is in more than a ticket holds listens to the newest."""


@dataclass(frozen=True)
class Tickets:
    """The one operation on tickets."""

    resources: Callable[[], WorkspacesResources]

    def handlers(self) -> dict[str, Serve]:
        return {"create_ticket": self.create}

    def create(self, request: Request) -> Response:
        resources, principal = self.resources(), request.principal
        given = access.parameters(principal) | {"most": MOST_WORKSPACES}
        # Whoever was let go a moment ago must not be told of what comes after.
        with resources.database.read(fresh=True) as connection:
            rows = connection.execute(NEWEST.format(access.reach(principal)), given).fetchall()
        return answer(201, resources.tickets.issue(principal, [str(row[0]) for row in rows]))
