"""Keys of workspaces in their table."""

import hashlib
from datetime import datetime

import pytest

from functions.platform_runtime.identity.api_keys import ApiKeys


@pytest.fixture
def keys(api_keys):
    return ApiKeys(api_keys.name)


def test_a_key_is_told_once_and_kept_as_its_hash(keys, api_keys):
    made, text = keys.create(workspace="w1", name="ci", created_by="ada")

    [item] = api_keys.scan()["Items"]
    assert item.pop("key_hash") == hashlib.sha256(text.encode()).hexdigest()
    assert item == {k: v for k, v in vars(made).items() if v is not None}
    assert text not in str(item)
    assert text.startswith("map_")
    assert len(text) == 47
    assert datetime.fromisoformat(made.created_at).utcoffset().total_seconds() == 0


def test_a_key_is_found_by_its_text_alone(keys):
    made, text = keys.create(workspace="w1", name="ci", created_by="ada")
    other, _ = keys.create(workspace="w1", name="laptop", created_by="ada")

    assert keys.find(text) == made != other
    assert [keys.find(t) for t in (text[:-1], text + "x", made.key_id, "", "\ud800")] == [None] * 5


def test_a_workspace_lists_its_own_keys_and_the_revoked_ones(keys):
    mine = [keys.create(workspace="w1", name=n, created_by="ada")[0] for n in ("ci", "laptop")]
    keys.create(workspace="w2", name="theirs", created_by="bob")

    assert keys.revoke(workspace="w1", key_id=mine[0].key_id) is True

    listed = {key.key_id: key for key in keys.of("w1")}
    assert listed.keys() == {key.key_id for key in mine}
    assert listed[mine[0].key_id].revoked_at is not None
    assert listed[mine[1].key_id] == mine[1]


def test_a_revoked_key_stays_so_from_the_first_time_on(keys, monkeypatch):
    made, text = keys.create(workspace="w1", name="ci", created_by="ada")
    times = iter(["2026-11-22T14:00:00+00:00", "2026-11-23T14:00:00+00:00"])
    monkeypatch.setattr("functions.platform_runtime.identity.api_keys._now", lambda: next(times))

    for _ in range(2):
        assert keys.revoke(workspace="w1", key_id=made.key_id) is True

    assert keys.find(text) is None
    assert [key.revoked_at for key in keys.of("w1")] == ["2026-11-22T14:00:00+00:00"]


def test_a_workspace_revokes_no_key_of_another(keys):
    made, text = keys.create(workspace="w1", name="ci", created_by="ada")

    assert keys.revoke(workspace="w2", key_id=made.key_id) is False
    assert keys.revoke(workspace="w1", key_id="unknown") is False
    assert keys.find(text) == made
