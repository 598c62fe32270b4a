"""A backup is in S3 whole or not at all, and what is there already stays."""

import base64
import zlib

import boto3
import psycopg
import pytest

from functions.maintenance.bucket import Bucket
from functions.maintenance.deadline import Deadline
from functions.maintenance.errors import DeadlineError
from functions.maintenance.export import Existed, export
from functions.maintenance.reading import verify
from tests.functions.maintenance import rows
from tests.functions.maintenance.conftest import ABOUT, BUCKET, KEY

pytestmark = pytest.mark.slow


def uploads(s3):
    return s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])


def objects(s3):
    return [found["Key"] for found in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def fail(error):
    def act(**_):
        raise error

    return act


def test_a_large_one_goes_in_parts_and_none_is_seen_before_the_last(
    large, save, s3, bucket, key, at_part
):
    seen = []
    for number in (1, 2, 3):
        at_part(number, lambda: seen.append(objects(s3)))

    stored = save(source=large)

    assert seen == [[], [], []]
    assert objects(s3) == [KEY]
    assert stored.bytes == s3.head_object(Bucket=BUCKET, Key=KEY)["ContentLength"]
    assert verify(bucket, key).counts["experiments"] == rows.LARGE


def test_s3_checks_each_part_by_the_checksum_the_upload_was_made_with(save, bucket):
    asked = []
    for name in ("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"):
        bucket._s3.meta.events.register(
            f"provide-client-params.s3.{name}", lambda params, **_: asked.append(params)
        )

    save()

    made, sent, completed = asked
    assert (made["ChecksumAlgorithm"], sent["ChecksumAlgorithm"]) == ("CRC32", "CRC32")
    crc = base64.b64encode(zlib.crc32(sent["Body"]).to_bytes(4)).decode()
    assert [part["ChecksumCRC32"] for part in completed["MultipartUpload"]["Parts"]] == [crc]


@pytest.mark.parametrize("error", [ConnectionError("the network"), KeyboardInterrupt()])
def test_a_crash_between_two_parts_leaves_nothing(
    large, bucket, key, s3, at_part, connected, deadline, error
):
    connection = connected(large)
    at_part(2, fail(error))

    with pytest.raises(type(error)):
        export(connection, bucket, key, deadline, **ABOUT)

    assert (objects(s3), uploads(s3)) == ([], [])
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE


def test_after_a_crash_the_next_one_is_whole(large, save, bucket, ring, s3, at_part):
    failures, key = [ConnectionError("the network")], ring.data_key(KEY)
    at_part(2, lambda: failures and fail(failures.pop())())
    with pytest.raises(ConnectionError):
        save(source=large)

    assert save(source=large, key=key).counts == verify(bucket, key).counts
    assert uploads(s3) == []


def test_an_upload_that_cannot_be_completed_leaves_nothing(save, bucket, s3):
    bucket._s3.meta.events.register(
        "provide-client-params.s3.CompleteMultipartUpload", fail(TimeoutError())
    )

    with pytest.raises(TimeoutError):
        save()

    assert (objects(s3), uploads(s3)) == ([], [])


def test_a_database_that_goes_away_leaves_nothing(
    large, connected, bucket, key, s3, at_part, deadline
):
    connection = connected(large)
    end = "SELECT pg_terminate_backend(%s, 2000)"
    at_part(2, lambda: large.execute(end, connection.info.backend_pid))

    with pytest.raises(psycopg.OperationalError):
        export(connection, bucket, key, deadline, **ABOUT)

    assert (objects(s3), uploads(s3)) == ([], [])


def test_an_export_that_takes_too_long_ends_itself(large, save, s3, at_part):
    deadline = Deadline.within(600)
    at_part(1, lambda: object.__setattr__(deadline, "at", 0))

    with pytest.raises(DeadlineError):
        save(source=large, deadline=deadline)

    assert (objects(s3), uploads(s3)) == ([], [])


def test_a_statement_that_takes_too_long_is_ended_by_postgres(large, save, s3, environment):
    environment.setattr(Deadline, "seconds_left", 0.02)

    with pytest.raises(psycopg.errors.QueryCanceled):
        save(source=large)

    assert (objects(s3), uploads(s3)) == ([], [])


def test_a_replay_leaves_the_first_as_it_is(database, save, s3, ring, bucket, key):
    rows.everything(database)
    save()
    before = s3.head_object(Bucket=BUCKET, Key=KEY)["ETag"]
    database.execute("DELETE FROM memberships")

    assert save(key=ring.data_key(KEY)) == Existed(backup=KEY)

    assert s3.head_object(Bucket=BUCKET, Key=KEY)["ETag"] == before
    assert verify(bucket, key).counts["memberships"] == 1


def test_of_two_at_once_the_first_to_end_stays(database, save, s3, ring, bucket, key, environment):
    """Both have found none there."""
    rows.everything(database)
    environment.setattr(Bucket, "exists", lambda *_: False)
    save()

    assert save(key=ring.data_key(KEY)) == Existed(backup=KEY)

    assert uploads(s3) == []
    assert verify(bucket, key).counts["memberships"] == 1


def test_an_object_that_changes_while_it_is_read_is_not_mixed(large, save, bucket, s3):
    save(source=large)
    pieces = bucket.pieces(KEY)
    next(pieces)
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=bytes(20_000_000))

    with pytest.raises(boto3.client("s3").exceptions.ClientError, match="PreconditionFailed"):
        for _ in pieces:
            pass
