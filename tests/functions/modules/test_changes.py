"""Changes: seen by whom they were made for, recorded and told of with themselves, or not made."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from contract.module_routes import MODULES
from functions.maintenance.chain import verify
from functions.modules.items import Items
from functions.platform_runtime.events import audit
from tests.functions.modules.gateway import Caller, worker

PATH = MODULES["simcore"].path


@pytest.fixture
def item(ada, workspace):
    return ada.post(PATH, {"workspace": workspace, "name": "one"}).body


@pytest.fixture
def path(item):
    return f"{PATH}/{item['id']}"


def told(migrated, workspace):
    """The events of a workspace, and the entries about it, in order."""
    events = migrated.execute(
        "SELECT event FROM outbox WHERE topic = %s ORDER BY id", f"workspace#{workspace}"
    )
    entries = migrated.execute(
        "SELECT action, resource, user_id, host(ip) FROM audit_logs "
        "WHERE details ->> 'workspace' = %s ORDER BY sequence",
        workspace,
    )
    return [event for (event,) in events], entries


def test_every_change_has_its_entry_and_its_event(ada, the_worker, workspace, path, item, migrated):
    the_worker.put(f"{path}/status", {"status": "running"})
    ada.post(f"{path}/cancel")
    ada.delete(path)

    events, entries = told(migrated, workspace)

    subject, key = ada.context["subject"], item["id"]
    resource = f"simcore_simulations/{key}"
    assert entries == [
        ("workspace.create", f"workspaces/{workspace}", subject, "203.0.113.7"),
        ("simulation.create", resource, subject, "203.0.113.7"),
        ("simulation.status", resource, "worker", "203.0.113.7"),
        ("simulation.status", resource, subject, "203.0.113.7"),
        ("simulation.delete", resource, subject, "203.0.113.7"),
    ]
    assert events[1:] == [
        {"type": "simulation.create", "id": key, "name": "one"},
        {"type": "simulation.status", "id": key, "status": "running", "version": 2},
        {"type": "simulation.status", "id": key, "status": "cancelled", "version": 3},
        {"type": "simulation.delete", "id": key},
    ]
    with migrated.connect("platform_app") as connection, connection.transaction():
        assert verify(connection).broken is None


def test_a_change_that_cannot_be_recorded_is_not_made(
    ada, workspace, path, migrated, environment, said
):
    before = told(migrated, workspace)
    environment.setattr(audit, "INSERT", audit.INSERT.replace("audit_logs", "nowhere"))

    answer = ada.post(f"{path}/cancel")

    assert (answer.status, answer.code) == (500, "internal_error")
    assert "nowhere" not in str(answer.body)
    assert ada.get(path).body["status"] == "pending"
    assert told(migrated, workspace) == before
    assert said("[AUDIT]") == []


def test_a_change_that_cannot_be_told_of_is_not_made(ada, path, migrated):
    migrated.execute("ALTER TABLE outbox ADD CONSTRAINT full_up CHECK (false) NOT VALID")
    try:
        answer = ada.post(f"{path}/cancel")
    finally:
        migrated.execute("ALTER TABLE outbox DROP CONSTRAINT full_up")

    assert answer.status == 500
    assert ada.get(path).body["status"] == "pending"


def test_a_refused_change_leaves_no_trace(ada, workspace, path, migrated):
    before = told(migrated, workspace)

    assert ada.put(f"{path}/status", {"status": "completed"}).status == 409
    assert ada.delete(path, if_match='"7"').status == 412

    assert told(migrated, workspace) == before


def test_the_tag_of_what_was_read_makes_a_change_conditional(ada, path):
    seen = ada.get(path)

    assert seen.headers["etag"] == '"1"'
    done = ada.put(f"{path}/status", {"status": "running"}, if_match=seen.headers["etag"])
    assert (done.status, done.headers["etag"]) == (200, '"2"')
    late = ada.post(f"{path}/cancel", if_match=seen.headers["etag"])
    assert (late.status, late.code, late.headers["etag"]) == (412, "changed_meanwhile", '"2"')
    assert late.body["version"] == 2
    assert ada.post(f"{path}/cancel", if_match='W/"9", W/"2"').status == 200


def test_a_site_of_another_origin_says_the_version_in_the_body(ada, path):
    late = ada.put(f"{path}/status", {"status": "running", "version": 4})
    done = ada.put(f"{path}/status", {"status": "running", "version": 1})

    assert [late.status, done.status] == [412, 200]


def test_of_workers_that_take_one_at_once_one_gets_it(another_gateway, path, environment):
    workers = [Caller(another_gateway(), worker()) for _ in range(4)]
    lock = Items.lock

    def slowly(items, key):
        found = lock(items, key)
        sleep(0.1)
        return found

    environment.setattr(Items, "lock", slowly)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(w.put, f"{path}/status", {"status": "running"}) for w in workers]
        answers = [one.result() for one in asked]

    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]


def test_what_a_browser_has_is_not_sent_again_until_it_changes(ada, path):
    seen = ada.get(path)
    same = ada.get(path, if_none_match=seen.headers["etag"])

    assert (same.status, same.body) == (304, None)
    assert same.headers["cache-control"] == seen.headers["cache-control"] == "private, no-cache"
    ada.post(f"{path}/cancel")
    assert ada.get(path, if_none_match=seen.headers["etag"]).status == 200


def test_changes_and_errors_are_kept_by_nobody(ada, path):
    answers = [ada.post(f"{path}/cancel"), ada.get(f"{path}x"), ada.delete(path)]

    assert [a.headers["cache-control"] for a in answers] == ["no-store"] * 3
