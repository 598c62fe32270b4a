"""Whether the platform and its database answer; also what answers where nothing is."""

from dataclasses import dataclass
from functools import cache

import psycopg

from functions.platform_runtime.database.outages import DATABASE, POSTGRES
from functions.platform_runtime.database.postgres import Database
from functions.platform_runtime.database.readers import Lag
from functions.platform_runtime.requests.api import Api
from functions.platform_runtime.responses import Body
from functions.platform_runtime.settings import ApiSettings, DatabaseSettings, read
from functions.platform_runtime.telemetry.withheld import withheld

STATEMENT_SECONDS = 2
READERS_SECONDS = 2
"""All of them together."""


@dataclass(frozen=True, kw_only=True)
class Settings(ApiSettings, DatabaseSettings):
    """What this function is given."""


@cache
def settings() -> Settings:
    return read(Settings)


@cache
def database() -> Database:
    return Database(settings())


api = Api("health", settings, POSTGRES)


@api.operation
def get_health() -> Body:
    """The function runs; nothing else is asked."""
    return {
        "status": "ok",
        "latency_ms": api.latency_ms,
        "environment": settings().environment,
        "version": api.context.function_version,
    }


@api.operation
def get_database_health() -> Body:
    """The writer answers a statement, over the connection its requests use.

    Readers are told of, and fail nothing: what they do not answer is read from the writer.
    """
    try:
        with database().transaction(timeout_seconds=STATEMENT_SECONDS) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        cause = str(withheld(error)).partition("\n")[0]
        api.logger.error("database unavailable", extra={"cause": cause, "sqlstate": error.sqlstate})
        beside = {"status": "unavailable", "latency_ms": api.latency_ms}
        raise DATABASE.refusal(beside) from None
    latency_ms = api.latency_ms
    readers = [_reader(lag) for lag in database().replica_lag(timeout_seconds=READERS_SECONDS)]
    return {"status": "ok", "latency_ms": latency_ms, "readers": readers}


def _reader(lag: Lag) -> Body:
    """Without its name, which is nobody's business; the log has it."""
    if not lag.answers:
        api.logger.warning("reader unavailable", extra={"reader": lag.reader})
    return {"status": "ok" if lag.answers else "unavailable", "lag_seconds": lag.seconds}


handler = api.handler()
