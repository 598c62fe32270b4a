"""Reads: from a replica that lags, from one's own writes, from the writer when all else is gone."""

import random
import time

import psycopg
import pytest

from functions.platform_runtime.database import postgres as runtime
from functions.platform_runtime.database import readers

CLOSED = "127.0.0.1:1"


@pytest.fixture
def database(notes, replica, environment, connected):  # noqa: ARG001
    environment.setenv("DB_READER_HOSTS", f"127.0.0.1:{replica}")
    return connected()


def add(database, note):
    with database.transaction() as connection:
        connection.execute("INSERT INTO notes VALUES (%s)", [note])


def seen(database, **options):
    with database.read(**options) as connection:
        rows = connection.execute("SELECT note FROM notes").fetchall()
        ((replica,),) = connection.execute("SELECT pg_is_in_recovery()").fetchall()
        return [note for (note,) in rows], "reader" if replica else "writer"


def test_reads_go_to_the_reader(database):
    assert seen(database) == ([], "reader")


def test_what_a_process_wrote_it_reads_at_once_however_far_the_reader_lags(
    database, notes, connected, monkeypatch
):
    notes(True)
    add(database, "mine")

    assert seen(database) == (["mine"], "writer")
    assert seen(connected()) == ([], "reader")
    assert seen(connected(), fresh=True) == (["mine"], "writer")

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + runtime.OWN_WRITES_SECONDS - 0.5)
    assert seen(database) == (["mine"], "writer")
    monkeypatch.setattr(time, "time", lambda: now + runtime.OWN_WRITES_SECONDS + 0.5)
    assert seen(database) == ([], "reader")


def test_what_was_rolled_back_is_no_write(database):
    def roll_back():
        with database.transaction() as connection:
            connection.execute("INSERT INTO notes VALUES ('never')")
            raise KeyError

    with pytest.raises(KeyError):
        roll_back()
    assert seen(database) == ([], "reader")


def test_within_a_transaction_a_read_sees_what_is_not_committed_yet(database):
    with database.transaction() as connection:
        connection.execute("INSERT INTO notes VALUES ('not yet')")
        assert seen(database) == (["not yet"], "writer")


def test_a_reader_that_is_down_is_the_writers_turn_and_left_alone_for_a_while(
    database, environment, connected, monkeypatch
):
    environment.setenv("DB_READER_HOSTS", CLOSED)
    database, asked = connected(), []
    real = runtime.connect
    monkeypatch.setattr(
        runtime, "connect", lambda *a, **o: asked.append(o.get("port")) or real(*a, **o)
    )

    assert [seen(database)[1] for _ in range(3)] == ["writer"] * 3
    assert asked == [1, None]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + readers.REST_SECONDS + 1)
    assert seen(database)[1] == "writer"
    assert asked == [1, None, 1]


def test_a_reader_that_goes_away_between_two_reads_is_the_writers_turn(
    database, sql, replica, monkeypatch
):
    assert seen(database)[1] == "reader"
    sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = "
        "'client backend' AND pid <> pg_backend_pid()",
        port=replica,
    )
    refuse(database, monkeypatch)

    assert seen(database)[1] == "writer"


def refuse(database, monkeypatch):
    def away():
        raise psycopg.OperationalError("away")

    for reader in database._readers._readers:
        monkeypatch.setattr(reader.pool, "_connect", away)


def test_an_error_of_the_readers_statement_is_the_callers_and_no_reason_to_ask_the_writer(database):
    with pytest.raises(psycopg.errors.DivisionByZero), database.read() as connection:
        connection.execute("SELECT 1 / 0")

    assert seen(database)[1] == "reader"


def test_a_reader_lost_within_a_read_is_not_asked_again_elsewhere(database, sql, replica):
    reads = []

    def lose():
        with database.read() as connection:
            reads.append(1)
            sql("SELECT pg_terminate_backend(%s, 2000)", connection.info.backend_pid, port=replica)
            connection.execute("SELECT 1")

    with pytest.raises(psycopg.OperationalError):
        lose()
    assert reads == [1]


def test_a_reader_that_stops_answering_counts_as_down_and_the_writer_is_asked(
    database, monkeypatch
):
    monkeypatch.setattr(runtime, "READER_SECONDS", 0.3)

    began = time.monotonic()
    assert [database.answer(stuck_on_a_reader) for _ in range(3)] == [False] * 3
    # Once: for a while it is left alone.
    assert 0.3 <= time.monotonic() - began < 1


def stuck_on_a_reader(connection):
    """Whether a reader answered: it does not in time, and then lets replay go on."""
    ((replica, _),) = connection.execute(
        "SELECT pg_is_in_recovery(), CASE WHEN pg_is_in_recovery() THEN pg_sleep(2) END"
    ).fetchall()
    return replica


def test_a_reader_lost_within_an_answer_is_the_writers_turn(database, sql, replica):
    def ask(connection):
        sql("SELECT pg_terminate_backend(%s, 2000)", connection.info.backend_pid, port=replica)
        return seen(database)

    assert database.answer(ask) == ([], "writer")


@pytest.mark.slow
def test_a_reader_whose_machine_is_silent_is_the_writers_turn(
    notes,  # noqa: ARG001
    environment,
    connected,
    silent_server,
):
    environment.setenv("DB_READER_HOSTS", f"127.0.0.1:{silent_server}")
    database = connected()

    began = time.monotonic()
    assert database.answer(stuck_on_a_reader) is False
    assert time.monotonic() - began < runtime.READER_CONNECT_SECONDS + 1


def test_an_error_of_what_is_asked_is_the_callers(database):
    with pytest.raises(psycopg.errors.DivisionByZero):
        database.answer(lambda connection: connection.execute("SELECT 1 / 0"))

    assert seen(database)[1] == "reader"


def test_processes_choose_their_reader_at_random_and_keep_it():
    chosen = []
    for seed in range(40):
        random.seed(seed)
        one = readers.Readers(["a:5433", "b:5434", "c"], 5433, print, 1)
        picks = {one._choose().name for _ in range(5)}
        assert len(picks) == 1
        chosen += picks
    assert set(chosen) == {"a", "b", "c"}


def test_a_process_whose_reader_rests_takes_another():
    one = readers.Readers(["a", "b"], 5433, print, 1)
    first = one._choose()
    first.rests_until = time.time() + 30
    assert one._choose() is not first
    one._choose().rests_until = time.time() + 30
    assert one._choose() is None


def test_a_readers_port_is_its_own_or_the_writers():
    asked = []
    one = readers.Readers(["a:6000", "b"], 5433, lambda host, port: asked.append((host, port)), 1)
    for reader in one._readers:
        reader.pool._connect()
    assert asked == [("a", 6000), ("b", 5433)]
