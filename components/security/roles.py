"""Where the stack's roles are, and what none of them may ever do."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws
from pulumi import (
    ComponentResource,
    Input,
    Output,
    ResourceOptions,
    ResourceTransformationArgs,
    ResourceTransformationResult,
)

from components import iam
from config import delivery

ROLE = "aws:iam/role:Role"

WITHIN: Mapping[str, str] = {
    "backup": "CopyFromBackupVault CopyIntoBackupVault DescribeBackupVault TagResource",
    "dynamodb": "CreateBackup DeleteBackup DeleteItem DescribeBackup DescribeStream DescribeTable "
    "GetItem GetRecords GetShardIterator ListStreams ListTagsOfResource PutItem Query Scan "
    "StartAwsBackupJob UpdateItem",
    "ec2": "AssignPrivateIpAddresses CreateNetworkInterface DeleteNetworkInterface "
    "DescribeNetworkInterfaces DescribeSubnets UnassignPrivateIpAddresses",
    "execute-api": "ManageConnections",
    "firehose": "PutRecord PutRecordBatch",
    "kms": "CreateGrant Decrypt DescribeKey Encrypt GenerateDataKey "
    "GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo",
    "lambda": "InvokeFunction",
    "logs": "CreateLogGroup CreateLogStream DescribeLogGroups DescribeLogStreams FilterLogEvents "
    "GetLogEvents PutLogEvents PutRetentionPolicy",
    "rds": "AddTagsToResource CopyDBSnapshot CreateDBSnapshot DeleteDBInstance DeleteDBSnapshot "
    "DescribeDBInstances DescribeDBSnapshots ListTagsForResource ModifyDBInstance "
    "ModifyDBSnapshotAttribute RestoreDBInstanceFromDBSnapshot",
    "rds-db": "connect",
    "s3": "AbortMultipartUpload DeleteObject GetBucketLocation GetObject ListBucket "
    "ListBucketMultipartUploads PutObject RestoreObject",
    "secretsmanager": "DescribeSecret GetSecretValue PutSecretValue UpdateSecretVersionStage",
    "sqs": "SendMessage",
    "tag": "GetResources",
    "xray": "PutTelemetryRecords PutTraceSegments",
}
"""All that roles of the platform do, by service. A grant of anything else has no effect where
the boundary is, and a test says so before."""


class Boundary(ComponentResource):
    """The most any role of the stack may do, whoever writes its policy. It takes no arguments: one
    that a stack could widen would bound nothing.

    Who may make roles could else give themselves one that may do anything:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """

    arn: Output[str]

    def __init__(self, name: str, opts: ResourceOptions | None = None) -> None:
        super().__init__("ma-platform:security:Boundary", name, None, opts)
        self.arn = aws.iam.Policy(
            name,
            path=delivery.path(pulumi.get_stack()),
            description="The most any role of this stack may do",
            policy=iam.document(
                [
                    iam.allow(
                        "Within",
                        actions=[
                            f"{service}:{action}"
                            for service, actions in WITHIN.items()
                            for action in actions.split()
                        ],
                        resources=["*"],
                    ),
                    other_stacks(),
                ]
            ),
            opts=ResourceOptions(parent=self),
        ).arn
        self.register_outputs({"arn": self.arn})


def other_stacks() -> iam.Statement:
    """Refuse whatever another stack of the account has tagged as its own.

    Where a service does not tell a resource's tags, nothing is refused by them.
    """
    return iam.refuse(
        "OtherStacks",
        actions=["*"],
        resources=["*"],
        conditions={
            "Null": {"aws:ResourceTag/Stack": "false"},
            "StringNotEquals": {"aws:ResourceTag/Stack": pulumi.get_stack()},
        },
    )


def roles_path() -> str:
    """The path of this stack's roles: what may be passed and made is named by it."""
    return f"/{pulumi.get_project()}/{pulumi.get_stack()}/"


def keep_roles_within(boundary_arn: Input[str] | None) -> None:
    """Put every role declared from here on below the stack's path, and within the boundary.

    A transformation, so that no component can forget it. A role that states a path is left.
    """
    path = roles_path()

    def within(args: ResourceTransformationArgs) -> ResourceTransformationResult | None:
        if args.type_ != ROLE or args.props.get("path"):
            return None
        bound = {"path": path, "permissions_boundary": boundary_arn}
        return ResourceTransformationResult(props={**args.props, **bound}, opts=args.opts)

    pulumi.runtime.register_stack_transformation(within)
