"""The two functions, the one outside the VPC invoking the one inside in this process."""

import io
import json
import zipfile
from types import SimpleNamespace

import boto3
import pytest
from moto.awslambda.models import LambdaFunction

from functions.maintenance import app as module
from functions.platform_runtime.database import postgres as runtime
from tests.functions.maintenance.conftest import BUCKET, Invocation


@pytest.fixture
def maintenance(fresh, environment, database):
    """In a new environment, connecting without TLS, which this build of Postgres does not know."""
    environment.setenv("DB_PORT", str(database.port))
    environment.setenv("DB_NAME", database.name)
    environment.setenv("DATA_BUCKET", BUCKET)
    environment.setattr(runtime, "TLS", {"sslmode": "disable"})
    return fresh(module)


@pytest.fixture
def maintain(maintenance):
    def invoke(job, **event):
        answer = maintenance.handler({"job": job, **event}, Invocation())
        return json.loads(json.dumps(answer))

    return invoke


@pytest.fixture
def secret(s3, environment, ring):  # noqa: ARG001
    """Replaces the keyring; ENCRYPTION_KEY holds the first at the start."""
    client = boto3.client("secretsmanager")
    arn = client.create_secret(Name="ENCRYPTION_KEY", SecretString=ring.dump())["ARN"]
    environment.setenv("ENCRYPTION_KEY_ARN", arn)
    return lambda value: client.put_secret_value(SecretId=arn, SecretString=value)


@pytest.fixture
def invoked(s3, environment, maintain):  # noqa: ARG001
    """The events the maintenance function was invoked with, and what it does with them."""

    def serve(event):
        return maintain(**event)

    record = SimpleNamespace(events=[], serve=serve)

    def invoke(_, event):
        event = json.loads(event) if isinstance(event, str) else event
        record.events.append(event)
        try:
            return json.dumps(record.serve(event)), False, ""
        except Exception as error:
            return json.dumps({"errorMessage": str(error)}), True, ""

    environment.setattr(LambdaFunction, "_invoke_lambda", invoke)
    code = io.BytesIO()
    zipfile.ZipFile(code, "w").close()
    policy = {"RoleName": "maintenance", "AssumeRolePolicyDocument": "{}"}
    made = boto3.client("lambda").create_function(
        FunctionName="maintenance",
        Runtime="python3.13",
        Handler="functions.maintenance.app.handler",
        Role=boto3.client("iam").create_role(**policy)["Role"]["Arn"],
        Code={"ZipFile": code.getvalue()},
    )
    environment.setenv("MAINTENANCE_FUNCTION", made["FunctionArn"])
    return record
