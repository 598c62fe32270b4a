"""The function that relays, the one it invokes run in this process, and the master's secret."""

import io
import json
import zipfile
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws
from moto.awslambda.models import LambdaFunction

from functions.bootstrap import app as module
from tests.functions.migrate.conftest import app as migrate_app
from tests.functions.migrate.conftest import database, logged, migrate, server
from tests.migrations.databases import MASTER

__all__ = ["database", "logged", "migrate", "migrate_app", "server"]

PASSWORD = "the-master-password"  # noqa: S105


@pytest.fixture
def app(migrate_app):
    """What the migration function's fixture asks for under this name."""
    return migrate_app


@pytest.fixture
def aws():
    with mock_aws():
        yield SimpleNamespace(
            secrets=boto3.client("secretsmanager"),
            functions=boto3.client("lambda"),
            roles=boto3.client("iam"),
        )


@pytest.fixture
def master(aws, environment):
    """The ARN of the secret, in RDS's own shape."""
    value = {"username": MASTER, "password": PASSWORD}
    arn = aws.secrets.create_secret(Name="master", SecretString=json.dumps(value))["ARN"]
    environment.setenv("MASTER_SECRET_ARN", arn)
    return arn


@pytest.fixture
def invoked(aws, environment):
    """The events the migration function was invoked with; set ``serve`` for what it does."""
    record = SimpleNamespace(events=[], serve=lambda _: {})

    def invoke(_, event):
        record.events.append(event)
        try:
            return json.dumps(record.serve(event)), False, ""
        except Exception as error:
            told = {"errorMessage": str(error), "errorType": type(error).__name__}
            return json.dumps(told), True, ""

    environment.setattr(LambdaFunction, "_invoke_lambda", invoke)
    code = io.BytesIO()
    zipfile.ZipFile(code, "w").close()
    role = aws.roles.create_role(RoleName="migrate", AssumeRolePolicyDocument="{}")["Role"]
    made = aws.functions.create_function(
        FunctionName="migrate",
        Runtime="python3.13",
        Handler="functions.migrate.app.handler",
        Role=role["Arn"],
        Code={"ZipFile": code.getvalue()},
        Publish=True,
    )
    alias = aws.functions.create_alias(
        FunctionName="migrate", Name="live", FunctionVersion=made["Version"]
    )
    environment.setenv("MIGRATE_FUNCTION", alias["AliasArn"])
    return record


@pytest.fixture
def bootstrap(fresh, master, invoked):  # noqa: ARG001
    """As in a new Lambda environment."""
    from functions.platform_runtime.secrets import store

    fresh(store)
    return fresh(module)
