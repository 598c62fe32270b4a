"""A change's events: in the events table at once and, whatever fails, once the relay has run."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest

from contract.module_routes import MODULES
from functions.modules import changes, resources
from functions.platform_runtime.events.table import Events
from functions.platform_runtime.requests import limits
from functions.relay import app as relay_app
from tests.functions.maintenance.conftest import Invocation
from tests.functions.modules.gateway import Caller

PATH = MODULES["simcore"].path


@pytest.fixture
def relay(fresh):
    """The schedule calls the relay."""
    app = fresh(relay_app)
    yield lambda: app.handler({}, Invocation())
    if app.database.cache_info().currsize:
        app.database().close()


@pytest.fixture
def path(postgres, ada, workspace):
    """A simulation's status, with nothing left to tell."""
    item = ada.post(PATH, {"workspace": workspace, "name": "one"}).body
    postgres.execute("TRUNCATE outbox")
    return f"{PATH}/{item['id']}/status"


@pytest.fixture
def told(workspace):
    """What the workspace's topic was told of changes of status, as the items' ids sort."""

    def items():
        found = boto3.resource("dynamodb").Table("events").scan()["Items"]
        found = [item for item in found if item["topic"] == f"workspace#{workspace}"]
        return [i for i in sorted(found, key=lambda i: i["event_id"]) if "status" in i["message"]]

    return items


@pytest.fixture
def waiting(postgres):
    return lambda: postgres.execute("SELECT count(*) FROM outbox")[0][0]


def statuses(items):
    return [json.loads(item["message"])["event"]["status"] for item in items]


def run(caller, path):
    return caller.put(path, {"status": "running"})


def test_an_event_is_there_with_the_answer_and_the_relay_makes_no_other_of_it(
    ada, path, told, waiting, relay
):
    assert run(ada, path).status == 200

    (event,) = told()
    assert json.loads(event["message"])["event"] == {
        "type": "simulation.status",
        "id": path.split("/")[-2],
        "status": "running",
        "version": 2,
    }
    assert waiting() == 1
    assert relay()["relayed"] == 1
    assert told() == [event | {"expires_at": told()[0]["expires_at"]}]
    assert waiting() == 0


def test_a_refused_change_tells_nobody(ada, path, told):
    assert ada.put(path, {"status": "completed"}).status == 409

    assert told() == []


def test_while_dynamodb_is_down_changes_are_made_and_told_of_later(
    another_gateway, ada, path, told, relay, environment, log
):
    with environment.context() as down:
        down.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
        limits.limiter.cache_clear()
        answer = run(Caller(another_gateway(), ada.context), path)
        limits.limiter.cache_clear()

    assert (answer.status, told()) == (200, [])
    assert "event not relayed" in log()
    relay()
    assert statuses(told()) == ["running"]


@pytest.mark.slow
def test_a_dynamodb_that_says_nothing_is_given_up_on_after_one_short_try(
    another_gateway, ada, path, told, environment, silent_server
):
    with environment.context() as silent:
        silent.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{silent_server}")
        silent.setattr(resources, "PUT_SECONDS", 1.0)
        late = Caller(another_gateway(), ada.context)
        started = time.monotonic()
        answer = run(late, path)

    assert 0.9 < time.monotonic() - started < 1.9
    assert (answer.status, told()) == (200, [])


def test_a_crash_after_the_commit_loses_nothing(ada, path, told, relay, environment):
    def crash(*_, **__):
        raise SystemExit

    with environment.context() as crashing:
        crashing.setattr(Events, "put", crash)
        with pytest.raises(SystemExit):
            run(ada, path)

    assert told() == []
    relay()
    assert statuses(told()) == ["running"]


def test_a_bug_in_telling_fails_no_request(ada, path, told, relay, environment, log):
    def fail(*_, **__):
        raise TypeError("a bug")

    with environment.context() as broken:
        broken.setattr(Events, "put", fail)
        assert run(ada, path).status == 200

    assert "events left to the relay" in log()
    relay()
    assert statuses(told()) == ["running"]


def test_the_request_and_the_relay_at_once_put_the_same_item(ada, path, told, relay, environment):
    both, ids, put = threading.Barrier(2), [], Events._put

    def together(events, event):
        both.wait(timeout=10)
        ids.append(event.event_id)
        put(events, event)

    environment.setattr(Events, "_put", together)
    with ThreadPoolExecutor(1) as other:
        changing = other.submit(run, ada, path)
        while not both.n_waiting:  # the request has committed
            time.sleep(0.01)
        relay()

    assert changing.result().status == 200
    assert len(ids) == 2
    assert {item["event_id"] for item in told()} == set(ids)
    assert len(set(ids)) == 1


def test_what_does_not_fit_into_the_time_is_left_to_the_relay_in_its_order(
    ada, flow, start, told, waiting, relay, environment
):
    start()
    relay()
    before, put = len(told()), Events._put

    def slowly(events, event):
        time.sleep(0.1)
        put(events, event)

    with environment.context() as slow:
        slow.setattr(Events, "_put", slowly)
        slow.setattr(changes, "PUT_WITHIN_SECONDS", 0.05)
        assert ada.post(f"{flow}/cancel").status == 200

    (first,) = told()[before:]
    assert waiting() == 2
    relay()
    assert len(told()[before:]) == 2
    assert told()[before]["event_id"] == first["event_id"]


@pytest.mark.parametrize("table", ["events", ""])
def test_telling_at_once_takes_no_statement_more_and_nothing_where_nobody_listens(
    another_gateway, ada, path, told, environment, said, table
):
    environment.setenv("EVENTS_TABLE", table)
    late = Caller(another_gateway(), ada.context)
    said("")

    assert run(late, path).status == 200

    (line,) = said("[USAGE]")
    assert (line["databaseQueries"], len(told())) == (7, 1 if table else 0)
