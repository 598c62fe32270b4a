"""The table of open connections: one item for each, and one for each topic it listens to.

Only the latter have the attribute the topic index is keyed on, so the index holds nothing else.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contract.tables import TABLES
from functions.platform_runtime import clients
from functions.platform_runtime.identity.tickets import Claims, claims

TABLE = TABLES["connections"]
ITSELF = "connection"
"""The entry that is the connection; the others are topics."""
CALL_SECONDS = 2.0
LONGEST_SECONDS = 7200
"""API Gateway ends every connection after two hours."""


@dataclass(frozen=True, kw_only=True)
class Connection:
    """An open connection; ``expires_at`` in epoch seconds."""

    claims: Claims
    expires_at: int


class Connections:
    """Who is connected; an item expires by itself should its end go unseen."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb = clients.client("dynamodb", seconds=CALL_SECONDS)

    def open(self, connection_id: str, claims: Claims) -> None:
        """Keep who opened it."""
        stated = {key: {"S": value} for key, value in claims.context().items()}
        self._put(connection_id, ITSELF, int(time.time()) + LONGEST_SECONDS, stated)

    def get(self, connection_id: str) -> Connection | None:
        """An open connection. Its item may be there for days after its time."""
        item = self._dynamodb.get_item(
            TableName=self._table, Key=_key(connection_id, ITSELF), ConsistentRead=True
        ).get("Item")
        if item is None:
            return None
        expires_at = int(item[str(TABLE.ttl)]["N"])
        if expires_at <= time.time():
            return None
        context = {key: value.get("S") for key, value in item.items()}
        return Connection(claims=claims(context), expires_at=expires_at)

    def subscribe(self, connection_id: str, topic: str, until: int) -> None:
        """Have a topic's events pushed to a connection; twice is once."""
        self._put(connection_id, topic, until, {"topic": {"S": topic}})

    def unsubscribe(self, connection_id: str, topic: str) -> None:
        """Stop that; also if it never began."""
        self._dynamodb.delete_item(TableName=self._table, Key=_key(connection_id, topic))

    def forget(self, connection_id: str) -> None:
        """Delete a connection, also one that was never or is no longer known."""
        for entry in self._entries(connection_id):
            self.unsubscribe(connection_id, entry)

    def _entries(self, connection_id: str) -> Iterator[str]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            ConsistentRead=True,
            KeyConditionExpression="connection_id = :connection_id",
            ExpressionAttributeValues={":connection_id": {"S": connection_id}},
        )
        for page in pages:
            yield from (item[str(TABLE.sort_key)]["S"] for item in page["Items"])

    def _put(self, connection_id: str, entry: str, expires_at: int, rest: dict[str, Any]) -> None:
        ttl = {str(TABLE.ttl): {"N": str(expires_at)}}
        item = {**_key(connection_id, entry), **ttl, **rest}
        self._dynamodb.put_item(TableName=self._table, Item=item)


def _key(connection_id: str, entry: str) -> dict[str, dict[str, str]]:
    return {TABLE.partition_key: {"S": connection_id}, str(TABLE.sort_key): {"S": entry}}
