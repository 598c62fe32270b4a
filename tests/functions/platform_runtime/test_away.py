"""What a call to AWS raises when the service is away, and by when it has raised it."""

import time

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from functions.platform_runtime import clients, deadline
from functions.platform_runtime.clients import AwayError
from tests.functions.faults import Fault

SERVICES = {
    "dynamodb": lambda c: c.get_item(TableName="limits", Key={"caller": {"S": "x"}}),
    "s3": lambda c: c.get_object(Bucket="data", Key="x"),
    "secretsmanager": lambda c: c.get_secret_value(SecretId="x"),
}
ENDPOINTS = {"dynamodb": "dynamodb", "s3": "s3", "secretsmanager": "secrets_manager"}
"""https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html"""
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
AWAY = [
    ("dynamodb", "dynamodb", Fault(400, "ThrottlingException")),
    ("dynamodb", "dynamodb", Fault(400, "ProvisionedThroughputExceededException")),
    ("dynamodb", "dynamodb", Fault(400, "RequestLimitExceeded")),
    ("dynamodb", "dynamodb", Fault(500, "InternalServerError")),
    ("dynamodb", "dynamodb", Fault(503, "ServiceUnavailable")),
    ("s3", "s3", Fault(503, "SlowDown")),
    ("s3", "s3", Fault(500, "InternalError")),
    ("s3", "s3", Fault(503, "ServiceUnavailable")),
    ("s3", "kms", Fault(400, "KMS.DisabledException")),
    ("secretsmanager", "secretsmanager", Fault(400, "ThrottlingException")),
    ("secretsmanager", "secretsmanager", Fault(500, "InternalServiceError")),
    ("secretsmanager", "kms", Fault(400, "DecryptionFailure")),
]
OURS = [
    ("dynamodb", Fault(400, "AccessDeniedException")),
    ("dynamodb", Fault(400, "ValidationException")),
    ("dynamodb", Fault(400, "ConditionalCheckFailedException")),
    ("s3", Fault(403, "AccessDenied")),
    ("s3", Fault(404, "NoSuchKey")),
    ("secretsmanager", Fault(400, "ResourceNotFoundException")),
]


@pytest.fixture
def call(away):
    """Ask a service that fails so; the server, and what is to be called."""

    def make(service, fault, seconds=0.2):
        server = away(ENDPOINTS[service], fault)
        made = clients.client(service, seconds=seconds)
        return server, lambda: SERVICES[service](made)

    return make


@pytest.mark.parametrize(("service", "named", "fault"), AWAY, ids=str)
def test_a_service_that_fails_or_throttles_is_away_and_named(call, service, named, fault):
    _, ask = call(service, fault)

    with pytest.raises(AwayError, match=fault.code) as caught:
        ask()
    assert (caught.value.service, clients.error_code(caught.value)) == (named, fault.code)


@pytest.mark.parametrize(("service", "fault"), OURS, ids=str)
def test_any_other_error_is_what_boto3_raises(call, service, fault):
    server, ask = call(service, fault)

    with pytest.raises(ClientError) as caught:
        ask()
    assert clients.error_code(caught.value) == fault.code
    assert server.requests == 1


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_is_silent_is_away_after_two_attempts(call, service):
    server, ask = call(service, None)

    began = time.monotonic()
    with pytest.raises(AwayError, match="Read timeout") as caught:
        ask()
    assert (caught.value.service, server.requests) == (service, 2)
    assert 0.4 <= time.monotonic() - began < 2


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_nobody_listens_for_is_away(environment, service):
    environment.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")

    with pytest.raises(AwayError, match="Could not connect") as caught:
        SERVICES[service](clients.client(service, seconds=0.2, attempts=1))
    assert caught.value.service == service


@pytest.mark.parametrize("fault", [None, Fault(503, "ServiceUnavailable")])
def test_no_attempt_begins_that_could_outlive_the_request(call, monkeypatch, fault):
    """Two of a second each and the wait between them do not fit, so there is one."""
    server, ask = call("dynamodb", fault, seconds=0.5)
    remaining(monkeypatch, 1.4)

    began = time.monotonic()
    with deadline.of("health"), pytest.raises(AwayError):
        ask()
    assert server.requests == 1
    assert time.monotonic() - began < 1


def test_where_no_time_is_left_nothing_is_asked(call, monkeypatch):
    server, ask = call("dynamodb", Fault(400, "ThrottlingException"), seconds=0.5)
    remaining(monkeypatch, 0.9)

    with deadline.of("health"), pytest.raises(AwayError, match="no time left"):
        ask()
    assert server.requests == 0
    assert deadline.left() == float("inf")


def remaining(monkeypatch, seconds):
    monkeypatch.setattr(deadline, "SPARE_SECONDS", 10 - seconds)


def test_a_service_that_answers_the_second_attempt_is_not_away(call):
    server, ask = call("secretsmanager", Fault(503, "ServiceUnavailable"))
    server.then = Fault(200, "nothing")

    with deadline.of("health"):
        assert ask()["ResponseMetadata"]["RetryAttempts"] == 1


def test_what_a_stub_answers_is_judged_too():
    made = clients.client("secretsmanager", seconds=1.0)
    with Stubber(made) as stubber:
        stubber.add_client_error("get_secret_value", "DecryptionFailure")
        with pytest.raises(AwayError) as caught:
            made.get_secret_value(SecretId="x")
    assert caught.value.service == "kms"
