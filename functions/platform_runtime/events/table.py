"""The events table: its stream is what the fan-out reads."""

import json
import math
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from aws_lambda_powertools import Logger

from contract.tables import TABLES
from functions.platform_runtime import clients

TABLE = TABLES["events"]
KEPT_SECONDS = 86_400
"""The stream itself forgets after a day."""
LARGEST_BYTES = 30_000
"""API Gateway bills and frames a message by 32 KB, and refuses 128."""
THREADS = 8
CALL_SECONDS = 2.0


class Event(NamedTuple):
    """A row of the outbox."""

    row: int
    topic: str
    event: dict[str, Any]
    created_at: datetime

    @property
    def event_id(self) -> str:
        """The same each time the row is read; ids of a topic sort as its rows do.

        The row's number alone would come again after the database was restored to a time before.
        """
        return f"{int(self.created_at.timestamp() * 1_000_000):016d}-{self.row:012d}"

    def message(self) -> str:
        """What is pushed; a client drops an ``id`` it has seen, and asks for what was left out."""
        stated = {
            "type": "event",
            "id": self.event_id,
            "topic": self.topic,
            "time": self.created_at.isoformat(),
        }
        whole = _json({**stated, "event": self.event})
        return whole if len(whole) <= LARGEST_BYTES else _json({**stated, "truncated": True})


class Events:
    """The table of events; ``seconds`` and ``attempts`` are those of one put."""

    def __init__(
        self, table: str, logger: Logger, *, seconds: float = CALL_SECONDS, attempts: int = 2
    ) -> None:
        self._table, self._logger = table, logger
        self._dynamodb = clients.client(
            "dynamodb", seconds=seconds, attempts=attempts, max_pool_connections=THREADS
        )

    def put(self, events: Sequence[Event], *, within: float = math.inf) -> Collection[int]:
        """Put them, a topic's in their order and topics side by side; the rows that were put.

        What was not begun ``within`` so many seconds is not put.
        """
        topics: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            topics[event.topic].append(event)
        put = partial(self._put_topic, time.monotonic() + within)
        with ThreadPoolExecutor(THREADS) as pool:
            return [row for rows in pool.map(put, topics.values()) for row in rows]

    def _put_topic(self, deadline: float, events: Sequence[Event]) -> list[int]:
        """As many as succeed: what comes after a failure must not overtake it."""
        rows: list[int] = []
        for event in events:
            if time.monotonic() > deadline:
                extra = {"topic": event.topic, "left": len(events) - len(rows)}
                self._logger.warning("no time is left: events not relayed", extra=extra)
                break
            try:
                self._put(event)
            except clients.errors() as error:
                extra = {"topic": event.topic, "event_id": event.event_id, "cause": str(error)}
                self._logger.error("event not relayed", extra=extra)
                break
            rows.append(event.row)
        return rows

    def _put(self, event: Event) -> None:
        self._dynamodb.put_item(
            TableName=self._table,
            Item={
                TABLE.partition_key: {"S": event.topic},
                str(TABLE.sort_key): {"S": event.event_id},
                str(TABLE.ttl): {"N": str(int(time.time()) + KEPT_SECONDS)},
                "message": {"S": event.message()},
            },
        )


def _json(value: object) -> str:
    # Escaped, so that its length is also its size in bytes.
    return json.dumps(value, separators=(",", ":"))
