"""AWS Backup: snapshots of what keeps data, out of reach of whoever deletes the original."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions
from pulumi_aws.backup import PlanRuleArgsDict

from components import iam
from components.context import Context
from components.data import backup_access
from components.data.backup_access import Selected
from components.data.restore_tests import RestoreTests, RestoreTestsArgs
from components.data.vault import Vault, VaultArgs
from components.ordering import after
from config.sections import Backup

DAYS = {"daily": "* * ?", "weekly": "? * SUN", "monthly": "1 * ?"}
"""All at one hour: where several fall on a day AWS Backup takes one, which is kept longest.
https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html"""

TESTED = {"monthly": "*", "quarterly": "1,4,7,10"}
"""In which months, each on the second: by then the first's snapshot is there."""

START_MINUTES = 4 * 60
COMPLETION_MINUTES = 24 * 60


@dataclass(frozen=True, kw_only=True)
class BackupsArgs:
    """``table_arns`` are of the tables that keep data, ``pitr_days`` those that RDS's own backups
    are kept, and ``copies`` is the Region that copies go to."""

    context: Context
    config: Backup
    contact: str
    database_arn: Input[str]
    pitr_days: int
    table_arns: Sequence[Input[str]]
    subnet_group: aws.rds.SubnetGroup
    closed_group_id: Input[str]
    copies: Context | None


class Backups(ComponentResource):
    """A vault, what is put into it and when, and the same once more in another Region.

    No alarms: the vaults' own notices tell of each job that fails.
    """

    vault_arn: Output[str]

    def __init__(self, name: str, args: BackupsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:data:Backups", name, None, opts)
        self._name, self._args = name, args
        kept = args.config.kept()
        vault = self._vault(name, args.context, min(kept.values(), default=None))
        self.vault_arn = vault.arn
        copies = self._copies(max(kept.values(), default=None))
        selected = Selected(
            database_arn=args.database_arn,
            table_arns=args.table_arns,
            vault_arns=[v.arn for v in (vault, copies) if v],
            key_arns=[each.key_arn for each in (args.context, args.copies) if each],
            account_id=args.context.account_id,
            region=args.context.region,
        )
        if kept:
            self._plan(rules(args.config, vault.name, copies.arn if copies else None), selected)
        if tests := args.config.restore_tests:
            RestoreTests(
                f"{name}-tests",
                RestoreTestsArgs(
                    context=args.context,
                    schedule=f"cron(0 {args.config.hour} 2 {TESTED[tests]} ? *)",
                    vault_arn=vault.arn,
                    selected=selected,
                    subnet_group=args.subnet_group,
                    closed_group_id=args.closed_group_id,
                ),
                ResourceOptions(parent=self),
            )
        self.register_outputs({"vault_arn": self.vault_arn})

    def _vault(self, name: str, context: Context, shortest_days: int | None) -> Vault:
        args = self._args
        return Vault(
            name,
            VaultArgs(
                context=context,
                lock_days=shortest_days if args.config.lock else None,
                contact=args.contact,
            ),
            ResourceOptions(parent=self),
        )

    def _copies(self, days: int | None) -> Vault | None:
        """The other Region's vault; and RDS's own backups, for its point-in-time recovery there."""
        args, copies = self._args, self._args.copies
        if copies is None:
            return None
        aws.rds.InstanceAutomatedBackupsReplication(
            self._name,
            source_db_instance_arn=args.database_arn,
            kms_key_id=copies.key_arn,
            retention_period=args.pitr_days,
            region=copies.region,
            # RDS replicates to a Region once.
            opts=ResourceOptions(parent=self, delete_before_replace=True),
        )
        return self._vault(f"{self._name}-copies", copies, days)

    def _plan(self, rules: Sequence[PlanRuleArgsDict], selected: Selected) -> None:
        plan = aws.backup.Plan(self._name, rules=rules, opts=ResourceOptions(parent=self))
        role = aws.iam.Role(
            self._name,
            assume_role_policy=iam.service_trust(
                "backup.amazonaws.com", self._args.context.account_id
            ),
            opts=ResourceOptions(parent=self),
        )
        policy = aws.iam.RolePolicy(
            self._name,
            role=role.name,
            policy=iam.document([grant.statement() for grant in backup_access.snapshots(selected)]),
            opts=ResourceOptions(parent=self),
        )
        aws.backup.Selection(
            self._name,
            plan_id=plan.id,
            iam_role_arn=after(role.arn, policy),
            # By ARN they are backed up whatever the account's opt-in says:
            # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_UpdateRegionSettings.html
            resources=[selected.database_arn, *selected.table_arns],
            opts=ResourceOptions(parent=self),
        )


def rules(
    config: Backup, vault_name: Input[str], copies_arn: Input[str] | None
) -> list[PlanRuleArgsDict]:
    """One for each kind of snapshot; those that are kept longest are copied.

    None turns cold, which neither RDS's snapshots nor such small tables can or need. None is
    continuous either: RDS's own recovery to a point in time would have two masters.
    """
    kept = config.kept()
    longest = max(kept.values(), default=0)
    return [
        {
            "rule_name": kind,
            "target_vault_name": vault_name,
            "schedule": f"cron(0 {config.hour} {DAYS[kind]} *)",
            "start_window": START_MINUTES,
            "completion_window": COMPLETION_MINUTES,
            "enable_continuous_backup": False,
            "lifecycle": {"delete_after": days},
            "copy_actions": [
                {"destination_vault_arn": arn, "lifecycle": {"delete_after": days}}
                for arn in ([copies_arn] if copies_arn is not None and days == longest else [])
            ],
        }
        for kind, days in kept.items()
    ]
