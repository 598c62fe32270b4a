"""The pool's keys: fetched seldom, fetched at once for a new one, kept through an outage."""

import time

import pytest

from functions.platform_runtime import kept
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

    environment.setattr(kept, "FRESH_SECONDS", -1.0)

    assert authorize(f"Bearer {key.token()}")["isAuthorized"] is False


def test_made_up_key_ids_fetch_the_keys_once_in_ten_seconds_at_most(
    authorize, pool, key, new_key, environment
):
    authorize(f"Bearer {key.token()}")
    for number in range(5):
        made_up = key.token(headers={"kid": f"made-up-{number}"})
        assert authorize(f"Bearer {made_up}")["isAuthorized"] is False
    assert pool.requests == 2

    pool.keys.append(new_key.public)
    environment.setattr(kept, "AGAIN_SECONDS", 0.0)
    assert authorize(f"Bearer {new_key.token()}")["isAuthorized"] is True
    assert pool.requests == 3


def test_users_stay_signed_in_while_the_pool_does_not_answer(pool, environment):
    keys = Jwks(pool.url)
    known = keys.key("one")
    pool.status = 500
    environment.setattr(kept, "FRESH_SECONDS", 0.0)

    assert [keys.key("one") for _ in range(3)] == [known] * 3
    # It was asked once in vain, and is left alone for a while.
    assert pool.requests == 2


def test_while_the_pool_does_not_answer_no_unknown_key_is_refused(authorize, pool, key, new_key):
    """A refusal would be kept for five minutes, an error is not: the second as little as the first.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
    """
    authorize(f"Bearer {key.token()}")
    pool.status = 503

    for _ in range(3):
        with pytest.raises(JwksError, match="HTTP Error 503"):
            authorize(f"Bearer {new_key.token()}")
        assert authorize(f"Bearer {key.token()}")["isAuthorized"] is True
    # A question in vain takes seconds, and strangers could ask it again and again.
    assert pool.requests == 2


def test_a_new_key_is_found_ten_seconds_after_an_outage(authorize, pool, key, new_key, environment):
    authorize(f"Bearer {key.token()}")
    pool.status = 503
    with pytest.raises(JwksError):
        authorize(f"Bearer {new_key.token()}")
    pool.status, now = 200, time.time()
    pool.keys.append(new_key.public)

    environment.setattr(kept.time, "time", lambda: now + kept.AGAIN_SECONDS)

    assert authorize(f"Bearer {new_key.token()}")["isAuthorized"] is True


def test_an_outage_is_over_when_the_pool_answers_again(pool, environment):
    keys = Jwks(pool.url)
    keys.key("one")
    environment.setattr(kept, "FRESH_SECONDS", -1.0)
    environment.setattr(kept, "AGAIN_SECONDS", 0.0)
    pool.status = 500
    keys.key("one")

    pool.status, pool.keys[:] = 200, [{"kid": "two"}]

    assert keys.key("one") is None
    assert keys.key("two") == {"kid": "two"}
