"""What the secrets and their rotation register."""

import json

import pytest

from components.data.database import Database, DatabaseArgs
from components.security.rotation import Rotation, RotationArgs
from components.security.secrets import Secrets
from config.sections import Database as DatabaseConfig
from tests.components.api.programs import function
from tests.declare import ACCOUNT, REGION, context, declare, inputs

SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105
POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
PERMISSION = "aws:lambda/permission:Permission"
INVOCATION = "aws:lambda/invocation:Invocation"
OWN = pytest.mark.parametrize("own", [False, True])


def secrets(*, protect=False):
    return Secrets(
        "secrets",
        context(protect=protect),
    )


def database(*, own):
    config = DatabaseConfig(instance_class="db.t4g.medium", max_connections=250, own_password=own)
    args = DatabaseArgs(
        context=context(),
        config=config,
        vpc_id="vpc-1",
        subnet_ids=[],
    )
    return Database("database", args)


def rotation(*, own):
    args = RotationArgs(
        context=context(),
        secrets=secrets(),
        database=database(own=own),
    )
    return Rotation("rotation", args)


def rotating(*, own, made=None):
    def program():
        found = rotation(own=own)
        found.rotate_with(function("rotation"))
        if made is not None:
            made.append(found)

    return declare(program)


def arns(graph):
    return {r.name: r.outputs["arn"] for r in graph.by_type(SECRET)}


@OWN
def test_every_secret_rotates_as_the_policy_says_and_no_deploy_rotates_one(own):
    graph = rotating(own=own)
    (lambda_,) = graph.by_type("aws:lambda/function:Function")
    found = inputs(graph, ROTATION)

    days = {"secrets-api-key": 90, "secrets-jwt-secret": 180, "secrets-encryption-key": 365}
    expected = days | ({"database-master": 90} if own else {})
    assert {r["secretId"]: r["rotationRules"] for r in found.values()} == {
        arns(graph)[name]: {"automaticallyAfterDays": count} for name, count in expected.items()
    }
    assert len(arns(graph)) == len(expected)
    assert {r["rotateImmediately"] for r in found.values()} == {False}
    assert {r["rotationLambdaArn"] for r in found.values()} == {lambda_.outputs["arn"]}


@OWN
def test_secrets_manager_may_call_for_secrets_of_this_account_before_it_does(own):
    graph = rotating(own=own)
    (permission,) = graph.by_type(PERMISSION)

    assert {
        key: permission.inputs[key] for key in ("principal", "action", "sourceAccount", "sourceArn")
    } == {
        "principal": "secretsmanager.amazonaws.com",
        "action": "lambda:InvokeFunction",
        "sourceAccount": ACCOUNT,
        "sourceArn": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:*",
    }
    assert [permission.urn in made.dependencies for made in graph.by_type(ROTATION)]
    assert all(permission.urn in made.dependencies for made in graph.by_type(ROTATION))


@OWN
def test_all_are_seeded_before_they_rotate_and_again_where_something_is_new(own):
    graph = rotating(own=own)
    (seed,) = graph.by_type(INVOCATION)
    (primary,) = graph.by_type("aws:rds/instance:Instance")

    rotated = {r["secretId"] for r in inputs(graph, ROTATION).values()}
    assert set(json.loads(seed.inputs["input"])["seed"]) == rotated == set(arns(graph).values())
    assert (seed.inputs["qualifier"], seed.inputs["lifecycleScope"]) == ("live", "CREATE_ONLY")
    triggers = set(seed.inputs["triggers"].values())
    assert triggers == {*arns(graph).values(), *([primary.outputs["resourceId"]] if own else [])}
    assert all(seed.urn in made.dependencies for made in graph.by_type(ROTATION))


@OWN
def test_what_rotates_may_do_that_to_these_secrets_and_set_only_its_own_password(own):
    found = {}

    def program():
        made = rotation(own=own)
        for grant in made.grants(function("migrate")):
            found[grant.sid] = grant

    graph = declare(program)
    expected = {"Secrets", "SecretsKey"} | ({"MasterPassword", "Invoke"} if own else set())
    assert found.keys() == expected
    assert found["Secrets"].actions == [
        f"secretsmanager:{action}"
        for action in (
            "DescribeSecret",
            "GetSecretValue",
            "PutSecretValue",
            "UpdateSecretVersionStage",
        )
    ]
    assert len(found["Secrets"].resources) == len(arns(graph))
    assert found["SecretsKey"].actions == ("kms:Decrypt", "kms:GenerateDataKey")
    if own:
        assert found["MasterPassword"].actions == [
            "rds:ModifyDBInstance",
            "rds:DescribeDBInstances",
        ]
        assert len(found["MasterPassword"].resources) == 1


def test_a_failed_rotation_is_a_security_matter_at_once():
    made = []
    rotating(own=False, made=made)
    (alarm,) = made[0].alarms
    metric = alarm.metrics["m"]

    assert (alarm.issue, alarm.threshold, alarm.periods) == ("security", 0, 1)
    assert (metric.namespace, metric.name, metric.statistic) == ("AWS/Lambda", "Errors", "Sum")


@OWN
def test_every_secret_is_refused_to_other_accounts(own):
    graph = rotating(own=own)
    found = inputs(graph, POLICY)

    assert {p["secretArn"] for p in found.values()} == set(arns(graph).values())
    for policy in found.values():
        assert policy["blockPublicPolicy"] is True
        (statement,) = json.loads(policy["policy"])["Statement"]
        assert statement == {
            "Sid": "OtherAccounts",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["secretsmanager:*"],
            "Resource": [policy["secretArn"]],
            "Condition": {
                "StringNotEquals": {"aws:PrincipalAccount": ACCOUNT},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
        }


@pytest.mark.parametrize(("protect", "days"), [(True, 30), (False, 0)])
def test_a_secret_has_no_value_and_a_protected_one_can_be_brought_back(protect, days):
    graph = declare(lambda: secrets(protect=protect))

    assert {s["recoveryWindowInDays"] for s in inputs(graph, SECRET).values()} == {days}
    assert {s.protect for s in graph.by_type(SECRET)} == {protect}
    assert not graph.by_type("aws:secretsmanager/secretVersion:SecretVersion")
