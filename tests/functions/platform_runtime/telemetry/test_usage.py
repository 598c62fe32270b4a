"""Usage: one line a request, which is a metric too."""

import json
import threading

import pytest

from functions.platform_runtime.telemetry import usage


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_request_is_one_line_with_what_it_used(capsys):
    with usage.metered("staging"):
        usage.add(database_queries=2, storage_bytes=100)
        usage.add(database_queries=1, bandwidth_bytes=5)

    (line,) = lines(capsys)
    assert (line["message"], line["level"], line["Environment"]) == ("[USAGE]", "INFO", "staging")
    assert {name: line[name] for name in usage.UNITS} == {
        "databaseQueries": 3,
        "storageBytes": 100,
        "functionInvocations": 1,
        "bandwidthBytes": 5,
    }


def test_the_line_is_a_metric_of_the_environment_and_of_no_service_or_user(capsys):
    with usage.metered("staging"):
        pass

    (line,) = lines(capsys)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert isinstance(line["_aws"]["Timestamp"], int)
    assert directive["Namespace"] == "MaPlatform/Usage"
    assert directive["Dimensions"] == [["Environment"]]
    assert {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]} == usage.UNITS
    assert all(metric["Name"] in line for metric in directive["Metrics"])


def test_a_request_that_fails_has_used_what_it_used(capsys):
    def fail():
        with usage.metered("staging"):
            usage.add(database_queries=1)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert lines(capsys)[0]["databaseQueries"] == 1


def test_outside_of_a_request_nothing_is_counted(capsys):
    usage.add(database_queries=1)
    with usage.metered("staging") as used:
        pass
    usage.add(database_queries=1)

    assert used.database_queries == 0
    assert len(lines(capsys)) == 1


def test_requests_at_once_are_counted_apart():
    def request(number, barrier, found):
        with usage.metered("staging") as used:
            barrier.wait(5)
            usage.add(database_queries=number)
            barrier.wait(5)
        found[number] = used.database_queries

    barrier, found = threading.Barrier(3), {}
    threads = [threading.Thread(target=request, args=(n, barrier, found)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {0: 0, 1: 1, 2: 2}
