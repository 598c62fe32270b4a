"""An empty secret is filled once; what is in one stays."""

import json

import pytest

from functions.platform_runtime.secrets.keyring import Keyring
from functions.rotation.steps import SEED
from functions.rotation.versions import Versions
from tests.functions.rotation.conftest import NAMES


def test_all_are_filled_with_what_their_readers_read(secret, seed):
    assert seed(*secret.values()) == list(NAMES)

    assert len(secret["API_KEY"].value()) >= 43
    for name in ("JWT_SECRET", "ENCRYPTION_KEY"):
        stated = json.loads(secret[name].value())
        assert (stated["current"], list(stated["keys"])) == ("1", ["1"])
        assert len(stated["keys"]["1"]) >= 43
    assert secret["JWT_SECRET"].read().signing_keys().current == "1"
    assert Keyring.parse(secret["ENCRYPTION_KEY"].value()).current == "1"
    assert {stored.current() for stored in secret.values()} == {SEED}


@pytest.mark.parametrize("name", NAMES)
def test_a_second_time_nothing_is_done(secret, seed, name):
    seed(secret[name])
    value = secret[name].value()

    assert seed(secret[name]) == []

    assert secret[name].value() == value
    assert len(secret[name].versions()) == 1


@pytest.mark.parametrize("name", NAMES)
def test_what_was_rotated_is_not_seeded_again(secret, seed, rotate, name):
    seed(secret[name])
    rotate(secret[name])
    value = secret[name].value()

    assert seed(secret[name]) == []

    assert secret[name].value() == value


def test_a_value_put_by_hand_stays(secret, seed):
    secret["API_KEY"].put("by-hand")

    assert seed(secret["API_KEY"]) == []

    assert secret["API_KEY"].value() == "by-hand"


@pytest.mark.parametrize("name", NAMES)
def test_of_two_that_seed_at_once_the_first_decides(secret, seed, monkeypatch, name):
    """The second has seen an empty secret."""
    seed(secret[name])
    value, current, looks = secret[name].value(), Versions.current, iter([None])
    monkeypatch.setattr(
        Versions, "current", lambda v: next(looks) if looks.__length_hint__() else current(v)
    )

    seed(secret[name])

    assert secret[name].value() == value
    assert len(secret[name].versions()) == 1


def test_one_that_is_no_use_fails_the_deploy_and_is_not_quoted(secret, seed):
    secret["ENCRYPTION_KEY"].put("hunter2")

    with pytest.raises(Exception, match=r"^the secret is not a keyring$"):
        seed(secret["ENCRYPTION_KEY"])
