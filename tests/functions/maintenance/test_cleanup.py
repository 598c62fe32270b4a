"""Old simulations are archived: all that are due, whole, and nothing else."""

import time

import psycopg
import pytest

from functions.maintenance import cleanup
from functions.maintenance.cleanup import Cleanup, cleanup_old_simulations
from functions.maintenance.deadline import MARGIN_SECONDS, Deadline
from functions.maintenance.errors import JobError
from tests.functions.maintenance import rows

COUNT = 100
ARCHIVED = "SELECT count(*) FROM simulations_archive"
LEFT = "SELECT count(*) FROM simcore_simulations"
BOTH = "SELECT count(*) FROM simcore_simulations JOIN simulations_archive USING (id)"


@pytest.fixture
def old(database):
    """A database with simulations the clean-up takes."""
    rows.workspace(database)
    rows.due(database, COUNT)
    return database


def one(database, query):
    return database.execute(query)[0][0]


def kept_once(database, count):
    """Whether each simulation is in one of the tables and not in both."""
    return (one(database, ARCHIVED) + one(database, LEFT), one(database, BOTH)) == (count, 0)


def test_what_was_completed_over_90_days_ago_is_archived_whole(old, connection, deadline):
    before = old.execute("SELECT * FROM simcore_simulations ORDER BY id")

    done = cleanup_old_simulations(connection, deadline, batch=30)

    assert done == Cleanup(archived=COUNT, batches=4, left=0)
    assert one(old, LEFT) == 0
    archived = old.execute("SELECT * FROM simulations_archive ORDER BY id")
    assert [row[:-1] for row in archived] == before


@pytest.mark.parametrize(
    ("status", "age"),
    [
        ("completed", "89 days 23 hours"),
        ("failed", "91 days"),
        ("cancelled", "91 days"),
        ("running", None),
    ],
)
def test_nothing_else_is(old, connection, deadline, status, age):
    change = "UPDATE simcore_simulations SET status = %s, completed_at = now() - %s::interval"
    old.execute(change, status, age)

    assert cleanup_old_simulations(connection, deadline) == Cleanup(archived=0, batches=0, left=0)
    assert one(old, LEFT) == COUNT


def test_a_second_run_does_nothing(old, connection, deadline):
    cleanup_old_simulations(connection, deadline)

    assert cleanup_old_simulations(connection, deadline).archived == 0
    assert kept_once(old, COUNT)


def test_many_completed_at_once_are_all_archived(old, connection, deadline):
    old.execute("UPDATE simcore_simulations SET completed_at = now() - interval '100 days'")

    assert cleanup_old_simulations(connection, deadline, batch=7).archived == COUNT


@pytest.mark.usefixtures("old")
def test_it_stops_before_lambda_would_end_it_and_says_what_is_left(connection, monkeypatch):
    move = cleanup._move
    deadline = Deadline.within(cleanup.SPARE_SECONDS + MARGIN_SECONDS + 0.5)

    def slow(*args, **parameters):
        moved = move(*args, **parameters)
        time.sleep(0.3)
        return moved

    monkeypatch.setattr(cleanup, "_move", slow)

    done = cleanup_old_simulations(connection, deadline, batch=30)

    assert done == Cleanup(archived=60, batches=2, left=40)
    assert not done.finished


def test_a_column_the_archive_lacks_is_not_lost(old, connection, deadline):
    old.execute("ALTER TABLE simcore_simulations ADD COLUMN priority int NOT NULL DEFAULT 5")

    with pytest.raises(JobError, match="simulations_archive has no column priority"):
        cleanup_old_simulations(connection, deadline)
    assert kept_once(old, COUNT)

    old.execute("ALTER TABLE simulations_archive ADD COLUMN priority int")
    cleanup_old_simulations(connection, deadline)
    assert old.execute("SELECT DISTINCT priority FROM simulations_archive") == [(5,)]


def test_an_archive_that_refuses_a_row_keeps_it_where_it_is(old, connection, deadline):
    old.execute(
        "INSERT INTO simulations_archive SELECT * FROM simcore_simulations "
        "ORDER BY completed_at DESC LIMIT 1"
    )

    with pytest.raises(psycopg.errors.UniqueViolation):
        cleanup_old_simulations(connection, deadline, batch=30)

    assert one(old, LEFT) == 10
