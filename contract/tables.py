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
    """One table; ``ttl`` names the attribute that holds the expiry in epoch seconds."""

    name: str
    partition_key: str
    ttl: str
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
            ttl="expires_at",
            indexes=(Index(name="topic", partition_key="topic", sort_key="connection_id"),),
            realtime=True,
        ),
        Table(name="limits", partition_key="bucket", ttl="expires_at"),
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
