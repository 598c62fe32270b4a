"""Quotas: a clear 409, and never one more for two who ask at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from contract.module_routes import MODULES
from functions.modules import quotas
from tests.functions.modules.gateway import Caller

PATH = MODULES["simcore"].path


@pytest.fixture
def small(environment, another_gateway, ada):
    """Callers as Ada whose functions know small quotas."""
    environment.setenv("MAX_SIMULATIONS", "2")
    environment.setenv("MAX_STORAGE_GB", "1")
    environment.setenv("MAX_USERS_PER_WORKSPACE", "2")
    return lambda: Caller(another_gateway(), ada.context)


@pytest.fixture
def meeting(environment):
    """Two requests that both count before either adds, unless the workspace is locked."""
    barrier = Barrier(2)

    def wait(name, module=quotas):
        count = getattr(module, name)

        def counted(*given):
            found = count(*given)
            try:
                barrier.wait(0.4)
            except Exception:
                barrier.reset()
            return found

        environment.setattr(module, name, counted)

    return wait


def both(one, other):
    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(one), pool.submit(other)]]


@pytest.mark.parametrize("module", MODULES.values(), ids=list(MODULES))
def test_each_kind_has_its_own_room(small, workspace, module):
    ada = small()
    wanted = {"workspace": workspace, "name": "n"}
    first, second, third = (ada.post(module.path, wanted) for _ in range(3))

    assert [first.status, second.status] == [201, 201]
    assert (third.status, third.code) == (409, f"quota_{module.noun}")
    ada.delete(f"{module.path}/{first.body['id']}")
    assert ada.post(module.path, wanted).status == 201


@pytest.mark.slow
def test_of_two_at_once_at_the_limit_one_is_refused(small, workspace, meeting):
    wanted = {"workspace": workspace, "name": "n"}
    callers = small(), small()
    callers[0].post(PATH, wanted)
    meeting("count_items")

    answers = both(*(lambda c=c: c.post(PATH, wanted) for c in callers))

    assert sorted(answer.status for answer in answers) == [201, 409]
    assert len(callers[0].get(PATH).body["items"]) == 2


def test_two_workspaces_do_not_wait_for_each_other(small, ada, workspace, meeting):
    other = ada.post("/api/workspaces", {"name": "other"}).body["id"]
    callers = small(), small()
    for one in callers:
        one.get(PATH)
    meeting("count_items")

    answers = both(
        *(
            lambda c=c, w=w: c.post(PATH, {"workspace": w, "name": "n"})
            for c, w in zip(callers, (workspace, other), strict=True)
        )
    )

    assert [answer.status for answer in answers] == [201, 201]


@pytest.mark.slow
def test_of_two_users_let_in_at_once_at_the_limit_one_is_refused(small, workspace, meeting):
    callers = small(), small()
    meeting("count_users")
    members = f"/api/workspaces/{workspace}/members"

    answers = both(*(lambda c=c, n=n: c.put(f"{members}/u{n}", {}) for n, c in enumerate(callers)))

    assert sorted(answer.status for answer in answers) == [201, 409]
    assert "quota_users" in {a.code for a in answers if a.status == 409}
    assert len(callers[0].get(members).body["items"]) == 2


def test_who_is_in_already_needs_no_room(small, workspace):
    ada = small()
    member = f"/api/workspaces/{workspace}/members/bob"

    assert ada.put(member, {}).status == 201
    assert ada.put(member, {"role": "owner"}).status == 200
    assert ada.put(f"/api/workspaces/{workspace}/members/eve", {}).code == "quota_users"


def test_stored_bytes_count_over_all_modules(small, workspace):
    ada = small()
    paths = [
        f"{m.path}/{ada.post(m.path, {'workspace': workspace, 'name': 'n'}).body['id']}/payload"
        for m in MODULES.values()
    ]

    answers = [ada.post(path, {"size": 400_000_000}) for path in paths]

    assert [answer.status for answer in answers] == [200, 200, 409]
    assert answers[2].code == "quota_storage"
    # What is set aside already is asked for again, and not counted twice.
    assert ada.post(paths[0], {"size": 400_000_000}).body["version"] == 2
    assert ada.post(paths[2], {"size": 200_000_000}).status == 200
    assert ada.get(f"/api/workspaces/{workspace}").body["usage"]["stored_bytes"] == 1_000_000_000


@pytest.mark.slow
def test_of_two_uploads_at_once_at_the_limit_one_is_refused(small, workspace, meeting):
    callers = small(), small()
    paths = [
        f"{PATH}/{callers[0].post(PATH, {'workspace': workspace, 'name': 'n'}).body['id']}/payload"
        for _ in range(2)
    ]
    meeting("stored_bytes")

    answers = both(
        *(
            lambda c=c, p=p: c.post(p, {"size": 600_000_000})
            for c, p in zip(callers, paths, strict=True)
        )
    )

    assert sorted(answer.status for answer in answers) == [200, 409]


def test_a_user_owns_so_many_workspaces_and_no_more(small, meeting, environment):
    from functions.workspaces import workspaces

    environment.setattr(workspaces, "MOST_OWNED", 2)
    callers = small(), small()
    subject = {"subject": "owner-of-two", "kind": "user"}
    for one in callers:
        one.context = subject
    callers[0].post("/api/workspaces", {"name": "first"})
    meeting("count_owned", workspaces)

    answers = both(*(lambda c=c: c.post("/api/workspaces", {"name": "n"}) for c in callers))

    assert sorted(answer.status for answer in answers) == [201, 409]
    assert "quota_workspaces" in {a.code for a in answers if a.status == 409}
