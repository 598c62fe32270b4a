"""Whether the platform and its database answer; also what answers where nothing is."""

from functools import cache

import psycopg

from functions.platform_runtime.api import Api
from functions.platform_runtime.database import Database
from functions.platform_runtime.responses import Body, RequestError
from functions.platform_runtime.settings import DatabaseSettings, read

STATEMENT_SECONDS = 2


@cache
def settings() -> DatabaseSettings:
    return read(DatabaseSettings)


@cache
def database() -> Database:
    return Database(settings())


api = Api("health", settings)


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
    """The writer answers a statement, over the connection its requests use."""
    try:
        with database().transaction(timeout_seconds=STATEMENT_SECONDS) as connection:
            connection.execute("SELECT 1")
    except psycopg.Error as error:
        cause = str(error).partition("\n")[0]
        api.logger.error("database unavailable", extra={"cause": cause, "sqlstate": error.sqlstate})
        raise RequestError(
            503,
            "database_unavailable",
            "The database does not answer.",
            beside={"status": "unavailable", "latency_ms": api.latency_ms},
        ) from None
    return {"status": "ok", "latency_ms": api.latency_ms}


handler = api.handler()
