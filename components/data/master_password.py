"""The master user's password, where RDS does not keep it."""

import pulumi_aws as aws
import pulumi_random as random
from pulumi import Input, Output, Resource, ResourceOptions

from contract.database import MASTER_USER

RECOVERY_DAYS = 30


def own_password(
    parent: Resource, name: str, *, key_arn: Input[str], recoverable: bool
) -> Output[str]:
    """A password and the secret that people and migrations find it in; neither is in the state
    in plain."""
    password = random.RandomPassword(
        f"{name}-master", length=40, special=False, opts=ResourceOptions(parent=parent)
    )
    secret = aws.secretsmanager.Secret(
        f"{name}-master",
        description="Master user of Postgres; functions sign in with IAM instead",
        kms_key_id=key_arn,
        recovery_window_in_days=RECOVERY_DAYS if recoverable else 0,
        opts=ResourceOptions(parent=parent),
    )
    aws.secretsmanager.SecretVersion(
        f"{name}-master",
        secret_id=secret.id,
        secret_string_wo=Output.json_dumps({"username": MASTER_USER, "password": password.result}),
        secret_string_wo_version=1,
        opts=ResourceOptions(parent=parent),
    )
    return password.result
