"""Who listens to a topic, as the connections table has it."""

import time
from collections.abc import Iterator
from typing import Any

from contract.tables import TABLES
from functions.platform_runtime import clients

TABLE = TABLES["connections"]
INDEX = "topic"
CALL_SECONDS = 2.0
ITSELF = "connection"
"""The entry that is the connection; the others are topics."""


class Subscribers:
    """Connections and what they listen to; late items are as good as gone."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb = clients.client("dynamodb", seconds=CALL_SECONDS)

    def of(self, topic: str) -> list[str]:
        """The ids of the connections a topic's events go to."""
        items = self._pages(
            "query",
            IndexName=INDEX,
            KeyConditionExpression="topic = :topic",
            **_living({":topic": topic}),
        )
        return [item[TABLE.partition_key]["S"] for page in items for item in page["Items"]]

    def sweep(self, connection_id: str) -> None:
        """Delete a connection that is gone, with all it listened to."""
        pages = self._pages(
            "query",
            ConsistentRead=True,
            KeyConditionExpression="connection_id = :connection_id",
            ExpressionAttributeValues={":connection_id": {"S": connection_id}},
        )
        keys = (TABLE.partition_key, str(TABLE.sort_key))
        for item in [item for page in pages for item in page["Items"]]:
            self._dynamodb.delete_item(TableName=self._table, Key={key: item[key] for key in keys})

    def count(self) -> int:
        """How many connections are open. Reads the whole table: for a schedule, not for events."""
        pages = self._pages(
            "scan", Select="COUNT", **_living({":itself": ITSELF}, "#entry = :itself AND ")
        )
        return sum(page["Count"] for page in pages)

    def _pages(
        self,
        operation: str,
        **request: Any,  # noqa: ANN401
    ) -> Iterator[dict[str, Any]]:
        pages: Iterator[dict[str, Any]] = iter(
            self._dynamodb.get_paginator(operation).paginate(TableName=self._table, **request)
        )
        return pages


def _living(values: dict[str, str], condition: str = "") -> dict[str, Any]:
    """Leaves out what has expired, which DynamoDB removes days later."""
    now = {":now": {"N": str(int(time.time()))}}
    names = {"#expiry": str(TABLE.ttl)} | ({"#entry": str(TABLE.sort_key)} if condition else {})
    return {
        "FilterExpression": f"{condition}#expiry > :now",
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {k: {"S": v} for k, v in values.items()} | now,
    }
