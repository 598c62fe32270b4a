"""The WebSocket API's side of a function."""

from collections.abc import Callable
from typing import Any

from contract.routes import WEBSOCKET_ROUTES
from functions.platform_runtime import responses
from functions.platform_runtime.requests.entry import Entry, Event
from functions.platform_runtime.responses import Body, RequestError, Response

Route = Callable[[Event], Body]


class WebSocket(Entry):
    """The routes of one function; what a handler returns is sent back on the connection."""

    correlation = "connectionId"

    def __init__(self, function: str) -> None:
        super().__init__(function, (r.key for r in WEBSOCKET_ROUTES if r.function == function))

    def route(self, key: str) -> Callable[[Route], Route]:
        """Serve the route of this key."""

        def register(serve: Route) -> Route:
            self.add(key, serve)
            return serve

        return register

    def answer(self, handler: Callable[..., Any] | None) -> Response:
        if handler is None:
            raise RequestError(404, "not_found", "There is no such action.")
        return responses.answer(200, handler(self.event))
