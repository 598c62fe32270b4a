"""Simulations, experiments and runs: made, read, moved on, cancelled, deleted."""

from uuid import uuid4

import pytest

from contract.module_routes import MODULES
from functions.modules.statuses import FOLLOWING

STATUSES = tuple(FOLLOWING)


@pytest.fixture(params=MODULES.values(), ids=list(MODULES))
def module(request):
    return request.param


@pytest.fixture
def make(ada, workspace, module):
    def made(name="one", **given):
        answer = ada.post(module.path, {"workspace": workspace, "name": name, **given})
        assert answer.status == 201, answer
        return answer.body

    return made


def test_what_was_made_is_read_as_it_was_answered(ada, workspace, module):
    made = ada.post(
        module.path, {"workspace": workspace, "name": "one", "parameters": {"n": [1, None, "é"]}}
    )

    assert made.status == 201
    assert made.headers["location"] == f"{module.path}/{made.body['id']}"
    read = ada.get(made.headers["location"])
    assert (read.status, read.body) == (200, made.body)
    assert made.body["created_at"] == made.body["updated_at"]
    told = {name: made.body[name] for name in made.body if not name.endswith("_at")}
    assert told == {
        "id": made.body["id"],
        "workspace_id": workspace,
        "user_id": ada.context["subject"],
        "workflow_id": None,
        "name": "one",
        "status": "pending",
        "stored_bytes": 0,
        "version": 1,
        "parameters": {"n": [1, None, "é"]},
        "result": None,
    }


def test_modules_keep_their_items_apart(ada, make, module):
    item = make()

    for other in MODULES.values():
        status = ada.get(f"{other.path}/{item['id']}").status
        assert status == (200 if other is module else 404)


def test_a_worker_takes_one_from_pending_to_completed(the_worker, ada, make, module):
    path = f"{module.path}/{make()['id']}"

    running = the_worker.put(f"{path}/status", {"status": "running"})
    completed = the_worker.put(
        f"{path}/status", {"status": "completed", "result": {"energy": -1.5}}
    )

    assert (running.status, running.body["status"], running.body["version"]) == (200, "running", 2)
    assert running.body["completed_at"] is None
    assert (completed.status, completed.body["version"]) == (200, 3)
    read = ada.get(path).body
    assert (read["status"], read["result"]) == ("completed", {"energy": -1.5})
    assert read["completed_at"] == read["updated_at"]


@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("after", ["running", "completed", "failed", "cancelled"])
def test_only_a_legal_status_follows(ada, workspace, before, after):
    module = MODULES["simcore"]
    item = ada.post(module.path, {"workspace": workspace, "name": "x"}).body
    path = f"{module.path}/{item['id']}/status"
    for step in {"pending": (), "running": ("running",)}.get(before, ("running", before)):
        assert ada.put(path, {"status": step}).status == 200

    answer = ada.put(path, {"status": after})

    if after in FOLLOWING[before] or (before == after and before != "running"):
        assert (answer.status, answer.body["status"]) == (200, after)
    else:
        assert (answer.status, answer.code) == (409, "illegal_transition")
        assert answer.body["status"] == before


def test_an_end_told_again_changes_nothing_unless_the_result_is_another(the_worker, make, module):
    path = f"{module.path}/{make()['id']}/status"
    the_worker.put(path, {"status": "running"})
    once = the_worker.put(path, {"status": "completed", "result": {"a": 1}}, if_match='"2"')

    again = the_worker.put(path, {"status": "completed", "result": {"a": 1}}, if_match='"2"')
    other = the_worker.put(path, {"status": "completed", "result": {"a": 2}})

    assert (again.status, again.body) == (200, once.body)
    assert (other.status, other.code) == (409, "illegal_transition")


def test_cancelling_ends_what_runs_and_may_be_asked_twice(ada, make, module):
    path = f"{module.path}/{make()['id']}"
    ada.put(f"{path}/status", {"status": "running"})

    once, again = ada.post(f"{path}/cancel"), ada.post(f"{path}/cancel")

    assert (once.status, once.body["status"]) == (200, "cancelled")
    assert again.body == once.body


def test_what_has_completed_is_not_cancelled(ada, make, module):
    path = f"{module.path}/{make()['id']}"
    for status in ("running", "completed"):
        ada.put(f"{path}/status", {"status": status})

    assert ada.post(f"{path}/cancel").code == "illegal_transition"


def test_what_is_deleted_is_gone_and_what_runs_is_not_deleted(ada, make, module):
    path = f"{module.path}/{make()['id']}"
    ada.put(f"{path}/status", {"status": "running"})

    refused = ada.delete(path)
    ada.post(f"{path}/cancel")
    deleted = ada.delete(path)

    assert (refused.status, refused.code) == (409, "still_active")
    assert (deleted.status, deleted.body) == (204, None)
    assert "content-type" not in deleted.headers
    assert [ada.get(path).status, ada.delete(path).status] == [404, 404]


def test_an_archived_simulation_is_read_and_no_longer_changed(ada, workspace, migrated):
    path = MODULES["simcore"].path
    item = ada.post(path, {"workspace": workspace, "name": "old"}).body
    for status in ("running", "completed"):
        ada.put(f"{path}/{item['id']}/status", {"status": status})
    migrated.execute(
        "INSERT INTO simulations_archive SELECT id, workspace_id, user_id, workflow_id, name, "
        "status, parameters, result, stored_bytes, version, created_at, updated_at, completed_at "
        "FROM simcore_simulations WHERE id = %s",
        item["id"],
    )
    migrated.execute("DELETE FROM simcore_simulations WHERE id = %s", item["id"])

    read = ada.get(f"{path}/{item['id']}")

    assert (read.body["name"], read.headers["etag"]) == ("old", '"3-archived"')
    assert read.body["archived_at"]
    assert ada.delete(f"{path}/{item['id']}").code == "archived"
    assert ada.post(f"{path}/{item['id']}/cancel").code == "archived"


def test_what_never_was_is_not_found(ada, module):
    path = f"{module.path}/{uuid4()}"

    answers = [
        ada.get(path),
        ada.delete(path),
        ada.post(f"{path}/cancel"),
        ada.put(f"{path}/status", {"status": "running"}),
    ]

    assert [(answer.status, answer.code) for answer in answers] == [(404, "not_found")] * 4
