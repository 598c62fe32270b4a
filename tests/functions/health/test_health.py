"""The health function: what it says of itself, of the database, and of paths nobody serves."""

import time

import pytest

from functions.health import app as module
from functions.platform_runtime.database import postgres

REQUEST_ID = "UJ3kxgHkoAMEVfA="

pytestmark = pytest.mark.usefixtures("shared_limits_table")


@pytest.fixture
def app(fresh):
    return fresh(module)


def test_health_is_answered_without_a_database(app, ask):
    answer = ask(app, "GET", "/api/health")

    latency = answer["body"].pop("latency_ms")
    assert answer == {
        "statusCode": 200,
        "headers": {
            "content-type": "application/json",
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "ratelimit-policy": '"anonymous";q=60;w=60',
            "ratelimit": answer["headers"]["ratelimit"],
        },
        "body": {"status": "ok", "environment": "staging", "version": "7"},
        "isBase64Encoded": False,
    }
    assert 0 <= latency < 1000


def test_an_unreachable_database_is_a_503_that_says_so_and_no_more(app, ask, log):
    started = time.monotonic()
    answer = ask(app, "GET", "/api/health/db")

    assert time.monotonic() - started < postgres.CONNECT_SECONDS + 1
    assert answer["statusCode"] == 503
    assert answer["headers"]["cache-control"] == "no-store"
    assert answer["body"].pop("latency_ms") >= 0
    assert answer["body"] == {
        "status": "unavailable",
        "error": {
            "code": "database_unavailable",
            "message": "The database does not answer.",
            "requestId": REQUEST_ID,
        },
    }
    assert "Connection refused" in log()


def test_the_log_holds_neither_the_origin_secret_nor_a_database_token(app, ask, log):
    ask(app, "GET", "/api/health/db")

    lines = log()
    assert "database unavailable" in lines
    assert "current-secret" not in lines
    assert "X-Amz-Signature" not in lines


@pytest.mark.slow
def test_a_database_that_accepts_and_then_says_nothing_is_given_up_on(
    app, ask, environment, silent_server
):
    environment.setenv("DB_PORT", str(silent_server))
    environment.setattr(postgres, "CONNECT_SECONDS", 2)

    started = time.monotonic()
    answer = ask(app, "GET", "/api/health/db")

    assert answer["statusCode"] == 503
    assert 1.5 < time.monotonic() - started < 4


def test_what_no_route_matches_is_a_404_in_the_platforms_shape(app, ask):
    answer = ask(app, "GET", "/api/nowhere")

    assert (answer["statusCode"], answer["body"]["error"]) == (
        404,
        {
            "code": "not_found",
            "message": "There is no /api/nowhere here.",
            "requestId": REQUEST_ID,
        },
    )


@pytest.mark.parametrize("path", ["/api/health", "/api/health/auth"])
def test_a_wrong_method_is_a_405_that_names_the_right_one_whoever_serves_it(app, ask, path):
    answer = ask(app, "POST", path)

    assert answer["statusCode"] == 405
    assert answer["headers"]["allow"] == "GET"
    assert answer["body"]["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize("secret", [None, "", "guess", "current-secret "])
@pytest.mark.parametrize("path", ["/api/health", "/api/health/db", "/api/nowhere"])
def test_a_request_around_the_cdn_is_a_403_whatever_it_asks(app, ask, path, secret):
    answer = ask(app, "GET", path, origin=secret)

    assert answer["statusCode"] == 403
    assert answer["body"]["error"]["code"] == "origin_refused"


def test_the_origin_secret_of_the_generation_before_still_opens(app, ask):
    assert ask(app, "GET", "/api/health", origin="previous-secret")["statusCode"] == 200


def test_without_any_digest_nobody_is_let_in(app, ask, environment):
    environment.setenv("ORIGIN_DIGESTS", "")

    assert ask(app, "GET", "/api/health")["statusCode"] == 403


def test_a_missing_setting_is_named_in_the_log_and_not_in_the_answer(app, ask, environment, log):
    environment.delenv("DB_HOST")
    environment.delenv("DB_USER")

    answer = ask(app, "GET", "/api/health")

    assert answer["statusCode"] == 500
    assert answer["body"] == {
        "error": {
            "code": "internal_error",
            "message": "The platform failed on this request; its id finds it in the log.",
            "requestId": REQUEST_ID,
        }
    }
    assert "DB_HOST is missing; DB_USER is missing" in log()
