"""Connections of the WebSocket API: their start and end, what they listen to, a sign of life."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from functions.platform_runtime import settings as platform
from functions.platform_runtime.identity import tickets
from functions.platform_runtime.requests import origin
from functions.platform_runtime.requests.entry import Event
from functions.platform_runtime.requests.websocket import WebSocket
from functions.platform_runtime.responses import Body, RequestError
from functions.realtime.connections import Connections


@dataclass(frozen=True, kw_only=True)
class Settings(platform.OriginSettings):
    """What this function is given besides."""

    connections_table: str


@cache
def settings() -> Settings:
    return platform.read(Settings)


@cache
def connections() -> Connections:
    return Connections(settings().connections_table)


socket = WebSocket("realtime")


@socket.route("$connect")
def connect(event: Event) -> Body:
    """Keep the connection and whose it is: the authorizer has used up their ticket."""
    origin.require(event["headers"], settings().origin_digests)
    context = event["requestContext"].get("authorizer")
    if not context:
        raise RequestError(403, "ticket_required", "Connections are opened with a ticket.")
    connections().open(_id(event), tickets.claims(context))
    return {}


@socket.route("$disconnect")
def disconnect(event: Event) -> Body:
    """The connection ended, whoever ended it; API Gateway may say so twice or never."""
    connections().forget(_id(event))
    return {}


@socket.route("subscribe")
def subscribe(event: Event) -> Body:
    """Push a topic's events to the connection, until its principal's token ends at the latest."""
    topic = _topic(event)
    connection = connections().get(_id(event))
    if connection is None:
        raise RequestError(403, "not_connected", "Connect again with a new ticket.")
    claims = connection.claims
    if claims.principal.expired:
        raise RequestError(401, "token_expired", "Sign in, and connect again with a new ticket.")
    if topic not in claims.topics:
        raise RequestError(403, "topic_refused", "There is no such topic for you.")
    until = min(connection.expires_at, claims.principal.expires or connection.expires_at)
    connections().subscribe(_id(event), topic, until)
    return {"type": "subscribed", "topic": topic, "until": until}


@socket.route("unsubscribe")
def unsubscribe(event: Event) -> Body:
    """Stop pushing a topic's events."""
    topic = _topic(event)
    connections().unsubscribe(_id(event), topic)
    return {"type": "unsubscribed", "topic": topic}


@socket.route("ping")
def ping(_: Event) -> Body:
    """Answer on the connection itself; an idle one is closed after ten minutes."""
    return {"type": "pong", "time": datetime.now(UTC).isoformat()}


def _id(event: Event) -> str:
    return str(event["requestContext"]["connectionId"])


def _topic(event: Event) -> str:
    """The message's topic; API Gateway found an action in it, so it is a JSON object."""
    topic = json.loads(event["body"]).get("topic")
    if not isinstance(topic, str) or not tickets.is_topic(topic):
        raise RequestError(422, "invalid_topic", "Name a topic: workspace#<its id>.")
    return topic


handler = socket.handler()
