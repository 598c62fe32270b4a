"""Now and then a snapshot is made a database again: one that nobody restored is a hope."""

import re
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components import iam
from components.context import Context
from components.data import backup_access
from components.data.backup_access import Selected
from components.ordering import after

WINDOW_DAYS = 35
"""A snapshot that young there is, even if only monthly ones are taken."""
START_HOURS = 8


@dataclass(frozen=True, kw_only=True)
class RestoreTestsArgs:
    """``closed_group_id`` lets nothing in: whether it starts and opens its storage is the test.
    ``subnet_group`` is the database's own, else it would be in the account's default network."""

    context: Context
    schedule: str
    vault_arn: Input[str]
    selected: Selected
    subnet_group: aws.rds.SubnetGroup
    closed_group_id: Input[str]


class RestoreTests(ComponentResource):
    """The newest snapshot of the database, for an hour. AWS Backup deletes what it restored, and
    says so if either fails."""

    def __init__(
        self, name: str, args: RestoreTestsArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("ma-platform:data:RestoreTests", name, None, opts)
        # Pulumi's own names have hyphens, which AWS takes in no name here.
        unique = re.sub(r"\W", "_", args.context.identifier)[:50]
        plan = aws.backup.RestoreTestingPlan(
            name,
            name=unique,
            schedule_expression=args.schedule,
            schedule_expression_timezone="Etc/UTC",
            start_window_hours=START_HOURS,
            recovery_point_selection={
                "algorithm": "LATEST_WITHIN_WINDOW",
                "include_vaults": [args.vault_arn],
                "recovery_point_types": ["SNAPSHOT"],
                "selection_window_days": WINDOW_DAYS,
            },
            opts=ResourceOptions(parent=self),
        )
        aws.backup.RestoreTestingSelection(
            name,
            name=unique,
            restore_testing_plan_name=plan.name,
            protected_resource_type="RDS",
            protected_resource_arns=[args.selected.database_arn],
            iam_role_arn=self._role(name, args),
            # A list is a string of JSON here:
            # https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html
            restore_metadata_overrides={
                "dbSubnetGroupName": args.subnet_group.name,
                "vpcSecurityGroupIds": Output.json_dumps([args.closed_group_id]),
            },
            validation_window_hours=1,
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({})

    def _role(self, name: str, args: RestoreTestsArgs) -> Output[str]:
        role = aws.iam.Role(
            name,
            assume_role_policy=iam.service_trust("backup.amazonaws.com", args.selected.account_id),
            opts=ResourceOptions(parent=self),
        )
        grants = backup_access.restore_tests(args.selected, args.subnet_group.arn)
        policy = aws.iam.RolePolicy(
            name,
            role=role.name,
            policy=iam.document([grant.statement() for grant in grants]),
            opts=ResourceOptions(parent=self),
        )
        return after(role.arn, policy)
