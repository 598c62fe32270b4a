"""The DynamoDB tables: keys, indexes, expiry and stream."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Index:
    """A global secondary index; all keys are strings."""

    name: str
    partition_key: str
    sort_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table; ``ttl`` names the attribute that holds the expiry in epoch seconds, if any."""

    name: str
    partition_key: str
    ttl: str | None
    sort_key: str | None = None
    indexes: tuple[Index, ...] = ()
    stream: bool = False
    realtime: bool = False


TABLES = {
    table.name: table
    for table in (
        Table(
            name="connections",
            partition_key="connection_id",
            sort_key="entry",
            ttl="expires_at",
            indexes=(Index(name="topic", partition_key="topic", sort_key="connection_id"),),
            realtime=True,
        ),
        Table(name="limits", partition_key="bucket", ttl="expires_at"),
        Table(
            name="api_keys",
            partition_key="key_hash",
            ttl=None,
            indexes=(Index(name="workspace", partition_key="workspace", sort_key="key_id"),),
        ),
        Table(name="tickets", partition_key="ticket_hash", ttl="expires_at"),
        Table(
            name="events",
            partition_key="topic",
            sort_key="event_id",
            ttl="expires_at",
            stream=True,
            realtime=True,
        ),
    )
}
