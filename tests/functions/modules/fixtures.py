"""A migrated Postgres, AWS in moto, and callers in front of the functions."""

import json
from importlib import import_module
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws

from tests.functions.conftest import ENVIRONMENT, forget
from tests.functions.modules.gateway import Caller, Gateway, api_key, user, worker

FUNCTIONS = ("simcore", "qmlab", "optilibria", "workspaces")
BUCKET = ENVIRONMENT["DATA_BUCKET"]


def settings_of(migrated, environment):
    """Of a database for more than one test, to which ``postgres`` would point the settings."""
    here = {"DB_PORT": str(migrated.port), "DB_NAME": migrated.name}
    for name, value in (ENVIRONMENT | here).items():
        environment.setenv(name, value)


@pytest.fixture(scope="module")
def aws():
    """Shared by a file's tests, whose callers are new ones each time."""
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        make_aws()
        yield


def make_aws():
    """The bucket and the tables."""
    from tests.functions.realtime import tables

    boto3.client("s3").create_bucket(Bucket=BUCKET)
    for name in ("limits", "api_keys", "tickets", "events"):
        tables.create(name)


@pytest.fixture(scope="module")
def functions():
    """As in an environment that was just made, and stays for a file's tests."""
    modules = [import_module(f"functions.{name}.app") for name in (*FUNCTIONS, "health")]
    for module in modules:
        forget(module)
    yield
    for module in modules:
        forget(module)


@pytest.fixture
def gateway(postgres, aws, functions):  # noqa: ARG001
    return Gateway()


@pytest.fixture
def another_gateway(gateway):  # noqa: ARG001
    """Functions in environments of their own, with a connection of their own: for two at once."""

    def make():
        return Gateway({name: a_handler(name) for name in FUNCTIONS})

    return make


def a_handler(name):
    """A function as imported in another process."""
    from importlib.util import find_spec, module_from_spec

    spec = find_spec(f"functions.{name}.app")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


@pytest.fixture
def caller(gateway):
    """Somebody new each time, so that tests share a database and nothing else."""
    return lambda context=None: Caller(gateway, context or user(f"user-{uuid4().hex[:12]}"))


@pytest.fixture
def ada(caller):
    return caller()


@pytest.fixture
def stranger(caller):
    return caller()


@pytest.fixture
def the_worker(caller):
    return caller(worker())


@pytest.fixture
def workspace(ada):
    """A workspace of hers."""
    return ada.post("/api/workspaces", {"name": "Ada's"}).body["id"]


@pytest.fixture
def key(caller, workspace):
    """Whoever holds a key of her workspace."""
    return caller(api_key(workspace))


@pytest.fixture
def said(capsys):
    """The lines of one kind in the log, as objects."""

    def lines(message):
        found = (line for line in capsys.readouterr().out.splitlines() if message in line)
        return [json.loads(line) for line in found]

    return lines


STEPS = [
    {"module": "simcore", "name": "first", "parameters": {"a": 1}},
    {"module": "qmlab", "name": "second", "parameters": {"b": 2}},
    {"module": "optilibria", "name": "third"},
]


@pytest.fixture
def flows(workspace):
    return f"/api/workspaces/{workspace}/workflows"


@pytest.fixture
def flow(ada, flows):
    """The path of a workflow of three steps, not started."""
    made = ada.post(flows, {"name": "chain", "steps": STEPS})
    assert made.headers["location"] == f"{flows}/{made.body['id']}"
    return made.headers["location"]


@pytest.fixture
def start(ada, flow):
    """Start it; returns its steps."""

    def started():
        answer = ada.put(f"{flow}/status", {"status": "running"})
        assert answer.status == 200, answer
        return answer.body["steps"]

    return started
