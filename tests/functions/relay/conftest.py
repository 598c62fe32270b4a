"""The relay between a database of its own and the events table."""

import re
from dataclasses import dataclass
from pathlib import Path

import boto3
import psycopg
import pytest
from moto import mock_aws
from psycopg.types.json import Jsonb

from functions.relay import app as module
from tests.functions import conftest
from tests.functions.realtime import tables

MIGRATION = Path(__file__).parents[3] / "migrations/0001_tables.sql"


@dataclass
class Context(conftest.Context):
    left_ms: int = 60_000

    def get_remaining_time_in_millis(self):
        return self.left_ms


@pytest.fixture
def address(postgres, environment):
    """A database that holds the outbox of the migrations and nothing else."""
    server = f"host=127.0.0.1 port={postgres.port} user=platform_app dbname="
    table = re.search(r"CREATE TABLE outbox \(.*?\);", MIGRATION.read_text(), re.DOTALL).group()
    with psycopg.connect(server + "platform", autocommit=True) as admin:
        admin.execute("CREATE DATABASE relay")
        with psycopg.connect(server + "relay", autocommit=True) as made:
            made.execute(table)
        environment.setenv("DB_NAME", "relay")
        yield server + "relay"
        admin.execute("DROP DATABASE relay WITH (FORCE)")


@pytest.fixture
def sql(address):
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


@pytest.fixture
def outbox(sql):
    """Commit events; asks for the numbers of those that wait."""

    class Outbox:
        def add(self, *events, topic="workspace#w1"):
            for event in events:
                sql.execute(
                    "INSERT INTO outbox (topic, event) VALUES (%s, %s)", [topic, Jsonb(event)]
                )

        def waiting(self):
            rows = sql.execute("SELECT event ->> 'n' FROM outbox ORDER BY id").fetchall()
            return [int(n) for (n,) in rows]

    return Outbox()


@pytest.fixture
def table():
    with mock_aws():
        yield tables.create("events")


@pytest.fixture
def inserted(table):
    """What the table's stream told of new items: their ids, in order."""

    def read():
        # moto knows the streams under their old address only.
        address = "https://streams.dynamodb.us-east-1.amazonaws.com"
        streams = boto3.client("dynamodbstreams", endpoint_url=address)
        arn = table.latest_stream_arn
        [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        records = streams.get_records(ShardIterator=iterator)["Records"]
        new = [r["dynamodb"]["NewImage"] for r in records if r["eventName"] == "INSERT"]
        return [item["event_id"]["S"] for item in new]

    return read


@pytest.fixture
def app(fresh):
    yield fresh(module)
    if module.database.cache_info().currsize:
        module.database().close()


@pytest.fixture
def run(app, address, table):  # noqa: ARG001
    """The schedule calls the function."""
    return lambda left_ms=60_000: app.handler({}, Context(left_ms=left_ms))
