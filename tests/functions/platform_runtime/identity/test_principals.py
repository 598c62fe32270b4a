"""The principal: from the authorizer's context to the handlers, through strings and back."""

import time

import pytest

from functions.platform_runtime.identity import principals
from functions.platform_runtime.identity.principals import Principal
from functions.platform_runtime.responses import RequestError

LATER = int(time.time()) + 3600


def event(principal=None):
    context = {"requestContext": {"requestId": "id"}}
    if principal is not None:
        context["requestContext"]["authorizer"] = {"lambda": principal.context()}
    return context


@pytest.mark.parametrize(
    "principal",
    [
        Principal(subject="ada", kind="user", expires=LATER),
        Principal(subject="worker", kind="worker", expires=LATER),
        Principal(subject="api-key:1", kind="api", workspace="w1"),
    ],
)
def test_a_handler_sees_whom_the_authorizer_saw(principal):
    assert all(isinstance(value, str) for value in principal.context().values())
    assert principals.required(event(principal)) == principal


def test_a_token_that_ended_since_is_a_401_whatever_the_cached_answer_says(monkeypatch):
    given = event(Principal(subject="ada", kind="user", expires=LATER))
    monkeypatch.setattr(time, "time", lambda: LATER - 0.5)
    assert principals.required(given).subject == "ada"

    monkeypatch.setattr(time, "time", lambda: float(LATER))

    with pytest.raises(RequestError) as caught:
        principals.required(given)
    assert (caught.value.status, caught.value.code) == (401, "token_expired")
    assert caught.value.headers == {"www-authenticate": "Bearer, ApiKey"}


@pytest.mark.parametrize("context", [{}, {"authorizer": {}}, {"authorizer": {"lambda": None}}])
def test_a_public_request_is_nobodys(context):
    with pytest.raises(RequestError) as caught:
        principals.required({"requestContext": context})
    assert (caught.value.status, caught.value.code) == (401, "unauthenticated")


def test_a_context_of_another_kind_is_not_believed():
    with pytest.raises(KeyError):
        principals.from_context({"subject": "ada", "kind": "root"})


def test_rate_classes_are_by_kind():
    kinds = {kind: Principal(subject="s", kind=kind) for kind in ("user", "worker", "api")}

    assert {k: principals.rate_class(p) for k, p in kinds.items()} == {
        "user": "authenticated",
        "worker": "authenticated",
        "api": "api",
    }
    assert principals.rate_class(None) == "anonymous"
