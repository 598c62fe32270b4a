"""The master password: RDS sets it, and a real Postgres is asked whether it did."""

import importlib
import json

import pytest

from functions.migrate import app as migrate
from functions.platform_runtime.secrets.store import MissingSecretError
from functions.rotation.errors import RotationError
from functions.rotation.master_password import MasterPassword
from functions.rotation.steps import SEED
from tests.functions.rotation.conftest import STEPS
from tests.functions.rotation.instance import (
    FIRST,
    IDENTIFIER,
    database,
    databases,
    instance,
    master,
    migrate_alias,
    password,
    server,
)
from tests.migrations.databases import MASTER

__all__ = ["database", "databases", "instance", "master", "migrate_alias", "server"]


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
