"""Every secret through the four steps: run twice, died after, too late, too early, of strangers."""

import json

import pytest

from functions.rotation.errors import RotationError
from functions.rotation.versions import Versions
from tests.functions.conftest import Context
from tests.functions.rotation.conftest import NAMES, STEPS


class DiedError(Exception):
    """The function's end, at any point."""


@pytest.fixture(params=NAMES)
def stored(request, secret, seed):
    """Each of them, seeded."""
    seed(secret[request.param])
    return secret[request.param]


def test_the_four_steps_make_a_new_value_current_and_keep_the_one_before(stored, rotate):
    before = stored.value()

    token = rotate(stored)

    assert (stored.current(), stored.value("AWSPREVIOUS")) == (token, before)
    assert stored.value() not in (None, before)


def test_until_the_last_step_readers_find_what_they_found(stored, step):
    before, token = stored.value(), stored.begin()

    for name in STEPS[:-1]:
        step(name, stored, token)
        assert stored.value() == before

    assert stored.value("AWSPENDING") not in (None, before)


def test_each_step_run_twice_is_as_run_once(stored, step):
    before, token = stored.value(), stored.begin()
    made = set()

    for name in STEPS:
        for _ in range(2):
            step(name, stored, token)
            made.add(stored.value("AWSPENDING"))

    assert made == {stored.value()}
    assert stored.value("AWSPREVIOUS") == before
    assert len(stored.versions()) == 2


@pytest.mark.parametrize("died", ["put", "promote"])
def test_a_step_that_died_right_after_its_effect_is_run_again(stored, step, monkeypatch, died):
    before, token = stored.value(), stored.begin()
    effect = getattr(Versions, died)

    def die(*given):
        effect(*given)
        raise DiedError

    last = {"put": "createSecret", "promote": "finishSecret"}[died]
    for name in STEPS[: STEPS.index(last)]:
        step(name, stored, token)
    with monkeypatch.context() as patched:
        patched.setattr(Versions, died, die)
        with pytest.raises(DiedError):
            step(last, stored, token)
    # AWS begins anew, with the same token.
    for name in STEPS:
        step(name, stored, token)

    assert (stored.current(), stored.value("AWSPREVIOUS")) == (token, before)
    assert len(stored.versions()) == 2


def test_two_that_make_the_value_at_once_make_one(stored, step, monkeypatch):
    """Each has seen that there is none yet."""
    token = stored.begin()
    step("createSecret", stored, token)
    made = stored.value("AWSPENDING")
    value = Versions.value
    monkeypatch.setattr(Versions, "value", lambda v, i: None if i == token else value(v, i))

    step("createSecret", stored, token)

    assert stored.value("AWSPENDING") == made


def test_the_token_of_a_rotation_that_is_over_changes_nothing(stored, step, rotate):
    old = rotate(stored)
    step("createSecret", stored, old)
    rotate(stored)
    now = stored.value()

    for name in STEPS:
        with pytest.raises(RotationError, match="no such version is pending"):
            step(name, stored, old)

    assert stored.value() == now


@pytest.mark.parametrize("name", STEPS)
def test_a_token_aws_has_not_announced_is_refused(stored, step, name):
    before = stored.value()
    stored.begin()

    with pytest.raises(RotationError, match=f"^{stored.name}: no such version is pending$"):
        step(name, stored, "11111111-1111-4111-8111-111111111111")

    assert stored.value() == before


def test_without_rotation_turned_on_no_step_runs(stored, step, aws):
    token = stored.begin()
    aws.secrets.cancel_rotate_secret(SecretId=stored.arn)

    with pytest.raises(RotationError, match="rotation is not turned on"):
        step("createSecret", stored, token)

    assert stored.value("AWSPENDING") is None


@pytest.mark.parametrize("name", ["setSecret", "finishSecret"])
def test_a_step_before_there_is_a_value_is_refused(stored, step, name):
    before, token = stored.value(), stored.begin()

    with pytest.raises(RotationError, match="the pending version has no value"):
        step(name, stored, token)

    assert stored.value() == before


def test_secrets_of_others_are_refused_whatever_is_asked(app, aws):
    arn = aws.secrets.create_secret(Name="stranger", SecretString="theirs")["ARN"]
    token = "11111111-1111-4111-8111-111111111111"  # noqa: S105
    events = [{"Step": s, "SecretId": arn, "ClientRequestToken": token} for s in STEPS]

    for event in (*events, {"seed": [arn]}, {"seed": [None]}):
        with pytest.raises(RotationError, match=r"^not one of the platform's secrets$"):
            app.handler(event, Context())

    assert aws.secrets.get_secret_value(SecretId=arn)["SecretString"] == "theirs"


@pytest.mark.parametrize("event", [{}, {"seed": "arn"}, {"Step": "createSecret"}, {"job": "seed"}])
def test_any_other_event_is_refused(app, event):
    with pytest.raises(RotationError, match="neither a step of a rotation nor secrets to seed"):
        app.handler(event, Context())


def test_there_are_four_steps(stored, step):
    with pytest.raises(RotationError, match="no step 'deleteSecret'"):
        step("deleteSecret", stored, stored.begin())


def test_turning_rotation_on_tries_what_is_current_and_rotates_nothing(stored, step):
    """AWS runs testSecret on a version with the current value, or with none, and takes it away."""
    before = stored.value()

    step("testSecret", stored, stored.begin(immediately=False))
    step("testSecret", stored, stored.begin())

    assert stored.value() == before


def test_turning_rotation_on_for_what_is_not_usable_fails(secret, step):
    for name in NAMES:
        secret[name].put("hunter2 ")
        with pytest.raises(Exception, match=r"header|signing keys|keyring") as error:
            step("testSecret", secret[name], secret[name].begin(immediately=False))
        assert "hunter2" not in str(error.value)


def test_an_empty_secret_is_seeded_rather_than_rotated(stored, step, monkeypatch):
    token = stored.begin()
    monkeypatch.setattr(Versions, "current", lambda _: None)

    with pytest.raises(RotationError, match=f"^{stored.name}: it is empty, and to be seeded$"):
        step("createSecret", stored, token)


def test_of_two_secrets_one_is_rotated(secret, seed, rotate):
    seed(*secret.values())
    others = {name: secret[name].value() for name in ("API_KEY", "ENCRYPTION_KEY")}

    rotate(secret["JWT_SECRET"])

    assert {name: secret[name].value() for name in others} == others


def test_no_value_is_ever_logged(stored, rotate, log, environment):
    environment.setenv("POWERTOOLS_LOGGER_LOG_EVENT", "true")
    rotate(stored)

    assert '"step":"finishSecret"' in log()
    assert f'"secret":"{stored.name}"' in log()
    for value in (stored.value(), stored.value("AWSPREVIOUS")):
        keys = json.loads(value)["keys"].values() if value.startswith("{") else [value]
        assert not [key for key in keys if key in log()]
