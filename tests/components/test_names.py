"""Whoever names what is not declared is told what, by whom, where to add it, and what there is."""

from dataclasses import replace
from typing import Any

import pytest

from components.api.environment import MissingSettingError
from components.api.grants import GRANTS, Surroundings, grants
from components.api.http_api import HttpApi, HttpApiArgs
from components.api.websocket_api import WebSocketApi, WebSocketApiArgs
from components.data.tables import Tables, TablesArgs
from components.names import UnknownNameError
from components.operations.jobs import Jobs, JobsArgs
from config.sections import Api
from contract.functions import FUNCTIONS
from contract.jobs import JOBS
from contract.routes import ROUTES, WebSocketRoute
from contract.tables import TABLES
from layers import functions as layer
from tests.components.api.programs import function, functions
from tests.declare import context, declare

API = Api(rate=100, burst=200)
NO_FUNCTION = (
    "names the function nobody, which there is not: add it to FUNCTIONS in contract/functions.py, "
    f"or name one of: {', '.join(FUNCTIONS)}"
)


def refusal(program: Any, kind: type[Exception] = UnknownNameError) -> str:
    with pytest.raises(kind) as refused:
        declare(program)
    return str(refused.value)


def test_a_route_to_no_function_is_not_left_out_in_silence():
    routes = [*ROUTES[:2], replace(ROUTES[2], function="nobody")]
    args = HttpApiArgs(context=context(), config=API, origins=[], routes=routes)

    assert refusal(lambda: HttpApi("http", args).serve(functions("health"))) == (
        f"route GET /api/health/auth {NO_FUNCTION}"
    )


@pytest.mark.parametrize(
    ("function", "why"),
    [
        ("fanout", "a stack without realtime does not have: set realtime of what names it, too"),
        ("worker", "is not made yet: move it up in FUNCTIONS of contract/functions.py"),
    ],
)
def test_a_route_to_a_function_that_the_stack_has_not_is_no_route_less(function, why):
    routes = [*ROUTES[:2], replace(ROUTES[2], function=function)]
    args = HttpApiArgs(context=context(), config=API, origins=[], routes=routes)

    assert refusal(lambda: HttpApi("http", args).serve(functions("health"))) == (
        f"route GET /api/health/auth names the function {function}, which {why}"
    )


def test_the_fallback_is_one_of_the_functions():
    args = HttpApiArgs(context=context(), config=API, origins=[], routes=[])

    assert refusal(lambda: HttpApi("http", args).serve({})) == (
        "FALLBACK_FUNCTION in contract/routes.py names the function health, "
        "which is not made yet: move it up in FUNCTIONS of contract/functions.py"
    )


def test_a_websocket_route_is_to_a_function():
    args = WebSocketApiArgs(
        context=context(), config=API, routes=[WebSocketRoute(key="ping", function="nobody")]
    )

    def program():
        WebSocketApi("websocket", args).serve({}, function("connect_authorizer"))

    assert refusal(program) == f"WebSocket route ping {NO_FUNCTION}"


@pytest.mark.parametrize(
    ("called", "message"),
    [
        ("nobody", f"job cleanup {NO_FUNCTION}"),
        (
            "relay",
            "job cleanup names the function relay, which a stack without realtime does not have: "
            "set realtime of what names it, too",
        ),
    ],
)
def test_a_job_is_for_a_function_of_the_stack(called, message):
    args = JobsArgs(
        context=context(), jobs={"cleanup": replace(JOBS["cleanup"], function=called)}, functions={}
    )

    assert refusal(lambda: Jobs("jobs", args)) == message


def surroundings(**given: Any) -> Surroundings:
    """Only what a test asks for."""
    names = Surroundings.__dataclass_fields__
    return Surroundings(**dict.fromkeys(names) | {"functions": {}} | given)


def test_a_function_has_grants_if_only_none():
    assert refusal(lambda: grants("nobody", surroundings())) == (
        "function nobody has no grants: add it to GRANTS in components/api/grants.py, "
        "as `lambda around: []` if it calls nothing"
    )


def test_every_function_has_grants():
    assert {*FUNCTIONS} == {*GRANTS}


def test_what_a_function_calls_is_made_before_it():
    assert refusal(lambda: surroundings().function("migrate")) == (
        "a grant in components/api/grants.py names the function migrate, "
        "which is not made yet: move it up in FUNCTIONS of contract/functions.py"
    )


def tables(*, realtime: bool = True) -> Tables:
    declared = [table for table in TABLES.values() if realtime or not table.realtime]
    return Tables("tables", TablesArgs(context=context(), tables=declared))


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            lambda: tables().grants("nothing", "GetItem"),
            "components/api/grants.py names the table nothing, which there is not: "
            f"add it to TABLES in contract/tables.py, or name one of: {', '.join(TABLES)}",
        ),
        (
            lambda: tables().grants("api_keys", "Query", index="owner"),
            "components/api/grants.py names the index owner of api_keys, which there is not: "
            "add it to indexes of api_keys in contract/tables.py, or name one of: workspace",
        ),
        (
            lambda: tables().grants("limits", "Query", index="owner"),
            "components/api/grants.py names the index owner of limits, which there is not: "
            "add it to indexes of limits in contract/tables.py",
        ),
        (
            lambda: tables(realtime=False).grants("events", "PutItem"),
            "components/api/grants.py names the table events, which a stack without realtime does "
            "not have: ask only where there is realtime",
        ),
        (
            lambda: tables().stream_grants("limits"),
            "a reader of streams names the table limits, which has no stream: "
            "set stream of its entry in contract/tables.py",
        ),
    ],
)
def test_a_table_its_index_and_its_stream_are_the_contracts(ask, message):
    assert refusal(ask) == message


def test_a_table_has_a_setting_that_tells_its_name():
    said = refusal(lambda: layer._of_table("orders"))

    assert said.startswith(
        "table orders of contract/tables.py names the setting ORDERS_TABLE, which there is not: "
        "add it to Setting in contract/settings.py, or name one of: ENVIRONMENT, "
    )


def test_a_setting_nobody_sets_is_named_with_where_that_is_done():
    assert refusal(lambda: function(settings={}), MissingSettingError).endswith(
        ", which the program does not set: give it a value in `_settings` of layers/functions.py, "
        "or take it out of the function's settings in contract/functions.py"
    )
