"""A database that is away, takes no changes, or has readers that lag behind."""

import time
from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid4

import pytest

from contract.module_routes import MODULES
from functions.platform_runtime import deadline
from functions.platform_runtime.database import postgres
from tests.functions.modules.gateway import Caller
from tests.migrations.databases import Database

pytestmark = pytest.mark.slow


PATH = MODULES["simcore"].path


@pytest.fixture
def path(ada, workspace):
    return f"{PATH}/{ada.post(PATH, {'workspace': workspace, 'name': 'one'}).body['id']}"


def test_while_changes_are_paused_reads_are_answered(another_gateway, ada, path, migrated):
    migrated.execute("ALTER ROLE platform_app SET default_transaction_read_only = on")
    try:
        late = Caller(another_gateway(), ada.context)
        answer, read = late.post(f"{path}/cancel"), late.get(path)
    finally:
        migrated.execute("ALTER ROLE platform_app RESET default_transaction_read_only")

    assert (answer.status, answer.code) == (503, "writes_paused")
    assert answer.headers["retry-after"] == "60"
    assert read.status == 200


def test_a_database_that_is_away_is_a_503_that_says_when_to_ask_again(
    another_gateway, ada, path, environment
):
    environment.setenv("DB_PORT", "1")

    answer = Caller(another_gateway(), ada.context).get(path)

    assert (answer.status, answer.code) == (503, "database_unavailable")
    assert answer.headers["retry-after"] == "5"


def test_what_was_just_made_is_found_though_no_reader_has_it_yet(
    another_gateway, ada, path, environment, migrated
):
    with a_copy_that_lags(migrated, environment) as behind:
        late = Caller(another_gateway(), ada.context)

        assert late.get(path).status == 200
        assert late.get(f"{PATH}/{uuid4()}").status == 404
        assert late.post("/api/realtime/ticket").status == 201
    assert behind == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("method", "which"), [("GET", "{}"), ("GET", PATH), ("DELETE", "{}"), ("POST", "{}/cancel")]
)
def test_a_locked_table_is_a_503_before_lambda_ends_the_request(
    ada, path, migrated, environment, method, which
):
    environment.setattr(deadline, "SPARE_SECONDS", 14.5)

    with migrated.connect() as locking, locking.transaction():
        locking.execute("LOCK TABLE simcore_simulations IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        answer = ada.ask(method, which.format(path))
        took = time.monotonic() - began

    assert (answer.status, answer.code) == (503, "database_unavailable")
    assert answer.headers["retry-after"] == "5"
    assert 0.4 < took < 2


def test_a_stopped_reader_costs_seconds_once_and_the_writer_answers(
    another_gateway, ada, path, environment, silent_server
):
    environment.setenv("DB_READER_HOSTS", f"127.0.0.1:{silent_server}")
    late = Caller(another_gateway(), ada.context)

    began = time.monotonic()
    answers = [late.get(path), late.get(PATH), late.get("/api/workspaces"), late.get(path)]

    assert [one.status for one in answers] == [200] * 4
    # Two functions, each with a reader of its own.
    assert time.monotonic() - began < 2 * postgres.READER_CONNECT_SECONDS + 2


@contextmanager
def a_copy_that_lags(migrated, environment):
    """A reader that has heard of nothing yet; which hosts were connected to."""
    name, asked = f"{migrated.name}_copy", []
    migrated.execute(f"CREATE DATABASE {name} OWNER platform_admin")
    Database(migrated.port, name).migrate()

    def connect(settings, host, port):
        asked.append(host)
        return postgres.connect(host, replace(settings, db_name=name), port=port)

    environment.setattr(postgres, "_connect_reader", connect)
    environment.setenv("DB_READER_HOSTS", f"127.0.0.1:{migrated.port}")
    try:
        yield asked
    finally:
        migrated.execute(f"DROP DATABASE {name} WITH (FORCE)")
