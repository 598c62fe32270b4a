"""The function on a migrated Postgres, and an item with an object that was archived."""

import copy
import json
from pathlib import Path
from urllib.parse import quote_plus
from uuid import UUID

import pytest
from moto import mock_aws

from functions.platform_runtime.objects.status import object_key
from functions.restored import app as module
from tests.functions.conftest import Context
from tests.functions.realtime import tables

EVENT = json.loads((Path(__file__).with_name("events") / "object_restored.json").read_text())


@pytest.fixture
def database(postgres):
    return postgres


@pytest.fixture
def workspace(migrated):
    """A workspace of its own for each test."""
    [(found,)] = migrated.execute(
        "INSERT INTO workspaces (name, created_by) VALUES ('one', 'ada') RETURNING id"
    )
    yield found
    migrated.execute("DELETE FROM outbox")


@pytest.fixture
def item(migrated, workspace):
    """Make an item; returns its id."""

    def made(table) -> UUID:
        [(found,)] = migrated.execute(
            f"INSERT INTO {table} (workspace_id, user_id, name)"  # noqa: S608
            " VALUES (%s, 'ada', 'one') RETURNING id",
            workspace,
        )
        return found

    return made


@pytest.fixture
def payload(workspace, item):
    """The key of a simulation's payload."""
    return object_key(workspace, "simcore", item("simcore_simulations"), "payload")


@pytest.fixture
def outbox(migrated, workspace):
    """What the workspace is about to be told."""

    def waiting():
        rows = migrated.execute(
            "SELECT event FROM outbox WHERE topic = %s ORDER BY id", f"workspace#{workspace}"
        )
        return [event for (event,) in rows]

    return waiting


@pytest.fixture
def restored(database, fresh):  # noqa: ARG001
    """S3 says that the object of this key is back."""
    app = fresh(module)

    def deliver(key, *, until=None, **differing):
        event = copy.deepcopy(EVENT)
        [record] = event["Records"]
        record["s3"]["object"] |= {"key": quote_plus(key), **differing}
        if until is not None:
            restore = record["glacierEventData"]["restoreEventData"]
            restore["lifecycleRestorationExpiryTime"] = until
        [outcome] = app.handler(event, Context())["outcomes"]
        return outcome

    yield deliver
    if app.database.cache_info().currsize:
        app.database().close()


@pytest.fixture
def events_table(environment):  # noqa: ARG001
    with mock_aws():
        yield tables.create("events")
