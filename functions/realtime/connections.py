"""The table of open connections."""

import boto3

from contract.tables import TABLES

TABLE = TABLES["connections"]


class Connections:
    """Who is connected; an item expires by itself should its end go unseen."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb = boto3.client("dynamodb")

    def forget(self, connection_id: str) -> None:
        """Delete a connection, also one that was never or is no longer known."""
        self._dynamodb.delete_item(
            TableName=self._table, Key={TABLE.partition_key: {"S": connection_id}}
        )
