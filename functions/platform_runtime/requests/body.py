"""A request's JSON and query, read as a dataclass; every bad field is named in one answer.

Not pydantic: it takes 60 ms more of import (beside 430 for all else a module's function imports)
and 2 MB more of zip, for what is a page of code here.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from functions.platform_runtime.requests import values
from functions.platform_runtime.requests.fields import Between, Items, Length, Reader
from functions.platform_runtime.responses import RequestError

__all__ = ["Between", "Items", "Length", "identifier", "invalid", "parse", "query"]

MOST_BYTES = 256 * 1024
DEEPEST = 32
"""Nested JSON costs the parser stack, and Postgres too."""

Parsed = TypeVar("Parsed")
Event = Mapping[str, Any]


def parse(kind: type[Parsed], event: Event, *, most_bytes: int = MOST_BYTES) -> Parsed:
    """The body as ``kind``, a dataclass of what ``fields`` knows.

    Raises RequestError: 413 if it is too large, 400 if it is no JSON, 422 naming each bad field.
    """
    return _checked(kind, _json(_content(event, most_bytes)), spelled=False)


def query(kind: type[Parsed], event: Event) -> Parsed:
    """The query string as ``kind``; numbers are spelled out. Raises RequestError 422."""
    return _checked(kind, dict(event.get("queryStringParameters") or {}), spelled=True)


def identifier(value: str, name: str) -> UUID:
    """An id from a path. Raises RequestError 422 naming it."""
    try:
        return values.uuid(value)
    except ValueError as error:
        raise invalid({name: str(error)}) from None


def invalid(problems: Mapping[str, str]) -> RequestError:
    """422, with what is wrong with each field."""
    named = [{"field": field, "problem": problem} for field, problem in problems.items()]
    told = "; ".join(f"{field or 'the body'} {problem}" for field, problem in problems.items())
    return RequestError(422, "invalid_request", f"{told}.", beside={"fields": named})


def _checked(kind: type[Parsed], value: object, *, spelled: bool) -> Parsed:
    problems: dict[str, str] = {}
    parsed: Parsed = Reader(problems, spelled).read(kind, value)
    if problems:
        raise invalid(problems)
    return parsed


def _content(event: Event, most_bytes: int) -> bytes:
    text = event.get("body") or ""
    # Base64 is a third longer, and is not unpacked to find that out.
    if len(text) > most_bytes * 4 // 3 + 4:
        raise _too_large(most_bytes)
    try:
        content = base64.b64decode(text) if event.get("isBase64Encoded") else text.encode()
    except (binascii.Error, UnicodeEncodeError):
        raise _malformed() from None
    if len(content) > most_bytes:
        raise _too_large(most_bytes)
    return content


def _json(content: bytes) -> object:
    try:
        value = json.loads(content, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise _malformed() from None
    if _depth(value) > DEEPEST:
        raise RequestError(400, "malformed_json", f"The body nests deeper than {DEEPEST} levels.")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _depth(value: object) -> int:
    depth, level = 0, [value]
    while level := [
        inner
        for outer in level
        if isinstance(outer, dict | list)
        for inner in (outer.values() if isinstance(outer, dict) else outer)
    ]:
        depth += 1
        if depth > DEEPEST:
            break
    return depth


def _too_large(most_bytes: int) -> RequestError:
    return RequestError(413, "body_too_large", f"The body is larger than {most_bytes} bytes.")


def _malformed() -> RequestError:
    return RequestError(400, "malformed_json", "The body is not JSON.")
