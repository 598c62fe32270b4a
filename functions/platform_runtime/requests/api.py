"""The HTTP API's side of a function, the same for all of them.

A request came through the CDN, is somebody's or on a public route nobody's, and is counted; then
it is answered, and what that used is written down. Whatever no route matches counts as nobody's.
"""

import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from contract.routes import ROUTES
from functions.platform_runtime import responses
from functions.platform_runtime.identity import principals
from functions.platform_runtime.requests import limits, origin
from functions.platform_runtime.requests.entry import Entry
from functions.platform_runtime.responses import Body, Outage, RequestError, Response
from functions.platform_runtime.settings import ApiSettings
from functions.platform_runtime.telemetry import usage

Operation = Callable[..., Body]
Handler = Callable[[], Response]


class Api(Entry):
    """The operations of one function: a handler is named for the operation it serves."""

    correlation = "requestId"

    def __init__(
        self,
        function: str,
        settings: Callable[[], ApiSettings],
        away: Mapping[type[Exception], Outage] | None = None,
    ) -> None:
        routes = [route for route in ROUTES if route.function == function]
        self._keys = {route.operation: route.key for route in routes}
        self._private = {route.key for route in routes if route.access == "authenticated"}
        self._settings = settings
        self._admitted = 0.0
        super().__init__(function, self._keys.values(), away)

    @property
    def latency_ms(self) -> float:
        """Milliseconds since the request in hand was admitted."""
        return round((time.perf_counter() - self._admitted) * 1000, 1)

    def operation(self, serve: Operation) -> Operation:
        """Serve the operation of the function's name; a path's parameters are its arguments."""
        self.route(serve.__name__, partial(self._plain, serve))
        return serve

    def route(self, operation: str, handler: Handler) -> None:
        """Serve an operation. Raises ContractError where the function has no such one."""
        self.add(self._keys.get(operation, operation), handler)

    def answer(self, handler: Handler | None) -> Response:
        settings = self._settings()
        origin.require(self.event["headers"], settings.origin_digests)
        headers = self._admit(settings)
        self._admitted = time.perf_counter()
        with usage.metered(settings.environment) as used:
            response = self.outcome(partial(self._result, handler))
            used.bandwidth_bytes += _bytes(self.event) + _bytes(response)
        return {**response, "headers": {**response["headers"], **headers}}

    def _admit(self, settings: ApiSettings) -> Mapping[str, str]:
        """Headers that tell the caller where they stand. Raises RequestError 401, 429 or 503."""
        private = self.event["requestContext"]["routeKey"] in self._private
        principal = principals.required(self.event) if private else None
        standing = limits.limiter(settings.limits_table, settings.limits_on_failure).admit(
            principals.rate_class(principal), limits.caller(principal, self.event["headers"])
        )
        if standing is None:
            self.logger.warning("admitted uncounted: the table of limits does not answer")
            return {}
        return standing.headers()

    def _result(self, handler: Handler | None) -> Response:
        if handler is None:
            raise self._no_route()
        return handler()

    def _plain(self, serve: Operation) -> Response:
        return responses.answer(200, serve(**(self.event.get("pathParameters") or {})))

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


def _bytes(message: Mapping[str, Any]) -> int:
    """Of the body of a request or an answer; base64 is a third longer than what it stands for."""
    body: str = message.get("body") or ""
    if message.get("isBase64Encoded"):
        return len(body.rstrip("=")) * 3 // 4
    return len(body.encode(errors="replace"))
