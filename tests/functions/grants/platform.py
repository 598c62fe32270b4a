"""A stack's functions, each in the environment its program gives it, over moto and Postgres."""

import re
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module

import pytest

from contract.settings import Setting
from graph.model import Graph, Resource
from tests.functions.authorizer import signing
from tests.functions.conftest import ENVIRONMENT
from tests.functions.fanout.conftest import Gateway as Connections
from tests.functions.grants.recording import Recorder
from tests.functions.maintenance.conftest import Invocation
from tests.functions.modules.gateway import Caller, Gateway
from tests.migrations.databases import Database

BELIEVED = ("ALLOWED_ORIGINS", "ORIGIN_DIGESTS", "TOKEN_CLIENT_IDS", "TOKEN_ISSUER")
"""Settings that say whom to believe: the tests' own events and tokens."""


def functions(graph: Graph) -> dict[str, Resource]:
    """A stack's, by their names in the contract."""
    found = graph.by_type("aws:lambda/function:Function")
    return {function.name.replace("-", "_"): function for function in found}


def settings(function: Resource) -> dict[str, str]:
    return function.inputs["environment"]["variables"]


def setting(graph: Graph, key: str) -> str:
    every = map(settings, functions(graph).values())
    return next(given[key] for given in every if given.get(key))


@dataclass(frozen=True, kw_only=True)
class Platform:
    """``connections`` plays the clients of the WebSocket API; ``pool`` knows its users' key."""

    graph: Graph
    recorder: Recorder
    database: Database
    connections: Connections
    pool: signing.KeyServer
    users: signing.Key

    def setting(self, key):
        """What the program gives whoever is given it."""
        return setting(self.graph, key)

    def invoke(self, function, event):
        return import_module(f"functions.{function}.app").handler(event, Invocation())

    def caller(self, context=None):
        """Somebody in front of the HTTP API."""
        return Caller(Gateway(), context)

    @contextmanager
    def environment(self, function):
        """Its settings and no others; what leads out of this machine is led back to it."""
        given = settings(functions(self.graph)[function])
        here = {
            **{key: ENVIRONMENT[key] for key in BELIEVED},
            "DB_NAME": self.database.name,
            "DB_PORT": str(self.database.port),
            "DB_READER_HOSTS": re.sub(r":\d+", "", given.get("DB_READER_HOSTS", "")),
            "JWKS_URL": self.pool.url,
            "CONNECTIONS_URL": f"http://127.0.0.1:{self.connections.server_port}/ws",
        }
        with pytest.MonkeyPatch.context() as patch:
            for key in Setting:
                patch.delenv(key, raising=False)
            for key, value in given.items():
                patch.setenv(key, here.get(key, value))
            yield

    def install(self, patch):
        """Have each handler run in its environment, and be recorded."""
        for name in functions(self.graph):
            module = import_module(f"functions.{name}.app")
            patch.setattr(module, "handler", self._around(name, module.handler))

    def _around(self, name, handler):
        def handle(event, context):
            with self.environment(name), self.recorder.running(name):
                return handler(event, context)

        return handle
