"""What S3 says of an object that is back, and what the object belongs to."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from urllib.parse import unquote_plus
from uuid import UUID

from contract.module_routes import MODULES, PARTS, Module
from contract.objects import OBJECTS

ID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
KEY = re.compile(f"{OBJECTS}{ID}/({'|'.join(MODULES)})/{ID}/({'|'.join(PARTS)})")
"""As ``objects.object_key`` writes them."""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Restored ``at`` one time, readable ``until`` another.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """

    key: str
    version: str
    at: datetime
    until: datetime

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Self:
        """Raises KeyError or ValueError for a record of another form."""
        found, restore = record["s3"]["object"], record["glacierEventData"]["restoreEventData"]
        return cls(
            # S3 writes keys as forms do, a plus for a space.
            key=unquote_plus(found["key"]),
            version=found.get("versionId", ""),
            at=datetime.fromisoformat(record["eventTime"]),
            until=datetime.fromisoformat(restore["lifecycleRestorationExpiryTime"]),
        )

    @property
    def number(self) -> int:
        """The same for one restore, however often S3 tells of it, and another for the next.

        Below zero: from one on the outbox numbers its rows itself.
        """
        said = f"{self.key} {self.version} {self.until.isoformat()}"
        digest = hashlib.sha256(said.encode()).digest()
        return -1 - (int.from_bytes(digest[:8]) >> 1)


@dataclass(frozen=True, kw_only=True)
class Place:
    """What an object belongs to, as its key says."""

    workspace: UUID
    module: Module
    item: UUID
    part: str

    @classmethod
    def of(cls, key: str) -> Self | None:
        """None for a key that no module gives its objects."""
        found = KEY.fullmatch(key)
        if found is None:
            return None
        workspace, module, item, part = found.groups()
        return cls(workspace=UUID(workspace), module=MODULES[module], item=UUID(item), part=part)
