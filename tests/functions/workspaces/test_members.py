"""Members: let in, made owners, let go; there is always an owner."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.functions.modules.gateway import Caller


@pytest.fixture
def bob(caller):
    return caller()


@pytest.fixture
def members(workspace):
    return f"/api/workspaces/{workspace}/members"


@pytest.fixture
def bobs(members, bob):
    return f"{members}/{bob.context['subject']}"


def roles(caller, members):
    return {one["user_id"]: one["role"] for one in caller.get(members).body["items"]}


def test_whoever_is_let_in_is_a_member_until_made_an_owner(ada, bob, bobs, members, workspace):
    added, promoted = ada.put(bobs, {}), ada.put(bobs, {"role": "owner"})

    assert (added.status, added.body["role"]) == (201, "member")
    assert (promoted.status, promoted.body["role"]) == (200, "owner")
    assert roles(bob, members) == {
        ada.context["subject"]: "owner",
        bob.context["subject"]: "owner",
    }
    assert bob.get(f"/api/workspaces/{workspace}").body["role"] == "owner"


def test_only_owners_let_in_and_go(ada, bob, bobs, members):
    ada.put(bobs, {})

    for answer in (
        bob.put(f"{members}/eve", {}),
        bob.put(bobs, {"role": "owner"}),
        bob.delete(f"{members}/{ada.context['subject']}"),
    ):
        assert (answer.status, answer.code) == (403, "owners_only")


def test_a_member_may_go_by_themselves(ada, bob, bobs, members):
    ada.put(bobs, {})

    assert bob.delete(bobs).status == 204
    assert bob.get(members).status == 404
    assert ada.delete(bobs).code == "not_found"


def test_the_last_owner_stays(ada, bob, bobs, members):
    own = f"{members}/{ada.context['subject']}"
    ada.put(bobs, {})

    assert [ada.delete(own).code, ada.put(own, {"role": "member"}).code] == ["last_owner"] * 2
    assert ada.put(own, {"role": "owner"}).status == 200
    ada.put(bobs, {"role": "owner"})
    assert ada.delete(own).status == 204
    assert roles(bob, members) == {bob.context["subject"]: "owner"}


def test_of_two_owners_who_go_at_once_one_stays(ada, bob, bobs, members, another_gateway):
    ada.put(bobs, {"role": "owner"})
    two = [Caller(another_gateway(), one.context) for one in (ada, bob)]

    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(c.delete, f"{members}/{c.context['subject']}") for c in two]
        answers = [one.result() for one in asked]

    assert sorted(answer.status for answer in answers) == [204, 409]


def test_a_keys_subject_is_no_users_id(ada, members):
    answer = ada.put(f"{members}/api-key%3Ak1", {})

    assert (answer.status, answer.body["fields"][0]["field"]) == (422, "user_id")


def test_changes_of_members_are_recorded(ada, bob, bobs, workspace, migrated):
    ada.put(bobs, {})
    ada.put(bobs, {"role": "owner"})
    ada.delete(bobs)

    rows = migrated.execute(
        "SELECT action, resource, details ->> 'role' FROM audit_logs "
        "WHERE details ->> 'workspace' = %s ORDER BY sequence OFFSET 1",
        workspace,
    )
    resource = f"memberships/{workspace}/{bob.context['subject']}"
    assert rows == [
        ("member.add", resource, "member"),
        ("member.change", resource, "owner"),
        ("member.remove", resource, None),
    ]
