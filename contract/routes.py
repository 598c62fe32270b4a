"""The routes of the HTTP API and of the WebSocket API."""

from dataclasses import dataclass

from contract.module_routes import MODULE_ROUTES
from contract.route import Route


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
    Route(
        method="POST",
        path="/api/worker/token",
        function="worker",
        access="public",
        operation="create_worker_token",
    ),
    *MODULE_ROUTES,
)

FALLBACK_FUNCTION = "health"
"""Answers what no route matches with the platform's JSON 404."""

WEBSOCKET_ROUTES = (
    WebSocketRoute(key="$connect", function="realtime"),
    WebSocketRoute(key="$disconnect", function="realtime"),
    WebSocketRoute(key="ping", function="realtime"),
    WebSocketRoute(key="subscribe", function="realtime"),
    WebSocketRoute(key="unsubscribe", function="realtime"),
)

RECONNECT_SECONDS = 60
"""Within it a browser that lost its connection comes back, at a moment it draws: all at once would
be refused. https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/"""

WEBSOCKET_STAGE = "ws"
"""The stage's name is the viewer's path, so CloudFront forwards ``/ws`` unchanged."""

ORIGIN_HEADER = "x-origin-verify"
"""Set by CloudFront; whoever does not send it came around the CDN."""

VIEWER_IP_HEADER = "x-viewer-ip"
"""Overwritten by CloudFront with the viewer's address; nothing else is trusted for it."""
