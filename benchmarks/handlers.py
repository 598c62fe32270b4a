"""A module's function as API Gateway calls it, with its database and a DynamoDB that costs nothing.

DynamoDB counts each request and takes each event. Its own time is AWS's and not the platform's, so
here it answers at once. Nor is API Gateway's: the event of a request is made once, beforehand, and
of an answer only the status is looked at. What is left is all that the function does.
"""

# ruff: noqa: ANN401 - the tests' own harness has no types, nor have boto3's clients.
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from typing import Any
from unittest.mock import patch

from contract.settings import Setting
from functions.platform_runtime import clients
from functions.platform_runtime.database import postgres
from functions.platform_runtime.requests.pages import Cursor
from tests.migrations.databases import Database

PATH = "/api/simcore/simulations"
PAGE = 20
PLENTY = str(10**9)
USER = "user-1"
"""One of the workspace's members."""


class _Nowhere(io.TextIOBase):
    """Takes the lines of the log. It stays open: loggers keep what they found at their import."""

    def write(self, text: str) -> int:
        return len(text)


_NOWHERE = _Nowhere()


class Handlers:
    """The function of simulations, asked over and over by one user of one workspace."""

    def __init__(self, workspace: str, after: Cursor) -> None:
        gateway: Any = import_module("tests.functions.modules.gateway")
        simcore: Any = import_module("functions.simcore.app")
        self._handler, self._context = simcore.handler, gateway.Context()

        def event(method: str, query: str = "", body: str | None = None) -> dict[str, Any]:
            who = gateway.user(USER)
            return gateway.an_event(method, PATH, query, {}, body, who)[0]  # type: ignore[no-any-return]

        self._list = event("GET", f"workspace={workspace}&limit={PAGE}&cursor={after.encode()}")
        named = {"workspace": workspace, "name": "benchmark"}
        self._create = event("POST", body=json.dumps(named))
        items = json.loads(self.list()["body"])["items"]
        if len(items) != PAGE:
            raise RuntimeError(f"{len(items)} items on a page of {PAGE}")

    def list(self) -> Any:
        return self._expect(200, self._list)

    def create(self) -> Any:
        return self._expect(201, self._create)

    def _expect(self, status: int, event: dict[str, Any]) -> Any:
        answer = self._handler(event, self._context)
        if answer["statusCode"] != status:
            raise RuntimeError(f"answered {answer}")
        return answer


@contextmanager
def deployed(filled: Database) -> Iterator[None]:
    """Functions have this database, and nothing of what others had in this process."""
    conftest: Any = import_module("tests.functions.conftest")
    settings = conftest.ENVIRONMENT | {
        Setting.DB_PORT: str(filled.port),
        Setting.DB_NAME: filled.name,
        Setting.MAX_SIMULATIONS: PLENTY,
        Setting.MAX_STORAGE_GB: PLENTY,
    }
    with (
        redirect_stdout(_NOWHERE),
        patch.dict(os.environ, settings),
        # This build of Postgres knows no TLS.
        patch.dict(postgres.TLS, {"sslmode": "disable"}, clear=True),
        patch.object(clients, "client", _at_once),
    ):
        simcore = import_module("functions.simcore.app")
        conftest.forget(simcore)
        yield
        simcore.resources().database.close()
        conftest.forget(simcore)


class _DynamoDB:
    """Nobody has asked anything yet."""

    def get_item(self, **_: object) -> dict[str, Any]:
        return {}

    def update_item(self, **_: object) -> dict[str, Any]:
        return {"Attributes": {}}

    def put_item(self, **_: object) -> None:
        pass


def _at_once(service: str, **_: object) -> Any:
    if service != "dynamodb":
        raise LookupError(f"nothing measured here asks {service}")
    return _DynamoDB()
