"""Rows as they are read and answered."""

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal, get_args
from uuid import UUID

Status = Literal["pending", "running", "completed", "failed", "cancelled"]
Role = Literal["owner", "member"]

STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One in a list, without what it was given and what came out: a page must fit an answer."""

    id: UUID
    workspace_id: UUID
    user_id: str
    workflow_id: UUID | None
    name: str
    status: Status
    stored_bytes: int
    version: int
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Item(Summary):
    """A simulation, an experiment or a run."""

    parameters: dict[str, Any]
    result: dict[str, Any] | None
    archived_at: datetime | None = None

    @property
    def etag(self) -> str:
        """Says the version, so that a change can be made conditional on it by hand too."""
        return f'"{self.version}{"-archived" if self.archived_at else ""}"'


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a workflow; ``item`` is what runs it, once its turn has come."""

    module: Literal["simcore", "qmlab", "optilibria"]
    name: str
    parameters: dict[str, Any]
    item: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class WorkflowSummary:
    """One in a list."""

    id: UUID
    workspace_id: UUID
    user_id: str
    name: str
    status: Status
    version: int
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Workflow(WorkflowSummary):
    """Steps that run one after the other."""

    steps: tuple[Step, ...]

    @property
    def etag(self) -> str:
        return f'"{self.version}"'


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a workspace holds, and what it may."""

    users: int
    most_users: int
    simulations: int
    experiments: int
    runs: int
    most_of_each: int
    stored_bytes: int
    most_stored_bytes: int


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """``role`` is the caller's own."""

    id: UUID
    name: str
    role: Literal["owner", "member", "key", "worker"]
    created_by: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class WorkspaceWithUsage(Workspace):
    """A workspace read by itself."""

    usage: Usage


@dataclass(frozen=True, kw_only=True)
class Member:
    """A user of a workspace."""

    user_id: str
    role: Role
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A request for the browser to make, with exactly these headers, within ``expires_in`` seconds.

    ``version`` is the item's after the upload was given room.
    """

    method: Literal["PUT"]
    url: str
    headers: dict[str, str]
    expires_in: int
    version: int


@dataclass(frozen=True, kw_only=True)
class Download:
    """A request for the browser to make."""

    method: Literal["GET"]
    url: str
    headers: dict[str, str]
    expires_in: int


@dataclass(frozen=True, kw_only=True)
class Key:
    """What may be told of an API key."""

    key_id: UUID
    name: str
    created_by: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NewKey(Key):
    """A key and its text, which nobody can tell again."""

    key: str


def names(kind: type[Any]) -> list[str]:
    """A record's fields."""
    return [field.name for field in fields(kind)]


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """A record, or what is in one, as JSON."""
    match value:
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case list() | tuple():
            return [plain(one) for one in value]
        case dict():
            return value
        case None | str() | int() | float():
            return value
    return {name: plain(getattr(value, name)) for name in names(type(value))}
