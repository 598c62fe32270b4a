"""A vault of AWS Backup, in one Region: what is in it stays, and what fails is told."""

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.context import Context
from components.topic import mailed_topic

EVENTS = ("BACKUP_JOB_COMPLETED", "COPY_JOB_FAILED", "RESTORE_JOB_COMPLETED")
"""A job that fails or never starts is COMPLETED too: BACKUP_JOB_FAILED is taken and never sent.
https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html"""

FAILED = {"State": [{"anything-but": ["COMPLETED"]}]}
"""By the messages' attributes. The topic is the vault's own, since a filter takes away whatever has
no attributes, as alarms have none:
https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html"""


@dataclass(frozen=True, kw_only=True)
class VaultArgs:
    """Without ``protect`` its snapshots go with it. ``contact`` is mailed of what fails."""

    context: Context
    lock_days: int | None
    contact: str


class Vault(ComponentResource):
    """Snapshots leave it when their days are over; with ``protect`` nobody takes one out before."""

    name: Output[str]
    arn: Output[str]

    def __init__(self, name: str, args: VaultArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:data:Vault", name, None, opts)
        vault = aws.backup.Vault(
            name,
            kms_key_arn=args.context.key_arn,
            force_destroy=not args.context.protect,
            region=args.context.region,
            opts=ResourceOptions(parent=self, protect=args.context.protect),
        )
        self.name, self.arn = vault.name, vault.arn
        if args.context.protect:
            aws.backup.VaultPolicy(
                name,
                backup_vault_name=vault.name,
                policy=iam.document([_nobody_deletes()]),
                region=args.context.region,
                opts=ResourceOptions(parent=self),
            )
        if args.lock_days is not None:
            aws.backup.VaultLockConfiguration(
                name,
                backup_vault_name=vault.name,
                # Nothing says for how long it can be changed: that would be compliance mode.
                min_retention_days=args.lock_days,
                region=args.context.region,
                # Other days are another lock to the provider, and a vault has one: deleting the
                # first afterwards would take off the second.
                opts=ResourceOptions(parent=self, delete_before_replace=True),
            )
        aws.backup.VaultNotifications(
            name,
            backup_vault_name=vault.name,
            backup_vault_events=EVENTS,
            sns_topic_arn=self._topic(f"{name}-failures", args),
            region=args.context.region,
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({"name": self.name, "arn": self.arn})

    def _topic(self, name: str, args: VaultArgs) -> Output[str]:
        return mailed_topic(
            self,
            name,
            display_name="MA Platform data loss, failed backup jobs",
            address=args.contact,
            publishers=lambda arn: [_published_by(self.arn, arn, args.context.account_id)],
            context=args.context,
            filter_policy=Output.json_dumps(FAILED),
        )


def _nobody_deletes() -> iam.Statement:
    """Administrators too must change this policy first, which leaves a trace. What has expired AWS
    Backup deletes by the services' own calls, which a vault's policy is not asked about.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html
    """
    return iam.deny(
        "NobodyDeletes",
        actions=[
            "backup:DeleteBackupVault",
            "backup:DeleteRecoveryPoint",
            "backup:UpdateRecoveryPointLifecycle",
        ],
        resources=["*"],
        conditions={"Bool": {"aws:PrincipalIsAWSService": "false"}},
    )


def _published_by(
    vault_arn: Input[str], topic_arn: Input[str], account_id: Input[str]
) -> iam.Statement:
    """https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-service-confused-deputy-prevention.html"""
    return iam.allow(
        "Backup",
        actions=["sns:Publish"],
        resources=[topic_arn],
        principal={"Service": "backup.amazonaws.com"},
        conditions={
            "ArnEquals": {"aws:SourceArn": vault_arn},
            "StringEquals": {"aws:SourceAccount": account_id},
        },
    )
