"""The platform's own secrets: declared empty, so that no value is in the state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam

Name = Literal["api-key", "jwt-secret", "encryption-key"]
PURPOSES: Mapping[Name, str] = {
    "api-key": "API_KEY: what the platform's workers exchange for a token",
    "jwt-secret": "JWT_SECRET: keyring that signs the workers' tokens",
    "encryption-key": "ENCRYPTION_KEY: keyring that seals backups; an old version is never removed",
}
RECOVERY_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class SecretsArgs:
    """A protected stack's secrets can be brought back for thirty days."""

    protect: bool
    key_arn: Input[str]
    region: str


class Secrets(ComponentResource):
    """A function that finds one empty says ``Missing required secret`` and its name."""

    arns: dict[Name, Output[str]]

    def __init__(self, name: str, args: SecretsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:security:Secrets", name, None, opts)
        self._args = args
        self.arns = {
            secret: aws.secretsmanager.Secret(
                f"{name}-{secret}",
                description=purpose,
                kms_key_id=args.key_arn,
                recovery_window_in_days=RECOVERY_DAYS if args.protect else 0,
                opts=ResourceOptions(parent=self, protect=args.protect),
            ).arn
            for secret, purpose in PURPOSES.items()
        }
        self.register_outputs({"arns": self.arns})

    def grants(self, *names: Name) -> list[iam.Grant]:
        """Let a function read these secrets, and the key through Secrets Manager alone."""
        return iam.read_secrets(
            [self.arns[name] for name in names], self._args.key_arn, self._args.region
        )
