"""Payloads and results: sent and fetched by the browser, archived with age, brought back."""

from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from contract.module_routes import MODULES
from functions.platform_runtime.objects import storage
from tests.functions.modules.fixtures import BUCKET


@pytest.fixture(params=MODULES.values(), ids=list(MODULES))
def module(request):
    return request.param


@pytest.fixture
def item(ada, workspace, module):
    return ada.post(module.path, {"workspace": workspace, "name": "one"}).body


@pytest.fixture
def path(module, item):
    return f"{module.path}/{item['id']}"


@pytest.fixture
def put(module, item):
    """Store an object as an upload would have."""

    def stored(part, storage_class="STANDARD", size=2):
        key = f"objects/{item['workspace_id']}/{module.name}/{item['id']}/{part}"
        boto3.client("s3").put_object(
            Bucket=BUCKET, Key=key, Body=b"x" * size, StorageClass=storage_class
        )
        return key

    return stored


def test_a_payload_is_sent_under_its_own_key_with_the_size_that_was_said(ada, item, path, module):
    answer = ada.post(f"{path}/payload", {"size": 1000, "compressed": True})

    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert (answer.body["method"], answer.body["expires_in"]) == ("PUT", 900)
    assert answer.body["headers"] == {
        "content-type": "application/json",
        "content-encoding": "gzip",
        "x-amz-meta-compressed": "true",
    }
    url = urlsplit(answer.body["url"])
    assert url.netloc.startswith(f"{BUCKET}.s3.")
    assert url.path == f"/objects/{item['workspace_id']}/{module.name}/{item['id']}/payload"
    assert "content-length" in parse_qs(url.query)["X-Amz-SignedHeaders"][0]
    assert ada.get(path).body["stored_bytes"] == 1000


def test_room_is_set_aside_once_and_never_given_back_while_a_url_may_be_used(ada, path):
    sizes = [1000, 1000, 10, 1500]

    stored = []
    for size in sizes:
        ada.post(f"{path}/payload", {"size": size})
        stored.append(ada.get(path).body["stored_bytes"])

    assert stored == [1000, 1000, 1000, 1500]


def test_a_result_is_added_to_the_payload_that_is_there(ada, the_worker, path, put):
    ada.post(f"{path}/payload", {"size": 1000})
    put("payload", size=1000)
    assert the_worker.post(f"{path}/result", {"size": 5}).code == "wrong_status"
    the_worker.put(f"{path}/status", {"status": "running"})

    first = the_worker.post(f"{path}/result", {"size": 500})
    again = the_worker.post(f"{path}/result", {"size": 500})

    assert (first.status, first.body["version"]) == (200, 4)
    assert again.body["version"] == first.body["version"]
    assert ada.get(path).body["stored_bytes"] == 1500
    late = ada.post(f"{path}/payload", {"size": 1})
    assert (late.status, late.code, late.body["status"]) == (409, "wrong_status", "running")


@pytest.mark.parametrize("part", ["payload", "result"])
def test_what_is_there_is_fetched_by_a_url_of_its_own(ada, path, put, part, module, item):
    assert ada.get(f"{path}/{part}").code == "no_object"
    key = put(part)

    answer = ada.get(f"{path}/{part}")

    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    url = urlsplit(answer.body["url"])
    assert url.path == f"/{key}"
    name = f"{module.one}-{item['id']}-{part}.json"
    query = parse_qs(url.query)
    assert name in query["response-content-disposition"][0]
    # S3 answers with it: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    assert query["response-cache-control"] == ["private, no-cache"]


def test_what_is_archived_is_asked_for_and_then_told_of(
    ada, path, put, migrated, workspace, module, item
):
    put("result", "GLACIER")

    before = ada.get(f"{path}/result/archive")
    refused = ada.get(f"{path}/result")
    asked = ada.post(f"{path}/result/archive")

    assert (before.status, before.body["state"]) == (200, "archived")
    assert before.body["storage_class"] == "GLACIER"
    assert (refused.status, refused.code, refused.body["state"]) == (
        409,
        "object_archived",
        "archived",
    )
    # moto has it back at once.
    assert (asked.status, asked.body["state"]) == (202, "restored")
    assert ada.get(f"{path}/result").status == 200
    event = migrated.execute(
        "SELECT event FROM outbox WHERE topic = %s ORDER BY id DESC LIMIT 1",
        f"workspace#{workspace}",
    )
    assert event[0][0] == {
        "type": f"{module.one}.restore",
        "id": item["id"],
        "part": "result",
        "state": "restored",
    }


def test_what_is_not_there_cannot_be_brought_back(ada, path):
    for answer in (ada.get(f"{path}/payload/archive"), ada.post(f"{path}/payload/archive")):
        assert (answer.status, answer.code) == (404, "no_object")


def test_objects_go_with_what_they_belong_to(ada, path, put):
    ada.post(f"{path}/payload", {"size": 2})
    key = put("payload")

    ada.delete(path)

    listed = boto3.client("s3").list_objects_v2(Bucket=BUCKET, Prefix=key)
    assert listed["KeyCount"] == 0


def test_a_bucket_that_fails_leaves_objects_over_and_not_the_item(ada, path, environment):
    from botocore.exceptions import EndpointConnectionError

    def fail(*_):
        raise EndpointConnectionError(endpoint_url="s3")

    ada.post(f"{path}/payload", {"size": 2})
    environment.setattr(storage.Storage, "delete", fail)

    assert ada.delete(path).status == 204
    assert ada.get(path).status == 404


@pytest.mark.parametrize("size", [0, -1, 5 * 1024**3 + 1, "1", 1.5])
def test_a_size_that_cannot_be_is_named(ada, path, size):
    answer = ada.post(f"{path}/payload", {"size": size})

    assert (answer.status, answer.body["fields"][0]["field"]) == (422, "size")
