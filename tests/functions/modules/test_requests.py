"""What is wrong with a request is told, all of it, and before anything is done."""

import base64
from uuid import uuid4

import pytest

from contract.module_routes import MODULE_ROUTES, MODULES
from functions.platform_runtime.requests import body, limits
from functions.platform_runtime.requests.entry import ContractError

PATH = MODULES["simcore"].path


def fields(answer):
    assert (answer.status, answer.code) == (422, "invalid_request")
    return {one["field"]: one["problem"] for one in answer.body["fields"]}


def test_every_bad_field_is_named(ada):
    answer = ada.post(PATH, {"workspace": "w", "name": "", "parameters": [], "status": "running"})

    assert fields(answer) == {
        "workspace": "is not a UUID",
        "name": "has 0 characters, not 1 to 200",
        "parameters": "is not an object",
        "status": "is not known here",
    }


def test_what_is_wrong_in_the_path_is_named_with_what_is_wrong_in_the_body(ada):
    answer = ada.put(f"{PATH}/one/status", {"status": "done", "result": 1})

    assert fields(answer).keys() == {"id", "status", "result"}


@pytest.mark.parametrize(
    "route", [r for r in MODULE_ROUTES if "_id}" in r.path or "{id}" in r.path]
)
def test_an_id_that_is_none_is_a_422(ada, route):
    path = route.path.replace("{workspace_id}", str(uuid4()))
    bad = path.replace("{id}", "1").replace("{key_id}", "1").replace("{user_id}", "a b")
    path = bad if bad != path else route.path.replace("{workspace_id}", "1")

    answer = ada.ask(route.method, path, {})

    assert answer.status in {422, 403}
    assert fields(answer)


@pytest.mark.parametrize(
    "text", ['{"name": "n"', "", "[1, NaN]", '"\\ud800', "{'a': 1}", "[" * 40 + "]" * 40]
)
def test_what_is_no_json_is_a_400(ada, text):
    answer = ada.post("/api/workspaces", text)

    assert (answer.status, answer.code) == (400, "malformed_json")


def test_a_body_beyond_the_limit_is_a_413(ada, workspace):
    answer = ada.post(PATH, {"workspace": workspace, "name": "n" * body.MOST_BYTES})

    assert (answer.status, answer.code) == (413, "body_too_large")


def test_parameters_beyond_the_limit_are_named(ada, workspace):
    large = {"text": "n" * 70_000}

    answer = ada.post(PATH, {"workspace": workspace, "name": "n", "parameters": large})

    assert fields(answer).keys() == {"parameters"}


@pytest.mark.parametrize(
    "parameters",
    ['{"a": "\\u0000"}', '{"\\u0000": 1}', '{"a": "\\ud800"}', '{"a": 1e999}'],
)
def test_what_postgres_cannot_store_is_named_too(ada, workspace, parameters):
    answer = ada.post(PATH, f'{{"workspace":"{workspace}","name":"n","parameters":{parameters}}}')

    assert fields(answer).keys() == {"parameters"}


def test_a_name_postgres_cannot_store_is_named_too(ada):
    assert fields(ada.post("/api/workspaces", '{"name": "a\\u0000"}')).keys() == {"name"}


def test_a_body_may_come_in_base64(gateway, ada):
    text = base64.b64encode(b'{"name": "encoded"}').decode()
    event = {}

    def handler(given, context):
        from functions.workspaces import app

        event.update(given, isBase64Encoded=True)
        return app.handler(event, context)

    gateway.handlers["workspaces"] = handler
    answer = ada.post("/api/workspaces", text)
    assert (answer.status, answer.body["name"]) == (201, "encoded")


def test_who_asks_too_often_is_refused_before_anything_is_done(ada, environment, migrated):
    before = migrated.execute("SELECT count(*) FROM workspaces")
    environment.setitem(limits.LIMITS, "authenticated", 2)

    answers = [ada.post("/api/workspaces", "{") for _ in range(3)]

    assert [answer.status for answer in answers] == [400, 400, 429]
    last = answers[2]
    assert last.code == "rate_limited"
    assert 0 < int(last.headers["retry-after"]) <= 61
    assert answers[0].headers["ratelimit"].startswith('"authenticated";r=1;')
    assert last.headers["ratelimit"].startswith('"authenticated";r=0;')
    assert migrated.execute("SELECT count(*) FROM workspaces") == before


def test_a_key_is_counted_as_a_key(key, workspace):
    answer = key.get(f"/api/workspaces/{workspace}")

    assert answer.headers["ratelimit-policy"] == '"api";q=100;w=60'


@pytest.mark.parametrize(("setting", "status"), [("open", 200), ("closed", 503)])
def test_a_table_of_limits_that_fails_lets_all_in_or_nobody(
    another_gateway, ada, environment, setting, status
):
    environment.setenv("LIMITS_TABLE", "nowhere")
    environment.setenv("LIMITS_ON_FAILURE", setting)
    ada.gateway = another_gateway()

    assert ada.get(PATH).status == status


def test_what_a_request_used_is_written_down(ada, workspace, said):
    said("")
    ada.post(PATH, {"workspace": workspace, "name": "n"})

    (line,) = said("[USAGE]")
    assert line["databaseQueries"] >= 6
    assert line["functionInvocations"] == 1
    assert line["bandwidthBytes"] > 100
    assert line["Environment"] == "staging"


def test_an_operation_without_a_description_or_without_a_route_fails_at_import():
    from functions.modules.operations import serve
    from functions.modules.service import Service
    from functions.simcore import app

    with pytest.raises(ContractError, match="no handler for DELETE"):
        Service("simcore", app.settings).handler()
    service = serve(MODULES["simcore"], app.settings, app.resources)
    described = service.described["read_simulation"]
    with pytest.raises(ContractError, match="is not in the contract"):
        service.serve("sell_simulation", described, lambda request: request)
    with pytest.raises(ContractError, match="two handlers"):
        service.serve("read_simulation", described, lambda request: request)
