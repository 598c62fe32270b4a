"""Backups are run with a key of the keyring, and an old one with the key it was sealed with."""

import re

import pytest

from functions.backup_key import app as module
from functions.backup_key.app import BackupRequestError, MaintenanceFailedError
from functions.maintenance.errors import JobError
from functions.platform_runtime.secrets.keyring import Keyring, SealError
from functions.platform_runtime.secrets.store import MissingSecretError
from tests.functions.maintenance import rows
from tests.functions.maintenance.conftest import BUCKET, KEY, Invocation
from tests.functions.maintenance.lambdas import invoked, maintain, maintenance, secret

pytestmark = pytest.mark.slow


__all__ = ["invoked", "maintain", "maintenance", "secret"]

EXPORT = {"job": "export", "reason": "weekly", "timestamp": "2026-11-22T03:00:00Z"}
STAMP = "20261122T030000Z"


@pytest.fixture
def run(fresh, secret, invoked):  # noqa: ARG001
    app = fresh(module)
    return lambda event: app.handler(event, Invocation())


def test_a_backup_is_exported_under_the_current_key(run, database, s3):
    rows.everything(database)

    answer = run(EXPORT)

    assert (answer["backup"], answer["key_version"]) == (KEY, "1")
    assert answer["counts"]["simulations"] == 3
    assert s3.head_object(Bucket=BUCKET, Key=KEY)["ContentLength"] == answer["bytes"]


def test_an_old_backup_opens_with_the_version_it_names(run, ring, secret, database):
    rows.everything(database)
    exported = run(EXPORT)
    rotated = ring.rotated().rotated()
    secret(rotated.dump())

    verified = run({"job": "verify", "backup": STAMP})

    assert (verified["key_version"], verified["checksum"]) == ("1", exported["checksum"])
    later = run({**EXPORT, "timestamp": "2026-11-23T03:00:00Z"})
    assert later["key_version"] == "3"
    assert run({"job": "verify", "backup": later["backup"]})["key_version"] == "3"


def test_a_backup_whose_version_is_gone_says_which(run, ring, secret, invoked):
    run(EXPORT)
    invoked.events.clear()
    keys = ring.rotated().keys
    secret(Keyring(current="2", keys={"2": keys["2"]}).dump())

    with pytest.raises(SealError, match="version 1 of the key, which is not kept"):
        run({"job": "verify", "backup": STAMP})
    assert invoked.events == []


def test_a_backup_of_another_keyring_does_not_open(run, secret):
    run(EXPORT)
    secret(Keyring.new().dump())

    with pytest.raises(SealError, match="not sealed under this version 1"):
        run({"job": "restore", "backup": STAMP})


def test_a_backup_moved_to_another_name_does_not_open(run, s3):
    run(EXPORT)
    moved = KEY.replace("2026", "2027")
    # Not copy_object: moto hands the parts' checksum on as if it were the whole object's.
    body = s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read()
    s3.put_object(Bucket=BUCKET, Key=moved, Body=body)

    with pytest.raises(SealError, match="not sealed"):
        run({"job": "verify", "backup": moved})


def test_an_event_delivered_twice_makes_one_backup(run, s3):
    run(EXPORT)

    assert run(EXPORT) == {"job": "export", "backup": KEY, "existed": True}
    assert len(s3.list_objects_v2(Bucket=BUCKET)["Contents"]) == 1


def test_each_backup_has_a_key_of_its_own(run, invoked):
    run(EXPORT)
    run(EXPORT)

    first, second = (event["data_key"]["secret"] for event in invoked.events)
    assert first != second


def test_one_made_by_hand_is_named_for_its_moment_without_colons(run):
    answer = run({"job": "export", "reason": "by hand"})

    assert re.fullmatch(r"backups/\d{8}T\d{6}\.\d{3}Z/full-backup\.json", answer["backup"])
    assert answer["timestamp"].endswith("+00:00")


@pytest.mark.parametrize(
    "timestamp",
    [
        "2026-11-22T03:00:00Z",
        "2026-11-22T04:00:00+01:00",
        "2026-11-22T03:00:00",
        "20261122T030000Z",
    ],
)
def test_the_same_moment_is_the_same_name(run, timestamp):
    assert run({**EXPORT, "timestamp": timestamp})["backup"] == KEY


def test_a_restore_is_relayed(run, database, invoked):
    rows.everything(database)
    run(EXPORT)

    with pytest.raises(MaintenanceFailedError, match="the schema is not empty: workspaces"):
        run({"job": "restore", "backup": STAMP})
    assert [event["job"] for event in invoked.events] == ["export", "restore"]


def test_what_the_job_fails_with_is_raised_for_lambda_to_try_again(run, invoked):
    def serve(_):
        raise JobError("no time is left")

    invoked.serve = serve

    with pytest.raises(MaintenanceFailedError, match=r"^no time is left$"):
        run(EXPORT)
    assert len(invoked.events) == 1


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({}, "no job None; there are export, verify, restore"),
        ({"job": "cleanup"}, "no job 'cleanup'"),
        ({"job": "export"}, "a reason"),
        ({"job": "export", "reason": ""}, "a reason"),
        ({"job": "export", "reason": "x" * 501}, "a reason"),
        ({**EXPORT, "timestamp": "yesterday"}, "timestamp of ISO 8601: 'yesterday'"),
        ({**EXPORT, "timestamp": 7}, "timestamp of ISO 8601: 7"),
        ({"job": "verify"}, "which backup"),
        ({"job": "verify", "backup": "20010101T000000Z"}, "there is no backups/20010101T000000Z/"),
    ],
)
def test_an_event_that_says_too_little_is_refused(run, invoked, event, said):
    with pytest.raises(BackupRequestError, match=said):
        run(event)
    assert invoked.events == []


def test_what_is_no_backup_does_not_open(run, s3):
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"x" * 10_000)

    with pytest.raises(SealError, match="not a sealed document"):
        run({"job": "verify", "backup": STAMP})


def test_an_empty_object_is_no_backup(run, s3):
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"")

    with pytest.raises((BackupRequestError, SealError)):
        run({"job": "verify", "backup": STAMP})


def test_a_keyring_that_is_not_there_is_missed_by_name(run, environment):
    missing = "arn:aws:secretsmanager:us-east-1:123456789012:secret:other"
    environment.setenv("ENCRYPTION_KEY_ARN", missing)

    with pytest.raises(MissingSecretError, match=r"Missing required secret: ENCRYPTION_KEY$"):
        run(EXPORT)


def test_no_key_is_ever_logged(run, ring, secret, invoked, environment, logged, capfd):
    environment.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")
    environment.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")
    ring = ring.rotated()
    secret(ring.dump())

    run(EXPORT)
    run({"job": "verify", "backup": STAMP})
    secret("nonsense " + ring.keys["2"])
    with pytest.raises(SealError) as error:
        run(EXPORT)

    told = [logged(), *capfd.readouterr(), repr(error.value)]
    assert '"message":"done"' in told[0]
    hidden = [*ring.keys.values(), *(event["data_key"]["secret"] for event in invoked.events)]
    assert len(hidden) == 4
    assert not [text for text in told for key in hidden if key in text]
