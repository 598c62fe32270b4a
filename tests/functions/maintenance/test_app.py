"""The handler: a job by its name, its answer as JSON, and its failure as Lambda's."""

import json

import pytest

from functions.maintenance.errors import JobError
from tests.functions.maintenance import rows
from tests.functions.maintenance.conftest import ABOUT, KEY, Invocation
from tests.functions.maintenance.lambdas import maintain, maintenance

__all__ = ["maintain", "maintenance"]


def test_the_cleanup_answers_what_it_did(maintain, database, logged):
    rows.workspace(database)
    rows.due(database, 12)

    assert maintain("cleanup_old_simulations") == {
        "job": "cleanup_old_simulations",
        "archived": 12,
        "batches": 1,
        "left": 0,
        "finished": True,
    }
    assert '"archived":12' in logged()


def test_a_job_may_take_longer_than_a_request(maintenance, database):  # noqa: ARG001
    with maintenance._connection() as connection:
        limits = connection.execute(
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"
        ).fetchone()

    assert limits == ("0", "0")


def test_a_scheduled_event_delivered_twice_does_nothing_the_second_time(maintain, database):
    rows.workspace(database)
    rows.due(database, 12)

    assert [maintain("cleanup_old_simulations")["archived"] for _ in range(2)] == [12, 0]


def test_a_cleanup_without_time_says_that_it_is_unfinished(maintenance, database, logged):
    rows.workspace(database)
    rows.due(database, 12)

    answer = maintenance.handler(
        {"job": "cleanup_old_simulations"}, Invocation(remaining_ms=10_000)
    )

    assert (answer["archived"], answer["left"], answer["finished"]) == (0, 12, False)
    assert '"level":"WARNING"' in logged()
    assert '"left":12' in logged()


def test_slow_queries_are_logged_a_line_each(maintain, database, logged):
    database.execute("SELECT pg_sleep(0.2)")

    answer = maintain("slow_query_report")

    lines = [json.loads(line) for line in logged().splitlines()]
    told = [line for line in lines if line["message"] == "slow query"]
    assert [line["rank"] for line in told] == list(range(1, len(answer["queries"]) + 1))
    assert [line["query"] for line in told] == [found["query"] for found in answer["queries"]]
    assert "SELECT pg_sleep($1)" in {line["query"] for line in told}


def test_a_missing_extension_is_an_answer_and_no_failure(maintain, database):
    database.execute("DROP EXTENSION pg_stat_statements")

    assert "pg_stat_statements" in maintain("slow_query_report")["unavailable"]


def test_what_a_job_used_is_written_down(maintain, capsys):
    maintain("cleanup_old_simulations")

    line = next(line for line in capsys.readouterr().out.splitlines() if "[USAGE]" in line)
    assert json.loads(line)["databaseQueries"] >= 3


@pytest.mark.parametrize("event", [{}, {"job": "drop_everything"}, {"job": None}, {"job": ["x"]}])
def test_an_unknown_job_is_refused_with_those_there_are(maintenance, event):
    listed = "cleanup_old_simulations, slow_query_report, export, verify, restore"

    with pytest.raises(JobError, match=listed):
        maintenance.handler(event, Invocation())


def test_a_failure_is_raised_for_lambda_to_try_again(maintain, database):
    database.execute("ALTER TABLE simcore_simulations ADD COLUMN priority int")

    with pytest.raises(JobError, match="priority"):
        maintain("cleanup_old_simulations")


@pytest.mark.usefixtures("s3")
def test_a_backup_is_exported_and_verified(maintain, database, key):
    rows.everything(database)
    payload = key.payload()

    exported = maintain("export", data_key=payload, **ABOUT)
    verified = maintain("verify", data_key=payload)

    assert exported["backup"] == verified["backup"] == KEY
    assert exported["checksum"] == verified["checksum"]
    assert exported["counts"] == verified["counts"]
    assert (exported["existed"], exported["key_version"]) == (False, "1")
    assert len(exported["sha256"]) == 64
    assert maintain("export", data_key=payload, **ABOUT) == {
        "job": "export",
        "backup": KEY,
        "existed": True,
    }


@pytest.mark.usefixtures("s3")
def test_a_backup_is_restored(maintain, maintenance, database, another, key, environment, fresh):
    rows.everything(database)
    maintain("export", data_key=key.payload(), **ABOUT)
    environment.setenv("DB_NAME", another.name)
    fresh(maintenance)

    restored = maintain("restore", data_key=key.payload())

    assert restored["counts"]["simulations"] == 3
    assert rows.contents(another) == rows.contents(database)


@pytest.mark.parametrize("job", ["export", "verify", "restore"])
@pytest.mark.parametrize("data_key", [None, "x", {}, {"version": "1", "secret": "not base64!"}])
def test_without_a_key_it_says_who_has_one(maintain, job, data_key):
    with pytest.raises(JobError, match="backup_key") as error:
        maintain(job, data_key=data_key, **ABOUT)

    assert error.value.__suppress_context__
    assert "not base64" not in str(error.value)


@pytest.mark.parametrize("about", [{}, {"reason": "x"}, {"reason": "", "timestamp": "x"}])
def test_an_export_has_a_reason_and_a_timestamp(maintain, key, about):
    with pytest.raises(JobError, match="a reason and a timestamp"):
        maintain("export", data_key=key.payload(), **about)


@pytest.mark.usefixtures("s3")
def test_the_key_is_never_logged(maintain, database, key, environment, logged, capfd):
    environment.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")
    environment.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")
    rows.workspace(database)
    payload = key.payload()

    maintain("export", data_key=payload, **ABOUT)
    with pytest.raises(JobError, match="not empty") as error:
        maintain("restore", data_key=payload)

    assert '"message":"done"' in logged()
    for text in (logged(), *capfd.readouterr(), repr(error.value)):
        assert payload["secret"] not in text
