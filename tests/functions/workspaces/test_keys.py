"""API keys: shown once, found by the authorizer, revoked for good; tickets for the WebSocket."""

from uuid import uuid4

import pytest

from functions.platform_runtime.identity.api_keys import ApiKeys
from functions.platform_runtime.identity.tickets import Tickets
from functions.workspaces import keys as module


@pytest.fixture
def keys(workspace):
    return f"/api/workspaces/{workspace}/keys"


@pytest.fixture
def table(gateway):  # noqa: ARG001
    return ApiKeys("api_keys")


def test_a_key_is_shown_once_and_opens_its_workspace(ada, keys, table, workspace, migrated):
    made = ada.post(keys, {"name": "ci"})

    assert made.status == 201
    assert made.headers["cache-control"] == "no-store"
    text = made.body.pop("key")
    found = table.find(text)
    assert (found.workspace, found.name) == (workspace, "ci")
    (listed,) = ada.get(keys).body["items"]
    assert listed == made.body
    for kept in ("audit_logs", "outbox"):
        assert text not in str(migrated.execute(f"SELECT * FROM {kept}"))  # noqa: S608


def test_a_revoked_key_opens_nothing_and_is_still_listed(ada, keys, table):
    made = ada.post(keys, {"name": "ci"}).body

    once, again = (ada.delete(f"{keys}/{made['key_id']}") for _ in range(2))

    assert [once.status, again.status] == [204, 204]
    assert table.find(made["key"]) is None
    (listed,) = ada.get(keys).body["items"]
    assert listed["revoked_at"]


def test_a_key_of_another_workspace_is_not_there(ada, keys, table):
    other = ada.post("/api/workspaces", {"name": "other"}).body["id"]
    made = ada.post(f"/api/workspaces/{other}/keys", {"name": "ci"}).body

    for key in (made["key_id"], uuid4()):
        answer = ada.delete(f"{keys}/{key}")
        assert (answer.status, answer.code) == (404, "not_found")
    assert table.find(made["key"])


def test_members_see_keys_and_owners_make_them(ada, caller, workspace, keys):
    bob = caller()
    ada.put(f"/api/workspaces/{workspace}/members/{bob.context['subject']}", {})
    made = ada.post(keys, {"name": "ci"}).body

    assert bob.get(keys).status == 200
    for answer in (bob.post(keys, {"name": "bob's"}), bob.delete(f"{keys}/{made['key_id']}")):
        assert (answer.status, answer.code) == (403, "owners_only")


def test_a_workspace_has_so_many_keys_and_revoking_one_makes_room(ada, keys, environment):
    environment.setattr(module, "MOST_KEYS", 2)
    made = [ada.post(keys, {"name": "k"}) for _ in range(3)]

    assert [one.status for one in made] == [201, 201, 409]
    assert made[2].code == "quota_keys"
    ada.delete(f"{keys}/{made[0].body['key_id']}")
    assert ada.post(keys, {"name": "k"}).status == 201


def test_a_key_whose_making_was_not_recorded_opens_nothing(ada, keys, table, environment):
    texts = []
    create = ApiKeys.create

    def noted(self, **given):
        made = create(self, **given)
        texts.append(made[1])
        return made

    environment.setattr(ApiKeys, "create", noted)
    environment.setattr("functions.platform_runtime.events.audit.INSERT", "SELECT 1 / 0")

    assert ada.post(keys, {"name": "ci"}).status == 500
    assert table.find(texts[0]) is None


def test_with_a_workspace_go_its_keys(ada, keys, table, workspace):
    text = ada.post(keys, {"name": "ci"}).body["key"]

    assert ada.delete(f"/api/workspaces/{workspace}").status == 204

    assert table.find(text) is None


def test_a_key_is_not_revoked_without_an_entry(ada, keys, workspace, migrated):
    made = ada.post(keys, {"name": "ci"}).body
    ada.delete(f"{keys}/{made['key_id']}")

    rows = migrated.execute(
        "SELECT action, resource FROM audit_logs WHERE details ->> 'workspace' = %s "
        "ORDER BY sequence OFFSET 1",
        workspace,
    )
    resource = f"api_keys/{made['key_id']}"
    assert rows == [("key.create", resource), ("key.revoke", resource)]


def test_a_ticket_names_the_callers_workspaces(ada, workspace, stranger, key):
    other = ada.post("/api/workspaces", {"name": "other"}).body["id"]
    stranger.post("/api/workspaces", {"name": "not hers"})
    tickets = Tickets("tickets")

    answer = ada.post("/api/realtime/ticket")
    claims = tickets.redeem(answer.body["ticket"])

    assert (answer.status, answer.headers["cache-control"]) == (201, "no-store")
    assert claims.workspaces == (other, workspace)
    assert claims.principal.subject == ada.context["subject"]
    assert tickets.redeem(answer.body["ticket"]) is None
    of_key = tickets.redeem(key.post("/api/realtime/ticket").body["ticket"])
    assert of_key.workspaces == (workspace,)


def test_a_ticket_holds_the_newest_of_too_many(ada, migrated):
    from functions.platform_runtime.identity.tickets import MOST_WORKSPACES

    migrated.execute(
        "WITH made AS (INSERT INTO workspaces (name, created_by, created_at) "
        "SELECT 'n' || n, 'x', now() + n * interval '1 s' FROM generate_series(1, %s) n "
        "RETURNING id) INSERT INTO memberships SELECT id, %s, 'member' FROM made",
        MOST_WORKSPACES + 1,
        ada.context["subject"],
    )

    answer = ada.post("/api/realtime/ticket")

    assert len(Tickets("tickets").redeem(answer.body["ticket"]).workspaces) == MOST_WORKSPACES
