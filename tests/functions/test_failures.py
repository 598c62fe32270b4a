"""What a function fails at is in its log, as the stack's filter counts it."""

import importlib
import json

import pytest

from components.api.function_alarms import PATTERN
from contract.functions import FUNCTIONS
from contract.incidents import FAILED
from functions.platform_runtime.responses import RequestError
from tests.alarms.cloudwatch import matches
from tests.alarms.failures import DEATHS
from tests.functions.conftest import ENVIRONMENT, Context

APPS = {
    name: importlib.import_module(spec.handler.rpartition(".")[0])
    for name, spec in FUNCTIONS.items()
}


def lines(log):
    return [json.loads(line) for line in log().splitlines()]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_handler_marks_what_it_raises_and_the_filter_counts_it_once(
    name, fresh, environment, log
):
    """Told nothing of its surroundings, it fails at the first it needs to know."""
    for key in ENVIRONMENT:
        environment.delenv(key)

    with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever it is
        fresh(APPS[name]).handler({"secret": "hush"}, Context())

    said = lines(log)
    [marked] = [line for line in said if matches(PATTERN, line)]
    assert (marked["message"], marked["level"]) == (FAILED, "ERROR")
    assert marked["error"] == type(raised.value).__name__
    assert "hush" not in str(said)


@pytest.mark.parametrize(
    ("error", "status", "marks"),
    [(KeyError("x"), 500, 1), (RequestError(404, "not_found", "No."), 404, 0)],
)
def test_a_request_that_fails_is_answered_and_marked_and_one_that_is_refused_is_not(
    error, status, marks, log, monkeypatch
):
    module = APPS["realtime"]
    event = {"requestContext": {"requestId": "r", "routeKey": "ping", "connectionId": "c"}}

    def fail(*_):
        raise error

    monkeypatch.setattr(module.socket, "answer", fail)

    assert module.handler(event, Context())["statusCode"] == status
    assert sum(matches(PATTERN, line) for line in lines(log)) == marks


@pytest.mark.parametrize("death", DEATHS)
def test_the_filter_counts_each_death_and_nothing_that_lived(death):
    assert any(matches(PATTERN, line) for line in DEATHS[death])
    for kind in ("platform.report", "platform.initReport", "platform.runtimeDone"):
        assert not matches(PATTERN, {"type": kind, "record": {"status": "success"}})
    # Told again, with the invocation's own report.
    assert not matches(PATTERN, {"type": "platform.runtimeDone", "record": {"status": "error"}})
    assert not matches(PATTERN, {"level": "ERROR", "message": "outage"})


def test_cloudwatch_logs_takes_the_pattern():
    assert len(PATTERN) <= 1024
