"""Secrets: read seldom, read again for an unknown value, missed by name, told to nobody."""

import boto3
import pytest
from botocore.stub import Stubber

from functions.platform_runtime import kept
from functions.platform_runtime.clients import AwayError
from functions.platform_runtime.secrets.store import MissingSecretError, Secret
from functions.platform_runtime.secrets.store import secret as named

KEYS = {"current": "2", "keys": {"1": "old", "2": "new"}}


@pytest.fixture
def stored(secret):
    """A secret under a setting's name, and how its value is changed."""

    def make(value=None):
        put = secret("API_KEY_ARN", value)
        arn = boto3.client("secretsmanager").describe_secret(SecretId="API_KEY_ARN")["ARN"]
        return Secret("API_KEY", arn), put

    return make


@pytest.fixture
def reads(stored, monkeypatch):  # noqa: ARG001
    """How often Secrets Manager was asked, by version stage."""
    asked = []
    fetch = Secret._fetch
    monkeypatch.setattr(Secret, "_fetch", lambda s, stage: asked.append(stage) or fetch(s, stage))
    return asked


def test_a_value_is_read_once_and_again_when_it_is_old(stored, reads, monkeypatch):
    secret, put = stored("one")
    assert [secret.value(), secret.value()] == ["one", "one"]
    put("two")
    assert secret.value() == "one"
    assert reads == ["AWSCURRENT"]

    monkeypatch.setattr(kept, "FRESH_SECONDS", -1.0)
    assert secret.value() == "two"


@pytest.mark.parametrize("value", [None, ""])
def test_a_secret_without_a_value_is_missed_by_its_name(stored, value):
    secret, _ = stored(value or None)

    with pytest.raises(MissingSecretError) as caught:
        secret.value()

    assert str(caught.value) == "Missing required secret: API_KEY"


def test_a_secret_that_is_not_there_or_is_being_deleted_is_missed(stored):
    secret, _ = stored("one")
    boto3.client("secretsmanager").delete_secret(SecretId="API_KEY_ARN")

    with pytest.raises(MissingSecretError, match=r"^Missing required secret: API_KEY$"):
        secret.value()
    with pytest.raises(MissingSecretError, match=r"^Missing required secret: OTHER$"):
        named("OTHER", "arn:aws:secretsmanager:us-east-1:123456789012:secret:o-abcdef").value()


def test_a_secret_that_came_since_is_found(stored, monkeypatch):
    secret, put = stored()
    with pytest.raises(MissingSecretError):
        secret.value()
    put("one")
    monkeypatch.setattr(kept, "FRESH_SECONDS", -1.0)

    assert secret.value() == "one"


def test_an_outage_is_not_taken_for_a_missing_secret(environment):
    environment.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    with pytest.raises(AwayError, match="secretsmanager: Could not connect"):
        Secret("API_KEY", "arn").value()


def test_the_value_before_is_accepted_and_the_one_before_that_is_not(stored, monkeypatch):
    secret, put = stored("one")
    put("two")
    assert (secret.accepts("one"), secret.accepts("two")) == (True, True)

    put("three")
    monkeypatch.setattr(kept, "FRESH_SECONDS", -1.0)
    assert [secret.accepts(value) for value in ("one", "two", "three")] == [False, True, True]


def test_a_first_value_has_none_before_it_and_nothing_is_not_one(stored):
    secret, _ = stored("one")

    assert [secret.accepts(value) for value in ("one", "", "two", "\ud800")] == [True, *[False] * 3]


def test_a_value_that_came_since_is_accepted_and_strangers_cause_few_reads(stored, reads):
    secret, put = stored("one")
    assert secret.accepts("one")
    put("two")
    assert secret.accepts("two")
    assert len(reads) == 4

    assert not any(secret.accepts(f"guess {number}") for number in range(5))
    assert len(reads) == 4


def test_signing_keys_are_found_by_id_also_one_that_came_since(stored, reads):
    secret, put = stored(KEYS)
    assert (secret.signing_keys().key, secret.key("1"), secret.key("2")) == ("new", "old", "new")
    assert len(reads) == 1
    put({"current": "3", "keys": {"2": "new", "3": "newest"}})
    assert secret.key("3") == "newest"
    assert secret.key("1") is None

    assert [secret.key(f"guess {number}") for number in range(5)] == [None] * 5
    assert len(reads) == 2


def test_what_is_in_hand_outlives_an_outage_and_what_is_not_is_an_error_each_time(
    stored, monkeypatch
):
    secret, _ = stored(KEYS)
    assert secret.key("1") == "old"
    monkeypatch.setattr(kept, "FRESH_SECONDS", -1.0)
    asked = failing(secret)

    for _ in range(3):
        assert (secret.key("1"), secret.key("2")) == ("old", "new")
        with pytest.raises(AwayError):
            secret.key("3")
    assert asked == ["AWSCURRENT"]


def test_a_value_that_was_not_compared_with_the_newest_is_not_refused(stored):
    secret, _ = stored("one")
    assert secret.accepts("one")
    failing(secret)

    assert secret.accepts("one")
    for _ in range(2):
        with pytest.raises(AwayError):
            secret.accepts("two")


def failing(secret):
    """Secrets Manager throttles from now on; which stages it is asked for."""
    asked = []
    stubber = Stubber(secret._client)
    for _ in range(3):
        stubber.add_client_error("get_secret_value", "ThrottlingException")
    stubber.activate()
    secret._client.meta.events.register(
        "before-parameter-build", lambda params, **_: asked.append(params["VersionStage"])
    )
    return asked


@pytest.mark.parametrize(
    "value",
    [
        "hunter2",
        "[]",
        '"hunter2"',
        "{}",
        {**KEYS, "current": "hunter2"},
        {"current": "1", "keys": {"1": 7}},
    ],
)
def test_what_holds_no_signing_keys_is_missed_without_being_quoted(stored, value):
    secret, _ = stored(value)

    with pytest.raises(MissingSecretError) as caught:
        secret.signing_keys()

    assert str(caught.value) == "Missing required secret: API_KEY (not a set of signing keys)"
    assert caught.value.__cause__ is caught.value.__context__ is None
