"""Keys of workspaces: shown once, kept as a hash, revoked for good."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from contract.tables import TABLES
from functions.platform_runtime import clients
from functions.platform_runtime.identity.principals import Principal

TABLE = TABLES["api_keys"]
INDEX = "workspace"
CALL_SECONDS = 2.0
PREFIX = "map_"
"""Lets secret scanners and people see what it is."""


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """What may be told of a key; times in ISO 8601."""

    key_id: str
    workspace: str
    name: str
    created_by: str
    created_at: str
    revoked_at: str | None = None

    @property
    def principal(self) -> Principal:
        """Whoever holds the key."""
        return Principal(subject=f"api-key:{self.key_id}", kind="api", workspace=self.workspace)


class ApiKeys:
    """The table of keys."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._dynamodb = clients.client("dynamodb", seconds=CALL_SECONDS)

    def create(self, *, workspace: str, name: str, created_by: str) -> tuple[ApiKey, str]:
        """A new key, and its text, which nobody can tell again."""
        text = PREFIX + secrets.token_urlsafe(32)
        key = ApiKey(
            key_id=str(uuid4()),
            workspace=workspace,
            name=name,
            created_by=created_by,
            created_at=_now(),
        )
        stated = {k: v for k, v in vars(key).items() if v is not None}
        item = {k: {"S": v} for k, v in {TABLE.partition_key: _hash(text), **stated}.items()}
        self._dynamodb.put_item(TableName=self._table, Item=item)
        return key, text

    def find(self, text: str) -> ApiKey | None:
        """The key of this text, unless it is revoked."""
        digest = _hash(text)
        answer = self._dynamodb.get_item(
            TableName=self._table, Key={TABLE.partition_key: {"S": digest}}, ConsistentRead=True
        )
        item = answer.get("Item")
        # Lookup is by the hash, whose nearness to another says nothing about the key.
        if not item or not hmac.compare_digest(item[TABLE.partition_key]["S"], digest):
            return None
        key = _key(item)
        return None if key.revoked_at else key

    def of(self, workspace: str) -> list[ApiKey]:
        """A workspace's keys, the revoked ones among them."""
        return [_key(item) for item in self._items(workspace)]

    def revoke(self, *, workspace: str, key_id: str) -> bool:
        """Refuse a key from now on; False if the workspace has no such key.

        What an authorizer said of it before may be believed for five minutes.
        """
        for item in self._items(workspace, key_id):
            self._dynamodb.update_item(
                TableName=self._table,
                Key={TABLE.partition_key: item[TABLE.partition_key]},
                UpdateExpression="SET revoked_at = if_not_exists(revoked_at, :now)",
                ConditionExpression="key_id = :key_id",
                ExpressionAttributeValues={":now": {"S": _now()}, ":key_id": {"S": key_id}},
            )
            return True
        return False

    def _items(self, workspace: str, key_id: str | None = None) -> Iterator[dict[str, Any]]:
        condition, values = "workspace = :workspace", {":workspace": {"S": workspace}}
        if key_id is not None:
            condition += " AND key_id = :key_id"
            values[":key_id"] = {"S": key_id}
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=INDEX,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
        )
        for page in pages:
            yield from page["Items"]


def _key(item: Mapping[str, Mapping[str, str]]) -> ApiKey:
    stated = {key: value["S"] for key, value in item.items() if key != TABLE.partition_key}
    return ApiKey(**stated)


def _hash(text: str) -> str:
    # A key has 256 random bits: a slow hash would protect nothing more.
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
