"""The customer-managed key everything of the platform is encrypted under."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam

TOPIC_PUBLISHERS = {
    "cloudwatch.amazonaws.com": "alarms",
    "budgets.amazonaws.com": "budget alerts",
    "events.rds.amazonaws.com": "database events",
}
"""Services that publish to an encrypted topic, and what they publish. They need the key itself:
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"""


@dataclass(frozen=True, kw_only=True)
class KeyArgs:
    """``region`` is where the key lives; keys do not leave their Region.

    With ``retain`` it outlives its stack, for the snapshots and backups that do.
    """

    account_id: Input[str]
    region: str
    protect: bool
    retain: bool = False


class Key(ComponentResource):
    """One key a Region, rotated yearly, usable by this account and the services that must."""

    arn: Output[str]

    def __init__(self, name: str, args: KeyArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:security:Key", name, None, opts)
        key = aws.kms.Key(
            name,
            description=f"MA Platform data, logs and topics in {args.region}",
            region=args.region,
            enable_key_rotation=True,
            is_enabled=True,
            deletion_window_in_days=30 if args.protect else 7,
            policy=iam.document(key_statements(args.account_id, args.region)),
            opts=ResourceOptions(parent=self, protect=args.protect, retain_on_delete=args.retain),
        )
        aws.kms.Alias(
            name,
            # One Region of an account may hold several stacks.
            name=f"alias/{pulumi.get_project()}-{pulumi.get_stack()}-{name}",
            region=args.region,
            target_key_id=key.key_id,
            opts=ResourceOptions(parent=self),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})


def key_statements(account_id: Input[str], region: str) -> list[iam.Statement]:
    """The account's own administrators, CloudWatch Logs and the publishers to topics."""
    return [
        iam.allow(
            "Account",
            actions=["kms:*"],
            resources=["*"],
            principal={"AWS": Output.format("arn:aws:iam::{0}:root", account_id)},
        ),
        iam.allow(
            "Logs",
            actions=[
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:ReEncrypt*",
                "kms:GenerateDataKey*",
                "kms:Describe*",
            ],
            resources=["*"],
            principal={"Service": f"logs.{region}.amazonaws.com"},
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
            conditions={
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": Output.format(
                        "arn:aws:logs:{0}:{1}:log-group:*", region, account_id
                    )
                }
            },
        ),
        iam.allow(
            "TopicPublishers",
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            resources=["*"],
            principal={"Service": list(TOPIC_PUBLISHERS)},
            conditions={"StringEquals": {"aws:SourceAccount": account_id}},
        ),
    ]
