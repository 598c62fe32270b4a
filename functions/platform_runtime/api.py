"""The HTTP API's side of a function."""

import re
from collections.abc import Callable
from typing import Any

from contract.routes import ROUTES
from functions.platform_runtime import origin, responses
from functions.platform_runtime.entry import Entry
from functions.platform_runtime.responses import Body, RequestError, Response
from functions.platform_runtime.settings import Settings

Operation = Callable[..., Body]


class Api(Entry):
    """The operations of one function: a handler is named for the operation it serves."""

    correlation = "requestId"

    def __init__(self, function: str, settings: Callable[[], Settings]) -> None:
        self._keys = {r.operation: r.key for r in ROUTES if r.function == function}
        self._settings = settings
        super().__init__(function, self._keys.values())

    def operation(self, serve: Operation) -> Operation:
        """Serve the operation of the function's name; a path's parameters are its arguments."""
        self.add(self._keys.get(serve.__name__, serve.__name__), serve)
        return serve

    def answer(self, handler: Callable[..., Any] | None) -> Response:
        origin.require(self.event["headers"], self._settings().origin_digests)
        if handler is None:
            raise self._no_route()
        return responses.answer(200, handler(**(self.event.get("pathParameters") or {})))

    def _no_route(self) -> RequestError:
        path, method = self.event["rawPath"], self.event["requestContext"]["http"]["method"]
        allowed = allowed_methods(path)
        if not allowed or method in allowed:
            return RequestError(404, "not_found", f"There is no {path} here.")
        allow = ", ".join(allowed)
        return RequestError(
            405, "method_not_allowed", f"{path} answers {allow}.", headers={"allow": allow}
        )


def allowed_methods(path: str) -> list[str]:
    """The methods the platform answers at a path, whichever function serves them."""
    return sorted(
        {r.method for r in ROUTES if re.fullmatch(re.sub(r"{\w+}", "[^/]+", r.path), path)}
    )
