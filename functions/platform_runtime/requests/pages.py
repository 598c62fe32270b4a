"""Pages of a list by keyset, and answers that are sent again only when they have changed."""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from functions.platform_runtime import responses
from functions.platform_runtime.responses import Body, Response

DEFAULT_LIMIT, MOST_LIMIT = 20, 100

Row = TypeVar("Row")
Event = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """The last row of the page before.

    The next page is WHERE (created_at, id) < (created_at, id) ORDER BY created_at DESC, id DESC:
    rows that come or go meanwhile neither double nor hide one that stays.
    """

    created_at: datetime
    id: UUID

    def encode(self) -> str:
        text = f"{self.created_at.isoformat()} {self.id}"
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Raises ValueError."""
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            decoded = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
            moment, _, key = decoded.partition(" ")
            cursor = cls(created_at=datetime.fromisoformat(moment), id=UUID(key))
        except (ValueError, binascii.Error):
            raise ValueError("is no cursor of a page") from None
        # Python reads more spellings than it writes.
        if cursor.created_at.tzinfo is None or cursor.encode() != text:
            raise ValueError("is no cursor of a page")
        return cursor


@dataclass(frozen=True, kw_only=True)
class PageRequest:
    """The page asked for, after the cursor's row or from the beginning."""

    limit: int
    after: Cursor | None

    @property
    def fetch(self) -> int:
        """How many rows to select: one more than are shown says whether others follow."""
        return self.limit + 1

    def cut(self, rows: Sequence[Row]) -> tuple[Sequence[Row], bool]:
        """The rows to show of those fetched, and whether others follow."""
        return rows[: self.limit], len(rows) > self.limit


def cached(event: Event, body: Body, etag: str | None = None) -> Response:
    """200 with an ETag, made of the body if there is no other; 304 if the browser has this."""
    answer = responses.answer(200, body)
    etag = etag or f'"{hashlib.sha256(answer["body"].encode()).hexdigest()[:32]}"'
    answer["headers"] |= {
        "etag": etag,
        "cache-control": responses.REVALIDATED,
        # Whoever signs in next in this browser must not see it.
        "vary": "authorization",
    }
    if matches(event.get("headers", {}).get("if-none-match", ""), etag):
        answer |= {"statusCode": 304, "body": ""}
    return answer


def matches(stated: str, etag: str) -> bool:
    """Whether If-None-Match or If-Match names this representation; proxies weaken tags."""
    tags = [tag.strip().removeprefix("W/") for tag in stated.split(",")]
    return "*" in tags or etag in tags
