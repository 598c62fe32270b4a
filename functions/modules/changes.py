"""A change, its entry in the audit trail and the event that tells of it: all of it or nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from functions.modules.requests import Request
from functions.modules.resources import Quotas, Resources
from functions.platform_runtime.database.postgres import Connection
from functions.platform_runtime.events import outbox
from functions.platform_runtime.events.audit import Audited
from functions.platform_runtime.events.table import Event
from functions.platform_runtime.identity.tickets import TOPIC_PREFIX

SECONDS = 8.0
"""A change that takes longer, a wait for another's lock included, ends before its caller's patience
does."""
PUT_WITHIN_SECONDS = 1.0
"""Of all events of a change, for whose answer somebody waits."""


class Change:
    """A transaction in which things are changed; ``told`` are the events that commit with it."""

    def __init__(self, audited: Audited, request: Request, quotas: Quotas) -> None:
        self._audited, self._request = audited, request
        self.connection: Connection = audited.connection
        self.quotas = quotas
        self.told: list[Event] = []

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
        event = {"type": action, "id": str(key), **details}
        self.told.append(outbox.add(self.connection, f"{TOPIC_PREFIX}{workspace}", event))


@contextmanager
def change(resources: Resources, request: Request) -> Iterator[Change]:
    """Change something: commits unless it raises."""
    with resources.audit.transaction(timeout_seconds=SECONDS) as audited:
        changing = Change(audited, request, resources.quotas)
        yield changing
    _hasten(resources, changing.told)


def _hasten(resources: Resources, told: Sequence[Event]) -> None:
    """Put what is committed already: who listens need not wait for the relay's schedule.

    The rows stay, for the relay to delete: that would take the request one more transaction. What
    fails here is the relay's to put, and no reason to fail what is done.
    """
    try:
        if told and resources.events:
            resources.events.put(told, within=PUT_WITHIN_SECONDS)
    except Exception:
        resources.logger.exception("events left to the relay")
