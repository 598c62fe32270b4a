"""Secrets as Secrets Manager rotates them, with the function itself behind its four steps."""

import io
import json
import zipfile
from types import SimpleNamespace
from uuid import uuid4

import boto3
import pytest
from moto import mock_aws
from moto.awslambda.models import LambdaFunction
from moto.secretsmanager.exceptions import ResourceExistsException
from moto.secretsmanager.models import SecretsManagerBackend

from functions.platform_runtime.secrets import store as runtime
from functions.rotation import app as module
from functions.rotation.versions import Versions
from tests.functions.conftest import Context

REGION = "us-east-1"
STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
NAMES = ("API_KEY", "JWT_SECRET", "ENCRYPTION_KEY")


class Stored:
    """One secret, as those who may read it find it."""

    def __init__(self, client, name, rotate):
        self.name, self._client, self._rotate = name, client, rotate
        self.arn = client.create_secret(Name=f"{name}-{uuid4()}")["ARN"]

    def value(self, stage="AWSCURRENT"):
        """None where there is none."""
        try:
            answer = self._client.get_secret_value(SecretId=self.arn, VersionStage=stage)
        except self._client.exceptions.ResourceNotFoundException:
            return None
        return answer.get("SecretString")

    def read(self):
        """As readers do, with nothing read before."""
        return runtime.Secret(self.name, self.arn)

    def put(self, value):
        self._client.put_secret_value(SecretId=self.arn, SecretString=value)

    def versions(self):
        return self._client.list_secret_version_ids(SecretId=self.arn)["Versions"]

    def current(self):
        return Versions(self.arn).current()

    def begin(self, *, immediately=True):
        """What AWS does before the first step: turn rotation on and announce a version."""
        self._forget_the_last()
        token = str(uuid4())
        self._client.rotate_secret(
            SecretId=self.arn,
            ClientRequestToken=token,
            RotationLambdaARN=self._rotate,
            RotationRules={"AutomaticallyAfterDays": 90},
            RotateImmediately=immediately,
        )
        return token

    def _forget_the_last(self):
        """AWSPENDING may stay where it was made current, and moto takes that for a rotation."""
        labels = {"AWSCURRENT", "AWSPENDING"}
        if labels <= set(Versions(self.arn).labels().get(self.current(), ())):
            self._client.update_secret_version_stage(
                SecretId=self.arn, VersionStage="AWSPENDING", RemoveFromVersionId=self.current()
            )


@pytest.fixture(scope="module")
def aws():
    """Also what is invoked: ``serve`` has a handler by a function's name, or it does nothing."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        found = SimpleNamespace(
            secrets=boto3.client("secretsmanager", region_name=REGION),
            functions=boto3.client("lambda", region_name=REGION),
            serve={},
        )

        def invoke(function, event):
            try:
                answer = found.serve.get(function.function_name, lambda _: {})(event)
                return json.dumps(answer), False, ""
            except Exception as error:
                return json.dumps({"errorMessage": str(error)}), True, ""

        patch.setattr(LambdaFunction, "_invoke_lambda", invoke)
        patch.setattr(SecretsManagerBackend, "put_secret_value", put_once)
        patch.setattr(SecretsManagerBackend, "rotate_secret", announce)
        yield found


def put_once(
    backend, secret_id, secret_string, *given, put=SecretsManagerBackend.put_secret_value, **named
):
    """As AWS: moto has the value of a pending version changed."""
    token = named.get("client_request_token")
    version = backend.secrets[secret_id].versions.get(token, {})
    if version.get("secret_string") not in (None, secret_string):
        raise ResourceExistsException(f"{token} is in use")
    return put(backend, secret_id, secret_string, *given, **named)


def announce(backend, secret_id, *given, rotate=SecretsManagerBackend.rotate_secret, **named):
    """As AWS: moto takes a rotation's beginning for its end."""
    current = backend.secrets[secret_id].default_version_id
    answer = rotate(backend, secret_id, *given, **named)
    backend.secrets[secret_id].set_default_version_id(current)
    return answer


@pytest.fixture(scope="module")
def deploy(aws):
    """Make a function of this name; its ARN."""
    code = io.BytesIO()
    zipfile.ZipFile(code, "w").close()
    trust = {"RoleName": "functions", "AssumeRolePolicyDocument": "{}"}
    role = boto3.client("iam", region_name=REGION).create_role(**trust)["Role"]["Arn"]

    def make(name):
        return aws.functions.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler=f"functions.{name}.app.handler",
            Role=role,
            Code={"ZipFile": code.getvalue()},
        )["FunctionArn"]

    return make


@pytest.fixture(scope="module")
def rotation(deploy):
    return deploy("rotation")


@pytest.fixture
def secret(aws, environment, rotation):
    """The platform's secrets, empty, by name."""
    environment.setenv("MASTER_SECRET_ARN", "")
    found = {name: Stored(aws.secrets, name, rotation) for name in NAMES}
    for name, stored in found.items():
        environment.setenv(f"{name}_ARN", stored.arn)
    return found


@pytest.fixture
def app(fresh, secret):  # noqa: ARG001
    """As in a new Lambda environment."""
    return fresh(module)


@pytest.fixture
def step(app):
    """Run one step of a secret's rotation."""

    def run(name, stored, token):
        event = {"Step": name, "SecretId": stored.arn, "ClientRequestToken": token}
        return app.handler(event, Context())

    return run


@pytest.fixture
def seed(app):
    return lambda *stored: app.handler({"seed": [s.arn for s in stored]}, Context())["seeded"]


@pytest.fixture
def rotate(step):
    """A whole rotation; the new version's id."""

    def run(stored):
        token = stored.begin()
        for name in STEPS:
            step(name, stored, token)
        return token

    return run
