"""Requests made from the OpenAPI document: no server error, and no answer it does not tell of."""

import pytest
from hypothesis import HealthCheck, settings

pytest.importorskip("schemathesis", reason="no schemathesis here: uv sync brings it")

from tests.functions.modules.fuzzing import Target, limitless

TARGET = Target()


@pytest.fixture(scope="module")
def target(migrated, aws, functions):  # noqa: ARG001
    with pytest.MonkeyPatch.context() as patch:
        limitless(migrated, patch)
        TARGET.open(migrated)
        yield TARGET
        TARGET.close()
    # Were all refused, nothing would have been tried.
    if TARGET.statuses.total() > 1000:
        assert {200, 201, 204, 404, 409, 412, 422} <= TARGET.statuses.keys()


@TARGET.schema.parametrize()
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_no_answer_is_a_server_error_or_undocumented(case, target):
    target.send(case)
