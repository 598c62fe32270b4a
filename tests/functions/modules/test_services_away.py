"""S3 or DynamoDB is away: each operation that needs it says so, and all others go on."""

from uuid import uuid4

import pytest

from contract.module_routes import MODULES
from functions.platform_runtime.requests import limits
from tests.functions.faults import FAULTS, Fault
from tests.functions.modules.gateway import Caller

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("impatient")]
OF_S3 = pytest.mark.parametrize("fault", [Fault(503, "SlowDown"), None], ids=str)
OF_DYNAMODB = pytest.mark.parametrize("fault", FAULTS, ids=str)
BY_MODULE = pytest.mark.parametrize("module", MODULES.values(), ids=list(MODULES))


@pytest.fixture
def without(another_gateway, away, fault):
    """Somebody, in new environments that find a service failing; and that service."""

    def begin(service, context):
        gateway = another_gateway()
        limits.limiter.cache_clear()
        return Caller(gateway, context), away(service, fault)

    yield begin
    limits.limiter.cache_clear()


def outcome(answer):
    return answer.status, answer.code, answer.headers["retry-after"]


@OF_S3
@BY_MODULE
def test_without_s3_what_asks_for_an_object_says_so(ada, the_worker, workspace, module, without):
    made = ada.post(module.path, {"workspace": workspace, "name": "one"}).body
    path = f"{module.path}/{made['id']}"
    the_worker.put(f"{path}/status", {"status": "running"})
    late, _ = without("s3", ada.context)

    answers = [
        late.get(f"{path}/payload"),
        late.get(f"{path}/result/archive"),
        late.post(f"{path}/result/archive"),
        Caller(late.gateway, the_worker.context).post(f"{path}/result", {"size": 5}),
    ]

    assert [outcome(one) for one in answers] == [(503, "storage_unavailable", "5")] * 4
    assert late.get(path).status == 200
    assert late.put(f"{path}/status", {"status": "completed"}).status == 200


@OF_S3
@BY_MODULE
def test_without_s3_an_item_is_deleted_and_one_object_is_asked_for_in_vain(
    ada, workspace, module, without
):
    made = ada.post(module.path, {"workspace": workspace, "name": "one"}).body
    path = f"{module.path}/{made['id']}"
    ada.post(f"{path}/payload", {"size": 2})
    late, s3 = without("s3", ada.context)

    assert late.delete(path).status == 204
    assert late.get(path).status == 404
    # In two attempts.
    assert s3.requests == 2


@OF_DYNAMODB
@BY_MODULE
def test_without_dynamodb_items_are_made_and_read_uncounted(ada, workspace, module, without):
    late, _ = without("dynamodb", ada.context)

    made = late.post(module.path, {"workspace": workspace, "name": "one"})

    assert made.status == 201
    assert late.get(f"{module.path}/{made.body['id']}").status == 200


@OF_DYNAMODB
@pytest.mark.parametrize("function", [*MODULES, "workspaces"])
def test_without_dynamodb_nobody_is_admitted_where_the_limits_are_closed(
    ada, function, without, environment
):
    environment.setenv("LIMITS_ON_FAILURE", "closed")
    late, _ = without("dynamodb", ada.context)
    path = MODULES[function].path if function in MODULES else "/api/workspaces"

    assert outcome(late.get(path)) == (503, "limits_unavailable", "5")


@OF_DYNAMODB
def test_without_dynamodb_keys_and_tickets_say_so_and_nothing_is_changed(ada, workspace, without):
    keys = f"/api/workspaces/{workspace}/keys"
    key = ada.post(keys, {"name": "ci"}).body["key_id"]
    late, _ = without("dynamodb", ada.context)

    answers = [
        late.get(keys),
        late.post(keys, {"name": "second"}),
        late.delete(f"{keys}/{key}"),
        late.delete(f"/api/workspaces/{workspace}"),
        late.post("/api/realtime/ticket"),
    ]

    assert [outcome(one) for one in answers] == [(503, "tables_unavailable", "5")] * 5
    assert late.get(f"/api/workspaces/{workspace}").status == 200
    assert late.post("/api/workspaces", {"name": str(uuid4())}).status == 201
    assert [one["revoked_at"] for one in ada.get(keys).body["items"]] == [None]
