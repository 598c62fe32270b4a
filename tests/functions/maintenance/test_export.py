"""A backup holds what was there at one moment, whole or not at all."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from functions.maintenance import packing
from functions.maintenance.document import BackupError
from functions.maintenance.reading import verify
from functions.maintenance.restore import restore
from tests.functions.maintenance import rows
from tests.functions.maintenance.conftest import ABOUT, BUCKET, KEY


def test_it_is_text_that_says_what_it_is(database, save, bucket, key):
    rows.everything(database)
    save()

    text = b"".join(packing.unpack(key, bucket.pieces(KEY)))

    document = json.loads(text)
    assert document["about"]["reason"] == ABOUT["reason"]
    assert document["about"]["columns"]["memberships"]["user_id"] == "text"
    assert document["memberships"][0]["role"] == "owner"
    assert [("result" in one, one.get("result")) for one in document["simulations"]] == [
        (True, None),
        (False, None),
        (True, "text"),
    ]


def test_what_lies_in_s3_is_sealed(database, save, s3):
    rows.everything(database)
    save()

    sealed = s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read()

    header, _, rest = sealed.partition(b"\n")
    assert b'"version":"1"' in header
    assert b"simcore" not in sealed
    assert b"great" not in sealed
    assert b"\x1f\x8b\x08" not in rest[:100]


def test_all_tables_are_of_one_moment(database, another, connected, save, bucket, key, deadline):
    """Someone moves simulations to the archive, one by one, for as long as the export takes."""
    rows.workspace(database)
    rows.due(database, 3000)
    mover, ended = connected(database), threading.Event()
    moved = []

    def move():
        while not ended.is_set():
            done = mover.execute(
                "WITH gone AS (DELETE FROM simcore_simulations WHERE id = (SELECT id FROM "
                "simcore_simulations LIMIT 1) RETURNING *) "
                "INSERT INTO simulations_archive SELECT * FROM gone"
            )
            moved.append(done.rowcount)

    thread = threading.Thread(target=move)
    thread.start()
    try:
        counts = save().counts
    finally:
        ended.set()
        thread.join()

    assert len(moved) > 3
    assert counts["simulations"] + counts["archive"] == 3000
    restore(connected(another), bucket, key, deadline)


def test_a_table_that_is_rebuilt_meanwhile_is_not_taken_for_empty(database, save):
    """An older snapshot does not see the rows of a rebuilt table."""
    rows.everything(database)
    rebuild = "ALTER TABLE optilibria_runs ALTER COLUMN version TYPE numeric"
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"
    with database.connect("postgres") as owner, ThreadPoolExecutor(1) as pool:
        with owner.transaction():
            owner.execute(rebuild)
            exporting = pool.submit(save)
            while database.execute(waits, database.name) != [(1,)] and not exporting.done():
                time.sleep(0.01)

        assert exporting.result().counts["runs"] == 3


def test_nobody_empties_a_table_while_it_is_read(large, save, at_part):
    tried = []

    def empty():
        with pytest.raises(psycopg.errors.LockNotAvailable):
            large.execute("SET lock_timeout = 50; TRUNCATE simulations_archive")
        tried.append(True)

    at_part(1, empty)
    save(source=large)

    assert tried == [True]


def test_a_backup_that_is_not_there_is_named(bucket, key):
    with pytest.raises(BackupError, match=f"{KEY}: there is no such backup"):
        verify(bucket, key)
