"""Requests made from the OpenAPI document, sent where they find something."""

import zlib
from collections import Counter
from contextlib import contextmanager
from importlib import import_module
from uuid import UUID, uuid4

import pytest
import schemathesis
from hypothesis import strategies
from moto import mock_aws
from schemathesis import GenerationMode, checks

from functions.health import app as health
from tests.functions.modules.fixtures import FUNCTIONS, make_aws, settings_of
from tests.functions.modules.gateway import Gateway, api_key, user, worker
from tests.functions.modules.wsgi import application
from tools import openapi

STATUSES = ("pending", "running", "completed", "failed", "cancelled")
TABLES = {
    "/api/simcore/simulations": "simcore_simulations",
    "/api/qmlab/experiments": "qmlab_experiments",
    "/api/optilibria/runs": "optilibria_runs",
    "/api/workspaces/{workspace_id}/workflows": "workflows",
}
INSERT = """
    INSERT INTO TABLE (workspace_id, user_id, name, status, completed_at)
    VALUES (%s, %s, 'n', %s, now()) RETURNING id::text
"""
INSERT_WORKFLOW = """
    INSERT INTO workflows (workspace_id, user_id, name, status, completed_at, steps)
    VALUES (%s, %s, 'n', %s, now(), '[{"module": "qmlab", "name": "s", "parameters": {}}]')
    RETURNING id::text
"""
CHECKS = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
)


class Target:
    """The API with one workspace of one user in it, and something to find wherever one looks.

    It is made before there is a database, for the tests are named from its document.
    """

    def __init__(self):
        self.principals = {}
        self.statuses = Counter()
        app = application(Gateway(), openapi.document(), self.principals)
        whole = schemathesis.openapi.from_wsgi("/openapi.json", app)
        self.schema = whole.exclude(path_regex="/api/health/auth|/api/worker")

    def open(self, database):
        # Before the settings change again.
        for name in FUNCTIONS:
            import_module(f"functions.{name}.app").resources()
        health.database()
        self._connection = database.connect("platform_app")
        self.owner = f"user-{uuid4().hex[:12]}"
        (self.workspace,) = self._execute(
            "INSERT INTO workspaces (name, created_by) VALUES ('fuzzed', %s) RETURNING id::text",
            self.owner,
        )
        self._execute(
            "INSERT INTO memberships VALUES (%s, %s, 'owner') RETURNING user_id",
            self.workspace,
            self.owner,
        )
        self.principals |= {
            "Bearer user": user(self.owner),
            "Bearer worker": worker(),
            "ApiKey key": api_key(self.workspace),
        }

    def close(self):
        self._connection.close()

    def cases(self, operation):
        """What the document forbids is asked for as often as what it allows."""
        positive, negative = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
        takes_input = operation.path_parameters or operation.body
        modes = (positive, negative) if takes_input else (positive,)
        return strategies.one_of([operation.as_strategy(generation_mode=m) for m in modes])

    def send(self, case):
        """Validate the answer; most ids are made to be of something that is there."""
        chosen = zlib.crc32(repr((case.path_parameters, case.query, case.body)).encode())
        prefix = case.path.partition("/{id}")[0]
        names = case.path_parameters or {}
        if chosen % 4 and _is_uuid(names.get("workspace_id")):
            names["workspace_id"] = self.workspace
        if chosen % 4 and "{id}" in case.path and _is_uuid(names.get("id")):
            names["id"] = self._something(TABLES[prefix], STATUSES[chosen // 4 % len(STATUSES)])
        if chosen % 3 and isinstance(case.body, dict) and _is_uuid(case.body.get("workspace")):
            case.body["workspace"] = self.workspace
        principal = list(self.principals)[(0, 0, 0, 1, 2)[chosen // 7 % 5]]
        response = case.call_and_validate(headers={"Authorization": principal}, checks=CHECKS)
        self.statuses[response.status_code] += 1

    def _something(self, table, status):
        statement = INSERT.replace("TABLE", table)
        if table == "workflows":
            statement = INSERT_WORKFLOW
        (key,) = self._execute(statement, self.workspace, self.owner, status)
        return key

    def _execute(self, statement, *given):
        return self._connection.execute(statement, given).fetchone()


def _is_uuid(value):
    try:
        return bool(UUID(value))
    except (ValueError, TypeError, AttributeError):
        return False


def limitless(database, patch):
    """The environment of the functions, without what would refuse a great many requests."""
    from functions.platform_runtime.database import postgres as connections
    from functions.platform_runtime.requests import limits
    from functions.workspaces import keys, workspaces

    settings_of(database, patch)
    patch.setattr(connections, "TLS", {"sslmode": "disable"})
    patch.setenv("MAX_SIMULATIONS", "1000000")
    patch.setattr(workspaces, "MOST_OWNED", 1_000_000)
    patch.setattr(keys, "MOST_KEYS", 30)
    for name in limits.LIMITS:
        patch.setitem(limits.LIMITS, name, 1_000_000)


@contextmanager
def opened():
    """A target with a database and an AWS of its own, outside of any test."""
    from tests.migrations.databases import a_server, an_empty_database

    with (
        a_server() as server,
        an_empty_database(server) as database,
        pytest.MonkeyPatch.context() as patch,
        mock_aws(),
    ):
        database.migrate()
        limitless(database, patch)
        patch.setenv("POWERTOOLS_LOG_LEVEL", "CRITICAL")
        make_aws()
        target = Target()
        target.open(database)
        yield target
        target.close()
