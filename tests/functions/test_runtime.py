"""What every function shares: settings, and handlers that match the contract."""

import importlib
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from contract import routes
from contract.functions import FUNCTIONS
from contract.routes import Route, WebSocketRoute
from contract.settings import Setting
from functions.platform_runtime.requests import api, websocket
from functions.platform_runtime.requests.api import Api
from functions.platform_runtime.requests.entry import ContractError
from functions.platform_runtime.requests.websocket import WebSocket
from functions.platform_runtime.settings import (
    ApiSettings,
    read,
)

ROOT = Path(__file__).parents[2]
POWERTOOLS = {Setting.LOG_LEVEL}
"""Read by Powertools itself."""


def app_of(name):
    return importlib.import_module(FUNCTIONS[name].handler.rpartition(".")[0])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_reads_exactly_the_settings_the_contract_gives_it(name):
    read_by_code = {Setting[field.name.upper()] for field in fields(app_of(name).settings())}

    assert read_by_code | POWERTOOLS == set(FUNCTIONS[name].settings)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_contract_names_a_handler_that_lambda_can_call(name):
    assert callable(app_of(name).handler)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_imported_without_boto3_or_what_is_not_shipped(name):
    watched = (
        "boto3",
        "botocore.session",
        "botocore.auth",
        "pulumi",
        "pydantic",
        "config",
        "components",
        "tools",
        *(() if FUNCTIONS[name].connects else ("psycopg",)),
    )
    program = (
        f"import {app_of(name).__name__}, sys; print([m for m in {watched} if m in sys.modules])"
    )

    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert result.stdout == "[]\n"


def settings():
    return read(ApiSettings)


def get_one():
    return {"status": "one"}


def get_two():
    return {"status": "two"}


@pytest.fixture
def two_routes(monkeypatch):
    made = [
        Route(method=method, path=path, function="two", access="public", operation=operation)
        for method, path, operation in (
            ("GET", "/api/one/{name}", "get_one"),
            ("GET", "/api/two", "get_two"),
            ("DELETE", "/api/two", "delete_two"),
        )
    ]
    monkeypatch.setattr(api, "ROUTES", (*routes.ROUTES, *made[:2]))
    monkeypatch.setitem(FUNCTIONS, "two", FUNCTIONS["health"])
    return made


@pytest.mark.usefixtures("two_routes")
def test_an_operation_without_a_handler_fails_at_import():
    served = Api("two", settings)
    served.operation(get_one)

    with pytest.raises(ContractError, match=r"^two: no handler for GET /api/two$"):
        served.handler()


@pytest.mark.usefixtures("two_routes")
def test_a_handler_without_a_route_of_its_function_fails_at_import():
    with pytest.raises(ContractError, match=r"^health: get_one is not in the contract$"):
        Api("health", settings).operation(get_one)


@pytest.mark.usefixtures("two_routes")
def test_an_operation_has_one_handler():
    served = Api("two", settings)
    served.operation(get_one)

    with pytest.raises(ContractError, match=r"^two: GET /api/one/\{name\} has two handlers$"):
        served.operation(get_one)


@pytest.mark.usefixtures("two_routes", "limits_table")
def test_a_parameter_of_a_path_reaches_its_handler(ask):
    def get_one(name):
        return {"name": name}

    served = Api("two", settings)
    served.operation(get_one)
    served.operation(get_two)
    app = type("app", (), {"handler": staticmethod(served.handler())})

    route = "GET /api/one/{name}"
    answer = ask(app, "GET", "/api/one/first", route=route, parameters={"name": "first"})
    assert answer["body"] == {"name": "first"}
    assert ask(app, "PUT", "/api/one/first")["headers"]["allow"] == "GET"


def test_every_method_of_a_path_is_allowed(two_routes, monkeypatch):
    monkeypatch.setattr(api, "ROUTES", two_routes)

    assert api.allowed_methods("/api/two") == ["DELETE", "GET"]
    assert api.allowed_methods("/api/one/first/second") == []


@pytest.mark.usefixtures("limits_table")
def test_a_bug_in_a_handler_is_a_500_whose_trace_is_in_the_log_only(ask, log):
    broken = Api("health", settings)
    for operation in ("get_health", "get_database_health"):

        def fail():
            raise RuntimeError("token=hunter2")

        fail.__name__ = operation
        broken.operation(fail)
    app = type("app", (), {"handler": staticmethod(broken.handler())})

    answer = ask(app, "GET", "/api/health")

    assert (answer["statusCode"], set(answer["body"])) == (500, {"error"})
    assert "hunter2" not in str(answer)
    assert "RuntimeError" in log()


def test_websocket_handlers_and_routes_are_equal_too(monkeypatch):
    monkeypatch.setattr(websocket, "WEBSOCKET_ROUTES", (WebSocketRoute(key="ping", function="f"),))
    with pytest.raises(ContractError, match=r"^f: no handler for ping$"):
        WebSocket("f").handler()
    with pytest.raises(ContractError, match=r"^f: \$connect is not in the contract$"):
        WebSocket("f").route("$connect")(dict)
