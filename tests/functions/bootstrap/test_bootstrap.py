"""An empty database's first migration is relayed; those after it need no master's secret."""

import importlib
import json

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from functions.bootstrap.app import MigrationFailedError
from functions.migrate.errors import MigrationError
from functions.platform_runtime.secrets.store import MissingSecretError
from tests.functions.bootstrap.conftest import PASSWORD
from tests.functions.conftest import Context
from tests.migrations.databases import MASTER, MIGRATIONS

NAMES = [m.name for m in MIGRATIONS]
RELAYED = {"user": MASTER, "password": PASSWORD}


@pytest.fixture
def up(bootstrap):
    return lambda: bootstrap.handler({}, Context())


def refuse(event):
    return {"refused": "no such role"} if not event else {"applied": []}


def test_an_empty_database_is_migrated_as_the_master(up, invoked, migrate, database):
    invoked.serve = migrate

    answer = up()

    assert (answer["user"], answer["applied"]) == (MASTER, NAMES)
    assert invoked.events == [{}, RELAYED]
    assert database.applied() == NAMES


def test_after_that_the_masters_secret_is_not_needed(up, invoked, migrate, aws, master):
    invoked.serve = migrate
    up()
    aws.secrets.delete_secret(SecretId=master, ForceDeleteWithoutRecovery=True)
    invoked.events.clear()

    answer = up()

    assert (answer["user"], answer["applied"]) == ("platform_migrator", [])
    assert invoked.events == [{}]


@pytest.mark.parametrize("served", [{}, {"refused": "no such role"}])
def test_what_the_migration_fails_with_fails_the_deploy(up, invoked, served):
    def serve(event):
        if not event and served:
            return served
        raise MigrationError("0004_pages.sql: canceling statement due to lock timeout")

    invoked.serve = serve

    with pytest.raises(MigrationFailedError, match=r"^0004_pages\.sql: canceling statement due to"):
        up()


def test_a_migration_that_cannot_even_say_why_fails_too(up, environment):
    environment.setattr(
        "moto.awslambda.models.LambdaFunction._invoke_lambda", lambda *_, **__: ("{}", True, "")
    )

    with pytest.raises(MigrationFailedError, match="without a word"):
        up()


def test_the_error_of_a_migration_that_is_refused_to_the_master_too_is_the_last_one(up, invoked):
    def serve(event):
        if event:
            raise MigrationError("platform_admin could not sign in")
        return {"refused": "platform_migrator could not sign in"}

    invoked.serve = serve

    with pytest.raises(MigrationFailedError, match="platform_admin could not sign in"):
        up()


def test_a_master_secret_that_is_not_there_is_missed_by_name(up, invoked, aws, master):
    invoked.serve = refuse
    aws.secrets.delete_secret(SecretId=master, ForceDeleteWithoutRecovery=True)

    with pytest.raises(MissingSecretError, match=r"Missing required secret: POSTGRES_MASTER$"):
        up()


@pytest.mark.parametrize("value", [PASSWORD, json.dumps([PASSWORD]), '{"password": "x"}'])
def test_a_master_secret_of_another_shape_is_not_quoted(up, invoked, aws, master, value):
    invoked.serve = refuse
    aws.secrets.put_secret_value(SecretId=master, SecretString=value)

    with pytest.raises(MissingSecretError, match="POSTGRES_MASTER") as error:
        up()

    assert PASSWORD not in str(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


def test_what_is_relayed_is_never_logged(bootstrap, invoked, migrate, environment, logged):
    # Read when the function is imported, as in a new Lambda environment.
    environment.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")
    importlib.reload(bootstrap)
    invoked.serve = migrate

    bootstrap.handler({"noted": "what-called-it"}, Context())

    assert "what-called-it" not in logged()
    assert '"message":"relaying the master user"' in logged()
    assert "platform_migrator could not sign in" in logged()
    assert PASSWORD not in logged()


@pytest.fixture
def busy(environment):
    """How often the migration function is at another's work, and how long that was waited for."""
    waited, left = [], [0]
    call = BaseClient._make_api_call

    def refused(client, operation, parameters):
        if operation == "Invoke" and left[0] > 0:
            left[0] -= 1
            raise client.exceptions.TooManyRequestsException(
                {"Error": {"Code": "TooManyRequestsException"}}, operation
            )
        return call(client, operation, parameters)

    environment.setattr(BaseClient, "_make_api_call", refused)
    environment.setattr("functions.bootstrap.app.time.sleep", waited.append)
    return left, waited


def test_a_migration_function_at_anothers_work_is_waited_for(up, invoked, migrate, busy):
    invoked.serve = migrate
    left, waited = busy
    left[0] = 2

    assert up()["applied"] == NAMES
    assert waited == [1, 2]


def test_one_that_stays_busy_fails_the_deploy(up, busy):
    left, waited = busy
    left[0] = 100

    with pytest.raises(ClientError, match="TooManyRequestsException"):
        up()

    assert waited == [1, 2, 4, 8, 15]
