"""The master user's password, and the secret in which it is."""

from dataclasses import dataclass
from typing import Self

import pulumi_aws as aws
import pulumi_random as random
from pulumi import Output, Resource, ResourceOptions

from components.context import Context
from components.filled import first
from components.security.secrets import keep_in_account

RECOVERY_DAYS = 30
ROTATION_DAYS = 90


@dataclass(frozen=True, kw_only=True)
class OwnPassword:
    """What RDS makes the instance with, and the secret of what follows at once.

    The first password is in the state, encrypted, so it is nowhere else: the secret starts empty,
    and seeding it sets another. A ``SecretVersion`` would be made again, and so be current again,
    when AWS has dropped it after a hundred rotations:
    https://github.com/hashicorp/terraform-provider-aws/issues/37302
    """

    first: Output[str]
    secret_arn: Output[str]

    @classmethod
    def make(
        cls,
        parent: Resource,
        name: str,
        context: Context,
    ) -> Self:
        """Draw one, once. Where data is protected the secret is, and outlives its stack."""
        drawn = random.RandomPassword(
            f"{name}-master", length=40, special=False, opts=ResourceOptions(parent=parent)
        )
        secret = aws.secretsmanager.Secret(
            f"{name}-master",
            description="Master user of Postgres; functions sign in with IAM instead",
            kms_key_id=context.key_arn,
            recovery_window_in_days=RECOVERY_DAYS if context.protect else 0,
            opts=ResourceOptions(parent=parent, protect=context.protect),
        )
        keep_in_account(parent, f"{name}-master", secret.arn, context.account_id)
        return cls(first=drawn.result, secret_arn=secret.arn)


def managed_secret_arn(instance: aws.rds.Instance) -> Output[str]:
    """Of the secret in which RDS keeps the password. There is none yet when the stack kept it
    until now, and none any more after a restore:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
    """
    return first(
        instance,
        instance.master_user_secrets.apply(
            lambda secrets: [each.secret_arn for each in secrets or () if each.secret_arn]
        ),
        "secret of its master user",
        "`aws rds modify-db-instance --manage-master-user-password --apply-immediately "
        "--db-instance-identifier <its identifier>` and `pulumi refresh`, or "
        "database.own_password: true",
    )
