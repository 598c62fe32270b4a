"""Workspaces: one's own, listed, read with what they hold, deleted when they are empty."""

from uuid import uuid4

from contract.module_routes import MODULES


def test_a_workspace_is_read_with_what_it_holds(ada, workspace):
    for module in MODULES.values():
        ada.post(module.path, {"workspace": workspace, "name": "n"})

    read = ada.get(f"/api/workspaces/{workspace}")

    created = read.body.pop("created_at")
    assert created.endswith("+00:00")
    assert read.body == {
        "id": workspace,
        "name": "Ada's",
        "role": "owner",
        "created_by": ada.context["subject"],
        "usage": {
            "users": 1,
            "most_users": 5,
            "simulations": 1,
            "experiments": 1,
            "runs": 1,
            "most_of_each": 100,
            "stored_bytes": 0,
            "most_stored_bytes": 1_000_000_000,
        },
    }
    same = ada.get(f"/api/workspaces/{workspace}", if_none_match=read.headers["etag"])
    assert same.status == 304


def test_ones_own_workspaces_are_listed_the_newest_first_in_pages(ada, stranger):
    stranger.post("/api/workspaces", {"name": "not hers"})
    for name in ("a", "b", "c"):
        ada.post("/api/workspaces", {"name": name})

    first = ada.get("/api/workspaces?limit=2").body
    second = ada.get(f"/api/workspaces?limit=2&cursor={first['next']}").body

    assert [one["name"] for one in first["items"]] == ["c", "b"]
    assert ([one["name"] for one in second["items"]], second["next"]) == (["a"], None)
    assert {one["role"] for one in first["items"]} == {"owner"}


def test_a_key_lists_its_own(key, workspace):
    (one,) = key.get("/api/workspaces").body["items"]

    assert (one["id"], one["role"]) == (workspace, "key")


def test_only_an_empty_workspace_is_deleted(ada, workspace):
    path = f"/api/workspaces/{workspace}"
    item = ada.post(MODULES["qmlab"].path, {"workspace": workspace, "name": "n"}).body["id"]

    refused = ada.delete(path)
    ada.delete(f"{MODULES['qmlab'].path}/{item}")
    deleted = ada.delete(path)

    assert (refused.status, refused.code) == (409, "workspace_not_empty")
    assert (deleted.status, ada.get(path).status) == (204, 404)
    assert workspace not in str(ada.get("/api/workspaces").body)


def test_a_workspace_is_deleted_by_its_owners_alone(ada, caller, workspace):
    bob = caller()
    ada.put(f"/api/workspaces/{workspace}/members/{bob.context['subject']}", {})

    answer = bob.delete(f"/api/workspaces/{workspace}")

    assert (answer.status, answer.code) == (403, "owners_only")
    assert ada.delete(f"/api/workspaces/{uuid4()}").status == 404
