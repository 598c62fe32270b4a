"""Pushes each new event to the connections of its topic; on a schedule, counts connections.

A record that fails is asked for again with all after it, so some clients get an event twice: they
drop an id they know. https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from contract.metrics import REALTIME, STACK
from functions.fanout.push import Push
from functions.fanout.subscribers import Subscribers
from functions.platform_runtime import settings as platform
from functions.platform_runtime.telemetry import log
from functions.platform_runtime.telemetry.failures import marked


class DeliveryError(Exception):
    """Some connections did not get an event; the log says why."""


@dataclass(frozen=True, kw_only=True)
class Settings(platform.RealtimeSettings):
    """What this function is given besides."""

    connections_table: str
    connections_url: str


@cache
def settings() -> Settings:
    return platform.read(Settings)


@cache
def subscribers() -> Subscribers:
    return Subscribers(settings().connections_table)


@cache
def push() -> Push:
    return Push(settings().connections_url, logger)


logger = log.logger("fanout")


class UntilOneFails(BatchProcessor):
    """What comes after a failed record comes again anyway: it is not pushed now."""

    def process(self) -> list[tuple[Any, ...]]:
        results: list[tuple[Any, ...]] = []
        for record in self.records:
            results.append(self._process_record(record))
            if self.fail_messages:
                logger.error("not delivered", exc_info=self.exceptions[-1][1])
                break
        return results


def run(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Deliver a batch of the events table's stream; without records, count the connections."""
    if "Records" not in event:
        return count()
    processor = UntilOneFails(
        event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False
    )
    return dict(process_partial_response(event, deliver, processor, context))


def deliver(record: DynamoDBRecord) -> None:
    """Push one event. Raises DeliveryError if it is to be tried again."""
    image = record.dynamodb.new_image if record.dynamodb else None
    # Changes and expiries reach the stream too, should the filter in front of it be lost.
    if record.raw_event["eventName"] != "INSERT" or not image:
        return
    outcomes = push().send(subscribers().of(image["topic"]), image["message"])
    for connection_id, outcome in outcomes.items():
        if outcome == "gone":
            subscribers().sweep(connection_id)
    counted = Counter(outcomes.values())
    logger.info("delivered", extra={"event_id": image["event_id"], "outcomes": counted})
    if counted["failed"]:
        raise DeliveryError(f"{counted['failed']} of {len(outcomes)} connections")


def count() -> dict[str, int]:
    """Say how many connections are open, in a metric."""
    connections = subscribers().count()
    metrics = EphemeralMetrics(namespace=REALTIME)
    metrics.add_dimension(STACK, settings().stack)
    metrics.add_metric("Connections", MetricUnit.Count, connections)
    metrics.flush_metrics()
    return {"connections": connections}


handler = marked(logger)(run)
