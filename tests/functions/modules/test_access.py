"""Who may do what: what one may not see is not there, whatever is asked of it."""

import re
from uuid import uuid4

import pytest

from contract.module_routes import MODULE_ROUTES, MODULES
from functions.platform_runtime.requests import limits
from tests.functions.modules.gateway import api_key, user

PATH = MODULES["simcore"].path
BODIES = {
    "change_workflow_status": {"status": "running"},
    "put_member": {},
    "create_key": {"name": "k"},
    "create_workflow": {"name": "w", "steps": [{"module": "qmlab", "name": "s"}]},
}


def body_of(route, workspace):
    if route.operation in BODIES:
        return BODIES[route.operation]
    if route.method == "PUT":
        return {"status": "running"}
    if route.operation.startswith("upload"):
        return {"size": 1}
    return {"workspace": workspace, "name": "n"} if route.operation.startswith("create") else None


@pytest.fixture
def items(ada, workspace):
    """One of everything, by the path before its id."""
    made = {"/api/workspaces": workspace}
    for module in MODULES.values():
        item = ada.post(module.path, {"workspace": workspace, "name": "one"})
        made[module.path] = item.body["id"]
    flow = {"name": "w", "steps": [{"module": "simcore", "name": "s"}]}
    flows = f"/api/workspaces/{workspace}/workflows"
    made[flows] = ada.post(flows, flow).body["id"]
    return made


@pytest.fixture(scope="module")
def shelf():
    return {}


@pytest.fixture
def kept(shelf, request):
    """The same items for each test that only asks for them in vain."""
    if not shelf:
        shelf.update(request.getfixturevalue("items"))
    return shelf


def path_of(route, items):
    """The route with what there is for its parameters."""
    path = route.path.replace("{workspace_id}", items["/api/workspaces"])
    path = path.replace("{user_id}", "eve").replace("{key_id}", str(uuid4()))
    prefix, _, rest = path.partition("/{id}")
    return f"{prefix}/{items[prefix]}{rest}" if "{id}" in path else prefix


OF_SOMETHING = [r for r in MODULE_ROUTES if "{" in r.path]


@pytest.mark.parametrize("route", OF_SOMETHING, ids=[r.operation for r in OF_SOMETHING])
def test_what_belongs_to_others_is_not_there(stranger, caller, kept, route):
    elsewhere = stranger.post("/api/workspaces", {"name": "elsewhere"}).body["id"]
    asked = path_of(route, kept), body_of(route, elsewhere)

    for other in (stranger, caller(api_key(elsewhere))):
        answer = other.ask(route.method, *asked)
        if answer.status == 403:
            assert answer.code == "principal_refused"
        else:
            assert (answer.status, answer.code) == (404, "not_found")


def test_nothing_is_made_in_others_workspaces(stranger, workspace):
    for module in MODULES.values():
        answer = stranger.post(module.path, {"workspace": workspace, "name": "n"})
        assert (answer.status, answer.code) == (404, "not_found")


@pytest.mark.parametrize("route", MODULE_ROUTES, ids=[r.operation for r in MODULE_ROUTES])
def test_nobody_and_whoever_is_late_is_a_401_before_anything_else(caller, kept, route):
    asked = path_of(route, kept), "{"

    nobody = caller(user("x"))
    nobody.context = None
    answers = [c.ask(route.method, *asked) for c in (nobody, caller(user("x", expires_in=-1)))]

    assert [(a.status, a.code) for a in answers] == [
        (401, "unauthenticated"),
        (401, "token_expired"),
    ]
    assert answers[0].headers["www-authenticate"] == "Bearer, ApiKey"


def test_around_the_cdn_is_a_403_before_anything_else(ada):
    answer = ada.get(PATH, x_origin_verify="guess")

    assert (answer.status, answer.code) == (403, "origin_refused")


def test_whoever_was_let_go_sees_nothing_any_more(ada, caller, workspace, items):
    bob = caller()
    member = f"/api/workspaces/{workspace}/members/{bob.context['subject']}"
    ada.put(member, {})
    path = f"{PATH}/{items[PATH]}"
    assert bob.get(path).status == 200

    ada.delete(member)

    assert bob.get(path).status == 404
    assert bob.get(PATH).body["items"] == []


def test_a_member_sees_all_and_changes_what_is_theirs(ada, caller, workspace, items):
    bob = caller()
    ada.put(f"/api/workspaces/{workspace}/members/{bob.context['subject']}", {})
    own = bob.post(PATH, {"workspace": workspace, "name": "bob's"}).body["id"]
    hers = f"{PATH}/{items[PATH]}"

    assert bob.get(hers).status == 200
    refused = [
        bob.delete(hers),
        bob.post(f"{hers}/cancel"),
        bob.put(f"{hers}/status", {"status": "running"}),
        bob.post(f"{hers}/payload", {"size": 1}),
        bob.post(f"/api/workspaces/{workspace}/workflows/{list(items.values())[-1]}/cancel"),
    ]
    assert [(answer.status, answer.code) for answer in refused] == [(403, "not_yours")] * 5
    assert bob.post(f"{PATH}/{own}/cancel").status == 200
    assert ada.delete(f"{PATH}/{own}").status == 204


def test_a_key_may_do_in_its_workspace_what_its_owners_may(ada, key, workspace, items):
    assert key.post(f"{PATH}/{items[PATH]}/cancel").status == 200
    made = key.post(PATH, {"workspace": workspace, "name": "by key"})
    assert made.body["user_id"] == "api-key:k1"
    assert ada.delete(f"{PATH}/{made.body['id']}").status == 204
    other = ada.post("/api/workspaces", {"name": "other"}).body["id"]
    assert key.post(PATH, {"workspace": other, "name": "n"}).status == 404


def test_a_key_of_a_workspace_that_is_gone_opens_nothing(ada, caller):
    gone = ada.post("/api/workspaces", {"name": "gone"}).body["id"]
    key = caller(api_key(gone))
    assert key.get(f"/api/workspaces/{gone}").status == 200

    ada.delete(f"/api/workspaces/{gone}")

    assert key.get(f"/api/workspaces/{gone}").status == 404
    assert key.post(PATH, {"workspace": gone, "name": "n"}).status == 404


@pytest.mark.parametrize(
    "operation",
    [r.operation for r in MODULE_ROUTES if "key" in r.operation or "put" in r.operation],
)
def test_neither_key_nor_worker_manages_keys_and_members(key, the_worker, items, operation):
    route = next(r for r in MODULE_ROUTES if r.operation == operation)

    for caller in (key, the_worker):
        answer = caller.ask(route.method, path_of(route, items), body_of(route, None))
        assert (answer.status, answer.code) == (403, "principal_refused")


def test_a_worker_neither_makes_nor_cancels_nor_deletes(the_worker, workspace, items):
    path = f"{PATH}/{items[PATH]}"
    answers = [
        the_worker.post(PATH, {"workspace": workspace, "name": "n"}),
        the_worker.post(f"{path}/cancel"),
        the_worker.delete(path),
        the_worker.post("/api/realtime/ticket"),
        the_worker.get("/api/workspaces"),
    ]

    assert [(a.status, a.code) for a in answers] == [(403, "principal_refused")] * 5


@pytest.mark.parametrize("path", sorted({r.path for r in MODULE_ROUTES}))
def test_a_wrong_method_is_a_405_that_names_the_right_ones(ada, path, environment):
    environment.setitem(limits.LIMITS, "anonymous", 1000)
    allowed = {r.method for r in MODULE_ROUTES if r.path == path}

    for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - allowed:
        answer = ada.ask(method, re.sub(r"{\w+}", str(uuid4()), path))

        assert (answer.status, answer.code) == (405, "method_not_allowed")
        assert set(answer.headers["allow"].split(", ")) == allowed
