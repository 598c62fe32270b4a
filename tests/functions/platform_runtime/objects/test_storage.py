"""Objects: they come back as they were, move as they were signed for, and return from archives."""

import gzip
import json
import tracemalloc
from uuid import UUID

import botocore.exceptions
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.platform_runtime.objects.storage import (
    MissingError,
    Storage,
    TooLargeError,
    object_key,
)
from functions.platform_runtime.telemetry import usage
from tests.functions.platform_runtime.conftest import BUCKET

KEY = "objects/w/simcore/1/payload"
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@pytest.fixture
def objects(s3):  # noqa: ARG001
    return Storage(BUCKET)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=JSON)
def test_whatever_is_stored_is_loaded_again(objects, data):
    objects.store_compressed(KEY, data)

    assert objects.load_compressed(KEY) == data


def test_an_object_says_that_and_how_it_is_compressed(objects, s3):
    data = {"points": [1.5] * 10_000}

    size = objects.store_compressed(KEY, data)

    kept = s3.get_object(Bucket=BUCKET, Key=KEY)
    assert kept["Metadata"] == {"compressed": "true"}
    assert (kept["ContentEncoding"], kept["ContentType"]) == ("gzip", "application/json")
    assert (kept["ContentLength"], size) == (size, len(kept["Body"].read()))
    assert size < len(json.dumps(data)) / 50


def test_the_same_data_is_the_same_object_whenever_it_is_stored(objects, s3, monkeypatch):
    tags = []
    for moment in (1_795_356_000, 1_795_356_060):
        monkeypatch.setattr(gzip.time, "time", lambda now=moment: now)
        objects.store_compressed(KEY, {"b": 1})
        tags.append(s3.head_object(Bucket=BUCKET, Key=KEY)["ETag"])
    assert tags[0] == tags[1]


def test_what_was_stored_counts_as_used(objects, capsys):
    with usage.metered("staging") as used:
        size = objects.store_compressed(KEY, {"a": 1})
    assert used.storage_bytes == size
    assert f'"storageBytes":{size}' in capsys.readouterr().out


def test_numbers_json_does_not_know_are_not_stored(objects):
    with pytest.raises(ValueError, match="not JSON compliant"):
        objects.store_compressed(KEY, float("nan"))
    with pytest.raises(MissingError):
        objects.load_compressed(KEY)


def test_an_object_uploaded_as_it_is_is_loaded_too(objects, s3):
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b'{"a": 1}')

    assert objects.load_compressed(KEY) == {"a": 1}


def test_a_few_kilobytes_that_unpack_to_gigabytes_are_given_up_on(objects, s3):
    bomb = gzip.compress(b'"' + b"0" * 10_000_000 + b'"', mtime=0)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=bomb, ContentEncoding="gzip")

    objects.status(KEY)
    tracemalloc.start()
    with pytest.raises(TooLargeError, match="holds more than 1000000 bytes"):
        objects.load_compressed(KEY, most_bytes=1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000
    assert len(objects.load_compressed(KEY)) == 10_000_000


@pytest.mark.parametrize("size", [99, 100, 101])
def test_the_most_bytes_are_still_allowed(objects, s3, size):
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"1" * size)

    if size > 100:
        with pytest.raises(TooLargeError):
            objects.load_compressed(KEY, most_bytes=100)
    else:
        assert objects.load_compressed(KEY, most_bytes=100) == int("1" * size)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (gzip.compress(b'{"a": 1}', mtime=0)[:-9], "ends too early"),
        (b"no gzip", "is not gzip"),
        (gzip.compress(b"{no json", mtime=0), "Expecting property name"),
    ],
)
def test_a_damaged_object_is_an_error(objects, s3, body, problem):
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=body, ContentEncoding="gzip")

    with pytest.raises(ValueError, match=problem):
        objects.load_compressed(KEY)


@pytest.mark.parametrize("ask", ["load_compressed", "download", "status", "request_restore"])
def test_what_is_not_there_is_missing(objects, ask):
    with pytest.raises(MissingError, match=KEY):
        getattr(objects, ask)(KEY)


def test_what_must_not_be_read_is_an_error_and_not_missing(objects, monkeypatch):
    def refuse(**_):
        raise botocore.exceptions.ClientError({"Error": {"Code": "AccessDenied"}}, "HeadObject")

    monkeypatch.setattr(objects._s3, "head_object", refuse)
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        objects.status(KEY)


def test_deleting_twice_is_no_error(objects):
    objects.store_compressed(KEY, {})
    for _ in range(2):
        objects.delete(KEY)
    with pytest.raises(MissingError):
        objects.status(KEY)


def test_a_key_names_workspace_module_item_and_part():
    key = object_key(UUID(int=1), "simcore", UUID(int=2), "result")

    assert key == (
        "objects/00000000-0000-0000-0000-000000000001/simcore/"
        "00000000-0000-0000-0000-000000000002/result"
    )
