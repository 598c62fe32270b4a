"""Reads, and answers to them that are sent again only when they have changed."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from functions.modules.records import plain
from functions.modules.requests import Request
from functions.modules.resources import Resources
from functions.platform_runtime.database.postgres import Connection
from functions.platform_runtime.requests import pages
from functions.platform_runtime.requests.pages import Cursor
from functions.platform_runtime.responses import RequestError, Response

Row = TypeVar("Row")


def read_fresh_if_missing(resources: Resources, reading: Callable[[Connection], Row]) -> Row:
    """Read from a reader; what it does not have may be too young for it, so the writer is asked."""
    database = resources.database
    try:
        return database.answer(reading)
    except RequestError as error:
        if error.status != 404 or not resources.settings.db_reader_hosts:
            raise
    with database.read(fresh=True) as connection:
        return reading(connection)


def one(request: Request, row: Any) -> Response:  # noqa: ANN401 - any record with an etag
    """A row with its version's tag, or 304 if the browser has that."""
    return pages.cached(request.event, plain(row), row.etag)


def page(request: Request, rows: Sequence[Any]) -> Response:
    """The rows asked for, and the cursor of those after them."""
    shown, more = request.page.cut(rows)
    last = shown[-1] if more else None
    following = Cursor(created_at=last.created_at, id=last.id).encode() if last else None
    return pages.cached(request.event, {"items": plain(shown), "next": following})
