"""The pool's keys: fetched seldom, fetched at once for a new one, kept through an outage."""

import pytest

from functions.platform_runtime.identity import jwks
from functions.platform_runtime.identity.jwks import Jwks, JwksError
from tests.functions.authorizer import signing


@pytest.fixture(scope="session")
def new_key():
    return signing.Key("two")


def test_keys_are_fetched_once_for_many_tokens(authorize, pool, key):
    for _ in range(3):
        assert authorize(f"Bearer {key.token()}")["isAuthorized"] is True

    assert pool.requests == 1


def test_a_key_that_came_since_is_fetched_at_once(authorize, pool, key, new_key):
    authorize(f"Bearer {key.token()}")
    pool.keys.append(new_key.public)

    assert authorize(f"Bearer {new_key.token()}")["isAuthorized"] is True
    assert pool.requests == 2


def test_a_key_that_went_is_refused_when_the_keys_are_old(authorize, pool, key, environment):
    authorize(f"Bearer {key.token()}")
    pool.keys[:] = [{"kid": "other"}]
    assert authorize(f"Bearer {key.token()}")["isAuthorized"] is True

    environment.setattr(jwks, "FRESH_SECONDS", -1.0)

    assert authorize(f"Bearer {key.token()}")["isAuthorized"] is False


def test_made_up_key_ids_fetch_the_keys_once_a_minute_at_most(
    authorize, pool, key, new_key, environment
):
    authorize(f"Bearer {key.token()}")
    for number in range(5):
        authorize(f"Bearer {key.token(headers={'kid': f'made-up-{number}'})}")
    assert pool.requests == 2

    pool.keys.append(new_key.public)
    environment.setattr(jwks, "UNKNOWN_SECONDS", 0.0)
    assert authorize(f"Bearer {new_key.token()}")["isAuthorized"] is True
    assert pool.requests == 3


def test_users_stay_signed_in_while_the_pool_does_not_answer(pool, environment):
    keys = Jwks(pool.url)
    known = keys.key("one")
    pool.status = 500
    environment.setattr(jwks, "FRESH_SECONDS", 0.0)

    assert [keys.key("one") for _ in range(3)] == [known] * 3
    # It was asked once in vain, and is left alone for a while.
    assert pool.requests == 2
    with pytest.raises(JwksError):
        keys.key("two")


def test_an_outage_is_over_when_the_pool_answers_again(pool, environment):
    keys = Jwks(pool.url)
    keys.key("one")
    environment.setattr(jwks, "FRESH_SECONDS", -1.0)
    environment.setattr(jwks, "OUTAGE_SECONDS", 0.0)
    pool.status = 500
    keys.key("one")

    pool.status, pool.keys[:] = 200, [{"kid": "two"}]

    assert keys.key("one") is None
    assert keys.key("two") == {"kid": "two"}
