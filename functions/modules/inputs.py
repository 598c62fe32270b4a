"""What requests may say."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from uuid import UUID

from functions.modules.records import Role, Status
from functions.platform_runtime.requests.body import Between, Items, Length
from functions.platform_runtime.requests.pages import DEFAULT_LIMIT, MOST_LIMIT

MOST_STEPS = 20
MOST_OBJECT_BYTES = 5 * 1024**3
"""S3's own limit for one PUT."""

Name = Annotated[str, Length(1, 200)]
Document = Annotated[dict[str, Any], Length(2, 65536)]
"""What is larger goes to the payload or the result."""
StepParameters = Annotated[dict[str, Any], Length(2, 8192)]
"""All steps' together stay below the limit of a body."""


@dataclass(frozen=True, kw_only=True)
class PageQuery:
    """Which page of a list; ``cursor`` is the page before's ``next``."""

    limit: Annotated[int, Between(1, MOST_LIMIT)] = DEFAULT_LIMIT
    cursor: str | None = None


@dataclass(frozen=True, kw_only=True)
class ItemsQuery(PageQuery):
    """Which items."""

    workspace: UUID | None = None
    status: Status | None = None


@dataclass(frozen=True, kw_only=True)
class WorkflowsQuery(PageQuery):
    """Which workflows."""

    status: Status | None = None


@dataclass(frozen=True, kw_only=True)
class NewItem:
    """A simulation, an experiment or a run to make."""

    workspace: UUID
    name: Name
    parameters: Document = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StatusChange:
    """``version`` does as If-Match does, for sites of another origin, which may not send that."""

    status: Literal["running", "completed", "failed", "cancelled"]
    result: Document | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class WorkflowStatusChange:
    """What comes after follows from the steps."""

    status: Literal["running", "cancelled"]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class NewUpload:
    """``size`` is what will be sent, compressed with gzip or not."""

    size: Annotated[int, Between(1, MOST_OBJECT_BYTES)]
    compressed: bool = False


@dataclass(frozen=True, kw_only=True)
class NewStep:
    """A step of a workflow to make."""

    module: Literal["simcore", "qmlab", "optilibria"]
    name: Name
    parameters: StepParameters = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class NewWorkflow:
    """A workflow to make."""

    name: Name
    steps: Annotated[tuple[NewStep, ...], Items(1, MOST_STEPS)]


@dataclass(frozen=True, kw_only=True)
class NewWorkspace:
    """A workspace to make; the caller owns it."""

    name: Name


@dataclass(frozen=True, kw_only=True)
class MemberRole:
    """What a member may do: owners also manage members and keys."""

    role: Role = "member"


@dataclass(frozen=True, kw_only=True)
class NewKeyName:
    """An API key to make; the name helps to tell it from others."""

    name: Name
