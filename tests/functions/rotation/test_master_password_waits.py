"""The master password while an instance or a migration is busy: waited for, and not for ever."""

import pytest
from botocore.exceptions import ClientError
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaBackend
from moto.rds.exceptions import RDSClientError
from moto.rds.models import RDSBackend

from contract.functions import FUNCTIONS
from functions.rotation import master_password
from functions.rotation.errors import RotationError
from tests.functions.rotation.conftest import STEPS
from tests.functions.rotation.instance import (
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


class TooBusyError(LambdaClientError):
    def __init__(self):
        super().__init__("TooManyRequestsException", "Rate exceeded")


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
