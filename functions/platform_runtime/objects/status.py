"""What may be said of an object in S3, and what goes wrong with one."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from uuid import UUID

from contract.objects import OBJECTS

State = Literal["available", "archived", "restoring", "restored"]
Part = Literal["payload", "result"]

COLD = {"GLACIER", "DEEP_ARCHIVE"}
"""Classes that must be restored to be read; GLACIER_IR, the warm one, need not."""


class StorageError(Exception):
    """An object cannot be had, and why."""


class MissingError(StorageError):
    """There is no such object."""


class ArchivedError(StorageError):
    """The object has to be restored first, which takes hours."""


class TooLargeError(StorageError):
    """The object unpacks to more than may be held, or more is to be uploaded than is allowed."""


@dataclass(frozen=True, kw_only=True)
class ObjectStatus:
    """``size`` is as stored; a restored object is readable until ``restored_until``."""

    state: State
    size: int
    storage_class: str
    restored_until: datetime | None = None

    @property
    def readable(self) -> bool:
        return self.state in {"available", "restored"}


@dataclass(frozen=True, kw_only=True)
class Presigned:
    """A request for the browser to make: with this method and exactly these headers."""

    method: Literal["GET", "PUT"]
    url: str
    headers: dict[str, str]
    expires_in: int


def object_key(workspace: UUID, module: str, item: UUID, part: Part) -> str:
    """Where a payload or a result is kept."""
    return f"{OBJECTS}{workspace}/{module}/{item}/{part}"


def status(head: dict[str, Any]) -> ObjectStatus:
    """What S3's answer to HEAD says."""
    kept, restore = head.get("StorageClass", "STANDARD"), head.get("Restore", "")
    state: State = "archived" if kept in COLD or "ArchiveStatus" in head else "available"
    until = None
    if 'ongoing-request="true"' in restore:
        state = "restoring"
    elif restore:
        state = "restored"
        until = parsedate_to_datetime(restore.partition('expiry-date="')[2].rstrip('"'))
    return ObjectStatus(
        state=state, size=head["ContentLength"], storage_class=kept, restored_until=until
    )
