"""Connections of the WebSocket API: who may open one, its end, and a sign of life."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from functions.platform_runtime import origin
from functions.platform_runtime import settings as platform
from functions.platform_runtime.entry import Event
from functions.platform_runtime.responses import Body, RequestError
from functions.platform_runtime.websocket import WebSocket

if TYPE_CHECKING:
    from functions.realtime.connections import Connections


@dataclass(frozen=True, kw_only=True)
class Settings(platform.Settings):
    """What this function is given besides."""

    allowed_origins: tuple[str, ...]
    connections_table: str


@cache
def settings() -> Settings:
    return platform.read(Settings)


@cache
def connections() -> "Connections":
    # Importing boto3 takes longer than all else here together, and most messages do without.
    from functions.realtime.connections import Connections

    return Connections(settings().connections_table)


socket = WebSocket("realtime")


@socket.route("$connect")
def connect(event: Event) -> Body:
    """Refuse: without tickets nobody can say who they are."""
    origin.require(event["headers"], settings().origin_digests)
    # Browsers let any site open a WebSocket to any other; only this header says which one did.
    if origin.header(event["headers"], "origin") not in settings().allowed_origins:
        raise RequestError(403, "web_origin_refused", "This site may not connect to the platform.")
    raise RequestError(
        403, "ticket_required", "Connections are opened with a ticket; none are issued."
    )


@socket.route("$disconnect")
def disconnect(event: Event) -> Body:
    """The connection ended, whoever ended it; API Gateway may say so twice or never."""
    connections().forget(event["requestContext"]["connectionId"])
    return {}


@socket.route("ping")
def ping(_: Event) -> Body:
    """Answer on the connection itself; an idle one is closed after ten minutes."""
    return {"type": "pong", "time": datetime.now(UTC).isoformat()}


handler = socket.handler()
