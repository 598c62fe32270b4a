"""The migration function: whom it signs in as, what it answers, and that it keeps a secret."""

import importlib
import socket

import pytest
from psycopg import OperationalError
from psycopg.conninfo import conninfo_to_dict

from archives import archive
from contract.functions import FUNCTIONS
from functions.migrate import app as module
from functions.migrate.errors import MigrationError, NotAllowedError
from functions.migrate.files import Migration
from functions.platform_runtime.database import postgres as runtime
from tests.migrations.databases import MASTER, MIGRATIONS, ROOT

NAMES = tuple(m.name for m in MIGRATIONS)
PASSWORD = "the-master-password"  # noqa: S105
EVENT = {"user": MASTER, "password": PASSWORD}


@pytest.fixture
def more(monkeypatch):
    """A release with one more migration."""

    def release(sql):
        files = (*MIGRATIONS, Migration(f"{len(MIGRATIONS) + 1:04}_more.sql", sql))
        monkeypatch.setattr(module.files, "load", lambda _: files)
        return files[-1].name

    return release


def test_the_master_migrates_an_empty_database(migrate, database):
    answer = migrate(EVENT)

    assert answer == {
        "user": MASTER,
        "migrations": len(NAMES),
        "applied": NAMES,
        "before": 0,
        "newer": (),
    }
    assert database.applied() == list(NAMES)


def test_an_empty_database_refuses_the_platforms_own_user(migrate, database):
    answer = migrate({})

    assert answer.keys() == {"refused"}
    assert answer["refused"].startswith("platform_migrator could not sign in: ")
    assert 'role "platform_migrator" does not exist' in answer["refused"]
    assert database.execute("SELECT to_regclass('schema_migrations')") == [(None,)]


def test_later_migrations_need_no_master(migrate, more):
    migrate(EVENT)
    name = more("CREATE TABLE more (id bigint)")

    answer = migrate({})

    assert (answer["user"], answer["applied"]) == ("platform_migrator", (name,))


def test_what_the_platforms_own_user_may_not_do_is_refused(migrate, database, more):
    migrate(EVENT)
    name = more("RESET ROLE; CREATE SCHEMA more")

    assert migrate({}) == {"refused": f"{name}: permission denied for database {database.name}"}
    assert migrate(EVENT)["applied"] == (name,)


def test_what_the_master_may_not_do_either_is_an_error(migrate, more):
    migrate(EVENT)
    name = more("RESET ROLE; CREATE ROLE another SUPERUSER")

    with pytest.raises(NotAllowedError, match=name):
        migrate(EVENT)


def test_a_migration_that_fails_is_lambdas_error_and_names_its_file(migrate, more):
    migrate(EVENT)
    name = more("SELECT 1 / 0")

    for event in ({}, EVENT):
        with pytest.raises(MigrationError, match=f"{name}: division by zero"):
            migrate(event)


def test_the_token_is_for_the_instance_and_the_migrator(migrate, database, monkeypatch):
    asked = []
    monkeypatch.setattr(runtime, "token", lambda *args: asked.append(args) or "token")

    migrate({})
    migrate(EVENT)

    assert asked == [("127.0.0.1", database.port, "platform_migrator")]


def test_it_signs_in_with_what_it_was_given_and_checks_whom_it_gives_it_to(
    migrate, environment, monkeypatch
):
    asked = {}

    def connect(address, **_):
        asked.update(conninfo_to_dict(address))
        raise OperationalError

    environment.setattr(runtime, "TLS", {"sslmode": "verify-full", "sslrootcert": "roots.pem"})
    with monkeypatch.context() as patched:
        patched.setattr("psycopg.connect", connect)
        with pytest.raises(NotAllowedError):
            migrate(EVENT)

    assert {key: asked[key] for key in ("user", "password")} == EVENT
    assert (asked["sslmode"], asked["sslrootcert"]) == ("verify-full", "roots.pem")
    assert asked["keepalives_idle"] == "30"


def test_a_master_that_cannot_sign_in_is_an_error(migrate, environment):
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        environment.setenv("DB_PORT", str(unheard.getsockname()[1]))

        with pytest.raises(
            NotAllowedError, match=f"{MASTER} could not sign in: .*refused"
        ) as error:
            migrate(EVENT)

    assert PASSWORD not in str(error.value)


def test_what_is_relayed_is_never_logged(migrate, environment, logged, more):
    # Read when the function is imported, as in a new Lambda environment.
    environment.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")
    importlib.reload(module)

    migrate(EVENT)
    more("SELECT 1 / 0")
    with pytest.raises(MigrationError):
        migrate(EVENT)

    assert '"message":"migrated"' in logged()
    assert "without pg_monitor: permission denied" in logged()
    assert PASSWORD not in logged()


@pytest.mark.parametrize(
    "event",
    [
        {"password": PASSWORD},
        {"user": MASTER},
        {"user": MASTER, "password": None},
        {"user": MASTER, "password": [PASSWORD]},
        {**EVENT, "tf": {"action": "delete"}},
    ],
)
def test_an_event_is_empty_or_exactly_a_user_and_a_password(migrate, event):
    with pytest.raises(MigrationError, match="neither empty nor exactly") as error:
        migrate(event)

    assert PASSWORD not in str(error.value)


def test_it_tries_credentials_and_migrates_nothing(migrate, database):
    assert migrate({"job": "sign_in", **EVENT}) == {"user": MASTER}

    assert database.execute("SELECT to_regclass('schema_migrations')") == [(None,)]


def test_credentials_that_are_refused_are_no_error_and_are_not_quoted(migrate):
    answer = migrate({"job": "sign_in", "user": "nobody", "password": PASSWORD})

    assert answer.keys() == {"refused"}
    assert answer["refused"].startswith("nobody could not sign in: ")
    assert PASSWORD not in answer["refused"]


@pytest.mark.parametrize("event", [{"user": MASTER}, {**EVENT, "tf": {}}])
def test_what_is_tried_is_exactly_a_user_and_a_password(migrate, event):
    with pytest.raises(MigrationError, match="neither empty nor exactly"):
        migrate({"job": "sign_in", **event})


def test_the_archive_has_the_migrations_where_the_function_looks():
    assert module.FOLDER == ROOT / "migrations"

    sources = archive.sources(FUNCTIONS["migrate"], ROOT)

    assert {f"migrations/{name}" for name in NAMES} <= sources.keys()
