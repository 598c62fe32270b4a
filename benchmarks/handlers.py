"""A module's function as API Gateway calls it, with its database and a DynamoDB that costs nothing.

DynamoDB counts each request and takes each event. Its own time is AWS's and not the platform's, so
here it answers at once: what is left is all that the function does.
"""

# ruff: noqa: ANN401 - the tests' own harness has no types, nor have boto3's clients.
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from typing import Any
from unittest.mock import patch

from contract.settings import Setting
from functions.platform_runtime import clients
from functions.platform_runtime.database import postgres
from functions.platform_runtime.requests.pages import Cursor
from tests.migrations.databases import Database

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
        self._ada = gateway.Caller(gateway.Gateway(), gateway.user(USER))
        self._page = (
            f"/api/simcore/simulations?workspace={workspace}&limit={PAGE}&cursor={after.encode()}"
        )
        self._created = {"workspace": workspace, "name": "benchmark"}

    def list(self) -> None:
        answer = _expect(200, lambda: self._ada.get(self._page))
        if len(answer.body["items"]) != PAGE:
            raise RuntimeError(f"{len(answer.body['items'])} items on a page of {PAGE}")

    def create(self) -> None:
        _expect(201, lambda: self._ada.post("/api/simcore/simulations", self._created))


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


def _expect(status: int, ask: Callable[[], Any]) -> Any:
    answer = ask()
    if answer.status != status:
        raise RuntimeError(f"answered {answer}")
    return answer
