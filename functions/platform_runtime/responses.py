"""Answers in API Gateway's shape: JSON, kept by nobody unless they say so, never a stack trace."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, object]
Response = dict[str, Any]

REVALIDATED = "private, no-cache"
"""Of data: a browser keeps it, and asks each time whether it is still so, for whoever wrote or was
told of a write reads the new: https://www.rfc-editor.org/rfc/rfc9111.html#section-5.2.2.4"""

HEADERS = {
    "content-type": "application/json",
    # CloudFront would keep an error for ten seconds and hand it to others.
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


class RequestError(Exception):
    """Ends a request with an error; the message is for the caller.

    ``beside`` goes into the body next to the error.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        beside: Body | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers or {}
        self.beside = beside or {}


@dataclass(frozen=True)
class Outage:
    """Something the platform needs does not answer; asking again may help after some seconds."""

    code: str
    message: str
    retry_seconds: int

    def refusal(self, beside: Body | None = None) -> RequestError:
        """As a request's end."""
        headers = {"retry-after": str(self.retry_seconds)}
        return RequestError(503, self.code, self.message, headers=headers, beside=beside)


def answer(status: int, body: Body, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer."""
    return {
        "statusCode": status,
        "headers": {**HEADERS, **(headers or {})},
        "body": json.dumps(body, separators=(",", ":")),
        "isBase64Encoded": False,
    }


def failure(error: RequestError, request_id: str) -> Response:
    """The answer an error ends its request with."""
    detail = {"code": error.code, "message": str(error), "requestId": request_id}
    return answer(error.status, {**error.beside, "error": detail}, error.headers)


def internal_error(request_id: str) -> Response:
    """The answer to what nobody foresaw; what it was is in the log only."""
    message = "The platform failed on this request; its id finds it in the log."
    return failure(RequestError(500, "internal_error", message), request_id)
