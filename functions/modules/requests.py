"""A request, read and checked: the principal, and what its path, query and body say."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from contract.routes import VIEWER_IP_HEADER
from functions.modules.inputs import PageQuery
from functions.platform_runtime.identity.principals import Kind, Principal
from functions.platform_runtime.requests import body
from functions.platform_runtime.requests.entry import Event
from functions.platform_runtime.requests.pages import Cursor, PageRequest
from functions.platform_runtime.responses import RequestError

MEMBER = re.compile(r"[\w.@+-]{1,128}", re.ASCII)
"""A subject of the identity provider; the colon of a key's subject is not in it."""
EVERYONE: frozenset[Kind] = frozenset({"user", "api", "worker"})
MEMBERS: frozenset[Kind] = frozenset({"user", "api"})
USERS: frozenset[Kind] = frozenset({"user"})

Read = TypeVar("Read")


@dataclass(frozen=True, kw_only=True)
class Described:
    """One operation: who may ask, what they may say, what is answered.

    ``answers`` has the statuses of success, each with its body's record, or a list of it for a page
    of them; ``refusals`` has this operation's own codes of failure by status; ``kept`` is whether a
    browser may keep what is answered, to ask if it is still so. The OpenAPI document is made of it.
    """

    summary: str
    answers: Mapping[int, Any]
    refusals: Mapping[int, tuple[str, ...]]
    body: type[Any] | None = None
    query: type[Any] | None = None
    kinds: frozenset[Kind] = EVERYONE
    kept: bool = False


@dataclass(frozen=True, kw_only=True)
class Request:
    """What was asked; ``body`` and ``query`` are what the operation's description says."""

    event: Event
    principal: Principal
    path: Mapping[str, Any]
    body: Any = None
    query: Any = None

    @property
    def ip(self) -> str | None:
        stated: str | None = self.event["headers"].get(VIEWER_IP_HEADER)
        return stated

    @property
    def page(self) -> PageRequest:
        """Of a query that is a PageQuery."""
        cursor = self.query.cursor
        return PageRequest(
            limit=self.query.limit, after=None if cursor is None else Cursor.decode(cursor)
        )


def read(event: Event, principal: Principal, described: Described) -> Request:
    """Raises RequestError: 403 for the wrong kind of principal, 422 naming all that is wrong."""
    if principal.kind not in described.kinds:
        allowed = ", ".join(sorted(described.kinds))
        raise RequestError(403, "principal_refused", f"This is for: {allowed}.")
    problems: dict[str, str] = {}

    def attempt(reading: Callable[[], Read]) -> Read | None:
        try:
            return reading()
        except RequestError as error:
            if error.status != 422:
                raise
            named: Any = error.beside["fields"]
            problems.update({one["field"]: one["problem"] for one in named})
            return None

    path = {
        name: attempt(partial(_of_path, name, text))
        for name, text in (event.get("pathParameters") or {}).items()
    }
    query = attempt(partial(body.query, described.query, event)) if described.query else None
    if described.query and issubclass(described.query, PageQuery):
        attempt(partial(_cursor, event))
    stated = attempt(partial(body.parse, described.body, event)) if described.body else None
    if problems:
        raise body.invalid(problems)
    return Request(event=event, principal=principal, path=path, body=stated, query=query)


def _of_path(name: str, text: str) -> object:
    if name != "user_id":
        return body.identifier(text, name)
    if not MEMBER.fullmatch(text):
        raise body.invalid({name: "is not a user's id"})
    return text


def _cursor(event: Event) -> Cursor | None:
    stated = (event.get("queryStringParameters") or {}).get("cursor")
    try:
        return None if stated is None else Cursor.decode(stated)
    except ValueError as error:
        raise body.invalid({"cursor": str(error)}) from None
