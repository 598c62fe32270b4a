"""The identity health check, against a real server that plays the user pool."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from functions.health_auth import app as module
from functions.platform_runtime import kept
from functions.platform_runtime.identity import jwks

pytestmark = pytest.mark.usefixtures("shared_limits_table")
KEYS = {"keys": [{"kid": "one", "kty": "RSA"}, {"kid": "two", "kty": "RSA"}]}


class UserPool(HTTPServer):
    """Answers every request with what ``status`` and ``body`` say at the time."""

    def __init__(self):
        self.status, self.body, self.requests = 200, json.dumps(KEYS), 0
        super().__init__(("127.0.0.1", 0), _Answer)


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.requests += 1
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.body.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def pool(environment):
    with UserPool() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/pool/.well-known/jwks.json"
        environment.setenv("JWKS_URL", address)
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def app(fresh):
    return fresh(module)


@pytest.mark.usefixtures("pool")
def test_a_user_pool_that_hands_out_keys_is_healthy(app, ask):
    answer = ask(app, "GET", "/api/health/auth")

    assert 0 <= answer["body"].pop("latency_ms") < 1000
    assert (answer["statusCode"], answer["body"]) == (200, {"status": "ok", "keys": 2})


def test_keys_are_asked_for_once_and_again_when_they_are_old(app, ask, pool, environment):
    for _ in range(3):
        ask(app, "GET", "/api/health/auth")
    assert pool.requests == 1

    environment.setattr(kept, "FRESH_SECONDS", -1.0)
    ask(app, "GET", "/api/health/auth")
    assert pool.requests == 2


def test_a_failure_is_not_remembered(app, ask, pool):
    pool.status = 500
    assert ask(app, "GET", "/api/health/auth")["statusCode"] == 503

    pool.status = 200
    assert ask(app, "GET", "/api/health/auth")["statusCode"] == 200


@pytest.mark.parametrize(
    ("status", "body", "cause"),
    [
        (500, "{}", "no answer: HTTP Error 500"),
        (200, "<html>", "the answer is not a key set"),
        (200, "[]", "the answer is not a key set"),
        (200, "{}", "the answer is not a key set"),
        (200, '{"keys": []}', "the key set is empty"),
        (200, '{"keys": "none"}', "the key set is empty"),
        (99, "", "no answer: "),
    ],
)
def test_anything_but_keys_is_a_503_whose_cause_is_in_the_log_only(
    app, ask, pool, log, status, body, cause
):
    pool.status, pool.body = status, body

    answer = ask(app, "GET", "/api/health/auth")

    assert answer["body"].pop("latency_ms") >= 0
    assert (answer["statusCode"], answer["body"]) == (
        503,
        {
            "status": "unavailable",
            "error": {
                "code": "identity_unavailable",
                "message": "The identity provider does not answer.",
                "requestId": "UJ3kxgHkoAMEVfA=",
            },
        },
    )
    assert cause in log()


def test_a_user_pool_out_of_reach_is_a_503(app, ask):
    assert ask(app, "GET", "/api/health/auth")["statusCode"] == 503


def test_a_user_pool_that_says_nothing_is_given_up_on(app, ask, environment, silent_server):
    environment.setenv("JWKS_URL", f"http://127.0.0.1:{silent_server}/jwks.json")
    environment.setattr(jwks, "TIMEOUT_SECONDS", 0.2)

    answer = ask(app, "GET", "/api/health/auth")

    assert answer["statusCode"] == 503
    assert 200 <= answer["body"]["latency_ms"] < 2000


def test_a_request_around_the_cdn_asks_the_user_pool_nothing(app, ask, pool):
    assert ask(app, "GET", "/api/health/auth", origin="guess")["statusCode"] == 403
    assert pool.requests == 0
