"""A backup comes back as it was, all of it or nothing, into what is empty."""

import pytest

from functions.maintenance import restore as module
from functions.maintenance.document import BackupError
from functions.maintenance.errors import JobError
from functions.maintenance.export import export
from functions.maintenance.reading import verify
from functions.maintenance.restore import restore
from tests.functions.maintenance import rows
from tests.functions.maintenance.conftest import ABOUT, BUCKET, KEY

pytestmark = pytest.mark.slow


def test_everything_comes_back_as_it_was(
    database, another, connected, save, bucket, key, ring, deadline
):
    rows.everything(database)
    exported = save()
    old = ring.rotated().data_key_of(next(bucket.pieces(KEY)).partition(b"\n")[0], KEY)

    restored = restore(connected(another), bucket, old, deadline)

    assert rows.contents(another) == rows.contents(database)
    counts = dict.fromkeys(("simulations", "experiments", "runs"), 3)
    assert restored.counts == {
        "workspaces": 1,
        "memberships": 1,
        "workflows": 1,
        **counts,
        "archive": 2,
    }
    assert verify(bucket, key) == restored
    assert (exported.counts, exported.checksum) == (restored.counts, restored.checksum)
    assert (restored.reason, restored.timestamp) == tuple(ABOUT.values())


def test_an_empty_database_is_a_backup_too(another, connected, save, bucket, key, deadline):
    assert set(save().counts.values()) == {0}

    assert set(restore(connected(another), bucket, key, deadline).counts.values()) == {0}


def test_its_checksum_is_of_what_is_in_it_and_not_of_its_order(
    database, another, connected, save, bucket, ring, deadline
):
    rows.workspace(database)
    rows.random_experiments(database, 50)
    first = save()
    restore(
        connected(another),
        bucket,
        ring.data_key_of(next(bucket.pieces(KEY)).partition(b"\n")[0], KEY),
        deadline,
    )
    another.execute("UPDATE qmlab_experiments SET version = version WHERE stored_bytes = 0")
    another.execute(f"ALTER DATABASE {another.name} SET timezone = 'Asia/Tokyo'")

    def of(database, name):
        key = ring.data_key(f"backups/{name}/full-backup.json")
        return export(connected(database), bucket, key, deadline, **ABOUT).checksum

    assert of(another, "again") == first.checksum
    another.execute(
        "UPDATE qmlab_experiments SET version = 2 WHERE id = "
        "(SELECT id FROM qmlab_experiments LIMIT 1)"
    )
    assert of(another, "changed") != first.checksum


def test_a_schema_with_anything_in_it_is_not_restored_into(
    database, save, bucket, key, connection, deadline
):
    rows.everything(database)
    save()
    before = rows.contents(database)

    with pytest.raises(JobError, match="the schema is not empty: workspaces, memberships, "):
        restore(connection, bucket, key, deadline)

    assert rows.contents(database) == before


def test_two_restores_at_once_are_one(database, another, connected, save, bucket, key, deadline):
    rows.everything(database)
    save()
    first = connected(another)
    with first.transaction():
        first.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(b"restore")])

        with pytest.raises(JobError, match="another restore is running"):
            restore(connected(another), bucket, key, deadline)


def test_a_restore_that_breaks_off_leaves_the_schema_empty(
    large, another, connected, save, bucket, key, deadline, s3
):
    save(source=large)
    cut = s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read()[:-100_000]
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=cut)

    with pytest.raises(BackupError, match=KEY):
        restore(connected(another), bucket, key, deadline)

    assert not any(rows.contents(another).values())


def test_rows_that_come_in_during_a_restore_fail_it(
    database, another, connected, save, bucket, key, deadline, environment
):
    rows.everything(database)
    save()
    compare = module._compare

    def meanwhile(*args):
        another.execute("INSERT INTO workspaces (name, created_by) VALUES ('new', 'u')")
        compare(*args)

    environment.setattr(module, "_compare", meanwhile)

    with pytest.raises(JobError, match="restored"):
        restore(connected(another), bucket, key, deadline)

    assert len(rows.contents(another)["workspaces"]) == 1


def test_a_younger_schema_takes_an_older_backup(
    database, another, connected, save, bucket, key, deadline
):
    rows.everything(database)
    save()
    another.execute("ALTER TABLE qmlab_experiments ADD COLUMN priority int NOT NULL DEFAULT 5")

    restore(connected(another), bucket, key, deadline)

    assert another.execute("SELECT DISTINCT priority FROM qmlab_experiments") == [(5,)]


def test_an_older_schema_loses_no_column(database, another, connected, save, bucket, key, deadline):
    database.execute("ALTER TABLE qmlab_experiments ADD COLUMN priority int")
    rows.everything(database)
    save()

    with pytest.raises(JobError, match="qmlab_experiments has no column priority: migrate"):
        restore(connected(another), bucket, key, deadline)

    assert not any(rows.contents(another).values())
