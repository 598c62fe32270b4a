"""Tickets for the WebSocket: a browser cannot send it headers, so one of these is in the URL.

A ticket opens one connection within a minute. The table holds its hash, and what it stands for.
"""

import hashlib
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contract.tables import TABLES
from functions.platform_runtime import clients
from functions.platform_runtime.identity.principals import Principal, from_context

TABLE = TABLES["tickets"]
SECONDS = 60
CALL_SECONDS = 2.0
TOPIC_PREFIX = "workspace#"
TOPIC = re.compile(TOPIC_PREFIX + r"[\w-]{1,64}", re.ASCII)
MOST_WORKSPACES = 100
"""An authorizer's answer is flat and small: the ids must fit in one string of it."""


@dataclass(frozen=True, kw_only=True)
class Claims:
    """Who opens a connection, and the workspaces they belonged to when the ticket was made."""

    principal: Principal
    workspaces: tuple[str, ...]

    @property
    def topics(self) -> frozenset[str]:
        """What they may listen to."""
        return frozenset(TOPIC_PREFIX + workspace for workspace in self.workspaces)

    def context(self) -> dict[str, str]:
        """As an authorizer's context, which holds strings."""
        return {**self.principal.context(), "workspaces": ",".join(self.workspaces)}


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """A ticket as its caller gets it; ``expires_at`` in epoch seconds."""

    ticket: str
    expires_at: int


class Tickets:
    """The table of tickets not yet used."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb = clients.client("dynamodb", seconds=CALL_SECONDS)

    def issue(self, principal: Principal, workspaces: Sequence[str]) -> Ticket:
        """A ticket for this principal. Raises ValueError for too many workspaces."""
        if len(workspaces) > MOST_WORKSPACES:
            raise ValueError(f"a ticket names at most {MOST_WORKSPACES} workspaces")
        made = Ticket(ticket=secrets.token_urlsafe(32), expires_at=int(time.time()) + SECONDS)
        claims = Claims(principal=principal, workspaces=tuple(workspaces))
        self._dynamodb.put_item(
            TableName=self._table,
            Item={
                **_key(made.ticket),
                str(TABLE.ttl): {"N": str(made.expires_at)},
                **{key: {"S": value} for key, value in claims.context().items()},
            },
        )
        return made

    def redeem(self, ticket: str) -> Claims | None:
        """What a ticket stands for, once; None if it is unknown, used or late.

        DynamoDB lets one of several at the same moment have it, and removes late ones days later.
        """
        unknown = self._dynamodb.exceptions.ConditionalCheckFailedException
        try:
            answer = self._dynamodb.delete_item(
                TableName=self._table,
                Key=_key(ticket),
                ConditionExpression="#expiry > :now",
                ExpressionAttributeNames={"#expiry": TABLE.ttl},
                ExpressionAttributeValues={":now": {"N": str(int(time.time()))}},
                ReturnValues="ALL_OLD",
            )
        except unknown:
            return None
        return claims({key: value.get("S") for key, value in answer["Attributes"].items()})


def claims(context: Mapping[str, Any]) -> Claims:
    """The claims an authorizer put into its context. Raises KeyError or ValueError."""
    workspaces = filter(None, context["workspaces"].split(","))
    return Claims(principal=from_context(context), workspaces=tuple(workspaces))


def is_topic(text: str) -> bool:
    """Whether it has a topic's form."""
    return TOPIC.fullmatch(text) is not None


def _key(ticket: str) -> dict[str, dict[str, str]]:
    digest = hashlib.sha256(ticket.encode(errors="replace")).hexdigest()
    return {TABLE.partition_key: {"S": digest}}
