"""Which function needs which service, and what is answered while that is away."""

import json

import pytest

from contract.functions import FUNCTIONS
from contract.routes import ROUTES, WEBSOCKET_ROUTES
from contract.settings import Setting
from functions.authorizer import app as authorizer
from functions.connect_authorizer import app as connect_authorizer
from functions.health import app as health
from functions.health_auth import app as health_auth
from functions.platform_runtime.clients import AwayError
from functions.platform_runtime.identity import jwks, tokens
from functions.platform_runtime.identity.jwks import JwksError
from functions.platform_runtime.identity.tickets import Claims
from functions.platform_runtime.secrets.store import SigningKeys
from functions.realtime import app as realtime
from functions.worker import app as worker
from tests.functions.authorizer import signing
from tests.functions.authorizer.conftest import EVENT as REQUEST
from tests.functions.conftest import Context
from tests.functions.connect_authorizer.conftest import EVENT as HANDSHAKE
from tests.functions.faults import FAULTS, Fault
from tests.functions.realtime.facts import ADA

POSTGRES, DYNAMODB, S3 = "postgres", "dynamodb", "s3"
SECRETS, COGNITO = "secrets_manager", "cognito"
SERVICE = {
    Setting.DB_HOST: POSTGRES,
    Setting.DATA_BUCKET: S3,
    Setting.API_KEYS_TABLE: DYNAMODB,
    Setting.CONNECTIONS_TABLE: DYNAMODB,
    Setting.LIMITS_TABLE: DYNAMODB,
    Setting.TICKETS_TABLE: DYNAMODB,
    Setting.API_KEY_ARN: SECRETS,
    Setting.JWT_SECRET_ARN: SECRETS,
    Setting.JWKS_URL: COGNITO,
}
NEEDS = {
    "health": {POSTGRES, DYNAMODB},
    "health_auth": {COGNITO, DYNAMODB},
    "worker": {SECRETS, DYNAMODB},
    "workspaces": {POSTGRES, DYNAMODB},
    "simcore": {POSTGRES, DYNAMODB, S3},
    "qmlab": {POSTGRES, DYNAMODB, S3},
    "optilibria": {POSTGRES, DYNAMODB, S3},
    "realtime": {DYNAMODB},
    "authorizer": {COGNITO, SECRETS, DYNAMODB},
    "connect_authorizer": {DYNAMODB},
}
"""The modules' and the workspaces' are tested in their own folder, Postgres with its readers."""

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("impatient")]
EVERY_FAULT = pytest.mark.parametrize("fault", FAULTS, ids=str)


def test_what_each_function_that_somebody_waits_for_needs():
    answering = {route.function for route in (*ROUTES, *WEBSOCKET_ROUTES)}
    found = {
        name: {SERVICE[setting] for setting in FUNCTIONS[name].settings if setting in SERVICE}
        for name in answering | {"authorizer", "connect_authorizer"}
    }

    assert found == NEEDS


def outcome(answer):
    body = answer["body"] if isinstance(answer["body"], dict) else json.loads(answer["body"])
    return answer["statusCode"], body["error"]["code"], answer["headers"]["retry-after"]


@EVERY_FAULT
@pytest.mark.parametrize(
    ("app", "path"), [(health, "/api/health"), (health_auth, "/api/health/auth")]
)
def test_closed_limits_without_dynamodb_admit_nobody(
    fresh, ask, away, environment, app, path, fault
):
    environment.setenv("LIMITS_ON_FAILURE", "closed")
    away(DYNAMODB, fault)

    assert outcome(ask(fresh(app), "GET", path)) == (503, "limits_unavailable", "5")


@EVERY_FAULT
@pytest.mark.usefixtures("limits_table")
def test_a_worker_that_brings_its_key_without_secrets_manager_is_told_and_not_refused(
    fresh, event, away, fault
):
    away(SECRETS, fault)

    for _ in range(2):
        assert outcome(token(fresh(worker), event)) == (503, "secrets_unavailable", "5")


@pytest.mark.usefixtures("limits_table")
def test_a_secret_whose_key_cannot_be_used_is_named_by_that(fresh, event, away):
    away(SECRETS, Fault(400, "DecryptionFailure"))

    assert outcome(token(fresh(worker), event)) == (503, "keys_unavailable", "5")


def token(app, event):
    request = event("http_api")
    request["requestContext"]["routeKey"] = "POST /api/worker/token"
    request["headers"] |= {"x-origin-verify": "current-secret", "authorization": "ApiKey x"}
    return app.handler(request, Context())


@pytest.mark.usefixtures("limits_table")
def test_an_identity_provider_that_is_away_is_named(fresh, ask):
    answer = ask(fresh(health_auth), "GET", "/api/health/auth")

    assert outcome(answer) == (503, "identity_unavailable", "5")


@EVERY_FAULT
@pytest.mark.parametrize("route", ["$connect", "$disconnect", "subscribe", "unsubscribe"])
def test_a_connections_route_without_dynamodb_says_so(fresh, event, away, route, fault):
    away(DYNAMODB, fault)

    answer = message(fresh(realtime), event, route)

    assert outcome(answer) == (503, "tables_unavailable", "5")


def test_a_sign_of_life_needs_nothing(fresh, event, away):
    server = away(DYNAMODB, None)

    assert message(fresh(realtime), event, "ping")["statusCode"] == 200
    assert server.requests == 0


def message(app, event, route):
    request = event("websocket_connect" if route == "$connect" else "websocket_message")
    request["requestContext"]["routeKey"] = route
    request["requestContext"]["authorizer"] = Claims(principal=ADA, workspaces=("w1",)).context()
    request["headers"] = {"X-Origin-Verify": "current-secret"}
    request["body"] = json.dumps({"action": route, "topic": "workspace#w1"})
    return app.handler(request, Context())


WORKERS = SigningKeys(current="1", keys={"1": "0123456789abcdef" * 4})


@EVERY_FAULT
@pytest.mark.parametrize(
    ("service", "authorization"),
    [(DYNAMODB, "ApiKey map_x"), (SECRETS, f"Bearer {tokens.issue(WORKERS)}")],
    ids=[DYNAMODB, SECRETS],
)
def test_what_the_authorizer_cannot_decide_it_raises_each_time(
    fresh, away, service, authorization, fault
):
    app = fresh(authorizer)
    away(service, fault)

    for _ in range(2):
        with pytest.raises(AwayError):
            authorize(app, authorization)


def test_a_user_whose_pool_is_silent_is_not_refused(fresh, environment, silent_server):
    environment.setenv("JWKS_URL", f"http://127.0.0.1:{silent_server}/jwks.json")
    environment.setattr(jwks, "TIMEOUT_SECONDS", 0.2)
    app, user = fresh(authorizer), signing.Key("one")

    for _ in range(2):
        with pytest.raises(JwksError, match="timed out"):
            authorize(app, f"Bearer {user.token()}")


def authorize(app, authorization):
    event = json.loads(REQUEST.read_text(encoding="utf-8"))
    event["headers"] |= {"authorization": authorization, "x-origin-verify": "current-secret"}
    return app.handler(event, Context())


@EVERY_FAULT
def test_a_ticket_that_cannot_be_looked_up_is_an_error_and_no_refusal(fresh, away, fault):
    app = fresh(connect_authorizer)
    away(DYNAMODB, fault)

    event = json.loads(HANDSHAKE.read_text(encoding="utf-8"))
    event["queryStringParameters"] = {"ticket": "x"}
    with pytest.raises(AwayError):
        app.handler(event, Context())
