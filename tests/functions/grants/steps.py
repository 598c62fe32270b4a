"""What several drivers begin with."""

import time

import boto3

from functions.platform_runtime.identity.principals import Principal
from functions.platform_runtime.identity.tickets import Claims
from tests.functions.fanout.conftest import RECORD

TOPIC = RECORD["dynamodb"]["Keys"]["topic"]["S"]


def workspace_of(ada):
    return ok(ada.post("/api/workspaces", {"name": "Ada's"}))["id"]


def secret(arn):
    current = {"SecretId": arn, "VersionStage": "AWSCURRENT"}
    return boto3.client("secretsmanager").get_secret_value(**current)["SecretString"]


def listener():
    principal = Principal(subject="ada", kind="user", expires=int(time.time()) + 600)
    return Claims(principal=principal, workspaces=(TOPIC.partition("#")[2],))


def ok(answer):
    assert answer.status < 300, answer
    return answer.body
