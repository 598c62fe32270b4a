"""The check of the audit trail: what one run leaves, the next holds it to."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from moto import mock_aws
from psycopg.errors import InsufficientPrivilege

from functions.maintenance import audit
from functions.maintenance.audit import Anchors, BrokenTrailError, verify_audit
from functions.maintenance.chain import Anchor
from functions.maintenance.deadline import Deadline
from functions.maintenance.errors import DeadlineError, JobError
from functions.platform_runtime.events.audit import COLUMNS
from tests.functions.maintenance import trail
from tests.functions.maintenance.lambdas import maintain, maintenance
from tests.functions.maintenance.servers import APP

__all__ = ["maintain", "maintenance"]

ROOT = Path(__file__).parents[3]
ARCHIVE = "audit"
MANY = 100_000
MOST = 12 * 1024 * 1024
"""A batch is some 3 MB; all of them would be 140."""


@pytest.fixture
def archive():
    """Locked, as the platform's."""
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=ARCHIVE, ObjectLockEnabledForBucket=True)
        client.put_object_lock_configuration(
            Bucket=ARCHIVE,
            ObjectLockConfiguration={
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}},
            },
        )
        yield client


@pytest.fixture
def check(connection, archive, deadline):  # noqa: ARG001
    return lambda: verify_audit(connection, Anchors(ARCHIVE), deadline)


def test_a_trail_that_is_whole_is_anchored_at_its_head(check, database, archive):
    trail.write(database, "one", "two")

    first = check()
    trail.write(database, "three")
    second = check()

    sequence, row_hash = trail.head(database)
    assert (first.rows, first.anchor) == (2, None)
    assert (second.rows, second.anchor) == (3, first.head)
    assert second.head == Anchor(sequence=sequence, hash=row_hash.hex())
    versions = archive.list_object_versions(Bucket=ARCHIVE, Prefix=audit.KEY)["Versions"]
    assert len(versions) == 2
    assert archive.head_object(Bucket=ARCHIVE, Key=audit.KEY)["ObjectLockMode"] == "GOVERNANCE"


def test_an_empty_trail_is_whole_and_leaves_no_anchor(check):
    assert (check().rows, check().head, check().anchor) == (0, None, None)


CHANGED = "its contents are not what was recorded"
MISSING = "the row before it is missing or another"
ANOTHER = "it is not the row it was when last checked"
GONE = "it was there when last checked and is gone"
FORGED = """
INSERT INTO audit_logs (occurred_at, action, resource, environment, previous_hash, hash)
SELECT now(), 'forged', 'x', 'staging', {previous}, sha256('forged')
FROM audit_logs ORDER BY sequence DESC LIMIT 1
"""
SWAPPED = f"""
WITH moved AS (DELETE FROM audit_logs WHERE sequence IN (2, 3) RETURNING *)
INSERT INTO audit_logs (sequence, {COLUMNS}) OVERRIDING SYSTEM VALUE
SELECT 5 - sequence, {COLUMNS} FROM moved ORDER BY sequence
"""  # noqa: S608


@pytest.mark.parametrize(
    ("statement", "sequence", "reason"),
    [
        ("UPDATE audit_logs SET user_id = 'somebody else' WHERE sequence = 2", 2, CHANGED),
        ("DELETE FROM audit_logs WHERE sequence = 2", 3, MISSING),
        (SWAPPED, 2, MISSING),
        (FORGED.format(previous="hash"), 5, CHANGED),
        (FORGED.format(previous="sha256('another chain')"), 5, MISSING),
        ("DELETE FROM audit_logs WHERE sequence > 2", 4, GONE),
        ("TRUNCATE audit_logs", 4, GONE),
    ],
)
def test_the_first_row_at_fault_is_named(check, database, archive, statement, sequence, reason):
    trail.write(database, "one", "two", "three", "four")
    anchored = check().head
    database.execute(statement)

    with pytest.raises(BrokenTrailError, match=f"row {sequence}: {reason}"):
        check()
    assert Anchors(ARCHIVE).last() == anchored
    assert len(archive.list_object_versions(Bucket=ARCHIVE)["Versions"]) == 1


def test_rows_written_anew_with_hashes_that_hold_are_told_by_the_anchor(check, database):
    trail.write(database, "one", "two", "three", "four")
    check()
    ((second,),) = database.execute("SELECT hash FROM audit_logs WHERE sequence = 2")
    database.execute("DELETE FROM audit_logs WHERE sequence > 2")
    database.execute("ALTER TABLE audit_logs ALTER sequence RESTART WITH 3")
    trail.fill(database, 3, after=second)

    with pytest.raises(BrokenTrailError, match=f"row 4: {ANOTHER}"):
        check()


def test_rows_written_anew_past_the_anchors_number_are_told_too(check, database):
    trail.write(database, "one", "two", "three")
    check()
    ((second,),) = database.execute("SELECT hash FROM audit_logs WHERE sequence = 2")
    database.execute("DELETE FROM audit_logs WHERE sequence > 2")
    trail.fill(database, 3, after=second)

    with pytest.raises(BrokenTrailError, match=f"row 3: {GONE}"):
        check()


def test_a_trail_that_grows_meanwhile_is_whole_at_every_moment(check, database):
    def grow(_):
        for _ in range(10):
            trail.write(database, "one", "two")

    with ThreadPoolExecutor(4) as threads:
        grown = threads.map(grow, range(4))
        rows = [check().rows for _ in range(5)]
        list(grown)

    assert rows == sorted(rows)
    assert check().rows == 80


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_logs SET action = 'x'",
        "DELETE FROM audit_logs",
        "TRUNCATE audit_logs",
        "ALTER TABLE audit_logs OWNER TO platform_app",
        "SET ROLE platform_owner",
    ],
)
def test_who_writes_the_trail_cannot_rewrite_it(check, database, statement):
    trail.write(database, "one")

    with pytest.raises(InsufficientPrivilege):
        database.execute(statement, user=APP)
    assert check().rows == 1


@pytest.mark.slow
def test_a_long_trail_is_walked_in_bounded_memory(database, another):
    trail.fill(another, 1)
    trail.fill(database, MANY)

    command = [sys.executable, "-m", "tests.functions.maintenance.trail_memory"]
    databases = (str(database.port), another.name, database.name)
    done = subprocess.run([*command, *databases], cwd=ROOT, capture_output=True, check=True)

    (_, before), (rows, after) = json.loads(done.stdout)
    assert rows == MANY
    assert after - before < MOST


def test_a_check_that_runs_out_of_time_leaves_no_anchor(connection, database, archive):
    trail.write(database, "one")

    with pytest.raises(DeadlineError):
        verify_audit(connection, Anchors(ARCHIVE), Deadline.within(0))
    assert "Versions" not in archive.list_object_versions(Bucket=ARCHIVE)


def test_an_anchor_that_cannot_be_read_is_no_missing_one(check, database, archive):
    trail.write(database, "one")
    archive.put_object(Bucket=ARCHIVE, Key=audit.KEY, Body=b"[]")

    with pytest.raises(JobError, match="is no anchor"):
        check()


@pytest.mark.usefixtures("archive")
def test_the_job_answers_what_it_found_and_says_that_it_had_no_anchor(maintain, database, logged):
    trail.write(database, "one")
    sequence, row_hash = trail.head(database)
    head = {"sequence": sequence, "hash": row_hash.hex()}

    assert maintain("verify_audit") == {
        "job": "verify_audit",
        "rows": 1,
        "head": head,
        "anchor": None,
    }
    assert "no anchor" in logged()
    assert maintain("verify_audit")["anchor"] == head


@pytest.mark.usefixtures("archive")
def test_a_broken_trail_is_a_failure_of_lambdas(maintain, database):
    trail.write(database, "one", "two")
    database.execute("DELETE FROM audit_logs WHERE sequence = 1")

    with pytest.raises(BrokenTrailError, match=r"row 2: .* \(no row is good\)"):
        maintain("verify_audit")
