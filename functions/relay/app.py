"""Relays the outbox when the schedule says so, until it is empty or the time is nearly over."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from contract.metrics import OUTBOX_LAG, REALTIME, STACK
from functions.platform_runtime import settings as platform
from functions.platform_runtime.database.postgres import Database
from functions.platform_runtime.events.outbox import BATCH, lag_seconds, relay
from functions.platform_runtime.events.table import Events
from functions.platform_runtime.settings import DatabaseSettings, RealtimeSettings
from functions.platform_runtime.telemetry import log
from functions.platform_runtime.telemetry.failures import marked

SPARE_MS = 35_000
"""A batch and the lag's query, each at its slowest and on a new connection, still end in it."""


class RelayError(Exception):
    """Some events stay in the outbox; the log says why."""


@dataclass(frozen=True, kw_only=True)
class Settings(DatabaseSettings, RealtimeSettings):
    """What this function is given besides."""

    events_table: str


@cache
def settings() -> Settings:
    return platform.read(Settings)


@cache
def database() -> Database:
    return Database(settings())


@cache
def events() -> Events:
    return Events(settings().events_table, logger)


logger = log.logger("relay")


def run(_: dict[str, Any], context: LambdaContext) -> dict[str, float]:
    """Relay, and measure what is left. Raises RelayError if an event could not be put."""
    relayed, failed, more = 0, 0, True
    while more and context.get_remaining_time_in_millis() > SPARE_MS:
        batch = relay(database(), events())
        relayed, failed = relayed + batch.relayed, batch.failed
        more = batch.taken == BATCH and not failed
    lag = lag_seconds(database())
    measure(relayed, lag)
    if failed:
        raise RelayError(f"{failed} events could not be put")
    return {"relayed": relayed, "lag_seconds": lag}


def measure(relayed: int, lag: float) -> None:
    """Write the metrics to the log, which CloudWatch reads them from."""
    metrics = EphemeralMetrics(namespace=REALTIME)
    metrics.add_dimension(STACK, settings().stack)
    metrics.add_metric(OUTBOX_LAG, MetricUnit.Seconds, lag)
    metrics.add_metric("OutboxRelayed", MetricUnit.Count, relayed)
    metrics.flush_metrics()


handler = marked(logger)(run)
