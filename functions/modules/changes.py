"""A change, its entry in the audit trail and the event that tells of it: all of it or nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from psycopg.types.json import Jsonb

from functions.modules.requests import Request
from functions.modules.resources import Quotas, Resources
from functions.platform_runtime.audit import Audited
from functions.platform_runtime.database import Connection
from functions.platform_runtime.tickets import TOPIC_PREFIX

SECONDS = 8.0
"""A statement that waits longer for another's lock ends before its caller's patience does."""


class Change:
    """A transaction in which things are changed."""

    def __init__(self, audited: Audited, request: Request, quotas: Quotas) -> None:
        self._audited, self._request = audited, request
        self.connection: Connection = audited.connection
        self.quotas = quotas

    def tell(
        self, action: str, table: str, key: object, workspace: UUID, **details: object
    ) -> None:
        """Record what was done, and tell who listens to the workspace."""
        self._audited.record(
            action,
            f"{table}/{key}",
            user_id=self._request.principal.subject,
            details={"workspace": str(workspace), **details},
            ip=self._request.ip,
        )
        self._emit(workspace, {"type": action, "id": str(key), **details})

    def _emit(self, workspace: UUID, event: Mapping[str, object]) -> None:
        self.connection.execute(
            "INSERT INTO outbox (topic, event) VALUES (%s, %s)",
            [f"{TOPIC_PREFIX}{workspace}", Jsonb(event)],
        )


@contextmanager
def change(resources: Resources, request: Request) -> Iterator[Change]:
    """Change something: commits unless it raises."""
    with resources.audit.transaction(timeout_seconds=SECONDS) as audited:
        yield Change(audited, request, resources.quotas)
