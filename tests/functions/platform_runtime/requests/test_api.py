"""What happens to every request of the HTTP API, whatever function serves it."""

import json
import time

import pytest

from contract.route import Route
from functions.platform_runtime.requests import api, limits
from functions.platform_runtime.requests.api import Api
from functions.platform_runtime.responses import Outage, RequestError
from functions.platform_runtime.settings import ApiSettings, read
from functions.platform_runtime.telemetry import usage
from tests.functions.conftest import Context, forget

PUBLIC = Route(
    method="GET", path="/api/open", function="health", access="public", operation="get_open"
)
PRIVATE = Route(
    method="POST", path="/api/own", function="health", access="authenticated", operation="add_own"
)
ADA = {"subject": "ada", "kind": "user", "expires": str(int(time.time()) + 3600)}
KEY = {"subject": "api-key:1", "kind": "api", "workspace": "w1"}


class AwayError(Exception):
    pass


@pytest.fixture
def served(monkeypatch, limits_table):  # noqa: ARG001
    """What the two operations do, to be replaced by a test."""
    monkeypatch.setattr(api, "ROUTES", (PUBLIC, PRIVATE))
    forget(api)
    return {"get_open": lambda: {"is": "open"}, "add_own": lambda: {"is": "own"}}


@pytest.fixture
def ask(served, event):
    away = {AwayError: Outage("away", "It is away.", 7)}
    function = Api("health", lambda: read(ApiSettings), away)

    def get_open():
        return served["get_open"]()

    def add_own():
        return served["add_own"]()

    function.operation(get_open)
    function.operation(add_own)
    handler = function.handler()

    def send(route=PUBLIC, *, principal=None, body=None, encoded=False, **headers):
        request = event("http_api")
        key = route.key if route else "$default"
        request["routeKey"] = request["requestContext"]["routeKey"] = key
        request["rawPath"] = route.path if route else "/api/nowhere"
        request["headers"] |= {name.replace("_", "-"): value for name, value in headers.items()}
        request["body"], request["isBase64Encoded"] = body, encoded
        if principal:
            request["requestContext"]["authorizer"] = {"lambda": principal}
        return handler(request, Context())

    return send


@pytest.fixture
def used(capsys):
    """The usage of the requests since it was last asked for."""
    return lambda: [
        json.loads(line) for line in capsys.readouterr().out.splitlines() if "[USAGE]" in line
    ]


def standing(answer):
    """The class and what is left of it."""
    return answer["headers"].get("ratelimit", "").partition(";t=")[0]


def fail(error):
    def raised():
        raise error

    return raised


def test_whoever_it_is_is_counted_by_their_class_and_told_where_they_stand(ask):
    assert standing(ask()) == '"anonymous";r=59'
    assert standing(ask(PRIVATE, principal=ADA)) == '"authenticated";r=999'
    assert standing(ask(PRIVATE, principal=KEY)) == '"api";r=99'
    assert standing(ask(x_viewer_ip="203.0.113.8")) == '"anonymous";r=59'
    assert standing(ask()) == '"anonymous";r=58'


def test_a_public_route_is_everyones_alike_whatever_they_send_along(ask):
    assert standing(ask(principal=ADA)) == '"anonymous";r=59'


def test_a_private_route_is_nobodys_who_has_not_shown_who_they_are(ask, limits_table):
    late = ADA | {"expires": "1"}

    assert [ask(PRIVATE, principal=p)["statusCode"] for p in (None, late)] == [401, 401]
    assert limits_table.scan()["Count"] == 0


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (lambda: {}, 200),
        (fail(RequestError(409, "conflict", "No.")), 409),
        (fail(AwayError("gone")), 503),
        (fail(RuntimeError("a bug")), 500),
    ],
)
def test_every_answer_says_where_the_caller_stands_and_is_written_down(
    ask, served, used, result, status
):
    served["get_open"] = result

    answer = ask()

    assert (answer["statusCode"], standing(answer)) == (status, '"anonymous";r=59')
    assert [line["functionInvocations"] for line in used()] == [1]


def test_what_no_route_matches_counts_as_nobodys(ask, used):
    answers = [ask(None), ask()]

    assert [answer["statusCode"] for answer in answers] == [404, 200]
    assert list(map(standing, answers)) == ['"anonymous";r=59', '"anonymous";r=58']
    assert len(used()) == 2


def test_who_asks_too_often_is_refused_before_anything_is_done(ask, served, used, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "anonymous", 2)
    done = []
    served["get_open"] = lambda: done.append(1) or {}

    answers = [ask(), ask(None), ask(), ask(None)]

    assert [answer["statusCode"] for answer in answers] == [200, 404, 429, 429]
    assert 0 < int(answers[2]["headers"]["retry-after"]) <= 61
    assert standing(answers[2]) == '"anonymous";r=0'
    assert done == [1]
    assert len(used()) == 2


def test_a_request_around_the_cdn_is_neither_counted_nor_written_down(ask, used, limits_table):
    assert ask(x_origin_verify="guess")["statusCode"] == 403

    assert limits_table.scan()["Count"] == 0
    assert used() == []


def test_what_is_away_is_told_of_and_its_cause_is_in_the_log_only(ask, served, log):
    served["get_open"] = fail(AwayError("10.0.0.7 refused\nand more"))

    answer = ask()

    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "7")
    assert json.loads(answer["body"])["error"]["code"] == "away"
    assert "10.0.0.7" not in answer["body"]
    assert '"cause":"10.0.0.7 refused"' in log()


@pytest.mark.parametrize(
    ("body", "encoded", "taken"), [(None, False, 0), ("é", False, 2), ("w6k=", True, 2)]
)
def test_bandwidth_is_the_bytes_of_both_bodies_also_of_an_error(
    ask, served, used, body, encoded, taken
):
    served["get_open"] = fail(RequestError(409, "conflict", "No."))

    answer = ask(body=body, encoded=encoded)

    assert [line["bandwidthBytes"] for line in used()] == [taken + len(answer["body"])]


def test_what_the_handler_used_is_in_the_line(ask, served, used):
    served["get_open"] = lambda: usage.add(database_queries=3, storage_bytes=5) or {}
    ask()

    (line,) = used()
    assert (line["databaseQueries"], line["storageBytes"]) == (3, 5)
    assert line["Environment"] == "staging"


@pytest.mark.parametrize(("setting", "status"), [("open", 200), ("closed", 503)])
def test_a_table_of_limits_that_fails_lets_all_in_and_says_so_or_nobody(
    ask, environment, log, setting, status
):
    environment.setenv("LIMITS_TABLE", "nowhere")
    environment.setenv("LIMITS_ON_FAILURE", setting)

    answer = ask()

    assert (answer["statusCode"], standing(answer)) == (status, "")
    assert ("admitted uncounted" in log()) is (setting == "open")
