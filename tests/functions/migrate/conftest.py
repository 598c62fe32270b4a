"""The migration function and an empty database its settings point at."""

import io
import logging
from dataclasses import dataclass

import pytest

from functions.migrate import app as module
from functions.platform_runtime.database import postgres as runtime
from tests.functions.conftest import Context
from tests.migrations.conftest import database, server

__all__ = ["database", "server"]


@dataclass
class Invocation(Context):
    remaining_ms: int = 65_000

    def get_remaining_time_in_millis(self):
        return self.remaining_ms


@pytest.fixture
def app(fresh, environment, database):
    """In a new environment, connecting without TLS, which this build of Postgres does not know."""
    environment.setenv("DB_PORT", str(database.port))
    environment.setenv("DB_NAME", database.name)
    environment.setenv("DB_USER", "platform_migrator")
    environment.setattr(runtime, "TLS", {"sslmode": "disable"})
    return fresh(module)


@pytest.fixture
def migrate(app):
    return lambda event: app.handler(event, Invocation())


@pytest.fixture
def logged():
    """What the functions have logged, as text."""
    stream = io.StringIO()
    for name in ("migrate", "bootstrap"):
        for handler in logging.getLogger(name).handlers:
            handler.setStream(stream)
    return stream.getvalue
