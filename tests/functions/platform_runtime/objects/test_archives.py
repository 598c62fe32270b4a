"""Archived objects: asked for, waited for, read."""

import gzip
from datetime import UTC, datetime

import botocore.exceptions
import pytest

from functions.platform_runtime.objects.storage import (
    ArchivedError,
    Storage,
)
from tests.functions.platform_runtime.conftest import BUCKET

KEY = "objects/w/simcore/1/payload"


@pytest.fixture
def objects(s3):  # noqa: ARG001
    return Storage(BUCKET)


@pytest.mark.parametrize("kept", ["GLACIER", "DEEP_ARCHIVE"])
def test_an_archived_object_is_asked_for_and_read_once_it_is_back(objects, s3, kept):
    body = gzip.compress(b'{"a": 1}')
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=body, ContentEncoding="gzip", StorageClass=kept)

    assert (objects.status(KEY).state, objects.status(KEY).readable) == ("archived", False)
    for read in (objects.load_compressed, objects.download):
        with pytest.raises(ArchivedError):
            read(KEY)

    back = objects.request_restore(KEY, days=3)
    assert (back.state, back.readable, back.storage_class) == ("restored", True, kept)
    assert 2 < (back.restored_until - datetime.now(UTC)).total_seconds() / 86400 <= 3
    assert objects.load_compressed(KEY) == {"a": 1}
    assert objects.download(KEY).method == "GET"


@pytest.mark.parametrize("kept", ["STANDARD", "STANDARD_IA", "GLACIER_IR"])
def test_hot_and_warm_objects_are_read_and_nothing_is_restored(objects, s3, kept, monkeypatch):
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"{}", StorageClass=kept)
    monkeypatch.setattr(objects._s3, "restore_object", None)

    assert objects.request_restore(KEY).state == "available"
    assert objects.load_compressed(KEY) == {}


def headed(objects, monkeypatch, **head):
    monkeypatch.setattr(objects._s3, "head_object", lambda **_: {"ContentLength": 5, **head})


def test_a_restore_under_way_is_not_asked_for_again(objects, monkeypatch):
    """moto restores at once; S3 takes hours, in which the object says so."""
    headed(objects, monkeypatch, StorageClass="GLACIER", Restore='ongoing-request="true"')
    monkeypatch.setattr(objects._s3, "restore_object", None)

    assert objects.request_restore(KEY).state == "restoring"
    assert not objects.status(KEY).readable
    with pytest.raises(ArchivedError):
        objects.download(KEY)


def test_two_who_ask_for_a_restore_at_once_are_both_told_that_it_is_under_way(objects, monkeypatch):
    states = iter([{}, {"Restore": 'ongoing-request="true"'}])
    monkeypatch.setattr(
        objects._s3,
        "head_object",
        lambda **_: {"ContentLength": 5, "StorageClass": "GLACIER", **next(states)},
    )

    def already(**_):
        code = "RestoreAlreadyInProgress"
        raise botocore.exceptions.ClientError({"Error": {"Code": code}}, "RestoreObject")

    monkeypatch.setattr(objects._s3, "restore_object", already)
    assert objects.request_restore(KEY).state == "restoring"


def test_a_refused_restore_is_an_error(objects, monkeypatch):
    headed(objects, monkeypatch, StorageClass="GLACIER")

    def refuse(**_):
        raise botocore.exceptions.ClientError({"Error": {"Code": "AccessDenied"}}, "RestoreObject")

    monkeypatch.setattr(objects._s3, "restore_object", refuse)
    with pytest.raises(botocore.exceptions.ClientError):
        objects.request_restore(KEY)


def test_an_archive_of_intelligent_tiering_is_one_too(objects, monkeypatch):
    headed(
        objects,
        monkeypatch,
        StorageClass="INTELLIGENT_TIERING",
        ArchiveStatus="ARCHIVE_ACCESS",
    )
    assert objects.status(KEY).state == "archived"
