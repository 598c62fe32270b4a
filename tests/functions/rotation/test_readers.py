"""What a rotation is to those who read: what was given out before still counts, for as long."""

import json

import pytest

from functions.authorizer import app as authorizer
from functions.platform_runtime.identity import tokens
from functions.platform_runtime.identity.tokens import TokenError, WorkerTokens
from functions.platform_runtime.secrets.keyring import Keyring, SealError, seal, unseal
from functions.platform_runtime.secrets.store import KEPT_KEYS, SigningKeys
from functions.rotation.errors import RotationError
from tests.functions.conftest import Context

PURPOSE = "backups/20261122T030000Z/full-backup.json"


@pytest.fixture
def api_key(secret, seed):
    seed(secret["API_KEY"])
    return secret["API_KEY"]


@pytest.fixture
def jwt_secret(secret, seed):
    seed(secret["JWT_SECRET"])
    return secret["JWT_SECRET"]


@pytest.fixture
def encryption_key(secret, seed):
    seed(secret["ENCRYPTION_KEY"])
    return secret["ENCRYPTION_KEY"]


@pytest.fixture
def authorize(fresh, jwt_secret):  # noqa: ARG001
    """Whether the authorizer lets a token in; it keeps what it has read."""
    app = fresh(authorizer)

    def ask(token):
        headers = {"authorization": f"Bearer {token}", "x-origin-verify": "current-secret"}
        request = {"headers": headers, "requestContext": {"requestId": "id"}}
        return app.handler(request, Context())["isAuthorized"]

    return ask


def token(stored):
    return tokens.issue(stored.read().signing_keys())


def test_a_key_is_accepted_until_it_was_rotated_twice(api_key, rotate):
    keys = [api_key.value()]
    for _ in range(2):
        rotate(api_key)
        keys.append(api_key.value())

    assert [api_key.read().accepts(key) for key in keys] == [False, True, True]


def test_a_token_signed_before_two_rotations_in_a_row_is_accepted(jwt_secret, rotate, authorize):
    old = token(jwt_secret)
    assert authorize(old)

    for _ in range(KEPT_KEYS):
        rotate(jwt_secret)

    assert authorize(old)
    assert WorkerTokens(jwt_secret.read()).principal(old).kind == "worker"


def test_a_token_of_a_key_that_just_came_is_accepted(jwt_secret, rotate, authorize):
    assert authorize(token(jwt_secret))
    rotate(jwt_secret)

    assert authorize(token(jwt_secret))


def test_three_rotations_revoke_a_signing_key(jwt_secret, rotate):
    old = token(jwt_secret)
    for _ in range(KEPT_KEYS + 1):
        rotate(jwt_secret)

    keys = jwt_secret.read().signing_keys()
    assert (keys.current, list(keys.keys)) == ("4", ["2", "3", "4"])
    with pytest.raises(TokenError, match="unknown key"):
        WorkerTokens(jwt_secret.read()).principal(old)


def test_signing_keys_of_any_name_are_kept_and_the_next_has_a_new_one():
    keys = SigningKeys(current="b", keys={"b": "B" * 43, "7": "S" * 43}).rotated()

    assert (keys.current, list(keys.keys)) == ("8", ["7", "b", "8"])
    assert "B" * 43 not in repr(keys)


def test_a_backup_from_before_two_rotations_opens(encryption_key, rotate):
    ring = Keyring.parse(encryption_key.value())
    sealed = b"".join(seal(ring.data_key(PURPOSE), [b"before"]))

    for _ in range(2):
        rotate(encryption_key)

    rotated = Keyring.parse(encryption_key.value())
    key = rotated.data_key_of(sealed.partition(b"\n")[0], PURPOSE)
    assert b"".join(unseal(key, [sealed])) == b"before"
    assert (rotated.current, list(rotated.keys)) == ("3", ["1", "2", "3"])
    assert rotated.keys["1"] == ring.keys["1"]


@pytest.mark.parametrize("lost", ["left out", "changed"])
@pytest.mark.parametrize("last", ["testSecret", "finishSecret"])
def test_a_rotation_that_would_lose_a_key_fails_before_it_is_current(
    encryption_key, rotate, step, monkeypatch, lost, last
):
    rotate(encryption_key)
    before, pending = encryption_key.value(), encryption_key.begin()

    def rotated(ring):
        keys = dict(Keyring.new().keys) if lost == "changed" else {}
        return Keyring(current="3", keys={**keys, "2": ring.keys["2"], "3": ring.keys["2"]})

    monkeypatch.setattr(Keyring, "rotated", rotated)
    step("createSecret", encryption_key, pending)

    with pytest.raises(RotationError, match=r"^version 1 of the key would be lost"):
        step(last, encryption_key, pending)

    assert encryption_key.value() == before


def test_a_key_put_by_hand_since_the_test_is_not_lost_either(encryption_key, step):
    pending = encryption_key.begin()
    for name in ("createSecret", "setSecret", "testSecret"):
        step(name, encryption_key, pending)
    by_hand = Keyring.parse(encryption_key.value()).rotated().dump()
    encryption_key.put(by_hand)

    with pytest.raises(RotationError, match="version 2 of the key would be lost"):
        step("finishSecret", encryption_key, pending)

    assert encryption_key.value() == by_hand


def test_a_keyring_that_does_not_open_what_it_sealed_is_refused(encryption_key, step, monkeypatch):
    pending = encryption_key.begin()
    step("createSecret", encryption_key, pending)

    def fail(*_):
        raise SealError("not under this key")

    monkeypatch.setattr(Keyring, "data_key_of", fail)
    with pytest.raises(SealError):
        step("testSecret", encryption_key, pending)


def test_signing_keys_without_the_one_before_are_refused(jwt_secret, step, monkeypatch):
    """Tokens that were given out a moment ago would be."""
    before, pending = jwt_secret.value(), jwt_secret.begin()
    alone = SigningKeys(current="2", keys={"2": "K" * 43})
    monkeypatch.setattr(SigningKeys, "rotated", lambda _: alone)
    step("createSecret", jwt_secret, pending)

    with pytest.raises(TokenError, match="unknown key"):
        step("finishSecret", jwt_secret, pending)

    assert jwt_secret.value() == before


@pytest.mark.parametrize("name", ["JWT_SECRET", "ENCRYPTION_KEY"])
def test_a_keyring_that_cannot_be_read_is_left_as_it_is(secret, step, name):
    secret[name].put("hunter2")
    pending = secret[name].begin()

    with pytest.raises(Exception, match=r"signing keys|keyring") as error:
        step("createSecret", secret[name], pending)

    assert "hunter2" not in str(error.value)
    assert secret[name].value() == "hunter2"


def test_a_keyring_reads_as_documented(encryption_key, jwt_secret):
    for stored in (encryption_key, jwt_secret):
        assert json.loads(stored.value()).keys() == {"current", "keys"}
