"""Workflows: steps of different modules, each run when the one before has completed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest

from contract.module_routes import MODULES
from functions.modules.items import Items
from tests.functions.modules.gateway import Caller, worker


@pytest.fixture
def finish(the_worker):
    """End a step's item as a worker does."""

    def ended(step, status="completed"):
        path = f"{MODULES[step['module']].path}/{step['item']}/status"
        assert the_worker.put(path, {"status": "running"}).status == 200
        answer = the_worker.put(path, {"status": status})
        assert answer.status == 200, answer
        return answer.body

    return ended


def test_nothing_runs_before_it_is_started(ada, flow, workspace):
    read = ada.get(flow).body

    assert (read["status"], read["version"]) == ("pending", 1)
    assert [step["item"] for step in read["steps"]] == [None] * 3
    assert ada.get(f"{MODULES['simcore'].path}?workspace={workspace}").body["items"] == []


def test_each_step_runs_when_the_one_before_has_completed(start, ada, flow, finish):
    steps = start()
    seen = []
    for number, module in enumerate(MODULES.values()):
        assert [bool(step["item"]) for step in steps] == [n <= number for n in range(3)]
        item = ada.get(f"{module.path}/{steps[number]['item']}").body
        seen.append((item["name"], item["status"], item["parameters"]))
        assert f"/{item['workflow_id']}" in flow
        finish(steps[number])
        steps = ada.get(flow).body["steps"]

    assert seen == [
        ("first", "pending", {"a": 1}),
        (
            "second",
            "pending",
            {"b": 2, "previous": {"module": "simcore", "id": steps[0]["item"]}},
        ),
        ("third", "pending", {"previous": {"module": "qmlab", "id": steps[1]["item"]}}),
    ]
    ended = ada.get(flow).body
    assert (ended["status"], ended["completed_at"]) == ("completed", ended["updated_at"])


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_step_that_does_not_complete_ends_the_workflow(start, ada, flow, finish, status):
    steps = start()
    finish(steps[0])
    finish(ada.get(flow).body["steps"][1], status)

    read = ada.get(flow).body

    assert read["status"] == status
    assert read["steps"][2]["item"] is None


def test_cancelling_a_workflow_cancels_what_it_has_running(start, ada, flow, finish):
    steps = start()
    finish(steps[0])

    answer = ada.post(f"{flow}/cancel")

    assert (answer.status, answer.body["status"]) == (200, "cancelled")
    second = answer.body["steps"][1]["item"]
    assert ada.get(f"{MODULES['qmlab'].path}/{second}").body["status"] == "cancelled"
    assert ada.get(f"{MODULES['simcore'].path}/{steps[0]['item']}").body["status"] == "completed"
    assert ada.post(f"{flow}/cancel").body == answer.body


def test_a_step_told_of_twice_makes_one_item(start, ada, finish, the_worker, workspace):
    steps = start()
    finish(steps[0])
    path = f"{MODULES['simcore'].path}/{steps[0]['item']}/status"

    assert the_worker.put(path, {"status": "completed"}).status == 200

    made = ada.get(f"{MODULES['qmlab'].path}?workspace={workspace}").body["items"]
    assert len(made) == 1


def test_two_that_end_a_step_at_once_make_one_item(
    start, ada, the_worker, another_gateway, workspace
):
    steps = start()
    path = f"{MODULES['simcore'].path}/{steps[0]['item']}/status"
    the_worker.put(path, {"status": "running"})
    workers = [Caller(another_gateway(), worker()) for _ in range(3)]

    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(w.put, path, {"status": "completed"}) for w in workers]
        assert [one.result().status for one in asked] == [200] * 3

    made = ada.get(f"{MODULES['qmlab'].path}?workspace={workspace}").body["items"]
    assert len(made) == 1


def test_what_is_cancelled_while_a_step_ends_has_nothing_running_afterwards(
    start, ada, flow, the_worker, another_gateway, workspace, environment
):
    path = f"{MODULES['simcore'].path}/{start()[0]['item']}/status"
    the_worker.put(path, {"status": "running"})
    other, cancelled = Caller(another_gateway(), ada.context), Event()
    transition = Items.transition

    def slowly(items, key, status, *result):
        if status == "completed":
            cancelled.wait(0.5)
        return transition(items, key, status, *result)

    environment.setattr(Items, "transition", slowly)
    with ThreadPoolExecutor(1) as pool:
        ending = pool.submit(the_worker.put, path, {"status": "completed"})
        sleep(0.1)
        cancel = other.post(f"{flow}/cancel")
        cancelled.set()

    assert [ending.result().status, cancel.status] == [200, 200]
    assert ada.get(flow).body["status"] == "cancelled"
    (made,) = ada.get(f"{MODULES['qmlab'].path}?workspace={workspace}").body["items"]
    assert made["status"] == "cancelled"


def test_a_step_there_is_no_room_for_fails_the_workflow_and_says_why(
    start, another_gateway, ada, flow, finish, environment, migrated, workspace, the_worker
):
    steps = start()
    environment.setenv("MAX_SIMULATIONS", "1")
    the_worker.gateway = another_gateway()
    ada.post(MODULES["qmlab"].path, {"workspace": workspace, "name": "in the way"})

    finish(steps[0])

    assert ada.get(flow).body["status"] == "failed"
    event = migrated.execute(
        "SELECT event FROM outbox WHERE topic = %s ORDER BY id DESC LIMIT 1",
        f"workspace#{workspace}",
    )
    assert event[0][0]["reason"] == "quota_experiments"


def test_a_workflow_is_started_once(start, ada, flow):
    start()

    again = ada.put(f"{flow}/status", {"status": "running"})

    assert (again.status, again.code) == (409, "illegal_transition")
    late = ada.put(f"{flow}/status", {"status": "cancelled"}, if_match='"1"')
    assert (late.status, late.code) == (412, "changed_meanwhile")
    assert ada.put(f"{flow}/status", {"status": "completed"}).status == 422


def test_a_workflow_is_deleted_when_it_no_longer_runs_and_what_it_ran_stays(start, ada, flow):
    steps = start()
    path = f"{MODULES['simcore'].path}/{steps[0]['item']}"
    assert ada.delete(flow).code == "still_active"
    assert ada.delete(path).code == "still_active"
    ada.post(f"{flow}/cancel")
    kept = ada.get(path)

    assert ada.delete(flow).status == 204

    assert ada.get(flow).status == 404
    read = ada.get(path, if_none_match=kept.headers["etag"])
    assert (read.status, read.body["workflow_id"]) == (200, None)
    assert ada.delete(path).status == 204
