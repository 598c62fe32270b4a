"""What Lambda and API Gateway hand to a function, and the environment it runs in."""

import hashlib
import io
import json
import logging
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from contract.functions import FUNCTIONS
from contract.routes import ROUTES
from functions.platform_runtime.requests import limits
from tests.functions.faults import away, impatient  # noqa: F401
from tests.functions.pinning import pinning_refused  # noqa: F401
from tests.functions.stores import *  # noqa: F403

EVENTS = Path(__file__).parents[1] / "events"
SECRETS = ("current-secret", "previous-secret")
ENVIRONMENT = {
    "ENVIRONMENT": "staging",
    "STACK": "ma-platform-staging",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "ORIGIN_DIGESTS": ",".join(hashlib.sha256(s.encode()).hexdigest() for s in SECRETS),
    "ALLOWED_ORIGINS": "https://app.example.com,http://localhost:5173",
    "DB_HOST": "127.0.0.1",
    "DB_PORT": "1",
    "DB_NAME": "platform",
    "DB_USER": "platform_app",
    "DB_READER_HOSTS": "",
    "DB_INSTANCE": "ma-platform-staging",
    "JWKS_URL": "http://127.0.0.1:1/jwks.json",
    "CONNECTIONS_TABLE": "connections",
    "EVENTS_TABLE": "events",
    "LIMITS_TABLE": "limits",
    "API_KEYS_TABLE": "api_keys",
    "TICKETS_TABLE": "tickets",
    "DATA_BUCKET": "data",
    "AUDIT_BUCKET": "audit",
    "CONNECTIONS_URL": "http://127.0.0.1:1/ws",
    "TOKEN_ISSUER": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool",
    "TOKEN_CLIENT_IDS": "browser",
    "MASTER_SECRET_ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:master-abcdef",
    "JWT_SECRET_ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:jwt-abcdef",
    "API_KEY_ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-abcdef",
    "ENCRYPTION_KEY_ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:seal-abcdef",
    "LIMITS_ON_FAILURE": "open",
    "MAX_SIMULATIONS": "100",
    "MAX_STORAGE_GB": "1",
    "MAX_USERS_PER_WORKSPACE": "5",
    "MIGRATE_FUNCTION": "migrate:live",
    "MAINTENANCE_FUNCTION": "maintenance:live",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "session",
}


@dataclass
class Context:
    function_name: str = "platform"
    function_version: str = "7"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:platform"
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """Every setting there is, and credentials that open nothing."""
    for key, value in ENVIRONMENT.items():
        monkeypatch.setenv(key, value)
    return monkeypatch


PAST_THE_PROXY = {"maintenance", "migrate"}
"""Functions that connect to the instance itself, for they change what their session does."""


@pytest.fixture(autouse=True)
def nothing_pins(request):
    """Whatever any other sends in any test of it."""
    if request.path.parent.name not in PAST_THE_PROXY:
        request.getfixturevalue("pinning_refused")


@pytest.fixture
def fresh():
    """A function as in a new Lambda environment: nothing read, nothing connected."""
    modules = []

    def renew(module: ModuleType) -> ModuleType:
        modules.append(module)
        forget(module)
        return module

    yield renew
    for module in modules:
        forget(module)


def forget(module: ModuleType) -> None:
    for value in vars(module).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()
    limits.limiter.cache_clear()


@pytest.fixture
def log():
    """What the functions have logged, as text."""
    stream = io.StringIO()
    for name in FUNCTIONS:
        for handler in logging.getLogger(name).handlers:
            handler.setStream(stream)
    return stream.getvalue


@pytest.fixture
def event():
    return lambda name: json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def ask(event):
    """Send a request through a function's handler; the answer comes with its body parsed."""

    def send(
        app: ModuleType,
        method: str,
        path: str,
        origin: str | None = SECRETS[0],
        route: str | None = None,
        parameters: Mapping[str, str] | None = None,
    ):
        request = event("http_api") | ({"pathParameters": parameters} if parameters else {})
        matched = route or f"{method} {path}"
        key = matched if route or matched in {r.key for r in ROUTES} else "$default"
        request["routeKey"] = request["requestContext"]["routeKey"] = key
        request["rawPath"] = request["requestContext"]["http"]["path"] = path
        request["requestContext"]["http"]["method"] = method
        request["headers"].pop("x-origin-verify")
        if origin is not None:
            request["headers"]["x-origin-verify"] = origin
        answer = app.handler(request, Context())
        return answer | {"body": json.loads(answer["body"])}

    return send


@pytest.fixture
def send(event):
    """Send an event of the WebSocket API; the answer comes with its body parsed."""

    def deliver(app: ModuleType, name: str, **headers: str | None):
        request = event(name)
        given = {**request.get("headers", {}), **headers}
        request["headers"] = {key: value for key, value in given.items() if value is not None}
        answer = app.handler(request, Context())
        return answer | {"body": json.loads(answer["body"])}

    return deliver


@pytest.fixture
def silent_server():
    """A port that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
