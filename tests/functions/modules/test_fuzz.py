"""Requests made from the OpenAPI document: no server error, and no answer it does not tell of."""

import pytest
from hypothesis import HealthCheck, given, settings

pytest.importorskip("schemathesis", reason="no schemathesis here: uv sync brings it")

from tests.functions.modules.fuzzing import Target, limitless

pytestmark = pytest.mark.slow


TARGET = Target()
OPERATIONS = {found.ok().label: found.ok() for found in TARGET.schema.get_all_operations()}


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


# Named here and not by schemathesis, whose tests all have one name: of those xdist runs one.
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("each", [4, pytest.param(40, marks=pytest.mark.slow)])
def test_no_answer_is_a_server_error_or_undocumented(target, operation, each):
    @settings(
        max_examples=each,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=target.cases(OPERATIONS[operation]))
    def send(case):
        target.send(case)

    send()
