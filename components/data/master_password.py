"""The master user's password, where RDS does not keep it."""

from dataclasses import dataclass
from typing import Self

import pulumi_aws as aws
import pulumi_random as random
from pulumi import Input, Output, Resource, ResourceOptions

from components.ordering import after
from contract.database import MASTER_USER

RECOVERY_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class OwnPassword:
    """A password and the secret that migrations find it in; neither is in the state in plain."""

    password: Output[str]
    secret_arn: Output[str]

    @classmethod
    def make(cls, parent: Resource, name: str, *, key_arn: Input[str], recoverable: bool) -> Self:
        """Draw one, once. Without ``recoverable`` the secret goes at once with its stack."""
        drawn = random.RandomPassword(
            f"{name}-master", length=40, special=False, opts=ResourceOptions(parent=parent)
        )
        secret = aws.secretsmanager.Secret(
            f"{name}-master",
            description="Master user of Postgres; functions sign in with IAM instead",
            kms_key_id=key_arn,
            recovery_window_in_days=RECOVERY_DAYS if recoverable else 0,
            opts=ResourceOptions(parent=parent),
        )
        version = aws.secretsmanager.SecretVersion(
            f"{name}-master",
            secret_id=secret.id,
            secret_string_wo=Output.json_dumps({"username": MASTER_USER, "password": drawn.result}),
            secret_string_wo_version=1,
            opts=ResourceOptions(parent=parent),
        )
        return cls(password=drawn.result, secret_arn=after(secret.arn, version))
