"""The DynamoDB tables in moto, keyed and indexed as the contract says."""

import boto3

from contract.tables import TABLES


def create(name, *, called=None):
    """Make a table of the contract, named as it is there unless told otherwise."""
    table = TABLES[name]
    keyed = [table, *table.indexes]
    attributes = {key for k in keyed for key in (k.partition_key, k.sort_key) if key}
    indexes = [
        {"IndexName": i.name, "KeySchema": _schema(i), "Projection": {"ProjectionType": "ALL"}}
        for i in table.indexes
    ]
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    return boto3.resource("dynamodb").create_table(
        TableName=called or name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=_schema(table),
        AttributeDefinitions=[{"AttributeName": a, "AttributeType": "S"} for a in attributes],
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
        **({"StreamSpecification": stream} if table.stream else {}),
    )


def _schema(keys):
    schema = [{"AttributeName": keys.partition_key, "KeyType": "HASH"}]
    if keys.sort_key:
        schema.append({"AttributeName": keys.sort_key, "KeyType": "RANGE"})
    return schema
