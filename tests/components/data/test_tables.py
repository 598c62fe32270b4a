"""What the tables register."""

import pytest

from components.data.tables import Tables, TablesArgs
from contract.tables import TABLES
from tests.declare import KEY, REGION, context, declare, inputs

TABLE = "aws:dynamodb/table:Table"


def tables() -> Tables:
    args = TablesArgs(
        context=context(protect=True),
        tables=list(TABLES.values()),
    )
    return Tables("tables", args)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_encrypted_and_recoverable_and_forgets_or_is_protected(name):
    graph = declare(tables)
    table = inputs(graph, TABLE)[f"tables-{name.replace('_', '-')}"]

    assert table["billingMode"] == "PAY_PER_REQUEST"
    assert table["serverSideEncryption"] == {"enabled": True, "kmsKeyArn": KEY}
    assert table["pointInTimeRecovery"] == {"enabled": True}
    ttl = TABLES[name].ttl
    assert table["deletionProtectionEnabled"] is (ttl is None)
    assert table.get("ttl") == ({"enabled": True, "attributeName": ttl} if ttl else None)


def test_keys_and_indexes_are_the_contracts():
    table = inputs(declare(tables), TABLE)["tables-connections"]

    assert table["hashKey"] == "connection_id"
    assert table["attributes"] == [
        {"name": "connection_id", "type": "S"},
        {"name": "entry", "type": "S"},
        {"name": "topic", "type": "S"},
    ]
    (index,) = table["globalSecondaryIndexes"]
    assert index == {
        "name": "topic",
        "keySchemas": [
            {"attributeName": "topic", "keyType": "HASH"},
            {"attributeName": "connection_id", "keyType": "RANGE"},
        ],
        "projectionType": "ALL",
    }


def test_only_the_events_have_a_stream():
    streams = {
        name: (table["streamEnabled"], table.get("streamViewType"))
        for name, table in inputs(declare(tables), TABLE).items()
    }

    assert streams == {
        "tables-connections": (False, None),
        "tables-limits": (False, None),
        "tables-events": (True, "NEW_IMAGE"),
        "tables-api-keys": (False, None),
        "tables-tickets": (False, None),
    }


def test_a_grant_is_on_one_table_and_on_the_key_through_dynamodb_alone():
    found = []
    declare(lambda: found.extend(tables().grants("limits", "UpdateItem")))
    table, key = found

    assert (table.sid, table.actions, len(table.resources)) == (
        "TableLimits",
        ["dynamodb:UpdateItem"],
        1,
    )
    assert (key.actions, key.resources) == (("kms:Decrypt",), [KEY])
    assert key.conditions == {
        "StringEquals": {"kms:ViaService": f"dynamodb.{REGION}.amazonaws.com"}
    }


def test_a_grant_on_an_index_is_on_that_index_alone():
    found = []
    declare(lambda: found.extend(tables().grants("connections", "Query", index="topic")))

    assert (found[0].sid, found[0].actions) == ("TableConnectionsTopic", ["dynamodb:Query"])
