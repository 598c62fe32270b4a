"""The customer-managed key everything of the platform is encrypted under."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.security import services, trail_access


@dataclass(frozen=True, kw_only=True)
class KeyArgs:
    """``region`` is where the key lives; keys do not leave their Region.

    With ``retain`` it outlives its stack, for the snapshots and backups that do. ``trail_arn`` is
    of the trail under it, if there is one.
    """

    account_id: Input[str]
    region: str
    protect: bool
    retain: bool = False
    trail_arn: Input[str] | None = None


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
            policy=iam.document(
                key_statements(args.account_id, args.region, trail_arn=args.trail_arn)
            ),
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


def key_statements(
    account_id: Input[str], region: str, *, trail_arn: Input[str] | None = None
) -> list[iam.Statement]:
    """The account's own administrators, the services of the table, and CloudTrail for its trail."""
    return [
        iam.allow(
            "Account",
            actions=["kms:*"],
            resources=["*"],
            principal={"AWS": Output.format("arn:aws:iam::{0}:root", account_id)},
        ),
        *services.key_statements(account_id, region),
        *(trail_access.key_statements(account_id, trail_arn) if trail_arn is not None else []),
    ]
