"""The routes of the HTTP API and of the WebSocket API."""

from dataclasses import dataclass
from typing import Literal

Access = Literal["public", "authenticated"]


@dataclass(frozen=True, kw_only=True)
class Route:
    """One operation of the HTTP API; ``operation`` is its name in handlers and documents."""

    method: str
    path: str
    function: str
    access: Access
    operation: str

    @property
    def key(self) -> str:
        """The route key API Gateway knows it by."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, kw_only=True)
class WebSocketRoute:
    """One route of the WebSocket API, chosen by ``action`` in the message's JSON."""

    key: str
    function: str


ROUTES = (
    Route(
        method="GET",
        path="/api/health",
        function="health",
        access="public",
        operation="get_health",
    ),
    Route(
        method="GET",
        path="/api/health/db",
        function="health",
        access="public",
        operation="get_database_health",
    ),
    Route(
        method="GET",
        path="/api/health/auth",
        function="health_auth",
        access="public",
        operation="get_identity_health",
    ),
)

FALLBACK_FUNCTION = "health"
"""Answers what no route matches with the platform's JSON 404."""

WEBSOCKET_ROUTES = (
    WebSocketRoute(key="$connect", function="realtime"),
    WebSocketRoute(key="$disconnect", function="realtime"),
    WebSocketRoute(key="ping", function="realtime"),
)

WEBSOCKET_STAGE = "ws"
"""The stage's name is the viewer's path, so CloudFront forwards ``/ws`` unchanged."""

ORIGIN_HEADER = "x-origin-verify"
"""Set by CloudFront; whoever does not send it came around the CDN."""

VIEWER_IP_HEADER = "x-viewer-ip"
"""Overwritten by CloudFront with the viewer's address; nothing else is trusted for it."""
