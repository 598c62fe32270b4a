"""Each old simulation is archived once, as it last was, whatever happens meanwhile."""

import threading

import psycopg
import pytest

from functions.maintenance import cleanup
from functions.maintenance.cleanup import cleanup_old_simulations
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


def test_a_crash_between_two_batches_loses_nothing_and_is_gone_on_from(
    old, connection, connected, deadline, monkeypatch
):
    moves, move = [], cleanup._move

    def crash(*args, **parameters):
        if len(moves) == 2:
            connection.close()
        moves.append(move(*args, **parameters))
        return moves[-1]

    monkeypatch.setattr(cleanup, "_move", crash)
    with pytest.raises(psycopg.OperationalError):
        cleanup_old_simulations(connection, deadline, batch=30)

    assert (one(old, ARCHIVED), one(old, LEFT)) == (60, 40)
    assert kept_once(old, COUNT)
    monkeypatch.undo()
    assert cleanup_old_simulations(connected(old), deadline).archived == 40


def test_a_crash_within_a_batch_leaves_it_as_it_was(old, connected, deadline):
    """The server ends the session while the batch's rows are moved but not committed."""
    old.execute(
        "CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS "
        "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
    )
    old.execute("CREATE TRIGGER crash AFTER INSERT ON simulations_archive EXECUTE FUNCTION crash()")

    with pytest.raises(psycopg.errors.AdminShutdown):
        cleanup_old_simulations(connected(old), deadline, batch=30)

    assert (one(old, ARCHIVED), one(old, LEFT)) == (0, COUNT)


def test_a_row_someone_is_changing_is_left_for_later(old, connection, connected, deadline):
    writer = connected(old)
    with writer.transaction():
        held = writer.execute(
            "UPDATE simcore_simulations SET name = 'new' WHERE id IN "
            "(SELECT id FROM simcore_simulations ORDER BY completed_at LIMIT 3) RETURNING id"
        ).fetchall()

        done = cleanup_old_simulations(connection, deadline, batch=10)
        assert (done.archived, done.left) == (COUNT - 3, 3)

    assert cleanup_old_simulations(connection, deadline).archived == 3
    names = old.execute("SELECT id FROM simulations_archive WHERE name = 'new'")
    assert sorted(names) == sorted(held)


def test_a_row_let_go_before_the_end_is_not_left_for_the_next_run(
    old, connection, connected, deadline, monkeypatch
):
    writer, move = connected(old), cleanup._move
    writer.execute("BEGIN")
    writer.execute("SELECT FROM simcore_simulations ORDER BY completed_at LIMIT 3 FOR UPDATE")

    def let_go(*args, **parameters):
        if parameters["since"] != cleanup.START:
            writer.execute("ROLLBACK")
        return move(*args, **parameters)

    monkeypatch.setattr(cleanup, "_move", let_go)

    done = cleanup_old_simulations(connection, deadline, batch=30)

    assert (done.archived, done.left) == (COUNT, 0)


def test_rows_that_change_meanwhile_are_neither_lost_nor_doubled(
    old, connection, connected, deadline
):
    """Writers raise a version, take rows out of the clean-up's reach, and delete some."""
    rows.due(old, 1900)
    ended, seen = threading.Event(), {}
    changes = ("version = version + 1", "status = 'failed', version = version + 1")
    query = (
        "UPDATE simcore_simulations SET {} WHERE id IN "
        "(SELECT id FROM simcore_simulations WHERE user_id = %s "
        " ORDER BY random() LIMIT 20 FOR UPDATE SKIP LOCKED) RETURNING id, version, status"
    )

    def write(writer, number):
        versions, turn = {}, 0
        while not ended.is_set():
            turn += 1
            change = query.format(changes[turn % 10 == 0])
            done = writer.execute(change, [f"user-{number}"])
            versions |= {row[0]: row[1:] for row in done}
        seen[number] = versions

    threads = [threading.Thread(target=write, args=(connected(old), n)) for n in range(4)]
    for thread in threads:
        thread.start()
    try:
        done = cleanup_old_simulations(connection, deadline, batch=50)
    finally:
        ended.set()
        for thread in threads:
            thread.join()

    assert done.archived > 1000
    assert kept_once(old, 2000)
    query = "SELECT id, version, status FROM {}"
    archived = {row[0]: row[1:] for row in old.execute(query.format("simulations_archive"))}
    there = archived | {row[0]: row[1:] for row in old.execute(query.format("simcore_simulations"))}
    changed = {name: value for versions in seen.values() for name, value in versions.items()}
    assert len(changed) > 100
    assert {name: there[name] for name in changed} == changed
    assert {status for _, status in archived.values()} == {"completed"}


def test_two_runs_at_once_share_the_work(old, connected, deadline):
    rows.due(old, 1900)
    done = []

    def run(connection):
        done.append(cleanup_old_simulations(connection, deadline, batch=50))

    threads = [threading.Thread(target=run, args=(connected(old),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(run.archived for run in done) == 2000
    assert min(run.archived for run in done) > 0
    assert kept_once(old, 2000)
