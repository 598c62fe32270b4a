"""The relay between the platform's database and the events table."""

from dataclasses import dataclass

import boto3
import pytest
from moto import mock_aws
from psycopg.types.json import Jsonb

from functions.relay import app as module
from tests.functions import conftest
from tests.functions.realtime import tables


@dataclass
class Context(conftest.Context):
    left_ms: int = 60_000

    def get_remaining_time_in_millis(self):
        return self.left_ms


@pytest.fixture
def sql(postgres):
    """Run statements as the superuser; nothing waits at first."""
    postgres.execute("TRUNCATE outbox")
    return postgres.execute


@pytest.fixture
def outbox(sql):
    """Commit events; asks for the numbers of those that wait."""

    class Outbox:
        def add(self, *events, topic="workspace#w1"):
            insert = "INSERT INTO outbox (topic, event) SELECT %s, unnest(%s::jsonb[])"
            sql(insert, topic, [Jsonb(event) for event in events])

        def waiting(self):
            rows = sql("SELECT event ->> 'n' FROM outbox ORDER BY id")
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
def run(app, sql, table):  # noqa: ARG001
    """The schedule calls the function."""
    return lambda left_ms=60_000: app.handler({}, Context(left_ms=left_ms))
