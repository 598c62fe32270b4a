"""Whose the connections are, and what the table holds of them."""

import time

from functions.platform_runtime.identity.principals import Principal

CONNECTION = "UJ3kyccXoAMCJmA="
TOPIC = "workspace#w1"
LATER = int(time.time()) + 3600
ADA = Principal(subject="ada", kind="user", expires=LATER)
OTHERS = [
    {"connection_id": "another", "entry": "connection", "expires_at": LATER},
    {"connection_id": "another", "entry": TOPIC, "topic": TOPIC, "expires_at": LATER},
]


def mine(table):
    items = table.scan()["Items"]
    return {i["entry"]: i for i in items if i["connection_id"] == CONNECTION}


def others(table):
    return [i for i in table.scan()["Items"] if i["connection_id"] != CONNECTION]


def listeners(table):
    page = table.query(
        IndexName="topic",
        KeyConditionExpression="topic = :t",
        ExpressionAttributeValues={":t": TOPIC},
    )
    return {item["connection_id"] for item in page["Items"]}


def code(answer):
    return answer[0], answer[1]["error"]["code"]
