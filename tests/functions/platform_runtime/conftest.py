"""A database with the platform's tables, DynamoDB's table of limits, and S3's bucket."""

from contextlib import contextmanager
from pathlib import Path

import boto3
import psycopg
import pytest
from moto import mock_aws

from contract.tables import TABLES
from functions.platform_runtime.database import Database
from functions.platform_runtime.settings import DatabaseSettings, read

ROOT = Path(__file__).parents[3]
BUCKET = "data-bucket"


@pytest.fixture
def sql(postgres):
    """Run a statement beside the code's own connections."""

    def run(statement, *parameters, name="platform", port=postgres.port):
        address = f"host=127.0.0.1 port={port} dbname={name} user=platform_app"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else None

    return run


@pytest.fixture
def tables(sql, environment):
    """A database of its own with what the first migration makes."""
    sql("DROP DATABASE IF EXISTS runtime WITH (FORCE)")
    sql("CREATE DATABASE runtime")
    sql((ROOT / "migrations/0001_tables.sql").read_text(encoding="utf-8"), name="runtime")
    environment.setenv("DB_NAME", "runtime")
    return lambda statement, *parameters: sql(statement, *parameters, name="runtime")


@pytest.fixture
def connected():
    """Databases as functions have them, closed at the end."""
    opened = []

    def open_one(**options):
        opened.append(Database(read(DatabaseSettings), **options))
        return opened[-1]

    yield open_one
    for database in opened:
        database.close()


@pytest.fixture
def limits_table(environment):  # noqa: ARG001
    with mock_aws():
        table = TABLES["limits"]
        yield boto3.resource("dynamodb").create_table(
            TableName="limits",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": table.partition_key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": table.partition_key, "AttributeType": "S"}],
        )


@pytest.fixture
def s3(environment):  # noqa: ARG001
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        yield client


@pytest.fixture
def at(monkeypatch):
    """Set the clock of the code under test."""

    @contextmanager
    def clock(module, moment):
        with monkeypatch.context() as patch:
            patch.setattr(module.time, "time", lambda: moment)
            yield

    return clock
