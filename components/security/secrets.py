"""The platform's own secrets: declared empty, so that no value is in the state."""

from collections.abc import Mapping
from typing import Literal

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, Resource, ResourceOptions

from components import iam
from components.context import Context

Name = Literal["api-key", "jwt-secret", "encryption-key"]
PURPOSES: Mapping[Name, str] = {
    "api-key": "API_KEY: what the platform's workers exchange for a token",
    "jwt-secret": "JWT_SECRET: keyring that signs the workers' tokens",
    "encryption-key": "ENCRYPTION_KEY: keyring that seals backups; an old version is never removed",
}
ROTATION_DAYS: Mapping[Name, int] = {"api-key": 90, "jwt-secret": 180, "encryption-key": 365}
RECOVERY_DAYS = 30


class Secrets(ComponentResource):
    """Rotation fills them. A function that finds one empty says ``Missing required secret`` and
    its name. A protected stack's can be brought back for thirty days."""

    arns: dict[Name, Output[str]]

    def __init__(self, name: str, args: Context, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:security:Secrets", name, None, opts)
        self._args = args
        self.arns = {}
        for secret, purpose in PURPOSES.items():
            child = f"{name}-{secret}"
            self.arns[secret] = arn = aws.secretsmanager.Secret(
                child,
                description=purpose,
                kms_key_id=args.key_arn,
                recovery_window_in_days=RECOVERY_DAYS if args.protect else 0,
                opts=ResourceOptions(parent=self, protect=args.protect),
            ).arn
            keep_in_account(self, child, arn, args.account_id)
        self.register_outputs({"arns": self.arns})

    def grants(self, *names: Name) -> list[iam.Grant]:
        """Let a function read these secrets, and the key through Secrets Manager alone."""
        return iam.read_secrets(
            [self.arns[name] for name in names],
            self._args.key_arn,
            self._args.region,
        )


def keep_in_account(
    parent: Resource, name: str, secret_arn: Output[str], account_id: Input[str]
) -> None:
    """Refuse a secret to all of another account, whatever that account or this one allows them.

    AWS's own services act for this account and belong to none.
    """
    aws.secretsmanager.SecretPolicy(
        name,
        secret_arn=secret_arn,
        block_public_policy=True,
        policy=iam.document(
            [
                iam.deny(
                    "OtherAccounts",
                    actions=["secretsmanager:*"],
                    resources=[secret_arn],
                    conditions={
                        "StringNotEquals": {"aws:PrincipalAccount": account_id},
                        "Bool": {"aws:PrincipalIsAWSService": "false"},
                    },
                )
            ]
        ),
        opts=ResourceOptions(parent=parent),
    )
